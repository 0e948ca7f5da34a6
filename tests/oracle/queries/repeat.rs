//! Repeated parts of a path, path modes, and the choice among paths.

use super::{Maker, SHARED, Ty, Var};
use crate::oracle::value::Value;

/// A repeated part as written, and what was followed: edges, and the nodes they lead to.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) edges: Vec<usize>,
    pub(super) nodes: Vec<usize>,
}

impl Maker<'_> {
    /// A part in parentheses that leads from a node to one of its kind, so that it may repeat.
    pub(super) fn group(&mut self, here: usize, inner: bool) -> Option<Part> {
        let kind = self.graph.nodes[here].kind;
        if self.graph.nodes[here].as_edge {
            return None;
        }
        let (edges, nodes) = self.way_back_to(here, kind)?;
        let before = self.scope.len();
        let known = std::mem::take(&mut self.scope);
        let mut text = format!("({}", self.inside_node(here));
        let mut at = here;
        for (edge, to) in edges.iter().zip(&nodes) {
            text += &self.inside_edge(*edge, at);
            text += &self.inside_node(*to);
            at = *to;
        }
        if self.random.chance(40) && !self.scope.is_empty() {
            text += &format!(" where {}", self.fitting(1));
        }
        text += ")";
        let mut brought = std::mem::replace(&mut self.scope, known);
        debug_assert_eq!(self.scope.len(), before);
        // Two edges that lead back to one kind may go on for very long.
        let unlimited = edges.len() == 1;
        let quantifier = self.random.word(if unlimited {
            &["{1,2}", "{0,1}", "+", "*", "{1,}", "?", "{1}", "{,2}"]
        } else {
            &["{1,2}", "{0,1}", "{1}", "?", "{,2}"]
        });
        for var in &mut brought {
            var.ty = Ty::Group;
            var.sample = Value::List(vec![var.sample.clone()]);
        }
        if !inner {
            self.scope.extend(brought);
        }
        self.passed.extend(&edges);
        Some(Part { text: text + quantifier, edges, nodes })
    }

    /// One or two edges that lead to a node of a kind.
    fn way_back_to(&mut self, here: usize, kind: &str) -> Option<(Vec<usize>, Vec<usize>)> {
        let mut ways = Vec::new();
        for (first, _, middle) in self.leaving(here) {
            if self.passed.contains(&first) || self.graph.nodes[middle].as_edge {
                continue;
            }
            if self.graph.nodes[middle].kind == kind {
                ways.push((vec![first], vec![middle]));
            }
            for (second, _, to) in self.leaving(middle) {
                if second != first
                    && !self.passed.contains(&second)
                    && self.graph.nodes[to].kind == kind
                    && !self.graph.nodes[to].as_edge
                {
                    ways.push((vec![first, second], vec![middle, to]));
                }
            }
        }
        self.random.maybe(&ways).cloned()
    }

    fn inside_node(&mut self, at: usize) -> String {
        let kind = self.graph.nodes[at].kind;
        let label = if self.random.chance(75) { format!(":{kind}") } else { String::new() };
        if self.random.chance(45) {
            let name = self.fresh("n");
            self.scope.push(Var { name: name.clone(), ty: Ty::Node, sample: Value::Node(at) });
            return format!("({name}{label})");
        }
        format!("({label})")
    }

    fn inside_edge(&mut self, at: usize, from: usize) -> String {
        let edge = &self.graph.edges[at];
        let back = edge.from != from;
        let stands = edge.node.is_some() && !SHARED.contains(&edge.name.as_str());
        let label = edge.name.clone();
        self.mixed |= SHARED.contains(&label.as_str());
        let name = if self.random.chance(40) {
            let name = self.fresh("e");
            let ty = if stands { Ty::Node } else { Ty::Edge };
            self.scope.push(Var { name: name.clone(), ty, sample: Value::Edge(at) });
            name
        } else {
            String::new()
        };
        match (self.random.chance(10), back) {
            (true, _) => format!("-[{name}:{label}]-"),
            (_, true) => format!("<-[{name}:{label}]-"),
            _ => format!("-[{name}:{label}]->"),
        }
    }

    /// What stands in front of a path: its mode, or which paths are wanted. Only such as leave no choice.
    pub(super) fn prefix(&mut self) -> &'static str {
        self.random.word(&[
            "all shortest ",
            "all shortest ",
            "shortest 1 groups ",
            "shortest 2 groups ",
            "trail ",
            "acyclic ",
            "simple ",
            "all shortest acyclic ",
            "all shortest trail ",
        ])
    }

    /// A `match` that wants some of the paths between two ends, whichever: only what all of them share is asked for.
    pub(super) fn some_path(&mut self) -> String {
        let nodes: Vec<Var> =
            self.scope.iter().filter(|var| self.sample_node(var).is_some()).cloned().collect();
        let Some(start) = self.random.maybe(&nodes).cloned() else { return self.let_clause() };
        let here = self.sample_node(&start).unwrap();
        let same: Vec<(usize, bool, usize)> = self
            .leaving(here)
            .into_iter()
            .filter(|(_, _, to)| self.graph.nodes[*to].kind == self.graph.nodes[here].kind)
            .collect();
        let Some((edge, back, to)) = self.random.maybe(&same).copied() else {
            return self.let_clause();
        };
        self.mixed = true;
        let name = self.graph.edges[edge].name.clone();
        let label = if self.random.chance(20) { String::new() } else { format!("[:{name}]") };
        let quantifier = self.random.word(&["+", "*", "{1,3}", "{1,}", "{0,2}"]);
        let kind = self.graph.nodes[to].kind;
        let step = match (label.is_empty(), back) {
            // Over edges of any name a way may be long: it has an end.
            (true, _) => "-{1,2}".to_owned(),
            (_, true) => format!("<-{label}-{quantifier}"),
            _ => format!("-{label}->{quantifier}"),
        };
        let (path, end, length) = (self.fresh("p"), self.fresh("n"), self.fresh("x"));
        let wanted = self.random.word(&[
            "any shortest",
            "shortest 1",
            "shortest 2",
            "shortest 3",
            "any shortest simple",
            "any shortest acyclic",
        ]);
        let optional = if self.random.chance(20) { "optional " } else { "" };
        let text = format!(
            "{optional}match {path} = {wanted} ({}){step}({end}:{kind})\nlet {length} = length({path})",
            start.name
        );
        self.scope.push(Var { name: end, ty: Ty::Node, sample: Value::Node(to) });
        self.scope.push(Var { name: length, ty: Ty::Int, sample: Value::Int(1) });
        text
    }
}
