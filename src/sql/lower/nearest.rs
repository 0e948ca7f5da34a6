//! Shortest paths over one repeated edge: a search that takes the nearest nodes first and each node once.
//!
//! The recursion asks the store's functions whether a node is new; they remember how each was come to, and tell the
//! paths at the end. So a search takes as many steps as there are edges around its nodes, however many paths there are.

use std::collections::BTreeSet;

use super::optional::nullable;
use super::{Binding, Carried, Env, Kind, Live, Lowering, Node, Rows, WalkBinding};
use crate::meaning::catalog::KindSet;
use crate::meaning::question::{Alternative, NodesOnce, Repeat, VarId};
use crate::plan::{Picking, Walk};
use crate::sql::select::{Alias, Cte, Expr, From, Join, Op, Select, Sort, Source};

/// Bits that tell a search how it goes about.
const ALL: i64 = 1;
const START_IS_PASSED: i64 = 2;
const BACKWARDS: i64 = 4;

/// A search.
struct Search<'w> {
    pick: &'w Picking,
    walk: &'w Walk,
    repeat: &'w Repeat,
    /// The bits above.
    how: i64,
    /// Whether it looks for ways back to its start over an edge apart: an edge passed there is not passed back.
    apart: bool,
    /// Whether the paths are asked for, or how many there are.
    told: bool,
    name: Alias,
    carried: Vec<(VarId, Carried)>,
    before: usize,
    scope: usize,
}

/// The columns behind those of the rows before.
#[derive(Clone, Copy)]
enum Column {
    Search,
    Kind,
    Id,
    Depth,
    Back,
    Place,
}

/// Where a step starts from.
struct Here {
    kind: Expr,
    id: Expr,
    env: Env,
    from: Vec<From>,
}

/// An edge looked at from where a step starts.
struct Look {
    filter: Vec<Expr>,
    from: Vec<From>,
    with: Vec<Cte>,
    kind: Expr,
    id: Expr,
    token: Expr,
    member: Expr,
}

impl Search<'_> {
    fn number(&self, column: Column) -> usize {
        self.before
            + match column {
                Column::Search => 1,
                Column::Kind => 2,
                Column::Id => 3,
                Column::Depth => 4,
                Column::Back => 5,
                Column::Place => 6,
            }
    }

    fn at(&self, alias: Alias, column: Column) -> Expr {
        Expr::number(alias, self.number(column))
    }

    fn env(&self, alias: Alias) -> Env {
        let carried = self.carried.iter();
        carried.map(|(var, held)| (*var, held.clone().at(alias, self.scope))).collect()
    }

    fn ends(&self) -> (VarId, VarId) {
        let (left, right) = (self.walk.edge.left, self.walk.edge.right);
        if self.walk.backwards { (right, left) } else { (left, right) }
    }
}

impl Lowering<'_> {
    /// Extends the rows by the shortest paths over one repeated edge.
    pub(super) fn pick_nearest(
        &mut self,
        rows: Rows,
        pick: &Picking,
        walk: &Walk,
        live: &Live,
    ) -> Rows {
        let Some(repeat) = &walk.edge.repeat else { return rows };
        let mut rows = self.rows_to_extend(rows, live);
        let start = self.distinct_start(&mut rows, &pick.shared);
        let both_ways = walk.edge.alternatives.iter().any(|one| {
            one.symmetric
                || walk.edge.alternatives.iter().any(|other| other.reversed != one.reversed)
        });
        let apart = both_ways && repeat.min > 0 && !repeat.walk;
        let mut how = if pick.lengths { ALL } else { 0 };
        how |= if repeat.min == 0 || apart { START_IS_PASSED } else { 0 };
        how |= if walk.backwards { BACKWARDS } else { 0 };
        let (scope, asked) = (start.scope, [pick.path.var, walk.edge.var]);
        let mut search = Search {
            pick,
            walk,
            repeat,
            how,
            apart: apart && pick.path.once != Some(NodesOnce::All),
            told: pick.lengths
                || pick.path.once.is_some()
                || asked.iter().any(|var| live.contains(var)),
            name: self.alias(),
            carried: Vec::new(),
            before: 0,
            scope,
        };
        let mut with = self.open_search(start, &mut search);
        rows.select.with.append(&mut with);
        self.search_end(rows, &search)
    }

    /// The search itself, from the distinct values that the rows share with it.
    fn open_search(&mut self, mut start: Rows, search: &mut Search<'_>) -> Vec<Cte> {
        let (near, far) = search.ends();
        let Some(first) = self.var_node(&mut start, near) else { return Vec::new() };
        let target = if search.walk.far_bound { self.var_node(&mut start, far) } else { None };
        let (env, from) = (start.env.clone(), start.select.from.clone());
        let (mut seed, carried, _) = self.closed(start, &search.pick.shared);
        search.carried = carried.into_iter().collect();
        search.before = seed.columns.len();
        let shared = seed.columns.clone();
        let mut ctes = std::mem::take(&mut seed.with);
        let kind = self.kind_number(&first.kind);
        let mut open = vec![Expr::int(search.how), kind.clone(), first.id.clone()];
        seed.filter.push(Expr::present(first.id.clone()));
        let mut same = None;
        if let Some(target) = &target {
            let target_kind = self.kind_number(&target.kind);
            open.extend([target_kind.clone(), target.id.clone()]);
            seed.filter.push(Expr::present(target.id.clone()));
            same = Some(Expr::And(vec![
                Expr::equal(target.id.clone(), first.id.clone()),
                Expr::equal(target_kind, kind.clone()),
            ]));
        }
        let zero = || Expr::Word("0");
        let opened = Expr::Call("dixit_search", open);
        seed.columns.extend([opened, kind.clone(), first.id.clone(), zero(), zero()]);
        let mut parts = vec![seed];
        let alternatives = &search.walk.edge.alternatives;
        for alternative in alternatives.iter().filter(|_| search.apart) {
            let here = Here {
                kind: kind.clone(),
                id: first.id.clone(),
                env: env.clone(),
                from: from.clone(),
            };
            let look = self.look(here, search, alternative);
            let ends = [&kind, &first.id, &look.kind, &look.id].map(Clone::clone);
            let args = [Expr::int(search.how)].into_iter().chain(ends);
            let open =
                Expr::Call("dixit_search_over", args.chain([look.token, look.member]).collect());
            let one = || Expr::Word("1");
            let columns = shared.iter().cloned().chain([open, look.kind, look.id, one(), one()]);
            let filter = look.filter.into_iter().chain(same.clone()).collect();
            ctes.extend(look.with);
            let columns = columns.collect();
            parts.push(Select { columns, from: look.from, filter, ..Select::default() });
        }
        for alternative in alternatives {
            let (step, more) = self.search_step(search, alternative);
            ctes.extend(more);
            parts.push(step);
        }
        if let Some(last) = parts.last_mut() {
            let value = Expr::Place(search.number(Column::Depth));
            last.order.push(Sort { value, descending: false, nulls_first: false });
        }
        let (name, width) = (search.name, search.number(Column::Back));
        ctes.push(Cte { name, width, parts, distinct: false, recursive: true });
        ctes
    }

    /// One step over one alternative: to each node that is new to the search.
    fn search_step(
        &mut self,
        search: &Search<'_>,
        alternative: &Alternative,
    ) -> (Select, Vec<Cte>) {
        let here = self.alias();
        let at = |column| search.at(here, column);
        let from = vec![From::inner(Source::Cte(search.name), here)];
        let env = search.env(here);
        let from = Here { kind: at(Column::Kind), id: at(Column::Id), env, from };
        let mut look = self.look(from, search, alternative);
        if let Some(max) = search.repeat.max {
            let most = Expr::given_int(i64::from(max));
            look.filter.push(Expr::binary(Op::Less, at(Column::Depth), most));
        }
        let args = [Column::Search, Column::Depth, Column::Kind, Column::Id].map(at);
        let args = args.into_iter().chain([look.kind.clone(), look.id.clone()]);
        let args = args.chain([look.token, look.member]).collect();
        // Asking changes what the search knows, so it is asked only of edges that fulfil everything else.
        let held = Expr::And(look.filter.clone());
        look.filter.push(Expr::when(held, Expr::Call("dixit_search_visit", args)));
        let mut columns: Vec<Expr> = (1..=search.before).map(|at| Expr::number(here, at)).collect();
        let depth = Expr::binary(Op::Add, at(Column::Depth), Expr::Word("1"));
        columns.extend([at(Column::Search), look.kind, look.id, depth, at(Column::Back)]);
        let select = Select { columns, from: look.from, filter: look.filter, ..Select::default() };
        (select, look.with)
    }

    /// The edges of one alternative that leave a node and fulfil what is asked of each.
    fn look(&mut self, here: Here, search: &Search<'_>, alternative: &Alternative) -> Look {
        let walk = search.walk;
        let edge = self.catalog.edge(alternative.edge);
        let row = self.alias();
        let leaves_from = alternative.reversed == walk.backwards;
        let (near, far) = if leaves_from { (&edge.from, &edge.to) } else { (&edge.to, &edge.from) };
        let column = |end: &crate::meaning::catalog::End| Expr::column(row, &end.column);
        let mut filter = vec![
            Expr::equal(column(near), here.id.clone()),
            Expr::equal(self.end_kind(near, row), here.kind.clone()),
            Expr::present(column(far)),
        ];
        filter.extend(self.term_filter(alternative, row));
        let forward = Alternative { reversed: false, ..alternative.clone() };
        if alternative.reversed && walk.edge.alternatives.contains(&forward) {
            let same = vec![
                Expr::equal(column(near), column(far)),
                Expr::equal(self.end_kind(near, row), self.end_kind(far, row)),
            ];
            filter.push(Expr::Not(Box::new(Expr::And(same))));
        }
        let token = self.row_token(alternative.edge, row);
        let mut stands = walk.edge.alternatives.iter();
        let stands = stands.all(|one| self.catalog.edge(one.edge).stands_as.is_some());
        let scope = self.new_scope();
        let (each, member) = match edge.stands_as {
            Some(kind) if stands => {
                let (kind, id) = (Kind::Fixed(kind), Expr::fixed(row, "id"));
                let node = Node { kind, id, table: Some(row), scope, nullable: false };
                let member = self.node_value(&node);
                (Binding::Node(node), member)
            }
            Some(_) => (Binding::Token(token.clone(), [alternative.edge].into()), token.clone()),
            None => (Binding::Edge { edge: alternative.edge, row }, token.clone()),
        };
        let known = here.env.into_iter().map(|(var, held)| (var, nullable(held)));
        let mut env: Env = known.collect();
        env.insert(search.repeat.each, each);
        let mut inner = Rows { env, scope, pinned: true, ..Rows::default() };
        for condition in &search.repeat.conditions {
            let condition = self.condition(&mut inner, condition);
            filter.push(condition);
        }
        filter.append(&mut inner.select.filter);
        let table = Source::Table(edge.table.clone());
        let mut from = here.from;
        from.push(From { join: Join::Cross, source: table, alias: row, on: Vec::new() });
        from.append(&mut inner.select.from);
        let (kind, id) = (self.end_kind(far, row), column(far));
        Look { filter, from, with: inner.select.with, kind, id, token, member }
    }

    /// Joins what the search found to the rows, and takes the paths.
    fn search_end(&mut self, mut rows: Rows, search: &Search<'_>) -> Rows {
        let (_, far) = search.ends();
        let found = self.search_found(search);
        rows.pinned = true;
        let alias = self.add_table(&mut rows, Source::Selects(vec![found]));
        for (var, held) in &search.carried {
            if let Some(before) = rows.env.get(var).cloned() {
                let same = self.linked(&before, &held.clone().at(alias, rows.scope));
                rows.select.filter.extend(same);
            }
        }
        if search.apart {
            let place = search.at(alias, Column::Place);
            rows.select.filter.push(Expr::binary(Op::LessEqual, place, Expr::Word("1")));
        }
        let walk = search.walk;
        let (kind, id) = (search.at(alias, Column::Kind), search.at(alias, Column::Id));
        self.hold(&mut rows, far, (Kind::Column(kind.clone()), id.clone()), Some(&walk.far_kinds));
        if !search.told {
            return rows;
        }
        let args = vec![search.at(alias, Column::Search), kind, id];
        let paths = Expr::Call("dixit_search_paths", args);
        let each = self.add_table(&mut rows, Source::Call("json_each", vec![paths]));
        let part =
            |at| Expr::Call("json_extract", vec![Expr::fixed(each, "value"), Expr::Word(at)]);
        let alternatives = &walk.edge.alternatives;
        let over: BTreeSet<_> = alternatives.iter().map(|one| one.edge).collect();
        let through: KindSet = self.catalog.kinds().map(|(id, _)| id).collect();
        let (steps, edges, trail) = (part("'$[0]'"), part("'$[1]'"), part("'$[2]'"));
        let binding = WalkBinding { trail, steps, edges, through, over };
        rows.env.insert(walk.edge.var, Binding::Walk(binding));
        self.path(&mut rows, &search.pick.path);
        rows
    }

    /// The nodes come to that count as ends.
    fn search_found(&mut self, search: &Search<'_>) -> Select {
        let alias = self.alias();
        let at = |column| search.at(alias, column);
        let env = search.env(alias);
        let (near, far) = search.ends();
        let mut filter = Vec::new();
        if search.repeat.min > 0 {
            filter.push(Expr::binary(Op::GreaterEqual, at(Column::Depth), Expr::Word("1")));
        }
        let is = |var: VarId, lowering: &Self| {
            let Some(Binding::Node(node)) = env.get(&var) else { return Vec::new() };
            vec![
                Expr::equal(at(Column::Id), node.id.clone()),
                Expr::equal(at(Column::Kind), lowering.kind_number(&node.kind)),
            ]
        };
        if search.walk.far_bound {
            filter.extend(is(far, self));
        }
        let number =
            |kind: &crate::meaning::catalog::KindId| Expr::int(self.catalog.kind(*kind).id);
        let kinds = search.walk.far_kinds.iter().map(number).collect();
        filter.push(Expr::In(Box::new(at(Column::Kind)), kinds));
        let from = vec![From::inner(Source::Cte(search.name), alias)];
        let mut columns: Vec<Expr> =
            (1..=search.number(Column::Back)).map(|at| Expr::number(alias, at)).collect();
        if search.apart {
            let back = Expr::And(is(near, self));
            let plain = Expr::equal(at(Column::Back), Expr::Word("0"));
            filter.push(Expr::Or(vec![plain, back]));
            let shared = (1..=search.before).map(|at| Expr::number(alias, at));
            let partition = shared.chain([at(Column::Kind), at(Column::Id)]).collect();
            let sort = |value| Sort { value, descending: false, nulls_first: false };
            let depth = sort(at(Column::Depth));
            let (name, order) = if search.pick.lengths {
                ("dense_rank", vec![depth])
            } else {
                ("row_number", vec![depth, sort(at(Column::Search))])
            };
            columns.push(Expr::Window { name, partition, order });
        }
        Select { columns, from, filter, ..Select::default() }
    }
}
