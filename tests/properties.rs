//! Random queries over random small worlds: the compiler answers as the oracle does.
//!
//! `DIXIT_RANDOM=100000 cargo test --test properties` tries so many; `DIXIT_SEED=7` starts elsewhere.

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

use dixit::base::source::Source;
use oracle::{
    check::{Case, Verdict},
    queries,
    random::Random,
    shrink,
    worlds::World,
};
use std::{collections::BTreeMap, fs, time::Instant};

const QUERIES_PER_WORLD: usize = 100;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How often each verdict came, and the first queries that were refused.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, usize>,
    refused: BTreeMap<String, String>,
    wrong: Vec<String>,
}

impl Tally {
    fn count(&self, name: &str) -> usize {
        self.counts.get(name).copied().unwrap_or(0)
    }

    fn add(&mut self, case: &Case, text: &str) {
        let verdict = case.check_text(text);
        *self.counts.entry(verdict.name()).or_default() += 1;
        match verdict {
            Verdict::Refused(why) => {
                self.refused.entry(why).or_insert_with(|| text.to_owned());
            }
            Verdict::Unread(why) => self.wrong.push(format!("{why}\n{text}")),
            Verdict::Failed(_) | Verdict::Differs(..) if self.wrong.len() < 10 => {
                let query = dixit::lang::parse(&Source::inline(text)).unwrap().queries.remove(0);
                self.wrong.push(shrink::report(case, &query));
            }
            Verdict::Failed(_) | Verdict::Differs(..) => self.wrong.push(text.to_owned()),
            Verdict::Same(_) | Verdict::TooMuch | Verdict::Fails | Verdict::TooDeep => {}
        }
    }
}

#[test]
fn random_queries_are_answered_as_the_oracle_does() {
    let (count, seed) = (number("DIXIT_RANDOM", 3000), number("DIXIT_SEED", 1));
    let start = Instant::now();
    let mut tally = Tally::default();
    for at in 0..count.div_ceil(QUERIES_PER_WORLD) {
        let mut random = Random::new(u64::try_from(seed * 1_000_000 + at).unwrap());
        let world = World::random(&mut random);
        let shown = world.show();
        let case = Case::new(world).unwrap_or_else(|why| panic!("{why}\n{shown}"));
        for _ in 0..QUERIES_PER_WORLD {
            tally.add(&case, &queries::query(&case.graph, Random::new(random.next())));
        }
    }
    let refused: Vec<String> =
        tally.refused.iter().map(|(why, text)| format!("{why}\n{text}")).collect();
    let summary =
        format!("{:?} in {:?}\nrefused:\n{}", tally.counts, start.elapsed(), refused.join("\n\n"));
    println!("{summary}");
    assert!(tally.wrong.is_empty(), "{}\n{summary}", tally.wrong.join("\n===\n"));
    let total: usize = tally.counts.values().sum();
    assert!(tally.count("filled") * 2 > total, "most answers are empty: {summary}");
    assert!(tally.count("refused") * 50 < total, "too many are refused: {summary}");
    assert!(tally.count("too deep") * 500 <= total, "too many are too deep: {summary}");
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
