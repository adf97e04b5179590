//! What is legal where.

/// The kinds of scopes that hold statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function,
}

/// A scope that is being written.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub kind: ScopeKind,
    /// Whether it is an `async def`.
    pub is_async: bool,
    /// Whether it may yield.
    pub yields: bool,
    /// How many loops are open.
    pub loops: u32,
    /// Whether `return`, `break` and `continue` are forbidden, as in `except*`.
    pub stays: bool,
    /// Names bound so far.
    pub bound: Vec<&'static str>,
    /// Names declared `global` or `nonlocal`.
    pub declared: Vec<&'static str>,
}

impl Scope {
    pub(super) fn module() -> Scope {
        Scope::new(ScopeKind::Module)
    }

    pub(super) fn new(kind: ScopeKind) -> Scope {
        Scope {
            kind,
            is_async: false,
            yields: false,
            loops: 0,
            stays: false,
            bound: Vec::new(),
            declared: Vec::new(),
        }
    }

    pub(super) fn function(is_async: bool, yields: bool) -> Scope {
        Scope { is_async, yields, ..Scope::new(ScopeKind::Function) }
    }
}

/// What an expression may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Allowed {
    pub yields: bool,
    pub awaits: bool,
    pub walrus: bool,
    /// Whether the expression is directly in a class body: no walrus in its comprehensions.
    pub in_class: bool,
}

impl Allowed {
    pub(super) const IN_MODULE: Allowed =
        Allowed { yields: false, awaits: false, walrus: true, in_class: false };
    pub(super) const IN_CLASS: Allowed = Allowed { in_class: true, ..Allowed::IN_MODULE };
    /// In annotations, bounds and the values of type aliases.
    pub(super) const IN_ANNOTATION: Allowed = Allowed { walrus: false, ..Allowed::IN_MODULE };

    pub(super) const fn in_function(is_async: bool, yields: bool) -> Allowed {
        Allowed { yields, awaits: is_async, ..Allowed::IN_MODULE }
    }

    /// In the element and the conditions of a comprehension.
    pub(super) const fn in_comprehension(self) -> Allowed {
        Allowed { yields: false, walrus: self.walrus && !self.in_class, ..self }
    }

    /// In what a comprehension iterates over.
    pub(super) const fn in_iterable(self) -> Allowed {
        Allowed { yields: false, walrus: false, ..self }
    }
}

/// Names of variables.
pub(super) const NAMES: &[&str] = &[
    "a", "b", "c", "d", "x", "y", "z", "self", "cls", "__p", "__q__", "_r", "f", "g", "h", "é", "i", "j",
    "k", "e",
];

/// Names that are read as well.
pub(super) const BUILTINS: &[&str] = &[
    "print",
    "len",
    "any",
    "all",
    "tuple",
    "list",
    "set",
    "super",
    "__class__",
    "__debug__",
    "range",
    "str",
    "int",
    "isinstance",
    "__name__",
    "T",
    "frozenset",
    "dict",
];

/// Names that comprehensions bind.
pub(super) const ITERATION: &[&str] = &["i", "j", "k", "x", "a", "_", "__p"];

/// Names that `:=` binds, none of which a comprehension does.
pub(super) const WALRUS: &[&str] = &["w", "v", "y", "__w", "g"];
