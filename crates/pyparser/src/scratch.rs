//! Lists while they are being collected.
//!
//! A rule remembers the length of a buffer (its *mark*), pushes, and moves everything above the mark to the
//! arena; rules within it do the same above it. So no list costs a heap allocation.

use pyast::{
    Alias, Arg, CmpOp, Comprehension, ExceptHandler, Expr, Keyword, MatchCase, Pattern, Stmt, StrId,
    TypeIgnore, TypeParam, UnaryOp, WithItem,
};

use crate::grammar::{IfPart, StringPart, Ternary};
use crate::lexer::Position;

macro_rules! scratch {
    ($($name:ident: $item:ty,)*) => {
        /// A buffer for each type of list.
        #[derive(Default)]
        pub(crate) struct Scratch<'a> {
            $(pub(crate) $name: Vec<$item>,)*
        }

        /// The lengths of all buffers.
        pub(crate) struct Marks {
            $($name: usize,)*
        }

        impl<'a> Scratch<'a> {
            /// Buffers of which those that every source needs have room. None takes more than a kilobyte: to get that
            /// from the system's allocator, and to give it back, is quick.
            pub(crate) fn with_room() -> Self {
                Scratch {
                    stmts: Vec::with_capacity(64),
                    exprs: Vec::with_capacity(64),
                    keywords: Vec::with_capacity(16),
                    args: Vec::with_capacity(16),
                    aliases: Vec::with_capacity(16),
                    ..Scratch::default()
                }
            }

            /// The lengths of all buffers.
            pub(crate) fn marks(&self) -> Marks {
                Marks { $($name: self.$name.len(),)* }
            }

            /// Drops what was pushed since `marks`.
            pub(crate) fn truncate(&mut self, marks: &Marks) {
                $(self.$name.truncate(marks.$name);)*
            }
        }
    };
}

scratch! {
    stmts: Stmt<'a>,
    exprs: Expr<'a>,
    optional_exprs: Option<Expr<'a>>,
    keywords: Keyword<'a>,
    comprehensions: Comprehension<'a>,
    operators: CmpOp,
    positions: Position,
    unary_operators: (Position, UnaryOp),
    ternaries: Ternary<'a>,
    ifs: IfPart<'a>,
    args: Arg<'a>,
    kwonlyargs: Arg<'a>,
    defaults: Expr<'a>,
    kw_defaults: Option<Expr<'a>>,
    aliases: Alias,
    names: StrId,
    with_items: WithItem<'a>,
    handlers: ExceptHandler<'a>,
    cases: MatchCase<'a>,
    patterns: Pattern<'a>,
    kwd_patterns: Pattern<'a>,
    type_params: TypeParam<'a>,
    type_ignores: TypeIgnore,
    string_parts: StringPart<'a>,
    bytes: u8,
}
