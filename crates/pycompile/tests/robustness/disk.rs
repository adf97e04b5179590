//! A disk that is full, a file that would be too large, a folder that may not be written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use crate::tree::{FILES, Files, Tree, Version, expected, source_path};

/// Runs a script in the tree; `$PYCOMPILE` is the program.
fn shell(tree: &Tree, script: &str) -> Output {
    run(Command::new("sh").args(["-c", script]), tree)
}

/// Runs a script that may mount file systems; `None` where that is not permitted.
fn shell_that_mounts(tree: &Tree, script: &str) -> Option<Output> {
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-ec", script]);
        command
    };
    let probe =
        unshare("mount -t tmpfs tmpfs package0").current_dir(tree.root()).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("left out: nothing can be mounted here");
        return None;
    }
    Some(run(&mut unshare(script), tree))
}

fn run(command: &mut Command, tree: &Tree) -> Output {
    command.current_dir(tree.root()).env("PYCOMPILE", env!("CARGO_BIN_EXE_pycompile"));
    command.stdin(Stdio::null()).output().expect("a shell")
}

/// A line of stdout for each file that could not be written.
fn errors(output: &Output) -> usize {
    String::from_utf8_lossy(&output.stdout).matches("*** Error compiling").count()
}

/// The next run, with nothing in its way, mends the tree.
fn mend(tree: &Tree, wanted: &Files) {
    assert!(tree.compileall(&["-q", "."]).status().expect("it starts").success());
    assert_eq!(tree.check(&[wanted], true).leftovers, 0);
}

#[test]
fn a_pyc_beyond_the_limit_of_file_size_is_not_written() {
    let (old, new) = (expected(Version(1)), expected(Version(2)));
    let tree = Tree::new(Version(1));
    let output = shell(&tree, "ulimit -f 8; exec \"$PYCOMPILE\" compileall -q .");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let found = tree.check(&[&old], false);
    assert!(found.present > 0 && found.present < FILES, "{found:?}");
    assert_eq!((found.present + errors(&output), found.leftovers), (FILES, 0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("OSError: [Errno 27] File too large\n"));
    mend(&tree, &old);
    // What is there already is not lost.
    tree.write_sources(Version(2));
    let output = shell(&tree, "ulimit -f 8; exec \"$PYCOMPILE\" compileall -q .");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(tree.check(&[&old, &new], true).leftovers, 0);
    mend(&tree, &new);
}

#[test]
fn a_full_disk_leaves_what_is_right() {
    let wanted = expected(Version(1));
    let tree = Tree::new(Version(1));
    // The file system ends with the shell: what it holds is copied back.
    let script = "mkdir small copy; size=$(($(du -sk . | cut -f1) + 300))
        mount -t tmpfs -o size=${size}k tmpfs small; cp -rp package* small; cd small
        \"$PYCOMPILE\" compileall -q . || echo status $?
        cp -rp . ../copy";
    let Some(output) = shell_that_mounts(&tree, script) else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.ends_with("status 1\n"), "{output:?}");
    assert!(text.contains("OSError: [Errno 28] No space left on device"), "{text}");
    let copy = tree.root().join("copy");
    fs::remove_dir(tree.root().join("small")).expect("the mount is gone");
    for index in 0..6 {
        let package = format!("package{index}");
        fs::remove_dir_all(tree.root().join(&package)).expect("sources");
        fs::rename(copy.join(&package), tree.root().join(&package)).expect("a folder");
    }
    fs::remove_dir(copy).expect("it is empty");
    let found = tree.check(&[&wanted], false);
    assert!(found.present > 0 && found.present < FILES, "{found:?}");
    assert_eq!(found.leftovers, 0);
    mend(&tree, &wanted);
}

#[test]
fn output_that_cannot_be_written_is_an_error_and_the_files_are_right() {
    let wanted = expected(Version(1));
    let tree = Tree::new(Version(1));
    let output = shell(&tree, "exec \"$PYCOMPILE\" compileall . > /dev/full");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left on device"), "{output:?}");
    mend(&tree, &wanted);
}

#[test]
fn a_read_only_file_system_is_reported_file_by_file() {
    let wanted = expected(Version(1));
    let tree = Tree::new(Version(1));
    // The superuser may write to everything but this.
    let script = "mount --bind package1 package1; mount -o remount,ro,bind package1 package1
        \"$PYCOMPILE\" compileall -q . || echo status $?";
    let Some(output) = shell_that_mounts(&tree, script) else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.ends_with("status 1\n"), "{output:?}");
    assert_eq!(errors(&output), FILES / 6);
    let message = "OSError: [Errno 30] Read-only file system: './package1/__pycache__'\n";
    assert_eq!(text.matches(message).count(), FILES / 6, "{text}");
    let found = tree.check(&[&wanted], false);
    assert_eq!((found.present, found.leftovers), (FILES - FILES / 6, 0));
    mend(&tree, &wanted);
}

#[test]
fn a_folder_without_the_right_to_write_is_reported_or_written_by_the_superuser() {
    let wanted = expected(Version(1));
    let tree = Tree::new(Version(1));
    let package = tree.root().join("package1");
    let set_mode = |mode| fs::set_permissions(&package, fs::Permissions::from_mode(mode)).expect("a mode");
    set_mode(0o555);
    let output = shell(&tree, "exec \"$PYCOMPILE\" compileall -q .");
    let may_write = fs::write(package.join("probe"), "").is_ok();
    set_mode(0o755);
    let found = tree_without_probe(&tree, &wanted);
    if may_write {
        assert!(output.status.success() && found == FILES, "{output:?}");
    } else {
        assert_eq!((output.status.code(), errors(&output)), (Some(1), FILES / 6), "{output:?}");
        assert_eq!(found, FILES - FILES / 6);
        let message = "PermissionError: [Errno 13] Permission denied: './package1/__pycache__'";
        assert!(String::from_utf8_lossy(&output.stdout).contains(message), "{output:?}");
    }
    mend(&tree, &wanted);
}

fn tree_without_probe(tree: &Tree, wanted: &Files) -> usize {
    let _ = fs::remove_file(tree.root().join("package1/probe"));
    let found = tree.check(&[wanted], false);
    assert_eq!(found.leftovers, 0);
    found.present
}

#[test]
fn a_source_that_cannot_be_read_keeps_nobody_else() {
    let wanted = expected(Version(1));
    let tree = Tree::new(Version(1));
    let hidden = tree.root().join(source_path(7));
    let bytes = fs::read(&hidden).expect("a source");
    // Gone between the listing and the reading is what a link to nothing looks like.
    fs::remove_file(&hidden).expect("removable");
    std::os::unix::fs::symlink("nowhere", &hidden).expect("a link");
    assert!(tree.compileall(&["-q", "."]).status().expect("it starts").success());
    assert_eq!(tree.check(&[&wanted], false).present, FILES - 1);
    fs::remove_file(&hidden).expect("removable");
    fs::write(&hidden, bytes).expect("a source");
    tree.write_sources(Version(1));
    mend(&tree, &wanted);
}
