//! Dates that are not sure: what must hold of them and what can.

use super::truth::{and, conjuncts};
use super::{Ask, Env, Group, Oracle, Tried, Truth};
use crate::oracle::value::Value;
use dixit::base::date::{Date, day_after, day_before};
use dixit::lang::ast::{BinaryOp, Expr, ExprKind};

impl Oracle<'_> {
    /// Conditions that can hold together: what is asked of one date must be possible on one and the same day.
    pub(super) fn on_one_day(
        &self,
        env: &Env,
        expr: &Expr,
        group: Option<Group<'_>>,
    ) -> Tried<Option<Truth>> {
        let mut parts = Vec::new();
        conjuncts(expr, &mut parts);
        let mut truth = Some(true);
        let mut dates: Vec<(String, &Expr, Vec<Asked<'_>>)> = Vec::new();
        for part in &parts {
            let Some((subject, asked)) = asked_of_a_date(part) else {
                if parts.len() == 1 {
                    return Ok(None);
                }
                truth = and(truth, self.truth(env, part, group, Ask::Possible)?);
                continue;
            };
            let name = spelled(subject);
            match dates.iter_mut().find(|(other, ..)| *other == name) {
                Some((.., all)) => all.push(asked),
                None => dates.push((name, subject, vec![asked])),
            }
        }
        for (_, subject, all) in dates {
            let possible = match self.value(env, subject, group)? {
                Value::Date(date) => {
                    Some(candidates(&date, &all).any(|day| all.iter().all(|one| one.holds(day))))
                }
                _ => None,
            };
            truth = and(truth, possible);
        }
        Ok(Some(truth))
    }
}

/// What a comparison asks of a date: an operator (nothing for `in`) and a date, or a year.
enum Asked<'e> {
    Date(Option<BinaryOp>, Date),
    Year(BinaryOp, &'e i64),
}

impl Asked<'_> {
    /// Whether it can hold of a date that is this day.
    fn holds(&self, day: i64) -> bool {
        let day_date = Date::of_day(day);
        match self {
            Self::Date(Some(op), other) => {
                compare_dates(*op, &day_date, other, Ask::Possible) == Some(true)
            }
            Self::Date(None, other) => other.first <= day && day <= other.last,
            Self::Year(op, year) => {
                let own = day / 10_000;
                match op {
                    BinaryOp::Less => own < **year,
                    BinaryOp::LessEqual => own <= **year,
                    BinaryOp::Greater => own > **year,
                    BinaryOp::GreaterEqual => own >= **year,
                    _ => own == **year,
                }
            }
        }
    }

    fn days(&self) -> Vec<i64> {
        match self {
            Self::Date(_, date) => vec![date.first, date.last],
            Self::Year(_, year) => vec![**year * 10_000 + 101, **year * 10_000 + 1231],
        }
    }
}

/// Days worth trying: the ends of the date and of what it is held against, and their neighbours.
fn candidates(date: &Date, all: &[Asked<'_>]) -> impl Iterator<Item = i64> {
    let (first, last) = (date.first, date.last);
    let days = all.iter().flat_map(Asked::days).chain([first, last]);
    let mut days: Vec<i64> = days.flat_map(|day| [day_before(day), day, day_after(day)]).collect();
    days.retain(|day| first <= *day && *day <= last);
    days.into_iter()
}

fn asked_of_a_date(expr: &Expr) -> Option<(&Expr, Asked<'_>)> {
    let ExprKind::Binary(op, _, a, b) = &expr.kind else { return None };
    let turned = match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        BinaryOp::Equal => BinaryOp::Equal,
        BinaryOp::In => {
            let ExprKind::Date(text) = &b.kind else { return None };
            let plain = !matches!(a.kind, ExprKind::Date(_));
            return plain.then(|| (&**a, Asked::Date(None, Date::parse(text).unwrap())));
        }
        _ => return None,
    };
    held_against(*op, a, b).or_else(|| held_against(turned, b, a))
}

fn held_against<'e>(
    op: BinaryOp,
    subject: &'e Expr,
    other: &'e Expr,
) -> Option<(&'e Expr, Asked<'e>)> {
    match (&subject.kind, &other.kind) {
        (ExprKind::Date(_), _) => None,
        (_, ExprKind::Date(text)) => {
            Some((subject, Asked::Date(Some(op), Date::parse(text).unwrap())))
        }
        (ExprKind::Call { name, args, .. }, ExprKind::Int(year)) if name.text == "year" => {
            Some((&args[0], Asked::Year(op, year)))
        }
        _ => None,
    }
}

/// An expression without the places it stands at.
fn spelled(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Variable(name) => name.text.clone(),
        ExprKind::Property(of, name) => format!("{}.{}", spelled(of), name.text.to_lowercase()),
        _ => format!("{expr:?}"),
    }
}

pub(super) fn part(date: &Date, unit: i64, modulus: i64) -> Value {
    if date.first / unit != date.last / unit || date.first == 0 {
        return Value::Null;
    }
    let whole = date.first / unit;
    Value::Int(if unit == 10_000 { whole } else { whole % modulus })
}

pub(super) fn day(day: i64) -> Value {
    if day == 0 || day == 99_999_999 { Value::Null } else { Value::Date(Date::of_day(day)) }
}

/// Days since 1 January of the year 1, counted one by one.
pub(super) fn day_number(day: i64) -> i64 {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (year, month, date) = (day / 10_000, day / 100 % 100, day % 100);
    let years: i64 = (1..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = lengths.iter().take(usize::try_from(month - 1).unwrap()).sum();
    years + months + date
}

pub(super) fn asked(certain: bool, possible: bool, ask: Ask) -> Truth {
    match ask {
        Ask::Certain => Some(certain),
        Ask::Possible => Some(possible),
        Ask::Value if certain => Some(true),
        Ask::Value if !possible => Some(false),
        Ask::Value => None,
    }
}

pub(super) fn compare_dates(op: BinaryOp, a: &Date, b: &Date, ask: Ask) -> Truth {
    let one_day = a.first == a.last && b.first == b.last && a.first == b.first;
    let overlap = a.first <= b.last && b.first <= a.last;
    let (certain, possible) = match op {
        BinaryOp::Less => (a.last < b.first, a.first < b.last),
        BinaryOp::LessEqual => (a.last <= b.first, a.first <= b.last),
        BinaryOp::Greater => (a.first > b.last, a.last > b.first),
        BinaryOp::GreaterEqual => (a.first >= b.last, a.last >= b.first),
        BinaryOp::Equal => (one_day, overlap),
        _ => (!overlap, !one_day),
    };
    asked(certain, possible, ask)
}
