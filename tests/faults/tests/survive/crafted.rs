//! Files that somebody made to do harm, or that came into the wrong company. Each has its message, and is left as it is.

use crate::{DIXIT, History};
use dixit::store::{self, Limits, check::check};
use dixit_faults::{changes, judge};
use rusqlite::Connection;
use std::{fs, path::Path, process::Command};

/// What must come of it.
enum Expected {
    /// It is not opened, with these words.
    Refused(&'static str),
    /// It is opened, and `dixit check` finds this.
    Found(&'static str),
    /// It does no harm: it is opened and sound.
    Harmless,
}
use Expected::{Found, Harmless, Refused};

const FOREIGN: &str = "holds tables, views or triggers that dixit did not make";

/// What is done to a store by SQL.
const BY_SQL: &[(&str, &str, Expected)] = &[
    ("a view more", "CREATE VIEW v_more AS SELECT load_extension('evil') AS x", Refused(FOREIGN)),
    (
        "a trigger on statements",
        "CREATE TRIGGER evil AFTER UPDATE ON statement BEGIN DELETE FROM claim; END",
        Refused(FOREIGN),
    ),
    (
        "a trigger on the log",
        "CREATE TRIGGER evil BEFORE INSERT ON change BEGIN SELECT raise(ignore); END",
        Refused(FOREIGN),
    ),
    ("a virtual table", "CREATE VIRTUAL TABLE evil USING fts5 (x)", Refused(FOREIGN)),
    ("an index with a function", "CREATE INDEX evil ON actor (upper(name))", Refused(FOREIGN)),
    (
        "a partial index with a function",
        "CREATE INDEX evil ON actor (name) WHERE length(name) > 3",
        Refused(FOREIGN),
    ),
    (
        "a column that is computed",
        "ALTER TABLE actor ADD COLUMN evil TEXT AS (hex(name))",
        Refused(FOREIGN),
    ),
    (
        "a view that was rewritten",
        "PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = 'CREATE VIEW v_claim AS SELECT * FROM sqlite_schema'
         WHERE name = 'v_claim'",
        Refused(FOREIGN),
    ),
    (
        "a table that stands on the root of another",
        "PRAGMA writable_schema = on; UPDATE sqlite_schema SET rootpage =
         (SELECT rootpage FROM sqlite_schema WHERE name = 'change') WHERE name = 'actor'",
        Found("S12"),
    ),
    (
        "a kind that is the schema",
        "UPDATE dixit_kind SET table_name = 'sqlite_schema' WHERE name = 'Venue'",
        Refused(FOREIGN),
    ),
    (
        "a kind that is the log",
        "UPDATE dixit_kind SET table_name = 'change', key_column = 'why' WHERE name = 'Venue'",
        Refused(FOREIGN),
    ),
    (
        "a property that is SQL",
        "UPDATE dixit_property SET column_name = 'name\" FROM actor; ATTACH ''/tmp/evil'' AS evil; --' WHERE name = 'name'",
        Refused(FOREIGN),
    ),
    (
        "a kind of its own that is SQL",
        "INSERT INTO dixit_kind (id, name, table_name, key_column, doc) VALUES
         (1001, 'Evil', 'kind_1001\"; ATTACH ''/tmp/evil'' AS evil; --', 'key', '')",
        Refused(FOREIGN),
    ),
    (
        "a table called like an attached file",
        "CREATE TABLE \"main.evil; ATTACH '/tmp/evil' AS evil\" (x)",
        Refused(FOREIGN),
    ),
    ("a search index that was emptied", "DELETE FROM claim_search_data WHERE id > 10", Found("S12")),
    (
        "a search index full of rubbish",
        "UPDATE claim_search_data SET block = randomblob(500) WHERE id > 10",
        Found("S12"),
    ),
    (
        "statistics that lie",
        "ANALYZE; UPDATE sqlite_stat1 SET stat = '99999999999999999999 -1 junk unordered noskipscan sz=-5'",
        Harmless,
    ),
    (
        "another program's tables under our number",
        "PRAGMA writable_schema = on; DELETE FROM sqlite_schema; PRAGMA writable_schema = off; VACUUM; CREATE TABLE mail (x)",
        Refused(FOREIGN),
    ),
    (
        "text where numbers belong",
        "PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'actor'",
        Refused(FOREIGN),
    ),
];

/// A change of the file itself, and of what is beside it.
type Craft = fn(&History, &Path);

const BY_HAND: &[(&str, Craft, Expected)] = &[
    (
        "a header that tells of four billion pages",
        |_, path| patch(path, 28, &[0xff; 4]),
        Refused("is cut short"),
    ),
    ("a text in UTF-16", utf_16, Refused("is another program's SQLite file")),
    ("a text in UTF-16 under our number", ours_in_utf_16, Refused(FOREIGN)),
    ("a log of another store", |history, path| beside(history, path, "-wal"), Refused("-wal")),
    (
        "a journal of another store",
        |history, path| beside(history, path, "-journal"),
        Refused("-journal"),
    ),
    ("a journal of another program", foreign_journal, Refused("-journal")),
    ("a journal that is a text", |_, path| write(path, "-journal", b"hello\n"), Harmless),
    ("a log that is a text", |_, path| write(path, "-wal", b"hello\n"), Harmless),
    ("shared memory that is a text", |_, path| write(path, "-shm", b"hello\n"), Harmless),
    (
        "a folder in place of the journal",
        |_, path| fs::create_dir(with(path, "-journal")).unwrap(),
        Refused("-journal"),
    ),
];

fn with(path: &Path, ending: &str) -> String {
    format!("{}{ending}", path.display())
}

fn write(path: &Path, ending: &str, bytes: &[u8]) {
    fs::write(with(path, ending), bytes).unwrap();
}

fn patch(path: &Path, at: usize, bytes: &[u8]) {
    let mut file = fs::read(path).unwrap();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    fs::write(path, file).unwrap();
}

fn utf_16(_: &History, path: &Path) {
    fs::remove_file(path).unwrap();
    let sql = "PRAGMA encoding = 'UTF-16'; CREATE TABLE t (x); INSERT INTO t VALUES ('text')";
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// All tables of a store, in another encoding.
fn ours_in_utf_16(_: &History, path: &Path) {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '%search_%'";
    let mut statement = connection.prepare(sql).unwrap();
    let made: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(statement);
    drop(connection);
    fs::remove_file(path).unwrap();
    let other = Connection::open(path).unwrap();
    other.execute_batch("PRAGMA encoding = 'UTF-16'; PRAGMA application_id = 1684633716").unwrap();
    for sql in made.iter().filter(|sql| !sql.contains("sqlite_")) {
        other.execute_batch(sql).unwrap();
    }
    let version = u32::from_be_bytes(VERSION_OF_HEADER.with_borrow(|version| *version));
    other.execute_batch(&format!("PRAGMA user_version = {version}")).unwrap();
}

thread_local! {
    static VERSION_OF_HEADER: std::cell::RefCell<[u8; 4]> = const { std::cell::RefCell::new([0; 4]) };
}

/// A store whose writer died, with what it left; only that is put beside this store.
fn beside(history: &History, path: &Path, ending: &str) {
    let folder = crate::folder();
    let other = history.put(0, folder.path());
    changes::geneva(&other).unwrap();
    changes::sheet(&other).unwrap();
    let mode = if ending == "-wal" { "wal" } else { "delete" };
    let connection = Connection::open(&other).unwrap();
    connection.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |_| Ok(())).unwrap();
    let grow = "PRAGMA cache_size = 5; PRAGMA cache_spill = 5; BEGIN;
      INSERT INTO claim (key, text) SELECT 'k' || value, printf('%.9000c', 'x') FROM generate_series(1, 50)";
    let grow = grow
        .replace("generate_series(1, 50)", "json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]')");
    connection.execute_batch(&grow).unwrap();
    if ending == "-wal" {
        connection.execute_batch("COMMIT").unwrap();
    }
    fs::copy(with(&other, ending), with(path, ending)).unwrap();
}

/// What a mail program left when it died.
fn foreign_journal(_: &History, path: &Path) {
    let folder = crate::folder();
    let other = folder.path().join("mail.db");
    let connection = Connection::open(&other).unwrap();
    let sql = "CREATE TABLE mail (x); INSERT INTO mail SELECT printf('%.3000c', 'x') FROM json_each('[1,2,3,4,5,6,7,8,9,10]');
      PRAGMA cache_size = 5; PRAGMA cache_spill = 5; BEGIN; UPDATE mail SET x = x || 'y'";
    connection.execute_batch(sql).unwrap();
    fs::copy(with(&other, "-journal"), with(path, "-journal")).unwrap();
}

/// What is wrong with what came of it, if anything is.
fn verdict(path: &Path, expected: &Expected) -> Result<(), String> {
    let before = fs::read(path).unwrap();
    let reading = store::open(path, &Limits::default());
    match expected {
        Refused(words) => {
            let Err(error) = reading else { return Err("was opened".to_owned()) };
            if !error.to_string().contains(words) {
                return Err(format!("refused otherwise: {error}"));
            }
            let Err(error) = store::open_for_writing(path) else {
                return Err("was opened for writing".to_owned());
            };
            if !error.to_string().contains(words) {
                return Err(format!("refused otherwise for writing: {error}"));
            }
            let out = Command::new(DIXIT).args(["stats", "--db"]).arg(path).output().unwrap();
            if out.status.code() != Some(4) {
                return Err(format!("the program ends with {}", out.status));
            }
            if fs::read(path).unwrap() != before {
                return Err("the file was changed".to_owned());
            }
        }
        Found(code) => {
            let reader = reading.map_err(|error| error.to_string())?;
            let found = check(&reader);
            let told = match &found {
                Ok(found) => found.iter().any(|finding| finding.rule.code == *code),
                Err(error) => error.to_string().contains("damaged"),
            };
            if !told {
                return Err(format!("not found: {found:?}"));
            }
        }
        Harmless => {
            drop(reading.map_err(|error| error.to_string())?);
            judge::sound(path)?;
        }
    }
    Ok(())
}

#[test]
fn crafted_files_are_refused_with_their_message() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let mut wrong = Vec::new();
    VERSION_OF_HEADER.set(history.stores[1].0[60..64].try_into().unwrap());
    let mut count = 0;
    let mut judge = |name: &str, expected: &Expected, craft: &dyn Fn(&Path)| {
        let folder = crate::folder();
        let path = history.put(1, folder.path());
        craft(&path);
        count += 1;
        if let Err(error) = verdict(&path, expected) {
            wrong.push(format!("{name}: {error}"));
        }
    };
    for (name, sql, expected) in BY_SQL {
        judge(name, expected, &|path| {
            let connection = Connection::open(path).unwrap();
            connection.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
        });
    }
    for (name, craft, expected) in BY_HAND {
        judge(name, expected, &|path| craft(&history, path));
    }
    println!("crafted: {count} files, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
