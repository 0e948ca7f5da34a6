//! Every saved query that ships with the tool answers its question about the Geneva talks: `tests/queries/geneva.json`.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const ANSWERS: &str = include_str!("queries/geneva.json");

fn answers() -> Vec<Value> {
    serde_json::from_str(ANSWERS).unwrap()
}

#[test]
fn every_question_has_its_saved_query() {
    let mut asked: Vec<String> = answers()
        .iter()
        .map(|answer| format!("{}.dixit", answer["query"].as_str().unwrap()))
        .collect();
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/queries")).unwrap();
    let mut saved: Vec<String> =
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    asked.sort();
    saved.sort();
    assert_eq!(asked, saved);
}

#[test]
fn every_saved_query_gives_exactly_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["demo"]);
    let mut wrong = Vec::new();
    for answer in answers() {
        let name = answer["query"].as_str().unwrap();
        let text = run(folder.path(), &["run", name, "--format", "json"]);
        let (got, expected) = (bag(&text.parse().unwrap()), bag(&answer["rows"]));
        if got != expected {
            wrong.push(format!(
                "{name}\n  gives  {}\n  not    {}",
                got.join(" "),
                expected.join(" ")
            ));
        }
    }
    assert!(wrong.is_empty(), "these answer something else now:\n{}", wrong.join("\n"));
}

fn run(folder: &Path, line: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(line)
        .current_dir(folder)
        .env_remove("DIXIT_DB")
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{line:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The rows as texts in alphabetical order, so that only what is in them counts and how often.
fn bag(rows: &Value) -> Vec<String> {
    let row = |row: &Value| -> String {
        let cells: Vec<Value> = match row {
            Value::Object(cells) => cells.values().map(plain).collect(),
            cells => cells.as_array().unwrap().iter().map(plain).collect(),
        };
        Value::from(cells).to_string()
    };
    let mut rows: Vec<String> = rows.as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

/// The answers write 1 and 0 for true and false.
fn plain(cell: &Value) -> Value {
    cell.as_bool().map_or_else(|| cell.clone(), |truth| Value::from(i64::from(truth)))
}
