//! Answers scenarios of the openCypher TCK, one JSON line each, for a runner of that suite:
//!
//! `{"id": …, "graph": "file", "query": "…", "params": {…}}` gives `{"id": …, "columns": […], "rows": [[…]]}`, or
//! `{"id": …, "error": "…", "kind": "semantic"}`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "an adapter that cannot run ends")]
#![allow(unreachable_pub, dead_code, reason = "the folder is a module of several programs")]

#[path = "../tests/tck"]
mod tck {
    pub mod adapter;
    pub mod suite;
}

use std::io::{self, BufRead as _, Write as _};
use std::path::Path;

use serde_json::{Value as Json, json};
use tck::adapter::{Graphs, Refusal};
use tck::suite::Table;

fn main() {
    let mut graphs = Graphs::new();
    for line in io::stdin().lock().lines() {
        let asked: Json = serde_json::from_str(&line.unwrap()).unwrap();
        let answer = answer(&asked, &mut graphs);
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}").unwrap();
        out.flush().unwrap();
    }
}

fn answer(asked: &Json, graphs: &mut Graphs) -> Json {
    let text = |name: &str| asked[name].as_str().unwrap();
    let params = asked["params"].as_object().cloned().unwrap_or_default();
    let id = text("id");
    match graphs.ask(Path::new(text("graph")), text("query"), &params) {
        Ok(Table { columns, rows }) => json!({ "id": id, "columns": columns, "rows": rows }),
        Err(Refusal::Query(error)) => json!({ "id": id, "error": error, "kind": "semantic" }),
        Err(Refusal::Internal(error)) => json!({ "id": id, "error": error, "kind": "internal" }),
    }
}
