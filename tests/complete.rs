//! What fits at a place of a text, as `tests/complete/*.txt` say: a sentence, the text with `‸` where the cursor is, and
//! what is offered there. `BLESS=1 cargo test --test complete` writes what is offered now.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot run fails")]

mod house;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use dixit::complete::{Fits, Known, fits};
use dixit::meaning::catalog::Catalog;
use dixit::store::names::Name;
use house::threads::each;
use house::{Asked, Worlds, case};

/// How many candidates a document shows.
const SHOWN: usize = 8;

fn at(text: &str, catalog: &Catalog) -> Fits {
    let cursor = text.find('‸').unwrap_or(text.len());
    let known = [Known { name: "since".to_owned(), gloss: "date: the first day".to_owned() }];
    fits(&text.replacen('‸', "", 1), cursor, catalog, &known)
}

/// What is offered, as a document shows it.
fn shown(text: &str, fits: &Fits, Asked { catalog, reader, .. }: &Asked) -> String {
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
        let kinds: Vec<i64> = wanted.kinds.iter().map(|kind| catalog.kind(*kind).id).collect();
        for name in reader.begun(&kinds, &wanted.begun, SHOWN).unwrap() {
            let Name { kind: _, key, shown, alias, about } = name;
            let alias = alias.map(|alias| format!(", also {alias}")).unwrap_or_default();
            let about =
                about.map(|(noun, count)| format!(", {count} × {noun}")).unwrap_or_default();
            writeln!(out, "    {key}: {shown}{alias}{about}").unwrap();
        }
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
        let world = worlds.get(&world);
        let before = fs::read_to_string(&path).unwrap();
        let mut now = String::new();
        for line in before.lines().filter(|line| !line.starts_with("  ")) {
            writeln!(now, "{line}").unwrap();
            if let Some(text) = line.strip_prefix("> ") {
                let text = text.replace("\\n", "\n");
                now += &shown(&text, &at(&text, &world.catalog), world);
            }
        }
        if bless {
            fs::write(&path, now).unwrap();
        } else {
            assert!(now == before, "{}", house::diff::diff(&before, &now));
        }
    }
}

/// Whatever is begun, names are looked up without a mistake, and no kind is asked that is not wanted.
#[test]
fn names_like_anything() {
    let Asked { reader, catalog, .. } = &Asked::new("geneva");
    let all: Vec<i64> = catalog.kinds().map(|(_, kind)| kind.id).collect();
    let long = "x".repeat(5000);
    for begun in
        ["", " ", "'", "\"*", "a\" OR \"b", "%", "_", "\u{0}", "\u{10ffff}", "É", "ﬁ", &long]
    {
        for limit in [0, 1, 7] {
            assert!(reader.begun(&all, begun, limit).unwrap().len() <= limit, "{begun}");
        }
        assert_eq!(reader.begun(&[], begun, 9).unwrap(), []);
    }
    let named = |begun: &str| {
        let names = reader.begun(&all, begun, 1).unwrap();
        names.first().map(|name| name.key.clone()).unwrap_or_default()
    };
    assert_eq!(named("RUBIO, marco"), "marco-rubio", "words in any order");
    assert_eq!(named("MARCO RUBIO"), "marco-rubio");
    assert_eq!(named("mrcrubio"), "marco-rubio");
    assert_eq!(named("zzqq"), "");
}

/// Whatever is written and wherever the cursor is, what is offered can be put in. With `DIXIT_PLACES` set, at every byte of
/// every case, which takes minutes.
#[test]
fn every_place_of_every_case() {
    let catalog = &Asked::new("geneva").catalog;
    let cases = case::all();
    let texts: Vec<&str> = cases.iter().filter_map(|case| case.part("query")).collect();
    let all = std::env::var_os("DIXIT_PLACES").is_some();
    let places = each(&texts.into_iter().enumerate().collect::<Vec<_>>(), |(turn, text)| {
        let places = places_of(text, *turn, all);
        for cursor in &places {
            sound(text, *cursor, catalog);
        }
        places.len()
    });
    assert!(places.iter().sum::<usize>() > 5_000);
}

/// Every byte of the text, or of the places where a word, a blank or a mark begins each fifth, elsewhere in each text: inside a
/// word all is the same but the word.
fn places_of(text: &str, turn: usize, all: bool) -> Vec<usize> {
    let is_edge = |at: usize| {
        let sort =
            |byte: Option<&u8>| byte.map(|byte| (byte.is_ascii_alphanumeric(), *byte == b' '));
        let (before, here) =
            (at.checked_sub(1).and_then(|at| text.as_bytes().get(at)), text.as_bytes().get(at));
        sort(before) != sort(here)
    };
    let edges = (0..=text.len()).filter(|at| all || is_edge(*at)).enumerate();
    edges.filter(|(nth, _)| all || (nth + turn).is_multiple_of(5)).map(|(_, at)| at).collect()
}

fn sound(text: &str, cursor: usize, catalog: &Catalog) {
    let fits = fits(text, cursor, catalog, &[]);
    assert!(text.get(fits.span.clone()).is_some(), "{cursor} in {text}");
    assert!(fits.candidates.iter().all(|one| !one.text.contains(['\u{0}', '\u{1}'])), "{text}");
    assert!(fits.candidates.iter().all(|one| !one.label.is_empty()), "{text}");
}
