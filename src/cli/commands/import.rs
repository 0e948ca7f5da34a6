//! `dixit import PATH…`: adds coded data, everything or nothing.

use crate::cli::args::Import;
use crate::cli::engine::{self, Request};
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;
use crate::import::{Refusal, Report};

pub(super) fn run(args: Import, world: &World<'_>) -> Result<(), Failure> {
    let Import { paths, map, dry_run, no_create, why } = args;
    let store = world.store()?;
    let mut bar = None;
    let request = Request { paths, map, dry_run, no_create, why };
    let report = engine::import(&store, request, &mut |progress| {
        let bar = bar.get_or_insert_with(|| world.terminal.progress(progress.total_bytes));
        bar.set(progress.done_bytes);
    })?;
    drop(bar);
    tell(&report, world)
}

fn tell(report: &Report, world: &World<'_>) -> Result<(), Failure> {
    let Report { added, changed, unchanged, refused, refused_count, dry_run } = report;
    for refusal in refused {
        world.terminal.remark(&refusal_line(refusal));
    }
    let hidden = refused_count.saturating_sub(refused.len() as u64);
    if hidden > 0 {
        world.terminal.remark(&format!("… and {hidden} more"));
    }
    let mut done = Vec::new();
    let (add, change) = if *dry_run { ("would add", "would change") } else { ("added", "changed") };
    for (verb, counts) in [(add, added), (change, changed)] {
        if !counts.is_empty() {
            let nouns: Vec<String> =
                counts.iter().map(|(noun, count)| counted(*count, noun)).collect();
            done.push(format!("{verb} {}", nouns.join(", ")));
        }
    }
    if *refused_count > 0 {
        let message = Message::new(format!(
            "{} refused, so nothing was changed",
            counted(*refused_count, "row")
        ));
        return Err(Failure::Machine(message.next("correct them and import again")));
    }
    let same = format!("{} as before", counted(*unchanged, "row"));
    let said = match (done.is_empty(), *unchanged) {
        (true, _) => format!("nothing changed: {same}"),
        (false, 0) => done.join("; "),
        (false, _) => format!("{}; {same}", done.join("; ")),
    };
    world.terminal.remark(&said);
    Ok(())
}

/// `sheet.csv:48 column venue: no venue 'Halifx'; closest: halifax`
fn refusal_line(refusal: &Refusal) -> String {
    let Refusal { file, line, column, reason, suggestion } = refusal;
    let column = column.as_ref().map(|column| format!(" column {column}")).unwrap_or_default();
    let suggestion = suggestion.as_ref().map(|text| format!("; {text}")).unwrap_or_default();
    format!("{file}:{line}{column}: {reason}{suggestion}")
}

/// `1 statement`, `2 statements`, `2 entries`.
fn counted(count: u64, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {noun}s"),
    }
}
