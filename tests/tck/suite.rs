//! The scenarios of the openCypher TCK as JSON lines: where they are, what each asks and expects, and whether an answer
//! is the one expected.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

/// One scenario.
pub struct Scenario {
    pub id: String,
    /// The group it is scored in.
    pub tier: String,
    /// The file of its graph.
    pub graph: PathBuf,
    pub query: String,
    /// Values of parameters, tagged.
    pub params: Map<String, Json>,
    pub expect: Expect,
    /// Whether no node has more than one label.
    pub one_label: bool,
}

/// What must come of it.
pub enum Expect {
    /// Any message.
    Error,
    /// No rows.
    Empty,
    /// These rows.
    Rows { columns: Vec<String>, rows: Vec<Vec<Json>>, ordered: bool, lists_are_bags: bool },
}

/// An answer: columns, and rows of tagged values.
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Json>>,
}

/// The folder of the suite: `$DIXIT_TCK`, else where it lies beside the project.
pub fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/tck");
    let folder = std::env::var_os("DIXIT_TCK").map_or_else(beside, PathBuf::from);
    folder.join("runnable.jsonl").is_file().then_some(folder)
}

/// All scenarios, in the order of the file.
pub fn scenarios(folder: &Path) -> Vec<Scenario> {
    let text = fs::read_to_string(folder.join("runnable.jsonl")).unwrap();
    text.lines().map(|line| scenario(folder, &serde_json::from_str(line).unwrap())).collect()
}

fn scenario(folder: &Path, line: &Json) -> Scenario {
    let text = |name: &str| line[name].as_str().unwrap().to_owned();
    Scenario {
        id: text("id"),
        tier: text("tier"),
        graph: folder.join(text("graph")),
        query: text("query"),
        params: line["param_values"].as_object().cloned().unwrap_or_default(),
        expect: expect(&line["expect"]),
        one_label: line["max_labels"].as_u64().unwrap() <= 1,
    }
}

fn expect(written: &Json) -> Expect {
    let yes = |name: &str| written[name].as_bool().unwrap_or_default();
    match written["kind"].as_str().unwrap() {
        "error" => Expect::Error,
        "empty" => Expect::Empty,
        "rows" => Expect::Rows {
            columns: serde_json::from_value(written["columns"].clone()).unwrap(),
            rows: serde_json::from_value(written["values"].clone()).unwrap(),
            ordered: yes("ordered"),
            lists_are_bags: yes("ignore_list_order"),
        },
        other => panic!("what is expected is of an unknown kind: {other}"),
    }
}

/// Whether these are the rows expected; otherwise how they differ.
pub fn compare(found: &Table, expect: &Expect) -> Result<(), String> {
    let (columns, wanted, ordered, lists_are_bags) = match expect {
        Expect::Error => return Err("a message was expected".to_owned()),
        Expect::Empty if found.rows.is_empty() => return Ok(()),
        Expect::Empty => return Err(format!("{} rows, none were expected", found.rows.len())),
        Expect::Rows { columns, rows, ordered, lists_are_bags } => {
            (columns, rows, *ordered, *lists_are_bags)
        }
    };
    if found.rows.is_empty() && wanted.is_empty() {
        return Ok(());
    }
    // Which column comes first is not said where `return *` is asked; a heading of ours has one blank for several.
    let squeezed = |name: &String| name.split_whitespace().collect::<Vec<_>>().join(" ");
    let place = |column: &String| {
        found.columns.iter().position(|other| squeezed(other) == squeezed(column))
    };
    let places: Option<Vec<usize>> = columns.iter().map(place).collect();
    let Some(places) = places.filter(|places| places.len() == found.columns.len()) else {
        return Err(format!("columns {:?}, not {columns:?}", found.columns));
    };
    let found: Vec<Vec<Json>> = found
        .rows
        .iter()
        .map(|row| places.iter().map(|&place| row[place].clone()).collect())
        .collect();
    let all = |rows: &[Vec<Json>]| {
        let cells = |row: &Vec<Json>| {
            row.iter().map(|cell| canonical(cell, lists_are_bags)).collect::<Vec<_>>().join(" | ")
        };
        let mut all: Vec<String> = rows.iter().map(cells).collect();
        if !ordered {
            all.sort();
        }
        all
    };
    let (found, wanted) = (all(&found), all(wanted));
    if found == wanted { Ok(()) } else { Err(format!("got {found:?}\n        want {wanted:?}")) }
}

/// A tagged value as a text that is the same for equal values.
fn canonical(value: &Json, lists_are_bags: bool) -> String {
    let of = |value: &Json| canonical(value, lists_are_bags);
    match value {
        Json::Null | Json::Bool(_) | Json::String(_) => value.to_string(),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => whole.to_string(),
            None => float(number.as_f64().unwrap()),
        },
        Json::Array(members) => {
            let mut members: Vec<String> = members.iter().map(of).collect();
            if lists_are_bags {
                members.sort();
            }
            format!("[{}]", members.join(", "))
        }
        Json::Object(object) => tagged(object, &of),
    }
}

fn float(number: f64) -> String {
    format!("{:.11e}", if number == 0.0 { 0.0 } else { number })
}

fn tagged(object: &Map<String, Json>, of: &dyn Fn(&Json) -> String) -> String {
    let map = |map: &Json| {
        let sorted: BTreeMap<&String, String> =
            map.as_object().unwrap().iter().map(|(name, value)| (name, of(value))).collect();
        sorted.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
    };
    let member = |name: &str| object.get(name);
    if let Some(float) = member("$float") {
        return float.as_str().unwrap().to_owned();
    }
    if let Some(time) = member("$temporal") {
        return time.to_string();
    }
    if let Some(node) = member("$node") {
        let mut labels: Vec<&str> =
            node["labels"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        labels.sort_unstable();
        return format!("(:{} {{{}}})", labels.join(":"), map(&node["props"]));
    }
    if let Some(edge) = member("$rel") {
        return format!("[:{} {{{}}}]", edge["type"].as_str().unwrap(), map(&edge["props"]));
    }
    if let Some(path) = member("$path") {
        let part = |part: &Json| match part.as_array().map(Vec::as_slice) {
            Some([edge, way]) => format!("{} {}", of(edge), way.as_str().unwrap()),
            _ => of(part),
        };
        let parts: Vec<String> = path.as_array().unwrap().iter().map(part).collect();
        return format!("<{}>", parts.join(" "));
    }
    let plain = Json::Object(object.clone());
    format!("{{{}}}", map(member("$map").unwrap_or(&plain)))
}
