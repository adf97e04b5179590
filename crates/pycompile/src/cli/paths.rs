//! Paths as Python sees them.
//!
//! A path is bytes; Python's string for it decodes them as UTF-8 and stands in a lone surrogate
//! `U+DC80..=U+DCFF` for each byte that does not fit (PEP 383).

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use pycode::{PyStr, is_space, push_code_point, repr_str};

/// `os.fsdecode(path)`, as WTF-8.
pub(crate) fn decode(path: &OsStr) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    for chunk in path.as_bytes().utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for &byte in chunk.invalid() {
            push_code_point(&mut out, 0xDC00 + u32::from(byte));
        }
    }
    out
}

/// The path with `\\udcff` for each byte that is not UTF-8: what a stream with `backslashreplace` gets.
pub(crate) fn backslashed(path: &OsStr) -> String {
    let mut out = String::with_capacity(path.len());
    for chunk in path.as_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("\\udc{byte:02x}"));
        }
    }
    out
}

/// `repr(path)`
pub(crate) fn repr(path: &OsStr) -> String {
    let mut out = String::new();
    repr_str(PyStr::from_wtf8(&decode(path)), &mut out);
    out
}

/// `os.path.join(first, second)`
pub(crate) fn join(first: &OsStr, second: &OsStr) -> PathBuf {
    if first.is_empty() || second.as_bytes().starts_with(b"/") {
        return second.into();
    }
    let mut joined = first.as_bytes().to_vec();
    if !joined.ends_with(b"/") {
        joined.push(b'/');
    }
    joined.extend_from_slice(second.as_bytes());
    OsString::from_vec(joined).into()
}

/// The lines of a text as Python reads it: they end with `\n`, `\r` or both.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.strip_prefix(b"\r\n").unwrap_or(after.get(1..).unwrap_or_default());
        Some(line)
    })
}

/// `line.strip()`, where the line is text.
pub(crate) fn stripped(line: &[u8]) -> &[u8] {
    match std::str::from_utf8(line) {
        Ok(text) => text.trim_matches(is_space).as_bytes(),
        Err(_) => line.trim_ascii(),
    }
}

/// `os.makedirs(path)`, with the path that could not be made. That it is there already is no error.
pub(crate) fn make_folders(path: &Path) -> Result<(), (io::Error, PathBuf)> {
    let mut wanted = path.as_os_str();
    if wanted.as_bytes().ends_with(b"/") {
        wanted = split(wanted).0;
    }
    let (above, name) = split(wanted);
    if !above.is_empty() && !name.is_empty() && !Path::new(above).exists() {
        make_folders(Path::new(above))?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err((error, path.to_owned())),
        _ => Ok(()),
    }
}

/// `os.path.split(path)`: what is before the last slash, without it unless that is all, and the rest.
pub(crate) fn split(path: &OsStr) -> (&OsStr, &OsStr) {
    let bytes = path.as_bytes();
    let name_at = bytes.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
    let (head, name) = bytes.split_at(name_at);
    let end = head.iter().rposition(|&b| b != b'/').map_or(head.len(), |at| at + 1);
    (OsStr::from_bytes(&head[..end]), OsStr::from_bytes(name))
}

/// Where the `.pyc` of a source goes: `importlib.util.cache_from_source` (PEP 3147, PEP 488).
///
/// `prefix` is `sys.pycache_prefix`.
pub(crate) fn cache_from_source(source: &Path, optimize: i64, prefix: Option<&OsStr>) -> PathBuf {
    let (head, name) = split(source.as_os_str());
    let name = name.as_bytes();
    // `rpartition('.')`: without a dot there is no separator, and before a leading dot no name.
    let (stem, separator): (&[u8], &[u8]) = match name.iter().rposition(|&b| b == b'.') {
        Some(0) => (&name[1..], b"."),
        Some(dot) => (&name[..dot], b"."),
        None => (name, b""),
    };
    let mut file = stem.to_vec();
    file.extend_from_slice(separator);
    file.extend_from_slice(pycode::version::CACHE_TAG.as_bytes());
    if optimize > 0 {
        file.extend_from_slice(format!(".opt-{optimize}").as_bytes());
    }
    file.extend_from_slice(b".pyc");
    let file = OsStr::from_bytes(&file);
    match prefix {
        Some(prefix) => {
            let folder = absolute(head);
            let below_root = folder.as_os_str().as_bytes();
            let start = below_root.iter().position(|&b| b != b'/').unwrap_or(below_root.len());
            let folder = join(prefix, OsStr::from_bytes(&below_root[start..]));
            join(folder.as_os_str(), file)
        }
        None => join(join(head, OsStr::new("__pycache__")).as_os_str(), file),
    }
}

/// `os.path.normpath(path)`: without empty parts, `.`, and `..` behind a name.
pub(crate) fn normal(path: &OsStr) -> OsString {
    let bytes = path.as_bytes();
    // Two slashes at the beginning, and no more, mean something of their own to POSIX.
    let root: &[u8] = match bytes {
        [b'/', b'/', b'/', ..] => b"/",
        [b'/', b'/', ..] => b"//",
        [b'/', ..] => b"/",
        _ => b"",
    };
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in bytes.split(|&b| b == b'/').filter(|part| !matches!(*part, b"" | b".")) {
        match (part, parts.last()) {
            (b"..", None) if !root.is_empty() => {}
            (b"..", Some(last)) if *last != b".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let normal = [root, &parts.join(&b'/')].concat();
    OsString::from_vec(if normal.is_empty() { b".".to_vec() } else { normal })
}

/// `os.path.relpath(path, start)`
pub(crate) fn relative(path: &OsStr, start: &OsStr) -> OsString {
    let [path, start] = [path, start].map(|path| normal(absolute(path).as_os_str()));
    let [path, start] = [&path, &start].map(|path| {
        path.as_bytes().split(|&b| b == b'/').filter(|part| !part.is_empty()).collect::<Vec<_>>()
    });
    let common = path.iter().zip(&start).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(&b".."[..], start.len() - common);
    let parts: Vec<&[u8]> = up.chain(path[common..].iter().copied()).collect();
    OsString::from_vec(if parts.is_empty() { b".".to_vec() } else { parts.join(&b'/') })
}

/// The path below the current directory, if it does not begin at the root.
pub(crate) fn absolute(folder: &OsStr) -> PathBuf {
    if folder.as_bytes().starts_with(b"/") {
        return folder.into();
    }
    let current = std::env::current_dir().unwrap_or_default();
    if folder.is_empty() { current } else { join(current.as_os_str(), folder) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cache_paths_are_those_of_importlib() {
        let cache = |path: &str, optimize| cache_from_source(Path::new(path), optimize, None);
        assert_eq!(cache("a/b.py", 0), Path::new("a/__pycache__/b.cpython-314.pyc"));
        assert_eq!(cache("b.py", 2), Path::new("__pycache__/b.cpython-314.opt-2.pyc"));
        assert_eq!(cache("/x.y.py", -1), Path::new("/__pycache__/x.y.cpython-314.pyc"));
        assert_eq!(cache("script", 0), Path::new("__pycache__/scriptcpython-314.pyc"));
        assert_eq!(cache(".py", 0), Path::new("__pycache__/py.cpython-314.pyc"));
        let prefix = Some(OsStr::new("/p"));
        assert_eq!(cache_from_source(Path::new("/a/b.py"), 0, prefix), Path::new("/p/a/b.cpython-314.pyc"));
    }

    #[test]
    fn normal_and_relative_paths_are_those_of_posixpath() {
        let pairs = [
            ("", "."),
            ("a//b/./c/", "a/b/c"),
            ("a/../..", ".."),
            ("../../a/..", "../.."),
            ("/../a", "/a"),
            ("//a/..", "//"),
            ("///a", "/a"),
        ];
        for (path, expected) in pairs {
            assert_eq!(normal(OsStr::new(path)), expected, "{path}");
        }
        let cases = [
            ("/s/a/b", "/s", "a/b"),
            ("/s", "/s/", "."),
            ("/sa/b", "/s", "../sa/b"),
            ("/s/../t", "/s", "../t"),
            ("a", "", "a"),
        ];
        for (path, start, expected) in cases {
            assert_eq!(relative(OsStr::new(path), OsStr::new(start)), expected, "{path} from {start}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_become_surrogates() {
        assert_eq!(repr(OsStr::from_bytes(b"a\xffb'")), r#""a\udcffb'""#);
    }
}
