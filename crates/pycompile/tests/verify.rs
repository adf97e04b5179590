//! `pycompile verify` over what CPython wrote, and over what nobody should trust.
//!
//! With `PYCOMPILE_REFERENCE_PYTHON=PATH`, the ignored test does it with the whole standard library, as that
//! interpreter compiles it. `cargo xtask verify --python PATH` runs it.

mod support;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use pycode::{CodeObject, Object, ObjectId, Pool};
use pycompile::verify::{NotPyc, Source, Stale, Verdict, What, verify};
use pycompile::{Options, compile};
use pymarshal::pyc::{self, PycHeader, source_hash};
use support::write;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden");
/// The time of the sources that the golden files were made of.
const GOLDEN_TIME: u64 = 1_000_000_000;

/// The golden sources with the `.pyc` files that CPython wrote for them, as if it had just done so.
fn golden_tree() -> (tempfile::TempDir, usize) {
    let root = tempfile::tempdir().expect("a temporary folder");
    let mut count = 0;
    for entry in fs::read_dir(GOLDEN).expect("golden files") {
        let (from, name) = entry.map(|entry| (entry.path(), entry.file_name())).expect("readable");
        let Ok(source) = fs::read(from.join("input.py")) else { continue };
        let to = root.path().join(name);
        write(&to.join("input.py"), &source, GOLDEN_TIME);
        for (file, suffix) in [("O0.pyc", ""), ("O1.pyc", ".opt-1"), ("O2.pyc", ".opt-2")] {
            let target = to.join(format!("__pycache__/input.cpython-314{suffix}.pyc"));
            fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
            fs::copy(from.join(file), target).expect("a copy");
            count += 1;
        }
    }
    (root, count)
}

fn program(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pycompile"));
    command.args(args).current_dir(folder).env_remove("PYTHONPYCACHEPREFIX").env_remove("SOURCE_DATE_EPOCH");
    command.output().expect("the program runs")
}

/// The status and the lines of `pycompile verify -v`, without the rows of differences and the counts.
fn results(folder: &Path, args: &[&str]) -> (Option<i32>, Vec<String>) {
    let output = program(folder, &[args, &["verify", "-v", "."]].concat());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines = text.lines().filter(|line| line.starts_with("./") || line.starts_with('/'));
    (output.status.code(), lines.map(str::to_owned).collect())
}

/// What is said about the only file in a folder that is not ok.
fn only_fault(folder: &Path) -> String {
    let (status, lines) = results(folder, &[]);
    assert_eq!(status, Some(1));
    let faults: Vec<&String> = lines.iter().filter(|line| !line.ends_with(": ok")).collect();
    assert_eq!(faults.len(), 1, "{lines:?}");
    faults[0].clone()
}

#[test]
fn what_cpython_wrote_is_ok_and_one_changed_constant_is_found() {
    let (root, count) = golden_tree();
    let output = program(root.path(), &["verify", "."]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        (text.as_ref(), output.status.code()),
        (format!("{count} files: {count} ok\n").as_str(), Some(0))
    );

    let file = root.path().join("def_add_one/__pycache__/input.cpython-314.opt-1.pyc");
    let mut content = fs::read(&file).expect("a .pyc");
    let load_one = content.windows(2).position(|unit| unit == [94, 1]).expect("LOAD_SMALL_INT 1");
    content[load_one + 1] = 2;
    fs::write(&file, content).expect("a changed .pyc");
    let output = program(root.path(), &["verify", "."]);
    let expected = format!(
        "\
./def_add_one/__pycache__/input.cpython-314.opt-1.pyc: different: add_one, line 1: the instruction at offset 4
    in the .pyc                            | of the source
    1       RESUME                   0     | 1       RESUME                   0
    2       LOAD_FAST_BORROW         0 (x) | 2       LOAD_FAST_BORROW         0 (x)
  > 2       LOAD_SMALL_INT           2     | 2       LOAD_SMALL_INT           1
    2       BINARY_OP                0 (+) | 2       BINARY_OP                0 (+)
    2       RETURN_VALUE                   | 2       RETURN_VALUE
{count} files: {} ok, 1 different
",
        count - 1
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(output.status.code(), Some(1));
}

/// A folder with `a.py` and what is compiled of it by our program with `args`.
fn compiled(args: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    write(&root.path().join("a.py"), SOURCE, GOLDEN_TIME);
    let output = program(root.path(), &[&["compileall", "-q"], args, &["a.py"]].concat());
    assert!(output.status.success(), "{output:?}");
    root
}

/// Of another length at each level.
const SOURCE: &[u8] = b"def f(x):\n    'doc'\n    assert x, 'spam'\n    return [x, 12345, 'eggs']\n";
const PYC: &str = "__pycache__/a.cpython-314.pyc";

#[test]
fn every_layout_mode_and_path_is_ok() {
    let hashes = [&["--invalidation-mode", "checked-hash"], &["--invalidation-mode", "unchecked-hash"]];
    let layouts: [&[&str]; 6] =
        [&["-o0", "-o1", "-o2"], &["-b"], &["-b", "-o2"], &["-d", "/elsewhere"], hashes[0], hashes[1]];
    for args in layouts {
        let root = compiled(args);
        let (status, lines) = results(root.path(), &[]);
        assert_eq!(status, Some(0), "{args:?}: {lines:?}");
        assert_eq!(lines.len(), if args.len() == 3 { 3 } else { 1 });
        // A source stands for its .pyc files.
        assert_eq!(program(root.path(), &["verify", "a.py"]).status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn files_below_a_prefix_find_their_sources() {
    let root = compiled(&[]);
    let sources = fs::canonicalize(root.path()).expect("a path");
    fs::remove_file(sources.join(PYC)).expect("a file to remove");
    let prefix = tempfile::tempdir().expect("a temporary folder");
    let prefix_option = format!("pycache_prefix={}", prefix.path().display());
    let options = ["-X", prefix_option.as_str(), "-m"];
    assert!(program(&sources, &[&options[..], &["compileall", "-q", "."]].concat()).status.success());
    let (status, lines) = results(&sources, &options);
    assert_eq!((status, lines.len()), (Some(0), 1), "{lines:?}");
    let from_prefix = program(prefix.path(), &[&options[..], &["verify", "."]].concat());
    assert_eq!(from_prefix.status.code(), Some(0), "{from_prefix:?}");
    // Without the prefix it cannot be told where the sources are.
    assert!(only_fault(prefix.path()).contains(": no-source: "));
}

#[test]
fn a_source_that_has_changed_is_stale() {
    let later = SystemTime::UNIX_EPOCH + Duration::from_secs(GOLDEN_TIME + 1);
    let root = compiled(&[]);
    File::options().write(true).open(root.path().join("a.py")).unwrap().set_modified(later).unwrap();
    let wanted =
        "./__pycache__/a.cpython-314.pyc: stale: its source was of time 1000000000, and is of 1000000001";
    assert_eq!(only_fault(root.path()), wanted);
    for mode in ["checked-hash", "unchecked-hash"] {
        let root = compiled(&["--invalidation-mode", mode]);
        // Of the same size, at the same time.
        let changed = String::from_utf8_lossy(SOURCE).replace("eggs", "ham!");
        write(&root.path().join("a.py"), changed.as_bytes(), GOLDEN_TIME);
        assert!(only_fault(root.path()).ends_with(": stale: the hash of its source was another"));
    }
}

#[test]
fn a_level_is_not_taken_for_another() {
    let root = compiled(&["-o2"]);
    let folder = root.path().join("__pycache__");
    fs::rename(folder.join("a.cpython-314.opt-2.pyc"), root.path().join(PYC)).expect("another name");
    assert!(only_fault(root.path()).contains(": different: "));
}

#[test]
fn what_cannot_be_checked_is_no_success() {
    type Spoil = fn(&Path);
    let cases: [(Spoil, &str); 10] = [
        (|root| fs::remove_file(root.join("a.py")).unwrap(), "no-source: there is no ./a.py"),
        (
            |root| fs::write(root.join(PYC), b"print('hello')\n").unwrap(),
            "not-pyc: bad magic number: [70, 72, 69, 6e]",
        ),
        (
            |root| fs::write(root.join(PYC), b"\x2b\x0e\x0d\x0a\0").unwrap(),
            "not-pyc: reached EOF while reading pyc header",
        ),
        (|root| rename(root, "a.cpython-313.pyc"), "not-pyc: its name does not say cpython-314"),
        (
            |root| rename(root, "a.cpython-314.opt-3.pyc"),
            "not-pyc: its name has a level of optimization that does not exist",
        ),
        (
            |root| {
                fs::rename(root.join(PYC), root.join("elsewhere")).unwrap();
                symlink(root.join("elsewhere"), root.join(PYC)).unwrap();
            },
            "not-pyc: a symbolic link, no regular file",
        ),
        (
            |root| {
                fs::remove_file(root.join(PYC)).unwrap();
                assert!(Command::new("mkfifo").arg(root.join(PYC)).status().unwrap().success());
            },
            "not-pyc: a special file, no regular file",
        ),
        (
            |root| {
                fs::remove_file(root.join("a.py")).unwrap();
                assert!(Command::new("mkfifo").arg(root.join("a.py")).status().unwrap().success());
            },
            "error: ./a.py: no regular file",
        ),
        (
            |root| {
                fs::rename(root.join("__pycache__"), root.join("cache")).unwrap();
                symlink("cache", root.join("__pycache__")).unwrap();
                fs::remove_file(root.join("cache/a.cpython-314.pyc")).unwrap();
            },
            "error: a symbolic link to a folder; those are not followed",
        ),
        (
            |root| symlink("/usr", root.join("usr")).unwrap(),
            "error: a symbolic link to a folder; those are not followed",
        ),
    ];
    for (spoil, wanted) in cases {
        let root = compiled(&[]);
        spoil(root.path());
        let fault = only_fault(root.path());
        assert!(fault.ends_with(wanted), "{fault}, not {wanted}");
    }
}

fn rename(root: &Path, name: &str) {
    fs::rename(root.join(PYC), root.join("__pycache__").join(name)).unwrap();
}

#[test]
fn nothing_to_check_is_no_success() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let output = program(root.path(), &["verify", "."]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "there are no .pyc files\n");
    assert_eq!(output.status.code(), Some(1));
    for path in ["missing", "missing.py", "missing.pyc"] {
        assert_eq!(program(root.path(), &["verify", "-q", path]).status.code(), Some(1));
    }
    write(&root.path().join("a.py"), SOURCE, GOLDEN_TIME);
    let output = program(root.path(), &["verify", "a.py"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "a.py: error: it has no .pyc\n1 file: 1 error\n");
}

#[test]
fn a_folder_that_may_not_be_read_is_no_success() {
    let root = compiled(&[]);
    let closed = root.path().join("closed");
    fs::create_dir(&closed).expect("a folder");
    fs::set_permissions(&closed, Permissions::from_mode(0o000)).expect("modes can be set");
    // Who may do anything reads it all the same.
    if fs::read_dir(&closed).is_err() {
        assert_eq!(only_fault(root.path()), "./closed: error: [Errno 13] Permission denied");
    }
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).expect("modes can be set");
}

#[test]
fn a_link_to_a_folder_that_is_checked_is_no_fault() {
    let root = compiled(&[]);
    symlink(".", root.path().join("again")).expect("a link");
    assert_eq!(results(root.path(), &[]).0, Some(0));
}

#[test]
fn a_name_cannot_forge_a_line() {
    let root = compiled(&[]);
    rename(root.path(), "x.pyc: ok\n.\x1b[2J.pyc");
    let output = program(root.path(), &["verify", "."]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(!text.contains('\x1b'));
}

fn pyc_of(source: &[u8], level: u8) -> Vec<u8> {
    let options = Options { optimize: level, ..Options::default() };
    let header = PycHeader::UncheckedHash(source_hash(source));
    compile(source, "/src/a.py", &options).and_then(|compiled| compiled.to_pyc(header)).expect("it compiles")
}

fn verdict(pyc: &[u8], source: &[u8]) -> Verdict {
    verify(pyc, Source { bytes: source, mtime: 0 }, &[0])
}

/// The difference between what `other` compiles to and `SOURCE`, under the header of the latter.
fn what_differs(other: &str) -> (What, String) {
    let mut pyc = pyc_of(other.as_bytes(), 0);
    pyc[8..16].copy_from_slice(&source_hash(SOURCE));
    match verdict(&pyc, SOURCE) {
        Verdict::Different(difference) => (difference.what.clone(), difference.to_string()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_kind_of_difference_is_named() {
    let source = String::from_utf8_lossy(SOURCE).into_owned();
    let changed = |from: &str, to: &str| what_differs(&source.replace(from, to));
    assert_eq!(changed("'eggs'", "'ham!'").1, "f, line 1: the instruction at offset 36");
    assert_eq!(changed("'doc'", "'cod'").1, "f, line 1: co_consts[0]");
    assert_eq!(
        changed("assert x,", "assert x, ").1,
        "f, line 1: the position of the instruction at offset 18"
    );
    assert_eq!(changed("def f(x)", "def f(x, /)").1, "f, line 1: co_posonlyargcount");
    assert_eq!(changed("(x):", "(y):").1, "f, line 1: the instruction at offset 2");
    assert_eq!(changed("def f", "def g").1, "<module>, line 1: the instruction at offset 6");
    let (what, _) = what_differs(&format!("{source}\nmore = 1\n"));
    assert!(matches!(what, What::Instruction { .. }));
    let pyc = pyc_of(SOURCE, 0);
    assert!(matches!(verdict(&[&pyc[..], b"\0"].concat(), SOURCE),
        Verdict::Different(difference) if difference.what == What::Trailing { count: 1 }));
    let mut pyc = pyc_of(b"x = 1\n", 0);
    pyc[8..16].copy_from_slice(&source_hash(b"x = \n"));
    assert!(matches!(verdict(&pyc, b"x = \n"), Verdict::Different(difference)
        if difference.to_string().starts_with("the source does not compile: SyntaxError: invalid syntax")));
}

/// Every nested code object must have the path that the module's has.
#[test]
fn a_path_of_its_own_in_a_nested_code_object_is_found() {
    let pyc = pyc_of(SOURCE, 0);
    let text = b"/src/a.py";
    let at = pyc.windows(text.len()).position(|part| part == text).expect("the path");
    let mut all = pyc.clone();
    all[at + 5] = b'b';
    assert!(matches!(verdict(&all, SOURCE), Verdict::Ok { filename, .. } if filename == "/src/b.py"));
    assert_eq!(verdict(&pyc, b""), Verdict::Stale(Stale::Hash));
}

#[test]
fn mutated_files_are_never_taken_for_the_compilers_own() {
    let mut seed = 0x5EED_u64;
    let mut next = move |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % limit
    };
    let good = pyc_of(SOURCE, 0);
    for _ in 0..3000 {
        let mut pyc = good.clone();
        for _ in 0..=next(3) {
            let at = 16 + next(pyc.len() - 16);
            match next(3) {
                0 => pyc[at] = next(256) as u8,
                1 => pyc.insert(at, next(256) as u8),
                _ => drop(pyc.remove(at)),
            }
        }
        let verdict = verdict(&pyc, SOURCE);
        let unchanged = pyc == good;
        let same_but_for_the_path =
            matches!(&verdict, Verdict::Ok { filename, .. } if filename != "/src/a.py");
        let identical = matches!(verdict, Verdict::Ok { identical: true, .. });
        assert!(!identical || unchanged || same_but_for_the_path, "{verdict:?}");
    }
}

/// `((..., ...), (..., ...))`, 60 deep, in a few hundred bytes, in the place of a constant.
#[test]
fn what_unfolds_without_end_is_refused_at_once() {
    let mut pool = Pool::new();
    let source = b"x = 1.5\n";
    let (header, loaded) = pyc::read(&pyc_of(source, 0), &mut pool).expect("our own");
    let bomb = (0..60).fold(ObjectId::ELLIPSIS, |below, _| pool.add(Object::Tuple(&[below, below])));
    let consts = pool.add(Object::Tuple(&[bomb, ObjectId::NONE]));
    let code = CodeObject { consts, ..pool.code(loaded.root).expect("a code object").clone() };
    let code = pool.add(Object::Code(&code));
    let pyc = pyc::write(header, &pool, code).expect("it can be written");
    assert!(pyc.len() < 1000);
    let Verdict::Different(difference) = verdict(&pyc, source) else { panic!("it differs") };
    assert_eq!(difference.to_string(), "<module>, line 1: the instruction at offset 2");
    assert!(difference.rows[1].pyc.ends_with("(<the text of the object is too long>)"));
}

#[test]
fn a_file_much_larger_than_its_source_is_not_loaded() {
    let mut pyc = pyc_of(SOURCE, 0);
    pyc.resize(10_000_000, b'N');
    let len = pyc.len() as u64;
    assert_eq!(verdict(&pyc, SOURCE), Verdict::NotPyc(NotPyc::TooLarge { len }));
}

/// Changes one constant in one code object of a `.pyc`, somewhere in the middle.
const CHANGE_ONE: &str = "
import marshal, sys
def change(code, done):
    consts = list(code.co_consts)
    for i, value in enumerate(consts):
        if hasattr(value, 'co_code'):
            consts[i] = change(value, done)
        elif not done and type(value) is str and i > 0 and value:
            consts[i] = value[:-1] + chr(ord(value[-1]) ^ 1)
            done.append(True)
        if done:
            break
    return code.replace(co_consts=tuple(consts))
data = open(sys.argv[1], 'rb').read()
done = []
code = change(marshal.loads(data[16:]), done)
assert done
open(sys.argv[1], 'wb').write(data[:16] + marshal.dumps(code))
";

#[test]
#[ignore = "takes the standard library and CPython: cargo xtask verify --python PATH"]
fn the_standard_library_is_ok_and_one_changed_constant_is_found() {
    let python = std::env::var_os("PYCOMPILE_REFERENCE_PYTHON").expect("PYCOMPILE_REFERENCE_PYTHON=PATH");
    let run = |args: &[&str], folder: &Path| {
        let output = Command::new(&python).arg("-I").args(args).current_dir(folder).output();
        output.expect("the reference runs")
    };
    let library = run(&["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], Path::new("/"));
    let library = PathBuf::from(String::from_utf8(library.stdout).expect("UTF-8").trim_end());
    let copy = tempfile::tempdir().expect("a temporary folder");
    assert!(Command::new("cp").arg("-r").arg(&library).arg(copy.path()).status().expect("cp").success());
    let folder = copy.path().join(library.file_name().expect("a name"));
    let folder_name = folder.to_str().expect("UTF-8");
    // Some files of the tests are wrong on purpose.
    run(&["-m", "compileall", "-f", "-qq", "-j0", "-o0", "-o1", "-o2", "."], &folder);
    let output = program(copy.path(), &["verify", folder_name]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let count: usize = text.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    assert!(count > 1000, "{text}");

    let victim = folder.join("__pycache__/argparse.cpython-314.opt-1.pyc");
    run(&["-c", CHANGE_ONE, victim.to_str().expect("UTF-8")], &folder);
    let output = program(copy.path(), &["verify", folder_name]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.starts_with(&format!("{}: different: ", victim.display())), "{text}");
    assert!(text.ends_with(&format!("{count} files: {} ok, 1 different\n", count - 1)), "{text}");
}
