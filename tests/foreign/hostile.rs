//! Hostile input is refused with words: never a panic, never half an import, never memory without an end.

use super::{World, fixture};

const FILES: &[&str] = &[
    "bridge.ftm.json",
    "offices.wikidata.json",
    "offices.sparql.json",
    "library.csl.json",
    "library.bib",
    "river.stix.json",
];

/// Numbers that look random, the same ones each time.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    }
}

#[test]
fn damaged_files_are_taken_or_refused() {
    const MARKS: &[u8] = b"{}[]\",:@\\\0 \n\xFF0";
    for file in FILES {
        let text = fixture(file).into_bytes();
        let mut number = numbers(text.len() as u64);
        let mut world = World::new();
        for round in 0..40 {
            let mut damaged = text.clone();
            match round % 4 {
                0 => damaged.truncate(number(text.len())),
                1 => drop(damaged.drain(..number(40))),
                _ => {
                    for _ in 0..=number(3) {
                        let at = number(damaged.len());
                        damaged[at] = MARKS[number(MARKS.len())];
                    }
                }
            }
            let path = world.file(file, &damaged);
            let taken = world.try_import(&path, true);
            let said = match taken {
                Ok(report) => super::refusals(&report).join("\n"),
                Err(error) => error.to_string(),
            };
            assert!(!said.contains("panicked") && !said.contains("unwrap"), "{said}");
        }
        assert_eq!(world.count("actor"), 0, "{file}");
    }
}

#[test]
fn text_without_an_end_is_refused() {
    let deep = format!(
        "{{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{{\"name\":{}",
        "[".repeat(100_000)
    );
    let refused = World::refused("deep.ftm.json", deep);
    assert_eq!(refused, ["1: this cannot be read as JSON: lists and objects are nested too deep"]);
    let name = "x".repeat(2 << 20);
    let long =
        format!("{{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}");
    assert_eq!(World::refused("long.ftm.json", long), ["1 name: the text is longer than 1 MiB"]);
    let nul = "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"a\\u0000b\"]}}";
    assert_eq!(World::refused("nul.ftm.json", nul), ["1 name: the text holds a NUL character"]);
    let key = format!(
        "{{\"id\":\"{}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"a\"]}}}}",
        "k".repeat(400)
    );
    assert_eq!(
        World::refused("key.ftm.json", key),
        ["1 key: a key cannot be longer than 300 bytes"]
    );
}

#[test]
fn bibliographies_without_an_end_are_refused() {
    let circle = "@book{a, title={A}, crossref={b}}\n@book{b, title={B}, crossref={a}}";
    assert_eq!(
        World::refused("circle.bib", circle),
        [
            "1 crossref: its cross-references lead back to it, or are too many",
            "2 crossref: its cross-references lead back to it, or are too many",
        ]
    );
    let deep = format!("@book{{a, title={}}}", "{".repeat(100_000));
    assert_eq!(
        World::refused("deep.bib", deep),
        ["1: braces are nested more than 60 deep [close the braces before]"]
    );
    let latin = b"@book{a,\n title={Br\xFCcke}}";
    assert_eq!(World::refused("latin.bib", latin), ["2: the file is not UTF-8 [save it as UTF-8]"]);
}
