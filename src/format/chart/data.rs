//! What of a result a chart draws: which column names things, which hold the numbers, and what cannot be drawn.

use super::{Sheet, Unfit};
use crate::base::clean;
use crate::base::date::{Date, NO_FIRST, NO_LAST, day_number};
use crate::base::value::{Column, Row, Value};
use crate::format::text::shown;

/// Series that can be told apart; further ones are left out.
pub(super) const SERIES: usize = 8;
/// Numbers beyond this leave no room for an axis around them.
const LARGEST: f64 = 1e300;
/// What stands for nothing known.
const NULL: &str = "∅";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Number,
    Date,
    Text,
}

/// Named numbers for places along an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// The heading of the axis.
    pub(super) axis: String,
    /// What its places are.
    pub(super) role: Role,
    /// The places in their order, each with its value if it has one to be drawn at.
    pub(super) places: Vec<(String, Option<f64>)>,
    /// What the numbers are: the heading of their column, where there is one.
    pub(super) measure: Option<String>,
    /// What the names of the series are.
    pub(super) by: Option<String>,
    pub(super) series: Vec<Series>,
    pub(super) remarks: Vec<String>,
}

/// One number for each place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) values: Vec<Option<f64>>,
}

/// What stands beside a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Days {
    /// Other days.
    Days,
    /// Instants.
    Instants,
}

/// How the columns of a grid are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    /// The first text or date is the axis.
    First,
    /// A date, or else a number, is the axis.
    Measured,
    /// There is always a second axis of names.
    Pairs,
}

/// Which columns a grid is read from.
struct Choice {
    axis: usize,
    by: Option<usize>,
    numbers: Vec<usize>,
    /// Columns that are not drawn.
    left: Vec<usize>,
}

pub(super) fn role(sheet: &Sheet, at: usize) -> Role {
    let mut values =
        sheet.rows.iter().filter_map(|row| row.get(at)).filter(|v| **v != Value::Null).peekable();
    if values.peek().is_none() {
        let numeric = sheet.columns.get(at).is_some_and(Column::is_numeric);
        return if numeric { Role::Number } else { Role::Text };
    }
    let (mut numbers, mut dates) = (true, true);
    for value in values {
        numbers &= matches!(value, Value::Int(_) | Value::Float(_));
        dates &= matches!(value, Value::Date(_) | Value::DateTime(_));
    }
    match (numbers, dates) {
        (true, _) => Role::Number,
        (_, true) => Role::Date,
        _ => Role::Text,
    }
}

/// The text of a value, clean, for a label.
pub(super) fn label(value: Option<&Value>) -> String {
    let text = value.and_then(shown).unwrap_or_else(|| NULL.to_owned());
    clean::line(&text).into_owned()
}

fn cell(row: &Row, at: usize) -> String {
    label(row.get(at))
}

/// The number of a value, if it can be drawn.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "a drawing is no more exact")]
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number).filter(|number| number.abs() <= LARGEST),
        _ => None,
    }
}

/// The first and the last moment of a date or an instant, in days; nothing where an end is open. A day has no length,
/// so that it stands where the axis names it, unless it is `among` instants.
pub(super) fn span(value: &Value, among: Days) -> Option<(Option<f64>, Option<f64>)> {
    match value {
        Value::Date(text) => {
            let date = Date::parse(text).ok()?;
            let first = (date.first != NO_FIRST).then(|| days(date.first));
            let length = if among == Days::Instants { 1.0 } else { 0.0 };
            let last = (date.last != NO_LAST).then(|| days(date.last) + length);
            Some((first, last))
        }
        Value::DateTime(text) => {
            let moment = moment(text)?;
            Some((Some(moment), Some(moment)))
        }
        _ => None,
    }
}

/// Days since 1970-01-01, of a day written `yyyymmdd`.
#[expect(clippy::cast_precision_loss, reason = "days of ten thousand years are few")]
pub(super) fn days(day: i64) -> f64 {
    day_number(day) as f64
}

/// An instant such as `2025-11-22T10:30:00Z`, in days.
fn moment(text: &str) -> Option<f64> {
    let (day, time) = text.split_once('T')?;
    let day: i64 = day.replace('-', "").parse().ok()?;
    let mut parts = time.trim_end_matches('Z').split(':').map(str::parse::<f64>);
    let mut part = || parts.next().and_then(Result::ok).unwrap_or(0.0);
    Some(days(day) + part() / 24.0 + part() / 1440.0 + part() / 86_400.0)
}

/// Reads a grid.
pub(super) fn grid(sheet: &Sheet, prefer: Prefer) -> Result<Grid, Unfit> {
    let choice = choose(sheet, prefer)?;
    let name = |at: usize| sheet.columns.get(at).map_or_else(String::new, |c| c.name.clone());
    let mut grid = Grid {
        axis: name(choice.axis),
        role: role(sheet, choice.axis),
        places: Vec::new(),
        measure: (choice.numbers.len() == 1)
            .then(|| choice.numbers.first().map(|at| name(*at)))
            .flatten(),
        by: choice.by.map(name),
        series: Vec::new(),
        remarks: Vec::new(),
    };
    let lost = match choice.by {
        Some(by) => long(&mut grid, sheet, &choice, by)?,
        None => wide(&mut grid, sheet, &choice),
    };
    let left: Vec<String> = choice.left.iter().map(|at| format!("`{}`", name(*at))).collect();
    if !left.is_empty() {
        grid.remarks.push(format!("{} {} not drawn", left.join(", "), are(left.len())));
    }
    if lost > 0 {
        grid.remarks.push(format!("{} too large or no number, and left out", values_are(lost)));
    }
    let drawn = grid.series.iter().flat_map(|series| &series.values).any(Option::is_some);
    if drawn { Ok(grid) } else { Err(Unfit::Nothing) }
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

pub(super) fn values_are(count: usize) -> String {
    if count == 1 { "1 value is".to_owned() } else { format!("{count} values are") }
}

fn choose(sheet: &Sheet, prefer: Prefer) -> Result<Choice, Unfit> {
    let of = |role_: Role| (0..sheet.columns.len()).filter(move |at| role(sheet, *at) == role_);
    let mut numbers: Vec<usize> = of(Role::Number).collect();
    let mut names: Vec<usize> =
        (0..sheet.columns.len()).filter(|at| !numbers.contains(at)).collect();
    if numbers.is_empty() {
        return Err(Unfit::NoNumbers);
    }
    if prefer == Prefer::Measured {
        names.sort_by_key(|at| role(sheet, *at) != Role::Date);
    }
    let measured = names.first().is_some_and(|at| role(sheet, *at) == Role::Date);
    let mut by = None;
    if let [name] = names[..]
        && numbers.len() == 2
        && repeats(sheet, name)
        && !(prefer == Prefer::Measured && measured)
    {
        let number = numbers.remove(0);
        // Such as party, year and count: the year is no second count.
        if prefer == Prefer::Measured { names.insert(0, number) } else { names.push(number) }
    }
    while names.len() < if prefer == Prefer::Pairs { 2 } else { 1 } {
        // Several columns of numbers can stand side by side, where there are names for the rows.
        if numbers.len() < 2 || (names.len() == 1 && !repeats(sheet, names[0])) {
            break;
        }
        names.push(numbers.remove(0));
    }
    let Some(axis) = names.first().copied() else { return Err(Unfit::NoAxis) };
    if let [_, second, ..] = names[..]
        && numbers.len() == 1
        && (prefer == Prefer::Pairs || tells_apart(sheet, axis, second))
    {
        by = Some(second);
    }
    if prefer == Prefer::Pairs && by.is_none() && numbers.len() < 2 {
        return Err(Unfit::NoPairs);
    }
    let left = names.iter().copied().filter(|at| *at != axis && Some(*at) != by).collect();
    Ok(Choice { axis, by, numbers, left })
}

/// Whether a text stands in several rows.
fn repeats(sheet: &Sheet, at: usize) -> bool {
    distinct(sheet, at).len() < sheet.rows.len()
}

/// Whether a second column of names makes series, and is not only another name of the same.
fn tells_apart(sheet: &Sheet, axis: usize, by: usize) -> bool {
    repeats(sheet, axis) || distinct(sheet, by).len() <= SERIES.min(sheet.rows.len() / 2)
}

fn distinct(sheet: &Sheet, at: usize) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    let texts = sheet.rows.iter().map(|row| cell(row, at));
    texts.filter(|text| seen.insert(text.clone())).collect()
}

/// A row a place and a column a series; gives how many values were no numbers.
fn wide(grid: &mut Grid, sheet: &Sheet, choice: &Choice) -> usize {
    let mut lost = 0;
    for row in &sheet.rows {
        grid.places.push((cell(row, choice.axis), place(row.get(choice.axis))));
    }
    for at in &choice.numbers {
        let values = sheet.rows.iter().map(|row| read(row.get(*at), &mut lost)).collect();
        let name = sheet.columns.get(*at).map_or_else(String::new, |column| column.name.clone());
        grid.series.push(Series { name, values });
    }
    keep_first(grid);
    lost
}

/// A row a value: one column names its place, one its series.
fn long(grid: &mut Grid, sheet: &Sheet, choice: &Choice, by: usize) -> Result<usize, Unfit> {
    let (places, names) = (distinct(sheet, choice.axis), distinct(sheet, by));
    let index = |list: &[String]| -> std::collections::BTreeMap<String, usize> {
        list.iter().enumerate().map(|(at, text)| (text.clone(), at)).collect()
    };
    let (at_place, at_name) = (index(&places), index(&names));
    let mut lost = 0;
    grid.places = places.into_iter().map(|text| (text, None)).collect();
    grid.series = names
        .into_iter()
        .map(|name| Series { name, values: vec![None; grid.places.len()] })
        .collect();
    let mut taken = std::collections::BTreeSet::new();
    for row in &sheet.rows {
        let (place_text, name) = (cell(row, choice.axis), cell(row, by));
        let (Some(x), Some(y)) = (at_place.get(&place_text), at_name.get(&name)) else { continue };
        if !taken.insert((*x, *y)) {
            return Err(Unfit::Twice(format!("{place_text}, {name}")));
        }
        let value = choice.numbers.first().and_then(|at| row.get(*at));
        grid.places[*x].1 = place(row.get(choice.axis));
        grid.series[*y].values[*x] = read(value, &mut lost);
    }
    Ok(lost)
}

/// Where along a measured axis a value lies.
fn place(value: Option<&Value>) -> Option<f64> {
    let value = value?;
    number(value).or_else(|| span(value, Days::Days).and_then(|(first, last)| first.or(last)))
}

fn read(value: Option<&Value>, lost: &mut usize) -> Option<f64> {
    let value = value.filter(|value| **value != Value::Null)?;
    let number = number(value);
    *lost += usize::from(number.is_none());
    number
}

/// Leaves out series that could not be told apart from others.
pub(super) fn keep_first(grid: &mut Grid) {
    if grid.series.len() > SERIES {
        let more = grid.series.len() - SERIES;
        grid.series.truncate(SERIES);
        let are = if more == 1 {
            "1 further series is".to_owned()
        } else {
            format!("{more} further series are")
        };
        grid.remarks.push(format!("{are} not drawn: {SERIES} can be told apart"));
    }
}
