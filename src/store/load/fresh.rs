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
    forms: Forms,
}

/// What nodes are found by, kept until there is much of it and then written in its order: texts in no order would each
/// touch another page.
#[derive(Default)]
struct Forms {
    texts: String,
    /// Where each text begins and ends, and its node.
    all: Vec<(usize, usize, i64)>,
}

/// So many bytes of texts are kept.
const MOST: usize = 32 << 20;

impl<'l> Fresh<'l> {
    /// For a table; nothing where it has rows.
    pub(crate) fn of(load: &'l Load<'l>, target: &Target) -> Result<Option<Self>, Error> {
        if !target.is_new {
            return Ok(None);
        }
        let ready = |sql: &str| load.done(load.writer.connection.prepare_cached(sql));
        let (insert, name) = (ready(&target.insert)?, ready(NAME)?);
        Ok(Some(Self { load, insert, name, forms: Forms::default() }))
    }

    /// Writes a node: its key and its fields. Gives its id. It is found by its name once all is [`Self::finish`]ed.
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
            let from = self.forms.texts.len();
            self.forms.texts.push_str(&form);
            self.forms.all.push((from, self.forms.texts.len(), id));
        }
        if self.forms.texts.len() > MOST {
            self.write_forms(kind)?;
        }
        Ok(id)
    }

    /// Writes what is kept.
    pub(crate) fn finish(mut self, target: &Target) -> Result<(), Error> {
        target.kind.map_or(Ok(()), |(kind, _)| self.write_forms(kind))
    }

    fn write_forms(&mut self, kind: i64) -> Result<(), Error> {
        let Forms { texts, mut all } = std::mem::take(&mut self.forms);
        let text = |(from, to, _): &(usize, usize, i64)| texts.get(*from..*to).unwrap_or_default();
        all.sort_unstable_by(|a, b| (text(a), a.2).cmp(&(text(b), b.2)));
        for form in &all {
            self.load.done(self.name.execute((kind, text(form), form.2)))?;
        }
        Ok(())
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
