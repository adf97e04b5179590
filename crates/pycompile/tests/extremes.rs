//! What is not Python, or too much of it: every input ends in a result or in the error that CPython raises.
//!
//! The expectations are CPython 3.14.10's. It counts some nestings against the C stack; the depth at which it
//! gives up then depends on the machine, so those cases only ask for a `RecursionError` or a result.

use pycompile::{Error, Options};
use pymarshal::DumpOptions;

/// Deeper than any stack that is not made for it.
const DEEP: usize = 100_000;
/// Ten megabytes.
const LARGE: usize = 10_000_000;

/// `Ok`, or the exception's class and text.
fn verdict(source: impl AsRef<[u8]>) -> Result<(), (&'static str, String)> {
    match pycompile::compile(source.as_ref(), "x", &Options::default()) {
        Ok(compiled) => {
            let bytes = pymarshal::dumps(&compiled.pool, compiled.root, &DumpOptions::default());
            assert!(bytes.is_ok(), "{bytes:?}");
            Ok(())
        }
        Err(Error::Syntax(error)) => Err((error.kind.name(), error.message)),
        Err(other) => panic!("not an error of the program: {other}"),
    }
}

fn accepts(source: impl AsRef<[u8]>) {
    assert_eq!(verdict(source), Ok(()));
}

fn refuses(source: impl AsRef<[u8]>, kind: &'static str, message: &str) {
    assert_eq!(verdict(source), Err((kind, message.to_owned())));
}

/// CPython's answer depends on its stack.
fn accepts_or_is_too_deep(source: impl AsRef<[u8]>) {
    if let Err((kind, message)) = verdict(source) {
        assert_eq!(kind, "RecursionError", "{message}");
    }
}

fn around(open: &str, middle: &str, close: &str) -> String {
    open.repeat(DEEP) + middle + &close.repeat(DEEP)
}

fn numbered(part: impl Fn(usize) -> String) -> String {
    (0..DEEP).map(part).collect::<Vec<_>>().join(",")
}

#[test]
fn nothing_at_all() {
    accepts("");
    accepts("\u{feff}");
}

#[test]
fn other_files() {
    const NUL: &str = "source code string cannot contain null bytes";
    refuses("a\0b", "SyntaxError", NUL);
    refuses(b"\x7fELF\x02\x01\x01\0\0", "SyntaxError", NUL);
    refuses((0..=255).collect::<Vec<u8>>(), "SyntaxError", NUL);
    refuses((0..LARGE).map(|i| ((i * 7919) >> 3) as u8).collect::<Vec<u8>>(), "SyntaxError", NUL);
    refuses(b"\xff\xfex\0 \0=\0 \x001\0", "SyntaxError", NUL);
    refuses("Dear Sir, this is not Python.\n", "SyntaxError", "invalid syntax");
}

#[test]
fn other_encodings() {
    let not_utf8 = |byte: &str| {
        format!(
            "Non-UTF-8 code starting with '\\x{byte}' on line 1, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details"
        )
    };
    refuses(b"x = '\xff'", "SyntaxError", &not_utf8("ff"));
    refuses(b"x = '\xed\xa0\x80'", "SyntaxError", &not_utf8("ed"));
    refuses("# coding: nonsense\n", "SyntaxError", "unknown encoding: nonsense");
}

#[test]
fn brackets_in_brackets() {
    const TOO_MANY: &str = "too many nested parentheses";
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("(x:=", ")"), ("{0:", "}"), ("(yield ", ")")] {
        refuses(around(open, "x", close), "SyntaxError", TOO_MANY);
        refuses(open.repeat(DEEP), "SyntaxError", TOO_MANY);
    }
    for (before, open, close, after) in [
        ("del ", "(", ")", ""),
        ("x: ", "a[", "]", ""),
        ("for ", "(", ")", " in b: pass"),
        ("with (", "(", ")", "): pass"),
        ("", "[", "]", " = b"),
        ("match x:\n case ", "[", "]", ": pass"),
        ("", "[", " for x in y]", ""),
    ] {
        refuses(format!("{before}{}{after}", around(open, "x", close)), "SyntaxError", TOO_MANY);
    }
}

#[test]
fn strings_in_strings() {
    let nested = |open: &str| open.repeat(5_000) + "1" + &"}\"".repeat(5_000);
    refuses(nested("f\"{"), "SyntaxError", "too many nested f-strings or t-strings");
    refuses(nested("t\"{"), "SyntaxError", "too many nested f-strings or t-strings");
    let specs = format!("f\"{}\"", around("{a:", "", "}"));
    refuses(specs, "SyntaxError", "f-string: expressions nested too deeply");
}

#[test]
fn operators_on_operators() {
    const OVERFLOW: &str = "Parser stack overflowed - Python source too complex to parse";
    for prefix in ["-", "not ", "~", "lambda:", "a**", "a if b else "] {
        refuses(prefix.repeat(DEEP) + "x", "MemoryError", OVERFLOW);
    }
    refuses("*".repeat(DEEP) + "a", "SyntaxError", "invalid syntax");
    let awaits = format!("async def f():\n {}x", "await ".repeat(DEEP));
    refuses(awaits, "SyntaxError", "invalid syntax");
    for (first, more) in [("a", ".b"), ("a", "[0]"), ("f", "()"), ("1", "+1"), ("a", "+a")] {
        accepts_or_is_too_deep(first.to_owned() + &more.repeat(DEEP));
    }
}

#[test]
fn statements_in_statements() {
    const OVERFLOW: &str = "Parser stack overflowed - Python source too complex to parse";
    let indented: String = (0..200).map(|level| " ".repeat(level) + "if a:\n").collect();
    refuses(indented + &" ".repeat(200) + "pass", "IndentationError", "too many levels of indentation");
    refuses("if a:\n pass\n".to_owned() + &"elif a:\n pass\n".repeat(DEEP), "MemoryError", OVERFLOW);
    refuses(format!("with {}a: pass", "a,".repeat(DEEP)), "SyntaxError", "too many statically nested blocks");
    accepts_or_is_too_deep(format!("[x{}]", " for x in y".repeat(DEEP)));
}

#[test]
fn long_lists() {
    accepts("x=".repeat(DEEP) + "1");
    accepts("a".to_owned() + &" and a".repeat(DEEP));
    accepts("a".to_owned() + &"<a".repeat(DEEP));
    accepts("a;".repeat(DEEP));
    accepts("@a\n".repeat(DEEP) + "def f(): pass");
    accepts("x = ".to_owned() + &"'a' ".repeat(DEEP));
    accepts("x = ".to_owned() + &"f'{a}' ".repeat(DEEP));
    accepts(format!("type X[{}] = int", numbered(|i| format!("T{i}"))));
    accepts(format!("def f({}): pass", numbered(|i| format!("a{i}"))));
    accepts(format!("match x:\n case {}1: pass", "1|".repeat(DEEP)));
    accepts(format!("from {} import a", ".".repeat(DEEP)));
    accepts("try: pass\nexcept: pass\n".repeat(DEEP));
    accepts(format!("x = 1{}+1", "\\\n".repeat(DEEP)));
    accepts(format!("a[{}]", ":,".repeat(DEEP)));
    accepts(format!("f({})", numbered(|i| format!("a{i}=1"))));
}

#[test]
fn ten_megabytes_of_one_thing() {
    for line in ["\n", " ", "x = 1\n", "x = 1;", "print(a, b)\n", "def f(): pass\n", "if a:\n b\n"] {
        accepts(line.repeat(LARGE / line.len()));
    }
    accepts("#".repeat(LARGE));
    accepts("x".repeat(LARGE));
    accepts(format!("({})", "1,".repeat(LARGE / 2)));
    accepts(format!("[{}]", "a,".repeat(LARGE / 2)));
}

#[test]
fn ten_megabytes_of_a_literal() {
    accepts(format!("'{}'", "x".repeat(LARGE)));
    accepts(format!("'{}'", "\\n".repeat(LARGE / 2)));
    accepts(format!("\"\"\"{}\"\"\"", "x\n".repeat(LARGE / 2)));
    accepts("0x".to_owned() + &"f".repeat(LARGE));
    accepts("1.".to_owned() + &"1".repeat(LARGE));
    refuses(
        "1".repeat(LARGE),
        "SyntaxError",
        "Exceeds the limit (4300 digits) for integer string conversion: value has 10000000 digits; \
         use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
         literals to avoid decimal conversion limits.",
    );
    refuses(
        "\"\"\"".to_owned() + &"x\n".repeat(LARGE / 2),
        "SyntaxError",
        "unterminated triple-quoted string literal (detected at line 5000000)",
    );
}
