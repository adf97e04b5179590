//! Emits what code that is generic over all nodes needs: node kinds with their fields, references to
//! any node, and reading a field by its number.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::schema::{Class, Count, Field, Grammar, Kind, Type, Variant};
use crate::regen::rust::snake;

/// Node types, node kinds, and the table of their fields.
pub(super) fn emit_kinds(grammar: &Grammar) -> String {
    let mut body = String::from("use crate::reflect::{Count, FieldInfo, FieldType};\n\n");
    emit_types(grammar, &mut body);
    emit_kind_enum(grammar, &mut body);
    emit_kind_tables(grammar, &mut body);
    body
}

/// `NodeRef`, the conversions to and from it, lists, and reading a field.
pub(super) fn emit_refs(grammar: &Grammar) -> String {
    let mut body = String::from(
        "use pycode::{Location, StrId};\n\nuse crate::generated::kinds::NodeKind;\n\
         use crate::generated::nodes::*;\nuse crate::reflect::FieldValue;\n\n",
    );
    emit_node_ref(grammar, &mut body);
    emit_conversions(grammar, &mut body);
    emit_lists(grammar, &mut body);
    emit_field(grammar, &mut body);
    body
}

/// The name of a node kind: `StmtFunctionDef`, `ExprContextLoad`.
pub(super) fn kinds(grammar: &Grammar) -> Vec<(&Type, String, String, Option<&Variant>)> {
    let mut kinds = Vec::new();
    for ty in &grammar.types {
        match &ty.kind {
            Kind::Enum(names) => {
                kinds.extend(names.iter().map(|n| (ty, format!("{}{n}", ty.rust), n.clone(), None)));
            }
            Kind::Sum(variants) => {
                kinds.extend(variants.iter().map(|v| (ty, v.rust.clone(), v.asdl.clone(), Some(v))));
            }
            Kind::Product(v) => kinds.push((ty, v.rust.clone(), v.asdl.clone(), Some(v))),
        }
    }
    kinds
}

fn emit_types(grammar: &Grammar, body: &mut String) {
    *body += "/// A type of the abstract grammar: in CPython the base class of its kinds.\n\
              #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\npub enum NodeType {\n";
    for ty in &grammar.types {
        let _ = writeln!(body, "/// `{}`\n{},", ty.asdl, ty.rust);
    }
    *body += "}\n\nimpl NodeType {\n/// Its name in the grammar.\npub const fn name(self) -> &'static str {\nmatch self {\n";
    for ty in &grammar.types {
        let _ = writeln!(body, "NodeType::{} => {:?},", ty.rust, ty.asdl);
    }
    *body += "}\n}\n\n/// Whether its nodes have a location.\npub const fn is_located(self) -> bool {\nmatches!(self, ";
    let located: Vec<String> =
        grammar.types.iter().filter(|t| t.located).map(|t| format!("NodeType::{}", t.rust)).collect();
    *body += &located.join(" | ");
    *body += ")\n}\n}\n\n";
}

fn emit_kind_enum(grammar: &Grammar, body: &mut String) {
    *body += "/// A kind of node: in CPython the class of the node.\n\
              #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\npub enum NodeKind {\n";
    for (_, rust, asdl, _) in kinds(grammar) {
        let _ = writeln!(body, "/// `{asdl}`\n{rust},");
    }
    *body += "}\n\n";
}

fn emit_kind_tables(grammar: &Grammar, body: &mut String) {
    let kinds = kinds(grammar);
    *body += "impl NodeKind {\n/// The name of the class in CPython's `ast`.\n\
              pub const fn name(self) -> &'static str {\nNAMES[self as usize]\n}\n\n\
              /// The type it belongs to.\npub const fn node_type(self) -> NodeType {\nTYPES[self as usize]\n}\n\n\
              /// Its fields, in order.\npub const fn fields(self) -> &'static [FieldInfo] {\nFIELDS[self as usize]\n}\n\n\
              /// All kinds, by name.\npub const fn all() -> &'static [NodeKind] {\n&BY_NAME\n}\n\n\
              /// The kind with this class name.\npub fn from_name(name: &str) -> Option<NodeKind> {\n\
              let at = BY_NAME.binary_search_by(|kind| kind.name().cmp(name)).ok()?;\nSome(BY_NAME[at])\n}\n}\n\n";
    let n = kinds.len();
    let _ = write!(body, "const NAMES: [&str; {n}] = [");
    for (_, _, asdl, _) in &kinds {
        let _ = write!(body, "{asdl:?}, ");
    }
    let _ = write!(body, "];\n\nconst TYPES: [NodeType; {n}] = [");
    for (ty, ..) in &kinds {
        let _ = write!(body, "NodeType::{}, ", ty.rust);
    }
    let mut sorted: Vec<(&str, &str)> = kinds.iter().map(|(_, r, a, _)| (a.as_str(), r.as_str())).collect();
    sorted.sort_unstable();
    let _ = write!(body, "];\n\n/// All kinds, by name.\nconst BY_NAME: [NodeKind; {n}] = [");
    for (_, rust) in sorted {
        let _ = write!(body, "NodeKind::{rust}, ");
    }
    let _ = write!(body, "];\n\nconst FIELDS: [&[FieldInfo]; {n}] = [");
    for (.., variant) in &kinds {
        *body += "&[";
        for f in variant.iter().flat_map(|v| &v.fields) {
            let count = match f.count {
                Count::One => "One",
                Count::Optional => "Optional",
                Count::Many => "Many",
                Count::ManyOptional => "ManyOptional",
            };
            let _ =
                write!(body, "FieldInfo::new({:?}, {}, Count::{count}), ", f.asdl, field_class(grammar, f));
        }
        *body += "],\n";
    }
    *body += "];\n";
}

fn field_class(grammar: &Grammar, f: &Field) -> String {
    match grammar.class(&f.ty) {
        Class::Identifier => "FieldType::Identifier".into(),
        Class::String => "FieldType::String".into(),
        Class::Int => "FieldType::Int".into(),
        Class::Constant => "FieldType::Constant".into(),
        Class::Node(ty) => format!("FieldType::Node(NodeType::{})", ty.rust),
    }
}

/// `NodeRef` has one variant for each struct and one for each plain enum.
fn emit_node_ref(grammar: &Grammar, body: &mut String) {
    *body += "/// Any node, as a reference into the arena; plain enums such as [`Operator`] by value.\n\
              #[derive(Clone, Copy, Debug)]\npub enum NodeRef<'a> {\n";
    for (_, variant) in grammar.structs() {
        let _ =
            writeln!(body, "/// `{}`\n{}(&'a {}),", variant.asdl, variant.rust, grammar.struct_type(variant));
    }
    for (ty, _) in enums(grammar) {
        let _ = writeln!(body, "/// `{}`\n{}({}),", ty.asdl, ty.rust, ty.rust);
    }
    *body +=
        "}\n\nimpl<'a> NodeRef<'a> {\n/// Its kind.\npub const fn kind(self) -> NodeKind {\nmatch self {\n";
    for (_, variant) in grammar.structs() {
        let _ = writeln!(body, "NodeRef::{0}(_) => NodeKind::{0},", variant.rust);
    }
    for (ty, names) in enums(grammar) {
        for name in names {
            let _ = writeln!(body, "NodeRef::{0}({0}::{name}) => NodeKind::{0}{name},", ty.rust);
        }
    }
    *body += "}\n}\n\n/// Where it stands, if its type has locations.\npub const fn location(self) -> Option<Location> {\nmatch self {\n";
    for (_, variant) in grammar.structs().filter(|(ty, _)| ty.located) {
        let _ = writeln!(body, "NodeRef::{}(node) => Some(node.location),", variant.rust);
    }
    *body += "_ => None,\n}\n}\n\n";
    for ty in &grammar.types {
        emit_downcast(grammar, ty, body);
    }
    *body += "}\n\n";
}

fn enums(grammar: &Grammar) -> impl Iterator<Item = (&Type, &Vec<String>)> {
    grammar.types.iter().filter_map(|ty| match &ty.kind {
        Kind::Enum(names) => Some((ty, names)),
        _ => None,
    })
}

/// How a node of this type is passed: the enum by value, a struct by reference.
pub(super) fn node_value_type(grammar: &Grammar, ty: &Type) -> String {
    match &ty.kind {
        Kind::Enum(_) => ty.rust.clone(),
        Kind::Sum(_) => format!("{}<'a>", ty.rust),
        Kind::Product(variant) => format!("&'a {}", grammar.struct_type(variant)),
    }
}

fn emit_downcast(grammar: &Grammar, ty: &Type, body: &mut String) {
    let _ = write!(
        body,
        "/// The node as {} `{}`.\npub const fn as_{}(self) -> Option<{}> {{\nmatch self {{\n",
        article(&ty.asdl),
        ty.asdl,
        snake(&ty.rust),
        node_value_type(grammar, ty)
    );
    match &ty.kind {
        Kind::Sum(variants) => {
            for v in variants {
                let _ = writeln!(body, "NodeRef::{}(node) => Some({}::{}(node)),", v.rust, ty.rust, v.asdl);
            }
        }
        Kind::Enum(_) | Kind::Product(_) => {
            let _ = writeln!(body, "NodeRef::{}(node) => Some(node),", ty.rust);
        }
    }
    *body += "_ => None,\n}\n}\n\n";
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn emit_conversions(grammar: &Grammar, body: &mut String) {
    for ty in &grammar.types {
        let _ = write!(
            body,
            "impl<'a> From<{0}> for NodeRef<'a> {{\nfn from(node: {0}) -> Self {{\n",
            node_value_type(grammar, ty)
        );
        match &ty.kind {
            Kind::Sum(variants) => {
                *body += "match node {\n";
                for v in variants {
                    let _ = writeln!(body, "{}::{}(node) => NodeRef::{}(node),", ty.rust, v.asdl, v.rust);
                }
                *body += "}\n";
            }
            Kind::Enum(_) | Kind::Product(_) => {
                let _ = writeln!(body, "NodeRef::{}(node)", ty.rust);
            }
        }
        *body += "}\n}\n\n";
    }
}

/// The distinct types of list fields: variant of `NodeList`, item type, whether items are optional.
pub(super) fn lists(grammar: &Grammar) -> BTreeSet<(String, String, &'static str)> {
    let mut lists = BTreeSet::new();
    for f in grammar.structs().flat_map(|(_, v)| &v.fields) {
        if let Some(variant) = list_variant(grammar, f) {
            let how = match (f.count, grammar.class(&f.ty)) {
                (Count::ManyOptional, _) => "optional",
                (_, Class::Node(Type { kind: Kind::Product(_), .. })) => "product",
                (_, Class::Node(_)) => "node",
                _ => "name",
            };
            let slice = grammar.field_type(f);
            lists.insert((variant, slice, how));
        }
    }
    lists
}

/// The `NodeList` variant for a field that is a list.
pub(super) fn list_variant(grammar: &Grammar, f: &Field) -> Option<String> {
    let item = match grammar.class(&f.ty) {
        Class::Node(ty) => ty.rust.as_str(),
        _ => "Name",
    };
    match f.count {
        Count::Many => Some(item.to_owned()),
        Count::ManyOptional => Some(format!("Optional{item}")),
        Count::One | Count::Optional => None,
    }
}

fn emit_lists(grammar: &Grammar, body: &mut String) {
    let lists = lists(grammar);
    *body += "/// The list in a field, by the type of its items.\n#[derive(Clone, Copy, Debug)]\npub enum NodeList<'a> {\n";
    for (variant, slice, _) in &lists {
        let item = slice.trim_start_matches("&'a [").trim_end_matches(']');
        let _ = writeln!(body, "/// A list of `{}`.\n{variant}({slice}),", item.replace("<'a>", ""));
    }
    *body += "}\n\nimpl<'a> NodeList<'a> {\n/// How many items there are.\npub const fn len(self) -> usize {\nmatch self {\n";
    for (variant, ..) in &lists {
        let _ = writeln!(body, "NodeList::{variant}(list) => list.len(),");
    }
    *body += "}\n}\n\n/// Whether there are none.\npub const fn is_empty(self) -> bool {\nself.len() == 0\n}\n\n\
              /// The item at `index`; `None` from the end on.\npub fn get(self, index: usize) -> Option<FieldValue<'a>> {\nmatch self {\n";
    for (variant, _, how) in &lists {
        let value = match *how {
            "optional" => "list.get(index).map(|&item| FieldValue::from_option(item))",
            "product" => "list.get(index).map(|item| FieldValue::Node(item.into()))",
            "node" => "list.get(index).map(|&item| FieldValue::Node(item.into()))",
            _ => "list.get(index).map(|&item| FieldValue::Str(item))",
        };
        let _ = writeln!(body, "NodeList::{variant}(list) => {value},");
    }
    *body += "}\n}\n}\n\n";
}

fn emit_field(grammar: &Grammar, body: &mut String) {
    *body += "impl<'a> NodeRef<'a> {\n\
              /// The value of the field with this number in [`NodeKind::fields`]; `None` from the last on.\n\
              #[allow(clippy::too_many_lines, reason = \"one arm for each kind\")]\n\
              pub fn field(self, index: usize) -> Option<FieldValue<'a>> {\nSome(match (self, index) {\n";
    for (_, variant) in grammar.structs() {
        for (index, f) in variant.fields.iter().enumerate() {
            let _ =
                writeln!(body, "(NodeRef::{}(node), {index}) => {},", variant.rust, field_value(grammar, f));
        }
    }
    *body += "_ => return None,\n})\n}\n}\n";
}

fn field_value(grammar: &Grammar, f: &Field) -> String {
    let access = format!("node.{}", f.rust);
    if let Some(variant) = list_variant(grammar, f) {
        return format!("FieldValue::List(NodeList::{variant}({access}))");
    }
    let kind = match grammar.class(&f.ty) {
        Class::Identifier | Class::String => "Str",
        Class::Int => "Int",
        Class::Constant => "Constant",
        Class::Node(_) if f.count == Count::Optional => return format!("FieldValue::from_option({access})"),
        Class::Node(_) => return format!("FieldValue::Node({access}.into())"),
    };
    if f.count == Count::Optional {
        format!("{access}.map_or(FieldValue::None, FieldValue::{kind})")
    } else {
        format!("FieldValue::{kind}({access})")
    }
}
