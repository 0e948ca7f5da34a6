//! The properties of a node or an edge: one of them, or all as a map.

use std::collections::BTreeSet;

use super::any::with_type;
use super::date::Held;
use super::element::{one, token_is};
use super::{Binding, Kind, Lowering, Node, Rows};
use crate::meaning::catalog::{Catalog, EdgeId, KindId, KindSet, Property};
use crate::meaning::question::{self, Owner, VarId};
use crate::meaning::types::Type;
use crate::sql::select::{Alias, Expr, Source};

impl Lowering<'_> {
    /// `of.property`, as a plain value or as a date.
    pub(super) fn property(
        &mut self,
        rows: &mut Rows,
        of: &question::Expr,
        choices: &[(Owner, usize)],
        ty: &Type,
    ) -> Held {
        if matches!(of.ty, Type::Node(_)) {
            let Some(node) = self.node(rows, of) else {
                return Held::Plain(Expr::Word("null"));
            };
            return self.node_property(rows, (&node, of.as_var()), choices, ty);
        }
        let binding = of.as_var().and_then(|var| rows.env.get(&var).cloned());
        if let Some(Binding::Edge { edge, row }) = binding {
            let found = choices.iter().find(|(owner, _)| *owner == Owner::Edge(edge));
            return match found.and_then(|(_, at)| self.catalog.edge(edge).properties.get(*at)) {
                Some(property) => seen_as(self.in_row(property, row, None), property, ty),
                None => Held::Plain(Expr::Word("null")),
            };
        }
        let token = self.value(rows, of);
        self.token_property(&token, choices, ty)
    }

    fn node_property(
        &mut self,
        rows: &mut Rows,
        (node, var): (&Node, Option<VarId>),
        choices: &[(Owner, usize)],
        ty: &Type,
    ) -> Held {
        if let Kind::Fixed(kind) = node.kind {
            let at =
                choices.iter().find(|(owner, _)| *owner == Owner::Kind(kind)).map(|(_, at)| *at);
            let Some(property) = at.and_then(|at| self.catalog.kind(kind).properties.get(at))
            else {
                return Held::Plain(Expr::Word("null"));
            };
            if let Some(row) = node.table {
                return seen_as(self.in_row(property, row, Some((kind, node))), property, ty);
            }
            if let (Some(var), false, true) = (var, node.nullable, node.scope == rows.scope) {
                let row = self.row_of_node(rows, var, &KindSet::from([kind]));
                return seen_as(self.in_row(property, row, Some((kind, node))), property, ty);
            }
            let found = Held::Plain(self.looked_up(kind, property, &node.id));
            return seen_as(found, property, ty);
        }
        let branches = choices.iter().filter_map(|(owner, at)| {
            let Owner::Kind(kind) = owner else { return None };
            let property = self.catalog.kind(*kind).properties.get(*at)?.clone();
            Some((*kind, property))
        });
        let branches: Vec<(KindId, Property)> = branches.collect();
        let number = self.kind_number(&node.kind);
        let cases = branches.into_iter().map(|(kind, property)| {
            let is = Expr::equal(number.clone(), Expr::int(self.catalog.kind(kind).id));
            let found = Held::Plain(self.looked_up(kind, &property, &node.id));
            (is, seen_as(found, &property, ty).packed())
        });
        Held::Plain(Expr::Case(cases.collect(), None))
    }

    /// A property of the node with this id, by a sub-select.
    fn looked_up(&mut self, kind: KindId, property: &Property, id: &Expr) -> Expr {
        let row = self.alias();
        let node = Node {
            kind: Kind::Fixed(kind),
            id: id.clone(),
            table: Some(row),
            scope: 0,
            nullable: true,
        };
        let value = self.in_row(property, row, Some((kind, &node))).packed();
        let table = self.catalog.kind(kind).table.clone();
        one(value, Source::Table(table), row, vec![Expr::equal(Expr::fixed(row, "id"), id.clone())])
    }

    fn token_property(&mut self, token: &Expr, choices: &[(Owner, usize)], ty: &Type) -> Held {
        let mut branches = Vec::new();
        for (id, edge) in self.catalog.edges() {
            let owner = edge.stands_as.map_or(Owner::Edge(id), Owner::Kind);
            let Some((_, at)) = choices.iter().find(|(choice, _)| *choice == owner) else {
                continue;
            };
            let properties = match owner {
                Owner::Kind(kind) => &self.catalog.kind(kind).properties,
                Owner::Edge(edge) => &self.catalog.edge(edge).properties,
            };
            let Some(property) = properties.get(*at) else { continue };
            let row = self.alias();
            let value = seen_as(self.in_row(property, row, None), property, ty).packed();
            let held = Self::is_token(edge, row, token);
            branches.push((
                token_is(edge, token),
                one(value, Source::Table(edge.table.clone()), row, held),
            ));
        }
        Held::Plain(Expr::Case(branches, None))
    }

    /// A property of the node or edge that a value is, if it is one: what a token of it gives, null for none.
    pub(super) fn property_of_any(
        &mut self,
        rows: &mut Rows,
        token: &Expr,
        name: &str,
        (kinds, edges): (&KindSet, &BTreeSet<EdgeId>),
    ) -> Expr {
        let catalog = self.catalog;
        let part = |at| Expr::Call("json_extract", vec![token.clone(), Expr::Word(at)]);
        let of_kinds = kinds.iter().filter_map(|&kind| {
            let (at, _) = Catalog::property(&catalog.kind(kind).properties, name)?;
            Some((Owner::Kind(kind), at))
        });
        let kind = Kind::Column(part("'$.n[0]'"));
        let (id, scope) = (part("'$.n[1]'"), rows.scope);
        let node = Node { kind, id, table: None, scope, nullable: true };
        let choices: Vec<(Owner, usize)> = of_kinds.collect();
        let of_node = self.node_property(rows, (&node, None), &choices, &Type::Any).packed();
        let of_edges = edges.iter().filter_map(|&edge| {
            let owner = catalog.edge(edge).stands_as.map_or(Owner::Edge(edge), Owner::Kind);
            let properties = match owner {
                Owner::Kind(kind) => &catalog.kind(kind).properties,
                Owner::Edge(edge) => &catalog.edge(edge).properties,
            };
            Some((owner, Catalog::property(properties, name)?.0))
        });
        let choices: Vec<(Owner, usize)> = of_edges.collect();
        let of_edge = self.token_property(&part("'$.e'"), &choices, &Type::Any).packed();
        Expr::Case(vec![(Expr::present(part("'$.n'")), of_node)], Some(Box::new(of_edge)))
    }

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
        let found = Node::of_row(id, row);
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

/// A property as a value of a type: with its own, where the type is known only when it runs.
fn seen_as(held: Held, property: &Property, ty: &Type) -> Held {
    if *ty != Type::Any || property.ty == Type::Any {
        return held;
    }
    Held::Plain(with_type(held.packed(), &property.ty))
}
