//! What users declared, asked kind by kind and edge by edge. The questions are made of declared names, in back-ticks.

use super::{Among, Error, KEY, World};
use crate::base::value::Value;
use crate::record::catalogue::{Catalogue, Property};
use crate::record::declared::{FIRST, labels_of};

/// A declared kind or edge.
pub(super) struct Declared<'c> {
    /// Its name.
    pub(super) name: &'c str,
    /// The labels of a kind.
    pub(super) labels: Vec<&'c str>,
    /// The kinds that an edge joins, by name.
    pub(super) ends: [&'c str; 2],
    /// Whether an edge holds both ways.
    pub(super) symmetric: bool,
    /// Its properties, in the order in which they were declared.
    pub(super) properties: Vec<&'c Property>,
    part: Among,
}

/// All declared kinds, by name.
pub(super) fn kinds(catalogue: &Catalogue) -> Vec<Declared<'_>> {
    let kinds = catalogue.kinds.iter().filter(|kind| kind.id >= FIRST);
    let mut all: Vec<Declared<'_>> = kinds
        .map(|kind| Declared {
            name: &kind.name,
            labels: labels_of(kind),
            ends: [""; 2],
            symmetric: false,
            properties: properties(catalogue, &kind.table),
            part: Among::Kind(kind.id),
        })
        .collect();
    all.sort_by_key(|kind| kind.name);
    all
}

/// All declared edges, by name and by the kinds they join.
pub(super) fn edges(catalogue: &Catalogue) -> Vec<Declared<'_>> {
    let kind = |id: Option<i64>| {
        let kind = catalogue.kinds.iter().find(|kind| Some(kind.id) == id);
        kind.map_or("", |kind| kind.name.as_str())
    };
    let edges = catalogue.edges.iter().filter(|edge| edge.id >= FIRST);
    let mut all: Vec<Declared<'_>> = edges
        .map(|edge| Declared {
            name: edge.name.as_deref().unwrap_or_default(),
            labels: Vec::new(),
            ends: [kind(edge.from.kind), kind(edge.to.kind)],
            symmetric: edge.symmetric,
            properties: properties(catalogue, &edge.table),
            part: Among::Edge(edge.id),
        })
        .collect();
    all.sort_by_key(|edge| (edge.name, edge.ends));
    all
}

fn properties<'c>(catalogue: &'c Catalogue, table: &str) -> Vec<&'c Property> {
    catalogue.properties.iter().filter(|property| property.table == table).collect()
}

impl Declared<'_> {
    /// Hands on its nodes or edges in the order of their keys: the key, of an edge the keys of its ends, and the properties.
    /// An edge that holds both ways comes once, from the end whose key is the smaller one.
    pub(super) fn rows(
        &self,
        world: &dyn World,
        receive: &mut dyn FnMut(&[Value]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let key = quoted(KEY);
        let is_edge = matches!(self.part, Among::Edge(_));
        let pattern = if is_edge { "(a)-[e]->(b)" } else { "(e)" };
        let mut columns = vec![format!("e.{key} as k")];
        if is_edge {
            columns.extend([format!("a.{key} as f"), format!("b.{key} as t")]);
        }
        let own = self.properties.iter().enumerate();
        columns.extend(own.map(|(at, one)| format!("e.{} as p{at}", quoted(&one.name))));
        let mut order: Vec<String> = ["k", "f", "t"].map(str::to_owned).to_vec();
        order.extend((0..self.properties.len()).map(|at| format!("p{at}")));
        if !is_edge {
            order.truncate(1);
        }
        // Edges may have no key, and then only the number tells those apart that say the same.
        columns.push("id(e) as id".to_owned());
        let (columns, order) = (columns.join(", "), order.join(", "));
        let question = format!("match {pattern} return {columns} order by {order}, id");
        let mut before = Value::Null;
        world.ask_written(self.part, &question, &mut |row| {
            let Some((id, row)) = row.split_last() else { return Ok(()) };
            if self.symmetric {
                let [_, Value::Text(from), Value::Text(to), ..] = row else { return Ok(()) };
                if from > to || *id == before {
                    return Ok(());
                }
                before = id.clone();
            }
            receive(row)
        })
    }
}

/// A name as it stands in a question.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
