//! What is defined: names for expressions and for chains of edges; and what was known by a day.

use super::label::node_label;
use super::pattern::{Found, bind};
use super::{Env, Oracle, Stop, Tried};
use crate::oracle::value::Value;
use dixit::lang::ast::{Definition, Direction, Edge, Expr, Label, Meaning, Node, TypeName};

impl Oracle<'_> {
    /// What a name of the script's own, or else of the prelude, gives for these arguments.
    pub(super) fn defined(&self, name: &str, args: &[Value]) -> Option<Tried<Value>> {
        let (env, body) = match self.meant(name, args) {
            Ok(meant) => meant?,
            Err(stop) => return Some(Err(stop)),
        };
        Some(self.value(&env, body, None))
    }

    /// What a name stands for with these arguments: an expression, and what its variables are. Of nothing, only its
    /// declared type tells which of several definitions is meant; that is not known here, so they have to agree.
    pub(super) fn meant(&self, name: &str, args: &[Value]) -> Tried<Option<(Env, &Expr)>> {
        let mut meant = self.all_meant(name, args);
        let Some((env, body)) = meant.next() else { return Ok(None) };
        if args.contains(&Value::Null) {
            let first = self.value(&env, body, None)?;
            for (env, body) in meant {
                if self.value(&env, body, None)? != first {
                    return Err(Stop::TooMuch);
                }
            }
        }
        Ok(Some((env, body)))
    }

    fn all_meant(&self, name: &str, args: &[Value]) -> impl Iterator<Item = (Env, &Expr)> {
        self.definitions.iter().filter_map(move |definition| {
            let Meaning::Value { parameters, body } = &definition.meaning else { return None };
            let fits = definition.name.text.eq_ignore_ascii_case(name)
                && parameters.len() == args.len()
                && parameters.iter().zip(args).all(|((_, ty), arg)| self.is_of_type(arg, ty));
            let names = parameters.iter().map(|(name, _)| name.text.clone());
            // What is given is of the type that is asked for: an edge that stands as a statement is one inside.
            let given = args.iter().map(|arg| arg.plain(self.graph));
            fits.then(|| (names.zip(given).collect(), &**body))
        })
    }

    /// Whether a name is defined, whatever it takes.
    pub(super) fn is_defined(&self, name: &str) -> bool {
        self.definitions.iter().any(|definition| definition.name.text.eq_ignore_ascii_case(name))
    }

    fn is_of_type(&self, value: &Value, ty: &TypeName) -> bool {
        let name = ty.name.text.to_lowercase();
        match value.plain(self.graph) {
            Value::Node(at) => self.graph.nodes[at].kind.eq_ignore_ascii_case(&name),
            Value::Text(_) => name == "text",
            Value::Int(_) => name == "int",
            Value::Date(_) => name == "date",
            _ => true,
        }
    }

    /// The definition that an edge of a pattern stands for.
    fn derived(&self, edge: &Edge) -> Option<&Definition> {
        let Some(Label::Name(name)) = &edge.label else { return None };
        self.definitions.iter().find(|definition| {
            matches!(definition.meaning, Meaning::Edge { .. })
                && definition.name.text.eq_ignore_ascii_case(&name.text)
        })
    }

    /// Every way along an edge that is defined by a pattern; nothing where it is not.
    pub(super) fn along_derived<'a>(
        &self,
        found: &Found<'a>,
        edge: &'a Edge,
    ) -> Option<Tried<Vec<Found<'a>>>> {
        let definition = self.derived(edge)?;
        let Meaning::Edge { left, variable, right, body } = &definition.meaning else {
            return None;
        };
        let ends: &[(&Node, &Node)] = match edge.direction {
            Direction::Right => &[(left, right)],
            Direction::Left => &[(right, left)],
            Direction::Either => &[(left, right), (right, left)],
        };
        let ways = ends.iter().map(|(near, far)| {
            let mut out = Vec::new();
            let here = found.here();
            if !self.stands(here, near) {
                return Ok(out);
            }
            let mut rows =
                vec![Env::from([(near.name.as_ref().unwrap().text.clone(), Value::Node(here))])];
            for clause in body {
                let mut next = Vec::new();
                for row in &rows {
                    next.extend(self.matches(row, clause)?);
                }
                rows = super::bounded(next, super::ROWS)?;
            }
            for row in rows {
                let Value::Node(to) = row[&far.name.as_ref().unwrap().text].plain(self.graph)
                else {
                    continue;
                };
                if !self.stands(to, far) {
                    continue;
                }
                let mut way = self.copy(found)?;
                if let Some(variable) = variable {
                    bind(&mut way.env, edge.name.as_ref(), row[&variable.text].clone());
                }
                way.nodes.push(to);
                out.push(way);
            }
            Ok(out)
        });
        Some(ways.collect::<Tried<Vec<_>>>().map(|ways| ways.into_iter().flatten().collect()))
    }

    fn stands(&self, at: usize, node: &Node) -> bool {
        node.label.as_ref().is_none_or(|label| node_label(label, self.graph.nodes[at].kind))
    }

    /// Whether a node was known by the end of the day that is asked for.
    pub(super) fn is_known(&self, at: usize) -> bool {
        let Some((first, last)) = self.day.get() else { return true };
        let published = |edge: &crate::oracle::graph::Edge| {
            let source = &self.graph.nodes[edge.to].properties;
            matches!(source.get("published"), Some(Value::Date(date)) if date.last <= last)
        };
        let node = &self.graph.nodes[at];
        let day = |name: &str| match node.properties.get(name) {
            Some(Value::Date(date)) => Some(date),
            _ => None,
        };
        match node.kind {
            "Statement" => self
                .graph
                .edges
                .iter()
                .any(|edge| edge.family == "in" && edge.from == at && published(edge)),
            "Attestation" => published(&self.graph.edges[node.edge.unwrap()]),
            "Relation" => {
                day("valid_from").is_none_or(|from| from.last <= last)
                    && day("valid_to").is_none_or(|to| to.first >= first)
            }
            _ => true,
        }
    }

    /// Whether an edge was known: the node it is, and both its ends.
    pub(super) fn is_known_edge(&self, at: usize) -> bool {
        let edge = &self.graph.edges[at];
        self.day.get().is_none()
            || [Some(edge.from), Some(edge.to), edge.node]
                .into_iter()
                .flatten()
                .all(|node| self.is_known(node))
    }

    /// The day that `as of` asks for: its first and its last.
    pub(super) fn day_of(&self, env: &Env, time: &Expr) -> Tried<Option<(i64, i64)>> {
        Ok(match self.value(env, time, None)? {
            Value::Date(date) => Some((date.first, date.last)),
            _ => None,
        })
    }
}
