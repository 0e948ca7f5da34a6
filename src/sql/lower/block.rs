//! Nodes and single edges: tables joined, ends held together.

use super::{Binding, Kind, Live, Lowering, Node, Rows};
use crate::base::planted::planted;
use crate::meaning::catalog::{EdgeId, End, KindSet, TermId};
use crate::meaning::question::{Alternative, EdgePattern, NodePattern, VarId};
use crate::plan::Block;
use crate::sql::select::{Alias, Expr, Op, Select, Source};

impl Lowering<'_> {
    /// Extends the rows by what a block finds.
    pub(super) fn join(&mut self, mut rows: Rows, block: &Block, live: &Live) -> Rows {
        for node in block.nodes.iter().filter(|node| node.bound) {
            self.settle_node(&mut rows, node.var);
        }
        let wanted = || &(live | &block.reads()) | &block.own();
        let mut edges: Vec<&EdgePattern> = block.edges.iter().collect();
        while !edges.is_empty() {
            let known = |var: VarId| rows.env.contains_key(&var);
            let at =
                edges.iter().position(|edge| known(edge.left) || known(edge.right)).unwrap_or(0);
            let edge = edges.remove(at);
            rows = self.with_few_tables(rows, &wanted());
            self.single_edge(&mut rows, edge, block);
        }
        for node in &block.nodes {
            rows = self.with_few_tables(rows, &wanted());
            match rows.env.get(&node.var).cloned() {
                None => self.scan(&mut rows, node),
                Some(Binding::Node(_) | Binding::Computed(_)) => self.hold_bound(&mut rows, node),
                Some(_) => {}
            }
        }
        for (a, b) in &block.different {
            let condition = self.differ(&rows, *a, *b);
            rows.select.filter.extend(condition);
        }
        for condition in &block.conditions {
            let condition = self.condition(&mut rows, condition);
            rows.select.filter.push(condition);
        }
        rows
    }

    /// Holds a node that is known already to the kinds allowed; null is no node.
    fn hold_bound(&mut self, rows: &mut Rows, node: &NodePattern) {
        let Some(found) = self.var_node(rows, node.var) else { return };
        self.hold_kind(rows, &found, &node.kinds);
        if found.nullable {
            rows.select.filter.push(Expr::present(found.id));
        }
    }

    fn single_edge(&mut self, rows: &mut Rows, edge: &EdgePattern, block: &Block) {
        match edge.alternatives.as_slice() {
            [only] => self.only_edge(rows, edge, only, block),
            several => self.several_edges(rows, edge, several, block),
        }
    }

    /// An edge that can be but one of the catalogue's.
    fn only_edge(
        &mut self,
        rows: &mut Rows,
        pattern: &EdgePattern,
        only: &Alternative,
        block: &Block,
    ) {
        let edge = self.catalog.edge(only.edge);
        let (from, to) = if planted!(Arrow, only.reversed, !only.reversed) {
            (pattern.right, pattern.left)
        } else {
            (pattern.left, pattern.right)
        };
        let row = if edge.in_node {
            self.row_of_node(rows, from, &edge.from.kinds)
        } else {
            let row = self.row_of_edge(rows, pattern.var, only.edge);
            self.hold_end(rows, from, (row, &edge.from), block);
            row
        };
        let target = Expr::column(row, &edge.to.column);
        rows.select.filter.push(Expr::present(target));
        self.hold_end(rows, to, (row, &edge.to), block);
        rows.select.filter.extend(self.term_filter(only, row));
        if let Some(known) = pattern.known.and_then(|known| rows.env.get(&known)) {
            let token = self.token(known);
            rows.select.filter.extend(self.is_edge_row((only, row), &token));
        }
        if edge.stands_as.is_none() {
            rows.env.insert(pattern.var, Binding::Edge { edge: only.edge, row });
        }
    }

    /// The row of the edge's own table, which may be known already where the edge stands as a node.
    fn row_of_edge(&mut self, rows: &mut Rows, var: VarId, edge: EdgeId) -> Alias {
        let edge = self.catalog.edge(edge);
        let Some(kind) = edge.stands_as else {
            return self.add_table(rows, Source::Table(edge.table.clone()));
        };
        self.row_of_node(rows, var, &KindSet::from([kind]))
    }

    /// The row of a node of exactly one kind, joined if it is not there yet.
    pub(super) fn row_of_node(&mut self, rows: &mut Rows, var: VarId, kinds: &KindSet) -> Alias {
        let kind = kinds.first().copied();
        match (rows.env.get(&var).cloned(), kind) {
            (Some(Binding::Node(node)), Some(kind)) => {
                self.hold_kind(rows, &node, kinds);
                let is_other = matches!(node.kind, Kind::Fixed(own) if own != kind);
                if let (Some(table), Kind::Fixed(_), false) = (node.table, &node.kind, is_other) {
                    return table;
                }
                let row =
                    self.add_table(rows, Source::Table(self.catalog.kind(kind).table.clone()));
                rows.select.filter.push(Expr::equal(Expr::fixed(row, "id"), node.id.clone()));
                if node.scope == rows.scope && !is_other {
                    let found =
                        Node { kind: Kind::Fixed(kind), table: Some(row), nullable: false, ..node };
                    rows.env.insert(var, Binding::Node(found));
                }
                row
            }
            (_, Some(kind)) => {
                let row =
                    self.add_table(rows, Source::Table(self.catalog.kind(kind).table.clone()));
                let (id, scope) = (Expr::fixed(row, "id"), rows.scope);
                let node =
                    Node { kind: Kind::Fixed(kind), id, table: Some(row), scope, nullable: false };
                rows.env.insert(var, Binding::Node(node));
                row
            }
            (_, None) => self.add_table(rows, Source::Fixed("(select null as id)")),
        }
    }

    /// Holds a node variable to one end of an edge's row, or gives it its value from there.
    fn hold_end(&mut self, rows: &mut Rows, var: VarId, (row, end): (Alias, &End), block: &Block) {
        let id = Expr::column(row, &end.column);
        let kind = match (&end.kind_column, end.kinds.first()) {
            (Some(column), _) => Kind::Column(Expr::column(row, column)),
            (None, Some(&kind)) => Kind::Fixed(kind),
            (None, None) => return,
        };
        self.hold(rows, var, (kind, id), kinds_of(block, var));
    }

    /// Holds a node variable to a kind and an id.
    pub(super) fn hold(
        &mut self,
        rows: &mut Rows,
        var: VarId,
        (kind, id): (Kind, Expr),
        allowed: Option<&KindSet>,
    ) {
        if let Some(Binding::Node(known)) = rows.env.get(&var).cloned() {
            rows.select.filter.push(Expr::equal(id, known.id.clone()));
            rows.select.filter.extend(self.same_kind(&known.kind, &kind));
            return;
        }
        let only =
            allowed.filter(|kinds| kinds.len() == 1).and_then(|kinds| kinds.first().copied());
        let kind = match (kind, only) {
            (Kind::Column(column), Some(only)) => {
                let number = self.catalog.kind(only).id;
                rows.select.filter.push(Expr::equal(column, Expr::int(number)));
                Kind::Fixed(only)
            }
            (kind, _) => kind,
        };
        let node = Node { kind, id, table: None, scope: rows.scope, nullable: false };
        if let Some(allowed) = allowed {
            self.hold_kind(rows, &node, allowed);
        }
        rows.env.insert(var, Binding::Node(node));
    }

    fn same_kind(&self, one: &Kind, other: &Kind) -> Option<Expr> {
        let number = |kind: &Kind| match kind {
            Kind::Fixed(kind) => Expr::int(self.catalog.kind(*kind).id),
            Kind::Column(column) => column.clone(),
        };
        match (one, other) {
            (Kind::Fixed(one), Kind::Fixed(other)) if one == other => None,
            _ => Some(Expr::equal(number(one), number(other))),
        }
    }

    /// Holds a node to the kinds allowed, where it could be another.
    pub(super) fn hold_kind(&mut self, rows: &mut Rows, node: &Node, allowed: &KindSet) {
        let condition = self.kind_test(&node.kind, allowed);
        rows.select.filter.extend(condition);
    }

    /// The condition that a kind is one of those allowed; nothing where it must be.
    pub(super) fn kind_test(&self, kind: &Kind, allowed: &KindSet) -> Option<Expr> {
        match kind {
            Kind::Fixed(kind) if allowed.contains(kind) => None,
            Kind::Fixed(_) => Some(Expr::Word("0")),
            Kind::Column(column) => {
                let every = self.catalog.nodes().all(|kind| allowed.contains(&kind));
                let numbers =
                    allowed.iter().map(|&kind| Expr::int(self.catalog.kind(kind).id)).collect();
                (!every).then(|| Expr::In(Box::new(column.clone()), numbers))
            }
        }
    }

    /// All nodes of the kinds a pattern allows.
    fn scan(&mut self, rows: &mut Rows, node: &NodePattern) {
        if let (1, Some(&kind)) = (node.kinds.len(), node.kinds.first()) {
            self.row_of_node(rows, node.var, &KindSet::from([kind]));
            return;
        }
        let parts = node.kinds.iter().map(|&kind| self.all_of(kind)).collect();
        let row = self.add_union(rows, parts);
        let kind = Kind::Column(Expr::number(row, 1));
        let found = Node {
            kind,
            id: Expr::number(row, 2),
            table: None,
            scope: rows.scope,
            nullable: false,
        };
        rows.env.insert(node.var, Binding::Node(found));
    }

    fn all_of(&mut self, kind: crate::meaning::catalog::KindId) -> Select {
        let kind = self.catalog.kind(kind);
        let alias = self.alias();
        Select {
            columns: vec![Expr::int(kind.id), Expr::fixed(alias, "id")],
            from: vec![crate::sql::select::From::inner(Source::Table(kind.table.clone()), alias)],
            ..Select::default()
        }
    }

    /// An edge that can be any of several: all of them, one below the other.
    fn several_edges(
        &mut self,
        rows: &mut Rows,
        pattern: &EdgePattern,
        several: &[Alternative],
        block: &Block,
    ) {
        let stands = several
            .iter()
            .all(|alternative| self.catalog.edge(alternative.edge).stands_as.is_some());
        let parts = several
            .iter()
            .map(|alternative| {
                let twice = alternative.reversed && has_forward(several, alternative);
                self.edge_rows(alternative, stands, twice)
            })
            .collect();
        let row = self.add_union(rows, parts);
        let column = |number| Expr::number(row, number);
        self.hold(
            rows,
            pattern.left,
            (Kind::Column(column(1)), column(2)),
            kinds_of(block, pattern.left),
        );
        self.hold(
            rows,
            pattern.right,
            (Kind::Column(column(3)), column(4)),
            kinds_of(block, pattern.right),
        );
        if stands {
            let allowed = kinds_of(block, pattern.var).cloned().unwrap_or_else(|| {
                several
                    .iter()
                    .filter_map(|alternative| self.catalog.edge(alternative.edge).stands_as)
                    .collect()
            });
            self.hold(rows, pattern.var, (Kind::Column(column(5)), column(6)), Some(&allowed));
        }
        if let Some(known) = pattern.known.and_then(|known| rows.env.get(&known)) {
            let found = if stands {
                let (kind, id) = (Kind::Column(column(5)), column(6));
                let (table, scope) = (None, rows.scope);
                self.token(&Binding::Node(Node { kind, id, table, scope, nullable: false }))
            } else {
                column(5)
            };
            rows.select.filter.push(Expr::equal(found, self.token(known)));
        }
        if !stands {
            let edges = several.iter().map(|alternative| alternative.edge).collect();
            rows.env.insert(pattern.var, Binding::Token(column(5), edges));
        }
    }

    /// The edges of one alternative: kind and id of the left and the right node, then the edge as a node or a token.
    /// Where they are asked for in the other direction as well, those that lead back to their start are there already.
    fn edge_rows(&mut self, alternative: &Alternative, stands: bool, twice: bool) -> Select {
        let edge = self.catalog.edge(alternative.edge);
        let row = self.alias();
        let ends = [&edge.from, &edge.to]
            .map(|end| (self.end_kind(end, row), Expr::column(row, &end.column)));
        let [from, to] = ends;
        let mut filter = vec![Expr::present(to.1.clone())];
        filter.extend(self.term_filter(alternative, row));
        if twice {
            let same = [(&from.0, &to.0), (&from.1, &to.1)]
                .map(|(a, b)| Expr::equal(a.clone(), b.clone()));
            if !edge.from.kinds.is_disjoint(&edge.to.kinds) {
                filter.push(Expr::Not(Box::new(Expr::And(same.to_vec()))));
            }
        }
        let (left, right) = if alternative.reversed { (to, from) } else { (from, to) };
        let mut columns = vec![left.0, left.1, right.0, right.1];
        match edge.stands_as {
            Some(kind) if stands => {
                columns.extend([Expr::int(self.catalog.kind(kind).id), Expr::fixed(row, "id")]);
            }
            _ => columns.push(self.row_token(alternative.edge, row)),
        }
        let from = vec![crate::sql::select::From::inner(Source::Table(edge.table.clone()), row)];
        Select { columns, from, filter, ..Select::default() }
    }

    /// The number of the kind at an end of an edge's row.
    pub(super) fn end_kind(&self, end: &End, row: Alias) -> Expr {
        match (&end.kind_column, end.kinds.first()) {
            (Some(column), _) => Expr::column(row, column),
            (None, Some(&kind)) => Expr::int(self.catalog.kind(kind).id),
            (None, None) => Expr::Word("null"),
        }
    }

    /// The condition that an edge's row has one of the terms meant.
    pub(super) fn term_filter(&self, alternative: &Alternative, row: Alias) -> Option<Expr> {
        let terms = alternative.terms.as_ref()?;
        let column = self.catalog.edge(alternative.edge).term_column.as_ref()?;
        let numbers: Vec<Expr> = terms.iter().map(|TermId(number)| Expr::int(*number)).collect();
        let column = Expr::column(row, column);
        match numbers.as_slice() {
            [only] => Some(Expr::equal(column, only.clone())),
            _ => Some(Expr::In(Box::new(column), numbers)),
        }
    }

    /// The condition that two edges are not one and the same; nothing where they cannot be.
    pub(super) fn differ(&mut self, rows: &Rows, a: VarId, b: VarId) -> Option<Expr> {
        let (one, other) = (rows.env.get(&a)?.clone(), rows.env.get(&b)?.clone());
        match (&one, &other) {
            (Binding::Node(one), Binding::Node(other)) => {
                let ids = Expr::binary(Op::NotEqual, one.id.clone(), other.id.clone());
                let kinds =
                    self.same_kind(&one.kind, &other.kind).map(|same| Expr::Not(Box::new(same)));
                Some(Expr::Or([Some(ids), kinds].into_iter().flatten().collect()))
            }
            (Binding::Walk(one), Binding::Walk(other)) => {
                let disjoint = vec![one.trail.clone(), other.trail.clone()];
                Some(Expr::Call("dixit_disjoint", disjoint))
            }
            (Binding::Walk(walk), edge) | (edge, Binding::Walk(walk)) => {
                let token = self.token(edge);
                Some(Expr::equal(
                    Expr::Call("instr", vec![walk.trail.clone(), token]),
                    Expr::Word("0"),
                ))
            }
            (one, other) => Some(Expr::binary(Op::NotEqual, self.token(one), self.token(other))),
        }
    }
}

/// Whether the same edges are asked for in their own direction.
fn has_forward(several: &[Alternative], reversed: &Alternative) -> bool {
    let forward = Alternative { reversed: false, ..reversed.clone() };
    several.contains(&forward)
}

/// The kinds a block allows a node.
pub(super) fn kinds_of(block: &Block, var: VarId) -> Option<&KindSet> {
    block.nodes.iter().find(|node| node.var == var).map(|node| &node.kinds)
}
