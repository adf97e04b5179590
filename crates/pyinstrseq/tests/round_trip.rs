//! Whatever sequence or unit there is: its text reads back as the same.

use num_bigint::BigInt;
use proptest::collection::vec;
use proptest::prelude::*;
use pycode::{CodeFlags, Location, Object, ObjectId, Pool, PyStr, StrId, int_object, push_code_point};
use pyinstrseq::text::{parse_sequence, parse_units, print_unit};
use pyinstrseq::{CodeUnit, Instruction, InstructionSequence, UnitConst, UnitId, UnitMetadata};
use pyopcode::Opcode;

fn location() -> impl Strategy<Value = Location> {
    let number = || prop_oneof![Just(-1), 0..100, Just(i32::MAX)];
    let whole = (number(), number(), number(), number())
        .prop_map(|(line, end, column, end_column)| Location::new(line, end, column, end_column));
    prop_oneof![Just(Location::NONE), Just(Location::NEXT), whole]
}

fn instructions() -> impl Strategy<Value = Vec<Instruction>> {
    let instruction = (prop::sample::select(Opcode::ALL), any::<i32>(), location());
    vec(instruction, 0..20).prop_map(|parts| {
        let targets = parts.len() as u32 + 1;
        let instruction = |(opcode, oparg, location): (Opcode, i32, Location)| {
            let oparg = if opcode.has_target() { (oparg as u32 % targets) as i32 } else { oparg };
            Instruction { opcode, oparg, location }
        };
        parts.into_iter().map(instruction).collect()
    })
}

fn sequence() -> impl Strategy<Value = InstructionSequence> {
    (instructions(), prop::option::of(instructions())).prop_map(|(code, annotations)| {
        let sequence = InstructionSequence::new(code);
        match annotations {
            Some(annotations) => sequence.with_annotations(InstructionSequence::new(annotations)),
            None => sequence,
        }
    })
}

/// A constant that has no place in a pool yet.
#[derive(Clone, Debug)]
enum Value {
    Singleton(ObjectId),
    Int(BigInt),
    Float(u64),
    Complex(u64, u64),
    Text(Vec<u8>),
    Bytes(Vec<u8>),
    Tuple(Vec<Value>),
    FrozenSet(Vec<Value>),
    Slice(Vec<Value>),
}

/// Text with lone surrogates, as WTF-8.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let code_point = prop_oneof![32..127u32, 0..0x300u32, 0xD7F0..0xE010u32, 0x1F600..0x1F610u32];
    vec(code_point, 0..8).prop_map(|code_points| {
        let mut out = Vec::new();
        code_points.into_iter().for_each(|code_point| push_code_point(&mut out, code_point));
        out
    })
}

fn value() -> impl Strategy<Value = Value> {
    let singletons = vec![ObjectId::NONE, ObjectId::TRUE, ObjectId::FALSE, ObjectId::ELLIPSIS];
    // NaNs of all kinds, and what a random pattern of bits seldom is.
    let float = || prop_oneof![any::<u64>(), any::<f64>().prop_map(f64::to_bits), Just(1.0f64.to_bits())];
    let leaf = prop_oneof![
        prop::sample::select(singletons).prop_map(Value::Singleton),
        any::<i128>().prop_map(|value| Value::Int(BigInt::from(value))),
        any::<i8>().prop_map(|value| Value::Int(BigInt::from(value))),
        float().prop_map(Value::Float),
        (float(), float()).prop_map(|(real, imag)| Value::Complex(real, imag)),
        text().prop_map(Value::Text),
        vec(any::<u8>(), 0..6).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Tuple),
            vec(inner.clone(), 0..4).prop_map(Value::FrozenSet),
            vec(inner, 3).prop_map(Value::Slice),
        ]
    })
}

fn intern(text: &[u8], pool: &mut Pool) -> StrId {
    pool.strings_mut().intern_pystr(PyStr::try_from_wtf8(text).expect("made from code points"))
}

fn merged(value: &Value, pool: &mut Pool) -> ObjectId {
    let members;
    let object = match value {
        Value::Singleton(id) => return *id,
        Value::Text(text) => {
            let text = intern(text, pool);
            return pool.merge_str(text);
        }
        Value::Int(value) => int_object(value),
        Value::Float(bits) => Object::Float(f64::from_bits(*bits)),
        Value::Complex(real, imag) => {
            Object::Complex { real: f64::from_bits(*real), imag: f64::from_bits(*imag) }
        }
        Value::Bytes(bytes) => Object::Bytes(bytes),
        Value::Tuple(values) => {
            members = all_merged(values, pool);
            Object::Tuple(&members)
        }
        Value::FrozenSet(values) => {
            let mut distinct = all_merged(values, pool);
            distinct.sort_unstable();
            distinct.dedup();
            members = distinct;
            Object::FrozenSet(&members)
        }
        Value::Slice(values) => {
            members = all_merged(values, pool);
            Object::Slice(members.as_slice().try_into().expect("three parts"))
        }
    };
    pool.merge(object)
}

fn all_merged(values: &[Value], pool: &mut Pool) -> Vec<ObjectId> {
    values.iter().map(|value| merged(value, pool)).collect()
}

/// What a unit is made from, but for its names.
#[derive(Clone, Debug)]
struct Facts {
    counts: [u16; 4],
    flags: u32,
    own_locals: bool,
    consts: Vec<Result<Value, u32>>,
    sequence: InstructionSequence,
}

fn facts() -> impl Strategy<Value = Facts> {
    let constant = prop_oneof![value().prop_map(Ok), (0..9u32).prop_map(Err)];
    (any::<[u16; 4]>(), any::<u32>(), any::<bool>(), vec(constant, 0..5), sequence()).prop_map(
        |(counts, flags, own_locals, consts, sequence)| Facts { counts, flags, own_locals, consts, sequence },
    )
}

fn unit(facts: Facts, names: &[Vec<Vec<u8>>; 5], pool: &mut Pool) -> CodeUnit {
    let [names, varnames, cellvars, freevars, fasthidden] =
        names.each_ref().map(|list| list.iter().map(|text| intern(text, pool)).collect::<Vec<StrId>>());
    let name = names.first().copied().unwrap_or(pycode::known::MODULE);
    let qualname = pool.add(Object::Str { text: name, interned: false });
    let [argcount, posonlyargcount, kwonlyargcount, firstlineno] = facts.counts.map(u32::from);
    let metadata = UnitMetadata {
        argcount,
        posonlyargcount,
        kwonlyargcount,
        flags: CodeFlags(facts.flags),
        own_locals: facts.own_locals,
        names,
        varnames,
        cellvars,
        freevars,
        fasthidden,
        ..UnitMetadata::new(name, qualname, firstlineno as i32)
    };
    let consts = facts.consts.into_iter().map(|constant| match constant {
        Ok(value) => UnitConst::Object(merged(&value, pool)),
        Err(number) => UnitConst::Unit(UnitId(number)),
    });
    CodeUnit { metadata, consts: consts.collect(), sequence: facts.sequence }
}

proptest! {
    #[test]
    fn sequences(sequence in sequence()) {
        let text = sequence.to_string();
        prop_assert_eq!(parse_sequence(&text).expect("its own text"), sequence);
    }

    #[test]
    fn units(facts in facts(), names in prop::array::uniform5(vec(text(), 0..4))) {
        let mut pool = Pool::new();
        let unit = unit(facts, &names, &mut pool);
        let text = print_unit(UnitId(3), &unit, &pool);
        // In the same pool equal constants are the same objects.
        let read = parse_units(&text, &mut pool).expect("its own text");
        let [read] = &read[..] else { panic!("one unit became {}", read.len()) };
        // Only NaNs are never merged.
        prop_assert!(text.contains("nan:") || read.consts == unit.consts);
        prop_assert_eq!(&read.sequence, &unit.sequence);
        prop_assert_eq!(print_unit(UnitId(3), read, &pool), text);
    }
}
