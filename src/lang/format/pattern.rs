//! The text of patterns: nodes, edges, groups, labels and quantifiers.

use super::super::ast::{
    Direction, Edge, Expr, Group, Label, Match, MatchMode, Name, Node, PathMode, Pattern,
    Quantifier, Search, SearchKind, Step,
};
use super::expr::expr;
use super::name::{element, word};

/// The patterns of a `match`, on one line.
pub(super) fn patterns(found: &Match) -> String {
    let patterns: Vec<String> = found.patterns.iter().map(pattern).collect();
    let mode = mode(found).trim_start();
    let gap = if mode.is_empty() { "" } else { " " };
    format!("{mode}{gap}{}", patterns.join(", "))
}

/// What a `match` says of edges that are used twice, behind a blank.
pub(super) fn mode(found: &Match) -> &'static str {
    match found.mode {
        MatchMode::DifferentEdges => "",
        MatchMode::RepeatableElements => " repeatable elements",
    }
}

/// One pattern.
pub(super) fn pattern(pattern: &Pattern) -> String {
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

/// A path, with blanks around a group. A node of which nothing is said, between two groups or at their ends, is still
/// written.
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
            format!(" ({}){times} ", spaced([Some(steps(start, along)), filter]))
        }
    }
}

/// A node.
pub(super) fn node(node: &Node) -> String {
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

/// What stands in braces; nothing for an empty map.
pub(super) fn properties(properties: &[(Name, Expr)]) -> Option<String> {
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
pub(super) enum Joined {
    Or,
    And,
    One,
}

/// A label expression, in parentheses if it binds more loosely than `floor`.
pub(super) fn labels(label: &Label, floor: Joined) -> String {
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
