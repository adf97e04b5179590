//! Emits the visitor.

use std::fmt::Write;

use super::schema::{Class, Count, Field, Grammar, Kind, Type, Variant};
use crate::regen::rust::snake;

pub(super) fn emit(grammar: &Grammar) -> String {
    let mut body = String::from("use crate::generated::nodes::*;\n\n");
    let visited: Vec<&Type> = grammar.types.iter().filter(|t| !matches!(t.kind, Kind::Enum(_))).collect();
    body += "/// A walk over the tree. Each method's default visits the children in the order of the fields;\n\
             /// override the ones of interest and call the `walk_*` function to go on below.\n\
             ///\n/// The walk recurses: its depth is that of the tree.\npub trait Visitor<'a> {\n";
    for ty in &visited {
        let (name, argument) = (snake(&ty.rust), argument(grammar, ty));
        let _ = write!(
            body,
            "/// Visits {}.\nfn visit_{name}(&mut self, node: {argument}) {{\nwalk_{name}(self, node);\n}}\n\n",
            ty.with_article()
        );
    }
    body += "}\n\n";
    for ty in &visited {
        emit_walk(grammar, ty, &mut body);
    }
    body
}

fn argument(grammar: &Grammar, ty: &Type) -> String {
    match &ty.kind {
        Kind::Product(variant) => format!("&'a {}", grammar.struct_type(variant)),
        _ => format!("{}<'a>", ty.rust),
    }
}

fn emit_walk(grammar: &Grammar, ty: &Type, body: &mut String) {
    let name = snake(&ty.rust);
    let _ = write!(
        body,
        "/// Visits the children of {}.\n\
         pub fn walk_{name}<'a, V: Visitor<'a> + ?Sized>(visitor: &mut V, node: {}) {{\n",
        ty.with_article(),
        argument(grammar, ty)
    );
    match &ty.kind {
        Kind::Product(variant) if !has_children(grammar, variant) => *body += "let _ = (visitor, node);\n",
        Kind::Product(variant) => emit_children(grammar, variant, body),
        Kind::Sum(variants) => emit_arms(grammar, ty, variants, body),
        Kind::Enum(_) => unreachable!("plain enums are not visited"),
    }
    *body += "}\n\n";
}

fn emit_arms(grammar: &Grammar, ty: &Type, variants: &[Variant], body: &mut String) {
    *body += "match node {\n";
    let leaf: Vec<String> = variants
        .iter()
        .filter(|v| !has_children(grammar, v))
        .map(|v| format!("{}::{}(_)", ty.rust, v.asdl))
        .collect();
    for variant in variants.iter().filter(|v| has_children(grammar, v)) {
        let _ = writeln!(body, "{}::{}(node) => {{", ty.rust, variant.asdl);
        emit_children(grammar, variant, body);
        *body += "}\n";
    }
    if !leaf.is_empty() {
        let _ = writeln!(body, "{} => {{}}", leaf.join(" | "));
    }
    *body += "}\n";
}

fn has_children(grammar: &Grammar, variant: &Variant) -> bool {
    variant.fields.iter().any(|f| child_type(grammar, f).is_some())
}

/// The type of the nodes in a field, if it holds nodes.
pub(super) fn child_type<'g>(grammar: &'g Grammar, f: &Field) -> Option<&'g Type> {
    match grammar.class(&f.ty) {
        Class::Node(ty) if !matches!(ty.kind, Kind::Enum(_)) => Some(ty),
        _ => None,
    }
}

fn emit_children(grammar: &Grammar, variant: &Variant, body: &mut String) {
    for f in &variant.fields {
        let Some(ty) = child_type(grammar, f) else { continue };
        let visit = format!("visitor.visit_{}", snake(&ty.rust));
        let by_value = matches!(ty.kind, Kind::Sum(_));
        let name = &f.rust;
        let _ = match f.count {
            Count::One => writeln!(body, "{visit}(node.{name});"),
            Count::Optional => writeln!(body, "if let Some(child) = node.{name} {{\n{visit}(child);\n}}"),
            Count::Many if by_value => writeln!(body, "for &child in node.{name} {{\n{visit}(child);\n}}"),
            Count::Many => writeln!(body, "for child in node.{name} {{\n{visit}(child);\n}}"),
            Count::ManyOptional => {
                writeln!(body, "for &child in node.{name}.iter().flatten() {{\n{visit}(child);\n}}")
            }
        };
    }
}
