//! The tree that a case runs in: making it, and saying what became of it.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::xxh3_64;

use crate::words::escaped;

/// The time of every file that a case makes.
const TIME: u64 = 1_700_000_000;

/// Makes a file with all folders above it.
pub(crate) fn file(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    fs::set_permissions(path, Permissions::from_mode(0o644)).expect("modes can be set");
    touch(path, TIME);
}

/// Sets the time of a file's last change.
pub(crate) fn touch(path: &Path, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let file = File::options().read(true).open(path).expect("a file to touch");
    file.set_modified(time).expect("times can be set");
}

/// Makes a named pipe.
pub(crate) fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

/// What lies at a path.
#[derive(PartialEq, Eq, Clone)]
struct Entry {
    text: String,
}

/// All that lies below a folder, each with its kind, mode, content.
#[derive(PartialEq, Eq, Clone)]
pub(crate) struct Listing(BTreeMap<PathBuf, Entry>);

/// Lists what lies below `root`.
pub(crate) fn list(root: &Path) -> Listing {
    let mut entries = BTreeMap::new();
    let mut first_of_inode = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(below) = fs::read_dir(&folder) else { continue };
        for entry in below {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path.clone());
            }
            paths.push(path);
        }
    }
    paths.sort();
    for path in paths {
        let inside = path.strip_prefix(root).expect("below the root").to_owned();
        let entry = Entry { text: describe(&path, &inside, root, &mut first_of_inode) };
        entries.insert(inside, entry);
    }
    Listing(entries)
}

fn describe(path: &Path, inside: &Path, root: &Path, inodes: &mut BTreeMap<u64, PathBuf>) -> String {
    let metadata = fs::symlink_metadata(path).expect("an entry");
    let mode = metadata.mode() & 0o7777;
    let kind = metadata.file_type();
    if kind.is_symlink() {
        return format!("link to {}", escaped(fs::read_link(path).expect("a link").as_os_str().as_bytes()));
    }
    if kind.is_dir() {
        return format!("{mode:04o} folder");
    }
    if kind.is_fifo() {
        return format!("{mode:04o} pipe");
    }
    if metadata.nlink() > 1
        && let Some(first) = inodes.get(&metadata.ino())
    {
        return format!("{mode:04o} same as {}", escaped(first.as_os_str().as_bytes()));
    }
    inodes.insert(metadata.ino(), inside.to_owned());
    // The superuser reads what nobody may.
    let content = without(root, fs::read(path).unwrap_or_default());
    format!("{mode:04o} {} bytes {:016x}", content.len(), xxh3_64(&content))
}

/// The content with every mention of the folder that the case ran in replaced, together with the four bytes
/// before it, which may hold its length.
fn without(root: &Path, content: Vec<u8>) -> Vec<u8> {
    let root = root.as_os_str().as_bytes();
    let mut out = Vec::with_capacity(content.len());
    let mut at = 0;
    while at < content.len() {
        if content[at..].starts_with(root) {
            let kept = out.len() - out.len().min(4);
            out.truncate(kept);
            out.extend_from_slice(b"{root}");
            at += root.len();
        } else {
            out.push(content[at]);
            at += 1;
        }
    }
    out
}

/// Whether the last folders of a path are the first of the way to `own`.
fn leads_to(path: &Path, own: &Path) -> bool {
    own.ancestors().skip(1).any(|above| !above.as_os_str().is_empty() && path.ends_with(above))
}

impl Listing {
    /// What is new, changed or gone since `before`, a line each.
    ///
    /// A cache prefix has the path of the case's own folder below it, which is written `{root}`.
    pub(crate) fn since(&self, before: &Listing, root: &Path) -> String {
        let mut out = String::new();
        let below_slash = root.strip_prefix("/").expect("an absolute path");
        let own = escaped(below_slash.as_os_str().as_bytes());
        let shown = |path: &Path| escaped(path.as_os_str().as_bytes());
        for (path, entry) in self.0.iter().filter(|(path, _)| !leads_to(path, below_slash)) {
            match before.0.get(path) {
                Some(old) if old == entry => {}
                Some(_) => out.push_str(&format!("* {} {}\n", shown(path), entry.text)),
                None => out.push_str(&format!("+ {} {}\n", shown(path), entry.text)),
            }
        }
        for path in before.0.keys().filter(|path| !self.0.contains_key(*path)) {
            out.push_str(&format!("- {}\n", shown(path)));
        }
        out.replace(&own, "{root}")
    }
}
