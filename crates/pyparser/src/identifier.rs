//! Identifiers beyond ASCII.

use unicode_normalization::UnicodeNormalization;

/// The NFKC form of an identifier, which is what names are compared by (PEP 3131).
///
/// The Unicode version does not matter: the form of an assigned character never changes, and the
/// lexer lets pass only characters that are assigned in CPython's version.
pub(crate) fn normalize(name: &[u8]) -> String {
    let name = std::str::from_utf8(name).expect("the source is UTF-8");
    name.nfkc().collect()
}
