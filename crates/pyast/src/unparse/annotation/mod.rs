//! The text of an expression as the compiler itself writes it: for annotations under
//! `from __future__ import annotations`.
//!
//! Mirrors `_PyAST_ExprAsUnicode` (`Python/ast_unparse.c`), function by function. It is not
//! `ast.unparse`: strings, f-strings, lambdas, `**` and parentheses come out differently.
//!
//! Text is built as WTF-8 bytes, since the parts of an f-string may hold lone surrogates before the
//! whole is shown by `repr`.

mod literals;

use pycode::{Interner, StrId};

use super::operators::{binary_operator, boolean_operator, comparison_operator, unary_operator};
use crate::*;

/// The text of an annotation, as WTF-8 bytes: what [`PyStr::from_wtf8`](pycode::PyStr::from_wtf8) takes.
///
/// # Errors
/// A `RecursionError` when the expression is deeper than `limit`, a `ValueError` for an int of more
/// digits than Python converts, a `SystemError` for a hand-made f-string with parts that none can have.
///
/// ```
/// use pyast::{Arena, RecursionLimit, load, unparse_annotation};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let node = load("BinOp(left=Name(id='a'), op=Pow(), right=Constant(value=-1))", &arena, &mut strings)?;
/// let text = unparse_annotation(node.as_expr().unwrap(), &strings, RecursionLimit::DEFAULT)?;
/// assert_eq!(text, b"a ** -1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn unparse_annotation(
    annotation: Expr<'_>,
    strings: &Interner,
    limit: RecursionLimit,
) -> Result<Vec<u8>, SyntaxError> {
    let mut out = Vec::new();
    unparse_annotation_into(&mut out, annotation, strings, limit)?;
    Ok(out)
}

/// [`unparse_annotation`] into a buffer, in place of what it holds.
///
/// # Errors
/// As there; then the contents of the buffer mean nothing.
pub fn unparse_annotation_into(
    out: &mut Vec<u8>,
    annotation: Expr<'_>,
    strings: &Interner,
    limit: RecursionLimit,
) -> Result<(), SyntaxError> {
    out.clear();
    let mut writer = Writer { strings, limit, out: std::mem::take(out) };
    writer.expr(annotation, Priority::Test)?;
    *out = writer.out;
    Ok(())
}

/// How tightly an expression binds; where it is less than the place requires it gets parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Priority {
    /// What the operand of a `|` and tighter is: `PR_EXPR`.
    const EXPR: Priority = Priority::BitOr;

    /// One tighter.
    const fn next(self) -> Priority {
        match self {
            Priority::Tuple => Priority::Test,
            Priority::Test => Priority::Or,
            Priority::Or => Priority::And,
            Priority::And => Priority::Not,
            Priority::Not => Priority::Comparison,
            Priority::Comparison => Priority::BitOr,
            Priority::BitOr => Priority::BitXor,
            Priority::BitXor => Priority::BitAnd,
            Priority::BitAnd => Priority::Shift,
            Priority::Shift => Priority::Arith,
            Priority::Arith => Priority::Term,
            Priority::Term => Priority::Factor,
            Priority::Factor => Priority::Power,
            Priority::Power => Priority::Await,
            Priority::Await | Priority::Atom => Priority::Atom,
        }
    }
}

type Result<T = (), E = SyntaxError> = std::result::Result<T, E>;

struct Writer<'s> {
    strings: &'s Interner,
    limit: RecursionLimit,
    out: Vec<u8>,
}

/// The priority of a binary operator.
const fn operator_priority(operator: Operator) -> Priority {
    match operator {
        Operator::Add | Operator::Sub => Priority::Arith,
        Operator::Mult | Operator::MatMult | Operator::Div | Operator::Mod | Operator::FloorDiv => {
            Priority::Term
        }
        Operator::LShift | Operator::RShift => Priority::Shift,
        Operator::BitOr => Priority::BitOr,
        Operator::BitXor => Priority::BitXor,
        Operator::BitAnd => Priority::BitAnd,
        Operator::Pow => Priority::Power,
    }
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn spaced(&mut self, operator: &str) {
        self.text(" ");
        self.text(operator);
        self.text(" ");
    }

    fn name(&mut self, name: StrId) {
        self.out.extend_from_slice(self.strings.get(name).as_bytes());
    }

    /// `body`, in parentheses if the place requires more than `own`.
    fn parenthesized(
        &mut self,
        level: Priority,
        own: Priority,
        body: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        self.text(if level > own { "(" } else { "" });
        body(self)?;
        self.text(if level > own { ")" } else { "" });
        Ok(())
    }

    /// `append_ast_expr`
    fn expr(&mut self, node: Expr<'_>, level: Priority) -> Result {
        self.limit.enter(node.location())?;
        self.expr_below_limit(node, level)?;
        self.limit.leave();
        Ok(())
    }

    fn expr_below_limit(&mut self, node: Expr<'_>, level: Priority) -> Result {
        match node {
            Expr::BoolOp(node) => self.bool_op(node, level),
            Expr::BinOp(node) => self.bin_op(node, level),
            Expr::UnaryOp(node) => self.unary_op(node, level),
            Expr::Lambda(node) => self.lambda(node, level),
            Expr::IfExp(node) => self.if_exp(node, level),
            Expr::Dict(node) => self.dict(node),
            Expr::Set(node) => self.delimited("{", node.elts, "}"),
            Expr::GeneratorExp(node) => self.generator_exp(node),
            Expr::ListComp(node) => self.comprehension("[", None, node.elt, node.generators, "]"),
            Expr::SetComp(node) => self.comprehension("{", None, node.elt, node.generators, "}"),
            Expr::DictComp(node) => self.comprehension("{", Some(node.key), node.value, node.generators, "}"),
            Expr::Yield(node) => self.yield_(node),
            Expr::YieldFrom(node) => {
                self.text("(yield from ");
                self.expr(node.value, Priority::Test)?;
                self.text(")");
                Ok(())
            }
            Expr::Await(node) => self.parenthesized(level, Priority::Await, |w| {
                w.text("await ");
                w.expr(node.value, Priority::Atom)
            }),
            Expr::Compare(node) => self.compare(node, level),
            Expr::Call(node) => self.call(node),
            Expr::Constant(node) => self.constant_node(node),
            Expr::JoinedStr(node) => self.quoted("f", node.values),
            Expr::TemplateStr(node) => self.quoted("t", node.values),
            Expr::FormattedValue(node) => self.formatted_value(node),
            Expr::Interpolation(node) => self.interpolation(node),
            Expr::Attribute(node) => self.attribute(node),
            Expr::Subscript(node) => self.subscript(node),
            Expr::Starred(node) => {
                self.text("*");
                self.expr(node.value, Priority::EXPR)
            }
            Expr::Slice(node) => self.slice(node),
            Expr::Name(node) => {
                self.name(node.id);
                Ok(())
            }
            Expr::List(node) => self.delimited("[", node.elts, "]"),
            Expr::Tuple(node) => self.tuple(node, level),
            Expr::NamedExpr(node) => self.parenthesized(level, Priority::Tuple, |w| {
                w.expr(node.target, Priority::Atom)?;
                w.text(" := ");
                w.expr(node.value, Priority::Atom)
            }),
        }
    }

    fn bool_op(&mut self, node: &ExprBoolOp<'_>, level: Priority) -> Result {
        let own = match node.op {
            BoolOp::And => Priority::And,
            BoolOp::Or => Priority::Or,
        };
        self.parenthesized(level, own, |w| {
            for (i, &value) in node.values.iter().enumerate() {
                if i > 0 {
                    w.spaced(boolean_operator(node.op));
                }
                w.expr(value, own.next())?;
            }
            Ok(())
        })
    }

    fn bin_op(&mut self, node: &ExprBinOp<'_>, level: Priority) -> Result {
        let own = operator_priority(node.op);
        let (left, right) = if node.op == Operator::Pow { (own.next(), own) } else { (own, own.next()) };
        self.parenthesized(level, own, |w| {
            w.expr(node.left, left)?;
            w.spaced(binary_operator(node.op));
            w.expr(node.right, right)
        })
    }

    fn unary_op(&mut self, node: &ExprUnaryOp<'_>, level: Priority) -> Result {
        let not = node.op == UnaryOp::Not;
        let own = if not { Priority::Not } else { Priority::Factor };
        self.parenthesized(level, own, |w| {
            w.text(unary_operator(node.op));
            w.text(if not { " " } else { "" });
            w.expr(node.operand, own)
        })
    }

    fn lambda(&mut self, node: &ExprLambda<'_>, level: Priority) -> Result {
        self.parenthesized(level, Priority::Test, |w| {
            let positional = node.args.args.len() + node.args.posonlyargs.len();
            w.text(if positional > 0 { "lambda " } else { "lambda" });
            w.arguments(node.args)?;
            w.text(": ");
            w.expr(node.body, Priority::Test)
        })
    }

    /// `append_ast_args`
    fn arguments(&mut self, args: &Arguments<'_>) -> Result {
        let mut first = true;
        let positional = args.posonlyargs.len() + args.args.len();
        for (i, arg) in args.posonlyargs.iter().chain(args.args).enumerate() {
            self.separator(&mut first);
            self.arg(arg)?;
            let default = (i + args.defaults.len()).checked_sub(positional);
            self.default(default.and_then(|i| args.defaults.get(i)).copied())?;
            self.text(if i + 1 == args.posonlyargs.len() { ", /" } else { "" });
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            self.separator(&mut first);
            self.text("*");
        }
        if let Some(vararg) = args.vararg {
            self.arg(vararg)?;
        }
        for (i, arg) in args.kwonlyargs.iter().enumerate() {
            self.separator(&mut first);
            self.arg(arg)?;
            let default = (i + args.kw_defaults.len()).checked_sub(args.kwonlyargs.len());
            self.default(default.and_then(|i| args.kw_defaults.get(i)).copied().flatten())?;
        }
        if let Some(kwarg) = args.kwarg {
            self.separator(&mut first);
            self.text("**");
            self.arg(kwarg)?;
        }
        Ok(())
    }

    fn separator(&mut self, first: &mut bool) {
        self.text(if *first { "" } else { ", " });
        *first = false;
    }

    fn arg(&mut self, arg: &Arg<'_>) -> Result {
        self.name(arg.arg);
        let Some(annotation) = arg.annotation else { return Ok(()) };
        self.text(": ");
        self.expr(annotation, Priority::Test)
    }

    fn default(&mut self, default: Option<Expr<'_>>) -> Result {
        let Some(default) = default else { return Ok(()) };
        self.text("=");
        self.expr(default, Priority::Test)
    }

    fn if_exp(&mut self, node: &ExprIfExp<'_>, level: Priority) -> Result {
        self.parenthesized(level, Priority::Test, |w| {
            w.expr(node.body, Priority::Or)?;
            w.text(" if ");
            w.expr(node.test, Priority::Or)?;
            w.text(" else ");
            w.expr(node.orelse, Priority::Test)
        })
    }

    fn dict(&mut self, node: &ExprDict<'_>) -> Result {
        self.text("{");
        for (i, (&key, &value)) in node.keys.iter().zip(node.values).enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            match key {
                Some(key) => {
                    self.expr(key, Priority::Test)?;
                    self.text(": ");
                    self.expr(value, Priority::Test)?;
                }
                None => {
                    self.text("**");
                    self.expr(value, Priority::EXPR)?;
                }
            }
        }
        self.text("}");
        Ok(())
    }

    fn delimited(&mut self, begin: &str, items: &[Expr<'_>], end: &str) -> Result {
        self.text(begin);
        self.items(items)?;
        self.text(end);
        Ok(())
    }

    fn items(&mut self, items: &[Expr<'_>]) -> Result {
        for (i, &item) in items.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.expr(item, Priority::Test)?;
        }
        Ok(())
    }

    fn tuple(&mut self, node: &ExprTuple<'_>, level: Priority) -> Result {
        if node.elts.is_empty() {
            self.text("()");
            return Ok(());
        }
        self.parenthesized(level, Priority::Tuple, |w| {
            w.items(node.elts)?;
            w.text(if node.elts.len() == 1 { "," } else { "" });
            Ok(())
        })
    }

    fn generator_exp(&mut self, node: &ExprGeneratorExp<'_>) -> Result {
        self.comprehension("(", None, node.elt, node.generators, ")")
    }

    fn comprehension(
        &mut self,
        begin: &str,
        key: Option<Expr<'_>>,
        element: Expr<'_>,
        generators: &[Comprehension<'_>],
        end: &str,
    ) -> Result {
        self.text(begin);
        if let Some(key) = key {
            self.expr(key, Priority::Test)?;
            self.text(": ");
        }
        self.expr(element, Priority::Test)?;
        for generator in generators {
            self.text(if generator.is_async != 0 { " async for " } else { " for " });
            self.expr(generator.target, Priority::Tuple)?;
            self.text(" in ");
            self.expr(generator.iter, Priority::Or)?;
            for &condition in generator.ifs {
                self.text(" if ");
                self.expr(condition, Priority::Or)?;
            }
        }
        self.text(end);
        Ok(())
    }

    fn yield_(&mut self, node: &ExprYield<'_>) -> Result {
        let Some(value) = node.value else {
            self.text("(yield)");
            return Ok(());
        };
        self.text("(yield ");
        self.expr(value, Priority::Test)?;
        self.text(")");
        Ok(())
    }

    fn compare(&mut self, node: &ExprCompare<'_>, level: Priority) -> Result {
        self.parenthesized(level, Priority::Comparison, |w| {
            w.expr(node.left, Priority::EXPR)?;
            for (&operator, &comparator) in node.ops.iter().zip(node.comparators) {
                w.spaced(comparison_operator(operator));
                w.expr(comparator, Priority::EXPR)?;
            }
            Ok(())
        })
    }

    fn call(&mut self, node: &ExprCall<'_>) -> Result {
        self.expr(node.func, Priority::Atom)?;
        if let ([Expr::GeneratorExp(only)], []) = (node.args, node.keywords) {
            return self.generator_exp(only);
        }
        self.text("(");
        self.items(node.args)?;
        let mut first = node.args.is_empty();
        for keyword in node.keywords {
            self.separator(&mut first);
            match keyword.arg {
                None => self.text("**"),
                Some(name) => {
                    self.name(name);
                    self.text("=");
                }
            }
            self.expr(keyword.value, Priority::Test)?;
        }
        self.text(")");
        Ok(())
    }

    fn attribute(&mut self, node: &ExprAttribute<'_>) -> Result {
        self.expr(node.value, Priority::Atom)?;
        let int = matches!(
            node.value,
            Expr::Constant(ExprConstant { value: Constant::Int(_) | Constant::BigInt(_), .. })
        );
        // After an int a space, lest the dot look like a decimal point.
        self.text(if int { " ." } else { "." });
        self.name(node.attr);
        Ok(())
    }

    fn subscript(&mut self, node: &ExprSubscript<'_>) -> Result {
        self.expr(node.value, Priority::Atom)?;
        self.text("[");
        self.expr(node.slice, Priority::Tuple)?;
        self.text("]");
        Ok(())
    }

    fn slice(&mut self, node: &ExprSlice<'_>) -> Result {
        if let Some(lower) = node.lower {
            self.expr(lower, Priority::Test)?;
        }
        self.text(":");
        if let Some(upper) = node.upper {
            self.expr(upper, Priority::Test)?;
        }
        if let Some(step) = node.step {
            self.text(":");
            self.expr(step, Priority::Test)?;
        }
        Ok(())
    }

    fn constant_node(&mut self, node: &ExprConstant<'_>) -> Result {
        if let Constant::Ellipsis = node.value {
            self.text("...");
            return Ok(());
        }
        if let Some(kind) = node.kind {
            self.name(kind);
        }
        self.constant(node.value, node.location)
    }
}
