//! From source bytes to CPython's abstract syntax tree.
//!
//! [`parse`] takes the bytes of a source file and gives the tree that CPython 3.14's `ast.parse` gives, down to
//! every position, in the arena of the caller. Three steps: `source` decodes, `lexer` makes
//! tokens, `grammar` makes nodes, all three in one pass over the text.
//!
//! The fast path only decides whether a source is valid. What CPython says about one that is not is found by
//! `explain`, which runs CPython's own grammar.
//!
//! * The tree is in the caller's arena, its strings are ids of the caller's interner; warnings come along.
//! * A source that CPython refuses gives CPython's exception, with text and position.
//! * A source that nests deeper than [`ParseOptions::recursion_limit`] gives a `RecursionError`.
//!
//! CPython's counterparts: `Parser/tokenizer`, `Parser/lexer`, `Parser/pegen.c`, `Parser/action_helpers.c`,
//! `Parser/string_parser.c` and `Grammar/python.gram`.
//!
//! ```
//! use pyparser::{ParseOptions, parse};
//! let (arena, mut strings) = (pyast::Arena::new(), pycode::Interner::new());
//! let parsed = parse(b"if x: pass\n", &arena, &mut strings, &ParseOptions::default())?;
//! assert_eq!(pyast::unparse(parsed.module, &strings, Default::default())?, b"if x:\n    pass");
//! let error = parse(b"if x = 1: pass\n", &arena, &mut strings, &ParseOptions::default()).unwrap_err();
//! assert_eq!(error.message, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
//! # Ok::<(), pyast::SyntaxError>(())
//! ```
//!
//! [`tokenize`] is Python's module of that name: all tokens, comments included, for tools that show them.

mod character_names;
mod explain;
mod generated {
    pub(crate) mod codecs;
    pub(crate) mod multi_byte;
    pub(crate) mod nameprep;
    pub(crate) mod unicode;
}
mod grammar;
mod identifier;
mod lexer;
mod literal;
mod options;
mod parser;
mod scratch;
mod source;
mod survey;
pub mod tokenize;
mod unicode;

use pyast::{Arena, SyntaxError, Warning};
use pycode::Interner;

pub use character_names::character_of_name;
pub use explain::explain;
pub use lexer::{Lexer, Position, Token, TokenFlags};
pub use options::{Mode, ParseOptions, Parsed};
pub use pytoken::TokenKind;
pub use source::{Source, decode, line_of_file};

use explain::{Refusal, explain_stepping_over};
use parser::Parser;
use survey::Survey;

/// The minor version that brought the newest syntax.
const NEWEST_FEATURE: u8 = 14;

/// About how many bytes of source there are for each different name or string.
const BYTES_PER_STRING: usize = 64;

/// Parses the bytes of a source file, whose encoding they tell (PEP 263).
///
/// # Errors
/// When CPython refuses the source.
///
/// ```
/// use pyparser::{ParseOptions, parse};
/// let arena = pyast::Arena::new();
/// let mut strings = pycode::Interner::new();
/// let parsed = parse(b"x = 1\n", &arena, &mut strings, &ParseOptions::default()).expect("valid");
/// assert!(matches!(parsed.module, pyast::Mod::Module(module) if module.body.len() == 1));
/// ```
pub fn parse<'a>(
    source: &[u8],
    arena: &'a Arena,
    strings: &mut Interner,
    options: &ParseOptions,
) -> Result<Parsed<'a>, SyntaxError> {
    let source = decode(source, options)?;
    parse_source(&source, arena, strings, options)
}

/// Parses text, which needs no decoding.
///
/// # Errors
/// When CPython refuses the source.
pub fn parse_str<'a>(
    source: &str,
    arena: &'a Arena,
    strings: &mut Interner,
    options: &ParseOptions,
) -> Result<Parsed<'a>, SyntaxError> {
    parse_source(&Source::from_text(source, options)?, arena, strings, options)
}

/// Parses decoded text.
///
/// # Errors
/// When CPython refuses the source.
pub fn parse_source<'a>(
    source: &Source<'_>,
    arena: &'a Arena,
    strings: &mut Interner,
    options: &ParseOptions,
) -> Result<Parsed<'a>, SyntaxError> {
    parse_reporting(source, arena, strings, options, &mut Vec::new())
}

/// Parses decoded text. When it is refused, what CPython warns of before it raises the error is added to `warnings`; the
/// warnings about a valid source are in [`Parsed`].
///
/// # Errors
/// When CPython refuses the source.
pub fn parse_reporting<'a>(
    source: &Source<'_>,
    arena: &'a Arena,
    strings: &mut Interner,
    options: &ParseOptions,
    warnings: &mut Vec<Warning>,
) -> Result<Parsed<'a>, SyntaxError> {
    strings.reserve(source.text().len() / BYTES_PER_STRING);
    let mut parser = Parser::new(source.text(), arena, strings, options);
    let module = match options.mode {
        Mode::Exec => parser.file(),
        Mode::Eval => parser.eval(),
        Mode::Single => parser.interactive(),
        Mode::FuncType => parser.func_type(),
    };
    match module {
        Ok(module) => {
            let is_doubtful = options.feature_version < NEWEST_FEATURE || parser.may_be_too_complex();
            let second_pass = options.explain && is_doubtful;
            if second_pass
                && let Some(refusal) = explain_stepping_over(source, options, &Survey::of(source, options))
            {
                warnings.extend(with_warning_of_codec(source, refusal.warnings));
                return Err(refusal.error);
            }
            let warnings = with_warning_of_codec(source, parser.lexer.take_warnings());
            let depth = parser.tree_depth();
            let preprocess_lines = parser.take_preprocess_lines();
            Ok(Parsed { module, warnings, depth, second_pass, preprocess_lines })
        }
        Err(_) if !options.explain => Err(parser.into_error()),
        Err(_) => {
            let refusal = refusal(source, options, parser);
            warnings.extend(with_warning_of_codec(source, refusal.warnings));
            Err(refusal.error)
        }
    }
}

/// The warnings of the parser, after that of the codec.
fn with_warning_of_codec(source: &Source<'_>, mut warnings: Vec<Warning>) -> Vec<Warning> {
    if let Some(warning) = source.warning() {
        warnings.insert(0, warning.clone());
    }
    warnings
}

/// Why the parser has refused a source.
#[cold]
fn refusal(source: &Source<'_>, options: &ParseOptions, mut parser: Parser<'_, '_, '_>) -> Refusal {
    let found = explain_stepping_over(source, options, &Survey::of(source, options))
        .or_else(|| explain_stepping_over(source, options, &Survey::default()));
    let warnings = parser.lexer.take_warnings();
    found.unwrap_or_else(|| Refusal { error: parser.into_error(), warnings })
}
