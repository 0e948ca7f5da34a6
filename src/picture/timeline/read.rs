//! Makes marks of the rows of an answer. The first column with dates tells when; the first three columns of text make lane
//! and label; `side`, `relayed`, `after` and `key` mean what they say; everything else is shown under the mouse.

use std::collections::BTreeMap;

use super::{Extent, Mark, Timeline, When};
use crate::base::clean;
use crate::base::closest::closest;
use crate::base::date::{Date, NO_FIRST, NO_LAST, day_number};
use crate::base::value::{Column, Row, Value};
use crate::picture::page::Table;
use crate::picture::side::Side;
use crate::picture::values::{flag, shown, texts, whole};

/// Columns that are not for reading.
const SILENT: &[&str] = &["side", "relayed", "after", "key"];

/// Why an answer makes no timeline.
#[derive(Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There are no rows.
    Empty,
    /// No column holds dates.
    NoDateColumn,
    /// There is a column for dates, and no date in any row.
    NoDates {
        /// What the column is called.
        column: String,
        /// How many rows there are.
        rows: usize,
    },
    /// There is no column of that name to make lanes of; these are there.
    NoLane(String, Vec<String>, Option<String>),
}

/// A timeline, and how many rows are left out because they have no date.
pub fn read(
    columns: &[Column],
    rows: &[Row],
    by: Option<&str>,
) -> Result<(Timeline, usize), Wrong> {
    if rows.is_empty() {
        return Err(Wrong::Empty);
    }
    let roles = Roles::of(columns, rows, by)?;
    let mut dated: Vec<(usize, &Row, When)> = Vec::new();
    for row in rows {
        if let Some(when) = row.get(roles.date).and_then(when) {
            dated.push((dated.len(), row, when));
        }
    }
    if dated.is_empty() {
        let column = name(columns, roles.date);
        return Err(Wrong::NoDates { column, rows: rows.len() });
    }
    let table = table(columns, dated.iter().map(|(_, row, _)| *row));
    let marks: Vec<(Mark, &Row)> = dated
        .into_iter()
        .map(|(at, row, when)| (roles.mark(columns, row, (at, when)), row))
        .collect();
    let left_out = rows.len() - marks.len();
    Ok((Timeline { marks: roles.ordered(marks), table }, left_out))
}

/// Which column says what.
struct Roles {
    date: usize,
    lane: Option<usize>,
    label: Vec<usize>,
    side: Option<usize>,
    relayed: Option<usize>,
    after: Option<usize>,
    key: Option<usize>,
}

impl Roles {
    fn of(columns: &[Column], rows: &[Row], by: Option<&str>) -> Result<Self, Wrong> {
        let named = |name: &str| columns.iter().position(|column| column.name == name);
        let holds = |at: usize, fits: fn(&Value) -> bool| {
            rows.iter().filter_map(|row| row.get(at)).any(fits)
        };
        let is_date = |value: &Value| matches!(value, Value::Date(_) | Value::DateTime(_));
        let all = 0..columns.len();
        let date = all.clone().find(|at| holds(*at, is_date)).or_else(|| of_name(columns, "date"));
        let date = date.ok_or(Wrong::NoDateColumn)?;
        let readable: Vec<usize> = all
            .filter(|at| *at != date && !SILENT.contains(&name(columns, *at).as_str()))
            .filter(|at| holds(*at, |value| matches!(value, Value::Text(_) | Value::Node(_))))
            .collect();
        let lane = match by {
            Some(by) => Some(named(by).ok_or_else(|| no_lane(by, columns, &readable))?),
            None => readable.first().copied(),
        };
        let label = readable.iter().take(3).copied().filter(|at| Some(*at) != lane).collect();
        let (side, relayed) = (named("side"), named("relayed"));
        Ok(Self { date, lane, label, side, relayed, after: named("after"), key: named("key") })
    }

    fn mark(&self, columns: &[Column], row: &Row, (at, when): (usize, When)) -> Mark {
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at));
        let lane = cell(self.lane).and_then(shown).unwrap_or_else(|| "–".to_owned());
        let mut label: Vec<String> =
            self.label.iter().filter_map(|at| row.get(*at).and_then(shown)).collect();
        label.retain(|part| *part != lane);
        let text = label.pop().unwrap_or_default();
        let side = match cell(self.side).map(whole) {
            None => Side::None,
            Some(polarity) => Side::of(polarity.unwrap_or(0)),
        };
        let relayed = cell(self.relayed).is_some_and(flag);
        Mark {
            lane,
            when,
            head: label.join(" "),
            text,
            side,
            relayed,
            details: details(columns, row),
            row: at,
        }
    }

    /// By time, and what comes after something else behind that, where its date allows it.
    fn ordered(&self, marks: Vec<(Mark, &Row)>) -> Vec<Mark> {
        let mut marks = marks;
        marks.sort_by(|(a, _), (b, _)| middle(&a.when).total_cmp(&middle(&b.when)));
        let by_key: BTreeMap<String, usize> = marks
            .iter()
            .enumerate()
            .filter_map(|(at, (_, row))| Some((shown(row.get(self.key?)?)?, at)))
            .collect();
        let before: Vec<Vec<usize>> = marks
            .iter()
            .map(|(_, row)| {
                let keys = self.after.and_then(|at| row.get(at)).map(texts).unwrap_or_default();
                keys.iter().filter_map(|key| by_key.get(key).copied()).collect::<Vec<_>>()
            })
            .zip(&marks)
            .map(|(keys, (mark, _))| {
                let may =
                    |at: &usize| marks.get(*at).is_some_and(|(other, _)| may_precede(other, mark));
                keys.into_iter().filter(may).collect()
            })
            .collect();
        let mut order = Vec::new();
        let mut placed = vec![false; marks.len()];
        for at in 0..marks.len() {
            place(at, &before, &mut placed, &mut order);
        }
        order.into_iter().filter_map(|at| marks.get(at).map(|(mark, _)| mark.clone())).collect()
    }
}

/// Whether a date allows one thing to be before the other.
fn may_precede(one: &Mark, other: &Mark) -> bool {
    match (one.when.from, other.when.to) {
        (Some(from), Some(to)) => from <= to,
        _ => true,
    }
}

/// The column of that name, or with a property of that name.
fn of_name(columns: &[Column], wanted: &str) -> Option<usize> {
    let is =
        |name: &str| name == wanted || name.rsplit_once('.').is_some_and(|two| two.1 == wanted);
    columns.iter().position(|column| is(&column.name))
}

/// Puts what comes before something in front of it; a circle is left where it closes.
fn place(at: usize, before: &[Vec<usize>], placed: &mut [bool], order: &mut Vec<usize>) {
    match placed.get_mut(at) {
        Some(done) if !*done => *done = true,
        _ => return,
    }
    for earlier in before.get(at).into_iter().flatten() {
        place(*earlier, before, placed, order);
    }
    order.push(at);
}

fn middle(when: &When) -> f64 {
    match (when.from, when.to) {
        (Some(from), Some(to)) => f64::midpoint(from, to),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => 0.0,
    }
}

fn no_lane(by: &str, columns: &[Column], readable: &[usize]) -> Wrong {
    let names: Vec<String> = readable.iter().map(|at| name(columns, *at)).collect();
    let near = closest(by, names.iter().map(String::as_str)).map(str::to_owned);
    Wrong::NoLane(by.to_owned(), names, near)
}

fn name(columns: &[Column], at: usize) -> String {
    columns.get(at).map(|column| column.name.clone()).unwrap_or_default()
}

fn details(columns: &[Column], row: &Row) -> Vec<String> {
    let pairs =
        columns.iter().zip(row).filter(|(column, _)| !SILENT.contains(&column.name.as_str()));
    let mut lines: Vec<String> = pairs
        .filter_map(|(column, value)| Some(format!("{}: {}", column.name, shown(value)?)))
        .collect();
    if columns.iter().zip(row).any(|(column, value)| column.name == "relayed" && flag(value)) {
        lines.push("known only because somebody else tells of it".to_owned());
    }
    lines
}

/// The rows as text, without the column that only orders them, and sides by their words.
fn table<'r>(columns: &[Column], rows: impl Iterator<Item = &'r Row>) -> Table {
    let kept: Vec<usize> = (0..columns.len()).filter(|at| name(columns, *at) != "after").collect();
    let cell = |row: &Row, at: usize| {
        let value = row.get(at)?;
        let side = whole(value).filter(|_| name(columns, at) == "side");
        side.map(|side| Side::of(side).word().to_owned()).or_else(|| shown(value))
    };
    let cells = |row: &Row| kept.iter().map(|at| cell(row, *at).unwrap_or_default()).collect();
    let heads = kept.iter().map(|at| clean::line(&name(columns, *at)).into_owned()).collect();
    Table { heads, rows: rows.map(cells).collect() }
}

/// The time that a value stands for.
#[expect(clippy::cast_precision_loss, reason = "days of at most ten thousand years")]
fn when(value: &Value) -> Option<When> {
    match value {
        Value::Date(text) => {
            let date = Date::parse(text).ok()?;
            let from = (date.first != NO_FIRST).then(|| day_number(date.first) as f64);
            let to = (date.last != NO_LAST).then(|| day_number(date.last) as f64 + 1.0);
            let extent = match (date.exact(), text.contains('/')) {
                (Some(_), _) => Extent::Day,
                (None, true) => Extent::Lasting,
                (None, false) => Extent::Uncertain,
            };
            (from.is_some() || to.is_some()).then_some(When { from, to, extent })
        }
        Value::DateTime(text) => {
            let (day, clock) = text.split_once('T')?;
            let day = Date::parse(day).ok()?.exact()?;
            let mut parts = clock.split([':', '.', 'Z', '+']);
            let mut number = || parts.next()?.parse::<f64>().ok();
            let (hours, minutes) = (number()?, number()?);
            let seconds = number().unwrap_or(0.0);
            let of_day = (hours * 3600.0 + minutes * 60.0 + seconds) / 86_400.0;
            let at = Some(day_number(day) as f64 + of_day);
            Some(When { from: at, to: at, extent: Extent::Moment })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<Column> {
        names.iter().map(|name| Column::any(name)).collect()
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn date(text: &str) -> Value {
        Value::Date(text.to_owned())
    }

    #[test]
    fn columns_find_their_role() {
        let columns = columns(&["who", "act", "what", "on", "side", "quote"]);
        let row = vec![
            text("Rounds"),
            text("denies"),
            text("It is ours."),
            date("2025-11"),
            Value::Int(-1),
            text("not ours"),
        ];
        let (timeline, left_out) =
            read(&columns, &[row.clone(), vec![Value::Null; 6]], None).unwrap();
        let mark = &timeline.marks[0];
        assert_eq!((mark.lane.as_str(), mark.head.as_str(), left_out), ("Rounds", "denies", 1));
        assert_eq!((mark.text.as_str(), mark.side), ("It is ours.", Side::Against));
        assert_eq!(mark.when.extent, Extent::Uncertain);
        assert!(mark.details.contains(&"quote: not ours".to_owned()), "{:?}", mark.details);
        let (timeline, _) = read(&columns, &[row], Some("what")).unwrap();
        let mark = &timeline.marks[0];
        assert_eq!((mark.lane.as_str(), mark.head.as_str()), ("It is ours.", "Rounds"));
        assert_eq!(mark.text, "denies");
    }

    #[test]
    fn what_follows_comes_behind() {
        let columns = columns(&["who", "date", "key", "after"]);
        let row = |key: &str, after: &[&str]| {
            let after = after.iter().map(|key| text(key)).collect();
            vec![text(key), date("2025-11-22"), text(key), Value::List(after)]
        };
        let rows = [row("c", &["b"]), row("b", &["a", "c", "x"]), row("a", &[])];
        let (timeline, _) = read(&columns, &rows, None).unwrap();
        let order: Vec<&str> = timeline.marks.iter().map(|mark| mark.lane.as_str()).collect();
        assert_eq!(order, ["a", "b", "c"]);
    }

    #[test]
    fn instants_have_a_time_of_day() {
        let at = when(&Value::DateTime("1970-01-02T12:00:00Z".to_owned())).unwrap();
        assert_eq!((at.from, at.extent), (Some(1.5), Extent::Moment));
        assert_eq!(when(&date("[..1970-01-02]")).unwrap().to, Some(2.0));
        assert_eq!(when(&text("1970-01-02")), None);
    }

    #[test]
    fn what_makes_no_timeline_is_told() {
        let columns = columns(&["who", "date"]);
        let undated = vec![text("a"), Value::Null];
        assert_eq!(read(&columns, &[], None).unwrap_err(), Wrong::Empty);
        assert_eq!(
            read(&columns, &[undated], None).unwrap_err(),
            Wrong::NoDates { column: "date".into(), rows: 1 }
        );
        let other = [vec![text("a"), text("b")]];
        assert_eq!(read(&columns[..1], &[vec![text("a")]], None).unwrap_err(), Wrong::NoDateColumn);
        let dated = [vec![text("a"), date("2025")]];
        assert!(read(&columns, &other, None).is_err());
        let wrong = read(&columns, &dated, Some("whom")).unwrap_err();
        assert_eq!(wrong, Wrong::NoLane("whom".into(), vec!["who".into()], Some("who".into())));
    }
}
