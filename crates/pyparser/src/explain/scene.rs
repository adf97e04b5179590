//! What conditions and error messages look at, and where errors are placed.
//!
//! The methods that place an error are CPython's `RAISE_...` macros. CPython's columns come in two kinds here: byte
//! columns from 0 in tokens and nodes, and "column plus one" in what is raised; [`Scene::raise`] takes the latter.

use std::cell::Cell;

use pyast::ErrorKind;
use pycode::Location;
use pytoken::TokenKind;

use super::columns;
use super::node::{NodeKind, Nodes, Value};
use super::tokens::{Origin, Raised, Tokens};
use crate::ParseOptions;
use crate::lexer::{Token, TokenFlags};

/// A parse at some point.
#[derive(Debug)]
pub(super) struct Scene<'s> {
    pub(super) tokens: Tokens<'s>,
    pub(super) nodes: Nodes,
    /// The next token to match.
    pub(super) mark: usize,
    pub(super) options: &'s ParseOptions,
    /// "Not equal" is `<>`.
    pub(super) barry_as_flufl: bool,
    /// Whether `invalid_` rules are enabled (`call_invalid_rules`).
    pub(super) invalid: bool,
    /// The line of the last compound statement that has matched in the second pass (`last_stmt_location`).
    pub(super) last_statement: i32,
    /// Somebody wanted to know more about a [`Value::Unread`].
    pub(super) unread_was_asked_for: Cell<bool>,
}

/// Where an error stands: lines from 1, and byte columns from 1 with CPython's special values (0 and -1).
#[derive(Clone, Copy, Debug)]
struct Place {
    lineno: i32,
    column: i32,
    end_lineno: i32,
    end_column: i32,
}

impl Scene<'_> {
    // -- what is what ------------------------------------------------------------------------------

    /// Where a value stands.
    pub(super) fn location(&self, value: Value) -> Location {
        match value {
            Value::Token(at) => self.tokens.get(at as usize).location(),
            Value::Node(id) => self.nodes.get(id).location,
            Value::Absent | Value::Done => Location::NONE,
            Value::Unread => {
                self.ask_for_unread();
                Location::NONE
            }
        }
    }

    /// The kind of a node.
    pub(super) fn kind(&self, value: Value) -> Option<NodeKind> {
        match value {
            Value::Node(id) => Some(self.nodes.get(id).kind),
            Value::Unread => {
                self.ask_for_unread();
                None
            }
            _ => None,
        }
    }

    fn ask_for_unread(&self) {
        self.unread_was_asked_for.set(true);
    }

    /// The token behind a value.
    pub(super) fn token(&self, value: Value) -> Option<Token> {
        match value {
            Value::Token(at) => Some(self.tokens.get(at as usize)),
            Value::Unread => {
                self.ask_for_unread();
                None
            }
            _ => None,
        }
    }

    /// The parts of a node; none of anything else.
    pub(super) fn children(&self, value: Value) -> &[Value] {
        match value {
            Value::Node(id) => self.nodes.children(id),
            Value::Unread => {
                self.ask_for_unread();
                &[]
            }
            _ => &[],
        }
    }

    /// The identifier that a `NAME` token stands for; the text of any other token.
    pub(super) fn name(&self, value: Value) -> String {
        let Some(token) = self.token(value) else { return String::new() };
        let text = self.tokens.text(token);
        if token.flags.contains(TokenFlags::NON_ASCII) {
            return crate::identifier::normalize(text);
        }
        String::from_utf8_lossy(text).into_owned()
    }

    // -- raising -----------------------------------------------------------------------------------

    /// From the start of one value to the end of another (`RAISE_SYNTAX_ERROR_KNOWN_RANGE`).
    pub(super) fn on_range(&self, start: Value, end: Value, message: impl Into<String>) -> Raised {
        self.on_location(self.location(start).to(self.location(end)), message)
    }

    /// On a value (`RAISE_SYNTAX_ERROR_KNOWN_LOCATION`).
    pub(super) fn on(&self, value: Value, message: impl Into<String>) -> Raised {
        self.on_location(self.location(value), message)
    }

    /// On a token.
    pub(super) fn on_token(&self, token: Token, message: impl Into<String>) -> Raised {
        self.on_location(token.location(), message)
    }

    fn on_location(&self, at: Location, message: impl Into<String>) -> Raised {
        let place = Place {
            lineno: at.lineno,
            column: at.col_offset + 1,
            end_lineno: at.end_lineno,
            end_column: at.end_col_offset + 1,
        };
        self.raise(ErrorKind::SyntaxError, place, message)
    }

    /// On the lines of a token, without columns.
    pub(super) fn on_lines_of(&self, token: Token, message: impl Into<String>) -> Raised {
        let at = token.location();
        let place = Place { lineno: at.lineno, column: 0, end_lineno: at.end_lineno, end_column: 0 };
        self.raise(ErrorKind::SyntaxError, place, message)
    }

    /// From the last character of a value, without an end (`':' expected after dictionary key`).
    pub(super) fn on_last_character(&self, value: Value, message: impl Into<String>) -> Raised {
        let at = self.location(value);
        let place =
            Place { lineno: at.lineno, column: at.end_col_offset, end_lineno: at.end_lineno, end_column: 0 };
        self.raise(ErrorKind::SyntaxError, place, message)
    }

    /// From the start of a value to where the lexer stands (`RAISE_SYNTAX_ERROR_STARTING_FROM`).
    pub(super) fn from(&self, value: Value, message: impl Into<String>) -> Raised {
        let (at, cursor) = (self.location(value), self.tokens.cursor());
        let place = Place {
            lineno: at.lineno,
            column: at.col_offset + 1,
            end_lineno: cursor.lineno,
            end_column: (cursor.position - cursor.line_start) as i32,
        };
        self.raise(ErrorKind::SyntaxError, place, message)
    }

    /// On the last token that was fetched (`RAISE_SYNTAX_ERROR`).
    pub(super) fn on_last_token(&self, message: impl Into<String>) -> Raised {
        self.on_last_token_as(ErrorKind::SyntaxError, message)
    }

    /// On the last token that was fetched, as some other exception (`RAISE_INDENTATION_ERROR`).
    pub(super) fn on_last_token_as(&self, kind: ErrorKind, message: impl Into<String>) -> Raised {
        match self.tokens.last() {
            Some(token) => self.raise(kind, self.place_of_token(token), message),
            None => self.raise(kind, Place { lineno: 0, column: 0, end_lineno: 0, end_column: -1 }, message),
        }
    }

    /// On the next token (`RAISE_SYNTAX_ERROR_ON_NEXT_TOKEN`), unless the lexer finds fault with it.
    pub(super) fn on_next_token(&mut self, message: impl Into<String>) -> Raised {
        match self.tokens.at(self.mark) {
            Ok(token) => self.raise(ErrorKind::SyntaxError, self.place_of_token(token), message),
            Err(error) => error,
        }
    }

    /// Where a token stands; one without text stands where the lexer does (`_PyPegen_raise_error`).
    fn place_of_token(&self, token: Token) -> Place {
        let at = token.location();
        let column = match at.col_offset {
            -1 => self.tokens.cursor().column(),
            column => column + 1,
        };
        let end_column = match at.end_col_offset {
            -1 => -1,
            column => column + 1,
        };
        Place { lineno: at.lineno, column, end_lineno: at.end_lineno, end_column }
    }

    /// `_PyPegen_raise_error_known_location`
    fn raise(&self, kind: ErrorKind, place: Place, message: impl Into<String>) -> Raised {
        let line = columns::line_of_error(self.tokens.lexer(), place.lineno);
        let end_offset = match place.end_column {
            ..=0 => place.end_column,
            column => columns::characters(line, column),
        };
        let location = Location::new(
            place.lineno,
            place.end_lineno,
            columns::characters(line, place.column) - 1,
            end_offset - 1,
        );
        let raised = Raised::by_parser(kind, message, location);
        Raised { error: Box::new(raised.error.with_text(line)), ..raised }
    }

    /// `'(' was never closed`
    pub(super) fn never_closed(&self) -> Option<Raised> {
        let (bracket, at) = self.tokens.lexer().innermost_bracket()?;
        let message = format!("'{bracket}' was never closed");
        let place =
            Place { lineno: at.lineno, column: at.col_offset + 1, end_lineno: at.lineno, end_column: 0 };
        Some(self.raise(ErrorKind::SyntaxError, place, message))
    }

    /// Whether the next token is an indentation, or the end of one, so that it is the wrong one.
    pub(super) fn wrong_indentation(&self, token: Token) -> Option<Raised> {
        let message = match token.kind {
            TokenKind::Indent => "unexpected indent",
            TokenKind::Dedent => "unexpected unindent",
            _ => return None,
        };
        let raised = self.on_last_token_as(ErrorKind::IndentationError, message);
        Some(Raised { origin: Origin::Final, ..raised })
    }
}
