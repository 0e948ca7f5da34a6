//! Functions that the database does not compute by one call of its own.

use std::collections::BTreeSet;

use super::any::with_type;
use super::{Binding, Kind, Lowering, Rows};
use crate::meaning::catalog::{self, EdgeId};
use crate::meaning::functions::{Function, Gives, Means};
use crate::meaning::question;
use crate::meaning::types::Type;
use crate::sql::select::{Expr, From, Op, Select, Source};

impl Lowering<'_> {
    pub(super) fn call(
        &mut self,
        rows: &mut Rows,
        function: &Function,
        args: &[question::Expr],
        whole: &question::Expr,
    ) -> Expr {
        let mut values = |lowering: &mut Self| -> Vec<Expr> {
            args.iter().map(|arg| lowering.value(rows, arg)).collect()
        };
        match function.means {
            Means::Sql(name) if !super::date::is_part(name) => {
                return Expr::Call(name, values(self));
            }
            Means::Checked(name) => {
                let mut values = values(self);
                values.push(self.place(whole));
                return Expr::Call(name, values);
            }
            Means::Coalesce if args.len() > 1 => return Expr::Call("coalesce", values(self)),
            Means::NullIf => return Expr::Call("nullif", values(self)),
            Means::Evidence => return Expr::Call("dixit_evidence", self.evidence(rows, args)),
            Means::Sql(_)
            | Means::Coalesce
            | Means::Size
            | Means::IsEmpty
            | Means::At(_)
            | Means::Kind
            | Means::Labels
            | Means::Properties
            | Means::Keys
            | Means::ElementId
            | Means::EdgeName
            | Means::ToText
            | Means::Convert(..)
            | Means::PathPart
            | Means::Score
            | Means::Reverse
            | Means::Possibly
            | Means::Today => {}
        }
        match args.first() {
            Some(first) => self.call_of(rows, function, first, whole),
            None => Expr::Word("null"),
        }
    }

    /// A function that looks at what its first argument is.
    fn call_of(
        &mut self,
        rows: &mut Rows,
        function: &Function,
        arg: &question::Expr,
        whole: &question::Expr,
    ) -> Expr {
        match function.means {
            Means::Sql(name) => super::date::part(name, self.held(rows, arg)),
            Means::Convert(typed, any) => {
                let value = self.value(rows, arg);
                if arg.ty == Type::Any {
                    return Expr::Call(any, vec![value, self.place(whole)]);
                }
                Expr::Call(typed, vec![value])
            }
            Means::Size => self.size(rows, arg),
            Means::IsEmpty => Expr::equal(self.size(rows, arg), Expr::Word("0")),
            Means::At(at) => {
                let at = Expr::Word(if at == 0 { "0" } else { "-1" });
                self.item(rows, arg, at, whole)
            }
            Means::Kind => self.by_kind(rows, arg, |kind| Expr::text(&kind.name)),
            Means::Labels => self.by_kind(rows, arg, |kind| {
                let labels = kind.labels.iter().map(|label| Expr::text(label));
                Expr::Call("json_array", labels.collect())
            }),
            Means::Properties => self.properties(rows, arg, whole),
            Means::Keys => {
                let map = self.properties(rows, arg, whole);
                Expr::Call("dixit_keys", vec![with_type(map, &Type::Map), self.place(whole)])
            }
            Means::ElementId => {
                let token = self.value(rows, arg);
                let form = Expr::Word(if matches!(arg.ty, Type::Node(_)) { "'n'" } else { "'e'" });
                Expr::Call("dixit_element_id", vec![token, form])
            }
            Means::EdgeName => {
                let edges = self.edges_of_type(&arg.ty);
                self.edge_name(rows, arg, &edges)
            }
            Means::ToText => self.text_of(rows, arg),
            Means::Reverse => self.reversed(rows, arg, whole),
            Means::PathPart => self.path_part(rows, arg, function.gives),
            Means::Coalesce => self.value(rows, arg),
            // Resolved or computed before: these never arrive here.
            Means::Checked(_)
            | Means::NullIf
            | Means::Score
            | Means::Possibly
            | Means::Today
            | Means::Evidence => Expr::Word("null"),
        }
    }

    fn reversed(&mut self, rows: &mut Rows, arg: &question::Expr, whole: &question::Expr) -> Expr {
        let value = self.value(rows, arg);
        if arg.ty == Type::Any {
            return Expr::Call("dixit_any_reverse", vec![value, self.place(whole)]);
        }
        let list = matches!(arg.ty, Type::List(_));
        Expr::Call(if list { "dixit_reverse_list" } else { "dixit_reverse" }, vec![value])
    }

    fn size(&mut self, rows: &mut Rows, arg: &question::Expr) -> Expr {
        let value = self.value(rows, arg);
        if arg.ty == Type::Text {
            return Expr::Call("length", vec![value]);
        }
        if matches!(arg.ty, Type::Any | Type::Map) {
            let value = with_type(value, &arg.ty);
            return Expr::Call("dixit_any_size", vec![value, self.place(arg)]);
        }
        let members = Expr::Call("json_array_length", vec![value]);
        if arg.ty != Type::Path {
            return members;
        }
        let edges = Expr::binary(Op::Subtract, members, Expr::Word("1"));
        Expr::binary(Op::Divide, edges, Expr::Word("2"))
    }

    /// A member of a list by its place.
    pub(super) fn item(
        &mut self,
        rows: &mut Rows,
        list: &question::Expr,
        at: Expr,
        whole: &question::Expr,
    ) -> Expr {
        if whole.ty == Type::Any {
            let list = self.any_value(rows, list);
            return Expr::Call("dixit_under", vec![list, at, self.place(whole)]);
        }
        Expr::Call("dixit_item", vec![self.value(rows, list), at])
    }

    /// What a node's kind says of it.
    fn by_kind(
        &mut self,
        rows: &mut Rows,
        arg: &question::Expr,
        says: fn(&catalog::Kind) -> Expr,
    ) -> Expr {
        let Some(node) = self.node(rows, arg) else { return Expr::Word("null") };
        match &node.kind {
            Kind::Fixed(kind) => {
                let said = says(self.catalog.kind(*kind));
                if node.nullable { Expr::when(Expr::present(node.id), said) } else { said }
            }
            Kind::Column(column) => {
                let kinds = self.catalog.kinds();
                let branches = kinds
                    .map(|(_, kind)| (Expr::equal(column.clone(), Expr::int(kind.id)), says(kind)));
                Expr::Case(branches.collect(), None)
            }
        }
    }

    /// The name of an edge, or of the edge that a node is.
    pub(super) fn edge_name(
        &mut self,
        rows: &mut Rows,
        arg: &question::Expr,
        edges: &BTreeSet<EdgeId>,
    ) -> Expr {
        let binding = arg.as_var().and_then(|var| rows.env.get(&var).cloned());
        if let Some(Binding::Edge { edge, row }) = &binding {
            return self.row_edge_name(*edge, *row);
        }
        if let (Type::Node(_), Some(node)) = (&arg.ty, self.node(rows, arg)) {
            let edge = match &node.kind {
                Kind::Fixed(kind) => self.catalog.kind(*kind).edge,
                Kind::Column(_) => None,
            };
            if let (Some(edge), Some(row)) = (edge, node.table) {
                let name = self.row_edge_name(edge, row);
                return if node.nullable { Expr::when(Expr::present(node.id), name) } else { name };
            }
            let token = self.token(&Binding::Node(node));
            return self.token_name(&token, edges);
        }
        let token = self.value(rows, arg);
        self.token_name(&token, edges)
    }

    fn row_edge_name(&mut self, edge: EdgeId, row: crate::sql::select::Alias) -> Expr {
        let edge = self.catalog.edge(edge);
        match (&edge.name, &edge.term_column) {
            (Some(name), _) => Expr::text(name),
            (None, Some(column)) => {
                let term = self.alias();
                let held = vec![Expr::equal(Expr::fixed(term, "id"), Expr::column(row, column))];
                super::element::one(Expr::fixed(term, "term"), Source::Fixed("term"), term, held)
            }
            (None, None) => Expr::Word("null"),
        }
    }

    pub(super) fn text_of(&mut self, rows: &mut Rows, arg: &question::Expr) -> Expr {
        if arg.ty == Type::Date {
            let packed = self.held(rows, arg).packed();
            return Expr::Call("dixit_date_text", vec![packed]);
        }
        let value = self.value(rows, arg);
        match arg.ty {
            Type::Text | Type::Duration => value,
            Type::Bool => Expr::Call("dixit_truth_text", vec![value]),
            Type::DateTime => Expr::binary(Op::Concat, value, Expr::Word("'Z'")),
            Type::Any => {
                let place = self.place(arg);
                Expr::Call("dixit_any_text", vec![value, place])
            }
            Type::Null
            | Type::Int
            | Type::Float
            | Type::Date
            | Type::Map
            | Type::List(_)
            | Type::Node(_)
            | Type::Edge(_)
            | Type::Path => Expr::Call("dixit_to_text", vec![value]),
        }
    }

    /// The nodes or the edges of a path, as a list.
    fn path_part(&mut self, rows: &mut Rows, arg: &question::Expr, gives: Gives) -> Expr {
        let path = self.value(rows, arg);
        let each = self.alias();
        let rest = Expr::binary(Op::Modulo, Expr::fixed(each, "key"), Expr::Word("2"));
        let wanted = Expr::Word(if gives == Gives::Nodes { "0" } else { "1" });
        let all = Expr::Aggregate {
            name: "json_group_array",
            distinct: false,
            args: vec![Expr::Call("json", vec![Expr::fixed(each, "value")])],
            order: vec![super::element::ascending(Expr::fixed(each, "key"))],
            filter: None,
        };
        let gathered = Expr::Scalar(Box::new(Select {
            columns: vec![all],
            from: vec![From::inner(Source::Call("json_each", vec![path.clone()]), each)],
            filter: vec![Expr::equal(rest, wanted)],
            ..Select::default()
        }));
        Expr::when(Expr::present(path), gathered)
    }
}
