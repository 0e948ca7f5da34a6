//! Other programs' forms come in: what becomes what, what is refused and where, that a second run changes nothing, and that no
//! form is taken for another one.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod bibliographies;
mod entities;
mod hostile;
mod real;
mod recognition;
mod stix;

use dixit::{
    import::{Report, Request, import, import_geneva},
    store::{self, Limits, Writer, check::check},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

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
        import_geneva(&mut world.writer, "2026-01-01T00:00:00Z").unwrap();
        world
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn try_import(&mut self, path: &Path, dry_run: bool) -> Result<Report, dixit::import::Error> {
        let request = Request {
            paths: vec![path.to_owned()],
            dry_run,
            now: "2026-01-01T00:00:00Z".into(),
            ..Request::default()
        };
        import(&mut self.writer, &request, &mut |_| ())
    }

    fn import(&mut self, path: &Path) -> Report {
        self.try_import(path, false).unwrap()
    }

    /// Imports a text and gives what was refused; nothing may have changed then.
    fn refused(name: &str, text: impl AsRef<[u8]>) -> Vec<String> {
        let mut world = Self::new();
        let path = world.file(name, text);
        let before = world.state();
        let report = world.import(&path);
        assert!(report.refused_count > 0, "nothing was refused");
        assert_eq!(world.state(), before, "a refused import changed something");
        refusals(&report)
    }

    /// Imports a fixture into the example: a try changes nothing, a second run neither, and every rule is kept.
    fn with(fixture: &str) -> (Self, Report) {
        let mut world = Self::geneva();
        let path = fixture_path(fixture);
        let before = world.state();
        let dry = world.try_import(&path, true).unwrap();
        assert_eq!(world.state(), before, "a try changed something");
        let report = world.import(&path);
        assert_eq!(refusals(&report), [""; 0]);
        assert_eq!((dry.added, dry.changed), (report.added.clone(), report.changed.clone()));
        world.again(&path);
        (world, report)
    }

    /// Imports once more, which may not change anything.
    fn again(&mut self, path: &Path) {
        let report = self.import(path);
        assert_eq!(refusals(&report), [""; 0]);
        assert_eq!(
            (report.added, report.changed),
            (vec![], vec![]),
            "a second run changed something"
        );
        let reader = store::open(self.writer.path(), &Limits::default()).unwrap();
        assert_eq!(check(&reader).unwrap(), []);
    }

    /// Rows of a question in SQL, their cells behind one another.
    fn rows(&self, sql: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.writer.path()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            let cells = (0..columns).map(|at| match row.get_ref(at)? {
                rusqlite::types::ValueRef::Null => Ok(String::new()),
                rusqlite::types::ValueRef::Integer(number) => Ok(number.to_string()),
                other => Ok(other.as_str()?.to_owned()),
            });
            Ok(cells.collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// How much there is of everything, and how often it was changed.
    fn state(&self) -> Vec<String> {
        let reader = store::open(self.writer.path(), &Limits::default()).unwrap();
        let counts = reader.counts().unwrap();
        let counts = counts.iter().map(|(kind, count)| format!("{kind} {count}"));
        counts.chain([format!("change {}", self.count("change"))]).collect()
    }

    /// Relations that came in beside those of the example, in words.
    fn relations(&self) -> Vec<String> {
        self.rows(RELATIONS)
    }

    fn count(&self, table: &str) -> u64 {
        self.rows(&format!("SELECT count(*) FROM {table}")).concat().parse().unwrap()
    }
}

const RELATIONS: &str = "SELECT a.key, t.term, coalesce(b.key, s.key), r.role,
    coalesce(r.valid_from_text, r.valid_from_first), coalesce(r.valid_to_text, r.valid_to_first),
    coalesce(r.as_of_text, r.as_of_first), o.key, r.note
  FROM relation AS r JOIN term AS t ON t.id = r.relation JOIN source AS o ON o.id = r.source
    LEFT JOIN actor AS a ON r.from_kind = 1 AND a.id = r.from_node
    LEFT JOIN actor AS b ON r.to_kind = 1 AND b.id = r.to_node
    LEFT JOIN source AS s ON r.to_kind = 5 AND s.id = r.to_node
  WHERE NOT r.key GLOB 'r[0-9][0-9]' ORDER BY r.id";

fn fixture_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import-files").join(name)
}

fn fixture(name: &str) -> String {
    fs::read_to_string(fixture_path(name)).unwrap()
}

fn refusals(report: &Report) -> Vec<String> {
    let line = |refusal: &dixit::import::Refusal| {
        let column = refusal.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
        let help = refusal.suggestion.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        format!("{}{column}: {}{help}", refusal.line, refusal.reason)
    };
    report.refused.iter().map(line).collect()
}

fn left_out(report: &Report) -> Vec<String> {
    report.left_out.iter().map(|(noun, count)| format!("{count} {noun}")).collect()
}
