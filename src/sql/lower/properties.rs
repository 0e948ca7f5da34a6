//! The properties of a node or an edge as a map.

use super::any::with_type;
use super::element::{one, token_is};
use super::{Kind, Lowering, Node, Rows};
use crate::meaning::catalog::{EdgeId, KindId, Property};
use crate::meaning::question;
use crate::meaning::types::Type;
use crate::sql::select::{Alias, Expr, Source};

impl Lowering<'_> {
    /// The properties that are not null; a map is itself.
    pub(super) fn properties(
        &mut self,
        rows: &mut Rows,
        of: &question::Expr,
        whole: &question::Expr,
    ) -> Expr {
        if let (Type::Node(_), Some(node)) = (&of.ty, self.node(rows, of)) {
            return self.node_map(&node);
        }
        let value = self.value(rows, of);
        match &of.ty {
            Type::Edge(edges) => {
                let branches = edges.iter().map(|&edge| self.edge_map(edge, &value));
                Expr::Case(branches.collect(), None)
            }
            Type::Any => {
                let place = self.place(whole);
                Expr::Call("dixit_typed", vec![value, Expr::Word("'m'"), place])
            }
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Map
            | Type::List(_)
            | Type::Node(_)
            | Type::Path => value,
        }
    }

    fn node_map(&mut self, node: &Node) -> Expr {
        match &node.kind {
            Kind::Fixed(kind) => self.kind_map(*kind, &node.id),
            Kind::Column(column) => {
                let kinds: Vec<KindId> = self.catalog.kinds().map(|(id, _)| id).collect();
                let branches = kinds.into_iter().map(|kind| {
                    let is = Expr::equal(column.clone(), Expr::int(self.catalog.kind(kind).id));
                    (is, self.kind_map(kind, &node.id))
                });
                Expr::Case(branches.collect(), None)
            }
        }
    }

    fn kind_map(&mut self, id: KindId, node: &Expr) -> Expr {
        let kind = self.catalog.kind(id);
        let row = self.alias();
        let found = Node {
            kind: Kind::Fixed(id),
            id: Expr::fixed(row, "id"),
            table: Some(row),
            scope: 0,
            nullable: false,
        };
        let map = self.map_of(&kind.properties, row, Some((id, &found)));
        let held = vec![Expr::equal(Expr::fixed(row, "id"), node.clone())];
        one(map, Source::Table(kind.table.clone()), row, held)
    }

    /// The condition that a token is of an edge, and the properties of that edge.
    fn edge_map(&mut self, id: EdgeId, token: &Expr) -> (Expr, Expr) {
        let catalog = self.catalog;
        let edge = catalog.edge(id);
        let properties = match edge.stands_as {
            Some(kind) => &catalog.kind(kind).properties,
            None => &edge.properties,
        };
        let row = self.alias();
        let map = self.map_of(properties, row, None);
        let held = Self::is_token(edge, row, token);
        (token_is(edge, token), one(map, Source::Table(edge.table.clone()), row, held))
    }

    pub(super) fn map_of(
        &mut self,
        properties: &[Property],
        row: Alias,
        node: Option<(KindId, &Node)>,
    ) -> Expr {
        let mut parts = Vec::new();
        for property in properties {
            let value = self.in_row(property, row, node).packed();
            parts.extend([Expr::text(&property.name), with_type(value, &property.ty)]);
        }
        let maps = Self::chunked(parts);
        Expr::Call("dixit_present", vec![maps])
    }
}
