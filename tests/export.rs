//! The graph leaves the store and comes back: without loss as JSON lines, as far as they reach as CSV files, and always from
//! one state of the store.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot run fails, or says so"
)]

mod house;

use std::fs;
use std::path::{Path, PathBuf};

use dixit::import::{self, Request};
use dixit::store::{self, Limits};
use house::leaving::{dixit, done, lines, round_trip, rows};
use tempfile::TempDir;

const NOW: &str = "2026-01-01T00:00:00Z";

fn geneva(folder: &Path) -> PathBuf {
    let path = folder.join("geneva.dixit");
    let mut writer = store::create(&path).unwrap();
    import::import_geneva(&mut writer, NOW).unwrap();
    path
}

fn write(store: &Path, query: &str) {
    let line = ["write", query, "--why", "a test", "--db", store.to_str().unwrap()];
    done(&line, Path::new("."));
}

#[test]
fn the_example_comes_back_as_it_was() {
    let folder = TempDir::new().unwrap();
    let text = round_trip(&geneva(folder.path()));
    let count = |sort: &str| text.lines().filter(|line| line.starts_with(sort)).count();
    assert_eq!((count("{\"statement\""), count("{\"attestation\"")), (49, 79));
    assert_eq!((count("{\"link\""), count("{\"relation\"")), (44, 36));
}

#[test]
fn what_the_language_does_not_show_comes_back_too() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        done(&["import", path.to_str().unwrap(), "--db", store.to_str().unwrap()], folder.path());
    };
    file(
        "vocab.csv",
        "vocabulary,term,symmetric,maps_to\nrole,interviewer,,\nlink,of,,x\nrelation,at,,\n",
    );
    file("claims.csv", "key,aliases\nplan-us-authored,Another wording;Ein anderer\n");
    file("statement_actors.csv", "statement,role,actor\npigott-false,interviewer,marco-rubio\n");
    // Terms may be called like edges that have that name already.
    file(
        "relations.csv",
        "key,from,relation,to,source\nz1,Statement:pigott-false,at,Venue:x,pigott-post\n",
    );
    let text = round_trip(&store);
    assert!(text.contains("\"aliases\":[\"Another wording\",\"Ein anderer\"]"));
    assert!(text.contains(
        r#"{"participant":{"statement":"pigott-false","role":"interviewer","actor":"marco-rubio"}}"#
    ));
    assert!(text.contains(r#"{"relation":{"key":"z1","from":{"Statement":"pigott-false"},"relation":"at","to":{"Venue":"x"},"source":"pigott-post"}}"#));
    assert!(text.contains(r#""maps_to":"x""#));
}

#[test]
fn texts_come_back_exactly() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let texts = [
        " blanks around ",
        "",
        "a;b\\",
        "\\",
        "line\nbreak\r\ttab",
        "\u{202E}bidi \u{200B}and \u{FEFF}marks",
        "\u{1}\u{1F}\u{7F}\u{85}\u{2028}",
        "quote \" and ' and `",
        "👩‍👩‍👧 ﷽ e\u{301}",
        "<!-- & ]]> -->",
        "null",
    ];
    for (at, text) in texts.iter().enumerate() {
        let value = serde_json::to_string(text).unwrap();
        let query = "insert (:Actor {key: $key, name: $text, note: $text, aliases: [$text, $text || 'x']}), \
                     (:Claim {key: $key, text: $text, subject: $text}), (:Topic {key: '  ' || $key, name: $text})";
        let (key, text) = (format!("key=Actor:{at};x "), format!("text={text}"));
        let line = [
            "write",
            query,
            "-p",
            &key,
            "-p",
            &text,
            "--why",
            "x",
            "--db",
            store.to_str().unwrap(),
        ];
        done(&line, Path::new("."));
        assert!(!value.is_empty());
    }
    let text = round_trip(&store);
    for one in texts.iter().filter(|text| !text.is_empty()) {
        let quoted = serde_json::to_string(one).unwrap();
        assert!(text.contains(&format!("\"note\":{quoted}")), "{quoted}");
    }
    // The same as a folder, as far as CSV goes.
    done(&["export", "folder", "-o", "out", "--db", store.to_str().unwrap()], folder.path());
}

const FILMS: &str = "create open graph type `my films` {
  (:Person&Director {name text, born date, `odd ``name`` 'x'\"y\"` int, f float, ok bool, at datetime, x any}),
  (:Person {name text not null, key text, tags list<text>, days list<date>, long duration}),
  ({note text}),
  (:Person)-[:knows {since date, key text}]->(:Person),
  (:Person)-[:likes]-(:Person),
  (:Claim)-[:about {why text}]->(:Person),
  (:Statement)-[:reports]->(:Statement),
  (:Person)-[:is]->(:Actor)
}";

#[test]
fn declared_kinds_come_back_beside_claims() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let shown = store.to_str().unwrap();
    fs::write(folder.path().join("films.gql"), FILMS).unwrap();
    done(&["schema", "apply", "films.gql", "--db", shown], folder.path());
    write(
        &store,
        "insert (a:Person {name: 'A;b ', key: 'own', tags: ['x;', ''], days: [date '2020?']})-[:knows {since: date '[..2019]', key: 'k'}]->(b:Person {name: 'B'}), (a)-[:likes]->(b), (b)-[:likes]->(b), (b)-[:is]->(:Actor 'Rubio')",
    );
    write(
        &store,
        "insert (:Person&Director {name: 'D', born: date '1964', f: 1.0, ok: true, at: datetime '2020-01-01T10:00:00+02:00', x: date '2020'})",
    );
    write(
        &store,
        "insert (:Person&Director {name: 'E', f: 1e308 * 10, x: {m: [1, 1.0, '1', date '2020?', {d: 'x'}]}}), (:Person&Director {x: 1.0}), (:Person&Director {x: true}), (:Person&Director {x: 'text'})",
    );
    // A declared edge may join the same kinds as a built-in one of that name; both come back as what they are.
    let more = r#"{"about":{"claim":"plan-us-authored","about":{"Person":"b"}}}
{"edge":{"name":"about","from":{"Claim":"plan-us-authored"},"to":{"Person":"b"},"key":"d1","properties":{"why":"declared"}}}
{"edge":{"name":"reports","from":{"Statement":"pigott-false"},"to":{"Statement":"rubio-wish-list"}}}"#;
    fs::write(folder.path().join("more.jsonl"), lines(&store) + more).unwrap();
    done(&["import", "more.jsonl", "--db", shown], folder.path());
    let text = round_trip(&store);
    assert!(
        text.starts_with(r#"{"dixit":{"lines":1,"graph":"my films","open":true,"claims":true}}"#)
    );
    let edges = text.lines().filter(|line| line.starts_with("{\"edge\"")).count();
    assert_eq!(edges, 6, "{text}");
}

#[test]
fn a_store_without_claims_comes_back() {
    let folder = TempDir::new().unwrap();
    let films = format!("{}/tests/worlds/films.jsonl", env!("CARGO_MANIFEST_DIR"));
    done(&["import", &films, "--infer", "--bare", "--db", "films.dixit"], folder.path());
    let text = round_trip(&folder.path().join("films.dixit"));
    fs::write(folder.path().join("films.jsonl"), text).unwrap();
    // Lines without claims fit beside claims; lines with claims do not fit where there are none.
    let claims = geneva(folder.path());
    done(&["import", "films.jsonl", "--db", claims.to_str().unwrap()], folder.path());
    fs::write(folder.path().join("both.jsonl"), round_trip(&claims)).unwrap();
    let (well, _, said) = dixit(&["import", "both.jsonl", "--db", "films.dixit"], folder.path());
    assert!(!well && said.contains("this store has only declared kinds"), "{said}");
}

#[test]
fn liar_comes_back_as_it_was() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = here.join("../shared/data/liar");
    if !data.is_dir() {
        eprintln!("note: the LIAR data is not at hand, so its way out and back is not tested");
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("liar.dixit");
    let mut writer = store::create(&path).unwrap();
    let request = Request {
        paths: ["train.tsv", "valid.tsv", "test.tsv"].map(|name| data.join(name)).to_vec(),
        map: Some(here.join("examples/liar.toml")),
        create_missing: true,
        now: NOW.to_owned(),
        ..Request::default()
    };
    assert_eq!(import::import(&mut writer, &request, &mut |_| ()).unwrap().refused, []);
    drop(writer);
    round_trip(&path);
}

#[test]
fn the_order_of_insertion_does_not_show() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let shown = store.to_str().unwrap();
    fs::write(folder.path().join("films.gql"), FILMS).unwrap();
    done(&["schema", "apply", "films.gql", "--db", shown], folder.path());
    for name in ["B", "A", "C"] {
        write(&store, &format!("insert (:Person {{name: '{name}'}})"));
    }
    let text = lines(&store);
    let mut turned: Vec<&str> = text.lines().skip(1).collect();
    turned.reverse();
    turned
        .sort_by_key(|line| !(line.starts_with("{\"kind\"") || line.starts_with("{\"edge_kind\"")));
    let head = text.lines().next().unwrap();
    fs::write(folder.path().join("turned.jsonl"), format!("{head}\n{}\n", turned.join("\n")))
        .unwrap();
    done(&["init", "other.dixit"], folder.path());
    done(&["import", "turned.jsonl", "--db", "other.dixit"], folder.path());
    assert_eq!(lines(&folder.path().join("other.dixit")), text);
}

#[test]
fn a_folder_comes_back_as_far_as_it_reaches() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    write(&store, "match (a:Actor 'Rubio') set a.aliases = ['Smith; Sons', 'x']");
    done(&["export", "folder", "-o", "out", "--db", store.to_str().unwrap()], folder.path());
    done(&["init", "other.dixit"], folder.path());
    done(&["import", "out", "--db", "other.dixit"], folder.path());
    assert_eq!(lines(&folder.path().join("other.dixit")), lines(&store));
    assert_eq!(rows(&folder.path().join("other.dixit")), rows(&store));
    // And out again, file by file.
    done(&["export", "folder", "-o", "again", "--db", "other.dixit"], folder.path());
    let names = |place: &str| -> Vec<String> {
        let all = fs::read_dir(folder.path().join(place)).unwrap();
        let mut names: Vec<String> =
            all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("out"), names("again"));
    assert!(names("out").len() > 15);
    for name in names("out") {
        let [first, second] =
            ["out", "again"].map(|place| fs::read(folder.path().join(place).join(&name)).unwrap());
        assert_eq!(first, second, "{name}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one flat list of mistakes")]
fn wrong_lines_are_refused_and_nothing_goes_in_by_halves() {
    const HEAD: &str = r#"{"dixit":{"lines":1,"graph":"graph","open":false,"claims":true}}"#;
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let before = lines(&store);
    let actor = r#"{"actor":{"key":"new","name":"New"}}"#;
    for (text, said) in [
        (
            r#"{"dixit":{"lines":2}}"#.to_owned(),
            ":1 column lines: these lines are of version 2, and this dixit reads version 1; use a newer dixit",
        ),
        (
            format!("{HEAD}\n{actor}\n{{\"actr\":{{}}}}"),
            ":3: what `actr` is, is not known; closest: actor",
        ),
        (
            format!("{HEAD}\n{actor}\n{{\"actor\":{{\"key\":\"x\",\"nmae\":\"X\"}}}}"),
            ":3 column nmae: a line of this sort has no member 'nmae'; closest: name",
        ),
        (
            format!("{HEAD}\n{actor}\n{{\"actor\":{{\"key\":\"x\",\"name\":1}}}}"),
            ":3 column name: this is to be a text",
        ),
        (format!("{HEAD}\n{actor}\n[1]"), ":3: a line is an object with one member"),
        (
            format!("{HEAD}\n{actor}\n{{\"actor\":{{\"key\":\"x\""),
            ":3: this cannot be read as JSON",
        ),
        (
            format!(
                "{HEAD}\n{actor}\n{{\"about\":{{\"claim\":\"plan-us-authored\",\"about\":{{\"Actr\":\"x\"}}}}}}"
            ),
            ":3 column about: there is no kind 'Actr'; closest: Actor",
        ),
        (
            format!(
                "{HEAD}\n{actor}\n{{\"about\":{{\"claim\":\"plan-us-authored\",\"about\":{{\"Relation\":\"r01\"}}}}}}"
            ),
            "no edge leads to an edge",
        ),
        (
            format!("{HEAD}\n{actor}\n{{\"node\":{{\"kind\":\"Person\",\"key\":\"x\"}}}}"),
            ":3 column kind: there is no declared kind 'Person'",
        ),
        (
            format!(
                "{HEAD}\n{{\"kind\":{{\"name\":\"P\",\"properties\":[{{\"name\":\"n\",\"type\":\"int\"}}]}}}}\n{{\"node\":{{\"kind\":\"P\",\"key\":\"x\",\"properties\":{{\"n\":\"one\"}}}}}}"
            ),
            ":3 column n: 'one' is no int",
        ),
        (
            format!(
                "{HEAD}\n{{\"kind\":{{\"name\":\"P\"}}}}\n{{\"edge_kind\":{{\"name\":\"e\",\"from\":\"P\",\"to\":\"P\"}}}}\n{{\"edge\":{{\"name\":\"e\",\"from\":{{\"P\":\"x\"}},\"to\":{{\"P\":\"x\"}}}}}}"
            ),
            ":4 column from: there is no P 'x'",
        ),
        (
            format!(
                "{HEAD}\n{{\"kind\":{{\"name\":\"Actor\",\"properties\":[{{\"name\":\"n\",\"type\":\"int\"}}]}}}}"
            ),
            ":2: ",
        ),
        (
            format!("{HEAD}\n{{\"actor\":{{\"key\":\"x\",\"name\":\"a\\u0000b\"}}}}"),
            ":2 column name: the text holds a NUL character",
        ),
    ] {
        fs::write(folder.path().join("wrong.jsonl"), &text).unwrap();
        let line = ["import", "wrong.jsonl", "--db", store.to_str().unwrap()];
        let (well, _, told) = dixit(&line, folder.path());
        assert!(!well && told.contains(said), "{text}\n{told}");
        assert_eq!(lines(&store), before, "{text}");
    }
}

#[test]
fn all_questions_see_one_state_while_another_process_writes() {
    let folder = TempDir::new().unwrap();
    let path = geneva(folder.path());
    // Another reader that was there in time keeps the store in the mode in which one can write while others read.
    let other = rusqlite::Connection::open(&path).unwrap();
    other.query_row("PRAGMA journal_mode = wal", [], |_| Ok(())).unwrap();
    other.query_row("SELECT count(*) FROM actor", [], |_| Ok(())).unwrap();
    let held = store::open_held(&path, &Limits::default()).unwrap();
    let free = store::open(&path, &Limits::default()).unwrap();
    let actors = |reader: &store::Reader| {
        reader.counts().unwrap().into_iter().find(|(kind, _)| kind == "Actor").unwrap().1
    };
    assert_eq!((actors(&held), actors(&free)), (31, 31));
    write(&path, "insert (:Actor {name: 'Somebody new'})");
    assert_eq!((actors(&held), actors(&free)), (31, 32));
    drop(held);
    assert_eq!(actors(&store::open_held(&path, &Limits::default()).unwrap()), 32);
}

#[test]
fn judgements_come_back_and_so_does_what_was_written_down() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let file = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        let line = ["import", name, "--db", store.to_str().unwrap()];
        dixit(&line, folder.path())
    };
    file(
        "actors.csv",
        "key,name,kind,identity\nrubio-2,Senator Rubio,person,named\nrubio-3,Rubio M.,person,named\n",
    );
    file("same_as.csv", "actor,same\nrubio-3,marco-rubio\nrubio-2,rubio-3\n");
    file("not_same.csv", "actor,other\ntommy-pigott,mike-rounds\n");
    // A reversal has one speaker, as the judgement says.
    fs::create_dir(folder.path().join("more")).unwrap();
    for (name, text) in [
        ("statements", "key,speaker,act,claim\nnew,rubio-2,asserts,plan-us-authored\n"),
        ("attestations", "statement,source\nnew,post-report\n"),
        ("links", "from,relation,to\nnew,reverses,rubio-denies-authorship\n"),
    ] {
        fs::write(folder.path().join(format!("more/{name}.csv")), text).unwrap();
    }
    done(&["import", "more", "--db", store.to_str().unwrap()], folder.path());
    let text = round_trip(&store);
    for line in [
        r#"{"statement":{"key":"new","speaker":"rubio-2","act":"asserts","claim":"plan-us-authored"}}"#,
        r#"{"same":{"actor":"rubio-2","same":"marco-rubio"}}"#,
        r#"{"same":{"actor":"rubio-3","same":"marco-rubio"}}"#,
        r#"{"not_same":{"actor":"mike-rounds","other":"tommy-pigott"}}"#,
    ] {
        assert!(text.lines().any(|known| known == line), "{line}");
    }
    // What other programs get is read as questions read it.
    let graph = done(&["export", "graphml", "--db", store.to_str().unwrap()], folder.path());
    assert!(
        !graph.contains("Actor:rubio-2")
            && graph.contains("\"Statement:new\" target=\"Actor:marco-rubio\"")
    );
    done(&["export", "folder", "-o", "out", "--db", store.to_str().unwrap()], folder.path());
    done(&["init", "other.dixit"], folder.path());
    done(&["import", "out", "--db", "other.dixit"], folder.path());
    assert_eq!(lines(&folder.path().join("other.dixit")), text);
    // Who is judged to be two is not judged to be one.
    let (well, _, said) = file("same_as.csv", "actor,same\ntommy-pigott,mike-rounds\n");
    assert!(!well && said.contains("same_as.csv:2: "), "{said}");
    let (well, _, said) = file("not_same.csv", "actor,other\nrubio-2,rubio-3\n");
    assert!(!well && said.contains("judged to be one"), "{said}");
}

/// Every form, with what it may be asked for.
const FORMS: &[(&str, &[&str])] = &[
    ("jsonl", &[]),
    ("graphml", &[]),
    ("gexf", &["--projection", "actor-actor"]),
    ("dot", &[]),
    ("ftm", &[]),
    ("csl", &[]),
    ("bibtex", &[]),
    ("dossier", &["--actor", "Rubio"]),
    ("jsonld", &[]),
    ("trig", &[]),
    ("folder", &[]),
    ("vault", &[]),
];

/// Runs the program where no file may be longer than a few hundred bytes, as on a disk that is full.
#[cfg(unix)]
fn on_a_full_disk(line: &[&str], folder: &Path) -> std::process::Output {
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_dixit")]).args(line).current_dir(folder);
    command.output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there_and_no_half() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let shown = store.to_str().unwrap();
    for (form, more) in FORMS {
        let place = folder.path().join(form);
        fs::create_dir(&place).unwrap();
        let line = [&["export", form, "-o", "out", "--db", shown], *more].concat();
        let is_folder = ["folder", "vault"].contains(form);
        if !is_folder {
            fs::write(place.join("out"), "old").unwrap();
        }
        let output = on_a_full_disk(&line, &place);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(4), "{form}: {said}");
        assert!(said.starts_with("error: cannot write"), "{form}: {said}");
        let left: Vec<String> = fs::read_dir(&place)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        if is_folder {
            assert_eq!(left, Vec::<String>::new(), "{form}");
        } else {
            assert_eq!(left, ["out"], "{form}");
            assert_eq!(fs::read_to_string(place.join("out")).unwrap(), "old", "{form}");
        }
        // The same line where there is room.
        done(&line, &place);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_that_is_full_is_told() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    for (form, more) in FORMS.iter().filter(|(form, _)| !["folder", "vault"].contains(form)) {
        let line = ["export", form, "-o", "/dev/full", "--db", store.to_str().unwrap()];
        let (well, _, said) = dixit(&[&line, *more].concat(), folder.path());
        assert!(!well && said.contains("cannot write /dev/full"), "{form}: {said}");
    }
}
