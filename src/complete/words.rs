//! What the keywords are for, a few words each; the order is that in which they are offered where nothing is begun.

use super::offers::candidate;
use super::{Candidate, Sort};

/// The keyword or phrase, the words that must all be welcome for it to be meant so, and what it is for.
const WORDS: &[(&str, &[&str], &str)] = &[
    ("match", &["match"], "finds what fits a drawing"),
    ("return", &["return"], "says what to show"),
    ("where", &["where"], "keeps only what fulfils a condition"),
    (
        "optional match",
        &["optional", "match"],
        "like match, but keeps rows for which nothing is found",
    ),
    ("optional", &["optional"], "keeps rows for which nothing is found"),
    ("with", &["with"], "goes on with these values only"),
    ("let", &["let"], "names a value"),
    ("filter", &["filter"], "keeps only rows that fulfil a condition"),
    ("for", &["for"], "one row for each member of a list"),
    ("order by", &["order"], "sorts"),
    ("group by", &["group"], "one row for each of these"),
    ("limit", &["limit"], "at most so many rows"),
    ("offset", &["offset"], "leaves out the first rows"),
    ("skip", &["skip"], "leaves out the first rows, like offset"),
    ("distinct", &["distinct"], "equal rows once"),
    ("as", &["as", "order"], "names the column"),
    ("and", &["and"], "both hold"),
    ("or", &["or"], "at least one holds"),
    ("xor", &["xor"], "just one holds"),
    ("not", &["not"], "the contrary"),
    ("exists", &["exists"], "whether something is found: exists { … }"),
    ("in", &["in"], "is a member of a list"),
    ("not in", &["not in"], "is no member of a list"),
    ("contains", &["contains"], "has this text in it"),
    ("starts with", &["starts with"], "begins with this text"),
    ("ends with", &["ends with"], "ends with this text"),
    ("matches", &["matches"], "has these words, by full-text search"),
    ("like", &["like"], "fits, with % for anything"),
    ("is null", &["is", "and"], "is not known"),
    ("is not null", &["is", "and"], "is known"),
    ("is", &["is", "and"], "null, true, false or labeled"),
    ("case", &["case"], "one value or another"),
    ("when", &["when"], "if so"),
    ("then", &["then"], "the value then"),
    ("else", &["else"], "the value otherwise"),
    ("end", &["end"], "ends the case"),
    ("true", &["true"], "holds"),
    ("false", &["false"], "does not hold"),
    ("labeled", &["labeled"], "is of such a kind: is labeled Actor"),
    ("null", &["null"], "not known"),
    ("unknown", &["unknown"], "not known, like null"),
    ("asc", &["asc"], "upwards"),
    ("desc", &["desc"], "downwards"),
    ("nulls first", &["nulls"], "what is not known comes first"),
    ("nulls last", &["nulls"], "what is not known comes last"),
    ("union", &["union"], "the rows of both"),
    ("except", &["except"], "rows that the other lacks"),
    ("intersect", &["intersect"], "rows that both have"),
    ("otherwise", &["otherwise"], "the rows of the second, if the first has none"),
    ("next", &["next"], "asks on with these rows"),
    ("call", &["call"], "asks an inner query for each row"),
    ("unwind", &["unwind"], "one row for each member of a list, like for"),
    ("as of", &["as", "match"], "asks what was known by a day"),
    ("as recorded", &["as", "match"], "asks what this store held at a moment"),
    ("explain", &["explain"], "shows how a query is answered"),
    ("param", &["param"], "declares a parameter"),
    ("define", &["define"], "gives a name to a condition, a value or an edge"),
    ("insert", &["insert"], "adds nodes and edges"),
    ("create", &["create"], "adds nodes and edges, like insert"),
    ("set", &["set"], "changes a property"),
    ("remove", &["remove"], "empties a property"),
    ("delete", &["delete"], "deletes nodes or edges"),
    ("detach delete", &["detach"], "deletes nodes with the edges that end there"),
    ("all shortest", &["all", "shortest"], "all paths of the least length"),
    ("any shortest", &["any", "shortest"], "one path of the least length"),
    ("shortest", &["shortest"], "so many of the shortest paths"),
    ("count", &["count"], "how many: count { … }, count(…)"),
    ("collect", &["collect"], "a list of what is found: collect { … }"),
    ("value", &["value"], "the one value found: value { … }"),
    ("all", &["all", "case"], "whether all members fulfil it: all(x in list where …)"),
    ("any", &["any", "case"], "whether some member fulfils it: any(x in list where …)"),
    ("none", &["none"], "whether no member fulfils it: none(x in list where …)"),
    ("single", &["single"], "whether just one member fulfils it: single(x in list where …)"),
    ("date", &["date"], "a date: date '2025-11'"),
    ("datetime", &["datetime"], "an instant: datetime '2025-11-22T10:00Z'"),
    ("duration", &["duration"], "a length of time: duration 'P1D'"),
];

/// Words that say nothing without the next one, which comes with them.
const HALVES: &[&str] = &["order", "group", "nulls", "detach"];

/// A candidate for each welcome word, or for what it begins.
pub(super) fn candidates(welcome: &[&'static str]) -> Vec<Candidate> {
    let meant = |needs: &&[&str]| needs.iter().all(|word| welcome.contains(word));
    let known = WORDS.iter().filter(|(_, needs, _)| meant(needs));
    let mut found: Vec<Candidate> =
        known.map(|(phrase, _, gloss)| candidate(phrase, phrase, gloss, Sort::Keyword)).collect();
    for word in welcome.iter().filter(|word| !HALVES.contains(word)) {
        if found.iter().all(|known| known.text != *word) {
            found.push(candidate(word, word, "", Sort::Keyword));
        }
    }
    found
}
