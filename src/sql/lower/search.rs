//! Full-text search in a property: whether a node is found, and how well.

use super::element::{one, token_is};
use super::{Kind, Lowering, Node, Rows};
use crate::meaning::catalog::{Ident, KindSet};
use crate::meaning::question::{self, Owner};
use crate::meaning::types::Type;
use crate::sql::select::{Alias, Cte, Expr, From, Join, Select, Source};

/// A search that has been looked up: the node asked about, the index, and the condition that a row of it is found.
struct Search {
    node: Node,
    table: Ident,
    row: Alias,
    found: Expr,
}

impl Lowering<'_> {
    /// The condition that a node is found: null where the property is.
    pub(super) fn search(
        &mut self,
        rows: &mut Rows,
        of: &question::Expr,
        which: (Owner, usize),
        query: &question::Expr,
    ) -> Expr {
        let searched = self.property(rows, of, &[which], &Type::Text).packed();
        let found = self.found(rows, of, which, query);
        Expr::when(Expr::present(searched), found)
    }

    /// The condition that a node is found, where null and false are the same: an index serves it.
    pub(super) fn found(
        &mut self,
        rows: &mut Rows,
        of: &question::Expr,
        which: (Owner, usize),
        query: &question::Expr,
    ) -> Expr {
        let Some(Search { node, table, row, found }) = self.searched(rows, of, which, query) else {
            return Expr::Word("null");
        };
        let kind = self.owner_test(&node, which.0);
        let found = Select {
            columns: vec![Expr::fixed(row, "rowid")],
            from: vec![From::inner(Source::Table(table), row)],
            filter: vec![found],
            ..Select::default()
        };
        let found = Expr::InSelect(Box::new(node.id), vec![found]);
        match kind {
            Some(kind) => Expr::And(vec![kind, found]),
            None => found,
        }
    }

    /// The rank of a full-text match, higher where it fits better.
    pub(super) fn rank(
        &mut self,
        rows: &mut Rows,
        of: &question::Expr,
        which: (Owner, usize),
        query: &question::Expr,
    ) -> Expr {
        let Some(Search { node, table, row, found }) = self.searched(rows, of, which, query) else {
            return Expr::Word("null");
        };
        let rank = Expr::Minus(Box::new(Expr::Rank(table.clone())));
        let kind = self.owner_test(&node, which.0);
        if node.scope != rows.scope {
            let mut held = vec![found, Expr::equal(Expr::fixed(row, "rowid"), node.id)];
            held.extend(kind);
            return one(rank, Source::Table(table), row, held);
        }
        // All ranks at once: the index counts its words anew for every search.
        let all = Select {
            columns: vec![Expr::fixed(row, "rowid"), rank],
            from: vec![From::inner(Source::Table(table), row)],
            filter: vec![found],
            ..Select::default()
        };
        let (name, ranks) = (self.alias(), self.alias());
        let parts = vec![all];
        rows.select.with.push(Cte { name, width: 2, parts, distinct: false, recursive: false });
        let mut on = vec![Expr::equal(Expr::number(ranks, 1), node.id)];
        on.extend(kind);
        let source = Source::Cte(name);
        rows.select.from.push(From { join: Join::Left, source, alias: ranks, on });
        Expr::number(ranks, 2)
    }

    /// The node that an edge stands as, where it is one whose property is searched.
    fn standing(&mut self, rows: &mut Rows, of: &question::Expr, owner: Owner) -> Option<Node> {
        let Owner::Kind(kind) = owner else { return None };
        let token = self.value(rows, of);
        let id = Expr::Call("json_extract", vec![token.clone(), Expr::Word("'$[1]'")]);
        let edges = self.catalog.edges().filter(|(_, edge)| edge.stands_as == Some(kind));
        let ids = edges.map(|(_, edge)| (token_is(edge, &token), id.clone())).collect();
        let (kind, id) = (Kind::Fixed(kind), Expr::Case(ids, None));
        Some(Node { kind, id, table: None, scope: rows.scope, nullable: true })
    }

    /// The condition that a node is of the kind whose property is searched, where it could be another.
    fn owner_test(&self, node: &Node, owner: Owner) -> Option<Expr> {
        match owner {
            Owner::Kind(kind) => self.kind_test(&node.kind, &KindSet::from([kind])),
            Owner::Edge(_) => None,
        }
    }

    fn searched(
        &mut self,
        rows: &mut Rows,
        of: &question::Expr,
        (owner, at): (Owner, usize),
        query: &question::Expr,
    ) -> Option<Search> {
        let properties = match owner {
            Owner::Kind(kind) => &self.catalog.kind(kind).properties,
            Owner::Edge(edge) => &self.catalog.edge(edge).properties,
        };
        let table = properties.get(at)?.search.clone()?;
        let node = self.node(rows, of).or_else(|| self.standing(rows, of, owner))?;
        if let Some(place) = query.place.0.filter(|place| !self.searches.contains(place)) {
            self.searches.push(place);
        }
        let query = Expr::Call("dixit_search", vec![self.value(rows, query)]);
        let found = Expr::Match(table.clone(), Box::new(query));
        Some(Search { node, table, row: self.alias(), found })
    }
}
