//! Rows that are kept aside until what they point to is there, then read as if they stood in the files of a folder.

use std::collections::{BTreeSet, HashMap};

use super::Error;
use super::files::{self, Column, FILES, File, Holds};
use super::folder::Layout;
use super::records::Record;
use super::session::Session;
use crate::store::pending::Staged;

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
pub(super) enum Meant {
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

impl Stage {
    /// Keeps a row aside: the stem of its file and its cells.
    pub(super) fn keep(
        &mut self,
        session: &Session<'_>,
        (file, line): (usize, u64),
        (how, when): (Meant, When),
        (stem, cells): (&'static str, &[(&'static str, &str)]),
    ) -> Result<(), Error> {
        let Some(sort) = self.sort(how, stem, cells) else { return Ok(()) };
        let rank = self.shapes.get(sort).map_or(0, |sort| sort.file.rank);
        let rank = if when == When::AtTheEnd { LAST } else { rank };
        self.rows += 1;
        let staged = Staged { rank, sort, file, line, cells: packed(cells) };
        Ok(session.batch.stage(self.rows + how.offset(), &staged)?)
    }

    /// From now on, a key of a table means the row that has another key.
    pub(super) fn mean(&mut self, table: &'static str, key: &str, other: &str) {
        self.same.insert((table, key.to_owned()), other.to_owned());
    }

    /// Whether no row has added this term so far; then one is about to.
    pub(super) fn is_new_term(&mut self, vocabulary: &'static str, term: &'static str) -> bool {
        self.terms.insert((vocabulary, term))
    }

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
