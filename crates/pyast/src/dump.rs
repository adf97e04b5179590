//! The text of a tree: CPython's `ast.dump`, to the byte.
//!
//! The rule is `dump` in `Lib/ast.py`. Two of its rules surprise: a node is *simple*, and may stay on
//! its parent's line under `indent`, only if it prints no argument at all; and without field names an
//! omitted empty list is printed after all (as `[]`) when a later field is given by position.
//!
//! An int of more than 4300 digits, for which Python's raises `ValueError`, is shown all the same.
//!
//! The walk keeps its own stack, so no tree is too deep. What `repr` of a frozenset in Python orders
//! by hash comes here in the order of the tree.

use std::fmt::Write;

use pycode::{Interner, repr_str};

use crate::constant::push_constant;
use crate::reflect::{FieldValue, NodeList, NodeRef};

/// The arguments of Python's `ast.dump`; the default is Python's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DumpOptions<'s> {
    /// Name every field; otherwise only those after an omitted one.
    pub annotate_fields: bool,
    /// Print `lineno`, `col_offset`, `end_lineno` and `end_col_offset`.
    pub include_attributes: bool,
    /// Break lines, and indent each level by this text (Python's `indent=2` is two spaces).
    pub indent: Option<&'s str>,
    /// Print empty lists too.
    pub show_empty: bool,
}

impl Default for DumpOptions<'_> {
    fn default() -> Self {
        DumpOptions { annotate_fields: true, include_attributes: false, indent: None, show_empty: false }
    }
}

/// What `ast.dump` returns for a node.
///
/// ```
/// use pyast::{Arena, Constant, DumpOptions, Location, dump};
/// let (arena, strings) = (Arena::new(), pycode::Interner::new());
/// let one = arena.expr_constant(Location::new(1, 1, 0, 1), Constant::Int(1), None);
/// let module = arena.mod_expression(one);
/// let text = dump(module, &strings, &DumpOptions::default());
/// assert_eq!(text, "Expression(body=Constant(value=1))");
/// let text = dump(one, &strings, &DumpOptions { include_attributes: true, ..DumpOptions::default() });
/// assert_eq!(text, "Constant(value=1, lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)");
/// ```
pub fn dump<'a>(node: impl Into<NodeRef<'a>>, strings: &Interner, options: &DumpOptions<'_>) -> String {
    let mut dumper = Dumper { strings, options, out: String::new(), stack: Vec::new() };
    dumper.open_node(node.into());
    while let Some(frame) = dumper.stack.pop() {
        match frame {
            Frame::Node(frame) => dumper.continue_node(frame),
            Frame::List(frame) => dumper.continue_list(frame),
        }
    }
    dumper.out
}

struct Dumper<'s, 'a> {
    strings: &'s Interner,
    options: &'s DumpOptions<'s>,
    out: String,
    /// What is open, outermost first; its length is the level of indentation.
    stack: Vec<Frame<'s, 'a>>,
}

#[derive(Clone, Copy)]
enum Frame<'s, 'a> {
    Node(NodeFrame<'s, 'a>),
    List(ListFrame<'a>),
}

/// A node that is printed up to some argument.
#[derive(Clone, Copy)]
struct NodeFrame<'s, 'a> {
    args: Args<'s, 'a>,
    /// Whether its arguments stand on the line of its name.
    inline: bool,
    printed: usize,
}

#[derive(Clone, Copy)]
struct ListFrame<'a> {
    list: NodeList<'a>,
    next: usize,
}

impl<'s, 'a> Dumper<'s, 'a> {
    fn open_node(&mut self, node: NodeRef<'a>) {
        self.out.push_str(node.kind().name());
        self.out.push('(');
        let args = Args::of(node, self.options);
        let inline = self.options.indent.is_none() || args.fit_on_one_line();
        self.continue_node(NodeFrame { args, inline, printed: 0 });
    }

    /// Prints arguments up to the first that is a node or list, which it opens.
    fn continue_node(&mut self, mut frame: NodeFrame<'s, 'a>) {
        while let Some((name, value)) = frame.args.next() {
            self.separate(frame.printed == 0, frame.inline);
            frame.printed += 1;
            if let Some(name) = name {
                self.out.push_str(name);
                self.out.push('=');
            }
            if self.scalar(value) {
                continue;
            }
            self.stack.push(Frame::Node(frame));
            return self.open(value);
        }
        self.out.push(')');
    }

    fn continue_list(&mut self, mut frame: ListFrame<'a>) {
        while let Some(item) = frame.list.get(frame.next) {
            self.separate(frame.next == 0, false);
            frame.next += 1;
            if self.scalar(item) {
                continue;
            }
            self.stack.push(Frame::List(frame));
            return self.open(item);
        }
        self.out.push(']');
    }

    fn open(&mut self, value: FieldValue<'a>) {
        match value {
            FieldValue::Node(node) => self.open_node(node),
            FieldValue::List(list) => {
                self.out.push('[');
                self.continue_list(ListFrame { list, next: 0 });
            }
            _ => unreachable!("a scalar is printed where it stands"),
        }
    }

    /// Prints a value that has nothing below it; says whether it was one.
    fn scalar(&mut self, value: FieldValue<'a>) -> bool {
        match value {
            FieldValue::Node(_) | FieldValue::List(_) => return false,
            FieldValue::None => self.out.push_str("None"),
            FieldValue::Str(text) => repr_str(self.strings.get(text), &mut self.out),
            FieldValue::Int(number) => {
                let _ = write!(self.out, "{number}");
            }
            FieldValue::Constant(constant) => push_constant(constant, self.strings, &mut self.out),
        }
        true
    }

    /// What stands before an item: the frame of the item's parent is not on the stack at this moment.
    fn separate(&mut self, first: bool, inline: bool) {
        match self.options.indent {
            Some(indent) if !inline => {
                self.out.push_str(if first { "\n" } else { ",\n" });
                for _ in 0..=self.stack.len() {
                    self.out.push_str(indent);
                }
            }
            _ if first => {}
            _ => self.out.push_str(", "),
        }
    }
}

/// The arguments that a node prints: name, if it is to be printed, and value.
#[derive(Clone, Copy)]
struct Args<'s, 'a> {
    node: NodeRef<'a>,
    options: &'s DumpOptions<'s>,
    /// The one to look at next: fields first, then attributes.
    next: usize,
    /// Whether names are printed from here on.
    keywords: bool,
    /// Empty lists that were left out, but are owed should a later field be given by position.
    owed: usize,
}

impl<'s, 'a> Args<'s, 'a> {
    fn of(node: NodeRef<'a>, options: &'s DumpOptions<'s>) -> Self {
        Args { node, options, next: 0, keywords: options.annotate_fields, owed: 0 }
    }

    /// Whether `ast.dump` with `indent` keeps them together: at most three, and all of them simple.
    fn fit_on_one_line(self) -> bool {
        let mut count = 0;
        self.into_iter().all(|(_, value)| {
            count += 1;
            count <= 3 && self.is_simple(value)
        })
    }

    fn is_simple(&self, value: FieldValue<'a>) -> bool {
        match value {
            FieldValue::List(list) => list.is_empty(),
            FieldValue::Node(node) => Args::of(node, self.options).next().is_none(),
            _ => true,
        }
    }

    fn attribute(&self, index: usize) -> Option<(Option<&'static str>, FieldValue<'a>)> {
        let location = self.node.location().filter(|_| self.options.include_attributes)?;
        let (name, value) = match index {
            0 => ("lineno", location.lineno),
            1 => ("col_offset", location.col_offset),
            2 => ("end_lineno", location.end_lineno),
            3 => ("end_col_offset", location.end_col_offset),
            _ => return None,
        };
        Some((Some(name), FieldValue::Int(value)))
    }
}

impl<'a> Iterator for Args<'_, 'a> {
    type Item = (Option<&'static str>, FieldValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let fields = self.node.kind().fields();
        while let Some(info) = fields.get(self.next) {
            let value = self.node.field(self.next).expect("the table lists the fields that there are");
            match value {
                FieldValue::None => self.keywords = true,
                FieldValue::List(list) if list.is_empty() && !self.options.show_empty => {
                    self.owed += usize::from(!self.keywords);
                }
                _ if self.keywords => {
                    self.next += 1;
                    return Some((Some(info.name), value));
                }
                _ if self.owed > 0 => {
                    self.owed -= 1;
                    return Some((None, FieldValue::List(NodeList::Name(&[]))));
                }
                _ => {
                    self.next += 1;
                    return Some((None, value));
                }
            }
            self.next += 1;
        }
        let index = self.next - fields.len();
        self.next += 1;
        self.attribute(index)
    }
}
