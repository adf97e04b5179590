//! Python's `repr` of any object of a pool.
//!
//! Members of sets are shown in the order of iteration ([`set_iteration_order`](crate::set_iteration_order)).
//! The address of a code object is made from its id: distinct objects have distinct addresses, and the
//! same program gives the same ones.
//!
//! An object that holds shared objects many times over can be small and yet have a text that fills any
//! memory. So text that says again what was said is limited by the text that is new ([`ReprBudget`]).

use std::fmt::{self, Write};

use num_bigint::{BigInt, Sign};
use rustc_hash::FxHashSet;
use thiserror::Error;

use crate::hash::Hasher;
use crate::set_order::set_iteration_order_with;
use crate::{CodeObject, Object, ObjectId, Pool, PyStr, repr_bytes, repr_complex, repr_float, repr_str};

/// Why there is no `repr` of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum ReprError {
    /// Shared objects would be shown more often than the [`ReprBudget`] allows.
    #[error("the text of the object is too long")]
    TooLong,
    /// More than [`MAX_REPR_DEPTH`] objects are nested.
    #[error("the object is nested too deeply")]
    TooDeep,
    /// An int has more than 4300 digits: Python raises a `ValueError` of this text.
    #[error(
        "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
    )]
    TooManyDigits,
    /// The writer failed.
    #[error(transparent)]
    Write(#[from] fmt::Error),
}

/// How deep objects may nest; marshal data goes as far.
pub const MAX_REPR_DEPTH: usize = 2000;

/// How often text may repeat itself: the text of an object that was shown before, within the same object
/// or in another, may take up to 256 times as many bytes as the text of what is shown for the first time,
/// and 1 MiB more. CPython's compiler repeats no more than 256 times what it folds.
///
/// One budget can serve many objects that are shown together.
#[derive(Clone, Debug, Default)]
pub struct ReprBudget {
    seen: FxHashSet<ObjectId>,
    fresh: usize,
    repeated: usize,
}

impl ReprBudget {
    const REPEATED: usize = 1 << 20;
    const REPEATED_PER_FRESH: usize = 256;
    /// Shorter ones are never counted as repeated.
    const LONG_LEAF: usize = 64;
    const NEW_IN_CODE: usize = 512;

    /// A budget of which nothing is spent.
    pub fn new() -> Self {
        ReprBudget::default()
    }

    /// Spends what the text of an object takes that is not shown by [`write_repr`], and says whether that was
    /// allowed.
    pub fn spend(&mut self, id: ObjectId, len: usize) -> bool {
        let repeats = !self.seen.insert(id);
        self.spend_text(len, repeats)
    }

    fn spend_text(&mut self, len: usize, repeats: bool) -> bool {
        let spent = if repeats { &mut self.repeated } else { &mut self.fresh };
        *spent = spent.saturating_add(len);
        let allowed = self.fresh.saturating_mul(ReprBudget::REPEATED_PER_FRESH);
        self.repeated <= allowed.saturating_add(ReprBudget::REPEATED)
    }
}

/// Python's `repr` of an object.
///
/// ```
/// use pycode::{Object, Pool, repr};
/// let mut pool = Pool::new();
/// let one = pool.add(Object::Int(1));
/// let tuple = pool.add(Object::Tuple(&[one]));
/// assert_eq!(repr(&pool, tuple).unwrap(), "(1,)");
/// ```
///
/// # Errors
/// When Python gives none either (an int of more than 4300 digits), or the text repeats itself beyond measure.
pub fn repr(pool: &Pool, id: ObjectId) -> Result<String, ReprError> {
    let mut out = String::new();
    write_repr(pool, id, &mut ReprBudget::new(), &mut out)?;
    Ok(out)
}

/// Writes Python's `repr` of an object piece by piece: the memory that it takes depends on the longest
/// piece, not on the whole text.
///
/// # Errors
/// As for [`repr`], or when the writer fails. What comes before is written.
pub fn write_repr(
    pool: &Pool,
    id: ObjectId,
    budget: &mut ReprBudget,
    out: &mut impl Write,
) -> Result<(), ReprError> {
    let hasher = Hasher::new(pool);
    ReprWriter { pool, hasher, out, budget, leaf: String::new(), depth: 0, repeats: false }.object(id)
}

struct ReprWriter<'a, W> {
    pool: &'a Pool,
    hasher: Hasher<'a>,
    out: &'a mut W,
    budget: &'a mut ReprBudget,
    /// A buffer.
    leaf: String,
    depth: usize,
    /// Whether what is written is part of an object that was shown before.
    repeats: bool,
}

impl<W: Write> ReprWriter<'_, W> {
    fn object(&mut self, id: ObjectId) -> Result<(), ReprError> {
        if self.depth == MAX_REPR_DEPTH {
            return Err(ReprError::TooDeep);
        }
        let object = self.pool.get(id);
        if !object.is_container() || matches!(object, Object::Code(_)) {
            return self.leaf(id, object);
        }
        let repeated = self.repeats;
        self.repeats |= !self.budget.seen.insert(id);
        self.depth += 1;
        self.container(object)?;
        self.depth -= 1;
        self.repeats = repeated;
        Ok(())
    }

    fn container(&mut self, object: Object<'_>) -> Result<(), ReprError> {
        match object {
            Object::Tuple(members) => self.tuple(members),
            Object::List(members) => self.sequence("[", members, "]"),
            Object::FrozenSet([]) => self.text("frozenset()"),
            Object::FrozenSet(members) => self.set("frozenset({", members, "})"),
            Object::Set([]) => self.text("set()"),
            Object::Set(members) => self.set("{", members, "}"),
            Object::Dict(items) => self.dict(items),
            Object::Slice(parts) => self.sequence("slice(", parts, ")"),
            _ => unreachable!("not a container"),
        }
    }

    /// A short leaf is as long in the text as in a file, or nearly.
    fn leaf(&mut self, id: ObjectId, object: Object<'_>) -> Result<(), ReprError> {
        self.leaf.clear();
        self.format_leaf(id, object)?;
        let len = self.leaf.len();
        // Distinct code objects share their file name: only so much of each is counted as new.
        let is_code = matches!(object, Object::Code(_));
        let new = if is_code { len.min(ReprBudget::NEW_IN_CODE) } else { len };
        let is_known = !is_code && len > ReprBudget::LONG_LEAF && !self.budget.seen.insert(id);
        if !self.budget.spend_text(new, self.repeats || is_known) || !self.budget.spend_text(len - new, true)
        {
            return Err(ReprError::TooLong);
        }
        Ok(self.out.write_str(&self.leaf)?)
    }

    fn format_leaf(&mut self, id: ObjectId, object: Object<'_>) -> Result<(), ReprError> {
        let out = &mut self.leaf;
        match object {
            Object::None => out.push_str("None"),
            Object::Bool(true) => out.push_str("True"),
            Object::Bool(false) => out.push_str("False"),
            Object::Ellipsis => out.push_str("Ellipsis"),
            Object::StopIteration => out.push_str("<class 'StopIteration'>"),
            Object::Int(value) => write!(out, "{value}")?,
            Object::BigInt(value) => push_big_int(value, out)?,
            Object::Float(value) => repr_float(value, out),
            Object::Complex { real, imag } => repr_complex(real, imag, out),
            Object::Str { text, .. } => repr_str(self.pool.strings().get(text), out),
            Object::Bytes(bytes) => repr_bytes(bytes, out),
            Object::Code(code) => push_code(self.pool, id, code, out)?,
            _ => unreachable!("a container"),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReprError> {
        if !self.budget.spend_text(text.len(), self.repeats) {
            return Err(ReprError::TooLong);
        }
        Ok(self.out.write_str(text)?)
    }

    fn tuple(&mut self, members: &[ObjectId]) -> Result<(), ReprError> {
        self.sequence("(", members, if members.len() == 1 { ",)" } else { ")" })
    }

    fn set(&mut self, open: &str, members: &[ObjectId], close: &str) -> Result<(), ReprError> {
        let ordered = set_iteration_order_with(&mut self.hasher, members);
        self.sequence(open, &ordered, close)
    }

    fn sequence(&mut self, open: &str, members: &[ObjectId], close: &str) -> Result<(), ReprError> {
        self.text(open)?;
        for (i, &member) in members.iter().enumerate() {
            if i > 0 {
                self.text(", ")?;
            }
            self.object(member)?;
        }
        self.text(close)
    }

    fn dict(&mut self, items: &[(ObjectId, ObjectId)]) -> Result<(), ReprError> {
        self.text("{")?;
        for (i, &(key, value)) in items.iter().enumerate() {
            if i > 0 {
                self.text(", ")?;
            }
            self.object(key)?;
            self.text(": ")?;
            self.object(value)?;
        }
        self.text("}")
    }
}

/// Writing a number in decimal takes time that grows with the square of its length: hence Python's limit.
fn push_big_int(value: &BigInt, out: &mut String) -> Result<(), ReprError> {
    const MAX_DIGITS: usize = 4300;
    // 10 ** 4300 has 14,285 bits.
    if value.bits() > 14_285 {
        return Err(ReprError::TooManyDigits);
    }
    let digits = value.magnitude().to_string();
    if digits.len() > MAX_DIGITS {
        return Err(ReprError::TooManyDigits);
    }
    out.push_str(if value.sign() == Sign::Minus { "-" } else { "" });
    out.push_str(&digits);
    Ok(())
}

/// `code_repr`; names are shown as they are, not quoted.
fn push_code(pool: &Pool, id: ObjectId, code: &CodeObject, out: &mut String) -> fmt::Result {
    let shown = |id| pool.text(id).map_or_else(String::new, PyStr::to_string_lossy);
    let (name, filename) = (shown(code.name), shown(code.filename));
    let address = 0x7f00_0000_0000 + id.index() as u64 * 0x100;
    let line = if code.firstlineno == 0 { -1 } else { code.firstlineno };
    write!(out, "<code object {name} at {address:#x}, file \"{filename}\", line {line}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pool: &mut Pool, object: Object<'_>) -> String {
        let id = pool.add(object);
        repr(pool, id).expect("short")
    }

    #[test]
    fn containers_as_cpython_shows_them() {
        let mut pool = Pool::new();
        let [one, two] = [1, 2].map(|n| pool.add(Object::Int(n)));
        let name = pool.name_of("it's");
        let cases = [
            (Object::Tuple(&[]), "()"),
            (Object::Tuple(&[one]), "(1,)"),
            (Object::Tuple(&[one, ObjectId::ELLIPSIS]), "(1, Ellipsis)"),
            (Object::List(&[one, name]), "[1, \"it's\"]"),
            (Object::FrozenSet(&[]), "frozenset()"),
            (Object::FrozenSet(&[two, one]), "frozenset({1, 2})"),
            (Object::Set(&[]), "set()"),
            (Object::Set(&[one]), "{1}"),
            (Object::Dict(&[(one, two), (name, ObjectId::NONE)]), "{1: 2, \"it's\": None}"),
            (Object::Slice(&[one, ObjectId::NONE, two]), "slice(1, None, 2)"),
            (Object::StopIteration, "<class 'StopIteration'>"),
        ];
        for (object, expected) in cases {
            assert_eq!(shown(&mut pool, object), expected);
        }
    }

    #[test]
    fn shared_members_do_not_fill_the_memory() {
        let mut pool = Pool::new();
        let mut tuple = pool.add(Object::Tuple(&[ObjectId::NONE]));
        for _ in 0..60 {
            tuple = pool.add(Object::Tuple(&[tuple, tuple]));
        }
        assert_eq!(repr(&pool, tuple), Err(ReprError::TooLong));
        let mut count = Count(0);
        let result = write_repr(&pool, tuple, &mut ReprBudget::new(), &mut count);
        assert_eq!(result, Err(ReprError::TooLong));
        assert!((1 << 20..1 << 21).contains(&count.0), "{}", count.0);
    }

    /// Text that is measured only.
    struct Count(usize);

    impl Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }

    /// `(s,) * 256` with a long `s`: CPython folds it.
    #[test]
    fn what_folding_repeats_is_shown() {
        let mut pool = Pool::new();
        let long = pool.strings_mut().intern(&"spam".repeat(20_000));
        let long = pool.merge_str(long);
        let tuple = pool.add(Object::Tuple(&[long; 256]));
        assert_eq!(repr(&pool, tuple).map(|text| text.len()), Ok(256 * (80_000 + 4)));
    }

    #[test]
    fn ints_have_4300_digits_at_most() {
        let mut pool = Pool::new();
        let power = BigInt::from(10).pow(4300);
        for (value, len) in
            [(&power - 1, Ok(4300)), (1 - &power, Ok(4301)), (power, Err(ReprError::TooManyDigits))]
        {
            let id = pool.add(Object::BigInt(&value));
            assert_eq!(repr(&pool, id).map(|text| text.len()), len);
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let mut pool = Pool::new();
        let mut tuple = ObjectId::NONE;
        for _ in 0..MAX_REPR_DEPTH {
            tuple = pool.add(Object::Tuple(&[tuple]));
        }
        assert_eq!(repr(&pool, tuple), Err(ReprError::TooDeep));
    }
}
