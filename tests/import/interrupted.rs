//! An import that is asked to stop takes everything back, wherever it is.

use dixit::import::{Error, import};
use dixit::store::error::{Error as Failed, Stopped};

use super::{World, request};

/// Imports a file and asks to stop once `rows` of it are read; tells whether it did.
fn stopped(name: &str, text: &str, infer: bool, rows: u64) -> bool {
    let mut world = World::geneva();
    let path = world.file(name, text);
    let before = std::fs::read(world.writer.path()).unwrap();
    let stop = world.writer.interrupt();
    if rows == 0 {
        stop.stop();
    }
    let mut asked = request(&[path]);
    if infer {
        (asked.infer, asked.kind) = (true, Some("Reading".to_owned()));
    }
    let done = import(&mut world.writer, &asked, &mut |progress| {
        if progress.rows >= rows {
            stop.stop();
        }
    });
    let was_stopped = matches!(done, Err(Error::Store(Failed::Stopped(Stopped::Interrupted))));
    drop(done);
    world.sound();
    let now = std::fs::read(world.writer.path()).unwrap();
    // The header counts changes of the file, those that were taken back among them.
    assert!(!was_stopped || now.get(100..) == before.get(100..), "{name}");
    was_stopped
}

#[test]
fn an_import_that_is_asked_to_stop_changes_nothing() {
    let said = |row: u32| format!("Actor {},asserts,Claim {row}.,Courier {}\n", row % 50, row % 7);
    let sheet: Vec<String> = (0..5000).map(said).collect();
    let sheet = format!("speaker,act,claim,source\n{}", sheet.concat());
    let entity = |n: usize| {
        format!(r#"{{"id": "p{n}", "schema": "Person", "properties": {{"name": ["Person {n}"]}}}}"#)
    };
    let entities: String = (0..5000).map(|n| entity(n) + "\n").collect();
    let readings: Vec<String> = (0..20_000).map(|n| format!("r{n},Name {n}\n")).collect();
    let readings = format!("id,name\n{}", readings.concat());
    for rows in [0, 2000] {
        assert!(stopped("sheet.csv", &sheet, false, rows), "sheet {rows}");
        assert!(stopped("people.ftm.json", &entities, false, rows), "entities {rows}");
        assert!(stopped("readings.csv", &readings, true, rows), "readings {rows}");
    }
    assert!(!stopped("sheet.csv", &sheet, false, u64::MAX));
}
