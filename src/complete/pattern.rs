//! Patterns without what they ask: names, labels and arrows stay, and each part that a site speaks of gets a name.

use super::site::{
    EdgeSite, MODE, Site, is_here, is_text_here, label_is_here, property_of, variable,
};
use crate::base::source::Span;
use crate::lang::ast::{Clause, Edge, Expr, Label, Match, Name, Node, Pattern, Step, TypeName};
use crate::meaning::types::Type;

/// Begins every name that is given here.
const MADE: &str = "\u{1}";

/// Whether a name was given here.
pub(super) fn is_made(name: &str) -> bool {
    name.starts_with(MADE)
}

/// A match of patterns and nothing else.
pub(super) fn matching(patterns: Vec<Pattern>, span: Span) -> Match {
    Match { optional: false, mode: MODE, patterns, filter: None, span }
}

/// A pattern of one node.
pub(super) fn alone(node: &Node) -> Pattern {
    let (start, span) = (node.clone(), node.span);
    Pattern { path: None, search: None, mode: None, start, steps: Vec::new(), span }
}

/// A clause that gives a name the type: a node of a kind, or a value.
pub(super) fn of_type(name: &Name, ty: &TypeName) -> Clause {
    let span = name.span;
    if ty.of.is_none() && Type::named(&ty.name.text).is_none() {
        let label = Some(Label::Name(ty.name.clone()));
        let name = Some(name.clone());
        let node = Node { name, label, text: None, properties: Vec::new(), filter: None, span };
        return Clause::Match(matching(vec![alone(&node)], span));
    }
    let null = Expr { kind: crate::lang::ast::ExprKind::Null, span };
    Clause::Let(vec![(name.clone(), null)], span)
}

/// The match without conditions, and the site if it is in a pattern.
pub(super) fn plain(written: &Match) -> (Match, Option<Site>) {
    let mut site = None;
    let mut patterns = written.patterns.clone();
    for (at, pattern) in patterns.iter_mut().enumerate() {
        if pattern.path.as_ref().is_some_and(is_here) {
            pattern.path = None;
            site = Some(Site::NewName);
        }
        let made = format!("{MADE}{at}");
        let Pattern { path: _, search: _, mode: _, start, steps, span: _ } = pattern;
        site = steps_site(start, steps, &made).or(site);
        strip(start, steps);
    }
    (Match { patterns, ..matching(Vec::new(), written.span) }, site)
}

/// The values and conditions inside the patterns of a match.
pub(super) fn conditions(written: &Match) -> Vec<&Expr> {
    let mut found = Vec::new();
    for pattern in &written.patterns {
        of_steps(&pattern.start, &pattern.steps, &mut found);
    }
    found
}

fn of_steps<'a>(start: &'a Node, steps: &'a [(Step, Node)], found: &mut Vec<&'a Expr>) {
    let of_node = |node: &'a Node, found: &mut Vec<&'a Expr>| {
        found.extend(node.properties.iter().map(|(_, value)| value).chain(&node.filter));
    };
    of_node(start, found);
    for (step, to) in steps {
        match step {
            Step::Edge(edge) => {
                found.extend(edge.properties.iter().map(|(_, value)| value).chain(&edge.filter));
            }
            Step::Group(group) => {
                of_steps(&group.start, &group.steps, found);
                found.extend(&group.filter);
            }
        }
        of_node(to, found);
    }
}

/// Leaves names, labels and arrows.
fn strip(start: &mut Node, steps: &mut [(Step, Node)]) {
    let strip_node = |node: &mut Node| {
        (node.text, node.filter) = (None, None);
        node.properties.clear();
    };
    strip_node(start);
    for (step, to) in steps {
        match step {
            Step::Edge(edge) => {
                edge.filter = None;
                edge.properties.clear();
            }
            Step::Group(group) => {
                group.filter = None;
                strip(&mut group.start, &mut group.steps);
            }
        }
        strip_node(to);
    }
}

/// The site in a path, if it is there.
fn steps_site(start: &mut Node, steps: &mut [(Step, Node)], made: &str) -> Option<Site> {
    let mut site = node_site(start, &format!("{made}.0"));
    for at in 0..steps.len() {
        let (before, from) = steps.split_at_mut(at);
        let Some((step, to)) = from.first_mut() else { break };
        let left = before.last_mut().map_or(&mut *start, |(_, node)| node);
        let own = format!("{made}.{}", at + 1);
        let here = match step {
            Step::Edge(edge) => edge_site((left, edge, to), &own),
            Step::Group(group) => steps_site(&mut group.start, &mut group.steps, &own),
        };
        site = site.or(here).or_else(|| node_site(to, &format!("{own}'")));
    }
    site
}

fn node_site(node: &mut Node, made: &str) -> Option<Site> {
    let Node { name, label, text, properties, filter: _, span } = node;
    if name.as_ref().is_some_and(is_here) {
        *name = None;
        return Some(Site::NodeName);
    }
    if label.as_ref().is_some_and(label_is_here) {
        *label = None;
        return Some(Site::NodeLabel(named(name, made, *span).text));
    }
    if text.as_ref().is_some_and(is_text_here) {
        return Some(Site::NodeText(named(name, made, *span).text));
    }
    map_site(properties, || named(name, made, *span))
}

fn edge_site((left, edge, right): (&mut Node, &mut Edge, &mut Node), made: &str) -> Option<Site> {
    let Edge { name, label, quantifier: _, properties, filter: _, direction, span } = edge;
    if name.as_ref().is_some_and(is_here) {
        *name = None;
        return Some(Site::NewName);
    }
    if label.as_ref().is_some_and(label_is_here) {
        *label = None;
        let (left_made, right_made) = (format!("{made}<"), format!("{made}>"));
        return Some(Site::EdgeLabel(EdgeSite {
            edge: named(name, made, *span).text,
            left: named(&mut left.name, &left_made, left.span).text,
            right: named(&mut right.name, &right_made, right.span).text,
            direction: *direction,
        }));
    }
    map_site(properties, || named(name, made, *span))
}

/// The site in a map of properties: a name, or a text that one is to be.
fn map_site(properties: &[(Name, Expr)], owner: impl FnOnce() -> Name) -> Option<Site> {
    if properties.iter().any(|(name, _)| is_here(name)) {
        return Some(Site::Property(variable(&owner())));
    }
    let (property, _) = properties.iter().find(|(_, value)| is_text_here(value))?;
    Some(Site::TextLike(property_of(variable(&owner()), property)))
}

/// The name of a part, which gets one if it has none.
fn named(name: &mut Option<Name>, made: &str, span: Span) -> Name {
    name.get_or_insert_with(|| Name { text: made.to_owned(), span }).clone()
}
