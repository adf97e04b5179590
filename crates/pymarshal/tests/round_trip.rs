//! Any graph of objects survives writing and reading.

use std::collections::HashMap;

use proptest::prelude::*;
use pycode::{Object, ObjectId, Pool, int_object};
use pymarshal::{DumpOptions, Refs, dumps, loads};

/// How to make one object; members are earlier objects, counted from the end.
#[derive(Clone, Debug)]
enum Recipe {
    Singleton(u8),
    Int(i64),
    BigInt(Vec<u8>),
    Float(f64),
    Complex(f64, f64),
    Str(String, bool),
    Surrogate(bool),
    Bytes(Vec<u8>),
    Tuple(Vec<usize>),
    List(Vec<usize>),
    Dict(Vec<(String, usize)>),
    FrozenSet(Vec<i64>),
    Slice(usize, usize, usize),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let float = prop_oneof![any::<f64>(), Just(0.0), Just(-0.0), Just(f64::NAN)];
    let members = || prop::collection::vec(0..20usize, 0..5);
    prop_oneof![
        (0..6u8).prop_map(Recipe::Singleton),
        prop_oneof![any::<i64>(), -10..300i64, (0..63u32).prop_map(|shift| 1 << shift)].prop_map(Recipe::Int),
        prop::collection::vec(any::<u8>(), 8..40).prop_map(Recipe::BigInt),
        float.clone().prop_map(Recipe::Float),
        (float.clone(), float).prop_map(|(real, imag)| Recipe::Complex(real, imag)),
        ("\\PC{0,5}|[a-z]{0,300}", any::<bool>()).prop_map(|(text, interned)| Recipe::Str(text, interned)),
        any::<bool>().prop_map(Recipe::Surrogate),
        prop::collection::vec(any::<u8>(), 0..5).prop_map(Recipe::Bytes),
        members().prop_map(Recipe::Tuple),
        members().prop_map(Recipe::List),
        prop::collection::vec(("[a-z]{0,3}", 0..20usize), 0..4).prop_map(Recipe::Dict),
        prop::collection::hash_set(any::<i64>(), 0..6)
            .prop_map(|set| Recipe::FrozenSet(set.into_iter().collect())),
        (0..20usize, 0..20usize, 0..20usize).prop_map(|(a, b, c)| Recipe::Slice(a, b, c)),
    ]
}

/// Makes the objects one after the other; the last one is the root.
fn build(pool: &mut Pool, recipes: &[Recipe]) -> ObjectId {
    let mut made = vec![ObjectId::NONE];
    for recipe in recipes {
        let back = |distance: &usize| made[made.len() - 1 - distance % made.len()];
        let many = |distances: &[usize]| distances.iter().map(back).collect::<Vec<_>>();
        let (members, items, value);
        let object = match recipe {
            Recipe::Singleton(n) => [
                Object::None,
                Object::Bool(true),
                Object::Bool(false),
                Object::Ellipsis,
                Object::StopIteration,
            ][usize::from(*n) % 5],
            Recipe::Int(value) => Object::Int(*value),
            Recipe::BigInt(bytes) => {
                value = num_bigint::BigInt::from_signed_bytes_le(bytes);
                int_object(&value)
            }
            Recipe::Float(value) => Object::Float(*value),
            Recipe::Complex(real, imag) => Object::Complex { real: *real, imag: *imag },
            Recipe::Str(text, interned) => {
                Object::Str { text: pool.strings_mut().intern(text), interned: *interned }
            }
            Recipe::Surrogate(interned) => {
                let text = pycode::PyStr::try_from_wtf8(b"a\xed\xa0\x80b").unwrap();
                Object::Str { text: pool.strings_mut().intern_pystr(text), interned: *interned }
            }
            Recipe::Bytes(bytes) => Object::Bytes(bytes),
            Recipe::Tuple(distances) => {
                members = many(distances);
                Object::Tuple(&members)
            }
            Recipe::List(distances) => {
                members = many(distances);
                Object::List(&members)
            }
            Recipe::Dict(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (key.clone(), back(value))).collect();
                items = dict_items(pool, pairs);
                Object::Dict(&items)
            }
            Recipe::FrozenSet(values) => {
                members = values.iter().map(|&value| pool.add(Object::Int(value))).collect();
                Object::FrozenSet(&members)
            }
            Recipe::Slice(a, b, c) => {
                members = vec![back(a), back(b), back(c)];
                Object::Slice(members.as_slice().try_into().expect("three parts"))
            }
        };
        made.push(pool.add(object));
    }
    made[made.len() - 1]
}

fn dict_items(pool: &mut Pool, items: Vec<(String, ObjectId)>) -> Vec<(ObjectId, ObjectId)> {
    let mut seen = Vec::new();
    let mut kept = Vec::new();
    for (key, value) in items {
        if !seen.contains(&key) {
            let text = pool.strings_mut().intern(&key);
            kept.push((pool.add(Object::Str { text, interned: false }), value));
            seen.push(key);
        }
    }
    kept
}

/// Holds two graphs against each other, identities included.
struct Comparison<'a> {
    left: &'a Pool,
    right: &'a Pool,
    partner: HashMap<ObjectId, ObjectId>,
}

impl Comparison<'_> {
    fn same(&mut self, left: ObjectId, right: ObjectId) -> bool {
        if let Some(&partner) = self.partner.get(&left) {
            return partner == right;
        }
        self.partner.insert(left, right);
        let (left, right) = (self.left.get(left), self.right.get(right));
        if left.is_container() {
            return self.same_container(left, right);
        }
        let text = |pool: &Pool, object: Object<'_>| match object {
            Object::Str { text, interned } => {
                format!("{:?} {interned}", pool.strings().get(text).as_bytes())
            }
            Object::Float(value) => format!("{:x}", value.to_bits()),
            Object::Complex { real, imag } => format!("{:x} {:x}", real.to_bits(), imag.to_bits()),
            other => format!("{other:?}"),
        };
        text(self.left, left) == text(self.right, right)
    }

    fn same_container(&mut self, left: Object<'_>, right: Object<'_>) -> bool {
        // The members of a frozenset change their order; that they are the same ints shows in the bytes.
        let ordered = !matches!(left, Object::FrozenSet(_));
        let kind = std::mem::discriminant(&left) == std::mem::discriminant(&right);
        let (left, right): (Vec<_>, Vec<_>) = (left.children().collect(), right.children().collect());
        kind && left.len() == right.len()
            && (!ordered || left.iter().zip(&right).all(|(&l, &r)| self.same(l, r)))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn graphs_survive(recipes in prop::collection::vec(recipe(), 1..30)) {
        let mut pool = Pool::new();
        let root = build(&mut pool, &recipes);
        let bytes = dumps(&pool, root, &DumpOptions::default()).unwrap();
        let mut other = Pool::new();
        let loaded = loads(&bytes, &mut other).unwrap();
        prop_assert_eq!(loaded.consumed, bytes.len());
        for refs in [Refs::Held, Refs::AsLoaded(&loaded.flags)] {
            let options = DumpOptions { refs, ..DumpOptions::default() };
            prop_assert_eq!(&dumps(&other, loaded.root, &options).unwrap(), &bytes);
        }
        let mut comparison = Comparison { left: &pool, right: &other, partner: HashMap::new() };
        prop_assert!(comparison.same(root, loaded.root), "{bytes:?}");
    }

    #[test]
    fn any_bytes_are_loaded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = loads(&bytes, &mut Pool::new());
    }
}
