//! Files that are no store of ours, or not a whole one, are refused in plain words; a reader can only read.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use dixit::{
    import::import_geneva,
    store::{self, Limits, error::Error, making::Making},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

fn geneva(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("geneva.dixit");
    let mut writer = store::create(&path).unwrap();
    import_geneva(&mut writer, "2026-01-01T00:00:00Z").unwrap();
    path
}

fn open_error(path: &Path) -> String {
    let reading = store::open(path, &Limits::default()).unwrap_err().to_string();
    let writing = store::open_for_writing(path).unwrap_err().to_string();
    assert_eq!(reading, writing);
    reading
}

fn change(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_new_store_is_made_but_never_over_a_file() {
    let folder = TempDir::new().unwrap();
    let path = geneva(&folder);
    assert!(matches!(store::create(&path), Err(Error::Exists(_))));
    assert!(store::open(&path, &Limits::default()).is_ok());
}

#[test]
fn a_store_at_rest_is_one_file_that_can_be_read_only() {
    let folder = TempDir::new().unwrap();
    let path = geneva(&folder);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let header = fs::read(&path).unwrap();
    assert_eq!(header[18..20], [1, 1], "not in write-ahead mode");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    assert!(store::open(&path, &Limits::default()).unwrap().catalogue().unwrap().kinds.len() == 10);
}

#[test]
fn files_that_are_no_store_are_named_for_what_they_are() {
    let folder = TempDir::new().unwrap();
    let check = |name: &str, bytes: &[u8], expected: &str| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let message = open_error(&path);
        assert!(message.contains(expected), "{name}: {message}");
    };
    check("empty", b"", "is an empty file, so it is not a dixit store");
    check("text", &b"hello, world\n".repeat(20), "is not a SQLite file");
    let other = folder.path().join("other");
    change(&other, "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    assert!(open_error(&other).contains("is another program's SQLite file"));
    assert!(open_error(&folder.path().join("none")).contains("there is no store at"));
    assert!(open_error(folder.path()).contains("is a folder"));
}

#[test]
fn newer_and_older_stores_and_a_cut_one_are_refused() {
    let folder = TempDir::new().unwrap();
    let path = geneva(&folder);
    let bytes = fs::read(&path).unwrap();
    change(&path, "PRAGMA user_version = 4");
    let writing = store::open_for_writing(&path).unwrap_err().to_string();
    assert!(writing.contains("was made by a newer dixit (store version 4"), "{writing}");
    change(&path, "PRAGMA user_version = 2");
    assert!(open_error(&path).contains("was made by an older dixit (store version 2"));
    change(&path, "PRAGMA user_version = 0");
    assert!(open_error(&path).contains("is of a version that no dixit made"));
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(open_error(&path).contains("is cut short"));
}

#[test]
fn a_changed_schema_is_refused() {
    for sql in [
        "CREATE VIEW sneaky AS SELECT load_extension('x')",
        "CREATE TRIGGER sneaky AFTER INSERT ON actor BEGIN DELETE FROM claim; END",
        "CREATE INDEX sneaky ON actor (abs(id))",
        "DROP VIEW v_claim",
        "ALTER TABLE actor ADD COLUMN more TEXT",
    ] {
        let folder = TempDir::new().unwrap();
        let path = geneva(&folder);
        change(&path, sql);
        assert!(
            open_error(&path).contains("tables, views or triggers that dixit did not make"),
            "{sql}"
        );
    }
}

#[test]
fn the_catalogue_the_counts_and_the_names_are_read() {
    let folder = TempDir::new().unwrap();
    let reader = store::open(&geneva(&folder), &Limits::default()).unwrap();
    let catalogue = reader.catalogue().unwrap();
    assert_eq!(
        (catalogue.kinds.len(), catalogue.edges.len(), catalogue.terms.len()),
        (10, 28, 143)
    );
    assert!(reader.counts().unwrap().contains(&("Statement".to_owned(), 49)));
    let names = reader.names(1, 1000).unwrap();
    assert!(
        ["marco-rubio", "Marco Rubio", "Rubio"]
            .iter()
            .all(|name| names.iter().any(|known| known == name))
    );
}

#[test]
fn damage_done_by_other_programs_is_found() {
    for (sql, code) in [
        ("DELETE FROM attestation WHERE statement = 1", "S01"),
        (
            "UPDATE statement SET speaker = speaker + 1 WHERE id = (SELECT from_statement FROM statement_link WHERE link = 90)",
            "S03",
        ),
        (
            "INSERT INTO statement_link SELECT to_statement, link, from_statement, NULL, NULL FROM statement_link WHERE link = 87 LIMIT 1",
            "S04",
        ),
        (
            "UPDATE claim_link SET link = 87 WHERE from_claim = (SELECT min(from_claim) FROM claim_link)",
            "S05",
        ),
        ("DELETE FROM claim_link WHERE link = 101 AND from_claim < to_claim", "S06"),
        ("DELETE FROM lookup WHERE kind = 1 AND node = 1", "S08"),
        ("UPDATE statement SET date_first = 20251340, date_last = 20251340 WHERE id = 1", "S09"),
        ("INSERT INTO claim_about VALUES (1, 1, 999)", "S10"),
        ("UPDATE statement SET act = 20 WHERE id = 1", "S11"),
        ("PRAGMA foreign_keys = off; UPDATE statement SET venue = 999 WHERE id = 1", "S13"),
    ] {
        let folder = TempDir::new().unwrap();
        let path = geneva(&folder);
        change(&path, sql);
        let findings =
            store::check::check(&store::open(&path, &Limits::default()).unwrap()).unwrap();
        assert!(findings.iter().any(|finding| finding.rule.code == code), "{code}: {findings:?}");
    }
}

#[test]
fn a_store_in_the_making_has_no_name_until_it_is_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new.dixit");
    let mut making = Making::start(&path).unwrap();
    import_geneva(making.writer(), "2026-01-01T00:00:00Z").unwrap();
    assert!(!path.exists());
    making.keep().unwrap();
    assert!(store::open(&path, &Limits::default()).is_ok());
    drop(Making::start(&folder.path().join("dropped.dixit")).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn a_file_that_came_while_a_store_was_made_stays() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new.dixit");
    let making = Making::start(&path).unwrap();
    fs::write(&path, "somebody's notes").unwrap();
    assert!(matches!(making.keep(), Err(Error::Exists(_))));
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody's notes");
    assert!(matches!(Making::start(&path), Err(Error::Exists(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
