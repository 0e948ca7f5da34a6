//! How many there are of what, in words.

use std::fmt;

/// `1 statement`, `2 statements`, `2 entries`, `2 addresses`.
pub fn counted<N: Copy + fmt::Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    // The first word counts of `document without a statement`.
    if let Some((head, tail)) = noun.split_once(" without ").or_else(|| noun.split_once(" of ")) {
        let between = noun.get(head.len()..noun.len() - tail.len()).unwrap_or_default();
        return format!("{}{between}{tail}", counted(count, head));
    }
    match noun.strip_suffix('y') {
        _ if count == N::from(1) => format!("1 {noun}"),
        Some(stem) if !stem.ends_with(VOWELS) => format!("{count} {stem}ies"),
        _ if HISSING.iter().any(|end| noun.ends_with(end)) => format!("{count} {noun}es"),
        Some(_) | None => format!("{count} {noun}s"),
    }
}

/// A `y` behind one of them stays.
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];
/// Endings that take an `e` before the `s`.
const HISSING: [&str; 5] = ["s", "x", "z", "ch", "sh"];

/// `a person`, `an organization`.
pub fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_apart_from_several_and_none() {
        let told = [0, 1, 2].map(|count: u64| counted(count, "entry"));
        assert_eq!(told, ["0 entries", "1 entry", "2 entries"]);
        assert_eq!(counted(2_usize, "row"), "2 rows");
        assert_eq!(with_article("organization"), "an organization");
        assert_eq!(with_article("state"), "a state");
        assert_eq!(counted(2_usize, "address"), "2 addresses");
        assert_eq!(counted(2_usize, "key"), "2 keys");
        assert_eq!(counted(2_usize, "entry without a date"), "2 entries without a date");
    }
}
