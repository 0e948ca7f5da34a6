//! Labels, and the places of a match at which a node that is only an edge may not stand.

use dixit::lang::ast::{Label, Match, Node, Step};
use std::collections::BTreeSet;

pub(super) fn edge_label(label: &Label, names: &[String]) -> bool {
    match label {
        Label::Name(name) => names.contains(&name.text.to_lowercase()),
        Label::Any(_) => true,
        Label::Not(inner, _) => !edge_label(inner, names),
        Label::And(a, b) => edge_label(a, names) && edge_label(b, names),
        Label::Or(a, b) => edge_label(a, names) || edge_label(b, names),
    }
}

pub(super) fn node_label(label: &Label, kind: &str) -> bool {
    match label {
        Label::Name(name) => name.text.eq_ignore_ascii_case(kind),
        Label::Any(_) => true,
        Label::Not(inner, _) => !node_label(inner, kind),
        Label::And(a, b) => node_label(a, kind) && node_label(b, kind),
        Label::Or(a, b) => node_label(a, kind) || node_label(b, kind),
    }
}

/// Whether a label means kinds that it does not name.
fn is_broad(label: &Label) -> bool {
    match label {
        Label::Name(_) => false,
        Label::Any(_) | Label::Not(..) => true,
        Label::And(a, b) | Label::Or(a, b) => is_broad(a) || is_broad(b),
    }
}

/// What is said of the places of a match.
#[derive(Default)]
struct Places<'a> {
    all: BTreeSet<Place<'a>>,
    labelled: BTreeSet<Place<'a>>,
    broad: BTreeSet<Place<'a>>,
    joined: BTreeSet<Place<'a>>,
}

/// A place is told by the variable there, or by where it is written if there is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place<'a> {
    Name(&'a str),
    Written(*const Node),
}

pub(super) fn place_of(node: &Node) -> Place<'_> {
    node.name
        .as_ref()
        .map_or_else(|| Place::Written(std::ptr::from_ref(node)), |name| Place::Name(&name.text))
}

/// The places at which a node that is only an edge may not stand: those that no edge needs and no label names.
pub(super) fn closed_places(clause: &Match) -> BTreeSet<Place<'_>> {
    let mut places = Places::default();
    for pattern in &clause.patterns {
        places.along(&pattern.start, &pattern.steps);
    }
    let Places { mut all, labelled, broad, joined } = places;
    all.retain(|place| {
        !joined.contains(place) && (!labelled.contains(place) || broad.contains(place))
    });
    all
}

impl<'a> Places<'a> {
    fn node(&mut self, node: &'a Node, joined: bool) {
        let place = place_of(node);
        if let Some(label) = &node.label {
            self.labelled.insert(place.clone());
            if is_broad(label) {
                self.broad.insert(place.clone());
            }
        }
        if joined {
            self.joined.insert(place.clone());
        }
        self.all.insert(place);
    }

    fn along(&mut self, start: &'a Node, steps: &'a [(Step, Node)]) {
        let nodes = std::iter::once(start).chain(steps.iter().map(|(_, node)| node));
        for (at, node) in nodes.enumerate() {
            let beside = [at.checked_sub(1), Some(at)].into_iter().flatten();
            let needed = |at: usize| steps.get(at).is_some_and(|(step, _)| is_needed(step));
            self.node(node, beside.into_iter().any(needed));
        }
        for (step, _) in steps {
            match step {
                Step::Edge(edge) if edge.quantifier.is_none() => {
                    // The name of a single edge may stand as a node elsewhere.
                    self.joined.extend(edge.name.iter().map(|name| Place::Name(&name.text)));
                }
                Step::Edge(_) => {}
                Step::Group(group) => self.along(&group.start, &group.steps),
            }
        }
    }
}

fn is_needed(step: &Step) -> bool {
    match step {
        Step::Edge(edge) => edge.quantifier.is_none_or(|often| often.min > 0),
        Step::Group(group) => group.quantifier.is_none_or(|often| often.min > 0),
    }
}
