//! A map from dense ids to values for scopes that nest, without hashing.
//!
//! A vector has a slot for each key, which leads to the innermost entry of that key. An entry of the
//! current scope shadows those of the scopes around; leaving the scope brings them back.

/// The map; `T` is what the current scope knows of a key.
#[derive(Debug)]
pub(crate) struct ScopedMap<T> {
    /// By key: the index of its innermost entry plus one, 0 for none.
    slots: Vec<u32>,
    /// The entries of all open scopes, those of the innermost last.
    entries: Vec<Entry<T>>,
    /// The first entry of the current scope.
    start: u32,
}

#[derive(Debug)]
struct Entry<T> {
    key: u32,
    /// What was in the slot before.
    shadowed: u32,
    value: T,
}

/// The scope around the current one, to come back to.
#[derive(Clone, Copy, Default)]
pub(crate) struct OuterScope(u32);

impl<T> Default for ScopedMap<T> {
    fn default() -> Self {
        ScopedMap { slots: Vec::new(), entries: Vec::new(), start: 0 }
    }
}

impl<T> ScopedMap<T> {
    /// Makes room for keys below `keys`, which may be more, in a map without open scopes.
    pub(crate) fn make_room(&mut self, keys: usize) {
        debug_assert!(self.slots.iter().all(|&slot| slot == 0), "a scope is open");
        self.slots.resize(keys, 0);
        self.entries.reserve(256);
    }

    /// Opens a scope without entries.
    pub(crate) fn enter(&mut self) -> OuterScope {
        let outer = OuterScope(self.start);
        self.start = self.entries.len() as u32;
        outer
    }

    /// Closes the current scope, whose entries are forgotten.
    pub(crate) fn leave(&mut self, outer: OuterScope) {
        for entry in self.entries[self.start as usize..].iter().rev() {
            self.slots[entry.key as usize] = entry.shadowed;
        }
        self.entries.truncate(self.start as usize);
        self.start = outer.0;
    }

    /// The value of a key in the current scope.
    #[inline]
    pub(crate) fn get(&self, key: usize) -> Option<&T> {
        match self.slots.get(key) {
            Some(&slot) if slot > self.start => Some(&self.entries[slot as usize - 1].value),
            _ => None,
        }
    }

    /// The value of a key in the current scope, where it is added unless it is there.
    #[inline]
    pub(crate) fn get_or_insert_with(&mut self, key: usize, value: impl FnOnce() -> T) -> &mut T {
        let slot = match self.slots.get(key) {
            Some(&slot) if slot > self.start => slot,
            _ => self.insert_new(key, value()),
        };
        &mut self.entries[slot as usize - 1].value
    }

    /// Adds a key that is not in the current scope. Gives the number of the entry plus one.
    #[inline]
    pub(crate) fn insert(&mut self, key: usize, value: T) -> u32 {
        if key >= self.slots.len() {
            self.make_slot(key);
        }
        // Each entry stands for something in the source, which is shorter than 4 GiB.
        let slot = self.entries.len() as u32 + 1;
        let shadowed = std::mem::replace(&mut self.slots[key], slot);
        self.entries.push(Entry { key: key as u32, shadowed, value });
        slot
    }

    #[inline(never)]
    fn insert_new(&mut self, key: usize, value: T) -> u32 {
        self.insert(key, value)
    }

    #[cold]
    #[inline(never)]
    fn make_slot(&mut self, key: usize) {
        assert!(key < u32::MAX as usize, "a key and the number of an entry take 32 bits");
        self.slots.resize((key + 1).next_power_of_two(), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_scopes_hide_outer_ones() {
        let mut map = ScopedMap::default();
        map.make_room(10);
        let top = map.enter();
        *map.get_or_insert_with(7, || 'a') = 'b';
        let outer = map.enter();
        assert_eq!(map.get(7), None);
        map.get_or_insert_with(7, || 'c');
        map.get_or_insert_with(100, || 'd');
        assert_eq!((map.get(7), map.get(100)), (Some(&'c'), Some(&'d')));
        map.leave(outer);
        assert_eq!((map.get(7), map.get(100)), (Some(&'b'), None));
        map.leave(top);
        assert_eq!(map.get(7), None);
    }
}
