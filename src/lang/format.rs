//! The canonical text of a script: GQL's spelling where there are several, one clause on a line.
//! Parentheses come from the tightness of operators alone.

use super::ast::{
    AsOf, Assignment, BinaryOp, Clause, Clock, Definition, Direction, Edge, Expr, ExprKind, Group,
    IsWhat, Item, Label, Linear, Match, MatchMode, Meaning, Name, Node, Nulls, Order, Ordinal,
    Param, PathMode, Pattern, Projection, Quantified, Quantifier, Query, Script, Search,
    SearchKind, SetKind, SetOperator, Step, SubqueryKind, TypeName, UnaryOp, Write,
};
use super::lexer::is_word;
use super::operators::{self, Tightness};
use super::token::Kind;

/// The text of a whole script.
pub(crate) fn script(script: &Script) -> String {
    let Script { params, definitions, queries } = script;
    let params: String = params.iter().map(param).collect();
    let definitions: Vec<String> = definitions.iter().map(definition).collect();
    let queries: Vec<String> = queries.iter().map(query).collect();
    let parts = [params, definitions.concat(), queries.join(";\n\n")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text = parts.join("\n");
    if text.ends_with('\n') { text } else { text + "\n" }
}

/// A `param` line.
pub(super) fn param(param: &Param) -> String {
    let Param { name, ty, default, help } = param;
    let default = default.as_ref().map(|value| format!(" = {}", expr(value))).unwrap_or_default();
    let help = help.as_ref().map(|help| format!("  -- {}", one_line(help))).unwrap_or_default();
    format!("param {}: {}{default}{help}\n", parameter(name), type_name(ty))
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

fn type_name(ty: &TypeName) -> String {
    match &ty.of {
        Some(of) => format!("{}<{}>", word(&ty.name), type_name(of)),
        None => word(&ty.name),
    }
}

/// A definition with its comment above it.
fn definition(definition: &Definition) -> String {
    let help = definition.help.as_ref().map(|help| format!("-- {}\n", one_line(help)));
    format!("{}{}\n", help.unwrap_or_default(), bare_definition(definition))
}

/// A definition without its comment.
pub(super) fn bare_definition(definition: &Definition) -> String {
    let Definition { name, meaning, help: _, span: _ } = definition;
    match meaning {
        Meaning::Value { parameters, body } => {
            let declared =
                |(name, ty): &(Name, TypeName)| format!("{}: {}", element(name), type_name(ty));
            let parameters: Vec<String> = parameters.iter().map(declared).collect();
            format!("define {}({}) as {}", word(name), parameters.join(", "), expr(body))
        }
        Meaning::Edge { left, variable: named, right, body } => {
            let named = named.as_ref().map(element).unwrap_or_default();
            let edge = format!("-[{named}:{}]->", word(name));
            let head = format!("define {}{edge}{} as", node(left), node(right));
            let body = body.iter().flat_map(|found| indented(matching(found)));
            [head].into_iter().chain(body).collect::<Vec<_>>().join("\n")
        }
    }
}

/// A query, one clause on a line.
pub(super) fn query(query: &Query) -> String {
    query_lines(query).join("\n")
}

fn query_lines(query: &Query) -> Vec<String> {
    let Query { explain, as_of, linear: first, others, span: _ } = query;
    let mut lines = Vec::new();
    lines.extend(explain.map(|_| "explain".to_owned()));
    lines.extend(as_of.as_ref().map(|as_of| {
        let AsOf { clock, time, span: _ } = as_of;
        let clock = match clock {
            Clock::Known => "of",
            Clock::Recorded => "recorded",
        };
        format!("as {clock} {}", expr(time))
    }));
    lines.extend(linear(first));
    for (operator, other) in others {
        lines.push(set_operator(*operator));
        lines.extend(linear(other));
    }
    lines
}

fn set_operator(operator: SetOperator) -> String {
    let SetOperator { kind, all, span: _ } = operator;
    let kind = match kind {
        SetKind::Union => "union",
        SetKind::Except => "except",
        SetKind::Intersect => "intersect",
        SetKind::Otherwise => "otherwise",
    };
    format!("{kind}{}", if all { " all" } else { "" })
}

fn linear(part: &Linear) -> Vec<String> {
    let Linear { clauses, writes, result, span: _ } = part;
    let mut lines: Vec<String> = clauses.iter().flat_map(clause).collect();
    lines.extend(writes.iter().map(write));
    lines.extend(result.iter().flat_map(|result| projection("return", result)));
    lines
}

fn write(write: &Write) -> String {
    let place = |of: &Name, property: &Name| format!("{}.{}", variable(of), word(property));
    match write {
        Write::Insert(patterns, _) => format!("insert {}", joined(patterns, pattern)),
        Write::Set(assignments, _) => {
            let assign = |Assignment { of, property, value }: &Assignment| {
                format!("{} = {}", place(of, property), expr(value))
            };
            format!("set {}", joined(assignments, assign))
        }
        Write::Remove(places, _) => {
            format!("remove {}", joined(places, |(of, property)| place(of, property)))
        }
        Write::Delete { detach, names, span: _ } => {
            let detach = if *detach { "detach " } else { "" };
            format!("{detach}delete {}", joined(names, variable))
        }
    }
}

fn joined<T>(many: &[T], text: impl Fn(&T) -> String) -> String {
    many.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn clause(one: &Clause) -> Vec<String> {
    match one {
        Clause::Match(found) => matching(found),
        Clause::Optional(clauses, _) => {
            in_braces("optional", clauses.iter().flat_map(clause).collect())
        }
        Clause::Let(bindings, _) => {
            let bind = |(name, value): &(Name, Expr)| format!("{} = {}", word(name), expr(value));
            vec![format!("let {}", joined(bindings, bind))]
        }
        Clause::For { name, list, place, span: _ } => {
            let place = place.as_ref().map(|(from, name)| match from {
                Ordinal::Ordinality => format!(" with ordinality {}", bare_alias(name)),
                Ordinal::Offset => format!(" with offset {}", bare_alias(name)),
            });
            let place = place.unwrap_or_default();
            vec![format!("for {} in {}{place}", word(name), expr(list))]
        }
        Clause::Call { optional, imports, query, span: _ } => {
            let optional = if *optional { "optional " } else { "" };
            let imports = imports.as_ref().map(|names| format!(" ({})", joined(names, variable)));
            let head = format!("{optional}call{}", imports.unwrap_or_default());
            in_braces(&head, query_lines(query))
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
    }
}

fn matching(found: &Match) -> Vec<String> {
    let optional = if found.optional { "optional " } else { "" };
    let mut lines = vec![format!("{optional}match {}", patterns(found))];
    lines.extend(found.filter.as_ref().map(|filter| format!("where {}", expr(filter))));
    lines
}

/// Lines between braces, each further in.
fn in_braces(head: &str, lines: Vec<String>) -> Vec<String> {
    let open = format!("{head} {{");
    [open].into_iter().chain(indented(lines)).chain(["}".to_owned()]).collect()
}

fn indented(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().map(|line| format!("  {line}")).collect()
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
    let Pattern { path, search, mode, start, steps: along, span: _ } = pattern;
    let parts = [
        path.as_ref().map(|path| format!("{} =", element(path))),
        search.as_ref().map(searched),
        mode.map(|mode| path_mode(mode).to_owned()),
        Some(steps(start, along)),
    ];
    spaced(parts)
}

fn searched(search: &Search) -> String {
    match search.kind {
        SearchKind::Any(1) => "any".to_owned(),
        SearchKind::Any(count) => format!("any {count}"),
        SearchKind::AllShortest => "all shortest".to_owned(),
        SearchKind::Shortest(1) => "any shortest".to_owned(),
        SearchKind::Shortest(count) => format!("shortest {count}"),
        SearchKind::ShortestGroups(count) => format!("shortest {count} groups"),
    }
}

fn path_mode(mode: PathMode) -> &'static str {
    match mode {
        PathMode::Walk => "walk",
        PathMode::Trail => "trail",
        PathMode::Acyclic => "acyclic",
        PathMode::Simple => "simple",
    }
}

/// A path. A node of which nothing is said, between two groups or at their ends, is still written.
fn steps(start: &Node, along: &[(Step, Node)]) -> String {
    let along: String = along.iter().map(|(over, to)| step(over) + &node(to)).collect();
    node(start) + &along
}

fn step(step: &Step) -> String {
    match step {
        Step::Edge(over) => edge(over),
        Step::Group(Group { start, steps: along, filter, quantifier: times, span: _ }) => {
            let filter = filter.as_ref().map(|filter| format!("where {}", expr(filter)));
            let times = times.as_ref().map(quantifier).unwrap_or_default();
            format!("({}){times}", spaced([Some(steps(start, along)), filter]))
        }
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
    let name = name.map(element).unwrap_or_default();
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
            (format!("{value}:{}", labels(label, Joined::And)), Tightness::Postfix)
        }
        ExprKind::IsLabeled { value, negated: true, label } => {
            let value = bound(value, Tightness::Predicate);
            (format!("{value} is not labeled {}", labels(label, Joined::And)), Tightness::Predicate)
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
        Tightness::Not => Tightness::Chained,
        Tightness::Chained => Tightness::Compare,
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
        ExprKind::DateTime(text) => format!("datetime {}", quoted(text)),
        ExprKind::Duration(text) => format!("duration {}", quoted(text)),
        ExprKind::List(items) => bracketed(items),
        ExprKind::Map(pairs) => properties(pairs).unwrap_or_else(|| "{}".to_owned()),
        ExprKind::Comprehension { name, list, filter, value } => {
            let filter = filter.as_ref().map(|filter| format!(" where {}", expr(filter)));
            let value = value.as_ref().map(|value| format!(" | {}", expr(value)));
            let (filter, value) = (filter.unwrap_or_default(), value.unwrap_or_default());
            format!("[{}{filter}{value}]", membership(name, list))
        }
        ExprKind::Quantified { which, name, list, filter } => {
            let which = match which {
                Quantified::All => "all",
                Quantified::Any => "any",
                Quantified::None => "none",
                Quantified::Single => "single",
            };
            format!("{which}({} where {})", membership(name, list), expr(filter))
        }
        ExprKind::Subquery(kind, inner) => subquery(*kind, inner),
        ExprKind::Exists(found) => {
            let filter = found.filter.as_ref().map(|filter| format!(" where {}", expr(filter)));
            let keyword = if begins_with_word(found) { "match " } else { "" };
            format!("exists {{ {keyword}{}{} }}", patterns(found), filter.unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// Whether the name of a path stands first, which could read as a clause.
fn begins_with_word(found: &Match) -> bool {
    found.patterns.first().is_some_and(|first| first.path.is_some())
}

/// A list. A lone `x in y` in it is kept apart from a comprehension.
fn bracketed(items: &[Expr]) -> String {
    match items {
        [Expr { kind: ExprKind::Binary(BinaryOp::In, ..), .. }] => format!("[({})]", list(items)),
        _ => format!("[{}]", list(items)),
    }
}

fn membership(name: &Name, list: &Expr) -> String {
    format!("{} in {}", variable(name), bound(list, tighter(Tightness::Predicate)))
}

/// A query inside an expression, on one line.
fn subquery(kind: SubqueryKind, inner: &Query) -> String {
    let kind = match kind {
        SubqueryKind::Exists => "exists",
        SubqueryKind::Count => "count",
        SubqueryKind::Collect => "collect",
        SubqueryKind::Value => "value",
    };
    let lines = query_lines(inner);
    let inside: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    format!("{kind} {{ {} }}", inside.join(" "))
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
    let kind = Kind::of_word(&name.text);
    let taken = kind.is_reserved() || matches!(kind, Kind::Date | Kind::Datetime | Kind::Duration);
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

/// The name of a node, an edge or a path where it is drawn.
fn element(name: &Name) -> String {
    let taken = matches!(Kind::of_word(&name.text), Kind::Where | Kind::Is);
    if taken { in_back_ticks(&name.text) } else { word(name) }
}

/// A name that stands where a keyword would go on with something else.
fn bare_alias(name: &Name) -> String {
    let bare = is_word(&name.text) && Kind::of_word(&name.text).is_bare_name();
    if bare { name.text.clone() } else { in_back_ticks(&name.text) }
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
