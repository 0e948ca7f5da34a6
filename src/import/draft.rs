//! What a file of another program's form becomes: rows of the files of a folder, in any order, and what of it has no place.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use super::Error;
use super::files::SHEET_RANK;
use super::later;
use super::session::Session;
use super::stage::{Meant, Stage, When};

/// The longest cell, as in delimited text.
const MAX_CELL: usize = 1 << 20;

/// What the store has no place for.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    /// Nouns in the singular.
    pub(super) things: BTreeMap<String, u64>,
    properties: BTreeMap<String, u64>,
}

impl LeftOut {
    /// Which properties there is no place for, the most frequent ones.
    pub(super) fn remark(&self) -> Option<String> {
        const NAMED: usize = 12;
        let mut all: Vec<(&String, &u64)> = self.properties.iter().collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let more = all.len().saturating_sub(NAMED);
        let mut named: Vec<String> =
            all.iter().take(NAMED).map(|(name, count)| format!("{name} ({count})")).collect();
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        (!named.is_empty()).then(|| format!("properties left out: {}", named.join(", ")))
    }
}

/// One file that is being read by an importer.
pub(super) struct Draft<'d, 'w> {
    session: &'d mut Session<'w>,
    stage: &'d mut Stage,
    path: &'d Path,
    number: usize,
    read: Rc<Cell<u64>>,
    /// How often the file is read.
    times: u64,
    /// The text that was refused last: its line and the reason.
    unfit: Option<(u64, &'static str)>,
    /// The line on which the thing begins that is read, and its id where earlier ones begin on that line, too.
    about: (u64, Option<String>),
    tick: &'d mut dyn FnMut(u64),
    left_out: &'d mut LeftOut,
}

impl<'d, 'w> Draft<'d, 'w> {
    /// Begins a file. `tick` is told how many bytes were read, once a row.
    pub(super) fn new(
        session: &'d mut Session<'w>,
        stage: &'d mut Stage,
        left_out: &'d mut LeftOut,
        (path, name): (&'d Path, &str),
        tick: &'d mut dyn FnMut(u64),
    ) -> Result<Self, Error> {
        let number = session.open_file(name)?;
        Ok(Self {
            session,
            stage,
            path,
            number,
            read: Rc::default(),
            times: 1,
            unfit: None,
            about: (0, None),
            tick,
            left_out,
        })
    }

    /// Where the file is, for importers that need more than a stream.
    pub(super) fn path(&self) -> &Path {
        self.path
    }

    /// The file as a stream, from its beginning; how far it is read shows as progress.
    pub(super) fn open(&self) -> Result<Box<dyn BufRead>, Error> {
        let file = fs::File::open(self.path).map_err(|error| self.failed(error))?;
        let counted = Counted { inner: file, read: Rc::clone(&self.read) };
        Ok(Box::new(BufReader::with_capacity(256 << 10, counted)))
    }

    /// Says how often the file will be read, so that its progress is told right.
    pub(super) fn will_read(&mut self, times: u64) {
        self.times = times.max(1);
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
        self.stage(Meant::Write, stem, line, cells)
    }

    /// Adds a row unless one with its key is there.
    pub(super) fn add(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
    ) -> Result<(), Error> {
        self.stage(Meant::Add, stem, line, cells)
    }

    /// Adds a row, or changes the one that is there but for the columns in `only_new`, which stay as they are.
    pub(super) fn add_or_change(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
        only_new: &[&str],
    ) -> Result<(), Error> {
        let rest = cells.iter().copied().filter(|(column, _)| !only_new.contains(column));
        let rest: Vec<_> = rest.collect();
        self.stage(Meant::Change, stem, line, &rest)?;
        self.stage(Meant::Mention, stem, line, cells)
    }

    /// Adds a row unless one with its key is there, now or at the end of the import: for what is only pointed to.
    pub(super) fn mention(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
    ) -> Result<(), Error> {
        self.stage(Meant::Mention, stem, line, cells)
    }

    /// Tells more of what is there under this key and is called by its key only, because it was only mentioned so far.
    pub(super) fn name(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
    ) -> Result<(), Error> {
        self.stage(Meant::Name, stem, line, cells)
    }

    /// Gives what is there under this key further names; it loses none.
    pub(super) fn also<'n>(
        &mut self,
        stem: &'static str,
        line: u64,
        key: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), Error> {
        let names = joined(names);
        if names.is_empty() {
            return Ok(());
        }
        self.stage(Meant::Also, stem, line, &[("key", key), ("aliases", &names)])
    }

    fn stage(
        &mut self,
        how: Meant,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
    ) -> Result<(), Error> {
        self.tick();
        for (column, cell) in cells {
            if let Some(reason) = unfit(cell) {
                // The same text may be meant for several rows.
                if self.unfit.replace((line, reason)) != Some((line, reason)) {
                    self.refuse(line, Some(column), reason, None);
                }
                return Ok(());
            }
        }
        self.keep((how, When::InTurn), stem, line, cells)
    }

    /// The same of cells that `exact` made, so that nothing of them is lost.
    pub(super) fn exact_row(
        &mut self,
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
        when: When,
    ) -> Result<(), Error> {
        self.tick();
        self.keep((Meant::Write, when), stem, line, cells)
    }

    fn keep(
        &mut self,
        way: (Meant, When),
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
    ) -> Result<(), Error> {
        let place = (self.number, line);
        self.stage.keep(self.session, place, way, (stem, cells))
    }

    /// From now on, `key` means the row of this table that has the key `other`, wherever rows point to it.
    pub(super) fn same(&mut self, table: &'static str, key: &str, other: &str) {
        if key != other {
            self.stage.mean(table, key, other);
        }
    }

    /// Adds a term to a vocabulary that does not have it.
    pub(super) fn term(&mut self, line: u64, term: &Term) -> Result<(), Error> {
        let Term { vocabulary, name, definition, maps_to } = *term;
        let known = self.session.batch.term(vocabulary, name).is_some();
        if known || !self.stage.is_new_term(vocabulary, name) {
            return Ok(());
        }
        let cells = [
            ("vocabulary", vocabulary),
            ("term", name),
            ("definition", definition),
            ("maps_to", maps_to),
        ];
        self.row("vocab", line, &cells)
    }

    /// The key of the row of a table, in the store as it was, that has this item of Wikidata.
    pub(super) fn with_item(&self, table: &str, item: &str) -> Result<Option<String>, Error> {
        Ok(self.session.batch.with_item(table, item)?)
    }

    /// Reads the rows that were added so far, so that what follows may point to them.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        for rank in [SHEET_RANK, u8::MAX] {
            self.stage.read_before(rank, self.session, &mut |_, _| ())?;
            later::resolve(self.session)?;
        }
        Ok(())
    }

    /// Tells how far the file is read.
    pub(super) fn tick(&mut self) {
        (self.tick)(self.read.get() / self.times);
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
        let mut reason = reason.into();
        if let (begins, Some(id)) = &self.about
            && *begins == line
        {
            reason = format!("in '{id}': {reason}");
        }
        self.session.refuse((self.number, line), column, reason, suggestion);
    }

    /// Says which thing is read now, so that refusals can tell it from others on the same line.
    pub(super) fn is_about(&mut self, line: u64, id: Option<&str>) {
        let id = id.filter(|_| line == self.about.0);
        self.about = (line, id.map(str::to_owned));
    }

    /// Whether something was refused so far, in this file or an earlier one.
    pub(super) fn is_refused(&self) -> bool {
        self.session.refused_count > 0
    }

    /// Counts something that the store has no place for. `what` is a noun in the singular, such as `address`.
    pub(super) fn leave_out(&mut self, what: &str) {
        *self.left_out.things.entry(what.to_owned()).or_default() += 1;
    }

    /// Counts a property, by its name, that the store has no place for on a thing that it has one for.
    pub(super) fn leave_out_property(&mut self, name: &str) {
        self.leave_out("property");
        *self.left_out.properties.entry(name.to_owned()).or_default() += 1;
    }

    /// The import that this file is part of, for what is already in the store.
    pub(super) fn session(&self) -> &Session<'w> {
        self.session
    }
}

/// A term that an importer brings along.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) vocabulary: &'static str,
    pub(super) name: &'static str,
    pub(super) definition: &'static str,
    pub(super) maps_to: &'static str,
}

/// A list as a cell holds it.
pub(super) fn joined<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.replace(';', "\\;")).collect();
    parts.join(";")
}

/// Why a text cannot be kept.
pub(super) fn unfit(cell: &str) -> Option<&'static str> {
    if cell.contains('\0') {
        return Some("the text holds a NUL character");
    }
    (cell.len() > MAX_CELL).then_some("the text is longer than 1 MiB")
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
