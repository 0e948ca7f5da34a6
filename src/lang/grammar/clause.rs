//! The clauses of a query, and the projection that `return` and `with` share.

use super::super::ast::{
    Clause, Expr, Item, Match, MatchMode, Name, Nulls, Order, Ordinal, Projection,
};
use super::super::input::{Input, Parsed, between, braced, commas, label, repeat, tok};
use super::super::token::{Kind, Token};
use super::expr::expr;
use super::literal::{bare_alias, variable, word};
use super::pattern::pattern;
use super::query::{Place, query_body};
use crate::base::source::Span;
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded, separated_pair};

/// `clause := match | optional_block | filter_clause | let | for | unwind | call_clause | with`
pub(crate) fn clause(i: Input<'_>) -> Parsed<'_, Vec<Clause>> {
    let single = alt((
        match_clause,
        optional_block,
        filter_clause,
        let_clause,
        for_clause,
        unwind,
        call_clause,
    ));
    alt((map(single, |clause| vec![clause]), with)).parse(i)
}

/// `optional_block := "optional" "{" clause {clause} "}"`
fn optional_block(start: Input<'_>) -> Parsed<'_, Clause> {
    let (i, _) = tok(Kind::Optional)(start)?;
    let inside = pair(clause, repeat(label(Kind::Clause, clause)));
    let (i, (first, more)) = braced(inside)(i)?;
    let clauses = [vec![first], more].concat().concat();
    Ok((i, Clause::Optional(clauses, i.span_since(start))))
}

/// `let := "let" binding {"," binding}`
fn let_clause(start: Input<'_>) -> Parsed<'_, Clause> {
    let (i, bindings) = preceded(tok(Kind::Let), commas(binding)).parse(start)?;
    Ok((i, Clause::Let(bindings, i.span_since(start))))
}

/// `binding := word "=" expr`
fn binding(i: Input<'_>) -> Parsed<'_, (Name, Expr)> {
    separated_pair(word, tok(Kind::Equal), expr).parse(i)
}

/// `for := "for" word "in" expr [place_of]`
fn for_clause(start: Input<'_>) -> Parsed<'_, Clause> {
    let (i, (_, name, _, list)) = (tok(Kind::For), word, tok(Kind::In), expr).parse(start)?;
    let counted = matches!(i.peek(1), Kind::Ordinality | Kind::Offset);
    let (i, place) = if counted { opt(place_of).parse(i)? } else { (i, None) };
    Ok((i, Clause::For { name, list, place, span: i.span_since(start) }))
}

/// `place_of := "with" ("ordinality" | "offset") bare_alias`
fn place_of(i: Input<'_>) -> Parsed<'_, (Ordinal, Name)> {
    let from_one = value(Ordinal::Ordinality, tok(Kind::Ordinality));
    let from_zero = value(Ordinal::Offset, tok(Kind::Offset));
    preceded(tok(Kind::With), pair(alt((from_one, from_zero)), bare_alias)).parse(i)
}

/// `unwind := "unwind" expr "as" word`
fn unwind(start: Input<'_>) -> Parsed<'_, Clause> {
    let (i, (_, list, _, name)) = (tok(Kind::Unwind), expr, tok(Kind::As), word).parse(start)?;
    Ok((i, Clause::For { name, list, place: None, span: i.span_since(start) }))
}

/// `call_clause := ["optional"] "call" [imports] "{" rows_query "}"`
fn call_clause(start: Input<'_>) -> Parsed<'_, Clause> {
    let (i, (optional, _)) = pair(opt(tok(Kind::Optional)), tok(Kind::Call)).parse(start)?;
    let (i, imports) = opt(imports).parse(i)?;
    let inside = |i| query_body(i, Place::Rows);
    let (i, query) = braced(inside)(i)?;
    let (optional, query) = (optional.is_some(), Box::new(query));
    Ok((i, Clause::Call { optional, imports, query, span: i.span_since(start) }))
}

/// `imports := "(" [variable {"," variable}] ")"`
fn imports(i: Input<'_>) -> Parsed<'_, Vec<Name>> {
    let listed = opt(commas(variable)).map(Option::unwrap_or_default);
    between(Kind::LParen, listed, Kind::RParen).parse(i)
}

/// `match := ["optional"] "match" match_body`
fn match_clause(start: Input<'_>) -> Parsed<'_, Clause> {
    let (i, (optional, _)) = pair(opt(tok(Kind::Optional)), tok(Kind::Match)).parse(start)?;
    let (i, body) = match_body(i)?;
    Ok((
        i,
        Clause::Match(Match { optional: optional.is_some(), span: i.span_since(start), ..body }),
    ))
}

/// `match_body := [match_mode] pattern {"," pattern} [filter]`
pub(crate) fn match_body(start: Input<'_>) -> Parsed<'_, Match> {
    let (i, (mode, patterns, filter)) =
        (opt(match_mode), commas(pattern), opt(filter)).parse(start)?;
    let mode = mode.unwrap_or(MatchMode::DifferentEdges);
    Ok((i, Match { optional: false, mode, patterns, filter, span: i.span_since(start) }))
}

/// `match_mode := "different" "edges" | "repeatable" "elements"`
fn match_mode(i: Input<'_>) -> Parsed<'_, MatchMode> {
    let different = pair(tok(Kind::Different), tok(Kind::Edges));
    let repeatable = pair(tok(Kind::Repeatable), tok(Kind::Elements));
    alt((
        value(MatchMode::DifferentEdges, different),
        value(MatchMode::RepeatableElements, repeatable),
    ))
    .parse(i)
}

/// `filter := "where" expr`
pub(crate) fn filter(i: Input<'_>) -> Parsed<'_, Expr> {
    preceded(tok(Kind::Where), expr).parse(i)
}

/// `filter_clause := "filter" ["where"] expr`
fn filter_clause(i: Input<'_>) -> Parsed<'_, Clause> {
    let (i, (word, _, filter)) = (tok(Kind::Filter), opt(tok(Kind::Where)), expr).parse(i)?;
    Ok((i, Clause::With { projection: everything(word.span), filter: Some(filter) }))
}

/// All variables as they are.
pub(super) fn everything(span: Span) -> Projection {
    Projection {
        distinct: false,
        star: Some(span),
        items: Vec::new(),
        group: None,
        order: Vec::new(),
        offset: None,
        limit: None,
        span,
    }
}

/// `with := "with" items ([filter] order_and_page | order_and_page [filter])`
///
/// A `where` in front of the order is a step of its own: first it drops rows, then the rest is cut into pages.
fn with(start: Input<'_>) -> Parsed<'_, Vec<Clause>> {
    let (i, picked) = preceded(tok(Kind::With), items).parse(start)?;
    let picked = Projection { span: i.span_since(start), ..picked };
    let (behind, early) = opt(filter).parse(i)?;
    let (i, paged) = order_and_page(behind)?;
    if early.is_some() {
        let first = Clause::With { projection: picked, filter: early };
        let span = i.span_since(behind);
        let page = Clause::With {
            projection: Projection { span, ..paged(everything(span)) },
            filter: None,
        };
        let is_paged = !i.since(behind).is_empty();
        return Ok((i, if is_paged { vec![first, page] } else { vec![first] }));
    }
    let span = i.span_since(start);
    let (i, filter) = opt(filter).parse(i)?;
    Ok((i, vec![Clause::With { projection: Projection { span, ..paged(picked) }, filter }]))
}

/// `return := "return" items order_and_page`
pub(crate) fn return_clause(start: Input<'_>) -> Parsed<'_, Projection> {
    let (i, picked) = preceded(tok(Kind::Return), items).parse(start)?;
    let (i, paged) = order_and_page(i)?;
    Ok((i, Projection { span: i.span_since(start), ..paged(picked) }))
}

/// `items := ["distinct"] ("*" {"," item} | item {"," item}) ["group" "by" group]`
fn items(start: Input<'_>) -> Parsed<'_, Projection> {
    let (i, (distinct, star)) =
        pair(opt(tok(Kind::Distinct)), opt(tok(Kind::Star))).parse(start)?;
    let (i, items) = match star {
        Some(_) => {
            opt(preceded(tok(Kind::Comma), commas(item))).map(Option::unwrap_or_default).parse(i)?
        }
        None => commas(item).parse(i)?,
    };
    let (i, group) = opt(preceded(pair(tok(Kind::Group), tok(Kind::By)), group)).parse(i)?;
    let projection = Projection {
        distinct: distinct.is_some(),
        items,
        group,
        ..everything(i.span_since(start))
    };
    Ok((i, Projection { star: star.map(|token| token.span), ..projection }))
}

/// `item := expr ["as" word | bare_alias]`
fn item(start: Input<'_>) -> Parsed<'_, Item> {
    let (behind, value) = expr(start)?;
    let named = alt((preceded(tok(Kind::As), word), label(Kind::Operator, bare_alias)));
    let (i, alias) = opt(named).parse(behind)?;
    Ok((i, Item { value, alias, heading: heading(behind.since(start)) }))
}

/// The text of an expression with one blank wherever there was a gap.
pub(super) fn heading(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut end = None;
    for token in tokens {
        if end.is_some_and(|end| end < token.span.start) {
            text.push(' ');
        }
        text.push_str(token.text);
        end = Some(token.span.end);
    }
    text
}

/// `group := "(" ")" | expr {"," expr}`
fn group(i: Input<'_>) -> Parsed<'_, Vec<Expr>> {
    let nothing = pair(tok(Kind::LParen), tok(Kind::RParen));
    alt((map(nothing, |_| Vec::new()), commas(expr))).parse(i)
}

/// `order_and_page := ["order" "by" order {"," order}] [("offset" | "skip") expr] ["limit" expr]`
fn order_and_page(i: Input<'_>) -> Parsed<'_, impl FnOnce(Projection) -> Projection> {
    let by = pair(tok(Kind::Order), tok(Kind::By));
    let skip = alt((tok(Kind::Offset), tok(Kind::Skip)));
    let (i, (order, offset, limit)) = (
        opt(preceded(by, commas(order))),
        opt(preceded(skip, expr)),
        opt(preceded(tok(Kind::Limit), expr)),
    )
        .parse(i)?;
    let order = order.unwrap_or_default();
    Ok((i, move |projection| Projection { order, offset, limit, ..projection }))
}

/// `order := expr ["asc" | "ascending" | "desc" | "descending"] ["nulls" ("first" | "last")]`
fn order(i: Input<'_>) -> Parsed<'_, Order> {
    let up = alt((tok(Kind::Asc), tok(Kind::Ascending)));
    let down = alt((tok(Kind::Desc), tok(Kind::Descending)));
    let way = opt(alt((value(false, up), value(true, down))));
    let end = alt((value(Nulls::First, tok(Kind::First)), value(Nulls::Last, tok(Kind::Last))));
    let (i, (value, descending, nulls)) =
        (expr, way, opt(preceded(tok(Kind::Nulls), end))).parse(i)?;
    Ok((i, Order { value, descending: descending.unwrap_or(false), nulls }))
}
