//! Scripts: parameters and definitions first, then queries.

use super::super::ast::{Definition, Match, Meaning, Name, Param, Query, TypeName};
use super::super::input::{Input, Parsed, between, commas, label, repeat, tok};
use super::super::token::Kind;
use super::clause::match_body;
use super::expr::expr;
use super::literal::{element_name, parameter, word};
use super::pattern::node;
use super::query::query;
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::sequence::{pair, preceded, terminated};

/// What stands between two semicolons: declarations, a query, or both.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) params: Vec<Param>,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) query: Option<Query>,
}

/// What may stand in front of a query.
enum Declared {
    Param(Param),
    Definition(Definition),
}

/// `part := {param | define} [query] FINISH`
pub(crate) fn part(i: Input<'_>) -> Parsed<'_, Part> {
    let declared = alt((map(param, Declared::Param), map(define, Declared::Definition)));
    let (i, declared) = repeat(declared).parse(i)?;
    let mut part = Part::default();
    for one in declared {
        match one {
            Declared::Param(param) => part.params.push(param),
            Declared::Definition(definition) => part.definitions.push(definition),
        }
    }
    let some_declared = !part.params.is_empty() || !part.definitions.is_empty();
    if some_declared && i.peek(0) == Kind::Finish {
        return Ok((i, part));
    }
    let (i, query) = terminated(query, tok(Kind::Finish)).parse(i)?;
    Ok((i, Part { query: Some(query), ..part }))
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
