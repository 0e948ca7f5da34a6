//! A large import into an empty store keeps no index while it runs, and comes to the same.

use super::{World, refusals};
use dixit::import::{Report, Request, import};
use std::{fmt::Write as _, fs, path::PathBuf};

/// What a store holds: rows of the tables that everything is found by, and everything else by its text.
const TABLES: [&str; 15] = [
    "actor",
    "venue",
    "event",
    "topic",
    "source",
    "claim",
    "statement",
    "attestation",
    "relation",
    "assessment",
    "participant",
    "statement_link",
    "alias",
    "lookup",
    "change_row",
];

fn held(world: &World) -> Vec<String> {
    let connection = rusqlite::Connection::open(world.writer.path()).unwrap();
    let mut rows = Vec::new();
    for table in TABLES.into_iter().chain(["sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"]) {
        let columns = if table.starts_with("sqlite") { "type, name, sql" } else { "*" };
        let sql = format!("SELECT {columns} FROM {table}");
        let mut statement = connection.prepare(&sql).unwrap();
        let columns = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| {
            let cells = (0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
            Ok(format!("{table}: {}", cells.collect::<Vec<_>>().join(" ")))
        };
        let found = statement.query_map([], read).unwrap();
        rows.extend(found.map(Result::unwrap));
    }
    rows.sort();
    rows
}

/// Imports files as they are, and again where one of them counts as large by the empty lines at its end.
fn both(files: &[(&str, &str)], request: &Request) -> (Report, World) {
    let done = ["", &"\n".repeat(9 << 20)].map(|end| {
        let mut world = World::new();
        let mut paths = Vec::new();
        for (place, (name, text)) in files.iter().enumerate() {
            let end = if place == 0 { end } else { "" };
            paths.push(world.file(name, format!("{text}{end}")));
        }
        let folder = paths.iter().all(|path| path.parent() != Some(world.folder.path()));
        if folder {
            paths = vec![paths[0].parent().unwrap().to_owned()];
        }
        let map = world.folder.path().join("map.toml");
        paths.retain(|path| *path != map);
        let map = map.exists().then_some(map);
        let request = Request { paths, map, now: "2026-01-01T00:00:00Z".into(), ..request.clone() };
        let report = import(&mut world.writer, &request, &mut |_| ()).unwrap();
        world.sound();
        (report, world)
    });
    let [(report, world), (mut of_large, large)] = done;
    assert_eq!(refusals(&report), refusals(&of_large));
    // The folders are others.
    of_large.refused.clone_from(&report.refused);
    assert_eq!(report, of_large);
    let (held, of_large) = (held(&world), held(&large));
    let differs = held.iter().zip(&of_large).find(|(one, other)| one != other);
    assert_eq!((differs, held.len()), (None, of_large.len()));
    (report, large)
}

fn making() -> Request {
    Request { create_missing: true, ..Request::default() }
}

fn geneva() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/geneva");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (format!("coded/{name}"), fs::read_to_string(path).unwrap())
    };
    let mut files: Vec<_> = files.map(text).collect();
    files.sort();
    files
}

#[test]
fn a_folder_with_other_names_and_links() {
    let files = geneva();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (report, _) = both(&files, &Request::default());
    assert_eq!(report.refused_count, 0);
}

#[test]
fn names_in_every_spelling_and_many_of_one_name() {
    let mut sheet = "speaker,identity,act,claim,source,reports,audience\n".to_owned();
    let names =
        ["Marco Rubio", "marco rubio", "MARCO  RUBIO", "Márco Rubio", "marco-rubio", "Q42", "q42"];
    let claims = ["Straße is long.", "STRASSE IS LONG.", "İstanbul calls.", "it", "It", ""];
    for row in 0..900 {
        let (name, claim) = (names[row * 5 % names.len()], claims[row * 7 % claims.len()]);
        let identity = ["", "described", "named", "", "unidentified"][row % 5];
        let reports = if claim.is_empty() { (row / 2 + 2).to_string() } else { String::new() };
        let act = if claim.is_empty() { "reports" } else { ["asserts", "denies"][row % 2] };
        let audience = names[row * 3 % names.len()];
        writeln!(sheet, "{name},{identity},{act},{claim},Post {},{reports},{audience}", row % 12)
            .unwrap();
    }
    // Who is not named but only described has no name that could mean somebody else.
    let (report, _) = both(&[("sheet.csv", &sheet)], &making());
    assert!(report.refused_count > 0, "{report:?}");
    let sheet = sheet
        .replace(",described,", " of old,described,")
        .replace(",unidentified,", "'s aide,unidentified,");
    let (report, world) = both(&[("sheet.csv", &sheet)], &making());
    assert_eq!(refusals(&report), Vec::<String>::new());
    assert!(report.repeated > 0 && world.count("Actor") > 30, "{report:?}");
}

#[test]
fn names_by_every_character_and_keys() {
    let sheet = "key,speaker,act,claim,source\n1,Rubio,asserts,C.,P\n2,rubio,denies,C.,P\n3,Rubio,denies,c.,P\n4,Rubio,denies,c.,p\n";
    for matching in ["exact", "key", "folded"] {
        let map = format!(
            "[columns]\nkey = \"key\"\nact = \"act\"\nsource = \"source\"\nspeaker = {{ column = \"speaker\", match = \"{matching}\" }}\nclaim = {{ column = \"claim\", match = \"{matching}\" }}\n"
        );
        let (report, _) = both(&[("sheet.csv", sheet), ("map.toml", &map)], &making());
        assert_eq!(refusals(&report), Vec::<String>::new(), "{matching}");
    }
}

#[test]
fn what_is_refused_is_told_alike() {
    let sheet = "key,speaker,act,claim,source,reports\n1,Ann,asserts,C.,P,\n2,Bob,lies,C.,P,\n1,Bob,denies,D.,Q,\n4,Cid,reports,,Q,9\n5,,asserts,C.,P,\n6,Ann,asserts,,P,\n";
    let (report, world) = both(&[("sheet.csv", sheet)], &making());
    assert!(report.refused_count >= 5, "{:?}", refusals(&report));
    assert_eq!(world.count("Statement"), 0);
    let (report, _) =
        both(&[("sheet.csv", "speaker,act,claim,source\nAnn,asserts,C.,P\n")], &Request::default());
    assert_eq!(report.refused_count, 3, "{:?}", refusals(&report));
    let mut files = geneva();
    for (name, text) in &mut files {
        if name.ends_with("statements.csv") {
            *text = text.replacen("rubio", "rubbio", 3).replacen("plan", "plann", 2);
        }
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (report, _) = both(&files, &Request::default());
    assert!(
        report.refused_count > 0 && refusals(&report).join("\n").contains("closest: "),
        "{:?}",
        refusals(&report)
    );
}
