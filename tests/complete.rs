//! What fits at a place of a text, as `tests/complete/*.txt` say: a sentence, the text with `‸` where the cursor is, and
//! what is offered there. `BLESS=1 cargo test --test complete` writes what is offered now.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot run fails")]

mod house;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use dixit::complete::{Fits, Known, fits};
use dixit::meaning::catalog::Catalog;
use house::{Asked, Worlds, case};

/// How many candidates a document shows.
const SHOWN: usize = 8;

fn at(text: &str, catalog: &Catalog) -> Fits {
    let cursor = text.find('‸').unwrap_or(text.len());
    let known = [Known { name: "since".to_owned(), gloss: "date: the first day".to_owned() }];
    fits(&text.replacen('‸', "", 1), cursor, catalog, &known)
}

/// What is offered, as a document shows it.
fn shown(text: &str, fits: &Fits, catalog: &Catalog) -> String {
    let mut out = String::new();
    let plain = text.replacen('‸', "", 1);
    let replaced = &plain[fits.span.clone()];
    if !replaced.is_empty() {
        writeln!(out, "  replaces {replaced}").unwrap();
    }
    for one in fits.candidates.iter().take(SHOWN) {
        let sort = format!("{:?}", one.sort).to_lowercase();
        let written =
            if one.text == one.label { String::new() } else { format!(" as {}", one.text) };
        writeln!(out, "  {sort} {}{written} — {}", one.label, one.gloss).unwrap();
    }
    if let Some(more) = fits.candidates.len().checked_sub(SHOWN + 1) {
        writeln!(out, "  … {} more", more + 1).unwrap();
    }
    if let Some(wanted) = &fits.names {
        let kinds: Vec<&str> =
            wanted.kinds.iter().map(|kind| catalog.kind(*kind).name.as_str()).collect();
        let by = if wanted.by_key { "keys" } else { "names" };
        writeln!(out, "  {by} of {} like {:?}", kinds.join(", "), wanted.begun).unwrap();
    }
    if out.is_empty() { "  nothing\n".to_owned() } else { out }
}

#[test]
fn what_is_offered() {
    let mut worlds = Worlds::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/complete");
    let bless = std::env::var_os("BLESS").is_some();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let world = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let catalog = &worlds.get(&world).catalog;
        let before = fs::read_to_string(&path).unwrap();
        let mut now = String::new();
        for line in before.lines().filter(|line| !line.starts_with("  ")) {
            writeln!(now, "{line}").unwrap();
            if let Some(text) = line.strip_prefix("> ") {
                let text = text.replace("\\n", "\n");
                now += &shown(&text, &at(&text, catalog), catalog);
            }
        }
        if bless {
            fs::write(&path, now).unwrap();
        } else {
            assert!(now == before, "{}", house::diff::diff(&before, &now));
        }
    }
}

/// Whatever is written and wherever the cursor is, what is offered can be put in.
#[test]
fn every_place_of_every_case() {
    let catalog = &Asked::new("geneva").catalog;
    let cases = case::all();
    let texts: Vec<&str> = cases.iter().filter_map(|case| case.part("query")).collect();
    let next = AtomicUsize::new(0);
    let places = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for cursor in 0..=text.len() {
                        sound(text, cursor, catalog);
                        places.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert!(places.into_inner() > 50_000);
}

fn sound(text: &str, cursor: usize, catalog: &Catalog) {
    let fits = fits(text, cursor, catalog, &[]);
    assert!(text.get(fits.span.clone()).is_some(), "{cursor} in {text}");
    assert!(fits.candidates.iter().all(|one| !one.text.contains(['\u{0}', '\u{1}'])), "{text}");
    assert!(fits.candidates.iter().all(|one| !one.label.is_empty()), "{text}");
}
