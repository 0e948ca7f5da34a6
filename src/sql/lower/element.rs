//! Nodes and edges as values: what identifies them, their properties, and how they are given out.

use std::collections::BTreeSet;

use super::{Binding, Kind, Lowering, Node, Rows, date};
use crate::meaning::catalog::{
    Attribute, Edge, EdgeId, End, Ident, KindId, KindSet, Property, Storage,
};
use crate::meaning::question::{self, Alternative, ExprKind, Owner, VarId};
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
        let column = |name: &Ident| Expr::column(row, name);
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
    fn is_token(edge: &Edge, row: Alias, token: &Expr) -> Vec<Expr> {
        const PLACES: [&str; 6] = ["'$[1]'", "'$[2]'", "'$[3]'", "'$[4]'", "'$[5]'", "'$[6]'"];
        let plain = if edge.in_node || edge.numbered || edge.stands_as.is_some() {
            vec![Expr::fixed(row, "id")]
        } else {
            let mut columns: Vec<&Ident> = Vec::new();
            columns.extend(edge.from.kind_column.as_ref());
            columns.extend(edge.to.kind_column.as_ref());
            columns.extend(edge.term_column.as_ref());
            columns.extend([&edge.from.column, &edge.to.column]);
            columns.into_iter().map(|name| Expr::column(row, name)).collect()
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

    /// `of.property`, as a plain value or as a date.
    pub(super) fn property(
        &mut self,
        rows: &mut Rows,
        of: &question::Expr,
        choices: &[(Owner, usize)],
    ) -> date::Held {
        if matches!(of.ty, Type::Node(_)) {
            let Some(node) = self.node(rows, of) else {
                return date::Held::Plain(Expr::Word("null"));
            };
            return self.node_property(rows, &node, of.as_var(), choices);
        }
        let binding = of.as_var().and_then(|var| rows.env.get(&var).cloned());
        if let Some(Binding::Edge { edge, row }) = binding {
            let found = choices.iter().find(|(owner, _)| *owner == Owner::Edge(edge));
            return match found.and_then(|(_, at)| self.catalog.edge(edge).properties.get(*at)) {
                Some(property) => self.in_row(property, row, None),
                None => date::Held::Plain(Expr::Word("null")),
            };
        }
        let token = self.value(rows, of);
        self.token_property(&token, choices)
    }

    fn node_property(
        &mut self,
        rows: &mut Rows,
        node: &Node,
        var: Option<VarId>,
        choices: &[(Owner, usize)],
    ) -> date::Held {
        if let Kind::Fixed(kind) = node.kind {
            let at =
                choices.iter().find(|(owner, _)| *owner == Owner::Kind(kind)).map(|(_, at)| *at);
            let Some(property) = at.and_then(|at| self.catalog.kind(kind).properties.get(at))
            else {
                return date::Held::Plain(Expr::Word("null"));
            };
            if let Some(row) = node.table {
                return self.in_row(property, row, Some((kind, node)));
            }
            if let (Some(var), false, true) = (var, node.nullable, node.scope == rows.scope) {
                let row = self.row_of_node(rows, var, &KindSet::from([kind]));
                return self.in_row(property, row, Some((kind, node)));
            }
            return date::Held::Plain(self.looked_up(kind, property, &node.id));
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
            (is, self.looked_up(kind, &property, &node.id))
        });
        date::Held::Plain(Expr::Case(cases.collect(), None))
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

    fn token_property(&mut self, token: &Expr, choices: &[(Owner, usize)]) -> date::Held {
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
            let value = self.in_row(property, row, None).packed();
            let held = Self::is_token(edge, row, token);
            branches.push((
                token_is(edge, token),
                one(value, Source::Table(edge.table.clone()), row, held),
            ));
        }
        date::Held::Plain(Expr::Case(branches, None))
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

    fn term(&mut self, id: Expr, attribute: Attribute) -> Expr {
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
        let name = Expr::fixed(row, "name");
        let all = Expr::Aggregate {
            name: "json_group_array",
            distinct: false,
            args: vec![name.clone()],
            order: vec![ascending(name)],
            filter: None,
        };
        let held = vec![
            Expr::equal(Expr::fixed(row, "kind"), Expr::int(self.catalog.kind(kind).id)),
            Expr::equal(Expr::fixed(row, "node"), id.clone()),
        ];
        one(all, Source::Fixed("alias"), row, held)
    }

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
        let found = Node {
            kind: Kind::Fixed(id),
            id: Expr::fixed(row, "id"),
            table: Some(row),
            scope: 0,
            nullable: false,
        };
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

/// What a JSON array holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Members {
    Nodes,
    Edges,
    /// Nodes and edges in turn.
    Path,
}

fn token_is(edge: &Edge, token: &Expr) -> Expr {
    let number = Expr::Call("json_extract", vec![token.clone(), Expr::Word("'$[0]'")]);
    Expr::equal(number, Expr::int(edge.id))
}

fn object(pairs: impl IntoIterator<Item = (&'static str, Expr)>) -> Expr {
    Expr::Call(
        "json_object",
        pairs.into_iter().flat_map(|(name, value)| [Expr::text(name), value]).collect(),
    )
}

fn truth(value: Expr) -> Expr {
    let (yes, no) = (
        Expr::Call("json", vec![Expr::Word("'true'")]),
        Expr::Call("json", vec![Expr::Word("'false'")]),
    );
    Expr::Case(vec![(value.clone(), yes), (Expr::Not(Box::new(value)), no)], None)
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
