//! `optional match`: rows without a match are kept.

use super::block::kinds_of;
use super::{Binding, Kind, Live, Lowering, Node, Rows};
use crate::meaning::catalog::{End, KindId};
use crate::meaning::question::{Alternative, EdgePattern, VarId};
use crate::plan::{Block, Plan};
use crate::sql::select::{Alias, Expr, From, Join, Op, Select, Source};

impl Lowering<'_> {
    /// Extends the rows by what the inner plan finds, or by nulls.
    pub(super) fn optional(
        &mut self,
        rows: Rows,
        inner: &Plan,
        (shared, given): (&Live, &Live),
        live: &Live,
    ) -> Rows {
        match one_edge(inner) {
            Some((block, edge, only)) if Self::is_simple(&rows, block, edge) => {
                self.optional_edge(rows, block, edge, only)
            }
            _ if self.is_copied_enough(&rows) => self.apply(rows, inner, true, (shared, given)),
            _ => self.optional_plan(rows, inner, (shared, given), live),
        }
    }

    /// Whether one left join will do: one end is known, and where the edge is a column of a node, so is that node's row.
    fn is_simple(rows: &Rows, block: &Block, edge: &EdgePattern) -> bool {
        let known = |var: VarId| {
            matches!(rows.env.get(&var), Some(Binding::Node(Node { kind: Kind::Fixed(_), .. })))
        };
        let plain = |var: VarId| kinds_of(block, var).is_none_or(|kinds| kinds.len() == 1);
        let given = |var: VarId| rows.env.contains_key(&var);
        let one_known =
            given(edge.left) != given(edge.right) && (known(edge.left) || known(edge.right));
        let stands_bound = rows.env.contains_key(&edge.var);
        let others =
            block.nodes.iter().any(|node| ![edge.left, edge.right, edge.var].contains(&node.var));
        one_known && plain(edge.left) && plain(edge.right) && !stands_bound && !others
    }

    /// One left join: of the far node's table where the edge is a column of a row at hand, of the edge's table otherwise.
    fn optional_edge(
        &mut self,
        mut rows: Rows,
        block: &Block,
        pattern: &EdgePattern,
        only: &Alternative,
    ) -> Rows {
        let edge = self.catalog.edge(only.edge);
        let (left, right) = (pattern.left, pattern.right);
        let (from, to) = if only.reversed { (right, left) } else { (left, right) };
        let far = if rows.env.contains_key(&from) { to } else { from };
        let Some(&far_kind) = kinds_of(block, far).and_then(|kinds| kinds.first()) else {
            return rows;
        };
        let at_hand = match rows.env.get(&from) {
            Some(Binding::Node(Node { table: Some(row), kind: Kind::Fixed(kind), .. }))
                if edge.in_node && edge.from.kinds.contains(kind) =>
            {
                Some(*row)
            }
            _ => None,
        };
        let alias = self.alias();
        let (table, on) = if let Some(row) = at_hand {
            let id = Expr::fixed(alias, "id");
            let mut on = vec![Expr::equal(id.clone(), Expr::column(row, &edge.to.column))];
            on.extend(self.end_is(&edge.to, row, far_kind));
            Self::bind_far(&mut rows, far, (far_kind, id.clone()), Some(alias));
            let token = Expr::when(Expr::present(id), self.row_token(only.edge, row));
            rows.env.insert(pattern.var, Binding::Token(token, [only.edge].into()));
            (self.catalog.kind(far_kind).table.clone(), on)
        } else {
            let on = self.edge_table(&mut rows, (only, alias), (from, to), far_kind);
            self.bind_edge(&mut rows, pattern, only, alias);
            (edge.table.clone(), on)
        };
        let conditions =
            block.conditions.iter().map(|condition| self.condition(&mut rows, condition));
        let on = on.into_iter().chain(conditions).collect();
        let source = Source::Table(table);
        rows.select.from.push(From { join: Join::Left, source, alias, on });
        rows
    }

    /// The condition that a row of the edge's table leaves the known node, and the far node it leads to.
    fn edge_table(
        &mut self,
        rows: &mut Rows,
        (only, row): (&Alternative, Alias),
        (from, to): (VarId, VarId),
        far_kind: KindId,
    ) -> Vec<Expr> {
        let edge = self.catalog.edge(only.edge);
        let ends = [(from, &edge.from), (to, &edge.to)];
        let [(near, near_end), (far, far_end)] =
            if rows.env.contains_key(&from) { ends } else { [ends[1], ends[0]] };
        let mut on = Vec::new();
        if let Some(Binding::Node(node)) = rows.env.get(&near).cloned() {
            on.push(Expr::equal(Expr::column(row, &near_end.column), node.id));
            if let Kind::Fixed(kind) = node.kind {
                if !near_end.kinds.contains(&kind) {
                    on.push(Expr::Word("0"));
                }
                on.extend(self.end_is(near_end, row, kind));
            }
        }
        on.extend(self.term_filter(only, row));
        let id = Expr::column(row, &far_end.column);
        on.push(Expr::present(id.clone()));
        on.extend(self.end_is(far_end, row, far_kind));
        let table = (edge.in_node && far == from).then_some(row);
        Self::bind_far(rows, far, (far_kind, id), table);
        on
    }

    /// The condition that an end of an edge is of a kind, where it could be another.
    fn end_is(&self, end: &End, row: Alias, kind: KindId) -> Option<Expr> {
        let column = Expr::column(row, end.kind_column.as_ref()?);
        Some(Expr::equal(column, Expr::int(self.catalog.kind(kind).id)))
    }

    fn bind_far(rows: &mut Rows, far: VarId, (kind, id): (KindId, Expr), table: Option<Alias>) {
        let node = Node { kind: Kind::Fixed(kind), id, table, scope: rows.scope, nullable: true };
        rows.env.insert(far, Binding::Node(node));
    }

    /// The edge of a left-joined row: a node where it stands as one, a token otherwise; null where there is none.
    fn bind_edge(
        &mut self,
        rows: &mut Rows,
        pattern: &EdgePattern,
        only: &Alternative,
        row: Alias,
    ) {
        let edge = self.catalog.edge(only.edge);
        if let Some(kind) = edge.stands_as {
            Self::bind_far(rows, pattern.var, (kind, Expr::fixed(row, "id")), Some(row));
            return;
        }
        let there = Expr::present(Expr::column(row, &edge.from.column));
        let token = Expr::when(there, self.row_token(only.edge, row));
        rows.env.insert(pattern.var, Binding::Token(token, [only.edge].into()));
    }

    /// The general way: the inner plan starts from the distinct values it shares with the rows, and is joined to them.
    fn optional_plan(
        &mut self,
        rows: Rows,
        inner: &Plan,
        (shared, given): (&Live, &Live),
        live: &Live,
    ) -> Rows {
        self.copied += 1;
        let mut rows = self.name_rows(rows, &(live | shared));
        let start = self.distinct_start(&mut rows, shared);
        let links: Vec<(VarId, Binding)> =
            start.env.iter().map(|(var, binding)| (*var, binding.clone())).collect();
        let found = self.rows(inner, &(given | shared), start);
        let (select, carried, _) = self.closed(found, &(given | shared));
        let alias = self.alias();
        let mut on = Vec::new();
        for (var, carried) in carried {
            let optional = carried.at(alias, rows.scope);
            if given.contains(&var) {
                rows.env.insert(var, nullable(optional));
            } else if links.iter().any(|(link, _)| *link == var)
                && let Some(before) = rows.env.get(&var).cloned()
            {
                on.extend(self.linked(&before, &optional));
            }
        }
        let with = select.with.clone();
        rows.select.with.extend(with);
        let select = Select { with: Vec::new(), ..select };
        if on.is_empty() {
            on.push(Expr::Word("1"));
        }
        rows.select.from.push(From {
            join: Join::Left,
            source: Source::Selects(vec![select]),
            alias,
            on,
        });
        rows
    }

    /// Rows of the distinct values of some variables.
    pub(super) fn distinct_start(&mut self, rows: &mut Rows, shared: &Live) -> Rows {
        let copy = Rows {
            select: rows.select.clone(),
            env: rows.env.clone(),
            scope: rows.scope,
            ..Rows::default()
        };
        let (select, carried, _) = self.closed(copy, shared);
        let (alias, scope) = (self.alias(), self.new_scope());
        let env = carried.into_iter().map(|(var, held)| (var, held.at(alias, scope))).collect();
        let select = Select { with: Vec::new(), distinct: true, ..select };
        let from = vec![From::inner(Source::Selects(vec![select]), alias)];
        // What is found starts from these few values: the database would rather start from its largest table.
        Rows {
            select: Select { from, ..Select::default() },
            env,
            scope,
            pinned: true,
            ..Rows::default()
        }
    }

    /// The condition that two bindings hold the same; null is null, for the inner plan may only read it.
    pub(super) fn linked(&self, before: &Binding, after: &Binding) -> Vec<Expr> {
        match (before, after) {
            (Binding::Node(a), Binding::Node(b)) => {
                let op = if a.nullable { Op::Is } else { Op::Equal };
                let mut same = vec![Expr::binary(op, b.id.clone(), a.id.clone())];
                if let (Kind::Column(_), _) | (_, Kind::Column(_)) = (&a.kind, &b.kind) {
                    let kinds = (self.kind_number(&b.kind), self.kind_number(&a.kind));
                    same.push(Expr::binary(op, kinds.0, kinds.1));
                }
                same
            }
            (Binding::Walk(a), Binding::Walk(b)) => {
                let pairs = [(&a.trail, &b.trail), (&a.steps, &b.steps), (&a.edges, &b.edges)];
                pairs.map(|(a, b)| Expr::binary(Op::Is, b.clone(), a.clone())).to_vec()
            }
            (Binding::Path(a), Binding::Path(b)) => {
                vec![Expr::binary(Op::Is, b.value.clone(), a.value.clone())]
            }
            (a, b) => vec![Expr::binary(Op::Is, self.token(b), self.token(a))],
        }
    }
}

pub(super) fn nullable(binding: Binding) -> Binding {
    if let Binding::Node(node) = binding {
        return Binding::Node(Node { nullable: true, ..node });
    }
    binding
}

/// The one edge of an inner plan that is nothing but one.
fn one_edge(inner: &Plan) -> Option<(&Block, &EdgePattern, &Alternative)> {
    let Plan::Join { input, block } = inner else { return None };
    let ([edge], Plan::Start) = (block.edges.as_slice(), input.as_ref()) else { return None };
    let [only] = edge.alternatives.as_slice() else { return None };
    Some((block, edge, only))
}
