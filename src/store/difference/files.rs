//! Two stores: each sort of rows is read in the order of what its rows are known by, and both are gone through side by side.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::{Value as Raw, ValueRef};
use rusqlite::{Rows, Statement};

use super::super::Reader;
use super::super::catalogue::quoted;
use super::super::error::Error;
use super::super::layout::Layout;
use super::cells::{Told, sql};
use super::sorts::{self, Known, Label, Sort};
use super::{Detail, End, Receive, Row, compare, ended};

/// Keeps what a connection sees as it is for as long as the statement is there and not finished.
const HOLD: &str = "SELECT 1 FROM dixit_graph UNION ALL SELECT 2";

/// Hands on what differs between two stores.
pub fn between(
    before: &Reader,
    after: &Reader,
    detail: Detail,
    receive: Receive<'_>,
) -> Result<(), Error> {
    ended(compared(before, after, detail, receive))
}

fn compared(
    before: &Reader,
    after: &Reader,
    detail: Detail,
    receive: Receive<'_>,
) -> Result<(), End> {
    let sides = [before, after];
    let mut holds = Vec::new();
    for side in sides {
        let hold = side.connection().prepare(HOLD).map_err(|error| side.failed(error))?;
        holds.push(hold);
    }
    let mut held = Vec::new();
    for (hold, side) in holds.iter_mut().zip(sides) {
        let mut rows = hold.query([]).map_err(|error| side.failed(error))?;
        rows.next().map_err(|error| side.failed(error))?;
        held.push(rows);
    }
    let mut known = Vec::new();
    for side in sides {
        known.push(sorts::read(side.connection()).map_err(|error| side.failed(error))?);
    }
    let [(first, one), (second, other)] = known.as_slice() else { return Ok(()) };
    let mut older = Known { catalogue: first, layout: one }.sorts();
    let newer = Known { catalogue: second, layout: other }.sorts();
    for sort in newer {
        let place = older.iter().position(|older| older.name == sort.name);
        let twin = place.map(|place| older.remove(place));
        let pair = (twin.map(|twin| (twin, one)), Some((sort, other)));
        side_by_side(sides, pair, detail, receive)?;
    }
    for sort in older {
        side_by_side(sides, (Some((sort, one)), None), detail, receive)?;
    }
    Ok(())
}

type Given<'l> = Option<(Sort, &'l Layout)>;

fn side_by_side(
    [before, after]: [&Reader; 2],
    (older, newer): (Given<'_>, Given<'_>),
    detail: Detail,
    receive: Receive<'_>,
) -> Result<(), End> {
    let Some(joined) = joined(&older, &newer) else { return Ok(()) };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (given, reader, into) in [(&older, before, &mut ours), (&newer, after, &mut theirs)] {
        if let Some((sort, layout)) = given {
            let text = select(sort, layout, &joined.values);
            into.push(reader.connection().prepare(&text).map_err(|error| reader.failed(error))?);
        }
    }
    let mut older = Side::new(ours.first_mut(), older.as_ref(), before)?;
    let mut newer = Side::new(theirs.first_mut(), newer.as_ref(), after)?;
    loop {
        let which = match (older.at(), newer.at()) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), Some(_)) => by_parts(&older.identity()?, &newer.identity()?),
        };
        // Most rows are the same, and nothing is made of these.
        if which.is_ne() || !older.is_like(&newer)? {
            let was = if which.is_le() { older.row()? } else { None };
            let is = if which.is_ge() { newer.row()? } else { None };
            let told = compare(&joined, (was.as_ref(), is.as_ref()), detail, receive);
            if told == ControlFlow::Break(()) {
                return Err(End::Enough);
            }
        }
        if which.is_le() {
            older.step()?;
        }
        if which.is_ge() {
            newer.step()?;
        }
    }
}

/// The sort with the values of both sides.
fn joined(older: &Given<'_>, newer: &Given<'_>) -> Option<Sort> {
    let (first, second) = (older.as_ref().map(|one| &one.0), newer.as_ref().map(|one| &one.0));
    let base = second.or(first)?;
    let mut values = base.values.clone();
    for (name, told) in first.into_iter().flat_map(|sort| &sort.values) {
        if !values.iter().any(|(known, _)| known == name) {
            values.push((name.clone(), told.clone()));
        }
    }
    Some(Sort {
        name: base.name.clone(),
        table: base.table.clone(),
        label: Label::Fixed(String::new()),
        identity: Vec::new(),
        unique: base.unique,
        shown: base.shown.clone(),
        values,
        title: base.title,
        belongs: base.belongs,
        only: base.only,
    })
}

/// The rows of a sort, in the order of what they are known by: the label, that, what is shown, the values.
fn select(sort: &Sort, layout: &Layout, values: &[(String, Told)]) -> String {
    let mut columns = vec![match &sort.label {
        Label::Fixed(_) => "NULL".to_owned(),
        Label::By(column, _) => format!("x.{}", quoted(column)),
    }];
    columns.extend(sort.identity.iter().chain(&sort.shown.0).map(|told| sql(told, layout)));
    for (name, _) in values {
        let own = sort.values.iter().find(|(known, _)| known == name);
        columns.push(own.map_or_else(|| "NULL".to_owned(), |(_, told)| sql(told, layout)));
    }
    let known = 2..2 + sort.identity.len();
    let rest = if sort.unique { 0..0 } else { 2..columns.len() + 1 };
    let mut order: Vec<String> = known.chain(rest).map(|place| place.to_string()).collect();
    order.dedup();
    // The one row of the graph as a whole needs no order.
    let order = if order.is_empty() { "1".to_owned() } else { order.join(", ") };
    format!(
        "SELECT {} FROM {} AS x WHERE {} AND NOT ({}) ORDER BY {order}",
        columns.join(", "),
        quoted(&sort.table.name),
        sort.only,
        second_of_two(sort, layout)
    )
}

/// SQL for the row of a link kept both ways that is left out: the one whose first end comes later.
fn second_of_two(sort: &Sort, layout: &Layout) -> String {
    let (Some(symmetric), [from, to]) = (&sort.table.symmetric, sort.shown.0.as_slice()) else {
        return "0".to_owned();
    };
    let terms: Vec<String> = symmetric.terms.iter().map(i64::to_string).collect();
    let term = quoted(&symmetric.term);
    let (from, to) = (sql(from, layout), sql(to, layout));
    format!("x.{term} IN ({}) AND {from} > {to}", terms.join(", "))
}

/// One of two stores, at a row.
struct Side<'s> {
    rows: Option<Rows<'s>>,
    sort: Option<&'s Sort>,
    reader: &'s Reader,
}

impl<'s> Side<'s> {
    fn new(
        statement: Option<&'s mut Statement<'_>>,
        given: Option<&'s (Sort, &Layout)>,
        reader: &'s Reader,
    ) -> Result<Self, Error> {
        let rows = statement.map(|statement| statement.query([])).transpose();
        let rows = rows.map_err(|error| reader.failed(error))?;
        let mut side = Self { rows, sort: given.map(|(sort, _)| sort), reader };
        side.step()?;
        Ok(side)
    }

    fn step(&mut self) -> Result<(), Error> {
        let stepped = self.rows.as_mut().map_or(Ok(()), FallibleStreamingIterator::advance);
        stepped.map_err(|error| self.reader.failed(error))
    }

    /// The row it is at.
    fn at(&self) -> Option<&rusqlite::Row<'s>> {
        self.rows.as_ref().and_then(FallibleStreamingIterator::get)
    }

    fn cell(&self, place: usize) -> Result<ValueRef<'_>, Error> {
        let cell = self.at().map_or(Ok(ValueRef::Null), |row| row.get_ref(place));
        cell.map_err(|error| self.reader.failed(error))
    }

    fn width(&self) -> usize {
        self.at().map_or(0, |row| row.as_ref().column_count())
    }

    /// By what the row is known.
    fn identity(&self) -> Result<Vec<ValueRef<'_>>, Error> {
        let count = self.sort.map_or(0, |sort| sort.identity.len());
        (1..=count).map(|place| self.cell(place)).collect()
    }

    /// Whether both are at a row that holds the same.
    fn is_like(&self, other: &Self) -> Result<bool, Error> {
        if self.label()? != other.label()? || self.width() != other.width() {
            return Ok(false);
        }
        for place in 1..self.width() {
            if self.cell(place)? != other.cell(place)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn label(&self) -> Result<&str, Error> {
        let Some(sort) = self.sort else { return Ok("") };
        Ok(match self.cell(0)? {
            ValueRef::Integer(number) => label(sort, Some(number)),
            ValueRef::Null | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
                label(sort, None)
            }
        })
    }

    fn row(&self) -> Result<Option<Row>, Error> {
        let Some(sort) = self.sort.filter(|_| self.at().is_some()) else { return Ok(None) };
        let shown = 1 + sort.identity.len();
        let values = shown + sort.shown.0.len();
        let parts: Vec<String> = (shown..values)
            .map(|place| Ok(part(&lossy(self.cell(place)?))))
            .collect::<Result<_, Error>>()?;
        let values = (values..self.width()).map(|place| Ok(lossy(self.cell(place)?)));
        let values = values.collect::<Result<_, Error>>()?;
        Ok(Some(Row { label: self.label()?.to_owned(), key: (sort.shown.1)(&parts), values }))
    }
}

/// A cell, also where a foreign file holds text that is none.
fn lossy(cell: ValueRef<'_>) -> Raw {
    match cell {
        ValueRef::Null => Raw::Null,
        ValueRef::Integer(number) => Raw::Integer(number),
        ValueRef::Real(number) => Raw::Real(number),
        ValueRef::Text(bytes) => Raw::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Raw::Blob(bytes.to_vec()),
    }
}

/// The name of a row's kind or edge, by the number that tells it.
pub(super) fn label(sort: &Sort, by: Option<i64>) -> &str {
    match (&sort.label, by) {
        (Label::Fixed(name), _) => name,
        (Label::By(_, names), Some(number)) => names.get(&number).unwrap_or(&sort.name),
        (Label::By(..), None) => &sort.name,
    }
}

/// A part of what is shown as a key.
pub(super) fn part(raw: &Raw) -> String {
    match raw {
        Raw::Text(text) => text.clone(),
        Raw::Integer(number) => number.to_string(),
        Raw::Null | Raw::Real(_) | Raw::Blob(_) => String::new(),
    }
}

/// The order in which the database sorts texts and numbers.
fn by_parts(a: &[ValueRef<'_>], b: &[ValueRef<'_>]) -> Ordering {
    let rank = |cell: &ValueRef<'_>| match cell {
        ValueRef::Null => 0,
        ValueRef::Integer(_) | ValueRef::Real(_) => 1,
        ValueRef::Text(_) => 2,
        ValueRef::Blob(_) => 3,
    };
    let one = |a: &ValueRef<'_>, b: &ValueRef<'_>| match (a, b) {
        (ValueRef::Integer(a), ValueRef::Integer(b)) => a.cmp(b),
        (ValueRef::Text(a), ValueRef::Text(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    };
    let different = a.iter().zip(b).map(|(a, b)| one(a, b)).find(|order| order.is_ne());
    different.unwrap_or(Ordering::Equal)
}
