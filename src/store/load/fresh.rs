//! Rows of a table all of whose rows are new: nothing is looked for, and the statements that write them stay ready.

use rusqlite::{CachedStatement, params_from_iter};

use super::{Field, Load, NAME, Target};
use crate::base::fold::{kept_form, lookup_form};
use crate::store::error::Error;

/// What writes rows of such a table.
pub(crate) struct Fresh<'l> {
    load: &'l Load<'l>,
    insert: CachedStatement<'l>,
    name: CachedStatement<'l>,
}

impl<'l> Fresh<'l> {
    /// For a table; nothing where it has rows.
    pub(crate) fn of(load: &'l Load<'l>, target: &Target) -> Result<Option<Self>, Error> {
        if !target.is_new {
            return Ok(None);
        }
        let ready = |sql: &str| load.done(load.writer.connection.prepare_cached(sql));
        Ok(Some(Self { load, insert: ready(&target.insert)?, name: ready(NAME)? }))
    }

    /// Writes a node: its key and its fields. Gives its id.
    pub(crate) fn node(
        &mut self,
        target: &mut Target,
        key: &str,
        fields: &[Field<'_>],
    ) -> Result<i64, Error> {
        let id = self.row(target, &[Field::Text(key)], fields)?;
        let Some((kind, at)) = target.kind else { return Ok(id) };
        let shown = match at.and_then(|at| fields.get(at)) {
            Some(Field::Text(text)) => Some(lookup_form(text)),
            _ => None,
        };
        for form in shown.into_iter().chain(kept_form(key)) {
            self.load.done(self.name.execute((kind, form, id)))?;
        }
        Ok(id)
    }

    /// Writes a row: its own columns and its fields. Gives its id.
    pub(crate) fn row(
        &mut self,
        target: &mut Target,
        own: &[Field<'_>],
        fields: &[Field<'_>],
    ) -> Result<i64, Error> {
        let number = Field::Int(target.next);
        let values = std::iter::once(&number).chain(own).chain(fields);
        self.load.done(self.insert.execute(params_from_iter(values)))?;
        target.next += 1;
        Ok(target.next - 1)
    }
}
