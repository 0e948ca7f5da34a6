//! A query as a tree of what was written: a line for each clause, node and edge, and every operator with its operands in
//! parentheses, so that nothing is left to know about which binds tighter.

use super::ast::{
    Clause, Direction, Edge, Expr, ExprKind, IsWhat, Item, Label, Linear, Match, MatchMode, Name,
    Node, Nulls, Order, Pattern, Projection, Quantifier, Query, Step, UnaryOp,
};
use super::format::quoted;
use super::operators;

/// Shows a query.
pub(super) fn query(query: &Query) -> String {
    let Query { explain: _, as_of: _, linear, others: _, span: _ } = query;
    let Linear { clauses, writes: _, result, span: _ } = linear;
    let mut lines: Vec<String> = clauses.iter().flat_map(clause).collect();
    lines.extend(result.iter().flat_map(|result| projection("return", result)));
    lines.join("\n") + "\n"
}

fn clause(clause: &Clause) -> Vec<String> {
    match clause {
        Clause::Match(found) => matching(found),
        Clause::With { projection: kept, filter } => {
            let mut lines = projection("with", kept);
            lines.extend(filter.as_ref().map(|filter| format!("  where {}", expr(filter))));
            lines
        }
        Clause::Optional(..) | Clause::Let(..) | Clause::For { .. } | Clause::Call { .. } => {
            Vec::new()
        }
    }
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
    let Pattern { path, search: _, mode: _, start, steps, span: _ } = pattern;
    let head = match path {
        Some(name) => format!("  pattern {} =", ticked(name)),
        None => "  pattern".to_owned(),
    };
    let mut lines = vec![head, format!("    node{}", node(start))];
    for (over, to) in steps {
        if let Step::Edge(over) = over {
            lines.push(format!("    edge{}", edge(over)));
        }
        lines.push(format!("    node{}", node(to)));
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
        ExprKind::DateTime(_)
        | ExprKind::Duration(_)
        | ExprKind::Map(_)
        | ExprKind::Comprehension { .. }
        | ExprKind::Quantified { .. }
        | ExprKind::Subquery(..) => String::new(),
        ExprKind::Exists(found) => {
            let inside: Vec<String> =
                matching(found).iter().map(|line| line.trim().to_owned()).collect();
            format!("exists {{ {} }}", inside.join(" "))
        }
    }
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
