//! From the text of `ast.dump` back to a tree, so that a stage can be fed with CPython's own.
//!
//! Takes what `ast.dump` writes with any of its options, and any layout of it; fields may be left out
//! or reordered where Python's constructors allow it. Without attributes the nodes get
//! [`Location::NONE`]; with a start only, they end where they start, as in CPython.
//!
//! Nodes and lists are kept on a stack of their own, so depth is no limit; tuple constants in tuple
//! constants are limited to 100 levels.

mod literal;
mod scan;

use pycode::{Interner, Location};
use thiserror::Error;

use crate::build::{FieldError, Fields};
use crate::generated::build::{build, build_list};
use crate::reflect::{FieldInfo, FieldType, FieldValue, NodeKind, NodeRef};
use crate::{Arena, Mod};
use scan::Scanner;

/// Text that is no dump of a tree.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{kind} at offset {offset}")]
pub struct LoadError {
    /// Where, in bytes from the start of the text.
    pub offset: usize,
    /// What is wrong.
    pub kind: LoadErrorKind,
}

/// What can be wrong with a dump.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum LoadErrorKind {
    /// Something else had to stand here.
    #[error("expected {0}")]
    Expected(&'static str),
    /// There is no such class in the grammar.
    #[error("unknown node `{0}`")]
    UnknownNode(String),
    /// The node has no such field.
    #[error("`{node}` has no field `{field}`")]
    UnknownField {
        /// The class of the node.
        node: &'static str,
        /// The name that it has no field for.
        field: String,
    },
    /// A field or attribute is there twice, or there are more values than fields.
    #[error("too many values for `{0}`")]
    TooManyValues(&'static str),
    /// A required field is not there.
    #[error("required field \"{field}\" missing from {node}")]
    MissingField {
        /// The class of the node.
        node: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A required field is `None`.
    #[error("field '{field}' is required for {node}")]
    NoneForField {
        /// The class of the node.
        node: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A field holds a node of another type than the grammar says.
    #[error("wrong type of value for field `{field}` of `{node}`")]
    WrongType {
        /// The class of the node.
        node: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A number, string or bytes literal is not what `repr` writes.
    #[error("malformed literal")]
    BadLiteral,
    /// Tuples are nested too deeply.
    #[error("constant is nested too deeply")]
    TooDeep,
}

/// Reads a node of any kind.
///
/// ```
/// use pyast::{Arena, DumpOptions, dump, load};
/// let (arena, mut strings) = (Arena::new(), pycode::Interner::new());
/// let text = "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[Constant(value=(1+2j))]))";
/// let node = load(text, &arena, &mut strings)?;
/// assert_eq!(dump(node, &strings, &DumpOptions::default()), text);
///
/// let error = load("Expr(value=Nome())", &arena, &mut strings).unwrap_err();
/// assert_eq!(error.to_string(), "unknown node `Nome` at offset 11");
/// # Ok::<(), pyast::LoadError>(())
/// ```
///
/// # Errors
/// When the text is no dump of a node: where, and what was expected.
pub fn load<'a>(text: &str, arena: &'a Arena, strings: &mut Interner) -> Result<NodeRef<'a>, LoadError> {
    let mut loader =
        Loader { scanner: Scanner::new(text), arena, strings, open: Vec::new(), items: Vec::new() };
    let node = loader.run()?;
    loader.scanner.expect_end()?;
    Ok(node)
}

/// [`load`] for a whole tree.
///
/// # Errors
/// As for [`load`], and when the root is no `mod`.
pub fn load_mod<'a>(text: &str, arena: &'a Arena, strings: &mut Interner) -> Result<Mod<'a>, LoadError> {
    let kind = LoadErrorKind::Expected("a `mod`");
    load(text, arena, strings)?.as_mod().ok_or(LoadError { offset: 0, kind })
}

struct Loader<'t, 'a> {
    scanner: Scanner<'t>,
    arena: &'a Arena,
    strings: &'t mut Interner,
    /// Nodes and lists whose end was not yet seen, outermost first.
    open: Vec<Open<'a>>,
    /// The items so far of all open lists.
    items: Vec<FieldValue<'a>>,
}

#[allow(clippy::large_enum_variant, reason = "most of what is open are nodes, and little is open at a time")]
enum Open<'a> {
    Node(OpenNode<'a>),
    List(OpenList),
}

struct OpenNode<'a> {
    /// Where its name stands.
    offset: usize,
    fields: Fields<'a>,
    attributes: [Option<i32>; 4],
    /// How many values were given.
    given: usize,
    /// The field whose value is being read.
    current: usize,
}

#[derive(Clone, Copy)]
struct OpenList {
    offset: usize,
    field: &'static FieldInfo,
    /// The class of the node that the list belongs to.
    node: &'static str,
    /// Where its items start in [`Loader::items`].
    start: usize,
}

/// What reading one step further gave.
enum Step<'a> {
    /// A node or list began; its values come next.
    Opened,
    /// A value is complete.
    Value(FieldValue<'a>),
}

impl<'a> Loader<'_, 'a> {
    fn run(&mut self) -> Result<NodeRef<'a>, LoadError> {
        let mut step = self.open_node()?;
        loop {
            step = match (step, self.open.pop()) {
                (Step::Value(FieldValue::Node(node)), None) => return Ok(node),
                (Step::Value(value), Some(parent)) => self.deliver(value, parent)?,
                (Step::Opened, Some(top)) => self.proceed(top)?,
                (_, None) => unreachable!("the outermost value is a node"),
            };
        }
    }

    /// `Name(`
    fn open_node(&mut self) -> Result<Step<'a>, LoadError> {
        self.scanner.skip_space();
        let offset = self.scanner.offset();
        let name =
            self.scanner.word().ok_or_else(|| self.scanner.error(LoadErrorKind::Expected("a node")))?;
        let kind = NodeKind::from_name(name)
            .ok_or_else(|| LoadError { offset, kind: LoadErrorKind::UnknownNode(name.to_owned()) })?;
        self.scanner.expect(b'(', "`(`")?;
        let fields = Fields::new(kind);
        self.open.push(Open::Node(OpenNode { offset, fields, attributes: [None; 4], given: 0, current: 0 }));
        Ok(Step::Opened)
    }

    fn deliver(&mut self, value: FieldValue<'a>, parent: Open<'a>) -> Result<Step<'a>, LoadError> {
        match parent {
            Open::Node(mut node) => {
                node.fields.values[node.current] = Some(value);
                self.continue_node(node)
            }
            Open::List(list) => {
                self.items.push(value);
                self.continue_list(list)
            }
        }
    }

    fn proceed(&mut self, top: Open<'a>) -> Result<Step<'a>, LoadError> {
        match top {
            Open::Node(node) => self.continue_node(node),
            Open::List(list) => self.continue_list(list),
        }
    }

    /// Reads arguments up to the first that is a node or list, or up to `)`.
    fn continue_node(&mut self, mut node: OpenNode<'a>) -> Result<Step<'a>, LoadError> {
        loop {
            if self.scanner.at_end_of_sequence(b')', node.given == 0)? {
                return self.close_node(&node);
            }
            node.given += 1;
            let kind = node.fields.kind;
            let Some(index) = self.field_number(&mut node)? else { continue };
            if node.fields.values[index].is_some() {
                return Err(self.scanner.error(LoadErrorKind::TooManyValues(kind.name())));
            }
            node.current = index;
            let info = &kind.fields()[index];
            if !info.is_list() && !self.scanner.at_node(info.ty) {
                node.fields.values[index] = Some(self.scalar(info)?);
                continue;
            }
            self.open.push(Open::Node(node));
            return if info.is_list() { self.open_list(info, kind.name()) } else { self.open_node() };
        }
    }

    /// The number of the field whose value stands next; `None` after an attribute, which is read here.
    fn field_number(&mut self, node: &mut OpenNode<'a>) -> Result<Option<usize>, LoadError> {
        let kind = node.fields.kind;
        let offset = self.scanner.offset();
        let Some(name) = self.scanner.keyword() else {
            let index = node.given - 1;
            let too_many = LoadError { offset, kind: LoadErrorKind::TooManyValues(kind.name()) };
            return if index < kind.fields().len() { Ok(Some(index)) } else { Err(too_many) };
        };
        if let Some(index) = kind.fields().iter().position(|f| f.name == name) {
            return Ok(Some(index));
        }
        let attribute = match name {
            "lineno" => 0,
            "col_offset" => 1,
            "end_lineno" => 2,
            "end_col_offset" => 3,
            _ => return Err(LoadError { offset, kind: unknown_field(kind, name) }),
        };
        if !kind.node_type().is_located() {
            return Err(LoadError { offset, kind: unknown_field(kind, name) });
        }
        if node.attributes[attribute].is_some() {
            return Err(LoadError { offset, kind: LoadErrorKind::TooManyValues(kind.name()) });
        }
        node.attributes[attribute] = Some(self.scanner.int()?);
        Ok(None)
    }

    fn close_node(&mut self, node: &OpenNode<'a>) -> Result<Step<'a>, LoadError> {
        let kind = node.fields.kind;
        let built = build(self.arena, kind, &node.fields, location(node.attributes));
        let built = built.map_err(|error| LoadError {
            offset: node.offset,
            kind: match error {
                FieldError::Missing(field) => LoadErrorKind::MissingField { node: kind.name(), field },
                FieldError::None(field) => LoadErrorKind::NoneForField { node: kind.name(), field },
                FieldError::WrongType(field) => LoadErrorKind::WrongType { node: kind.name(), field },
            },
        })?;
        Ok(Step::Value(FieldValue::Node(built)))
    }

    fn open_list(&mut self, field: &'static FieldInfo, node: &'static str) -> Result<Step<'a>, LoadError> {
        self.scanner.skip_space();
        let offset = self.scanner.offset();
        self.scanner.expect(b'[', "`[`")?;
        self.open.push(Open::List(OpenList { offset, field, node, start: self.items.len() }));
        Ok(Step::Opened)
    }

    /// Reads items up to the first that is a node, or up to `]`.
    fn continue_list(&mut self, list: OpenList) -> Result<Step<'a>, LoadError> {
        loop {
            if self.scanner.at_end_of_sequence(b']', self.items.len() == list.start)? {
                let made = build_list(self.arena, list.field, &self.items[list.start..]);
                self.items.truncate(list.start);
                let kind = LoadErrorKind::WrongType { node: list.node, field: list.field.name };
                let made = made.ok_or(LoadError { offset: list.offset, kind })?;
                return Ok(Step::Value(FieldValue::List(made)));
            }
            if self.scanner.at_node(list.field.ty) {
                self.open.push(Open::List(list));
                return self.open_node();
            }
            let item = self.scalar(list.field)?;
            self.items.push(item);
        }
    }

    fn scalar(&mut self, info: &FieldInfo) -> Result<FieldValue<'a>, LoadError> {
        Ok(match info.ty {
            FieldType::Constant => FieldValue::Constant(self.scanner.constant(self.arena, self.strings)?),
            _ if self.scanner.eat_word("None") => FieldValue::None,
            FieldType::Int => FieldValue::Int(self.scanner.int()?),
            FieldType::Identifier | FieldType::String => FieldValue::Str(self.scanner.string(self.strings)?),
            FieldType::Node(_) => unreachable!("a word that is not `None` begins a node"),
        })
    }
}

fn unknown_field(kind: NodeKind, name: &str) -> LoadErrorKind {
    LoadErrorKind::UnknownField { node: kind.name(), field: name.to_owned() }
}

/// As in CPython's `obj2ast` functions: where the end is missing it is the start.
fn location([lineno, col_offset, end_lineno, end_col_offset]: [Option<i32>; 4]) -> Location {
    let (Some(lineno), Some(col_offset)) = (lineno, col_offset) else { return Location::NONE };
    Location::new(lineno, end_lineno.unwrap_or(lineno), col_offset, end_col_offset.unwrap_or(col_offset))
}
