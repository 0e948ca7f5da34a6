//! Patterns: every way they fit.

use super::label::{self, Place};
use super::{Ask, Env, Oracle, ROWS, Tried, bounded, weight};
use crate::oracle::value::Value;
use dixit::base::fold::fold;
use dixit::lang::ast::{
    BinaryOp, Direction, Edge, Expr, Match, MatchMode, Name, Node, PathMode, Pattern, Step,
};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A match under way. `Oracle::copy` makes another one of it and counts what that takes.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub(super) env: Env,
    /// The edges of this match so far, which none may be passed again.
    used: Vec<usize>,
    /// What is left to be looked at once all variables are known.
    pub(super) checks: Vec<Check<'a>>,
    /// The nodes and edges of the pattern under way.
    pub(super) nodes: Vec<usize>,
    pub(super) edges: Vec<usize>,
}

/// Something that must hold once all variables are known.
#[derive(Clone)]
pub(super) struct Check<'a> {
    /// What variables of a repeated part hold in this repetition.
    pub(super) within: Rc<Env>,
    pub(super) of: Of<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    Node(&'a Node, usize),
    Edge(&'a Edge, usize),
    /// One edge of a repeated one.
    Each(&'a Edge, usize),
    Condition(&'a Expr),
}

/// What is the same for all of a match.
pub(super) struct Rules<'a> {
    closed: BTreeSet<Place<'a>>,
    pub(super) different: bool,
}

impl Found<'_> {
    pub(super) fn here(&self) -> usize {
        *self.nodes.last().unwrap()
    }
}

impl<'a> Found<'a> {
    fn must(&mut self, of: Of<'a>) {
        self.checks.push(Check { within: Rc::default(), of });
    }
}

impl Oracle<'_> {
    /// Every way a match extends a row.
    pub(super) fn matches(&self, row: &Env, clause: &Match) -> Tried<Vec<Env>> {
        let rules = Rules {
            closed: label::closed_places(clause),
            different: clause.mode == MatchMode::DifferentEdges,
        };
        let mut all = vec![Found { env: row.clone(), ..Found::default() }];
        for pattern in &clause.patterns {
            let mut next = Vec::new();
            for found in all {
                next.extend(self.pattern(&found, pattern, &rules)?);
                next = bounded(next, ROWS * 4)?;
            }
            all = next;
        }
        let mut out = Vec::new();
        for found in all {
            if self.fits(&found)? && self.holds(&found.env, clause.filter.as_ref())? {
                out.push(found.env);
            }
        }
        Ok(out)
    }

    /// Another match that begins as this one does.
    pub(super) fn copy<'a>(&self, found: &Found<'a>) -> Tried<Found<'a>> {
        let Found { env, used, checks, nodes, edges } = found;
        self.copies(weight(env) + used.len() + checks.len() + nodes.len() + edges.len())?;
        Ok(Found {
            env: env.clone(),
            used: used.clone(),
            checks: checks.clone(),
            nodes: nodes.clone(),
            edges: edges.clone(),
        })
    }

    /// Every way one pattern fits.
    fn pattern<'a>(
        &self,
        before: &Found<'a>,
        pattern: &'a Pattern,
        rules: &Rules<'a>,
    ) -> Tried<Vec<Found<'a>>> {
        let rules = &Rules {
            closed: rules.closed.clone(),
            different: rules.different && pattern.mode != Some(PathMode::Walk),
        };
        let mut all = Vec::new();
        for start in self.nodes(&before.env, &pattern.start, rules) {
            self.step()?;
            let mut begun = self.copy(before)?;
            (begun.nodes, begun.edges) = (vec![start], Vec::new());
            bind(&mut begun.env, pattern.start.name.as_ref(), Value::Node(start));
            begun.must(Of::Node(&pattern.start, start));
            all.push(begun);
        }
        all = self.along(all, &pattern.steps, rules)?;
        if let Some(mode) = pattern.mode {
            all.retain(|found| allowed(mode, found));
        }
        if let Some(search) = pattern.search {
            all = self.searched(all, search.kind)?;
        }
        for found in &mut all {
            let (nodes, edges) =
                (std::mem::take(&mut found.nodes), std::mem::take(&mut found.edges));
            bind(&mut found.env, pattern.path.as_ref(), Value::Path(nodes, edges));
        }
        Ok(all)
    }

    /// Goes on along steps, one after the other.
    pub(super) fn along<'a>(
        &self,
        mut all: Vec<Found<'a>>,
        steps: &'a [(Step, Node)],
        rules: &Rules<'a>,
    ) -> Tried<Vec<Found<'a>>> {
        for (step, node) in steps {
            let mut next = Vec::new();
            for found in all {
                self.step()?;
                let ways = match step {
                    Step::Edge(edge) if edge.quantifier.is_none() => {
                        match self.along_derived(&found, edge) {
                            Some(ways) => ways?,
                            None => self.single(&found, edge, rules)?,
                        }
                    }
                    Step::Edge(edge) => self.repeated_edge(&found, edge, rules)?,
                    Step::Group(group) => self.group(&found, group, rules)?,
                };
                for way in ways {
                    next.extend(self.arrive(way, node, rules));
                }
                next = bounded(next, ROWS * 4)?;
            }
            all = next;
        }
        Ok(all)
    }

    /// The node at hand stands where the pattern writes one, if it may.
    pub(super) fn arrive<'a>(
        &self,
        mut found: Found<'a>,
        node: &'a Node,
        rules: &Rules<'a>,
    ) -> Option<Found<'a>> {
        let here = found.here();
        if !self.nodes(&found.env, node, rules).contains(&here) {
            return None;
        }
        bind(&mut found.env, node.name.as_ref(), Value::Node(here));
        found.must(Of::Node(node, here));
        Some(found)
    }

    /// Every edge that goes on from where a match is.
    fn single<'a>(
        &self,
        found: &Found<'a>,
        edge: &'a Edge,
        rules: &Rules<'a>,
    ) -> Tried<Vec<Found<'a>>> {
        let mut out = Vec::new();
        for (along, to) in self.leaving(found.here(), edge) {
            self.step()?;
            let value = Value::Edge(along);
            if rules.different && found.used.contains(&along)
                || !self.agrees(&found.env, edge.name.as_ref(), &value)
            {
                continue;
            }
            let mut next = self.copy(found)?;
            bind(&mut next.env, edge.name.as_ref(), value);
            next.pass(along, to);
            next.must(Of::Edge(edge, along));
            out.push(next);
        }
        Ok(out)
    }

    /// The edges that leave a node the way a pattern says, each with where it leads.
    pub(super) fn leaving(&self, here: usize, edge: &Edge) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for (at, found) in self.graph.edges.iter().enumerate() {
            let fits =
                edge.label.as_ref().is_none_or(|label| label::edge_label(label, &found.labels));
            if !fits || !self.is_known_edge(at) {
                continue;
            }
            let both = found.symmetric || edge.direction == Direction::Either;
            let forwards = both || edge.direction == Direction::Right;
            let backwards = both || edge.direction == Direction::Left;
            if forwards && found.from == here {
                out.push((at, found.to));
            }
            if backwards && found.to == here && !(forwards && found.from == found.to) {
                out.push((at, found.from));
            }
        }
        out
    }

    /// The nodes that may stand in a place, as far as name and label say.
    fn nodes(&self, env: &Env, node: &Node, rules: &Rules<'_>) -> Vec<usize> {
        let name = node.name.as_ref().map(|name| name.text.as_str());
        let bound = name.and_then(|name| env.get(name)).map(|value| value.plain(self.graph));
        let fits = |at: &usize| {
            let kind = &self.graph.nodes[*at];
            self.is_known(*at)
                && node.label.as_ref().is_none_or(|label| label::node_label(label, kind.kind))
        };
        match bound {
            Some(Value::Node(at)) => Some(at).filter(fits).into_iter().collect(),
            Some(_) => Vec::new(),
            None => {
                let any = !rules.closed.contains(&label::place_of(node));
                let all = 0..self.graph.nodes.len();
                all.filter(|at| any || !self.graph.nodes[*at].as_edge).filter(fits).collect()
            }
        }
    }

    fn agrees(&self, env: &Env, name: Option<&Name>, value: &Value) -> bool {
        let before = name.and_then(|name| env.get(&name.text));
        before.is_none_or(|before| before.plain(self.graph) == value.plain(self.graph))
    }

    /// Whether all that is asked along the way holds, now that the variables are known.
    pub(super) fn fits(&self, found: &Found<'_>) -> Tried<bool> {
        for check in &found.checks {
            let mut env = found.env.clone();
            env.extend(check.within.iter().map(|(name, value)| (name.clone(), value.clone())));
            let holds = match check.of {
                Of::Node(node, at) => self.node_fits(&env, node, at)?,
                Of::Edge(edge, at) => self.edge_fits(&env, edge, at)?,
                Of::Each(edge, at) => {
                    if let Some(name) = &edge.name {
                        env.insert(name.text.clone(), Value::Edge(at));
                    }
                    self.edge_fits(&env, edge, at)?
                }
                Of::Condition(condition) => self.holds(&env, Some(condition))?,
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn edge_fits(&self, env: &Env, edge: &Edge, at: usize) -> Tried<bool> {
        Ok(self.properties_fit(env, &Value::Edge(at), &edge.properties)?
            && self.holds(env, edge.filter.as_ref())?)
    }

    fn node_fits(&self, env: &Env, node: &Node, at: usize) -> Tried<bool> {
        if let Some(text) = &node.text {
            let Value::Text(text) = self.value(env, text, None)? else { return Ok(false) };
            if !self.graph.nodes[at].names.contains(&fold(&text)) {
                return Ok(false);
            }
        }
        Ok(self.properties_fit(env, &Value::Node(at), &node.properties)?
            && self.holds(env, node.filter.as_ref())?)
    }

    fn properties_fit(&self, env: &Env, of: &Value, properties: &[(Name, Expr)]) -> Tried<bool> {
        for (name, wanted) in properties {
            let (held, wanted) = (self.property(of, &name.text), self.value(env, wanted, None)?);
            if self.compare(BinaryOp::Equal, &held, &wanted, Ask::Certain) != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn holds(&self, env: &Env, condition: Option<&Expr>) -> Tried<bool> {
        let Some(condition) = condition else { return Ok(true) };
        Ok(self.truth(env, condition, None, Ask::Certain)? == Some(true))
    }
}

impl Found<'_> {
    /// Whether this match passed an edge already.
    pub(super) fn has_passed(&self, edge: usize) -> bool {
        self.used.contains(&edge)
    }

    pub(super) fn pass(&mut self, edge: usize, to: usize) {
        self.used.push(edge);
        self.edges.push(edge);
        self.nodes.push(to);
    }
}

/// Whether a path passes nothing twice that its mode does not let it.
fn allowed(mode: PathMode, found: &Found<'_>) -> bool {
    let once = |all: &[usize]| all.iter().collect::<BTreeSet<_>>().len() == all.len();
    let nodes = &found.nodes;
    match mode {
        PathMode::Walk => true,
        PathMode::Trail => once(&found.edges),
        PathMode::Acyclic => once(nodes),
        PathMode::Simple => {
            let circle = nodes.len() > 1 && nodes.first() == nodes.last();
            once(&found.edges) && once(&nodes[usize::from(circle)..])
        }
    }
}

pub(super) fn bind(env: &mut Env, name: Option<&Name>, value: Value) {
    if let Some(name) = name {
        let before = env.get(&name.text);
        // A variable that is an edge stays one, where it also stands as a node.
        if !matches!((before, &value), (Some(Value::Edge(_)), Value::Node(_))) {
            env.insert(name.text.clone(), value);
        }
    }
}
