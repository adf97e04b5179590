//! Characters by name, for `\N{...}`.

/// The code point of a name or alias, in any case.
pub(crate) fn lookup(name: &[u8]) -> Option<u32> {
    let name = std::str::from_utf8(name).ok()?;
    unicode_names2::character(name).map(u32::from)
}
