//! What the commands have in common that show a source after a stage: reading it, and what is said on standard error.

use std::ffi::{OsStr, OsString};
use std::io;

use pyast::Warning;
use pycompile::Error;
use pycompile::traceback::Theme;

use super::interpreter::Interpreter;
use super::message::{self, Subject};
use super::warnings::Judged;
use super::{Streams, os_error, source};

/// What is to be shown, with the name that the code gets; nothing after an error, which is told.
pub(super) fn read(
    file: Option<&OsStr>,
    streams: &mut Streams<'_>,
) -> io::Result<Option<(Vec<u8>, OsString)>> {
    let file = file.unwrap_or(OsStr::new("-"));
    match source::read_or_stdin(file) {
        Ok(read) => Ok(Some(read)),
        Err(error) => {
            let text = os_error::text_with_path(&error, file);
            writeln!(streams.err, "{}: {text}", os_error::class(&error))?;
            Ok(None)
        }
    }
}

/// An error of compilation as the end of a program: a traceback without the frames of an interpreter.
pub(super) fn refuse(error: &Error, subject: Subject<'_>, streams: &mut Streams<'_>) -> io::Result<u8> {
    let theme = if streams.err_color { Theme::COLORED } else { Theme::PLAIN };
    streams.err.write_all(message::traceback(error, subject, &theme).as_bytes())?;
    Ok(1)
}

/// Shows warnings; gives the status of a program that ends because one of them is an error.
pub(super) fn warn(
    warnings: &[Warning],
    subject: Subject<'_>,
    interpreter: &Interpreter,
    streams: &mut Streams<'_>,
) -> io::Result<Option<u8>> {
    let Judged { shown, error } = interpreter.warnings.judge(warnings, subject.name);
    streams.err.write_all(message::warnings(&shown, subject).as_bytes())?;
    let Some(error) = error else { return Ok(None) };
    refuse(&error.into(), subject, streams).map(Some)
}
