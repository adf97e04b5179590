//! Reading what is to be compiled.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};

/// The bytes of a file, or of standard input for `-`, with the name that the code gets.
pub(crate) fn read_or_stdin(path: &OsStr) -> io::Result<(Vec<u8>, Vec<u8>)> {
    if path == "-" {
        let mut source = Vec::new();
        io::stdin().lock().read_to_end(&mut source)?;
        return Ok((source, b"<stdin>".to_vec()));
    }
    Ok((fs::read(path)?, super::paths::decode(path)))
}
