//! The lines that the parser notes are all that preprocessing needs to look at.

use pyast::{Arena, DumpOptions, PreprocessOptions, Warning, dump, preprocess, preprocess_lines};
use pycode::Interner;
use pyparser::{ParseOptions, parse};

/// Each function has one thing to do among much that needs nothing.
const SOURCE: &str = r#"
@decorated('%s' % (1,))
def decorated():
    pass

def nested():
    class C:
        if a:
            return_type = [
                f"{'%r' % (x,
                           y)}",
            ]
        else:
            z = 1

def jumps():
    for x in y:
        try:
            pass
        finally:
            if x:
                break
            for z in x:
                continue
            def inner():
                return

def matches(x):
    if x: pass
    match x:
        case -1 | 1 + 2j:
            pass
        case {-1: y}:
            if __debug__: pass
    match(x, y)

def lambdas(a=lambda: __debug__, *, b: '%d' % (2,) = 3) -> __debug__: pass

def docstring():
    '%s' % ()

if a: pass; b = __debug__
x = 1; y = ('%s'
    % (2,)); z = 3
last = '%s' % (x,) % (y,)
"#;

fn preprocessed(source: &str, optimize: u8, by_lines: bool) -> (String, Vec<Warning>) {
    let (arena, mut strings, mut warnings) = (Arena::new(), Interner::new(), Vec::new());
    let parsed =
        parse(source.as_bytes(), &arena, &mut strings, &ParseOptions::default()).expect("valid source");
    let options = PreprocessOptions { optimize, ..PreprocessOptions::default() };
    let module = if by_lines {
        let lines = &parsed.preprocess_lines;
        preprocess_lines(parsed.module, &arena, &mut strings, &options, lines, &mut warnings)
    } else {
        preprocess(parsed.module, &arena, &mut strings, &options, &mut warnings)
    };
    let options = DumpOptions { include_attributes: true, ..DumpOptions::default() };
    (dump(module.expect("not too deep"), &strings, &options), warnings)
}

#[test]
fn what_has_no_such_line_needs_nothing() {
    for optimize in 0..=2 {
        let (expected, warnings) = preprocessed(SOURCE, optimize, false);
        assert_eq!(preprocessed(SOURCE, optimize, true), (expected, warnings), "optimize {optimize}");
    }
}

#[test]
fn the_lines_are_those_with_something_to_do() {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let source = b"a = 1\nb = '%s' % (\n  a,)\nc = a % (b,)\nif c:\n  d = __debug__\n";
    let parsed = parse(source, &arena, &mut strings, &ParseOptions::default()).expect("valid source");
    assert_eq!(parsed.preprocess_lines, [3, 6]);
}
