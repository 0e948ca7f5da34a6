//! Notes as programs for linked notes read them: names of files, links between them, and the fields on top. Names are made
//! of a folder and a key alone, so that a link needs no list of what there is.

use crate::base::clean;
use crate::base::fold::digest;

/// The longest key, in bytes, that is a name as it stands, and the most that is kept of any other.
const LONGEST: usize = 64;
/// Names of devices on Windows, which no file may have there, whatever its ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The path of a note, without its ending. A key of small letters, digits and single marks `-` is its own name; of any other
/// one what is harmless stays, and a digest behind `_` tells it apart, also where case means nothing.
pub(super) fn path(folder: &str, key: &str) -> String {
    let is_own = key.len() <= LONGEST
        && !key.is_empty()
        && !key.starts_with('-')
        && !key.ends_with('-')
        && key.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_lowercase())
        && !is_device(key);
    if is_own {
        return format!("{folder}/{key}");
    }
    let mut kept = String::new();
    for c in key.chars() {
        let c = if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        if kept.len() < LONGEST && !(c == '-' && (kept.is_empty() || kept.ends_with('-'))) {
            kept.push(c);
        }
    }
    let kept = kept.trim_end_matches('-');
    format!("{folder}/{}_{}", if kept.is_empty() { "x" } else { kept }, digest(key, 20))
}

/// `con`, `com1` and the like.
fn is_device(name: &str) -> bool {
    let numbered = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    let is_one = numbered.is_some_and(|rest| rest.len() == 1 && rest.chars().all(char::is_numeric));
    is_one || DEVICES.contains(&name)
}

/// A link to a note, which shows a text. Inside of a link nothing can be escaped, so marks that would act are replaced.
pub(super) fn link(folder: &str, key: &str, shown: &str) -> String {
    let joined = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::with_capacity(joined.len());
    for c in clean::line(&joined).chars() {
        let c = STAND_INS.iter().find(|(mark, _)| *mark == c).map_or(c, |(_, other)| *other);
        // Two of these open what is hidden or marked.
        if !("%=/".contains(c) && text.ends_with(c)) {
            text.push(c);
        }
    }
    let text = if text.is_empty() { "(no name)" } else { text.as_str() };
    format!("[[{}|{text}]]", path(folder, key))
}

/// What stands for marks that act inside of a link.
const STAND_INS: &[(char, char)] = &[
    ('[', '('),
    (']', ')'),
    ('|', '/'),
    ('\\', '/'),
    ('<', '‹'),
    ('>', '›'),
    ('`', '\''),
    ('*', '∗'),
    ('_', ' '),
    ('~', '∼'),
    ('$', '＄'),
    ('&', '＆'),
    ('^', 'ˆ'),
    ('#', '＃'),
];

/// The fields on top of a note, in YAML: each a text, or a list of texts. Those without a text are left out.
pub(super) fn front(fields: &[(&str, Vec<&str>)]) -> String {
    let mut out = String::from("---\n");
    for (name, texts) in fields {
        match texts.as_slice() {
            [] => {}
            [one] if *name != "aliases" => out.extend([format!("{name}: {}\n", quoted(one))]),
            all => {
                let all: Vec<String> = all.iter().map(|text| quoted(text)).collect();
                out.extend([format!("{name}: [{}]\n", all.join(", "))]);
            }
        }
    }
    out.push_str("---\n\n");
    out
}

/// A text in double quotes (YAML 1.2.2, section 7.3.1). What is no plain letter or mark is written by its number. Two opening
/// brackets get a blank between them: note-taking programs follow links in fields too.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '[' if out.ends_with('[') => out.push_str(" ["),
            ' '..='~' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            c if u32::from(c) <= 0xFFFF => out.extend([format!("\\u{:04X}", u32::from(c))]),
            c => out.extend([format!("\\U{:08X}", u32::from(c))]),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_has_a_name_of_its_own_that_all_systems_take() {
        let long = "ü".repeat(300);
        let keys = [
            "mike-rounds",
            "Mike-Rounds",
            "MIKE-ROUNDS",
            "con",
            "CON",
            "com1",
            "nul.txt",
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "a:b",
            "x.",
            "x ",
            "-x",
            "x-",
            "x_0",
            "lpt9",
            "ü",
            "u\u{308}",
            &long,
            "com\u{b9}",
        ];
        let mut seen = BTreeSet::new();
        for key in keys {
            let path = path("actors", key);
            let name = path.strip_prefix("actors/").unwrap();
            assert!(name.len() + ".md".len() <= 100, "{name}");
            assert!(name.starts_with(|c: char| c.is_ascii_alphanumeric()), "{name}");
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{name}");
            assert!(!is_device(name), "{name}");
            assert!(seen.insert(name.to_lowercase()), "{key}: {name}");
        }
        assert_eq!(path("actors", "mike-rounds"), "actors/mike-rounds");
    }

    #[test]
    fn a_link_shows_a_text_that_does_nothing() {
        assert_eq!(link("claims", "x", "a|b]] [[y#z]] <b>"), "[[claims/x|a/b)) ((y＃z)) ‹b›]]");
        assert_eq!(link("claims", "x", " \n "), "[[claims/x|(no name)]]");
        assert_eq!(link("claims", "x", "%%a%% ==b=="), "[[claims/x|%a% =b=]]");
    }

    #[test]
    fn fields_stay_fields() {
        let fields = front(&[
            ("name", vec!["a\n---\nb: \"c\\"]),
            ("none", vec![]),
            ("aliases", vec!["[[x"]),
        ]);
        assert_eq!(
            fields,
            "---\nname: \"a\\u000A---\\u000Ab: \\\"c\\\\\"\naliases: [\"[ [x\"]\n---\n\n"
        );
    }
}
