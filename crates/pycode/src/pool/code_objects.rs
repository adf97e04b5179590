//! A code object with those among its constants, and theirs.

use super::Pool;
use crate::{CodeObject, ObjectId};

impl Pool {
    /// A code object and all that are nested in it, in the order in which `python -m dis` shows them: a function
    /// comes before the functions in it. One that occurs several times comes once, so that no data, however
    /// tangled, makes much of little. Nothing if `root` is no code object.
    ///
    /// ```
    /// use pycode::{CodeObject, Object, Pool};
    /// let mut pool = Pool::new();
    /// let [file, outer, inner] = ["file.py", "outer", "inner"].map(|name| pool.name_of(name));
    /// let nested = pool.new_code(CodeObject::empty(file, inner));
    /// let consts = pool.add(Object::Tuple(&[nested, nested]));
    /// let root = pool.new_code(CodeObject { consts, ..CodeObject::empty(file, outer) });
    /// let names: Vec<_> = pool.code_objects(root).map(|(_, code)| code.name).collect();
    /// assert_eq!(names, [outer, inner]);
    /// ```
    pub fn code_objects(&self, root: ObjectId) -> impl Iterator<Item = (ObjectId, &CodeObject)> {
        // The last one is next.
        let (mut pending, mut seen) = (vec![root], vec![false; self.len()]);
        std::iter::from_fn(move || {
            while let Some(id) = pending.pop() {
                let Some(code) = self.code(id) else { continue };
                if !std::mem::replace(&mut seen[id.index()], true) {
                    pending.extend(self.tuple(code.consts).unwrap_or_default().iter().rev());
                    return Some((id, code));
                }
            }
            None
        })
    }
}
