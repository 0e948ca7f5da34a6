//! Expressions that hold patterns, queries, or a name of their own for the members of a list.

use super::super::ast::{
    BinaryOp, Clause, Expr, ExprKind, IsWhat, Item, Linear, Match, MatchMode, Name, Pattern,
    Projection, Quantified, Query, SubqueryKind,
};
use super::super::input::{Input, Parsed, between, braced, commas, nested, tok};
use super::super::token::Kind;
use super::clause::{everything, filter, heading, match_body};
use super::expr::expr;
use super::pattern::path;
use super::query::{Place, query_body};
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::preceded;

/// `bracketed := "[" [comprehension | expr {"," expr}] "]"`
pub(super) fn bracketed(i: Input<'_>) -> Parsed<'_, ExprKind> {
    let inside = opt(inside_brackets).map(|inside| inside.unwrap_or(ExprKind::List(Vec::new())));
    between(Kind::LBracket, inside, Kind::RBracket).parse(i)
}

/// `comprehension := (variable "in" expr | [element_name "="] path) [filter] ["|" expr]`
///
/// What it begins with reads as an expression too, so it is read as one, once.
fn inside_brackets(start: Input<'_>) -> Parsed<'_, ExprKind> {
    let (i, first) = expr(start)?;
    let goes_on = matches!(i.peek(0), Kind::Where | Kind::Pipe);
    let plain_member = start.peek(1) == Kind::In && i.peek(0) == Kind::RBracket;
    if is_member(&first) && (goes_on || plain_member) {
        return members(i, first);
    }
    if goes_on && is_drawn(start, &first) {
        return drawings(i, first);
    }
    let (i, more) = opt(preceded(tok(Kind::Comma), commas(expr))).parse(i)?;
    Ok((i, ExprKind::List([vec![first], more.unwrap_or_default()].concat())))
}

/// Whether it reads `x in list`.
fn is_member(value: &Expr) -> bool {
    let ExprKind::Binary(BinaryOp::In, _, left, _) = &value.kind else { return false };
    matches!(left.kind, ExprKind::Variable(_))
}

fn member(value: Expr) -> Option<(Name, Box<Expr>)> {
    let ExprKind::Binary(_, _, left, list) = value.kind else { return None };
    let ExprKind::Variable(name) = left.kind else { return None };
    Some((name, list))
}

fn members(i: Input<'_>, first: Expr) -> Parsed<'_, ExprKind> {
    let Some((name, list)) = member(first) else { return i.refuse(Kind::Expression) };
    let (i, filter) = opt(bar_filter).parse(i)?;
    let (i, value) = opt(preceded(tok(Kind::Pipe), expr)).parse(i)?;
    let (filter, value) = (filter.map(Box::new), value.map(Box::new));
    Ok((i, ExprKind::Comprehension { name, list, filter, value }))
}

/// A `where` that a `|` may follow.
fn bar_filter(start: Input<'_>) -> Parsed<'_, Expr> {
    let (i, asked) = filter(start.with_bar_ends(true))?;
    Ok((i.with_bar_ends(start.bar_ends()), asked))
}

/// Whether it reads as a pattern, maybe with a name in front.
fn is_drawn(start: Input<'_>, value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Exists(_) => start.peek(0) == Kind::LParen,
        ExprKind::Binary(BinaryOp::Equal, _, left, right) => {
            matches!(left.kind, ExprKind::Variable(_))
                && matches!(right.kind, ExprKind::Exists(_))
                && (start.peek(1), start.peek(2)) == (Kind::Equal, Kind::LParen)
        }
        _ => false,
    }
}

/// `[pattern where p | e]` is `collect { match pattern where p return e }`.
fn drawings(i: Input<'_>, first: Expr) -> Parsed<'_, ExprKind> {
    let whole = first.span;
    let (path, pattern) = match first.kind {
        ExprKind::Binary(_, _, name, pattern) => (Some(*name), *pattern),
        _ => (None, first),
    };
    let (ExprKind::Exists(mut found), path) = (pattern.kind, path.map(|path| path.kind)) else {
        return i.refuse(Kind::Expression);
    };
    if let (Some(ExprKind::Variable(path)), Some(pattern)) = (path, found.patterns.first_mut()) {
        (pattern.path, pattern.span) = (Some(path), whole);
    }
    let (i, filter) = opt(bar_filter).parse(i)?;
    let (bar, _) = tok(Kind::Pipe)(i)?;
    let (i, value) = expr(bar)?;
    let clauses = vec![Clause::Match(Match { filter, span: whole, ..*found })];
    let item = Item { value, alias: None, heading: heading(i.since(bar)) };
    let kept = everything(i.span_since(bar));
    let result = Some(Projection { star: None, items: vec![item], ..kept });
    let span = whole.to(i.span_since(bar));
    let linear = Linear { clauses, writes: Vec::new(), result, span };
    let query = Query { explain: None, as_of: None, linear, others: Vec::new(), span };
    Ok((i, ExprKind::Subquery(SubqueryKind::Collect, Box::new(query))))
}

/// `quantified := ("all" | "any" | "none" | "single") "(" variable "in" expr filter ")"`
///
/// What stands in front of the `where` was read as the only argument of a call.
pub(super) fn quantified(i: Input<'_>, which: Kind, args: Vec<Expr>) -> Parsed<'_, ExprKind> {
    let which = match which {
        Kind::All => Quantified::All,
        Kind::Any => Quantified::Any,
        Kind::None => Quantified::None,
        Kind::Single => Quantified::Single,
        _ => return i.refuse(Kind::RParen),
    };
    let mut args = args.into_iter();
    let (Some(only), None) = (args.next().filter(is_member), args.next()) else {
        return i.refuse(Kind::RParen);
    };
    let Some((name, list)) = member(only) else { return i.refuse(Kind::RParen) };
    let (i, filter) = filter(i)?;
    Ok((i, ExprKind::Quantified { which, name, list, filter: Box::new(filter) }))
}

/// Whether here stands a word that asks about a query in braces.
pub(super) fn begins_subquery(i: Input<'_>) -> bool {
    matches!(i.peek(0), Kind::Count | Kind::Collect | Kind::Value) && i.peek(1) == Kind::LBrace
}

/// `subquery := "count" "{" rows "}" | ("collect" | "value") "{" rows_query "}"`
pub(super) fn subquery(i: Input<'_>) -> Parsed<'_, ExprKind> {
    let mut kind = alt((
        value(SubqueryKind::Count, tok(Kind::Count)),
        value(SubqueryKind::Collect, tok(Kind::Collect)),
        value(SubqueryKind::Value, tok(Kind::Value)),
    ));
    let (i, kind) = kind.parse(i)?;
    let inside = |i| match kind {
        SubqueryKind::Exists | SubqueryKind::Count => rows(i),
        SubqueryKind::Collect | SubqueryKind::Value => query_body(i, Place::Rows),
    };
    let (i, query) = braced(inside)(i)?;
    Ok((i, ExprKind::Subquery(kind, Box::new(query))))
}

/// What a query begins with where a pattern may stand as well.
const BEGINNINGS: &[Kind] = &[
    Kind::As,
    Kind::Call,
    Kind::Filter,
    Kind::For,
    Kind::Let,
    Kind::Match,
    Kind::Optional,
    Kind::Return,
    Kind::Unwind,
    Kind::With,
];

/// `rows := match_body | any_query`
fn rows(start: Input<'_>) -> Parsed<'_, Query> {
    start.offer(0, BEGINNINGS);
    if begins_query(start) {
        return query_body(start, Place::Existence);
    }
    let (i, found) = match_body(start)?;
    let span = found.span;
    let linear =
        Linear { clauses: vec![Clause::Match(found)], writes: Vec::new(), result: None, span };
    Ok((i, Query { explain: None, as_of: None, linear, others: Vec::new(), span }))
}

/// Whether a clause begins here, and not a pattern, which may have a word in front.
fn begins_query(i: Input<'_>) -> bool {
    BEGINNINGS.contains(&i.peek(0)) && i.peek(1) != Kind::Equal
}

/// `exists := "exists" ("{" rows "}" | "(" truth ")" | "(" expr ")")`
pub(super) fn exists(i: Input<'_>) -> Parsed<'_, ExprKind> {
    let (i, _) = tok(Kind::Exists)(i)?;
    if i.peek(0) == Kind::LParen {
        let inner = if i.peek(1) == Kind::LParen { exists_path } else { exists_value };
        return between(Kind::LParen, inner, Kind::RParen).parse(i);
    }
    map(braced(rows), exists_rows).parse(i)
}

/// A single plain `match` has a form of its own.
fn exists_rows(mut query: Query) -> ExprKind {
    let Query { explain: _, as_of, linear, others, span: _ } = &mut query;
    let alone = as_of.is_none() && others.is_empty() && linear.result.is_none();
    let only = linear.clauses.len() == 1;
    match linear.clauses.pop() {
        Some(Clause::Match(found)) if alone && only && !found.optional => {
            ExprKind::Exists(Box::new(found))
        }
        other => {
            linear.clauses.extend(other);
            ExprKind::Subquery(SubqueryKind::Exists, Box::new(query))
        }
    }
}

fn exists_path(i: Input<'_>) -> Parsed<'_, ExprKind> {
    map(path, exists_one).parse(i)
}

/// Cypher's old way to ask whether a property is there.
fn exists_value(i: Input<'_>) -> Parsed<'_, ExprKind> {
    let is_there =
        |value| ExprKind::Is { value: Box::new(value), negated: true, what: IsWhat::Null };
    map(expr, is_there).parse(i)
}

/// `truth := node {step}`
pub(super) fn truth(i: Input<'_>) -> Parsed<'_, Expr> {
    let (after, pattern) = nested(path)(i)?;
    Ok((after, Expr { span: pattern.span, kind: exists_one(pattern) }))
}

fn exists_one(pattern: Pattern) -> ExprKind {
    let span = pattern.span;
    let mode = MatchMode::DifferentEdges;
    let patterns = vec![pattern];
    ExprKind::Exists(Box::new(Match { optional: false, mode, patterns, filter: None, span }))
}
