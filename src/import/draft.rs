//! What a file of another program's form becomes: rows of the files of a folder, kept aside in any order until what
//! they point to is there, then read as if they stood in those files.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use super::Error;
use super::files::{self, Column, FILES, File, SHEET_RANK};
use super::folder::Layout;
use super::later;
use super::records::Record;
use super::session::Session;
use crate::store::pending::Staged;

/// The longest cell, as in delimited text.
const MAX_CELL: usize = 1 << 20;

/// When a row that was kept aside is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// With the rows of its file.
    InTurn,
    /// Behind the rows of all files, since it points to one that comes later.
    AtTheEnd,
}

/// The rank of rows that are read at the end.
const LAST: u8 = 30;

/// The rows that were kept aside: which columns each sort of them has.
#[derive(Default)]
pub(super) struct Stage {
    shapes: Vec<Sort>,
    rows: u64,
}

/// Rows of one file that have the same columns.
struct Sort {
    file: &'static File,
    columns: Vec<&'static str>,
    layout: Option<Layout>,
}

/// One file that is being read by an importer.
pub(super) struct Draft<'d, 'w> {
    session: &'d mut Session<'w>,
    stage: &'d mut Stage,
    path: &'d Path,
    number: usize,
    read: Rc<Cell<u64>>,
    tick: &'d mut dyn FnMut(u64),
    left_out: &'d mut BTreeMap<String, u64>,
}

impl<'d, 'w> Draft<'d, 'w> {
    /// Begins a file. `tick` is told how many bytes were read, once a row.
    pub(super) fn new(
        session: &'d mut Session<'w>,
        stage: &'d mut Stage,
        left_out: &'d mut BTreeMap<String, u64>,
        (path, name): (&'d Path, &str),
        tick: &'d mut dyn FnMut(u64),
    ) -> Result<Self, Error> {
        let number = session.open_file(name)?;
        Ok(Self { session, stage, path, number, read: Rc::default(), tick, left_out })
    }

    /// Where the file is, for importers that need more than a stream.
    pub(super) fn path(&self) -> &Path {
        self.path
    }

    /// The file as a stream; how far it is read shows as progress.
    pub(super) fn open(&self) -> Result<Box<dyn BufRead>, Error> {
        let file = fs::File::open(self.path).map_err(|error| self.failed(error))?;
        let counted = Counted { inner: file, read: Rc::clone(&self.read) };
        Ok(Box::new(BufReader::with_capacity(256 << 10, counted)))
    }

    /// The operating system refused to read the file.
    pub(super) fn failed(&self, error: io::Error) -> Error {
        Error::Io(self.path.into(), error)
    }

    /// Adds a row of the file with this stem in `FILES`. The cells are taken exactly; lists are written by [`joined`], keys of
    /// any kind as `kind:key`. A column that is not given stays as it is where the row is there already. Rows may come
    /// in any order, each key once a file, unless its rows are alike.
    pub(super) fn row(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
    ) -> Result<(), Error> {
        (self.tick)(self.read.get());
        for (column, cell) in cells {
            if let Some(reason) = unfit(cell) {
                self.refuse(line, Some(column), reason, None);
                return Ok(());
            }
        }
        self.keep(stem, line, cells, When::InTurn)
    }

    /// The same of cells that `exact` made, so that nothing of them is lost.
    pub(super) fn exact_row(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
        when: When,
    ) -> Result<(), Error> {
        (self.tick)(self.read.get());
        self.keep(stem, line, cells, when)
    }

    fn keep(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
        when: When,
    ) -> Result<(), Error> {
        let Some(sort) = self.stage.sort(stem, cells) else { return Ok(()) };
        let rank = self.stage.shapes.get(sort).map_or(0, |sort| sort.file.rank);
        let rank = if when == When::AtTheEnd { LAST } else { rank };
        self.stage.rows += 1;
        let staged = Staged { rank, sort, file: self.number, line, cells: packed(cells) };
        Ok(self.session.batch.stage(self.stage.rows, &staged)?)
    }

    /// Reads the rows that were added so far, so that what follows may point to them.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        for rank in [SHEET_RANK, u8::MAX] {
            self.stage.read_before(rank, self.session)?;
            later::resolve(self.session)?;
        }
        Ok(())
    }

    /// Tells how far the file is read.
    pub(super) fn tick(&mut self) {
        (self.tick)(self.read.get());
    }

    /// The import, to add what has no row of a folder's files.
    pub(super) fn session_mut(&mut self) -> &mut Session<'w> {
        self.session
    }

    /// Refuses something of the file; then nothing is imported. Lines are counted from 1.
    pub(super) fn refuse(
        &mut self,
        line: u64,
        column: Option<&str>,
        reason: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.session.refuse((self.number, line), column, reason.into(), suggestion);
    }

    /// Counts something that the store has no place for. `what` is a noun in the singular, such as `address`.
    pub(super) fn leave_out(&mut self, what: &str) {
        *self.left_out.entry(what.to_owned()).or_default() += 1;
    }

    /// The import that this file is part of, for what is already in the store.
    pub(super) fn session(&self) -> &Session<'w> {
        self.session
    }
}

impl Stage {
    /// The place of the sort that has these columns.
    fn sort(&mut self, stem: &'static str, cells: &[(&'static str, &str)]) -> Option<usize> {
        let fits = |sort: &Sort| {
            sort.file.stem == stem
                && sort.columns.len() == cells.len()
                && sort.columns.iter().zip(cells).all(|(column, (name, _))| column == name)
        };
        if let Some(at) = self.shapes.iter().position(fits) {
            return Some(at);
        }
        let file = files::by_stem(stem)?;
        let columns = cells.iter().map(|(name, _)| *name).collect();
        self.shapes.push(Sort { file, columns, layout: None });
        Some(self.shapes.len() - 1)
    }

    /// Reads the rows whose files come before a rank.
    pub(super) fn read_before(&mut self, rank: u8, session: &mut Session<'_>) -> Result<(), Error> {
        let mut ranks: Vec<u8> = FILES
            .iter()
            .map(|file| file.rank)
            .chain([LAST])
            .filter(|known| *known < rank)
            .collect();
        ranks.sort_unstable();
        for rank in ranks {
            let mut after = 0;
            while let Some((place, staged)) = session.batch.next_staged(rank, after)? {
                after = place;
                self.read(session, &staged)?;
            }
            session.batch.clear_staged(rank)?;
            if rank == 0 && after > 0 {
                session.batch.reload_terms()?;
            }
        }
        Ok(())
    }

    fn read(&mut self, session: &mut Session<'_>, staged: &Staged) -> Result<(), Error> {
        let Some(sort) = self.shapes.get_mut(staged.sort) else { return Ok(()) };
        let layout = match &mut sort.layout {
            Some(layout) => layout,
            empty => empty.insert(laid_out(session, sort.file, &sort.columns)),
        };
        layout.row(session, staged.file, &unpacked(staged))
    }
}

fn laid_out(session: &Session<'_>, file: &'static File, names: &[&'static str]) -> Layout {
    let column = |name: &&str| file.columns.iter().find(|column| column.name == *name);
    let columns: Vec<(&'static Column, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(index, name)| column(name).map(|column| (column, index)))
        .collect();
    Layout::new(session, file, columns, names.len())
}

/// A list as a cell holds it.
pub(super) fn joined<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.replace(';', "\\;")).collect();
    parts.join(";")
}

/// Why a text cannot be kept.
fn unfit(cell: &str) -> Option<&'static str> {
    if cell.contains('\0') {
        return Some("the text holds a NUL character");
    }
    (cell.len() > MAX_CELL).then_some("the text is longer than 1 MiB")
}

/// The cells one after the other, each behind its length.
fn packed(cells: &[(&'static str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (_, cell) in cells {
        let length = u32::try_from(cell.len()).unwrap_or(0);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(cell.as_bytes());
    }
    bytes
}

fn unpacked(staged: &Staged) -> Record {
    let mut record = Record::exact(staged.line);
    let mut rest = staged.cells.as_slice();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(0);
        let (cell, behind) = behind.split_at_checked(length).unwrap_or((behind, &[]));
        record.push(std::str::from_utf8(cell).unwrap_or_default());
        rest = behind;
    }
    record
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + u64::try_from(read).unwrap_or(0));
        Ok(read)
    }
}
