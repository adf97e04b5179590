//! What the generated [`Rewriter`](crate::visitor::Rewriter) is made of: "did it change", and lists
//! that are copied at the first change.

use crate::visitor::Rewriter;

/// Whether two values are one and the same in the arena; says nothing of equal ones.
pub(crate) trait Same: Copy {
    fn is_same(self, other: Self) -> bool;
}

impl<T> Same for &T {
    #[inline]
    fn is_same(self, other: Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl<T> Same for &[T] {
    #[inline]
    fn is_same(self, other: Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl<T: Same> Same for Option<T> {
    #[inline]
    fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Some(one), Some(other)) => one.is_same(other),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Rewrites what is there.
#[inline]
pub(crate) fn optional<R: ?Sized, T, E>(
    rewriter: &mut R,
    value: Option<T>,
    rewrite: impl FnOnce(&mut R, T) -> Result<T, E>,
) -> Result<Option<T>, E> {
    value.map(|value| rewrite(rewriter, value)).transpose()
}

/// Rewrites the items of a list; the same list if none changed.
#[inline]
pub(crate) fn list<'a, R: Rewriter<'a> + ?Sized, T: Same>(
    rewriter: &mut R,
    items: &'a [T],
    mut rewrite: impl FnMut(&mut R, T) -> Result<T, R::Error>,
) -> Result<&'a [T], R::Error> {
    for (i, &item) in items.iter().enumerate() {
        let new = rewrite(rewriter, item)?;
        if new.is_same(item) {
            continue;
        }
        let copy = rewriter.arena().copy_list(items);
        copy[i] = new;
        for slot in &mut copy[i + 1..] {
            *slot = rewrite(rewriter, *slot)?;
        }
        return Ok(copy);
    }
    Ok(items)
}

/// [`list`] for structs, which lie in the list themselves.
#[inline]
pub(crate) fn list_of_structs<'a, R: Rewriter<'a> + ?Sized, T: Copy>(
    rewriter: &mut R,
    items: &'a [T],
    mut rewrite: impl FnMut(&mut R, &'a T) -> Result<&'a T, R::Error>,
) -> Result<&'a [T], R::Error> {
    for (i, item) in items.iter().enumerate() {
        let new = rewrite(rewriter, item)?;
        if new.is_same(item) {
            continue;
        }
        let copy = rewriter.arena().copy_list(items);
        copy[i] = *new;
        for (slot, item) in copy[i + 1..].iter_mut().zip(&items[i + 1..]) {
            *slot = *rewrite(rewriter, item)?;
        }
        return Ok(copy);
    }
    Ok(items)
}
