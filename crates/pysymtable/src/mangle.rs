//! Private names: `__x` in `class A` is `_A__x`.

use pycode::{Interner, PyStr, StrId};

/// A name as seen from within a class of the name `private` (`_Py_Mangle`).
///
/// ```
/// use pycode::Interner;
/// use pysymtable::mangle;
///
/// let mut strings = Interner::new();
/// let mut mangled = |class: &str, name: &str| {
///     let (class, name) = (strings.intern(class), strings.intern(name));
///     let mangled = mangle(&mut strings, class, name);
///     strings.get(mangled).to_string_lossy()
/// };
/// assert_eq!(mangled("_Spam", "__eggs"), "_Spam__eggs");
/// assert_eq!(mangled("Spam", "__init__"), "__init__");
/// assert_eq!(mangled("Spam", "__os.path"), "__os.path");
/// assert_eq!(mangled("__", "__eggs"), "__eggs");
/// ```
#[inline]
pub fn mangle(strings: &mut Interner, private: StrId, name: StrId) -> StrId {
    if strings.is_underscored(name) && is_private(strings.get(name)) {
        mangle_private(strings, private, name)
    } else {
        name
    }
}

#[cold]
fn mangle_private(strings: &mut Interner, private: StrId, name: StrId) -> StrId {
    let class = strings.get(private).as_bytes();
    let underscores = class.iter().take_while(|&&byte| byte == b'_').count();
    if underscores == class.len() {
        return name;
    }
    let text = [b"_", &class[underscores..], strings.get(name).as_bytes()].concat();
    let text = PyStr::try_from_wtf8(&text).expect("symtable: parts of a mangled name are WTF-8");
    strings.intern_pystr(text)
}

/// Whether a name is mangled within a class: `__x`, but neither `__x__` nor, in an import, `__x.y`.
#[inline]
pub(crate) fn is_private(name: PyStr<'_>) -> bool {
    match name.as_bytes() {
        [b'_', b'_', rest @ ..] => !matches!(rest, [] | [b'_'] | [.., b'_', b'_']) && !rest.contains(&b'.'),
        _ => false,
    }
}
