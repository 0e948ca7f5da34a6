//! Asks the queries of a script and writes their answers: the one road that `query`, `run` and `demo` share.

use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::bibliography;
use super::drawing::{self, Drawn};
use super::engine::{Prepared, Store};
use super::failure::{Failure, Message, note};
use super::output::{Output, Target};
use super::reasons::{self, Reasons};
use super::world::World;
use crate::base::render::render;
use crate::base::source::Source;
use crate::base::value::{Column, Holds, Row, Value};
use crate::format::{self, Tally};
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
    let store = world.open()?;
    asked.reasons.fit(output)?;
    let mut target = output.open(world.terminal)?;
    target.refuse_several(asked.queries.len())?;
    let bibliography = bibliography::open(&asked.reasons, output, world.terminal)?;
    let mut cited = Vec::new();
    if asked.queries.len() > 1 && output.is_file() && !target.holds_several() {
        let message =
            Message::new(format!("a file holds one answer, and these are {}", asked.queries.len()));
        let several = format::names_of(|format| format.several, "and");
        let next =
            format!("ask one query at a time, or leave out `-o`; files of {several} hold several");
        return Err(Failure::Usage(message.next(next)));
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
        let (rows, lost) = if target.drawing.is_some() {
            drawing::draw(store, &prepared, &drawn(asked, query, output), &mut target)?
        } else if asked.reasons.are_wanted() {
            reasons::stream(store, (asked, query), &prepared, (&mut target, &mut cited))?
        } else {
            stream(store, &prepared, &mut target)?
        };
        let took = started.elapsed();
        let notes = store.notes(&prepared, rows.found())?;
        world.terminal.say(&render(&notes, asked.source, world.terminal.style()));
        if rows.found() == 0 || (asked.reasons.why && prepared.counts_all()) {
            tell_empty(store, &prepared, (asked.reasons.why, notes.is_empty()), world)?;
        }
        world.terminal.remark(&summary(rows, world.timed.then_some(took)));
        tell(&lost, world);
    }
    // First the sources, so that no file has keys of sources that are not there.
    let told = bibliography.map(|open| open.close(&cited)).transpose()?;
    target.close()?;
    if let Some(message) =
        told.or_else(|| bibliography::nowhere(&asked.reasons, output).filter(|_| !cited.is_empty()))
    {
        world.terminal.say(&note(&message, world.terminal.style().colour));
    }
    Ok(())
}

fn drawn<'a>(asked: &'a Asked<'_>, query: &'a ast::Query, output: &'a Output) -> Drawn<'a> {
    Drawn { source: asked.source, query, title: output.shape.title.as_deref() }
}

/// How many rows there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Those that were shown.
    pub(crate) shown: usize,
    /// Those that were not.
    pub(crate) left: usize,
    /// Whether there may be more that nobody counted.
    pub(crate) uncounted: bool,
}

impl Rows {
    pub(crate) fn found(self) -> usize {
        self.shown + self.left
    }

    /// Takes one more; says whether to go on. Rows beyond `most` are counted for as long as somebody may wait for it.
    pub(crate) fn take(&mut self, most: Option<usize>, full: &mut Option<Instant>) -> Taken {
        if most.is_none_or(|most| self.shown < most) {
            self.shown += 1;
            return Taken::Shown;
        }
        self.left += 1;
        let since = *full.get_or_insert_with(Instant::now);
        self.uncounted = since.elapsed() >= COUNTING;
        if self.uncounted { Taken::Enough } else { Taken::Counted }
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is shown.
    Shown,
    /// It is only counted.
    Counted,
    /// It is counted, and no further one is.
    Enough,
}

/// How long rows are counted that are not shown.
const COUNTING: Duration = Duration::from_secs(1);

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

impl List {
    fn columns(&self) -> Vec<Column> {
        let column = |(at, (name, numeric)): (usize, &(&str, bool))| {
            let mut values = self.rows.iter().filter_map(|row| row.get(at));
            let holds = match numeric {
                false => Holds::Any,
                true if values.any(|value| matches!(value, Value::Float(_))) => Holds::Float,
                true => Holds::Int,
            };
            Column { name: (*name).to_owned(), holds }
        };
        self.columns.iter().enumerate().map(column).collect()
    }
}

/// Writes lists one after the other, as answers to several queries are written.
pub(crate) fn lists(lists: &[List], output: &Output, world: &World<'_>) -> Result<(), Failure> {
    let lists = lists.iter().map(|list| (list.columns(), list.rows.as_slice()));
    write_all(lists, output, world)
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
    let lists = answers.iter().map(|(columns, rows)| (columns.clone(), rows.as_slice()));
    write_all(lists, output, world)
}

fn write_all<'r>(
    lists: impl Iterator<Item = (Vec<Column>, &'r [Row])>,
    output: &Output,
    world: &World<'_>,
) -> Result<(), Failure> {
    refuse_chart(output)?;
    let mut target = output.open(world.terminal)?;
    let lists: Vec<_> = lists.collect();
    target.refuse_several(lists.len())?;
    let mut lost = Lost::default();
    for (index, (columns, rows)) in lists.into_iter().enumerate() {
        if index > 0 {
            separate(&mut target)?;
        }
        let shown = rows.get(..target.most.unwrap_or(usize::MAX)).unwrap_or(rows);
        let written = write(&columns, shown, &mut target);
        lost = lost.and(written.map_err(|error| target.failed(error))?);
        lost.rows += rows.len() - shown.len();
    }
    target.close()?;
    tell(&lost, world);
    Ok(())
}

fn refuse_chart(output: &Output) -> Result<(), Failure> {
    if output.shape.chart.is_none() {
        return Ok(());
    }
    let message = Message::new("--chart draws the answer to a question");
    Err(Failure::Usage(message.next("ask it with `dixit query` or `dixit run`")))
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
) -> Result<(Rows, Lost), Failure> {
    poured(&prepared.columns, target, |receive| store.run(prepared, receive))
}

/// Takes rows; may end whatever makes them.
pub(crate) type Receive<'r> = &'r mut dyn FnMut(Row) -> ControlFlow<()>;

/// Writes rows as they come; gives how many there were.
pub(crate) fn pour(
    columns: &[(&'static str, bool)],
    output: &Output,
    world: &World<'_>,
    produce: impl FnOnce(Receive<'_>) -> Result<(), Failure>,
) -> Result<Rows, Failure> {
    refuse_chart(output)?;
    let columns = List { columns: columns.to_vec(), rows: Vec::new() }.columns();
    let mut target = output.open(world.terminal)?;
    let (rows, lost) = poured(&columns, &mut target, produce)?;
    target.close()?;
    tell(&lost, world);
    Ok(rows)
}

fn poured(
    columns: &[Column],
    target: &mut Target,
    produce: impl FnOnce(Receive<'_>) -> Result<(), Failure>,
) -> Result<(Rows, Lost), Failure> {
    let (format, look, most) = (target.format, target.look, target.most);
    let mut sink = format.start(target.writer(), look);
    let (mut rows, mut full) = (Rows::default(), None);
    let mut lost = sink.begin(columns).err();
    if lost.is_none() {
        produce(&mut |row: Vec<Value>| {
            let written = match rows.take(most, &mut full) {
                Taken::Shown => sink.row(&row),
                Taken::Counted => return ControlFlow::Continue(()),
                Taken::Enough => return ControlFlow::Break(()),
            };
            match written {
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
    let tally = ended.map_err(|error| target.failed(error))?;
    Ok((rows, Lost::of(rows).and(tally)))
}

/// A blank line between two answers.
fn separate(target: &mut Target) -> Result<(), Failure> {
    let written = target.writer().write_all(b"\n");
    written.map_err(|error| target.failed(error))
}

/// What a result has and its reader does not see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lost {
    /// Cells that were cut to fit.
    pub(crate) cells: usize,
    /// Rows beyond those that were wanted.
    pub(crate) rows: usize,
    /// Whether there may be more rows.
    pub(crate) uncounted: bool,
    /// What else there is to say, each with what to do about it.
    pub(crate) remarks: Vec<Message>,
}

impl Lost {
    pub(crate) fn of(rows: Rows) -> Self {
        Self { rows: rows.left, uncounted: rows.uncounted, ..Self::default() }
    }

    /// This, with what a format has to say about its work.
    pub(crate) fn and(mut self, tally: Tally) -> Self {
        let Tally { cut, remarks } = tally;
        self.cells += cut;
        self.remarks.extend(remarks.into_iter().map(Message::of_remark));
        self
    }
}

fn tell(lost: &Lost, world: &World<'_>) {
    let Lost { cells, rows, uncounted, remarks } = lost;
    let say = |message: &Message| {
        world.terminal.say(&note(message, world.terminal.style().colour));
    };
    if *rows > 0 {
        say(&Message::new(unshown(*rows, *uncounted)));
    }
    if *cells > 0 {
        let cells =
            if *cells == 1 { "1 cell was".to_owned() } else { format!("{cells} cells were") };
        say(&Message::new(format!("{cells} cut to fit; --expanded shows everything")));
    }
    remarks.iter().for_each(say);
}

fn unshown(rows: usize, uncounted: bool) -> String {
    let than = if uncounted { "more than " } else { "" };
    let are = if rows == 1 { "row is" } else { "rows are" };
    format!("{than}{rows} further {are} left out; --max-rows all takes them in")
}

fn summary(rows: Rows, took: Option<Duration>) -> String {
    let Rows { shown, left, uncounted } = rows;
    let rows = match shown {
        _ if uncounted => format!("{shown} rows of more than {}", shown + left),
        _ if left > 0 => format!("{shown} of {} rows", shown + left),
        1 => "1 row".to_owned(),
        _ => format!("{shown} rows"),
    };
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
        let all = |shown| Rows { shown, ..Rows::default() };
        check(all(0), 2, "0 rows · 2 ms");
        check(all(1), 1234, "1 row · 1.2 s");
        check(all(5000), 75_000, "5000 rows · 75 s");
        check(Rows { shown: 1, left: 2, uncounted: false }, 1, "1 of 3 rows · 1 ms");
        check(Rows { shown: 1, left: 2, uncounted: true }, 1, "1 rows of more than 3 · 1 ms");
        assert_eq!(summary(all(2), None), "2 rows");
    }
}
