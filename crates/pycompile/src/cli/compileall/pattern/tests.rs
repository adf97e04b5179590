use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::Pattern;

/// Whether an expression is found in a text, or what is wrong with it; all as CPython says.
fn search(pattern: &str, text: &str) -> Result<bool, String> {
    Pattern::new(pattern.as_ref()).map(|pattern| pattern.is_in(text.as_ref()))
}

/// As `re.search(os.fsdecode(pattern), os.fsdecode(path))` says.
#[test]
fn bytes_that_are_not_utf_8_are_characters() {
    let path = OsStr::from_bytes(b"a\xff\xe9.py");
    for pattern in [&b"\xff"[..], b"a..[.]", b"[\xfe-\xff]", br"\udcff\udce9", br"a\W\W", b"\\\\?\xe9\\."] {
        let found = Pattern::new(OsStr::from_bytes(pattern)).expect("sound").is_in(path);
        assert!(found, "{}", pattern.escape_ascii());
    }
    for pattern in [&b"a\xe9"[..], b"a.[.]", b"\xff\\w", b"\xc3\xbf", "\u{FFFD}".as_bytes()] {
        let found = Pattern::new(OsStr::from_bytes(pattern)).expect("sound").is_in(path);
        assert!(!found, "{}", pattern.escape_ascii());
    }
    let refused = Pattern::new(OsStr::from_bytes(b"[\xff-a]")).err();
    assert_eq!(refused.as_deref(), Some(r"bad character range \udcff-a at position 1"));
}

#[test]
fn what_python_reads_otherwise_is_rewritten() {
    let found = [
        (r"a\Z", "ba"),
        (r"\\Z", r"a\Z"),
        (r"\<a", "<a"),
        (r"[[:alpha:]]", "a]"),
        (r"[a&&b]", "&"),
        (r"[]a]", "]"),
        (r"[^]a]", "b"),
        (r"[a-]", "-"),
        (r"[\b]", "\x08"),
        (r"\141\0\x62\u0063", "a\0bc"),
        (r"\N{EM DASH}+[\N{bel}-\N{DIGIT ONE}]", "\u{2014}0"),
        (r"(a)\1", "aa"),
        (r"a{,2}b", "b"),
        (r"^a{b}$", "a{b}"),
        (r"a{", "a{"),
        (r"x{,}y", "xxxy"),
        ("(?x) a # (\n b", "ab"),
        ("(?x: a b)[ ]c d", "ab c d"),
        (r"(?#comment)(?i)A", "a"),
        (r"(?P<q>['x])(?P=q)", "''"),
        (r"(a)?(?(1)b|c)$", "c"),
        (r"(?<!t)/a", "s/a"),
        (r"(?i:A)b", "ab"),
        (r"a++b", "aab"),
        ("]}", "]}"),
        ("", "anything"),
    ];
    for (pattern, text) in found {
        assert_eq!(search(pattern, text), Ok(true), "{pattern} in {text:?}");
    }
    for (pattern, text) in [(r"\<a", "a"), (r"[a&&a]", "b"), (r"(?i:A)b", "aB"), (r"a\Z", "a\n")] {
        assert_eq!(search(pattern, text), Ok(false), "{pattern} in {text:?}");
    }
}

#[test]
fn what_python_refuses_is_refused_in_its_words() {
    let refused = [
        (r"\h", r"bad escape \h at position 0"),
        (r"a\p{L}", r"bad escape \p at position 1"),
        (r"[\A]", r"bad escape \A at position 1"),
        ("\\", "bad escape (end of pattern) at position 0"),
        (r"\x1", r"incomplete escape \x1 at position 0"),
        (r"a\N", "missing { at position 3"),
        (r"\N{}", "missing character name at position 3"),
        (r"\N{", "missing character name at position 3"),
        (r"a\N{BEL", "missing }, unterminated name at position 4"),
        (r"[\N{A'B}]", r#"undefined character name "A'B" at position 1"#),
        (r"\N{KEYCAP DIGIT ONE}", "undefined character name 'KEYCAP DIGIT ONE' at position 0"),
        ("a[bc", "unterminated character set at position 1"),
        ("[z-a]", "bad character range z-a at position 1"),
        (r"[\d-z]", r"bad character range \d-z at position 1"),
        ("a(b", "missing ), unterminated subpattern at position 1"),
        ("a)", "unbalanced parenthesis at position 1"),
        ("*a", "nothing to repeat at position 0"),
        ("(|*)", "nothing to repeat at position 2"),
        ("a**", "multiple repeat at position 2"),
        ("a{2}{3}", "multiple repeat at position 4"),
        ("(?<n>a)", "unknown extension ?<n at position 1"),
        ("(?P>n)", "unknown extension ?P> at position 1"),
        ("(?@a)", "unknown extension ?@ at position 1"),
        ("a(?i)b", "global flags not at the start of the expression at position 1"),
    ];
    for (pattern, why) in refused {
        assert_eq!(search(pattern, ""), Err(why.to_owned()), "{pattern}");
    }
}
