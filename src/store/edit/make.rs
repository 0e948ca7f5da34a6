//! New nodes, and new edges that are nodes: their key, their columns, the nodes these lead to.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::cells::Cells;
use super::{Node, Run, refused};
use crate::base::fold::digest;
use crate::base::source::Span;
use crate::record::catalogue::Kind;
use crate::record::edit::{Assign, End, Make, Slot};
use crate::record::key::slug;
use crate::store::catalogue::quoted;
use crate::store::error::Error;

impl Run<'_, '_> {
    /// Makes a node for a row.
    pub(super) fn make(&mut self, row: usize, make: &Make) -> Result<(), Error> {
        let Some(kind) = self.catalogue.kinds.iter().find(|kind| kind.id == make.kind).cloned()
        else {
            return Ok(());
        };
        let mut cells = Cells::new();
        for assign in &make.cells {
            cells.extend(self.cells(row, assign, None)?);
        }
        for end in &make.ends {
            cells.extend(self.end(row, end, make.span)?);
        }
        if let Some(term) = &make.term {
            cells.push((term.column.clone(), Value::Integer(term.id)));
        }
        let key = self.key_for(row, (make, &kind), &mut cells)?;
        let id = self.insert(&kind.table, &cells, make.span)?;
        if let (Some(at), Some(key)) = (self.kind_at(kind.id), key) {
            let shown =
                kind.shown.as_ref().filter(|shown| Some(*shown) != kind.key_column.as_ref());
            let shown = shown.and_then(|shown| text_in(&cells, shown));
            self.batch.add_names(kind.id, id, &key, shown)?;
            for assign in make.cells.iter().filter(|assign| assign.slot == Slot::Aliases) {
                let names = self.names(row, assign);
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.batch.set_aliases(at, id, &names)?;
            }
        }
        self.note_made(row, make.number, &[kind.id, id]);
        Ok(())
    }

    /// The columns that lead to a node.
    pub(super) fn end(&self, row: usize, end: &End, span: Span) -> Result<Cells, Error> {
        let Some((kind, id)) = self.node(row, end.node) else {
            let next = "leave such rows out, as with `filter … is not null`";
            return Err(refused(span, "one of its ends is null here", Some(next.to_owned())));
        };
        if let Some(wanted) = end.kind.filter(|wanted| *wanted != kind) {
            let (found, wanted) = (self.called((kind, id))?, self.kind_name(wanted));
            return Err(refused(span, format!("{found} is no {wanted}"), None));
        }
        let mut cells = vec![(end.column.clone(), Value::Integer(id))];
        cells.extend(end.kind_column.clone().map(|column| (column, Value::Integer(kind))));
        Ok(cells)
    }

    /// Inserts a row with the next free id; gives that.
    pub(super) fn insert(&self, table: &str, cells: &Cells, span: Span) -> Result<i64, Error> {
        let id = self.batch.next_id(table);
        let names: Vec<String> = cells.iter().map(|(column, _)| quoted(column)).collect();
        let places: Vec<String> = (2..cells.len() + 2).map(|place| format!(", ?{place}")).collect();
        let names: Vec<String> = names.iter().map(|name| format!(", {name}")).collect();
        let sql = format!(
            "INSERT INTO {} (id{}) VALUES (?1{})",
            quoted(table),
            names.concat(),
            places.concat()
        );
        let values = std::iter::once(&Value::Integer(id))
            .chain(cells.iter().map(|(_, value)| value))
            .cloned()
            .collect::<Vec<_>>();
        self.changed(&sql, params_from_iter(values), (table, span))?;
        self.batch.use_id(table, id);
        Ok(id)
    }

    /// The key of a new node, which joins its cells: the one that is given, else one made of its name, else of its content.
    fn key_for(
        &self,
        row: usize,
        (make, kind): (&Make, &Kind),
        cells: &mut Cells,
    ) -> Result<Option<String>, Error> {
        let (Some(column), Some(at)) = (&kind.key_column, self.kind_at(kind.id)) else {
            return Ok(None);
        };
        let is_key = |assign: &&Assign| assign.slot == Slot::Column(column.clone());
        let told = make.cells.iter().find(is_key);
        if let (Some(assign), Some(key)) = (told, text_in(cells, column)) {
            self.free_key(at, key, assign)?;
            return Ok(Some(key.to_owned()));
        }
        cells.retain(|(name, _)| name != column);
        let shown = kind.shown.as_ref().and_then(|shown| text_in(cells, shown));
        let key = if let Some(name) = shown {
            self.batch.free_key(at, &slug(name), name)?
        } else {
            let content = self.content(row, make, cells)?;
            let base = self.content_key(row, (make, kind), &content)?;
            let unique = format!("{content}\u{1f}{}", self.batch.next_id(&kind.table));
            self.batch.free_key(at, &base, &unique)?
        };
        cells.push((column.clone(), Value::Text(key.clone())));
        Ok(Some(key))
    }

    /// `rubio-denies-3f2a…`: where it starts, what it is, and a digest of everything it says.
    fn content_key(
        &self,
        row: usize,
        (make, kind): (&Make, &Kind),
        content: &str,
    ) -> Result<String, Error> {
        let first = make.ends.first().and_then(|end| self.node(row, end.node));
        let start = match first {
            Some(node) => {
                self.key(node)?.map(|key| slug(&key).chars().take(32).collect::<String>())
            }
            None => None,
        };
        let what = make.term.as_ref().map_or_else(|| slug(&kind.name), |term| term.name.clone());
        let parts: Vec<String> = start.into_iter().chain([what, digest(content, 12)]).collect();
        Ok(parts.join("-"))
    }

    /// Everything a new node says, with keys in place of ids.
    fn content(&self, row: usize, make: &Make, cells: &Cells) -> Result<String, Error> {
        let mut parts = Vec::new();
        for (column, value) in cells {
            let end = make.ends.iter().find(|end| end.column == *column);
            let node: Option<Node> = end.and_then(|end| self.node(row, end.node));
            let key = node.map(|node| self.key(node)).transpose()?.flatten();
            let text = key.unwrap_or_else(|| match value {
                Value::Text(text) => text.clone(),
                Value::Integer(number) => number.to_string(),
                Value::Real(number) => number.to_string(),
                Value::Null | Value::Blob(_) => String::new(),
            });
            parts.push(format!("{column}\u{1f}{text}"));
        }
        parts.sort_unstable();
        Ok(parts.join("\u{1f}"))
    }

    /// Runs a statement that changes a row; what its table's rules refuse is told in words.
    pub(super) fn changed(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        (table, span): (&str, Span),
    ) -> Result<usize, Error> {
        let connection = &self.batch.writer.connection;
        let changed = connection.prepare_cached(sql).and_then(|mut sql| sql.execute(values));
        changed.map_err(|error| {
            let code = error.sqlite_error().map(|error| error.extended_code);
            match code {
                Some(rusqlite::ffi::SQLITE_CONSTRAINT_CHECK) => {
                    refused(span, "it would end before it starts", None)
                }
                Some(rusqlite::ffi::SQLITE_CONSTRAINT_NOTNULL) => {
                    let said = error.to_string();
                    let column = said.rsplit('.').next().unwrap_or_default().to_owned();
                    let noun = self.batch.log.layout.table(table).map(|table| table.noun.clone());
                    let what = format!(
                        "every {} needs a {column}, which is null here",
                        noun.unwrap_or_default()
                    );
                    refused(span, what, None)
                }
                _ => self.batch.writer.failed(error),
            }
        })
    }
}

/// The text in a column, if there is one.
pub(super) fn text_in<'c>(cells: &'c Cells, column: &str) -> Option<&'c str> {
    cells.iter().find(|(name, _)| name == column).and_then(|(_, value)| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}
