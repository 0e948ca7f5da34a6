//! Random queries that fit a world: each pattern follows edges that are there, and what is asked of a value is taken from
//! values that are there, so that most answers are not empty.

use super::{graph::Graph, random::Random, value::Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ty {
    Node,
    /// An edge that may be of several families, or that does not stand as a node.
    Edge,
    Group,
    Path,
    Text,
    Int,
    Date,
    Bool,
    Texts,
    Other,
}

#[derive(Debug, Clone)]
struct Var {
    name: String,
    ty: Ty,
    /// What it holds in the match that was followed, where that is known.
    sample: Value,
}

pub(crate) struct Maker<'g> {
    graph: &'g Graph,
    random: Random,
    scope: Vec<Var>,
    next: usize,
}

/// A random query as text.
pub(crate) fn query(graph: &Graph, random: Random) -> String {
    Maker { graph, random, scope: Vec::new(), next: 0 }.query()
}

const SHARED: &[&str] = &["reports", "disowns", "supports", "cites", "retracts", "corrects"];

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn constant(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Int(number) => number.to_string(),
        Value::Date(date) => format!("date '{}'", date.text),
        Value::Bool(value) => value.to_string(),
        _ => "null".to_owned(),
    }
}

fn type_of(property: &str) -> Ty {
    match property {
        "polarity" => Ty::Int,
        "date" | "published" | "valid_from" | "valid_to" | "as_of" => Ty::Date,
        "aliases" => Ty::Texts,
        _ => Ty::Text,
    }
}

impl Maker<'_> {
    fn fresh(&mut self, letter: &str) -> String {
        self.next += 1;
        format!("{letter}{}", self.next)
    }

    fn query(mut self) -> String {
        let mut text = self.match_clause(false);
        if self.random.chance(15) {
            text += "\n";
            text += &self.match_clause(false);
        }
        if self.random.chance(30) {
            text += "\n";
            text += &self.match_clause(true);
            if self.random.chance(20) {
                text += "\n";
                let optional = self.random.chance(50);
                text += &self.match_clause(optional);
            }
        }
        if self.random.chance(22) {
            text += "\n";
            text += &self.with();
            if self.random.chance(35) && self.scope.iter().any(|var| var.ty == Ty::Node) {
                text += "\n";
                let optional = self.random.chance(40);
                text += &self.match_clause(optional);
            }
        } else if self.random.chance(8) {
            text += &format!("\nfilter {}", self.condition(2));
        }
        let result = self.result();
        format!("{text}\n{result}")
    }

    fn match_clause(&mut self, optional: bool) -> String {
        let patterns = if self.random.chance(28) { 2 } else { 1 };
        let known = !self.scope.is_empty() && self.random.chance(if optional { 92 } else { 80 });
        let mut written = vec![self.pattern(known, false)];
        if patterns > 1 {
            let joined = self.random.chance(85);
            written.push(self.pattern(joined, false));
        }
        let mode = if self.random.chance(6) && !written.iter().any(|text| endless(text)) {
            "repeatable elements "
        } else {
            ""
        };
        let filter = if self.random.chance(if optional { 40 } else { 50 }) {
            format!(" where {}", self.condition(2))
        } else {
            String::new()
        };
        let optional = if optional { "optional " } else { "" };
        format!("{optional}match {mode}{}{filter}", written.join(", "))
    }

    // Patterns -------------------------------------------------------------------------------------------------------

    fn pattern(&mut self, joined: bool, inner: bool) -> String {
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
            let Some((step, edges, nodes)) = self.edge(here, inner) else { break };
            here = nodes.last().copied().unwrap_or(here);
            text += &step;
            text += &self.end_node(here, inner);
            all_edges.extend(edges);
            all_nodes.extend(nodes);
        }
        if path {
            let name = self.fresh("p");
            let nodes = std::iter::once(start).chain(all_nodes).collect();
            let sample = Value::Path(nodes, all_edges);
            self.scope.push(Var { name: name.clone(), ty: Ty::Path, sample });
            return format!("{name} = {text}");
        }
        text
    }

    fn sample_node(&self, var: &Var) -> Option<usize> {
        match (var.ty, &var.sample) {
            (Ty::Node, value) => match value.plain(self.graph) {
                Value::Node(at) => Some(at),
                _ => None,
            },
            _ => None,
        }
    }

    fn some_node(&mut self) -> usize {
        loop {
            let at = self.random.below(self.graph.nodes.len());
            let node = &self.graph.nodes[at];
            let wanted = matches!(node.kind, "Statement" | "Claim" | "Actor");
            if (!node.as_edge || self.random.chance(15)) && (wanted || self.random.chance(50)) {
                return at;
            }
        }
    }

    fn end_node(&mut self, at: usize, inner: bool) -> String {
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
    fn new_node(&mut self, at: usize, inner: bool) -> String {
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
            text += &format!(" where {}", self.condition(1));
        }
        text + ")"
    }

    fn text_for(&mut self, at: usize) -> String {
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
    fn property_with_value(&mut self, of: &Value) -> Option<(&'static str, Value)> {
        let all: Vec<(&'static str, Value)> = self
            .properties(of)
            .into_iter()
            .filter(|(_, value)| !value.is_null() && !matches!(value, Value::List(_)))
            .collect();
        self.random.maybe(&all).cloned()
    }

    fn properties(&self, of: &Value) -> Vec<(&'static str, Value)> {
        let found = match of.plain(self.graph) {
            Value::Node(at) => &self.graph.nodes[at].properties,
            Value::Edge(at) => &self.graph.edges[at].properties,
            _ => return Vec::new(),
        };
        found.iter().map(|(name, value)| (*name, value.clone())).collect()
    }

    /// Edges that leave a node, in either direction: edge, whether against its direction, and where it leads.
    fn leaving(&self, here: usize) -> Vec<(usize, bool, usize)> {
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
    fn edge(&mut self, here: usize, inner: bool) -> Option<(String, Vec<usize>, Vec<usize>)> {
        let (at, back, to) = *self.random.maybe(&self.leaving(here))?;
        let edge = &self.graph.edges[at];
        let same_kind = self.graph.nodes[edge.from].kind == self.graph.nodes[edge.to].kind;
        let repeated = self.random.chance(if same_kind { 40 } else { 5 });
        let (label, exact) = self.edge_label(at, repeated);
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
        let wrong = same_kind && self.random.chance(5);
        let inside = if inside.is_empty() { inside } else { format!("[{inside}]") };
        let text = match (either, back != wrong) {
            (true, _) => format!("-{inside}-"),
            (false, false) => format!("-{inside}->"),
            (false, true) => format!("<-{inside}-"),
        };
        Some((text + quantifier, edges, nodes))
    }

    /// A label for an edge, and whether only edges of its own family go by it.
    fn edge_label(&mut self, at: usize, repeated: bool) -> (String, bool) {
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

    fn quantifier(&mut self, length: usize, unlimited: bool) -> &'static str {
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

    // Conditions -----------------------------------------------------------------------------------------------------

    fn condition(&mut self, depth: usize) -> String {
        if depth > 0 {
            match self.random.below(100) {
                0..8 => return format!("not ({})", self.condition(depth - 1)),
                8..18 => {
                    let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
                    return format!("({a}) or ({b})");
                }
                18..28 => {
                    let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
                    return format!("({a}) and ({b})");
                }
                28..30 => {
                    let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
                    return format!("({a}) xor ({b})");
                }
                30..34 => {
                    let not = if self.random.chance(40) { "not " } else { "" };
                    let what = self.random.word(&["true", "false", "null"]);
                    return format!("({}) is {not}{what}", self.condition(depth - 1));
                }
                34..46 if !self.scope.is_empty() => return self.exists(),
                46..48 => {
                    let (a, b, c) = (
                        self.condition(depth - 1),
                        self.condition(depth - 1),
                        self.condition(depth - 1),
                    );
                    return format!("case when {a} then {b} else {c} end");
                }
                48..50 => return format!("possibly({})", self.condition(depth - 1)),
                50..52 => {
                    let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
                    return format!("({a}) = ({b})");
                }
                _ => {}
            }
        }
        match self.random.maybe(&self.scope.clone()).cloned() {
            Some(var) => self.about(&var, depth),
            None => self.random.word(&["true", "1 < 2", "null = 1"]).to_owned(),
        }
    }

    fn exists(&mut self) -> String {
        let before = self.scope.clone();
        let not = if self.random.chance(40) { "not " } else { "" };
        let mut text = self.pattern(true, true);
        if self.random.chance(12) {
            text += ", ";
            text += &self.pattern(true, true);
        }
        if self.random.chance(35) {
            text += &format!(" where {}", self.condition(1));
        }
        self.scope = before;
        format!("{not}exists {{ {text} }}")
    }

    /// A condition on one variable.
    fn about(&mut self, var: &Var, depth: usize) -> String {
        let name = &var.name;
        match var.ty {
            Ty::Node | Ty::Edge => self.about_element(var, depth),
            Ty::Group => {
                let length = match &var.sample {
                    Value::List(members) => members.len(),
                    _ => 1,
                };
                let op = self.random.word(&["=", ">=", "<", "<>"]);
                format!("size({name}) {op} {length}")
            }
            Ty::Path => {
                let op = self.random.word(&["=", ">=", "<=", "<>"]);
                let length = match &var.sample {
                    Value::Path(_, edges) => edges.len(),
                    _ => 1,
                };
                match self.random.below(3) {
                    0 => format!("size(nodes({name})) {op} {}", length + 1),
                    1 => format!("size(edges({name})) {op} {length}"),
                    _ => format!("length({name}) {op} {length}"),
                }
            }
            Ty::Text => self.about_text(name, &var.sample.clone(), &[]),
            Ty::Int => self.about_int(name, &var.sample.clone()),
            Ty::Date => self.about_date(name, &var.sample.clone()),
            Ty::Bool => match self.random.below(3) {
                0 => name.clone(),
                1 => format!("not {name}"),
                _ => format!("{name} is null"),
            },
            Ty::Texts => self.about_texts(name, &var.sample.clone()),
            Ty::Other => format!("{name} is not null"),
        }
    }

    fn about_element(&mut self, var: &Var, _depth: usize) -> String {
        let name = &var.name;
        let others: Vec<Var> = self
            .scope
            .iter()
            .filter(|other| other.name != *name && self.sample_node(other).is_some())
            .cloned()
            .collect();
        match self.random.below(30) {
            0 => return format!("{name} is null"),
            1 => return format!("{name} is not null"),
            2..4 if var.ty == Ty::Node => {
                let at = self.sample_node(var);
                let mine = at.map(|at| self.graph.nodes[at].kind);
                let same: Vec<&Var> = others
                    .iter()
                    .filter(|other| {
                        self.sample_node(other).map(|at| self.graph.nodes[at].kind) == mine
                    })
                    .collect();
                if let Some(other) = self.random.maybe(&same) {
                    if self.random.chance(25) {
                        let not = if self.random.chance(30) { "not " } else { "" };
                        return format!("{name} {not}in [{}, {}]", other.name, others[0].name);
                    }
                    let op = self.random.word(&["=", "<>", "<>"]);
                    return format!("{name} {op} {}", other.name);
                }
            }
            4 if var.ty == Ty::Node => {
                if let Some(at) = self.sample_node(var) {
                    let kind = self.graph.nodes[at].kind;
                    return format!("kind({name}) = '{kind}'");
                }
            }
            5 if var.ty == Ty::Node => {
                if let Some(at) = self.sample_node(var).filter(|at| !self.graph.nodes[*at].as_edge)
                {
                    let kind = self.graph.nodes[at].kind;
                    if !matches!(var.sample, Value::Edge(_)) {
                        let not = if self.random.chance(30) { "not " } else { "" };
                        return format!("{name} is {not}labeled {kind}");
                    }
                }
            }
            6 | 7 => {
                if let Value::Edge(at) = var.sample {
                    let edge = &self.graph.edges[at];
                    let label = self.random.pick(&edge.labels).clone();
                    return match self.random.below(3) {
                        0 => format!("edge_name({name}) = '{}'", edge.name),
                        1 => format!("{name} is labeled {label}"),
                        _ => format!("{name} is not labeled {label}"),
                    };
                }
            }
            _ => {}
        }
        let properties = self.properties(&var.sample);
        let Some((property, value)) = self.random.maybe(&properties).cloned() else {
            return format!("{name} is not null");
        };
        let written = format!("{name}.{property}");
        if self.random.chance(12) {
            let mut pairs = Vec::new();
            for other in &self.scope {
                for (theirs, _) in self.properties(&other.sample) {
                    if matches!(other.ty, Ty::Node | Ty::Edge)
                        && type_of(theirs) == type_of(property)
                    {
                        pairs.push(format!("{}.{theirs}", other.name));
                    }
                }
            }
            if let Some(other) = self.random.maybe(&pairs)
                && type_of(property) != Ty::Texts
            {
                let op = self.random.word(&["=", "<>", "<", "<=", ">", ">="]);
                return format!("{written} {op} {other}");
            }
        }
        let seen = self.values_seen(&var.sample, property);
        match type_of(property) {
            Ty::Int => self.about_int(&written, &value),
            Ty::Date => self.about_date(&written, &value),
            Ty::Texts => self.about_texts(&written, &value),
            _ => self.about_text(&written, &value, &seen),
        }
    }

    /// Values the property has in the same kind.
    fn values_seen(&self, of: &Value, property: &str) -> Vec<Value> {
        let mut values: Vec<Value> = match of.plain(self.graph) {
            Value::Node(at) => self
                .graph
                .nodes
                .iter()
                .filter(|node| node.kind == self.graph.nodes[at].kind)
                .filter_map(|node| node.properties.get(property).cloned())
                .collect(),
            Value::Edge(at) => self
                .graph
                .edges
                .iter()
                .filter(|edge| edge.family == self.graph.edges[at].family)
                .filter_map(|edge| edge.properties.get(property).cloned())
                .collect(),
            _ => Vec::new(),
        };
        values.retain(|value| !value.is_null());
        values
    }

    fn about_text(&mut self, written: &str, sample: &Value, seen: &[Value]) -> String {
        let any = match sample {
            Value::Text(text) if self.random.chance(75) => Some(text.clone()),
            _ => match self.random.maybe(seen) {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            },
        };
        let Some(text) = any else {
            let not = if self.random.chance(40) { "not " } else { "" };
            return format!("{written} is {not}null");
        };
        let part: String = text.chars().skip(self.random.below(3)).take(3).collect();
        let other = match self.random.maybe(seen) {
            Some(Value::Text(other)) => quoted(other),
            _ => quoted(&text),
        };
        let text = quoted(&text);
        match self.random.below(18) {
            0..5 => format!("{written} = {text}"),
            5..7 => format!("{written} <> {text}"),
            7 => format!("{written} in [{text}, {other}]"),
            8 => format!("{written} not in [{other}]"),
            9 => format!("{written} contains {}", quoted(&part)),
            10 => format!("{written} starts with {}", quoted(&part)),
            11 => format!("{written} ends with {}", quoted(&part)),
            12 => format!("{written} ~= upper({text})"),
            13 => format!("coalesce({written}, '-') >= {text}"),
            14 => format!("lower({written}) = lower({text})"),
            15 => format!("{written} <= {text}"),
            16 => format!("size({written}) > {}", self.random.below(5)),
            _ => {
                let not = if self.random.chance(60) { "not " } else { "" };
                format!("{written} is {not}null")
            }
        }
    }

    fn about_int(&mut self, written: &str, sample: &Value) -> String {
        let number = match sample {
            Value::Int(number) => *number,
            _ => 1,
        };
        match self.random.below(8) {
            0..2 => format!("{written} = {number}"),
            2 => format!("{written} <> {number}"),
            3 => format!("{written} >= {number}"),
            4 => format!("{written} in [{number}, 0]"),
            5 => format!("{written} + 1 > {number}"),
            6 => format!("-{written} * 2 <= {number}"),
            _ => format!("{written} is null"),
        }
    }

    fn about_date(&mut self, written: &str, sample: &Value) -> String {
        let date = match sample {
            Value::Date(date) if self.random.chance(50) => date.text.clone(),
            _ => self.random.word(super::worlds::DATES).to_owned(),
        };
        let op = self.random.word(&["<", "<=", ">", ">=", "=", "<>"]);
        let compared = format!("{written} {op} date '{date}'");
        match self.random.below(14) {
            0..5 => compared,
            5 => format!("possibly({compared})"),
            6 => format!("possibly(not ({compared}))"),
            7 => format!("{written} in date '{date}'"),
            8 => format!("possibly({written} in date '{date}')"),
            9 => format!("year({written}) = 2025"),
            10 => format!("month({written}) {op} 11"),
            11 => format!("first_day({written}) {op} date '{date}'"),
            12 => format!("days_between({written}, 2025-11-22) < 5"),
            _ => format!("{written} is not null"),
        }
    }

    fn about_texts(&mut self, written: &str, sample: &Value) -> String {
        let name = match sample {
            Value::List(members) => match members.first() {
                Some(Value::Text(text)) => text.clone(),
                _ => "Lee".to_owned(),
            },
            _ => "Lee".to_owned(),
        };
        match self.random.below(4) {
            0 => format!("{} in {written}", quoted(&name)),
            1 => format!("{} not in {written}", quoted(&name)),
            2 => format!("size({written}) > {}", self.random.below(2)),
            _ => format!("head({written}) = {}", quoted(&name)),
        }
    }

    // Values ---------------------------------------------------------------------------------------------------------

    /// An expression that gives one plain value, and its type.
    fn scalar(&mut self) -> (String, Ty, Value) {
        for _ in 0..8 {
            let Some(var) = self.random.maybe(&self.scope.clone()).cloned() else { break };
            let name = &var.name;
            match var.ty {
                Ty::Text | Ty::Int | Ty::Date | Ty::Bool => {
                    return (name.clone(), var.ty, var.sample);
                }
                Ty::Group => return self.of_group(&var),
                Ty::Path => return self.of_path(&var),
                Ty::Texts | Ty::Other => {}
                Ty::Node | Ty::Edge => {
                    if matches!(var.sample, Value::Edge(_)) && self.random.chance(20) {
                        return (format!("edge_name({name})"), Ty::Text, Value::Null);
                    }
                    let properties = self.properties(&var.sample);
                    if let Some((property, value)) = self.random.maybe(&properties).cloned() {
                        let (written, ty) = (format!("{name}.{property}"), type_of(property));
                        if ty != Ty::Texts {
                            return self.worked(written, ty, value);
                        }
                        return self.of_list(&written);
                    }
                }
            }
        }
        ("'one'".to_owned(), Ty::Other, Value::Null)
    }

    /// A value taken from a list of edges.
    fn of_group(&mut self, var: &Var) -> (String, Ty, Value) {
        let name = &var.name;
        let end = self.random.word(&["head", "last"]);
        let at = self.random.word(&["0", "-1", "1"]);
        let first = match &var.sample {
            Value::List(members) => members.first().cloned(),
            _ => None,
        };
        if let Some(first) = first {
            let properties = self.properties(&first);
            match self.random.below(5) {
                0 => return (format!("edge_name({end}({name}))"), Ty::Text, Value::Null),
                1 | 2 => {
                    if let Some((property, value)) = self.random.maybe(&properties).cloned()
                        && type_of(property) != Ty::Texts
                    {
                        let one = match self.random.below(2) {
                            0 => format!("{end}({name})"),
                            _ => format!("{name}[{at}]"),
                        };
                        return (format!("{one}.{property}"), type_of(property), value);
                    }
                }
                _ => {}
            }
        }
        (format!("size({name})"), Ty::Int, Value::Null)
    }

    /// A value taken from a path.
    fn of_path(&mut self, var: &Var) -> (String, Ty, Value) {
        let name = &var.name;
        let Value::Path(nodes, _) = &var.sample else {
            return (format!("length({name})"), Ty::Int, Value::Null);
        };
        let plain = nodes.iter().all(|node| !self.graph.nodes[*node].as_edge);
        match self.random.below(6) {
            0 if plain => (format!("head(nodes({name})).key"), Ty::Text, Value::Null),
            1 if plain => (format!("kind(last(nodes({name})))"), Ty::Text, Value::Null),
            2 => (format!("edge_name(head(edges({name})))"), Ty::Text, Value::Null),
            3 => (format!("size(nodes({name}))"), Ty::Int, Value::Null),
            _ => (format!("length({name})"), Ty::Int, Value::Null),
        }
    }

    /// A value taken from a list of texts.
    fn of_list(&mut self, list: &str) -> (String, Ty, Value) {
        match self.random.below(9) {
            0 => (format!("{list}[0]"), Ty::Text, Value::Null),
            1 => (format!("{list}[-1]"), Ty::Text, Value::Null),
            2 => (format!("last({list})"), Ty::Text, Value::Null),
            3 => (format!("size(tail({list}))"), Ty::Int, Value::Null),
            4 => (format!("head(reverse({list}))"), Ty::Text, Value::Null),
            5 => (format!("size({list} || ['z'])"), Ty::Int, Value::Null),
            6 => (format!("last({list}[..1])"), Ty::Text, Value::Null),
            7 => (format!("head({list}[1..])"), Ty::Text, Value::Null),
            _ => (format!("size({list})"), Ty::Int, Value::Null),
        }
    }

    /// Sometimes something is done to a value first.
    fn worked(&mut self, written: String, ty: Ty, value: Value) -> (String, Ty, Value) {
        match (ty, self.random.below(16)) {
            (Ty::Text, 0) => (format!("coalesce({written}, 'none')"), ty, value),
            (Ty::Text, 1) => (format!("upper({written})"), ty, Value::Null),
            (Ty::Text, 2) => (format!("size({written})"), Ty::Int, Value::Null),
            (Ty::Text, 3) => (format!("{written} || '!'"), ty, Value::Null),
            (Ty::Text, 4) => (format!("left({written}, 2)"), ty, Value::Null),
            (Ty::Text, 5) => (format!("nullif({written}, 'x')"), ty, Value::Null),
            (Ty::Date, 0) => (format!("year({written})"), Ty::Int, Value::Null),
            (Ty::Date, 1) => (format!("last_day({written})"), ty, Value::Null),
            (Ty::Date, 2) => (format!("to_text({written})"), Ty::Text, Value::Null),
            (Ty::Date, 3) => (format!("coalesce({written}, 2025-01)"), ty, Value::Null),
            (Ty::Int, 0) => (format!("{written} * 2 - 1"), ty, Value::Null),
            (Ty::Int, 1) => (format!("abs({written})"), ty, Value::Null),
            (_, 6) => {
                let condition = self.condition(1);
                (format!("case when {condition} then {written} end"), ty, value)
            }
            (_, 7) => (format!("({})", self.condition(1)), Ty::Bool, Value::Null),
            _ => (written, ty, value),
        }
    }

    fn aggregate(&mut self) -> (String, Ty) {
        let distinct = if self.random.chance(30) { "distinct " } else { "" };
        match self.random.below(10) {
            0..3 => ("count(*)".to_owned(), Ty::Int),
            3 => {
                let vars: Vec<String> = self
                    .scope
                    .iter()
                    .filter(|var| var.ty != Ty::Group)
                    .map(|var| var.name.clone())
                    .collect();
                match self.random.maybe(&vars) {
                    Some(name) => (format!("count({distinct}{name})"), Ty::Int),
                    None => ("count(*)".to_owned(), Ty::Int),
                }
            }
            _ => {
                let (value, ty, _) = self.scalar();
                match (ty, self.random.below(6)) {
                    (Ty::Int, 0) => (format!("sum({distinct}{value})"), Ty::Int),
                    (Ty::Int, 1) => (format!("avg({value})"), Ty::Other),
                    (_, 2) => (format!("count({distinct}{value})"), Ty::Int),
                    (Ty::Other | Ty::Bool, _) => (format!("count({value})"), Ty::Int),
                    (_, 3) => (format!("min({value})"), ty),
                    (_, 4) => (format!("max({value})"), ty),
                    _ => (format!("collect_list({distinct}{value})"), Ty::Other),
                }
            }
        }
    }

    // Projections ----------------------------------------------------------------------------------------------------

    fn with(&mut self) -> String {
        let mut items: Vec<(String, Var)> = Vec::new();
        let vars = self.scope.clone();
        for var in &vars {
            if self.random.chance(60) && items.len() < 4 {
                items.push((var.name.clone(), var.clone()));
            }
        }
        for _ in 0..self.random.below(3) {
            let (value, ty, sample) = self.scalar();
            if ty != Ty::Other {
                let name = self.fresh("x");
                items.push((format!("{value} as {name}"), Var { name, ty, sample }));
            }
        }
        let grouped = self.random.chance(40) || items.is_empty();
        if grouped {
            let (value, ty) = self.aggregate();
            let name = self.fresh("x");
            let var = Var { name: name.clone(), ty, sample: Value::Null };
            items.push((format!("{value} as {name}"), var));
        }
        let distinct = if !grouped && self.random.chance(30) { "distinct " } else { "" };
        let listed: Vec<&str> = items.iter().map(|(text, _)| text.as_str()).collect();
        let mut text = format!("with {distinct}{}", listed.join(", "));
        self.scope = items.into_iter().map(|(_, var)| var).collect();
        if self.random.chance(25)
            && let Some(order) = self.total_order()
        {
            let limit = self.random.between(1, 5);
            text += &format!(" order by {order} limit {limit}");
        }
        if self.random.chance(45) {
            text += &format!(" where {}", self.condition(1));
        }
        text
    }

    /// Sorts by every variable in force, if each has an order.
    fn total_order(&mut self) -> Option<String> {
        let mut keys = Vec::new();
        for var in self.scope.clone() {
            let key = match var.ty {
                Ty::Text | Ty::Int | Ty::Date | Ty::Bool => var.name.clone(),
                Ty::Node => {
                    let at = self.sample_node(&var)?;
                    if self.graph.nodes[at].kind == "Attestation"
                        || matches!(var.sample, Value::Edge(_))
                    {
                        return None;
                    }
                    let key = format!("kind({})", var.name);
                    keys.push(key);
                    format!("{}.key", var.name)
                }
                _ => return None,
            };
            keys.push(key);
        }
        for at in (1..keys.len()).rev() {
            let other = self.random.below(at + 1);
            keys.swap(at, other);
        }
        for key in &mut keys {
            *key +=
                self.random.word(&["", "", " desc", " asc", " nulls first", " desc nulls last"]);
        }
        (!keys.is_empty()).then(|| keys.join(", "))
    }

    fn result(&mut self) -> String {
        let grouped = self.random.chance(30);
        let mut items: Vec<(String, Ty)> = Vec::new();
        for _ in 0..self.random.between(usize::from(!grouped), 3) {
            let elements: Vec<Var> = self
                .scope
                .iter()
                .filter(|var| {
                    matches!(
                        var.ty,
                        Ty::Node | Ty::Edge | Ty::Group | Ty::Path | Ty::Texts | Ty::Other
                    )
                })
                .cloned()
                .collect();
            if let Some(var) = self.random.maybe(&elements)
                && self.random.chance(30)
            {
                let item = match (var.ty, self.random.below(6)) {
                    (Ty::Path, 0) => format!("nodes({})", var.name),
                    (Ty::Path, 1) => format!("edges({})", var.name),
                    (Ty::Group, 0) => format!("reverse({})", var.name),
                    (Ty::Group, 1) => format!("{}[1..]", var.name),
                    (Ty::Node, 0) => format!("[{}, {}]", var.name, var.name),
                    _ => var.name.clone(),
                };
                items.push((item, Ty::Other));
                continue;
            }
            let (value, ty, _) = self.scalar();
            if ty != Ty::Other {
                items.push((value, ty));
            }
        }
        let mut kept: Vec<(String, Ty)> = Vec::new();
        for item in items {
            if !kept.iter().any(|known| known.0 == item.0) {
                kept.push(item);
            }
        }
        let mut plain: Vec<(String, String, Ty)> = kept
            .into_iter()
            .map(|(value, ty)| {
                let name = self.fresh("r");
                (value, name, ty)
            })
            .collect();
        let keys = plain.len();
        if grouped || plain.is_empty() {
            for _ in 0..self.random.between(1, 2) {
                let (value, ty) = self.aggregate();
                let name = self.fresh("r");
                plain.push((value, name, ty));
            }
        }
        let grouped = plain.len() > keys;
        let distinct = if self.random.chance(20) { "distinct " } else { "" };
        let listed: Vec<String> =
            plain.iter().map(|(value, name, _)| format!("{value} as {name}")).collect();
        let mut text = format!("return {distinct}{}", listed.join(", "));
        if grouped && self.random.chance(20) {
            let listed: Vec<&str> = plain.iter().take(keys).map(|item| item.1.as_str()).collect();
            let all = if listed.is_empty() { "()".to_owned() } else { listed.join(", ") };
            text += &format!(" group by {all}");
        } else if grouped && keys == 0 && self.random.chance(20) {
            let (value, ty, _) = self.scalar();
            if ty != Ty::Other {
                text += &format!(" group by {value}");
            }
        }
        let sortable =
            plain.iter().all(|(_, _, ty)| matches!(ty, Ty::Text | Ty::Int | Ty::Date | Ty::Bool));
        if sortable && self.random.chance(35) {
            let mut order: Vec<String> = plain.iter().map(|(_, name, _)| name.clone()).collect();
            if self.random.chance(50) {
                order.reverse();
            }
            for key in &mut order {
                *key += self.random.word(&[
                    "",
                    "",
                    " desc",
                    " asc nulls first",
                    " nulls first",
                    " desc nulls last",
                ]);
            }
            text += &format!(" order by {}", order.join(", "));
            if self.random.chance(40) {
                if self.random.chance(40) {
                    text += &format!(" offset {}", self.random.below(3));
                }
                text += &format!(" limit {}", self.random.between(1, 6));
            }
        }
        text
    }
}

/// Whether a repeated edge has no limit, which a walk needs.
fn endless(text: &str) -> bool {
    ["->*", "->+", "-*", "-+", ",}", "]-*", "]-+"].iter().any(|sign| text.contains(sign))
}
