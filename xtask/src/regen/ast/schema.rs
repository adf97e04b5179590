//! The abstract grammar as data: what the emitters work from.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};

use crate::regen::rust::{camel, field};

/// `Python.asdl`, parsed.
pub(super) struct Grammar {
    /// In the order of the file.
    pub(super) types: Vec<Type>,
}

/// One ASDL type.
pub(super) struct Type {
    /// Its ASDL name: `expr_context`.
    pub(super) asdl: String,
    /// Its Rust name: `ExprContext`.
    pub(super) rust: String,
    pub(super) kind: Kind,
    /// Whether its nodes have a location.
    pub(super) located: bool,
}

pub(super) enum Kind {
    /// Alternatives without fields: a plain enum.
    Enum(Vec<String>),
    /// Alternatives with fields: an enum of references to structs.
    Sum(Vec<Variant>),
    /// A struct. A sum of one alternative counts as one; the alternative's name is then its name.
    Product(Variant),
}

/// A constructor with its fields.
pub(super) struct Variant {
    /// The constructor's ASDL name: `FunctionDef`.
    pub(super) asdl: String,
    /// The Rust struct: `StmtFunctionDef`.
    pub(super) rust: String,
    pub(super) fields: Vec<Field>,
}

pub(super) struct Field {
    pub(super) asdl: String,
    /// A Rust identifier.
    pub(super) rust: String,
    /// The ASDL name of its type.
    pub(super) ty: String,
    pub(super) count: Count,
}

/// How many values a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    One,
    /// `?`
    Optional,
    /// `*`
    Many,
    /// `?*`
    ManyOptional,
}

/// What a type name stands for.
#[derive(Clone, Copy)]
pub(super) enum Class<'g> {
    Identifier,
    String,
    Int,
    Constant,
    /// A type of the grammar.
    Node(&'g Type),
}

impl Type {
    /// Its name with an article, for documentation.
    pub(super) fn with_article(&self) -> String {
        let article = if self.asdl.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} `{}`", self.asdl)
    }
}

impl Grammar {
    /// What the type of a field is.
    pub(super) fn class(&self, name: &str) -> Class<'_> {
        match name {
            "identifier" => Class::Identifier,
            "string" => Class::String,
            "int" => Class::Int,
            "constant" => Class::Constant,
            _ => Class::Node(
                self.types.iter().find(|t| t.asdl == name).unwrap_or_else(|| panic!("type {name}")),
            ),
        }
    }

    /// All structs with the type they belong to, in order.
    pub(super) fn structs(&self) -> impl Iterator<Item = (&Type, &Variant)> {
        self.types.iter().flat_map(|ty| {
            let variants: Vec<&Variant> = match &ty.kind {
                Kind::Enum(_) => Vec::new(),
                Kind::Sum(variants) => variants.iter().collect(),
                Kind::Product(variant) => vec![variant],
            };
            variants.into_iter().map(move |variant| (ty, variant))
        })
    }

    /// Whether a struct holds references into the arena, and so has a lifetime.
    pub(super) fn has_lifetime(&self, variant: &Variant) -> bool {
        variant.fields.iter().any(|f| {
            matches!(f.count, Count::Many | Count::ManyOptional)
                || match self.class(&f.ty) {
                    Class::Constant => true,
                    Class::Node(ty) => !matches!(ty.kind, Kind::Enum(_)),
                    _ => false,
                }
        })
    }

    /// The struct's name with its lifetime, where it has one.
    pub(super) fn struct_type(&self, variant: &Variant) -> String {
        let lifetime = if self.has_lifetime(variant) { "<'a>" } else { "" };
        format!("{}{lifetime}", variant.rust)
    }

    /// The Rust type of one value of a field.
    fn item_type(&self, name: &str) -> String {
        match self.class(name) {
            Class::Identifier | Class::String => "StrId".into(),
            Class::Int => "i32".into(),
            Class::Constant => "Constant<'a>".into(),
            Class::Node(ty) => match &ty.kind {
                Kind::Enum(_) => ty.rust.clone(),
                Kind::Sum(_) => format!("{}<'a>", ty.rust),
                Kind::Product(variant) => self.struct_type(variant),
            },
        }
    }

    /// The Rust type of a field: lists are slices in the arena, single structs references to it.
    pub(super) fn field_type(&self, f: &Field) -> String {
        let item = self.item_type(&f.ty);
        let by_reference = matches!(self.class(&f.ty), Class::Node(Type { kind: Kind::Product(_), .. }));
        let single = if by_reference { format!("&'a {item}") } else { item.clone() };
        match f.count {
            Count::One => single,
            Count::Optional => format!("Option<{single}>"),
            Count::Many => format!("&'a [{item}]"),
            Count::ManyOptional => format!("&'a [Option<{item}>]"),
        }
    }
}

/// Parses the text of `Python.asdl`.
pub(super) fn parse(text: &str) -> Result<Grammar> {
    let text: String =
        text.lines().map(|l| l.split("--").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let body = text.split_once('{').and_then(|(_, b)| b.rsplit_once('}')).context("no module body")?.0;
    // A definition starts with `name =`; split where a new one begins.
    let mut definitions: Vec<String> = Vec::new();
    for line in body.lines().filter(|l| !l.trim().is_empty()) {
        match definitions.last_mut() {
            Some(last) if !starts_definition(line) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => definitions.push(line.trim().to_owned()),
        }
    }
    let types =
        definitions.iter().map(|d| parse_type(d).with_context(|| d.clone())).collect::<Result<_>>()?;
    Ok(Grammar { types })
}

fn starts_definition(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| name.trim().chars().all(|c| c.is_alphanumeric() || c == '_'))
}

fn parse_type(text: &str) -> Result<Type> {
    let (name, rest) = text.split_once('=').context("no `=`")?;
    let (body, attributes) = match rest.split_once("attributes") {
        Some((body, attributes)) => (body, Some(attributes)),
        None => (rest, None),
    };
    if let Some(attributes) = attributes {
        ensure!(attributes.contains("int lineno, int col_offset"), "unknown attributes");
    }
    let asdl = name.trim().to_owned();
    let rust = rust_type_name(&asdl);
    let kind = parse_kind(&rust, body.trim())?;
    Ok(Type { asdl, rust, kind, located: attributes.is_some() })
}

/// The names that readers of Rust syntax trees expect; otherwise the ASDL name in camel case.
fn rust_type_name(asdl: &str) -> String {
    let known: HashMap<&str, &str> = [
        ("boolop", "BoolOp"),
        ("unaryop", "UnaryOp"),
        ("cmpop", "CmpOp"),
        ("excepthandler", "ExceptHandler"),
        ("withitem", "WithItem"),
    ]
    .into();
    known.get(asdl).map_or_else(|| camel(asdl), |name| (*name).to_owned())
}

fn parse_kind(rust: &str, body: &str) -> Result<Kind> {
    if body.starts_with('(') {
        let fields = parse_fields(body)?;
        return Ok(Kind::Product(Variant { asdl: asdl_product_name(rust), rust: rust.to_owned(), fields }));
    }
    let alternatives: Vec<&str> = body.split('|').map(str::trim).collect();
    if alternatives.iter().all(|a| !a.contains('(')) && alternatives.len() > 1 {
        return Ok(Kind::Enum(alternatives.into_iter().map(str::to_owned).collect()));
    }
    let single = alternatives.len() == 1;
    let mut variants = Vec::new();
    for alternative in alternatives {
        let (name, fields) = match alternative.find('(') {
            Some(at) => (alternative[..at].trim(), parse_fields(&alternative[at..])?),
            None => (alternative, Vec::new()),
        };
        let rust = if single { rust.to_owned() } else { format!("{rust}{name}") };
        variants.push(Variant { asdl: name.to_owned(), rust, fields });
    }
    Ok(match variants.pop() {
        Some(only) if single => Kind::Product(only),
        Some(last) => Kind::Sum(variants.into_iter().chain([last]).collect()),
        None => bail!("no alternatives"),
    })
}

/// Products are called by their type's name: `match_case`, `arguments`.
fn asdl_product_name(rust: &str) -> String {
    match rust {
        "WithItem" => "withitem".to_owned(),
        _ => crate::regen::rust::snake(rust),
    }
}

fn parse_fields(text: &str) -> Result<Vec<Field>> {
    let inner = text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')')).context("parentheses")?;
    inner.split(',').map(|f| parse_field(f.trim())).collect()
}

fn parse_field(text: &str) -> Result<Field> {
    let (ty, name) = text.split_once(' ').with_context(|| format!("field `{text}`"))?;
    let bare = ty.trim_end_matches(['?', '*']);
    let count = match &ty[bare.len()..] {
        "" => Count::One,
        "?" => Count::Optional,
        "*" => Count::Many,
        "?*" => Count::ManyOptional,
        other => bail!("unknown count `{other}`"),
    };
    Ok(Field { asdl: name.to_owned(), rust: field(name), ty: bare.to_owned(), count })
}
