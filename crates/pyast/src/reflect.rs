//! All nodes alike: kinds, their fields by number, children; what is generic over the grammar
//! ([`dump`](crate::dump), [`load`](crate::load), depth) is written with it.
//!
//! The tables are generated from `data/Python.asdl`, so a new node needs no code here.
//!
//! ```
//! use pyast::reflect::{FieldValue, NodeKind, NodeRef};
//! use pyast::{Arena, Constant, Location};
//! let arena = Arena::new();
//! let one = arena.expr_constant(Location::NONE, Constant::Int(1), None);
//! let negative = NodeRef::from(arena.expr_unary_op(Location::NONE, pyast::UnaryOp::USub, one));
//! assert_eq!(negative.kind(), NodeKind::ExprUnaryOp);
//! assert_eq!(negative.kind().fields()[1].name, "operand");
//! assert!(matches!(negative.field(1), Some(FieldValue::Node(NodeRef::ExprConstant(_)))));
//! let children: Vec<_> = negative.children().map(|child| child.kind().name()).collect();
//! assert_eq!(children, ["USub", "Constant"]);
//! ```

use pycode::StrId;

use crate::Constant;
pub use crate::generated::kinds::{NodeKind, NodeType};
pub use crate::generated::refs::{NodeList, NodeRef};

/// What the grammar says of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FieldInfo {
    /// Its name in Python.
    pub name: &'static str,
    /// The type of its values.
    pub ty: FieldType,
    /// How many values it holds.
    pub count: Count,
}

impl FieldInfo {
    pub(crate) const fn new(name: &'static str, ty: FieldType, count: Count) -> Self {
        FieldInfo { name, ty, count }
    }

    /// Whether it holds a list.
    pub const fn is_list(&self) -> bool {
        matches!(self.count, Count::Many | Count::ManyOptional)
    }
}

/// The type of a field's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// `identifier`
    Identifier,
    /// `string`
    String,
    /// `int`
    Int,
    /// `constant`
    Constant,
    /// Nodes of a type.
    Node(NodeType),
}

/// How many values a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    /// Exactly one.
    One,
    /// `?`: one or none.
    Optional,
    /// `*`: a list.
    Many,
    /// `?*`: a list whose items may be missing.
    ManyOptional,
}

/// The value of a field, or one item of a list.
#[derive(Clone, Copy, Debug)]
pub enum FieldValue<'a> {
    /// Nothing, in an optional field or a list with gaps.
    None,
    /// A node.
    Node(NodeRef<'a>),
    /// An identifier or string.
    Str(StrId),
    /// An int.
    Int(i32),
    /// A constant.
    Constant(Constant<'a>),
    /// A list.
    List(NodeList<'a>),
}

impl<'a> FieldValue<'a> {
    pub(crate) fn from_option<T: Into<NodeRef<'a>>>(node: Option<T>) -> Self {
        node.map_or(FieldValue::None, |node| FieldValue::Node(node.into()))
    }
}

impl<'a> NodeRef<'a> {
    /// The nodes directly below, in the order of the fields: Python's `ast.iter_child_nodes`.
    pub fn children(self) -> Children<'a> {
        Children { node: self, field: 0, list: None }
    }
}

/// See [`NodeRef::children`].
#[derive(Clone, Debug)]
pub struct Children<'a> {
    node: NodeRef<'a>,
    /// The field to look at next.
    field: usize,
    /// The list of the field before it, as long as it has items.
    list: Option<(NodeList<'a>, usize)>,
}

impl<'a> Iterator for Children<'a> {
    type Item = NodeRef<'a>;

    fn next(&mut self) -> Option<NodeRef<'a>> {
        loop {
            if let Some((list, at)) = &mut self.list {
                while let Some(item) = list.get(*at) {
                    *at += 1;
                    if let FieldValue::Node(node) = item {
                        return Some(node);
                    }
                }
                self.list = None;
            }
            let value = self.node.field(self.field)?;
            self.field += 1;
            match value {
                FieldValue::Node(node) => return Some(node),
                FieldValue::List(list) => self.list = Some((list, 0)),
                FieldValue::None | FieldValue::Str(_) | FieldValue::Int(_) | FieldValue::Constant(_) => {}
            }
        }
    }
}
