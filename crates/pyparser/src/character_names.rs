//! Characters by name, for `\N{...}`.

/// The code point of a name or alias, in any case.
pub(crate) fn lookup(name: &[u8]) -> Option<u32> {
    // No name begins with a hyphen; the crate would look at what stands before it.
    let name = std::str::from_utf8(name).ok().filter(|name| !name.starts_with('-'))?;
    let character = unicode_names2::character(name)?;
    // The crate takes names with blanks and hyphens left out or put in elsewhere; Python does not.
    let is_loose = unicode_names2::name(character).is_some_and(|proper| {
        let proper = proper.to_string();
        letters(&proper).eq(letters(name)) && !proper.eq_ignore_ascii_case(name)
    });
    (!is_loose).then_some(u32::from(character))
}

/// The code point of a character by its name or alias: Python's `unicodedata.lookup`.
///
/// ```
/// assert_eq!(pyparser::character_of_name("em dash"), Some(0x2014));
/// assert_eq!(pyparser::character_of_name("dash"), None);
/// ```
pub fn character_of_name(name: &str) -> Option<u32> {
    lookup(name.as_bytes())
}

/// The letters and digits of a name.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase())
}
