//! New edges that are no nodes: a column of a node that leads to another, or a row of a link table.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::cells::Cells;
use super::{Run, refused};
use crate::base::fold::digest;
use crate::base::source::Span;
use crate::record::edit::{Join, Link};
use crate::record::key::slug;
use crate::store::catalogue::quoted;
use crate::store::error::Error;

/// The refusal to change what is no longer there.
pub(super) fn gone(span: Span) -> Error {
    refused(span, "what this is to change was deleted before, in the same query", None)
}

impl Run<'_, '_> {
    /// Lets a node's own column lead to another node.
    pub(super) fn join(&mut self, row: usize, join: &Join) -> Result<(), Error> {
        let Some((kind, id)) = self.node(row, join.from) else {
            return Err(refused(join.span, "the node it starts from is null here", None));
        };
        let Some(table) = self.batch.log.layout.of_kind(kind).map(|table| table.name.clone())
        else {
            return Ok(());
        };
        let cells = self.end(row, &join.to, join.span)?;
        let column = quoted(&join.to.column);
        let sql = format!("SELECT {column} FROM {} WHERE id = ?1", quoted(&table));
        let now: Option<Value> = self.batch.first(&sql, [id], |row| row.get(0))?;
        let Some(now) = now else { return Err(gone(join.span)) };
        let wanted = cells.iter().find(|(name, _)| *name == join.to.column).map(|(_, value)| value);
        match &now {
            Value::Null => {
                self.update(&table, id, &cells, join.span)?;
            }
            now if Some(now) == wanted => {}
            _ => return Err(self.taken((kind, id), join, &now)?),
        }
        self.note_made(row, join.number.1, &[join.number.0, id]);
        Ok(())
    }

    /// The refusal of a second edge where there can be but one.
    fn taken(&self, node: (i64, i64), join: &Join, now: &Value) -> Result<Error, Error> {
        let (called, edge) = (self.called(node)?, &join.edge);
        let target = match (now, join.to.kind) {
            (Value::Integer(id), Some(kind)) => format!(", to {}", self.called((kind, *id))?),
            _ => String::new(),
        };
        let what =
            format!("{called} has an edge `{edge}` already{target}, and there can be but one");
        let next = format!("delete that one first: match (x)-[e:{edge}]->() delete e");
        Ok(refused(join.span, what, Some(next)))
    }

    /// Changes columns of a row with an id.
    pub(super) fn update(
        &self,
        table: &str,
        id: i64,
        cells: &Cells,
        span: Span,
    ) -> Result<usize, Error> {
        let pairs: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} = ?{}", quoted(column), at + 2))
            .collect();
        let differs: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} IS NOT ?{}", quoted(column), at + 2))
            .collect();
        let sql = format!(
            "UPDATE {} SET {} WHERE id = ?1 AND ({})",
            quoted(table),
            pairs.join(", "),
            differs.join(" OR ")
        );
        let mut values = vec![Value::Integer(id)];
        values.extend(cells.iter().map(|(_, value)| value.clone()));
        self.changed(&sql, params_from_iter(values), (table, span))
    }

    /// Makes a link, in both directions where it holds both ways.
    pub(super) fn link(&mut self, row: usize, link: &Link) -> Result<(), Error> {
        let Link { table, from, to, term, symmetric, cells, edge: _, number, span } = link;
        let (start, end) = (self.end(row, from, *span)?, self.end(row, to, *span)?);
        let mut given = Cells::new();
        for assign in cells {
            given.extend(self.cells(row, assign, None)?);
        }
        if let Some(table) = self.batch.log.layout.table(table).filter(|table| table.has_ids) {
            let (name, keyed) = (table.name.clone(), table.needs_key());
            let mut all: Cells = start.into_iter().chain(end).chain(given).collect();
            if keyed {
                let content = format!("{all:?}\u{1f}{}", self.batch.next_id(&name));
                let key = format!("{}-{}", slug(&link.edge), digest(&content, 12));
                all.push(("key".to_owned(), Value::Text(key)));
            }
            let id = self.insert(&name, &all, *span)?;
            self.note_made(row, number.1, &[number.0, id]);
            return Ok(());
        }
        let term_cell = term.iter().map(|term| (term.column.clone(), Value::Integer(term.id)));
        let one: Cells = start.iter().chain(&end).cloned().chain(term_cell).collect();
        self.put(link, &one, &given)?;
        if *symmetric {
            let turned = |cells: &Cells, other: &Cells| -> Cells {
                let values = other.iter().map(|(_, value)| value.clone());
                cells.iter().map(|(column, _)| column.clone()).zip(values).collect()
            };
            let mut other: Cells = turned(&start, &end);
            other.extend(turned(&end, &start));
            other.extend(one.iter().skip(start.len() + end.len()).cloned());
            self.put(link, &other, &given)?;
        }
        let mut token = vec![number.0];
        let int = |cells: &Cells, column: &str| {
            cells.iter().find(|(name, _)| name == column).and_then(|(_, value)| match value {
                Value::Integer(number) => Some(*number),
                _ => None,
            })
        };
        token.extend(from.kind_column.as_ref().and_then(|column| int(&one, column)));
        token.extend(to.kind_column.as_ref().and_then(|column| int(&one, column)));
        token.extend(term.as_ref().map(|term| term.id));
        let ends = (int(&one, &from.column), int(&one, &to.column));
        if let (Some(a), Some(b)) = ends {
            token.extend(if *symmetric { [a.min(b), a.max(b)] } else { [a, b] });
        }
        self.note_made(row, number.1, &token);
        Ok(())
    }

    /// Adds a row of a link table, unless it is there just so.
    fn put(&self, link: &Link, key: &Cells, given: &Cells) -> Result<(), Error> {
        let known: Vec<String> = key
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} = ?{}", quoted(column), at + 1))
            .collect();
        let same: Vec<String> = given
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} IS ?{}", quoted(column), key.len() + at + 1))
            .collect();
        let same = if same.is_empty() { "1".to_owned() } else { same.join(" AND ") };
        let sql =
            format!("SELECT {same} FROM {} WHERE {}", quoted(&link.table), known.join(" AND "));
        let all: Vec<Value> = key.iter().chain(given).map(|(_, value)| value.clone()).collect();
        let there: Option<bool> =
            self.batch.first(&sql, params_from_iter(all.clone()), |row| row.get(0))?;
        match there {
            Some(true) => Ok(()),
            Some(false) => {
                let what =
                    format!("there is such an edge `{}` already, with other properties", link.edge);
                let next = "to change it: match (a)-[e:…]->(b) set e.… = …".to_owned();
                Err(refused(link.span, what, Some(next)))
            }
            None => {
                let names: Vec<String> =
                    key.iter().chain(given).map(|(column, _)| quoted(column)).collect();
                let places: Vec<String> =
                    (1..=all.len()).map(|place| format!("?{place}")).collect();
                let sql = format!(
                    "INSERT INTO {} ({}) VALUES ({})",
                    quoted(&link.table),
                    names.join(", "),
                    places.join(", ")
                );
                self.changed(&sql, params_from_iter(all), (&link.table, link.span)).map(|_| ())
            }
        }
    }
}
