//! Files go into a store whole or not at all; what is refused is named with file, line, column and what to do.

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
