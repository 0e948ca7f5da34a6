//! Makes text from data, files and command lines safe to show. What a terminal would obey or hide becomes visible:
//! controls as pictures (␛), bidi overrides and invisible characters as ⟨U+202E⟩. Joiners and marks that names need stay.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Text that may reach a terminal: cleaned, or styled by us around cleaned parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safe(String);

impl Safe {
    /// Cleans `text`; lines stay lines.
    pub fn clean(text: &str) -> Self {
        Self(block(text).into_owned())
    }

    /// Takes `text` as it is. Only for text whose foreign parts went through this module.
    pub fn styled(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text of several lines: line ends and tabs stay, everything else that acts is shown.
pub fn block(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| acts(c) && !matches!(c, '\n' | '\t')) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => cleaned.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => push(&mut cleaned, c),
        }
    }
    Cow::Owned(cleaned)
}

/// Text for one line, such as a cell: a line end becomes `↵` and a tab a blank.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => cleaned.push_str("↵ "),
            '\t' => cleaned.push(' '),
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => push(&mut cleaned, c),
        }
    }
    Cow::Owned(cleaned)
}

/// Where the byte offset `offset` of `text` lies in `block(text)`.
pub fn offset_in_block(text: &str, offset: usize) -> usize {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= offset).unwrap_or(text.len());
    // A carriage return cut off from its line end would be shown, so it is left out here.
    let before = text.get(..end).unwrap_or_default();
    let half = before.ends_with('\r') && text.get(end..).is_some_and(|rest| rest.starts_with('\n'));
    block(if half { before.trim_end_matches('\r') } else { before }).len()
}

/// Whether a terminal would obey or hide this character.
pub fn acts(c: char) -> bool {
    c.is_control() || hidden(c)
}

/// Invisible characters that reorder, split or smuggle text. Joiners (U+200C, U+200D), direction marks and variation
/// selectors are not among them: names and emoji need them.
fn hidden(c: char) -> bool {
    matches!(c,
        '\u{180e}' | '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || u32::from(c) & 0xfffe == 0xfffe
}

fn push(out: &mut String, c: char) {
    if !acts(c) {
        return out.push(c);
    }
    match u32::from(c) {
        code @ 0..=0x1f => out.extend(char::from_u32(0x2400 + code)),
        0x7f => out.push('␡'),
        code => {
            let _infallible = write!(out, "⟨U+{code:04X}⟩");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected_line: &str) {
        assert_eq!(line(text), expected_line, "{text:?}");
        assert_eq!(line(&line(text)), expected_line, "cleaning twice changes nothing: {text:?}");
    }

    #[test]
    fn what_a_terminal_would_obey_becomes_a_picture() {
        check("\u{1b}[31mred\u{7}\0\u{7f}", "␛[31mred␇␀␡");
        check("\u{9b}31m", "⟨U+009B⟩31m");
        check("a\rb", "a␍b");
        check("\u{1b}]8;;http://x\u{1b}\\link", "␛]8;;http://x␛\\link");
    }

    #[test]
    fn what_a_terminal_would_hide_becomes_visible() {
        check("a\u{202e}b\u{2066}c\u{200b}d", "a⟨U+202E⟩b⟨U+2066⟩c⟨U+200B⟩d");
        check("\u{e0041}\u{feff}\u{2028}", "⟨U+E0041⟩⟨U+FEFF⟩⟨U+2028⟩");
        check("\u{fdd0}\u{1ffff}", "⟨U+FDD0⟩⟨U+1FFFF⟩");
    }

    #[test]
    fn names_and_emoji_keep_their_joiners_and_marks() {
        for text in
            ["می\u{200c}خواهم", "👩\u{200d}🔬", "e\u{301}", "क्\u{200d}ष", "❤\u{fe0f}", "日本"]
        {
            check(text, text);
        }
    }

    #[test]
    fn line_ends_stay_in_blocks_and_show_in_lines() {
        assert_eq!(block("a\r\nb\n\tc\u{7}"), "a\nb\n\tc␇");
        check("a\r\nb\nc\td", "a↵ b↵ c d");
    }

    #[test]
    fn offsets_follow_what_cleaning_adds_and_removes() {
        let text = "\u{1b}é\r\nx";
        assert_eq!(block(text), "␛é\nx");
        assert_eq!(offset_in_block(text, 0), 0);
        assert_eq!(offset_in_block(text, 1), "␛".len());
        assert_eq!(offset_in_block(text, 2), "␛é".len(), "inside a character");
        assert_eq!(offset_in_block(text, 4), "␛é".len());
        assert_eq!(offset_in_block(text, 5), "␛é\n".len());
        assert_eq!(offset_in_block(text, 99), "␛é\nx".len());
    }
}
