//! Constants of a unit.
//!
//! CPython's counterparts: `_PyCompile_AddConst`, `merge_consts_recursive` of `Python/compile.c`; the merging
//! of equal constants itself is [`Pool::merge`](pycode::Pool::merge).

use pyast::{Constant, Location, StrId};
use pycode::{Object, ObjectId, Pool, int_object};
use pyinstrseq::UnitConst;
use rustc_hash::FxHashSet;

use crate::generator::Generator;

impl<'a> Generator<'_, 'a> {
    /// The index of a merged object among the unit's constants, where it is added unless it is there
    /// (`_PyCompile_AddConst`).
    #[inline]
    pub(crate) fn add_const(&mut self, object: ObjectId) -> u32 {
        match self.const_indices.get(object.index()) {
            Some(&index) => index,
            None => self.add_first_const(object),
        }
    }

    #[inline(never)]
    fn add_first_const(&mut self, object: ObjectId) -> u32 {
        let index = self.push_const(UnitConst::Object(object));
        self.const_indices.insert(object.index(), index);
        index
    }

    fn push_const(&mut self, constant: UnitConst) -> u32 {
        let consts = &mut self.unit.output.consts;
        consts.push(constant);
        consts.len() as u32 - 1
    }

    /// The index of the code object of a unit. Those that are still to be made become one constant, where
    /// they are equal, when they are: [`CodeUnit::resolve_consts`](pyinstrseq::CodeUnit::resolve_consts).
    pub(crate) fn add_unit_const(&mut self, unit: UnitConst) -> u32 {
        match unit {
            UnitConst::Object(code) => self.add_const(code),
            UnitConst::Unit(_) => self.push_const(unit),
        }
    }

    /// Loads the value of a constant node.
    #[inline(never)]
    pub(crate) fn load_constant(&mut self, location: Location, value: Constant<'a>) {
        self.load_constant_at(location, location, value);
    }

    /// Loads the value of a constant node that stands at `node`, as if it stood at `location`.
    #[inline(always)]
    pub(crate) fn load_constant_at(&mut self, location: Location, node: Location, value: Constant<'a>) {
        let object = match value {
            Constant::Str(text) if node == Location::NONE => self.synthetic_str(text),
            _ => self.constant_object(value),
        };
        self.emit_const(location, object);
    }

    /// The merged object of a string that preprocessing made. The `%` that `'%s%%%s' % (a, b)` leaves is
    /// not the singleton of that character: CPython fills it in after making it (`parse_literal` in
    /// `Python/ast_preprocess.c`).
    fn synthetic_str(&mut self, text: StrId) -> ObjectId {
        if self.pool.strings().get(text) != "%" {
            return self.pool.merge_str(text);
        }
        let object = self.pool.add_fresh(Object::Str { text, interned: false });
        self.pool.merge_id(object)
    }

    /// Loads a string that is interned, since it is a name.
    pub(crate) fn load_name_const(&mut self, location: Location, name: StrId) {
        let object = self.pool.merge_name(name);
        self.emit_const(location, object);
    }

    /// Loads a name that may have been mangled: then it is a new string, which is not interned.
    pub(crate) fn load_mangled_const(&mut self, location: Location, name: StrId, mangled: StrId) {
        if mangled == name {
            self.load_name_const(location, name);
        } else {
            self.load_str_const(location, mangled);
        }
    }

    /// Loads a string as a literal would.
    pub(crate) fn load_str_const(&mut self, location: Location, text: StrId) {
        let object = self.pool.merge_str(text);
        self.emit_const(location, object);
    }

    /// Loads an int.
    pub(crate) fn load_int_const(&mut self, location: Location, value: i64) {
        let object = self.pool.merge_i64(value);
        self.emit_const(location, object);
    }

    /// Loads a tuple of names.
    pub(crate) fn load_names_const(&mut self, location: Location, names: impl Iterator<Item = StrId>) {
        self.objects.clear();
        self.objects.extend(names.map(|name| self.pool.merge_name(name)));
        let object = self.pool.merge(Object::Tuple(&self.objects));
        self.emit_const(location, object);
    }

    /// The merged object of a constant node's value.
    #[inline]
    pub(crate) fn constant_object(&mut self, value: Constant<'a>) -> ObjectId {
        match value {
            Constant::Str(text) => self.pool.merge_str(text),
            Constant::Int(value) => self.pool.merge_i64(value),
            Constant::None => ObjectId::NONE,
            Constant::Bool(false) => ObjectId::FALSE,
            Constant::Bool(true) => ObjectId::TRUE,
            _ => self.rare_object(value),
        }
    }

    #[inline(never)]
    fn rare_object(&mut self, value: Constant<'a>) -> ObjectId {
        match value {
            Constant::Tuple(_) | Constant::FrozenSet(_) => self.container_object(value),
            _ => self.scalar_object(value),
        }
    }

    /// A new object of a constant node's value, equal to others but not one with them, as the parser
    /// makes it for each literal. (Members of a container, which only trees made by hand have, are merged.)
    pub(crate) fn unmerged_object(&mut self, value: Constant<'a>) -> ObjectId {
        match value {
            Constant::Tuple(_) | Constant::FrozenSet(_) => self.container_object(value),
            Constant::BigInt(value) => self.pool.add(int_object(&value.to_bigint())),
            _ => self.pool.add(scalar(value)),
        }
    }

    fn scalar_object(&mut self, value: Constant<'a>) -> ObjectId {
        match value {
            Constant::BigInt(value) => self.pool.merge_int(&value.to_bigint()),
            _ => self.pool.merge(scalar(value)),
        }
    }

    /// Trees made by hand may hold tuples of any depth: the walk keeps its own stack.
    fn container_object(&mut self, value: Constant<'a>) -> ObjectId {
        let mut open: Vec<OpenContainer<'a>> = Vec::new();
        let mut next = value;
        loop {
            let mut object = match next {
                Constant::Tuple(members) | Constant::FrozenSet(members) => {
                    let is_set = matches!(next, Constant::FrozenSet(_));
                    open.push(OpenContainer { rest: members.iter(), done: Vec::new(), is_set });
                    None
                }
                _ => Some(self.scalar_object(next)),
            };
            loop {
                let Some(container) = open.last_mut() else {
                    return object.expect("the outermost container is complete");
                };
                container.done.extend(object.take());
                if let Some(&member) = container.rest.next() {
                    next = member;
                    break;
                }
                let complete = open.pop().expect("a container is open");
                object = Some(complete.merged(self.pool));
            }
        }
    }
}

/// The value of a constant that is no container and no large int.
fn scalar(value: Constant<'_>) -> Object<'_> {
    match value {
        Constant::None => Object::None,
        Constant::Bool(value) => Object::Bool(value),
        Constant::Ellipsis => Object::Ellipsis,
        Constant::Str(text) => Object::Str { text, interned: false },
        Constant::Int(value) => Object::Int(value),
        Constant::Float(value) => Object::Float(value),
        Constant::Complex { real, imag } => Object::Complex { real, imag },
        Constant::Bytes(bytes) => Object::Bytes(bytes),
        Constant::BigInt(_) | Constant::Tuple(_) | Constant::FrozenSet(_) => {
            unreachable!("what has to be built is no scalar")
        }
    }
}

/// A tuple or frozenset of which some members are objects already.
struct OpenContainer<'a> {
    rest: std::slice::Iter<'a, Constant<'a>>,
    done: Vec<ObjectId>,
    is_set: bool,
}

impl OpenContainer<'_> {
    /// Members of a set keep their order, in which Python's set would get them.
    fn merged(mut self, pool: &mut Pool) -> ObjectId {
        if !self.is_set {
            return pool.merge(Object::Tuple(&self.done));
        }
        let mut seen = FxHashSet::default();
        self.done.retain(|&member| seen.insert(member));
        pool.merge(Object::FrozenSet(&self.done))
    }
}
