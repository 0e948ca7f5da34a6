//! The LIAR benchmark comes in through its mapping, row by row. The data is not part of this project; where it does not
//! lie next to it, this test only says so.

#![expect(clippy::print_stderr, reason = "a test that is left out says so")]
#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use dixit::{
    import::{Request, import},
    store::{self, Limits, check::check},
};
use serde_json::{Map, Value};
use std::{fs, path::Path, process::Command};

#[test]
fn every_row_of_liar_is_taken() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = here.join("../shared/data/liar");
    if !data.is_dir() {
        eprintln!("note: the LIAR data is not at hand, so its import is not tested");
        return;
    }
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("liar.dixit");
    let mut writer = store::create(&path).unwrap();
    let request = Request {
        paths: ["train.tsv", "valid.tsv", "test.tsv"].map(|name| data.join(name)).to_vec(),
        map: Some(here.join("examples/liar.toml")),
        create_missing: true,
        now: "2026-01-01T00:00:00Z".to_owned(),
        ..Request::default()
    };
    let report = import(&mut writer, &request, &mut |_| ()).unwrap();
    assert_eq!(report.refused, []);
    let reader = store::open(&path, &Limits::default()).unwrap();
    let counts = reader.counts().unwrap();
    for (kind, count) in
        [("Statement", 12836), ("Attestation", 12836), ("Assessment", 12836), ("Claim", 12810)]
    {
        assert!(counts.contains(&(kind.to_owned(), count)), "{kind}: {counts:?}");
    }
    assert_eq!(check(&reader).unwrap(), []);
    let again = import(&mut writer, &request, &mut |_| ()).unwrap();
    assert_eq!((again.added, again.changed, again.refused), (vec![], vec![], vec![]));
    five_questions_have_their_answers(here, &path);
}

/// The questions of `questions.jsonl`, asked by `examples/liar.dixit` through the program itself.
fn five_questions_have_their_answers(here: &Path, store: &Path) {
    let asked = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(["query", "--format", "json", "-f", "examples/liar.dixit", "--db"])
        .arg(store)
        .current_dir(here)
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let text = String::from_utf8(asked.stdout).unwrap();
    let answers: Vec<Vec<Map<String, Value>>> =
        serde_json::Deserializer::from_str(&text).into_iter().collect::<Result<_, _>>().unwrap();
    let questions = fs::read_to_string(here.join("../shared/data/liar/questions.jsonl")).unwrap();
    assert_eq!(answers.len(), questions.lines().count());
    for (line, answer) in questions.lines().zip(answers) {
        let question: Value = serde_json::from_str(line).unwrap();
        let mut expected: Vec<Value> = question["rows"].as_array().unwrap().clone();
        let mut rows: Vec<Value> = answer
            .into_iter()
            .map(|row| row.into_iter().map(|(_, value)| value).collect())
            .collect();
        // The last question is ordered by lines of a file, which a store does not know.
        if question["id"] == "q05" {
            for list in [&mut expected, &mut rows] {
                list.sort_by_key(Value::to_string);
            }
        }
        assert_eq!(rows, expected, "{}", question["question"]);
    }
}
