//! What a mapping makes of a row before its statement: rows of the files of a folder, such as the source with its date.

use std::collections::HashSet;

use super::Error;
use super::files::{self, Column, File};
use super::folder::Layout;
use super::map::Mapping;
use super::records::Record;
use super::session::{CACHE, Place, Session};
use super::slot::{Slot, content, locate};
use crate::base::fold::digest;

/// Rows of one file, one from every row of the sheet.
pub(super) struct Beside {
    layout: Layout,
    slots: Vec<Slot>,
    /// The place of the key among them.
    key: usize,
    /// Digests of rows that were written lately.
    done: HashSet<String>,
}

/// The rows that a mapping asks for, in the order of their files.
pub(super) fn beside(
    session: &mut Session<'_>,
    place: Place,
    mapping: Option<&Mapping>,
    first: &Record,
    has_header: bool,
) -> Vec<Beside> {
    let mut all: Vec<(&'static File, Beside)> = Vec::new();
    let rows = mapping.map(|mapping| &mapping.rows).into_iter().flatten();
    let rows = rows.flat_map(|(stem, rows)| rows.iter().map(move |row| (stem.get_ref(), row)));
    for (stem, row) in rows {
        let Some(file) = files::by_stem(stem) else { continue };
        let mut columns: Vec<(&'static Column, usize)> = Vec::new();
        let mut slots = Vec::new();
        for (name, given) in row {
            let known = file.columns.iter().find(|column| column.name == name.get_ref());
            let Some(column) = known else { continue };
            let mut slot = Slot::of(given.get_ref());
            locate(session, place, &mut slot, first, has_header);
            columns.push((column, slots.len()));
            slots.push(slot);
        }
        let key = columns.iter().find(|(column, _)| column.name == "key").map_or(0, |(_, at)| *at);
        let layout = Layout::new(session, file, columns, slots.len());
        all.push((file, Beside { layout, slots, key, done: HashSet::new() }));
    }
    all.sort_by_key(|(file, _)| file.rank);
    all.into_iter().map(|(_, beside)| beside).collect()
}

impl Beside {
    /// Writes the row that a row of the sheet gives, unless its key is empty or it was written just so.
    pub(super) fn row(
        &mut self,
        session: &mut Session<'_>,
        file: usize,
        record: &Record,
    ) -> Result<(), Error> {
        let mut row = Record::at(record.line, record.row);
        let mut said = String::new();
        for slot in &self.slots {
            let cell = content(slot, record);
            let name = slot.name.as_deref().unwrap_or_default();
            let Some(cell) = session.settle((file, record.line), name, cell)? else {
                return Ok(());
            };
            row.push(&cell);
            said.push_str(&cell);
            said.push('\u{1f}');
        }
        if row.cell(self.key).is_empty() {
            return Ok(());
        }
        if self.done.len() >= CACHE {
            self.done.clear();
        }
        if self.done.insert(digest(&said, 24)) {
            self.layout.row(session, file, &row)?;
        }
        Ok(())
    }
}
