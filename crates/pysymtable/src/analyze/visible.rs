//! Which names the functions around a block bind: CPython's sets `bound` and `type_params`.

use pycode::StrId;

/// What is known of a name from outside the current block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Outer {
    /// A function-like block around binds it, and no nearer one declares it global.
    pub(super) bound: bool,
    /// The nearest block around that binds it does so as a type parameter.
    pub(super) type_param: bool,
}

/// The state of all names, with a log to return to an earlier state.
#[derive(Clone, Debug, Default)]
pub(super) struct Visible {
    names: Vec<Outer>,
    log: Vec<(StrId, Outer)>,
}

/// An earlier state.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize);

impl Visible {
    /// Forgets everything; from now on there are so many names.
    pub(super) fn restart(&mut self, names: usize) {
        self.names.clear();
        self.names.resize(names, Outer::default());
        self.log.clear();
        self.log.reserve(names / 2);
    }

    #[inline]
    pub(super) fn get(&self, name: StrId) -> Outer {
        self.names[name.index()]
    }

    #[inline]
    pub(super) fn set(&mut self, name: StrId, outer: Outer) {
        let old = std::mem::replace(&mut self.names[name.index()], outer);
        if old != outer {
            self.log.push((name, old));
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.log.len())
    }

    /// Undoes everything since the mark.
    pub(super) fn return_to(&mut self, mark: Mark) {
        for (name, old) in self.log.drain(mark.0..).rev() {
            self.names[name.index()] = old;
        }
    }
}
