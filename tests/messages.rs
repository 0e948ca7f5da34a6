//! The gallery of messages holds every code that the sources have, and each with an example that shows it.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The codes in the sources.
fn used() -> BTreeSet<String> {
    let code = Regex::new(r#""(D\d{4})""#).unwrap();
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(ROOT).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            found.extend(code.captures_iter(text).map(|captures| captures[1].to_owned()));
        }
    }
    found
}

#[test]
fn every_code_is_in_the_gallery_with_its_look() {
    let text = fs::read_to_string(Path::new(ROOT).join("docs/messages.md")).unwrap();
    let sections: Vec<(&str, &str)> =
        text.split("\n## ").skip(1).map(|piece| piece.split_once('\n').unwrap()).collect();
    let codes: Vec<String> = sections.iter().map(|(code, _)| (*code).to_owned()).collect();
    assert!(codes.is_sorted(), "codes stand in order");
    assert_eq!(used().into_iter().collect::<Vec<_>>(), codes, "the sources, and docs/messages.md");
    for (code, body) in sections {
        assert!(body.trim_start().starts_with("**"), "{code} needs its one line");
        assert!(body.contains("\nCure: "), "{code} needs a cure");
        let shown = body.contains(&format!("[{code}]"));
        assert!(shown || body.contains("no example here"), "{code} is not shown by its example");
    }
}
