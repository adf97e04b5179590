//! Bytes of any kind give an object or an error, quickly, and what was loaded can be written.

use std::time::{Duration, Instant};

use pycode::{Object, ObjectId, Pool};
use pymarshal::{DumpOptions, LoadErrorKind, MAX_DEPTH, Refs, dumps, loads};

const SEEDS: [&[u8]; 2] = [include_bytes!("data/module.opt-0.pyc"), include_bytes!("data/module.opt-2.pyc")];
const INTERESTING: &[u8] = b"0NFTS.iIlfgxysutaAzZ()[{<>:cr\x00\x01\x7f\x80\xff\xa9\xdb\xe9\xf3\xfb";

/// xorshift64*: the mutations are the same on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes[at] = random.next() as u8,
            1 => bytes[at] = INTERESTING[random.below(INTERESTING.len())],
            2 => bytes[at] ^= 1 << random.below(8),
            3 => bytes.insert(at, INTERESTING[random.below(INTERESTING.len())]),
            _ => {
                bytes.drain(at..(at + 1 + random.below(8)).min(bytes.len() - 1).max(at));
            }
        }
    }
}

fn load_and_write(bytes: &[u8]) -> bool {
    let mut pool = Pool::new();
    let Ok(loaded) = loads(bytes, &mut pool) else {
        return false;
    };
    for refs in [Refs::Held, Refs::AsLoaded(&loaded.flags)] {
        let Ok(first) = dumps(&pool, loaded.root, &DumpOptions { refs, ..DumpOptions::default() }) else {
            continue;
        };
        let mut again = Pool::new();
        let reloaded = loads(&first, &mut again).expect("what is written can be read");
        let refs = match refs {
            Refs::AsLoaded(_) => Refs::AsLoaded(&reloaded.flags),
            counted => counted,
        };
        let options = DumpOptions { refs, ..DumpOptions::default() };
        let second = dumps(&again, reloaded.root, &options).expect("it was written before");
        assert_eq!(first.len(), second.len(), "{bytes:?}");
    }
    true
}

#[test]
fn mutated_files_do_no_harm() {
    let mut random = Random(0x5EED);
    let end = Instant::now() + Duration::from_secs(20);
    let mut accepted = 0;
    for round in 0..4000 {
        let mut bytes = SEEDS[round % SEEDS.len()][16..].to_vec();
        mutate(&mut bytes, &mut random);
        accepted += usize::from(load_and_write(&bytes));
        assert!(Instant::now() < end, "too slow: {round} rounds");
    }
    assert!(accepted > 100, "hardly any mutation leaves valid data: {accepted}");
}

#[test]
fn every_prefix_is_an_error() {
    let whole = &SEEDS[0][16..];
    for len in (0..whole.len()).step_by(7) {
        let error = loads(&whole[..len], &mut Pool::new()).expect_err("cut off");
        assert!(error.offset <= len, "{error}");
    }
}

#[test]
fn noise_is_refused() {
    let mut random = Random(7);
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..200).map(|_| INTERESTING[random.below(INTERESTING.len())]).collect();
        load_and_write(&bytes);
    }
}

/// A length costs nothing until there are objects.
#[test]
fn lengths_are_checked_before_memory_is_taken() {
    let mut bytes = b"[\xff\xff\xff\x00".repeat(1000);
    bytes.resize(0x0100_0000, b'N');
    let error = loads(&bytes, &mut Pool::new()).expect_err("too short");
    assert_eq!(error.kind, LoadErrorKind::EndBeforeObject);
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| [b")\x01".repeat(depth), b"N".to_vec()].concat();
    let mut pool = Pool::new();
    let deepest = loads(&nested(MAX_DEPTH - 1), &mut pool).expect("allowed");
    assert!(dumps(&pool, deepest.root, &DumpOptions::default()).is_ok());
    let error = loads(&nested(MAX_DEPTH), &mut pool).expect_err("too deep");
    assert_eq!((error.offset, error.kind), (2 * MAX_DEPTH, LoadErrorKind::TooDeep));
}

/// How deep `('abc', ((...inner...),))` may be for `marshal.dumps`: a reference is as deep as the object.
#[test]
fn depth_of_writing_is_limited() {
    let mut pool = Pool::new();
    let name = pool.name_of("abc");
    let mut writable = |mut inner: ObjectId, levels: usize| {
        for _ in 0..levels {
            inner = pool.add(Object::Tuple(&[inner]));
        }
        let outer = pool.add(Object::Tuple(&[name, inner]));
        dumps(&pool, outer, &DumpOptions::default()).is_ok()
    };
    for (inner, levels) in [(ObjectId::EMPTY_TUPLE, 1998), (ObjectId::NONE, 1998), (name, 1998)] {
        assert_eq!([levels, levels + 1].map(|levels| writable(inner, levels)), [true, false], "{inner:?}");
    }
}

/// A frozenset in a frozenset in ...: CPython takes time that doubles with each level.
#[test]
fn nested_sets_take_no_exponential_time() {
    let mut bytes = b">\x02\x00\x00\x00N".repeat(300);
    bytes.push(b'T');
    let mut pool = Pool::new();
    let loaded = loads(&bytes, &mut pool).expect("valid");
    let written = dumps(&pool, loaded.root, &DumpOptions::default()).expect("writable");
    assert_eq!(written.len(), bytes.len());
}

/// `depth` tuples, each of which holds the next one twice; their numbers begin at `first`.
fn doubling_tuples(first: u32, depth: u32) -> Vec<u8> {
    let mut bytes = b"\xa9\x02".repeat(depth as usize);
    bytes.extend(b"NT");
    for number in (first + 1..first + depth).rev() {
        bytes.push(b'r');
        bytes.extend(number.to_le_bytes());
    }
    bytes
}

/// As members of a set they are compared.
#[test]
fn shared_members_take_no_exponential_time() {
    let bytes = [b"<\x02\x00\x00\x00".to_vec(), doubling_tuples(0, 60), doubling_tuples(60, 60)].concat();
    let mut pool = Pool::new();
    let loaded = loads(&bytes, &mut pool).expect("valid");
    let Object::Set(members) = pool.get(loaded.root) else { panic!("a set") };
    assert_eq!(members.len(), 1, "they are equal");
}

#[test]
fn a_cycle_is_refused() {
    let error = loads(b"\xdb\x01\x00\x00\x00r\x00\x00\x00\x00", &mut Pool::new()).expect_err("a cycle");
    assert_eq!((error.offset, error.kind), (5, LoadErrorKind::Cycle));
}
