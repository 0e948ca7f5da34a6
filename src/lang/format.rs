//! The canonical text of a script: GQL's spelling where there are several, one clause on a line.
//! Parentheses come from the tightness of operators alone.

use super::ast::{
    Clause, Direction, Edge, Expr, ExprKind, IsWhat, Item, Label, Linear, Match, MatchMode, Name,
    Node, Nulls, Order, Param, Pattern, Projection, Quantifier, Query, Script, Step, TypeName,
    UnaryOp,
};
use super::lexer::is_word;
use super::operators::{self, Tightness};
use super::token::Kind;

/// The text of a whole script.
pub(crate) fn script(script: &Script) -> String {
    let Script { params, definitions: _, queries } = script;
    let params: String = params.iter().map(param).collect();
    let queries: Vec<String> = queries.iter().map(query).collect();
    let gap = if params.is_empty() { "" } else { "\n" };
    format!("{params}{gap}{}\n", queries.join(";\n\n"))
}

fn param(param: &Param) -> String {
    let Param { name, ty, default, help } = param;
    let default = default.as_ref().map(|value| format!(" = {}", expr(value))).unwrap_or_default();
    let help =
        help.as_ref().map(|help| format!("  -- {}", help.replace('\n', " "))).unwrap_or_default();
    format!("param {}: {}{default}{help}\n", parameter(name), type_name(ty))
}

fn type_name(ty: &TypeName) -> String {
    match &ty.of {
        Some(of) => format!("{}<{}>", word(&ty.name), type_name(of)),
        None => word(&ty.name),
    }
}

fn query(query: &Query) -> String {
    let Query { explain: _, as_of: _, linear, others: _, span: _ } = query;
    let Linear { clauses, writes: _, result, span: _ } = linear;
    let mut lines: Vec<String> = clauses.iter().flat_map(clause).collect();
    lines.extend(result.iter().flat_map(|result| projection("return", result)));
    lines.join("\n")
}

fn clause(clause: &Clause) -> Vec<String> {
    match clause {
        Clause::Match(found) => {
            let optional = if found.optional { "optional " } else { "" };
            let mut lines = vec![format!("{optional}match {}", patterns(found))];
            lines.extend(found.filter.as_ref().map(|filter| format!("where {}", expr(filter))));
            lines
        }
        Clause::With { projection: everything, filter: Some(filter) }
            if is_plain_star(everything) =>
        {
            vec![format!("filter {}", expr(filter))]
        }
        Clause::With { projection: kept, filter } => {
            let mut lines = projection("with", kept);
            lines.extend(filter.as_ref().map(|filter| format!("where {}", expr(filter))));
            lines
        }
        Clause::Optional(..) | Clause::Let(..) | Clause::For { .. } | Clause::Call { .. } => {
            Vec::new()
        }
    }
}

/// Whether it says `*` and nothing else.
fn is_plain_star(projection: &Projection) -> bool {
    let Projection { distinct, star, items, group, order, offset, limit, span: _ } = projection;
    let paged = !order.is_empty() || offset.is_some() || limit.is_some();
    star.is_some() && !distinct && items.is_empty() && group.is_none() && !paged
}

fn projection(keyword: &str, projection: &Projection) -> Vec<String> {
    let Projection { distinct, star, items, group, order, offset, limit, span: _ } = projection;
    let distinct = if *distinct { " distinct" } else { "" };
    let star = star.map(|_| "*".to_owned());
    let items: Vec<String> = star.into_iter().chain(items.iter().map(item)).collect();
    let mut lines = vec![format!("{keyword}{distinct} {}", items.join(", "))];
    lines.extend(group.as_ref().map(|keys| match keys.as_slice() {
        [] => "group by ()".to_owned(),
        keys => format!("group by {}", list(keys)),
    }));
    if !order.is_empty() {
        lines.push(format!(
            "order by {}",
            order.iter().map(sort_key).collect::<Vec<_>>().join(", ")
        ));
    }
    lines.extend(offset.as_ref().map(|rows| format!("offset {}", expr(rows))));
    lines.extend(limit.as_ref().map(|rows| format!("limit {}", expr(rows))));
    lines
}

fn item(item: &Item) -> String {
    let Item { value, alias, heading: _ } = item;
    match alias {
        Some(alias) => format!("{} as {}", expr(value), word(alias)),
        None => expr(value),
    }
}

fn sort_key(order: &Order) -> String {
    let Order { value, descending, nulls } = order;
    let nulls = match nulls {
        Some(Nulls::First) => " nulls first",
        Some(Nulls::Last) => " nulls last",
        None => "",
    };
    format!("{}{}{nulls}", expr(value), if *descending { " desc" } else { "" })
}

fn patterns(found: &Match) -> String {
    let mode = match found.mode {
        MatchMode::DifferentEdges => "",
        MatchMode::RepeatableElements => "repeatable elements ",
    };
    let patterns: Vec<String> = found.patterns.iter().map(pattern).collect();
    format!("{mode}{}", patterns.join(", "))
}

fn pattern(pattern: &Pattern) -> String {
    let Pattern { path, search: _, mode: _, start, steps, span: _ } = pattern;
    let path = path.as_ref().map(|path| format!("{} = ", variable(path))).unwrap_or_default();
    let steps: String = steps.iter().map(|(over, to)| step(over) + &node(to)).collect();
    format!("{path}{}{steps}", node(start))
}

fn step(step: &Step) -> String {
    match step {
        Step::Edge(over) => edge(over),
        Step::Group(_) => String::new(),
    }
}

fn node(node: &Node) -> String {
    let Node { name, label, text, properties: pairs, filter, span: _ } = node;
    let parts = [
        named(name.as_ref(), label.as_ref()),
        text.as_ref().map(expr),
        properties(pairs),
        filter.as_ref().map(|filter| format!("where {}", expr(filter))),
    ];
    format!("({})", spaced(parts))
}

fn edge(edge: &Edge) -> String {
    let Edge { name, label, quantifier: times, properties: pairs, filter, direction, span: _ } =
        edge;
    let parts = [
        named(name.as_ref(), label.as_ref()),
        properties(pairs),
        filter.as_ref().map(|filter| format!("where {}", expr(filter))),
    ];
    let inside = spaced(parts);
    let (tail, head) = match direction {
        Direction::Left => ("<-", "-"),
        Direction::Right => ("-", "->"),
        Direction::Either => ("-", "-"),
    };
    let times = times.as_ref().map(quantifier).unwrap_or_default();
    if inside.is_empty() {
        format!("{tail}{head}{times}")
    } else {
        format!("{tail}[{inside}]{head}{times}")
    }
}

/// The parts that are there, with one blank between them.
fn spaced<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn named(name: Option<&Name>, label: Option<&Label>) -> Option<String> {
    let name = name.map(variable).unwrap_or_default();
    let label = label.map(|label| format!(":{}", labels(label, Joined::Or))).unwrap_or_default();
    Some(name + &label).filter(|text| !text.is_empty())
}

fn properties(properties: &[(Name, Expr)]) -> Option<String> {
    let pairs: Vec<String> =
        properties.iter().map(|(name, value)| format!("{}: {}", word(name), expr(value))).collect();
    (!pairs.is_empty()).then(|| format!("{{{}}}", pairs.join(", ")))
}

fn quantifier(quantifier: &Quantifier) -> String {
    let Quantifier { min, max, span: _ } = quantifier;
    match (min, max) {
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (0, Some(1)) => "?".to_owned(),
        (min, Some(max)) if min == max => format!("{{{min}}}"),
        (min, Some(max)) => format!("{{{min},{max}}}"),
        (min, None) => format!("{{{min},}}"),
    }
}

/// How tightly a label expression binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Joined {
    Or,
    And,
    One,
}

/// A label expression, in parentheses if it binds more loosely than `floor`.
fn labels(label: &Label, floor: Joined) -> String {
    let (text, binds) = match label {
        Label::Name(name) => (word(name), Joined::One),
        Label::Any(_) => ("%".to_owned(), Joined::One),
        Label::Not(inner, _) => (format!("!{}", labels(inner, Joined::One)), Joined::One),
        Label::And(left, right) => {
            (format!("{}&{}", labels(left, Joined::And), labels(right, Joined::One)), Joined::And)
        }
        Label::Or(left, right) => {
            (format!("{}|{}", labels(left, Joined::Or), labels(right, Joined::And)), Joined::Or)
        }
    };
    if binds < floor { format!("({text})") } else { text }
}

/// An expression as it stands on its own.
fn expr(value: &Expr) -> String {
    bound(value, Tightness::Or)
}

fn list(values: &[Expr]) -> String {
    values.iter().map(expr).collect::<Vec<_>>().join(", ")
}

/// An expression, in parentheses if it binds more loosely than `floor`.
fn bound(value: &Expr, floor: Tightness) -> String {
    let (text, binds) = loose(value).unwrap_or_else(|| (atom(&value.kind), Tightness::Atom));
    if binds < floor { format!("({text})") } else { text }
}

/// What an operator makes, with how tightly it binds; nothing for an atom.
fn loose(value: &Expr) -> Option<(String, Tightness)> {
    let not = |negated: bool| if negated { " not" } else { "" };
    Some(match &value.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => {
            (format!("not {}", bound(inner, Tightness::Not)), Tightness::Not)
        }
        ExprKind::Unary(sign, inner) => (signed(*sign, inner), Tightness::Sign),
        ExprKind::Binary(op, _, left, right) => {
            let (spelled, tightness) = operators::of(*op);
            let floor =
                if tightness == Tightness::Compare { Tightness::Predicate } else { tightness };
            (
                format!("{} {spelled} {}", bound(left, floor), bound(right, tighter(tightness))),
                tightness,
            )
        }
        ExprKind::Is { value, negated, what } => {
            let what = match what {
                IsWhat::Null => "null",
                IsWhat::True => "true",
                IsWhat::False => "false",
            };
            let value = bound(value, Tightness::Predicate);
            (format!("{value} is{} {what}", not(*negated)), Tightness::Predicate)
        }
        ExprKind::IsLabeled { value, negated: false, label } => {
            let value = owner(value);
            (format!("{value}:{}", labels(label, Joined::Or)), Tightness::Postfix)
        }
        ExprKind::IsLabeled { value, negated: true, label } => {
            let value = bound(value, Tightness::Predicate);
            (format!("{value} is not labeled {}", labels(label, Joined::Or)), Tightness::Predicate)
        }
        ExprKind::Int(number) if *number < 0 => (number.to_string(), Tightness::Sign),
        ExprKind::Property(of, name) => {
            (format!("{}.{}", owner(of), word(name)), Tightness::Postfix)
        }
        ExprKind::Index(of, index) => {
            (format!("{}[{}]", owner(of), expr(index)), Tightness::Postfix)
        }
        ExprKind::Slice(of, from, to) => {
            let end = |end: &Option<Box<Expr>>| end.as_deref().map(expr).unwrap_or_default();
            (format!("{}[{}..{}]", owner(of), end(from), end(to)), Tightness::Postfix)
        }
        _ => return None,
    })
}

/// The next tighter place, for the right side of an operator.
fn tighter(tightness: Tightness) -> Tightness {
    match tightness {
        Tightness::Or => Tightness::Xor,
        Tightness::Xor => Tightness::And,
        Tightness::And => Tightness::Not,
        Tightness::Not => Tightness::Compare,
        Tightness::Compare => Tightness::Predicate,
        Tightness::Predicate => Tightness::Sum,
        Tightness::Sum => Tightness::Product,
        Tightness::Product => Tightness::Power,
        Tightness::Power => Tightness::Sign,
        Tightness::Sign => Tightness::Postfix,
        Tightness::Postfix | Tightness::Atom => Tightness::Atom,
    }
}

fn signed(sign: UnaryOp, inner: &Expr) -> String {
    let sign = if sign == UnaryOp::Plus { '+' } else { '-' };
    if matches!(inner.kind, ExprKind::Unary(UnaryOp::Plus | UnaryOp::Minus, _)) {
        // Apart, for two dashes may begin a comment; parentheses would count as nesting.
        return format!("{sign} {}", expr(inner));
    }
    let is_smallest = matches!(inner.kind, ExprKind::Int(_));
    let text = bound(inner, Tightness::Postfix);
    if is_smallest && text.starts_with('-') {
        format!("{sign}({text})")
    } else {
        format!("{sign}{text}")
    }
}

/// What a `.` or `[` stands behind. A label takes all the letters it can get, so it is kept apart.
fn owner(value: &Expr) -> String {
    match value.kind {
        ExprKind::IsLabeled { .. } => format!("({})", expr(value)),
        _ => bound(value, Tightness::Postfix),
    }
}

fn atom(kind: &ExprKind) -> String {
    match kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Float(number) => format!("{number:?}"),
        ExprKind::Text(text) => quoted(text),
        ExprKind::Date(text) if is_bare_date(text) => text.clone(),
        ExprKind::Date(text) => format!("date {}", quoted(text)),
        ExprKind::Param(name) => parameter(name),
        ExprKind::Variable(name) => variable(name),
        ExprKind::Call { name, distinct, star, args } => call(name, *distinct, *star, args),
        ExprKind::Case { subject, branches, otherwise } => {
            case(subject.as_deref(), branches, otherwise.as_deref())
        }
        ExprKind::List(items) => format!("[{}]", list(items)),
        ExprKind::Exists(found) => {
            let filter = found.filter.as_ref().map(|filter| format!(" where {}", expr(filter)));
            format!("exists {{ {}{} }}", patterns(found), filter.unwrap_or_default())
        }
        _ => String::new(),
    }
}

fn case(subject: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
    let subject = subject.map(|value| format!(" {}", expr(value))).unwrap_or_default();
    let branch = |(when, then): &(Expr, Expr)| format!(" when {} then {}", expr(when), expr(then));
    let branches: String = branches.iter().map(branch).collect();
    let otherwise = otherwise.map(|value| format!(" else {}", expr(value))).unwrap_or_default();
    format!("case{subject}{branches}{otherwise} end")
}

fn call(name: &Name, distinct: bool, star: bool, args: &[Expr]) -> String {
    let distinct = if distinct { "distinct " } else { "" };
    let args = if star { "*".to_owned() } else { list(args) };
    format!("{}({distinct}{args})", function(name))
}

/// A function's name may have parts. One that reads like something else in this place needs back-ticks.
fn function(name: &Name) -> String {
    let dotted = name.text.contains('.') && name.text.split('.').all(is_word);
    let taken = Kind::of_word(&name.text).is_reserved() || Kind::of_word(&name.text) == Kind::Date;
    if dotted || (is_word(&name.text) && !taken) {
        name.text.clone()
    } else {
        in_back_ticks(&name.text)
    }
}

/// A name where any word is one.
fn word(name: &Name) -> String {
    if is_word(&name.text) { name.text.clone() } else { in_back_ticks(&name.text) }
}

/// A name where keywords may mean something else.
fn variable(name: &Name) -> String {
    let taken = Kind::of_word(&name.text).is_reserved();
    if taken { in_back_ticks(&name.text) } else { word(name) }
}

fn parameter(name: &Name) -> String {
    let plain = is_word(&name.text) || name.text.chars().all(|c| c.is_ascii_digit());
    if plain { format!("${}", name.text) } else { format!("${}", in_back_ticks(&name.text)) }
}

fn in_back_ticks(text: &str) -> String {
    format!("`{}`", text.replace('`', "``"))
}

pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

/// Whether the text reads as a date without quotes.
fn is_bare_date(text: &str) -> bool {
    let tokens = super::lexer::lex(text);
    matches!(tokens.as_slice(), [only] if only.kind == Kind::Day && only.text == text)
}
