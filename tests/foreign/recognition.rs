//! Which form a file has is told by its content, and no form is taken for another one.

use super::{World, fixture, fixture_path};
use dixit::import::{Request, import, importers::IMPORTERS};
use std::path::Path;

/// What every form adds, so that a mistaken form shows.
const FORMS: &[(&str, &str, &str)] = &[
    ("ftm", "bridge.ftm.json", "event"),
    ("wikidata", "offices.wikidata.json", "relation"),
    ("sparql", "offices.sparql.json", "relation"),
    ("csl", "library.csl.json", "source"),
    ("bibtex", "library.bib", "source"),
    ("stix", "river.stix.json", "statement"),
];

/// What is added by a file, with the form that is told, if one is.
fn added(path: &Path, format: Option<&str>) -> Vec<(String, u64)> {
    let mut world = World::new();
    let request = Request {
        paths: vec![path.to_owned()],
        format: format.map(str::to_owned),
        now: "2026-01-01T00:00:00Z".into(),
        ..Request::default()
    };
    let report = import(&mut world.writer, &request, &mut |_| ()).unwrap();
    assert_eq!(super::refusals(&report), [""; 0]);
    report.added
}

#[test]
fn the_content_tells_the_form_whatever_the_name() {
    for (format, file, noun) in FORMS {
        let told = added(&fixture_path(file), Some(format));
        assert!(told.iter().any(|(known, _)| known == noun), "{format}: {told:?}");
        assert_eq!(added(&fixture_path(file), None), told, "{format}");
        let world = World::new();
        for name in ["bridge", "data.txt", "rows.csv"] {
            let stem = file.split('.').next().unwrap();
            let path = world.file(&format!("{name}/{stem}.x"), fixture(file));
            let other = added(&path, None);
            let counts = |all: &[(String, u64)]| all.iter().map(|(_, n)| *n).collect::<Vec<_>>();
            assert_eq!(counts(&other), counts(&told), "{format} as {name}");
        }
        let marked = world.file(file, format!("\u{FEFF}{}", fixture(file)));
        assert_eq!(added(&marked, None), told, "{format} behind a byte order mark");
    }
}

#[test]
fn every_form_of_the_list_is_tried_here_or_is_our_own() {
    let own = ["folder", "sheet", "graph"];
    for (name, ..) in FORMS {
        assert!(IMPORTERS.iter().any(|importer| importer.name == *name), "{name}");
    }
    assert!(own.iter().all(|name| IMPORTERS.iter().any(|importer| importer.name == *name)));
}

#[test]
fn what_only_looks_alike_is_another_form_or_none() {
    let graph = "there is no kind";
    let none = "this is JSON, but of no form that is known";
    for (text, word) in [
        (r#"{"type":"node","id":"0","labels":["Person"],"properties":{"name":["A"]}}"#, graph),
        (r#"{"type":"bundle","id":"7"}"#, graph),
        (r#"{"type":"item","id":"7","labels":["Person"]}"#, graph),
        (r#"{"id":"a","schema":"person","properties":{}}"#, none),
        (r#"[{"id":"a","type":"thing","title":"A"}]"#, none),
        (r#"{"results":{"bindings":[]}}"#, none),
    ] {
        let mut world = World::new();
        let path = world.file("data.json", text);
        let said = match world.try_import(&path, false) {
            Ok(report) => super::refusals(&report).join("\n"),
            Err(error) => error.to_string(),
        };
        assert!(said.contains(word), "{text}: {said}");
    }
}
