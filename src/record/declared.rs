//! The catalogue's rows of declared kinds, edges and properties: the names of their tables and columns follow from ids and
//! declared names alone, so that a store can be held to what its catalogue implies.

use super::catalogue::{Edge, End, Kind, Property};
use super::graph::{PropertyType, ValueType};

/// The first id of declared kinds and edges.
pub const FIRST: i64 = 1000;

/// Columns that every table of a kind or an edge may have of its own.
const OWN: [&str; 4] = ["id", "key", "source", "target"];
/// Longer names do not become part of a table's or column's name.
const LONGEST: usize = 40;
/// Properties that stand for a node, if it has one of them.
const NAMES: [&str; 3] = ["name", "title", "label"];

/// What a kind with these labels is called: its label, several joined by `&`, `Node` for none.
pub fn kind_name(labels: &[String]) -> String {
    if labels.is_empty() { "Node".to_owned() } else { labels.join("&") }
}

/// The labels a kind is asked by.
pub fn labels_of(kind: &Kind) -> Vec<&str> {
    match &kind.labels {
        Some(labels) => labels.iter().map(String::as_str).collect(),
        None => vec![&kind.name],
    }
}

/// A declared kind.
pub fn kind(id: i64, name: String, labels: Option<Vec<String>>, shown: Option<String>) -> Kind {
    Kind {
        id,
        table: table("kind", &name, id),
        name,
        key_column: Some("key".to_owned()),
        shown,
        as_edge: false,
        labels,
        doc: String::new(),
    }
}

/// A declared edge between two kinds.
pub fn edge(id: i64, name: String, (from, to): (i64, i64), symmetric: bool) -> Edge {
    let end =
        |kind, column: &str| End { kind: Some(kind), kind_column: None, column: column.to_owned() };
    Edge {
        id,
        table: table("edge", &name, id),
        name: Some(name),
        from: end(from, "source"),
        to: end(to, "target"),
        term_column: None,
        vocabulary: None,
        family: None,
        term: None,
        stands_as: None,
        numbered: true,
        symmetric,
        doc: String::new(),
    }
}

/// A declared property of a table that has these already.
pub fn property(table: &str, before: &[Property], declared: &PropertyType) -> Property {
    let PropertyType { name, ty, required } = declared;
    let storage = if *ty == ValueType::Date { "date" } else { "column" };
    Property {
        table: table.to_owned(),
        name: name.clone(),
        ty: ty.to_string(),
        storage: storage.to_owned(),
        column: Some(column(before, name, storage)),
        attribute: None,
        vocabulary: None,
        search: None,
        required: *required,
        doc: String::new(),
    }
}

/// The columns a property takes.
pub fn columns(property: &Property) -> Vec<String> {
    let column = property.column.as_deref().unwrap_or_default();
    taken(column, &property.storage)
}

fn taken(column: &str, storage: &str) -> Vec<String> {
    match storage {
        "date" => ["first", "last", "text"].iter().map(|part| format!("{column}_{part}")).collect(),
        _ => vec![column.to_owned()],
    }
}

/// How many columns a table with these properties has.
pub fn width<'p>(properties: impl Iterator<Item = &'p Property>) -> usize {
    OWN.len() + properties.map(|property| columns(property).len()).sum::<usize>()
}

/// The column of the first property that can stand for a node.
pub fn shown(properties: &[Property]) -> Option<String> {
    let names = |property: &&Property| {
        property.ty == "text" && NAMES.contains(&property.name.to_ascii_lowercase().as_str())
    };
    properties.iter().find(names).and_then(|property| property.column.clone())
}

/// `kind_person_1000`
fn table(what: &str, name: &str, id: i64) -> String {
    let slug: String = name
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    match slug.trim_matches('_') {
        "" => format!("{what}_{id}"),
        slug => format!("{what}_{slug}_{id}"),
    }
}

/// A property's column: its own name where that is plain and free, else one that no plain name can be.
fn column(before: &[Property], name: &str, storage: &str) -> String {
    let plain = name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let used: Vec<String> = before.iter().flat_map(columns).collect();
    let is_free = |column: &String| {
        OWN.iter().all(|own| !own.eq_ignore_ascii_case(column))
            && used.iter().all(|used| !used.eq_ignore_ascii_case(column))
    };
    if plain && taken(name, storage).iter().all(is_free) {
        return name.to_owned();
    }
    format!("property {}", before.len() + 1)
}
