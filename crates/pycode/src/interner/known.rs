//! Ids of the strings that the compiler itself mentions: [`CLASS`] is `__class__`.
//!
//! Every interner starts with them, so that they have the same ids in all.

use super::StrId;

macro_rules! well_known {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "names of constants")]
        enum Index { $($name),* }

        $(
            #[doc = concat!("`", $text, "`")]
            pub const $name: StrId = StrId(Index::$name as u32);
        )*

        /// The texts, in the order of their ids.
        pub(super) const TEXTS: &[&str] = &[$($text),*];
    };
}

well_known! {
    EMPTY = "",
    MODULE = "<module>",
    LAMBDA = "<lambda>",
    GENEXPR = "<genexpr>",
    LISTCOMP = "<listcomp>",
    SETCOMP = "<setcomp>",
    DICTCOMP = "<dictcomp>",
    DOT_ZERO = ".0",
    DOT_DEFAULTS = ".defaults",
    DOT_KWDEFAULTS = ".kwdefaults",
    DOT_TYPE_PARAMS = ".type_params",
    DOT_GENERIC_BASE = ".generic_base",
    DOT_FORMAT = ".format",
    ANNOTATE = "__annotate__",
    ANNOTATE_FUNC = "__annotate_func__",
    ANNOTATIONS = "__annotations__",
    CONDITIONAL_ANNOTATIONS = "__conditional_annotations__",
    CLASS = "__class__",
    CLASSCELL = "__classcell__",
    CLASSDICT = "__classdict__",
    CLASSDICTCELL = "__classdictcell__",
    STATIC_ATTRIBUTES = "__static_attributes__",
    FIRSTLINENO = "__firstlineno__",
    TYPE_PARAMS = "__type_params__",
    DUNDER_MODULE = "__module__",
    QUALNAME = "__qualname__",
    NAME = "__name__",
    DOC = "__doc__",
    DEBUG = "__debug__",
    BUILD_CLASS = "__build_class__",
    FUTURE = "__future__",
    SUPER = "super",
    SELF = "self",
    TYPE = "type",
    PRINT = "print",
    TUPLE = "tuple",
    ALL = "all",
    ANY = "any",
    ASSERTION_ERROR = "AssertionError",
    NOT_IMPLEMENTED_ERROR = "NotImplementedError",
    STAR = "*",
    UNDERSCORE = "_",
    ITER = "__iter__",
    FORMAT = "format",
    VALUE = "value",
    LOCALS = "<locals>",
    JOIN = "join",
    RETURN = "return",
    TOP = "top",
    SCOPE_LAMBDA = "lambda",
    SCOPE_GENEXPR = "genexpr",
    SCOPE_LISTCOMP = "listcomp",
    SCOPE_SETCOMP = "setcomp",
    SCOPE_DICTCOMP = "dictcomp",
}
