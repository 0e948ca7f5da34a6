//! What can hold of one and the same date: several conditions on it must hold on one day together.
//!
//! `possibly(d > 2025-11-20 and d < 2025-11-22)` asks for a day between the first and the last that `d` may be, after
//! the 20th and before the 22nd. Each condition bounds that day; there is one if no lower bound lies above an upper one.

use super::date::Held;
use super::{Lowering, Rows};
use crate::base::date::{day_after, day_before};
use crate::meaning::functions::Means;
use crate::meaning::question::{Comparison, Constant, Expr as Question, ExprKind};
use crate::meaning::types::Type;
use crate::sql::select::{Expr, Op};

/// A date and the days that a condition allows it.
pub(super) struct Allowed<'e> {
    subject: &'e Question,
    from: Option<i64>,
    to: Option<i64>,
}

/// The days that a condition allows a date, where it holds the date or its year against a constant.
pub(super) fn allowed(condition: &Question) -> Option<Allowed<'_>> {
    if let ExprKind::Within(subject, range) = &condition.kind {
        let Some(Constant::Date(range)) = range.as_constant() else { return None };
        let (from, to) = (Some(range.first), Some(range.last));
        return subject.as_constant().is_none().then_some(Allowed { subject, from, to });
    }
    let ExprKind::Compare(how, a, b) = &condition.kind else { return None };
    match (a.as_constant(), b.as_constant()) {
        (None, Some(constant)) => compared(*how, a, constant),
        (Some(constant), None) => compared(turned(*how), b, constant),
        _ => None,
    }
}

fn compared<'e>(
    how: Comparison,
    subject: &'e Question,
    constant: &Constant,
) -> Option<Allowed<'e>> {
    let (subject, first, last) = match constant {
        Constant::Date(date) if matches!(subject.ty, Type::Date | Type::Any) => {
            (subject, date.first, date.last)
        }
        Constant::Int(year) => {
            let start = (*year).clamp(-10_000, 100_000) * 10_000;
            (year_of(subject)?, start + 101, start + 1231)
        }
        Constant::Bool(_)
        | Constant::Float(_)
        | Constant::Text(_)
        | Constant::Date(_)
        | Constant::DateTime(_)
        | Constant::Duration(_) => return None,
    };
    // A year is greater only from the next one on; an uncertain date is passed as soon as one of its days is.
    let whole = matches!(constant, Constant::Int(_));
    let (after, before) = if whole { (last, first) } else { (first, last) };
    let (from, to) = match how {
        Comparison::Less => (None, Some(day_before(before))),
        Comparison::LessEqual => (None, Some(last)),
        Comparison::Greater => (Some(day_after(after)), None),
        Comparison::GreaterEqual => (Some(first), None),
        Comparison::Equal => (Some(first), Some(last)),
        Comparison::NotEqual => return None,
    };
    Some(Allowed { subject, from, to })
}

/// The date whose year is taken.
fn year_of(value: &Question) -> Option<&Question> {
    let ExprKind::Call(function, args) = &value.kind else { return None };
    (function.means == Means::Sql("dixit_year")).then(|| args.first()).flatten()
}

/// `a < b` seen from `b`.
fn turned(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        Comparison::Equal => Comparison::Equal,
        Comparison::NotEqual => Comparison::NotEqual,
    }
}

impl Lowering<'_> {
    /// The condition that one day fulfils everything that is asked of a date.
    pub(super) fn one_day(&mut self, rows: &mut Rows, all: &[Allowed<'_>]) -> Option<Expr> {
        let subject = all.first()?.subject;
        let (first, last) = if subject.ty == Type::Any {
            let value = self.any_value(rows, subject);
            Held::Plain(Expr::Call("dixit_any_date", vec![value])).days()
        } else {
            self.held(rows, subject).days()
        };
        let from = all.iter().filter_map(|one| one.from).map(Expr::given_int);
        let to = all.iter().filter_map(|one| one.to).map(Expr::given_int);
        let lower: Vec<Expr> = std::iter::once(first).chain(from).collect();
        let upper: Vec<Expr> = std::iter::once(last).chain(to).collect();
        // That the first day is not after the last goes without saying.
        let pairs =
            lower.iter().flat_map(|low| upper.iter().map(move |high| (low.clone(), high.clone())));
        let mut bounds: Vec<Expr> =
            pairs.skip(1).map(|(low, high)| Expr::binary(Op::LessEqual, low, high)).collect();
        if bounds.len() == 1 { bounds.pop() } else { Some(Expr::And(bounds)) }
    }

    /// Conditions that can hold together: those on one date on one day, the others each for itself.
    pub(super) fn possible(&mut self, rows: &mut Rows, parts: &[Question]) -> Vec<Expr> {
        let mut groups: Vec<Vec<Allowed<'_>>> = Vec::new();
        let mut conditions = Vec::new();
        for part in parts {
            let Some(one) = allowed(part) else {
                conditions.push(self.asked(rows, part, super::date::Ask::Possible));
                continue;
            };
            match groups
                .iter_mut()
                .find(|group| group.iter().any(|other| other.subject == one.subject))
            {
                Some(group) => group.push(one),
                None => groups.push(vec![one]),
            }
        }
        for group in groups {
            conditions.extend(self.one_day(rows, &group));
        }
        conditions
    }
}
