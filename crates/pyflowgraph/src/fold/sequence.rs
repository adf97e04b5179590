//! Concatenation, repetition and subscripts of tuples, strings and bytes.
//!
//! What has nothing to do gives back its operand itself, not an equal object: concatenation with nothing
//! (`PyUnicode_Concat`, `bytes_concat`, `tuple_concat`), repetition once and a slice of everything. Code
//! generation merges all equal constants, so that this shows only in a list that has not been merged.
//!
//! CPython's counterparts: `sequence_repeat` and `PyObject_GetItem` in `Objects/abstract.c`,
//! `PySlice_Unpack` and `PySlice_AdjustIndices` in `Objects/sliceobject.c`, and the limits of
//! `const_folding_safe_multiply` in `Python/flowgraph.c`.

use pycode::{Object, ObjectId, Pool, PyStr, push_code_point};
use pyopcode::BinaryOp;

use super::number::Number;
use super::{Value, int};

/// Larger tuples are not made by repetition (`MAX_COLLECTION_SIZE`).
const MAX_COLLECTION_SIZE: usize = 256;
/// Longer strings and bytes are not made by repetition (`MAX_STR_SIZE`).
const MAX_STR_SIZE: usize = 4096;
/// The same for tuples with the members of their members (`MAX_TOTAL_ITEMS`).
const MAX_TOTAL_ITEMS: i64 = 1024;

/// An operation on operands that are not both numbers.
pub(super) fn binary(pool: &Pool, op: BinaryOp, left: ObjectId, right: ObjectId) -> Option<Value> {
    match op {
        BinaryOp::Add => concatenate(pool, left, right),
        BinaryOp::Multiply => match (index(pool.get(left)), index(pool.get(right))) {
            (_, Some(count)) => repeat(pool, left, count),
            (Some(count), _) => repeat(pool, right, count),
            _ => None,
        },
        BinaryOp::Subscr => subscript(pool, left, right),
        _ => None,
    }
}

/// The value of an int or bool.
fn index(object: Object<'_>) -> Option<Index> {
    let number = Number::of(object)?;
    let value = number.as_int()?;
    Some(Index { value: int::to_i64(&value), clamped: int::to_i64_clamped(&value) })
}

/// An int that is used to count.
#[derive(Clone, Copy, Debug)]
struct Index {
    /// The value, if it is not too large.
    value: Option<i64>,
    /// The value, or the largest of its sign.
    clamped: i64,
}

fn concatenate(pool: &Pool, left: ObjectId, right: ObjectId) -> Option<Value> {
    let value = concatenated(pool, pool.get(left), pool.get(right))?;
    Some(match [left, right].map(|id| super::is_true(pool.get(id))) {
        [false, _] => Value::Existing(right),
        [true, false] => Value::Existing(left),
        [true, true] => value,
    })
}

fn concatenated(pool: &Pool, left: Object<'_>, right: Object<'_>) -> Option<Value> {
    match (left, right) {
        (Object::Tuple(left), Object::Tuple(right)) => Some(Value::Tuple([left, right].concat())),
        (Object::Bytes(left), Object::Bytes(right)) => Some(Value::Bytes([left, right].concat())),
        (Object::Str { text: left, .. }, Object::Str { text: right, .. }) => {
            let [left, right] = [left, right].map(|text| pool.strings().get(text).as_bytes());
            Some(Value::Text([left, right].concat()))
        }
        _ => None,
    }
}

fn repeat(pool: &Pool, sequence: ObjectId, count: Index) -> Option<Value> {
    let count = count.value?;
    let value = repetition(pool, pool.get(sequence), count)?;
    let is_unchanged = count == 1 || !super::is_true(pool.get(sequence));
    Some(if is_unchanged { Value::Existing(sequence) } else { value })
}

fn repetition(pool: &Pool, sequence: Object<'_>, count: i64) -> Option<Value> {
    match sequence {
        Object::Tuple(members) => {
            let times = repetitions(count, members.len(), MAX_COLLECTION_SIZE)?;
            if times > 0 && complexity_left(pool, members, MAX_TOTAL_ITEMS / times as i64) < 0 {
                return None;
            }
            Some(Value::Tuple(members.repeat(times)))
        }
        Object::Bytes(data) => {
            let times = repetitions(count, data.len(), MAX_STR_SIZE)?;
            // `bytes_repeat` makes a new object of nothing, `unicode_repeat` does not.
            let repeated = data.repeat(times);
            let is_new = times == 0 && !data.is_empty();
            Some(if is_new { Value::FreshBytes(repeated) } else { Value::Bytes(repeated) })
        }
        Object::Str { text, .. } => {
            let text = pool.strings().get(text);
            let times = repetitions(count, text.len(), MAX_STR_SIZE)?;
            Some(Value::Text(text.as_bytes().repeat(times)))
        }
        _ => None,
    }
}

/// How often to repeat so many items; what is empty stays so.
fn repetitions(count: i64, len: usize, limit: usize) -> Option<usize> {
    if len == 0 {
        return Some(0);
    }
    usize::try_from(count).ok().filter(|&count| count <= limit / len)
}

/// `const_folding_check_complexity`: what is left of a limit after all members, negative if nothing.
fn complexity_left(pool: &Pool, members: &[ObjectId], limit: i64) -> i64 {
    let mut limit = limit - members.len() as i64;
    for &member in members {
        if limit < 0 {
            break;
        }
        if let Some(members) = pool.tuple(member) {
            limit = complexity_left(pool, members, limit);
        }
    }
    limit
}

fn subscript(pool: &Pool, container: ObjectId, key: ObjectId) -> Option<Value> {
    let key = Key::of(pool, pool.get(key))?;
    let value = picked(pool, pool.get(container), key)?;
    let is_all = key.is_all(length(pool, pool.get(container)));
    Some(if is_all { Value::Existing(container) } else { value })
}

/// The number of items.
fn length(pool: &Pool, container: Object<'_>) -> usize {
    match container {
        Object::Tuple(members) => members.len(),
        Object::Bytes(data) => data.len(),
        Object::Str { text, .. } => pool.strings().get(text).code_points().count(),
        _ => 0,
    }
}

fn picked(pool: &Pool, container: Object<'_>, key: Key) -> Option<Value> {
    match container {
        Object::Tuple(members) => {
            let picked = key.pick(members)?;
            Some(if key.is_slice() { Value::Tuple(picked) } else { Value::Existing(picked[0]) })
        }
        Object::Bytes(data) => {
            let picked = key.pick(data)?;
            Some(match key {
                Key::Index(_) => Value::Int(picked[0].into()),
                Key::Slice { .. } if key.has_step() && !picked.is_empty() => Value::FreshBytes(picked),
                Key::Slice { .. } => Value::Bytes(picked),
            })
        }
        Object::Str { text, .. } => {
            let picked = pick_text(pool.strings().get(text), key)?;
            Some(if key.has_step() { Value::FreshText(picked) } else { Value::Text(picked) })
        }
        _ => None,
    }
}

fn pick_text(text: PyStr<'_>, key: Key) -> Option<Vec<u8>> {
    if text.is_ascii() {
        return key.pick(text.as_bytes());
    }
    let code_points: Vec<u32> = text.code_points().collect();
    let mut out = Vec::new();
    for code_point in key.pick(&code_points)? {
        push_code_point(&mut out, code_point);
    }
    Some(out)
}

/// What can stand in brackets.
#[derive(Clone, Copy, Debug)]
enum Key {
    /// An index, from the end if negative.
    Index(i64),
    /// A slice.
    Slice { start: Option<i64>, stop: Option<i64>, step: i64 },
}

impl Key {
    fn of(pool: &Pool, object: Object<'_>) -> Option<Key> {
        let Object::Slice(&[start, stop, step]) = object else {
            return index(object)?.value.map(Key::Index);
        };
        let bound = |id| match pool.get(id) {
            Object::None => Some(None),
            object => index(object).map(|index| Some(index.clamped)),
        };
        // The smallest step is one less than the largest is more, so that it can be negated.
        let step = bound(step)?.unwrap_or(1).max(-i64::MAX);
        (step != 0).then_some(Key::Slice { start: bound(start)?, stop: bound(stop)?, step })
    }

    fn is_slice(self) -> bool {
        matches!(self, Key::Slice { .. })
    }

    /// Whether it is a slice that leaves out what is between: `unicode_subscript` and `bytes_subscript` fill
    /// in such a result after they made it, so that it is never a singleton.
    fn has_step(self) -> bool {
        matches!(self, Key::Slice { step, .. } if step != 1)
    }

    /// Whether it is a slice of all of so many items, of at least one.
    fn is_all(self, len: usize) -> bool {
        let all = (0, len as i64);
        len > 0 && !self.has_step() && self.range(len as i64).is_some_and(|range| range == all)
    }

    /// The first item of a slice and the one behind the last, in the order of its step.
    fn range(self, len: i64) -> Option<(i64, i64)> {
        let Key::Slice { start, stop, step } = self else { return None };
        let (first, last) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let clip = |bound: i64| {
            let bound = if bound < 0 { bound.saturating_add(len) } else { bound };
            bound.clamp(first, last)
        };
        let start = start.map_or(if step > 0 { first } else { last }, clip);
        Some((start, stop.map_or(if step > 0 { last } else { first }, clip)))
    }

    /// The items; `None` if there is no such index.
    fn pick<T: Copy>(self, items: &[T]) -> Option<Vec<T>> {
        let len = items.len() as i64;
        match self {
            Key::Index(index) => {
                let index = if index < 0 { index.checked_add(len)? } else { index };
                let index = usize::try_from(index).ok()?;
                items.get(index).map(|&item| vec![item])
            }
            Key::Slice { step, .. } => {
                let (start, stop) = self.range(len)?;
                Some(pick_range(items, start, stop, step))
            }
        }
    }
}

fn pick_range<T: Copy>(items: &[T], start: i64, stop: i64, step: i64) -> Vec<T> {
    let mut picked = Vec::new();
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        picked.push(items[at as usize]);
        at = at.saturating_add(step);
    }
    picked
}
