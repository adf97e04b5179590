//! What CPython says about programs that this stage refuses or warns of, and about some that it just
//! accepts.
//!
//! `diagnostics.txt` holds programs; after each, comments say what `compile(program, "<f>", "exec")` does
//! with it: its warnings, then `# valid` or the place and message of the exception. The place is
//! `line:column-line:column`, columns in bytes from 0; CPython's are one more.

use pretty_assertions::assert_eq;
use pyast::{ErrorKind, RecursionLimit, SyntaxError, Warning};
use pycodegen::Options;

use crate::support::{Program, generate};

fn verdict(source: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let result = generate(&Program::new(source), &mut warnings, Options::default());
    let warning = |w: &Warning| format!("# warning, line {}: {}", w.location.lineno, w.message);
    let end = match result {
        Ok(_) => "# valid".to_owned(),
        Err(SyntaxError { kind: ErrorKind::SyntaxError, message, location, .. }) => {
            format!("# {location:?} {message}")
        }
        Err(error) => format!("# {error}"),
    };
    warnings.iter().map(warning).chain([end]).collect()
}

#[test]
fn errors_and_warnings_are_cpythons() {
    let (mut program, mut count) = (String::new(), 0);
    for block in include_str!("diagnostics.txt").trim_end().split("\n\n") {
        program.clear();
        let mut expected = Vec::new();
        for line in block.lines() {
            if line.starts_with("# ") {
                expected.push(line);
            } else {
                program += line;
                program += "\n";
            }
        }
        assert_eq!(verdict(&program), expected, "{program}");
        count += 1;
    }
    assert!(count > 100, "only {count} programs");
}

#[test]
fn blocks_are_bounded() {
    let nested = |first: &str, header: &str, count: usize| {
        let mut source = format!("{first}\n");
        for depth in 1..=count {
            source += &format!("{}{header}\n", " ".repeat(depth));
        }
        source + &" ".repeat(count + 1) + "yield\n"
    };
    let error = |source: &str| {
        generate(&Program::new(source), &mut Vec::new(), Options::default()).err().map(|e| e.to_string())
    };
    let refused = |line: usize| Some(format!("SyntaxError: too many statically nested blocks (line {line})"));
    assert_eq!(error(&nested("def f():", "while x:", 20)), None);
    // The handler around a generator is a block too.
    assert_eq!(error(&nested("def f():", "while x:", 21)), refused(22));
    assert_eq!(error(&nested("def f():", "with x, y:", 10)), None);
    assert_eq!(error(&nested("def f():", "with x, y:", 11)), refused(12));
}

#[test]
fn deep_trees_are_refused() {
    let deep = [
        "-".repeat(300) + "x",
        "x".to_owned() + &"+x".repeat(300),
        "x".to_owned() + &".x".repeat(300),
        "not ".repeat(300) + "x",
        "if x: pass\n".to_owned() + &"elif x: pass\n".repeat(300),
        "lambda: ".repeat(300) + "x",
    ];
    for source in deep {
        let program = Program { recursion_limit: 10_000, ..Program::new(&source) };
        let options = |limit| Options { recursion: RecursionLimit::new(limit), ..Options::default() };
        let error = generate(&program, &mut Vec::new(), options(200)).expect_err("too deep");
        assert_eq!(error.kind, ErrorKind::RecursionError);
        generate(&program, &mut Vec::new(), options(1000)).expect("not too deep");
    }
}

/// CPython goes on until there is no memory.
#[test]
fn code_that_multiplies_is_refused() {
    let names: Vec<String> = (0..100).map(|i| format!("n{i}")).collect();
    let reversed: Vec<String> = names.iter().rev().cloned().collect();
    let finally = |depth: usize, innermost: &str| {
        let lines = |i| {
            let indent = " ".repeat(i);
            format!("{indent}try: x\n{indent}finally:\n")
        };
        (0..depth).map(lines).collect::<String>() + &" ".repeat(depth) + innermost
    };
    let multiplied = [
        format!("match x:\n case [{}]: pass", names.join(", ")),
        format!(
            "match x:\n case {{{}}}: pass",
            names.iter().map(|n| format!("x.{n}: {n}, ")).collect::<String>()
        ),
        format!("match x:\n case [{}] | [{}]: pass", names[..30].join(", "), reversed[70..].join(", ")),
        finally(12, "x"),
        finally(12, "lambda: [x]"),
        finally(10, "class C: x"),
    ];
    for source in multiplied {
        let error = |max_instructions| {
            let options = Options { max_instructions, ..Options::default() };
            generate(&Program::new(&source), &mut Vec::new(), options).err().map(|error| error.message)
        };
        assert_eq!(error(3000).as_deref(), Some("the code of this module is too large"), "{source}");
        assert_eq!(error(300_000), None, "{source}");
    }
}

#[test]
fn clauses_do_not_nest() {
    let source = "[x".to_owned() + &" for x in x if x".repeat(20_000) + "]";
    generate(&Program::new(&source), &mut Vec::new(), Options::default()).expect("a long comprehension");
}
