//! Python's `hash`, as a process with `PYTHONHASHSEED=0` computes it.
//!
//! The hash decides in which order a set is iterated, and so shown. Numbers, `None` and tuples of them
//! hash alike in every process; strings and bytes depend on a seed that is otherwise random. What
//! hashes by address in CPython (`...`, code objects, NaN) hashes by id here.
//!
//! CPython's counterparts: `Python/pyhash.c`, `tuple_hash`, `frozenset_hash_impl`, `slice_hash`.

use num_bigint::{BigInt, Sign};
use rustc_hash::FxHashMap;

use crate::{Object, ObjectId, Pool, PyStr, siphash13};

/// Hashes of objects; those of containers are kept, so that shared members are hashed once.
#[derive(Debug)]
pub(crate) struct Hasher<'a> {
    pool: &'a Pool,
    known: FxHashMap<ObjectId, u64>,
}

/// The prime modulo which numbers are hashed, and its number of bits.
const MODULUS: u64 = (1 << MODULUS_BITS) - 1;
const MODULUS_BITS: u32 = 61;
const INFINITY: i64 = 314_159;
const IMAGINARY: u64 = 1_000_003;
const NONE: u64 = 0xFCA8_6420;

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;

impl<'a> Hasher<'a> {
    pub(crate) fn new(pool: &'a Pool) -> Self {
        Hasher { pool, known: FxHashMap::default() }
    }

    /// The hash of an object, as the unsigned number that set tables are indexed with.
    pub(crate) fn hash(&mut self, id: ObjectId) -> u64 {
        let object = self.pool.get(id);
        if !object.is_container() {
            return leaf_hash(self.pool, id, object);
        }
        if let Some(&known) = self.known.get(&id) {
            return known;
        }
        let hash = self.container_hash(id, object);
        self.known.insert(id, hash);
        hash
    }

    fn container_hash(&mut self, id: ObjectId, object: Object<'_>) -> u64 {
        match object {
            Object::Tuple(members) => {
                let length = (members.len() as u64) ^ (PRIME_5 ^ 3_527_539);
                match self.mix_in_order(members).wrapping_add(length) {
                    u64::MAX => 1_546_275_796,
                    hash => hash,
                }
            }
            Object::Slice(parts) => match self.mix_in_order(parts) {
                u64::MAX => 1_546_275_796,
                hash => hash,
            },
            Object::FrozenSet(members) => self.frozenset(members),
            _ => by_identity(id),
        }
    }

    /// The steps of xxHash that are common to tuples and slices.
    fn mix_in_order(&mut self, members: &[ObjectId]) -> u64 {
        members.iter().fold(PRIME_5, |acc, &member| {
            let acc = acc.wrapping_add(self.hash(member).wrapping_mul(PRIME_2));
            acc.rotate_left(31).wrapping_mul(PRIME_1)
        })
    }

    fn frozenset(&mut self, members: &[ObjectId]) -> u64 {
        let shuffle = |hash: u64| ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
        let mut hash = members.iter().fold(0, |acc, &member| acc ^ shuffle(self.hash(member)));
        hash ^= (members.len() as u64 + 1).wrapping_mul(1_927_868_237);
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
        if hash == u64::MAX { 590_923_713 } else { hash }
    }
}

fn leaf_hash(pool: &Pool, id: ObjectId, object: Object<'_>) -> u64 {
    match object {
        Object::None => NONE,
        Object::Bool(value) => u64::from(value),
        Object::Int(value) => int_hash(&BigInt::from(value)),
        Object::BigInt(value) => int_hash(value),
        Object::Float(value) => float_hash(id, value),
        Object::Complex { real, imag } => {
            let imag = float_hash(id, imag).wrapping_mul(IMAGINARY);
            not_minus_one(float_hash(id, real).wrapping_add(imag))
        }
        Object::Str { text, .. } => str_hash(pool.strings().get(text)),
        Object::Bytes(bytes) => bytes_hash(bytes),
        _ => by_identity(id),
    }
}

/// -1 means "error" in C.
fn not_minus_one(hash: u64) -> u64 {
    if hash == u64::MAX { u64::MAX - 1 } else { hash }
}

/// Addresses are rotated by four bits in CPython, so they too differ in the low bits.
fn by_identity(id: ObjectId) -> u64 {
    id.index() as u64
}

fn int_hash(value: &BigInt) -> u64 {
    let digits: Vec<u64> = value.iter_u64_digits().collect();
    let step =
        |acc: u64, &digit: &u64| ((u128::from(acc) << 64 | u128::from(digit)) % u128::from(MODULUS)) as u64;
    let magnitude = digits.iter().rev().fold(0, step);
    signed(magnitude, value.sign() == Sign::Minus)
}

fn signed(magnitude: u64, negative: bool) -> u64 {
    not_minus_one(if negative { magnitude.wrapping_neg() } else { magnitude })
}

/// A float is its mantissa times a power of two, and 2^61 is 1 modulo the prime.
fn float_hash(id: ObjectId, value: f64) -> u64 {
    if value.is_nan() {
        return by_identity(id);
    }
    if value.is_infinite() {
        return (if value > 0.0 { INFINITY } else { -INFINITY }) as u64;
    }
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7FF) as i32);
    let (mantissa, exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let shift = exponent.rem_euclid(MODULUS_BITS as i32) as u32;
    let rotated = (u128::from(mantissa) << shift) % u128::from(MODULUS);
    signed(rotated as u64, value < 0.0)
}

fn str_hash(text: PyStr<'_>) -> u64 {
    if text.is_ascii() {
        return bytes_hash(text.as_bytes());
    }
    let widest = text.code_points().max().unwrap_or(0);
    let mut units = Vec::with_capacity(text.len() * 4);
    for code_point in text.code_points() {
        let bytes = code_point.to_le_bytes();
        match widest {
            ..=0xFF => units.push(bytes[0]),
            0x100..=0xFFFF => units.extend_from_slice(&bytes[..2]),
            _ => units.extend_from_slice(&bytes),
        }
    }
    bytes_hash(&units)
}

fn bytes_hash(bytes: &[u8]) -> u64 {
    if bytes.is_empty() { 0 } else { not_minus_one(siphash13(0, 0, bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pool: &mut Pool, object: Object<'_>, expected: i64) -> ObjectId {
        let id = pool.add(object);
        assert_eq!(Hasher::new(pool).hash(id) as i64, expected, "{:?}", pool.get(id));
        id
    }

    /// `hash(x)` with `PYTHONHASHSEED=0`.
    #[test]
    fn numbers_hash_as_in_cpython() {
        let mut pool = Pool::new();
        check(&mut pool, Object::None, 4_238_894_112);
        check(&mut pool, Object::Int(-1), -2);
        check(&mut pool, Object::Int((1 << 61) - 1), 0);
        check(&mut pool, Object::Int(-1 << 61), -2);
        check(&mut pool, crate::int_object(&((BigInt::from(1) << 64u8) + 5)), 13);
        check(&mut pool, crate::int_object(&-BigInt::from(10).pow(40)), -1_388_497_483_929_617_590);
        check(&mut pool, Object::Float(-0.0), 0);
        check(&mut pool, Object::Float(1.5), 1_152_921_504_606_846_977);
        check(&mut pool, Object::Float(-2.5), -1_152_921_504_606_846_978);
        check(&mut pool, Object::Float(1e300), 1_224_995_262_755_759_164);
        check(&mut pool, Object::Float(5e-324), 16_777_216);
        check(&mut pool, Object::Float(f64::NEG_INFINITY), -314_159);
        check(&mut pool, Object::Complex { real: 2.0, imag: 3.0 }, 3_000_011);
        check(&mut pool, Object::Complex { real: -0.5, imag: -1.0 }, -1_152_921_504_608_846_982);
    }

    #[test]
    fn texts_hash_as_in_cpython() {
        let mut pool = Pool::new();
        for (text, expected) in [
            ("", 0),
            ("a", 4_644_417_185_603_328_019),
            ("spam", -7_643_603_308_804_133_256),
            ("\u{e9}t\u{e9}", -1_033_370_291_238_291_217),
            ("\u{65e5}\u{672c}", 6_243_316_497_235_261_705),
            ("\u{1f40d} x", 8_198_901_732_617_642_419),
        ] {
            let text = pool.strings_mut().intern(text);
            check(&mut pool, Object::Str { text, interned: false }, expected);
        }
        check(&mut pool, Object::Bytes(b"abc"), -4_594_863_902_769_663_758);
        check(
            &mut pool,
            Object::Bytes(&std::array::from_fn::<u8, 20, _>(|n| n as u8)),
            7_178_233_520_606_413_056,
        );
    }

    #[test]
    fn containers_hash_as_in_cpython() {
        let mut pool = Pool::new();
        check(&mut pool, Object::Tuple(&[]), 5_740_354_900_026_072_187);
        let [one, two, three] = [1, 2, 3].map(|n| pool.add(Object::Int(n)));
        check(&mut pool, Object::Tuple(&[one]), -6_644_214_454_873_602_895);
        let x = pool.name_of("x");
        let pair = pool.add(Object::Tuple(&[two, x]));
        check(&mut pool, Object::Tuple(&[one, pair, ObjectId::NONE]), -548_045_080_296_679_777);
        check(&mut pool, Object::FrozenSet(&[]), 133_146_708_735_736);
        check(&mut pool, Object::FrozenSet(&[one, two, three]), -272_375_401_224_217_160);
        check(&mut pool, Object::Slice(&[one, ObjectId::NONE, two]), -4_682_449_159_006_217_827);
    }
}
