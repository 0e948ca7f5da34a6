//! Paths that repeat as a whole: a recursive sub-select of which each step joins the whole path.
//!
//! The rows at hand go along: what they hold is columns of the recursion, and the rows that come after start from it.

use std::collections::{BTreeMap, BTreeSet};

use super::expr::list_of;
use super::walk::ends;
use super::{Binding, Carried, Kind, Live, Lowering, Node, Rows, WalkBinding, concat};
use crate::meaning::catalog::{Catalog, KindId, KindSet};
use crate::meaning::question::{Alternative, Group, NodesOnce, Repeat, VarId};
use crate::plan::{Block, Walk};
use crate::sql::select::{Alias, Cte, Expr, From, Op, Select, Source};

/// More combinations of edges than this are not told apart step by step.
const MOST_COMBINATIONS: usize = 150;

/// The recursion over a repeated path.
struct Recursion<'w> {
    walk: &'w Walk,
    repeat: &'w Repeat,
    group: &'w Group,
    name: Alias,
    /// The rows before, as columns.
    carried: Vec<(VarId, Carried)>,
    /// How many columns they take.
    before: usize,
    scope: usize,
    /// The lists asked for: outside, inside.
    lists: Vec<(VarId, VarId)>,
    /// All kinds its ends may be; the one, where it is only one.
    through: KindSet,
    only: Option<KindId>,
}

/// The columns behind those of the rows before.
#[derive(Clone, Copy)]
enum Column {
    End,
    EndKind,
    Depth,
    Trail,
    Steps,
    Nodes,
    List(usize),
}

impl Recursion<'_> {
    fn number(&self, column: Column) -> usize {
        self.before
            + match column {
                Column::End => 1,
                Column::EndKind => 2,
                Column::Depth => 3,
                Column::Trail => 4,
                Column::Steps => 5,
                Column::Nodes => 6,
                Column::List(at) => 7 + at,
            }
    }

    fn width(&self) -> usize {
        self.before + 6 + self.lists.len()
    }

    fn at(&self, alias: Alias, column: Column) -> Expr {
        Expr::number(alias, self.number(column))
    }

    /// The kinds of all nodes passed.
    fn passed_kinds(&self) -> KindSet {
        let inside = self.group.body.nodes.iter().flat_map(|node| node.kinds.iter().copied());
        self.through.iter().copied().chain(inside).collect()
    }

    /// The node the recursion has come to.
    fn end(&self, alias: Alias) -> Node {
        let kind = match self.only {
            Some(kind) => Kind::Fixed(kind),
            None => Kind::Column(self.at(alias, Column::EndKind)),
        };
        let id = self.at(alias, Column::End);
        Node { kind, id, table: None, scope: self.scope, nullable: false }
    }
}

impl Lowering<'_> {
    /// Extends the rows along a repeated path.
    pub(super) fn group(&mut self, mut rows: Rows, walk: &Walk, live: &Live) -> Rows {
        let Some((repeat, group, block)) = parts_of(walk) else { return rows };
        let (near, far) = ends(walk);
        self.settle_node(&mut rows, near);
        self.settle_node(&mut rows, far);
        let Some(start) = self.var_node(&mut rows, near) else { return rows };
        let through = self.group_ends(&start, group, walk.backwards);
        let only = through.first().copied().filter(|_| through.len() == 1);
        let start_value =
            [self.kind_number(&start.kind), start.id.clone(), self.once_mark(&start, group)];
        rows.select.filter.push(Expr::present(start.id));
        let scope = rows.scope;
        let outside = outer_bindings(&rows);
        let (mut seed, carried, _) = self.closed(rows, live);
        let mut ctes = std::mem::take(&mut seed.with);
        let recursion = Recursion {
            walk,
            repeat,
            group,
            name: self.alias(),
            carried: carried.into_iter().collect(),
            before: seed.columns.len(),
            scope,
            lists: group.lists.iter().filter(|(list, _)| live.contains(list)).copied().collect(),
            through,
            only,
        };
        let [kind, id, mark] = start_value;
        let empty = Expr::Word("''");
        let fresh = [id, kind, Expr::Word("0"), empty.clone(), empty.clone(), mark];
        seed.columns.extend(fresh);
        seed.columns.extend(recursion.lists.iter().map(|_| empty.clone()));
        let mut parts = vec![seed];
        for combination in combinations(block, self.catalog) {
            let mut step = self.group_step(&recursion, &combination, (&outside, live));
            ctes.append(&mut step.with);
            parts.push(step);
        }
        let (name, width) = (recursion.name, recursion.width());
        ctes.push(Cte { name, width, parts, distinct: false, recursive: true });
        self.group_end(&recursion, ctes, far, outside)
    }

    /// The kinds of the nodes between repetitions.
    fn group_ends(&self, start: &Node, group: &Group, backwards: bool) -> KindSet {
        let mut all = match &start.kind {
            Kind::Fixed(kind) => KindSet::from([*kind]),
            Kind::Column(_) => self.catalog.kinds().map(|(id, _)| id).collect(),
        };
        let far = if backwards { group.first } else { group.last };
        let found = group.body.nodes.iter().filter(|node| node.var == far);
        all.extend(found.flat_map(|node| node.kinds.iter().copied()));
        all
    }

    /// A node as it is written among those passed; nothing where nodes may be passed again.
    fn once_mark(&self, node: &Node, group: &Group) -> Expr {
        if group.once.is_some() { self.node_value(node) } else { Expr::Word("''") }
    }

    /// One repetition.
    fn group_step(
        &mut self,
        recursion: &Recursion<'_>,
        block: &Block,
        (outside, live): (&[(VarId, Binding)], &Live),
    ) -> Select {
        let Recursion { walk, repeat, group, .. } = recursion;
        let here = self.alias();
        let (near, far) =
            if walk.backwards { (group.last, group.first) } else { (group.first, group.last) };
        let carried = recursion.carried.iter();
        let mut env: super::Env = outside.iter().cloned().collect();
        env.extend(carried.map(|(var, held)| (*var, held.clone().at(here, recursion.scope))));
        env.insert(near, Binding::Node(recursion.end(here)));
        let from = vec![From::inner(Source::Cte(recursion.name), here)];
        let mut select = Select { from, ..Select::default() };
        if let Some(max) = repeat.max {
            let depth = recursion.at(here, Column::Depth);
            let most = Expr::given_int(i64::from(max));
            select.filter.push(Expr::binary(Op::Less, depth, most));
        }
        let scope = recursion.scope;
        let mut rows = Rows { select, env, scope, pinned: true, is_step: true, ..Rows::default() };
        rows = self.join(rows, &Block { conditions: Vec::new(), ..block.clone() }, live);
        self.as_tokens(&mut rows, walk.block.as_ref());
        for condition in &block.conditions {
            let condition = self.condition(&mut rows, condition);
            rows.select.filter.push(condition);
        }
        self.one_way_of_loops(&mut rows, block, walk.block.as_ref());
        let tokens = self.group_tokens(&rows, recursion);
        if !repeat.walk {
            for token in &tokens {
                let passed = vec![recursion.at(here, Column::Trail), token.clone()];
                let found = Expr::Call("instr", passed);
                rows.select.filter.push(Expr::equal(found, Expr::Word("0")));
            }
        }
        self.nodes_once(&mut rows, recursion, here);
        let mut columns: Vec<Expr> =
            (1..=recursion.before).map(|at| Expr::number(here, at)).collect();
        columns.extend(self.step_ends(&mut rows, far));
        let depth = recursion.at(here, Column::Depth);
        columns.push(Expr::binary(Op::Add, depth, Expr::Word("1")));
        let trail = recursion.at(here, Column::Trail);
        columns.push(tokens.iter().cloned().fold(trail, concat));
        columns.push(self.step_way(&mut rows, recursion, (here, &tokens)));
        columns.push(self.step_nodes(&mut rows, recursion, here));
        for (at, (_, inside)) in recursion.lists.iter().enumerate() {
            let member = self.group_member(&mut rows, *inside);
            let before = recursion.at(here, Column::List(at));
            columns.push(joined(before, concat(Expr::Word("','"), member), walk.backwards));
        }
        Select { columns, ..rows.select }
    }

    /// An edge of which only some stand as nodes is an edge in every case.
    fn as_tokens(&self, rows: &mut Rows, whole: Option<&Block>) {
        for edge in whole.iter().flat_map(|block| &block.edges) {
            let stands = |one: &Alternative| self.catalog.edge(one.edge).stands_as.is_some();
            if edge.alternatives.iter().all(stands) {
                continue;
            }
            if let Some(found @ Binding::Node(_)) = rows.env.get(&edge.var) {
                let (token, edges) = (self.token(found), self.edges_of(found));
                rows.env.insert(edge.var, Binding::Token(token, edges));
            }
        }
    }

    /// An edge that leads back to its start is taken one way only where it may be taken both ways.
    fn one_way_of_loops(&mut self, rows: &mut Rows, block: &Block, whole: Option<&Block>) {
        for edge in &block.edges {
            let [only] = edge.alternatives.as_slice() else { continue };
            let all = whole.and_then(|block| block.edges.iter().find(|one| one.var == edge.var));
            let forward = Alternative { reversed: false, ..only.clone() };
            let both = only.reversed && all.is_some_and(|all| all.alternatives.contains(&forward));
            if !both {
                continue;
            }
            let ends = (self.var_node(rows, edge.left), self.var_node(rows, edge.right));
            let (Some(left), Some(right)) = ends else { continue };
            let same = vec![
                Expr::equal(left.id.clone(), right.id.clone()),
                Expr::equal(self.kind_number(&left.kind), self.kind_number(&right.kind)),
            ];
            rows.select.filter.push(Expr::Not(Box::new(Expr::And(same))));
        }
    }

    /// The edges of one repetition, in order.
    fn group_tokens(&self, rows: &Rows, recursion: &Recursion<'_>) -> Vec<Expr> {
        let edges = recursion.group.steps.iter();
        let edges = edges.filter_map(|(at, _)| recursion.group.body.edges.get(*at));
        edges.filter_map(|edge| rows.env.get(&edge.var)).map(|edge| self.token(edge)).collect()
    }

    /// The nodes of a repetition that are new to the path, as they are passed: all but the one it starts from.
    fn new_nodes(&mut self, rows: &mut Rows, recursion: &Recursion<'_>) -> Vec<Node> {
        let Group { first, steps, .. } = recursion.group;
        let mut all: Vec<VarId> =
            std::iter::once(*first).chain(steps.iter().map(|(_, node)| *node)).collect();
        if recursion.walk.backwards {
            all.reverse();
        }
        all.into_iter().skip(1).filter_map(|var| self.var_node(rows, var)).collect()
    }

    /// Holds a repetition to nodes that the path has not passed, so that it ends early where it has.
    fn nodes_once(&mut self, rows: &mut Rows, recursion: &Recursion<'_>, here: Alias) {
        let Some(once) = recursion.group.once else { return };
        let passed = recursion.at(here, Column::Nodes);
        let place = |node: Expr| Expr::Call("instr", vec![passed.clone(), node]);
        // Where the last node may be the first, a path that has come back to its first node goes no further.
        let most = match once {
            NodesOnce::All => "0",
            NodesOnce::ButEnds => {
                let end = self.node_value(&recursion.end(here));
                let length = |text: Expr| Expr::Call("length", vec![text]);
                let last = Expr::binary(Op::Subtract, length(passed.clone()), length(end.clone()));
                let last = Expr::binary(Op::Add, last, Expr::Word("1"));
                rows.select.filter.push(Expr::equal(place(end), last));
                "1"
            }
        };
        for node in self.new_nodes(rows, recursion) {
            let found = place(self.node_value(&node));
            rows.select.filter.push(Expr::binary(Op::LessEqual, found, Expr::Word(most)));
        }
    }

    fn step_nodes(&mut self, rows: &mut Rows, recursion: &Recursion<'_>, here: Alias) -> Expr {
        if recursion.group.once.is_none() {
            return Expr::Word("''");
        }
        let passed = recursion.at(here, Column::Nodes);
        let nodes = self.new_nodes(rows, recursion);
        nodes.iter().map(|node| self.node_value(node)).fold(passed, concat)
    }

    /// Where a repetition leads: id and kind.
    fn step_ends(&mut self, rows: &mut Rows, far: VarId) -> [Expr; 2] {
        match self.var_node(rows, far) {
            Some(node) => [node.id.clone(), self.kind_number(&node.kind)],
            None => [Expr::Word("null"), Expr::Word("null")],
        }
    }

    /// Edges and nodes passed so far, in turn, where a path asks for them.
    fn step_way(
        &mut self,
        rows: &mut Rows,
        recursion: &Recursion<'_>,
        (here, tokens): (Alias, &[Expr]),
    ) -> Expr {
        if !recursion.walk.kept {
            return Expr::Word("''");
        }
        let mut step = Expr::Word("''");
        let nodes: Vec<VarId> = recursion.group.steps.iter().map(|(_, node)| *node).collect();
        for (token, node) in tokens.iter().zip(nodes) {
            let Some(node) = self.var_node(rows, node) else { continue };
            let comma = |value| concat(Expr::Word("','"), value);
            step = concat(concat(step, comma(token.clone())), comma(self.node_value(&node)));
        }
        joined(recursion.at(here, Column::Steps), step, recursion.walk.backwards)
    }

    /// A variable inside as a member of its list outside.
    fn group_member(&mut self, rows: &mut Rows, inside: VarId) -> Expr {
        match rows.env.get(&inside).cloned() {
            Some(Binding::Node(node)) => self.node_value(&node),
            Some(binding) => self.token(&binding),
            None => Expr::Word("'null'"),
        }
    }

    /// Rows that start from the recursion.
    fn group_end(
        &mut self,
        recursion: &Recursion<'_>,
        with: Vec<Cte>,
        far: VarId,
        outside: Vec<(VarId, Binding)>,
    ) -> Rows {
        let Recursion { walk, repeat, .. } = recursion;
        let alias = self.alias();
        let carried = recursion.carried.iter();
        let mut env: super::Env = outside.into_iter().collect();
        env.extend(carried.map(|(var, held)| (*var, held.clone().at(alias, recursion.scope))));
        let from = vec![From::inner(Source::Cte(recursion.name), alias)];
        let select = Select { with, from, ..Select::default() };
        let mut rows =
            Rows { select, env, scope: recursion.scope, pinned: true, ..Rows::default() };
        if repeat.min > 0 {
            let depth = recursion.at(alias, Column::Depth);
            let least = Expr::given_int(i64::from(repeat.min));
            rows.select.filter.push(Expr::binary(Op::GreaterEqual, depth, least));
        }
        let Node { kind, id, .. } = recursion.end(alias);
        if let (Kind::Column(column), false) = (&kind, recursion.through.is_subset(&walk.far_kinds))
        {
            let kinds = walk.far_kinds.iter().map(|&kind| Expr::int(self.catalog.kind(kind).id));
            rows.select.filter.push(Expr::In(Box::new(column.clone()), kinds.collect()));
        }
        self.hold(&mut rows, far, (kind, id), Some(&walk.far_kinds));
        for (at, (list, _)) in recursion.lists.iter().enumerate() {
            let members = recursion.at(alias, Column::List(at));
            let binding = if *list == walk.edge.var {
                // The list of a single repeated edge comes with its trail, as any other walk.
                continue;
            } else {
                Binding::Value(list_of(members))
            };
            rows.env.insert(*list, binding);
        }
        let own = recursion.lists.iter().position(|(list, _)| *list == walk.edge.var);
        let edges = own.map_or(Expr::Word("null"), |at| recursion.at(alias, Column::List(at)));
        let over = walk.edge.alternatives.iter().map(|one| one.edge).collect::<BTreeSet<_>>();
        let binding = WalkBinding {
            trail: recursion.at(alias, Column::Trail),
            steps: recursion.at(alias, Column::Steps),
            edges,
            through: recursion.passed_kinds(),
            over,
        };
        rows.env.insert(walk.edge.var, Binding::Walk(binding));
        for &other in &walk.different {
            let condition = self.differ(&rows, walk.edge.var, other);
            rows.select.filter.extend(condition);
        }
        rows
    }
}

/// A block for each way its edges can be single edges of the catalogue: the database looks each of them up in an
/// index, which it does not do for several at once within a recursion.
fn combinations(block: &Block, catalog: &Catalog) -> Vec<Block> {
    let counts = block.edges.iter().map(|edge| edge.alternatives.len());
    let product = counts.fold(1_usize, usize::saturating_mul);
    if product > MOST_COMBINATIONS {
        return vec![block.clone()];
    }
    let mut blocks = vec![block.clone()];
    for at in 0..block.edges.len() {
        let split = |block: Block| -> Vec<Block> {
            let Some(edge) = block.edges.get(at).cloned() else { return vec![block] };
            let one = |alternative| {
                let mut block = block.clone();
                if let Some(edge) = block.edges.get_mut(at) {
                    edge.alternatives = vec![alternative];
                }
                block
            };
            edge.alternatives.into_iter().map(one).collect()
        };
        blocks = blocks.into_iter().flat_map(split).filter(|block| fits(block, catalog)).collect();
    }
    blocks
}

/// Whether every node may be of some kind that all its edges join.
fn fits(block: &Block, catalog: &Catalog) -> bool {
    let mut kinds: BTreeMap<VarId, KindSet> =
        block.nodes.iter().map(|node| (node.var, node.kinds.clone())).collect();
    block.edges.iter().all(|edge| {
        let [alternative] = edge.alternatives.as_slice() else { return true };
        let joins = catalog.edge(alternative.edge);
        let (left, right) =
            if alternative.reversed { (&joins.to, &joins.from) } else { (&joins.from, &joins.to) };
        [(edge.left, left), (edge.right, right)].into_iter().all(|(var, end)| {
            let known = kinds.entry(var).or_insert_with(|| end.kinds.clone());
            known.retain(|kind| end.kinds.contains(kind));
            !known.is_empty()
        })
    })
}

/// What a repeated path is made of.
fn parts_of(walk: &Walk) -> Option<(&Repeat, &Group, &Block)> {
    let repeat = walk.edge.repeat.as_ref()?;
    Some((repeat, repeat.group.as_deref()?, walk.block.as_ref()?))
}

/// What rows take from a query around them stays where it is.
pub(super) fn outer_bindings(rows: &Rows) -> Vec<(VarId, Binding)> {
    let outer =
        |binding: &Binding| matches!(binding, Binding::Node(node) if node.scope != rows.scope);
    let bindings = rows.env.iter().filter(|(_, binding)| outer(binding));
    bindings.map(|(var, binding)| (*var, binding.clone())).collect()
}

/// What comes new, behind what was there, or before it where the path is followed backwards.
fn joined(before: Expr, new: Expr, backwards: bool) -> Expr {
    if backwards { concat(new, before) } else { concat(before, new) }
}
