//! How many there are of what, in words.

use std::fmt;

/// `1 statement`, `2 statements`, `2 entries`.
pub fn counted<N: Copy + fmt::Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if count == N::from(1) => format!("1 {noun}"),
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_apart_from_several_and_none() {
        let told = [0, 1, 2].map(|count: u64| counted(count, "entry"));
        assert_eq!(told, ["0 entries", "1 entry", "2 entries"]);
        assert_eq!(counted(2_usize, "row"), "2 rows");
    }
}
