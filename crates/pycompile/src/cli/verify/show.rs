//! What a person is told.

use std::io;

use pycode::escape_unprintable;
use pycompile::verify::Row;

use super::Counts;
use super::check::{Outcome, Report};
use crate::cli::{Streams, style};

/// A file with what became of it, and both sides of a difference.
pub(super) fn report(report: &Report, streams: &mut Streams<'_>) -> io::Result<()> {
    let color = streams.out_color;
    let result = match report.result {
        Outcome::Ok => style::good("ok", color),
        other => style::bad(other.name(), color),
    };
    let reason = report
        .reason
        .as_deref()
        .map_or_else(String::new, |reason| format!(": {}", escape_unprintable(reason)));
    writeln!(streams.out, "{}: {result}{reason}", escape_unprintable(&report.file))?;
    match &report.difference {
        Some(difference) => side_by_side(&difference.rows, streams),
        None => Ok(()),
    }
}

fn side_by_side(rows: &[Row], streams: &mut Streams<'_>) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (pyc, source) = (indent(rows, |row| &row.pyc), indent(rows, |row| &row.source));
    let rows = rows.iter().map(|row| Row {
        pyc: row.pyc.get(pyc..).unwrap_or_default().to_owned(),
        source: row.source.get(source..).unwrap_or_default().to_owned(),
        differs: row.differs,
    });
    let heading = Row { pyc: "in the .pyc".to_owned(), source: "of the source".to_owned(), differs: false };
    let rows: Vec<Row> = std::iter::once(heading).chain(rows).collect();
    let width = rows.iter().map(|row| row.pyc.chars().count()).max().unwrap_or(0);
    for row in &rows {
        let mark = if row.differs { '>' } else { ' ' };
        let line = format!("  {mark} {:<width$} | {}", row.pyc, row.source);
        let line = line.trim_end();
        let line = if row.differs { style::bad(line, streams.out_color) } else { line.to_owned() };
        writeln!(streams.out, "{line}")?;
    }
    Ok(())
}

/// How many blanks all lines of a side begin with.
fn indent(rows: &[Row], side: fn(&Row) -> &String) -> usize {
    let lines = rows.iter().map(side).filter(|line| !line.is_empty());
    lines.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0)
}

/// `438 files: 437 ok, 1 different`
pub(super) fn counts(counts: &Counts, streams: &mut Streams<'_>) -> io::Result<()> {
    let color = streams.out_color;
    let mut parts = Vec::new();
    if counts.ok > 0 {
        parts.push(style::good(&format!("{} ok", counts.ok), color));
    }
    let bad = [
        (counts.stale, Outcome::Stale),
        (counts.different, Outcome::Different),
        (counts.no_source, Outcome::NoSource),
        (counts.not_pyc, Outcome::NotPyc),
        (counts.error, Outcome::Error),
    ];
    for (count, outcome) in bad.into_iter().filter(|&(count, _)| count > 0) {
        parts.push(style::bad(&format!("{count} {}", outcome.name()), color));
    }
    match counts.files {
        0 => writeln!(streams.out, "there are no .pyc files"),
        1 => writeln!(streams.out, "1 file: {}", parts.join(", ")),
        files => writeln!(streams.out, "{files} files: {}", parts.join(", ")),
    }
}
