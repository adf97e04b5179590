//! Time grows with the length of the program and no faster, also where one thing stands there very often.
//!
//! A clock is of little use on a busy machine. So each program is timed beside another of as many statements, of
//! which it is known that each takes as long as the last; what is held is how many times longer it takes. Before these
//! were mended the factors were in the hundreds and more.

use std::time::{Duration, Instant};

use pycompile::Options;

/// How many of everything.
const MANY: usize = 8_000;

/// How many times longer than an assignment each of the parts may take.
const FACTOR: u32 = 100;

fn time(source: &str) -> Duration {
    let start = Instant::now();
    let compiled = pycompile::compile(source.as_bytes(), "x", &Options::default());
    assert!(compiled.is_ok(), "{:?}", compiled.err());
    start.elapsed()
}

/// The parts, each with its number in the place of `#`.
fn parts(part: &str, separator: &str) -> String {
    let numbered: Vec<String> = (0..MANY).map(|i| part.replace('#', &i.to_string())).collect();
    numbered.join(separator)
}

fn grows_with_its_length(what: &str, source: &str) {
    let plain = parts("x = y#", "\n");
    // The second try is for a machine that was busy with something else.
    let slow = (0..2).all(|_| time(source) > time(&plain) * FACTOR);
    assert!(!slow, "{what}: {MANY} of them take more than {FACTOR} times as long as assignments");
}

#[test]
fn comprehensions() {
    grows_with_its_length("equal ones", &parts("[x for x in y]", "\n"));
    grows_with_its_length("ones with names of their own", &parts("[x# for x# in y]", "\n"));
    let in_function = format!("def f(a):\n {}", parts("[(lambda: (a, x)) for x in y]", "\n "));
    grows_with_its_length("ones with a block in them", &in_function);
}

#[test]
fn blocks_in_a_comprehension() {
    let names = parts("a#", ", ");
    let lambdas = format!("def f({names}):\n [[{}] for x in y]", parts("(lambda: a#)", ", "));
    grows_with_its_length("lambdas that see variables around", &lambdas);
}

#[test]
fn lambdas() {
    grows_with_its_length("on a line", &parts("lambda: 1", "; "));
    grows_with_its_length("on lines", &parts("lambda: 1", "\n"));
    grows_with_its_length("in lambdas on a line", &parts("lambda: lambda: 1", "; "));
}

#[test]
fn lambdas_in_lambdas() {
    // How deep they go is limited; before this was mended a thousand took seconds.
    grows_with_its_length("900 deep", &format!("{}1", "lambda: ".repeat(900)));
}

#[test]
fn tuples_in_tuples() {
    grows_with_its_length("nine deep", &parts("x = (((((((((#,),),),),),),),),)", "\n"));
    grows_with_its_length("in slices and sets", &parts("x[((((#,),),),):] in {((((0, #),),),)}", "\n"));
}

#[test]
fn sets() {
    let numbers: Vec<String> = (0..MANY).map(|i| format!("{i}.25")).collect();
    let reversed: Vec<String> = numbers.iter().rev().cloned().collect();
    let [numbers, reversed] = [numbers, reversed].map(|list| list.join(", "));
    grows_with_its_length("in two orders", &format!("x in {{{numbers}}}; x in {{{reversed}}}"));
}

#[test]
fn cells() {
    let functions = parts("def g#(): return a#", "\n ");
    let source = format!("def f({}):\n {functions}", parts("a#", ", "));
    grows_with_its_length("parameters that functions see", &source);
}
