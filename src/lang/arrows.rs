//! Nodes and edges drawn with other arrows and brackets: what to draw instead.

use super::errors;
use super::hints::{Failure, written};
use super::token::Kind;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;

const FORMS: &[fn(&Failure<'_>) -> Option<Diagnostic>] =
    &[double_arrow, headless, long_start, square_node, dotted_node, kind_without_colon];

/// Whatever is drawn in another way.
pub(crate) fn drawn_otherwise(failure: &Failure<'_>) -> Option<Diagnostic> {
    FORMS.iter().find_map(|form| form(failure))
}

/// `(a)=>(b)`
fn double_arrow(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (here, next) = (failure.here(), failure.ahead(1)?);
    let arrow = here.kind == Kind::Equal && next.kind == Kind::Greater;
    let fits =
        arrow && failure.kind_back(1) == Some(Kind::RParen) && failure.wanted.has(Kind::Minus);
    let place = here.span.to(next.span);
    fits.then(|| {
        errors::foreign(
            place,
            "this is not an arrow",
            "write `-->`, or `-[:said]->` to say which edge",
        )
    })
}

/// `-[s:said]>(c)`, `-[s:said]=>(c)`
fn headless(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let (closer, opener) = failure.bracket_behind(Kind::RBracket)?;
    let fits = matches!(here.kind, Kind::Greater | Kind::Equal) && failure.wanted.has(Kind::Minus);
    let edge = written(failure.tokens.get(opener..=closer)?);
    let end = match failure.ahead(1) {
        Some(next) if here.kind == Kind::Equal && next.kind == Kind::Greater => next.span,
        _ => here.span,
    };
    let place = here.span.to(end);
    fits.then(|| errors::foreign(place, "an arrow ends in `->`", &format!("write `-{edge}->`")))
}

/// `(a)--[s:said]->(c)`, `(a)->[s:said]->(c)`
fn long_start(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let before = [failure.kind_back(3)?, failure.kind_back(2)?, failure.kind_back(1)?];
    let early = before == [Kind::RParen, Kind::Minus, Kind::Greater]
        && failure.tokens.get(here.partner? + 1)?.kind == Kind::Minus;
    let dashes = early || before.ends_with(&[Kind::Minus, Kind::Minus]);
    let fits = here.kind == Kind::LBracket && dashes && failure.wanted.has(Kind::Pattern);
    let closer = here.partner.and_then(|at| failure.tokens.get(failure.at..=at))?;
    let place = failure.back(2)?.span.to(here.span);
    let instead = format!("write `-{}->`", written(closer));
    fits.then(|| errors::foreign(place, "one dash leads to the brackets of an edge", &instead))
}

/// `match [a:Actor]`, `-[:said]-[c:Claim]`
fn square_node(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let opens = matches!(here.kind, Kind::LBracket | Kind::LBrace);
    let fits = opens && failure.wanted.has(Kind::Pattern) && !failure.wanted.has(Kind::Expression);
    let inner = here.partner.and_then(|at| failure.tokens.get(failure.at + 1..at)).map(written);
    let inner =
        inner.filter(|inner| inner.chars().count() < 40).unwrap_or_else(|| "a:Actor".to_owned());
    let place = here
        .partner
        .and_then(|at| failure.tokens.get(at))
        .map_or(here.span, |end| here.span.to(end.span));
    fits.then(|| {
        errors::foreign(place, "a node stands in round brackets", &format!("write `({inner})`"))
    })
}

/// `match (a.name)`, `exists { (a.name) }`
fn dotted_node(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (before, next) = (failure.back(1)?, failure.ahead(1)?);
    let node = failure.kind_back(2) == Some(Kind::LParen) && before.kind.is_word();
    let fits = failure.here().kind == Kind::Dot
        && node
        && failure.wanted.has(Kind::Colon) | failure.wanted.has(Kind::Is)
        && !failure.wanted.has(Kind::Operator);
    let property = format!("{}.{}", before.text, next.text);
    let help =
        format!("a property stands behind `where` or `return`: `where {property} is not null`");
    let place = before.span.to(next.span);
    fits.then(|| errors::foreign(place, "a node in a pattern has no dot in its name", &help))
}

/// `(a Actor)`, and `(?a a Actor)` without its question mark
fn kind_without_colon(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let var = failure.back(1).filter(|var| var.kind == Kind::Name)?;
    let fits = here.kind == Kind::Name
        && failure.kind_back(2) == Some(Kind::LParen)
        && failure.wanted.has(Kind::Text)
        && failure.wanted.has(Kind::RParen);
    let kind = match failure.ahead(1) {
        Some(next) if next.kind == Kind::Name => next,
        _ => here,
    };
    let help = format!("write `({}:{})`; a text to look for stands in quotes", var.text, kind.text);
    let place = Span::new(here.span.start, kind.span.end);
    fits.then(|| errors::foreign(place, "the kind of a node stands behind a colon", &help))
}
