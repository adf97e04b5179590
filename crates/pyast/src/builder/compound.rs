//! The rest of what programs are made of: targets, comprehensions, errors, imports.

use super::TreeBuilder;
use crate::*;

#[allow(missing_docs, reason = "a method is called as the node it makes")]
impl<'a> TreeBuilder<'_, 'a> {
    // Targets.

    /// An expression as a target: with the context `Store`, which the parts of tuples, lists and starred
    /// expressions get too (`set_expr_context` in `Parser/pegen.c`). What cannot be assigned to stays.
    pub fn target(&self, expression: Expr<'a>) -> Expr<'a> {
        self.in_context(expression, ExprContext::Store)
    }

    /// Recurses over the parts of tuples and lists alone.
    fn in_context(&self, expression: Expr<'a>, context: ExprContext) -> Expr<'a> {
        let arena = self.arena;
        let parts = |elts: &'a [Expr<'a>]| {
            let elts: Vec<Expr<'a>> = elts.iter().map(|&elt| self.in_context(elt, context)).collect();
            arena.list(&elts)
        };
        match expression {
            Expr::Name(node) => arena.expr_name(node.location, node.id, context),
            Expr::Attribute(node) => arena.expr_attribute(node.location, node.value, node.attr, context),
            Expr::Subscript(node) => arena.expr_subscript(node.location, node.value, node.slice, context),
            Expr::Starred(node) => {
                arena.expr_starred(node.location, self.in_context(node.value, context), context)
            }
            Expr::Tuple(node) => arena.expr_tuple(node.location, parts(node.elts), context),
            Expr::List(node) => arena.expr_list(node.location, parts(node.elts), context),
            _ => expression,
        }
    }

    pub fn starred(&self, value: Expr<'a>) -> Expr<'a> {
        self.arena.expr_starred(self.location(), value, ExprContext::Load)
    }

    /// `lower:upper`
    pub fn slice(&self, lower: Option<Expr<'a>>, upper: Option<Expr<'a>>) -> Expr<'a> {
        self.arena.expr_slice(self.location(), lower, upper, None)
    }

    /// `name := value`
    pub fn named_expr(&self, name: &str, value: Expr<'a>) -> Expr<'a> {
        self.arena.expr_named_expr(self.location(), self.store(name), value)
    }

    // Comprehensions and coroutines.

    /// `for target in iter if ifs`; the target becomes one.
    pub fn comprehension(&self, target: Expr<'a>, iter: Expr<'a>, ifs: &[Expr<'a>]) -> Comprehension<'a> {
        Comprehension { target: self.target(target), iter, ifs: self.arena.list(ifs), is_async: 0 }
    }

    pub fn list_comp(&self, elt: Expr<'a>, generators: &[Comprehension<'a>]) -> Expr<'a> {
        self.arena.expr_list_comp(self.location(), elt, self.arena.list(generators))
    }

    pub fn set_comp(&self, elt: Expr<'a>, generators: &[Comprehension<'a>]) -> Expr<'a> {
        self.arena.expr_set_comp(self.location(), elt, self.arena.list(generators))
    }

    pub fn dict_comp(&self, key: Expr<'a>, value: Expr<'a>, generators: &[Comprehension<'a>]) -> Expr<'a> {
        self.arena.expr_dict_comp(self.location(), key, value, self.arena.list(generators))
    }

    pub fn generator_exp(&self, elt: Expr<'a>, generators: &[Comprehension<'a>]) -> Expr<'a> {
        self.arena.expr_generator_exp(self.location(), elt, self.arena.list(generators))
    }

    pub fn await_(&self, value: Expr<'a>) -> Expr<'a> {
        self.arena.expr_await(self.location(), value)
    }

    pub fn yield_(&self, value: Option<Expr<'a>>) -> Expr<'a> {
        self.arena.expr_yield(self.location(), value)
    }

    pub fn yield_from(&self, value: Expr<'a>) -> Expr<'a> {
        self.arena.expr_yield_from(self.location(), value)
    }

    // Statements.

    /// `target op= value`; the target becomes one.
    pub fn aug_assign(&self, target: Expr<'a>, op: Operator, value: Expr<'a>) -> Stmt<'a> {
        self.arena.stmt_aug_assign(self.location(), self.target(target), op, value)
    }

    /// `name: annotation = value`
    pub fn ann_assign(&self, name: &str, annotation: Expr<'a>, value: Option<Expr<'a>>) -> Stmt<'a> {
        self.arena.stmt_ann_assign(self.location(), self.store(name), annotation, value, 1)
    }

    /// `del` of expressions, which become targets of it.
    pub fn delete(&self, targets: &[Expr<'a>]) -> Stmt<'a> {
        let targets: Vec<Expr<'a>> =
            targets.iter().map(|&target| self.in_context(target, ExprContext::Del)).collect();
        self.arena.stmt_delete(self.location(), self.arena.list(&targets))
    }

    pub fn break_(&self) -> Stmt<'a> {
        self.arena.stmt_break(self.location())
    }

    pub fn continue_(&self) -> Stmt<'a> {
        self.arena.stmt_continue(self.location())
    }

    pub fn raise(&self, exc: Option<Expr<'a>>, cause: Option<Expr<'a>>) -> Stmt<'a> {
        self.arena.stmt_raise(self.location(), exc, cause)
    }

    pub fn assert(&self, test: Expr<'a>, msg: Option<Expr<'a>>) -> Stmt<'a> {
        self.arena.stmt_assert(self.location(), test, msg)
    }

    /// `with item as target, ...`; the targets become such.
    pub fn with(&self, items: &[(Expr<'a>, Option<Expr<'a>>)], body: &[Stmt<'a>]) -> Stmt<'a> {
        let item = |&(context_expr, target): &(Expr<'a>, Option<Expr<'a>>)| WithItem {
            context_expr,
            optional_vars: target.map(|target| self.target(target)),
        };
        let items: Vec<WithItem<'a>> = items.iter().map(item).collect();
        self.arena.stmt_with(self.location(), self.arena.list(&items), self.arena.list(body), None)
    }

    pub fn try_(
        &self,
        body: &[Stmt<'a>],
        handlers: &[ExceptHandler<'a>],
        orelse: &[Stmt<'a>],
        finalbody: &[Stmt<'a>],
    ) -> Stmt<'a> {
        let [body, orelse, finalbody] = [body, orelse, finalbody].map(|stmts| self.arena.list(stmts));
        self.arena.stmt_try(self.location(), body, self.arena.list(handlers), orelse, finalbody)
    }

    /// `except type_ as name`, for [`try_`](Self::try_).
    pub fn except(
        &self,
        type_: Option<Expr<'a>>,
        name: Option<&str>,
        body: &[Stmt<'a>],
    ) -> ExceptHandler<'a> {
        let name = name.map(|name| self.id(name));
        ExceptHandler { location: self.location(), type_, name, body: self.arena.list(body) }
    }

    /// `from module import names`
    pub fn import_from(&self, module: &str, names: &[&str]) -> Stmt<'a> {
        let (module, names) = (self.id(module), self.aliases(names));
        self.arena.stmt_import_from(self.location(), Some(module), names, Some(0))
    }

    pub fn nonlocal(&self, names: &[&str]) -> Stmt<'a> {
        let names: Vec<StrId> = names.iter().map(|name| self.id(name)).collect();
        self.arena.stmt_nonlocal(self.location(), self.arena.list(&names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(build: impl for<'a> FnOnce(&TreeBuilder<'_, 'a>) -> Vec<Stmt<'a>>) -> String {
        let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
        let b = TreeBuilder::new(&arena, &mut strings);
        let module = b.module(&build(&b));
        validate(module, &strings, RecursionLimit::DEFAULT).expect("sound");
        String::from_utf8(unparse(module, &strings, RecursionLimit::DEFAULT).expect("sound")).expect("ASCII")
    }

    #[test]
    fn statements() {
        let shown = text(|b| {
            let pair =
                b.tuple(&[b.attribute(b.name("a"), "b"), b.starred(b.subscript(b.name("c"), b.int(0)))]);
            let handler = b.except(Some(b.name("OSError")), Some("e"), &[b.raise(None, None)]);
            vec![
                b.import_from("os", &["path"]),
                b.assign_to(&[b.target(pair)], b.name("d")),
                b.aug_assign(b.name("x"), Operator::Add, b.int(1)),
                b.ann_assign("y", b.name("int"), None),
                b.delete(&[b.name("x"), b.attribute(b.name("a"), "b")]),
                b.with(&[(b.call(b.name("f"), &[]), Some(b.name("g")))], &[b.assert(b.name("g"), None)]),
                b.try_(&[b.pass()], &[handler], &[b.pass()], &[b.pass()]),
                b.while_(b.bool(true), &[b.continue_(), b.break_()]),
            ]
        });
        let expected = "\
from os import path
a.b, *c[0] = d
x += 1
y: int
del x, a.b
with f() as g:
    assert g
try:
    pass
except OSError as e:
    raise
else:
    pass
finally:
    pass
while True:
    continue
    break";
        assert_eq!(shown, expected);
    }

    #[test]
    fn expressions() {
        let shown = text(|b| {
            let each = || [b.comprehension(b.name("i"), b.name("n"), &[b.name("t")])];
            let part = b.subscript(b.name("s"), b.slice(Some(b.int(1)), None));
            let values = [
                b.list_comp(b.name("i"), &each()),
                b.set_comp(b.name("i"), &each()),
                b.dict_comp(b.name("i"), b.int(1), &each()),
                b.generator_exp(b.name("i"), &each()),
                b.named_expr("w", part),
            ];
            let inner = [b.nonlocal(&["v"]), b.expr(b.yield_(None)), b.expr(b.yield_from(b.name("v")))];
            let mut body: Vec<Stmt<'_>> = values.map(|value| b.expr(value)).to_vec();
            body.push(b.function("f", &[], &inner));
            body
        });
        let expected = "\
[i for i in n if t]
{i for i in n if t}
{i: 1 for i in n if t}
(i for i in n if t)
(w := s[1:])

def f():
    nonlocal v
    yield
    yield from v";
        assert_eq!(shown, expected);
    }
}
