//! CPython's opcodes: numbers, names, flags, stack effects, inline caches.
