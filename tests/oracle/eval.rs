//! Answers a query by trying everything: every node for every place of a pattern, every trail for a repeated edge.

use super::graph::Graph;
use super::value::{Value, number, order, show};
use dixit::base::{
    date::{Date, day_after, day_before},
    fold::fold,
};
use dixit::lang::ast::{
    BinaryOp, Clause, Direction, Edge, Expr, ExprKind, IsWhat, Label, Match, MatchMode, Node,
    Nulls, Order, Projection, Quantifier, Query, UnaryOp,
};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What the variables hold.
pub(crate) type Env = BTreeMap<String, Value>;

/// The query asks for too much to try everything.
#[derive(Debug)]
pub(crate) struct TooMuch;

/// An answer: its rows, in an order that counts only where the query fixes it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Vec<Value>>,
}

/// How far trying goes.
const STEPS: u64 = 400_000;
const ROWS: usize = 4_000;

pub(crate) struct Oracle<'g> {
    graph: &'g Graph,
    steps: std::cell::Cell<u64>,
}

/// A group while it is projected: the row that stands for it, and all its rows.
struct Group<'e> {
    rows: &'e [Env],
}

/// A match under way.
#[derive(Clone, Default)]
struct Found {
    env: Env,
    used: Vec<usize>,
    /// The edges passed for each step of a pattern, to be looked at once all variables are known.
    passed: Vec<(usize, usize, Vec<usize>)>,
    /// The nodes that stand where a pattern writes one, pattern by pattern.
    stood: Vec<(usize, usize)>,
}

/// What is asked of a condition over uncertain dates.
#[derive(Clone, Copy, PartialEq)]
enum Ask {
    Value,
    Certain,
    Possible,
}

type Truth = Option<bool>;

/// Answers a query.
pub(crate) fn answer(graph: &Graph, query: &Query) -> Result<Answer, TooMuch> {
    let oracle = Oracle { graph, steps: std::cell::Cell::new(0) };
    let mut rows = vec![Env::new()];
    for clause in &query.linear.clauses {
        rows = match clause {
            Clause::Match(clause) => oracle.match_clause(rows, clause)?,
            Clause::With { projection, filter } => {
                let rows = oracle.with(rows, projection)?;
                let mut kept = Vec::new();
                for row in rows {
                    if oracle.holds(&row, filter.as_ref())? {
                        kept.push(row);
                    }
                }
                kept
            }
            Clause::Optional(..) | Clause::Let(..) | Clause::For { .. } | Clause::Call { .. } => {
                panic!("the oracle does not know this clause yet")
            }
        };
        if rows.len() > ROWS {
            return Err(TooMuch);
        }
    }
    Ok(Answer { rows: oracle.project(&rows, query.linear.result.as_ref().unwrap())? })
}

fn headings(projection: &Projection, rows: &[Env]) -> Vec<String> {
    let star = projection.star.and_then(|_| rows.first()).into_iter().flat_map(Env::keys).cloned();
    star.chain(projection.items.iter().map(|item| match (&item.alias, &item.value.kind) {
        (Some(alias), _) => alias.text.clone(),
        (None, ExprKind::Variable(name)) => name.text.clone(),
        (None, _) => item.heading.clone(),
    }))
    .collect()
}

// Patterns -----------------------------------------------------------------------------------------------------------

impl Oracle<'_> {
    fn step(&self) -> Result<(), TooMuch> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > STEPS { Err(TooMuch) } else { Ok(()) }
    }

    fn match_clause(&self, rows: Vec<Env>, clause: &Match) -> Result<Vec<Env>, TooMuch> {
        let mut out = Vec::new();
        for row in rows {
            let found = self.matches(&row, clause)?;
            if found.is_empty() && clause.optional {
                let mut kept = row.clone();
                for name in names_of(clause) {
                    kept.entry(name).or_insert(Value::Null);
                }
                out.push(kept);
            }
            out.extend(found);
            if out.len() > ROWS {
                return Err(TooMuch);
            }
        }
        Ok(out)
    }

    /// Every way a match extends a row.
    fn matches(&self, row: &Env, clause: &Match) -> Result<Vec<Env>, TooMuch> {
        let closed = closed_places(clause);
        let mut all = vec![Found { env: row.clone(), ..Found::default() }];
        for (at, pattern) in clause.patterns.iter().enumerate() {
            let mut next = Vec::new();
            for found in all {
                for start in self.nodes(&found.env, &pattern.start, (at, 0), &closed) {
                    self.step()?;
                    let mut begun = found.clone();
                    begun.stood.push((at, start));
                    bind(&mut begun.env, pattern.start.name.as_ref(), Value::Node(start));
                    let path = (vec![start], Vec::new());
                    self.extend(begun, path, (at, 0), clause, &closed, &mut next)?;
                }
            }
            all = next;
            if all.len() > ROWS * 4 {
                return Err(TooMuch);
            }
        }
        let mut out = Vec::new();
        for found in all {
            if self.fits(&found, clause)? {
                out.push(found.env);
            }
        }
        Ok(out)
    }

    /// Goes on from the last node of the path along the steps that are left of a pattern.
    fn extend(
        &self,
        found: Found,
        path: (Vec<usize>, Vec<usize>),
        (pattern_at, step_at): (usize, usize),
        clause: &Match,
        closed: &BTreeSet<String>,
        out: &mut Vec<Found>,
    ) -> Result<(), TooMuch> {
        self.step()?;
        let pattern = &clause.patterns[pattern_at];
        let Some((step, node)) = pattern.steps.get(step_at) else {
            let mut found = found;
            let value = Value::Path(path.0, path.1);
            bind(&mut found.env, pattern.path.as_ref(), value);
            out.push(found);
            return if out.len() > ROWS * 4 { Err(TooMuch) } else { Ok(()) };
        };
        let edge = step.edge().unwrap();
        let here = *path.0.last().unwrap();
        let mut ways = Vec::new();
        match edge.quantifier {
            None => {
                for (along, to) in self.leaving(here, edge) {
                    ways.push((vec![along], vec![to]));
                }
            }
            Some(quantifier) => {
                let repeatable = clause.mode == MatchMode::RepeatableElements;
                let trail = (Vec::new(), Vec::new());
                self.trails(here, edge, quantifier, repeatable, trail, &mut ways)?;
            }
        }
        for (edges, nodes) in ways {
            if clause.mode == MatchMode::DifferentEdges
                && edges.iter().any(|edge| found.used.contains(edge))
            {
                continue;
            }
            let mut next = found.clone();
            let to = nodes.last().copied().unwrap_or(here);
            if edge.quantifier.is_some() {
                let list = edges.iter().map(|edge| Value::Edge(*edge)).collect();
                bind(&mut next.env, edge.name.as_ref(), Value::List(list));
                next.passed.push((pattern_at, step_at, edges.clone()));
            } else {
                let value = Value::Edge(edges[0]);
                if !self.agrees(&next.env, edge.name.as_ref(), &value) {
                    continue;
                }
                bind(&mut next.env, edge.name.as_ref(), value);
                next.passed.push((pattern_at, step_at, edges.clone()));
            }
            if !self.nodes(&next.env, node, (pattern_at, step_at + 1), closed).contains(&to) {
                continue;
            }
            bind(&mut next.env, node.name.as_ref(), Value::Node(to));
            next.used.extend(&edges);
            next.stood.push((pattern_at, to));
            let mut path = path.clone();
            path.0.extend(nodes);
            path.1.extend(edges);
            self.extend(next, path, (pattern_at, step_at + 1), clause, closed, out)?;
        }
        Ok(())
    }

    /// Every trail (or walk) from a node over a repeated edge: edges, and the nodes they lead to.
    fn trails(
        &self,
        here: usize,
        edge: &Edge,
        quantifier: Quantifier,
        repeatable: bool,
        (edges, nodes): (Vec<usize>, Vec<usize>),
        out: &mut Vec<(Vec<usize>, Vec<usize>)>,
    ) -> Result<(), TooMuch> {
        self.step()?;
        let length = u32::try_from(edges.len()).unwrap();
        if length >= quantifier.min {
            out.push((edges.clone(), nodes.clone()));
        }
        if quantifier.max.is_some_and(|max| length >= max) {
            return Ok(());
        }
        for (along, to) in self.leaving(here, edge) {
            if !repeatable && edges.contains(&along) {
                continue;
            }
            let (mut edges, mut nodes) = (edges.clone(), nodes.clone());
            edges.push(along);
            nodes.push(to);
            self.trails(to, edge, quantifier, repeatable, (edges, nodes), out)?;
        }
        Ok(())
    }

    /// The edges that leave a node the way a pattern says, each with where it leads.
    fn leaving(&self, here: usize, edge: &Edge) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for (at, found) in self.graph.edges.iter().enumerate() {
            let fits = edge.label.as_ref().is_none_or(|label| edge_label(label, &found.labels));
            if !fits {
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
    fn nodes(
        &self,
        env: &Env,
        node: &Node,
        at: (usize, usize),
        closed: &BTreeSet<String>,
    ) -> Vec<usize> {
        let name = node.name.as_ref().map(|name| name.text.as_str());
        let bound = name.and_then(|name| env.get(name)).map(|value| value.plain(self.graph));
        let fits = |at: &usize| {
            let kind = &self.graph.nodes[*at];
            node.label.as_ref().is_none_or(|label| node_label(label, kind.kind))
        };
        match bound {
            Some(Value::Node(at)) => Some(at).filter(fits).into_iter().collect(),
            Some(_) => Vec::new(),
            None => {
                let any = !closed.contains(&place_of(node, at));
                let all = 0..self.graph.nodes.len();
                all.filter(|at| any || !self.graph.nodes[*at].as_edge).filter(fits).collect()
            }
        }
    }

    fn agrees(&self, env: &Env, name: Option<&dixit::lang::ast::Name>, value: &Value) -> bool {
        let before = name.and_then(|name| env.get(&name.text));
        before.is_none_or(|before| before.plain(self.graph) == value.plain(self.graph))
    }

    /// Whether all conditions hold once all variables are known.
    fn fits(&self, found: &Found, clause: &Match) -> Result<bool, TooMuch> {
        let env = &found.env;
        for (pattern_at, pattern) in clause.patterns.iter().enumerate() {
            let edges: Vec<&(usize, usize, Vec<usize>)> =
                found.passed.iter().filter(|passed| passed.0 == pattern_at).collect();
            let ends =
                found.stood.iter().filter(|stood| stood.0 == pattern_at).map(|stood| stood.1);
            let nodes =
                std::iter::once(&pattern.start).chain(pattern.steps.iter().map(|(_, node)| node));
            for (node, at) in nodes.zip(ends) {
                if !self.node_fits(env, node, at)? {
                    return Ok(false);
                }
            }
            for (_, step_at, passed) in edges {
                let edge = pattern.steps[*step_at].0.edge().unwrap();
                for along in passed {
                    let mut env = env.clone();
                    if let (Some(name), Some(_)) = (&edge.name, edge.quantifier) {
                        env.insert(name.text.clone(), Value::Edge(*along));
                    }
                    let value = Value::Edge(*along);
                    if !self.properties_fit(&env, &value, &edge.properties)?
                        || !self.holds(&env, edge.filter.as_ref())?
                    {
                        return Ok(false);
                    }
                }
            }
        }
        self.holds(env, clause.filter.as_ref())
    }

    fn node_fits(&self, env: &Env, node: &Node, at: usize) -> Result<bool, TooMuch> {
        if let Some(text) = &node.text {
            let Value::Text(text) = self.value(env, text, None)? else { return Ok(false) };
            if !self.graph.nodes[at].names.contains(&fold(&text)) {
                return Ok(false);
            }
        }
        Ok(self.properties_fit(env, &Value::Node(at), &node.properties)?
            && self.holds(env, node.filter.as_ref())?)
    }

    fn properties_fit(
        &self,
        env: &Env,
        of: &Value,
        properties: &[(dixit::lang::ast::Name, Expr)],
    ) -> Result<bool, TooMuch> {
        for (name, wanted) in properties {
            let (held, wanted) = (self.property(of, &name.text), self.value(env, wanted, None)?);
            if self.compare(BinaryOp::Equal, &held, &wanted, Ask::Certain) != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&self, env: &Env, condition: Option<&Expr>) -> Result<bool, TooMuch> {
        let Some(condition) = condition else { return Ok(true) };
        Ok(self.truth(env, condition, None, Ask::Certain)? == Some(true))
    }
}

fn bind(env: &mut Env, name: Option<&dixit::lang::ast::Name>, value: Value) {
    if let Some(name) = name {
        let before = env.get(&name.text);
        // A variable that is an edge stays one, where it also stands as a node.
        if !matches!((before, &value), (Some(Value::Edge(_)), Value::Node(_))) {
            env.insert(name.text.clone(), value);
        }
    }
}

fn names_of(clause: &Match) -> Vec<String> {
    let mut names = Vec::new();
    for pattern in &clause.patterns {
        names.extend(pattern.path.iter().chain(&pattern.start.name).map(|name| name.text.clone()));
        for (step, node) in &pattern.steps {
            let edge = step.edge().unwrap();
            names.extend(edge.name.iter().chain(&node.name).map(|name| name.text.clone()));
        }
    }
    names
}

fn edge_label(label: &Label, names: &[String]) -> bool {
    match label {
        Label::Name(name) => names.contains(&name.text.to_lowercase()),
        Label::Any(_) => true,
        Label::Not(inner, _) => !edge_label(inner, names),
        Label::And(a, b) => edge_label(a, names) && edge_label(b, names),
        Label::Or(a, b) => edge_label(a, names) || edge_label(b, names),
    }
}

fn node_label(label: &Label, kind: &str) -> bool {
    match label {
        Label::Name(name) => name.text.eq_ignore_ascii_case(kind),
        Label::Any(_) => true,
        Label::Not(inner, _) => !node_label(inner, kind),
        Label::And(a, b) => node_label(a, kind) && node_label(b, kind),
        Label::Or(a, b) => node_label(a, kind) || node_label(b, kind),
    }
}

/// Whether a label means kinds that it does not name.
fn is_broad(label: &Label) -> bool {
    match label {
        Label::Name(_) => false,
        Label::Any(_) | Label::Not(..) => true,
        Label::And(a, b) | Label::Or(a, b) => is_broad(a) || is_broad(b),
    }
}

/// The places of a match at which a node that is only an edge may not stand: those that no edge needs and no label
/// names. A place is told by the variable there, or by its number where there is none.
fn closed_places(clause: &Match) -> BTreeSet<String> {
    let mut labelled = BTreeSet::new();
    let mut broad = BTreeSet::new();
    let mut joined: BTreeSet<String> =
        edges_by_name(clause).into_iter().map(str::to_owned).collect();
    let mut places = BTreeSet::new();
    for (pattern_at, pattern) in clause.patterns.iter().enumerate() {
        let nodes =
            std::iter::once(&pattern.start).chain(pattern.steps.iter().map(|(_, node)| node));
        for (at, node) in nodes.enumerate() {
            let place = place_of(node, (pattern_at, at));
            if let Some(label) = &node.label {
                labelled.insert(place.clone());
                if is_broad(label) {
                    broad.insert(place.clone());
                }
            }
            let beside = [at.checked_sub(1), Some(at)].into_iter().flatten();
            let needed = |at: usize| {
                pattern.steps.get(at).is_some_and(|(step, _)| {
                    step.edge().unwrap().quantifier.is_none_or(|often| often.min > 0)
                })
            };
            if beside.into_iter().any(needed) {
                joined.insert(place.clone());
            }
            places.insert(place);
        }
    }
    places.retain(|place| {
        !joined.contains(place) && (!labelled.contains(place) || broad.contains(place))
    });
    places
}

fn place_of(node: &Node, (pattern, at): (usize, usize)) -> String {
    node.name.as_ref().map_or_else(|| format!("{pattern} {at}"), |name| name.text.clone())
}

/// The names of single edges.
fn edges_by_name(clause: &Match) -> BTreeSet<&str> {
    let steps = clause.patterns.iter().flat_map(|pattern| &pattern.steps);
    let single = steps.filter_map(|(step, _)| step.edge()).filter(|edge| edge.quantifier.is_none());
    single.filter_map(|edge| edge.name.as_ref()).map(|name| name.text.as_str()).collect()
}

// Projections --------------------------------------------------------------------------------------------------------

impl Oracle<'_> {
    fn with(&self, rows: Vec<Env>, projection: &Projection) -> Result<Vec<Env>, TooMuch> {
        let plain = projection.star.is_some()
            && projection.items.is_empty()
            && !projection.distinct
            && projection.group.is_none()
            && projection.offset.is_none()
            && projection.limit.is_none();
        if plain {
            return Ok(rows);
        }
        let names = headings(projection, &rows);
        let projected = self.project(&rows, projection)?;
        Ok(projected.into_iter().map(|row| names.iter().cloned().zip(row).collect()).collect())
    }

    fn project(&self, rows: &[Env], projection: &Projection) -> Result<Vec<Vec<Value>>, TooMuch> {
        let grouped = projection.group.is_some()
            || projection.items.iter().any(|item| has_aggregate(&item.value))
            || projection.order.iter().any(|key| has_aggregate(&key.value));
        let groups = if grouped {
            self.groups(rows, projection)?
        } else {
            rows.iter().map(|row| vec![row.clone()]).collect()
        };
        let mut out: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
        for group in &groups {
            let empty = Env::new();
            let first = group.first().unwrap_or(&empty);
            let whole = Group { rows: group };
            let aggregate = grouped.then_some(&whole);
            let mut row: Vec<Value> = Vec::new();
            if projection.star.is_some() {
                row.extend(first.values().cloned());
            }
            let mut named = first.clone();
            for item in &projection.items {
                let value = self.value(first, &item.value, aggregate)?;
                let name = match (&item.alias, &item.value.kind) {
                    (Some(alias), _) => alias.text.clone(),
                    (None, ExprKind::Variable(name)) => name.text.clone(),
                    (None, _) => item.heading.clone(),
                };
                named.insert(name, value.clone());
                row.push(value);
            }
            let mut keys = Vec::new();
            for key in &projection.order {
                keys.push(self.value(&named, &key.value, aggregate)?);
            }
            out.push((row, keys));
        }
        if projection.distinct {
            let mut seen = BTreeSet::new();
            out.retain(|(row, _)| seen.insert(self.identity(row)));
        }
        out.sort_by(|a, b| sorted(&projection.order, &a.1, &b.1));
        let offset = self.count(projection.offset.as_ref())?.unwrap_or(0);
        let limit = self.count(projection.limit.as_ref())?.unwrap_or(usize::MAX);
        Ok(out.into_iter().map(|(row, _)| row).skip(offset).take(limit).collect())
    }

    fn count(&self, written: Option<&Expr>) -> Result<Option<usize>, TooMuch> {
        let Some(written) = written else { return Ok(None) };
        match self.value(&Env::new(), written, None)? {
            Value::Int(count) => Ok(usize::try_from(count).ok()),
            other => panic!("{other:?} is not a count"),
        }
    }

    fn groups(&self, rows: &[Env], projection: &Projection) -> Result<Vec<Vec<Env>>, TooMuch> {
        let plain: Vec<&Expr> = projection
            .items
            .iter()
            .map(|item| &item.value)
            .filter(|value| !has_aggregate(value))
            .collect();
        let none = Vec::new();
        let named = projection.group.as_ref().unwrap_or(&none);
        let aliased = |expr: &Expr| -> Expr {
            let ExprKind::Variable(name) = &expr.kind else { return expr.clone() };
            let item = projection
                .items
                .iter()
                .find(|item| item.alias.as_ref().is_some_and(|alias| alias.text == name.text));
            item.map_or_else(|| expr.clone(), |item| item.value.clone())
        };
        let keys: Vec<Expr> = plain.into_iter().cloned().chain(named.iter().map(aliased)).collect();
        if keys.is_empty() {
            return Ok(vec![rows.to_vec()]);
        }
        let mut groups: Vec<(String, Vec<Env>)> = Vec::new();
        for row in rows {
            let mut values = Vec::new();
            for key in &keys {
                values.push(self.value(row, key, None)?);
            }
            let identity = self.identity(&values);
            match groups.iter_mut().find(|(known, _)| *known == identity) {
                Some((_, group)) => group.push(row.clone()),
                None => groups.push((identity, vec![row.clone()])),
            }
        }
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    /// What tells rows apart where equal ones count once.
    fn identity(&self, row: &[Value]) -> String {
        let each: Vec<String> = row
            .iter()
            .map(|value| match value {
                // Two attestations may look the same and are two all the same.
                Value::Node(at) => format!("node {at}"),
                Value::Edge(at) => match self.graph.edges[*at].node {
                    Some(node) => format!("node {node}"),
                    None => format!("edge {at}"),
                },
                Value::List(members) => format!("[{}]", self.identity(members)),
                Value::Path(nodes, edges) => format!("path {nodes:?} {edges:?}"),
                other => show(other, self.graph, true),
            })
            .collect();
        each.join("\u{1}")
    }
}

fn sorted(order_by: &[Order], a: &[Value], b: &[Value]) -> Ordering {
    for ((key, a), b) in order_by.iter().zip(a).zip(b) {
        let nulls_first = key.nulls.map_or(key.descending, |nulls| nulls == Nulls::First);
        let ordering = match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) if nulls_first => Ordering::Less,
            (false, true) if !nulls_first => Ordering::Less,
            (true, false) | (false, true) => Ordering::Greater,
            (false, false) => {
                let ordering = order(a, b).unwrap_or(Ordering::Equal);
                if key.descending { ordering.reverse() } else { ordering }
            }
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    Ordering::Equal
}

const AGGREGATES: &[&str] = &["count", "sum", "avg", "min", "max", "collect_list", "collect"];

fn is_aggregate(name: &str) -> bool {
    AGGREGATES.contains(&name)
}

/// Whether an aggregate stands in an expression.
pub(crate) fn has_aggregate(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { name, args, .. } => {
            is_aggregate(&name.text) || args.iter().any(has_aggregate)
        }
        _ => children(expr).into_iter().any(has_aggregate),
    }
}

/// The expressions directly inside, those of inner patterns left out.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Property(a, _) | ExprKind::Unary(_, a) => vec![a],
        ExprKind::Is { value, .. } | ExprKind::IsLabeled { value, .. } => vec![value],
        ExprKind::Call { args, .. } | ExprKind::List(args) => args.iter().collect(),
        ExprKind::Binary(_, _, a, b) | ExprKind::Index(a, b) => vec![a, b],
        ExprKind::Case { subject, branches, otherwise } => subject
            .as_deref()
            .into_iter()
            .chain(branches.iter().flat_map(|(when, then)| [when, then]))
            .chain(otherwise.as_deref())
            .collect(),
        ExprKind::Slice(a, from, to) => {
            std::iter::once(&**a).chain(from.as_deref()).chain(to.as_deref()).collect()
        }
        _ => Vec::new(),
    }
}

// Expressions --------------------------------------------------------------------------------------------------------

fn truth_value(truth: Truth) -> Value {
    truth.map_or(Value::Null, Value::Bool)
}

fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn not(a: Truth) -> Truth {
    a.map(|a| !a)
}

impl Oracle<'_> {
    fn property(&self, of: &Value, name: &str) -> Value {
        let name = name.to_lowercase();
        let found = match of.plain(self.graph) {
            Value::Node(at) => self.graph.nodes[at].properties.get(name.as_str()).cloned(),
            Value::Edge(at) => self.graph.edges[at].properties.get(name.as_str()).cloned(),
            _ => None,
        };
        found.unwrap_or(Value::Null)
    }

    fn value(&self, env: &Env, expr: &Expr, group: Option<&Group<'_>>) -> Result<Value, TooMuch> {
        Ok(match &expr.kind {
            ExprKind::Null => Value::Null,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(number) => Value::Int(*number),
            ExprKind::Float(number) => Value::Float(*number),
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Date(text) => Value::Date(Date::parse(text).unwrap()),
            ExprKind::Param(name) => panic!("${} has no value", name.text),
            ExprKind::Variable(name) => env.get(&name.text).cloned().unwrap_or(Value::Null),
            ExprKind::Property(of, name) => self.property(&self.value(env, of, group)?, &name.text),
            ExprKind::Call { name, distinct, star, args } => {
                if name.text == "possibly" {
                    return Ok(truth_value(self.truth(env, &args[0], group, Ask::Possible)?));
                }
                if is_aggregate(&name.text) {
                    let group = group.expect("an aggregate stands where rows are grouped");
                    return self.aggregate(&name.text, *distinct, *star, args, group);
                }
                let mut values = Vec::new();
                for arg in args {
                    values.push(self.value(env, arg, group)?);
                }
                self.call(&name.text, &values)
            }
            ExprKind::Unary(UnaryOp::Minus, inner) => match self.value(env, inner, group)? {
                Value::Int(number) => Value::Int(-number),
                Value::Float(number) => Value::Float(-number),
                _ => Value::Null,
            },
            ExprKind::Unary(UnaryOp::Plus, inner) => self.value(env, inner, group)?,
            ExprKind::Binary(
                op @ (BinaryOp::Concat
                | BinaryOp::Add
                | BinaryOp::Subtract
                | BinaryOp::Multiply
                | BinaryOp::Divide
                | BinaryOp::Modulo
                | BinaryOp::Power),
                _,
                a,
                b,
            ) => {
                let (a, b) = (self.value(env, a, group)?, self.value(env, b, group)?);
                arithmetic(*op, a, b)
            }
            ExprKind::Case { subject, branches, otherwise } => {
                let subject = match subject {
                    Some(subject) => Some(self.value(env, subject, group)?),
                    None => None,
                };
                for (when, then) in branches {
                    let fits = match &subject {
                        Some(subject) => {
                            let when = self.value(env, when, group)?;
                            self.compare(BinaryOp::Equal, subject, &when, Ask::Certain)
                        }
                        None => self.truth(env, when, group, Ask::Certain)?,
                    };
                    if fits == Some(true) {
                        return self.value(env, then, group);
                    }
                }
                match otherwise {
                    Some(otherwise) => self.value(env, otherwise, group)?,
                    None => Value::Null,
                }
            }
            ExprKind::List(members) => {
                let mut values = Vec::new();
                for member in members {
                    values.push(self.value(env, member, group)?);
                }
                Value::List(values)
            }
            ExprKind::Index(list, at) => {
                match (self.value(env, list, group)?, self.value(env, at, group)?) {
                    (Value::List(members), Value::Int(at)) => place(at, members.len())
                        .and_then(|at| members.get(at).cloned())
                        .unwrap_or(Value::Null),
                    _ => Value::Null,
                }
            }
            ExprKind::Slice(list, from, to) => {
                let Value::List(members) = self.value(env, list, group)? else {
                    return Ok(Value::Null);
                };
                let mut ends = [0, members.len()];
                for (end, written) in ends.iter_mut().zip([from, to]) {
                    if let Some(written) = written {
                        match self.value(env, written, group)? {
                            Value::Int(at) => *end = place(at, members.len()).unwrap_or(0),
                            _ => return Ok(Value::Null),
                        }
                    }
                }
                let [from, to] = ends;
                Value::List(members.into_iter().take(to).skip(from).collect())
            }
            _ => truth_value(self.truth(env, expr, group, Ask::Value)?),
        })
    }

    /// Conditions that can hold together: what is asked of one date must be possible on one and the same day.
    fn on_one_day(
        &self,
        env: &Env,
        expr: &Expr,
        group: Option<&Group<'_>>,
    ) -> Result<Option<Truth>, TooMuch> {
        let mut parts = Vec::new();
        conjuncts(expr, &mut parts);
        let mut truth = Some(true);
        let mut dates: Vec<(String, &Expr, Vec<Asked<'_>>)> = Vec::new();
        for part in &parts {
            let Some((subject, asked)) = asked_of_a_date(part) else {
                if parts.len() == 1 {
                    return Ok(None);
                }
                truth = and(truth, self.truth(env, part, group, Ask::Possible)?);
                continue;
            };
            let name = spelled(subject);
            match dates.iter_mut().find(|(other, ..)| *other == name) {
                Some((.., all)) => all.push(asked),
                None => dates.push((name, subject, vec![asked])),
            }
        }
        for (_, subject, all) in dates {
            let possible = match self.value(env, subject, group)? {
                Value::Date(date) => {
                    Some(candidates(&date, &all).any(|day| all.iter().all(|one| one.holds(day))))
                }
                _ => None,
            };
            truth = and(truth, possible);
        }
        Ok(Some(truth))
    }

    /// An expression as a truth value.
    fn truth(
        &self,
        env: &Env,
        expr: &Expr,
        group: Option<&Group<'_>>,
        ask: Ask,
    ) -> Result<Truth, TooMuch> {
        if ask == Ask::Possible
            && let Some(truth) = self.on_one_day(env, expr, group)?
        {
            return Ok(truth);
        }
        let inner = match ask {
            Ask::Value => Ask::Value,
            Ask::Certain => Ask::Possible,
            Ask::Possible => Ask::Certain,
        };
        Ok(match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, value) => not(self.truth(env, value, group, inner)?),
            ExprKind::Binary(BinaryOp::And, _, a, b) => {
                and(self.truth(env, a, group, ask)?, self.truth(env, b, group, ask)?)
            }
            ExprKind::Binary(BinaryOp::Or, _, a, b) => {
                not(and(not(self.truth(env, a, group, ask)?), not(self.truth(env, b, group, ask)?)))
            }
            ExprKind::Binary(BinaryOp::Xor, _, a, b) => {
                let (a, b) = (
                    self.truth(env, a, group, Ask::Value)?,
                    self.truth(env, b, group, Ask::Value)?,
                );
                a.zip(b).map(|(a, b)| a != b)
            }
            ExprKind::Binary(
                op @ (BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::LessEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterEqual),
                _,
                a,
                b,
            ) => {
                let (a, b) = (self.value(env, a, group)?, self.value(env, b, group)?);
                self.compare(*op, &a, &b, ask)
            }
            ExprKind::Binary(BinaryOp::In, _, a, b) => {
                let (a, b) = (self.value(env, a, group)?, self.value(env, b, group)?);
                self.member(&a, &b, ask)
            }
            ExprKind::Binary(BinaryOp::NotIn, _, a, b) => {
                let (a, b) = (self.value(env, a, group)?, self.value(env, b, group)?);
                not(self.member(&a, &b, inner))
            }
            ExprKind::Binary(op, _, a, b)
                if matches!(
                    op,
                    BinaryOp::Contains
                        | BinaryOp::StartsWith
                        | BinaryOp::EndsWith
                        | BinaryOp::Alike
                ) =>
            {
                match (self.value(env, a, group)?, self.value(env, b, group)?) {
                    (Value::Text(a), Value::Text(b)) => Some(match op {
                        BinaryOp::Contains => a.contains(&b),
                        BinaryOp::StartsWith => a.starts_with(&b),
                        BinaryOp::EndsWith => a.ends_with(&b),
                        _ => fold(&a) == fold(&b),
                    }),
                    _ => None,
                }
            }
            ExprKind::Is { value, negated, what } => {
                let value = self.value(env, value, group)?;
                let is = match what {
                    IsWhat::Null => value.is_null(),
                    IsWhat::True => value == Value::Bool(true),
                    IsWhat::False => value == Value::Bool(false),
                };
                Some(is != *negated)
            }
            ExprKind::IsLabeled { value, negated, label } => {
                let is = match self.value(env, value, group)? {
                    Value::Node(at) => {
                        let node = &self.graph.nodes[at];
                        Some(node_label(label, node.kind))
                    }
                    Value::Edge(at) => Some(edge_label(label, &self.graph.edges[at].labels)),
                    _ => None,
                };
                is.map(|is| is != *negated)
            }
            ExprKind::Exists(clause) => Some(!self.matches(env, clause)?.is_empty()),
            ExprKind::Call { name, args, .. } if name.text == "possibly" => {
                self.truth(env, &args[0], group, Ask::Possible)?
            }
            _ => match self.value(env, expr, group)? {
                Value::Bool(value) => Some(value),
                Value::Null => None,
                other => panic!("{other:?} is not a truth value"),
            },
        })
    }

    fn member(&self, value: &Value, list: &Value, ask: Ask) -> Truth {
        match (value, list) {
            (Value::Date(a), Value::Date(b)) => {
                let certain = b.first <= a.first && a.last <= b.last;
                let possible = a.first <= b.last && b.first <= a.last;
                asked(certain, possible, ask)
            }
            (_, Value::List(members)) => {
                let mut none = Some(true);
                for member in members {
                    none = and(none, not(self.compare(BinaryOp::Equal, value, member, ask)));
                }
                not(none)
            }
            _ => None,
        }
    }

    fn compare(&self, op: BinaryOp, a: &Value, b: &Value, ask: Ask) -> Truth {
        if a.is_null() || b.is_null() {
            return None;
        }
        if let (Value::Date(a), Value::Date(b)) = (a, b) {
            return compare_dates(op, a, b, ask);
        }
        let (a, b) = (a.plain(self.graph), b.plain(self.graph));
        match op {
            BinaryOp::Equal => Some(same(&a, &b)),
            BinaryOp::NotEqual => Some(!same(&a, &b)),
            _ => order(&a, &b).map(|ordering| match op {
                BinaryOp::Less => ordering.is_lt(),
                BinaryOp::LessEqual => ordering.is_le(),
                BinaryOp::Greater => ordering.is_gt(),
                _ => ordering.is_ge(),
            }),
        }
    }

    fn aggregate(
        &self,
        name: &str,
        distinct: bool,
        star: bool,
        args: &[Expr],
        group: &Group<'_>,
    ) -> Result<Value, TooMuch> {
        if star || args.is_empty() {
            return Ok(Value::Int(i64::try_from(group.rows.len()).unwrap()));
        }
        let mut values = Vec::new();
        let mut seen = BTreeSet::new();
        for row in group.rows {
            let value = self.value(row, &args[0], None)?;
            let new = !distinct || seen.insert(self.identity(std::slice::from_ref(&value)));
            if !value.is_null() && new {
                values.push(value);
            }
        }
        let best = |wanted: Ordering| {
            values.iter().cloned().reduce(|best, value| {
                if order(&value, &best) == Some(wanted) { value } else { best }
            })
        };
        Ok(match name {
            "count" => Value::Int(i64::try_from(values.len()).unwrap()),
            "collect_list" | "collect" => Value::List(values),
            "min" => best(Ordering::Less).unwrap_or(Value::Null),
            "max" => best(Ordering::Greater).unwrap_or(Value::Null),
            "sum" => values
                .into_iter()
                .fold(Value::Int(0), |sum, value| arithmetic(BinaryOp::Add, sum, value)),
            "avg" if values.is_empty() => Value::Null,
            "avg" => {
                let sum: f64 = values.iter().map(number).sum();
                Value::Float(sum / number(&Value::Int(i64::try_from(values.len()).unwrap())))
            }
            other => panic!("no aggregate is called {other}"),
        })
    }

    #[expect(clippy::too_many_lines, reason = "one arm a function")]
    fn call(&self, name: &str, args: &[Value]) -> Value {
        let int = |count: usize| Value::Int(i64::try_from(count).unwrap());
        match (name, args) {
            ("coalesce", args) => {
                args.iter().find(|value| !value.is_null()).cloned().unwrap_or(Value::Null)
            }
            ("nullif", [a, b]) => {
                if self.compare(BinaryOp::Equal, a, b, Ask::Certain) == Some(true) {
                    Value::Null
                } else {
                    a.clone()
                }
            }
            (_, args) if args.iter().any(Value::is_null) => Value::Null,
            ("lower", [Value::Text(text)]) => Value::Text(text.to_lowercase()),
            ("upper", [Value::Text(text)]) => Value::Text(text.to_uppercase()),
            ("size" | "char_length" | "length", [Value::Text(text)]) => int(text.chars().count()),
            ("size" | "length", [Value::List(members)]) => int(members.len()),
            ("size" | "length", [Value::Path(_, edges)]) => int(edges.len()),
            ("left", [Value::Text(text), Value::Int(count)]) => {
                Value::Text(text.chars().take(usize::try_from(*count).unwrap()).collect())
            }
            ("substring", [Value::Text(text), Value::Int(from)]) => {
                Value::Text(text.chars().skip(usize::try_from(*from).unwrap()).collect())
            }
            ("reverse", [Value::Text(text)]) => Value::Text(text.chars().rev().collect()),
            ("reverse", [Value::List(members)]) => {
                Value::List(members.iter().rev().cloned().collect())
            }
            ("abs", [Value::Int(number)]) => Value::Int(number.abs()),
            ("head", [Value::List(members)]) => members.first().cloned().unwrap_or(Value::Null),
            ("last", [Value::List(members)]) => members.last().cloned().unwrap_or(Value::Null),
            ("tail", [Value::List(members)]) => {
                Value::List(members.iter().skip(1).cloned().collect())
            }
            ("to_text", [value]) => Value::Text(match value {
                Value::Text(text) => text.clone(),
                Value::Int(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
                Value::Date(date) => date.text.clone(),
                other => panic!("to_text of {other:?}"),
            }),
            ("year", [Value::Date(date)]) => part(date, 10_000, 10_000),
            ("month", [Value::Date(date)]) => part(date, 100, 100),
            ("day", [Value::Date(date)]) => part(date, 1, 100),
            ("first_day", [Value::Date(date)]) => day(date.first),
            ("last_day", [Value::Date(date)]) => day(date.last),
            ("days_between", [Value::Date(a), Value::Date(b)]) => {
                if a.first == a.last && b.first == b.last {
                    Value::Int(day_number(b.first) - day_number(a.first))
                } else {
                    Value::Null
                }
            }
            ("kind", [value]) => match value.plain(self.graph) {
                Value::Node(at) => Value::text(self.graph.nodes[at].kind),
                other => panic!("the kind of {other:?}"),
            },
            ("edge_name", [Value::Edge(at)]) => Value::Text(self.graph.edges[*at].name.clone()),
            ("nodes", [Value::Path(nodes, _)]) => {
                Value::List(nodes.iter().map(|at| Value::Node(*at)).collect())
            }
            ("edges", [Value::Path(_, edges)]) => {
                Value::List(edges.iter().map(|at| Value::Edge(*at)).collect())
            }
            (name, args) => panic!("no function is called {name} for {args:?}"),
        }
    }
}

/// What a comparison asks of a date: an operator (nothing for `in`) and a date, or a year.
enum Asked<'e> {
    Date(Option<BinaryOp>, Date),
    Year(BinaryOp, &'e i64),
}

impl Asked<'_> {
    /// Whether it can hold of a date that is this day.
    fn holds(&self, day: i64) -> bool {
        let day_date = Date::of_day(day);
        match self {
            Self::Date(Some(op), other) => {
                compare_dates(*op, &day_date, other, Ask::Possible) == Some(true)
            }
            Self::Date(None, other) => other.first <= day && day <= other.last,
            Self::Year(op, year) => {
                let own = day / 10_000;
                match op {
                    BinaryOp::Less => own < **year,
                    BinaryOp::LessEqual => own <= **year,
                    BinaryOp::Greater => own > **year,
                    BinaryOp::GreaterEqual => own >= **year,
                    _ => own == **year,
                }
            }
        }
    }

    fn days(&self) -> Vec<i64> {
        match self {
            Self::Date(_, date) => vec![date.first, date.last],
            Self::Year(_, year) => vec![**year * 10_000 + 101, **year * 10_000 + 1231],
        }
    }
}

/// Days worth trying: the ends of the date and of what it is held against, and their neighbours.
fn candidates(date: &Date, all: &[Asked<'_>]) -> impl Iterator<Item = i64> {
    let (first, last) = (date.first, date.last);
    let days = all.iter().flat_map(Asked::days).chain([first, last]);
    let mut days: Vec<i64> = days.flat_map(|day| [day_before(day), day, day_after(day)]).collect();
    days.retain(|day| first <= *day && *day <= last);
    days.into_iter()
}

fn conjuncts<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    if let ExprKind::Binary(BinaryOp::And, _, a, b) = &expr.kind {
        conjuncts(a, into);
        conjuncts(b, into);
    } else {
        into.push(expr);
    }
}

fn asked_of_a_date(expr: &Expr) -> Option<(&Expr, Asked<'_>)> {
    let ExprKind::Binary(op, _, a, b) = &expr.kind else { return None };
    let turned = match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        BinaryOp::Equal => BinaryOp::Equal,
        BinaryOp::In => {
            let ExprKind::Date(text) = &b.kind else { return None };
            let plain = !matches!(a.kind, ExprKind::Date(_));
            return plain.then(|| (&**a, Asked::Date(None, Date::parse(text).unwrap())));
        }
        _ => return None,
    };
    held_against(*op, a, b).or_else(|| held_against(turned, b, a))
}

fn held_against<'e>(
    op: BinaryOp,
    subject: &'e Expr,
    other: &'e Expr,
) -> Option<(&'e Expr, Asked<'e>)> {
    match (&subject.kind, &other.kind) {
        (ExprKind::Date(_), _) => None,
        (_, ExprKind::Date(text)) => {
            Some((subject, Asked::Date(Some(op), Date::parse(text).unwrap())))
        }
        (ExprKind::Call { name, args, .. }, ExprKind::Int(year)) if name.text == "year" => {
            Some((&args[0], Asked::Year(op, year)))
        }
        _ => None,
    }
}

/// An expression without the places it stands at.
fn spelled(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Variable(name) => name.text.clone(),
        ExprKind::Property(of, name) => format!("{}.{}", spelled(of), name.text.to_lowercase()),
        _ => format!("{expr:?}"),
    }
}

fn part(date: &Date, unit: i64, modulus: i64) -> Value {
    if date.first / unit != date.last / unit || date.first == 0 {
        return Value::Null;
    }
    let whole = date.first / unit;
    Value::Int(if unit == 10_000 { whole } else { whole % modulus })
}

fn day(day: i64) -> Value {
    if day == 0 || day == 99_999_999 { Value::Null } else { Value::Date(Date::of_day(day)) }
}

/// Days since 1 January of the year 1, counted one by one.
fn day_number(day: i64) -> i64 {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (year, month, date) = (day / 10_000, day / 100 % 100, day % 100);
    let years: i64 = (1..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = lengths.iter().take(usize::try_from(month - 1).unwrap()).sum();
    years + months + date
}

fn place(at: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).unwrap();
    usize::try_from(if at < 0 { at + length } else { at }).ok()
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            (number(a) - number(b)).abs() < 1e-9
        }
        _ => a == b,
    }
}

fn asked(certain: bool, possible: bool, ask: Ask) -> Truth {
    match ask {
        Ask::Certain => Some(certain),
        Ask::Possible => Some(possible),
        Ask::Value if certain => Some(true),
        Ask::Value if !possible => Some(false),
        Ask::Value => None,
    }
}

fn compare_dates(op: BinaryOp, a: &Date, b: &Date, ask: Ask) -> Truth {
    let one_day = a.first == a.last && b.first == b.last && a.first == b.first;
    let overlap = a.first <= b.last && b.first <= a.last;
    let (certain, possible) = match op {
        BinaryOp::Less => (a.last < b.first, a.first < b.last),
        BinaryOp::LessEqual => (a.last <= b.first, a.first <= b.last),
        BinaryOp::Greater => (a.first > b.last, a.last > b.first),
        BinaryOp::GreaterEqual => (a.first >= b.last, a.last >= b.first),
        BinaryOp::Equal => (one_day, overlap),
        _ => (!overlap, !one_day),
    };
    asked(certain, possible, ask)
}

fn arithmetic(op: BinaryOp, a: Value, b: Value) -> Value {
    match (op, a, b) {
        (_, Value::Null, _) | (_, _, Value::Null) => Value::Null,
        (BinaryOp::Concat | BinaryOp::Add, Value::Text(a), Value::Text(b)) => Value::Text(a + &b),
        (BinaryOp::Concat | BinaryOp::Add, Value::List(a), Value::List(b)) => {
            Value::List(a.into_iter().chain(b).collect())
        }
        (op, Value::Int(a), Value::Int(b)) => match op {
            BinaryOp::Add => Value::Int(a + b),
            BinaryOp::Subtract => Value::Int(a - b),
            BinaryOp::Multiply => Value::Int(a * b),
            BinaryOp::Divide => Value::Int(a / b),
            BinaryOp::Modulo => Value::Int(a % b),
            other => panic!("{other:?} of integers"),
        },
        (op, a, b) => {
            let (a, b) = (number(&a), number(&b));
            Value::Float(match op {
                BinaryOp::Add => a + b,
                BinaryOp::Subtract => a - b,
                BinaryOp::Multiply => a * b,
                BinaryOp::Divide => a / b,
                other => panic!("{other:?} of numbers"),
            })
        }
    }
}
