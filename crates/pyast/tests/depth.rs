//! Deep trees are an error where a stage recurses, and nothing special where it does not.

use pyast::*;
use pycode::Interner;

/// `-` before `-` before ... before `x`.
fn nested_operators<'a>(b: &TreeBuilder<'_, 'a>, depth: usize) -> Expr<'a> {
    (1..depth).fold(b.name("x"), |operand, _| b.unary_op(UnaryOp::USub, operand))
}

fn nested_blocks<'a>(b: &TreeBuilder<'_, 'a>, depth: usize) -> Stmt<'a> {
    (1..depth).fold(b.pass(), |inner, _| b.if_(b.name("x"), &[inner], &[]))
}

fn nested_patterns<'a>(arena: &'a Arena, b: &TreeBuilder<'_, 'a>, depth: usize) -> Stmt<'a> {
    let location = Location::new(1, 1, 0, 0);
    let star = arena.pattern_match_star(location, None);
    let pattern =
        (1..depth).fold(star, |inner, _| arena.pattern_match_sequence(location, arena.list(&[inner])));
    let case = MatchCase { pattern, guard: None, body: arena.list(&[b.pass()]) };
    arena.stmt_match(location, b.name("x"), arena.list(&[case]))
}

/// Trees that are `depth` deep, each in its way.
fn deep_trees<'a>(arena: &'a Arena, strings: &mut Interner, levels: usize) -> Vec<Mod<'a>> {
    let b = TreeBuilder::new(arena, strings);
    let lambdas = (2..levels).fold(b.name("x"), |body, _| b.lambda(&["x"], body));
    let calls = (2..levels).fold(b.name("x"), |func, _| b.call(func, &[]));
    vec![
        b.module(&[b.expr(nested_operators(&b, levels - 1))]),
        b.module(&[b.expr(lambdas)]),
        b.module(&[b.expr(calls)]),
        b.module(&[nested_blocks(&b, levels)]),
        b.module(&[nested_patterns(arena, &b, levels - 1)]),
    ]
}

fn is_too_deep<T>(result: Result<T, SyntaxError>) -> bool {
    result.is_err_and(|error| error.kind == ErrorKind::RecursionError)
}

#[test]
fn the_default_limit_fits_the_stack_of_a_test() {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let limit = RecursionLimit::DEFAULT;
    for module in deep_trees(&arena, &mut strings, limit.limit() as usize) {
        assert_eq!(depth(module), limit.limit());
        validate(module, &strings, limit).expect("within the limit");
        unparse(module, &strings, limit).expect("within the limit");
        let options = PreprocessOptions { optimize: 2, ..PreprocessOptions::default() };
        preprocess(module, &arena, &mut strings, &options, &mut Vec::new()).expect("within the limit");
    }
}

#[test]
fn beyond_the_limit_there_is_an_error() {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    for module in deep_trees(&arena, &mut strings, 1_000_000) {
        assert!(is_too_deep(validate(module, &strings, RecursionLimit::DEFAULT)));
        assert!(is_too_deep(unparse(module, &strings, RecursionLimit::DEFAULT)));
        let options = PreprocessOptions::default();
        assert!(is_too_deep(preprocess(module, &arena, &mut strings, &options, &mut Vec::new())));
    }
    let expression = nested_operators(&TreeBuilder::new(&arena, &mut strings), 1_000_000);
    assert!(is_too_deep(unparse_annotation(expression, &strings, RecursionLimit::DEFAULT)));
    assert!(is_too_deep(literal_eval(
        TreeBuilder::new(&arena, &mut strings).list(&[nested_tuples(&arena, &mut Interner::new())]),
        &arena,
        &strings,
        RecursionLimit::DEFAULT
    )));
}

fn nested_tuples<'a>(arena: &'a Arena, strings: &mut Interner) -> Expr<'a> {
    let b = TreeBuilder::new(arena, strings);
    (0..1_000_000).fold(b.int(1), |inner, _| b.tuple(&[inner]))
}

#[test]
fn dump_load_and_depth_have_no_limit() {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let expression = nested_operators(&TreeBuilder::new(&arena, &mut strings), 200_000);
    let module = arena.mod_expression(expression);
    assert_eq!(depth(module), 200_000);
    let text = dump(module, &strings, &DumpOptions::default());
    let loaded = load_mod(&text, &arena, &mut strings).expect("a tree");
    assert_eq!(dump(loaded, &strings, &DumpOptions::default()), text);
}

#[test]
fn constants_that_nest_are_limited_or_walked_with_a_stack() {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let b = TreeBuilder::new(&arena, &mut strings);
    let mut value = Constant::Int(1);
    for _ in 0..100_000 {
        value = Constant::Tuple(arena.list(&[value]));
    }
    let module = b.expression(b.constant(value));
    let text = dump(module, &strings, &DumpOptions::default());
    assert!(text.len() > 300_000);
    let error = load_mod(&text, &arena, &mut strings).expect_err("too many levels");
    assert_eq!(error.kind, LoadErrorKind::TooDeep);
    assert!(is_too_deep(validate(module, &strings, RecursionLimit::DEFAULT)));
}
