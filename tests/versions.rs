//! Stores of every version: earlier ones are brought up to date and answer as before, newer ones are read as far as they
//! can be, and a copy is a store. `tests/stores` holds what programs of earlier versions made, as SQL; one of a version
//! that is given up now is made with the program as it was.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test may fail")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dixit::base::source::Source;
use dixit::base::value::Value;
use dixit::script;
use dixit::store::backup::{Place, backup};
use dixit::store::batch::Plan;
use dixit::store::log::{Action, Change};
use dixit::store::{self, Limits};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a command prints on stdout, what it says on stderr, and its exit code.
fn run(folder: &Path, line: &[&str]) -> (String, String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(line)
        .current_dir(folder)
        .env_remove("DIXIT_DB")
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

fn done(folder: &Path, line: &[&str]) -> String {
    let (out, said, code) = run(folder, line);
    assert_eq!(code, 0, "{line:?}: {said}");
    out
}

fn sql(path: &Path, script: &str) {
    let script = format!("PRAGMA foreign_keys = off; {script}");
    rusqlite::Connection::open(path).unwrap().execute_batch(&script).unwrap();
}

/// A store as a program of an earlier version made it.
fn earlier(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name).with_extension("dixit");
    sql(&path, &fs::read_to_string(Path::new(ROOT).join("tests/stores").join(name)).unwrap());
    path
}

/// The saved queries that ship with the tool, each with values for its parameters.
fn questions() -> Vec<Vec<String>> {
    let mut questions = Vec::new();
    for entry in fs::read_dir(Path::new(ROOT).join("queries")).unwrap() {
        let path = entry.unwrap().path();
        let saved = script::read(&Source::inline(fs::read_to_string(&path).unwrap())).unwrap();
        let mut line = vec!["run".to_owned(), path.to_str().unwrap().to_owned()];
        for (name, value) in &saved.examples.first().unwrap().given {
            if let Value::Text(text) = value {
                line.extend(["-p".to_owned(), format!("{name}={text}")]);
            }
        }
        line.extend(["--format", "json"].map(str::to_owned));
        questions.push(line);
    }
    questions.sort();
    questions
}

fn answers(folder: &Path, store: &str) -> Vec<(String, String)> {
    let answer = |line: &Vec<String>| {
        let mut line: Vec<&str> = line.iter().map(String::as_str).collect();
        line.extend(["--db", store]);
        let (out, _, code) = run(folder, &line);
        (line[1].to_owned(), format!("{code} {out}"))
    };
    questions().iter().map(answer).collect()
}

#[test]
fn a_store_of_an_earlier_version_answers_as_a_fresh_one() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    done(here, &["demo"]);
    let fresh = answers(here, "geneva.dixit");
    assert!(fresh.iter().filter(|(_, answer)| answer.starts_with("0 ")).count() > 40);
    for name in ["geneva-1.sql", "geneva-2.sql"] {
        let path = earlier(here, name);
        let store = path.file_name().unwrap().to_str().unwrap();
        let before = fs::read(&path).unwrap();
        // Through a copy first, which leaves the file as it was.
        let question =
            ["query", "match (s:Statement) return count(*)", "--db", store, "--format", "csv"];
        let (counted, said, _) = run(here, &question);
        assert!(said.contains("was made by an older dixit"), "{said}");
        assert_eq!(counted, "count(*)\n49\n");
        let (_, said, code) = run(
            here,
            &["write", "match (a:Actor 'Rubio') set a.note = 'x'", "--why", "x", "--db", store],
        );
        assert!(code == 4 && said.contains("dixit upgrade"), "{said}");
        let (_, said, _) = run(here, &["upgrade", store, "--dry-run"]);
        assert!(said.contains("would go from store version"), "{said}");
        assert_eq!(fs::read(&path).unwrap(), before, "{name}");
        let (_, said, code) = run(here, &["upgrade", store]);
        assert_eq!(code, 0, "{said}");
        let copy = here.join(format!("{}-version-{}.backup", &store[..8], &store[7..8]));
        assert_eq!(store::version(&copy).unwrap().to_string(), store[7..8]);
        assert_eq!(answers(here, store), fresh, "{name}");
        assert_eq!(run(here, &["check", "--db", store]).2, 0);
        // It is a store like any other.
        done(
            here,
            &["write", "match (a:Actor 'Rubio') set a.note = 'x'", "--why", "x", "--db", store],
        );
        let log = done(here, &["log", store, "--format", "csv"]);
        assert!(
            log.contains("added 31 actors") && log.contains(",upgrade,from store version"),
            "{log}"
        );
    }
}

/// Whoever reads or writes stands in the way of an upgrade, is told so, and goes on undisturbed.
#[test]
fn an_upgrade_waits_for_nobody_and_disturbs_nobody() {
    let folder = TempDir::new().unwrap();
    let path = earlier(folder.path(), "geneva-2.sql");
    let other = rusqlite::Connection::open(&path).unwrap();
    let before = fs::read(&path).unwrap();
    for begin in ["BEGIN; SELECT count(*) FROM actor", "BEGIN IMMEDIATE"] {
        let begun = other.execute_batch(begin);
        assert!(begun.is_ok(), "{begin}: {begun:?}");
        let (_, said, code) = run(folder.path(), &["upgrade", "geneva-2.dixit"]);
        assert_eq!(code, 4, "{said}");
        assert!(said.contains("is in use by another process"), "{said}");
        other.execute_batch("ROLLBACK").unwrap();
        assert!(fs::read(&path).unwrap() == before, "{begin}");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{begin}: {left:?}");
    }
    drop(other);
    done(folder.path(), &["upgrade", "geneva-2.dixit", "--who", "ada"]);
    let log = done(folder.path(), &["log", "geneva-2.dixit", "--format", "csv"]);
    assert!(
        log.lines().nth(1).unwrap().ends_with(",ada,upgrade,from store version 2 to 3"),
        "{log}"
    );
    assert_eq!(done(folder.path(), &["diff", "geneva-2-version-2.backup", "geneva-2.dixit"]), "");
}

#[test]
fn the_log_of_an_earlier_version_is_kept() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    earlier(here, "geneva-2.sql");
    done(here, &["upgrade", "geneva-2.dixit"]);
    done(here, &["undo", "geneva-2.dixit", "5", "--why", "it was a topic"]);
    let topics = done(
        here,
        &[
            "query",
            "match (t:Topic 'Borders') return t.key",
            "--db",
            "geneva-2.dixit",
            "--format",
            "csv",
        ],
    );
    assert_eq!(topics, "t.key\nborders\n");
    // What the first version logged has no rows: it can neither be undone nor asked about.
    earlier(here, "geneva-1.sql");
    done(here, &["upgrade", "geneva-1.dixit"]);
    let (_, said, code) = run(here, &["undo", "geneva-1.dixit", "1", "--why", "x"]);
    assert!(code == 4 && said.contains("did not keep rows"), "{said}");
    let (_, said, code) = run(here, &["undo", "geneva-1.dixit", "2", "--why", "x"]);
    assert!(code == 4 && said.contains("brought the store to a new version"), "{said}");
}

#[test]
fn declared_kinds_come_along() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    earlier(here, "films-2.sql");
    let question = [
        "query",
        "match (p:Person)-[r:acted_in]->(f:Film) return p.name, p.score, p.misc, p.city, r.role, f.title order by r.year",
        "--db",
        "films-2.dixit",
        "--format",
        "csv",
    ];
    let expected = "p.name,p.score,p.misc,p.city,r.role,f.title\nTim,1.0,2025,,x,Up\nAnn,0.30000000000000004,1; x; 2025-01-01,,y,Up\n";
    assert_eq!(done(here, &question), expected);
    done(here, &["upgrade", "films-2.dixit"]);
    assert_eq!(done(here, &question), expected);
    done(here, &["undo", "films-2.dixit", "4", "--why", "Tom"]);
    assert!(done(here, &question).contains("Tom"));
    assert_eq!(run(here, &["check", "--db", "films-2.dixit"]).2, 0);
}

#[test]
fn what_is_not_as_its_version_was_made_is_not_upgraded() {
    for change in [
        "CREATE TRIGGER sneaky AFTER INSERT ON actor BEGIN DELETE FROM claim; END",
        "CREATE VIEW sneaky AS SELECT 1",
        "ALTER TABLE actor ADD COLUMN more TEXT",
        "PRAGMA user_version = 1",
    ] {
        let folder = TempDir::new().unwrap();
        let path = earlier(folder.path(), "geneva-2.sql");
        sql(&path, change);
        let before = fs::read(&path).unwrap();
        for line in [&["upgrade"][..], &["upgrade", "--dry-run"], &["stats"]] {
            let (_, said, code) = run(folder.path(), line);
            assert!(code == 4 && said.contains("that dixit did not make"), "{change}: {said}");
        }
        assert_eq!(fs::read(&path).unwrap()[100..], before[100..]);
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "{change}: nothing is left beside it"
        );
    }
}

#[test]
fn a_store_that_would_break_a_rule_stays_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = earlier(folder.path(), "geneva-2.sql");
    sql(&path, "PRAGMA foreign_keys = off; DELETE FROM attestation WHERE statement = 1");
    let (out, said, code) = run(folder.path(), &["upgrade"]);
    assert!(code == 4 && out.contains("S01") && said.contains("left as it is"), "{out}{said}");
    assert_eq!(store::version(&path).unwrap(), 2);
}

#[test]
fn terms_of_the_user_keep_their_numbers() {
    let folder = TempDir::new().unwrap();
    let path = earlier(folder.path(), "geneva-1.sql");
    // A shipped term that the old store lacks, and a user's own that has the number of a later one.
    sql(
        &path,
        "DELETE FROM term WHERE vocabulary = 'credibility' AND term = '6';
      INSERT INTO term (id, vocabulary, term) VALUES (143, 'actor-kind', 'band');
      UPDATE actor SET kind = 143 WHERE key = 'marco-rubio'",
    );
    done(folder.path(), &["upgrade"]);
    let kind =
        done(folder.path(), &["query", "match (a:Actor 'Rubio') return a.kind", "--format", "csv"]);
    assert_eq!(kind, "a.kind\nband\n");
    let schema = done(folder.path(), &["schema", "credibility", "--format", "csv"]);
    assert!(schema.contains("term,6,"), "{schema}");
}

fn demo(folder: &TempDir) -> PathBuf {
    done(folder.path(), &["demo"]);
    folder.path().join("geneva.dixit")
}

#[test]
fn a_newer_store_is_read_by_what_its_catalogue_tells() {
    let folder = TempDir::new().unwrap();
    let (path, here) = (demo(&folder), folder.path());
    sql(&path, "PRAGMA user_version = 99; CREATE TABLE feeling (id INTEGER PRIMARY KEY) STRICT;
      ALTER TABLE actor ADD COLUMN pronoun TEXT; UPDATE actor SET pronoun = 'he' WHERE key = 'marco-rubio';
      INSERT INTO dixit_property (table_name, position, name, type, storage, column_name, doc)
        VALUES ('actor', 9, 'pronoun', 'text', 'column', 'pronoun', 'how to speak of one');");
    let before = fs::read(&path).unwrap();
    let (out, said, code) =
        run(here, &["query", "match (a:Actor 'Rubio') return a.pronoun", "--format", "csv"]);
    assert_eq!((out.as_str(), code), ("a.pronoun\nhe\n", 0), "{said}");
    assert!(said.contains("was made by a newer dixit (store version 99)"), "{said}");
    for line in [
        &["write", "match (a:Actor 'Rubio') set a.note = 'x'", "--why", "x"][..],
        &["undo", "1", "--why", "x"],
        &["upgrade"],
        &["import", "nothing.csv"],
    ] {
        let (_, said, code) = run(here, line);
        assert!(code == 4 && said.contains("newer dixit"), "{line:?}: {said}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    done(here, &["backup", "copy.dixit"]);
    assert_eq!(store::version(&here.join("copy.dixit")).unwrap(), 99);
}

#[test]
fn a_newer_store_that_cannot_be_read_safely_is_refused() {
    for (change, why) in [
        (
            "CREATE TRIGGER sneaky AFTER INSERT ON actor BEGIN DELETE FROM claim; END",
            "it has a trigger, sneaky",
        ),
        ("CREATE INDEX sneaky ON actor (abs(id))", "`actor` is no plain table"),
        ("ALTER TABLE topic ADD COLUMN more TEXT AS (upper(name))", "`topic` is no plain table"),
        (
            "ALTER TABLE venue RENAME TO place; CREATE VIEW venue AS SELECT * FROM place",
            "`venue` is no plain table",
        ),
        (
            "ALTER TABLE statement RENAME COLUMN utterance TO said_with",
            "`statement` lacks the column `utterance`",
        ),
        ("ALTER TABLE dixit_kind DROP COLUMN labels", "its catalogue is kept in another way"),
        (
            "UPDATE dixit_property SET storage = 'cloud' WHERE name = 'utterance'",
            "`utterance` is kept in a way",
        ),
        ("DROP TABLE lookup", "`lookup` is no plain table"),
    ] {
        let folder = TempDir::new().unwrap();
        let path = demo(&folder);
        sql(&path, &format!("PRAGMA legacy_alter_table = on; {change}; PRAGMA user_version = 4"));
        let (_, said, code) = run(folder.path(), &["stats"]);
        assert!(
            code == 4 && said.contains(why) && said.contains("cannot be read"),
            "{change}: {said}"
        );
    }
}

#[test]
fn a_copy_is_what_was_there_when_it_began() {
    let folder = TempDir::new().unwrap();
    let path = demo(&folder);
    let mut writer = store::open_for_writing(&path).unwrap();
    let mut batch = writer.begin(Plan { dry_run: false, large: false }).unwrap();
    batch.undo(1).unwrap();
    // Somebody writes: everything is gone in there, nothing is gone out here.
    let copy = folder.path().join("copy.backup");
    let steps = std::cell::Cell::new(0);
    let mut count = |_, _| {
        steps.set(steps.get() + 1);
        ControlFlow::Continue(())
    };
    let copied = backup(&path, &Place::File(copy.clone()), &mut count).unwrap();
    let change = Change {
        at: "2026-01-01T00:00:00Z",
        who: None,
        why: None,
        action: Action::Undo(1),
        files: &[],
    };
    batch.keep(&change).unwrap();
    drop(writer);
    assert!(steps.get() > 0 && copied.rows > 500, "{copied:?}");
    let count = |path: &Path| {
        let counts = store::open(path, &Limits::default()).unwrap().counts().unwrap();
        counts.iter().map(|(_, count)| count).sum::<u64>()
    };
    assert_eq!((count(&path), count(&copy) > 200), (0, true));
    assert_eq!(fs::read(&copy).unwrap()[18..20], [1, 1], "one file, not in write-ahead mode");
    assert_eq!(run(folder.path(), &["check", "--db", "copy.backup"]).2, 0);
}

#[test]
fn a_copy_never_takes_a_name_and_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let (path, here) = (demo(&folder), folder.path());
    for _ in 0..3 {
        done(here, &["backup"]);
    }
    let count = || fs::read_dir(here).unwrap().count();
    assert_eq!(count(), 4);
    let (_, said, code) = run(here, &["backup", "geneva.dixit"]);
    assert!(code == 4 && said.contains("is there already"), "{said}");
    let mut stop = |_, _| ControlFlow::Break(());
    assert!(backup(&path, &Place::File(here.join("x")), &mut stop).is_err());
    let (_, said, code) = run(here, &["backup", "nowhere/x.dixit"]);
    assert!(code == 4 && said.contains("nowhere"), "{said}");
    assert_eq!(count(), 4);
    // A damaged store is not copied as if it were sound.
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(7);
    fs::write(&path, bytes).unwrap();
    let (_, said, code) = run(here, &["backup", "damaged.backup"]);
    assert!(code == 4 && !here.join("damaged.backup").exists(), "{said}");
    assert_eq!(count(), 4);
}
