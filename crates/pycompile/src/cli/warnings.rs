//! What is done with a warning: the filters of `-W` and `PYTHONWARNINGS` (`Lib/_py_warnings.py`, `_setoption`).
//!
//! A filter is `ACTION:MESSAGE:CATEGORY:MODULE:LINE`, of which the end may be missing; the last one that fits decides.
//! The message is compared with the beginning, the module with the file name without `.py`. A warning made an error ends
//! the compilation where it is issued, so the error comes before any other that the source has.
//!
//! `once` is meant for a file here and for a process in CPython, where it depends on the order of the files.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

use pyast::{Location, SyntaxError, Warning, WarningKind};
use pycompile::{Compiled, Error};

use super::paths;
use super::usage::int;

/// The filters, the one that is asked first at the end.
#[derive(Clone, Debug)]
pub(crate) struct WarningFilters(Arc<[Filter]>);

#[derive(Clone, Debug)]
struct Filter {
    action: Action,
    /// In lower case.
    message: String,
    category: Category,
    module: String,
    /// 0 is any.
    line: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Action {
    Show,
    Once,
    Ignore,
    Error,
}

/// Which warnings of a compiler a category takes in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Category {
    All,
    Only(WarningKind),
    None,
}

/// What became of the warnings about a source.
pub(crate) struct Judged {
    /// What is to be shown, in order.
    pub(crate) shown: Vec<Warning>,
    /// The first that is an error; none after it was issued.
    pub(crate) error: Option<SyntaxError>,
}

/// What a filter may do with a warning. The first that begins with what was given is meant (`_getaction`).
const ACTIONS: [(&str, Action); 7] = [
    ("default", Action::Show),
    ("always", Action::Show),
    ("all", Action::Show),
    ("ignore", Action::Ignore),
    ("module", Action::Show),
    ("once", Action::Once),
    ("error", Action::Error),
];

/// Categories that no warning of a compiler belongs to.
const OTHER_CATEGORIES: [&str; 9] = [
    "UserWarning",
    "PendingDeprecationWarning",
    "RuntimeWarning",
    "FutureWarning",
    "ImportWarning",
    "UnicodeWarning",
    "BytesWarning",
    "ResourceWarning",
    "EncodingWarning",
];

impl WarningFilters {
    /// Those that are given, in their order, after those that are there from the start; with what is wrong about
    /// the ones that are left out.
    pub(crate) fn new(options: &[String]) -> (Self, Vec<String>) {
        let mut filters = vec![Filter::of(Action::Ignore, Category::Only(WarningKind::DeprecationWarning))];
        let mut refused = Vec::new();
        for option in options {
            match Filter::parse(option) {
                Ok(filter) => filters.push(filter),
                Err(why) => refused.push(why),
            }
        }
        (WarningFilters(filters.into()), refused)
    }

    /// `warnings.filterwarnings("ignore")`
    pub(crate) fn nothing() -> Self {
        WarningFilters([Filter::of(Action::Ignore, Category::All)].into())
    }

    /// What becomes of the warnings about a source that is shown as `name`.
    pub(crate) fn judge(&self, warnings: &[Warning], name: &OsStr) -> Judged {
        let mut judged = Judged { shown: Vec::new(), error: None };
        for warning in warnings {
            match self.action(warning, name) {
                Action::Ignore => {}
                Action::Once if judged.shown.iter().any(|shown| shown.message == warning.message) => {}
                // What is about no place in the source is about one in CPython's library.
                Action::Show | Action::Once if warning.location == Location::NONE => {}
                Action::Show | Action::Once => judged.shown.push(warning.clone()),
                Action::Error => {
                    judged.error = Some(warning.clone().into_error());
                    break;
                }
            }
        }
        judged
    }

    fn action(&self, warning: &Warning, name: &OsStr) -> Action {
        let fitting = self.0.iter().rev().find(|filter| filter.fits(warning, name));
        fitting.map_or(Action::Show, |filter| filter.action)
    }

    /// Whether some `SyntaxWarning` of unknown text is shown.
    pub(crate) fn show_syntax_warnings(&self) -> bool {
        let whole = |filter: &&Filter| {
            filter.category.takes(WarningKind::SyntaxWarning) && filter.message.is_empty() && filter.line == 0
        };
        self.0.iter().rev().find(whole).is_none_or(|filter| filter.action != Action::Ignore)
    }
}

impl Filter {
    fn of(action: Action, category: Category) -> Filter {
        Filter { action, message: String::new(), category, module: String::new(), line: 0 }
    }

    fn parse(option: &str) -> Result<Filter, String> {
        let parts: Vec<&str> = option.split(':').map(str::trim).collect();
        if parts.len() > 5 {
            return Err(format!("too many fields (max 5): {}", quoted(option)));
        }
        let part = |at: usize| parts.get(at).copied().unwrap_or_default();
        Ok(Filter {
            action: action(part(0))?,
            message: part(1).to_lowercase(),
            category: category(part(2))?,
            module: part(3).to_owned(),
            line: line(part(4))?,
        })
    }

    fn fits(&self, warning: &Warning, name: &OsStr) -> bool {
        self.category.takes(warning.kind)
            && warning.message.to_lowercase().starts_with(&self.message)
            && (self.module.is_empty() || module(name) == self.module.as_bytes())
            && (self.line == 0 || self.line == i64::from(warning.location.lineno))
    }
}

impl Category {
    fn takes(self, kind: WarningKind) -> bool {
        match self {
            Category::All => true,
            Category::Only(only) => only == kind,
            Category::None => false,
        }
    }
}

fn action(text: &str) -> Result<Action, String> {
    match ACTIONS.into_iter().find(|(known, _)| known.starts_with(text)) {
        Some((_, action)) => Ok(action),
        None => Err(format!("invalid action: {}", quoted(text))),
    }
}

/// `_getcategory`; modules other than `builtins` are not there.
fn category(text: &str) -> Result<Category, String> {
    match text.rsplit_once('.') {
        Some((module, _)) if module != "builtins" => {
            return Err(format!("invalid module name: {}", quoted(module)));
        }
        _ => {}
    }
    match text.strip_prefix("builtins.").unwrap_or(text) {
        "" | "Warning" => Ok(Category::All),
        other if OTHER_CATEGORIES.contains(&other) => Ok(Category::None),
        other => match WarningKind::from_name(other) {
            Some(kind) => Ok(Category::Only(kind)),
            None => Err(format!("unknown warning category: {}", quoted(text))),
        },
    }
}

fn line(text: &str) -> Result<i64, String> {
    match int(text) {
        _ if text.is_empty() => Ok(0),
        Ok(line) if line >= 0 => Ok(line),
        Ok(line) => Err(format!("invalid lineno {line}")),
        Err(_) => Err(format!("invalid lineno {}", quoted(text))),
    }
}

fn quoted(text: &str) -> String {
    paths::repr(OsStr::new(text))
}

/// The module that a warning is said to be of (`normalize_module` in `Python/_warnings.c`).
fn module(name: &OsStr) -> &[u8] {
    match name.as_bytes() {
        b"" => b"<unknown>",
        name => name.strip_suffix(b".py").unwrap_or(name),
    }
}

/// The end of a compilation, after the warnings were looked at.
pub(crate) struct Checked {
    pub(crate) compiled: Result<Compiled, Error>,
    pub(crate) shown: Vec<Warning>,
}

/// Judges the warnings of a compilation: those about a source that compiles are in the result, those issued before an
/// error were `reported`.
pub(crate) fn check(
    compiled: Result<Compiled, Error>,
    reported: Vec<Warning>,
    name: &OsStr,
    filters: &WarningFilters,
) -> Checked {
    let warnings = compiled.as_ref().map_or(&reported, |compiled| &compiled.warnings);
    let Judged { shown, error } = filters.judge(warnings, name);
    match error {
        None => Checked { compiled, shown },
        Some(error) => Checked { compiled: Err(error.into()), shown },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(message: &str, line: i32) -> Warning {
        let location = Location { lineno: line, ..Location::NONE };
        Warning { kind: WarningKind::SyntaxWarning, message: message.to_owned(), location, text: None }
    }

    fn judge(options: &[&str]) -> (Vec<i32>, Option<String>) {
        let (filters, refused) =
            WarningFilters::new(&options.iter().map(|&o| o.to_owned()).collect::<Vec<_>>());
        assert_eq!(refused, Vec::<String>::new());
        let warnings = [warning("spam, spam", 1), warning("eggs", 2), warning("eggs", 3)];
        let judged = filters.judge(&warnings, OsStr::new("a/b.py"));
        (judged.shown.iter().map(|w| w.location.lineno).collect(), judged.error.map(|error| error.message))
    }

    #[test]
    fn the_last_filter_that_fits_decides() {
        let eggs = || Some("eggs".to_owned());
        assert_eq!(judge(&[]), (vec![1, 2, 3], None));
        assert_eq!(judge(&["ignore", "default::SyntaxWarning"]), (vec![1, 2, 3], None));
        assert_eq!(judge(&["ignore::SyntaxWarning"]), (vec![], None));
        assert_eq!(judge(&["ignore::UserWarning"]), (vec![1, 2, 3], None));
        assert_eq!(judge(&["i", "e::::2"]), (vec![], eggs()));
        assert_eq!(judge(&["error:EGG"]), (vec![1], eggs()));
        assert_eq!(judge(&["error", "ignore:SPAM"]), (vec![], eggs()));
        assert_eq!(judge(&["error:::b", "once"]), (vec![1, 2], None));
        assert_eq!(judge(&["error:::a/b"]), (vec![], Some("spam, spam".to_owned())));
    }

    #[test]
    fn filters_that_are_none_are_refused_in_pythons_words() {
        let cases = [
            ("foo", "invalid action: 'foo'"),
            ("error::Foo", "unknown warning category: 'Foo'"),
            ("error::foo.Bar", "invalid module name: 'foo'"),
            ("error::::x", "invalid lineno 'x'"),
            ("error::::-1", "invalid lineno -1"),
            ("error:::::1", "too many fields (max 5): 'error:::::1'"),
        ];
        for (option, why) in cases {
            assert_eq!(WarningFilters::new(&[option.to_owned()]).1, [why]);
        }
    }
}
