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
const BOTH_ENDS: i64 = 8;

/// A search over more edges than this goes on from one end only: each of them is a part of the statement.
const MOST_BOTH_ENDS: usize = 100;

/// A search.
struct Search<'w> {
    pick: &'w Picking,
    walk: &'w Walk,
    repeat: &'w Repeat,
    /// The bits above.
    how: i64,
    /// Whether it goes on from both ends in turn until they meet.
    both: bool,
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
    /// 0 from the start, 1 from the target, 2 back to the start over an edge apart.
    Side,
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
                Column::Side => 5,
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

    /// How many edges have been passed where a row stands: from both sides by turns, so before it as many as it has come.
    fn passed(&self, alias: Alias) -> Expr {
        let depth = self.at(alias, Column::Depth);
        if !self.both {
            return depth;
        }
        let back = Expr::equal(self.at(alias, Column::Side), Expr::Word("2"));
        let twice = Expr::binary(Op::Add, depth.clone(), depth.clone());
        let turns = Expr::binary(Op::Add, twice, self.at(alias, Column::Side));
        Expr::Case(vec![(back, depth)], Some(Box::new(turns)))
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
        let few = walk.edge.alternatives.len() <= MOST_BOTH_ENDS;
        let both = few && walk.far_bound && walk.edge.left != walk.edge.right;
        how |= if both { BOTH_ENDS } else { 0 };
        let (scope, asked) = (start.scope, [pick.path.var, walk.edge.var]);
        let mut search = Search {
            pick,
            walk,
            repeat,
            how,
            both,
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
            let (env, from) = (env.clone(), from.clone());
            let here = Here { kind: kind.clone(), id: first.id.clone(), env, from };
            let mut over = self.search_over(here, search, alternative, &shared);
            over.filter.extend(same.clone());
            ctes.append(&mut over.with);
            parts.push(over);
        }
        parts.extend(self.other_side(search));
        let sides: &[bool] = if search.both { &[false, true] } else { &[false] };
        for (alternative, side) in
            alternatives.iter().flat_map(|one| sides.iter().map(move |side| (one, *side)))
        {
            let (step, more) = self.search_step(search, alternative, side);
            ctes.extend(more);
            parts.push(step);
        }
        if let Some(last) = parts.last_mut() {
            let places = [Column::Depth, Column::Side].map(|column| search.number(column));
            let sort = |value| Sort { value, descending: false, nulls_first: false };
            last.order = places.map(|place| sort(Expr::Place(place))).to_vec();
        }
        let (name, width) = (search.name, search.number(Column::Side));
        ctes.push(Cte { name, width, parts, distinct: false, recursive: true });
        ctes
    }

    /// Searches for the way back to a start, one for each edge of one alternative that leaves it.
    fn search_over(
        &mut self,
        here: Here,
        search: &Search<'_>,
        alternative: &Alternative,
        shared: &[Expr],
    ) -> Select {
        let start = [here.kind.clone(), here.id.clone()];
        let look = self.look(here, search, (alternative, search.walk.backwards));
        let ends = start.into_iter().chain([look.kind.clone(), look.id.clone()]);
        let args = [Expr::int(search.how)].into_iter().chain(ends);
        let args = args.chain([look.token, look.member]).collect();
        let open = Expr::Call("dixit_search_over", args);
        let [one, two] = [Expr::Word("1"), Expr::Word("2")];
        let columns = shared.iter().cloned().chain([open, look.kind, look.id, one, two]);
        let columns = columns.collect();
        let Look { with, from, filter, .. } = look;
        Select { with, columns, from, filter, ..Select::default() }
    }

    /// Where a search goes on from its target as well: as soon as it has begun.
    fn other_side(&mut self, search: &Search<'_>) -> Option<Select> {
        let here = self.alias();
        let (_, far) = search.ends();
        let Binding::Node(target) = search.env(here).remove(&far)? else { return None };
        let at = |column| search.at(here, column);
        let [zero, one] = [Expr::Word("0"), Expr::Word("1")];
        let filter =
            [Column::Depth, Column::Side].map(|column| Expr::equal(at(column), zero.clone()));
        let mut columns: Vec<Expr> = (1..=search.before).map(|at| Expr::number(here, at)).collect();
        let kind = self.kind_number(&target.kind);
        columns.extend([at(Column::Search), kind, target.id, zero, one]);
        let from = vec![From::inner(Source::Cte(search.name), here)];
        let select = Select { columns, from, filter: filter.to_vec(), ..Select::default() };
        search.both.then_some(select)
    }

    /// One step over one alternative, from the start or from the target: to each node that is new to the search.
    fn search_step(
        &mut self,
        search: &Search<'_>,
        alternative: &Alternative,
        other_side: bool,
    ) -> (Select, Vec<Cte>) {
        let here = self.alias();
        let at = |column| search.at(here, column);
        let from = vec![From::inner(Source::Cte(search.name), here)];
        let env = search.env(here);
        let from = Here { kind: at(Column::Kind), id: at(Column::Id), env, from };
        let backwards = search.walk.backwards != other_side;
        let mut look = self.look(from, search, (alternative, backwards));
        if search.both {
            let op = if other_side { Op::Equal } else { Op::NotEqual };
            look.filter.push(Expr::binary(op, at(Column::Side), Expr::Word("1")));
        }
        if let Some(max) = search.repeat.max {
            let most = Expr::given_int(i64::from(max));
            look.filter.push(Expr::binary(Op::Less, search.passed(here), most));
        }
        let args = [Column::Search, Column::Depth, Column::Side, Column::Kind, Column::Id].map(at);
        let args = args.into_iter().chain([look.kind.clone(), look.id.clone()]);
        let args = args.chain([look.token, look.member]).collect();
        // Asking changes what the search knows, so it is asked only of edges that fulfil everything else.
        let held = Expr::And(look.filter.clone());
        look.filter.push(Expr::when(held, Expr::Call("dixit_search_visit", args)));
        let mut columns: Vec<Expr> = (1..=search.before).map(|at| Expr::number(here, at)).collect();
        let depth = Expr::binary(Op::Add, at(Column::Depth), Expr::Word("1"));
        columns.extend([at(Column::Search), look.kind, look.id, depth, at(Column::Side)]);
        let select = Select { columns, from: look.from, filter: look.filter, ..Select::default() };
        (select, look.with)
    }

    /// The edges of one alternative that leave a node and fulfil what is asked of each.
    fn look(
        &mut self,
        here: Here,
        search: &Search<'_>,
        (alternative, backwards): (&Alternative, bool),
    ) -> Look {
        let walk = search.walk;
        let edge = self.catalog.edge(alternative.edge);
        let row = self.alias();
        let leaves_from = alternative.reversed == backwards;
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
        if !search.both {
            let end = (Kind::Column(kind.clone()), id.clone());
            self.hold(&mut rows, far, end, Some(&walk.far_kinds));
        }
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
        let mut ends = if search.both {
            let args = [Column::Search, Column::Side, Column::Kind, Column::Id].map(at).to_vec();
            vec![Expr::Call("dixit_search_met", args)]
        } else {
            let kinds = search.walk.far_kinds.iter();
            let kinds = kinds.map(|&kind| Expr::int(self.catalog.kind(kind).id)).collect();
            let mut ends = vec![Expr::In(Box::new(at(Column::Kind)), kinds)];
            if search.walk.far_bound {
                ends.extend(is(far, self));
            }
            ends
        };
        if search.apart {
            let apart = Expr::equal(at(Column::Side), Expr::Word("2"));
            let plain = Expr::Not(Box::new(apart.clone()));
            let back = [apart].into_iter().chain(is(near, self)).collect();
            let plain = [plain].into_iter().chain(ends).collect();
            ends = vec![Expr::Or(vec![Expr::And(plain), Expr::And(back)])];
        }
        filter.append(&mut ends);
        let from = vec![From::inner(Source::Cte(search.name), alias)];
        let mut columns: Vec<Expr> =
            (1..=search.number(Column::Side)).map(|at| Expr::number(alias, at)).collect();
        if search.apart {
            let shared = (1..=search.before).map(|at| Expr::number(alias, at));
            let end = [at(Column::Kind), at(Column::Id)].into_iter().filter(|_| !search.both);
            let partition = shared.chain(end).collect();
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
