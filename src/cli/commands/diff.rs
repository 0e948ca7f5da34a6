//! `dixit diff A B`: what differs between two moments of a store, or between two stores.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::base::instant::Instant;
use crate::base::value::{Row, Value};
use crate::cli::answer::{self, Receive};
use crate::cli::args::Diff;
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message};
use crate::cli::output::Output;
use crate::cli::world::World;
use crate::store::difference::{Detail, Difference, What};

pub(super) fn run(args: &Diff, world: &World<'_>) -> Result<(), Failure> {
    let Diff { words, full, exit_code, output } = args;
    let detail = if *full { Detail::All } else { Detail::Names };
    let found = match sides(words)? {
        Sides::Stores(before, after) => stores((&before, after.as_deref()), detail, output, world)?,
        Sides::Moments(store, from, to) => {
            let world = world.clone().about(store);
            let store = world.open()?;
            let span = (number(&from, &store)?, number(&to, &store)?);
            moments(&store, span, detail, output, &world)?
        }
    };
    if found == 0 {
        world.terminal.remark("nothing differs");
    }
    if *exit_code && found > 0 { Err(Failure::Check) } else { Ok(()) }
}

/// What is compared.
#[derive(Debug, PartialEq, Eq)]
enum Sides {
    /// A store with another one, or with the one at hand.
    Stores(PathBuf, Option<PathBuf>),
    /// Two moments of a store.
    Moments(Option<PathBuf>, String, String),
}

/// Words that are files are stores; others are moments.
fn sides(words: &[String]) -> Result<Sides, Failure> {
    let is_file = |word: &String| Path::new(word).is_file();
    let now = || "now".to_owned();
    Ok(match words {
        [a] if is_file(a) => Sides::Stores(a.into(), None),
        [a, b] if is_file(a) && is_file(b) => Sides::Stores(a.into(), Some(b.into())),
        [store, a] if is_file(store) => Sides::Moments(Some(store.into()), a.clone(), now()),
        [a, b] if is_file(b) && looks_like_file(a) => {
            return Err(Failure::Machine(Message::new(format!("there is no file {a}"))));
        }
        [_, b] if is_file(b) => {
            let message =
                Message::new("a store is compared with a store, and a moment with a moment");
            let next = "write `dixit diff FILE FILE`, or `dixit diff STORE MOMENT MOMENT`";
            return Err(Failure::Usage(message.next(next)));
        }
        [a] => Sides::Moments(None, a.clone(), now()),
        [a, b] => Sides::Moments(None, a.clone(), b.clone()),
        [store, a, b, ..] => Sides::Moments(Some(store.into()), a.clone(), b.clone()),
        [] => Sides::Moments(None, now(), now()),
    })
}

/// Whether a word can hardly be a moment.
fn looks_like_file(word: &str) -> bool {
    word.contains(['/', '\\'])
        || word.parse::<i64>().is_err()
            && Instant::parse(word).is_none()
            && !word.eq_ignore_ascii_case("now")
}

fn stores(
    (before, after): (&Path, Option<&Path>),
    detail: Detail,
    output: &Output,
    world: &World<'_>,
) -> Result<usize, Failure> {
    let after = after.map_or_else(|| world.store(), |after| Ok(after.to_owned()))?;
    let real = |path: &Path| path.canonicalize().ok();
    if real(before) == real(&after) {
        let message = Message::new(format!("{} is compared with itself", before.display()));
        let next = "name another file, or two moments, as in `dixit diff 2025-11-01 now`";
        return Err(Failure::Usage(message.next(next)));
    }
    let (before, after) = (world.open_at(before)?, world.open_at(&after)?);
    show(output, world, |receive| before.differs_from(&after, detail, &mut told(receive)))
}

/// Shows what the changes from one to another did; backwards where the second is the earlier one.
pub(super) fn moments(
    store: &Store,
    (from, to): (i64, i64),
    detail: Detail,
    output: &Output,
    world: &World<'_>,
) -> Result<usize, Failure> {
    let span = (from.min(to), from.max(to));
    show(output, world, |receive| {
        let mut receive = told(receive);
        store.differences(span, detail, &mut |one| {
            receive(if from > to { backwards(one) } else { one })
        })
    })
}

fn backwards(one: Difference) -> Difference {
    let Difference { what, kind, key, property, before, after } = one;
    let what = match what {
        What::Added => What::Deleted,
        What::Changed => What::Changed,
        What::Deleted => What::Added,
    };
    Difference { what, kind, key, property, before: after, after: before }
}

const COLUMNS: &[(&str, bool)] = &[
    ("what", false),
    ("kind", false),
    ("key", false),
    ("property", false),
    ("before", false),
    ("after", false),
];

fn show(
    output: &Output,
    world: &World<'_>,
    produce: impl FnOnce(Receive<'_>) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    Ok(answer::pour(COLUMNS, output, world, produce)?.found())
}

fn told(receive: Receive<'_>) -> impl FnMut(Difference) -> ControlFlow<()> {
    move |one| {
        let Difference { what, kind, key, property, before, after } = one;
        let row: Row = vec![
            Value::Text(what.name().to_owned()),
            Value::Text(kind),
            Value::Text(key),
            property.map_or(Value::Null, Value::Text),
            before,
            after,
        ];
        receive(row)
    }
}

/// The change after which a moment is: a number, `now`, a day or a time of day.
fn number(word: &str, store: &Store) -> Result<i64, Failure> {
    let last = store.last_change()?;
    let change = if word.eq_ignore_ascii_case("now") {
        last
    } else if let Ok(number) = word.parse::<i64>() {
        number
    } else if let Some(moment) = Instant::parse(word) {
        store.change_at(&moment)?
    } else {
        let message = Message::new(format!("'{word}' is no file, no change and no moment"));
        let next = "write a number as `dixit log` has it, a day as 2025-11-01, a time as 2025-11-01T10:00Z, or now";
        return Err(Failure::Usage(message.next(next)));
    };
    if !(0..=last).contains(&change) {
        let message = Message::new(format!("there is no change {change}; the last one is {last}"));
        return Err(Failure::Name(message.next("`dixit log` lists the changes")));
    }
    match store.last_without_rows()? {
        Some(without) if change < without => {
            let message = format!("the log keeps rows only since change {without}");
            Err(Failure::Name(Message::new(message).next("ask for what came after that")))
        }
        _ => Ok(change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_stores_and_everything_else_is_a_moment() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, "").unwrap();
            path.display().to_string()
        };
        let (a, b) = (path("a.dixit"), path("b.backup"));
        let check = |words: &[&str], expected: Sides| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(sides(&words).unwrap(), expected, "{words:?}");
        };
        let moments = |store: Option<&String>, a: &str, b: &str| {
            Sides::Moments(store.map(PathBuf::from), a.to_owned(), b.to_owned())
        };
        check(&[&a, &b], Sides::Stores(a.clone().into(), Some(b.clone().into())));
        check(&[&b], Sides::Stores(b.clone().into(), None));
        check(&[&a, "3"], moments(Some(&a), "3", "now"));
        check(&["3"], moments(None, "3", "now"));
        check(&["2025-11-01", "now"], moments(None, "2025-11-01", "now"));
        check(&[&a, "1", "2"], moments(Some(&a), "1", "2"));
        assert!(sides(&["3".to_owned(), a]).is_err());
    }
}
