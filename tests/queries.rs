//! Every saved query that ships with the tool answers its question about the Geneva talks: as the examples in its file
//! say, and for the questions that were there first, as `tests/queries/geneva.json` does.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use std::path::Path;
use std::process::{Command, Stdio};

use dixit::base::source::Source;
use dixit::script::{self, Saved, TOPICS, parameter::Choices};
use serde_json::Value;

const ANSWERS: &str = include_str!("queries/geneva.json");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/queries");

fn answers() -> Vec<Value> {
    serde_json::from_str(ANSWERS).unwrap()
}

/// Every saved query with its name.
fn shipped() -> Vec<(String, Saved)> {
    let files = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = Source::inline(std::fs::read_to_string(&path).unwrap());
        (name, script::read(&source).unwrap())
    };
    files.map(read).collect()
}

#[test]
fn every_saved_query_is_a_document() {
    for (name, saved) in shipped() {
        assert!(saved.question.ends_with('?'), "{name}: {}", saved.question);
        assert!(TOPICS.contains(&saved.topic.as_deref().unwrap_or_default()), "{name}");
        assert!(!saved.examples.is_empty(), "{name} has no example");
        for parameter in saved.parameters {
            assert!(parameter.help.is_some(), "{name}: ${}", parameter.name);
        }
    }
    assert!(shipped().len() >= 40);
}

#[test]
fn every_example_comes_as_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let report = run(folder.path(), &["test", FOLDER, "--format", "json"]);
    let report: Value = report.parse().unwrap();
    let rows = report.as_array().unwrap();
    let wrong: Vec<&Value> = rows.iter().filter(|row| row["result"] != "same").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rows.len() > shipped().len());
}

#[test]
fn every_file_is_in_its_usual_form() {
    let folder = tempfile::tempdir().unwrap();
    let files = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<String> = files.map(|path| path.to_str().unwrap().to_owned()).collect();
    let line: Vec<&str> =
        ["fmt", "--check"].into_iter().chain(files.iter().map(String::as_str)).collect();
    assert_eq!(run(folder.path(), &line), "");
}

#[test]
fn every_pick_list_lists_something() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["demo"]);
    for (name, saved) in shipped() {
        for parameter in &saved.parameters {
            let Some(Choices::Query(_)) = parameter.choices else { continue };
            let line = ["run", &name, "--values", &parameter.name, "--format", "csv"];
            let listed = run(folder.path(), &line);
            assert!(listed.lines().count() > 1, "{name}: ${} lists nothing", parameter.name);
        }
    }
}

#[test]
fn every_question_that_was_there_first_gives_exactly_its_rows() {
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
