//! What several of the tests do.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Writes a file of that time, in seconds since 1970, with the folders above it.
pub(crate) fn write(path: &Path, content: &[u8], seconds: u64) {
    fs::create_dir_all(path.parent().expect("below a folder")).expect("a folder");
    fs::write(path, content).expect("a file");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options().write(true).open(path).and_then(|file| file.set_modified(time)).expect("a time");
}
