//! What a rule gives: tokens, and nodes with just enough structure for the error messages.

use pycode::Location;

/// What an item matched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// Nothing, where that is allowed.
    Absent,
    /// Something of which nobody wants to know more.
    Done,
    /// A token, by its number.
    Token(u32),
    /// A node, by its number.
    Node(u32),
    /// An atom in brackets that was leapt over. Who wants to know more has to read it first; see
    /// [`brackets`](super::brackets).
    Unread,
}

/// The kinds of nodes and, for [`NodeKind::named`], their names.
macro_rules! node_kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// What a node is: the kinds of expressions that the messages tell apart, and a few helpers.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum NodeKind {
            $($(#[$doc])* $kind,)*
        }

        impl NodeKind {
            /// The kind of that name in the grammar.
            pub(super) fn named(name: &str) -> NodeKind {
                match name {
                    $(stringify!($kind) => NodeKind::$kind,)*
                    _ => panic!("no kind of nodes is called {name}"),
                }
            }
        }
    };
}

node_kinds! {
    Attribute,
    Await,
    /// A call; as the result of `args`: arguments, keywords among them.
    Call,
    /// The left side, then what it is compared with.
    Compare,
    /// What is iterated over, then the conditions.
    Comprehension,
    Dict,
    DictComp,
    FormattedValue,
    GeneratorExp,
    IfExp,
    JoinedStr,
    Keyword,
    KeywordUnpacking,
    Lambda,
    /// The elements.
    List,
    ListComp,
    /// `in x`
    Membership,
    NamedExpr,
    /// A binary, unary or boolean operator with its operands.
    Operation,
    Parameter,
    /// A pattern; one without alternatives is its only part.
    Pattern,
    /// Any number of values in a row.
    Sequence,
    Set,
    SetComp,
    Slice,
    /// What the star stands before.
    Starred,
    /// String literals, f-strings among them.
    String,
    Subscript,
    TemplateStr,
    /// The elements.
    Tuple,
    Yield,
}

/// A node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) location: Location,
    children: (u32, u32),
}

/// All nodes of a pass. Those of alternatives that came to nothing stay; the pass is short.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
    children: Vec<Value>,
}

impl Nodes {
    /// Forgets all nodes.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.children.clear();
    }

    pub(super) fn get(&self, id: u32) -> Node {
        self.nodes[id as usize]
    }

    pub(super) fn children(&self, id: u32) -> &[Value] {
        let (start, end) = self.nodes[id as usize].children;
        &self.children[start as usize..end as usize]
    }

    /// A new node. The elements of sequences are taken in place of these; absent ones are left out.
    pub(super) fn add(
        &mut self,
        kind: NodeKind,
        location: Location,
        parts: impl IntoIterator<Item = Value>,
    ) -> Value {
        let start = self.children.len() as u32;
        for part in parts {
            self.splice(part);
        }
        if kind == NodeKind::Pattern && self.children.len() as u32 == start + 1 {
            return self.children[start as usize];
        }
        self.nodes.push(Node { kind, location, children: (start, self.children.len() as u32) });
        Value::Node(self.nodes.len() as u32 - 1)
    }

    fn splice(&mut self, part: Value) {
        match part {
            Value::Absent => {}
            Value::Node(id) if self.get(id).kind == NodeKind::Sequence => {
                let (start, end) = self.nodes[id as usize].children;
                self.children.extend_from_within(start as usize..end as usize);
            }
            part => self.children.push(part),
        }
    }
}
