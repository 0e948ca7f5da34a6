//! Kinds and edges that no catalogue knows beforehand: people and places, which come in as JSON lines and declare
//! themselves, with properties of every type and edges that run side by side.

use super::graph::{self, Graph};
use super::random::Random;
use super::value::Value;
use super::worlds::{Row, World};
use dixit::base::{date::Date, fold::fold};
use serde_json::{Value as Json, json};

/// A property of people: its name and how its cell is read.
const PERSON: &[(&str, Cell)] = &[
    ("name", Cell::Text),
    ("age", Cell::Json),
    ("score", Cell::Json),
    ("alive", Cell::Json),
    ("born", Cell::Date),
    ("tags", Cell::Json),
    ("levels", Cell::Json),
    ("extra", Cell::Json),
];
const PLACE: &[(&str, Cell)] = &[("title", Cell::Text), ("size", Cell::Json)];
const KNOWS: &[(&str, Cell)] = &[("since", Cell::Date), ("trust", Cell::Json), ("how", Cell::Text)];

#[derive(Clone, Copy)]
enum Cell {
    Text,
    Date,
    Json,
}

const EXTRAS: &[&str] = &[
    "1",
    "2",
    "'1'",
    "'x'",
    "true",
    "false",
    "1.5",
    "[1,'x']",
    "[]",
    "{'a':1}",
    "{'a':'x','b':[2]}",
];

/// Adds people, places and their edges to a world.
pub(super) fn add(world: &mut World, random: &mut Random) {
    let (people, places) = (random.between(2, 5), random.between(1, 3));
    for at in 0..people {
        // The first two show of each property what it may hold.
        let cell = |random: &mut Random, from: &[&'static str], none: usize| {
            if at > 1 && random.chance(none) { String::new() } else { random.word(from).to_owned() }
        };
        let extra = match at {
            0 => "'1'".to_owned(),
            1 => "2".to_owned(),
            _ => cell(random, EXTRAS, 20),
        };
        let row = vec![
            format!("p{at}"),
            cell(random, &["Ann", "Bo", "Zoë", "ann"], 15),
            cell(random, &["30", "41", "30", "7", "-2"], 25),
            cell(random, &["1.5", "2.0", "-0.25", "2.5"], 30),
            cell(random, &["true", "false"], 30),
            cell(random, &["2025-11-22", "2024-02-29", "2025-11-23"], 25),
            cell(random, &["['a','b']", "['b']", "['a','a']"], 30),
            cell(random, &["[1,2]", "[3]", "[2,1,2]"], 30),
            extra,
        ];
        world.add("people", row);
    }
    for at in 0..places {
        let row = vec![
            format!("q{at}"),
            random.word(&["Bern", "Oslo", "bern"]).to_owned(),
            random.word(&["10", "20", "10"]).to_owned(),
        ];
        world.add("places", row);
    }
    for at in 0..random.between(2, 7) {
        let trust = if at == 0 { "1" } else { random.word(&["", "1", "2", "3"]) };
        let since =
            if at == 0 { "2025-11-22" } else { random.word(&["", "2025-11-22", "2024-01-01"]) };
        let how = if at == 0 { "work" } else { random.word(&["", "work", "school"]) };
        let row = vec![
            format!("k{at}"),
            format!("p{}", random.below(people)),
            format!("p{}", random.below(people)),
            since.to_owned(),
            trust.to_owned(),
            how.to_owned(),
        ];
        world.add("knows", row);
    }
    for at in 0..random.between(1, 4) {
        let row = vec![
            format!("l{at}"),
            format!("p{}", random.below(people)),
            format!("q{}", random.below(places)),
        ];
        world.add("lives_in", row);
    }
}

fn json_of(cell: &str) -> Json {
    serde_json::from_str(&cell.replace('\'', "\"")).expect("the cells of worlds are JSON")
}

fn properties(row: Row<'_>, columns: &[(&str, Cell)]) -> Json {
    let held = columns.iter().map(|(name, cell)| (name, cell, row.get(name)));
    let held = held.filter(|(.., written)| !written.is_empty());
    held.map(|(name, cell, written)| {
        let value = match cell {
            Cell::Text | Cell::Date => json!(written),
            Cell::Json => json_of(written),
        };
        ((*name).to_owned(), value)
    })
    .collect::<serde_json::Map<_, _>>()
    .into()
}

/// The file, a line for each node and edge; nothing where there are none.
pub(super) fn lines(world: &World) -> Option<String> {
    let mut out = Vec::new();
    for (stem, label, columns) in [("people", "Person", PERSON), ("places", "Place", PLACE)] {
        for row in world.rows(stem) {
            let properties = properties(row, columns);
            out.push(json!({"type": "node", "id": row.get("key"), "labels": [label], "properties": properties}));
        }
    }
    for (stem, label, columns) in [("knows", "knows", KNOWS), ("lives_in", "lives_in", &[])] {
        for row in world.rows(stem) {
            let (from, to) = (row.get("from"), row.get("to"));
            let properties = properties(row, columns);
            out.push(json!({"type": "relationship", "id": row.get("key"), "label": label,
                "start": from, "end": to, "properties": properties}));
        }
    }
    let lines: Vec<String> = out.iter().map(Json::to_string).collect();
    (!lines.is_empty()).then(|| lines.join("\n") + "\n")
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int)
        }
        Json::String(text) => Value::text(text),
        Json::Array(members) => Value::List(members.iter().map(value).collect()),
        Json::Object(members) => {
            Value::Map(members.iter().map(|(name, member)| (name.clone(), value(member))).collect())
        }
    }
}

fn held(row: Row<'_>, (name, cell): &(&'static str, Cell)) -> Value {
    let written = row.get(name);
    match cell {
        _ if written.is_empty() => Value::Null,
        Cell::Text => Value::text(written),
        Cell::Date => Value::Date(Date::parse(written).unwrap()),
        Cell::Json => value(&json_of(written)),
    }
}

/// Adds what a world declares to its graph.
pub(super) fn extend(world: &World, graph: &mut Graph) {
    for (stem, kind, columns) in [("people", "Person", PERSON), ("places", "Place", PLACE)] {
        for row in world.rows(stem) {
            let key = row.get("key").to_owned();
            let name = row.get(columns[0].0);
            let names = [key.as_str(), name].into_iter().filter(|name| !name.is_empty());
            let names = names.map(fold).collect();
            let properties = columns.iter().map(|column| (column.0, held(row, column))).collect();
            graph.nodes.push(graph::Node {
                kind,
                key,
                properties,
                names,
                edge: None,
                as_edge: false,
            });
        }
    }
    for (stem, columns) in [("knows", KNOWS), ("lives_in", &[])] {
        for row in world.rows(stem) {
            let find =
                |key: &str| graph.find("Person", key).or_else(|| graph.find("Place", key)).unwrap();
            let (from, to) = (find(row.get("from")), find(row.get("to")));
            graph.edges.push(graph::Edge {
                family: stem,
                name: stem.to_owned(),
                labels: vec![stem.to_owned()],
                from,
                to,
                properties: columns.iter().map(|column| (column.0, held(row, column))).collect(),
                node: None,
                symmetric: false,
            });
        }
    }
}
