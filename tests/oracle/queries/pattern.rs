//! Patterns that follow edges of the graph.

use super::{Maker, SHARED, Ty, Var, constant, quoted};
use crate::oracle::value::Value;

impl Maker<'_> {
    /// A pattern; `alone` where no other stands beside it.
    pub(super) fn pattern(&mut self, joined: bool, inner: bool) -> String {
        self.pattern_of(joined, inner, false)
    }

    pub(super) fn pattern_of(&mut self, joined: bool, inner: bool, alone: bool) -> String {
        let nodes: Vec<Var> =
            self.scope.iter().filter(|var| self.sample_node(var).is_some()).cloned().collect();
        let (mut text, mut here) = if let Some(var) = self.random.maybe(&nodes).filter(|_| joined) {
            let at = self.sample_node(var).unwrap();
            let extra = if self.random.chance(10) {
                format!(":{}", self.graph.nodes[at].kind)
            } else {
                String::new()
            };
            (format!("({}{extra})", var.name), at)
        } else {
            let at = self.some_node();
            (self.new_node(at, inner), at)
        };
        let path = !inner && self.random.chance(12);
        let steps = match self.random.below(20) {
            0 if !inner => 0,
            0..9 => 1,
            9..17 => 2,
            _ => 3,
        };
        let (mut all_edges, mut all_nodes, start) = (Vec::new(), Vec::new(), here);
        for _ in 0..steps {
            let part =
                if super::PATHS && self.random.chance(9) { self.group(here, inner) } else { None };
            let (step, edges, nodes) = match part {
                Some(part) => (part.text, part.edges, part.nodes),
                None => match self.edge(here, inner) {
                    Some(step) => step,
                    None => break,
                },
            };
            here = nodes.last().copied().unwrap_or(here);
            text += &step;
            text += &self.end_node(here, inner);
            all_edges.extend(edges);
            all_nodes.extend(nodes);
        }
        let text = if super::PATHS && !inner && alone && self.random.chance(8) {
            format!("{}{text}", self.prefix())
        } else {
            text
        };
        if path {
            let name = self.fresh("p");
            let nodes = std::iter::once(start).chain(all_nodes).collect();
            let sample = Value::Path(nodes, all_edges);
            self.scope.push(Var { name: name.clone(), ty: Ty::Path, sample });
            return format!("{name} = {text}");
        }
        text
    }

    pub(super) fn sample_node(&self, var: &Var) -> Option<usize> {
        match (var.ty, &var.sample) {
            (Ty::Node, value) => match value.plain(self.graph) {
                Value::Node(at) => Some(at),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn some_node(&mut self) -> usize {
        loop {
            let at = self.random.below(self.graph.nodes.len());
            let node = &self.graph.nodes[at];
            let wanted = matches!(node.kind, "Statement" | "Claim" | "Actor");
            if (!node.as_edge || self.random.chance(15)) && (wanted || self.random.chance(50)) {
                return at;
            }
        }
    }

    pub(super) fn end_node(&mut self, at: usize, inner: bool) -> String {
        let same: Vec<String> = self
            .scope
            .iter()
            .filter(|var| self.sample_node(var) == Some(at))
            .map(|var| var.name.clone())
            .collect();
        if let Some(name) = self.random.maybe(&same).cloned()
            && self.random.chance(50)
        {
            return format!("({name})");
        }
        self.new_node(at, inner)
    }

    /// A node in parentheses that the node at hand fits.
    pub(super) fn new_node(&mut self, at: usize, inner: bool) -> String {
        let node = &self.graph.nodes[at];
        let (kind, as_edge) = (node.kind, node.as_edge);
        let mut text = String::from("(");
        let named = self.random.chance(if inner { 40 } else { 75 });
        let name = self.fresh("n");
        if named {
            text += &name;
            self.scope.push(Var { name, ty: Ty::Node, sample: Value::Node(at) });
        }
        let label = match self.random.below(20) {
            0..12 => format!(":{kind}"),
            12 if !as_edge => format!(":!{}", if kind == "Topic" { "Venue" } else { "Topic" }),
            13 if !as_edge => ":%".to_owned(),
            14 => format!(":{}|{kind}", self.random.word(&["Actor", "Venue", "Claim", "Event"])),
            15 if !as_edge => format!(":!(Topic|Event)|{kind}"),
            _ if as_edge => format!(":{kind}"),
            _ => String::new(),
        };
        text += &label;
        if self.random.chance(7) && !as_edge {
            text += &format!(" {}", self.text_for(at));
        }
        if self.random.chance(8)
            && let Some((property, value)) = self.property_with_value(&Value::Node(at))
        {
            text += &format!(" {{{property}: {}}}", constant(&value));
        }
        if named && self.random.chance(6) {
            text += &format!(" where {}", self.fitting(1));
        }
        text + ")"
    }

    pub(super) fn text_for(&mut self, at: usize) -> String {
        let node = &self.graph.nodes[at];
        let name = node
            .properties
            .iter()
            .filter(|(name, _)| matches!(**name, "name" | "title" | "text" | "key"))
            .filter_map(|(_, value)| match value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect::<Vec<_>>();
        let mut names = name;
        names.push(node.key.clone());
        if let Some(Value::List(aliases)) = node.properties.get("aliases") {
            names.extend(aliases.iter().filter_map(|alias| match alias {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            }));
        }
        let name = self.random.pick(&names).clone();
        quoted(&match self.random.below(4) {
            0 => name.to_uppercase(),
            1 => format!(" {name} "),
            _ => name,
        })
    }

    /// A property that is not null, with a scalar value.
    pub(super) fn property_with_value(&mut self, of: &Value) -> Option<(&'static str, Value)> {
        let all: Vec<(&'static str, Value)> = self
            .properties(of)
            .into_iter()
            .filter(|(_, value)| {
                !value.is_null() && !matches!(value, Value::List(_) | Value::Map(_))
            })
            .collect();
        self.random.maybe(&all).cloned()
    }

    pub(super) fn properties(&self, of: &Value) -> Vec<(&'static str, Value)> {
        let found = match of.plain(self.graph) {
            Value::Node(at) => &self.graph.nodes[at].properties,
            Value::Edge(at) => &self.graph.edges[at].properties,
            _ => return Vec::new(),
        };
        found.iter().map(|(name, value)| (*name, value.clone())).collect()
    }

    /// Edges that leave a node, in either direction: edge, whether against its direction, and where it leads.
    pub(super) fn leaving(&self, here: usize) -> Vec<(usize, bool, usize)> {
        let mut out = Vec::new();
        for (at, edge) in self.graph.edges.iter().enumerate() {
            if edge.from == here {
                out.push((at, false, edge.to));
            }
            if edge.to == here && edge.from != here {
                out.push((at, true, edge.from));
            }
        }
        out
    }

    /// A step from a node: its text, the edges followed and the nodes they lead to.
    pub(super) fn edge(
        &mut self,
        here: usize,
        inner: bool,
    ) -> Option<(String, Vec<usize>, Vec<usize>)> {
        let mut ways = self.leaving(here);
        if self.random.chance(90) {
            ways.retain(|(at, ..)| !self.passed.contains(at));
        }
        let (at, back, to) = *self.random.maybe(&ways)?;
        let edge = &self.graph.edges[at];
        let same_kind = self.graph.nodes[edge.from].kind == self.graph.nodes[edge.to].kind;
        let repeated = self.random.chance(if same_kind { 40 } else { 5 });
        let (label, exact) = self.edge_label(at, repeated);
        self.mixed |= !exact;
        let (mut edges, mut nodes) = (vec![at], vec![to]);
        let mut quantifier = "";
        if repeated {
            if same_kind {
                for _ in 0..self.random.below(3) {
                    let last = *nodes.last().unwrap();
                    let further: Vec<_> = self
                        .leaving(last)
                        .into_iter()
                        .filter(|(next, other_back, _)| {
                            !edges.contains(next)
                                && !self.passed.contains(next)
                                && *other_back == back
                                && self.graph.edges[*next].name == edge.name
                        })
                        .collect();
                    let Some((next, _, to)) = self.random.maybe(&further) else { break };
                    edges.push(*next);
                    nodes.push(*to);
                }
            }
            quantifier = self.quantifier(edges.len(), exact && same_kind);
            if matches!(quantifier, "*" | "?" | "{0,2}" | "{,2}")
                && same_kind
                && self.random.chance(30)
            {
                (edges, nodes) = (Vec::new(), Vec::new());
            }
        }
        self.passed.extend(&edges);
        let mut inside = String::new();
        let named = self.random.chance(if inner { 15 } else { 40 });
        let name = self.fresh("e");
        if named {
            inside += &name;
        }
        inside += &label;
        let sample = Value::Edge(at);
        if self.random.chance(8)
            && let Some((property, value)) = self.property_with_value(&sample)
        {
            inside += &format!(" {{{property}: {}}}", constant(&value));
        }
        let stands = edge.node.is_some() && exact;
        let one = Var {
            name: name.clone(),
            ty: if stands { Ty::Node } else { Ty::Edge },
            sample: sample.clone(),
        };
        if named && self.random.chance(9) {
            self.scope.push(one.clone());
            let condition =
                if self.random.chance(60) { self.about(&one, 1) } else { self.condition(1) };
            self.scope.pop();
            inside += &format!(" where {condition}");
        }
        if named {
            if repeated {
                let sample = Value::List(edges.iter().map(|edge| Value::Edge(*edge)).collect());
                self.scope.push(Var { name, ty: Ty::Group, sample });
            } else {
                self.scope.push(one);
            }
        }
        let either = self.random.chance(12);
        let wrong = same_kind && self.random.chance(3);
        let inside = if inside.is_empty() { inside } else { format!("[{inside}]") };
        let text = match (either, back != wrong) {
            (true, _) => format!("-{inside}-"),
            (false, false) => format!("-{inside}->"),
            (false, true) => format!("<-{inside}-"),
        };
        Some((text + quantifier, edges, nodes))
    }

    /// A label for an edge, and whether only edges of its own family go by it.
    pub(super) fn edge_label(&mut self, at: usize, repeated: bool) -> (String, bool) {
        let edge = &self.graph.edges[at];
        let exact = !SHARED.contains(&edge.name.as_str());
        let name = edge.name.as_str();
        match self.random.below(24) {
            0 if !repeated => (String::new(), false),
            1 if !repeated => (":%".to_owned(), false),
            2 if !repeated => (format!(":!{}", if name == "by" { "of" } else { "by" }), false),
            3..8 if edge.family == "act" => {
                let labels = &edge.labels;
                (format!(":{}", self.random.pick(labels)), false)
            }
            8..10 => {
                let other = match edge.family {
                    "act" => "denies",
                    "statement-link" => "follows",
                    "claim-link" => "contradicts",
                    "relation" => "member_of",
                    "source-link" => "quotes",
                    _ => "of",
                };
                (format!(":{name}|{other}"), exact && other != "of")
            }
            10 if edge.family == "act" => (":said&!denies|denies".to_owned(), true),
            11 if edge.family == "relation" => {
                (":holds_office|member_of|works_for|part_of".to_owned(), true)
            }
            12 if edge.family == "statement-link" => {
                (":reports|follows|repeats|disowns".to_owned(), false)
            }
            13 if edge.family == "claim-link" => {
                (":contradicts|implies|supports".to_owned(), false)
            }
            14 => (format!(":{}", name.to_uppercase()), exact),
            _ => (format!(":{name}"), exact),
        }
    }

    pub(super) fn quantifier(&mut self, length: usize, unlimited: bool) -> &'static str {
        let fitting: &[&str] = match (length, unlimited) {
            (1, true) => &["*", "+", "?", "{1,2}", "{0,2}", "{1}", "{1,}", "{,2}"],
            (1, false) => &["?", "{1,2}", "{0,2}", "{1}", "{,2}"],
            (2, true) => &["*", "+", "{2}", "{1,2}", "{1,3}", "{2,}"],
            (2, false) => &["{2}", "{1,2}", "{1,3}"],
            (_, true) => &["*", "+", "{3}", "{1,3}", "{2,4}"],
            (_, false) => &["{3}", "{1,3}"],
        };
        self.random.word(fitting)
    }
}
