//! Draws the answer to a question: reads as many rows as the chart takes, and writes text or a picture.

use std::ops::ControlFlow;

use super::answer::{Lost, Rows, Taken};
use super::engine::{Prepared, Store};
use super::failure::{Failure, Message};
use super::output::Target;
use crate::base::source::{Source, Span};
use crate::base::value::{Row, Value};
use crate::format::chart::{self, Medium, Sheet, errors};
use crate::format::png::{Png, png};
use crate::lang::ast;
use crate::script;

/// What is drawn.
pub(crate) struct Drawn<'a> {
    /// The text of the script.
    pub(crate) source: &'a Source,
    /// The query.
    pub(crate) query: &'a ast::Query,
    /// What is to stand above it.
    pub(crate) title: Option<&'a str>,
}

/// Draws what a query returns. Nothing is written where it returns nothing.
pub(crate) fn draw(
    store: &Store,
    prepared: &Prepared,
    drawn: &Drawn<'_>,
    target: &mut Target,
) -> Result<(Rows, Lost), Failure> {
    let Some((chart, medium)) = target.drawing else {
        return Ok((Rows::default(), Lost::default()));
    };
    let (rows, read) = read(store, prepared, target.most)?;
    let mut lost = Lost::of(rows);
    if rows.shown == 0 {
        lost.remarks.extend(target.give_up());
        return Ok((rows, lost));
    }
    let sheet = Sheet { columns: prepared.columns.clone(), rows: read };
    let title = drawn.title.map(str::to_owned).or_else(|| question(drawn.source));
    let drawing = chart::draw(chart, sheet, title.as_deref()).map_err(|why| {
        let mistake = errors::unfit(chart, &why, returned(drawn.query));
        Failure::Question(vec![mistake], drawn.source.clone())
    })?;
    lost.remarks = drawing.remarks().into_iter().map(Message::new).collect();
    let bytes = match medium {
        Medium::Text => drawing.text(target.look).into_bytes(),
        Medium::Svg => drawing.svg().into_bytes(),
        Medium::Png => {
            let (bytes, missing) = points(&drawing.svg())?;
            lost.remarks.extend(missing);
            bytes
        }
    };
    let written = target.writer().write_all(&bytes).and_then(|()| target.writer().flush());
    written.map_err(|error| target.failed(error))?;
    Ok((rows, lost))
}

fn read(
    store: &Store,
    prepared: &Prepared,
    most: Option<usize>,
) -> Result<(Rows, Vec<Row>), Failure> {
    let (mut rows, mut full, mut kept) = (Rows::default(), None, Vec::new());
    store.run(prepared, &mut |row: Vec<Value>| {
        match rows.take(most, &mut full) {
            Taken::Shown => kept.push(row),
            Taken::Counted => {}
            Taken::Enough => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    })?;
    Ok((rows, kept))
}

/// A drawing as a PNG; and a remark, if there are characters that no font here has.
pub(crate) fn points(svg: &str) -> Result<(Vec<u8>, Option<Message>), Failure> {
    let Png { bytes, missing } = png(svg).map_err(|why| {
        let message = Message::new(format!("the picture cannot be made into points: {why}"));
        Failure::Machine(message.next("write it as svg: -o x.svg"))
    })?;
    let remark = (!missing.is_empty()).then(|| {
        let shown: String = missing.iter().take(20).collect();
        let message = Message::new(format!("no font here has these characters: {shown}"));
        message.next("install a font that has them, or write it as svg: -o x.svg")
    });
    Ok((bytes, remark))
}

/// The question that a script says it answers.
fn question(source: &Source) -> Option<String> {
    let saved = script::read(source).ok()?;
    Some(saved.question).filter(|question| !question.trim().is_empty())
}

/// Where a query says what it returns.
fn returned(query: &ast::Query) -> Span {
    query.linear.result.as_ref().map_or_else(|| query.span, |result| result.span)
}
