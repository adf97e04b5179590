//! Emits a constructor for each node, as a method of the arena.

use std::fmt::Write;

use super::schema::{Grammar, Kind, Type, Variant};
use crate::regen::rust::snake;

pub(super) fn emit(grammar: &Grammar) -> String {
    let mut body = String::from(
        "use pycode::{Location, StrId};\n\nuse crate::generated::nodes::*;\nuse crate::{Arena, Constant};\n\n\
         #[allow(clippy::too_many_arguments, clippy::needless_lifetimes, reason = \"one form for all\")]\nimpl Arena {\n",
    );
    for (ty, variant) in grammar.structs() {
        emit_constructor(grammar, ty, variant, &mut body);
    }
    body += "}\n";
    body
}

fn emit_constructor(grammar: &Grammar, ty: &Type, variant: &Variant, body: &mut String) {
    let mut parameters = String::from("&'a self");
    let mut fields = String::new();
    if ty.located {
        parameters += ", location: Location";
        fields += "location, ";
    }
    for f in &variant.fields {
        let _ = write!(parameters, ", {}: {}", f.rust, grammar.field_type(f));
        let _ = write!(fields, "{}, ", f.rust);
    }
    let (result, value) = match &ty.kind {
        Kind::Sum(_) => (
            format!("{}<'a>", ty.rust),
            format!("{}::{}(self.alloc({} {{ {fields} }}))", ty.rust, variant.asdl, variant.rust),
        ),
        _ => (
            format!("&'a {}", grammar.struct_type(variant)),
            format!("self.alloc({} {{ {fields} }})", variant.rust),
        ),
    };
    let _ = write!(
        body,
        "/// A new `{}`.\n#[inline]\npub fn {}<'a>({parameters}) -> {result} {{\n{value}\n}}\n\n",
        variant.asdl,
        snake(&variant.rust)
    );
}
