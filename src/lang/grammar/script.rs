//! Scripts: parameters and definitions first, then queries.

use super::super::ast::{
    Choices, ChoicesFrom, Definition, Expr, Match, Meaning, Name, Param, Query, TypeName, Use,
};
use super::super::input::{Input, Parsed, between, braced, commas, label, repeat, tok};
use super::super::token::Kind;
use super::clause::match_body;
use super::expr::{expr, operand};
use super::literal::{element_name, parameter, text, word};
use super::pattern::node;
use super::query::{Place, query, query_body};
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::sequence::{pair, preceded, terminated};

/// What stands between two semicolons: declarations, a query, or both.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) uses: Vec<Use>,
    pub(crate) params: Vec<Param>,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) query: Option<Query>,
}

/// What may stand in front of a query.
enum Declared {
    Use(Use),
    Param(Param),
    Definition(Definition),
}

/// `part := {use | param | define} [query] FINISH`
pub(crate) fn part(i: Input<'_>) -> Parsed<'_, Part> {
    let declared = alt((
        map(uses, Declared::Use),
        map(param, Declared::Param),
        map(define, Declared::Definition),
    ));
    let (i, declared) = repeat(declared).parse(i)?;
    let mut part = Part::default();
    for one in declared {
        match one {
            Declared::Use(one) => part.uses.push(one),
            Declared::Param(param) => part.params.push(param),
            Declared::Definition(definition) => part.definitions.push(definition),
        }
    }
    let Part { uses, params, definitions, query: _ } = &part;
    let some_declared = !(uses.is_empty() && params.is_empty() && definitions.is_empty());
    if some_declared && i.peek(0) == Kind::Finish {
        return Ok((i, part));
    }
    let (i, query) = terminated(query, tok(Kind::Finish)).parse(i)?;
    Ok((i, Part { query: Some(query), ..part }))
}

/// `use := "use" text`
fn uses(start: Input<'_>) -> Parsed<'_, Use> {
    let (behind, _) = tok(Kind::Use)(start)?;
    let (i, path) = text(behind)?;
    Ok((i, Use { path, span: i.span_since(start), named: i.span_since(behind) }))
}

/// `param := "param" parameter ":" type ["=" operand] ["in" choices]`
fn param(i: Input<'_>) -> Parsed<'_, Param> {
    let start = preceded(tok(Kind::Param), parameter);
    let (i, (name, _, ty, default)) =
        (start, tok(Kind::Colon), type_name, opt(preceded(tok(Kind::Equal), operand))).parse(i)?;
    let first = i.last().and_then(|token| token.comment);
    let (i, choices) = opt(choices).parse(i)?;
    let help = first.or(i.last().and_then(|token| token.comment)).map(one_line);
    Ok((i, Param { name, ty, default, choices, help }))
}

/// `choices := "[" operand {"," operand} "]" | "{" rows_query "}"`
fn choices(start: Input<'_>) -> Parsed<'_, Choices> {
    let (i, _) = tok(Kind::In)(start)?;
    let values: fn(Input<'_>) -> Parsed<'_, Vec<Expr>> = |i| commas(operand).parse(i);
    let listed = between(Kind::LBracket, values, Kind::RBracket);
    let asked = braced(|i| query_body(i, Place::Rows));
    let asked = map(asked, |query| ChoicesFrom::Query(Box::new(query)));
    let (i, from) = alt((map(listed, ChoicesFrom::Values), asked)).parse(i)?;
    Ok((i, Choices { from, span: i.span_since(start) }))
}

fn one_line(comment: &str) -> String {
    let lines = comment.lines().map(str::trim).map(comment_text);
    lines.flat_map(|line| words(&line)).collect::<Vec<_>>().join(" ")
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(ToOwned::to_owned).collect()
}

/// A comment without its markers.
pub(crate) fn comment_text(comment: &str) -> String {
    let open = ["--", "//", "/*"].iter().find_map(|mark| comment.strip_prefix(mark));
    let inner = open.unwrap_or(comment);
    inner.strip_suffix("*/").unwrap_or(inner).trim().to_owned()
}

/// `type := word ["<" type ">"]`
pub(crate) fn type_name(i: Input<'_>) -> Parsed<'_, TypeName> {
    let of = between(Kind::Less, type_name, Kind::Greater);
    let (i, (name, of)) = (word, opt(of)).parse(i)?;
    Ok((i, TypeName { name, of: of.map(Box::new) }))
}

/// `define := "define" (define_value | define_edge)`
fn define(start: Input<'_>) -> Parsed<'_, Definition> {
    let (i, keyword) = tok(Kind::Define)(start)?;
    let (i, (name, meaning)) =
        label(Kind::Definition, alt((define_edge, define_value))).parse(i)?;
    let behind = i.last().and_then(|token| token.comment);
    let help = keyword.above.or(behind).map(one_line).filter(|help| !help.is_empty());
    Ok((i, Definition { name, meaning, help, span: i.span_since(start) }))
}

/// `define_value := word "(" [declared {"," declared}] ")" "as" expr`
fn define_value(i: Input<'_>) -> Parsed<'_, (Name, Meaning)> {
    let listed = opt(commas(declared)).map(Option::unwrap_or_default);
    let head = (word, between(Kind::LParen, listed, Kind::RParen), tok(Kind::As));
    let (i, ((name, parameters, _), body)) = pair(head, expr).parse(i)?;
    Ok((i, (name, Meaning::Value { parameters, body: Box::new(body) })))
}

/// `declared := element_name ":" type`
fn declared(i: Input<'_>) -> Parsed<'_, (Name, TypeName)> {
    pair(terminated(element_name, tok(Kind::Colon)), type_name).parse(i)
}

/// `define_edge := node "-" "[" [element_name] ":" word "]" "-" ">" node "as" (plain_match | "{" plain_match {plain_match} "}")`
fn define_edge(i: Input<'_>) -> Parsed<'_, (Name, Meaning)> {
    if i.peek(0) != Kind::LParen {
        return i.refuse(Kind::Pattern);
    }
    let named = |i| (opt(element_name), tok(Kind::Colon), word).parse(i);
    let edge = (
        tok(Kind::Minus),
        between(Kind::LBracket, named, Kind::RBracket),
        tok(Kind::Minus),
        tok(Kind::Greater),
    );
    let (i, (left, (_, (variable, _, name), _, _), right)) = (node, edge, node).parse(i)?;
    let several =
        map(pair(plain_match, repeat(plain_match)), |(first, more)| [vec![first], more].concat());
    let body =
        alt((map(plain_match, |one| vec![one]), between(Kind::LBrace, several, Kind::RBrace)));
    let (i, body) = preceded(tok(Kind::As), body).parse(i)?;
    let (left, right) = (Box::new(left), Box::new(right));
    Ok((i, (name, Meaning::Edge { left, variable, right, body })))
}

/// `plain_match := "match" match_body`
fn plain_match(start: Input<'_>) -> Parsed<'_, Match> {
    let (i, body) = preceded(tok(Kind::Match), match_body).parse(start)?;
    Ok((i, Match { span: i.span_since(start), ..body }))
}
