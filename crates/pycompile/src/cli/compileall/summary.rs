//! The counts at the end of a run.

use std::io;
use std::time::Instant;

use serde::Serialize;

use super::file::Report;
use crate::cli::json::{self, FileResult};
use crate::cli::{Streams, style};

/// Counts over all files.
#[derive(Serialize)]
pub(super) struct Summary {
    files: u64,
    written: u64,
    checked: u64,
    up_to_date: u64,
    failed: u64,
    /// Of source, in what was compiled.
    source_bytes: u64,
    bytes_written: u64,
    seconds: f64,
    #[serde(skip)]
    start: Instant,
    /// Whether all went well.
    #[serde(skip)]
    success: bool,
}

impl Summary {
    pub(super) fn new() -> Self {
        Summary {
            files: 0,
            written: 0,
            checked: 0,
            up_to_date: 0,
            failed: 0,
            source_bytes: 0,
            bytes_written: 0,
            seconds: 0.0,
            start: Instant::now(),
            success: true,
        }
    }

    pub(super) fn success(&self) -> bool {
        self.success
    }

    pub(super) fn count(&mut self, report: &Report) {
        self.success &= report.success;
        let Some(file) = &report.file else { return };
        self.files += 1;
        self.source_bytes += file.source_bytes;
        self.bytes_written += file.bytes;
        *match file.result {
            FileResult::Written => &mut self.written,
            FileResult::Checked => &mut self.checked,
            FileResult::UpToDate => &mut self.up_to_date,
            FileResult::Failed => &mut self.failed,
        } += 1;
        self.seconds = self.start.elapsed().as_secs_f64();
    }

    /// The last line of a report for machines.
    pub(super) fn json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Line<'s> {
            summary: &'s Summary,
        }
        json::line(&Line { summary: self })
    }

    /// `3210 files: 3200 written, 8 up to date, 2 failed in 1.24 s (2588 files/s, 31.2 MB/s)`
    pub(super) fn write(&self, streams: &mut Streams<'_>) -> io::Result<()> {
        let mut counts = Vec::new();
        for (number, what) in
            [(self.written, "written"), (self.checked, "checked"), (self.up_to_date, "up to date")]
        {
            if number > 0 {
                counts.push(format!("{number} {what}"));
            }
        }
        if self.failed > 0 {
            counts.push(style::bad(&format!("{} failed", self.failed), streams.err_color));
        }
        let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
        let seconds = self.seconds.max(1e-6);
        // It closes what was said before, wherever both streams lead.
        streams.out.flush()?;
        let files = if self.files == 1 { "file" } else { "files" };
        writeln!(
            streams.err,
            "{} {files}{counts} in {seconds:.2} s ({:.0} files/s, {:.1} MB/s)",
            self.files,
            self.files as f64 / seconds,
            self.source_bytes as f64 / seconds / 1e6,
        )
    }
}
