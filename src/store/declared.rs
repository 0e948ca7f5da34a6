//! The tables of declared kinds and edges: how they are made, and whether a store has just those that its catalogue implies.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result};

use super::catalogue::{self, quoted};
use crate::record::catalogue::{Catalogue, Edge, Kind, Property};
use crate::record::declared;
use crate::record::graph::{Addition, PropertyType, ValueType};

/// A table, index, view or trigger: its type, its name, its table and what made it.
pub(crate) type Object = [String; 4];

/// What tables of declared kinds and edges start with.
const PREFIXES: [&str; 2] = ["kind_", "edge_"];

/// Whether a table can only be one of a declared kind or edge.
pub(crate) fn is_declared(table: &str) -> bool {
    PREFIXES.iter().any(|prefix| table.starts_with(prefix))
}

/// Whether the declared rows of a catalogue are as declaring makes them, and these objects are what they imply.
pub(crate) fn implied(catalogue: &Catalogue, mut found: Vec<Object>) -> bool {
    let Some(mut expected) = expected(catalogue) else { return false };
    expected.sort_unstable();
    found.sort_unstable();
    expected == found
}

/// The objects that the declared rows of a catalogue imply, if these rows are as declaring makes them.
pub(crate) fn expected(catalogue: &Catalogue) -> Option<Vec<Object>> {
    let mut properties: BTreeMap<&str, Vec<Property>> = BTreeMap::new();
    for row in catalogue.properties.iter().filter(|row| is_declared(&row.table)) {
        properties.entry(&row.table).or_default().push(row.clone());
    }
    let mut expected = Vec::new();
    for kind in catalogue.kinds.iter().filter(|kind| kind.id >= declared::FIRST) {
        let own = properties.remove(kind.table.as_str()).unwrap_or_default();
        if !is_kind(kind, &own) {
            return None;
        }
        expected.extend(kind_objects(&kind.table, &own));
    }
    for edge in catalogue.edges.iter().filter(|edge| edge.id >= declared::FIRST) {
        let own = properties.remove(edge.table.as_str()).unwrap_or_default();
        let ends = ends(edge, catalogue).filter(|_| is_edge(edge) && are_properties(&own))?;
        expected.extend(edge_objects(&edge.table, ends, &own));
    }
    properties.is_empty().then_some(expected)
}

fn is_kind(kind: &Kind, properties: &[Property]) -> bool {
    let shown = kind.shown.as_ref();
    let names = shown.is_none_or(|shown| {
        properties.iter().any(|row| row.ty == "text" && row.column.as_ref() == Some(shown))
    });
    let right = declared::kind(kind.id, kind.name.clone(), kind.labels.clone(), kind.shown.clone());
    names && Kind { doc: kind.doc.clone(), ..right } == *kind && are_properties(properties)
}

fn is_edge(edge: &Edge) -> bool {
    let (Some(name), Some(from), Some(to)) = (&edge.name, edge.from.kind, edge.to.kind) else {
        return false;
    };
    let right = declared::edge(edge.id, name.clone(), (from, to), edge.symmetric);
    Edge { doc: edge.doc.clone(), ..right } == *edge
}

fn are_properties(rows: &[Property]) -> bool {
    rows.iter().enumerate().all(|(at, row)| {
        let Some(ty) = ValueType::named(&row.ty).filter(|ty| ty.to_string() == row.ty) else {
            return false;
        };
        let declared = PropertyType { name: row.name.clone(), ty, required: row.required };
        let right = declared::property(&row.table, rows.get(..at).unwrap_or_default(), &declared);
        Property { doc: row.doc.clone(), ..right } == *row
    })
}

/// The tables at the ends of an edge.
fn ends<'c>(edge: &Edge, catalogue: &'c Catalogue) -> Option<[&'c str; 2]> {
    let table = |id: Option<i64>| {
        let kind = catalogue.kinds.iter().find(|kind| Some(kind.id) == id)?;
        Some(kind.table.as_str())
    };
    Some([table(edge.from.kind)?, table(edge.to.kind)?])
}

fn kind_objects(table: &str, properties: &[Property]) -> Vec<Object> {
    let head = "\"id\" INTEGER PRIMARY KEY, \"key\" TEXT NOT NULL";
    let mut objects = vec![table_object(table, head, properties)];
    objects.push(index_object(table, "key", true, "\"key\""));
    objects
}

fn edge_objects(table: &str, [from, to]: [&str; 2], properties: &[Property]) -> Vec<Object> {
    let head = format!(
        "\"id\" INTEGER PRIMARY KEY, \"key\" TEXT, \"source\" INTEGER NOT NULL REFERENCES {}, \
         \"target\" INTEGER NOT NULL REFERENCES {}",
        quoted(from),
        quoted(to)
    );
    // Most edges have no key of their own; they take no room in its index.
    let [what, key, owner, sql] = index_object(table, "key", true, "\"key\"");
    vec![
        table_object(table, &head, properties),
        [what, key, owner, format!("{sql} WHERE \"key\" IS NOT NULL")],
        index_object(table, "source", false, "\"source\", \"target\""),
        index_object(table, "target", false, "\"target\", \"source\""),
    ]
}

fn table_object(table: &str, head: &str, properties: &[Property]) -> Object {
    let columns: Vec<String> =
        std::iter::once(head.to_owned()).chain(properties.iter().flat_map(column_sql)).collect();
    let sql = format!("CREATE TABLE {} ({}) STRICT", quoted(table), columns.join(", "));
    ["table".to_owned(), table.to_owned(), table.to_owned(), sql]
}

fn index_object(table: &str, what: &str, unique: bool, columns: &str) -> Object {
    let name = format!("{table}_{what}");
    let unique = if unique { "UNIQUE " } else { "" };
    let sql = format!("CREATE {unique}INDEX {} ON {} ({columns})", quoted(&name), quoted(table));
    ["index".to_owned(), name, table.to_owned(), sql]
}

/// The columns of a property, as a table declares them.
pub(crate) fn column_sql(property: &Property) -> Vec<String> {
    let kept = match property.ty.as_str() {
        "int" | "bool" | "date" => "INTEGER",
        "float" => "REAL",
        "any" => "ANY",
        _ => "TEXT",
    };
    let needed = |place: usize| if property.required && place < 2 { " NOT NULL" } else { "" };
    let columns = declared::columns(property).into_iter().enumerate();
    let column = |(place, name): (usize, String)| {
        let kept = if place == 2 { "TEXT" } else { kept };
        format!("{} {kept}{}", quoted(&name), needed(place))
    };
    columns.map(column).collect()
}

/// Makes what is to be added: its rows in the catalogue, its tables.
/// Returns the indexes, which are left to make.
pub(crate) fn add(connection: &Connection, additions: &[Addition]) -> Result<Vec<String>> {
    let mut later = Vec::new();
    let known = catalogue::kinds(connection)?;
    let mut tables: BTreeMap<i64, String> =
        known.into_iter().map(|kind| (kind.id, kind.table)).collect();
    for addition in additions {
        let objects = match addition {
            Addition::Kind(kind, properties) => {
                catalogue::add_kind(connection, kind)?;
                properties.iter().try_for_each(|row| catalogue::add_property(connection, row))?;
                tables.insert(kind.id, kind.table.clone());
                kind_objects(&kind.table, properties)
            }
            Addition::Edge(edge, properties) => {
                catalogue::add_edge(connection, edge)?;
                properties.iter().try_for_each(|row| catalogue::add_property(connection, row))?;
                let end = |id: Option<i64>| {
                    id.and_then(|id| tables.get(&id)).map(String::as_str).unwrap_or_default()
                };
                let ends = [end(edge.from.kind), end(edge.to.kind)];
                edge_objects(&edge.table, ends, properties)
            }
            Addition::Property(row) => {
                catalogue::add_property(connection, row)?;
                for column in column_sql(row) {
                    let table = quoted(&row.table);
                    connection
                        .execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column}"))?;
                }
                catalogue::stand_for(connection, row)?;
                Vec::new()
            }
        };
        for [what, _, _, sql] in objects {
            if what == "index" {
                later.push(sql);
            } else {
                connection.execute_batch(&sql)?;
            }
        }
    }
    Ok(later)
}
