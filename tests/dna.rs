//! Files of Discourse Network Analyzer come in as sources, statements and claims; a database made to harm is refused.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use dixit::import::{self, Report, Request, import};
use dixit::store::{self, Limits, check::check};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The tables of version 3 that matter here, with the names and types they have there.
const THREE: &str = "
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT NOT NULL);
CREATE TABLE DOCUMENTS(ID INTEGER NOT NULL PRIMARY KEY, Title TEXT NOT NULL, Text TEXT NOT NULL, Coder INTEGER,
  Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT '', Section TEXT NOT NULL DEFAULT '',
  Notes TEXT NOT NULL DEFAULT '', Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL);
CREATE TABLE STATEMENTTYPES(ID INTEGER NOT NULL PRIMARY KEY, Label TEXT NOT NULL, Red INTEGER NOT NULL DEFAULT 0);
CREATE TABLE VARIABLES(ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT NOT NULL, DataType TEXT NOT NULL,
  StatementTypeId INTEGER, UNIQUE (Variable, StatementTypeId));
CREATE TABLE STATEMENTS(ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER,
  Start INTEGER NOT NULL, Stop INTEGER NOT NULL, Coder INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Value INTEGER NOT NULL DEFAULT 1, UNIQUE (StatementId, VariableId));
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Value INTEGER NOT NULL DEFAULT 0, UNIQUE (StatementId, VariableId));
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, Value TEXT NOT NULL DEFAULT '',
  ChildOf INTEGER, UNIQUE (VariableId, Value));
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Entity INTEGER NOT NULL, UNIQUE (StatementId, VariableId));
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
  Value TEXT DEFAULT '', UNIQUE (StatementId, VariableId));
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL,
  AttributeVariable TEXT NOT NULL, UNIQUE(VariableId, AttributeVariable));
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY NOT NULL, EntityId INTEGER NOT NULL,
  AttributeVariableId INTEGER NOT NULL, AttributeValue TEXT NOT NULL DEFAULT '');
INSERT INTO SETTINGS VALUES ('version', '3.0.7');
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement', 239), (2, 'Annotation', 211);
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
  (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1), (5, 'note', 'long text', 2), (6, 'strength', 'integer', 1);
";

/// A document of 5 July 2011, midnight, whose text has letters that take two units.
const CONTENT: &str = "
INSERT INTO DOCUMENTS VALUES (7, 'Bridge talks', '🌉 Ada: it holds. Ben: it does not.', 1, 'R. Eporter', 'Courier', 'Local', 'Read twice.', '', 1309824000);
INSERT INTO DOCUMENTS VALUES (8, 'Unread', 'Nothing.', 1, '', '', '', '', '', 1309824000);
INSERT INTO ENTITIES VALUES (1, 1, 'Ada Quill', NULL), (2, 1, 'Ben Marsh', NULL), (3, 2, 'Council', NULL), (4, 3, 'The bridge holds.', NULL), (5, 3, '', NULL);
INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 1, 'Alias'), (2, 1, 'Type');
INSERT INTO ATTRIBUTEVALUES VALUES (1, 1, 1, 'A. Quill'), (2, 1, 2, 'engineer');
INSERT INTO STATEMENTS VALUES (11, 1, 7, 3, 17, 1), (12, 1, 7, 18, 35, 1), (13, 2, 7, 0, 2, 1), (14, 1, 7, 3, 17, 1), (15, 1, 7, 3, 17, 1);
INSERT INTO DATASHORTTEXT VALUES (1, 11, 1, 1), (2, 11, 2, 3), (3, 11, 3, 4), (4, 12, 1, 2), (5, 12, 3, 4), (6, 14, 2, 3), (7, 14, 3, 4), (8, 15, 1, 1), (9, 15, 3, 5);
INSERT INTO DATABOOLEAN VALUES (1, 11, 4, 1), (2, 12, 4, 0), (3, 14, 4, 1), (4, 15, 4, 1);
INSERT INTO DATAINTEGER VALUES (1, 11, 6, 3);
INSERT INTO DATALONGTEXT VALUES (1, 13, 5, 'look again');
";

struct World {
    folder: TempDir,
    writer: store::Writer,
}

impl World {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let writer = store::create(&folder.path().join("test.dixit")).unwrap();
        Self { folder, writer }
    }

    fn file(&self, name: &str, sql: &[&str]) -> PathBuf {
        let path = self.folder.path().join(name);
        let _old = std::fs::remove_file(&path);
        let connection = Connection::open(&path).unwrap();
        for sql in sql {
            connection.execute_batch(sql).unwrap();
        }
        path
    }

    fn import(&mut self, path: &Path) -> Result<Report, import::Error> {
        let request = Request {
            paths: vec![path.into()],
            create_missing: true,
            now: "2026-01-01T00:00:00Z".into(),
            ..Request::default()
        };
        import(&mut self.writer, &request, &mut |_| ())
    }

    fn ask(&self, sql: &str) -> Vec<String> {
        let connection = Connection::open(self.writer.path()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

const STATEMENTS: &str = "SELECT a.name || '|' || t.term || '|' || c.text || '|' || s.date_text || '|' || coalesce(s.note, '')
  || '|' || o.title || '|' || x.locator || '|' || x.quote FROM statement s JOIN actor a ON a.id = s.speaker
  JOIN term t ON t.id = s.act JOIN claim c ON c.id = s.claim JOIN attestation x ON x.statement = s.id
  JOIN source o ON o.id = x.source ORDER BY x.locator, a.name";

#[test]
fn statements_become_statements() {
    let mut world = World::new();
    let path = world.file("bridge.dna", &[THREE, CONTENT]);
    let report = world.import(&path).unwrap();
    assert_eq!(report.refused, []);
    let expected = [
        "Ben Marsh|denies|The bridge holds.|[..2011-07-05]||Bridge talks|characters 18-35|Ben: it does not.",
        "Ada Quill|asserts|The bridge holds.|[..2011-07-05]|strength: 3|Bridge talks|characters 3-17|Ada: it holds.",
        "Council|asserts|The bridge holds.|[..2011-07-05]||Bridge talks|characters 3-17|Ada: it holds.",
    ];
    assert_eq!(world.ask(STATEMENTS), expected);
    let left_out: Vec<(&str, u64)> =
        report.left_out.iter().map(|(noun, count)| (noun.as_str(), *count)).collect();
    let expected = [
        ("annotation", 1),
        ("attribute", 1),
        ("document without a statement", 1),
        ("section of a document", 1),
        ("statement without a concept", 1),
    ];
    assert_eq!(left_out, expected);
    let ties = "SELECT a.name || ' ' || t.term || ' ' || b.name || ' ' || r.as_of_first FROM relation r JOIN actor a ON a.id = r.from_node
      JOIN actor b ON b.id = r.to_node JOIN term t ON t.id = r.relation";
    assert_eq!(world.ask(ties), ["Ada Quill member_of Council 20110705"]);
    assert_eq!(world.ask("SELECT name FROM alias WHERE name LIKE 'A.%'"), ["A. Quill"]);
    let sources = "SELECT title || '|' || p.name || '|' || w.name || '|' || published_first || '|' || s.note FROM source s
      JOIN actor p ON p.id = s.publisher JOIN actor w ON w.id = s.author";
    assert_eq!(world.ask(sources), ["Bridge talks|Courier|R. Eporter|20110705|Read twice."]);
    let again = world.import(&path).unwrap();
    assert_eq!((again.added, again.changed, again.refused_count), (vec![], vec![], 0));
    let reader = store::open(world.writer.path(), &Limits::default()).unwrap();
    assert_eq!(check(&reader).unwrap(), []);
}

#[test]
fn files_of_version_two_are_read_too() {
    let mut world = World::new();
    let older = "DROP TABLE DATASHORTTEXT; DROP TABLE ENTITIES; DROP TABLE ATTRIBUTEVALUES; DROP TABLE ATTRIBUTEVARIABLES;
      CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);
      CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Type TEXT, Alias TEXT, Notes TEXT);
      INSERT INTO DOCUMENTS VALUES (7, 'Bridge talks', 'Ada: it holds.', 1, '', '', '', '', '', 1309824000000);
      INSERT INTO STATEMENTS VALUES (11, 1, 7, 5, 14, 1);
      INSERT INTO DATASHORTTEXT VALUES (1, 11, 1, 'Ada Quill'), (2, 11, 3, 'The bridge holds.');
      INSERT INTO DATABOOLEAN VALUES (1, 11, 4, 0);
      INSERT INTO ATTRIBUTES VALUES (1, 1, 'Ada Quill', 'engineer', 'A. Quill', '')";
    let path = world.file("bridge.dna", &[THREE, older]);
    let report = world.import(&path).unwrap();
    assert_eq!(report.refused, []);
    let expected =
        "Ada Quill|denies|The bridge holds.|[..2011-07-05]||Bridge talks|characters 5-14|it holds.";
    assert_eq!(world.ask(STATEMENTS), [expected]);
    assert_eq!(world.ask("SELECT name FROM alias"), ["A. Quill"]);
}

#[test]
fn what_points_nowhere_is_refused_with_its_statement() {
    let mut world = World::new();
    let wrong = "UPDATE STATEMENTS SET Stop = 99 WHERE ID = 12; UPDATE STATEMENTS SET DocumentId = 70 WHERE ID = 14;";
    let path = world.file("bridge.dna", &[THREE, CONTENT, wrong]);
    let report = world.import(&path).unwrap();
    let mut said: Vec<String> = report
        .refused
        .iter()
        .map(|refusal| format!("{}: {}", refusal.line, refusal.reason))
        .collect();
    said.sort();
    let expected = [
        "12: the statement marks 18 to 99, which its document does not have",
        "14: there is no document 70",
    ];
    assert_eq!(said, expected);
    assert_eq!(world.ask(STATEMENTS), [""; 0]);
}

#[test]
fn all_names_of_an_actor_come_in() {
    let mut world = World::new();
    let more = "INSERT INTO ATTRIBUTEVALUES VALUES (7, 1, 1, 'Adi'); UPDATE DOCUMENTS SET Date = 999999999999999;";
    let path = world.file("bridge.dna", &[THREE, CONTENT, more]);
    let report = world.import(&path).unwrap();
    assert_eq!(report.refused, []);
    assert_eq!(
        world.ask("SELECT name FROM alias WHERE name LIKE 'A%' ORDER BY 1"),
        ["A. Quill", "Adi"]
    );
    assert!(report.left_out.contains(&("date of a document".to_owned(), 1)), "{report:?}");
}

#[test]
fn a_record_that_cannot_be_kept_is_refused_by_itself() {
    let refused = |wrong: &str| {
        let mut world = World::new();
        let path = world.file("bridge.dna", &[THREE, CONTENT, wrong]);
        let report = world.import(&path).unwrap();
        assert_eq!(world.ask(STATEMENTS), [""; 0]);
        let told = report.refused.iter();
        told.map(|refusal| format!("{}: {}", refusal.line, refusal.reason)).collect::<Vec<_>>()
    };
    assert_eq!(
        refused("UPDATE DOCUMENTS SET Text = Text || printf('%.*c', 2000000, 'x') WHERE ID = 7"),
        ["11: the document 7, 'Bridge talks', cannot be kept: the text is longer than 1 MiB"]
    );
    assert_eq!(
        refused("UPDATE DATABOOLEAN SET Value = 'yes' WHERE ID = 2"),
        ["12: its agreement is 'yes', where 0 or 1 is expected"]
    );
    let huge = "UPDATE DOCUMENTS SET Text = printf('%.*c', 20000000, 'x') WHERE ID = 7";
    check_refused("huge.dna", &[THREE, CONTENT, huge], "one of its records is longer than 16 MiB");
}

#[test]
fn a_file_without_indexes_says_the_same() {
    let mut world = World::new();
    let path = world.file("bridge.dna", &[THREE, CONTENT]);
    world.import(&path).unwrap();
    let expected = world.ask(STATEMENTS);
    assert!(!expected.is_empty());
    let mut world = World::new();
    let tables =
        ["DOCUMENTS", "ENTITIES", "DATASHORTTEXT", "DATALONGTEXT", "DATABOOLEAN", "DATAINTEGER"];
    let bare = tables.map(|table| {
        format!("CREATE TABLE x AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE x RENAME TO {table};")
    });
    let path = world.file("bare.dna", &[THREE, CONTENT, &bare.concat()]);
    world.import(&path).unwrap();
    assert_eq!(world.ask(STATEMENTS), expected);
}

fn check_refused(name: &str, sql: &[&str], expected: &str) {
    let mut world = World::new();
    let path = world.file(name, sql);
    let said =
        world.import(&path).map_or_else(|error| error.to_string(), |report| format!("{report:?}"));
    assert!(said.contains(expected), "{name}: {said}");
    assert_eq!(world.ask(STATEMENTS), [""; 0]);
}

#[test]
fn databases_made_to_harm_are_refused() {
    let endless = "DROP TABLE DOCUMENTS; CREATE VIEW DOCUMENTS AS WITH RECURSIVE x(ID) AS (SELECT 1 UNION ALL SELECT ID + 1 FROM x)
      SELECT ID, '' AS Title, '' AS Text, 0 AS Date, '' AS Author, '' AS Source, '' AS Section, '' AS Notes, '' AS Type FROM x";
    check_refused("view.dna", &[THREE, CONTENT, endless], "DOCUMENTS is no table in it");
    let searching = "DROP TABLE DATALONGTEXT; CREATE VIRTUAL TABLE DATALONGTEXT USING fts5(StatementId, VariableId, Value)";
    check_refused("virtual.dna", &[THREE, searching], "DATALONGTEXT is no table in it");
    let computed = "DROP TABLE STATEMENTTYPES; CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT AS (upper('x')))";
    check_refused("computed.dna", &[THREE, computed], "STATEMENTTYPES is computed in part");
    check_refused(
        "roles.dna",
        &[THREE, "ALTER TABLE DATASHORTTEXT RENAME COLUMN VariableId TO RoleVariableLinkId"],
        "not those of version 2 or 3",
    );
    check_refused("other.dna", &["CREATE TABLE x(y)"], "not those of version 2 or 3");
}

#[test]
fn damaged_databases_never_stop_the_program() {
    let mut world = World::new();
    let path = world.file("bridge.dna", &[THREE, CONTENT]);
    let whole = std::fs::read(&path).unwrap();
    for seed in 0..120_usize {
        let mut bytes = whole.clone();
        for turn in 0..=seed % 9 {
            let at = 100 + (seed * 7919 + turn * 104_729) % (bytes.len() - 100);
            bytes[at] = bytes[at].wrapping_add(u8::try_from(seed % 255).unwrap() + 1);
        }
        if seed % 10 == 0 {
            bytes.truncate(bytes.len() / 2);
        }
        std::fs::write(&path, &bytes).unwrap();
        let _answer = world.import(&path).map_err(|error| error.to_string());
    }
    let reader = store::open(world.writer.path(), &Limits::default()).unwrap();
    assert_eq!(check(&reader).unwrap(), []);
}

#[test]
fn a_file_that_is_still_being_written_is_left_alone() {
    let world = World::new();
    let path = world.file("bridge.dna", &[THREE, CONTENT]);
    let mut beside = path.clone().into_os_string();
    beside.push("-wal");
    std::fs::write(beside, b"waiting").unwrap();
    let mut world = world;
    let said = world.import(&path).map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("another program has it open"), "{said}");
}
