//! Whatever is done to a query, reading it ends well: an answer, or a message with a place inside the text.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use dixit::base::diagnostic::Diagnostics;
use dixit::base::source::Source;
use dixit::lang::tidy::{Tidied, tidy};
use dixit::lang::{ast::Script, format, parse, split};
use regex::Regex;
use std::collections::BTreeMap;

fn corpus() -> Vec<String> {
    include_str!("lang/corpus.txt").split("\n;\n").map(str::to_owned).collect()
}

/// Reads a text; checks that every message has its places inside it.
fn check(text: &str) -> Result<Script, Diagnostics> {
    let source = Source::inline(text);
    let read = parse(&source);
    for mistake in read.as_ref().err().into_iter().flatten() {
        assert!(!mistake.labels.is_empty() && !mistake.message.is_empty(), "{text}");
        for label in &mistake.labels {
            let inside = label.span.start <= label.span.end && label.span.end <= text.len();
            let on_borders =
                text.is_char_boundary(label.span.start) && text.is_char_boundary(label.span.end);
            assert!(inside && on_borders, "{label:?} of {mistake:?} in {text}");
        }
    }
    for span in split(&source) {
        assert!(text.get(span.start..span.end).is_some(), "{text}");
    }
    assert!(!matches!(&read, Err(mistakes) if mistakes.is_empty()), "{text}");
    read
}

/// A text in pieces: words, blanks, and single characters.
fn pieces(text: &str) -> Vec<&str> {
    let kind = |c: char| (c.is_alphanumeric() || c == '_', c.is_whitespace());
    let mut starts: Vec<usize> = Vec::new();
    let mut before = (false, false);
    for (at, c) in text.char_indices() {
        if kind(c) != before || kind(c) == (false, false) {
            starts.push(at);
        }
        before = kind(c);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| text.get(*start..end)).collect()
}

/// How a script looks without places and headings.
fn shape(script: &Script) -> String {
    let places = Regex::new(r#"Span \{ start: \d+, end: \d+ \}|heading: "(?:[^"\\]|\\.)*""#);
    places
        .map(|places| places.replace_all(&format!("{script:?}"), "").into_owned())
        .unwrap_or_default()
}

#[test]
fn shapes_differ_where_queries_do() {
    let shape_of = |text: &str| shape(&check(text).unwrap());
    assert_eq!(shape_of("return  a"), shape_of("return a"));
    assert_ne!(shape_of("return a"), shape_of("return b"));
    assert!(!shape_of("return a").contains("Span"));
}

#[test]
fn every_query_of_the_corpus_is_read() {
    for text in corpus() {
        let read = check(&text);
        assert!(read.is_ok(), "{text}\n{read:#?}");
    }
}

#[test]
fn the_canonical_text_means_the_same() {
    for text in corpus() {
        let script = check(&text).unwrap();
        let canonical = format(&script);
        let again =
            check(&canonical).unwrap_or_else(|mistakes| panic!("{canonical}\n{mistakes:#?}"));
        assert_eq!(shape(&again), shape(&script), "{text}\n{canonical}");
        assert_eq!(format(&again), canonical);
    }
}

/// A comment at the end of any word, and one on a line of its own: the form changes, the comment and the query do not.
#[test]
fn no_comment_is_lost() {
    for text in corpus() {
        let words: Vec<&str> = text.split_inclusive(' ').collect();
        for at in 1..words.len() {
            for comment in ["-- here\n", "\n// here\n", "/* here\n too */ "] {
                let source = [&words[..at].concat(), comment, &words[at..].concat()].concat();
                if parse(&Source::inline(source.as_str())).is_ok() {
                    let tidied = tidy(&Source::inline(source.as_str())).unwrap();
                    let Tidied::Text(tidied) = tidied else { panic!("left as it is: {source}") };
                    assert!(tidied.contains("here"), "{source}\n{tidied}");
                }
            }
        }
    }
}

#[test]
fn a_damaged_query_is_read_or_refused_with_a_place() {
    for text in corpus() {
        let pieces = pieces(&text);
        for at in 0..pieces.len() {
            let (before, behind) = (pieces[..at].concat(), pieces[at + 1..].concat());
            check(&format!("{before}{behind}")).ok();
            check(&format!("{before}{0}{0}{behind}", pieces[at])).ok();
            check(&before).ok();
            if let Some((next, rest)) = pieces[at + 1..].split_first() {
                check(&format!("{before}{next}{}{}", pieces[at], rest.concat())).ok();
            }
        }
    }
}

#[test]
fn a_query_cut_at_any_character_is_read_or_refused_with_a_place() {
    for text in corpus() {
        for (at, _) in text.char_indices() {
            let (before, behind) = text.split_at(at);
            check(before).ok();
            check(behind).ok();
        }
    }
}

/// On a stack as large as a main thread has; a test's own is smaller, and unoptimised code needs much of it.
#[test]
fn deep_and_long_texts_end_quickly() {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(deep_and_long_texts);
    thread.unwrap().join().unwrap();
}

fn deep_and_long_texts() {
    let nested = |depth: usize, open: &str, close: &str| {
        format!("return {}1{}", open.repeat(depth), close.repeat(depth))
    };
    let code =
        |text: &str| check(text).err().and_then(|found| found.first().map(|first| first.code));
    for (open, close) in
        [("(", ")"), ("[", "]"), ("f(", ")"), ("-", ""), ("case when 1 then ", " end")]
    {
        assert_eq!(code(&nested(128, open, close)), None, "{open}");
        assert_eq!(code(&nested(129, open, close)), Some("D0203"), "{open}");
        assert_eq!(code(&nested(100_000, open, close)), Some("D0203"), "{open}");
    }
    let patterns = |depth| nested(depth, "exists { (a {x: ", "}) }");
    assert_eq!(code(&patterns(25)), None);
    assert_eq!(code(&patterns(26)), Some("D0203"));
    assert_eq!(code(&nested(10_000, "(", "")), Some("D0203"));
    assert_eq!(code(&format!("return 1{}", " or 1".repeat(500))), None);
    for chain in [" or 1", " - 1", ".x", "[0]", " is null", ":L", " ^ 1"] {
        assert_eq!(code(&format!("return a{}", chain.repeat(10_000))), Some("D0204"), "{chain}");
    }
    assert_eq!(code(&format!("return {}a", "not ".repeat(10_000))), Some("D0204"));
    assert_eq!(code(&format!("match (a:b{}) return a", "|b".repeat(10_000))), Some("D0204"));
    assert_eq!(code(&format!("match (a:{}b) return a", "!".repeat(10_000))), Some("D0203"));
    assert_eq!(code(&format!("return [{}1]", "1, ".repeat(10_000))), None);
    assert_eq!(code(&format!("match (a){} return a", "-->(a)".repeat(10_000))), None);
    check(&"(]".repeat(50_000)).ok();
}

/// Queries written for another engine: most use what dixit does not have, but each refusal has its place.
#[test]
fn queries_of_other_engines_are_read_or_refused_with_a_place() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/queries/cypher_queries.jsonl");
    let Ok(lines) = std::fs::read_to_string(&path) else {
        say("skipped: there is no collection of queries beside the sources");
        return;
    };
    let (mut read, mut all) = (0, 0);
    let mut refusals = Refusals::new();
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = row["query"].as_str().unwrap_or_default();
        all += 1;
        match check(text) {
            Ok(script) => {
                read += 1;
                let again = check(&format(&script)).unwrap();
                assert_eq!(shape(&again), shape(&script), "{text}");
            }
            Err(mistakes) => note(&mistakes, text, &mut refusals),
        }
    }
    table(&refusals);
    say(&format!("{read} of {all} queries are read"));
    assert!(read * 10 > all * 9, "{read} of {all}");
}

/// What is said of refused queries, how often, and where it was said first.
type Refusals = BTreeMap<String, (usize, String)>;

/// Counts a refusal by its first message and what it advises, the words of the query left out.
fn note(mistakes: &Diagnostics, text: &str, refusals: &mut Refusals) {
    let Some(mistake) = mistakes.first() else { return };
    let label = mistake.labels.first();
    let said = mistake.help.as_deref().or(label.map(|label| label.text.as_str()));
    let general = !matches!(mistake.code, "D0207");
    let words = Regex::new("^`[^`]*`").unwrap();
    let message = if general {
        words.replace(&mistake.message, "`…`")
    } else {
        mistake.message.as_str().into()
    };
    let key = format!("{} {message} | {}", mistake.code, said.unwrap_or_default());
    let at = label.map_or(0, |label| label.span.start);
    let near: String = text.get(at..).unwrap_or_default().chars().take(40).collect();
    let before: Vec<char> = text.get(..at).unwrap_or_default().chars().rev().take(40).collect();
    let before: String = before.into_iter().rev().collect();
    let example = format!("{before}»{near}").replace('\n', " ");
    refusals.entry(key).or_insert((0, example)).0 += 1;
}

/// Prints the refusals, the most common first: `cargo test --test damage other_engines -- --nocapture`.
fn table(refusals: &Refusals) {
    let mut rows: Vec<_> = refusals.iter().collect();
    rows.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (message, (count, example)) in rows {
        say(&format!("{count:5} {message}\n        {example}"));
    }
}

/// Prints a line, for those who watch.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn say(line: &str) {
    eprintln!("{line}");
}
