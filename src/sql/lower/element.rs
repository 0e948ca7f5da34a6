//! Nodes and edges as values: what identifies them, their properties, and how they are given out.

use std::collections::BTreeSet;

use super::{Binding, Kind, Lowering, Node, Rows, date};
use crate::meaning::catalog::{Attribute, Edge, EdgeId, Ident, KindId, KindSet, Property, Storage};
use crate::meaning::question::{self, Alternative, ExprKind, VarId};
use crate::meaning::types::Type;
use crate::sql::select::{Alias, Expr, From, Op, Select, Source};

impl Lowering<'_> {
    /// The node a variable holds.
    pub(super) fn var_node(&mut self, rows: &mut Rows, var: VarId) -> Option<Node> {
        match rows.env.get(&var)?.clone() {
            Binding::Node(node) => Some(node),
            Binding::Computed(expr) => self.node(rows, &expr),
            Binding::Edge { edge: _, row: _ }
            | Binding::Token(..)
            | Binding::Walk(_)
            | Binding::Path(_)
            | Binding::Value(_) => None,
        }
    }

    /// The node an expression gives: a variable's, or one taken out of a list.
    pub(super) fn node(&mut self, rows: &mut Rows, expr: &question::Expr) -> Option<Node> {
        let Type::Node(kinds) = &expr.ty else { return None };
        if let ExprKind::Var(var) = &expr.kind
            && let Some(node) = self.var_node(rows, *var)
        {
            return Some(node);
        }
        let value = self.value(rows, expr);
        let part = |at| Expr::Call("json_extract", vec![value.clone(), Expr::Word(at)]);
        let kind = match kinds.first() {
            Some(&only) if kinds.len() == 1 => Kind::Fixed(only),
            _ => Kind::Column(part("'$[0]'")),
        };
        Some(Node { kind, id: part("'$[1]'"), table: None, scope: rows.scope, nullable: true })
    }

    /// A node as one value: `[kind, id]`, or null.
    pub(super) fn node_value(&self, node: &Node) -> Expr {
        let value = Expr::Call("json_array", vec![self.kind_number(&node.kind), node.id.clone()]);
        if node.nullable { Expr::when(Expr::present(node.id.clone()), value) } else { value }
    }

    pub(super) fn kind_number(&self, kind: &Kind) -> Expr {
        match kind {
            Kind::Fixed(kind) => Expr::int(self.catalog.kind(*kind).id),
            Kind::Column(column) => column.clone(),
        }
    }

    pub(super) fn kinds_of(&self, node: &Node) -> KindSet {
        match &node.kind {
            Kind::Fixed(kind) => KindSet::from([*kind]),
            Kind::Column(_) => self.catalog.kinds().map(|(id, _)| id).collect(),
        }
    }

    /// The edges a value of a type may be.
    pub(super) fn edges_of_type(&self, ty: &Type) -> BTreeSet<EdgeId> {
        ty.edges().cloned().unwrap_or_else(|| self.catalog.edges().map(|(id, _)| id).collect())
    }

    /// The edges a binding may hold.
    pub(super) fn edges_of(&self, binding: &Binding) -> BTreeSet<EdgeId> {
        match binding {
            Binding::Edge { edge, row: _ } => BTreeSet::from([*edge]),
            Binding::Node(Node { kind: Kind::Fixed(kind), .. }) => {
                self.catalog.kind(*kind).edge.into_iter().collect()
            }
            Binding::Walk(walk) => walk.over.clone(),
            Binding::Token(_, edges) => edges.clone(),
            Binding::Node(_) | Binding::Path(_) | Binding::Value(_) | Binding::Computed(_) => {
                self.catalog.edges().map(|(id, _)| id).collect()
            }
        }
    }

    /// An edge as one value.
    pub(super) fn token(&self, binding: &Binding) -> Expr {
        match binding {
            Binding::Edge { edge, row } => self.row_token(*edge, *row),
            Binding::Token(value, _) | Binding::Value(value) => value.clone(),
            Binding::Node(node) => self.node_token(node),
            Binding::Walk(_) | Binding::Path(_) | Binding::Computed(_) => Expr::Word("null"),
        }
    }

    /// A node that is an edge, as that edge.
    fn node_token(&self, node: &Node) -> Expr {
        let numbered = |kind: KindId| {
            let edge = self.catalog.kind(kind).edge?;
            Some(Expr::Call(
                "json_array",
                vec![Expr::int(self.catalog.edge(edge).id), node.id.clone()],
            ))
        };
        match &node.kind {
            Kind::Fixed(kind) => {
                let token = numbered(*kind).unwrap_or(Expr::Word("null"));
                if node.nullable {
                    Expr::when(Expr::present(node.id.clone()), token)
                } else {
                    token
                }
            }
            Kind::Column(column) => {
                let kinds = self.catalog.kinds().map(|(id, kind)| (id, kind.id));
                let branches = kinds
                    .filter_map(|(id, number)| {
                        Some((Expr::equal(column.clone(), Expr::int(number)), numbered(id)?))
                    })
                    .collect();
                Expr::Case(branches, None)
            }
        }
    }

    /// The token of an edge's row: its number, then what identifies it.
    pub(super) fn row_token(&self, id: EdgeId, row: Alias) -> Expr {
        let edge = self.catalog.edge(id);
        let mut parts = vec![Expr::int(edge.id)];
        parts.extend(self.identity(edge, row));
        Expr::Call("json_array", parts)
    }

    /// The columns that identify an edge's row. One that holds both ways is named by its lesser end first.
    fn identity(&self, edge: &Edge, row: Alias) -> Vec<Expr> {
        if edge.in_node || edge.numbered || edge.stands_as.is_some() {
            return vec![Expr::fixed(row, "id")];
        }
        let column = |name: &Ident| Expr::coded(row, name);
        let (from, to) = (column(&edge.from.column), column(&edge.to.column));
        let mut parts = Vec::new();
        parts.extend(edge.from.kind_column.as_ref().map(column));
        parts.extend(edge.to.kind_column.as_ref().map(column));
        parts.extend(edge.term_column.as_ref().map(column));
        let symmetric: Vec<Expr> = edge
            .terms
            .iter()
            .filter(|term| self.catalog.term(**term).is_some_and(|row| row.symmetric))
            .map(|term| Expr::int(term.0))
            .collect();
        if let (Some(term), false) = (&edge.term_column, symmetric.is_empty()) {
            let both = Expr::In(Box::new(column(term)), symmetric);
            let pick = |by: &'static str, plain: &Expr| {
                let ends = vec![from.clone(), to.clone()];
                Expr::Case(
                    vec![(both.clone(), Expr::Call(by, ends))],
                    Some(Box::new(plain.clone())),
                )
            };
            parts.extend([pick("min", &from), pick("max", &to)]);
        } else {
            parts.extend([from, to]);
        }
        parts
    }

    /// The condition that a row of an edge's table is the one a token names.
    pub(super) fn is_token(edge: &Edge, row: Alias, token: &Expr) -> Vec<Expr> {
        const PLACES: [&str; 6] = ["'$[1]'", "'$[2]'", "'$[3]'", "'$[4]'", "'$[5]'", "'$[6]'"];
        let plain = if edge.in_node || edge.numbered || edge.stands_as.is_some() {
            vec![Expr::fixed(row, "id")]
        } else {
            let mut columns: Vec<&Ident> = Vec::new();
            columns.extend(edge.from.kind_column.as_ref());
            columns.extend(edge.to.kind_column.as_ref());
            columns.extend(edge.term_column.as_ref());
            columns.extend([&edge.from.column, &edge.to.column]);
            columns.into_iter().map(|name| Expr::coded(row, name)).collect()
        };
        let place =
            |at: &'static str| Expr::Call("json_extract", vec![token.clone(), Expr::Word(at)]);
        plain.into_iter().zip(PLACES).map(|(column, at)| Expr::equal(column, place(at))).collect()
    }

    /// The condition that a row of an alternative's table is the edge that a token names.
    pub(super) fn is_edge_row(
        &self,
        (only, row): (&Alternative, Alias),
        token: &Expr,
    ) -> Vec<Expr> {
        let edge = self.catalog.edge(only.edge);
        // One that holds both ways stands there twice, and its token names the ends in their own order.
        if only.symmetric {
            return vec![Expr::equal(self.row_token(only.edge, row), token.clone())];
        }
        let mut all = vec![token_is(edge, token)];
        all.extend(Self::is_token(edge, row, token));
        all
    }

    /// A property in a row at hand.
    pub(super) fn in_row(
        &mut self,
        property: &Property,
        row: Alias,
        node: Option<(KindId, &Node)>,
    ) -> date::Held {
        match &property.storage {
            Storage::Column(column) => date::Held::Plain(Expr::column(row, column)),
            Storage::Date(prefix) => date::Held::Columns {
                first: Expr::column(row, &prefix.part("first")),
                last: Expr::column(row, &prefix.part("last")),
                text: Expr::column(row, &prefix.part("text")),
            },
            Storage::Term { column, attribute, vocabulary: _ } => {
                date::Held::Plain(self.term(Expr::column(row, column), *attribute))
            }
            Storage::Alias => match node {
                Some((kind, node)) => {
                    let names = self.aliases(kind, &node.id);
                    let names = if node.nullable {
                        Expr::when(Expr::present(node.id.clone()), names)
                    } else {
                        names
                    };
                    date::Held::Plain(names)
                }
                None => date::Held::Plain(Expr::Word("null")),
            },
        }
    }

    pub(super) fn term(&mut self, id: Expr, attribute: Attribute) -> Expr {
        let row = self.alias();
        let value = Expr::fixed(
            row,
            match attribute {
                Attribute::Term => "term",
                Attribute::Family => "family",
                Attribute::Polarity => "polarity",
                Attribute::Vocabulary => "vocabulary",
            },
        );
        one(value, Source::Fixed("term"), row, vec![Expr::equal(Expr::fixed(row, "id"), id)])
    }

    fn aliases(&mut self, kind: KindId, id: &Expr) -> Expr {
        let row = self.alias();
        if self.catalog.kind(kind).judged {
            let names = self.names_of_all(kind, id);
            let name = Expr::number(row, 1);
            return one(all_of(name), Source::Selects(vec![names]), row, Vec::new());
        }
        let held = self.names_held(kind, row, id);
        one(all_of(Expr::fixed(row, "name")), Source::Fixed("alias"), row, held)
    }

    /// The condition that an other name is one of this node.
    fn names_held(&self, kind: KindId, row: Alias, id: &Expr) -> Vec<Expr> {
        vec![
            Expr::equal(Expr::fixed(row, "kind"), Expr::int(self.catalog.kind(kind).id)),
            Expr::equal(Expr::fixed(row, "node"), id.clone()),
        ]
    }

    /// The other names of a node that may stand for several: those of all, and the names that the others have.
    fn names_of_all(&mut self, id: KindId, node: &Expr) -> Select {
        let row = self.alias();
        let others = Select {
            columns: vec![Expr::fixed(row, "name")],
            from: vec![From::inner(Source::Fixed("alias"), row)],
            filter: self.names_held(id, row, node),
            ..Select::default()
        };
        let mut parts = vec![others];
        let kind = self.catalog.kind(id);
        if let Some(shown) = kind.shown.clone() {
            let (same, row, own) = (self.alias(), self.alias(), self.alias());
            let name = Expr::column(row, &shown);
            let held = vec![Expr::equal(Expr::fixed(own, "id"), node.clone())];
            let table = || Source::Coded(kind.table.clone());
            let own = one(Expr::column(own, &shown), table(), own, held);
            parts.push(Select {
                columns: vec![name.clone()],
                from: vec![From::inner(Source::Fixed("same_as"), same), From::inner(table(), row)],
                filter: vec![
                    Expr::equal(Expr::fixed(same, "kind"), Expr::int(kind.id)),
                    Expr::equal(Expr::fixed(same, "same"), node.clone()),
                    Expr::equal(Expr::fixed(row, "id"), Expr::fixed(same, "node")),
                    Expr::binary(Op::NotEqual, name, own),
                ],
                ..Select::default()
            });
        }
        let all = self.alias();
        Select {
            distinct: true,
            columns: vec![Expr::number(all, 1)],
            from: vec![From::inner(Source::Selects(parts), all)],
            ..Select::default()
        }
    }
}

/// The values of rows as a list, in their order.
fn all_of(value: Expr) -> Expr {
    Expr::Aggregate {
        name: "json_group_array",
        distinct: false,
        args: vec![value.clone()],
        order: vec![ascending(value)],
        filter: None,
    }
}
pub(super) fn token_is(edge: &Edge, token: &Expr) -> Expr {
    let number = Expr::Call("json_extract", vec![token.clone(), Expr::Word("'$[0]'")]);
    Expr::equal(number, Expr::int(edge.id))
}

pub(super) fn ascending(value: Expr) -> crate::sql::select::Sort {
    crate::sql::select::Sort { value, descending: false, nulls_first: false }
}

/// `(select value from source where …)`
pub(super) fn one(value: Expr, source: Source, row: Alias, filter: Vec<Expr>) -> Expr {
    Expr::Scalar(Box::new(Select {
        columns: vec![value],
        from: vec![From::inner(source, row)],
        filter,
        ..Select::default()
    }))
}
