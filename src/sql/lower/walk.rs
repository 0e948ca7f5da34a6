//! Repeated edges: a recursive sub-select that starts from the rows at hand.

use std::collections::BTreeSet;

use super::group::outer_bindings;
use super::optional::nullable;
use super::{Binding, Carried, Kind, Live, Lowering, Node, Rows, WalkBinding, concat};
use crate::base::planted::planted;
use crate::meaning::catalog::{End, KindId, KindSet};
use crate::meaning::question::{self, Alternative, Repeat, VarId};
use crate::plan::{Plan, Walk};
use crate::sql::select::{Alias, Cte, Expr, From, Join, Op, Select, Source};

/// The columns of the recursive sub-select, by number.
struct Columns {
    start: usize,
    start_kind: Option<usize>,
    end: usize,
    end_kind: Option<usize>,
    depth: usize,
    trail: usize,
    steps: usize,
    edges: usize,
    width: usize,
}

/// What the recursion is about.
struct Recursion<'w> {
    walk: &'w Walk,
    repeat: &'w Repeat,
    /// All kinds passed; the one, where it is only one.
    only: Option<KindId>,
    columns: Columns,
    name: Alias,
    /// All kinds passed.
    through: KindSet,
    /// Values of earlier clauses that the conditions read, which go along: each with its column, counted from 1.
    along: Vec<(usize, Expr)>,
    /// The same as variables.
    known: Vec<(VarId, Carried)>,
}

impl Lowering<'_> {
    /// Extends the rows along a repeated edge.
    pub(super) fn walk(&mut self, rows: Rows, walk: &Walk, live: &Live) -> Rows {
        let Some(repeat) = &walk.edge.repeat else { return rows };
        let (near, far) = ends(walk);
        let rooted = rows.select.from.is_empty();
        if !rooted && !walk.reach && self.around > 0 && rows.order.is_empty() {
            return self.walk_along(rows, walk, repeat, live);
        }
        self.copied += usize::from(!rooted);
        let mut rows = if rooted { rows } else { self.name_rows(rows, live) };
        self.settle_node(&mut rows, far);
        let Some(start) = self.var_node(&mut rows, near) else { return rows };
        let through = self.through(walk, &start);
        let mut recursion = self.recursion(walk, repeat, through);
        let read = repeat.conditions.iter().flat_map(question::Expr::vars).collect();
        self.take_along(&mut rows, &mut recursion, &read);
        let seed = Select { distinct: true, ..self.seed(&rows, near, &recursion) };
        let cte = self.recursive(&rows, seed, &recursion);
        rows.select.with.push(cte);
        let alias = self.join_back(&mut rows, &recursion, &start);
        self.arrive(&mut rows, &recursion, alias, far);
        rows
    }

    /// The same within a query that is run for each row of another one: there the database makes no index to find the
    /// rows of a start by, so that they go along and the rows that come after start from the recursion.
    fn walk_along(&mut self, mut rows: Rows, walk: &Walk, repeat: &Repeat, live: &Live) -> Rows {
        let (near, far) = ends(walk);
        self.settle_node(&mut rows, near);
        self.settle_node(&mut rows, far);
        let Some(start) = self.var_node(&mut rows, near) else { return rows };
        let through = self.through(walk, &start);
        let mut recursion = self.recursion(walk, repeat, through);
        let read: Live = repeat.conditions.iter().flat_map(question::Expr::vars).collect();
        self.take_along(&mut rows, &mut recursion, &(live | &read));
        let seed = self.seed(&rows, near, &recursion);
        let cte = self.recursive(&rows, seed, &recursion);
        let mut with = std::mem::take(&mut rows.select.with);
        with.push(cte);
        let alias = self.alias();
        let mut env: super::Env = outer_bindings(&rows).into_iter().collect();
        let known = recursion.known.iter();
        env.extend(known.map(|(var, held)| (*var, held.clone().at(alias, rows.scope))));
        let from = vec![From::inner(Source::Cte(recursion.name), alias)];
        let select = Select { with, from, ..Select::default() };
        let mut rows = Rows { select, env, scope: rows.scope, pinned: true, ..Rows::default() };
        self.arrive(&mut rows, &recursion, alias, far);
        rows
    }

    fn recursion<'w>(
        &mut self,
        walk: &'w Walk,
        repeat: &'w Repeat,
        through: KindSet,
    ) -> Recursion<'w> {
        let only = through.first().copied().filter(|_| through.len() == 1);
        let (name, columns) = (self.alias(), columns(only));
        let (along, known) = (Vec::new(), Vec::new());
        Recursion { walk, repeat, only, columns, name, through, along, known }
    }

    /// The recursive sub-select: its start, then one step over each alternative.
    fn recursive(&mut self, rows: &Rows, seed: Select, recursion: &Recursion<'_>) -> Cte {
        let mut parts = vec![seed];
        for alternative in &recursion.walk.edge.alternatives {
            parts.push(self.step(rows, recursion, alternative));
        }
        let (name, width) = (recursion.name, recursion.columns.width);
        Cte { name, width, parts, distinct: recursion.walk.reach, recursive: true }
    }

    /// The same, run for each row on its own: the rows are named but once.
    pub(super) fn walk_each(&mut self, rows: Rows, walk: &Walk, live: &Live) -> Rows {
        let edge = &walk.edge;
        let conditions = edge.repeat.iter().flat_map(|repeat| &repeat.conditions);
        let mut shared: Live = conditions.flat_map(question::Expr::vars).collect();
        shared.extend([edge.left, edge.right].into_iter().chain(walk.different.iter().copied()));
        shared.retain(|var| rows.env.contains_key(var));
        let mut given = live & &[edge.left, edge.right, edge.var].into();
        given.retain(|var| !shared.contains(var));
        let rows = self.with_few_tables(rows, &(live | &shared));
        let alone = Plan::Walk { input: Box::new(Plan::Start), walk: walk.clone() };
        self.apply(rows, &alone, false, (&shared, &given))
    }

    /// Gives the recursion the values of earlier clauses that are read in it or behind it.
    fn take_along(&mut self, rows: &mut Rows, recursion: &mut Recursion<'_>, read: &Live) {
        let mut columns = vec![Expr::Word("null"); recursion.columns.width];
        for &var in read {
            let Some(binding) = rows.env.get(&var).cloned() else { continue };
            let carried = self.carry(rows, binding, &mut columns);
            recursion.known.push((var, carried));
        }
        recursion.along = columns
            .into_iter()
            .enumerate()
            .skip(recursion.columns.width)
            .map(|(at, value)| (at + 1, value))
            .collect();
        recursion.columns.width += recursion.along.len();
    }

    /// The kinds of all nodes the walk may pass.
    fn through(&self, walk: &Walk, start: &Node) -> KindSet {
        let mut all = match &start.kind {
            Kind::Fixed(kind) => KindSet::from([*kind]),
            Kind::Column(_) => self.catalog.nodes().collect(),
        };
        for alternative in &walk.edge.alternatives {
            let edge = self.catalog.edge(alternative.edge);
            all.extend(edge.from.kinds.iter().chain(&edge.to.kinds));
        }
        all
    }

    /// Where the walk starts.
    fn seed(&mut self, rows: &Rows, near: VarId, recursion: &Recursion<'_>) -> Select {
        let mut copy = Rows {
            select: Select { with: Vec::new(), ..rows.select.clone() },
            env: rows.env.clone(),
            scope: rows.scope,
            ..Rows::default()
        };
        let Some(start) = self.var_node(&mut copy, near) else { return Select::default() };
        let mut row = vec![Expr::Word("null"); recursion.columns.width];
        let kind = self.kind_number(&start.kind);
        put(&mut row, recursion.columns.start, start.id.clone());
        put(&mut row, recursion.columns.end, start.id.clone());
        for column in
            [recursion.columns.start_kind, recursion.columns.end_kind].into_iter().flatten()
        {
            put(&mut row, column, kind.clone());
        }
        put(&mut row, recursion.columns.depth, Expr::Word("0"));
        for column in [recursion.columns.trail, recursion.columns.steps, recursion.columns.edges] {
            put(&mut row, column, Expr::Word("''"));
        }
        for (column, value) in &recursion.along {
            put(&mut row, *column, value.clone());
        }
        let mut filter = copy.select.filter;
        filter.push(Expr::present(start.id.clone()));
        if recursion.repeat.min > 0 {
            let alternatives = &recursion.walk.edge.alternatives;
            let mut steps: Vec<Expr> =
                alternatives.iter().map(|one| self.can_step(recursion, one, &start.id)).collect();
            let only = if steps.len() == 1 { steps.pop() } else { None };
            filter.push(only.unwrap_or(Expr::Or(steps)));
        }
        Select { columns: row, filter, ..copy.select }
    }

    /// The condition that an edge of one alternative leaves a node: where a step is asked for, others need no start.
    fn can_step(
        &mut self,
        recursion: &Recursion<'_>,
        alternative: &Alternative,
        start: &Expr,
    ) -> Expr {
        let edge = self.catalog.edge(alternative.edge);
        let row = self.alias();
        let leaves_from = alternative.reversed == recursion.walk.backwards;
        let (near, far) = if leaves_from { (&edge.from, &edge.to) } else { (&edge.to, &edge.from) };
        let mut filter = vec![
            Expr::equal(Expr::column(row, &near.column), start.clone()),
            Expr::present(Expr::column(row, &far.column)),
        ];
        filter.extend(self.term_filter(alternative, row));
        let from = vec![From::inner(Source::Table(edge.table.clone()), row)];
        let columns = vec![Expr::Word("1")];
        Expr::Exists(Box::new(Select { columns, from, filter, ..Select::default() }))
    }

    /// One step over one alternative.
    fn step(
        &mut self,
        rows: &Rows,
        recursion: &Recursion<'_>,
        alternative: &Alternative,
    ) -> Select {
        let Recursion { walk, repeat, columns, .. } = recursion;
        let edge = self.catalog.edge(alternative.edge);
        let (here, row) = (self.alias(), self.alias());
        let at = |column: usize| Expr::number(here, column);
        let leaves_from = alternative.reversed == walk.backwards;
        let (near, far) = if leaves_from { (&edge.from, &edge.to) } else { (&edge.to, &edge.from) };
        let (near_id, far_id) = (Expr::column(row, &near.column), Expr::column(row, &far.column));
        let mut filter = vec![Expr::equal(near_id, at(columns.end)), Expr::present(far_id.clone())];
        if let Some(kind) = columns.end_kind {
            filter.push(Expr::equal(self.end_kind(near, row), at(kind)));
        } else {
            filter.extend(self.only_kind(near, row, recursion.only));
            filter.extend(self.only_kind(far, row, recursion.only));
        }
        filter.extend(self.term_filter(alternative, row));
        if let Some(max) = repeat.max {
            let less = planted!(OnceMore, Op::Less, Op::LessEqual);
            filter.push(Expr::binary(less, at(columns.depth), Expr::given_int(i64::from(max))));
        }
        let token = self.row_token(alternative.edge, row);
        if !walk.reach && !repeat.walk {
            let found = Expr::Call("instr", vec![at(columns.trail), token.clone()]);
            filter.push(Expr::equal(found, Expr::Word("0")));
        }
        if alternative.reversed && self.both_ways(walk, alternative) {
            filter.push(Expr::Not(Box::new(self.is_loop(near, far, row))));
        }
        filter.extend(self.each_condition(rows, recursion, alternative, (here, row)));
        let columns = self.step_columns(recursion, (here, row), alternative, (far, far_id, token));
        let from = vec![
            From::inner(Source::Cte(recursion.name), here),
            From {
                join: Join::Cross,
                source: Source::Table(edge.table.clone()),
                alias: row,
                on: Vec::new(),
            },
        ];
        Select { columns, from, filter, ..Select::default() }
    }

    fn step_columns(
        &mut self,
        recursion: &Recursion<'_>,
        (here, row): (Alias, Alias),
        alternative: &Alternative,
        (far, far_id, token): (&End, Expr, Expr),
    ) -> Vec<Expr> {
        let Recursion { walk, columns, .. } = recursion;
        let at = |column: usize| Expr::number(here, column);
        let far_kind = self.end_kind(far, row);
        let mut out = vec![Expr::Word("null"); columns.width];
        put(&mut out, columns.start, at(columns.start));
        put(&mut out, columns.end, far_id.clone());
        for (column, _) in &recursion.along {
            put(&mut out, *column, at(*column));
        }
        if let (Some(start_kind), Some(end_kind)) = (columns.start_kind, columns.end_kind) {
            put(&mut out, start_kind, at(start_kind));
            put(&mut out, end_kind, far_kind.clone());
        }
        if walk.reach {
            put(&mut out, columns.depth, Expr::Word("1"));
            for column in [columns.trail, columns.steps, columns.edges] {
                put(&mut out, column, Expr::Word("''"));
            }
            return out;
        }
        put(&mut out, columns.depth, Expr::binary(Op::Add, at(columns.depth), Expr::Word("1")));
        put(&mut out, columns.trail, concat(at(columns.trail), token.clone()));
        if !walk.kept {
            put(&mut out, columns.steps, Expr::Word("''"));
            put(&mut out, columns.edges, Expr::Word("''"));
            return out;
        }
        let comma = |value: Expr| concat(Expr::Word("','"), value);
        let node = |kind: Expr, id: Expr| Expr::Call("json_array", vec![kind, id]);
        let member = self.member_of_list(recursion, alternative, row, &token);
        let (steps, edges) = if walk.backwards {
            let near_kind = match (columns.end_kind, recursion.only) {
                (Some(column), _) => at(column),
                (None, Some(kind)) => Expr::int(self.catalog.kind(kind).id),
                (None, None) => Expr::Word("null"),
            };
            let step = concat(comma(token), comma(node(near_kind, at(columns.end))));
            (concat(step, at(columns.steps)), concat(comma(member), at(columns.edges)))
        } else {
            let step = concat(comma(token), comma(node(far_kind, far_id)));
            (concat(at(columns.steps), step), concat(at(columns.edges), comma(member)))
        };
        put(&mut out, columns.steps, steps);
        put(&mut out, columns.edges, edges);
        out
    }

    /// A single edge as a member of the list the variable holds: the node it stands as, or a token.
    fn member_of_list(
        &self,
        recursion: &Recursion<'_>,
        alternative: &Alternative,
        row: Alias,
        token: &Expr,
    ) -> Expr {
        let stands = self.all_stand(recursion);
        match self.catalog.edge(alternative.edge).stands_as {
            Some(kind) if stands => Expr::Call(
                "json_array",
                vec![Expr::int(self.catalog.kind(kind).id), Expr::fixed(row, "id")],
            ),
            _ => token.clone(),
        }
    }

    /// Whether every edge the walk may pass stands as a node.
    fn all_stand(&self, recursion: &Recursion<'_>) -> bool {
        let mut alternatives = recursion.walk.edge.alternatives.iter();
        alternatives.all(|alternative| self.catalog.edge(alternative.edge).stands_as.is_some())
    }

    /// Whether the same edge may be passed in either direction.
    fn both_ways(&self, walk: &Walk, alternative: &Alternative) -> bool {
        let edge = self.catalog.edge(alternative.edge);
        let other = walk
            .edge
            .alternatives
            .iter()
            .any(|other| *other == Alternative { reversed: false, ..alternative.clone() });
        other && !edge.from.kinds.is_disjoint(&edge.to.kinds)
    }

    fn is_loop(&self, near: &End, far: &End, row: Alias) -> Expr {
        Expr::And(vec![
            Expr::equal(Expr::column(row, &near.column), Expr::column(row, &far.column)),
            Expr::equal(self.end_kind(near, row), self.end_kind(far, row)),
        ])
    }

    fn only_kind(&self, end: &End, row: Alias, only: Option<KindId>) -> Option<Expr> {
        let (column, only) = (end.kind_column.as_ref()?, only?);
        Some(Expr::equal(Expr::column(row, column), Expr::int(self.catalog.kind(only).id)))
    }

    /// What must hold for every single edge.
    fn each_condition(
        &mut self,
        rows: &Rows,
        recursion: &Recursion<'_>,
        alternative: &Alternative,
        (here, row): (Alias, Alias),
    ) -> Vec<Expr> {
        let mut env = rows.env.clone();
        let scope = self.new_scope();
        env.retain(
            |_, binding| !matches!(binding, Binding::Node(node) if node.scope == rows.scope),
        );
        let binding = match self.catalog.edge(alternative.edge).stands_as {
            Some(kind) if self.all_stand(recursion) => Binding::Node(Node {
                kind: Kind::Fixed(kind),
                id: Expr::fixed(row, "id"),
                table: Some(row),
                scope,
                nullable: false,
            }),
            Some(_) => {
                let token = self.row_token(alternative.edge, row);
                Binding::Token(token, BTreeSet::from([alternative.edge]))
            }
            None => Binding::Edge { edge: alternative.edge, row },
        };
        let known = recursion.known.iter();
        env.extend(known.map(|(var, held)| (*var, nullable(held.clone().at(here, scope)))));
        env.insert(recursion.repeat.each, binding);
        let mut inner = Rows { env, scope, ..Rows::default() };
        recursion
            .repeat
            .conditions
            .iter()
            .map(|condition| self.condition(&mut inner, condition))
            .collect()
    }

    /// Joins the recursion to the rows that it started from.
    fn join_back(&mut self, rows: &mut Rows, recursion: &Recursion<'_>, start: &Node) -> Alias {
        let Recursion { columns, name, along, .. } = recursion;
        rows.pinned = true;
        let alias = self.add_table(rows, Source::Cte(*name));
        let at = |column: usize| Expr::number(alias, column);
        rows.select.filter.push(Expr::equal(at(columns.start), start.id.clone()));
        if let Some(column) = columns.start_kind {
            rows.select.filter.push(Expr::equal(at(column), self.kind_number(&start.kind)));
        }
        for (column, value) in along {
            rows.select.filter.push(Expr::binary(Op::Is, at(*column), value.clone()));
        }
        alias
    }

    /// Binds the far end and what was passed.
    fn arrive(&mut self, rows: &mut Rows, recursion: &Recursion<'_>, alias: Alias, far: VarId) {
        let Recursion { walk, repeat, columns, only, through, .. } = recursion;
        let at = |column: usize| Expr::number(alias, column);
        if repeat.min > 0 {
            let least = Expr::given_int(i64::from(repeat.min));
            rows.select.filter.push(Expr::binary(Op::GreaterEqual, at(columns.depth), least));
        }
        let kind = match (columns.end_kind, only) {
            (Some(column), _) => Kind::Column(at(column)),
            (None, Some(kind)) => Kind::Fixed(*kind),
            (None, None) => return,
        };
        if let (Kind::Column(column), true) = (&kind, self.may_stray(walk)) {
            let kinds = walk.far_kinds.iter().map(|&kind| Expr::int(self.catalog.kind(kind).id));
            rows.select.filter.push(Expr::In(Box::new(column.clone()), kinds.collect()));
        }
        self.hold(rows, far, (kind, at(columns.end)), Some(&walk.far_kinds));
        let over: BTreeSet<_> =
            walk.edge.alternatives.iter().map(|alternative| alternative.edge).collect();
        let binding = WalkBinding {
            trail: at(columns.trail),
            steps: at(columns.steps),
            edges: at(columns.edges),
            through: through.clone(),
            over,
        };
        rows.env.insert(walk.edge.var, Binding::Walk(binding));
        for &other in &walk.different {
            let condition = self.differ(rows, walk.edge.var, other);
            rows.select.filter.extend(condition);
        }
    }
}

impl Lowering<'_> {
    /// Whether a walk may come to what no unlabelled node stands for: an attestation or a relation.
    fn may_stray(&self, walk: &Walk) -> bool {
        let nodes: KindSet = self.catalog.nodes().collect();
        let mut ends = walk.edge.alternatives.iter().map(|alternative| {
            let edge = self.catalog.edge(alternative.edge);
            if alternative.reversed == walk.backwards { &edge.to } else { &edge.from }
        });
        nodes.is_subset(&walk.far_kinds) && ends.any(|end| !end.kinds.is_subset(&walk.far_kinds))
    }
}

/// Where a walk starts and where it leads to.
pub(super) fn ends(walk: &Walk) -> (VarId, VarId) {
    let (left, right) = (walk.edge.left, walk.edge.right);
    if walk.backwards { (right, left) } else { (left, right) }
}

fn columns(only: Option<KindId>) -> Columns {
    let kinds = only.is_none();
    Columns {
        start: 1,
        end: 2,
        depth: 3,
        trail: 4,
        steps: 5,
        edges: 6,
        start_kind: kinds.then_some(7),
        end_kind: kinds.then_some(8),
        width: if kinds { 8 } else { 6 },
    }
}

fn put(row: &mut [Expr], column: usize, value: Expr) {
    if let Some(place) = column.checked_sub(1).and_then(|at| row.get_mut(at)) {
        *place = value;
    }
}
