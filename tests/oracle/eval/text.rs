//! Text: its form for other values, and patterns of it.

use crate::oracle::value::Value;
use dixit::base::fold::fold;

/// A value as text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) if number.fract() == 0.0 => format!("{number:.1}"),
        Value::Float(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Date(date) => date.text.clone(),
        other => panic!("{other:?} as text"),
    }
}

/// Whether a text is like a pattern: `%` stands for any characters, `_` for one, a backslash takes away their meaning.
pub(super) fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    is_like(&text, &pattern)
}

fn is_like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|from| is_like(&text[from..], rest)),
        ['_', rest @ ..] => !text.is_empty() && is_like(&text[1..], rest),
        ['\\', sign, rest @ ..] | [sign, rest @ ..] => {
            text.first() == Some(sign) && is_like(&text[1..], rest)
        }
    }
}

/// Whether a regular expression of the plainest kind fits a whole text: characters and `.`, each with `*`, `+`, `?` or
/// nothing behind it.
pub(super) fn regular(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    is_regular(&text, &pattern)
}

fn is_regular(text: &[char], pattern: &[char]) -> bool {
    let Some((sign, rest)) = pattern.split_first() else { return text.is_empty() };
    let fits = |at: usize| {
        text.get(at).is_some_and(|found| found == sign || *sign == '.' && *found != '\n')
    };
    let (least, most, rest) = match rest.split_first() {
        Some(('*', rest)) => (0, usize::MAX, rest),
        Some(('+', rest)) => (1, usize::MAX, rest),
        Some(('?', rest)) => (0, 1, rest),
        _ => (1, 1, rest),
    };
    let run = (0..text.len()).take_while(|at| fits(*at)).count().min(most);
    (least..=run).any(|length| is_regular(&text[length..], rest))
}

/// Whether a text has every word of a search, whatever the case and the accents.
pub(super) fn has_words(text: &str, search: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|sign: char| !sign.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(fold)
            .collect()
    };
    let there = words(text);
    words(search).iter().all(|word| there.contains(word))
}
