//! Attribution corpora come in by a mapping: lines of JSON whose columns are paths. The real one is read where it is at hand.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail, and says what it left out"
)]

use dixit::import::{self, Report, Request, import};
use dixit::store::{self, Limits, Writer, check::check};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct World {
    folder: TempDir,
    writer: Writer,
}

impl World {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let writer = store::create(&folder.path().join("test.dixit")).unwrap();
        Self { folder, writer }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn import(&mut self, path: &Path, map: &Path) -> Result<Report, import::Error> {
        let request = Request {
            paths: vec![path.into()],
            map: Some(map.into()),
            create_missing: true,
            now: "2026-01-01T00:00:00Z".into(),
            ..Request::default()
        };
        import(&mut self.writer, &request, &mut |_| ())
    }

    fn told(&mut self, lines: &str, map: &str) -> Vec<String> {
        let (path, map) = (self.file("a.jsonl", lines), self.file("map.toml", map));
        match self.import(&path, &map) {
            Ok(report) => report
                .refused
                .iter()
                .map(|refusal| format!("{}: {}", refusal.line, refusal.reason))
                .collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let connection = rusqlite::Connection::open(self.writer.path()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
        statement.query_map([], row).unwrap().map(Result::unwrap).collect()
    }
}

const STATEMENTS: &str = "SELECT s.key, o.key, c.text, t.quote, t.locator, s.date_text, i.term, a.name FROM statement s
  JOIN attestation t ON t.statement = s.id JOIN source o ON o.id = t.source JOIN claim c ON c.id = s.claim
  JOIN actor a ON a.id = s.speaker JOIN term i ON i.id = a.identity ORDER BY s.key";

/// What the corpus says, read without any of the program: by key, the article, the content, its place, the date, the source.
fn expected(lines: &str) -> BTreeMap<String, [String; 5]> {
    let text = |line: &Value, what: &str| {
        let parts = line[what].as_array().cloned().unwrap_or_default();
        let parts: Vec<&str> = parts.iter().map(|part| part["text"].as_str().unwrap()).collect();
        parts.join(" … ").trim().to_owned()
    };
    let mut all = BTreeMap::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let content = text(&line, "content");
        if content.is_empty() {
            continue;
        }
        let own = |name: &str| line[name].as_str().unwrap().to_owned();
        let parts = line["content"].as_array().unwrap().iter();
        let spans = parts.flat_map(|part| part["offsets"].as_array().unwrap());
        let spans: Vec<String> = spans.map(|span| format!("{}-{}", span[0], span[1])).collect();
        let key = format!("{}/{}/{}", own("article"), own("annotator"), own("id"));
        let place = format!("characters {}", spans.join("; "));
        let source = text(&line, "source");
        all.insert(key, [own("article"), content, place, own("date"), source]);
    }
    all
}

fn mapping() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/polnear.toml")
}

/// Compares a store with what its corpus says.
fn same(world: &World, lines: &str) {
    let expected = expected(lines);
    let rows = world.rows(STATEMENTS);
    assert_eq!(rows.len(), expected.len());
    for row in rows {
        let [key, article, claim, quote, place, date, identity, speaker] = row.as_slice() else {
            panic!("{row:?}")
        };
        let source = if identity == "unidentified" { "" } else { speaker };
        let found = [
            article,
            claim,
            place,
            &date.replace("[..", "").replace(']', ""),
            &source.to_lowercase(),
        ];
        let wanted = &expected[key];
        let wanted = [&wanted[0], &wanted[1], &wanted[2], &wanted[3], &wanted[4].to_lowercase()];
        assert_eq!(found.map(String::as_str), wanted.map(String::as_str), "{key}");
        assert_eq!(claim, quote);
    }
    let articles: BTreeSet<&String> = expected.values().map(|said| &said[0]).collect();
    assert_eq!(world.rows("SELECT key FROM source").len(), articles.len());
}

const LINES: &str = r#"{"article":"a1","annotator":"x","id":"E1","publisher":"post","date":"2016-04-23","title":"One","source":[{"offsets":[[1,4]],"text":"he"}],"cue":[{"text":"denied"}],"content":[{"offsets":[[10,20],[30,40]],"text":"that it rains"},{"offsets":[[50,60]],"text":"much"}]}
{"article":"a1","annotator":"x","id":"E2","publisher":"post","date":"2016-04-23","title":"One","source":[],"cue":[],"content":[{"offsets":[[70,80]],"text":"“it pours”"}]}
{"article":"a2","annotator":"x","id":"E1","publisher":"post","date":"2016-04-24","title":"Two","source":[{"offsets":[[1,4]],"text":"he"}],"cue":[{"text":"told"}],"content":[{"offsets":[[10,20]],"text":"it"}]}
{"article":"a2","annotator":"x","id":"E3","publisher":"post","date":"2016-04-24","title":"Two","source":[{"offsets":[[1,4]],"text":"Ada Quill"}],"cue":[{"text":"declined to say"}],"content":[{"offsets":[[10,20]],"text":"it"}]}
{"article":"a2","annotator":"x","id":"E4","publisher":"post","date":"2016-04-24","title":"Two","source":[],"cue":[],"content":[]}
"#;

#[test]
fn attributions_become_statements() {
    let mut world = World::new();
    let path = world.file("a.jsonl", LINES);
    let report = world.import(&path, &mapping()).unwrap();
    assert_eq!((report.refused, report.skipped), (vec![], 1));
    same(&world, LINES);
    let acts = "SELECT t.term, m.term FROM statement s JOIN term t ON t.id = s.act
      JOIN attestation x ON x.statement = s.id JOIN term m ON m.id = x.mode ORDER BY s.key";
    assert_eq!(
        world.rows(acts).concat(),
        ["denies", "indirect", "asserts", "direct", "asserts", "indirect", "declines", "indirect"]
    );
    let speakers = "SELECT i.term, count(*) || '' FROM actor a JOIN term i ON i.id = a.identity GROUP BY 1 ORDER BY 1";
    assert_eq!(
        world.rows(speakers).concat(),
        ["described", "2", "named", "1", "unidentified", "1"]
    );
    let again = world.import(&path, &mapping()).unwrap();
    assert_eq!((again.added, again.changed, again.skipped), (vec![], vec![], 1));
    let reader = store::open(world.writer.path(), &Limits::default()).unwrap();
    assert_eq!(check(&reader).unwrap(), []);
}

#[test]
fn the_corpus_comes_in_as_it_is() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/polnear/attributions.jsonl");
    let Ok(lines) = fs::read_to_string(&path) else {
        eprintln!("left out: {} is not there", path.display());
        return;
    };
    let mut world = World::new();
    let report = world.import(&path, &mapping()).unwrap();
    assert_eq!((report.refused.len(), report.skipped), (0, 36));
    same(&world, &lines);
    let again = world.import(&path, &mapping()).unwrap();
    assert_eq!((again.added, again.changed), (vec![], vec![]));
}

const MAP: &str = "[columns]\nspeaker = \"who.name\"\nact = { value = \"asserts\" }\nclaim = \"what\"\nsource = { value = \"Post\" }\n";

#[test]
fn lines_with_mistakes_are_refused_with_their_number() {
    let mut world = World::new();
    let good = "{\"who\":{\"name\":\"Ada\"},\"what\":\"It rains.\"}\n";
    let bad = format!(
        "{good}\n{{\"who\":\"Ada\",\"what\":\"x\"}}\n[1]\n{{\"who\":\n{{\"who\":{{\"name\":{{}}}},\"what\":\"x\"}}\n{{\"who\":{{\"name\":\"A\\u0000\"}},\"what\":\"x\"}}\n"
    );
    assert_eq!(
        world.told(&bad, MAP),
        [
            "3: `who.name`: `name` is asked of a text",
            "4: a line is a JSON object",
            "5: this cannot be read as JSON: byte 7: EOF while parsing a value",
            "6: `who.name`: this is an object; name one of its members",
            "7: `who.name` holds a NUL character",
        ]
    );
    assert_eq!(
        world.told(good, &MAP.replace("who.name", "who.nam")),
        ["1: the speaker is missing", "1: no line has `who.nam`: there is no member `nam`"]
    );
    assert_eq!(
        world.told(good, &MAP.replace("who.name", "who[")),
        ["1: 'who[' is no path into a line: a bracket is not closed"]
    );
    let numbered = world.told(good, &MAP.replace("\"who.name\"", "1"));
    assert!(
        numbered[0].ends_with("a column is a path such as source.text; the mapping has 1"),
        "{numbered:?}"
    );
    let deep = format!("{{\"who\":{}{}}}\n", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(
        world.told(&deep, MAP)[0],
        "1: this cannot be read as JSON: column 134: lists and objects are nested too deep"
    );
    let long = format!("{{\"who\":{{\"name\":\"{}\"}},\"what\":\"x\"}}\n", "x".repeat(9 << 20));
    assert_eq!(world.told(&long, MAP), ["1: the line is longer than 8 MiB"]);
    assert_eq!(world.rows("SELECT key FROM statement").len(), 0);
    assert_eq!(world.told(good, MAP), [""; 0]);
}

#[test]
fn rows_beside_the_statements_go_into_their_files() {
    let mut world = World::new();
    let map = "[columns]\nspeaker = \"Who\"\nact = { value = \"asserts\" }\nclaim = \"What\"\nsource = { template = \"{Paper} of {Day}\", match = \"key\" }\n
[[rows.sources]]\nkey = { template = \"{Paper} of {Day}\" }\ntitle = \"Paper\"\npublished = \"Day\"\npublisher = { template = \"p-{Paper}\" }\n
[[rows.actors]]\nkey = { template = \"p-{Paper}\" }\nname = \"Paper\"\nkind = { value = \"media\" }\n";
    let sheet = "Who,What,Paper,Day\nAda,It rains.,Post,2025-01-02\nBen,It rains.,Post,2025-01-02\nCy,It rains.,Post,2025-01-03\n";
    assert_eq!(world.told(sheet, map), [""; 0]);
    let sources = "SELECT s.key, s.title, s.published_first || '', a.name FROM source s JOIN actor a ON a.id = s.publisher ORDER BY s.key";
    assert_eq!(
        world.rows(sources),
        [
            ["Post of 2025-01-02", "Post", "20250102", "Post"],
            ["Post of 2025-01-03", "Post", "20250103", "Post"]
        ]
    );
    // What two rows tell differently of one source is refused.
    let clash = map.replace("title = \"Paper\"", "title = \"Who\"");
    let mut world = World::new();
    assert_eq!(
        world.told(sheet, &clash),
        ["3: this source stands further up in the same file, with other content"]
    );
    let wrong = sheet.replace("2025-01-03", "soon");
    assert_eq!(
        world.told(&wrong, map).first().unwrap(),
        "4: 'soon' is not a date: year must have exactly four digits (or X)"
    );
}
