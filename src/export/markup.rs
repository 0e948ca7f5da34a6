//! Texts of the store as Markdown: whatever they hold, they stay text.

use super::iri::is_address;
use crate::base::clean;

/// Characters that mean something in Markdown, in the dialects that note-taking programs and pandoc read.
const SPECIAL: &str = "\\`*_{}[]<>()#+-.!|~$^@=:%&\"'/";

/// A text on one line, with everything escaped that could be taken for markup.
pub(super) fn plain(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = clean::line(&joined);
    let mut escaped = String::with_capacity(line.len() + 8);
    let mut before = ' ';
    for c in line.chars() {
        if SPECIAL.contains(c) && needs_escape(c, before) {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

/// An address as a link, if it is a plain one of the web; any other text as text.
pub(super) fn address(text: &str) -> String {
    if is_address(text) { format!("<{text}>") } else { plain(text) }
}

/// Marks that open something only in front of a word, or at the start of a line, stay as they are inside a text.
fn needs_escape(c: char, before: char) -> bool {
    match c {
        '.' | ')' | '(' | ':' | '\'' | '"' | '!' | '{' | '}' => false,
        '-' | '+' | '#' => before == ' ',
        // Two of these hide or mark what follows, and an address becomes a link by itself.
        '%' | '=' => before == c,
        '/' => before == ':',
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{address, plain};

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(plain("a [link](x) *b*"), "a \\[link\\](x) \\*b\\*");
        assert_eq!(plain("# head\n- item"), "\\# head \\- item");
        assert_eq!(
            plain("<b>x</b> [[note]] @key ~~x~~"),
            "\\<b\\>x\\</b\\> \\[\\[note\\]\\] \\@key \\~\\~x\\~\\~"
        );
        assert_eq!(plain("28-point plan (2025-11)."), "28-point plan (2025-11).");
        assert_eq!(plain("%%a%% ==b== 5 % http://x"), "%\\%a%\\% =\\=b=\\= 5 % http:\\//x");
        assert_eq!(address("https://x.org/a"), "<https://x.org/a>");
        assert_eq!(address("javascript:[x]"), "javascript:\\[x\\]");
        assert_eq!(plain("\u{1b}[31m \u{202e}x"), "␛\\[31m ⟨U+202E⟩x");
    }
}
