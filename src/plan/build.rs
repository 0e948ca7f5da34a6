//! From a question to a plan: which part of a pattern comes first, and from which end a repeated edge is followed.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Block, Branch, Finding, Picking, Plan, Trace, Walk};
use crate::base::planted::planted;
use crate::meaning::question::{
    Call, Comparison, EdgePattern, Expr, ExprKind, Match, NodePattern, Part, PathPattern, Pick,
    Query, Question, Repeat, Step, Var, VarId,
};

/// Plans a question.
pub fn plan(question: &Question) -> Plan {
    query(&question.query, &question.vars)
}

/// Plans a query, or one inside another.
pub fn query(query: &Query, vars: &[Var]) -> Plan {
    let branch = |part: &Part| Branch {
        plan: steps(Plan::Start, &part.steps, vars),
        gives: part.gives.clone(),
    };
    if let Some(only) = query.only() {
        return branch(only).plan;
    }
    Plan::Combine {
        first: Box::new(branch(&query.first)),
        others: query.others.iter().map(|(how, part)| (*how, branch(part))).collect(),
        columns: query.columns.clone(),
    }
}

/// Plans the pattern of an `exists`: only whether there is a match counts.
pub fn existence(found: &Match) -> Plan {
    matching(Plan::Start, found, Kept::read(found), true)
}

fn steps(plan: Plan, all: &[Step], vars: &[Var]) -> Plan {
    all.iter().fold(plan, |plan, one| step(plan, one, vars))
}

fn step(plan: Plan, step: &Step, vars: &[Var]) -> Plan {
    match step {
        Step::Match(found) if found.optional => optional(plan, found, vars),
        Step::Match(found) => matching(plan, found, Kept::of(found, vars), false),
        Step::Filter(condition) => {
            Plan::Filter { input: Box::new(plan), condition: condition.clone() }
        }
        Step::Project(projection) => {
            Plan::Project { input: Box::new(plan), projection: projection.clone() }
        }
        Step::Let(values) => Plan::Let { input: Box::new(plan), values: values.clone() },
        Step::For(unfolding) => {
            Plan::Unfold { input: Box::new(plan), unfolding: unfolding.clone() }
        }
        Step::Call(call) => apply(plan, call, vars),
    }
}

fn optional(input: Plan, found: &Match, vars: &[Var]) -> Plan {
    let inner = matching(Plan::Start, found, Kept::of(found, vars), false);
    let plan = Plan::Optional {
        input: Box::new(input),
        inner: Box::new(inner),
        shared: found.outer_vars(),
        own: found.own_vars(),
    };
    planted!(OptionalFilter, plan, filtered(plan, found.conditions.clone()))
}

/// An inner query that only looks further along each row is planned as if it stood there itself.
fn apply(input: Plan, call: &Call, vars: &[Var]) -> Plan {
    let Call { optional, query: inner } = call;
    if let (Some(part), false) = (inner.only(), *optional)
        && part.steps.iter().all(goes_along)
    {
        return part.steps.iter().fold(input, |plan, one| match one {
            Step::Project(projection) => {
                Plan::Let { input: Box::new(plan), values: projection.items.clone() }
            }
            Step::Match(_) | Step::Filter(_) | Step::Let(_) | Step::For(_) | Step::Call(_) => {
                step(plan, one, vars)
            }
        });
    }
    Plan::Apply {
        input: Box::new(input),
        inner: Box::new(query(inner, vars)),
        optional: *optional,
        shared: inner.outer_vars(),
        own: inner.columns.iter().map(|column| column.var).collect(),
    }
}

/// Whether a step extends or drops single rows, whatever the others are.
fn goes_along(step: &Step) -> bool {
    match step {
        Step::Match(_) | Step::Filter(_) | Step::Let(_) | Step::For(_) | Step::Call(_) => true,
        Step::Project(projection) => projection.is_plain(),
    }
}

/// The repeated edges whose single edges are asked for.
#[derive(Debug, Default)]
struct Kept(BTreeSet<VarId>);

impl Kept {
    /// Those that a condition or a path of the match itself reads.
    fn read(found: &Match) -> Self {
        let read: BTreeSet<VarId> = found.conditions.iter().flat_map(Expr::vars).collect();
        let in_paths = found.paths.iter().flat_map(|path| &path.steps).map(|(at, _)| *at);
        let in_paths: BTreeSet<usize> = in_paths.collect();
        let kept = found.edges.iter().enumerate().filter(|(at, edge)| {
            edge.repeat.is_some() && (in_paths.contains(at) || read.contains(&edge.var))
        });
        Self(kept.map(|(_, edge)| edge.var).collect())
    }

    fn of(found: &Match, vars: &[Var]) -> Self {
        let in_paths = found
            .paths
            .iter()
            .flat_map(|path| &path.steps)
            .filter_map(|(at, _)| found.edges.get(*at));
        let named = found
            .edges
            .iter()
            .filter(|edge| vars.get(edge.var.0).is_some_and(|var| var.name.is_some()));
        Self(in_paths.chain(named).map(|edge| edge.var).collect())
    }
}

/// The parts of a match that are connected by single edges.
struct Component {
    nodes: BTreeSet<VarId>,
    rank: usize,
}

/// The state of planning one match.
struct Builder<'m> {
    found: &'m Match,
    kept: Kept,
    exists: bool,
    components: Vec<Component>,
    walks: Vec<&'m EdgePattern>,
    picks: Vec<&'m Pick>,
    conditions: Vec<Expr>,
    different: Vec<(VarId, VarId)>,
    available: BTreeSet<VarId>,
    own: BTreeSet<VarId>,
}

fn matching(input: Plan, found: &Match, kept: Kept, exists: bool) -> Plan {
    let edge_var = |at: &usize| found.edges.get(*at).map(|edge| edge.var);
    let mut builder = Builder {
        found,
        kept,
        exists,
        components: components(found),
        walks: found.edges.iter().filter(|edge| edge.repeat.is_some()).collect(),
        picks: found.picks.iter().collect(),
        conditions: found.conditions.clone(),
        different: found
            .different
            .iter()
            .filter_map(|(a, b)| Some((edge_var(a)?, edge_var(b)?)))
            .collect(),
        available: BTreeSet::new(),
        own: found.own_vars(),
    };
    let mut plan = input;
    while let Some(next) = builder.next() {
        plan = match next {
            Next::Component(component) => builder.join(plan, &component),
            Next::Walk(edge, backwards) => builder.walk(plan, edge, backwards),
            Next::Pick(pick) => builder.pick(plan, pick),
        };
    }
    plan = with_paths(plan, found);
    // Nothing is left to be found: whatever is still asked is due.
    builder.available.extend(&builder.own);
    filtered(plan, builder.due_conditions())
}

/// A plan that keeps only rows that fulfil these conditions.
fn filtered(plan: Plan, conditions: Vec<Expr>) -> Plan {
    conditions
        .into_iter()
        .fold(plan, |input, condition| Plan::Filter { input: Box::new(input), condition })
}

enum Next<'m> {
    Component(Component),
    Walk(&'m EdgePattern, bool),
    Pick(&'m Pick),
}

impl<'m> Builder<'m> {
    /// A walk from a known end if there is one, then the most selective component.
    fn next(&mut self) -> Option<Next<'m>> {
        let ready = |edge: &&EdgePattern| {
            (self.available.contains(&edge.left) || self.available.contains(&edge.right))
                && edge.repeat.as_ref().is_none_or(|repeat| self.is_known(&repeat.reads()))
        };
        if let Some(at) = self.walks.iter().position(ready) {
            let edge = self.walks.remove(at);
            let backwards = !self.available.contains(&edge.left);
            return Some(Next::Walk(edge, backwards));
        }
        if let Some(at) = self.picks.iter().position(|pick| self.is_due(pick)) {
            return Some(Next::Pick(self.picks.remove(at)));
        }
        let connected =
            |component: &Component| usize::from(!component.nodes.is_disjoint(&self.available));
        let best = (0..self.components.len()).max_by_key(|&at| {
            let component = self.components.get(at);
            (component.map(connected), component.map(|component| component.rank), usize::MAX - at)
        })?;
        Some(Next::Component(self.components.remove(best)))
    }

    /// Whether everything in a set is found by now or was there before.
    fn is_known(&self, vars: &BTreeSet<VarId>) -> bool {
        vars.intersection(&self.own).all(|var| self.available.contains(var))
    }

    /// Whether it is time to pick paths: an end is known, and the other one is or promises many.
    fn is_due(&self, pick: &Pick) -> bool {
        let known = |end: &VarId| self.available.contains(end);
        let few = |end: &VarId| {
            let at = self.components.iter().find(|component| component.nodes.contains(end));
            at.is_some_and(|component| component.rank >= SELECTIVE)
        };
        let ends = [pick.start, pick.end];
        let enough = ends.iter().any(known) && ends.iter().all(|end| known(end) || !few(end));
        enough && self.is_known(&(&pick.found.outer_vars() - &BTreeSet::from(ends)))
    }

    /// A pattern found for itself, from the ends that are known.
    fn pick(&mut self, input: Plan, pick: &Pick) -> Plan {
        let Pick { most, lengths, start, end, found } = pick;
        let mut found = found.clone();
        for node in &mut found.nodes {
            node.bound |= self.available.contains(&node.var);
        }
        let (own, shared) = (found.own_vars(), found.outer_vars());
        let Some(path) = found.paths.first().map(|path| trace(path, &found)) else { return input };
        let how = nearest(pick, &found).map_or_else(
            || {
                let kept = Kept(found.edges.iter().map(|edge| edge.var).collect());
                Finding::All(matching(Plan::Start, &found, kept, false))
            },
            Finding::Nearest,
        );
        self.available.extend(own.iter().copied().chain([*start, *end]));
        let pick = Picking {
            most: *most,
            lengths: *lengths,
            ends: [*start, *end],
            path,
            shared,
            own,
            how,
        };
        let plan = Plan::Pick { input: Box::new(input), pick: Box::new(pick) };
        filtered(plan, self.due_conditions())
    }

    fn join(&mut self, input: Plan, component: &Component) -> Plan {
        let block = self.block(component);
        Plan::Join { input: Box::new(input), block }
    }

    fn block(&mut self, component: &Component) -> Block {
        let nodes: Vec<NodePattern> = self
            .found
            .nodes
            .iter()
            .filter(|node| component.nodes.contains(&node.var))
            .map(|node| NodePattern {
                bound: node.bound || self.available.contains(&node.var),
                ..node.clone()
            })
            .collect();
        let single = self.found.edges.iter().filter(|edge| edge.repeat.is_none());
        let edges: Vec<EdgePattern> =
            single.filter(|edge| component.nodes.contains(&edge.left)).cloned().collect();
        self.available.extend(component.nodes.iter().copied());
        self.available.extend(edges.iter().map(|edge| edge.var));
        Block { nodes, edges, conditions: self.due_conditions(), different: self.due_pairs() }
    }

    fn walk(&mut self, input: Plan, edge: &EdgePattern, backwards: bool) -> Plan {
        let far = if backwards { edge.left } else { edge.right };
        let far_bound = self.available.contains(&far)
            || (far == if backwards { edge.right } else { edge.left });
        let node = self.found.nodes.iter().find(|node| node.var == far);
        let outer = node.is_some_and(|node| node.bound);
        self.available.extend([far, edge.var]);
        self.available.extend(edge.repeat.iter().flat_map(Repeat::gives));
        let (own, later): (Vec<_>, Vec<_>) =
            self.due_pairs().into_iter().partition(|(a, b)| *a == edge.var || *b == edge.var);
        // Two single edges are told apart where the later one is joined, though a walk may lead to its node before.
        self.different.extend(later);
        let different = own.into_iter().map(|(a, b)| if a == edge.var { b } else { a }).collect();
        let kept = self.kept.0.contains(&edge.var);
        let walk = Walk {
            edge: edge.clone(),
            backwards,
            far_kinds: node.map(|node| node.kinds.clone()).unwrap_or_default(),
            far_bound: far_bound || outer,
            kept,
            reach: self.exists && !kept && reachable(edge) && self.is_free(edge.var),
            different,
            block: block_of(edge, backwards),
        };
        let plan = Plan::Walk { input: Box::new(input), walk };
        filtered(plan, self.due_conditions())
    }

    /// Whether no other edge must differ from this one.
    fn is_free(&self, var: VarId) -> bool {
        let edge_at = |at: &usize| self.found.edges.get(*at).map(|edge| edge.var);
        !self
            .found
            .different
            .iter()
            .any(|(a, b)| edge_at(a) == Some(var) || edge_at(b) == Some(var))
    }

    /// Conditions whose variables are all known by now.
    fn due_conditions(&mut self) -> Vec<Expr> {
        let missing: BTreeSet<VarId> = self.own.difference(&self.available).copied().collect();
        let (due, later) = std::mem::take(&mut self.conditions)
            .into_iter()
            .partition(|condition| condition.vars().is_disjoint(&missing));
        self.conditions = later;
        due
    }

    fn due_pairs(&mut self) -> Vec<(VarId, VarId)> {
        let (due, later) = std::mem::take(&mut self.different)
            .into_iter()
            .partition(|(a, b)| self.available.contains(a) && self.available.contains(b));
        self.different = later;
        due
    }
}

/// Whether following an edge as a set of nodes reached gives the same ends as following it trail by trail.
///
/// With at most one step required, a walk between two nodes can be shortened to a trail, unless the same edge may be
/// passed both ways.
fn reachable(edge: &EdgePattern) -> bool {
    let Some(repeat) = &edge.repeat else { return false };
    let one_way = edge.alternatives.iter().all(|alternative| !alternative.symmetric)
        && edge.alternatives.iter().all(|alternative| {
            Some(alternative.reversed) == edge.alternatives.first().map(|first| first.reversed)
        });
    repeat.min <= 1 && repeat.max.is_none() && repeat.group.is_none() && one_way
}

/// What each step of a repeated path finds, from the node that is known.
fn block_of(edge: &EdgePattern, backwards: bool) -> Option<Block> {
    let group = edge.repeat.as_ref()?.group.as_ref()?;
    let near = if backwards { group.last } else { group.first };
    let Match { nodes, edges, conditions, different, .. } = &group.body;
    let nodes = nodes.iter().map(|node| NodePattern { bound: node.var == near, ..node.clone() });
    let edge_var = |at: &usize| edges.get(*at).map(|edge| edge.var);
    let pairs = different.iter().filter_map(|(a, b)| Some((edge_var(a)?, edge_var(b)?)));
    Some(Block {
        nodes: nodes.collect(),
        edges: edges.clone(),
        conditions: conditions.clone(),
        different: pairs.collect(),
    })
}

/// A search that passes each node once: where one path, or all of the least length, are wanted over one repeated edge.
fn nearest(pick: &Pick, found: &Match) -> Option<Walk> {
    let [edge] = found.edges.as_slice() else { return None };
    let repeat = edge.repeat.as_ref()?;
    let plain = repeat.group.is_none() && repeat.min <= 1 && found.conditions.is_empty();
    let ends = |var| var == pick.start || var == pick.end;
    if !plain || pick.most != 1 || !found.nodes.iter().all(|node| ends(node.var)) {
        return None;
    }
    let known = |var| found.nodes.iter().any(|node| node.var == var && node.bound);
    let backwards = !known(edge.left) && known(edge.right);
    let far = if backwards { edge.left } else { edge.right };
    let node = found.nodes.iter().find(|node| node.var == far)?;
    Some(Walk {
        edge: edge.clone(),
        backwards,
        far_kinds: node.kinds.clone(),
        far_bound: node.bound,
        kept: true,
        reach: false,
        different: Vec::new(),
        block: None,
    })
}

/// How many rows a component promises at most for its nodes to be found before paths between them: named or held.
const SELECTIVE: usize = 2;

fn trace(path: &PathPattern, found: &Match) -> Trace {
    let steps = path.steps.iter();
    let steps = steps.filter_map(|(at, node)| Some((found.edges.get(*at)?.var, *node)));
    Trace { var: path.var, start: path.start, steps: steps.collect(), once: path.once }
}

fn with_paths(plan: Plan, found: &Match) -> Plan {
    if found.paths.is_empty() {
        return plan;
    }
    let paths = found.paths.iter().map(|path| trace(path, found)).collect();
    Plan::Paths { input: Box::new(plan), paths }
}

/// Groups the nodes of a match by the single edges between them.
fn components(found: &Match) -> Vec<Component> {
    let mut group: BTreeMap<VarId, usize> =
        found.nodes.iter().enumerate().map(|(at, node)| (node.var, at)).collect();
    for edge in found.edges.iter().filter(|edge| edge.repeat.is_none()) {
        let joined = [edge.left, edge.right, edge.var];
        let groups: BTreeSet<usize> =
            joined.iter().filter_map(|var| group.get(var).copied()).collect();
        let Some(&least) = groups.first() else { continue };
        group.values_mut().filter(|at| groups.contains(at)).for_each(|at| *at = least);
    }
    let mut components: BTreeMap<usize, BTreeSet<VarId>> = BTreeMap::new();
    for (var, at) in group {
        components.entry(at).or_default().insert(var);
    }
    components.into_values().map(|nodes| Component { rank: rank(found, &nodes), nodes }).collect()
}

/// How few rows a component promises: known from outside, named, held to a value, or nothing.
fn rank(found: &Match, nodes: &BTreeSet<VarId>) -> usize {
    let bound = found.nodes.iter().any(|node| node.bound && nodes.contains(&node.var));
    let about = |condition: &&Expr| condition.vars().iter().any(|var| nodes.contains(var));
    let conditions = || found.conditions.iter().filter(about);
    let named = conditions()
        .any(|condition| matches!(condition.kind, ExprKind::Named(..) | ExprKind::Search { .. }));
    let listed = |condition: &Expr| matches!(&condition.kind, ExprKind::In(_, list) if matches!(list.kind, ExprKind::List(_)));
    let held = conditions().any(|condition| {
        listed(condition) || matches!(condition.kind, ExprKind::Compare(Comparison::Equal, ..))
    });
    match (bound, named, held, conditions().next().is_some()) {
        (true, ..) => 4,
        (_, true, ..) => 3,
        (_, _, true, _) => 2,
        (_, _, _, true) => 1,
        _ => 0,
    }
}
