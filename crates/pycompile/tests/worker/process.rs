//! A worker as a child process, and a folder of sources for it.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pycompile");

/// A worker that never answers fails its test instead of holding it up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running worker.
pub(crate) struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    answers: mpsc::Receiver<String>,
    errors: ChildStderr,
}

impl Worker {
    /// Starts `pycompile ARGS...` in `folder`.
    pub(crate) fn start(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Worker {
        Worker::spawn(folder, args, env, lines_of)
    }

    /// Starts a worker whose answers nobody reads.
    pub(crate) fn start_deaf(folder: &Path, args: &[&str]) -> Worker {
        Worker::spawn(folder, args, &[], |_| mpsc::channel().1)
    }

    fn spawn(
        folder: &Path,
        args: &[&str],
        env: &[(&str, &str)],
        listen: fn(ChildStdout) -> mpsc::Receiver<String>,
    ) -> Worker {
        let mut child = Command::new(PROGRAM)
            .args(args)
            .current_dir(folder)
            .env_clear()
            .envs(env.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take();
        let answers = listen(child.stdout.take().expect("piped"));
        let errors = child.stderr.take().expect("piped");
        Worker { child, input, answers, errors }
    }

    /// Sends a line.
    pub(crate) fn say(&mut self, line: impl AsRef<[u8]>) {
        self.try_say(line).expect("the worker reads");
    }

    pub(crate) fn try_say(&mut self, line: impl AsRef<[u8]>) -> io::Result<()> {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(&[line.as_ref(), b"\n"].concat())
    }

    /// Sends bytes without the end of a line.
    pub(crate) fn say_raw(&mut self, bytes: &[u8]) {
        self.input.as_mut().expect("the input is open").write_all(bytes).expect("the worker reads");
    }

    /// The next line, without its end.
    pub(crate) fn answer(&self) -> String {
        self.answers.recv_timeout(PATIENCE).expect("an answer")
    }

    /// How many KiB of memory the process has, and had at most (`VmRSS`, `VmHWM`).
    #[cfg(target_os = "linux")]
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line =
            |name| status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of the status");
        let size = |name| line(name).trim_end_matches(" kB").trim().parse().expect("a number");
        (size("VmRSS:"), size("VmHWM:"))
    }

    /// Closes the input; gives what was still printed, to both streams, and how the worker ended.
    pub(crate) fn finish(mut self) -> (Vec<String>, String, ExitStatus) {
        drop(self.input.take());
        let mut errors = String::new();
        self.errors.read_to_string(&mut errors).expect("UTF-8");
        let status = self.child.wait().expect("the worker ends");
        (self.answers.iter().collect(), errors, status)
    }

    /// [`finish`](Self::finish) for a worker that has nothing more to say, and ends well.
    pub(crate) fn finish_silently(self) {
        let (answers, errors, status) = self.finish();
        assert!(answers.is_empty() && errors.is_empty() && status.success(), "{answers:?} {errors} {status}");
    }
}

fn lines_of(stream: ChildStdout) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let _ = sender.send(line.expect("UTF-8"));
        }
    });
    receiver
}

/// A fresh folder with files in it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a temporary folder"));
        for (name, content) in files {
            fs::write(folder.path(name), content).expect("a file");
        }
        folder
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.root().join(name.as_ref())
    }

    /// The `.pyc` in `__pycache__`, if there is one.
    pub(crate) fn cached(&self, stem: &str) -> Option<Vec<u8>> {
        fs::read(self.path(format!("__pycache__/{stem}.cpython-314.pyc"))).ok()
    }

    /// Puts a `.pyc` in `__pycache__`.
    pub(crate) fn cache(&self, stem: &str, pyc: &[u8]) {
        fs::create_dir_all(self.path("__pycache__")).expect("a folder");
        fs::write(self.path(format!("__pycache__/{stem}.cpython-314.pyc")), pyc).expect("writable");
    }

    /// What `py_compile` makes of a file, which it leaves no trace of.
    pub(crate) fn compiled(&self, stem: &str) -> Vec<u8> {
        let kept = self.cached(stem);
        let status = Command::new(PROGRAM)
            .args(["py_compile", &format!("{stem}.py")])
            .current_dir(self.root())
            .status()
            .expect("the program starts");
        assert!(status.success());
        let bytes = self.cached(stem).expect("a .pyc");
        match kept {
            Some(kept) => self.cache(stem, &kept),
            None => {
                fs::remove_file(self.path(format!("__pycache__/{stem}.cpython-314.pyc"))).expect("removable")
            }
        }
        bytes
    }
}

/// The flags in the header of a `.pyc`: 0 for a time, 3 for a hash that is checked, 1 for one that is not.
pub(crate) fn flags(pyc: &[u8]) -> u32 {
    u32::from_le_bytes(pyc[4..8].try_into().expect("four bytes"))
}
