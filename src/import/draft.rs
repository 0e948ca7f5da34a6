//! What a file of another program's form becomes: rows of the files of a folder, kept aside in any order until what
//! they point to is there, then read as if they stood in those files.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use super::Error;
use super::files::{self, Column, FILES, File, Holds, SHEET_RANK};
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
    /// How many of them were read again.
    done: u64,
    /// Keys that mean a row with another key, by table.
    same: HashMap<(&'static str, String), String>,
    /// Terms that were added, with their vocabulary.
    terms: BTreeSet<(&'static str, &'static str)>,
}

/// Rows of one file that have the same columns and are meant in the same way.
struct Sort {
    file: &'static File,
    how: Meant,
    columns: Vec<&'static str>,
    layout: Option<Layout>,
}

/// What a row is for. Rows are read in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// It adds a row or changes the one that is there.
    Write,
    /// It adds a row unless one with its key is there.
    Add,
    /// It changes a row that was there before the import.
    Change,
    /// It adds a row unless one with its key is there, behind all that tell more.
    Mention,
    /// It names a row that is called by its key, as one that was only mentioned is.
    Name,
    /// It gives a row further names.
    Also,
}

impl Meant {
    /// Far apart, so that all rows of one sort come before those of the next.
    fn offset(self) -> u64 {
        let place = match self {
            Self::Write => 0,
            Self::Add => 1,
            Self::Change => 2,
            Self::Mention => 3,
            Self::Name => 4,
            Self::Also => 5,
        };
        place << 48
    }
}

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
        (how, when): (Meant, When),
        stem: &'static str,
        line: u64,
        cells: &[(&'static str, &str)],
    ) -> Result<(), Error> {
        let Some(sort) = self.stage.sort(how, stem, cells) else { return Ok(()) };
        let rank = self.stage.shapes.get(sort).map_or(0, |sort| sort.file.rank);
        let rank = if when == When::AtTheEnd { LAST } else { rank };
        self.stage.rows += 1;
        let staged = Staged { rank, sort, file: self.number, line, cells: packed(cells) };
        Ok(self.session.batch.stage(self.stage.rows + how.offset(), &staged)?)
    }

    /// From now on, `key` means the row of this table that has the key `other`, wherever rows point to it.
    pub(super) fn same(&mut self, table: &'static str, key: &str, other: &str) {
        if key != other {
            self.stage.same.insert((table, key.to_owned()), other.to_owned());
        }
    }

    /// Adds a term to a vocabulary that does not have it.
    pub(super) fn term(&mut self, line: u64, term: &Term) -> Result<(), Error> {
        let Term { vocabulary, name, definition, maps_to } = *term;
        let known = self.session.batch.term(vocabulary, name).is_some();
        if known || !self.stage.terms.insert((vocabulary, name)) {
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
        self.session.refuse((self.number, line), column, reason.into(), suggestion);
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

impl Stage {
    /// The place of the sort that has these columns.
    fn sort(
        &mut self,
        how: Meant,
        stem: &'static str,
        cells: &[(&'static str, &str)],
    ) -> Option<usize> {
        let fits = |sort: &Sort| {
            sort.file.stem == stem
                && sort.how == how
                && sort.columns.len() == cells.len()
                && sort.columns.iter().zip(cells).all(|(column, (name, _))| column == name)
        };
        if let Some(at) = self.shapes.iter().position(fits) {
            return Some(at);
        }
        let file = files::by_stem(stem)?;
        let columns = cells.iter().map(|(name, _)| *name).collect();
        self.shapes.push(Sort { file, how, columns, layout: None });
        Some(self.shapes.len() - 1)
    }

    /// Reads the rows whose files come before a rank. `tick` is told now and then how many of all rows were read so far.
    pub(super) fn read_before(
        &mut self,
        rank: u8,
        session: &mut Session<'_>,
        tick: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Error> {
        let mut ranks: Vec<u8> = FILES
            .iter()
            .map(|file| file.rank)
            .chain([LAST])
            .filter(|known| *known < rank)
            .collect();
        ranks.sort_unstable();
        for rank in ranks {
            let (mut after, mut before) = (0, None);
            while let Some((place, staged)) = session.batch.next_staged(rank, after)? {
                after = place;
                let how = self.shapes.get(staged.sort).map(|sort| sort.how);
                if before != Some((staged.file, how)) {
                    session.batch.next_file()?;
                    before = Some((staged.file, how));
                }
                self.read(session, &staged)?;
                self.done += 1;
                if self.done.is_multiple_of(1000) {
                    tick(self.done, self.rows);
                }
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
        let record = unpacked(staged, sort, &self.same);
        let table = sort.file.table;
        let key = sort.columns.iter().position(|name| *name == "key");
        let key = key.map(|index| record.cell(index)).unwrap_or_default();
        let kind = session.batch.kind(table).unwrap_or(usize::MAX);
        let known = match sort.how {
            Meant::Write => None,
            Meant::Add | Meant::Change | Meant::Mention | Meant::Name | Meant::Also => {
                session.batch.by_key(kind, key)?
            }
        };
        match (sort.how, known) {
            (Meant::Add, Some(id)) => {
                session.unchanged += u64::from(!session.batch.is_new(kind, id));
                return Ok(());
            }
            (Meant::Change, Some(id)) if session.batch.is_new(kind, id) => return Ok(()),
            (Meant::Mention, Some(_)) | (Meant::Change | Meant::Name | Meant::Also, None) => {
                return Ok(());
            }
            (Meant::Name, Some(id)) if !session.batch.is_shown(kind, id, Some(key))? => {
                return Ok(());
            }
            (Meant::Also, Some(id)) => {
                let added = further(session, kind, id, record.cell(1))?;
                if added && !session.batch.is_new(kind, id) {
                    *session.changed.entry(sort.file.noun).or_default() += 1;
                }
                return Ok(());
            }
            (Meant::Write, _)
            | (Meant::Add | Meant::Mention, None)
            | (Meant::Change | Meant::Name, Some(_)) => {}
        }
        let layout = match &mut sort.layout {
            Some(layout) => layout,
            empty => empty.insert(laid_out(session, sort.file, &sort.columns)),
        };
        layout.row(session, staged.file, &record)?;
        if known.is_some_and(|id| session.batch.is_new(kind, id)) {
            // What this import added does not count as changed.
            if let Some(count) = session.changed.get_mut(sort.file.noun) {
                *count -= 1;
            }
            session.changed.retain(|_, count| *count > 0);
        }
        Ok(())
    }
}

/// Adds names to those that a node has; tells whether one was new.
fn further(session: &Session<'_>, kind: usize, id: i64, names: &str) -> Result<bool, Error> {
    let mut all = session.batch.aliases(kind, id)?;
    let before = all.len();
    for name in super::value::listed(names) {
        let is_name = session.batch.is_shown(kind, id, Some(&name))?;
        if !is_name && !all.iter().any(|known| *known == *name) {
            all.push(name.into_owned());
        }
    }
    if all.len() == before {
        return Ok(false);
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    Ok(session.batch.set_aliases(kind, id, &all)?)
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

fn unpacked(
    staged: &Staged,
    sort: &Sort,
    same: &HashMap<(&'static str, String), String>,
) -> Record {
    let mut record = Record::exact(staged.line);
    let mut rest = staged.cells.as_slice();
    let mut names = sort.columns.iter();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(0);
        let (cell, behind) = behind.split_at_checked(length).unwrap_or((behind, &[]));
        let cell = std::str::from_utf8(cell).unwrap_or_default();
        let name = names.next().copied().unwrap_or_default();
        let meant = if same.is_empty() { None } else { meant(sort.file, name, cell, same) };
        record.push(meant.as_deref().unwrap_or(cell));
        rest = behind;
    }
    record
}

/// The cell with the key that its key means, where that is another one.
fn meant(
    file: &File,
    name: &str,
    cell: &str,
    same: &HashMap<(&'static str, String), String>,
) -> Option<String> {
    let column = file.columns.iter().find(|column| column.name == name)?;
    let next = |table: &'static str, key: &str| same.get(&(table, key.to_owned()));
    let other = |table: &'static str, key: &str| {
        // A redirect may lead to an item that is known by another key.
        let once = next(table, key)?;
        Some(next(table, once).unwrap_or(once).clone())
    };
    match column.holds {
        Holds::Key => other(file.table, cell),
        Holds::Node(_, table) | Holds::Later(_, table) => other(table, cell),
        Holds::Any(..) => {
            let (kind, key) = cell.split_once(':')?;
            let table = FILES.iter().find(|file| file.table == kind)?.table;
            Some(format!("{kind}:{}", other(table, key)?))
        }
        Holds::Name(_)
        | Holds::Text(_)
        | Holds::Sign(_)
        | Holds::Term(..)
        | Holds::Date(_)
        | Holds::Aliases
        | Holds::Topics
        | Holds::Scale
        | Holds::Value(_) => None,
    }
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
