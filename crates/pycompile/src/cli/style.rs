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

/// An error of compilation as CPython colours it: carets, then the class and the message.
pub(crate) fn traceback(text: &str, color: bool) -> String {
    if !color {
        return text.to_owned();
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len() + 64);
    for (index, line) in lines.iter().enumerate() {
        let is_carets = line.contains('^') && line.trim_start().bytes().all(|byte| byte == b'^');
        match line.split_once(": ") {
            _ if is_carets => out.push_str(&bad(line, color)),
            Some((class, message)) if index + 1 == lines.len() => {
                let magenta = AnsiColor::Magenta.on_default();
                out.push_str(&painted(class, magenta.bold(), color));
                out.push_str(": ");
                out.push_str(&painted(message, magenta, color));
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

fn painted(text: &str, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
