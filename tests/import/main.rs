//! Files go into a store whole or not at all; what is refused is named with file, line, column and what to do.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod folders;
mod interrupted;
mod keys;
mod large;
mod mappings;
mod sheets;

use dixit::{
    import::{Report, Request, import, import_geneva},
    store::{self, Limits, Writer, check::check},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

fn request(paths: &[PathBuf]) -> Request {
    Request {
        paths: paths.to_vec(),
        create_missing: true,
        now: "2026-01-01T00:00:00Z".into(),
        ..Request::default()
    }
}

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

    fn geneva() -> Self {
        let mut world = Self::new();
        let report = import_geneva(&mut world.writer, "2026-01-01T00:00:00Z").unwrap();
        assert_eq!(report.refused, []);
        world
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn import(&mut self, paths: &[PathBuf]) -> Report {
        import(&mut self.writer, &request(paths), &mut |_| ()).unwrap()
    }

    fn sheet(&mut self, text: &str) -> Report {
        let path = self.file("sheet.csv", text);
        self.import(&[path])
    }

    fn count(&self, kind: &str) -> u64 {
        let reader = store::open(self.writer.path(), &Limits::default()).unwrap();
        reader.counts().unwrap().into_iter().find(|(name, _)| name == kind).unwrap().1
    }

    fn sound(&self) {
        let reader = store::open(self.writer.path(), &Limits::default()).unwrap();
        assert_eq!(check(&reader).unwrap(), []);
        let connection = rusqlite::Connection::open(self.writer.path()).unwrap();
        for index in ["actor_search", "source_search", "claim_search", "attestation_search"] {
            let sql = format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)");
            connection.execute_batch(&sql).unwrap();
        }
    }
}

fn refusals(report: &Report) -> Vec<String> {
    let line = |refusal: &dixit::import::Refusal| {
        let file = Path::new(&refusal.file).file_name().unwrap().to_string_lossy().into_owned();
        let column = refusal.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
        let help = refusal.suggestion.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        format!("{file}:{}{column}: {}{help}", refusal.line, refusal.reason)
    };
    report.refused.iter().map(line).collect()
}

fn added(report: &Report, noun: &str) -> u64 {
    report.added.iter().find(|(known, _)| known == noun).map_or(0, |(_, count)| *count)
}

const SHEET: &str = "key,speaker,act,claim,date,venue,source,quote,reports,topic,audience
s1,Marco Rubio,denies,The plan is ours.,2025-11,Halifax,Post,not ours,,plan,
s2,A Senator,reports,,2025-11-22,Halifax,Post,,s1,,Press;Marco Rubio
";

#[test]
fn the_example_has_its_counts() {
    let world = World::geneva();
    for (kind, count) in [
        ("Actor", 31),
        ("Venue", 13),
        ("Source", 6),
        ("Topic", 14),
        ("Event", 7),
        ("Relation", 36),
        ("Claim", 31),
        ("Statement", 49),
        ("Attestation", 79),
        ("Assessment", 1),
    ] {
        assert_eq!(world.count(kind), count, "{kind}");
    }
    world.sound();
}

#[test]
fn importing_again_changes_nothing() {
    let mut world = World::geneva();
    let report = import_geneva(&mut world.writer, "2026-01-02T00:00:00Z").unwrap();
    assert_eq!((report.added, report.changed), (vec![], vec![]));
    assert!(report.unchanged > 300);
    world.sound();
}

fn mapped(map: &str, sheet: &str) -> Result<(World, Report), String> {
    let mut world = World::new();
    let report = world.mapped(map, sheet)?;
    Ok((world, report))
}

impl World {
    fn mapped(&mut self, map: &str, sheet: &str) -> Result<Report, String> {
        let map = self.file("map.toml", map);
        let sheet = self.file("sheet.csv", sheet);
        let request = Request { map: Some(map), ..request(&[sheet]) };
        import(&mut self.writer, &request, &mut |_| ()).map_err(|error| match error {
            dixit::import::Error::Mapping(source, wrong) => {
                let line = |offset| source.line_column(offset).0;
                let wrong = wrong.iter().map(|one| {
                    let help = one.help.as_deref().unwrap_or("-");
                    format!("{}: {} [{help}]", line(one.labels[0].span.start), one.message)
                });
                wrong.collect::<Vec<_>>().join("\n")
            }
            other => other.to_string(),
        })
    }
}
const MAP: &str = "
[file]
delimiter = \"semicolon\"

[columns]
speaker = \"Who\"
act = { column = \"How\", values = { yes = \"asserts\", no = \"denies\" }, others = \"refuse\" }
claim = \"What\"
source = { value = \"Interviews\" }
topic = { column = \"Themes\", split = \"/\" }
venue = { column = \"Where\", default = \"Unknown place\" }

[new.actor]
kind = \"person\"

[[sources]]
key = \"interviews\"
title = \"Interviews\"
kind = \"interview\"

[[relations]]
relation = \"member_of\"
to = \"Party\"

[[assessments]]
scale = \"credibility\"
value = \"Rating\"
assessor = \"the coder\"
";
