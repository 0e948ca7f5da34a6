//! Conditions, most of which hold of what was followed.

use super::{Maker, Ty, Var, constant, quoted, type_of};
use crate::oracle::value::Value;

/// The properties that full-text search knows.
const SEARCHED: &[(&str, &str)] =
    &[("Actor", "name"), ("Source", "title"), ("Claim", "text"), ("Attestation", "quote")];

impl Maker<'_> {
    pub(super) fn condition(&mut self, depth: usize) -> String {
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
                52..55 if super::VALUES => {
                    if let Some(text) = self.quantified() {
                        return text;
                    }
                }
                55..57 => return self.compared(),
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

    pub(super) fn exists(&mut self) -> String {
        let before = self.scope.clone();
        let not = if self.random.chance(40) { "not " } else { "" };
        if self.depth < 2 && self.random.chance(12) {
            self.depth += 1;
            let asked = self.random.chance(50);
            let (mut more, given) = self.inner_rows(1, if asked { "with" } else { "return" });
            if asked {
                let var = given[0].clone();
                self.scope = before.clone();
                self.scope.push(var.clone());
                more += &format!(" where {}", self.about(&var, 0));
            }
            self.depth -= 1;
            self.scope = before;
            return format!("{not}exists {{ {more} }}");
        }
        let mut text = self.pattern(true, true);
        if self.random.chance(12) {
            text += ", ";
            text += &self.pattern(true, true);
        }
        if self.random.chance(35) {
            text += &format!(" where {}", self.fitting(1));
        }
        self.scope = before;
        format!("{not}exists {{ {text} }}")
    }

    /// A condition on one variable.
    pub(super) fn about(&mut self, var: &Var, depth: usize) -> String {
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
            Ty::Ints => self.about_ints(name, &var.sample.clone()),
            Ty::TextBag | Ty::IntBag => self.about_bag(var),
            Ty::Float => self.about_float(name, &var.sample.clone()),
            Ty::Any => self.about_any(name, &var.sample.clone()),
            Ty::Map | Ty::Other => format!("{name} is not null"),
        }
    }

    pub(super) fn about_element(&mut self, var: &Var, _depth: usize) -> String {
        if super::DEFINED
            && self.random.chance(5)
            && let Some(text) = self.defined(var)
        {
            return text;
        }
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
                && (type_of(property).sorts() || type_of(property) == Ty::Float)
            {
                let op = self.random.word(&["=", "<>", "<", "<=", ">", ">="]);
                return format!("{written} {op} {other}");
            }
        }
        if SEARCHED.contains(&(self.kind_of(&var.sample), property))
            && let Value::Text(text) = &value
            && self.random.chance(15)
        {
            let words: Vec<String> = text
                .split(|sign: char| !sign.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect();
            let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
            words.truncate(self.random.between(1, 2));
            words.reverse();
            let search = words.join(" ");
            let search = if self.random.chance(30) { search.to_uppercase() } else { search };
            return format!("{written} matches {}", quoted(&search));
        }
        let seen = self.values_seen(&var.sample, property);
        match type_of(property) {
            Ty::Int => self.about_int(&written, &value),
            Ty::Date => self.about_date(&written, &value),
            Ty::Texts => self.about_texts(&written, &value),
            Ty::Ints => self.about_ints(&written, &value),
            Ty::Float => self.about_float(&written, &value),
            Ty::Any => self.about_any(&written, &value),
            Ty::Bool => match self.random.below(4) {
                0 => written,
                1 => format!("not {written}"),
                2 => format!("{written} is not true"),
                _ => format!("{written} = {}", constant(&value)),
            },
            _ => self.about_text(&written, &value, &seen),
        }
    }

    /// The kind of a node; nothing of what is none.
    fn kind_of(&self, of: &Value) -> &'static str {
        match of.plain(self.graph) {
            Value::Node(at) => self.graph.nodes[at].kind,
            _ => "",
        }
    }

    /// Values the property has in the same kind.
    pub(super) fn values_seen(&self, of: &Value, property: &str) -> Vec<Value> {
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

    pub(super) fn about_text(&mut self, written: &str, sample: &Value, seen: &[Value]) -> String {
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
        let value = Value::Text(text.clone());
        let text = quoted(&text);
        match self.random.below(20) {
            0..5 => format!("{written} = {}", self.given(&value)),
            18 => format!("{written} like {}", self.like(&text)),
            19 => format!("{written} =~ {}", self.regular(&text)),
            5..7 => format!("{written} <> {}", self.given(&value)),
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

    pub(super) fn about_int(&mut self, written: &str, sample: &Value) -> String {
        let number = match sample {
            Value::Int(number) => *number,
            _ => 1,
        };
        match self.random.below(8) {
            0..2 => format!("{written} = {}", self.given(&Value::Int(number))),
            2 => format!("{written} <> {number}"),
            3 => format!("{written} >= {number}"),
            4 => format!("{written} in [{number}, 0]"),
            5 => format!("{written} + 1 > {number}"),
            6 => format!("-{written} * 2 <= {number}"),
            _ => format!("{written} is null"),
        }
    }

    pub(super) fn about_date(&mut self, written: &str, sample: &Value) -> String {
        let date = match sample {
            Value::Date(date) if self.random.chance(50) => date.text.clone(),
            _ => self.random.word(crate::oracle::worlds::DATES).to_owned(),
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

    /// A pattern with `%` and `_` that a text is like, most often.
    fn like(&mut self, quoted: &str) -> String {
        let text = quoted.trim_matches('\'').replace(['%', '_', '\\'], "_");
        let characters: Vec<char> = text.chars().collect();
        let pattern: String = match (self.random.below(4), characters.split_first()) {
            (0, Some((first, _))) => format!("{first}%"),
            (1, Some((_, rest))) => format!("_{}", rest.iter().collect::<String>()),
            (2, Some((_, _))) => format!("%{}%", characters[characters.len() / 2]),
            _ => format!("%{text}"),
        };
        format!("'{pattern}'")
    }

    /// A plain regular expression that fits a text, most often.
    fn regular(&mut self, quoted: &str) -> String {
        let plain = quoted.trim_matches('\'');
        if !plain.chars().all(|sign| sign.is_alphanumeric() || sign == ' ') || plain.is_empty() {
            return "'.*'".to_owned();
        }
        let mut signs: Vec<String> = plain.chars().map(String::from).collect();
        let at = self.random.below(signs.len());
        match self.random.below(4) {
            0 => signs[at] = ".".to_owned(),
            1 => signs[at] += "+",
            2 => signs[at] += "?",
            _ => signs[at] = "x*.".to_owned(),
        }
        format!("'{}'", signs.concat())
    }

    fn about_ints(&mut self, written: &str, sample: &Value) -> String {
        let number = match sample {
            Value::List(members) => match members.first() {
                Some(Value::Int(number)) => *number,
                _ => 1,
            },
            _ => 1,
        };
        match self.random.below(6) {
            0 | 1 => format!("{number} in {written}"),
            2 => format!("{number} not in {written}"),
            3 => format!("size({written}) >= {}", self.random.below(3)),
            4 => format!("{written}[0] = {number}"),
            _ => format!("head({written}) <= {number}"),
        }
    }

    fn about_float(&mut self, written: &str, sample: &Value) -> String {
        let number = match sample {
            Value::Float(_) => constant(sample),
            _ => "0.5".to_owned(),
        };
        match self.random.below(6) {
            0 => format!("{written} = {number}"),
            1 => format!("{written} <= {number}"),
            2 => format!("{written} + 1 > {number}"),
            3 => format!("round({written}) >= {number}"),
            4 => format!("{written} < 2"),
            _ => format!("{written} is not null"),
        }
    }

    /// A condition on a value of any type.
    fn about_any(&mut self, written: &str, sample: &Value) -> String {
        let own = match sample {
            Value::Text(_) | Value::Int(_) | Value::Bool(_) | Value::Float(_) => constant(sample),
            _ => "'1'".to_owned(),
        };
        match self.random.below(9) {
            0..3 => format!("{written} = {own}"),
            3 => format!("{written} <> {own}"),
            4 => format!("{written} in [{own}, 'x', 2]"),
            5 => format!("{written} <= {own}"),
            6 => format!("{written} not in ['1', 1]"),
            7 => format!("{written} = [1, 'x']"),
            _ => format!("{written} is not null"),
        }
    }

    fn about_bag(&mut self, var: &Var) -> String {
        let name = &var.name;
        match self.random.below(4) {
            0 if var.ty == Ty::IntBag => format!("0 not in {name}"),
            0 => format!("'x' not in {name}"),
            1 => format!("size({name}) = 0"),
            _ => format!("size({name}) >= {}", self.random.below(2)),
        }
    }

    /// Two values of one type held against each other.
    fn compared(&mut self) -> String {
        let one = if self.depth < 2 && self.random.chance(40) {
            self.depth += 1;
            let one = self.subquery();
            self.depth -= 1;
            one
        } else {
            self.scalar()
        };
        let text = one.text;
        match one.ty {
            Ty::Text => self.about_text(&text, &one.sample, &[]),
            Ty::Int => self.about_int(&text, &one.sample),
            Ty::Date => self.about_date(&text, &one.sample),
            Ty::TextBag | Ty::IntBag => format!("size({text}) >= 1"),
            Ty::Texts => self.about_texts(&text, &one.sample),
            Ty::Ints => self.about_ints(&text, &one.sample),
            _ => format!("{text} is not null"),
        }
    }

    pub(super) fn about_texts(&mut self, written: &str, sample: &Value) -> String {
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
}
