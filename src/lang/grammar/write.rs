//! What changes the store: `insert`, `set`, `remove`, `delete`.

use super::super::ast::{Assignment, Name, Write};
use super::super::input::{Input, Parsed, commas, tok};
use super::super::token::Kind;
use super::expr::expr;
use super::literal::{variable, word};
use super::pattern::pattern;
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::opt;
use nom::sequence::{pair, preceded, separated_pair};

/// `write := insert | set | remove | delete`
pub(super) fn write(i: Input<'_>) -> Parsed<'_, Write> {
    alt((insert, set, remove, delete)).parse(i)
}

/// `insert := ("insert" | "create") pattern {"," pattern}`
fn insert(start: Input<'_>) -> Parsed<'_, Write> {
    let word = alt((tok(Kind::Insert), tok(Kind::Create)));
    let (i, patterns) = preceded(word, commas(pattern)).parse(start)?;
    Ok((i, Write::Insert(patterns, i.span_since(start))))
}

/// `set := "set" assignment {"," assignment}`
fn set(start: Input<'_>) -> Parsed<'_, Write> {
    let (i, assignments) = preceded(tok(Kind::Set), commas(assignment)).parse(start)?;
    Ok((i, Write::Set(assignments, i.span_since(start))))
}

/// `assignment := place "=" expr`
fn assignment(i: Input<'_>) -> Parsed<'_, Assignment> {
    let (i, ((of, property), value)) = separated_pair(place, tok(Kind::Equal), expr).parse(i)?;
    Ok((i, Assignment { of, property, value }))
}

/// `place := variable "." word`
fn place(i: Input<'_>) -> Parsed<'_, (Name, Name)> {
    separated_pair(variable, tok(Kind::Dot), word).parse(i)
}

/// `remove := "remove" place {"," place}`
fn remove(start: Input<'_>) -> Parsed<'_, Write> {
    let (i, places) = preceded(tok(Kind::Remove), commas(place)).parse(start)?;
    Ok((i, Write::Remove(places, i.span_since(start))))
}

/// `delete := ["detach"] "delete" variable {"," variable}`
fn delete(start: Input<'_>) -> Parsed<'_, Write> {
    let (i, (detach, _)) = pair(opt(tok(Kind::Detach)), tok(Kind::Delete)).parse(start)?;
    let (i, names) = commas(variable).parse(i)?;
    Ok((i, Write::Delete { detach: detach.is_some(), names, span: i.span_since(start) }))
}
