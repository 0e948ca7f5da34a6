//! From a scenario to its answer, the way the program goes: a graph is imported into a store of its own, a query is
//! read, compiled and run, and its rows are taken from what `--format json` writes.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dixit::base::date::Date;
use dixit::base::diagnostic::Diagnostics;
use dixit::base::source::Source;
use dixit::base::value::Column;
use dixit::format::{Look, named};
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Argument, Arguments, World};
use dixit::store::{self, Limits, Reader};
use dixit::{compile, import, script};
use serde_json::{Map, Value as Json, json};
use tempfile::TempDir;

use super::suite::Table;

/// How long one query may run.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer.
pub enum Refusal {
    /// The query is not one of this language, or is wrong.
    Query(String),
    /// The adapter or the store failed.
    Internal(String),
}

/// Stores, one a graph, each made when it is first asked.
pub struct Graphs {
    folder: TempDir,
    /// Those that were asked, and why one cannot be.
    open: BTreeMap<PathBuf, Result<Graph, String>>,
}

/// A graph in its store.
struct Graph {
    reader: Reader,
    catalog: Catalog,
}

impl Graphs {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), open: BTreeMap::new() }
    }

    /// Asks a graph.
    pub fn ask(
        &mut self,
        graph: &Path,
        query: &str,
        params: &Map<String, Json>,
    ) -> Result<Table, Refusal> {
        if !self.open.contains_key(graph) {
            let path = self.folder.path().join(format!("{}.dixit", self.open.len()));
            self.open.insert(graph.to_owned(), Graph::load(graph, &path));
        }
        match &self.open[graph] {
            Ok(graph) => graph.ask(query, params),
            Err(why) => Err(Refusal::Internal(why.clone())),
        }
    }
}

impl Graph {
    fn load(graph: &Path, path: &Path) -> Result<Self, String> {
        let internal = |error: store::error::Error| error.to_string();
        let written: Json = serde_json::from_str(&fs::read_to_string(graph).unwrap()).unwrap();
        let lines = path.with_extension("jsonl");
        fs::write(&lines, json_lines(&written)).unwrap();
        // As `dixit import FILE --infer --open --dates --bare` does it.
        let mut writer = store::create_bare(path).map_err(internal)?;
        let request = import::Request {
            paths: vec![lines],
            infer: true,
            open: true,
            dates: true,
            now: "2026-01-01T00:00:00Z".to_owned(),
            ..import::Request::default()
        };
        let report = import::import(&mut writer, &request, &mut |_| ());
        let report = report.map_err(|error| error.to_string())?;
        if let Some(refused) = report.refused.first() {
            return Err(format!("the graph is refused: {refused:?}"));
        }
        drop(writer);
        let limits = Limits { timeout: Some(PATIENCE), ..Limits::default() };
        let reader = store::open(path, &limits).map_err(internal)?;
        let catalog = Catalog::new(reader.catalogue().map_err(internal)?);
        Ok(Self { reader, catalog: catalog? })
    }

    fn ask(&self, query: &str, params: &Map<String, Json>) -> Result<Table, Refusal> {
        let source = Source::inline(query);
        let saved = script::read(&source).map_err(|mistakes| refused(&mistakes))?;
        let [query] = saved.queries.as_slice() else {
            return Err(Refusal::Query("not one query".to_owned()));
        };
        let mut arguments = Arguments::default();
        for (name, value) in params {
            // As behind `--param name=`.
            arguments.set(name, Argument::Raw(plain(value).to_string()));
        }
        let today = Date::parse("2025-12-01").unwrap();
        let world = World { catalog: &self.catalog, arguments: &arguments, today: &today };
        let compiled = compile(query, world).map_err(|mistakes| refused(&mistakes))?;
        let names: Vec<String> =
            compiled.statement.columns.iter().map(|column| column.name.clone()).collect();
        let columns: Vec<Column> = names.iter().map(|name| Column::any(name)).collect();
        let mut out = Vec::new();
        let mut sink = named("jsonl").unwrap().start(&mut out, Look::PLAIN);
        sink.begin(&columns).unwrap();
        self.reader.start();
        let run = self.reader.run(&compiled.statement, &mut |row| {
            sink.row(&row).unwrap();
            ControlFlow::Continue(())
        });
        sink.end().unwrap();
        drop(sink);
        run.map_err(|error| match error {
            store::error::Error::Question(..) | store::error::Error::TooLarge(..) => {
                Refusal::Query(error.to_string())
            }
            other => Refusal::Internal(other.to_string()),
        })?;
        let rows = String::from_utf8(out).unwrap();
        let rows = rows.lines().map(|line| row(&serde_json::from_str(line).unwrap())).collect();
        Ok(Table { columns: names, rows })
    }
}

/// Nodes and edges as programs exchange them, one a line.
fn json_lines(graph: &Json) -> String {
    let list = |name: &str| graph[name].as_array().unwrap().iter();
    let node = |node: &Json| {
        json!({
            "type": "node", "id": node["id"].to_string(), "labels": node["labels"],
            "properties": plain(&node["props"]),
        })
    };
    let edge = |edge: &Json| {
        json!({
            "type": "relationship", "id": edge["id"].to_string(), "label": edge["type"],
            "start": { "id": edge["src"].to_string() }, "end": { "id": edge["dst"].to_string() },
            "properties": plain(&edge["props"]),
        })
    };
    let lines = list("nodes").map(node).chain(list("edges").map(edge));
    lines.map(|line| line.to_string() + "\n").collect()
}

fn refused(mistakes: &Diagnostics) -> Refusal {
    let told = |mistake: &dixit::base::diagnostic::Diagnostic| {
        format!("{}: {}", mistake.code, mistake.message)
    };
    Refusal::Query(mistakes.iter().map(told).collect::<Vec<_>>().join("; "))
}

/// The cells of a row, tagged.
fn row(written: &Json) -> Vec<Json> {
    written.as_object().unwrap().values().map(tagged).collect()
}

/// A tagged value as plain JSON.
fn plain(value: &Json) -> Json {
    match value {
        Json::Array(members) => members.iter().map(plain).collect(),
        Json::Object(object) => {
            if let Some(time) = object.get("$temporal") {
                return time.clone();
            }
            let map = object.get("$map").and_then(Json::as_object).unwrap_or(object);
            map.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}

/// What `--format json` writes, as a tagged value.
fn tagged(value: &Json) -> Json {
    let object = match value {
        Json::Array(members) => return members.iter().map(tagged).collect(),
        Json::Object(object) => object,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return value.clone(),
    };
    let names: Vec<&str> = object.keys().map(String::as_str).collect();
    match names.as_slice() {
        ["kind", "key", "properties"] => node(object),
        ["edge", "from", "to", "properties"] => edge(object),
        ["nodes", "edges"] => path(object),
        _ => json!({ "$map": members(object) }),
    }
}

fn members(object: &Map<String, Json>) -> Map<String, Json> {
    object.iter().map(|(name, value)| (name.clone(), tagged(value))).collect()
}

fn node(object: &Map<String, Json>) -> Json {
    // A node without a label is of the kind `Node`, one with several is of a kind named after all of them.
    let kind = object["kind"].as_str().unwrap();
    let labels: Vec<&str> = kind.split('&').filter(|label| *label != "Node").collect();
    json!({ "$node": {
        "labels": labels,
        "props": members(object["properties"].as_object().unwrap()),
    } })
}

fn edge(object: &Map<String, Json>) -> Json {
    json!({ "$rel": {
        "type": object["edge"],
        "props": members(object["properties"].as_object().unwrap()),
    } })
}

fn path(object: &Map<String, Json>) -> Json {
    let (nodes, edges) = (object["nodes"].as_array().unwrap(), object["edges"].as_array().unwrap());
    let mut parts = Vec::new();
    for (at, one) in nodes.iter().enumerate() {
        if let Some(edge) = at.checked_sub(1).and_then(|before| edges.get(before)) {
            let way = if edge["to"] == one["key"] { "out" } else { "in" };
            parts.push(json!([tagged(edge), way]));
        }
        parts.push(tagged(one));
    }
    json!({ "$path": parts })
}
