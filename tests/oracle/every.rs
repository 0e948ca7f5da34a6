//! What holds of every query, whatever it asks.

use super::check::Case;
use super::random::Random;
use dixit::base::source::Source;
use dixit::lang::{ast::Script, format, parse};
use regex::Regex;

/// How a script looks without places and headings.
fn shape(script: &Script) -> String {
    let places = Regex::new(r#"Span \{ start: \d+, end: \d+ \}|heading: "(?:[^"\\]|\\.)*""#);
    places.unwrap().replace_all(&format!("{script:?}"), "").into_owned()
}

/// What does not hold of a query.
pub(crate) fn broken(case: &Case, text: &str, random: &mut Random) -> Option<String> {
    let script = parse(&Source::inline(text)).ok()?;
    let canonical = format(&script);
    match parse(&Source::inline(&canonical)) {
        Ok(again) if shape(&again) != shape(&script) => {
            return Some(format!("the canonical text means something else:\n{text}\n{canonical}"));
        }
        Ok(again) if format(&again) != canonical => {
            return Some(format!("the canonical text is not its own:\n{canonical}"));
        }
        Ok(again) => {
            let statements = [&script, &script, &again].map(|script| case.statement(script));
            if statements[0] != statements[1] || statements[0] != statements[2] {
                return Some(format!("the same query becomes another statement:\n{text}"));
            }
        }
        Err(wrong) => {
            let why = &wrong[0].message;
            return Some(format!("the canonical text is not read: {why}\n{text}\n{canonical}"));
        }
    }
    for _ in 0..3 {
        let damaged = damaged(text, random);
        // Only that it ends matters: a message or a statement.
        if let Ok(script) = parse(&Source::inline(&damaged))
            && !script.queries.is_empty()
        {
            drop(case.statement(&script));
        }
    }
    None
}

/// The text with a few words left out, written twice, moved or replaced.
fn damaged(text: &str, random: &mut Random) -> String {
    let within = |sign: char| sign.is_alphanumeric() || sign == '_';
    // Each word, and the sign behind it.
    let mut words: Vec<&str> = text.split_inclusive(|sign| !within(sign)).collect();
    for _ in 0..random.between(1, 3) {
        if words.len() < 2 {
            break;
        }
        let (at, other) = (random.below(words.len()), random.below(words.len()));
        match random.below(4) {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[other]),
            2 => words.swap(at, other),
            _ => words[at] = words[other],
        }
    }
    words.concat()
}
