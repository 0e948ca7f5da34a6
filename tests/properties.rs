//! Random queries over random small worlds: the compiler answers as the oracle does, whatever the order in which the world
//! came in, with the same statement each time; the canonical text means the same; and damage ends in a message.
//!
//! `DIXIT_RANDOM=100000 cargo test --profile trial --test properties` tries so many; `DIXIT_SEED=7` starts elsewhere.

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
    reason = "the oracle is plain rather than short: one arm for each form, and texts put together piece by piece"
)]

mod oracle;
#[path = "house/processes.rs"]
mod processes;
#[path = "house/threads.rs"]
mod threads;

use oracle::{
    check::{Case, Verdict},
    every, queries,
    random::Random,
    recorded,
    tally::Tally,
    worlds::World,
};
use std::panic::catch_unwind;
use std::{fs, time::Instant};

const QUERIES_PER_WORLD: usize = 100;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Tries one world after another, as many at a time as the machine has processors. `test` is the name of the test.
fn tried(test: &str, queries: usize, try_world: impl Fn(u64, &mut Tally)) -> Tally {
    let (worlds, seed) = (queries.div_ceil(QUERIES_PER_WORLD), number("DIXIT_SEED", 1));
    let tallies = processes::each(test, worlds, |share| {
        let mut tally = Tally::default();
        for at in share {
            try_world(u64::try_from(seed * 1_000_000 + at).unwrap(), &mut tally);
        }
        tally
    });
    tallies.into_iter().fold(Tally::default(), |mut all, tally| {
        all.join(tally);
        all
    })
}

fn case(world: World) -> Case {
    let shown = world.show();
    Case::new(world).unwrap_or_else(|why| panic!("{why}\n{shown}"))
}

#[test]
fn random_queries_are_answered_as_the_oracle_does() {
    let start = Instant::now();
    let tally = tried(
        "random_queries_are_answered_as_the_oracle_does",
        number("DIXIT_RANDOM", 2000),
        |seed, tally| {
            let mut random = Random::new(seed);
            let case = case(World::random(&mut random));
            for _ in 0..QUERIES_PER_WORLD {
                let seed = random.next();
                let drawn = catch_unwind(|| queries::query(&case.graph, Random::new(seed)));
                match drawn {
                    Ok(text) => tally.add(&case, &text),
                    Err(_) => tally.lose(),
                }
            }
        },
    );
    let summary = format!("{tally}in {:?}", start.elapsed());
    println!("{summary}");
    assert!(tally.wrong.is_empty(), "{}\n{summary}", tally.wrong.join("\n===\n"));
    let total = tally.total();
    assert!(tally.filled() >= 0.6, "too many answers are empty: {summary}");
    assert!(tally.count("not drawn") * 10_000 <= total, "too many are not drawn: {summary}");
    assert!(tally.count("refused") * 50 < total, "too many are refused: {summary}");
    assert!(tally.count("too much") * 50 < total, "too many are too much: {summary}");
    assert!(tally.count("fails") * 100 <= total, "too many fail in the oracle: {summary}");
    assert!(tally.count("too deep") * 500 <= total, "too many are too deep: {summary}");
}

/// The canonical text means the same, the statement is the same each time, and damage ends in a message.
#[test]
fn what_holds_of_every_query_holds_of_random_ones() {
    let tally = tried(
        "what_holds_of_every_query_holds_of_random_ones",
        number("DIXIT_RANDOM", 2000) / 3,
        |seed, tally| {
            let mut random = Random::new(seed + 900_000_000);
            let case = case(World::random(&mut random));
            for _ in 0..QUERIES_PER_WORLD {
                let text = queries::query(&case.graph, Random::new(random.next()));
                tally.wrong.extend(every::broken(&case, &text, &mut random));
            }
        },
    );
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n===\n"));
}

/// The rows of a world's files in another order: the same world.
#[test]
fn the_order_in_which_a_world_came_in_does_not_show() {
    let tally = tried(
        "the_order_in_which_a_world_came_in_does_not_show",
        number("DIXIT_RANDOM", 2000) / 10,
        |seed, tally| {
            let mut random = Random::new(seed + 500_000_000);
            let world = World::random(&mut random);
            let shuffled = case(world.shuffled(&mut random));
            let case = case(world);
            for _ in 0..QUERIES_PER_WORLD {
                let text = queries::query(&case.graph, Random::new(random.next()));
                tally.compare(&text, &case.rows(&text), &shuffled.rows(&text));
            }
        },
    );
    println!("{tally}");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n===\n"));
}

/// Actors that are judged to be one answer as one that was there from the start.
#[test]
fn those_that_are_judged_to_be_one_answer_as_one_that_always_was() {
    let tally = tried(
        "those_that_are_judged_to_be_one_answer_as_one_that_always_was",
        number("DIXIT_RANDOM", 2000) / 4,
        |seed, tally| {
            let mut random = Random::new(seed + 300_000_000);
            let judged = || {
                let world = World::random(&mut random);
                let one = world.united()?;
                Some((world, one))
            };
            let found = std::iter::repeat_with(judged).take(100).flatten().next();
            let (world, one) = found.expect("many worlds have actors that are judged to be one");
            let (judged, one) = (case(world), case(one));
            for _ in 0..QUERIES_PER_WORLD {
                let text = queries::query(&one.graph, Random::new(random.next()));
                let (judged, one) = (judged.rows(&text), one.rows(&text));
                // Reading judgements makes a statement longer, and a few of those that are near a limit too long or too slow.
                let limits = ["too many repeated edges", "the time allowed is over"];
                let is_limit = |why: &String| limits.iter().any(|limit| why.contains(limit));
                if judged.as_ref().is_err_and(is_limit) || one.as_ref().is_err_and(is_limit) {
                    tally.lose();
                } else {
                    tally.compare(&text, &judged, &one);
                }
            }
        },
    );
    println!("{tally}");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n===\n"));
    assert!(tally.count("not drawn") * 100 <= tally.total(), "too many are too deep: {tally}");
    assert!(tally.filled() >= 0.6, "too many answers are empty: {tally}");
}

/// What a store held at a moment is what a copy held that was taken then, whatever came since: imports, judgements, other
/// names, declared kinds, changes, undos.
#[test]
fn as_recorded_is_what_a_copy_holds() {
    let (sequences, seed) = (number("DIXIT_RANDOM", 2000).div_ceil(400), number("DIXIT_SEED", 1));
    let mut all = recorded::Count::default();
    for at in 0..sequences {
        let seed = u64::try_from(seed * 1_000_000 + at).unwrap();
        all.add(recorded::sequence(seed));
    }
    println!("{all:?}");
    all.is_enough(sequences);
}

/// Each time around two claims, every shorter way is kept as well, with all that is left to be looked at along it.
#[test]
fn the_oracle_gives_up_what_would_take_all_memory() {
    let world = "## claims\nc0,war,,,,,,\nc1,peace,,,,,,\n## links\nc0,contradicts,c1,,\n";
    let case = case(World::parse(world));
    let around = |often| {
        format!(
            "match repeatable elements all shortest acyclic \
             ((:Claim)<-[e:contradicts]-() where e.note = 'seen'){often}(:Claim) return count(*) as n"
        )
    };
    assert_eq!(case.check_text(&around("+")), Verdict::TooMuch);
    assert_eq!(case.check_text(&around("{1,9}")), Verdict::Same(1));
}

#[test]
fn what_was_once_answered_wrongly_is_answered_as_the_oracle_does() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/regressions");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (world, query) = text.split_once("--- query\n").unwrap();
        let case = Case::new(World::parse(world)).unwrap_or_else(|why| panic!("{path:?}: {why}"));
        let verdict = case.check_text(query);
        if !matches!(verdict, Verdict::Same(_)) {
            wrong.push(format!("{}: {verdict:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
