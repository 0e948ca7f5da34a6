//! Expressions that read well and mean something else: what was meant by them, as it is written here.

use crate::base::source::Span;
use crate::lang::ast::{BinaryOp, Expr, ExprKind};

/// `x = 'a' or 'b'`, `x <> 'a' and 'b'`: where the values alone stand, and what was meant.
pub(super) fn bare_values(op: BinaryOp, written: (&Expr, &Expr)) -> Option<(Span, String)> {
    let mut values = vec![written.1];
    let mut first = written.0;
    while let ExprKind::Binary(inner, _, left, right) = &first.kind
        && *inner == op
    {
        values.push(right);
        first = left;
    }
    let ExprKind::Binary(compares, _, of, one) = &first.kind else { return None };
    let operator = match (op, compares) {
        (BinaryOp::Or, BinaryOp::Equal) => "in",
        (BinaryOp::And, BinaryOp::NotEqual) => "not in",
        _ => return None,
    };
    let place = values.last()?.span.to(values.first()?.span);
    values.push(one);
    let shown: Option<Vec<String>> = values.into_iter().rev().map(literal).collect();
    Some((place, format!("{} {operator} [{}]", named(of)?, shown?.join(", "))))
}

/// The longest text that a suggestion repeats.
const LONGEST: usize = 40;

fn literal(value: &Expr) -> Option<String> {
    if let ExprKind::Text(text) = &value.kind {
        let plain = text.chars().all(|c| !c.is_control() && c != '\\');
        let fits = plain && text.chars().count() <= LONGEST;
        return fits.then(|| format!("'{}'", text.replace('\'', "''")));
    }
    if let ExprKind::Date(text) = &value.kind {
        return Some(format!("date '{text}'"));
    }
    let ExprKind::Int(number) = &value.kind else { return None };
    Some(number.to_string())
}

/// A variable, or a property of one.
fn named(value: &Expr) -> Option<String> {
    if let ExprKind::Variable(name) = &value.kind {
        return Some(name.text.clone());
    }
    let ExprKind::Property(of, name) = &value.kind else { return None };
    Some(format!("{}.{}", named(of)?, name.text))
}

/// `a contains 'x' || b contains 'y'`: the sign where two tests were meant to be joined.
pub(super) fn joined_tests(written: &Expr) -> Option<Span> {
    use BinaryOp::{Contains, EndsWith, In, Like, Matches, NotIn, Regex, StartsWith};
    let ExprKind::Binary(op, _, left, right) = &written.kind else { return None };
    let tests =
        matches!(op, Contains | EndsWith | In | Like | Matches | NotIn | Regex | StartsWith);
    [right, left].into_iter().filter(|_| tests).find_map(|side| {
        let ExprKind::Binary(BinaryOp::Concat, sign, ..) = &side.kind else { return None };
        Some(*sign)
    })
}

/// `11/22/2025`, `22-11-2025`, `2025/11/22`: the day that was meant, or the two that it may be.
pub(super) fn slashed_day(written: &Expr) -> Option<String> {
    let ExprKind::Binary(outer, _, rest, last) = &written.kind else { return None };
    let ExprKind::Binary(inner, _, first, middle) = &rest.kind else { return None };
    let signs = matches!(outer, BinaryOp::Divide | BinaryOp::Subtract) && inner == outer;
    let [ExprKind::Int(a), ExprKind::Int(b), ExprKind::Int(c)] =
        [&first.kind, &middle.kind, &last.kind]
    else {
        return None;
    };
    let day = |year: i64, month: i64, day: i64| {
        let fits =
            (1000..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        fits.then(|| format!("{year}-{month:02}-{day:02}"))
    };
    let meant = match (day(*a, *b, *c), day(*c, *b, *a), day(*c, *a, *b)) {
        (Some(one), _, _) | (None, Some(one), None) | (None, None, Some(one)) => one,
        (None, Some(one), Some(other)) if one == other => one,
        (None, Some(one), Some(other)) => format!("{one} or {other}"),
        (None, None, None) => return None,
    };
    signs.then_some(meant)
}
