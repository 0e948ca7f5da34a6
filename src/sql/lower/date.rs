//! Dates: three columns where a property is at hand, one packed text elsewhere; and comparisons that know what is
//! certain and what is only possible.
//!
//! Packed, a date is its first and last day in eight digits each, then its text unless it is one exact day. Packed dates
//! sort by first day, then by last.

use crate::base::date::Date;
use crate::base::planted::planted;
use crate::meaning::question::Comparison;
use crate::sql::select::{Expr, Op};

/// A value of a property: plain, or a date in three columns.
#[derive(Debug, Clone)]
pub(super) enum Held {
    Plain(Expr),
    Columns { first: Expr, last: Expr, text: Expr },
}

impl Held {
    /// As one value.
    pub(super) fn packed(self) -> Expr {
        match self {
            Self::Plain(value) => value,
            Self::Columns { first, last, text } => {
                Expr::Call("dixit_pack", vec![first, last, text])
            }
        }
    }

    /// As it is shown: a date as EDTF text.
    pub(super) fn text(self) -> Expr {
        match self {
            Self::Plain(value) => value,
            held @ Self::Columns { .. } => Expr::Call("dixit_date_text", vec![held.packed()]),
        }
    }

    /// What it is sorted by: a date by its first day, then by its last, then by its text.
    pub(super) fn sorted(self) -> Vec<Expr> {
        match self {
            Self::Plain(value) => vec![value],
            Self::Columns { first, last, text } => {
                vec![first, last, Expr::Call("coalesce", vec![text, Expr::Word("''")])]
            }
        }
    }

    /// The first and last day of a date.
    pub(super) fn days(self) -> (Expr, Expr) {
        match self {
            Self::Columns { first, last, .. } => (first, last),
            Self::Plain(value) => (
                Expr::Call("dixit_first", vec![value.clone()]),
                Expr::Call("dixit_last", vec![value]),
            ),
        }
    }
}

/// A date literal as bound values; an exact day binds its text too, so that the SQL is the same for every date.
pub(super) fn literal(date: &Date) -> Held {
    Held::Columns {
        first: Expr::given_int(date.first),
        last: Expr::given_int(date.last),
        text: Expr::given_text(&date.text),
    }
}

/// Functions that read a part of a date off its days: by what a day is divided so that only the part and what is larger
/// are left, and by what that is divided to leave the part alone.
const PARTS: &[(&str, &str, Option<&str>)] = &[
    ("dixit_year", "10000", None),
    ("dixit_month", "100", Some("100")),
    ("dixit_day", "1", Some("100")),
];

/// Whether a function reads a part of a date off its days.
pub(super) fn is_part(function: &str) -> bool {
    PARTS.iter().any(|(name, ..)| *name == function)
}

/// The part of a date, if its first and its last day agree on it. Columns at hand are read as they are: most rows are
/// asked for a year or a month alone.
pub(super) fn part(function: &'static str, held: Held) -> Expr {
    let found = PARTS.iter().find(|(name, ..)| *name == function);
    let (first, last, unit, most) = match (held, found) {
        (Held::Columns { first, last, text: _ }, Some((_, unit, most))) => {
            (first, last, *unit, most)
        }
        (held, _) => return Expr::Call(function, vec![held.packed()]),
    };
    let down_to = |day: Expr| Expr::binary(Op::Divide, day, Expr::Word(unit));
    let known = Expr::binary(Op::Greater, first.clone(), Expr::Word("0"));
    let same = Expr::equal(down_to(first.clone()), down_to(last));
    let part = down_to(first);
    let part = match most {
        Some(most) => Expr::binary(Op::Modulo, part, Expr::Word(most)),
        None => part,
    };
    Expr::when(Expr::And(vec![known, same]), part)
}

/// What is asked of a condition over uncertain dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// True, false, or null where it depends.
    Value,
    /// True only where it must hold.
    Certain,
    /// True where it can hold.
    Possible,
}

impl Ask {
    /// What to ask of the inside of a `not`.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Value => Self::Value,
            Self::Certain => Self::Possible,
            Self::Possible => Self::Certain,
        }
    }
}

type Days = (Expr, Expr);

/// Compares two dates given by their first and last days.
pub(super) fn compare(how: Comparison, a: &Days, b: &Days, ask: Ask) -> Expr {
    let less = |op: Op, left: &Expr, right: &Expr| Expr::binary(op, left.clone(), right.clone());
    let (certain, possible) = match how {
        Comparison::Less => (less(Op::Less, &a.1, &b.0), less(Op::Less, &a.0, &b.1)),
        Comparison::LessEqual => (less(Op::LessEqual, &a.1, &b.0), less(Op::LessEqual, &a.0, &b.1)),
        Comparison::Greater => (less(Op::Greater, &a.0, &b.1), less(Op::Greater, &a.1, &b.0)),
        Comparison::GreaterEqual => {
            (less(Op::GreaterEqual, &a.0, &b.1), less(Op::GreaterEqual, &a.1, &b.0))
        }
        Comparison::Equal => (same(a, b), overlap(a, b)),
        Comparison::NotEqual => {
            (Expr::Not(Box::new(overlap(a, b))), Expr::Not(Box::new(same(a, b))))
        }
    };
    asked(certain, possible, ask)
}

/// Whether a date lies within another.
pub(super) fn within(a: &Days, b: &Days, ask: Ask) -> Expr {
    let inside = Expr::And(vec![
        Expr::binary(Op::GreaterEqual, a.0.clone(), b.0.clone()),
        Expr::binary(Op::LessEqual, a.1.clone(), b.1.clone()),
    ]);
    asked(inside, overlap(a, b), ask)
}

fn asked(certain: Expr, possible: Expr, ask: Ask) -> Expr {
    match ask {
        Ask::Certain => planted!(Certainty, certain, possible),
        Ask::Possible => possible,
        Ask::Value => {
            let impossible = Expr::Not(Box::new(possible));
            Expr::Case(vec![(certain, Expr::Word("1")), (impossible, Expr::Word("0"))], None)
        }
    }
}

/// Both are the same single day.
fn same(a: &Days, b: &Days) -> Expr {
    Expr::And(vec![Expr::equal(a.0.clone(), b.1.clone()), Expr::equal(a.1.clone(), b.0.clone())])
}

/// They have a day in common.
fn overlap(a: &Days, b: &Days) -> Expr {
    Expr::And(vec![
        Expr::binary(Op::LessEqual, a.0.clone(), b.1.clone()),
        Expr::binary(Op::LessEqual, b.0.clone(), a.1.clone()),
    ])
}
