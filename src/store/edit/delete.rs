//! Nodes and edges go. What others refer to stays, unless `detach` takes the edges that end there along; but nothing that
//! cannot be without it is ever left behind or deleted unasked.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params_from_iter;

use super::set::EdgeRow;
use super::{Node, Run, refused};
use crate::base::count::counted;
use crate::base::source::Span;
use crate::record::catalogue::Edge;
use crate::record::edit::Delete;
use crate::store::catalogue::quoted;
use crate::store::error::Error;
use crate::store::layout::{Reference, Table, To};

/// What one `delete` takes away.
struct Going {
    nodes: BTreeMap<Node, Span>,
    detach: bool,
}

/// What is to be done about the rows of a table that refer to a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// They are links, and go.
    Link,
    /// They are edges that are nodes as well, and go as nodes do.
    Edge,
    /// They do without it: the column becomes null.
    Loose,
    /// They cannot be without it.
    Needed,
}

impl Run<'_, '_> {
    /// Deletes what the rows name, all of it at once.
    pub(super) fn delete(&mut self, delete: &Delete) -> Result<(), Error> {
        let mut tokens: BTreeMap<Vec<i64>, Span> = BTreeMap::new();
        let mut going = Going { nodes: BTreeMap::new(), detach: delete.detach };
        for row in 0..self.rows.count {
            for (place, span) in &delete.nodes {
                going.nodes.extend(self.node(row, *place).map(|node| (node, *span)));
            }
            for (place, span) in &delete.edges {
                tokens.extend(self.element(row, *place).map(|token| (token, *span)));
            }
        }
        for (token, span) in &tokens {
            self.delete_edge(token, *span, &going)?;
        }
        // Edges that are nodes go along; they may have edges of their own.
        let mut open: Vec<Node> = going.nodes.keys().copied().collect();
        while let Some(node) = open.pop() {
            let span = going.nodes.get(&node).copied().unwrap_or_default();
            if !going.detach {
                continue;
            }
            for (kind, ids) in self.edges_of(node)? {
                for id in ids {
                    if let Entry::Vacant(free) = going.nodes.entry((kind, id)) {
                        free.insert(span);
                        open.push((kind, id));
                    }
                }
            }
        }
        for (node, span) in &going.nodes {
            self.untie(*node, *span, &going)?;
        }
        for node in going.nodes.keys() {
            self.remove(*node)?;
        }
        Ok(())
    }

    fn delete_edge(&mut self, token: &[i64], span: Span, going: &Going) -> Result<(), Error> {
        let Some(found) = self.edge_row(token) else { return Ok(()) };
        let table = quoted(&found.edge.table);
        let kind = self.batch.log.layout.table(&found.edge.table).and_then(|table| table.kind);
        let Some(kind) = kind else {
            for known in found.rows() {
                let sql = format!("DELETE FROM {table} WHERE {}", EdgeRow::condition(known, 1));
                let values = known.iter().map(|(_, value)| value.clone());
                self.batch.run(&sql, params_from_iter(values))?;
            }
            return Ok(());
        };
        let id = token.get(1).copied().unwrap_or_default();
        if going.nodes.contains_key(&(kind, id)) {
            return Ok(());
        }
        let Edge { name, to, .. } = &found.edge;
        if self.is_needed(kind, &to.column) {
            let called = self.called((kind, id))?;
            let name = name.clone().unwrap_or_default();
            let what = format!("{called} cannot be without its edge `{name}`");
            let next = "delete the whole, or point it elsewhere in a new one".to_owned();
            return Err(refused(span, what, Some(next)));
        }
        let columns = std::iter::once(&to.column).chain(&to.kind_column);
        let set: Vec<String> = columns.map(|column| format!("{} = NULL", quoted(column))).collect();
        let sql = format!("UPDATE {table} SET {} WHERE id = ?1", set.join(", "));
        self.batch.run(&sql, [id]).map(|_| ())
    }

    /// Whether a node of a kind is nothing without what a column leads to: one that must hold something, or an end of the
    /// edge that the node is.
    fn is_needed(&self, kind: i64, column: &str) -> bool {
        let Some(table) = self.batch.log.layout.of_kind(kind) else { return false };
        let required = table.columns.iter().any(|known| known.name == column && known.required);
        let end = self.catalogue.edges.iter().any(|edge| {
            edge.stands_as == Some(kind) && (edge.from.column == column || edge.to.column == column)
        });
        required || end
    }

    fn tie(&self, table: &Table, reference: &Reference) -> Tie {
        let Some(number) = table.kind else { return Tie::Link };
        let kind = self.catalogue.kinds.iter().find(|kind| kind.id == number);
        let end = self.catalogue.edges.iter().any(|edge| {
            edge.stands_as == Some(number)
                && (edge.from.column == reference.column || edge.to.column == reference.column)
        });
        match (kind.is_some_and(|kind| kind.as_edge), end) {
            (true, true) => Tie::Edge,
            _ if self.is_needed(number, &reference.column) => Tie::Needed,
            _ => Tie::Loose,
        }
    }

    /// The edges, of those that are nodes as well, that end at a node: their kind and their ids.
    fn edges_of(&self, node: Node) -> Result<Vec<(i64, Vec<i64>)>, Error> {
        let mut found = Vec::new();
        for (table, reference) in self.references_to(node.0) {
            let Some(kind) = table.kind else { continue };
            if self.tie(&table, &reference) != Tie::Edge {
                continue;
            }
            let condition = refers(&reference, node.0);
            let sql = format!("SELECT id FROM {} WHERE {condition}", quoted(&table.name));
            found.push((kind, self.batch.all(&sql, [node.1], |row| row.get::<_, i64>(0))?));
        }
        Ok(found)
    }

    /// The columns that may refer to nodes of a kind. Other names belong to their node and do not count.
    fn references_to(&self, kind: i64) -> Vec<(Table, Reference)> {
        let layout = &self.batch.log.layout;
        let own = layout.of_kind(kind).map(|table| table.name.clone()).unwrap_or_default();
        let tables = layout.tables.iter().filter(|table| table.name != "alias");
        let all = tables.flat_map(|table| {
            table.references.iter().map(move |reference| (table.clone(), reference.clone()))
        });
        all.filter(|(_, reference)| match &reference.to {
            To::Table(to) => *to == own,
            To::Kind(_) => true,
        })
        .collect()
    }

    /// Takes away what refers to a node, or refuses where that may not be.
    fn untie(&mut self, node: Node, span: Span, going: &Going) -> Result<(), Error> {
        let mut left: BTreeMap<String, i64> = BTreeMap::new();
        let mut needed: BTreeMap<String, i64> = BTreeMap::new();
        for (table, reference) in self.references_to(node.0) {
            let (name, condition) = (quoted(&table.name), refers(&reference, node.0));
            let tie = self.tie(&table, &reference);
            if tie == Tie::Link {
                let mirrored = table.mirrored("x");
                let sql = format!(
                    "SELECT count(*) FROM {name} AS x WHERE {condition} AND NOT ({mirrored})"
                );
                let count: i64 = self.batch.first(&sql, [node.1], |row| row.get(0))?.unwrap_or(0);
                if going.detach {
                    self.batch.run(&format!("DELETE FROM {name} WHERE {condition}"), [node.1])?;
                } else if !self.ends_go(&table, &reference, node, going)? {
                    *left.entry(table.noun.clone()).or_default() += count;
                }
                continue;
            }
            let kind = table.kind.unwrap_or_default();
            let sql = format!("SELECT id FROM {name} WHERE {condition}");
            let ids = self.batch.all(&sql, [node.1], |row| row.get::<_, i64>(0))?;
            let staying: Vec<i64> =
                ids.into_iter().filter(|id| !going.nodes.contains_key(&(kind, *id))).collect();
            let count = i64::try_from(staying.len()).unwrap_or(i64::MAX);
            match tie {
                _ if staying.is_empty() => {}
                Tie::Loose if going.detach => self.loosen(&table, &reference, &staying)?,
                Tie::Needed => {
                    *needed.entry(table.noun.clone()).or_default() += count;
                }
                Tie::Link | Tie::Edge | Tie::Loose => {
                    *left.entry(table.noun.clone()).or_default() += count;
                }
            }
        }
        self.refuse(node, span, (&left, &needed))
    }

    /// Whether every link of a table that ends at a node goes with the node at its other end; nothing else does then.
    fn ends_go(
        &self,
        table: &Table,
        reference: &Reference,
        node: Node,
        going: &Going,
    ) -> Result<bool, Error> {
        let others: Vec<&Reference> =
            table.references.iter().filter(|other| other.column != reference.column).collect();
        let mut gone = BTreeSet::new();
        for other in others {
            let kind = match &other.to {
                To::Table(to) => {
                    let known = self.batch.log.layout.table(to).and_then(|table| table.kind);
                    match known {
                        Some(kind) => kind.to_string(),
                        None => continue,
                    }
                }
                To::Kind(kind) => quoted(kind),
            };
            let sql = format!(
                "SELECT {kind}, {} FROM {} WHERE {}",
                quoted(&other.column),
                quoted(&table.name),
                refers(reference, node.0)
            );
            let ends = self.batch.all(&sql, [node.1], |row| Ok((row.get(0)?, row.get(1)?)))?;
            gone.extend(ends.into_iter().filter(|end| !going.nodes.contains_key(end)));
        }
        Ok(gone.is_empty() && self.detached(table, reference, node)?)
    }

    /// Deletes the links of a node whose other ends go as well.
    fn detached(&self, table: &Table, reference: &Reference, node: Node) -> Result<bool, Error> {
        let sql =
            format!("DELETE FROM {} WHERE {}", quoted(&table.name), refers(reference, node.0));
        self.batch.run(&sql, [node.1]).map(|_| true)
    }

    fn loosen(&self, table: &Table, reference: &Reference, ids: &[i64]) -> Result<(), Error> {
        let mut columns = vec![format!("{} = NULL", quoted(&reference.column))];
        if let To::Kind(kind) = &reference.to {
            columns.push(format!("{} = NULL", quoted(kind)));
        }
        let sql =
            format!("UPDATE {} SET {} WHERE id = ?1", quoted(&table.name), columns.join(", "));
        for id in ids {
            self.batch.run(&sql, [id])?;
        }
        Ok(())
    }

    fn refuse(
        &self,
        node: Node,
        span: Span,
        (left, needed): (&BTreeMap<String, i64>, &BTreeMap<String, i64>),
    ) -> Result<(), Error> {
        let some = |counts: &BTreeMap<String, i64>| {
            let counts = counts.iter().filter(|(_, count)| **count > 0);
            counts.map(|(noun, count)| counted(*count, noun)).collect::<Vec<_>>()
        };
        let (left, needed) = (some(left), some(needed));
        if !needed.is_empty() {
            let what = format!("{} cannot be without {}", needed.join(" and "), self.called(node)?);
            let next = "delete these as well, with their own names in one `detach delete`";
            return Err(refused(span, what, Some(next.to_owned())));
        }
        if left.is_empty() {
            return Ok(());
        }
        let what = format!("{} is held by {}", self.called(node)?, left.join(" and "));
        let next = "`detach delete` takes the edges that end there along";
        Err(refused(span, what, Some(next.to_owned())))
    }

    /// Takes a node's row away, with its names and its text.
    fn remove(&mut self, (kind, id): Node) -> Result<(), Error> {
        let Some(table) = self.batch.log.layout.of_kind(kind).map(|table| table.name.clone())
        else {
            return Ok(());
        };
        self.batch.forget_text(&table, id)?;
        if let Some(at) = self.kind_at(kind) {
            self.batch.forget_names(at, id)?;
        }
        self.batch.run("DELETE FROM alias WHERE kind = ?1 AND node = ?2", [kind, id])?;
        self.batch.run(&format!("DELETE FROM {} WHERE id = ?1", quoted(&table)), [id]).map(|_| ())
    }
}

/// The condition that a row refers to the node of a kind whose id is the first parameter.
pub(super) fn refers(reference: &Reference, kind: i64) -> String {
    let column = quoted(&reference.column);
    match &reference.to {
        To::Table(_) => format!("{column} = ?1"),
        To::Kind(of) => format!("{} = {kind} AND {column} = ?1", quoted(of)),
    }
}
