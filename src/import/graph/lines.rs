//! The lines of several files, one after the other, with firm limits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use super::infer::Place;
use crate::import::{Error, Progress};

/// The longest line.
const LONGEST: u64 = 8 << 20;

/// What takes the lines of a file, or why one cannot be read.
type TakeLine<'t> = dyn FnMut(Place, Result<&str, String>) -> Result<(), Error> + 't;

/// Reads every line of a file that is not blank; the reader of a line may stop the whole by an error of its own.
pub(super) fn each(
    path: &Path,
    file: usize,
    counter: &mut Counter<'_>,
    line: &mut TakeLine<'_>,
) -> Result<(), Error> {
    let failed = |error| Error::Io(path.into(), error);
    let mut input = BufReader::with_capacity(1 << 20, File::open(path).map_err(failed)?);
    let (mut bytes, mut number) = (Vec::new(), 0);
    loop {
        bytes.clear();
        let read =
            input.by_ref().take(LONGEST + 1).read_until(b'\n', &mut bytes).map_err(failed)?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        counter.read(read);
        if read as u64 > LONGEST {
            return line((file, number), Err("the line is longer than 8 MiB".to_owned()));
        }
        let text = if number == 1 {
            bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes)
        } else {
            &bytes
        };
        match std::str::from_utf8(text) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => line((file, number), Ok(text.trim_end()))?,
            Err(_) => line((file, number), Err("the line is not UTF-8".to_owned()))?,
        }
    }
}

/// Whether a file holds a graph, by its first line that is not blank.
pub(super) fn holds_graph(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut input = BufReader::new(file.take(LONGEST));
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Ok(read) if read > 0 => {}
            Ok(_) | Err(_) => return false,
        }
        let text = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line);
        if !text.iter().all(u8::is_ascii_whitespace) {
            return std::str::from_utf8(text).is_ok_and(super::line::is_graph);
        }
    }
}

/// How much was read in all, told now and then.
pub(super) struct Counter<'p> {
    pub(super) progress: &'p mut dyn FnMut(Progress),
    pub(super) total: u64,
    pub(super) done: u64,
    pub(super) rows: u64,
    /// What the store has no place for: a noun, and how many.
    pub(super) left_out: BTreeMap<String, u64>,
    /// What else is worth saying.
    pub(super) remarks: BTreeSet<String>,
}

impl<'p> Counter<'p> {
    /// Counts from nothing to so many bytes.
    pub(super) fn new(progress: &'p mut dyn FnMut(Progress), total: u64) -> Self {
        let (left_out, remarks) = (BTreeMap::new(), BTreeSet::new());
        Self { progress, total, done: 0, rows: 0, left_out, remarks }
    }

    pub(super) fn read(&mut self, bytes: usize) {
        self.read_to(self.done + bytes as u64);
    }

    /// Counts a row that ends there.
    pub(super) fn read_to(&mut self, done: u64) {
        self.done = done;
        self.rows += 1;
        if self.rows.is_multiple_of(4096) {
            self.tell();
        }
    }

    /// Counts something that the store has no place for.
    pub(super) fn leave_out(&mut self, what: &str) {
        *self.left_out.entry(what.to_owned()).or_default() += 1;
    }

    pub(super) fn tell(&mut self) {
        let (total, done, rows) = (self.total, self.done, self.rows);
        (self.progress)(Progress { done_bytes: done.min(total), total_bytes: total, rows });
    }
}
