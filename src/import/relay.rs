//! Links between the statements of a sheet: kept until the whole sheet was read, because they may point forward.

use super::{
    Error,
    fields::{FIELDS, Field},
    records::Record,
    session::{Place, Session, Trouble},
    sheet::{Sheet, number},
    slot::{content, parts},
};
use crate::record::catalogue::Term;

impl Sheet<'_> {
    /// Keeps the links of a row until the whole sheet was read, because they may point forward.
    pub(super) fn defer_links(
        &self,
        session: &Session<'_>,
        place: Place,
        record: &Record,
        statement: i64,
    ) -> Result<(), Trouble> {
        let mut linked = false;
        for (index, (slot_place, _)) in self.links.iter().enumerate() {
            let Some(slot) = self.slots.get(*slot_place).and_then(Option::as_ref) else { continue };
            linked = true;
            for text in parts(slot, &content(slot, record)?) {
                session.batch.defer(number(index), statement, text, place)?;
            }
        }
        if linked {
            let row = u64::try_from(self.number(record)).unwrap_or(0);
            session.batch.note_row(row, statement)?;
        }
        Ok(())
    }

    /// Finds what the links of the sheet point to: a key, else the number of a row.
    pub(super) fn resolve_links(&self, session: &mut Session<'_>) -> Result<(), Error> {
        let mut after = 0;
        while let Some((id, pending)) = session.batch.next_pending(after)? {
            after = id;
            let Some((slot, term)) =
                usize::try_from(pending.task).ok().and_then(|task| self.links.get(task))
            else {
                continue;
            };
            let place = (pending.file, pending.line);
            let name = FIELDS.get(*slot).map_or("", |(name, _)| *name);
            let target = self.target(session, &pending.text);
            if let Some(target) = session.settle(place, name, target)? {
                let kept = session.link_statements(term, (pending.node, target), None, None);
                session.settle(place, name, kept)?;
            }
        }
        Ok(session.batch.clear_pending()?)
    }

    fn target(&self, session: &Session<'_>, text: &str) -> Result<i64, Trouble> {
        let row = text.parse::<u64>().ok();
        match row {
            Some(row) if !self.has_keys => self.row_target(session, row),
            row => self.key_target(session, text, row),
        }
    }

    /// In a sheet with keys a text is a key: of this sheet, else of the store. A number that could also be meant as a
    /// row of this sheet is not guessed at.
    fn key_target(
        &self,
        session: &Session<'_>,
        text: &str,
        row: Option<u64>,
    ) -> Result<i64, Trouble> {
        let own = format!("{}{text}", self.prefix());
        if let Some(id) = session.batch.by_key(self.statement, &own)?
            && (row.is_none() || own != text || session.batch.row_of_statement(id)?.is_some())
        {
            return Ok(id);
        }
        if session.batch.was_refused(self.statement, &own)? {
            return Err(Trouble::Known);
        }
        let elsewhere = session.batch.by_key(self.statement, text)?;
        let here = match row {
            Some(row) => session.batch.statement_of_row(row)?,
            None => None,
        };
        match (elsewhere, here) {
            (Some(id), None) => Ok(id),
            (elsewhere, Some(here)) => {
                let key = session.batch.statement_key(here)?;
                let (first, help) = match elsewhere {
                    Some(_) => (
                        "may mean a statement with this key that is not from this sheet, or",
                        format!(
                            "write '{key}' for the row; for the other, a key that is no number of a row"
                        ),
                    ),
                    None => ("is no key, but", format!("write '{key}' if the row is meant")),
                };
                let reason = format!(
                    "'{text}' {first} row {text} of this sheet, which is statement '{key}'"
                );
                Err(Trouble::Refused(reason, Some(help)))
            }
            (None, None) => {
                let refused = session.batch.was_refused(self.statement, &format!("row {text}"))?;
                Err(if refused { Trouble::Known } else { session.missing(self.statement, text)? })
            }
        }
    }

    /// In a sheet without keys a number is a row of this file.
    fn row_target(&self, session: &Session<'_>, row: u64) -> Result<i64, Trouble> {
        if let Some(id) = session.batch.statement_of_row(row)? {
            return Ok(id);
        }
        if session.batch.was_refused(self.statement, &format!("row {row}"))? {
            return Err(Trouble::Known);
        }
        let help = "rows are counted as a spreadsheet does: the heading is row 1".to_owned();
        Err(Trouble::Refused(format!("there is no statement in row {row}"), Some(help)))
    }
}

/// The link fields: the place of the slot and the term.
pub(super) fn links(session: &Session<'_>) -> Vec<(usize, Term)> {
    let link = |(place, (_, field)): (usize, &(&str, Field))| {
        let Field::Link(name) = field else { return None };
        Some((place, session.batch.term("link", name)?.clone()))
    };
    FIELDS.iter().enumerate().filter_map(link).collect()
}
