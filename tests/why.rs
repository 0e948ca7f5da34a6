//! What rows rest on: a query that says it gives the same rows, and a world that holds nothing but what they rest on gives
//! them as well; and of an answer without rows, that the part that leaves none is found.
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
#[path = "house/processes.rs"]
mod processes;
#[path = "house/threads.rs"]
mod threads;

use dixit::base::{source::Source, value::Value};
use dixit::notes::{counts::counts, stands_for_all};
use dixit::why::{QUESTIONS, findings::Nodes};
use oracle::check::{Case, gathers, is_total};
use oracle::{queries, random::Random, shrink::world::without, value::show_given, worlds::World};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Duration;

const QUERIES_PER_WORLD: usize = 100;
/// What takes longer is too much: a statement that says more may take far longer than the one without.
const ENOUGH: Duration = Duration::from_secs(10);

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What was found in one world or in all: counts, and what is wrong.
#[derive(Default, Serialize, Deserialize)]
struct Found {
    counts: [usize; 3],
    wrong: Vec<String>,
}

/// Looks at one world after the other, each with its case and a source of queries, as many at a time as there are
/// processors. `test` is the name of the test.
fn worlds(test: &str, look: impl Fn(&Case, &mut Random, &mut Found)) -> Found {
    let seed = number("DIXIT_SEED", 1) * 1_000_000 + 700_000_000;
    let count = number("DIXIT_RANDOM", 600).div_ceil(QUERIES_PER_WORLD);
    let shares = processes::each(test, count, |share| {
        let mut found = Found::default();
        for at in share {
            let mut random = Random::new(u64::try_from(seed + at).unwrap());
            let case = Case::allowing(World::random(&mut random), ENOUGH);
            look(&case.expect("a random world is taken in"), &mut random, &mut found);
        }
        found
    });
    shares.into_iter().fold(Found::default(), |mut all, one| {
        for (sum, count) in all.counts.iter_mut().zip(one.counts) {
            *sum += count;
        }
        all.wrong.extend(one.wrong);
        all
    })
}

fn is_too_much(why: &str) -> bool {
    why.contains("too many") || why.contains("time allowed")
}

/// The rows of a query without and with what they rest on.
struct Traced {
    plain: Vec<String>,
    rows: Vec<String>,
    /// The element ids of all that the rows rest on.
    nodes: BTreeSet<String>,
}

/// The rows of two texts each that a query gives.
fn pairs(case: &Case, text: &str) -> Vec<(String, String)> {
    let script = dixit::lang::parse(&Source::inline(text)).unwrap();
    let compiled = case.compiled(&script).unwrap();
    let mut pairs = Vec::new();
    case.reader.start();
    let ran = case.reader.run(&compiled.statement, &mut |row| {
        let [Value::Text(one), Value::Text(other)] = row.as_slice() else {
            panic!("not two texts")
        };
        pairs.push((one.clone(), other.clone()));
        ControlFlow::Continue(())
    });
    ran.unwrap();
    pairs
}

/// Asks a query twice, the second time for what its rows rest on; nothing where it has no answer.
fn traced(case: &Case, text: &str) -> Option<Result<Traced, String>> {
    let script = dixit::lang::parse(&Source::inline(text)).ok()?;
    let compiled = case.compiled(&script).ok()?;
    let lists = !gathers(&script.queries[0]);
    let mut plain = case.ran(&compiled.statement, lists).ok()?;
    // Half the time all kinds, else those that `--why` tells of.
    let told = |name: &str| {
        QUESTIONS.iter().any(|(_, question)| question.contains(&format!("param ${name}:")))
    };
    let wanted = |name: &str| text.len().is_multiple_of(2) || told(name);
    let kinds = case.catalog.kinds().filter(|(_, kind)| wanted(&kind.name));
    let kinds = kinds.map(|(id, _)| id).collect();
    let (mut rows, mut nodes) = (Vec::new(), BTreeSet::new());
    let stands = |number| {
        let (_, edge) = case.catalog.edges().find(|(_, edge)| edge.id == number)?;
        edge.stands_as.map(|kind| case.catalog.kind(kind).id)
    };
    let traced = match dixit::compile_traced(&compiled, &kinds, &case.catalog) {
        Ok(traced) => traced,
        Err(wrong) => return Some(Err(wrong[0].message.clone())),
    };
    case.reader.start();
    let ran = case.reader.run(&traced.statement, &mut |mut row| {
        let Some(Value::Text(words)) = row.pop() else { panic!("no evidence") };
        nodes.extend(Nodes::read(&words, usize::MAX, &stands).shown);
        let shown = row.iter().map(|value| show_given(value, &case.graph, lists));
        rows.push(shown.collect::<Vec<String>>().join(" | "));
        ControlFlow::Continue(())
    });
    if !is_total(&script.queries[0]) {
        plain.sort();
        rows.sort();
    }
    Some(ran.map(|()| Traced { plain, rows, nodes }).map_err(|error| error.to_string()))
}

/// A world without a statement and all that rests on it.
fn without_statement(world: &World, key: &str) -> World {
    let at = world.tables["statements"].rows.iter().position(|row| row[0] == key);
    at.map_or_else(|| world.clone(), |at| without(world, "statements", at))
}

#[test]
fn a_query_that_says_what_its_rows_rest_on_gives_the_same_rows() {
    let Found { counts: [same, silent, much], wrong } = worlds(
        "a_query_that_says_what_its_rows_rest_on_gives_the_same_rows",
        |case, random, found| {
            let Found { counts: [same, silent, much], wrong } = found;
            for _ in 0..QUERIES_PER_WORLD {
                let text = queries::query(&case.graph, Random::new(random.next()));
                match traced(case, &text) {
                    None => *silent += 1,
                    Some(Err(why)) if is_too_much(&why) => *much += 1,
                    Some(Err(why)) => wrong.push(format!("{why}\n{text}")),
                    Some(Ok(traced)) if traced.plain == traced.rows => *same += 1,
                    Some(Ok(traced)) => {
                        let (plain, rows) = (traced.plain.join("\n"), traced.rows.join("\n"));
                        wrong.push(format!("{text}\n-- without\n{plain}\n-- with\n{rows}"));
                    }
                }
            }
        },
    );
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
    // What the prelude defines by counting, or by what is not there.
    "origin",
    "depth",
    "only_unnamed",
    "first_hand",
    "named_tellers",
    "rests_on_name",
];

#[test]
fn a_world_of_nothing_but_what_rows_rest_on_gives_those_rows() {
    let Found { counts: [same, removed, filled], wrong } = worlds(
        "a_world_of_nothing_but_what_rows_rest_on_gives_those_rows",
        |case, random, found| {
            let Found { counts: [same, removed, filled], wrong } = found;
            let statements =
                pairs(case, "match (s:Statement) return element_id(s) as id, s.key as key");
            let readings = pairs(
                case,
                "match (s:Statement)-[i:in]->(:Source) return element_id(i) as id, s.key as key",
            );
            for _ in 0..QUERIES_PER_WORLD {
                let text = queries::query(&case.graph, Random::new(random.next()));
                let lower = text.to_lowercase();
                if NOT_POSITIVE.iter().any(|word| lower.contains(word)) {
                    continue;
                }
                let Some(Ok(traced)) = traced(case, &text) else { continue };
                let held =
                    |(id, key): &(String, String)| traced.nodes.contains(id).then(|| key.clone());
                let named: Vec<String> =
                    statements.iter().chain(&readings).filter_map(held).collect();
                // A tie or a judgement is not there without what it joins or judges.
                let joins = |key: &String| {
                    let ties = case.world.rows("relations");
                    let judged = case.world.rows("assessments").any(|row| row.get("target") == key);
                    judged
                        || ties
                            .into_iter()
                            .any(|row| row.get("from") == key || row.get("to") == key)
                };
                let gone = statements
                    .iter()
                    .map(|(_, key)| key)
                    .filter(|key| !named.contains(key) && !joins(key));
                let gone: Vec<&String> = gone.collect();
                let smaller = gone
                    .iter()
                    .fold(case.world.clone(), |world, key| without_statement(&world, key));
                let Ok(smaller) = Case::new(smaller) else { continue };
                let rows = smaller.rows(&text).unwrap_or_else(|why| vec![why]);
                let mut plain = traced.plain.clone();
                plain.sort();
                if rows == plain {
                    *same += 1;
                    *removed += gone.len();
                    *filled += usize::from(!plain.is_empty());
                } else {
                    wrong.push(format!(
                        "{text}\n-- without {gone:?}, with {:?}\n{}\n-- rather than\n{}\n-- in\n{}",
                        traced.nodes,
                        rows.join("\n"),
                        plain.join("\n"),
                        case.world.show()
                    ));
                }
            }
        },
    );
    println!("{same} queries, {filled} of them with rows, without {removed} statements");
    assert!(wrong.is_empty(), "{} of {same}:\n{}", wrong.len(), wrong.join("\n===\n"));
    assert!(filled * 3 > same && removed > same, "too little was removed");
}

/// Of a query of one part: an answer without rows has a part that leaves none, and one with rows has not.
#[test]
fn the_part_that_leaves_no_rows_is_found() {
    let Found { counts: [empty, filled, much], wrong } =
        worlds("the_part_that_leaves_no_rows_is_found", |case, random, found| {
            let Found { counts: [empty, filled, much], wrong } = found;
            for _ in 0..QUERIES_PER_WORLD {
                let text = queries::query(&case.graph, Random::new(random.next()));
                let source = Source::inline(&text);
                let Ok(script) = dixit::lang::parse(&source) else { continue };
                let Ok(compiled) = case.compiled(&script) else { continue };
                if !script.queries[0].others.is_empty() || stands_for_all(&compiled.question) {
                    continue;
                }
                let Ok(rows) = case.ran(&compiled.statement, true) else { continue };
                match counts(&compiled.question, &source, (&case.catalog, &case.reader)) {
                    Ok(parts) => {
                        let nothing = parts.last().is_some_and(|part| part.rows == Some(0));
                        *if rows.is_empty() { &mut *empty } else { &mut *filled } += 1;
                        if nothing != rows.is_empty() {
                            wrong.push(format!("{text}\n{} rows, but {parts:?}", rows.len()));
                        }
                    }
                    Err(why) if is_too_much(&why.to_string()) => *much += 1,
                    Err(why) => wrong.push(format!("{text}\n{why}")),
                }
            }
        });
    println!("{empty} without rows, {filled} with, {much} too much");
    assert!(wrong.is_empty(), "{}", wrong.join("\n===\n"));
}
