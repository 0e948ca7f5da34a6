//! What is done with the bytes of a fuzzer; the project's tests do the same with those that are kept.
#![allow(dead_code, unreachable_pub, reason = "each program uses its own part of this")]
#![allow(clippy::expect_used, clippy::panic, reason = "a panic is what a finding looks like")]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dixit::base::date::Date;
use dixit::base::diagnostic::Diagnostics;
use dixit::base::source::Source;
use dixit::lang::{self, ast};
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Argument, Arguments, World};
use dixit::store::{self, Limits, error::Error};
use dixit::{compile, import, script};

/// More is not worth a fuzzer's time.
const LONGEST: usize = 4096;
/// How long a query may run, and how many rows are read of it.
const PATIENCE: Duration = Duration::from_millis(500);
const MOST_ROWS: usize = 2000;

/// A text, if it is one that is worth reading.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok().filter(|text| text.len() <= LONGEST)
}

/// Reads a script. A mistake has its place inside the text; what is read is the same after formatting.
pub fn parse(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let source = Source::inline(text);
    for span in lang::split(&source) {
        assert!(text.get(span.start..span.end).is_some(), "a part lies outside");
    }
    match lang::parse(&source) {
        Err(mistakes) => places(&mistakes, text),
        Ok(script) => {
            let canonical = lang::format(&script);
            let again = match lang::parse(&Source::inline(canonical.as_str())) {
                Ok(again) => again,
                Err(mistakes) => panic!("the formatted text is refused: {canonical}\n{mistakes:?}"),
            };
            assert_eq!(shown(&again), shown(&script), "formatted as {canonical}");
            assert_eq!(lang::format(&again), canonical, "formatting again differs");
        }
    }
}

fn shown(script: &ast::Script) -> Vec<String> {
    script.queries.iter().map(lang::show).collect()
}

fn places(mistakes: &Diagnostics, text: &str) {
    assert!(!mistakes.is_empty(), "refused without a reason");
    for label in mistakes.iter().flat_map(|mistake| &mistake.labels) {
        assert!(text.get(label.span.start..label.span.end).is_some(), "{label:?} lies outside");
    }
}

/// Makes the example's store in a folder.
pub fn store(folder: &Path) -> PathBuf {
    let path = folder.join("geneva.dixit");
    let mut writer = store::create(&path).expect("a new store");
    import::import_geneva(&mut writer, "2026-01-01T00:00:00Z").expect("the example");
    path
}

/// Asks the example's store. Every query is answered, or refused with a place, or ended by a limit.
pub fn ask(data: &[u8], path: &Path) {
    let Some(text) = text(data) else { return };
    let source = Source::inline(text);
    let Ok(saved) = script::read(&source) else { return };
    let mut arguments = Arguments::default();
    for name in &saved.used {
        arguments.set(name, Argument::Raw("1".to_owned()));
    }
    let limits = Limits { timeout: Some(PATIENCE), heap: 256 << 20 };
    let reader = store::open(path, &limits).expect("the example");
    let catalog = Catalog::new(reader.catalogue().expect("a catalogue")).expect("a catalogue");
    let today = Date::parse("2025-12-01").expect("a day");
    let world = World { catalog: &catalog, arguments: &arguments, today: &today };
    for query in &saved.queries {
        let compiled = match compile(query, world) {
            Ok(compiled) => compiled,
            Err(mistakes) => return places(&mistakes, text),
        };
        reader.start();
        let mut rows = 0;
        let run = reader.run(&compiled.statement, &mut |_| {
            rows += 1;
            if rows < MOST_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        match run {
            Ok(())
            | Err(Error::Question(..) | Error::TooLarge(..) | Error::Memory | Error::Stopped(_)) => {
            }
            Err(bug) => panic!("{bug}\n{}", compiled.statement.text),
        }
    }
}
