//! The syntax tree of `pyast`, from `Python.asdl`.

mod build;
mod constructors;
mod nodes;
mod reflect;
mod rewrite;
mod schema;
mod visitor;

use anyhow::Result;

use super::{Output, read_data};

const INPUT: &str = "Python.asdl";

pub(super) fn emit(out: &mut Output) -> Result<()> {
    let grammar = schema::parse(&read_data(INPUT)?)?;
    let mut add = |name: &str, doc: &str, body: String| {
        out.add(&format!("crates/pyast/src/generated/{name}.rs"), INPUT, doc, &body)
    };
    add("nodes", "The node types.", nodes::emit(&grammar))?;
    add("constructors", "A constructor for each node.", constructors::emit(&grammar))?;
    add("kinds", "The kinds of nodes and their fields.", reflect::emit_kinds(&grammar))?;
    add("refs", "References to any node, and its fields by number.", reflect::emit_refs(&grammar))?;
    add("build", "Nodes from the values of their fields.", build::emit(&grammar))?;
    add("rewriter", "A visitor that replaces nodes.", rewrite::emit(&grammar))?;
    add("visitor", "A visitor that walks the tree in the order of the fields.", visitor::emit(&grammar))
}
