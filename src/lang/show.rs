//! A query as a tree of what was written: a line for each clause, node and edge, and every operator with its operands in
//! parentheses, so that nothing is left to know about which binds tighter.

use super::ast::{
    AsOf, Assignment, Clause, Clock, Definition, Direction, Edge, Expr, ExprKind, Group, IsWhat,
    Item, Label, Linear, Match, MatchMode, Meaning, Name, Node, Nulls, Order, Ordinal, PathMode,
    Pattern, Projection, Quantified, Quantifier, Query, Search, SearchKind, SetKind, SetOperator,
    Step, SubqueryKind, TypeName, UnaryOp, Write,
};
use super::format::name::quoted;
use super::operators;

/// Shows a definition.
pub(super) fn definition(definition: &Definition) -> String {
    let Definition { name, meaning, help, span: _ } = definition;
    let help = help.as_ref().map(|help| format!("  help {}", quoted(help)));
    let lines: Vec<String> = match meaning {
        Meaning::Value { parameters, body } => {
            let declared = |(name, ty): &(Name, TypeName)| {
                format!("  parameter {}: {}", ticked(name), type_name(ty))
            };
            let parameters = parameters.iter().map(declared);
            parameters.chain([format!("  body {}", expr(body))]).collect()
        }
        Meaning::Edge { left, variable, right, body } => {
            let variable = variable.as_ref().map(|name| format!(" {}", ticked(name)));
            let ends = [
                format!("  node{}", node(left)),
                format!("  edge{}", variable.unwrap_or_default()),
                format!("  node{}", node(right)),
            ];
            let body = body.iter().flat_map(matching).map(|line| format!("  {line}"));
            ends.into_iter().chain(body).collect()
        }
    };
    let head = format!("define {}", ticked(name));
    let lines = [head].into_iter().chain(help).chain(lines);
    lines.map(|line| line + "\n").collect::<Vec<_>>().concat()
}

fn type_name(ty: &TypeName) -> String {
    let of = ty.of.as_ref().map(|of| format!("<{}>", type_name(of)));
    ticked(&ty.name) + &of.unwrap_or_default()
}

/// Shows a query.
pub(super) fn query(query: &Query) -> String {
    query_lines(query).join("\n") + "\n"
}

fn query_lines(query: &Query) -> Vec<String> {
    let Query { explain, as_of, linear: first, others, span: _ } = query;
    let mut lines: Vec<String> = explain.iter().map(|_| "explain".to_owned()).collect();
    lines.extend(as_of.as_ref().map(|AsOf { clock, time, span: _ }| match clock {
        Clock::Known => format!("as of {}", expr(time)),
        Clock::Recorded => format!("as recorded {}", expr(time)),
    }));
    lines.extend(linear(first));
    for (SetOperator { kind, all, span: _ }, other) in others {
        let kind = match kind {
            SetKind::Union => "union",
            SetKind::Except => "except",
            SetKind::Intersect => "intersect",
            SetKind::Otherwise => "otherwise",
        };
        lines.push(format!("{kind}{}", if *all { " all" } else { "" }));
        lines.extend(linear(other));
    }
    lines
}

fn linear(part: &Linear) -> Vec<String> {
    let Linear { clauses, writes, result, span: _ } = part;
    let mut lines: Vec<String> = clauses.iter().flat_map(clause).collect();
    lines.extend(writes.iter().flat_map(write));
    lines.extend(result.iter().flat_map(|result| projection("return", result)));
    lines
}

fn write(write: &Write) -> Vec<String> {
    let place = |of: &Name, property: &Name| format!("{}.{}", ticked(of), ticked(property));
    let head = match write {
        Write::Insert(..) => "insert",
        Write::Set(..) => "set",
        Write::Remove(..) => "remove",
        Write::Delete { detach: true, names: _, span: _ } => "detach delete",
        Write::Delete { detach: false, names: _, span: _ } => "delete",
    };
    let lines: Vec<String> = match write {
        Write::Insert(patterns, _) => patterns.iter().flat_map(pattern).collect(),
        Write::Set(assignments, _) => assignments
            .iter()
            .map(|Assignment { of, property, value }| {
                format!("  {} = {}", place(of, property), expr(value))
            })
            .collect(),
        Write::Remove(places, _) => {
            places.iter().map(|(of, property)| format!("  {}", place(of, property))).collect()
        }
        Write::Delete { detach: _, names, span: _ } => {
            names.iter().map(|name| format!("  {}", ticked(name))).collect()
        }
    };
    [head.to_owned()].into_iter().chain(lines).collect()
}

fn clause(one: &Clause) -> Vec<String> {
    match one {
        Clause::Match(found) => matching(found),
        Clause::With { projection: kept, filter } => {
            let mut lines = projection("with", kept);
            lines.extend(filter.as_ref().map(|filter| format!("  where {}", expr(filter))));
            lines
        }
        Clause::Optional(clauses, _) => {
            under("optional".to_owned(), clauses.iter().flat_map(clause).collect())
        }
        Clause::Let(bindings, _) => {
            let bind = |(name, value): &(Name, Expr)| format!("{} = {}", ticked(name), expr(value));
            under("let".to_owned(), bindings.iter().map(bind).collect())
        }
        Clause::For { name, list, place, span: _ } => {
            let place = place.as_ref().map(|(from, name)| match from {
                Ordinal::Ordinality => format!(" with ordinality {}", ticked(name)),
                Ordinal::Offset => format!(" with offset {}", ticked(name)),
            });
            vec![format!("for {} in {}{}", ticked(name), expr(list), place.unwrap_or_default())]
        }
        Clause::Call { optional, imports, query, span: _ } => {
            let optional = if *optional { "optional " } else { "" };
            let names = |names: &Vec<Name>| names.iter().map(ticked).collect::<Vec<_>>().join(", ");
            let imports = imports.as_ref().map(|imports| format!(" ({})", names(imports)));
            let head = format!("{optional}call{}", imports.unwrap_or_default());
            under(head, query_lines(query))
        }
    }
}

/// A line with others below it, further in.
fn under(head: String, lines: Vec<String>) -> Vec<String> {
    [head].into_iter().chain(lines.into_iter().map(|line| format!("  {line}"))).collect()
}

fn matching(found: &Match) -> Vec<String> {
    let Match { optional, mode, patterns, filter, span: _ } = found;
    let optional = if *optional { "optional " } else { "" };
    let mode = match mode {
        MatchMode::DifferentEdges => "",
        MatchMode::RepeatableElements => " repeatable elements",
    };
    let mut lines = vec![format!("{optional}match{mode}")];
    lines.extend(patterns.iter().flat_map(pattern));
    lines.extend(filter.as_ref().map(|filter| format!("  where {}", expr(filter))));
    lines
}

fn pattern(pattern: &Pattern) -> Vec<String> {
    let Pattern { path, search, mode, start, steps: along, span: _ } = pattern;
    let mut head = "  pattern".to_owned();
    head += &path.as_ref().map(|name| format!(" {} =", ticked(name))).unwrap_or_default();
    head += &search.as_ref().map(|search| format!(" {}", searched(*search))).unwrap_or_default();
    head += mode.map_or("", |mode| match mode {
        PathMode::Walk => " walk",
        PathMode::Trail => " trail",
        PathMode::Acyclic => " acyclic",
        PathMode::Simple => " simple",
    });
    [head].into_iter().chain(steps(start, along, "    ")).collect()
}

fn searched(search: Search) -> String {
    match search.kind {
        SearchKind::Any(count) => format!("any {count}"),
        SearchKind::AllShortest => "all shortest".to_owned(),
        SearchKind::Shortest(count) => format!("shortest {count}"),
        SearchKind::ShortestGroups(count) => format!("shortest {count} groups"),
    }
}

fn steps(start: &Node, along: &[(Step, Node)], margin: &str) -> Vec<String> {
    let mut lines = vec![format!("{margin}node{}", node(start))];
    for (over, to) in along {
        match over {
            Step::Edge(over) => lines.push(format!("{margin}edge{}", edge(over))),
            Step::Group(Group { start, steps: inner, filter, quantifier: times, span: _ }) => {
                let times = times.as_ref().map(|times| format!(" {}", quantifier(times)));
                lines.push(format!("{margin}group{}", times.unwrap_or_default()));
                let inside = format!("{margin}  ");
                lines.extend(steps(start, inner, &inside));
                lines.extend(
                    filter.as_ref().map(|filter| format!("{inside}where {}", expr(filter))),
                );
            }
        }
        lines.push(format!("{margin}node{}", node(to)));
    }
    lines
}

fn node(node: &Node) -> String {
    let Node { name, label: labels, text, properties: pairs, filter, span: _ } = node;
    spaced([
        name.as_ref().map(ticked),
        labels.as_ref().map(|labels| format!(":{}", label(labels))),
        text.as_ref().map(expr),
        properties(pairs),
        filter.as_ref().map(|filter| format!("where {}", expr(filter))),
    ])
}

fn edge(edge: &Edge) -> String {
    let Edge {
        name,
        label: labels,
        quantifier: times,
        properties: pairs,
        filter,
        direction,
        span: _,
    } = edge;
    let way = match direction {
        Direction::Right => "->",
        Direction::Left => "<-",
        Direction::Either => "--",
    };
    spaced([
        Some(way.to_owned()),
        name.as_ref().map(ticked),
        labels.as_ref().map(|labels| format!(":{}", label(labels))),
        properties(pairs),
        filter.as_ref().map(|filter| format!("where {}", expr(filter))),
        times.as_ref().map(quantifier),
    ])
}

fn quantifier(quantifier: &Quantifier) -> String {
    let Quantifier { min, max, span: _ } = quantifier;
    format!("{{{min},{}}}", max.map(|max| max.to_string()).unwrap_or_default())
}

/// The parts that are there, each after a blank.
fn spaced<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().map(|part| format!(" {part}")).collect::<Vec<_>>().concat()
}

fn properties(pairs: &[(Name, Expr)]) -> Option<String> {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}: {}", ticked(name), expr(value))).collect();
    (!pairs.is_empty()).then(|| format!("{{{}}}", pairs.join(", ")))
}

fn label(written: &Label) -> String {
    match written {
        Label::Name(name) => ticked(name),
        Label::Any(_) => "%".to_owned(),
        Label::Not(inner, _) => format!("!{}", label(inner)),
        Label::And(a, b) => format!("({} & {})", label(a), label(b)),
        Label::Or(a, b) => format!("({} | {})", label(a), label(b)),
    }
}

fn projection(keyword: &str, projection: &Projection) -> Vec<String> {
    let Projection { distinct, star, items, group, order, offset, limit, span: _ } = projection;
    let mut lines = vec![format!("{keyword}{}", if *distinct { " distinct" } else { "" })];
    lines.extend(star.map(|_| "  item *".to_owned()));
    lines.extend(items.iter().map(item));
    lines.extend(group.as_ref().map(|keys| format!("  group by ({})", list(keys))));
    lines.extend(order.iter().map(sort_key));
    lines.extend(offset.as_ref().map(|count| format!("  offset {}", expr(count))));
    lines.extend(limit.as_ref().map(|count| format!("  limit {}", expr(count))));
    lines
}

fn item(item: &Item) -> String {
    let Item { value, alias, heading: _ } = item;
    let alias = alias.as_ref().map(|name| format!(" as {}", ticked(name))).unwrap_or_default();
    format!("  item {}{alias}", expr(value))
}

fn sort_key(order: &Order) -> String {
    let Order { value, descending, nulls } = order;
    let nulls = match nulls {
        Some(Nulls::First) => " nulls first",
        Some(Nulls::Last) => " nulls last",
        None => "",
    };
    format!("  order by {} {}{nulls}", expr(value), if *descending { "desc" } else { "asc" })
}

fn list(values: &[Expr]) -> String {
    values.iter().map(expr).collect::<Vec<_>>().join(", ")
}

fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Float(number) => format!("{number:?}"),
        ExprKind::Text(text) => quoted(text),
        ExprKind::Date(text) => format!("date {}", quoted(text)),
        ExprKind::Param(name) => format!("${}", ticked(name)),
        ExprKind::Variable(name) => ticked(name),
        ExprKind::Property(of, name) => format!("{}.{}", expr(of), ticked(name)),
        ExprKind::Call { name, distinct, star, args } => {
            let distinct = if *distinct { "distinct " } else { "" };
            let args = if *star { "*".to_owned() } else { list(args) };
            format!("{}({distinct}{args})", name.text)
        }
        ExprKind::Unary(op, of) => {
            let sign = match op {
                UnaryOp::Not => "not",
                UnaryOp::Minus => "-",
                UnaryOp::Plus => "+",
            };
            format!("({sign} {})", expr(of))
        }
        ExprKind::Binary(op, _, a, b) => {
            format!("({} {} {})", expr(a), operators::of(*op).0, expr(b))
        }
        ExprKind::Is { value, negated, what } => {
            let what = match what {
                IsWhat::Null => "null",
                IsWhat::True => "true",
                IsWhat::False => "false",
            };
            format!("({} is {}{what})", expr(value), not(*negated))
        }
        ExprKind::IsLabeled { value, negated, label: labels } => {
            format!("({} is {}labeled {})", expr(value), not(*negated), label(labels))
        }
        ExprKind::Case { subject, branches, otherwise } => {
            case(subject.as_deref(), branches, otherwise.as_deref())
        }
        ExprKind::List(members) => format!("[{}]", list(members)),
        ExprKind::Index(of, at) => format!("{}[{}]", expr(of), expr(at)),
        ExprKind::Slice(of, from, to) => {
            let end = |end: &Option<Box<Expr>>| end.as_deref().map(expr).unwrap_or_default();
            format!("{}[{}..{}]", expr(of), end(from), end(to))
        }
        ExprKind::DateTime(text) => format!("datetime {}", quoted(text)),
        ExprKind::Duration(text) => format!("duration {}", quoted(text)),
        ExprKind::Map(pairs) => properties(pairs).unwrap_or_else(|| "{}".to_owned()),
        ExprKind::Comprehension { .. }
        | ExprKind::Quantified { .. }
        | ExprKind::Subquery(..)
        | ExprKind::Exists(_) => inner(value),
    }
}

/// What has names or patterns of its own.
fn inner(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Comprehension { name, list, filter, value } => {
            let filter = filter.as_ref().map(|filter| format!(" where {}", expr(filter)));
            let value = value.as_ref().map(|value| format!(" | {}", expr(value)));
            let (filter, value) = (filter.unwrap_or_default(), value.unwrap_or_default());
            format!("[{} in {}{filter}{value}]", ticked(name), expr(list))
        }
        ExprKind::Quantified { which, name, list, filter } => {
            let which = match which {
                Quantified::All => "all",
                Quantified::Any => "any",
                Quantified::None => "none",
                Quantified::Single => "single",
            };
            format!("{which}({} in {} where {})", ticked(name), expr(list), expr(filter))
        }
        ExprKind::Subquery(kind, inner) => {
            let kind = match kind {
                SubqueryKind::Exists => "exists",
                SubqueryKind::Count => "count",
                SubqueryKind::Collect => "collect",
                SubqueryKind::Value => "value",
            };
            format!("{kind} {{ {} }}", one_line(&query_lines(inner)))
        }
        ExprKind::Exists(found) => {
            format!("exists {{ {} }}", one_line(&matching(found)))
        }
        _ => String::new(),
    }
}

fn one_line(lines: &[String]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

fn case(subject: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
    let subject = subject.map(|value| format!(" {}", expr(value))).unwrap_or_default();
    let branch = |(when, then): &(Expr, Expr)| format!(" when {} then {}", expr(when), expr(then));
    let branches = branches.iter().map(branch).collect::<Vec<_>>().concat();
    let otherwise = otherwise.map(|value| format!(" else {}", expr(value))).unwrap_or_default();
    format!("(case{subject}{branches}{otherwise} end)")
}

/// A name, in back-ticks where it has anything but letters, digits and underscores.
fn ticked(name: &Name) -> String {
    if name.text.chars().all(|c| c.is_alphanumeric() || c == '_') {
        name.text.clone()
    } else {
        format!("`{}`", name.text.replace('`', "``"))
    }
}
