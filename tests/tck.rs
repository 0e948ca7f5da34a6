//! The language is measured against scenarios of the openCypher TCK, where they are at hand: each graph is imported,
//! each query is run, and the score of every tier must not fall. A wrong answer that is not a known difference fails.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot run fails"
)]
#![allow(unreachable_pub, reason = "the folder is a module of several programs")]

mod tck {
    pub mod adapter;
    pub mod suite;
}

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use tck::adapter::{Graphs, Refusal};
use tck::suite::{Expect, Scenario, compare, folder, scenarios};

/// The least each tier must reach, of its scenarios with at most one label a node, in tenths of a per cent.
const FLOORS: &[(&str, usize)] = &[
    ("expr", 975),
    ("expr_temporal", 50),
    ("graph1_core", 985),
    ("graph2_patterns", 1000),
    ("graph3_pipeline", 950),
    ("graph4_rare", 510),
];

/// Scenarios answered otherwise on purpose: an id a line, a tab, the reason.
const DIFFERENCES: &str = include_str!("tck/differences.txt");

/// How a scenario ended.
enum Verdict {
    Pass,
    /// A message where rows were expected.
    Refused(String),
    /// Rows where a message was expected.
    Accepted,
    /// Other rows.
    Wrong(String),
    /// Neither rows nor a proper message.
    Broken(String),
}

impl Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Refused(_) => "refused",
            Self::Accepted => "accepted",
            Self::Wrong(_) => "wrong",
            Self::Broken(_) => "broken",
        }
    }

    fn why(&self) -> &str {
        match self {
            Self::Pass | Self::Accepted => "",
            Self::Refused(why) | Self::Wrong(why) | Self::Broken(why) => why,
        }
    }
}

fn judge(scenario: &Scenario, graphs: &mut Graphs) -> Verdict {
    let answer = catch_unwind(AssertUnwindSafe(|| {
        graphs.ask(&scenario.graph, &scenario.query, &scenario.params)
    }));
    match (answer, &scenario.expect) {
        (Err(_), _) => Verdict::Broken("a panic".to_owned()),
        (Ok(Err(Refusal::Internal(why))), _) => Verdict::Broken(why),
        (Ok(Err(Refusal::Query(_))), Expect::Error) => Verdict::Pass,
        (Ok(Err(Refusal::Query(why))), Expect::Empty | Expect::Rows { .. }) => {
            Verdict::Refused(why)
        }
        (Ok(Ok(_)), Expect::Error) => Verdict::Accepted,
        (Ok(Ok(table)), expect) => match compare(&table, expect) {
            Ok(()) => Verdict::Pass,
            Err(why) => Verdict::Wrong(why),
        },
    }
}

/// Judges all, on several threads with stacks as large as a main thread has.
fn judge_all(scenarios: &[Scenario]) -> Vec<Verdict> {
    let parts = thread::available_parallelism().map_or(1, usize::from).min(4);
    let part = scenarios.len().div_ceil(parts).max(1);
    thread::scope(|scope| {
        let work = |part| {
            let judged = move || {
                let mut graphs = Graphs::new();
                let judge = |scenario: &Scenario| judge(scenario, &mut graphs);
                <[Scenario]>::iter(part).map(judge).collect::<Vec<_>>()
            };
            thread::Builder::new().stack_size(8 << 20).spawn_scoped(scope, judged).unwrap()
        };
        let threads: Vec<_> = scenarios.chunks(part).map(work).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn differences() -> BTreeMap<&'static str, &'static str> {
    let lines = DIFFERENCES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &'static str| line.split_once('\t').expect("an id, a tab, a reason");
    lines.map(pair).collect()
}

/// The id of all scenarios of an outline: with a star for the number.
fn outline(id: &str) -> String {
    id.rsplit_once('#').map_or_else(|| id.to_owned(), |(outline, _)| format!("{outline}#*"))
}

/// The score of each tier: passed and all, of scenarios with at most one label a node.
fn score<'s>(judged: &[(&'s Scenario, Verdict)]) -> BTreeMap<&'s str, (usize, usize)> {
    let mut score = BTreeMap::new();
    for (scenario, verdict) in judged.iter().filter(|(scenario, _)| scenario.one_label) {
        let (passed, all) = score.entry(scenario.tier.as_str()).or_insert((0, 0));
        *passed += usize::from(matches!(verdict, Verdict::Pass));
        *all += 1;
    }
    score
}

#[test]
fn the_score_does_not_fall_and_no_answer_is_wrong_unnoticed() {
    let Some(folder) = folder() else {
        println!("skipped: the scenarios are not at hand (DIXIT_TCK names their folder)");
        return;
    };
    let mut all = scenarios(&folder);
    all.retain(|scenario| FLOORS.iter().any(|(tier, _)| *tier == scenario.tier));
    let judged: Vec<(&Scenario, Verdict)> = all.iter().zip(judge_all(&all)).collect();
    if let Some(path) = std::env::var_os("DIXIT_TCK_REPORT") {
        fs::write(path, report(&judged)).unwrap();
    }
    let score = score(&judged);
    let mut failures = String::new();
    document(&score);
    for (tier, floor) in FLOORS {
        let (passed, all) = score[tier];
        println!("{tier:18}{passed:5} of {all:5}");
        if passed * 1000 < floor * all {
            writeln!(failures, "{tier}: {passed} of {all} is below {floor} of 1000").unwrap();
        }
    }
    let known = differences();
    for (scenario, verdict) in &judged {
        if matches!(verdict, Verdict::Wrong(_) | Verdict::Broken(_))
            && !known.contains_key(scenario.id.as_str())
            && !known.contains_key(outline(&scenario.id).as_str())
        {
            let (word, why) = (verdict.word(), verdict.why());
            writeln!(failures, "{word}: {}\n        {why}", scenario.id).unwrap();
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Holds the table of docs/conformance.md against what was measured; `BLESS=1` writes it.
fn document(score: &BTreeMap<&str, (usize, usize)>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance.md");
    let before = fs::read_to_string(path).unwrap();
    let line = |line: &str| -> String {
        let cells: Vec<&str> = line.split(" | ").collect();
        let tier = cells.first().and_then(|cell| cell.strip_prefix("| "));
        match (tier.and_then(|tier| score.get(tier)), cells.as_slice()) {
            (Some((passed, all)), [tier, what, ..]) => {
                let share = passed * 1000 / all;
                let (percent, tenth) = (share / 10, share % 10);
                format!("{tier} | {what} | {all} | {passed} | {percent}.{tenth} % |\n")
            }
            _ => format!("{line}\n"),
        }
    };
    let after: String = before.lines().map(line).collect();
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, after).unwrap();
    } else {
        assert!(before == after, "docs/conformance.md tells another score; BLESS=1 writes it");
    }
}

/// Every verdict as a JSON line.
fn report(judged: &[(&Scenario, Verdict)]) -> String {
    let line = |(scenario, verdict): &(&Scenario, Verdict)| {
        let line = serde_json::json!({
            "id": scenario.id, "tier": scenario.tier, "one_label": scenario.one_label,
            "verdict": verdict.word(), "why": verdict.why(), "query": scenario.query,
        });
        format!("{line}\n")
    };
    judged.iter().map(line).collect()
}
