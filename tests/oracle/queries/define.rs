//! Definitions of the prelude and of the script, and questions as of a day.

use super::{Maker, Ty, Var};
use crate::oracle::value::Value;

/// What the prelude says of a node of a kind.
const CONDITIONS: &[(&str, &[&str])] = &[
    ("Actor", &["named", "unnamed"]),
    ("Claim", &["contested", "only_unnamed"]),
    (
        "Statement",
        &["relayed", "first_hand", "tells", "named", "unnamed", "rests_on_name", "named_tellers"],
    ),
];
const COUNTS: &[(&str, &str)] = &[("Statement", "depth"), ("Claim", "independent_origins")];
/// Derived edges of the prelude: from which kind, and to which.
const EDGES: &[(&str, &str, &str)] = &[
    ("Statement", "voiced_by", "Actor"),
    ("Statement", "attested_in", "Source"),
    ("Statement", "told_by", "Actor"),
    ("Actor", "clashes_with", "Actor"),
];

impl Maker<'_> {
    /// A condition by a name that is defined: in the prelude, or for this query alone.
    pub(super) fn defined(&mut self, var: &Var) -> Option<String> {
        let at = self.sample_node(var).filter(|_| var.ty == Ty::Node)?;
        let kind = self.graph.nodes[at].kind;
        let name = &var.name;
        let counted = COUNTS.iter().find(|(of, _)| *of == kind);
        if let (Some((_, count)), true) = (counted, self.random.chance(20)) {
            let op = self.random.word(&[">=", "=", "<"]);
            return Some(format!("{count}({name}) {op} {}", self.random.below(3)));
        }
        let known = CONDITIONS.iter().find(|(of, _)| *of == kind);
        if let (Some((_, names)), true) = (known, self.random.chance(60)) {
            return Some(format!("{}({name})", self.random.word(names)));
        }
        if self.within_definition || self.graph.nodes[at].as_edge {
            return None;
        }
        let (defined, parameter) = (self.fresh("d"), self.fresh("n"));
        let inner = Var { name: parameter.clone(), ty: Ty::Node, sample: Value::Node(at) };
        let scope = std::mem::replace(&mut self.scope, vec![inner.clone()]);
        self.within_definition = true;
        let body = self.about(&inner, 1);
        self.within_definition = false;
        self.scope = scope;
        self.params.push(format!("define {defined}({parameter}: {kind}) as {body}\n"));
        Some(format!("{defined}({name})"))
    }

    /// A `match` along an edge that is defined by a pattern.
    pub(super) fn derived(&mut self) -> String {
        let fits = |maker: &Self, var: &Var| {
            maker.sample_node(var).filter(|at| {
                let kind = maker.graph.nodes[*at].kind;
                EDGES.iter().any(|edge| edge.0 == kind || edge.2 == kind)
            })
        };
        let nodes: Vec<Var> =
            self.scope.iter().filter(|var| fits(self, var).is_some()).cloned().collect();
        let Some(var) = self.random.maybe(&nodes).cloned() else { return self.let_clause() };
        let kind = self.graph.nodes[self.sample_node(&var).unwrap()].kind;
        let ways: Vec<(&str, bool, &str)> = EDGES
            .iter()
            .flat_map(|(from, name, to)| [(*from, *name, false, *to), (*to, *name, true, *from)])
            .filter(|(near, ..)| *near == kind)
            .map(|(_, name, back, far)| (name, back, far))
            .collect();
        let (name, back, far) = *self.random.pick(&ways);
        let (end, edge) = (self.fresh("n"), self.fresh("e"));
        let label = if self.random.chance(60) { format!(":{far}") } else { String::new() };
        let sample = self.graph.nodes.iter().position(|node| node.kind == far);
        let edge = if self.random.chance(40) { edge } else { String::new() };
        let step = if back { format!("<-[{edge}:{name}]-") } else { format!("-[{edge}:{name}]->") };
        let optional = if self.random.chance(40) { "optional " } else { "" };
        let sample = sample.map_or(Value::Null, Value::Node);
        self.scope.push(Var { name: end.clone(), ty: Ty::Node, sample });
        format!("{optional}match ({}:{kind}){step}({end}{label})", var.name)
    }

    /// Asks what was known by a day, sometimes, where every edge is of one family.
    pub(super) fn as_of(&mut self) -> String {
        if !super::DEFINED || self.mixed || !self.random.chance(8) {
            return String::new();
        }
        let day =
            self.random.word(&["2025-11-22", "2025-11", "2025-12-31", "2026-06", "2025-10-31"]);
        format!("as of {day}\n")
    }
}
