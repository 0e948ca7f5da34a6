//! Cells that lose nothing: an empty text is told from none, a list from a text, a kind from the key behind it. What tells
//! them apart is U+0000, which no text holds, so a cell of a file that somebody wrote never reads as one of these.

use std::borrow::Cow;

/// A text that is there, be it empty.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.is_empty() { Cow::Borrowed("\0") } else { Cow::Borrowed(text) }
}

/// A list; one without members is none.
pub(super) fn list<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let parts: Vec<&str> = parts.into_iter().collect();
    if parts.is_empty() { String::new() } else { format!("\0\0{}", parts.join("\0")) }
}

/// A node of any kind.
pub(super) fn node(kind: &str, key: &str) -> String {
    format!("\0{kind}\0{key}")
}

/// The text that a cell holds.
pub(super) fn meant(cell: &str) -> &str {
    if cell == "\0" { "" } else { cell }
}

/// The members of a list, where a cell holds one of these.
pub(super) fn listed(cell: &str) -> Option<Vec<Cow<'_, str>>> {
    Some(cell.strip_prefix("\0\0")?.split('\0').map(Cow::Borrowed).collect())
}

/// The kind and the key of a node, where a cell holds one of these.
pub(super) fn of_kind(cell: &str) -> Option<(&str, &str)> {
    cell.strip_prefix('\0')?.split_once('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out() {
        for one in ["", "a", " a;b\\ "] {
            assert_eq!(meant(&text(one)), one);
            assert_eq!(of_kind(&node("Actor", one)), Some(("Actor", one)));
        }
        for parts in [&["a"][..], &["", ""], &["a;b", "\\", " "]] {
            assert_eq!(listed(&list(parts.iter().copied())).unwrap(), parts);
        }
        assert_eq!(list([]), "");
        assert!(listed("a;b").is_none() && of_kind("actor:a").is_none());
    }
}
