//! Every saved query that ships with the tool answers its question about the Geneva talks: `tests/queries/geneva.json`.

use serde_json::Value;

const ANSWERS: &str = include_str!("queries/geneva.json");

#[test]
fn every_question_has_its_saved_query() {
    let answers: Vec<Value> = serde_json::from_str(ANSWERS).unwrap();
    let mut asked: Vec<String> = answers
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
