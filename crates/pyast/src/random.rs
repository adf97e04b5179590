//! Random trees, of the grammar but otherwise without sense, and what must hold of all of them.

use num_bigint::BigInt;
use proptest::prelude::*;
use pycode::{Interner, PyStr};

use crate::build::Fields;
use crate::generated::build::{build, build_list};
use crate::reflect::{Count, FieldInfo, FieldType, FieldValue, NodeKind, NodeRef, NodeType};
use crate::*;

/// Makes nodes from a stream of choices.
struct Maker<'s, 'a> {
    arena: &'a Arena,
    strings: &'s mut Interner,
    choices: std::slice::Iter<'s, u8>,
}

impl<'a> Maker<'_, 'a> {
    /// A number below `limit`; 0 when the choices have run out, which makes trees end.
    fn choose(&mut self, limit: usize) -> usize {
        usize::from(self.choices.next().copied().unwrap_or(0)) % limit
    }

    fn node(&mut self, ty: NodeType, depth: usize) -> NodeRef<'a> {
        let kinds = NodeKind::all().iter().copied().filter(|kind| kind.node_type() == ty);
        let mut kinds: Vec<NodeKind> = kinds.collect();
        if depth == 0 && ty == NodeType::Expr {
            kinds = vec![NodeKind::ExprName, NodeKind::ExprConstant];
        } else if depth == 0 && ty == NodeType::Stmt {
            kinds = vec![NodeKind::StmtPass, NodeKind::StmtGlobal];
        } else if depth == 0 && ty == NodeType::Pattern {
            kinds = vec![NodeKind::PatternMatchStar, NodeKind::PatternMatchSingleton];
        }
        let kind = kinds[self.choose(kinds.len())];
        let mut fields = Fields::new(kind);
        for (i, info) in kind.fields().iter().enumerate() {
            fields.values[i] = Some(self.field(info, depth.saturating_sub(1)));
        }
        let line = self.choose(5) as i32;
        let location = Location::new(line, line + 1, self.choose(3) as i32 - 1, 4);
        build(self.arena, kind, &fields, location).unwrap_or_else(|_| unreachable!("fields of the table"))
    }

    fn field(&mut self, info: &FieldInfo, depth: usize) -> FieldValue<'a> {
        if !info.is_list() {
            return self.value(info, depth);
        }
        let length = self.choose(4);
        let items: Vec<FieldValue<'a>> = (0..length).map(|_| self.value(info, depth)).collect();
        FieldValue::List(build_list(self.arena, info, &items).expect("items of the table's type"))
    }

    fn value(&mut self, info: &FieldInfo, depth: usize) -> FieldValue<'a> {
        if matches!(info.count, Count::Optional | Count::ManyOptional) && self.choose(3) == 0 {
            return FieldValue::None;
        }
        match info.ty {
            FieldType::Identifier | FieldType::String => FieldValue::Str(self.text()),
            FieldType::Int => FieldValue::Int([-1, 0, 1, 97, 114, 115, -2, 1_114_112][self.choose(8)]),
            FieldType::Constant => FieldValue::Constant(self.constant(3)),
            FieldType::Node(ty) => FieldValue::Node(self.node(ty, depth)),
        }
    }

    fn text(&mut self) -> StrId {
        const PARTS: [&[u8]; 16] = [
            b"a",
            b"_",
            b"__debug__",
            b"None",
            b"'",
            b"\"",
            b"\\",
            b"\n",
            b"{",
            b"}",
            b"%s",
            b"%",
            b"\xED\xA0\x80",
            "é".as_bytes(),
            b"\t",
            b"u",
        ];
        let mut text = Vec::new();
        for _ in 0..self.choose(6) {
            text.extend_from_slice(PARTS[self.choose(PARTS.len())]);
        }
        self.strings.intern_pystr(PyStr::from_wtf8(&text))
    }

    fn float(&mut self) -> f64 {
        [0.0, -0.0, 1.5, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e16, 1e-5][self.choose(8)]
    }

    fn constant(&mut self, depth: usize) -> Constant<'a> {
        match self.choose(if depth == 0 { 9 } else { 11 }) {
            0 => Constant::None,
            1 => Constant::Bool(true),
            2 => Constant::Ellipsis,
            3 => Constant::Int([0, 1, -1, i64::MIN, i64::MAX][self.choose(5)]),
            4 => Constant::from_bigint(self.arena, &(BigInt::from(self.choose(9) as i64 - 4) << 70)),
            5 => Constant::Float(self.float()),
            6 => Constant::Complex { real: self.float(), imag: self.float() },
            7 => Constant::Str(self.text()),
            8 => Constant::Bytes(self.arena.list(&[self.choose(256) as u8, b'\''])),
            9 => Constant::Tuple(self.constants(depth)),
            _ => Constant::FrozenSet(self.constants(depth)),
        }
    }

    fn constants(&mut self, depth: usize) -> &'a [Constant<'a>] {
        let items: Vec<Constant<'a>> = (0..self.choose(4)).map(|_| self.constant(depth - 1)).collect();
        self.arena.list(&items)
    }
}

/// Calls `check` with a random tree.
fn with_tree(choices: &[u8], check: impl for<'a> FnOnce(Mod<'a>, &'a Arena, &mut Interner)) {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let mut maker = Maker { arena: &arena, strings: &mut strings, choices: choices.iter() };
    let module = maker.node(NodeType::Mod, 7).as_mod().expect("a node of type `mod`");
    check(module, &arena, &mut strings);
}

fn all_options() -> impl Iterator<Item = DumpOptions<'static>> {
    (0..8).flat_map(|bits| {
        [None, Some(""), Some("  ")].map(|indent| DumpOptions {
            annotate_fields: bits & 1 == 0,
            include_attributes: bits & 2 == 0,
            show_empty: bits & 4 == 0,
            indent,
        })
    })
}

fn choices() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..400)
}

proptest! {
    #[test]
    fn what_is_dumped_loads(choices in choices()) {
        with_tree(&choices, |module, arena, strings| {
            for options in all_options() {
                let text = dump(module, strings, &options);
                let loaded = load_mod(&text, arena, strings).unwrap_or_else(|e| panic!("{e}: {text}"));
                assert_eq!(dump(loaded, strings, &options), text);
            }
        });
    }

    #[test]
    fn no_tree_makes_a_stage_panic(choices in choices()) {
        with_tree(&choices, |module, arena, strings| {
            let limit = RecursionLimit::DEFAULT;
            let _ = validate(module, strings, limit);
            let _ = unparse(module, strings, limit);
            let _ = repr_node(module, strings);
            let _ = get_docstring(module, strings);
            if let Mod::Expression(expression) = module {
                let _ = unparse_annotation(expression.body, strings, limit);
                let _ = literal_eval(expression.body, arena, strings, limit);
            }
        });
    }

    #[test]
    fn preprocessing_leaves_the_given_tree_and_is_done_after_once(choices in choices(), optimize in 0u8..2) {
        with_tree(&choices, |module, arena, strings| {
            let everything = DumpOptions { include_attributes: true, ..DumpOptions::default() };
            let before = dump(module, strings, &everything);
            let options = PreprocessOptions { optimize, ..PreprocessOptions::default() };
            let once = preprocess(module, arena, strings, &options, &mut Vec::new()).expect("not deep");
            assert_eq!(dump(module, strings, &everything), before);
            let twice = preprocess(once, arena, strings, &options, &mut Vec::new()).expect("not deep");
            assert_eq!(dump(twice, strings, &everything), dump(once, strings, &everything));
        });
    }

    #[test]
    fn no_text_makes_the_loader_panic(text in r"[A-Za-z]{1,8}\([a-z]{0,5}=?['\[\]()0-9a-zA-Z,. \\{}+-]{0,30}\)?") {
        let _ = load(&text, &Arena::new(), &mut Interner::new());
    }

    #[test]
    fn no_damaged_dump_makes_the_loader_panic(choices in choices(), at in any::<prop::sample::Index>(), with in "[\\x20-\\x7e]{0,2}") {
        with_tree(&choices, |module, arena, strings| {
            let mut text = dump(module, strings, &DumpOptions::default());
            let at = at.index(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
                text.replace_range(at..=at, &with);
            }
            let _ = load(&text, arena, strings);
        });
    }
}
