//! Queries: parts with set operators between them; each is clauses, then writing or a `return`.

use super::super::ast::{AsOf, Clause, Clock, Linear, Query, SetKind, SetOperator, Write};
use super::super::input::{Input, Parsed, label, repeat, tok};
use super::super::token::Kind;
use super::clause::{clause, return_clause};
use super::expr::expr;
use super::write::write;
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{opt, value};
use nom::sequence::pair;

/// What a query's place allows.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Nothing is around it: it may write, and what writes needs no `return`.
    Top,
    /// Its rows are wanted.
    Rows,
    /// It is asked whether there are rows, so it needs no `return`.
    Existence,
}

/// `query := ["explain"] query_body`
pub(crate) fn query(start: Input<'_>) -> Parsed<'_, Query> {
    let (i, explain) = opt(tok(Kind::Explain)).parse(start)?;
    let (i, query) = query_body(i, Place::Top)?;
    let explain = explain.map(|token| token.span);
    Ok((i, Query { explain, span: i.span_since(start), ..query }))
}

/// `query_body := [as_of] linear {set_operator linear}`
/// `rows_query := [as_of] rows_linear {set_operator rows_linear}`
/// `any_query := [as_of] any_linear {set_operator any_linear}`
///
/// The first is a whole query, the second one whose rows are wanted, the third one that is asked whether it has any.
pub(super) fn query_body(start: Input<'_>, place: Place) -> Parsed<'_, Query> {
    let one = |i| linear(i, place);
    let (i, as_of) = opt(as_of).parse(start)?;
    let (mut i, first) = one(i)?;
    let mut others = Vec::new();
    while let Ok((after, operator)) = set_operator(i) {
        let (after, other) = one(after)?;
        others.push((operator, other));
        i = after;
    }
    Ok((i, Query { explain: None, as_of, linear: first, others, span: i.span_since(start) }))
}

/// `as_of := "as" ("of" | "recorded") expr`
fn as_of(start: Input<'_>) -> Parsed<'_, AsOf> {
    let known = value(Clock::Known, tok(Kind::Of));
    let recorded = value(Clock::Recorded, tok(Kind::Recorded));
    let (i, (_, clock, time)) = (tok(Kind::As), alt((known, recorded)), expr).parse(start)?;
    Ok((i, AsOf { clock, time, span: i.span_since(start) }))
}

/// `set_operator := ("union" | "except" | "intersect") ["all" | "distinct"] | "otherwise"`
fn set_operator(start: Input<'_>) -> Parsed<'_, SetOperator> {
    let kind = alt((
        value(SetKind::Union, tok(Kind::Union)),
        value(SetKind::Except, tok(Kind::Except)),
        value(SetKind::Intersect, tok(Kind::Intersect)),
    ));
    let all = opt(alt((value(true, tok(Kind::All)), value(false, tok(Kind::Distinct)))));
    let otherwise = value((SetKind::Otherwise, None), tok(Kind::Otherwise));
    let (i, (kind, all)) = alt((pair(kind, all), otherwise)).parse(start)?;
    Ok((i, SetOperator { kind, all: all.unwrap_or(false), span: i.span_since(start) }))
}

/// `linear := steps ({write} return | write {write})`
/// `steps := {clause | return "next"}`
/// `rows_linear := steps return`
/// `any_linear := steps return | steps clause`
fn linear(start: Input<'_>, place: Place) -> Parsed<'_, Linear> {
    let (mut i, mut clauses) = (start, Vec::new());
    let mut result = None;
    while result.is_none() {
        let (after, more) = repeat(label(Kind::Clause, clause)).parse(i)?;
        clauses.extend(more.into_iter().flatten());
        i = after;
        let Ok((behind, projection)) = return_clause(i) else { break };
        if let Ok((next, _)) = tok(Kind::Next)(behind) {
            clauses.push(Clause::With { projection, filter: None });
            i = next;
        } else {
            (i, result) = (behind, Some(projection));
        }
    }
    let mut writes = Vec::new();
    if result.is_none() && place == Place::Top {
        let (after, written): (_, Vec<Write>) = repeat(label(Kind::Clause, write)).parse(i)?;
        (i, result) =
            if written.is_empty() { (after, None) } else { opt(return_clause).parse(after)? };
        writes = written;
    }
    let may_end = result.is_some()
        || !writes.is_empty()
        || (place == Place::Existence && !clauses.is_empty());
    if !may_end {
        return i.refuse(Kind::Return);
    }
    Ok((i, Linear { clauses, writes, result, span: i.span_since(start) }))
}
