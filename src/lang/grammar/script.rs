//! Scripts and queries: parameters first, then clauses, then a `return`.

use super::super::ast::{Linear, Param, Query, TypeName};
use super::super::input::{Input, Parsed, between, label, repeat, tok};
use super::super::token::Kind;
use super::clause::{clause, return_clause};
use super::expr::expr;
use super::literal::{parameter, word};
use nom::Parser as _;
use nom::combinator::opt;
use nom::sequence::{preceded, terminated};

/// What stands between two semicolons: parameters, a query, or both.
pub(crate) type Part = (Vec<Param>, Option<Query>);

/// `part := {param} [query] FINISH`
pub(crate) fn part(i: Input<'_>) -> Parsed<'_, Part> {
    let (i, params) = repeat(param).parse(i)?;
    if !params.is_empty() && i.peek(0) == Kind::Finish {
        return Ok((i, (params, None)));
    }
    let (i, query) = terminated(query, tok(Kind::Finish)).parse(i)?;
    Ok((i, (params, Some(query))))
}

/// `param := "param" parameter ":" type ["=" expr]`
fn param(i: Input<'_>) -> Parsed<'_, Param> {
    let start = preceded(tok(Kind::Param), parameter);
    let (i, (name, _, ty, default)) =
        (start, tok(Kind::Colon), type_name, opt(preceded(tok(Kind::Equal), expr))).parse(i)?;
    let help = i.last().and_then(|token| token.comment).map(one_line);
    Ok((i, Param { name, ty, default, help }))
}

fn one_line(comment: &str) -> String {
    comment_text(comment).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A comment without its markers.
pub(crate) fn comment_text(comment: &str) -> String {
    let open = ["--", "//", "/*"].iter().find_map(|mark| comment.strip_prefix(mark));
    let inner = open.unwrap_or(comment);
    inner.strip_suffix("*/").unwrap_or(inner).trim().to_owned()
}

/// `type := word ["<" type ">"]`
fn type_name(i: Input<'_>) -> Parsed<'_, TypeName> {
    let of = between(Kind::Less, type_name, Kind::Greater);
    let (i, (name, of)) = (word, opt(of)).parse(i)?;
    Ok((i, TypeName { name, of: of.map(Box::new) }))
}

/// `query := {clause} return`
fn query(start: Input<'_>) -> Parsed<'_, Query> {
    let (i, clauses) = repeat(label(Kind::Clause, clause)).parse(start)?;
    let (i, result) = return_clause(i)?;
    let span = i.span_since(start);
    let linear =
        Linear { clauses: clauses.concat(), writes: Vec::new(), result: Some(result), span };
    Ok((i, Query { explain: None, as_of: None, linear, others: Vec::new(), span }))
}
