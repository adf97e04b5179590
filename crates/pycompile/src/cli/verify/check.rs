//! One `.pyc`: reads it and its source and has them compared.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use pycompile::verify::{Difference, NotPyc, Row, Source, Verdict, Verifier, longest};
use rustix::fs::OFlags;
use serde::{Serialize, Serializer};

use super::find::{Found, Origin, Problem};
use crate::cli::{os_error, paths};

/// What became of a file.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) file: String,
    pub(super) result: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// The level of optimization that it was compiled at.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    /// The path that it was compiled as.
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<String>,
    /// Whether the very bytes are what we would write.
    #[serde(skip_serializing_if = "Option::is_none")]
    identical: Option<bool>,
    /// Why it is not ok.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "difference_as_data")]
    pub(super) difference: Option<Box<Difference>>,
}

/// The kinds of results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    Ok,
    Stale,
    Different,
    NoSource,
    NotPyc,
    /// It could not be checked.
    Error,
}

impl Outcome {
    /// As it is printed.
    pub(super) fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Stale => "stale",
            Outcome::Different => "different",
            Outcome::NoSource => "no-source",
            Outcome::NotPyc => "not-pyc",
            Outcome::Error => "error",
        }
    }
}

/// Why there is nothing to compare.
struct Refusal(Outcome, String);

/// Checks one file.
pub(super) fn check(verifier: &mut Verifier, found: &Found) -> Report {
    let blank = Report {
        file: paths::backslashed(found.path.as_os_str()),
        result: Outcome::Error,
        source: None,
        level: None,
        filename: None,
        identical: None,
        reason: None,
        difference: None,
    };
    let origin = match &found.origin {
        Ok(origin) => origin,
        Err(Problem::NotPyc(why)) => return blank.refused(Refusal(Outcome::NotPyc, why.clone())),
        Err(Problem::Unchecked(why)) => return blank.refused(Refusal(Outcome::Error, why.clone())),
    };
    let report = Report { source: Some(paths::backslashed(origin.source.as_os_str())), ..blank };
    match compare(verifier, &found.path, origin) {
        Ok(verdict) => report.judged(verdict),
        Err(refusal) => report.refused(refusal),
    }
}

impl Report {
    fn refused(self, Refusal(result, why): Refusal) -> Report {
        Report { result, reason: Some(why), ..self }
    }

    fn judged(self, verdict: Verdict) -> Report {
        match verdict {
            Verdict::Ok { level, identical, filename } => Report {
                result: Outcome::Ok,
                level: Some(level),
                identical: Some(identical),
                filename: Some(filename),
                ..self
            },
            Verdict::Stale(stale) => self.refused(Refusal(Outcome::Stale, stale.to_string())),
            Verdict::NotPyc(why) => self.refused(Refusal(Outcome::NotPyc, why.to_string())),
            Verdict::Different(difference) => {
                let reason = difference.to_string();
                Report {
                    result: Outcome::Different,
                    reason: Some(reason),
                    difference: Some(difference),
                    ..self
                }
            }
        }
    }
}

fn compare(verifier: &mut Verifier, path: &Path, origin: &Origin) -> Result<Verdict, Refusal> {
    // The `.pyc` first: what is none needs no source.
    let pyc = open_pyc(path)?;
    let (bytes, mtime) = read_source(&origin.source)?;
    let len = pyc.metadata().map_err(|error| unreadable(&error))?.len();
    let most = longest(bytes.len() as u64);
    if len > most {
        return Ok(Verdict::NotPyc(NotPyc::TooLarge { len }));
    }
    let mut content = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    // It may grow while it is read.
    pyc.take(most).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
    Ok(verifier.verify(&content, Source { bytes: &bytes, mtime }, origin.levels))
}

/// Opens a regular file, and no link to one: what a link leads to is nobody's `.pyc`, and `compileall` refuses to
/// write one there. Without `NONBLOCK` a named pipe would be waited for.
fn open_pyc(path: &Path) -> Result<File, Refusal> {
    let not_regular = |what: &str| Refusal(Outcome::NotPyc, format!("{what}, no regular file"));
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    match open(path, flags) {
        Ok((file, true)) => Ok(file),
        Ok((_, false)) => Err(not_regular("a special file")),
        Err(_) if path.is_symlink() => Err(not_regular("a symbolic link")),
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
            Err(not_regular("a socket"))
        }
        Err(error) => Err(unreadable(&error)),
    }
}

/// A file, and whether it is a regular one.
fn open(path: &Path, flags: OFlags) -> io::Result<(File, bool)> {
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    let is_regular = file.metadata()?.is_file();
    Ok((file, is_regular))
}

/// The source and the time of its last change; links are followed, as an import does.
fn read_source(path: &Path) -> Result<(Vec<u8>, u32), Refusal> {
    let in_source =
        |what: String| Refusal(Outcome::Error, format!("{}: {what}", paths::backslashed(path.as_os_str())));
    let (mut file, is_regular) = match open(path, OFlags::NONBLOCK) {
        Ok(opened) => opened,
        Err(error) if is_missing(&error, path) => {
            let name = paths::backslashed(path.as_os_str());
            return Err(Refusal(Outcome::NoSource, format!("there is no {name}")));
        }
        Err(error) => return Err(in_source(os_error::text(&error))),
    };
    if !is_regular {
        return Err(in_source("no regular file".to_owned()));
    }
    let mut read = || {
        let mtime = file.metadata()?.mtime();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok((bytes, mtime as u32))
    };
    read().map_err(|error: io::Error| in_source(os_error::text(&error)))
}

fn is_missing(error: &io::Error, path: &Path) -> bool {
    // A link that leads nowhere is something else than nothing.
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) && !path.is_symlink()
}

fn unreadable(error: &io::Error) -> Refusal {
    Refusal(Outcome::Error, os_error::text(error))
}

/// The rows of a difference as data; the rest is in the reason.
fn difference_as_data<S: Serializer>(
    difference: &Option<Box<Difference>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shown<'d> {
        code: &'d str,
        line: i32,
        rows: Vec<Pair<'d>>,
    }
    #[derive(Serialize)]
    struct Pair<'d> {
        pyc: &'d str,
        source: &'d str,
        differs: bool,
    }
    impl<'d> Pair<'d> {
        fn new(row: &'d Row) -> Self {
            Pair { pyc: &row.pyc, source: &row.source, differs: row.differs }
        }
    }
    let shown = difference.as_ref().map(|difference| Shown {
        code: &difference.code,
        line: difference.line,
        rows: difference.rows.iter().map(Pair::new).collect(),
    });
    shown.serialize(serializer)
}
