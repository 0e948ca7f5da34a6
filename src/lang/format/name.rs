//! The text of names and values: back-ticks and quotes where they are needed.

use super::super::ast::Name;
use super::super::lexer::{is_word, lex};
use super::super::token::Kind;

/// A function's name may have parts. One that reads like something else in this place needs back-ticks.
pub(super) fn function(name: &Name) -> String {
    let dotted = name.text.contains('.') && name.text.split('.').all(is_word);
    let kind = Kind::of_word(&name.text);
    let taken = kind.is_reserved() || matches!(kind, Kind::Date | Kind::Datetime | Kind::Duration);
    if dotted || (is_word(&name.text) && !taken) {
        name.text.clone()
    } else {
        in_back_ticks(&name.text)
    }
}

/// A name where any word is one.
pub(in super::super) fn word(name: &Name) -> String {
    if is_word(&name.text) { name.text.clone() } else { in_back_ticks(&name.text) }
}

/// A name where keywords may mean something else.
pub(in super::super) fn variable(name: &Name) -> String {
    let taken = Kind::of_word(&name.text).is_reserved();
    if taken { in_back_ticks(&name.text) } else { word(name) }
}

/// The name of a node, an edge or a path where it is drawn.
pub(super) fn element(name: &Name) -> String {
    let taken = matches!(Kind::of_word(&name.text), Kind::Where | Kind::Is);
    if taken { in_back_ticks(&name.text) } else { word(name) }
}

/// A name that stands where a keyword would go on with something else.
pub(super) fn bare_alias(name: &Name) -> String {
    let bare = is_word(&name.text) && Kind::of_word(&name.text).is_bare_name();
    if bare { name.text.clone() } else { in_back_ticks(&name.text) }
}

/// A parameter with its sign.
pub(in super::super) fn parameter(name: &Name) -> String {
    let number = !name.text.is_empty() && name.text.chars().all(|c| c.is_ascii_digit());
    let plain = is_word(&name.text) || number;
    if plain { format!("${}", name.text) } else { format!("${}", in_back_ticks(&name.text)) }
}

fn in_back_ticks(text: &str) -> String {
    format!("`{}`", text.replace('`', "``"))
}

/// A text between quotes.
pub(in super::super) fn quoted(text: &str) -> String {
    quoted_with(text, '\'')
}

/// A text between quotes of this sort.
pub(in super::super) fn quoted_with(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            same if same == quote => out.extend([quote, quote]),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out.push(quote);
    out
}

/// Whether the text reads as a date without quotes.
pub(super) fn is_bare_date(text: &str) -> bool {
    let tokens = lex(text);
    matches!(tokens.as_slice(), [only] if only.kind == Kind::Day && only.text == text)
}
