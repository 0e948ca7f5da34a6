//! A match while its variables are being found: what was written, laid out place by place.

use std::collections::{BTreeMap, BTreeSet};

use super::infer::{Kinds, OpenEdge, OpenGroup};
use crate::lang::ast;
use crate::meaning::question::{NodesOnce, VarId};
use crate::meaning::scope::Scope;

/// Which part of a match something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Home {
    /// The pattern of which only some paths are wanted, by place.
    pub(super) pick: Option<usize>,
    /// The repeated path, by place.
    pub(super) group: Option<usize>,
}

/// A match while its variables are being found.
#[derive(Default)]
pub(super) struct Draft<'a> {
    /// What labels and earlier steps say of a variable; nothing said means any.
    pub(super) declared: Kinds,
    /// Variables with a label that means kinds it does not name.
    pub(super) broad: BTreeSet<VarId>,
    /// Node variables that are edges as well.
    pub(super) as_edges: BTreeSet<VarId>,
    pub(super) bound: BTreeSet<VarId>,
    pub(super) order: Vec<VarId>,
    /// Where each node variable stands.
    pub(super) homes: BTreeMap<VarId, BTreeSet<Home>>,
    /// Each with the part it belongs to, and the part whose pattern it was written in.
    pub(super) nodes: Vec<(VarId, &'a ast::Node, [Home; 2])>,
    pub(super) edges: Vec<DraftEdge<'a>>,
    pub(super) open_edges: Vec<OpenEdge>,
    pub(super) groups: Vec<DraftGroup<'a>>,
    pub(super) open_groups: Vec<OpenGroup>,
    pub(super) patterns: Vec<DraftPattern>,
    /// What must hold of a part as a whole.
    pub(super) filters: Vec<(&'a ast::Expr, Home)>,
    /// Variables that stand at one place, or hold one list, and so must be equal.
    pub(super) same: Vec<(VarId, VarId, Home)>,
    /// Variables of nodes and edges about which a mistake was noted: nothing is known of them.
    pub(super) unknown: BTreeSet<VarId>,
    /// Names that stand as nodes somewhere in this match.
    pub(super) node_names: BTreeSet<&'a str>,
    pub(super) failed: bool,
}

pub(super) struct DraftEdge<'a> {
    pub(super) var: VarId,
    pub(super) written: &'a ast::Edge,
    pub(super) home: Home,
    pub(super) pattern: usize,
    /// The edge it has to be.
    pub(super) known: Option<VarId>,
}

/// A repeated path.
pub(super) struct DraftGroup<'a> {
    pub(super) var: VarId,
    pub(super) written: &'a ast::Group,
    pub(super) quantifier: ast::Quantifier,
    /// The part it belongs to.
    pub(super) home: Home,
    pub(super) pattern: usize,
    /// Its edges, by place, each with the node it leads to.
    pub(super) steps: Vec<(usize, VarId)>,
    /// The lists outside and the variables inside.
    pub(super) lists: Vec<(VarId, VarId)>,
    /// The names inside.
    pub(super) names: Vec<(String, VarId)>,
}

/// A pattern: its path and how it may be passed.
pub(super) struct DraftPattern {
    pub(super) path: Option<VarId>,
    pub(super) start: VarId,
    pub(super) end: VarId,
    pub(super) steps: Vec<(DraftStep, VarId)>,
    pub(super) search: Option<ast::Search>,
    /// Whether its edges may repeat.
    pub(super) walk: bool,
    /// Whether it ends even where its edges may repeat without limit.
    pub(super) ends: bool,
    pub(super) once: Option<NodesOnce>,
    pub(super) home: Home,
}

/// A step of a path, by place in the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DraftStep {
    Edge(usize),
    Group(usize),
}

/// A path laid out: parentheses that merely hold it together are gone, so several nodes may stand at one place.
pub(super) struct Way<'a> {
    pub(super) places: Vec<Vec<&'a ast::Node>>,
    pub(super) links: Vec<Link<'a>>,
    pub(super) filters: Vec<&'a ast::Expr>,
}

/// What leads from one place to the next.
pub(super) enum Link<'a> {
    Edge(&'a ast::Edge),
    Group(&'a ast::Group, ast::Quantifier),
}

impl<'a> Way<'a> {
    pub(super) fn of(start: &'a ast::Node, steps: &'a [(ast::Step, ast::Node)]) -> Self {
        let mut way = Self { places: vec![Vec::new()], links: Vec::new(), filters: Vec::new() };
        way.lay(start, steps);
        way
    }

    fn lay(&mut self, start: &'a ast::Node, steps: &'a [(ast::Step, ast::Node)]) {
        self.stand(start);
        for (step, node) in steps {
            match step {
                ast::Step::Edge(edge) => self.link(Link::Edge(edge)),
                ast::Step::Group(group) => {
                    if let Some(quantifier) = group.quantifier {
                        self.link(Link::Group(group, quantifier));
                    } else {
                        self.lay(&group.start, &group.steps);
                        self.filters.extend(&group.filter);
                    }
                }
            }
            self.stand(node);
        }
    }

    fn stand(&mut self, node: &'a ast::Node) {
        if let Some(place) = self.places.last_mut() {
            place.push(node);
        }
    }

    fn link(&mut self, link: Link<'a>) {
        self.links.push(link);
        self.places.push(Vec::new());
    }

    /// The names of its nodes.
    pub(super) fn node_names(&self) -> impl Iterator<Item = &'a str> {
        let nodes = self.places.iter().flatten();
        nodes.filter_map(|node| node.name.as_ref()).map(|name| name.text.as_str())
    }
}

impl Draft<'_> {
    /// Says that a node variable stands in a part.
    pub(super) fn settle_in(&mut self, var: VarId, home: Home) {
        self.homes.entry(var).or_default().insert(home);
    }

    /// What is to be narrowed down.
    pub(super) fn open(&mut self) -> (&mut [OpenEdge], &[OpenGroup]) {
        (&mut self.open_edges, &self.open_groups)
    }

    /// Whether an edge has an end, or stands as a node, of which nothing is known.
    pub(super) fn rests_on_unknown(&self, at: usize) -> bool {
        self.open_edges.get(at).is_some_and(|edge| {
            let mut held = [Some(edge.left), Some(edge.right), edge.as_node].into_iter().flatten();
            held.any(|var| self.unknown.contains(&var))
        })
    }

    /// Gives an edge up, after a mistake in it.
    pub(super) fn lose(&mut self, at: usize) {
        if let (Some(open), Some(edge)) = (self.open_edges.get_mut(at), self.edges.get(at)) {
            (open.lost, open.alternatives) = (true, Vec::new());
            self.unknown.insert(edge.var);
            self.unknown.extend(open.as_node);
        }
    }

    /// Lets a repeated path that fits nowhere hold nothing any more; gives its edges, by place.
    pub(super) fn loosen(&mut self, at: usize) -> Vec<usize> {
        if let Some(open) = self.open_groups.get_mut(at) {
            open.loose = true;
        }
        let Some(group) = self.groups.get(at) else { return Vec::new() };
        group.steps.iter().map(|(edge, _)| *edge).collect()
    }

    /// The scope in which what is asked inside a part has its meaning.
    pub(super) fn scope_of(&self, home: Home, scope: &Scope) -> Scope {
        let mut inner = scope.clone();
        for (name, var) in
            home.group.and_then(|at| self.groups.get(at)).iter().flat_map(|group| &group.names)
        {
            inner.add(name, *var);
            if self.unknown.contains(var) {
                inner.add_unknown(name);
            }
        }
        inner
    }
}
