//! The text of expressions. Parentheses come from the tightness of operators alone.

use super::super::ast::{
    BinaryOp, Expr, ExprKind, IsWhat, Match, Name, Quantified, Query, SubqueryKind, UnaryOp,
};
use super::super::operators::{self, Tightness};
use super::name::{function, is_bare_date, parameter, quoted, variable, word};
use super::pattern::{Joined, labels, patterns, properties};
use super::{Line, query};

/// An expression as it stands on its own.
pub(super) fn expr(value: &Expr) -> String {
    bound(value, Tightness::Or)
}

/// An expression as it stands where operators would go too far.
pub(super) fn operand(value: &Expr) -> String {
    bound(value, Tightness::Sign)
}

/// Expressions with commas between them.
pub(super) fn list(values: &[Expr]) -> String {
    values.iter().map(expr).collect::<Vec<_>>().join(", ")
}

/// An expression, in parentheses if it binds more loosely than `floor`.
fn bound(value: &Expr, floor: Tightness) -> String {
    let (text, binds) = loose(value).unwrap_or_else(|| (atom(&value.kind), Tightness::Atom));
    if binds < floor { format!("({text})") } else { text }
}

/// What an operator makes, with how tightly it binds; nothing for an atom.
fn loose(value: &Expr) -> Option<(String, Tightness)> {
    let not = |negated: bool| if negated { " not" } else { "" };
    Some(match &value.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => {
            (format!("not {}", bound(inner, Tightness::Not)), Tightness::Not)
        }
        ExprKind::Unary(sign, inner) => (signed(*sign, inner), Tightness::Sign),
        ExprKind::Binary(op, _, left, right) => {
            let (spelled, tightness) = operators::of(*op);
            let floor =
                if tightness == Tightness::Compare { Tightness::Predicate } else { tightness };
            (
                format!("{} {spelled} {}", bound(left, floor), bound(right, tighter(tightness))),
                tightness,
            )
        }
        ExprKind::Is { value, negated, what } => {
            let what = match what {
                IsWhat::Null => "null",
                IsWhat::True => "true",
                IsWhat::False => "false",
            };
            let value = bound(value, Tightness::Predicate);
            (format!("{value} is{} {what}", not(*negated)), Tightness::Predicate)
        }
        ExprKind::IsLabeled { value, negated: false, label } => {
            let value = owner(value);
            (format!("{value}:{}", labels(label, Joined::And)), Tightness::Postfix)
        }
        ExprKind::IsLabeled { value, negated: true, label } => {
            let value = bound(value, Tightness::Predicate);
            (format!("{value} is not labeled {}", labels(label, Joined::And)), Tightness::Predicate)
        }
        ExprKind::Int(number) if *number < 0 => (number.to_string(), Tightness::Sign),
        ExprKind::Property(of, name) => {
            (format!("{}.{}", owner(of), word(name)), Tightness::Postfix)
        }
        ExprKind::Index(of, index) => {
            (format!("{}[{}]", owner(of), expr(index)), Tightness::Postfix)
        }
        ExprKind::Slice(of, from, to) => {
            let end = |end: &Option<Box<Expr>>| end.as_deref().map(expr).unwrap_or_default();
            (format!("{}[{}..{}]", owner(of), end(from), end(to)), Tightness::Postfix)
        }
        _ => return None,
    })
}

/// The next tighter place, for the right side of an operator.
fn tighter(tightness: Tightness) -> Tightness {
    match tightness {
        Tightness::Or => Tightness::Xor,
        Tightness::Xor => Tightness::And,
        Tightness::And => Tightness::Not,
        Tightness::Not => Tightness::Chained,
        Tightness::Chained => Tightness::Compare,
        Tightness::Compare => Tightness::Predicate,
        Tightness::Predicate => Tightness::Sum,
        Tightness::Sum => Tightness::Product,
        Tightness::Product => Tightness::Power,
        Tightness::Power => Tightness::Sign,
        Tightness::Sign => Tightness::Postfix,
        Tightness::Postfix | Tightness::Atom => Tightness::Atom,
    }
}

fn signed(sign: UnaryOp, inner: &Expr) -> String {
    let sign = if sign == UnaryOp::Plus { '+' } else { '-' };
    if matches!(inner.kind, ExprKind::Unary(UnaryOp::Plus | UnaryOp::Minus, _)) {
        // Apart, for two dashes may begin a comment; parentheses would count as nesting.
        return format!("{sign} {}", expr(inner));
    }
    let is_smallest = matches!(inner.kind, ExprKind::Int(_));
    let text = bound(inner, Tightness::Postfix);
    if is_smallest && text.starts_with('-') {
        format!("{sign}({text})")
    } else {
        format!("{sign}{text}")
    }
}

/// What a `.` or `[` stands behind. A label takes all the letters it can get, so it is kept apart.
fn owner(value: &Expr) -> String {
    match value.kind {
        ExprKind::IsLabeled { .. } => format!("({})", expr(value)),
        _ => bound(value, Tightness::Postfix),
    }
}

fn atom(kind: &ExprKind) -> String {
    match kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Float(number) => format!("{number:?}"),
        ExprKind::Text(text) => quoted(text),
        ExprKind::Date(text) if is_bare_date(text) => text.clone(),
        ExprKind::Date(text) => format!("date {}", quoted(text)),
        ExprKind::Param(name) => parameter(name),
        ExprKind::Variable(name) => variable(name),
        ExprKind::Call { name, distinct, star, args } => call(name, *distinct, *star, args),
        ExprKind::Case { subject, branches, otherwise } => {
            case(subject.as_deref(), branches, otherwise.as_deref())
        }
        ExprKind::DateTime(text) => format!("datetime {}", quoted(text)),
        ExprKind::Duration(text) => format!("duration {}", quoted(text)),
        ExprKind::List(items) => bracketed(items),
        ExprKind::Map(pairs) => properties(pairs).unwrap_or_else(|| "{}".to_owned()),
        ExprKind::Comprehension { name, list, filter, value } => {
            let filter = filter.as_ref().map(|filter| format!(" where {}", expr(filter)));
            let value = value.as_ref().map(|value| format!(" | {}", expr(value)));
            let (filter, value) = (filter.unwrap_or_default(), value.unwrap_or_default());
            format!("[{}{filter}{value}]", membership(name, list))
        }
        ExprKind::Quantified { which, name, list, filter } => {
            let which = match which {
                Quantified::All => "all",
                Quantified::Any => "any",
                Quantified::None => "none",
                Quantified::Single => "single",
            };
            format!("{which}({} where {})", membership(name, list), expr(filter))
        }
        ExprKind::Subquery(kind, inner) => subquery(*kind, inner),
        ExprKind::Exists(found) => {
            let filter = found.filter.as_ref().map(|filter| format!(" where {}", expr(filter)));
            let keyword = if begins_with_word(found) { "match " } else { "" };
            format!("exists {{ {keyword}{}{} }}", patterns(found), filter.unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// Whether the name of a path stands first, which could read as a clause.
fn begins_with_word(found: &Match) -> bool {
    found.patterns.first().is_some_and(|first| first.path.is_some())
}

/// A list. A lone `x in y` in it is kept apart from a comprehension.
fn bracketed(items: &[Expr]) -> String {
    match items {
        [Expr { kind: ExprKind::Binary(BinaryOp::In, ..), .. }] => format!("[({})]", list(items)),
        _ => format!("[{}]", list(items)),
    }
}

fn membership(name: &Name, list: &Expr) -> String {
    format!("{} in {}", variable(name), bound(list, tighter(Tightness::Predicate)))
}

/// A query inside an expression, on one line.
fn subquery(kind: SubqueryKind, inner: &Query) -> String {
    let kind = match kind {
        SubqueryKind::Exists => "exists",
        SubqueryKind::Count => "count",
        SubqueryKind::Collect => "collect",
        SubqueryKind::Value => "value",
    };
    let inside: Vec<String> = query(inner).iter().map(Line::plain).collect();
    format!("{kind} {{ {} }}", inside.join(" "))
}

fn case(subject: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
    let subject = subject.map(|value| format!(" {}", expr(value))).unwrap_or_default();
    let branch = |(when, then): &(Expr, Expr)| format!(" when {} then {}", expr(when), expr(then));
    let branches: String = branches.iter().map(branch).collect();
    let otherwise = otherwise.map(|value| format!(" else {}", expr(value))).unwrap_or_default();
    format!("case{subject}{branches}{otherwise} end")
}

fn call(name: &Name, distinct: bool, star: bool, args: &[Expr]) -> String {
    let distinct = if distinct { "distinct " } else { "" };
    let args = if star { "*".to_owned() } else { list(args) };
    format!("{}({distinct}{args})", function(name))
}
