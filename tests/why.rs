//! What rows rest on: a query that says it gives the same rows, and a world that holds nothing but what they rest on gives
//! them as well.
//!
//! `DIXIT_RANDOM=100000 cargo test --profile trial --test why` tries so many; `DIXIT_SEED=7` starts elsewhere.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where it cannot go on, and says how many queries it tried"
)]
#![expect(
    clippy::too_many_lines,
    clippy::too_many_arguments,
    clippy::format_push_string,
    dead_code,
    reason = "the oracle is plain rather than short, and not all of it is needed here"
)]

mod oracle;

use oracle::check::Case;
use oracle::{queries, random::Random, shrink::world::without_statement, worlds::World};

const QUERIES_PER_WORLD: usize = 100;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Worlds, each with its case and a source of queries.
fn worlds(queries: usize) -> impl Iterator<Item = (Case, Random)> {
    let seed = number("DIXIT_SEED", 1) * 1_000_000 + 700_000_000;
    (0..queries.div_ceil(QUERIES_PER_WORLD)).map(move |at| {
        let mut random = Random::new(u64::try_from(seed + at).unwrap());
        let case = Case::new(World::random(&mut random)).expect("a random world is taken in");
        (case, random)
    })
}

#[test]
fn a_query_that_says_what_its_rows_rest_on_gives_the_same_rows() {
    let (mut same, mut silent, mut much, mut wrong) = (0, 0, 0, Vec::new());
    for (case, mut random) in worlds(number("DIXIT_RANDOM", 1500)) {
        for _ in 0..QUERIES_PER_WORLD {
            let text = queries::query(&case.graph, Random::new(random.next()));
            match case.traced(&text) {
                None => silent += 1,
                // A statement that says more may be too much where the one without is just not.
                Some(Err(why)) if why.contains("too many") || why.contains("time") => much += 1,
                Some(Err(why)) => wrong.push(format!("{why}\n{text}")),
                Some(Ok(traced)) if traced.plain == traced.rows => same += 1,
                Some(Ok(traced)) => {
                    let (plain, rows) = (traced.plain.join("\n"), traced.rows.join("\n"));
                    wrong.push(format!("{text}\n-- without\n{plain}\n-- with\n{rows}"));
                }
            }
        }
    }
    println!(
        "{same} queries give the same rows, {silent} give none either way, {much} are too much"
    );
    assert!(wrong.is_empty(), "{} of {same}:\n{}", wrong.len(), wrong.join("\n===\n"));
    assert!(silent * 20 < same && much * 500 < same, "too many have no answer");
}

/// What may take a row away because something is there, or tells of what is not there, or of how much there is.
const NOT_POSITIVE: &[&str] = &[
    "not ",
    "null",
    "except",
    "intersect",
    "otherwise",
    "limit",
    "offset",
    "count",
    "sum(",
    "avg(",
    "min(",
    "max(",
    "collect",
    "string_agg",
    "percentile",
    "stddev",
    "none(",
    "all(",
    "single(",
    "any(",
    "xor",
    "case ",
    "false",
    "true",
    "shortest",
    "element_id",
    "define",
];

#[test]
fn a_world_of_nothing_but_what_rows_rest_on_gives_those_rows() {
    let (mut same, mut removed, mut filled, mut wrong) = (0, 0, 0, Vec::new());
    for (case, mut random) in worlds(number("DIXIT_RANDOM", 3000)) {
        let statements = case.pairs("match (s:Statement) return element_id(s) as id, s.key as key");
        let readings = case.pairs(
            "match (s:Statement)-[i:in]->(:Source) return element_id(i) as id, s.key as key",
        );
        for _ in 0..QUERIES_PER_WORLD {
            let text = queries::query(&case.graph, Random::new(random.next()));
            let lower = text.to_lowercase();
            if NOT_POSITIVE.iter().any(|word| lower.contains(word)) {
                continue;
            }
            let Some(Ok(traced)) = case.traced(&text) else { continue };
            let held =
                |(id, key): &(String, String)| traced.things.contains(id).then(|| key.clone());
            let named: Vec<String> = statements.iter().chain(&readings).filter_map(held).collect();
            // A tie or a judgement is not there without what it joins or judges.
            let joins = |key: &String| {
                let ties = case.world.rows("relations");
                let judged = case.world.rows("assessments").any(|row| row.get("target") == key);
                judged || ties.into_iter().any(|row| row.get("from") == key || row.get("to") == key)
            };
            let gone = statements
                .iter()
                .map(|(_, key)| key)
                .filter(|key| !named.contains(key) && !joins(key));
            let gone: Vec<&String> = gone.collect();
            let smaller =
                gone.iter().fold(case.world.clone(), |world, key| without_statement(&world, key));
            let Ok(smaller) = Case::new(smaller) else { continue };
            let rows = smaller.rows(&text).unwrap_or_else(|why| vec![why]);
            let mut plain = traced.plain.clone();
            plain.sort();
            if rows == plain {
                same += 1;
                removed += gone.len();
                filled += usize::from(!plain.is_empty());
            } else {
                wrong.push(format!(
                    "{text}\n-- without {gone:?}, with {:?}\n{}\n-- rather than\n{}\n-- in\n{}",
                    traced.things,
                    rows.join("\n"),
                    plain.join("\n"),
                    case.world.show()
                ));
            }
        }
    }
    println!("{same} queries, {filled} of them with rows, without {removed} statements");
    assert!(wrong.is_empty(), "{} of {same}:\n{}", wrong.len(), wrong.join("\n===\n"));
    assert!(filled * 3 > same && removed > same, "too little was removed");
}
