//! What is done to a store while things fail: each change opens it, makes one acknowledged change and closes it.

use dixit::{
    base::{date::Date, source::Source},
    compile_writing, import, lang,
    meaning::{
        catalog::Catalog,
        resolve::{Arguments, World},
    },
    store::{
        self, Writer,
        backup::{self, Place},
        batch::Plan,
        log::{Action, Change},
        making::Making,
    },
};
use std::{fmt::Display, fs, ops::ControlFlow, path::Path};

/// A change of a store at a path. What goes wrong comes as dixit says it.
pub type Act = fn(&Path) -> Result<(), String>;

const NOW: &str = "2026-01-02T00:00:00Z";

/// The changes that are tried, each on what the one before it left.
pub const CHANGES: &[(&str, Act)] = &[
    ("import", geneva),
    ("write", |path| write(path, WRITE)),
    ("sheet", sheet),
    ("undo", |path| undo(path, 2)),
    ("write under a reader", write_under_a_reader),
    ("delete", |path| write(path, "match (v:Venue 'halifax-security-forum') detach delete v")),
    ("undo a delete", |path| undo(path, 6)),
    ("merge", merge),
    ("undo a merge", |path| undo(path, 8)),
    ("backup", copy),
    // The last one, since what commits so is not sure to last: it is only safe once the journal's end is on the disk.
    ("another program", with_a_journal),
];

/// The same for what comes in large: an import into an empty store drops the indexes and makes them again, rows of
/// declared kinds are loaded in a way of their own.
pub const LARGE: &[(&str, Act)] = &[
    ("large import", large),
    ("write", |path| write(path, "match (c:Claim) set c.note = 'looked at'")),
    ("graph", graph),
    ("undo", |path| undo(path, 3)),
];

const WRITE: &str =
    "insert (:Actor {key: 'added', name: 'Somebody Added', kind: 'person', identity: 'named'});
match (c:Claim) where c.text contains 'plan' set c.note = 'looked at'";

fn said(error: impl Display) -> String {
    error.to_string()
}

/// Makes an empty store.
pub fn create(path: &Path) -> Result<(), String> {
    store::create(path).map(drop).map_err(said)
}

/// Makes a store with the example in it.
pub fn example(path: &Path) -> Result<(), String> {
    let mut making = Making::start(path).map_err(said)?;
    geneva_into(making.writer())?;
    making.keep().map_err(said)
}

/// Imports the example.
pub fn geneva(path: &Path) -> Result<(), String> {
    geneva_into(&mut store::open_for_writing(path).map_err(said)?)
}

fn geneva_into(writer: &mut Writer) -> Result<(), String> {
    let report = import::import_geneva(writer, NOW).map_err(said)?;
    if report.refused_count == 0 { Ok(()) } else { Err(format!("{:?}", report.refused.first())) }
}

/// Imports a coding sheet.
pub fn sheet(path: &Path) -> Result<(), String> {
    let rows = (0..40).map(|row| {
        format!(
            "New Speaker {},asserts,A new claim number {row} about the plan,Some Paper,direct\n",
            row % 7
        )
    });
    let text = "speaker,act,claim,source,mode\n".to_owned() + &rows.collect::<String>();
    imported(path, "sheet.csv", &text, false)
}

/// A coding sheet that counts as large, though its rows are few: the rest of it is empty lines.
pub fn large_sheet(rows: usize) -> String {
    let row = |row| {
        format!(
            "Speaker {},asserts,\"Number {row} is so, and {:x} more is said of it\",Paper {},direct\n",
            row % 97,
            row * 2_654_435_761,
            row % 50
        )
    };
    let rows: String = (0..rows).map(row).collect();
    "speaker,act,claim,source,mode\n".to_owned() + &rows + &"\n".repeat(9 << 20)
}

/// Imports such a sheet.
fn large(path: &Path) -> Result<(), String> {
    imported(path, "sheet.csv", &large_sheet(2_000), false)
}

/// A graph of so many nodes and edges.
pub fn graph_lines(count: usize) -> String {
    let node = |id| {
        format!(
            "{{\"type\":\"node\",\"id\":\"{id}\",\"labels\":[\"Thing\"],\"properties\":{{\"size\":{id}}}}}\n"
        )
    };
    let edge = |id| {
        let to = (id * 7) % count;
        format!(
            "{{\"type\":\"relationship\",\"id\":\"r{id}\",\"label\":\"leads\",\"start\":{{\"id\":\"{id}\"}},\"end\":{{\"id\":\"{to}\"}},\"properties\":{{}}}}\n"
        )
    };
    (0..count).map(node).chain((0..count).map(edge)).collect()
}

/// Imports a graph, and declares what it is made of.
fn graph(path: &Path) -> Result<(), String> {
    imported(path, "graph.jsonl", &graph_lines(300), true)
}

fn imported(path: &Path, name: &str, text: &str, infer: bool) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(said)?;
    let file = folder.path().join(name);
    fs::write(&file, text).map_err(said)?;
    take(path, &file, infer)
}

/// Imports a file.
fn take(path: &Path, file: &Path, infer: bool) -> Result<(), String> {
    let mut writer = store::open_for_writing(path).map_err(said)?;
    let paths = vec![file.to_owned()];
    let now = NOW.into();
    let request = import::Request { paths, create_missing: true, infer, now, ..Default::default() };
    let report = import::import(&mut writer, &request, &mut |_| ()).map_err(said)?;
    if report.refused_count == 0 { Ok(()) } else { Err(format!("{:?}", report.refused.first())) }
}

/// Carries out queries that write.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    let source = Source::inline(text);
    let script = lang::parse(&source).map_err(|mistakes| format!("{mistakes:?}"))?;
    let mut writer = store::open_for_writing(path).map_err(said)?;
    let mut batch = writer.begin(Plan { dry_run: false, large: false }).map_err(said)?;
    let catalogue = batch.catalogue().map_err(said)?;
    let catalog = Catalog::new(catalogue).map_err(|wrong| format!("{wrong:?}"))?;
    let (arguments, today) = (Arguments::default(), Date::parse("2026-01-02").map_err(|_| "date")?);
    for query in &script.queries {
        let world = World { catalog: &catalog, arguments: &arguments, today: &today };
        let writing = compile_writing(query, world).map_err(|mistakes| format!("{mistakes:?}"))?;
        batch.edit(&writing.reading.statement, &writing.edits).map_err(said)?;
    }
    batch.prove().map_err(said)?;
    batch.keep(&change(Action::Write)).map(drop).map_err(said)
}

/// Takes a change back.
pub fn undo(path: &Path, number: i64) -> Result<(), String> {
    let mut writer = store::open_for_writing(path).map_err(said)?;
    let mut batch = writer.begin(Plan { dry_run: false, large: false }).map_err(said)?;
    batch.undo(number).map_err(said)?;
    batch.prove().map_err(said)?;
    batch.keep(&change(Action::Undo(number))).map(drop).map_err(said)
}

/// Judges that two actors are one.
fn merge(path: &Path) -> Result<(), String> {
    let mut writer = store::open_for_writing(path).map_err(said)?;
    let batch = writer.begin(Plan { dry_run: false, large: false }).map_err(said)?;
    let one = batch.actor("New Speaker 1").map_err(said)?;
    let other = batch.actor("New Speaker 2").map_err(said)?;
    batch.judge_same(&one, &other).map_err(said)?;
    batch.keep(&change(Action::Write)).map(drop).map_err(said)
}

/// Copies a store, which leaves it as it is.
fn copy(path: &Path) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(said)?;
    let place = Place::Folder(folder.path().into(), "copy".to_owned());
    let copied = backup::backup(path, &place, &mut |_, _| ControlFlow::Continue(()));
    copied.map(drop).map_err(said)
}

/// Somebody reads meanwhile, so that the write-ahead log stays behind.
fn write_under_a_reader(path: &Path) -> Result<(), String> {
    let text = "match (a:Actor) set a.note = 'seen'";
    let mut writer = store::open_for_writing(path).map_err(said)?;
    let batch = writer.begin(Plan { dry_run: false, large: false }).map_err(said)?;
    let reader = rusqlite::Connection::open(path).map_err(said)?;
    let mut reading = reader.prepare("SELECT id FROM actor").map_err(said)?;
    let mut rows = reading.query([]).map_err(said)?;
    rows.next().map_err(said)?;
    drop(batch);
    drop(writer);
    write(path, text)
}

/// Another program writes and does not wait for the disk.
pub fn without_syncs(path: &Path) -> Result<(), String> {
    let connection = rusqlite::Connection::open(path).map_err(said)?;
    let sql = "UPDATE change SET why = printf('%.12000c', 'y')";
    connection
        .execute_batch(&format!("PRAGMA synchronous = off; BEGIN; {sql}; COMMIT"))
        .map_err(said)
}

/// Another program writes, with a rollback journal; the store grows.
pub fn with_a_journal(path: &Path) -> Result<(), String> {
    let connection = rusqlite::Connection::open(path).map_err(said)?;
    let sql = "UPDATE change SET why = printf('%.12000c', 'x')";
    connection.execute_batch(&format!("BEGIN; {sql}; COMMIT")).map_err(said)
}

fn change(action: Action) -> Change<'static> {
    Change { at: NOW, who: Some("a test"), why: None, action, files: &[] }
}
