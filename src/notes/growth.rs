//! A match taken apart: node by node, edge by edge and condition by condition, in the order in which it is read.

use std::collections::BTreeSet;

use super::counts::Words;
use crate::meaning::question::{
    EdgePattern, Expr, ExprKind, Match, NodePattern, PathPattern, VarId,
};

/// A match as far as it has grown, and what was added last.
pub(super) struct Grown {
    pub(super) label: String,
    pub(super) found: Match,
}

/// All stages of a match, the last of which is the whole.
pub(super) fn stages(found: &Match, words: &Words<'_>) -> Vec<Grown> {
    let bound = found.nodes.iter().filter(|node| node.bound).map(|node| node.var);
    let mut growing = Growing {
        whole: found,
        words,
        partial: Match::default(),
        places: Vec::new(),
        known: bound.chain(found.outer_vars()).collect(),
        conditions: found.conditions.iter().collect(),
        last: None,
        stages: Vec::new(),
    };
    while growing.add_edge() || growing.add_pick() || growing.add_node() {}
    let rest = std::mem::take(&mut growing.conditions);
    for condition in rest {
        growing.add_condition(condition);
    }
    growing.stages
}

struct Growing<'m, 'n> {
    whole: &'m Match,
    words: &'m Words<'n>,
    partial: Match,
    /// Which edges of the whole are there, in the order in which they came.
    places: Vec<usize>,
    known: BTreeSet<VarId>,
    conditions: Vec<&'m Expr>,
    /// The node at which the drawing goes on.
    last: Option<VarId>,
    stages: Vec<Grown>,
}

impl Growing<'_, '_> {
    /// The next edge that starts at something known, with the node it leads to.
    fn add_edge(&mut self) -> bool {
        let known = |edge: &EdgePattern| {
            [edge.left, edge.right, edge.var].iter().any(|var| self.known.contains(var))
        };
        let edges = self.whole.edges.iter().enumerate();
        let next = edges.into_iter().find(|(at, edge)| !self.places.contains(at) && known(edge));
        let Some((at, edge)) = next else { return false };
        let from_right = !self.known.contains(&edge.left)
            || (self.last == Some(edge.right) && self.last != Some(edge.left));
        let (near, far) =
            if from_right { (edge.right, edge.left) } else { (edge.left, edge.right) };
        let before = if self.last == Some(near) { String::new() } else { self.node_named(near) };
        let drawn = self.words.names.drawn_edge(edge, from_right);
        let text = self.text_of(far);
        let far_node = if self.known.contains(&far) {
            self.node_named(far)
        } else {
            self.node(far)
                .map_or(String::new(), |node| self.words.names.drawn_node(node, text.as_deref()))
        };
        for var in [near, far, edge.var] {
            self.bring(var);
        }
        self.known.extend([near, far, edge.var]);
        self.known.extend(edge.repeat.iter().flat_map(crate::meaning::question::Repeat::gives));
        self.places.push(at);
        self.partial.edges.push(edge.clone());
        self.add_paths();
        self.last = Some(far);
        self.stage(format!("{before}{drawn}{far_node}"));
        true
    }

    /// A choice of paths between two nodes that are known.
    fn add_pick(&mut self) -> bool {
        let there = self.partial.picks.len();
        let Some(pick) = self.whole.picks.get(there) else { return false };
        if !self.known.contains(&pick.start) || !self.known.contains(&pick.end) {
            return false;
        }
        self.bring(pick.start);
        self.bring(pick.end);
        self.known.extend(pick.found.own_vars());
        self.partial.picks.push(pick.clone());
        self.stage(self.words.names.wanted(pick));
        true
    }

    /// The next node that is not known.
    fn add_node(&mut self) -> bool {
        let missing =
            |node: &&NodePattern| !self.partial.nodes.iter().any(|there| there.var == node.var);
        let Some(node) = self.whole.nodes.iter().find(missing) else { return false };
        let text = self.text_of(node.var);
        self.partial.nodes.push(node.clone());
        self.known.insert(node.var);
        self.last = Some(node.var);
        self.add_paths();
        // One that was there before may be null, and stands for nothing then.
        self.stage(self.words.names.drawn_node(node, text.as_deref()));
        true
    }

    /// Keeps what there is so far, and adds the conditions that are due now.
    fn stage(&mut self, label: String) {
        let own = self.whole.own_vars();
        let due = |condition: &&Expr| {
            condition.vars().intersection(&own).all(|var| self.known.contains(var))
        };
        let (due, later): (Vec<&Expr>, Vec<&Expr>) =
            std::mem::take(&mut self.conditions).into_iter().partition(due);
        self.conditions = later;
        // A text that names the node is part of how it is drawn.
        let (names, others): (Vec<&Expr>, Vec<&Expr>) =
            due.into_iter().partition(|one| matches!(one.kind, ExprKind::Named(..)));
        self.partial.conditions.extend(names.into_iter().cloned());
        self.stages.push(Grown { label, found: self.partial.clone() });
        for condition in others {
            self.add_condition(condition);
        }
    }

    fn add_condition(&mut self, condition: &Expr) {
        self.partial.conditions.push(condition.clone());
        let label = self.words.condition(condition);
        self.stages.push(Grown { label, found: self.partial.clone() });
    }

    /// The paths all edges of which are there, and the edges that must differ.
    fn add_paths(&mut self) {
        let place = |at: &usize| self.places.iter().position(|known| known == at);
        let begun = self.whole.paths.iter().filter(|path| self.known.contains(&path.start));
        let paths = begun.filter_map(|path| {
            let steps: Option<Vec<(usize, VarId)>> =
                path.steps.iter().map(|(at, node)| Some((place(at)?, *node))).collect();
            Some(PathPattern { steps: steps?, ..path.clone() })
        });
        let paths: Vec<PathPattern> = paths.collect();
        let different = &self.whole.different;
        let different = different.iter().filter_map(|(a, b)| Some((place(a)?, place(b)?)));
        self.partial.different = different.collect();
        self.known.extend(paths.iter().map(|path| path.var));
        self.partial.paths = paths;
    }

    /// Adds the pattern of a node, if it has one that is not there yet.
    fn bring(&mut self, var: VarId) {
        let there = self.partial.nodes.iter().any(|node| node.var == var);
        if let (Some(node), false) = (self.node(var).cloned(), there) {
            self.partial.nodes.push(node);
        }
    }

    fn node(&self, var: VarId) -> Option<&NodePattern> {
        self.whole.nodes.iter().find(|node| node.var == var)
    }

    /// A node that was drawn before.
    fn node_named(&self, var: VarId) -> String {
        format!("({})", self.words.names.written(var))
    }

    /// The text that names a node.
    fn text_of(&self, var: VarId) -> Option<String> {
        self.conditions.iter().find_map(|condition| match &condition.kind {
            ExprKind::Named(named, text) if *named == var => text.as_text().map(str::to_owned),
            _ => None,
        })
    }
}
