//! `dixit log`: who changed what, when and why; with a key, what became of that node.

use std::path::{Path, PathBuf};

use super::diff;
use super::write::listed;
use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::args::Log;
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message};
use crate::cli::output::Output;
use crate::cli::stores::is_store;
use crate::cli::world::World;
use crate::store::difference::Detail;
use crate::store::history::{Entry, Event, Known};
use crate::store::log::DECLARED;

pub(super) fn run(args: &Log, world: World<'_>) -> Result<(), Failure> {
    let Log { words, key: by_key, full, output } = args;
    // A lone word is a key, unless it is the path of a store.
    let (store, asked) = match words.as_slice() {
        [store, asked, ..] => (Some(store), Some(asked)),
        [store] if is_store(Path::new(store)) => (Some(store), None),
        [asked] => (None, Some(asked)),
        [] => (None, None),
    };
    let world = &world.about(store.map(PathBuf::from));
    let store = world.open()?;
    let entries = store.changes()?;
    let detail = if *full { Detail::All } else { Detail::Names };
    match (asked, asked.and_then(|asked| asked.parse().ok()).filter(|_| !by_key)) {
        (None, _) => all(&entries, output, world),
        (Some(_), Some(number)) => change((&store, &entries), number, detail, output, world),
        (Some(key), None) => one(&store, &entries, key, output, world),
    }
}

/// What one change did.
fn change(
    (store, entries): (&Store, &[Entry]),
    number: i64,
    detail: Detail,
    output: &Output,
    world: &World<'_>,
) -> Result<(), Failure> {
    let Some(entry) = entries.iter().find(|entry| entry.number == number) else {
        let message = Message::new(format!("there is no change {number}"));
        return Err(Failure::Name(message.next(format!(
            "`dixit log` lists the changes; `dixit log --key {number}` asks for a node"
        ))));
    };
    if store.last_without_rows()?.is_some_and(|without| number <= without) {
        let message = format!("change {number} was made when the log did not keep rows yet");
        return Err(Failure::Name(
            Message::new(message).next("`dixit log` tells how many there were"),
        ));
    }
    let who = entry.who.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
    let why = entry.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    world.terminal.remark(&format!("change {number} at {}{who}: {}{why}", entry.at, said(entry)));
    diff::moments(store, (number - 1, number), detail, output, world).map(drop)
}

fn all(entries: &[Entry], output: &Output, world: &World<'_>) -> Result<(), Failure> {
    if entries.is_empty() {
        world.terminal.remark("nothing was changed yet");
    }
    let rows = entries.iter().map(|entry| row(entry, said(entry))).collect();
    lists(&[List { columns: COLUMNS.to_vec(), rows }], output, world)
}

const COLUMNS: &[(&str, bool)] =
    &[("change", true), ("at", false), ("who", false), ("what", false), ("why", false)];

fn row(entry: &Entry, what: String) -> Row {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    vec![
        Value::Int(entry.number),
        Value::Text(entry.at.clone()),
        text(&entry.who),
        Value::Text(what),
        text(&entry.why),
    ]
}

/// `import: added 3 statements`, `undo of 4: deleted 1 claim`, `judgement: a is b`
fn said(entry: &Entry) -> String {
    let Entry { action, undoes, undone_by, counts, judged, .. } = entry;
    let nouns = || counts.iter().flatten().map(|(noun, _)| noun.as_str()).peekable();
    let all = |of: fn(&str) -> bool| nouns().peek().is_some() && nouns().all(of);
    let only_judged = !judged.is_empty() && all(|noun| noun == JUDGEMENT);
    let action = match undoes {
        Some(number) => format!("{action} of {number}"),
        // Stores of version 2 log these as imports.
        None if all(|noun| noun.starts_with(DECLARED)) => "schema".to_owned(),
        None if only_judged && action == "write" => JUDGEMENT.to_owned(),
        None => action.clone(),
    };
    let undone = undone_by.map_or_else(String::new, |by| format!(" (undone by {by})"));
    let mut parts: Vec<String> = ["added", "changed", "deleted"]
        .iter()
        .zip(counts)
        .filter(|(_, counts)| !counts.is_empty() && !only_judged)
        .map(|(verb, counts)| format!("{verb} {}", listed(counts)))
        .collect();
    parts.extend(judged.iter().cloned());
    let done = if parts.is_empty() { String::new() } else { format!(": {}", parts.join("; ")) };
    format!("{action}{done}{undone}")
}

/// How the log calls a judgement about who is who.
const JUDGEMENT: &str = "judgement";

fn one(
    store: &Store,
    entries: &[Entry],
    key: &str,
    output: &Output,
    world: &World<'_>,
) -> Result<(), Failure> {
    let known = store.known(key)?;
    if known.is_empty() {
        let message = Message::new(format!("nothing is or was called '{key}'"));
        return Err(Failure::Name(message.next("`dixit log` lists all changes")));
    }
    let mut rows = Vec::new();
    for Known { kind, key, .. } in known.iter().skip(1) {
        world.terminal.remark(&format!("this is also {} '{key}'", kind.to_lowercase()));
    }
    for Event { change, what } in
        known.first().map_or(Ok(Vec::new()), |node| store.history(node))?
    {
        if let Some(entry) = entries.iter().find(|entry| entry.number == change) {
            rows.push(row(entry, what));
        }
    }
    lists(&[List { columns: COLUMNS.to_vec(), rows }], output, world)
}
