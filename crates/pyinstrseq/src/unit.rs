//! A code unit: what one code object is made from.

use std::fmt;

use pycode::{CodeFlags, ObjectId, StrId};
use rustc_hash::FxHashMap;

use crate::InstructionSequence;

/// A unit in the list that codegen gives; children have smaller ids than their parents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub u32);

impl UnitId {
    /// The position in the list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unit{}", self.0)
    }
}

/// A constant of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnitConst {
    /// A value, merged in the pool.
    Object(ObjectId),
    /// The code object that another unit will become.
    Unit(UnitId),
}

/// What is known of a unit besides its instructions (`_PyCompile_CodeUnitMetadata`).
#[derive(Clone, Debug)]
pub struct UnitMetadata {
    /// `co_name`
    pub name: StrId,
    /// `co_qualname`: the string object that was made when the unit was entered. A class body has it
    /// as a constant too, and making the code object interns it: that is why it is an object.
    pub qualname: ObjectId,
    /// Positional parameters that may be given by keyword (`u_argcount`), without the positional-only ones.
    pub argcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// The line of the `def`, `class`, lambda or first decorator.
    pub firstlineno: i32,
    /// `co_flags`
    pub flags: CodeFlags,
    /// `u_names`: global, attribute and imported names, by the argument that refers to them.
    pub names: Vec<StrId>,
    /// `u_varnames`: parameters, then other fast locals.
    pub varnames: Vec<StrId>,
    /// `u_cellvars`, sorted by name.
    pub cellvars: Vec<StrId>,
    /// `u_freevars`, sorted by name; their arguments go on after the cell variables.
    pub freevars: Vec<StrId>,
    /// `u_fasthidden`: names that are fast locals only within an inlined comprehension.
    pub fasthidden: Vec<StrId>,
    /// Whether `co_localsplusnames` is a tuple of its own, never merged with an equal one, in which the
    /// first name is `format`: CPython renames the parameter of an `__annotate__` function, `.format`,
    /// after it has made the code object (`codegen_leave_annotations_scope`). Until then there may be
    /// another `format` among the locals.
    pub own_locals: bool,
}

impl UnitMetadata {
    /// A unit without parameters, names and flags. The rest is set field by field.
    ///
    /// ```
    /// use pycode::{CodeFlags, Pool, known};
    /// use pyinstrseq::UnitMetadata;
    /// let mut pool = Pool::new();
    /// let (name, qualname) = (known::NAME, pool.name(known::NAME));
    /// let metadata = UnitMetadata { varnames: vec![known::SELF], argcount: 1, ..UnitMetadata::new(name, qualname, 7) };
    /// assert_eq!((metadata.firstlineno, metadata.flags), (7, CodeFlags::default()));
    /// ```
    pub fn new(name: StrId, qualname: ObjectId, firstlineno: i32) -> Self {
        UnitMetadata {
            name,
            qualname,
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            firstlineno,
            flags: CodeFlags::default(),
            names: Vec::new(),
            varnames: Vec::new(),
            cellvars: Vec::new(),
            freevars: Vec::new(),
            fasthidden: Vec::new(),
            own_locals: false,
        }
    }
}

/// A code unit: module, class, function, lambda, generator expression or annotation scope, as codegen
/// leaves it.
#[derive(Clone, Debug)]
pub struct CodeUnit {
    /// What is known of it.
    pub metadata: UnitMetadata,
    /// Its instructions.
    pub sequence: InstructionSequence,
    /// Its constants, by the argument of `LOAD_CONST`.
    pub consts: Vec<UnitConst>,
}

impl CodeUnit {
    /// The constants as objects, given the code objects that the other units became.
    ///
    /// CPython assembles a nested unit before it adds its code object to the constants, so equal code
    /// objects (a lambda in a `finally` that is compiled twice) share one constant. Here the merging
    /// happens afterwards: instructions are renumbered where it does.
    pub fn resolve_consts(&mut self, code_of: impl Fn(UnitId) -> ObjectId) -> Vec<ObjectId> {
        self.resolve_consts_into(Vec::with_capacity(self.consts.len()), code_of)
    }

    /// [`resolve_consts`](Self::resolve_consts) into the memory of a list whose contents do not matter.
    pub fn resolve_consts_into(
        &mut self,
        mut objects: Vec<ObjectId>,
        code_of: impl Fn(UnitId) -> ObjectId,
    ) -> Vec<ObjectId> {
        let mut units = 0;
        let resolve = |&constant: &UnitConst| match constant {
            UnitConst::Object(id) => id,
            UnitConst::Unit(unit) => {
                units += 1;
                code_of(unit)
            }
        };
        objects.clear();
        objects.extend(self.consts.iter().map(resolve));
        if units < 2 {
            return objects;
        }
        self.merge_equal(objects)
    }

    fn merge_equal(&mut self, objects: Vec<ObjectId>) -> Vec<ObjectId> {
        let mut index_of: FxHashMap<ObjectId, u32> = FxHashMap::default();
        let mut merged = Vec::with_capacity(objects.len());
        let mut map = Vec::with_capacity(objects.len());
        for id in objects {
            let index = *index_of.entry(id).or_insert_with(|| {
                merged.push(id);
                merged.len() as u32 - 1
            });
            map.push(index);
        }
        if merged.len() < map.len() {
            self.sequence.renumber_consts(&map);
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use pycode::{Location, known};
    use pyopcode::Opcode;

    use super::*;
    use crate::{Instruction, SequenceBuilder};

    fn load(constant: i32) -> Instruction {
        Instruction::new(Opcode::LoadConst, constant, Location::NONE)
    }

    #[test]
    fn equal_code_objects_become_one_constant() {
        let mut code = SequenceBuilder::new();
        for arg in [1, 0, 2] {
            code.op_arg(Opcode::LoadConst, arg, Location::NONE);
        }
        code.set_annotations(InstructionSequence::new(vec![load(2)]));
        let metadata = UnitMetadata::new(known::MODULE, ObjectId::EMPTY_STR, 1);
        let consts =
            vec![UnitConst::Unit(UnitId(0)), UnitConst::Unit(UnitId(1)), UnitConst::Object(ObjectId::NONE)];
        let mut unit = CodeUnit { metadata, sequence: code.finish(), consts };
        let objects = unit.resolve_consts(|_| ObjectId::TRUE);
        assert_eq!(objects, [ObjectId::TRUE, ObjectId::NONE]);
        let args: Vec<i32> = unit.sequence.instructions().iter().map(|i| i.oparg).collect();
        assert_eq!(args, [0, 0, 1]);
        assert_eq!(unit.sequence.annotations().expect("annotations").instructions(), [load(1)]);
    }
}
