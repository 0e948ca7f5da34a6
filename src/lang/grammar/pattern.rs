//! Patterns: nodes, edges, labels and quantifiers.

use super::super::ast::{
    Direction, Edge, Expr, ExprKind, Group, Label, Name, Node, PathMode, Pattern, Quantifier,
    Search, SearchKind, Step,
};
use super::super::input::{Input, Parsed, between, commas, label, nested, repeat, roomy, tok};
use super::super::token::Kind;
use super::clause::filter;
use super::expr::expr;
use super::literal::{element_name, parameter, small_int, text, word};
use crate::base::source::Span;
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{delimited, pair, preceded, separated_pair, terminated};

/// `pattern := [element_name "="] (between_ends | [search] [mode] ["path" | "paths"] path)`
pub(crate) fn pattern(start: Input<'_>) -> Parsed<'_, Pattern> {
    let (i, name) = match start.peek(1) {
        Kind::Equal => terminated(element_name, tok(Kind::Equal)).map(Some).parse(start)?,
        _ => (start, None),
    };
    let (i, pattern) = label(Kind::Pattern, alt((between_ends, chosen))).parse(i)?;
    Ok((i, Pattern { path: name, span: i.span_since(start), ..pattern }))
}

fn chosen(i: Input<'_>) -> Parsed<'_, Pattern> {
    let (i, search) = opt(search).parse(i)?;
    let (i, mode) = opt(mode).parse(i)?;
    let (i, _) = opt(alt((tok(Kind::Path), tok(Kind::Paths)))).parse(i)?;
    let (i, pattern) = path(i)?;
    Ok((i, Pattern { search: search.flatten(), mode, ..pattern }))
}

/// `between_ends := ("shortestPath" | "allShortestPaths") "(" path ")"`
fn between_ends(start: Input<'_>) -> Parsed<'_, Pattern> {
    let one = value(SearchKind::Shortest(1), tok(Kind::ShortestPath));
    let all = value(SearchKind::AllShortest, tok(Kind::AllShortestPaths));
    let (i, kind) = alt((one, all)).parse(start)?;
    let span = i.span_since(start);
    let (i, pattern) = between(Kind::LParen, path, Kind::RParen)(i)?;
    Ok((i, Pattern { search: Some(Search { kind, span }), ..pattern }))
}

/// `search := "all" ["shortest"] | "any" ["shortest" | small_int] | "shortest" (small_int ["group" | "groups"] | "group" | "groups")`
///
/// `all` alone is what is meant anyway.
fn search(start: Input<'_>) -> Parsed<'_, Option<Search>> {
    let all = preceded(tok(Kind::All), opt(tok(Kind::Shortest)));
    let all = map(all, |shortest| shortest.map(|_| SearchKind::AllShortest));
    let shortest = value(SearchKind::Shortest(1), tok(Kind::Shortest));
    let any = preceded(tok(Kind::Any), opt(alt((shortest, map(small_int, SearchKind::Any)))));
    let any = map(any, |kind| Some(kind.unwrap_or(SearchKind::Any(1))));
    let (i, kind) = alt((all, any, map(counted_search, Some))).parse(start)?;
    Ok((i, kind.map(|kind| Search { kind, span: i.span_since(start) })))
}

fn counted_search(i: Input<'_>) -> Parsed<'_, SearchKind> {
    let (i, count) = preceded(tok(Kind::Shortest), opt(small_int)).parse(i)?;
    match (count, opt(alt((tok(Kind::Group), tok(Kind::Groups)))).parse(i)?) {
        (count, (i, Some(_))) => Ok((i, SearchKind::ShortestGroups(count.unwrap_or(1)))),
        (Some(count), (i, None)) => Ok((i, SearchKind::Shortest(count))),
        (None, (i, None)) => i.refuse(Kind::Int),
    }
}

/// `mode := "walk" | "trail" | "acyclic" | "simple"`
fn mode(i: Input<'_>) -> Parsed<'_, PathMode> {
    alt((
        value(PathMode::Walk, tok(Kind::Walk)),
        value(PathMode::Trail, tok(Kind::Trail)),
        value(PathMode::Acyclic, tok(Kind::Acyclic)),
        value(PathMode::Simple, tok(Kind::Simple)),
    ))
    .parse(i)
}

/// `path := node {step} | step {step}`
pub(crate) fn path(start: Input<'_>) -> Parsed<'_, Pattern> {
    let (i, first) = if begins_sub_path(start) { (start, None) } else { opt(node).parse(start)? };
    let (i, steps) = match first {
        Some(_) => repeat(step).parse(i)?,
        None => pair(step, repeat(step)).map(|(one, more)| [vec![one], more].concat()).parse(i)?,
    };
    let start_node = first.unwrap_or_else(|| nothing(before(start)));
    let span = i.span_since(start);
    Ok((i, Pattern { path: None, search: None, mode: None, start: start_node, steps, span }))
}

/// `step := (edge | sub_path) [node]`
fn step(i: Input<'_>) -> Parsed<'_, (Step, Node)> {
    let (i, over) = if begins_sub_path(i) {
        map(sub_path, Step::Group).parse(i)?
    } else {
        map(edge, Step::Edge).parse(i)?
    };
    let (i, to) =
        if begins_sub_path(i) { (i, None) } else { opt(label(Kind::Pattern, node)).parse(i)? };
    let to = to.unwrap_or_else(|| nothing(before(i)));
    Ok((i, (over, to)))
}

/// Whether the parenthesis here holds a path: inside, a node or an edge comes first.
fn begins_sub_path(i: Input<'_>) -> bool {
    i.peek(0) == Kind::LParen && matches!(i.peek(1), Kind::LParen | Kind::Minus | Kind::Less)
}

/// `sub_path := "(" [node] step {step} [filter] ")" [quantifier]`
fn sub_path(start: Input<'_>) -> Parsed<'_, Group> {
    let (i, (inside, filter)) =
        between(Kind::LParen, roomy(pair(path, opt(filter))), Kind::RParen).parse(start)?;
    let Pattern { path: _, search: _, mode: _, start: first, steps, span: _ } = inside;
    if steps.is_empty() {
        return i.refuse(Kind::Minus);
    }
    let (i, quantifier) = opt(quantifier).parse(i)?;
    Ok((i, Group { start: first, steps, filter, quantifier, span: i.span_since(start) }))
}

/// The empty place behind the token before.
fn before(i: Input<'_>) -> Span {
    i.span_since(i)
}

/// A node that was left out.
fn nothing(span: Span) -> Node {
    Node { name: None, label: None, text: None, properties: Vec::new(), filter: None, span }
}

/// `node := "(" [element_name] [is_label] [called] [properties] [filter] ")"`
pub(super) fn node(start: Input<'_>) -> Parsed<'_, Node> {
    let inside = (opt(element_name), opt(is_label), opt(called), opt(properties), opt(filter));
    let (i, (name, label, text, properties, filter)) =
        between(Kind::LParen, inside, Kind::RParen).parse(start)?;
    let properties = properties.unwrap_or_default();
    Ok((i, Node { name, label, text, properties, filter, span: i.span_since(start) }))
}

/// `called := text | parameter`
fn called(start: Input<'_>) -> Parsed<'_, Expr> {
    let (i, kind) =
        alt((map(text, ExprKind::Text), map(parameter, ExprKind::Param))).parse(start)?;
    Ok((i, Expr { kind, span: i.span_since(start) }))
}

/// `properties := "{" [property {"," property}] "}"`
pub(super) fn properties(i: Input<'_>) -> Parsed<'_, Vec<(Name, Expr)>> {
    let listed = opt(commas(property)).map(Option::unwrap_or_default);
    delimited(tok(Kind::LBrace), listed, tok(Kind::RBrace)).parse(i)
}

/// `property := word ":" expr`
fn property(i: Input<'_>) -> Parsed<'_, (Name, Expr)> {
    separated_pair(word, tok(Kind::Colon), expr).parse(i)
}

/// `edge := ["<"] "-" [bracket "-" | "-"] [">"] [quantifier]`
fn edge(start: Input<'_>) -> Parsed<'_, Edge> {
    let (i, left) = terminated(opt(tok(Kind::Less)), tok(Kind::Minus)).parse(start)?;
    let middle = alt((terminated(bracket, tok(Kind::Minus)), map(tok(Kind::Minus), |_| None)));
    let (i, middle) = opt(middle).parse(i)?;
    let (i, right) = opt(tok(Kind::Greater)).parse(i)?;
    let edge = middle.flatten().unwrap_or_else(plain_edge);
    let (i, behind) = if edge.quantifier.is_none() { opt(quantifier).parse(i)? } else { (i, None) };
    let direction = match (left, right) {
        (Some(_), None) => Direction::Left,
        (None, Some(_)) => Direction::Right,
        _ => Direction::Either,
    };
    let quantifier = edge.quantifier.or(behind);
    Ok((i, Edge { direction, quantifier, span: i.span_since(start), ..edge }))
}

/// An edge of which nothing is said.
fn plain_edge() -> Edge {
    Edge {
        name: None,
        label: None,
        quantifier: None,
        properties: Vec::new(),
        filter: None,
        direction: Direction::Either,
        span: Span::default(),
    }
}

/// `bracket := "[" [element_name] [is_label] [inner_quantifier] [properties] [filter] "]"`
fn bracket(i: Input<'_>) -> Parsed<'_, Option<Edge>> {
    let inside =
        (opt(element_name), opt(is_label), opt(inner_quantifier), opt(properties), opt(filter));
    let (i, (name, label, quantifier, properties, filter)) =
        between(Kind::LBracket, inside, Kind::RBracket).parse(i)?;
    let properties = properties.unwrap_or_default();
    Ok((i, Some(Edge { name, label, quantifier, properties, filter, ..plain_edge() })))
}

/// `quantifier := "*" | "+" | "?" | "{" range "}"`
fn quantifier(start: Input<'_>) -> Parsed<'_, Quantifier> {
    let (i, (min, max)) = alt((
        map(tok(Kind::Star), |_| (0, None)),
        map(tok(Kind::Plus), |_| (1, None)),
        map(tok(Kind::Question), |_| (0, Some(1))),
        delimited(tok(Kind::LBrace), range, tok(Kind::RBrace)),
    ))
    .parse(start)?;
    Ok((i, Quantifier { min, max, span: i.span_since(start) }))
}

/// `range := small_int | [small_int] "," [small_int]`
fn range(i: Input<'_>) -> Parsed<'_, (u32, Option<u32>)> {
    let (i, min) = opt(small_int).parse(i)?;
    match (min, opt(tok(Kind::Comma)).parse(i)?) {
        (Some(exactly), (i, None)) => Ok((i, (exactly, Some(exactly)))),
        (None, (i, None)) => tok(Kind::Comma)(i).map(|(i, _)| (i, (0, None))),
        (min, (i, Some(_))) => {
            let (i, max) = opt(small_int).parse(i)?;
            Ok((i, (min.unwrap_or(0), max)))
        }
    }
}

/// `inner_quantifier := "*" [small_int] [".." [small_int]]`
fn inner_quantifier(start: Input<'_>) -> Parsed<'_, Quantifier> {
    let upto = preceded(tok(Kind::DotDot), opt(small_int));
    let (i, (_, from, upto)) = (tok(Kind::Star), opt(small_int), opt(upto)).parse(start)?;
    let max = upto.unwrap_or(from);
    Ok((i, Quantifier { min: from.unwrap_or(1), max, span: i.span_since(start) }))
}

/// `is_label := (":" | "is") label`
fn is_label(i: Input<'_>) -> Parsed<'_, Label> {
    preceded(alt((tok(Kind::Colon), tok(Kind::Is))), label_expression).parse(i)
}

/// `label := label_both {"|" [":"] label_both}`
pub(crate) fn label_expression(i: Input<'_>) -> Parsed<'_, Label> {
    if i.bar_ends() {
        return label_both(i);
    }
    let or = |i| pair(tok(Kind::Pipe), opt(tok(Kind::Colon))).map(|_| ()).parse(i);
    label_chain(i, label_both, or, Label::Or)
}

/// `label_both := label_one {("&" | ":") label_one}`
fn label_both(i: Input<'_>) -> Parsed<'_, Label> {
    let and = |i| alt((tok(Kind::Ampersand), tok(Kind::Colon))).map(|_| ()).parse(i);
    label_chain(i, label_one, and, Label::And)
}

/// Labels with a sign between them, joined from the left.
fn label_chain<'t>(
    i: Input<'t>,
    one: fn(Input<'t>) -> Parsed<'t, Label>,
    sign: impl Fn(Input<'t>) -> Parsed<'t, ()>,
    join: fn(Box<Label>, Box<Label>) -> Label,
) -> Parsed<'t, Label> {
    let (mut i, mut chain) = one(i)?;
    while let Ok((after, next)) = preceded(&sign, one).parse(i) {
        chain = join(Box::new(chain), Box::new(next));
        (i, ()) = after.taller(after.height() + 1)?;
    }
    Ok((i, chain))
}

/// `label_one := "!" label_one | "%" | "(" label ")" | word`
fn label_one(i: Input<'_>) -> Parsed<'_, Label> {
    let negated = pair(tok(Kind::Bang), nested(label_one));
    let grouped = between(Kind::LParen, label_expression, Kind::RParen);
    label(
        Kind::LabelName,
        alt((
            map(negated, |(sign, label)| Label::Not(Box::new(label), sign.span)),
            map(tok(Kind::Percent), |sign| Label::Any(sign.span)),
            grouped,
            map(word, Label::Name),
        )),
    )
    .parse(i)
}
