//! `dixit import PATH…`: adds coded data, everything or nothing.

use crate::base::count::counted;
use crate::cli::args::Import;
use crate::cli::engine;
use crate::cli::failure::{Failure, Message};
use crate::cli::standard;
use crate::cli::world::World;
use crate::import::{Refusal, Report};
use std::path::PathBuf;

pub(super) fn run(mut args: Import, world: &World<'_>) -> Result<(), Failure> {
    let _aside = standard::aside(&mut args.paths)?;
    let store = if args.bare { new_store(world)? } else { world.store()? };
    let mut bar = None;
    let report = engine::import(&store, args, &mut |progress| {
        let bar = bar.get_or_insert_with(|| world.terminal.progress(progress.total_bytes));
        bar.set_rows(progress.done_bytes, progress.rows);
    });
    drop(bar);
    if let Err(Failure::Interrupted) = report {
        world.terminal.remark("nothing was changed");
    }
    tell(&report?, world)
}

/// The file of a store that is to be made.
fn new_store(world: &World<'_>) -> Result<PathBuf, Failure> {
    let Some(path) = world.named() else {
        let message = Message::new("--bare makes a store, and --db says which file");
        return Err(Failure::Usage(message.next("add `--db FILE`")));
    };
    if path.exists() {
        let message = Message::new(format!("{} is there already", path.display()));
        return Err(Failure::Machine(message.next("leave out --bare to import into it")));
    }
    Ok(path.into())
}

fn tell(report: &Report, world: &World<'_>) -> Result<(), Failure> {
    let Report {
        added,
        changed,
        unchanged,
        repeated,
        skipped,
        near,
        left_out,
        remarks,
        refused,
        refused_count,
        dry_run,
    } = report;
    for refusal in refused {
        world.terminal.remark(&refusal_line(refusal));
    }
    let hidden = refused_count.saturating_sub(refused.len() as u64);
    if hidden > 0 {
        world.terminal.remark(&format!("… and {hidden} more"));
    }
    let (add, change) = if *dry_run { ("would add", "would change") } else { ("added", "changed") };
    let done: Vec<String> = [(add, added), (change, changed)]
        .into_iter()
        .filter_map(|(verb, counts)| all(verb, counts))
        .collect();
    let done = done.join("; ");
    if *refused_count > 0 {
        if *dry_run && !done.is_empty() {
            world.terminal.remark(&format!("apart from that it {done}"));
            tell_near(near, world);
        }
        let what = format!(
            "{}, so nothing {} changed",
            mistakes(report),
            if *dry_run { "would be" } else { "was" }
        );
        return Err(Failure::Machine(Message::new(what).next("correct them and import again")));
    }
    let same = match unchanged {
        0 => "there are no rows in it".to_owned(),
        1 => "1 row was there already".to_owned(),
        rows => format!("{rows} rows were there already"),
    };
    let nothing = if *dry_run { "nothing would change" } else { "nothing changed" };
    let said = match (done.is_empty(), *unchanged) {
        (true, _) => format!("{nothing}: {same}"),
        (false, 0) => done,
        (false, _) => format!("{done}; {same}"),
    };
    world.terminal.remark(&said);
    tell_rows(*repeated, *skipped, world);
    tell_near(near, world);
    if let Some(left_out) = all("left out", left_out) {
        world.terminal.remark(&format!("{left_out}: the store has no place for them"));
    }
    for remark in remarks {
        world.terminal.remark(&format!("note: {remark}"));
    }
    Ok(())
}

/// Rows that repeat others or were left out.
fn tell_rows(repeated: u64, skipped: u64, world: &World<'_>) {
    match repeated {
        0 => {}
        1 => world.terminal.remark(
            "1 row repeats an earlier row of the sheet and counts as a statement of its own",
        ),
        rows => world.terminal.remark(&format!(
            "{rows} rows repeat an earlier row of the sheet and count as statements of their own"
        )),
    }
    if skipped > 0 {
        world.terminal.remark(&format!("{} skipped", counted(skipped, "row")));
    }
}

/// New names that may be a slip of the pen.
fn tell_near(near: &[(String, String, String)], world: &World<'_>) {
    for (noun, new, old) in near {
        world.terminal.remark(&format!("note: new {noun} '{new}' is close to '{old}'"));
    }
}

/// What people look for first; the rest follows as it comes.
const FIRST: [&str; 7] = ["statement", "claim", "actor", "venue", "source", "topic", "event"];

/// `added 2 statements, 1 actor`; nothing where there is none.
pub(super) fn all(verb: &str, counts: &[(String, u64)]) -> Option<String> {
    let mut counts: Vec<&(String, u64)> = counts.iter().collect();
    counts.sort_by_key(|(noun, _)| {
        FIRST.iter().position(|first| first == noun).unwrap_or(FIRST.len())
    });
    let nouns: Vec<String> = counts.iter().map(|(noun, count)| counted(*count, noun)).collect();
    (!nouns.is_empty()).then(|| format!("{verb} {}", nouns.join(", ")))
}

/// `9 mistakes in 3 rows`, as far as all of them are known.
fn mistakes(report: &Report) -> String {
    let Report { refused, refused_count, .. } = report;
    let mut rows: Vec<(&str, u64)> =
        refused.iter().map(|refusal| (refusal.file.as_str(), refusal.line)).collect();
    rows.sort_unstable();
    rows.dedup();
    let mistakes = counted(*refused_count, "mistake");
    match rows.len() as u64 {
        rows if refused.len() as u64 == *refused_count && rows != *refused_count => {
            format!("{mistakes} in {}", counted(rows, "row"))
        }
        _ => mistakes,
    }
}

/// `sheet.csv:48 column venue: no venue 'Halifx'; closest: halifax`
fn refusal_line(refusal: &Refusal) -> String {
    let Refusal { file, line, column, reason, suggestion } = refusal;
    let column = column.as_ref().map(|column| format!(" column {column}")).unwrap_or_default();
    let suggestion = suggestion.as_ref().map(|text| format!("; {text}")).unwrap_or_default();
    format!("{file}:{line}{column}: {reason}{suggestion}")
}
