//! Names and values: the smallest things of the grammar.

use super::super::ast::{ExprKind, Name};
use super::super::input::{Input, Parsed, label, tok, tok_if};
use super::super::lexer::{LARGEST, magnitude, unquote};
use super::super::token::{Kind, Token};
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{map, value};
use nom::sequence::{delimited, preceded};

/// A name from its token: without back-ticks.
pub(crate) fn name_of(token: &Token<'_>) -> Name {
    Name { text: plain(token.kind, token.text), span: token.span }
}

fn plain(kind: Kind, text: &str) -> String {
    let text = text.strip_prefix('$').unwrap_or(text);
    let inner = text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    match inner {
        Some(inner) if matches!(kind, Kind::Quoted | Kind::Parameter) => inner.replace("``", "`"),
        _ => text.to_owned(),
    }
}

/// `word := NAME | QUOTED | any keyword`
pub(crate) fn word(i: Input<'_>) -> Parsed<'_, Name> {
    map(tok_if(Kind::AnyName, |token| token.kind.is_word()), name_of).parse(i)
}

/// `element_name := word, but neither "where" nor "is"`
pub(crate) fn element_name(i: Input<'_>) -> Parsed<'_, Name> {
    let fits =
        |token: &Token<'_>| token.kind.is_word() && !matches!(token.kind, Kind::Where | Kind::Is);
    map(tok_if(Kind::AnyName, fits), name_of).parse(i)
}

/// `bare_alias := NAME | QUOTED | a keyword that nothing behind a result begins with`
pub(crate) fn bare_alias(i: Input<'_>) -> Parsed<'_, Name> {
    map(tok_if(Kind::AnyName, |token| token.kind.is_bare_name()), name_of).parse(i)
}

/// `variable := NAME | QUOTED | a keyword that cannot be meant as one here`
pub(crate) fn variable(i: Input<'_>) -> Parsed<'_, Name> {
    let follows = i.peek(1);
    let shown = matches!(follows, Kind::Dot | Kind::Comma | Kind::RParen)
        || (i.peek(0) == Kind::Order && follows != Kind::By);
    if shown {
        return word(i);
    }
    let fits = |token: &Token<'_>| token.kind.is_word() && !token.kind.is_reserved();
    map(tok_if(Kind::AnyName, fits), name_of).parse(i)
}

/// `parameter := PARAMETER`
pub(crate) fn parameter(i: Input<'_>) -> Parsed<'_, Name> {
    map(tok(Kind::Parameter), name_of).parse(i)
}

/// `text := TEXT`
pub(crate) fn text(i: Input<'_>) -> Parsed<'_, String> {
    map(tok(Kind::Text), |token| unquote(token.text).unwrap_or_default()).parse(i)
}

/// `small_int := INT`
pub(crate) fn small_int(i: Input<'_>) -> Parsed<'_, u32> {
    let fits = |token: &Token<'_>| token.kind == Kind::Int && count_of(token).is_some();
    map(tok_if(Kind::Int, fits), |token| count_of(token).unwrap_or(u32::MAX)).parse(i)
}

fn count_of(token: &Token<'_>) -> Option<u32> {
    magnitude(token.text).and_then(|size| u32::try_from(size).ok())
}

/// `literal := "null" | "unknown" | "true" | "false" | number | text | day | instant | length | parameter`
pub(crate) fn literal(i: Input<'_>) -> Parsed<'_, ExprKind> {
    alt((
        value(ExprKind::Null, tok(Kind::Null)),
        value(ExprKind::Bool(true), tok(Kind::True)),
        value(ExprKind::Bool(false), tok(Kind::False)),
        number,
        map(text, ExprKind::Text),
        map(day, ExprKind::Date),
        map(instant, ExprKind::DateTime),
        map(length, ExprKind::Duration),
        map(parameter, ExprKind::Param),
    ))
    .parse(i)
}

/// `number := INT | FLOAT`
fn number(i: Input<'_>) -> Parsed<'_, ExprKind> {
    let fits = |token: &Token<'_>| token.kind == Kind::Int && magnitude(token.text) < Some(LARGEST);
    let int = |token: &Token<'_>| magnitude(token.text).and_then(|size| i64::try_from(size).ok());
    let float = |token: &Token<'_>| token.text.replace('_', "").parse().unwrap_or(f64::NAN);
    alt((
        map(tok_if(Kind::Int, fits), move |token| ExprKind::Int(int(token).unwrap_or(i64::MAX))),
        map(tok(Kind::Float), move |token| ExprKind::Float(float(token))),
    ))
    .parse(i)
}

/// `smallest_int := "-" INT`
pub(crate) fn smallest_int(i: Input<'_>) -> Parsed<'_, ExprKind> {
    let fits =
        |token: &Token<'_>| token.kind == Kind::Int && magnitude(token.text) == Some(LARGEST);
    value(ExprKind::Int(i64::MIN), preceded(tok(Kind::Minus), tok_if(Kind::Int, fits))).parse(i)
}

/// `day := DAY | "date" (text | "(" text ")")`
fn day(i: Input<'_>) -> Parsed<'_, String> {
    let bare = map(tok(Kind::Day), |token| token.text.to_owned());
    label(Kind::Day, alt((bare, |i| spelled(i, Kind::Date)))).parse(i)
}

/// `instant := "datetime" (text | "(" text ")")`
fn instant(i: Input<'_>) -> Parsed<'_, String> {
    spelled(i, Kind::Datetime)
}

/// `length := "duration" (text | "(" text ")")`
fn length(i: Input<'_>) -> Parsed<'_, String> {
    spelled(i, Kind::Duration)
}

/// A text with a word in front that says what it means.
fn spelled(i: Input<'_>, word: Kind) -> Parsed<'_, String> {
    let bracketed = delimited(tok(Kind::LParen), text, tok(Kind::RParen));
    preceded(tok(word), alt((text, bracketed))).parse(i)
}
