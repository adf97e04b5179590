//! Emits how a node is made of the values of its fields: the reverse of reading fields by number.

use std::fmt::Write;

use super::reflect::{kinds, lists, node_value_type};
use super::schema::{Grammar, Type};
use crate::regen::rust::snake;

pub(super) fn emit(grammar: &Grammar) -> String {
    let mut body = String::from(
        "use pycode::{Location, StrId};\n\nuse crate::Arena;\nuse crate::build::{FieldError, Fields, FromField, list_of};\n\
         use crate::generated::kinds::NodeKind;\nuse crate::generated::nodes::*;\n\
         use crate::generated::refs::{NodeList, NodeRef};\nuse crate::reflect::{Count, FieldInfo, FieldType, FieldValue, NodeType};\n\n",
    );
    emit_build(grammar, &mut body);
    emit_list(grammar, &mut body);
    for ty in &grammar.types {
        emit_from_field(grammar, ty, &mut body);
    }
    emit_lists_from_field(grammar, &mut body);
    body
}

fn emit_build(grammar: &Grammar, body: &mut String) {
    *body += "/// The node of a kind with these fields.\n\
              #[allow(clippy::too_many_lines, reason = \"one arm for each kind\")]\n\
              pub(crate) fn build<'a>(arena: &'a Arena, kind: NodeKind, fields: &Fields<'a>, location: Location) -> Result<NodeRef<'a>, FieldError> {\n\
              Ok(match kind {\n";
    for (ty, rust, asdl, variant) in kinds(grammar) {
        let Some(variant) = variant else {
            let _ = writeln!(body, "NodeKind::{rust} => {}::{asdl}.into(),", ty.rust);
            continue;
        };
        let mut arguments = String::from(if ty.located { "location, " } else { "" });
        for index in 0..variant.fields.len() {
            let _ = write!(arguments, "fields.get({index})?, ");
        }
        let _ = writeln!(body, "NodeKind::{rust} => arena.{}({arguments}).into(),", snake(&variant.rust));
    }
    *body += "})\n}\n\n";
}

fn emit_list(grammar: &Grammar, body: &mut String) {
    *body += "/// The list for a field; `None` if an item is not of its type.\n\
              pub(crate) fn build_list<'a>(arena: &'a Arena, field: &FieldInfo, items: &[FieldValue<'a>]) -> Option<NodeList<'a>> {\n\
              Some(match (field.ty, field.count) {\n";
    for (variant, _, how) in lists(grammar) {
        let (ty, count) = match (variant.strip_prefix("Optional"), how) {
            (Some(ty), "optional") => (format!("Node(NodeType::{ty})"), "ManyOptional"),
            (_, "name") => ("Identifier".to_owned(), "Many"),
            _ => (format!("Node(NodeType::{variant})"), "Many"),
        };
        let made = match how {
            "product" => {
                format!(
                    "list_of(arena, items, |item| <&{}>::from_field(item).copied())",
                    product(grammar, &variant)
                )
            }
            _ => "list_of(arena, items, FromField::from_field)".to_owned(),
        };
        let _ = writeln!(body, "(FieldType::{ty}, Count::{count}) => NodeList::{variant}({made}?),");
    }
    *body += "_ => return None,\n})\n}\n\n";
}

fn product(grammar: &Grammar, rust: &str) -> String {
    let lifetime = grammar.structs().any(|(_, v)| v.rust == rust && grammar.has_lifetime(v));
    format!("{rust}{}", if lifetime { "<'_>" } else { "" })
}

fn emit_from_field(grammar: &Grammar, ty: &Type, body: &mut String) {
    let default = if ty.asdl == "expr_context" {
        "\nconst DEFAULT: Option<Self> = Some(ExprContext::Load);\n"
    } else {
        ""
    };
    let _ = write!(
        body,
        "impl<'a> FromField<'a> for {} {{{default}\nfn from_field(value: FieldValue<'a>) -> Option<Self> {{\n\
         match value {{\nFieldValue::Node(node) => node.as_{}(),\n_ => None,\n}}\n}}\n}}\n\n",
        node_value_type(grammar, ty),
        snake(&ty.rust)
    );
}

fn emit_lists_from_field(grammar: &Grammar, body: &mut String) {
    for (variant, slice, _) in lists(grammar) {
        let _ = write!(
            body,
            "impl<'a> FromField<'a> for {slice} {{\nconst DEFAULT: Option<Self> = Some(&[]);\n\n\
             fn from_field(value: FieldValue<'a>) -> Option<Self> {{\n\
             match value {{\nFieldValue::List(NodeList::{variant}(list)) => Some(list),\n_ => None,\n}}\n}}\n}}\n\n"
        );
    }
}
