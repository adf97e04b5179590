//! Where in a source its statements, expressions, names, constants and operators stand.

use std::ops::Range;

use pyast::visitor::{self, Visitor};
use pyast::{Arena, Expr, ExprContext, Location, Pattern, Stmt};
use pycode::Interner;
use pyparser::ParseOptions;

/// What a statement needs around it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(in crate::difftest) struct Home {
    pub in_function: bool,
    pub in_async: bool,
    pub in_loop: bool,
}

/// A statement.
#[derive(Clone, Debug)]
pub(in crate::difftest) struct Statement {
    /// From its first token, a decorator's `@` included, to its last.
    pub range: Range<usize>,
    /// The column of its first token.
    pub column: usize,
    pub home: Home,
}

/// All sites of a source, in bytes.
pub(in crate::difftest) struct Sites {
    pub statements: Vec<Statement>,
    /// Expressions that are read.
    pub expressions: Vec<Range<usize>>,
    /// Variables, read or bound.
    pub names: Vec<Range<usize>>,
    pub constants: Vec<Range<usize>>,
    /// What stands between two operands, with blanks.
    pub operators: Vec<Range<usize>>,
}

impl Sites {
    /// The sites of a source, if it parses.
    pub(in crate::difftest) fn of(source: &str) -> Option<Sites> {
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let parsed =
            pyparser::parse(source.as_bytes(), &arena, &mut strings, &ParseOptions::default()).ok()?;
        let mut lines = vec![0];
        lines.extend(source.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        let mut finder = Finder {
            lines,
            home: Home::default(),
            sites: Sites {
                statements: Vec::new(),
                expressions: Vec::new(),
                names: Vec::new(),
                constants: Vec::new(),
                operators: Vec::new(),
            },
        };
        finder.visit_mod(parsed.module);
        Some(finder.sites)
    }
}

struct Finder {
    /// Where each line starts.
    lines: Vec<usize>,
    home: Home,
    sites: Sites,
}

impl Finder {
    fn offset(&self, line: i32, column: i32) -> usize {
        self.lines[line as usize - 1] + column as usize
    }

    fn range(&self, location: Location) -> Range<usize> {
        self.offset(location.lineno, location.col_offset)
            ..self.offset(location.end_lineno, location.end_col_offset)
    }

    fn add_statement(&mut self, node: Stmt<'_>) {
        let decorators = match node {
            Stmt::FunctionDef(node) => node.decorator_list,
            Stmt::AsyncFunctionDef(node) => node.decorator_list,
            Stmt::ClassDef(node) => node.decorator_list,
            _ => &[],
        };
        let mut range = self.range(node.location());
        let column = node.location().col_offset as usize;
        if let Some(first) = decorators.first() {
            range.start = self.offset(first.location().lineno, column as i32);
        }
        self.sites.statements.push(Statement { range, column, home: self.home });
    }

    fn at_home<'a>(&mut self, home: Home, node: Stmt<'a>) {
        let before = std::mem::replace(&mut self.home, home);
        visitor::walk_stmt(self, node);
        self.home = before;
    }

    fn add_operator(&mut self, left: Expr<'_>, right: Expr<'_>) {
        let (left, right) = (self.range(left.location()), self.range(right.location()));
        if left.end < right.start {
            self.sites.operators.push(left.end..right.start);
        }
    }

    /// What is in the fields of an f-string; the texts between them are no expressions.
    fn visit_fields<'a>(&mut self, values: &[Expr<'a>]) {
        for value in values {
            let spec = match value {
                Expr::FormattedValue(field) => {
                    self.visit_expr(field.value);
                    field.format_spec
                }
                Expr::Interpolation(field) => {
                    self.visit_expr(field.value);
                    field.format_spec
                }
                _ => None,
            };
            if let Some(Expr::JoinedStr(spec)) = spec {
                self.visit_fields(spec.values);
            }
        }
    }
}

/// Whether an expression is bound or deleted.
fn is_target(node: Expr<'_>) -> bool {
    let context = match node {
        Expr::Name(node) => node.ctx,
        Expr::Attribute(node) => node.ctx,
        Expr::Subscript(node) => node.ctx,
        Expr::Starred(node) => node.ctx,
        Expr::List(node) => node.ctx,
        Expr::Tuple(node) => node.ctx,
        _ => ExprContext::Load,
    };
    !matches!(context, ExprContext::Load)
}

impl<'a> Visitor<'a> for Finder {
    fn visit_stmt(&mut self, node: Stmt<'a>) {
        self.add_statement(node);
        match node {
            Stmt::FunctionDef(_) => self.at_home(Home { in_function: true, ..Home::default() }, node),
            Stmt::AsyncFunctionDef(_) => {
                self.at_home(Home { in_function: true, in_async: true, in_loop: false }, node);
            }
            Stmt::ClassDef(_) => self.at_home(Home::default(), node),
            Stmt::For(_) | Stmt::AsyncFor(_) | Stmt::While(_) => {
                self.at_home(Home { in_loop: true, ..self.home }, node);
            }
            _ => visitor::walk_stmt(self, node),
        }
    }

    fn visit_expr(&mut self, node: Expr<'a>) {
        let range = self.range(node.location());
        match node {
            Expr::JoinedStr(node) => {
                self.sites.expressions.push(range);
                return self.visit_fields(node.values);
            }
            Expr::TemplateStr(node) => {
                self.sites.expressions.push(range);
                return self.visit_fields(node.values);
            }
            Expr::Name(_) => self.sites.names.push(range.clone()),
            Expr::Constant(_) => self.sites.constants.push(range.clone()),
            Expr::BinOp(node) => self.add_operator(node.left, node.right),
            Expr::Compare(node) => self.add_operator(node.left, node.comparators[0]),
            Expr::BoolOp(node) => self.add_operator(node.values[0], node.values[1]),
            _ => {}
        }
        if !is_target(node) && !matches!(node, Expr::Starred(_) | Expr::Slice(_)) {
            self.sites.expressions.push(range);
        }
        visitor::walk_expr(self, node);
    }

    fn visit_pattern(&mut self, _: Pattern<'a>) {
        // What stands in a pattern looks like an expression and is none.
    }
}
