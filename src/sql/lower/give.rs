//! Nodes and edges as they leave a query: JSON with what they are, their keys and their properties.

use std::collections::BTreeSet;

use super::element::{ascending, one, token_is};
use super::{Kind, Lowering, Node, date};
use crate::meaning::catalog::{
    Attribute, Edge, EdgeId, End, Ident, KindId, KindSet, Property, Storage,
};
use crate::meaning::types::Type;
use crate::sql::select::{Alias, Expr, Op, Source};

/// What a JSON array holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Members {
    Nodes,
    Edges,
    /// Nodes and edges in turn.
    Path,
}

impl Lowering<'_> {
    /// A node as it leaves the query: JSON with its kind, key and properties.
    pub(super) fn give_node(&mut self, node: &Node) -> Expr {
        match &node.kind {
            Kind::Fixed(kind) => self.give_kind(*kind, &node.id),
            Kind::Column(column) => {
                let kinds: KindSet = self.catalog.kinds().map(|(id, _)| id).collect();
                self.give_some(column, &node.id, &kinds)
            }
        }
    }

    pub(super) fn give_some(&mut self, kind: &Expr, id: &Expr, kinds: &KindSet) -> Expr {
        let branches = kinds.iter().map(|&found| {
            let number = self.catalog.kind(found).id;
            (Expr::equal(kind.clone(), Expr::int(number)), self.give_kind(found, id))
        });
        Expr::Case(branches.collect(), None)
    }

    fn give_kind(&mut self, id: KindId, node: &Expr) -> Expr {
        let kind = self.catalog.kind(id);
        let row = self.alias();
        let held = vec![Expr::equal(Expr::fixed(row, "id"), node.clone())];
        let found = Node::of_row(id, row);
        let properties = self.give_properties(&kind.properties, row, Some((id, &found)));
        let value = if let (true, Some(edge)) = (kind.as_edge, kind.edge) {
            self.edge_object(self.catalog.edge(edge), row, properties)
        } else {
            let column = |name: &Option<Ident>| {
                name.as_ref().map_or(Expr::Word("null"), |name| Expr::column(row, name))
            };
            let name = ("kind", Expr::text(&kind.name));
            object([
                name,
                ("key", column(&kind.key)),
                ("shown", column(&kind.shown)),
                ("properties", properties),
            ])
        };
        one(value, Source::Table(kind.table.clone()), row, held)
    }

    fn give_properties(
        &mut self,
        properties: &[Property],
        row: Alias,
        node: Option<(KindId, &Node)>,
    ) -> Expr {
        if properties.iter().any(is_tagged) {
            return Expr::Call("json", vec![self.map_of(properties, row, node)]);
        }
        let mut pairs = Vec::new();
        for property in properties {
            let value = match self.in_row(property, row, node) {
                date::Held::Plain(value) if property.storage == Storage::Alias => {
                    let empty = Expr::Call("nullif", vec![value, Expr::Word("'[]'")]);
                    Expr::Call("json", vec![empty])
                }
                date::Held::Plain(value) if property.ty == Type::Bool => truth(value),
                held @ (date::Held::Plain(_) | date::Held::Columns { .. }) => held.text(),
            };
            pairs.extend([Expr::text(&property.name), value]);
        }
        Expr::Call(
            "json",
            vec![Expr::Call(
                "json_patch",
                vec![Expr::Word("'{}'"), Expr::Call("json_object", pairs)],
            )],
        )
    }

    /// An edge as it leaves the query: JSON with its name, the keys of its ends, and properties.
    fn edge_object(&mut self, edge: &Edge, row: Alias, properties: Expr) -> Expr {
        let name = match (&edge.name, &edge.term_column) {
            (Some(name), _) => Expr::text(name),
            (None, Some(column)) => self.term(Expr::column(row, column), Attribute::Term),
            (None, None) => Expr::Word("null"),
        };
        let ends = [&edge.from, &edge.to].map(|end| self.end_key(end, row));
        let [from, to] = ends;
        object([("edge", name), ("from", from), ("to", to), ("properties", properties)])
    }

    fn end_key(&mut self, end: &End, row: Alias) -> Expr {
        let id = Expr::column(row, &end.column);
        let Some(kind_column) = &end.kind_column else {
            return end.kinds.first().map_or(Expr::Word("null"), |&kind| self.key_of(kind, &id));
        };
        let branches = end.kinds.iter().map(|&kind| {
            let is =
                Expr::equal(Expr::column(row, kind_column), Expr::int(self.catalog.kind(kind).id));
            (is, self.key_of(kind, &id))
        });
        Expr::Case(branches.collect(), None)
    }

    /// The key of a node; where its kind has none, its number.
    fn key_of(&mut self, kind: KindId, id: &Expr) -> Expr {
        let kind = self.catalog.kind(kind);
        let Some(key) = kind.key.clone() else { return id.clone() };
        let row = self.alias();
        let held = vec![Expr::equal(Expr::fixed(row, "id"), id.clone())];
        one(Expr::column(row, &key), Source::Table(kind.table.clone()), row, held)
    }

    /// An edge given by a token, as it leaves the query.
    pub(super) fn give_token(&mut self, token: &Expr, edges: &BTreeSet<EdgeId>) -> Expr {
        let mut branches = Vec::new();
        for &id in edges {
            let edge = self.catalog.edge(id);
            let row = self.alias();
            let properties = match edge.stands_as {
                Some(kind) => self.give_properties(&self.catalog.kind(kind).properties, row, None),
                None => self.give_properties(&edge.properties, row, None),
            };
            let value = self.edge_object(edge, row, properties);
            let held = Self::is_token(edge, row, token);
            branches.push((
                token_is(edge, token),
                one(value, Source::Table(edge.table.clone()), row, held),
            ));
        }
        Expr::Case(branches, None)
    }

    /// The name of an edge given by a token.
    pub(super) fn token_name(&mut self, token: &Expr, edges: &BTreeSet<EdgeId>) -> Expr {
        let mut branches = Vec::new();
        for &id in edges {
            let edge = self.catalog.edge(id);
            let row = self.alias();
            let name = match (&edge.name, &edge.term_column) {
                (Some(name), _) => Expr::text(name),
                (None, Some(column)) => {
                    let name = self.term(Expr::column(row, column), Attribute::Term);
                    one(
                        name,
                        Source::Table(edge.table.clone()),
                        row,
                        Self::is_token(edge, row, token),
                    )
                }
                (None, None) => Expr::Word("null"),
            };
            branches.push((token_is(edge, token), name));
        }
        Expr::Case(branches, None)
    }

    /// The members of a JSON array of nodes, edges or both in turn, each as it leaves the query.
    pub(super) fn give_members(
        &mut self,
        list: &Expr,
        through: &KindSet,
        over: &BTreeSet<EdgeId>,
        form: Members,
    ) -> Expr {
        let each = self.alias();
        let (value, place) = (Expr::fixed(each, "value"), Expr::fixed(each, "key"));
        let part = |at| Expr::Call("json_extract", vec![value.clone(), Expr::Word(at)]);
        let node =
            |lowering: &mut Self| lowering.give_some(&part("'$[0]'"), &part("'$[1]'"), through);
        let given = match form {
            Members::Nodes => node(self),
            Members::Edges => self.give_token(&value, over),
            Members::Path => {
                let even = Expr::equal(
                    Expr::binary(Op::Modulo, place.clone(), Expr::Word("2")),
                    Expr::Word("0"),
                );
                let (node, edge) = (node(self), self.give_token(&value, over));
                Expr::Case(vec![(even, node)], Some(Box::new(edge)))
            }
        };
        let all = Expr::Aggregate {
            name: "json_group_array",
            distinct: false,
            args: vec![Expr::Call("json", vec![given])],
            order: vec![ascending(place)],
            filter: None,
        };
        let gathered = one(all, Source::Call("json_each", vec![list.clone()]), each, Vec::new());
        Expr::when(Expr::present(list.clone()), gathered)
    }
}

fn object(pairs: impl IntoIterator<Item = (&'static str, Expr)>) -> Expr {
    Expr::Call(
        "json_object",
        pairs.into_iter().flat_map(|(name, value)| [Expr::text(name), value]).collect(),
    )
}

/// Whether JSON alone does not tell what a property's value is.
fn is_tagged(property: &Property) -> bool {
    match &property.ty {
        Type::List(_) => property.storage != Storage::Alias,
        Type::Any | Type::Map | Type::DateTime | Type::Duration => true,
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Text
        | Type::Date
        | Type::Node(_)
        | Type::Edge(_)
        | Type::Path => false,
    }
}

fn truth(value: Expr) -> Expr {
    let (yes, no) = (
        Expr::Call("json", vec![Expr::Word("'true'")]),
        Expr::Call("json", vec![Expr::Word("'false'")]),
    );
    Expr::Case(vec![(value.clone(), yes), (Expr::Not(Box::new(value)), no)], None)
}
