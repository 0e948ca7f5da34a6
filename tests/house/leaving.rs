//! A store leaves as JSON lines and comes back into an empty one: what was in it is in there again, row for row, and leaves
//! the same way.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

/// Runs the program; what it printed and what it said.
pub fn dixit(line: &[&str], folder: &Path) -> (bool, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(line)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("DIXIT_DB")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ran.status.success(), text(&ran.stdout), text(&ran.stderr))
}

/// Runs the program, which has to do it.
pub fn done(line: &[&str], folder: &Path) -> String {
    let (well, printed, said) = dixit(line, folder);
    assert!(well, "{line:?}: {said}");
    printed
}

/// A store as JSON lines.
pub fn lines(store: &Path) -> String {
    done(&["export", "jsonl", "--db", store.to_str().unwrap()], Path::new("."))
}

/// Brings a store's lines into an empty one; gives the lines.
pub fn round_trip(store: &Path) -> String {
    let folder = TempDir::new().unwrap();
    let text = lines(store);
    fs::write(folder.path().join("one.jsonl"), &text).unwrap();
    let bare = text.lines().next().unwrap().contains("\"claims\":false");
    let other = folder.path().join("other.dixit");
    let init: &[&str] =
        if bare { &["init", "other.dixit", "--bare"] } else { &["init", "other.dixit"] };
    done(init, folder.path());
    done(&["import", "one.jsonl", "--db", "other.dixit"], folder.path());
    let again = lines(&other);
    if again != text {
        panic!("{}", super::diff::diff(&text, &again));
    }
    assert_eq!(rows(store), rows(&other), "what the tables hold");
    let (_, _, said) = dixit(&["import", "one.jsonl", "--db", "other.dixit"], folder.path());
    assert!(said.starts_with("nothing changed"), "{said}");
    done(&["check", "--db", "other.dixit"], folder.path());
    text
}

/// Everything that tables hold besides ids and the log, straight from the database: each id is replaced by what it stands
/// for. Rows that say just the same count once.
pub fn rows(store: &Path) -> BTreeMap<String, Vec<String>> {
    let connection = Connection::open(store).unwrap();
    let kinds: BTreeMap<i64, (String, String)> =
        all(&connection, "SELECT id, name, table_name FROM dixit_kind", |row| {
            (row.get(0).unwrap(), (row.get(1).unwrap(), row.get(2).unwrap()))
        })
        .into_iter()
        .collect();
    let edges: Vec<(String, String)> = all(
        &connection,
        "SELECT e.table_name, concat_ws(' ', e.name, a.name, b.name, e.symmetric) FROM dixit_edge AS e
           LEFT JOIN dixit_kind AS a ON a.id = e.from_kind LEFT JOIN dixit_kind AS b ON b.id = e.to_kind WHERE e.id >= 1000",
        |row| (row.get(0).unwrap(), row.get(1).unwrap()),
    );
    let names: Vec<String> = all(
        &connection,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\\_search%' ESCAPE '\\'
           AND name NOT IN ('change', 'change_row', 'dixit_kind', 'dixit_edge', 'dixit_label', 'dixit_nothing')",
        |row| row.get(0).unwrap(),
    );
    let mut found = BTreeMap::new();
    for table in names {
        let shown = kinds.values().find(|(_, known)| *known == table).map(|(name, _)| name.clone());
        let joined = edges.iter().find(|(known, _)| *known == table).map(|(_, name)| name.clone());
        let shown = shown.or(joined).unwrap_or_else(|| table.clone());
        let mut rows = of_table(&connection, &table, &kinds, &edges);
        rows.sort();
        rows.dedup();
        found.insert(shown, rows);
    }
    found
}

fn of_table(
    connection: &Connection,
    table: &str,
    kinds: &BTreeMap<i64, (String, String)>,
    edges: &[(String, String)],
) -> Vec<String> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let points: BTreeMap<String, String> =
        all(connection, &format!("PRAGMA foreign_key_list({})", quoted(table)), |row| {
            (row.get(3).unwrap(), row.get(2).unwrap())
        })
        .into_iter()
        .collect();
    let key = |table: &str, id: i64| -> String {
        let what = if table == "term" { "vocabulary || ':' || term" } else { "key" };
        let sql = format!("SELECT {what} FROM {} WHERE id = {id}", quoted(table));
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let mut statement = connection.prepare(&format!("SELECT * FROM {}", quoted(table))).unwrap();
    let columns: Vec<String> = statement.column_names().map(ToOwned::to_owned).collect();
    let mut found = statement.query([]).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = found.next().unwrap() {
        let mut cells = Vec::new();
        let mut kind = None;
        for (at, column) in columns.iter().enumerate() {
            let value: Value = row.get(at).unwrap();
            let shown = match (&value, points.get(column)) {
                (_, _) if column == "id" => continue,
                (Value::Integer(id), Some(to)) => key(to, *id),
                (Value::Integer(id), None) if column.ends_with("kind") => {
                    kind = kinds.get(id);
                    kind.map_or_else(|| id.to_string(), |kind| kind.0.clone())
                }
                (Value::Integer(id), None)
                    if column.ends_with("node")
                        || ["target", "same", "one", "other"].contains(&column.as_str()) =>
                {
                    kind.map_or_else(|| id.to_string(), |kind| key(&kind.1, *id))
                }
                (Value::Text(name), None) if column == "table_name" => {
                    let known = kinds.values().find(|kind| kind.1 == *name).map(|kind| &kind.0);
                    let edge = edges.iter().find(|edge| edge.0 == *name).map(|edge| &edge.1);
                    known.or(edge).unwrap_or(name).clone()
                }
                (value, _) => format!("{value:?}"),
            };
            cells.push(format!("{column}={shown}"));
        }
        rows.push(cells.join(" "));
    }
    rows
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    mut read: impl FnMut(&rusqlite::Row<'_>) -> T,
) -> Vec<T> {
    let mut statement = connection.prepare(sql).unwrap();
    let found = statement.query_map([], |row| Ok(read(row))).unwrap();
    found.map(Result::unwrap).collect()
}
