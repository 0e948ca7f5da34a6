//! Expressions: operands, and what may stand between and behind them.

use super::super::ast::{Expr, ExprKind, IsWhat, Label, Name, UnaryOp};
use super::super::input::{Input, Parsed, between, commas, label, nested, repeat, tok};
use super::super::operators::{OPERATORS, Operator, Tightness};
use super::super::token::{Kind, OPERANDS};
use super::chain::{Chain, Infix, Test, Tested, unary};
use super::inner::{begins_subquery, bracketed, exists, quantified, subquery, truth};
use super::literal::{literal, smallest_int, variable, word};
use super::pattern::{label_expression, properties};
use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded};

/// `expr := condition {("or" | "xor" | "and") condition}`
/// `condition := {"not"} operand {is_test} {operator operand {is_test}}`
pub(crate) fn expr(start: Input<'_>) -> Parsed<'_, Expr> {
    let mut chain = Chain::default();
    let mut i = start;
    loop {
        i = operand_with_tests(i, &mut chain)?;
        let Ok((after, next)) = operator(i) else { break };
        if !chain.push(next) {
            break;
        }
        i = after;
    }
    let (whole, height) = chain.finish();
    let (i, ()) = i.with_height(start.height()).taller(height)?;
    whole.map(|whole| (i, whole)).ok_or(nom::Err::Error(()))
}

/// Reads `not`s, an operand and the tests behind it into the chain.
fn operand_with_tests<'t>(mut i: Input<'t>, chain: &mut Chain) -> Result<Input<'t>, nom::Err<()>> {
    while chain.takes_not() && i.peek(0) == Kind::Not {
        let (after, sign) = tok(Kind::Not)(i)?;
        chain.push_not(sign.span);
        (i, ()) = after.taller(chain.height(0))?;
    }
    let (after, value) = label(Kind::Expression, operand)(i.with_height(0))?;
    (i, ()) = after.taller(chain.height(after.height()))?;
    chain.push_value(value, after.height());
    while let Ok((after, test)) = label(Kind::Operator, is_test)(i.with_height(0)) {
        let height = chain.test(test, after.span_since(i), after.height());
        (i, ()) = after.taller(height)?;
    }
    Ok(i)
}

/// `operator := OPERATOR | "not" PREDICATE`
fn operator(i: Input<'_>) -> Parsed<'_, Infix> {
    let plain = |i| one_operator(i, false);
    let denied = preceded(tok(Kind::Not), |i| one_operator(i, true));
    label(Kind::Operator, alt((plain, denied))).parse(i)
}

/// Reads one row of the table of operators. Only what tests a text can be denied with `not`.
fn one_operator(start: Input<'_>, negated: bool) -> Parsed<'_, Infix> {
    let fits = |row: &&Operator| {
        row.tokens.iter().enumerate().all(|(ahead, kind)| start.peek(ahead) == *kind)
            && (!negated || row.tightness == Tightness::Predicate)
    };
    let Some(row) = OPERATORS.iter().find(fits) else {
        offer_second_words(start);
        return start.refuse(Kind::Operator);
    };
    let mut i = start;
    for kind in row.tokens {
        (i, _) = tok(*kind)(i)?;
    }
    Ok((i, Infix { op: row.op, span: i.span_since(start), negated, tightness: row.tightness }))
}

/// Of an operator of two words whose first one stands here, the second may follow.
fn offer_second_words(start: Input<'_>) {
    for row in OPERATORS {
        if let [first, second] = row.tokens
            && start.peek(0) == *first
        {
            start.offer(1, &[*second]);
        }
    }
}

/// `is_test := "is" ["not"] ("null" | "unknown" | "true" | "false" | ("labeled" | ":") label)`
fn is_test(i: Input<'_>) -> Parsed<'_, Test> {
    let null = alt((tok(Kind::Null), tok(Kind::Unknown)));
    let what = alt((
        value(IsWhat::Null, null),
        value(IsWhat::True, tok(Kind::True)),
        value(IsWhat::False, tok(Kind::False)),
    ));
    let label = preceded(alt((tok(Kind::Labeled), tok(Kind::Colon))), label_expression);
    let tested = alt((map(what, Tested::What), map(label, Tested::Label)));
    let (i, (_, not, tested)) = (tok(Kind::Is), opt(tok(Kind::Not)), tested).parse(i)?;
    Ok((i, (not.is_some(), tested)))
}

/// `operand := smallest_int | ("-" | "+") operand | postfix`
pub(crate) fn operand(start: Input<'_>) -> Parsed<'_, Expr> {
    if let Ok((i, kind)) = smallest_int(start) {
        return Ok((i, Expr { kind, span: i.span_since(start) }));
    }
    let minus = value(UnaryOp::Minus, tok(Kind::Minus));
    let (i, sign) = opt(alt((minus, value(UnaryOp::Plus, tok(Kind::Plus))))).parse(start)?;
    let Some(op) = sign else { return postfix(start) };
    let sign = i.span_since(start);
    nested(operand).map(|value| unary(op, sign, value)).parse(i)
}

/// `postfix := atom {"." word | "[" subscript "]" | ":" label}`
fn postfix(start: Input<'_>) -> Parsed<'_, Expr> {
    let (mut i, mut value) = atom(start)?;
    while let Ok((after, ending)) = ending(i) {
        (i, ()) = after.taller(after.height() + 1)?;
        value = Expr { kind: ending.behind(Box::new(value)), span: i.span_since(start) };
    }
    Ok((i, value))
}

/// What may follow a value.
enum Ending {
    Property(Name),
    Index(Box<Expr>),
    Slice(Option<Box<Expr>>, Option<Box<Expr>>),
    Label(Label),
}

impl Ending {
    fn behind(self, value: Box<Expr>) -> ExprKind {
        match self {
            Self::Property(name) => ExprKind::Property(value, name),
            Self::Index(index) => ExprKind::Index(value, index),
            Self::Slice(from, to) => ExprKind::Slice(value, from, to),
            Self::Label(label) => ExprKind::IsLabeled { value, negated: false, label },
        }
    }
}

fn ending(i: Input<'_>) -> Parsed<'_, Ending> {
    let bracketed = between(Kind::LBracket, subscript, Kind::RBracket);
    let ending = alt((
        map(preceded(tok(Kind::Dot), word), Ending::Property),
        map(preceded(tok(Kind::Colon), label_expression), Ending::Label),
        bracketed,
    ));
    label(Kind::Operator, ending).parse(i)
}

/// `subscript := expr | [expr] ".." [expr]`
fn subscript(i: Input<'_>) -> Parsed<'_, Ending> {
    let (i, from) = opt(expr).parse(i)?;
    let (i, dots) = opt(tok(Kind::DotDot)).parse(i)?;
    match (from, dots) {
        (from, Some(_)) => {
            let (i, to) = opt(expr).parse(i)?;
            Ok((i, Ending::Slice(from.map(Box::new), to.map(Box::new))))
        }
        (Some(index), None) => Ok((i, Ending::Index(Box::new(index)))),
        (None, None) => i.refuse(Kind::Expression),
    }
}

/// `atom := literal | bracketed | map | case | exists | subquery | truth | "(" expr ")" | quantified | call | variable`
fn atom(start: Input<'_>) -> Parsed<'_, Expr> {
    start.offer(0, OPERANDS);
    match start.peek(0) {
        Kind::LParen if begins_pattern(start) => truth(start),
        Kind::LParen => grouped(start),
        Kind::LBracket => placed(start, bracketed),
        Kind::LBrace => placed(start, map_literal),
        Kind::Case => placed(start, case),
        Kind::Exists if matches!(start.peek(1), Kind::LBrace | Kind::LParen) => {
            placed(start, exists)
        }
        _ if begins_subquery(start) => placed(start, subquery),
        _ => placed(start, simple),
    }
}

/// Gives the form that `p` reads its place.
fn placed<'t>(start: Input<'t>, p: fn(Input<'t>) -> Parsed<'t, ExprKind>) -> Parsed<'t, Expr> {
    let (i, kind) = p(start)?;
    Ok((i, Expr { kind, span: i.span_since(start) }))
}

fn grouped(start: Input<'_>) -> Parsed<'_, Expr> {
    let (i, inner) = between(Kind::LParen, expr, Kind::RParen)(start)?;
    Ok((i, Expr { span: i.span_since(start), ..inner }))
}

fn simple(i: Input<'_>) -> Parsed<'_, ExprKind> {
    if let Ok(read) = literal(i) {
        return Ok(read);
    }
    if begins_call(i) { call(i) } else { map(variable, ExprKind::Variable).parse(i) }
}

/// `map := properties`
fn map_literal(i: Input<'_>) -> Parsed<'_, ExprKind> {
    map(nested(properties), ExprKind::Map).parse(i)
}

/// `case := "case" [expr] branch {branch} ["else" expr] "end"`
fn case<'t>(i: Input<'t>) -> Parsed<'t, ExprKind> {
    let (i, _) = tok(Kind::Case)(i)?;
    let subject = |i: Input<'t>| match i.peek(0) {
        Kind::When => Ok((i, None)),
        _ => map(expr, Some).parse(i),
    };
    let otherwise = opt(preceded(tok(Kind::Else), expr));
    let inside = (subject, pair(branch, repeat(branch)), otherwise);
    let (i, (subject, (first, more), otherwise)) = nested(inside)(i)?;
    let (i, _) = tok(Kind::End)(i)?;
    let branches = [vec![first], more].concat();
    Ok((
        i,
        ExprKind::Case {
            subject: subject.map(Box::new),
            branches,
            otherwise: otherwise.map(Box::new),
        },
    ))
}

/// `branch := "when" expr "then" expr`
fn branch(i: Input<'_>) -> Parsed<'_, (Expr, Expr)> {
    pair(preceded(tok(Kind::When), expr), preceded(tok(Kind::Then), expr)).parse(i)
}

/// `call := word {"." word} "(" ["*" | ["distinct"] expr {"," expr}] ")"`
fn call(start: Input<'_>) -> Parsed<'_, ExprKind> {
    let (i, (first, more)) = pair(word, repeat(preceded(tok(Kind::Dot), word))).parse(start)?;
    let text = more.into_iter().fold(first.text, |text, name| text + "." + &name.text);
    let name = Name { text, span: i.span_since(start) };
    let inside = |i| arguments(i, start.peek(0));
    let (i, arguments) = between(Kind::LParen, inside, Kind::RParen).parse(i)?;
    Ok((i, arguments.of(name)))
}

/// What stands in a call's parentheses.
enum Arguments {
    Listed { distinct: bool, star: bool, args: Vec<Expr> },
    Quantified(ExprKind),
}

impl Arguments {
    fn of(self, name: Name) -> ExprKind {
        match self {
            Self::Listed { distinct, star, args } => ExprKind::Call { name, distinct, star, args },
            Self::Quantified(kind) => kind,
        }
    }
}

/// Reads what stands in the parentheses behind a word.
fn arguments(i: Input<'_>, word: Kind) -> Parsed<'_, Arguments> {
    if let Ok((i, _)) = tok(Kind::Star)(i) {
        return Ok((i, Arguments::Listed { distinct: false, star: true, args: Vec::new() }));
    }
    if i.peek(0) == Kind::RParen {
        return Ok((i, Arguments::Listed { distinct: false, star: false, args: Vec::new() }));
    }
    let (i, (distinct, args)) = pair(opt(tok(Kind::Distinct)), commas(expr)).parse(i)?;
    let distinct = distinct.is_some();
    if !distinct && i.peek(0) == Kind::Where {
        return quantified(i, word, args).map(|(i, kind)| (i, Arguments::Quantified(kind)));
    }
    Ok((i, Arguments::Listed { distinct, star: false, args }))
}

/// Whether here stands a function's name and an opening parenthesis.
fn begins_call(i: Input<'_>) -> bool {
    let mut ahead = 0;
    while i.peek(ahead).is_word() && i.peek(ahead + 1) == Kind::Dot {
        ahead += 2;
    }
    let first = i.peek(0);
    first.is_word()
        && (ahead > 0 || !first.is_reserved())
        && i.peek(ahead).is_word()
        && i.peek(ahead + 1) == Kind::LParen
}

/// Whether the parenthesis here is a node with an edge behind it. Between values `(a)-(b)` is subtraction; an edge
/// shows by its bracket, head or second dash, written without blanks, a path that repeats by its two parentheses.
fn begins_pattern(i: Input<'_>) -> bool {
    use Kind::{Colon, Greater, LBracket, LParen, Less, Minus, RParen};
    if i.peek(0) != LParen {
        return false;
    }
    if matches!(i.peek(1), RParen | Colon) {
        return true;
    }
    let Some(closer) = i.partner() else { return false };
    let behind = |kinds: &[Kind]| i.touching(closer + 1, kinds);
    let spaced = [Minus, LBracket, Colon]
        .iter()
        .enumerate()
        .all(|(n, kind)| i.peek(closer + 1 + n) == *kind);
    let right = [
        &[Minus, LBracket] as &[Kind],
        &[Minus, Greater],
        &[Minus, Minus, LParen],
        &[Minus, Minus, Greater],
    ];
    let left = [&[Less, Minus, LBracket] as &[Kind], &[Less, Minus, LParen], &[Less, Minus, Minus]];
    let group =
        [LParen, LParen].iter().enumerate().all(|(n, kind)| i.peek(closer + 1 + n) == *kind);
    spaced || group || right.into_iter().chain(left).any(behind)
}
