//! `optional match`: rows without a match are kept.

use super::{Binding, Kind, Live, Lowering, Node, Rows};
use crate::meaning::question::{Alternative, EdgePattern, VarId};
use crate::plan::{Block, Plan};
use crate::sql::select::{Alias, Expr, From, Join, Op, Select, Source};

impl Lowering<'_> {
    /// Extends the rows by what the inner plan finds, or by nulls.
    pub(super) fn optional(
        &mut self,
        rows: Rows,
        inner: &Plan,
        shared: &Live,
        given: &Live,
        live: &Live,
    ) -> Rows {
        match one_edge(inner) {
            Some((block, edge, only)) if self.is_simple(&rows, block, edge) => {
                self.optional_edge(rows, block, edge, only)
            }
            _ => self.optional_plan(rows, inner, shared, given, live),
        }
    }

    /// Whether one left join will do: one end is known, and where the edge is a column of a node, so is that node's row.
    fn is_simple(&self, rows: &Rows, block: &Block, edge: &EdgePattern) -> bool {
        let known = |var: VarId| matches!(rows.env.get(&var), Some(Binding::Node(node)) if matches!(node.kind, Kind::Fixed(_)));
        let plain = |var: VarId| {
            block.nodes.iter().filter(|node| node.var == var).all(|node| node.kinds.len() == 1)
        };
        let given = |var: VarId| rows.env.contains_key(&var);
        let one_known =
            given(edge.left) != given(edge.right) && (known(edge.left) || known(edge.right));
        let stands_bound = rows.env.contains_key(&edge.var);
        let others =
            block.nodes.iter().any(|node| ![edge.left, edge.right, edge.var].contains(&node.var));
        one_known && plain(edge.left) && plain(edge.right) && !stands_bound && !others
    }

    fn optional_edge(
        &mut self,
        mut rows: Rows,
        block: &Block,
        pattern: &EdgePattern,
        only: &Alternative,
    ) -> Rows {
        let edge = self.catalog.edge(only.edge);
        let (from, to) = if only.reversed {
            (pattern.right, pattern.left)
        } else {
            (pattern.left, pattern.right)
        };
        // An edge that is a column of a known node's row needs no table of its own.
        let from_known = rows.env.contains_key(&from);
        let source = match rows.env.get(&from).cloned() {
            Some(Binding::Node(node)) if edge.in_node => node.table,
            _ => None,
        };
        let (alias, mut on) = match source {
            Some(row) => (row, Vec::new()),
            None => {
                let alias = self.alias();
                let (known, end) = if from_known { (from, &edge.from) } else { (to, &edge.to) };
                let mut on = Vec::new();
                if let Some(Binding::Node(node)) = rows.env.get(&known).cloned() {
                    on.push(Expr::equal(Expr::column(alias, &end.column), node.id));
                    if let (Some(column), Kind::Fixed(kind)) = (&end.kind_column, &node.kind) {
                        let number = self.catalog.kind(*kind).id;
                        on.push(Expr::equal(Expr::column(alias, column), Expr::int(number)));
                    }
                }
                on.extend(self.term_filter(only, alias));
                (alias, on)
            }
        };
        let (far, far_end) = if from_known { (to, &edge.to) } else { (from, &edge.from) };
        let far_id = Expr::column(alias, &far_end.column);
        if source.is_none() {
            on.push(Expr::present(far_id.clone()));
        }
        let Some(&far_kind) =
            block.nodes.iter().find(|node| node.var == far).and_then(|node| node.kinds.first())
        else {
            return rows;
        };
        if let Some(column) = &far_end.kind_column {
            on.push(Expr::equal(
                Expr::column(alias, column),
                Expr::int(self.catalog.kind(far_kind).id),
            ));
        }
        let scope = rows.scope;
        let mut node = Node {
            kind: Kind::Fixed(far_kind),
            id: far_id.clone(),
            table: None,
            scope,
            nullable: true,
        };
        let mut joined = alias;
        if source.is_some() {
            // The far node's own table is the one joined, so that conditions can go with it.
            joined = self.alias();
            on.push(Expr::equal(Expr::fixed(joined, "id"), far_id));
            node = Node { id: Expr::fixed(joined, "id"), table: Some(joined), ..node };
        } else if edge.in_node && !from_known {
            node.table = Some(alias);
        }
        rows.env.insert(far, Binding::Node(node));
        self.bind_edge(&mut rows, pattern, only, (alias, source.is_some().then_some(joined)));
        let table = if source.is_some() {
            self.catalog.kind(far_kind).table.clone()
        } else {
            edge.table.clone()
        };
        for condition in &block.conditions {
            on.push(self.condition(&mut rows, condition));
        }
        rows.select.from.push(From {
            join: Join::Left,
            source: Source::Table(table),
            alias: joined,
            on,
        });
        rows
    }

    fn bind_edge(
        &mut self,
        rows: &mut Rows,
        pattern: &EdgePattern,
        only: &Alternative,
        at: (Alias, Option<Alias>),
    ) {
        let (row, far) = at;
        let edge = self.catalog.edge(only.edge);
        let binding = match (edge.stands_as, far) {
            (Some(kind), _) => Binding::Node(Node {
                kind: Kind::Fixed(kind),
                id: Expr::fixed(row, "id"),
                table: Some(row),
                scope: rows.scope,
                nullable: true,
            }),
            // The row belongs to a node that is there anyway: the edge is there only if its far end is.
            (None, Some(far)) => {
                let token = self.row_token(only.edge, row);
                Binding::Token(
                    Expr::when(Expr::present(Expr::fixed(far, "id")), token),
                    [only.edge].into(),
                )
            }
            (None, None) => {
                let token = self.row_token(only.edge, row);
                let there = Expr::present(Expr::column(row, &edge.from.column));
                Binding::Token(Expr::when(there, token), [only.edge].into())
            }
        };
        rows.env.insert(pattern.var, binding);
    }

    /// The general way: the inner plan starts from the distinct values it shares with the rows, and is joined to them.
    fn optional_plan(
        &mut self,
        rows: Rows,
        inner: &Plan,
        shared: &Live,
        given: &Live,
        live: &Live,
    ) -> Rows {
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
        Rows { select: Select { from, ..Select::default() }, env, scope, ..Rows::default() }
    }

    /// The condition that two bindings hold the same; null is null, for the inner plan may only read it.
    fn linked(&self, before: &Binding, after: &Binding) -> Vec<Expr> {
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
                vec![Expr::binary(Op::Is, b.trail.clone(), a.trail.clone())]
            }
            (Binding::Path(a), Binding::Path(b)) => {
                vec![Expr::binary(Op::Is, b.value.clone(), a.value.clone())]
            }
            (a, b) => vec![Expr::binary(Op::Is, self.token(b), self.token(a))],
        }
    }
}

pub(super) fn nullable(binding: Binding) -> Binding {
    match binding {
        Binding::Node(node) => Binding::Node(Node { nullable: true, ..node }),
        other => other,
    }
}

/// The one edge of an inner plan that is nothing but one.
fn one_edge(inner: &Plan) -> Option<(&Block, &EdgePattern, &Alternative)> {
    let Plan::Join { input, block } = inner else { return None };
    let ([edge], Plan::Start) = (block.edges.as_slice(), input.as_ref()) else { return None };
    let [only] = edge.alternatives.as_slice() else { return None };
    Some((block, edge, only))
}
