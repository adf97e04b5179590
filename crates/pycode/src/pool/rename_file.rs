//! Telling code objects that their source file has another name.

use super::Pool;
use crate::ObjectId;

impl Pool {
    /// Gives a code object another file name, and so each nested one that has the same name as it
    /// (`update_compiled_module` in `Python/import.c`, which an import does when a `.pyc` has moved). What has
    /// another name stays, with all that is nested in it. Says how many code objects were renamed.
    ///
    /// ```
    /// use pycode::{CodeObject, ObjectId, Pool};
    /// let mut pool = Pool::new();
    /// let [old, new] = ["old.py", "new.py"].map(|name| pool.name_of(name));
    /// let code = pool.new_code(CodeObject::empty(old, old));
    /// assert_eq!(pool.rename_file(code, new), 1);
    /// assert_eq!(pool.code(code).map(|code| code.filename), Some(new));
    /// ```
    ///
    /// # Panics
    /// When `filename` is not a string of this pool.
    pub fn rename_file(&mut self, code: ObjectId, filename: ObjectId) -> usize {
        assert!(self.text(filename).is_some(), "a file name is a string");
        let Some(old) = self.code(code).map(|code| code.filename) else {
            return 0;
        };
        let old = self.text(old).map(|text| text.as_bytes().to_vec());
        if old.as_deref() == self.text(filename).map(|text| text.as_bytes()) {
            return 0;
        }
        let mut renamed = 0;
        let mut pending = vec![code];
        while let Some(id) = pending.pop() {
            let has_old_name = |name| self.text(name).map(|text| text.as_bytes()) == old.as_deref();
            if !self.code(id).is_some_and(|code| has_old_name(code.filename)) {
                continue;
            }
            let Some(code) = self.objects.code_mut(id) else { continue };
            code.filename = filename;
            renamed += 1;
            let consts = code.consts;
            pending.extend_from_slice(self.tuple(consts).unwrap_or_default());
        }
        renamed
    }
}
