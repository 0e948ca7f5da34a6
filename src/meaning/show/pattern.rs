//! Nodes, edges and paths of a match, spelled as patterns.

use super::names::Names;
use crate::meaning::question::{
    Alternative, EdgePattern, Expr, Match, NodePattern, PathPattern, Repeat,
};

impl Names<'_> {
    /// Everything in a match, one text each: nodes, edges, paths, conditions, edges that must differ.
    pub(super) fn parts(&self, found: &Match) -> Vec<String> {
        let Match { optional: _, nodes, edges, paths, conditions, different } = found;
        let edge_name =
            |at: &usize| edges.get(*at).map_or("?", |edge: &EdgePattern| self.of_var(edge.var));
        let nodes = nodes.iter().map(|node| self.node(node));
        let paths = paths.iter().map(|path| self.path(path, edges));
        let conditions =
            conditions.iter().map(|condition| format!("where {}", self.expr(condition)));
        let different =
            different.iter().map(|(a, b)| format!("different {}, {}", edge_name(a), edge_name(b)));
        let edges = edges.iter().map(|edge| self.edge(edge));
        nodes.chain(edges).chain(paths).chain(conditions).chain(different).collect()
    }

    /// `(a:Actor)`; a node that was known before is followed by `, known`.
    pub(crate) fn node(&self, node: &NodePattern) -> String {
        let NodePattern { var, kinds, bound } = node;
        let known = if *bound { ", known" } else { "" };
        format!("({}:{}{known})", self.of_var(*var), self.kinds(kinds))
    }

    /// `(a)-[s:denies]->(c)`, with the quantifier and what must hold of every single edge.
    pub(crate) fn edge(&self, edge: &EdgePattern) -> String {
        let EdgePattern { var, left, right, alternatives, repeat } = edge;
        let (left, right) = (self.of_var(*left), self.of_var(*right));
        let (tail, label, head) = self.arrow(alternatives);
        let times = repeat.as_ref().map(|repeat| self.repeat(repeat)).unwrap_or_default();
        format!("({left}){tail}[{}:{label}]{head}{times}({right})", self.of_var(*var))
    }

    /// The arrow and its labels. Where some point one way and some the other, each says which.
    fn arrow(&self, alternatives: &[Alternative]) -> (&'static str, String, &'static str) {
        let there = || alternatives.iter().filter(|one| !one.reversed);
        let back = || alternatives.iter().filter(|one| one.reversed);
        let all = self.alternatives(alternatives);
        if !alternatives.is_empty() && alternatives.iter().all(|one| one.symmetric) {
            return ("-", all, "-");
        }
        match (there().count(), back().count()) {
            (0, 1..) => ("<-", all, "-"),
            (_, 0) => ("-", all, "->"),
            (_, _) if self.alternatives(there()) == self.alternatives(back()) => ("-", all, "-"),
            (_, _) => {
                let both =
                    format!("{}> <{}", self.alternatives(there()), self.alternatives(back()));
                ("-", both, "-")
            }
        }
    }

    fn repeat(&self, repeat: &Repeat) -> String {
        let Repeat { min, max, each, conditions, walk } = repeat;
        let max = max.map(|max| max.to_string()).unwrap_or_default();
        let walk = if *walk { " walk" } else { "" };
        let held = self.all(conditions);
        let held = if conditions.is_empty() {
            String::new()
        } else {
            format!("<each {} where {held}>", self.of_var(*each))
        };
        format!("{{{min},{max}}}{walk}{held}")
    }

    fn path(&self, path: &PathPattern, edges: &[EdgePattern]) -> String {
        let PathPattern { var, start, steps } = path;
        let steps = steps.iter().map(|(at, node)| {
            (edges.get(*at).map_or("?", |edge| self.of_var(edge.var)), self.of_var(*node))
        });
        format!("{} = {}", self.of_var(*var), along(self.of_var(*start), steps))
    }

    /// Conditions that must all hold.
    pub(crate) fn all(&self, conditions: &[Expr]) -> String {
        conditions.iter().map(|one| self.inside_and(one)).collect::<Vec<_>>().join(" and ")
    }
}

/// `(a)-[s]-(c)`
pub(crate) fn along<'n>(start: &str, steps: impl Iterator<Item = (&'n str, &'n str)>) -> String {
    let steps: String = steps.map(|(edge, node)| format!("-[{edge}]-({node})")).collect();
    format!("({start}){steps}")
}
