//! `dixit timeline`: who said what when, as a picture.

use crate::base::count::counted;
use crate::base::value::{Row, Value};
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message, note};
use crate::cli::picture::{
    Answer, Asked, Format, Own, ask, caption, encoded, filtered, given, heading, line,
};
use crate::cli::picture_args::{Filters, Timeline};
use crate::cli::world::World;
use crate::picture::errors;
use crate::picture::shipped::Standard;
use crate::picture::timeline::{self, read};

/// The kind that the query behind the picture is about.
const KIND: &str = "Statement";
/// So many rows of a query of one's own are looked at.
const ROWS: usize = 100_000;

pub(super) fn run(args: &Timeline, world: &World<'_>) -> Result<(), Failure> {
    let Timeline { words, shown, filters, by, max_marks, canvas } = args;
    let format = canvas.format("timeline", false)?;
    let path = world.store()?;
    let store = world.open_at(&path)?;
    let picked = match Own::read(words.as_deref(), shown, filters, world)? {
        Some(own) => of_query(own, &store, *max_marks, world)?,
        None => of_filters((filters, by.as_deref()), &store, *max_marks, world)?,
    };
    let Picked { asked, answer, title, footer } = picked;
    let lanes = read::read(&answer.columns, &answer.rows, by.as_deref());
    let (timeline, left_out) = lanes.map_err(|wrong| asked.wrong(errors::no_timeline(wrong)))?;
    let mut caption = caption(canvas.title.clone().unwrap_or(title), footer, &store, &path)?;
    if left_out > 0 {
        let rows = counted(left_out, if asked.own { "row" } else { "statement" });
        let are = if left_out == 1 { "is" } else { "are" };
        let message = format!("{rows} {are} left out for want of a date");
        world.terminal.say(&note(&Message::new(message.clone()), world.terminal.style().colour));
        caption.notes.push(message);
    }
    let drawing = timeline::draw(&timeline, &caption, format == Format::Html);
    canvas.write(&encoded(&drawing, &timeline.table, format, world)?, format, world)?;
    canvas.tell(&counted(timeline.marks.len(), "mark"), world);
    Ok(())
}

/// What is to be drawn, and how it is called.
struct Picked {
    asked: Asked,
    answer: Answer,
    title: String,
    footer: String,
}

/// The statements that the options ask for.
fn of_filters(
    (filters, by): (&Filters, Option<&str>),
    store: &Store,
    most: usize,
    world: &World<'_>,
) -> Result<Picked, Failure> {
    let given = given(filters);
    let asked = Asked::standard(Standard::Timeline, &given)?;
    let (numbers, answer) = of_standard(&asked, store, (most, filtered(&given)), world)?;
    let title = heading(&asked.question, &given, &numbers);
    let by = by.map(|by| ("by", by.to_owned()));
    let options: Vec<(&str, String)> = given.into_iter().chain(by).collect();
    let footer = format!("Asked: {}", line("timeline", &[], &options));
    Ok(Picked { asked, answer, title, footer })
}

/// The statements that a query returns, or else its rows as they are.
fn of_query(own: Own, store: &Store, most: usize, world: &World<'_>) -> Result<Picked, Failure> {
    let Own { asked, query } = own;
    let answer = ask(store, &asked, &query, ROWS, world)?;
    let title = if asked.question.is_empty() { "Timeline" } else { &asked.question }.to_owned();
    let footer = format!("Query: {}", asked.in_one_line());
    let keys = statements(&answer.rows);
    if keys.is_empty() {
        if answer.rows.len() > most {
            return Err(too_many(&asked, answer.count, most, "narrow the query"));
        }
        return Ok(Picked { asked, answer, title, footer });
    }
    if keys.len() > most {
        return Err(too_many(&asked, keys.len(), most, "narrow the query"));
    }
    let keys = serde_json::Value::from(keys).to_string();
    let asked = Asked::standard(Standard::Timeline, &[("statements", keys)])?;
    let (_, answer) = of_standard(&asked, store, (most, "narrow the query"), world)?;
    Ok(Picked { asked, answer, title, footer })
}

/// Counts what the standard query finds, then asks for it; gives both answers.
fn of_standard(
    asked: &Asked,
    store: &Store,
    (most, narrower): (usize, &str),
    world: &World<'_>,
) -> Result<(Answer, Answer), Failure> {
    let [counting, listing] = asked.queries.as_slice() else {
        return Err(asked.wrong(errors::empty()));
    };
    let numbers = ask(store, asked, counting, 1, world)?;
    match numbers.rows.first().and_then(|row| row.first()) {
        Some(Value::Int(count)) if usize::try_from(*count).is_ok_and(|count| count > most) => {
            let count = usize::try_from(*count).unwrap_or(usize::MAX);
            Err(too_many(asked, count, most, narrower))
        }
        Some(Value::Int(0)) => Err(none()),
        _ => Ok((numbers, ask(store, asked, listing, most, world)?)),
    }
}

fn too_many(asked: &Asked, count: usize, most: usize, narrower: &str) -> Failure {
    asked.wrong(errors::too_many((count, "statements"), most, narrower, "--max-marks"))
}

fn none() -> Failure {
    let message = Message::new("there are no such statements, so there is nothing to draw");
    Failure::Name(message.next("leave out an option, or ask `dixit query` what there is"))
}

/// The keys of the statements in an answer, each once.
fn statements(rows: &[Row]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for value in rows.iter().flatten() {
        if let Value::Node(node) = value
            && node.kind == KIND
            && !keys.contains(&node.key)
        {
            keys.push(node.key.clone());
        }
    }
    keys
}
