//! `cargo xtask sourceless`: does CPython run on what we compile?
//!
//! Two copies of the standard library are made in which every `.py` is replaced by a `.pyc` beside it (the
//! layout of before PEP 3147, which the import system takes without a source): one compiled by us, one by
//! CPython. CPython then runs test modules with each as its home, and every single test must end alike.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use pymarshal::pyc::PycHeader;
use rayon::prelude::*;

use crate::corpus::{self, SourceFile};
use crate::oracle::Oracle;

/// The test modules that run unless others are named: none that needs a network or a terminal.
const TESTS: [&str; 21] = [
    "test_ast",
    "test_asyncio.test_futures",
    "test_asyncio.test_locks",
    "test_asyncio.test_queues",
    "test_asyncio.test_taskgroups",
    "test_asyncio.test_tasks",
    "test_collections",
    "test_contextlib",
    "test_dataclasses",
    "test_decimal",
    "test_dis",
    "test_enum",
    "test_functools",
    "test_generators",
    "test_inspect",
    "test_json",
    "test_patma",
    "test_pickle",
    "test_re",
    "test_typing",
    "test_unittest",
];

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The interpreter, whose standard library is copied
    #[arg(long)]
    python: PathBuf,
    /// Test modules of CPython's to run
    #[arg(value_name = "TEST", default_values = TESTS)]
    tests: Vec<String>,
}

/// How each test of a module ended, by name; a name that ran more than once has all its endings.
type Endings = BTreeMap<String, Vec<String>>;

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    let oracle = Oracle::new(&options.python)?;
    let python = oracle.python();
    let stdlib = corpus::stdlib(python)?;
    let base = crate::root().join("target/sourceless");
    let homes = Homes { ours: base.join("pycompile"), theirs: base.join("cpython") };
    for home in [&homes.ours, &homes.theirs] {
        link_all_but_sources(&stdlib, &library(home))?;
    }
    let sources = corpus::collect(std::slice::from_ref(&stdlib))?;
    let ours = compile_ours(&sources, &library(&homes.ours))?;
    let theirs = compile_theirs(&sources, &library(&homes.theirs), python)?;
    ensure!(ours == theirs, "{ours} modules compiled by us, {theirs} by CPython");
    println!("{ours} modules compiled, none with a source");
    let mut differing = 0;
    for test in &options.tests {
        differing += compare(test, &homes, python)?;
    }
    ensure!(differing == 0, "{differing} tests end otherwise than with CPython's own files");
    Ok(())
}

/// The two copies.
struct Homes {
    ours: PathBuf,
    theirs: PathBuf,
}

fn library(home: &Path) -> PathBuf {
    home.join("lib/python3.14")
}

/// Makes `to` anew: the folders of `from`, with links to all files but sources and what is made of them.
fn link_all_but_sources(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    link_folder(from, to)
}

fn link_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if path.is_dir() && name != "__pycache__" {
            link_folder(&path, &to.join(name))?;
        } else if path.is_file() && path.extension().is_none_or(|e| e != "py" && e != "pyc") {
            symlink(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn target(source: &SourceFile, library: &Path) -> PathBuf {
    library.join(&source.name).with_extension("pyc")
}

/// Compiles what can be compiled; gives how many that were.
fn compile_ours(sources: &[SourceFile], library: &Path) -> Result<usize> {
    let compiled = sources.par_iter().map(|source| compile_one(source, &target(source, library)));
    let compiled: Vec<bool> = compiled.collect::<Result<_>>()?;
    Ok(compiled.into_iter().filter(|&compiled| compiled).count())
}

fn compile_one(source: &SourceFile, target: &Path) -> Result<bool> {
    let text = fs::read(&source.path)?;
    let filename = target.with_extension("py").display().to_string();
    let Ok(compiled) = pycompile::compile(&text, &filename, &pycompile::Options::default()) else {
        return Ok(false);
    };
    let header = PycHeader::Timestamp { mtime: 0, size: text.len() as u32 };
    fs::write(target, compiled.to_pyc(header)?)?;
    Ok(true)
}

/// The same by CPython.
fn compile_theirs(sources: &[SourceFile], library: &Path, python: &Path) -> Result<usize> {
    let mut child = Command::new(python)
        .args(["-I", "-W", "ignore", "-c", include_str!("compile_tree.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().context("piped stdin")?;
    let mut pairs = String::new();
    for source in sources {
        pairs += &format!("{}\t{}\n", source.path.display(), target(source, library).display());
    }
    let writer = std::thread::spawn(move || input.write_all(pairs.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().expect("the writer does not panic")?;
    ensure!(output.status.success(), "CPython's compilation failed");
    Ok(sources.len() - output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count())
}

/// Runs a test module in both homes; prints how it went and gives the number of tests that end differently.
fn compare(test: &str, homes: &Homes, python: &Path) -> Result<usize> {
    let (ours, theirs) =
        rayon::join(|| endings(test, &homes.ours, python), || endings(test, &homes.theirs, python));
    let (ours, theirs) = (ours?, theirs?);
    let names: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let differing: Vec<&String> =
        names.iter().copied().filter(|name| ours.get(*name) != theirs.get(*name)).collect();
    let passed = ours.values().flatten().filter(|ending| *ending == "ok").count();
    println!("{test:30} {:6} tests, {passed:6} ok, {} differ", names.len(), differing.len());
    for name in &differing {
        println!("    {name}: {:?}, with CPython's own {:?}", ours.get(*name), theirs.get(*name));
    }
    Ok(differing.len())
}

fn endings(test: &str, home: &Path, python: &Path) -> Result<Endings> {
    let output = Command::new(python)
        .args(["-B", "-s", "-W", "ignore", "-c", include_str!("run_tests.py"), test])
        .env("PYTHONHOME", home)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut endings = Endings::new();
    for (name, ending) in text.lines().filter_map(|line| line.split_once('\t')) {
        endings.entry(name.to_owned()).or_default().push(ending.to_owned());
    }
    let why = String::from_utf8_lossy(&output.stderr);
    ensure!(!endings.is_empty(), "{test} does not run in {}: {why}", home.display());
    Ok(endings)
}
