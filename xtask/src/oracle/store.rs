//! Digests of answers, kept from run to run under `target/reference/`.
//!
//! The answers for the standard library are some two gigabytes of text, so only digests are kept; the
//! text is asked for again where it is needed, which is where we differ. A digest is valid for a file
//! of the same path, size and time of modification or for the same input, for one version of CPython and of the script that was asked.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::worker::Script;
use super::{Answer, Oracle, Request};

/// What is remembered of an [`Answer`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Digest {
    /// Text or bytes with this hash.
    Ok(u128),
    /// An exception.
    Refused,
    /// The process died.
    Crashed,
}

impl Digest {
    /// The digest of text or bytes.
    pub(crate) fn of(bytes: &[u8]) -> Digest {
        Digest::Ok(xxh3_128(bytes))
    }

    fn of_answer(answer: &Answer) -> Digest {
        match answer {
            Answer::Ok(bytes) => Digest::of(bytes),
            Answer::Refused(_) => Digest::Refused,
            Answer::Crashed => Digest::Crashed,
        }
    }

    fn to_field(self) -> String {
        match self {
            Digest::Ok(hash) => format!("{hash:032x}"),
            Digest::Refused => "refused".to_owned(),
            Digest::Crashed => "crashed".to_owned(),
        }
    }

    fn from_field(field: &str) -> Option<Digest> {
        match field {
            "refused" => Some(Digest::Refused),
            "crashed" => Some(Digest::Crashed),
            hash => u128::from_str_radix(hash, 16).ok().map(Digest::Ok),
        }
    }
}

/// The digests of one interpreter.
pub(crate) struct Digests {
    file: PathBuf,
    /// By script and request; what another version of a script answered is not among them.
    known: HashMap<String, Digest>,
}

impl Digests {
    /// What earlier runs learned from this interpreter.
    pub(crate) fn load(oracle: &Oracle) -> Digests {
        let file = oracle.scratch.join(format!("{}.tsv", oracle.version));
        let text = fs::read_to_string(&file).unwrap_or_default();
        let scripts = Script::ALL.map(version);
        let known = text.lines().filter_map(|line| {
            let (digest, key) = line.split_once('\t')?;
            let (script, _) = key.split_once('\t')?;
            let is_current = scripts.iter().any(|current| current == script);
            is_current.then_some((key.to_owned(), Digest::from_field(digest)?))
        });
        Digests { known: known.collect(), file }
    }

    /// The digests for these requests, in their order; what is not known is asked.
    pub(crate) fn get_all(&mut self, oracle: &Oracle, requests: &[Request]) -> Result<Vec<Digest>> {
        let keys: Vec<String> = requests.iter().map(key).collect::<Result<_>>()?;
        let missing: Vec<usize> =
            (0..requests.len()).filter(|&i| !self.known.contains_key(&keys[i])).collect();
        if !missing.is_empty() {
            let digest = |&i: &usize| Ok(Digest::of_answer(&oracle.ask(&requests[i])?));
            let fresh: Vec<Digest> = missing.par_iter().map(digest).collect::<Result<_>>()?;
            self.known.extend(missing.iter().map(|&i| keys[i].clone()).zip(fresh));
            self.save()?;
        }
        Ok(keys.iter().map(|key| self.known[key]).collect())
    }

    fn save(&self) -> Result<()> {
        let mut lines: Vec<(&String, &Digest)> = self.known.iter().collect();
        lines.sort_by_key(|(key, _)| *key);
        let mut text = String::new();
        for (key, digest) in lines {
            writeln!(text, "{}\t{key}", digest.to_field())?;
        }
        let temporary = self.file.with_extension(format!("{}.tmp", std::process::id()));
        fs::write(&temporary, text)?;
        fs::rename(&temporary, &self.file).with_context(|| format!("writing {}", self.file.display()))
    }
}

/// What identifies a script: its text.
fn version(script: Script) -> String {
    format!("{:016x}", xxh3_128(script.text().as_bytes()) as u64)
}

/// What identifies a request from run to run.
fn key(request: &Request) -> Result<String> {
    let (script, item) = (version(Script::for_item(request.item)), request.item);
    if let Some(input) = &request.input {
        return Ok(format!("{script}\t{item}\t{:032x}", xxh3_128(input)));
    }
    let metadata =
        fs::metadata(&request.path).with_context(|| format!("reading {}", request.path.display()))?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    Ok(format!("{script}\t{item}\t{modified}\t{}\t{}", metadata.len(), request.path.display()))
}
