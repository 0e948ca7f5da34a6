//! Properties get values: of nodes and of edges, with the names and texts that find them kept in step.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::cells::Cells;
use super::link::gone;
use super::make::text_in;
use super::{Element, Node, Run, refused};
use crate::base::source::Span;
use crate::record::catalogue::{Edge, Kind};
use crate::record::edit::{Assign, Owner, Set, Slot};
use crate::store::catalogue::quoted;
use crate::store::error::Error;

/// A row of an edge's table, as a token names it.
pub(super) struct EdgeRow {
    pub(super) edge: Edge,
    /// The columns that tell the row, with their values.
    pub(super) known: Cells,
    /// The same of the row that keeps the other direction, where there is one.
    pub(super) mirror: Option<Cells>,
}

impl EdgeRow {
    /// The condition that finds a row, with parameters from `first` on.
    pub(super) fn condition(known: &Cells, first: usize) -> String {
        let parts: Vec<String> = known
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} = ?{}", quoted(column), at + first))
            .collect();
        parts.join(" AND ")
    }

    /// Both rows, or the one there is.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Cells> {
        std::iter::once(&self.known).chain(&self.mirror)
    }
}

/// Two rows that want to give one property two values cannot both have their way.
fn twice(span: Span) -> Error {
    let next = "group them first, as with `with x, max(…) as …`";
    refused(span, "several rows give this property different values", Some(next.to_owned()))
}

impl Run<'_, '_> {
    /// Gives a property of a node or an edge its value. Of null nothing is set.
    pub(super) fn set(&mut self, row: usize, set: &Set) -> Result<(), Error> {
        let Some(element) = self.element(row, set.of) else { return Ok(()) };
        let is_node = matches!(set.choices.first(), Some((Owner::Kind(_), _)));
        let number = element.first().copied().unwrap_or_default();
        let owner = if is_node { Owner::Kind(number) } else { Owner::Edge(number) };
        let Some((_, assign)) = set.choices.iter().find(|(one, _)| *one == owner) else {
            return Err(refused(set.span, "it has no such property", None));
        };
        match (is_node, element.as_slice()) {
            (true, [kind, id]) => self.set_node(row, (*kind, *id), assign),
            (true, _) => Ok(()),
            (false, token) => self.set_edge(row, token, assign),
        }
    }

    fn set_node(&mut self, row: usize, (number, id): Node, assign: &Assign) -> Result<(), Error> {
        let kinds = self.catalogue.kinds.iter();
        let Some(kind) = kinds.clone().find(|kind| kind.id == number).cloned() else {
            return Ok(());
        };
        let place = self.kind_at(number);
        if assign.slot == Slot::Aliases {
            let names = self.names(row, assign);
            if let Some(before) = self.first_to_give(row, Element::Node((number, id)))
                && self.names(before, assign) != names
            {
                return Err(twice(assign.span));
            }
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return match place {
                Some(at) => self.batch.set_aliases(at, id, &names).map(|_| ()),
                None => Ok(()),
            };
        }
        let cells = self.cells(row, assign, Some((&kind.table, id)))?;
        if let Some(before) = self.first_to_give(row, Element::Node((number, id)))
            && self.cells(before, assign, Some((&kind.table, id)))? != cells
        {
            return Err(twice(assign.span));
        }
        self.check_key(&kind, id, &cells, assign)?;
        let named = |column: &String| {
            Some(column) == kind.key_column.as_ref() || Some(column) == kind.shown.as_ref()
        };
        let renamed = cells.iter().any(|(column, _)| named(column));
        self.batch.forget_text(&kind.table, id)?;
        if let (Some(at), true) = (place, renamed) {
            self.batch.forget_names(at, id)?;
        }
        let there = format!("SELECT 1 FROM {} WHERE id = ?1", quoted(&kind.table));
        if self.batch.first(&there, [id], |_| Ok(()))?.is_none() {
            return Err(gone(assign.span));
        }
        self.update(&kind.table, id, &cells, assign.span)?;
        self.batch.index_text(&kind.table, id)?;
        match place {
            Some(at) if renamed => self.batch.renew_names(at, id),
            _ => Ok(()),
        }
    }

    /// A key stays unique, and is never taken away.
    fn check_key(&self, kind: &Kind, id: i64, cells: &Cells, assign: &Assign) -> Result<(), Error> {
        let (Some(column), Some(at)) = (&kind.key_column, self.kind_at(kind.id)) else {
            return Ok(());
        };
        if cells.iter().all(|(name, _)| name != column) {
            return Ok(());
        }
        match text_in(cells, column) {
            None => Err(refused(assign.span, "a key cannot be taken away", None)),
            Some(key) if self.batch.by_key(at, key)? == Some(id) => Ok(()),
            Some(key) => self.free_key(at, key, assign),
        }
    }

    fn set_edge(&mut self, row: usize, token: &[i64], assign: &Assign) -> Result<(), Error> {
        let Some(found) = self.edge_row(token) else { return Ok(()) };
        let cells = self.cells(row, assign, None)?;
        let table = found.edge.table.clone();
        if let Some(before) = self.first_to_give(row, Element::Edge(token.into()))
            && self.cells(before, assign, None)? != cells
        {
            return Err(twice(assign.span));
        }
        for known in found.rows() {
            let set: Vec<String> = cells
                .iter()
                .enumerate()
                .map(|(at, (column, _))| format!("{} = ?{}", quoted(column), at + 1))
                .collect();
            let condition = EdgeRow::condition(known, cells.len() + 1);
            let sql = format!("UPDATE {} SET {} WHERE {condition}", quoted(&table), set.join(", "));
            let values = cells.iter().chain(known).map(|(_, value)| value.clone());
            let changed = self.changed(&sql, params_from_iter(values), (&table, assign.span))?;
            if changed == 0 {
                return Err(gone(assign.span));
            }
        }
        Ok(())
    }

    /// The row before this one that gave something to an element, where there was one.
    fn first_to_give(&mut self, row: usize, element: Element) -> Option<usize> {
        let first = *self.given.entry(element).or_insert(row);
        (first != row).then_some(first)
    }

    /// The row that an edge's token names.
    pub(super) fn edge_row(&self, token: &[i64]) -> Option<EdgeRow> {
        let (number, parts) = token.split_first()?;
        let edge = self.catalogue.edges.iter().find(|edge| edge.id == *number)?.clone();
        let table = self.batch.log.layout.table(&edge.table)?;
        if table.has_ids {
            let id = Value::Integer(*parts.first()?);
            return Some(EdgeRow { edge, known: vec![("id".to_owned(), id)], mirror: None });
        }
        let mut columns: Vec<&String> = Vec::new();
        columns.extend(edge.from.kind_column.as_ref());
        columns.extend(edge.to.kind_column.as_ref());
        columns.extend(edge.term_column.as_ref());
        columns.extend([&edge.from.column, &edge.to.column]);
        let values = parts.iter().map(|part| Value::Integer(*part));
        let known: Cells = columns.into_iter().cloned().zip(values).collect();
        let both = table.symmetric.as_ref().is_some_and(|symmetric| {
            known.iter().any(|(column, value)| {
                *column == symmetric.term
                    && symmetric.terms.iter().any(|term| *value == Value::Integer(*term))
            })
        });
        let of = |wanted: &String| {
            known.iter().find(|(column, _)| column == wanted).map(|(_, value)| value.clone())
        };
        let mirror = both.then(|| {
            let turned = |(column, value): &(String, Value)| {
                let other = if *column == edge.from.column {
                    of(&edge.to.column)
                } else if *column == edge.to.column {
                    of(&edge.from.column)
                } else {
                    None
                };
                (column.clone(), other.unwrap_or_else(|| value.clone()))
            };
            known.iter().map(turned).collect::<Cells>()
        });
        let mirror = mirror.filter(|mirror| *mirror != known);
        Some(EdgeRow { edge, known, mirror })
    }
}
