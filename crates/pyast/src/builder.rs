//! Short names for what trees made by hand mostly consist of.

mod compound;

use std::cell::{Cell, RefCell};

use num_bigint::BigInt;
use pycode::{Interner, PyStr, StrId};

use crate::*;

/// Makes nodes from plain Rust values: strings are interned, lists put in the arena, and each node gets the
/// current location. What it has no method for, the constructors of [`Arena`] make.
///
/// ```
/// use pyast::{Arena, Operator, RecursionLimit, TreeBuilder, unparse};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let b = TreeBuilder::new(&arena, &mut strings);
/// let double = b.bin_op(b.name("x"), Operator::Mult, b.int(2));
/// let module = b.module(&[
///     b.function("double", &["x"], &[b.return_(Some(double))]),
///     b.expr(b.call(b.name("print"), &[b.call(b.name("double"), &[b.int(21)])])),
/// ]);
/// let text = unparse(module, &strings, RecursionLimit::DEFAULT)?;
/// assert_eq!(text, b"def double(x):\n    return x * 2\nprint(double(21))");
/// # Ok::<(), pyast::SyntaxError>(())
/// ```
#[derive(Debug)]
pub struct TreeBuilder<'s, 'a> {
    arena: &'a Arena,
    strings: RefCell<&'s mut Interner>,
    location: Cell<Location>,
}

#[allow(missing_docs, reason = "a method is called as the node it makes")]
impl<'s, 'a> TreeBuilder<'s, 'a> {
    /// A builder whose nodes stand at the start of line 1.
    pub fn new(arena: &'a Arena, strings: &'s mut Interner) -> Self {
        let location = Cell::new(Location::new(1, 1, 0, 0));
        TreeBuilder { arena, strings: RefCell::new(strings), location }
    }

    /// The nodes from now on stand here.
    pub fn at(&self, location: Location) -> &Self {
        self.location.set(location);
        self
    }

    /// Interns a text.
    pub fn id(&self, text: &str) -> StrId {
        self.strings.borrow_mut().intern(text)
    }

    fn location(&self) -> Location {
        self.location.get()
    }

    // Constants.

    pub fn constant(&self, value: Constant<'a>) -> Expr<'a> {
        self.arena.expr_constant(self.location(), value, None)
    }

    pub fn none(&self) -> Expr<'a> {
        self.constant(Constant::None)
    }

    pub fn bool(&self, value: bool) -> Expr<'a> {
        self.constant(Constant::Bool(value))
    }

    pub fn int(&self, value: impl Into<BigInt>) -> Expr<'a> {
        self.constant(Constant::from_bigint(self.arena, &value.into()))
    }

    pub fn float(&self, value: f64) -> Expr<'a> {
        self.constant(Constant::Float(value))
    }

    pub fn str(&self, text: &str) -> Expr<'a> {
        self.pystr(text.into())
    }

    /// A string that may hold lone surrogates.
    pub fn pystr(&self, text: PyStr<'_>) -> Expr<'a> {
        let text = self.strings.borrow_mut().intern_pystr(text);
        self.constant(Constant::Str(text))
    }

    pub fn bytes(&self, bytes: &[u8]) -> Expr<'a> {
        self.constant(Constant::Bytes(self.arena.list(bytes)))
    }

    // Names and what can be assigned to.

    /// A name that is read.
    pub fn name(&self, name: &str) -> Expr<'a> {
        self.arena.expr_name(self.location(), self.id(name), ExprContext::Load)
    }

    /// A name that is assigned to.
    pub fn store(&self, name: &str) -> Expr<'a> {
        self.arena.expr_name(self.location(), self.id(name), ExprContext::Store)
    }

    pub fn attribute(&self, value: Expr<'a>, attr: &str) -> Expr<'a> {
        self.arena.expr_attribute(self.location(), value, self.id(attr), ExprContext::Load)
    }

    pub fn subscript(&self, value: Expr<'a>, slice: Expr<'a>) -> Expr<'a> {
        self.arena.expr_subscript(self.location(), value, slice, ExprContext::Load)
    }

    pub fn tuple(&self, elts: &[Expr<'a>]) -> Expr<'a> {
        self.arena.expr_tuple(self.location(), self.arena.list(elts), ExprContext::Load)
    }

    pub fn list(&self, elts: &[Expr<'a>]) -> Expr<'a> {
        self.arena.expr_list(self.location(), self.arena.list(elts), ExprContext::Load)
    }

    // Other expressions.

    pub fn set(&self, elts: &[Expr<'a>]) -> Expr<'a> {
        self.arena.expr_set(self.location(), self.arena.list(elts))
    }

    pub fn dict(&self, items: &[(Expr<'a>, Expr<'a>)]) -> Expr<'a> {
        let keys: Vec<Option<Expr<'a>>> = items.iter().map(|&(key, _)| Some(key)).collect();
        let values: Vec<Expr<'a>> = items.iter().map(|&(_, value)| value).collect();
        self.arena.expr_dict(self.location(), self.arena.list(&keys), self.arena.list(&values))
    }

    pub fn unary_op(&self, op: UnaryOp, operand: Expr<'a>) -> Expr<'a> {
        self.arena.expr_unary_op(self.location(), op, operand)
    }

    pub fn bin_op(&self, left: Expr<'a>, op: Operator, right: Expr<'a>) -> Expr<'a> {
        self.arena.expr_bin_op(self.location(), left, op, right)
    }

    pub fn bool_op(&self, op: BoolOp, values: &[Expr<'a>]) -> Expr<'a> {
        self.arena.expr_bool_op(self.location(), op, self.arena.list(values))
    }

    pub fn compare(&self, left: Expr<'a>, op: CmpOp, right: Expr<'a>) -> Expr<'a> {
        let (ops, comparators) = (self.arena.list(&[op]), self.arena.list(&[right]));
        self.arena.expr_compare(self.location(), left, ops, comparators)
    }

    pub fn if_exp(&self, test: Expr<'a>, body: Expr<'a>, orelse: Expr<'a>) -> Expr<'a> {
        self.arena.expr_if_exp(self.location(), test, body, orelse)
    }

    /// A call with positional arguments.
    pub fn call(&self, func: Expr<'a>, args: &[Expr<'a>]) -> Expr<'a> {
        self.call_with(func, args, &[])
    }

    /// A call with positional and keyword arguments.
    pub fn call_with(&self, func: Expr<'a>, args: &[Expr<'a>], keywords: &[(&str, Expr<'a>)]) -> Expr<'a> {
        let keyword = |&(name, value)| Keyword { location: self.location(), arg: Some(self.id(name)), value };
        let keywords: Vec<Keyword<'a>> = keywords.iter().map(keyword).collect();
        self.arena.expr_call(self.location(), func, self.arena.list(args), self.arena.list(&keywords))
    }

    pub fn lambda(&self, parameters: &[&str], body: Expr<'a>) -> Expr<'a> {
        self.arena.expr_lambda(self.location(), self.arguments(parameters), body)
    }

    /// Plain parameters, without defaults or annotations.
    pub fn arguments(&self, parameters: &[&str]) -> &'a Arguments<'a> {
        let arg = |name: &&str| Arg {
            location: self.location(),
            arg: self.id(name),
            annotation: None,
            type_comment: None,
        };
        let args: Vec<Arg<'a>> = parameters.iter().map(arg).collect();
        self.arena.arguments(&[], self.arena.list(&args), None, &[], &[], None, &[])
    }

    // Statements.

    /// An expression as a statement.
    pub fn expr(&self, value: Expr<'a>) -> Stmt<'a> {
        self.arena.stmt_expr(self.location(), value)
    }

    /// An assignment to a name.
    pub fn assign(&self, name: &str, value: Expr<'a>) -> Stmt<'a> {
        self.assign_to(&[self.store(name)], value)
    }

    /// An assignment to targets, whose context must be `Store`.
    pub fn assign_to(&self, targets: &[Expr<'a>], value: Expr<'a>) -> Stmt<'a> {
        self.arena.stmt_assign(self.location(), self.arena.list(targets), value, None)
    }

    pub fn return_(&self, value: Option<Expr<'a>>) -> Stmt<'a> {
        self.arena.stmt_return(self.location(), value)
    }

    pub fn pass(&self) -> Stmt<'a> {
        self.arena.stmt_pass(self.location())
    }

    pub fn if_(&self, test: Expr<'a>, body: &[Stmt<'a>], orelse: &[Stmt<'a>]) -> Stmt<'a> {
        self.arena.stmt_if(self.location(), test, self.arena.list(body), self.arena.list(orelse))
    }

    pub fn while_(&self, test: Expr<'a>, body: &[Stmt<'a>]) -> Stmt<'a> {
        self.arena.stmt_while(self.location(), test, self.arena.list(body), &[])
    }

    pub fn for_(&self, target: Expr<'a>, iter: Expr<'a>, body: &[Stmt<'a>]) -> Stmt<'a> {
        self.arena.stmt_for(self.location(), target, iter, self.arena.list(body), &[], None)
    }

    /// `import a, b`
    pub fn import(&self, names: &[&str]) -> Stmt<'a> {
        self.arena.stmt_import(self.location(), self.aliases(names))
    }

    fn aliases(&self, names: &[&str]) -> &'a [Alias] {
        let alias = |name: &&str| Alias { location: self.location(), name: self.id(name), asname: None };
        let names: Vec<Alias> = names.iter().map(alias).collect();
        self.arena.list(&names)
    }

    pub fn global(&self, names: &[&str]) -> Stmt<'a> {
        let names: Vec<StrId> = names.iter().map(|name| self.id(name)).collect();
        self.arena.stmt_global(self.location(), self.arena.list(&names))
    }

    /// A function with plain parameters.
    pub fn function(&self, name: &str, parameters: &[&str], body: &[Stmt<'a>]) -> Stmt<'a> {
        let (name, args) = (self.id(name), self.arguments(parameters));
        self.arena.stmt_function_def(self.location(), name, args, self.arena.list(body), &[], None, None, &[])
    }

    pub fn class(&self, name: &str, bases: &[Expr<'a>], body: &[Stmt<'a>]) -> Stmt<'a> {
        let (bases, body) = (self.arena.list(bases), self.arena.list(body));
        self.arena.stmt_class_def(self.location(), self.id(name), bases, &[], body, &[], &[])
    }

    // Trees.

    pub fn module(&self, body: &[Stmt<'a>]) -> Mod<'a> {
        self.arena.mod_module(self.arena.list(body), &[])
    }

    /// What `eval` takes.
    pub fn expression(&self, body: Expr<'a>) -> Mod<'a> {
        self.arena.mod_expression(body)
    }
}
