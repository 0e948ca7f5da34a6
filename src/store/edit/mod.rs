//! Carries out a writing query: reads all rows first, finds the nodes that texts name, then changes the graph row by row
//! inside the transaction. What cannot be done is refused with its place in the query, and everything is taken back.

mod cells;
mod delete;
mod link;
mod make;
mod set;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

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
    rows: Rows,
    /// For each row, one after the other, what its texts found.
    found: Vec<Node>,
    finds: usize,
    /// For each row, one after the other, the numbers that tell what it made.
    made: Vec<Option<Box<[i64]>>>,
    makes: usize,
    /// Which row was the first to give something to an element, in this `set`.
    given: HashMap<Element, usize>,
}

/// What was read, row after row.
struct Rows {
    values: Vec<Value>,
    width: usize,
    count: usize,
}

/// What tells a node or an edge.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Element {
    Node(Node),
    Edge(Box<[i64]>),
}

impl Batch<'_> {
    /// Carries out the edits for every row that is read; gives what the answer starts from.
    pub fn edit(&mut self, reading: &Statement, edits: &Edits) -> Result<String, Error> {
        let rows = self.read(reading)?;
        self.run("PRAGMA defer_foreign_keys = on", [])?;
        let catalogue = self.done(super::catalogue::read(&self.writer.connection))?;
        let (finds, makes) = (edits.found.len(), edits.made);
        let made = vec![None; makes.saturating_mul(rows.count)];
        let (found, given) = (Vec::new(), HashMap::new());
        let mut run = Run { batch: self, catalogue, rows, found, finds, made, makes, given };
        run.find(edits)?;
        for edit in &edits.steps {
            run.step(edit)?;
        }
        let given = run.given_rows(&edits.given);
        self.index_new()?;
        Ok(given)
    }

    fn read(&self, reading: &Statement) -> Result<Rows, Error> {
        let mut read = Rows { values: Vec::new(), width: reading.columns.len(), count: 0 };
        let statement = self.writer.connection.prepare(&reading.text);
        let done = statement.and_then(|mut statement| {
            let mut rows = statement.query(params_from_iter(&reading.values))?;
            while let Some(row) = rows.next()? {
                for at in 0..read.width {
                    read.values.push(row.get(at)?);
                }
                read.count += 1;
            }
            Ok(())
        });
        self.done(done)?;
        Ok(read)
    }
}

impl Run<'_, '_> {
    fn step(&mut self, edit: &Edit) -> Result<(), Error> {
        match edit {
            Edit::Delete(delete) => return self.delete(delete),
            Edit::Set(_) => self.given.clear(),
            Edit::Make(_) | Edit::Join(_) | Edit::Link(_) => {}
        }
        for row in 0..self.rows.count {
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
        for row in 0..self.rows.count {
            for (at, wanted) in edits.found.iter().enumerate() {
                let Value::Text(text) = self.value(row, wanted.text) else {
                    return Err(refused(wanted.span, "the name is null here", None));
                };
                let node = match known.get(&(at, text.clone())) {
                    Some(node) => *node,
                    None => self.find_one(wanted.kind, &text, wanted.span)?,
                };
                known.insert((at, text), node);
                self.found.push(node);
            }
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
        self.rows.get(row, column).cloned().unwrap_or(Value::Null)
    }

    /// The numbers that tell a node or an edge; nothing for null.
    pub(super) fn element(&self, row: usize, place: Place) -> Option<Vec<i64>> {
        let numbers = |text: &str| serde_json::from_str::<Vec<i64>>(text).ok();
        match place {
            Place::Read(column) => match self.value(row, column) {
                Value::Text(text) => numbers(&text),
                _ => None,
            },
            Place::Made(number) => {
                let made = self.made.get(row * self.makes + number)?.as_deref();
                made.map(<[i64]>::to_vec)
            }
            Place::Found(at) => {
                let (kind, id) = *self.found.get(row * self.finds + at)?;
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
        if let Some(made) = self.made.get_mut(row * self.makes + number) {
            *made = Some(parts.into());
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
        let mut rows = "[".to_owned();
        for row in 0..self.rows.count {
            rows.push_str(if row == 0 { "[" } else { ",[" });
            for (at, place) in given.iter().enumerate() {
                let member = match place {
                    Place::Read(column) => json(self.value(row, *column)),
                    Place::Made(_) | Place::Found(_) => {
                        self.element(row, *place).map_or(Json::Null, Json::from)
                    }
                };
                let comma = if at == 0 { "" } else { "," };
                write!(rows, "{comma}{member}").unwrap_or_default();
            }
            rows.push(']');
        }
        rows.push(']');
        rows
    }
}

impl Rows {
    fn get(&self, row: usize, column: usize) -> Option<&Value> {
        let at = row.checked_mul(self.width)?.checked_add(column)?;
        self.values.get(at).filter(|_| column < self.width)
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
