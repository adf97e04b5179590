//! The __future__ features of a module.
