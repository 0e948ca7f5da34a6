//! Text.
#![expect(clippy::unnecessary_wraps, reason = "the functions of a table have one type")]

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::wrong::{bad_argument, bad_pattern};
use super::{Function, integer, text};
use crate::base::fold::{fold, kept_form, lookup_form};

pub(super) const FUNCTIONS: &[Function] = &[
    ("dixit_lower", 1, |c| Ok(Value::Text(text(c, 0).to_lowercase()))),
    ("dixit_upper", 1, |c| Ok(Value::Text(text(c, 0).to_uppercase()))),
    ("dixit_trim", 1, |c| Ok(Value::Text(text(c, 0).trim().to_owned()))),
    ("dixit_ltrim", 1, |c| Ok(Value::Text(text(c, 0).trim_start().to_owned()))),
    ("dixit_rtrim", 1, |c| Ok(Value::Text(text(c, 0).trim_end().to_owned()))),
    ("dixit_normalize", 1, |c| Ok(Value::Text(text(c, 0).nfc().collect()))),
    ("dixit_fold", 1, |c| Ok(Value::Text(fold(&text(c, 0))))),
    ("dixit_capital", 1, |c| Ok(Value::Text(fold(&text(c, 0)).to_uppercase()))),
    ("dixit_lookup", 1, |c| Ok(Value::Text(lookup_form(&text(c, 0))))),
    ("dixit_kept", 1, |c| Ok(kept_form(&text(c, 0)).map_or(Value::Null, Value::Text))),
    ("dixit_left", 3, left),
    ("dixit_right", 3, right),
    ("dixit_substring", 3, substring),
    ("dixit_substring", 4, substring),
    ("dixit_split", 2, split),
    ("dixit_reverse", 1, |c| Ok(Value::Text(text(c, 0).chars().rev().collect()))),
    ("dixit_starts_with", 2, |c| Ok(truth(text(c, 0).starts_with(&text(c, 1))))),
    ("dixit_ends_with", 2, |c| Ok(truth(text(c, 0).ends_with(&text(c, 1))))),
    ("dixit_like", 3, like),
    ("dixit_regex", 3, regex),
    ("dixit_truth_text", 1, |c| Ok(Value::Text((integer(c, 0)? != 0).to_string()))),
    ("dixit_to_text", 1, |c| Ok(Value::Text(text(c, 0)))),
    ("dixit_search", 1, search),
];

fn truth(value: bool) -> Value {
    Value::Integer(i64::from(value))
}

fn count(context: &Context<'_>, at: usize) -> Result<usize> {
    let number = integer(context, at)?;
    usize::try_from(number)
        .map_err(|_| bad_argument(context, format!("a length or position cannot be {number}")))
}

fn left(context: &Context<'_>) -> Result<Value> {
    let length = count(context, 1)?;
    Ok(Value::Text(text(context, 0).chars().take(length).collect()))
}

fn right(context: &Context<'_>) -> Result<Value> {
    let whole = text(context, 0);
    let skipped = whole.chars().count().saturating_sub(count(context, 1)?);
    Ok(Value::Text(whole.chars().skip(skipped).collect()))
}

fn substring(context: &Context<'_>) -> Result<Value> {
    let length = if context.len() > 3 { count(context, 2)? } else { usize::MAX };
    let start = count(context, 1)?;
    Ok(Value::Text(text(context, 0).chars().skip(start).take(length).collect()))
}

fn split(context: &Context<'_>) -> Result<Value> {
    let (whole, separator) = (text(context, 0), text(context, 1));
    let parts: Vec<String> = if separator.is_empty() {
        whole.chars().map(String::from).collect()
    } else {
        whole.split(&separator).map(str::to_owned).collect()
    };
    Ok(Value::Text(serde_json::Value::from(parts).to_string()))
}

/// `%` stands for any characters, `_` for one; a backslash takes away their meaning.
fn like(context: &Context<'_>) -> Result<Value> {
    let compiled = compiled(context, like_pattern)?;
    Ok(truth(compiled.is_match(&text(context, 0))))
}

fn like_pattern(pattern: &str) -> String {
    let mut out = String::from("(?s)^");
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => out.push_str(".*"),
            '_' => out.push('.'),
            '\\' => out.push_str(&regex::escape(&characters.next().unwrap_or('\\').to_string())),
            other => out.push_str(&regex::escape(&other.to_string())),
        }
    }
    out.push('$');
    out
}

type Fallible<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A compiled pattern of a fair size: time spent on a text grows with it.
fn pattern_of(pattern: &str) -> Fallible<regex::Regex> {
    Ok(regex::RegexBuilder::new(pattern).size_limit(1 << 19).build()?)
}

/// The pattern in the second argument, compiled once as long as it stays the same.
fn compiled(
    context: &Context<'_>,
    spelled: fn(&str) -> String,
) -> Result<std::sync::Arc<regex::Regex>> {
    let found = context.get_or_create_aux(1, |pattern| -> Fallible<_> {
        pattern_of(&spelled(&String::from_utf8_lossy(pattern.as_bytes()?)))
    });
    found.map_err(|error| {
        let said = error.to_string();
        let reason = said.lines().last().unwrap_or_default().trim();
        let reason = reason.trim_start_matches("error: ").trim_end_matches('.');
        bad_pattern(context, format!("this is not a regular expression: {reason}"))
    })
}

/// The pattern must match the whole text.
fn regex(context: &Context<'_>) -> Result<Value> {
    let compiled = compiled(context, |pattern| format!("^(?:{pattern})$"))?;
    Ok(truth(compiled.is_match(&text(context, 0))))
}

/// A full-text query as the index wants it: plain words are quoted, so that `28-point` is a word and not an operator.
fn search(context: &Context<'_>) -> Result<Value> {
    let query = text(context, 0);
    let operators = ["AND", "OR", "NOT"];
    let written = query.contains(['"', '*', '(', ')', ':', '^', '+', '{'])
        || query.contains("NEAR(")
        || query.split_whitespace().any(|word| operators.contains(&word));
    if written {
        return Ok(Value::Text(query));
    }
    let quoted: Vec<String> = query.split_whitespace().map(|word| format!("\"{word}\"")).collect();
    Ok(Value::Text(quoted.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::like_pattern;

    #[test]
    fn a_like_pattern_escapes_all_but_its_two_signs() {
        assert_eq!(like_pattern(r"a.%b_c\%"), r"(?s)^a\..*b.c%$");
    }
}
