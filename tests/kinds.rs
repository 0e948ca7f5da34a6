//! Declared kinds: what is declared comes back, what a graph holds comes back as it was, nothing goes in by halves, and a
//! store that was tampered with is not opened.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dixit::base::date::Date;
use dixit::base::source::Source;
use dixit::base::value::Value;
use dixit::import::{self, Report, Request};
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Arguments, World};
use dixit::record::graph::{self, GraphType};
use dixit::record::notation;
use dixit::store::log::{Action, Change};
use dixit::store::{self, Limits};
use dixit::{compile, lang, meaning};
use rusqlite::Connection;
use tempfile::TempDir;

const NOW: &str = "2026-01-01T00:00:00Z";

/// A folder with a store that has no kinds yet.
struct Place {
    folder: TempDir,
    store: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = folder.path().join("test.dixit");
        drop(store::create_bare(&store).unwrap());
        Self { folder, store }
    }

    /// With a graph in it.
    fn with(lines: &[&str]) -> Self {
        let place = Self::new();
        assert_eq!(place.infer(lines).refused, []);
        place
    }

    fn import(&self, lines: &[&str], request: Request) -> Report {
        let file = self.folder.path().join("graph.jsonl");
        fs::write(&file, lines.join("\n")).unwrap();
        let request = Request { paths: vec![file], now: NOW.to_owned(), ..request };
        let mut writer = store::open_for_writing(&self.store).unwrap();
        import::import(&mut writer, &request, &mut |_| ()).unwrap()
    }

    fn infer(&self, lines: &[&str]) -> Report {
        self.import(lines, Request { infer: true, ..Request::default() })
    }

    /// Imports what is refused; gives lines and reasons.
    fn refused(&self, lines: &[&str], infer: bool) -> Vec<String> {
        let report = self.import(lines, Request { infer, ..Request::default() });
        report
            .refused
            .iter()
            .map(|refusal| format!("{}: {}", refusal.line, refusal.reason))
            .collect()
    }

    fn declare(&self, text: &str) {
        let written = lang::graph_type::parse(&Source::inline(text)).unwrap();
        let wanted: GraphType = meaning::declare::graph_type(&written).unwrap();
        let mut writer = store::open_for_writing(&self.store).unwrap();
        let additions = graph::additions(&writer.catalogue().unwrap(), &wanted).unwrap();
        let mut load = writer.load(false).unwrap();
        load.add(&additions).unwrap();
        load.name_graph(&wanted.name, wanted.open).unwrap();
        let change = Change { at: NOW, who: None, why: None, action: Action::Import, files: &[] };
        load.keep(&change).unwrap();
    }

    fn notation(&self) -> String {
        let reader = store::open(&self.store, &Limits::default()).unwrap();
        notation::graph_type(&reader.catalogue().unwrap())
    }

    fn ask(&self, query: &str) -> Vec<Vec<Value>> {
        let reader = store::open(&self.store, &Limits::default()).unwrap();
        let catalog = Catalog::new(reader.catalogue().unwrap()).unwrap();
        let script = lang::parse(&Source::inline(query)).unwrap();
        let (arguments, today) = (Arguments::default(), Date::parse("2026-01-01").unwrap());
        let world = World { catalog: &catalog, arguments: &arguments, today: &today };
        let compiled = compile(&script.queries[0], world).unwrap();
        let mut rows = Vec::new();
        let taken = reader.run(&compiled.statement, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        });
        taken.unwrap();
        rows
    }

    fn one(&self, query: &str) -> Value {
        self.ask(query).remove(0).remove(0)
    }

    fn findings(&self) -> Vec<String> {
        let reader = store::open(&self.store, &Limits::default()).unwrap();
        let found = store::check::check(&reader).unwrap();
        found
            .iter()
            .map(|found| format!("{} {} {}", found.rule.code, found.kind, found.key))
            .collect()
    }

    fn tampered(&self, sql: &str) -> Result<(), String> {
        let copy = self.folder.path().join("copy.dixit");
        fs::copy(&self.store, &copy).unwrap();
        let connection = Connection::open(&copy).unwrap();
        connection.execute_batch(&format!("PRAGMA foreign_keys = off; {sql}")).unwrap();
        drop(connection);
        store::open(&copy, &Limits::default()).map(drop).map_err(|error| error.to_string())
    }
}

fn world(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/worlds").join(name);
    fs::read_to_string(path).unwrap().lines().map(ToOwned::to_owned).collect()
}

fn films() -> Place {
    let lines = world("films.jsonl");
    Place::with(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn what_is_printed_declares_the_same() {
    let texts = [
        "create graph type g {}",
        "create open graph type `odd name` { (), (:A), (:A)-[:x]->(), ()-[:x {p any}]-() }",
        "create graph type g {
           (:A {a text, b int not null, c float, d bool, e date not null, f datetime, g any}),
           (:`a``b\"c'd` {`` ` `` text, `select` int, id int, key text, source text, property list<any>}),
           (:A&B {l list<text>, m list<date>, `p 3` int, date_first int, date date}), (:a),
           (:A)-[:x {a int, target text}]->(:A&B), (:A)<-[:x]-(:a), (:A)-[:`X`]->(:a), (:日本 {名前 text}) }",
    ];
    for text in texts {
        let one = Place::new();
        one.declare(&text.replace("`` ` ``", "````"));
        let printed = one.notation();
        let other = Place::new();
        other.declare(&printed);
        assert_eq!(other.notation(), printed);
        assert_eq!(one.findings(), [""; 0], "{printed}");
    }
}

#[test]
fn what_is_declared_bit_by_bit_is_what_is_declared_at_once() {
    let place = Place::new();
    place.declare("create graph type g { (:A {x int}), (:A)-[:e]->(:A) }");
    place.declare("create graph type g { (:A {name text, born date}), (:B), (:A)-[:e {w float, d date}]->(:A) }");
    place.declare("create graph type g { (:A {x int, l list<int>}), (:A)-[:e]->(:B) }");
    let at_once = Place::new();
    at_once.declare(&place.notation());
    assert_eq!(at_once.notation(), place.notation());
    assert_eq!(
        place.infer(&[r#"{"id":"1","labels":["A"],"props":{"name":"Ann","x":1}}"#]).refused,
        []
    );
    assert_eq!(place.one("match (a:A 'ann') return a.x"), Value::Int(1));
}

#[test]
fn values_come_back_as_they_were() {
    let values = [
        "1",
        "-9223372036854775808",
        "1.0",
        "-0.5",
        "1e300",
        "true",
        "false",
        "\"\"",
        "\"1\"",
        "\"true\"",
        "\"2025-11-22\"",
        "\"[1,2]\"",
        "[]",
        "[1,2]",
        "[1,2.5]",
        "[true,\"a\",null]",
        "[[1],[]]",
        "{\"a\":{\"b\":null}}",
        "\"é\\n\\\"😀\"",
    ];
    let lines: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            format!(r#"{{"type":"node","id":{at},"labels":["A"],"properties":{{"x":{value}}}}}"#)
        })
        .collect();
    let together = Place::with(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    for (at, value) in values.iter().enumerate() {
        let alone = Place::with(&[lines[at].as_str()]);
        let expected = alone.one("match (a:A) return a.x");
        let query = format!("match (a:A '{at}') return a.x");
        assert_eq!(together.one(&query), expected, "{value}");
        let shown = format!("{expected:?}");
        assert!(!shown.contains("Null") || value.contains("null"), "{value}: {shown}");
    }
}

#[test]
fn importing_twice_changes_nothing() {
    let lines = world("films.jsonl");
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let place = films();
    let before = place.ask("match (a)-[e]->(b) return a, e, b order by a, e, b");
    let report = place.infer(&lines);
    assert_eq!((report.added, report.changed, report.unchanged), (vec![], vec![], 13));
    let report = place.import(&lines, Request::default());
    assert_eq!((report.added, report.refused), (vec![], vec![]));
    assert_eq!(place.ask("match (a)-[e]->(b) return a, e, b order by a, e, b"), before);
    let changed = r#"{"id":"m2","labels":["Movie"],"props":{"title":"Speed!"}}"#;
    let report = place.infer(&[changed]);
    assert_eq!(report.changed, [("node".to_owned(), 1)]);
    assert_eq!(
        place.one("match (m:Movie 'speed!') return m.year"),
        Value::Int(1994),
        "what a line leaves out stays"
    );
    assert_eq!(place.ask("match (m:Movie 'speed') return m").len(), 0);
}

#[test]
fn edges_may_stand_before_their_nodes_or_lead_to_what_is_there() {
    let node = |id: &str| format!(r#"{{"type":"node","id":"{id}","labels":["A"]}}"#);
    let edge = |from: &str, to: &str| format!(r#"{{"label":"x","from":"{from}","to":"{to}"}}"#);
    let place =
        Place::with(&[&edge("1", "2"), &node("1"), &edge("2", "2"), &node("2"), &edge("1", "2")]);
    assert_eq!(place.one("match (:A)-[e:x]->(:A) return count(e)"), Value::Int(3));
    assert_eq!(place.infer(&[&edge("1", "2"), &edge("1", "2")]).added, []);
    assert_eq!(place.infer(&[&edge("2", "1")]).added, [("edge".to_owned(), 1)]);
    assert_eq!(place.refused(&[&edge("1", "7")], true), ["1: there is no node '7'"]);
}

#[test]
fn one_mistake_keeps_all_out() {
    let place = films();
    let held = || {
        (place.notation(), place.ask("match (a) return a"), place.ask("match ()-[e]->() return e"))
    };
    let before = held();
    let refused = place.refused(
        &[
            r#"{"id":"n1","labels":["Movie"],"props":{"title":"new","director":"x"}}"#,
            r#"{"id":"n2","labels":["Brand"],"props":{}}"#,
            "not json",
            r#"{"id":"n3","labels":["Movie"],"props":{"title":3,"year":"x","seen":1}}"#,
            r#"{"label":"ACTED_IN","from":"p1","to":"nobody"}"#,
        ],
        true,
    );
    assert_eq!(
        refused,
        [
            "3: this cannot be read as JSON: column 2: expected `true`, `false` or `null`, in small letters",
            "4: `title`: 3 is no text",
            "4: `year`: 'x' is no int",
            "4: `seen`: 1 is no bool",
            "5: there is no node 'nobody'",
        ]
    );
    assert!(held() == before, "the store is as it was");
    assert!(!place.notation().contains("Brand"));
}

#[test]
fn declared_types_hold() {
    let place = Place::new();
    place.declare(
        "create graph type g { (:A {name text not null, n int, f float, b bool, d date, t datetime, l list<int>}),
           (:A)-[:e {w int not null}]->(:A) }",
    );
    let good = r#"{"id":"1","labels":["A"],"props":{"name":"a","f":2,"d":"2025-11?","t":"2025-11-22T10:00:00+01:00","l":[1,null]}}"#;
    assert_eq!(place.refused(&[good], false), [""; 0]);
    assert_eq!(place.one("match (a:A) return a.f"), Value::Float(2.0));
    assert_eq!(place.one("match (a:A) return a.d"), Value::Date("2025-11?".to_owned()));
    assert_eq!(
        place.one("match (a:A) return a.t = datetime('2025-11-22T09:00:00Z')"),
        Value::Bool(true)
    );
    assert_eq!(
        place.refused(
            &[
                r#"{"id":"2","labels":["A"],"props":{"n":1.0}}"#,
                r#"{"id":"3","labels":["A"],"props":{"name":"x","f":9007199254740993}}"#,
                r#"{"id":"4","labels":["A"],"props":{"name":"x","d":"soon","t":"later","l":["a"]}}"#,
                r#"{"label":"e","from":"1","to":"1"}"#,
            ],
            false
        ),
        [
            "1: `n`: 1.0 is no int",
            "1: `name` is missing",
            "2: `f`: 9007199254740993 has more digits than a float keeps",
            "3: `d`: 'soon' is no date: year must have exactly four digits (or X)",
            "3: `t`: 'later' is no datetime",
            "3: `l`: 'a' is no int",
            "4: `w` is missing",
        ]
    );
}

#[test]
fn an_edge_that_holds_both_ways_is_found_from_either_end_once() {
    let place = Place::new();
    place.declare("create graph type g { (:A), (:B), (:A)-[:k]-(:A), (:A)-[:m {w int}]-(:B) }");
    let lines = [
        r#"{"id":"a","labels":["A"]}"#,
        r#"{"id":"b","labels":["A"]}"#,
        r#"{"id":"c","labels":["A"]}"#,
        r#"{"id":"d","labels":["B"]}"#,
        r#"{"label":"k","from":"a","to":"b"}"#,
        r#"{"label":"k","from":"c","to":"c"}"#,
        r#"{"label":"m","from":"d","to":"a","props":{"w":1}}"#,
        r#"{"label":"m","from":"b","to":"d","props":{"w":2}}"#,
    ];
    for _ in 0..2 {
        assert_eq!(place.refused(&lines, false), [""; 0]);
        for edge in ["-[:k]->", "<-[:k]-", "-[:k]-"] {
            let found = place.ask(&format!("match (x){edge}(y) return x, y"));
            assert_eq!(found.len(), 3, "{edge}: a to b, b to a, and c to itself");
        }
        for (pattern, count) in [
            ("(x)-[:k]->(y)-[:k]->(z)", 0),
            ("(x)-[:k]->{1,2}(y)", 3),
            ("(x:A)-[:k]->{0,2}(y)", 6),
            ("(x:A)-[:m]->(y:B)", 2),
            ("(x:B)-[:m]->(y:A)", 2),
            ("(x)<-[:m]-(y)", 4),
            ("(x:A)-[:m]->(:B)-[:m]->(z:A)", 2),
            ("(x:A)-[:k]->(y:A), (x)-[:m]-(:B)-[:m]-(y)", 2),
        ] {
            let found = place.one(&format!("match {pattern} return count(*)"));
            assert_eq!(found, Value::Int(count), "{pattern}");
        }
    }
    assert_eq!(place.one("match (:B)-[e:m]->(:A 'a') return e.w"), Value::Int(1));
    let more = [
        r#"{"id":"x","label":"m","from":"d","to":"a","props":{"u":1,"v":true}}"#,
        r#"{"id":"y","label":"m","from":"a","to":"d","props":{"u":"t","z":2}}"#,
    ];
    assert_eq!(place.infer(&more).refused, []);
    let found =
        place.ask("match (:A)-[e:m]->(:B) where e.u is not null return e.u, e.v, e.z order by e.z");
    let text = Value::Text("t".to_owned());
    let expected =
        [[text, Value::Null, Value::Int(2)], [Value::Int(1), Value::Bool(true), Value::Null]];
    assert_eq!(found, expected);
}

#[test]
fn names_that_differ_only_in_case_are_told_apart() {
    let place = Place::with(&[
        r#"{"id":"1","labels":["Person"],"props":{"name":"a","Name":"b"}}"#,
        r#"{"id":"2","labels":["person"],"props":{"name":"c"}}"#,
        r#"{"label":"T","from":"1","to":"2"}"#,
        r#"{"label":"t","from":"2","to":"1"}"#,
    ]);
    assert_eq!(place.one("match (p:Person) return p.name"), Value::Text("a".to_owned()));
    assert_eq!(place.one("match (p:Person) return p.Name"), Value::Text("b".to_owned()));
    assert_eq!(place.one("match (p:person) return count(*)"), Value::Int(1));
    assert_eq!(place.one("match (p:PERSON) return count(*)"), Value::Int(2));
    assert_eq!(place.one("match ()-[e:t]->() return type(e)"), Value::Text("t".to_owned()));
}

#[test]
fn hostile_names_are_names_or_refused() {
    let odd = [
        "a\"b",
        "`; drop table term; --",
        "日本",
        "a&b",
        "sqlite_master",
        "x'y",
        "kind",
        "Node",
        "\n",
        "…",
    ];
    let lines: Vec<String> = odd
        .iter()
        .enumerate()
        .map(|(at, name)| {
            serde_json::json!({"id": at, "labels": [name], "props": {*name: at}}).to_string()
        })
        .chain([serde_json::json!({"label": "e\"`'", "from": 0, "to": 1, "props": {"\"": 1}})
            .to_string()])
        .collect();
    let place = Place::with(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    for (at, name) in odd.iter().enumerate() {
        let quoted = format!("`{}`", name.replace('`', "``"));
        let number = Value::Int(i64::try_from(at).unwrap());
        assert_eq!(place.one(&format!("match (a:{quoted}) return a.{quoted}")), number, "{name}");
    }
    assert_eq!(place.one("match ()-[e:`e\"``'`]->() return e.`\"`"), Value::Int(1));
    assert_eq!(place.findings(), [""; 0]);
    let long = "x".repeat(10_000);
    let refused = place.refused(
        &[
            &serde_json::json!({"id": 100, "labels": ["a\0b"]}).to_string(),
            &serde_json::json!({"id": 101, "labels": [long]}).to_string(),
            &serde_json::json!({"id": 102, "labels": ["A"], "props": {"": 1}}).to_string(),
        ],
        true,
    );
    assert_eq!(refused.len(), 3, "{refused:?}");
    let many: serde_json::Map<String, serde_json::Value> =
        (0..5000).map(|at| (format!("p{at}"), at.into())).collect();
    let wide = serde_json::json!({"id": 103, "labels": ["A"], "props": many}).to_string();
    assert_eq!(place.refused(&[&wide], true), ["1: there is no room for more than 486 properties"]);
}

#[test]
fn a_wide_kind_is_a_kind() {
    let many: serde_json::Map<String, serde_json::Value> =
        (0..480).map(|at| (format!("p{at}"), at.into())).collect();
    let line = serde_json::json!({"id": 1, "labels": ["A"], "props": many}).to_string();
    let place = Place::with(&[&line]);
    assert_eq!(place.one("match (a:A) where a.p7 = 7 return a.p479"), Value::Int(479));
    assert_eq!(place.one("match (a:A) return size(keys(a))"), Value::Int(480));
    assert_eq!(place.infer(&[&line]).unchanged, 1);
}

#[test]
fn a_store_whose_tables_are_not_what_its_catalogue_says_is_not_opened() {
    let place = films();
    assert_eq!(place.tampered("SELECT 1"), Ok(()));
    let person = place.one("match (p:Person {name: 'Keanu Reeves'}) return p.name");
    assert_eq!(person, Value::Text("Keanu Reeves".to_owned()));
    for sql in [
        "CREATE TRIGGER kind_x AFTER INSERT ON kind_person_1000 BEGIN DELETE FROM term; END",
        "CREATE VIEW kind_view AS SELECT * FROM kind_person_1000",
        "CREATE TABLE kind_other_1 (id INTEGER PRIMARY KEY) STRICT",
        "CREATE INDEX kind_i ON kind_person_1000 (lower(name))",
        "DROP INDEX kind_person_1000_key",
        "ALTER TABLE kind_person_1000 ADD COLUMN more TEXT",
        "ALTER TABLE kind_person_1000 DROP COLUMN born",
        "DROP TABLE edge_link_1003",
        "UPDATE dixit_property SET type = 'text' WHERE name = 'born'",
        "UPDATE dixit_property SET column_name = 'key' WHERE name = 'born'",
        "UPDATE dixit_property SET storage = 'alias' WHERE name = 'born'",
        "UPDATE dixit_property SET required = 1 WHERE name = 'born'",
        "UPDATE dixit_property SET vocabulary = 'x' WHERE name = 'born'",
        "INSERT INTO dixit_property (table_name, position, name, type, storage, column_name, doc) VALUES ('kind_person_1000', 9, 'k', 'text', 'column', 'key', '')",
        "INSERT INTO dixit_property (table_name, position, name, type, storage, column_name, doc) VALUES ('kind_none_1', 1, 'k', 'text', 'column', 'k', '')",
        "INSERT INTO dixit_property (table_name, position, name, type, storage, column_name, doc) VALUES ('term', 1, 'k', 'text', 'column', 'term', '')",
        "UPDATE dixit_kind SET table_name = 'term' WHERE name = 'Movie'",
        "UPDATE dixit_kind SET key_column = 'title' WHERE name = 'Movie'",
        "UPDATE dixit_kind SET shown = 'year' WHERE name = 'Movie'",
        "UPDATE dixit_kind SET as_edge = 1 WHERE name = 'Movie'",
        "DELETE FROM dixit_kind WHERE name = 'Movie'",
        "INSERT INTO dixit_kind (id, name, table_name, doc) VALUES (5, 'Term', 'term', '')",
        "UPDATE dixit_edge SET from_kind = 1001 WHERE name = 'KNOWS'",
        "UPDATE dixit_edge SET numbered = 0 WHERE name = 'KNOWS'",
        "UPDATE dixit_edge SET to_kind = NULL WHERE name = 'KNOWS'",
        "UPDATE dixit_edge SET from_column = 'target' WHERE name = 'KNOWS'",
        "UPDATE dixit_edge SET stands_as = 1000 WHERE name = 'KNOWS'",
        "INSERT INTO dixit_label (edge, name, doc) VALUES (1000, 'x', '')",
        "UPDATE dixit_graph SET claims = 1",
    ] {
        let told = place.tampered(sql).unwrap_err();
        assert!(told.contains("dixit did not make"), "{sql}: {told}");
    }
}

#[test]
fn the_catalogue_of_claims_is_held_to_as_well() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("test.dixit");
    drop(store::create(&store).unwrap());
    let place = Place { folder, store };
    assert_eq!(place.tampered("SELECT 1"), Ok(()));
    for sql in [
        "UPDATE dixit_label SET polarity = 1 WHERE name = 'disputes'",
        "UPDATE dixit_edge SET from_column = 'claim' WHERE name = 'by'",
        "UPDATE dixit_property SET column_name = 'key' WHERE name = 'name'",
        "UPDATE dixit_kind SET shown = 'key'",
        "DELETE FROM dixit_edge WHERE name = 'cites'",
        "UPDATE dixit_graph SET claims = 0",
    ] {
        let told = place.tampered(sql).unwrap_err();
        assert!(told.contains("dixit did not make"), "{sql}: {told}");
    }
}

#[test]
fn values_that_no_type_allows_are_found() {
    let place = films();
    let connection = Connection::open(&place.store).unwrap();
    let broken = "UPDATE kind_movie_1002 SET seen = 7 WHERE id = 1; UPDATE kind_person_1000 SET tags = 'x' WHERE id = 2;
      UPDATE kind_movie_1002 SET rating = x'00' WHERE id = 2;
      PRAGMA foreign_keys = off; UPDATE edge_knows_1002 SET target = 99 WHERE id = 1";
    connection.execute_batch(broken).unwrap();
    drop(connection);
    let found = place.findings();
    assert_eq!(
        found,
        [
            "S13 edge_knows_1002 row 1",
            "S14 kind_movie_1002 row 1",
            "S14 kind_movie_1002 row 2",
            "S14 kind_person_1000 row 2"
        ]
    );
}
