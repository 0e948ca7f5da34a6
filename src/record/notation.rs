//! A graph type in GQL's notation, as `dixit schema apply` reads it.

use super::catalogue::{Catalogue, Kind, Property};
use super::declared;
use super::graph::ValueType;

/// What users declared in a catalogue, as one graph type.
pub fn graph_type(catalogue: &Catalogue) -> String {
    let mut elements: Vec<String> = Vec::new();
    for kind in catalogue.kinds.iter().filter(|kind| kind.id >= declared::FIRST) {
        elements.push(node(kind, &properties(catalogue, &kind.table)));
    }
    let end = |id: Option<i64>| {
        let kind = catalogue.kinds.iter().find(|kind| Some(kind.id) == id);
        kind.map_or_else(String::new, |kind| node(kind, ""))
    };
    for edge in catalogue.edges.iter().filter(|edge| edge.id >= declared::FIRST) {
        let label = edge.name.as_deref().map(name).unwrap_or_default();
        let properties = properties(catalogue, &edge.table);
        let between = if properties.is_empty() { "" } else { " " };
        let head = if edge.symmetric { "" } else { ">" };
        let (from, to) = (end(edge.from.kind), end(edge.to.kind));
        elements.push(format!("{from}-[:{label}{between}{properties}]-{head}{to}"));
    }
    let open = if catalogue.graph.open { "open " } else { "" };
    let graph = name(&catalogue.graph.name);
    if elements.is_empty() {
        return format!("create {open}graph type {graph} {{}}\n");
    }
    format!("create {open}graph type {graph} {{\n  {}\n}}\n", elements.join(",\n  "))
}

fn node(kind: &Kind, properties: &str) -> String {
    let labels: Vec<String> = declared::labels_of(kind).into_iter().map(name).collect();
    let colon = if labels.is_empty() { "" } else { ":" };
    let between = if labels.is_empty() || properties.is_empty() { "" } else { " " };
    format!("({colon}{}{between}{properties})", labels.join("&"))
}

fn properties(catalogue: &Catalogue, table: &str) -> String {
    let own = catalogue.properties.iter().filter(|row| row.table == table);
    let own: Vec<String> = own.map(property).collect();
    if own.is_empty() { String::new() } else { format!("{{{}}}", own.join(", ")) }
}

fn property(row: &Property) -> String {
    let ty = ValueType::named(&row.ty).map_or_else(|| row.ty.clone(), |ty| ty.to_string());
    let required = if row.required { " not null" } else { "" };
    format!("{} {ty}{required}", name(&row.name))
}

/// A name as the language reads it: in back-ticks unless it is a plain word.
fn name(name: &str) -> String {
    let starts = name.starts_with(|c: char| c == '_' || c.is_alphabetic());
    if starts && name.chars().all(|c| c == '_' || c.is_alphanumeric()) {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}
