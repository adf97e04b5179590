//! Emits the node types.

use std::fmt::Write;

use super::schema::{Grammar, Kind, Type, Variant};

const DERIVE: &str = "#[derive(Clone, Copy, Debug)]\n";

pub(super) fn emit(grammar: &Grammar) -> String {
    let mut body = String::from("use pycode::{Location, StrId};\n\nuse crate::{Constant, NodeKey};\n\n");
    for ty in &grammar.types {
        match &ty.kind {
            Kind::Enum(names) => emit_enum(ty, names, &mut body),
            Kind::Sum(variants) => emit_sum(grammar, ty, variants, &mut body),
            Kind::Product(variant) => emit_struct(grammar, ty, variant, &mut body),
        }
    }
    body
}

fn emit_enum(ty: &Type, names: &[String], body: &mut String) {
    let _ = write!(
        body,
        "/// `{}`\n#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\npub enum {} {{\n",
        ty.asdl, ty.rust
    );
    for name in names {
        let _ = writeln!(body, "/// `{name}`\n{name},");
    }
    let _ = write!(
        body,
        "}}\n\nimpl {} {{\n/// The name of the class in CPython's `ast`.\npub const fn name(self) -> &'static str {{\nmatch self {{\n",
        ty.rust
    );
    for name in names {
        let _ = writeln!(body, "{}::{name} => {name:?},", ty.rust);
    }
    *body += "}\n}\n}\n\n";
}

fn emit_sum(grammar: &Grammar, ty: &Type, variants: &[Variant], body: &mut String) {
    let _ = write!(
        body,
        "/// `{}`: one of its kinds, as a reference into the arena.\n{DERIVE}pub enum {}<'a> {{\n",
        ty.asdl, ty.rust
    );
    for variant in variants {
        let _ =
            writeln!(body, "/// `{}`\n{}(&'a {}),", variant.asdl, variant.asdl, grammar.struct_type(variant));
    }
    *body += "}\n\n";
    let _ = write!(
        body,
        "impl {}<'_> {{\n/// The name of the class in CPython's `ast`.\npub const fn name(&self) -> &'static str {{\nmatch self {{\n",
        ty.rust
    );
    for variant in variants {
        let _ = writeln!(body, "{}::{name}(_) => {name:?},", ty.rust, name = variant.asdl);
    }
    *body += "}\n}\n";
    if ty.located {
        *body +=
            "\n/// Where it stands.\n#[inline]\npub const fn location(&self) -> Location {\nmatch self {\n";
        for variant in variants {
            let _ = writeln!(body, "{}::{}(node) => node.location,", ty.rust, variant.asdl);
        }
        *body += "}\n}\n";
    }
    *body += "\n/// Its identity.\n#[inline]\npub fn key(&self) -> NodeKey {\nmatch *self {\n";
    for variant in variants {
        let _ = writeln!(body, "{}::{}(node) => NodeKey::of(node),", ty.rust, variant.asdl);
    }
    *body += "}\n}\n}\n\n";
    for variant in variants {
        emit_struct(grammar, ty, variant, body);
    }
}

fn emit_struct(grammar: &Grammar, ty: &Type, variant: &Variant, body: &mut String) {
    // The location comes first everywhere, so that `location()` is one load whatever the kind.
    let _ = write!(
        body,
        "/// `{}`\n{DERIVE}#[repr(C)]\npub struct {} {{\n",
        variant.asdl,
        grammar.struct_type(variant)
    );
    if ty.located {
        *body += "/// Where it stands.\npub location: Location,\n";
    }
    for f in &variant.fields {
        let _ = writeln!(body, "/// `{}`\npub {}: {},", f.asdl, f.rust, grammar.field_type(f));
    }
    *body += "}\n\n";
}
