//! Carries out a writing query: reads all rows first, finds the nodes that texts name, then changes the graph row by row
//! inside the transaction. What cannot be done is refused with its place in the query, and everything is taken back.

mod cells;
mod delete;
mod link;
mod make;
mod set;

use std::collections::BTreeMap;

use rusqlite::params_from_iter;
use rusqlite::types::Value;
use serde_json::Value as Json;

use super::batch::Batch;
use super::error::Error;
use super::search::{Found, Matching};
use crate::base::closest::closest;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::record::catalogue::Catalogue;
use crate::record::edit::{Edit, Edits, Place};
use crate::sql::Statement;

/// D0398: the store does not allow a change.
pub(super) fn refused(span: Span, what: impl Into<String>, next: Option<String>) -> Error {
    Error::Refused(Box::new(Diagnostic::error("D0398", span, what).help_if(next)))
}

/// A node: its kind's number and its id.
pub(super) type Node = (i64, i64);

/// The edits of one query, being carried out.
pub(super) struct Run<'r, 'w> {
    pub(super) batch: &'r mut Batch<'w>,
    pub(super) catalogue: Catalogue,
    rows: Vec<Vec<Value>>,
    /// For each row, what its texts found.
    found: Vec<Vec<Node>>,
    /// For each row, what it made, as JSON.
    made: Vec<Vec<String>>,
    /// What `set` gave to which column of which row.
    given: BTreeMap<(String, String, String), Value>,
}

impl Batch<'_> {
    /// Carries out the edits for every row that is read; gives what the answer starts from.
    pub fn edit(&mut self, reading: &Statement, edits: &Edits) -> Result<String, Error> {
        let rows = self.read(reading)?;
        self.run("PRAGMA defer_foreign_keys = on", [])?;
        let catalogue = self.done(super::catalogue::read(&self.writer.connection))?;
        let made = vec![vec!["null".to_owned(); edits.made]; rows.len()];
        let mut run =
            Run { batch: self, catalogue, found: Vec::new(), made, rows, given: BTreeMap::new() };
        run.find(edits)?;
        for edit in &edits.steps {
            run.step(edit)?;
        }
        let given = run.given_rows(&edits.given);
        self.index_new()?;
        Ok(given)
    }

    fn read(&self, reading: &Statement) -> Result<Vec<Vec<Value>>, Error> {
        let width = reading.columns.len();
        let statement = self.writer.connection.prepare(&reading.text);
        let rows = statement.and_then(|mut statement| {
            let row = |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
            statement.query_map(params_from_iter(&reading.values), row)?.collect()
        });
        self.done(rows)
    }
}

impl Run<'_, '_> {
    fn step(&mut self, edit: &Edit) -> Result<(), Error> {
        match edit {
            Edit::Delete(delete) => return self.delete(delete),
            Edit::Set(_) => self.given.clear(),
            Edit::Make(_) | Edit::Join(_) | Edit::Link(_) => {}
        }
        for row in 0..self.rows.len() {
            match edit {
                Edit::Make(make) => self.make(row, make)?,
                Edit::Join(join) => self.join(row, join)?,
                Edit::Link(link) => self.link(row, link)?,
                Edit::Set(set) => self.set(row, set)?,
                Edit::Delete(_) => {}
            }
        }
        Ok(())
    }

    /// Finds the nodes that texts name, before anything changes.
    fn find(&mut self, edits: &Edits) -> Result<(), Error> {
        let mut known: BTreeMap<(usize, String), Node> = BTreeMap::new();
        for row in 0..self.rows.len() {
            let mut found = Vec::new();
            for (at, wanted) in edits.found.iter().enumerate() {
                let Value::Text(text) = self.value(row, wanted.text) else {
                    return Err(refused(wanted.span, "the name is null here", None));
                };
                let node = match known.get(&(at, text.clone())) {
                    Some(node) => *node,
                    None => self.find_one(wanted.kind, &text, wanted.span)?,
                };
                known.insert((at, text), node);
                found.push(node);
            }
            self.found.push(found);
        }
        Ok(())
    }

    fn find_one(&self, kind: i64, text: &str, span: Span) -> Result<Node, Error> {
        let Some(at) = self.kind_at(kind) else {
            return Err(refused(span, "nodes of this kind have no names", None));
        };
        let name = self.kind_name(kind);
        match self.batch.find(at, text, Matching::Folded)? {
            Found::One(id) => Ok((kind, id)),
            Found::Several(keys) => {
                let next = format!("write the key: {}", keys.join(" or "));
                let what = format!("'{text}' may be more than one {}", name.to_lowercase());
                Err(refused(span, what, Some(next)))
            }
            Found::Nothing => {
                let mut names = self.batch.near_names(at, text)?;
                let others = "SELECT name FROM alias WHERE kind = ?1 LIMIT 50000";
                names.extend(self.batch.all(others, [kind], |row| row.get::<_, String>(0))?);
                names.extend(self.batch.neighbours(at, text)?);
                let near = closest(text, names.iter().map(String::as_str));
                let next = near.map(|near| format!("did you mean '{near}'?"));
                let what = format!("no {} is called '{text}'", name.to_lowercase());
                Err(refused(span, what, next))
            }
        }
    }

    /// A column of a row.
    pub(super) fn value(&self, row: usize, column: usize) -> Value {
        self.rows.get(row).and_then(|row| row.get(column)).cloned().unwrap_or(Value::Null)
    }

    /// The numbers that tell a node or an edge; nothing for null.
    pub(super) fn element(&self, row: usize, place: Place) -> Option<Vec<i64>> {
        let numbers = |text: &str| serde_json::from_str::<Vec<i64>>(text).ok();
        match place {
            Place::Read(column) => match self.value(row, column) {
                Value::Text(text) => numbers(&text),
                _ => None,
            },
            Place::Made(number) => numbers(self.made.get(row)?.get(number)?),
            Place::Found(at) => {
                let (kind, id) = *self.found.get(row)?.get(at)?;
                Some(vec![kind, id])
            }
        }
    }

    /// A node; nothing for null.
    pub(super) fn node(&self, row: usize, place: Place) -> Option<Node> {
        match self.element(row, place)?.as_slice() {
            [kind, id] => Some((*kind, *id)),
            _ => None,
        }
    }

    /// Remembers what a row made.
    pub(super) fn note_made(&mut self, row: usize, number: usize, parts: &[i64]) {
        if let Some(made) = self.made.get_mut(row).and_then(|made| made.get_mut(number)) {
            *made = Json::from(parts).to_string();
        }
    }

    /// The place of a kind among those with keys.
    pub(super) fn kind_at(&self, kind: i64) -> Option<usize> {
        self.batch.kinds().iter().position(|known| known.id == kind)
    }

    pub(super) fn kind_name(&self, kind: i64) -> String {
        let known = self.catalogue.kinds.iter().find(|known| known.id == kind);
        known.map_or_else(String::new, |known| known.name.clone())
    }

    /// A node as messages call it: its key, else its kind.
    pub(super) fn called(&self, node: Node) -> Result<String, Error> {
        let key = self.key(node)?;
        Ok(key.map_or_else(|| self.kind_name(node.0), |key| format!("'{key}'")))
    }

    /// The key of a node, where it has one.
    pub(super) fn key(&self, (kind, id): Node) -> Result<Option<String>, Error> {
        let Some(known) = self.catalogue.kinds.iter().find(|known| known.id == kind) else {
            return Ok(None);
        };
        let Some(column) = &known.key_column else { return Ok(None) };
        let (table, column) =
            (super::catalogue::quoted(&known.table), super::catalogue::quoted(column));
        let sql = format!("SELECT {column} FROM {table} WHERE id = ?1");
        self.batch.first(&sql, [id], |row| row.get(0))
    }

    /// For each row what the answer starts from.
    fn given_rows(&self, given: &[Place]) -> String {
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in 0..self.rows.len() {
            let mut members = Vec::with_capacity(given.len());
            for place in given {
                members.push(match place {
                    Place::Read(column) => json(self.value(row, *column)),
                    Place::Made(_) | Place::Found(_) => {
                        self.element(row, *place).map_or(Json::Null, Json::from)
                    }
                });
            }
            rows.push(Json::Array(members));
        }
        Json::Array(rows).to_string()
    }
}

/// A value of the database as JSON; what is JSON inside a text stays a text, which every reader of it takes as well.
fn json(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => number.into(),
        Value::Real(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::Blob(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
    }
}
