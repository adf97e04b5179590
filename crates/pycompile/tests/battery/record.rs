//! Running a case, and what came of it as text.
//!
//! The text does not depend on where, when and by whom it was made: the folder is written `{root}`, all
//! files have one time, the umask is set, and the superuser's right to read and write everything is given up
//! where there is a program to do so (`setpriv`). Two things of CPython's that nothing else can have are
//! taken out: the frames of the interpreter in a traceback, and the number in the name of a temporary file.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::case::{Case, Step};
use crate::tree::{self, Listing};
use crate::words::{escaped, os, unescape};

/// A program to run the cases with.
pub(crate) struct Program {
    path: PathBuf,
}

impl Program {
    pub(crate) fn new(path: PathBuf) -> Self {
        Program { path }
    }
}

/// What the programs see besides the arguments.
struct Scene<'s> {
    program: &'s Program,
    root: &'s Path,
    env: BTreeMap<String, OsString>,
    stdin: Vec<u8>,
    umask: String,
    limit: String,
}

/// Runs a case in a fresh folder; `None` when this machine cannot.
pub(crate) fn record(case: &Case, program: &Program) -> Option<String> {
    let needs_rights = case.steps.iter().any(|step| matches!(step, Step::Chmod { .. }));
    if needs_rights && is_superuser() && !Path::new(SETPRIV).exists() {
        return None;
    }
    let folder = tempfile::Builder::new().prefix("battery-").tempdir().expect("a temporary folder");
    let root = fs::canonicalize(folder.path()).expect("it is there").join("tree");
    fs::create_dir(&root).expect("a folder");
    let mut scene = Scene {
        program,
        root: &root,
        env: BTreeMap::new(),
        stdin: Vec::new(),
        umask: "022".to_owned(),
        limit: "unlimited".to_owned(),
    };
    let mut out = String::new();
    let mut before: Option<Listing> = None;
    for step in &case.steps {
        if let Step::Run { words } = step {
            let start = before.take().unwrap_or_else(|| tree::list(&root));
            let output = scene.run(words);
            let after = tree::list(&root);
            write_run(&mut out, case, words, &output, &after.since(&start, &root), &root);
            before = Some(after);
        } else {
            scene.prepare(step);
            before = None;
        }
    }
    make_removable(&root);
    Some(out)
}

impl Scene<'_> {
    fn path(&self, word: &str) -> PathBuf {
        self.root.join(os(word, &self.root.to_string_lossy()))
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        unescape(text, &self.root.to_string_lossy())
    }

    fn prepare(&mut self, step: &Step) {
        match step {
            Step::File { path, content } => tree::file(&self.path(path), &self.bytes(content)),
            Step::Folder { path } => fs::create_dir_all(self.path(path)).expect("a folder"),
            Step::Link { path, target } => {
                let target = os(target, &self.root.to_string_lossy());
                std::os::unix::fs::symlink(target, self.path(path)).expect("a link");
            }
            Step::Fifo { path } => tree::fifo(&self.path(path)),
            Step::Same { path, other } => {
                fs::hard_link(self.path(other), self.path(path)).expect("a hard link");
            }
            Step::Copy { path, other } => {
                let content = fs::read(self.path(other)).expect("a file to copy");
                tree::file(&self.path(path), &content);
            }
            Step::Chmod { mode, path } => {
                fs::set_permissions(self.path(path), Permissions::from_mode(*mode)).expect("a mode");
            }
            Step::Touch { path, seconds } => tree::touch(&self.path(path), *seconds),
            Step::Remove { path } => remove(&self.path(path)),
            Step::Env { name, value: Some(value) } => {
                let value = os(value, &self.root.to_string_lossy());
                self.env.insert(name.clone(), value);
            }
            Step::Env { name, value: None } => drop(self.env.remove(name)),
            Step::Stdin { content } => self.stdin = self.bytes(content),
            Step::Umask { mode } => self.umask = mode.clone(),
            Step::Limit { blocks } => self.limit = blocks.clone(),
            Step::Run { .. } => {}
        }
    }

    /// Through a shell, which sets what a process cannot be given otherwise.
    fn run(&mut self, words: &[String]) -> Output {
        let script = format!("umask {}; ulimit -f {}; exec \"$@\"", self.umask, self.limit);
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh"]);
        if is_superuser() && Path::new(SETPRIV).exists() {
            command.arg(SETPRIV).args(["--bounding-set", "-dac_override,-dac_read_search"]);
        }
        command.arg(&self.program.path);
        if !words[0].starts_with('-') {
            command.arg("-m");
        }
        let root = self.root.to_string_lossy();
        command.args(words.iter().map(|word| os(word, &root)));
        command.current_dir(self.root).env_clear().envs(fixed_env()).envs(&self.env);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a shell");
        // Whoever does not read its input closes it.
        let _ = child.stdin.take().expect("piped").write_all(&std::mem::take(&mut self.stdin));
        child.wait_with_output().expect("the program ends")
    }
}

const SETPRIV: &str = "/usr/bin/setpriv";

/// Whether the folders that we make belong to the superuser.
fn is_superuser() -> bool {
    tempfile::tempfile().and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.uid() == 0)
}

/// The same for both programs: no module of the tree is taken for one of Python's own, and Python writes
/// none of its own `.pyc`.
fn fixed_env() -> [(&'static str, &'static str); 6] {
    [
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("HOME", "/nonexistent"),
        ("LC_ALL", "C.UTF-8"),
        ("PYTHONSAFEPATH", "1"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("COLUMNS", "80"),
    ]
}

fn remove(path: &Path) {
    if path.is_dir() && !path.is_symlink() {
        fs::remove_dir_all(path).expect("a folder to remove");
    } else {
        fs::remove_file(path).expect("a file to remove");
    }
}

/// Folders without rights would stay behind.
fn make_removable(folder: &Path) {
    let _ = fs::set_permissions(folder, Permissions::from_mode(0o755));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            make_removable(&entry.path());
        }
    }
}

fn write_run(out: &mut String, case: &Case, words: &[String], output: &Output, tree: &str, root: &Path) {
    let _ = writeln!(out, "$ {}", words.join(" "));
    match output.status.code() {
        Some(code) => writeln!(out, "status {code}"),
        None => writeln!(out, "{}", output.status),
    }
    .expect("writing to a string");
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if case.differs.as_ref().is_some_and(|known| known.part == name) {
            // Compared is only whether anything is said at all.
            let _ = writeln!(out, "{name} differs{}", if bytes.is_empty() { ": nothing" } else { "" });
            continue;
        }
        for line in normal(bytes, root).split_inclusive('\n') {
            let end = if line.ends_with('\n') { "" } else { "\\" };
            let _ = writeln!(out, "{name}| {}{end}", line.trim_end_matches('\n'));
        }
    }
    out.push_str(tree);
}

/// What a program printed, without what depends on this run.
fn normal(bytes: &[u8], root: &Path) -> String {
    let text: String = bytes
        .split_inclusive(|&b| b == b'\n')
        .map(|line| match line.strip_suffix(b"\n") {
            Some(line) => escaped(line) + "\n",
            None => escaped(line),
        })
        .collect();
    let text = text.replace(&*root.to_string_lossy(), "{root}");
    without_addresses(&without_numbers(&without_frames(&text)))
}

/// Takes the interpreter's own frames out of a traceback; the exception stays.
fn without_frames(text: &str) -> String {
    let mut out = String::new();
    let mut in_frame = false;
    for line in text.split_inclusive('\n') {
        if line == "Traceback (most recent call last):\n" {
            in_frame = true;
            continue;
        }
        let is_frame = line.starts_with("  File ") && line.contains(", in ");
        in_frame = is_frame || (in_frame && line.starts_with("    "));
        if !in_frame {
            out.push_str(line);
        }
    }
    out
}

/// `.pyc.12345` and `.pyc.12345-6` are temporary names.
fn without_numbers(text: &str) -> String {
    let mut parts = text.split(".pyc.");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(".pyc.");
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        if rest.len() < part.len() {
            out.push('N');
        }
        out.push_str(rest);
    }
    out
}

/// Where an object lies in memory says nothing.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(" at 0x");
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        if rest.len() < part.len() {
            out.push('N');
        }
        out.push_str(rest);
    }
    out
}
