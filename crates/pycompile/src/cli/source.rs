//! Reading what is to be compiled.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};

/// The bytes of a file, or of standard input for `-`, with the name that the code gets.
pub(crate) fn read_or_stdin(path: &OsStr) -> io::Result<(Vec<u8>, OsString)> {
    if path == "-" {
        let mut source = Vec::new();
        io::stdin().lock().read_to_end(&mut source)?;
        return Ok((source, OsString::from("<stdin>")));
    }
    Ok((fs::read(path)?, path.to_owned()))
}
