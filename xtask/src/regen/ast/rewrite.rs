//! Emits the rewriting visitor.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::reflect::node_value_type;
use super::schema::{Count, Field, Grammar, Kind, Type, Variant};
use super::visitor::child_type;
use crate::regen::rust::{camel, snake};

pub(super) fn emit(grammar: &Grammar) -> String {
    let mut body = String::from(
        "use crate::Arena;\nuse crate::generated::kinds::NodeKind;\nuse crate::generated::nodes::*;\nuse crate::rewrite::{Same, list, list_of_structs, optional};\n\n",
    );
    let visited: Vec<&Type> = grammar.types.iter().filter(|t| !matches!(t.kind, Kind::Enum(_))).collect();
    emit_bodies(grammar, &mut body);
    body += TRAIT_HEAD;
    for ty in &visited {
        let (name, value) = (snake(&ty.rust), node_value_type(grammar, ty));
        let _ = write!(
            body,
            "/// What replaces {}.\nfn rewrite_{name}(&mut self, node: {value}) -> Result<{value}, Self::Error> {{\n\
             rewrite_{name}_children(self, node)\n}}\n\n",
            ty.with_article()
        );
    }
    body += "}\n\n";
    for ty in visited.iter().filter(|ty| matches!(ty.kind, Kind::Sum(_))) {
        let _ = write!(
            body,
            "impl Same for {}<'_> {{\n#[inline]\nfn is_same(self, other: Self) -> bool {{\nself.key() == other.key()\n}}\n}}\n\n",
            ty.rust
        );
    }
    for ty in &visited {
        emit_children_function(grammar, ty, &mut body);
    }
    body
}

const TRAIT_HEAD: &str = "\
/// A walk that replaces nodes and copies only what lies above a replaced one.
///
/// Each method's default rewrites the children in the order of the fields and gives back the same node if
/// none changed. Override the methods of interest; call the `rewrite_*_children` function to go on below.
///
/// The walk recurses: its depth is that of the tree. An override that counts can stop it with an error.
#[allow(clippy::missing_errors_doc, reason = \"when a method fails, whoever implements it decides\")]
pub trait Rewriter<'a> {
/// Why the walk stops.
type Error;

/// Where new nodes go.
fn arena(&self) -> &'a Arena;

/// What replaces a list of statements, which is this field of a node of kind `owner`. Statements can be
/// added and removed here.
fn rewrite_body(&mut self, owner: NodeKind, field: Body, body: &'a [Stmt<'a>]) -> Result<&'a [Stmt<'a>], Self::Error> {
let _ = (owner, field);
list(self, body, Self::rewrite_stmt)
}

/// What replaces the annotation of a parameter or variable, or of what a function returns.
fn rewrite_annotation(&mut self, annotation: Expr<'a>) -> Result<Expr<'a>, Self::Error> {
self.rewrite_expr(annotation)
}

";

/// The fields that hold lists of statements.
fn emit_bodies(grammar: &Grammar, body: &mut String) {
    let bodies: BTreeSet<&str> = grammar
        .structs()
        .flat_map(|(_, v)| &v.fields)
        .filter(|f| is_body(f))
        .map(|f| f.asdl.as_str())
        .collect();
    *body += "/// A field that holds a list of statements.\n#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\npub enum Body {\n";
    for name in bodies {
        let _ = writeln!(body, "/// `{name}`\n{},", camel(name));
    }
    *body += "}\n\n";
}

fn is_body(f: &Field) -> bool {
    f.ty == "stmt" && f.count == Count::Many
}

fn is_annotation(ty: &Type, f: &Field) -> bool {
    ty.located && matches!(f.asdl.as_str(), "annotation" | "returns")
}

fn emit_children_function(grammar: &Grammar, ty: &Type, body: &mut String) {
    let (name, value) = (snake(&ty.rust), node_value_type(grammar, ty));
    let _ = write!(
        body,
        "/// Rewrites the children of {}.\n///\n\
         /// # Errors\n/// The first that the rewriter gives.\n\
         pub fn rewrite_{name}_children<'a, R: Rewriter<'a> + ?Sized>(rewriter: &mut R, node: {value}) -> Result<{value}, R::Error> {{\n",
        ty.with_article()
    );
    match &ty.kind {
        Kind::Product(variant) => emit_product(grammar, ty, variant, body),
        Kind::Sum(variants) => emit_sum(grammar, ty, variants, body),
        Kind::Enum(_) => unreachable!("plain enums are not visited"),
    }
    *body += "}\n\n";
}

fn emit_product(grammar: &Grammar, ty: &Type, variant: &Variant, body: &mut String) {
    let children = child_fields(grammar, variant);
    if children.is_empty() {
        *body += "let _ = rewriter;\nOk(node)\n";
        return;
    }
    emit_fields(ty, variant, &children, body);
    let _ = writeln!(
        body,
        "if {} {{\nreturn Ok(node);\n}}\nOk(rewriter.arena().alloc({} {{ {} }}))",
        unchanged(&children),
        variant.rust,
        literal(ty, variant, &children)
    );
}

fn emit_sum(grammar: &Grammar, ty: &Type, variants: &[Variant], body: &mut String) {
    *body += "match node {\n";
    let mut leaves = Vec::new();
    for variant in variants {
        let children = child_fields(grammar, variant);
        if children.is_empty() {
            leaves.push(format!("{}::{}(_)", ty.rust, variant.asdl));
            continue;
        }
        let _ = writeln!(body, "{}::{}(node) => {{", ty.rust, variant.asdl);
        emit_fields(ty, variant, &children, body);
        let _ = writeln!(
            body,
            "if !({}) {{\nreturn Ok({}::{}(rewriter.arena().alloc({} {{ {} }})));\n}}\n}}",
            unchanged(&children),
            ty.rust,
            variant.asdl,
            variant.rust,
            literal(ty, variant, &children)
        );
    }
    if !leaves.is_empty() {
        let _ = writeln!(body, "{} => {{}}", leaves.join(" | "));
    }
    *body += "}\nOk(node)\n";
}

fn child_fields<'g>(grammar: &'g Grammar, variant: &'g Variant) -> Vec<(&'g Field, &'g Type)> {
    variant.fields.iter().filter_map(|f| child_type(grammar, f).map(|ty| (f, ty))).collect()
}

/// `let field = ...;` for each field with children.
fn emit_fields(owner: &Type, variant: &Variant, children: &[(&Field, &Type)], body: &mut String) {
    for (f, ty) in children {
        let what = if is_annotation(owner, f) { "annotation".to_owned() } else { snake(&ty.rust) };
        let method = format!("R::rewrite_{what}");
        let name = &f.rust;
        let value = match f.count {
            Count::One => format!("rewriter.rewrite_{what}(node.{name})?"),
            Count::Optional => format!("optional(rewriter, node.{name}, {method})?"),
            Count::Many if is_body(f) => format!(
                "rewriter.rewrite_body(NodeKind::{}, Body::{}, node.{name})?",
                variant.rust,
                camel(&f.asdl)
            ),
            Count::Many if matches!(ty.kind, Kind::Product(_)) => {
                format!("list_of_structs(rewriter, node.{name}, {method})?")
            }
            Count::Many => format!("list(rewriter, node.{name}, {method})?"),
            Count::ManyOptional => {
                format!("list(rewriter, node.{name}, |r, item| optional(r, item, {method}))?")
            }
        };
        let _ = writeln!(body, "let {name} = {value};");
    }
}

fn unchanged(children: &[(&Field, &Type)]) -> String {
    let same = |f: &Field| format!("{0}.is_same(node.{0})", f.rust);
    children.iter().map(|(f, _)| same(f)).collect::<Vec<_>>().join(" && ")
}

fn literal(ty: &Type, variant: &Variant, children: &[(&Field, &Type)]) -> String {
    let mut text = children.iter().map(|(f, _)| f.rust.clone()).collect::<Vec<_>>().join(", ");
    if ty.located || children.len() < variant.fields.len() {
        text += ", ..*node";
    }
    text
}
