//! Makes a counter-example small: leaves out parts of the query and rows of the world as long as it stays wrong.

mod edits;
pub(crate) mod world;

use super::check::{Case, Verdict};
use dixit::lang::ast::{Query, Script};
use edits::variants;
use world::smaller_world;

/// A query as text, in its canonical form.
pub(crate) fn text(script: &Script) -> String {
    dixit::lang::format(script)
}

/// A smaller query that is still wrong in this world.
fn smaller_query(case: &Case, script: &Script) -> Script {
    let verdict = case.check(script);
    let mut best = script.clone();
    'again: loop {
        for candidate in smaller(&best) {
            if weight(&candidate) < weight(&best) && alike(&case.check(&candidate), &verdict) {
                best = candidate;
                continue 'again;
            }
        }
        return best;
    }
}

/// Scripts with something left out.
fn smaller(script: &Script) -> Vec<Script> {
    let with = |query: Query| Script { queries: vec![query], ..script.clone() };
    let mut out: Vec<Script> = variants(&script.queries[0]).into_iter().map(with).collect();
    for at in 0..script.params.len() {
        let mut copy = script.clone();
        copy.params.remove(at);
        out.push(copy);
    }
    for at in 0..script.definitions.len() {
        let mut copy = script.clone();
        copy.definitions.remove(at);
        out.push(copy);
    }
    out
}

/// Whether two verdicts are wrong in the same way.
fn alike(a: &Verdict, b: &Verdict) -> bool {
    match (a, b) {
        (Verdict::Failed(a), Verdict::Failed(b)) => reason(a) == reason(b),
        (Verdict::Differs(..), Verdict::Differs(..)) => true,
        _ => false,
    }
}

/// The first words of a failure, without the file.
fn reason(failure: &str) -> String {
    let words = failure.split_once(": ").map_or(failure, |(_, reason)| reason);
    words.chars().take(24).collect()
}

/// How much there is to read.
fn weight(script: &Script) -> usize {
    let mut text = text(script);
    text.retain(|sign| !sign.is_whitespace());
    text.len()
}

/// What is wrong, made small: the world, the query and both answers, as a file of `regressions` begins.
pub(crate) fn report(case: &Case, script: &Script) -> String {
    let script = smaller_query(case, script);
    let world = smaller_world(&case.world, &script, alike);
    let Ok(small) = Case::new(world) else { return text(&script) };
    let script = smaller_query(&small, &script);
    let verdict = match small.check(&script) {
        Verdict::Differs(expected, given) => {
            format!("expected:\n  {}\ngiven:\n  {}", expected.join("\n  "), given.join("\n  "))
        }
        other => format!("{other:?}"),
    };
    format!("{}--- query\n{}--- answers\n{verdict}\n", small.world.show(), text(&script))
}
