//! What an error looks like: the text of Python's `traceback.format_exception_only`.
//!
//! Takes an error as data and gives its text: the file, the source line with carets below the place in question, and the
//! message; with [`Theme::COLORED`] as CPython shows it on a terminal. A misspelt keyword changes what is shown
//! (`Did you mean 'import'?`), though not the exception: see `typos.rs`.
//!
//! CPython's counterpart: `TracebackException._format_syntax_error` in `Lib/traceback.py`. Columns count characters,
//! even those that take two cells of a terminal or none, and also where an error of a later stage counts bytes.

mod close_matches;
mod typos;

use pyast::SyntaxError;
use pycode::is_space;

/// What is written before and after the parts of a traceback.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    exception: &'static str,
    message: &'static str,
    filename: &'static str,
    line: &'static str,
    highlight: &'static str,
    reset: &'static str,
}

impl Theme {
    /// Nothing.
    pub const PLAIN: Theme =
        Theme { exception: "", message: "", filename: "", line: "", highlight: "", reset: "" };

    /// The colours of CPython 3.14's default theme.
    pub const COLORED: Theme = Theme {
        exception: "\x1b[1;35m",
        message: "\x1b[35m",
        filename: "\x1b[35m",
        line: "\x1b[35m",
        highlight: "\x1b[1;31m",
        reset: "\x1b[0m",
    };
}

/// An error, and what is known about where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'e> {
    /// The error. Without a `text` of its own no source line is shown.
    pub error: &'e SyntaxError,
    /// The name of the file; none if it was not asked for one.
    pub filename: Option<&'e str>,
    /// The whole source, in which to look for misspelt keywords; not needed unless the error [`may_be_a_typo`].
    pub source: Option<&'e str>,
}

/// Whether a misspelt keyword may be behind an error, which takes the whole source to find out.
pub fn may_be_a_typo(error: &SyntaxError) -> bool {
    let is_plain = error.message == "invalid syntax" || error.message.contains("Perhaps you forgot a comma");
    is_plain && error.last_statement.is_some() && error.text.is_some()
}

/// The source line, what to mark of it, and the message: what a misspelt keyword changes.
struct Marked {
    text: Option<String>,
    /// From 1, in characters.
    offset: i64,
    /// Exclusive; 0 for none.
    end_offset: i64,
    on_one_line: bool,
    message: String,
}

impl Report<'_> {
    /// The text, each line with its newline.
    ///
    /// ```
    /// use pycompile::traceback::{Report, Theme};
    /// use pycompile::{Error, Options, compile};
    /// let source = "x = = 1\n";
    /// let Err(Error::Syntax(error)) = compile(source.as_bytes(), "a.py", &Options::default()) else { panic!() };
    /// let report = Report { error: &error, filename: Some("a.py"), source: Some(source) };
    /// let expected = "  File \"a.py\", line 1\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n";
    /// assert_eq!(report.to_text(&Theme::PLAIN), expected);
    /// ```
    pub fn to_text(&self, theme: &Theme) -> String {
        if !self.error.kind.is_syntax_error() {
            return last_line(self.error.kind.name(), &self.error.message, "", theme);
        }
        let (mut out, mut suffix) = (String::new(), String::new());
        let Theme { filename, line, reset, .. } = theme;
        match (self.error.location.lineno, self.filename) {
            (-1, Some(name)) => suffix = format!(" ({name})"),
            (-1, None) => {}
            (lineno, name) => {
                let name = name.unwrap_or("<string>");
                out = format!("  File {filename}\"{name}\"{reset}, line {line}{lineno}{reset}\n");
            }
        }
        let marked = self.marked();
        if let Some(text) = &marked.text {
            out.push_str(&marked.lines(text, theme));
        }
        let message = if marked.message.is_empty() { "<no detail available>" } else { &marked.message };
        out.push_str(&last_line(self.error.kind.name(), message, &suffix, theme));
        out
    }

    fn marked(&self) -> Marked {
        let (error, at) = (self.error, self.error.location);
        let source = self.source.filter(|_| may_be_a_typo(error));
        if let Some(typo) = source.and_then(|source| typos::find(error, source)) {
            return Marked {
                text: Some(typo.line),
                offset: typo.start + 1,
                end_offset: typo.end + 1,
                on_one_line: true,
                message: format!("invalid syntax. Did you mean '{}'?", typo.keyword),
            };
        }
        Marked {
            text: error.text.as_deref().map(str::to_owned),
            offset: i64::from(at.col_offset) + 1,
            end_offset: if at.end_lineno == -1 { 0 } else { i64::from(at.end_col_offset) + 1 },
            on_one_line: at.lineno == at.end_lineno,
            message: error.message.clone(),
        }
    }
}

impl Marked {
    /// The source line, and carets below it.
    fn lines(&self, text: &str, theme: &Theme) -> String {
        let without_newline = text.trim_end_matches('\n');
        let shown = without_newline.trim_start_matches([' ', '\n', '\x0c']);
        let indent = chars(without_newline) - chars(shown);
        let (start, end) = self.range(text, without_newline);
        let (start, end) = (start - 1 - indent, end - 1 - indent);
        let (Ok(start), Ok(width)) = (usize::try_from(start), usize::try_from(end - start)) else {
            return format!("    {shown}\n");
        };
        let Theme { highlight, reset, .. } = theme;
        let (before, rest) = shown.split_at(byte_of(shown, start));
        let (inside, after) = rest.split_at(byte_of(rest, width));
        // White space that is no space is kept for alignment.
        let space: String = before.chars().map(|c| if is_space(c) { c } else { ' ' }).collect();
        let carets = "^".repeat(width);
        format!("    {before}{highlight}{inside}{reset}{after}\n    {space}{highlight}{carets}{reset}\n")
    }

    /// Both ends, from 1, after what `traceback` does to make sense of them.
    fn range(&self, text: &str, without_newline: &str) -> (i64, i64) {
        let beyond = chars(without_newline) + 1;
        let clamp = |offset: i64| if !text.is_empty() && offset > chars(text) { beyond } else { offset };
        let end = match (self.on_one_line, self.end_offset) {
            (true, 0) => self.offset,
            (true, end) => end,
            (false, _) => beyond,
        };
        let (start, end) = (clamp(self.offset), clamp(end));
        (start, if start >= end || end < 0 { start + 1 } else { end })
    }
}

/// The type and the message.
fn last_line(kind: &str, message: &str, suffix: &str, theme: &Theme) -> String {
    let Theme { exception, message: before, reset, .. } = theme;
    if message.is_empty() {
        return format!("{exception}{kind}{reset}\n");
    }
    format!("{exception}{kind}{reset}: {before}{message}{reset}{suffix}\n")
}

fn chars(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// Where the character of that number begins; the end, if there are fewer.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}
