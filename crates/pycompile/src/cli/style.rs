//! Colour, where a terminal shows it.

use anstyle::{AnsiColor, Style};

/// Text in the colour of what went wrong.
pub(crate) fn bad(text: &str, color: bool) -> String {
    painted(text, AnsiColor::Red.on_default().bold(), color)
}

/// Text in the colour of what is as it should be.
pub(crate) fn good(text: &str, color: bool) -> String {
    painted(text, AnsiColor::Green.on_default(), color)
}

fn painted(text: &str, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
