//! Standard input, a line at a time, none of them without bound.

use std::io::{self, BufRead, Read};

/// The longest line, in bytes. A request with tens of thousands of inputs takes a few million.
const LIMIT: u64 = 1 << 26;

/// A line of input.
pub(super) enum Line {
    /// The bytes before the line's end.
    Text(Vec<u8>),
    /// A line that nobody means.
    TooLong,
}

/// The lines of a stream; they end with `\n` alone, as those of Python's standard input do.
pub(super) struct Lines<R> {
    stream: R,
    limit: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(stream: R) -> Self {
        Lines { stream, limit: LIMIT }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut line = Vec::new();
        let read = self.stream.by_ref().take(self.limit).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if read as u64 == self.limit {
            self.stream.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Text(line)))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<io::Result<Line>> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_beyond_the_limit_is_skipped_whole() {
        let text: &[u8] = b"one\n\nfar too long a line\ntwo\r\nlast";
        let lines = Lines { stream: text, limit: 8 };
        let shown: Vec<String> = lines
            .map(|line| match line.expect("memory cannot fail") {
                Line::Text(text) => String::from_utf8(text).expect("ASCII"),
                Line::TooLong => "(too long)".to_owned(),
            })
            .collect();
        assert_eq!(shown, ["one", "", "(too long)", "two\r", "last"]);
    }
}
