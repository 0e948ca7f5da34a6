//! `dixit write`: changes the store by a query that inserts, sets, removes or deletes.

use super::explain;
use super::import::all;
use super::query::{self, Read};
use crate::base::count::counted;
use crate::base::render::render;
use crate::cli::answer;
use crate::cli::args::Write;
use crate::cli::change::{self, Done, Reason, Script};
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message};
use crate::cli::output::Output;
use crate::cli::world::World;
use crate::store::log::Counts;

pub(super) fn run(args: &Write, world: World<'_>) -> Result<(), Failure> {
    let Write { question, output, reason } = args;
    let read = query::read(question, &world)?;
    if explain::is_asked_for(&read) {
        return explain::show(read, None, world);
    }
    carry_out(read, output, reason, world)
}

/// Changes the store as a script that was read says, and tells what was done.
pub(in crate::cli) fn carry_out(
    read: Read,
    output: &Output,
    reason: &Reason,
    world: World<'_>,
) -> Result<(), Failure> {
    let Read { store, source, queries, arguments } = read;
    let world = &world.about(store);
    if queries.iter().all(|query| query.linear.writes.is_empty()) {
        let message = Message::new("this query changes nothing");
        return Err(Failure::Usage(message.next("`dixit query` asks questions")));
    }
    change::need_why(reason)?;
    // Before anything is changed: whether there is a place for what it returns.
    let answers = queries.iter().filter(|query| query.linear.result.is_some()).count();
    if answers > 0 {
        output.open(world.terminal)?.refuse_several(answers)?;
    }
    let store = world.store()?;
    let script = Script { source: &source, queries: &queries, arguments: &arguments };
    let Done { number, counts, answers, unmatched } = change::write(&store, &script, reason)?;
    answer::tables(&answers, output, world)?;
    if !unmatched.is_empty() {
        let store = Store::open(&store, world.timeout)?;
        for compiled in &unmatched {
            let notes = store.notes_about(compiled, 0)?;
            world.terminal.say(&render(&notes, &source, world.terminal.style()));
        }
    }
    world.terminal.remark(&told(&counts, number, reason.dry_run));
    Ok(())
}

/// `added 1 claim; changed 2 actors (change 7)`
pub(super) fn told(counts: &Counts, number: Option<i64>, dry_run: bool) -> String {
    let Counts { added, changed, deleted } = counts;
    let verbs = if dry_run {
        ["would add", "would change", "would delete"]
    } else {
        ["added", "changed", "deleted"]
    };
    let parts: Vec<String> = verbs
        .into_iter()
        .zip([added, changed, deleted])
        .filter_map(|(verb, counts)| all(verb, counts))
        .collect();
    let nothing = if dry_run { "nothing would change" } else { "nothing changed" };
    let said = if parts.is_empty() { nothing.to_owned() } else { parts.join("; ") };
    number.map_or(said.clone(), |number| format!("{said} (change {number})"))
}

/// `3 statements, 1 claim`
pub(super) fn listed(counts: &[(String, u64)]) -> String {
    let counts: Vec<String> = counts.iter().map(|(noun, count)| counted(*count, noun)).collect();
    counts.join(", ")
}
