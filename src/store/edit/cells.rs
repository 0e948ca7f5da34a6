//! Properties as columns: a date becomes three, a term its number, and what cannot be kept is refused.

use rusqlite::types::Value;

use super::{Run, refused};
use crate::base::closest::closest;
use crate::base::date::{NO_FIRST, NO_LAST, unpacked};
use crate::record::edit::{Assign, Slot, Vocabulary};
use crate::record::key;
use crate::store::catalogue::quoted;
use crate::store::error::Error;

/// Columns with their values.
pub(super) type Cells = Vec<(String, Value)>;

impl Run<'_, '_> {
    /// The columns of a property with its new value. `now` is the table and the id of the row that has it, if there is one.
    pub(super) fn cells(
        &self,
        row: usize,
        assign: &Assign,
        now: Option<(&str, i64)>,
    ) -> Result<Cells, Error> {
        let value = assign.value.map_or(Value::Null, |column| self.value(row, column));
        if let Value::Text(text) = &value
            && text.contains('\0')
        {
            return Err(refused(assign.span, "a text cannot hold the character U+0000", None));
        }
        match &assign.slot {
            Slot::Column(column) => Ok(vec![(column.clone(), value)]),
            Slot::Aliases => Ok(Vec::new()),
            Slot::Date(prefix) => date(prefix, &value, assign),
            Slot::Term { column, vocabulary } => {
                let vocabulary = match vocabulary {
                    Vocabulary::Named(name) => name.clone(),
                    Vocabulary::Read(scale) => match self.value(row, *scale) {
                        Value::Text(name) => name,
                        _ => String::new(),
                    },
                    Vocabulary::Kept => self.vocabulary_now(column, now)?,
                };
                Ok(vec![(column.clone(), self.term(&vocabulary, value, assign)?)])
            }
        }
    }

    fn term(&self, vocabulary: &str, value: Value, assign: &Assign) -> Result<Value, Error> {
        let Value::Text(text) = value else { return Ok(Value::Null) };
        if let Some(term) = self.batch.term(vocabulary, &text) {
            return Ok(Value::Integer(term.id));
        }
        let known: Vec<&str> = self.batch.terms_of(vocabulary).collect();
        if known.is_empty() {
            let near = closest(vocabulary, self.batch.vocabularies());
            let next = near.map(|near| format!("did you mean '{near}'?"));
            return Err(refused(
                assign.span,
                format!("there is no vocabulary '{vocabulary}'"),
                next,
            ));
        }
        let near = closest(&text, known.iter().copied());
        let next = near.map_or_else(
            || {
                format!(
                    "it has {}, …",
                    known.iter().take(4).copied().collect::<Vec<_>>().join(", ")
                )
            },
            |near| format!("did you mean '{near}'?"),
        );
        let what = format!("'{text}' is not in the vocabulary `{vocabulary}`");
        Err(refused(assign.span, what, Some(next)))
    }

    /// The vocabulary of the term that is in a column now.
    fn vocabulary_now(&self, column: &str, now: Option<(&str, i64)>) -> Result<String, Error> {
        let Some((table, id)) = now else { return Ok(String::new()) };
        let sql = format!(
            "SELECT t.vocabulary FROM {} AS x JOIN term AS t ON t.id = x.{} WHERE x.id = ?1",
            quoted(table),
            quoted(column)
        );
        Ok(self.batch.first(&sql, [id], |row| row.get(0))?.unwrap_or_default())
    }

    /// The other names that a list holds.
    pub(super) fn names(&self, row: usize, assign: &Assign) -> Vec<String> {
        match assign.value.map(|column| self.value(row, column)) {
            Some(Value::Text(list)) => {
                let names: Vec<Option<String>> = serde_json::from_str(&list).unwrap_or_default();
                names.into_iter().flatten().filter(|name| !name.trim().is_empty()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A text that is to be the key of a new or renamed node.
    pub(super) fn free_key(&self, kind: usize, key: &str, assign: &Assign) -> Result<(), Error> {
        if let Some(why) = key::wrong(key) {
            return Err(refused(assign.span, why, None));
        }
        if self.batch.by_key(kind, key)?.is_none() {
            return Ok(());
        }
        let noun = self.batch.kinds().get(kind).map(|kind| kind.name.to_lowercase());
        let what = format!("the key '{key}' is taken by another {}", noun.unwrap_or_default());
        Err(refused(assign.span, what, Some("choose another key, or leave it out".to_owned())))
    }
}

fn date(prefix: &str, value: &Value, assign: &Assign) -> Result<Cells, Error> {
    let columns = ["first", "last", "text"].map(|part| format!("{prefix}_{part}"));
    let [first, last, text] = columns;
    let Value::Text(packed) = value else {
        return Ok([first, last, text].map(|column| (column, Value::Null)).into());
    };
    let date = unpacked(packed);
    if date.first > date.last {
        return Err(refused(assign.span, format!("'{}' ends before it starts", date.text), None));
    }
    if (date.first, date.last) == (NO_FIRST, NO_LAST) {
        let what = format!("'{}' says nothing of when it was", date.text);
        return Err(refused(assign.span, what, Some("leave it out".to_owned())));
    }
    let written = if date.exact().is_some() { Value::Null } else { Value::Text(date.text) };
    Ok(vec![
        (first, Value::Integer(date.first)),
        (last, Value::Integer(date.last)),
        (text, written),
    ])
}
