//! Asks the queries of a script and writes their answers: the one road that `query`, `run` and `demo` share.

use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::engine::{Prepared, Store};
use super::failure::{Failure, Message, note};
use super::output::{Output, Target};
use super::reasons::{self, Reasons};
use super::world::World;
use crate::base::render::render;
use crate::base::source::Source;
use crate::base::value::{Column, Row, Value};
use crate::format::Tally;
use crate::lang::ast;
use crate::meaning::resolve::Arguments;

/// A script with values for its parameters.
pub(crate) struct Asked<'q> {
    /// Its text.
    pub(crate) source: &'q Source,
    /// Its queries.
    pub(crate) queries: &'q [ast::Query],
    /// The values.
    pub(crate) arguments: &'q Arguments,
    /// What is to be told besides the rows.
    pub(crate) reasons: Reasons,
}

/// Asks and writes all answers; how many rows and how long is said on stderr.
pub(crate) fn answer(asked: &Asked<'_>, output: &Output, world: &World<'_>) -> Result<(), Failure> {
    let store = Store::open(&world.store()?, world.timeout)?;
    asked.reasons.fit(output)?;
    let mut target = output.open(world.terminal)?;
    if asked.queries.len() > 1 && output.is_file() {
        let message =
            Message::new(format!("a file holds one answer, and these are {}", asked.queries.len()));
        return Err(Failure::Usage(message.next("ask one query at a time, or leave out `-o`")));
    }
    if asked.queries.len() > 1 {
        store.refuse_mistakes(asked.queries, asked.source, asked.arguments)?;
    }
    for (index, query) in asked.queries.iter().enumerate() {
        let started = Instant::now();
        let earlier = store.at_moment(query, asked.source, asked.arguments)?;
        let store = earlier.as_ref().unwrap_or(&store);
        let prepared = store.prepare(query, asked.source, asked.arguments)?;
        if index > 0 {
            separate(&mut target)?;
        }
        let (rows, tally) = if asked.reasons.are_wanted() {
            reasons::stream(store, (asked, query), &prepared, &mut target)?
        } else {
            stream(store, &prepared, &mut target)?
        };
        let took = started.elapsed();
        let notes = store.notes(&prepared, rows)?;
        world.terminal.say(&render(&notes, asked.source, world.terminal.style()));
        if rows == 0 || (asked.reasons.why && prepared.counts_all()) {
            tell_empty(store, &prepared, (asked.reasons.why, notes.is_empty()), world)?;
        }
        world.terminal.remark(&summary(rows, world.timed.then_some(took)));
        tell_cut(tally, world);
    }
    target.close()
}

/// Says of an answer without rows what left none, or how to find out.
fn tell_empty(
    store: &Store,
    prepared: &Prepared,
    (why, silent): (bool, bool),
    world: &World<'_>,
) -> Result<(), Failure> {
    if why {
        let parts = store.left_by_parts(prepared)?;
        if parts.iter().any(|part| part.rows == Some(0)) {
            world.terminal.say(&reasons::emptied(&parts));
        }
    } else if silent {
        let message = Message::new("--why tells which part of the question leaves nothing");
        world.terminal.say(&note(&message, world.terminal.style().colour));
    }
    Ok(())
}

/// Rows that do not come from a query.
pub(crate) struct List {
    /// The columns, and whether each holds numbers.
    pub(crate) columns: Vec<(&'static str, bool)>,
    /// The rows.
    pub(crate) rows: Vec<Row>,
}

/// Writes lists one after the other, as answers to several queries are written.
pub(crate) fn lists(lists: &[List], output: &Output, world: &World<'_>) -> Result<(), Failure> {
    let mut target = output.open(world.terminal)?;
    let mut cut = 0;
    for (index, List { columns, rows }) in lists.iter().enumerate() {
        if index > 0 {
            separate(&mut target)?;
        }
        let column =
            |(name, numeric): &(&str, bool)| Column { name: (*name).to_owned(), numeric: *numeric };
        let columns: Vec<Column> = columns.iter().map(column).collect();
        let written = write(&columns, rows, &mut target);
        cut += written.map_err(|error| target.failed(error))?.cut;
    }
    target.close()?;
    tell_cut(Tally { cut }, world);
    Ok(())
}

/// Writes what several queries returned, one below the other.
pub(crate) fn tables(
    answers: &[(Vec<Column>, Vec<Row>)],
    output: &Output,
    world: &World<'_>,
) -> Result<(), Failure> {
    if answers.is_empty() {
        return Ok(());
    }
    let mut target = output.open(world.terminal)?;
    let mut cut = 0;
    for (index, (columns, rows)) in answers.iter().enumerate() {
        if index > 0 {
            separate(&mut target)?;
        }
        let written = write(columns, rows, &mut target);
        cut += written.map_err(|error| target.failed(error))?.cut;
    }
    target.close()?;
    tell_cut(Tally { cut }, world);
    Ok(())
}

fn write(columns: &[Column], rows: &[Row], target: &mut Target) -> io::Result<Tally> {
    let (format, look) = (target.format, target.look);
    let mut sink = format.start(target.writer(), look);
    sink.begin(columns)?;
    for row in rows {
        sink.row(row)?;
    }
    sink.end()
}

fn stream(
    store: &Store,
    prepared: &Prepared,
    target: &mut Target,
) -> Result<(usize, Tally), Failure> {
    let (format, look) = (target.format, target.look);
    let mut sink = format.start(target.writer(), look);
    let mut rows = 0;
    let mut lost = sink.begin(&prepared.columns).err();
    if lost.is_none() {
        store.run(prepared, &mut |row: Vec<Value>| {
            rows += 1;
            match sink.row(&row) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    lost = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
    }
    let ended = match lost {
        Some(error) => Err(error),
        None => sink.end(),
    };
    drop(sink);
    // Flushed here, so that the answer stands before what is said about it.
    let ended = ended.and_then(|tally| target.writer().flush().map(|()| tally));
    ended.map(|tally| (rows, tally)).map_err(|error| target.failed(error))
}

/// A blank line between two answers.
fn separate(target: &mut Target) -> Result<(), Failure> {
    let written = target.writer().write_all(b"\n");
    written.map_err(|error| target.failed(error))
}

fn tell_cut(tally: Tally, world: &World<'_>) {
    let Tally { cut } = tally;
    if cut > 0 {
        let cells = if cut == 1 { "1 cell was".to_owned() } else { format!("{cut} cells were") };
        let message = Message::new(format!("{cells} cut to fit; --format json shows everything"));
        world.terminal.say(&note(&message, world.terminal.style().colour));
    }
}

fn summary(rows: usize, took: Option<Duration>) -> String {
    let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
    let Some(took) = took else { return rows };
    let time = if took.as_secs() >= 10 {
        format!("{} s", took.as_secs())
    } else if took.as_secs() >= 1 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} ms", took.as_millis())
    };
    format!("{rows} · {time}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_time_are_told_in_a_few_words() {
        let check = |rows, millis, expected: &str| {
            assert_eq!(summary(rows, Some(Duration::from_millis(millis))), expected);
        };
        check(0, 2, "0 rows · 2 ms");
        check(1, 1234, "1 row · 1.2 s");
        check(5000, 75_000, "5000 rows · 75 s");
        assert_eq!(summary(2, None), "2 rows");
    }
}
