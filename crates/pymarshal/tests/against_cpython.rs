//! Data written by CPython 3.14.10, under `tests/data`:
//!
//! * `values.tsv`: version, expression, `marshal.dumps(x, version)` of its value as hex (`x` a variable);
//! * `loads.tsv`: bytes that CPython itself does not write as hex, `repr` of what `marshal.loads` makes of them or
//!   the exception;
//! * `errors.tsv`: bytes as hex, the text of the exception that `marshal.loads` raises;
//! * `module.opt-N.pyc`: `py_compile.compile("module.py", optimize=N)` with an unchecked hash, each in a
//!   fresh process.

use pretty_assertions::assert_eq;
use pycode::{Pool, repr};
use pymarshal::pyc::{self, PycHeader, source_hash};
use pymarshal::{DumpOptions, Refs, dumps, loads};

const PYCS: [&[u8]; 3] = [
    include_bytes!("data/module.opt-0.pyc"),
    include_bytes!("data/module.opt-1.pyc"),
    include_bytes!("data/module.opt-2.pyc"),
];

fn unhex(text: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).unwrap();
        u8::from_str_radix(pair, 16).unwrap()
    };
    text.as_bytes().chunks(2).map(byte).collect()
}

#[test]
fn values_come_back_as_the_same_bytes() {
    for line in include_str!("data/values.tsv").lines() {
        let [version, expression, hex] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {line}");
        };
        if hex.starts_with('!') {
            continue;
        }
        let (version, bytes) = (version.parse().unwrap(), unhex(hex));
        let mut pool = Pool::new();
        let loaded = loads(&bytes, &mut pool).unwrap_or_else(|e| panic!("{expression}: {e}"));
        assert_eq!(loaded.consumed, bytes.len(), "{expression}");
        for refs in [Refs::Held, Refs::AsLoaded(&loaded.flags)] {
            let again = dumps(&pool, loaded.root, &DumpOptions { version, refs }).unwrap();
            assert_eq!(again, bytes, "{expression}, version {version}, {refs:?}");
        }
    }
}

/// What is loaded from version 5 is written in the other versions as CPython does.
#[test]
fn values_are_written_in_every_version() {
    let mut newest = None;
    for line in include_str!("data/values.tsv").lines().rev() {
        let [version, expression, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {line}");
        };
        if version == "5" {
            newest = Some(unhex(expected));
        }
        let mut pool = Pool::new();
        let loaded = loads(newest.as_ref().unwrap(), &mut pool).unwrap();
        let options = DumpOptions { version: version.parse().unwrap(), refs: Refs::Held };
        match dumps(&pool, loaded.root, &options) {
            Ok(bytes) => assert_eq!(bytes, unhex(expected), "{expression}, version {version}"),
            Err(error) => assert_eq!(format!("!{error}"), expected, "{expression}, version {version}"),
        }
    }
}

#[test]
fn what_others_write_is_read() {
    for line in include_str!("data/loads.tsv").lines() {
        let (hex, expected) = line.split_once('\t').unwrap();
        let mut pool = Pool::new();
        match loads(&unhex(hex), &mut pool) {
            Ok(loaded) => assert_eq!(repr(&pool, loaded.root).unwrap(), expected, "{hex}"),
            Err(error) => {
                assert!(expected.contains(&error.kind.to_string()), "{hex}: {error}, not {expected}")
            }
        }
    }
}

#[test]
fn errors_are_those_of_cpython() {
    for line in include_str!("data/errors.tsv").lines() {
        let (hex, expected) = line.split_once('\t').unwrap();
        let bytes = match hex.split_once("*2000 ") {
            Some((repeated, rest)) => [unhex(repeated).repeat(2000), unhex(rest)].concat(),
            None => unhex(hex),
        };
        let error = loads(&bytes, &mut Pool::new()).unwrap_err().kind.to_string();
        // The texts of the codec and of `float` quote the data.
        if expected.starts_with("'utf-8' codec") {
            assert_eq!(error, "bad marshal data (string is not UTF-8)", "{hex}");
        } else {
            assert!(expected.starts_with(&error), "{hex}: {error} instead of {expected}");
        }
    }
}

#[test]
fn files_of_py_compile_come_back_as_the_same_bytes() {
    for file in PYCS {
        let mut pool = Pool::new();
        let (header, loaded) = pyc::read(file, &mut pool).unwrap();
        assert_eq!(header, PycHeader::UncheckedHash(source_hash(include_bytes!("data/module.py"))));
        assert_eq!(pyc::write(header, &pool, loaded.root).unwrap(), file);
        let options = DumpOptions { refs: Refs::AsLoaded(&loaded.flags), ..DumpOptions::default() };
        assert_eq!(dumps(&pool, loaded.root, &options).unwrap(), file[pyc::HEADER_LEN..]);
    }
}

/// `marshal.dumps([])` and `marshal.dumps(frozenset())`: nobody else holds the object.
#[test]
fn an_object_that_nobody_holds_is_not_flagged() {
    for (held, temporary) in [(b"\xdb\0\0\0\0", b"[\0\0\0\0"), (b"\xbe\0\0\0\0", b">\0\0\0\0")] {
        let mut pool = Pool::new();
        let root = loads(held, &mut pool).unwrap().root;
        let options = DumpOptions { refs: Refs::Temporary, ..DumpOptions::default() };
        assert_eq!(dumps(&pool, root, &options).unwrap(), temporary);
    }
}
