//! Functions that the database does not compute by one call of its own.

use std::collections::BTreeSet;

use super::{Binding, Kind, Lowering, Rows};
use crate::meaning::catalog::EdgeId;
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
        let first = args.first();
        match function.means {
            // A year is read off the columns of a date at hand: most rows are asked for it alone.
            Means::Sql("dixit_year") => first.map_or(Expr::Word("null"), |arg| {
                let held = self.held(rows, arg);
                super::date::year(held)
            }),
            Means::Sql(name) => {
                let values = args.iter().map(|arg| self.value(rows, arg)).collect();
                Expr::Call(name, values)
            }
            Means::Checked(name) => {
                let mut values: Vec<Expr> = args.iter().map(|arg| self.value(rows, arg)).collect();
                values.push(self.place(whole));
                Expr::Call(name, values)
            }
            Means::Coalesce if args.len() == 1 => {
                first.map_or(Expr::Word("null"), |arg| self.value(rows, arg))
            }
            Means::Coalesce => {
                Expr::Call("coalesce", args.iter().map(|arg| self.value(rows, arg)).collect())
            }
            Means::NullIf => {
                Expr::Call("nullif", args.iter().map(|arg| self.value(rows, arg)).collect())
            }
            Means::Size => first.map_or(Expr::Word("null"), |arg| self.size(rows, arg)),
            Means::Kind => first.map_or(Expr::Word("null"), |arg| self.kind_name(rows, arg)),
            Means::EdgeName => first.map_or(Expr::Word("null"), |arg| {
                let edges = self.edges_of_type(&arg.ty);
                self.edge_name(rows, arg, &edges)
            }),
            Means::ToText => first.map_or(Expr::Word("null"), |arg| self.text_of(rows, arg)),
            Means::Reverse => first.map_or(Expr::Word("null"), |arg| {
                let value = self.value(rows, arg);
                let list = matches!(arg.ty, Type::List(_));
                Expr::Call(if list { "dixit_reverse_list" } else { "dixit_reverse" }, vec![value])
            }),
            Means::PathPart => {
                first.map_or(Expr::Word("null"), |arg| self.path_part(rows, arg, function.gives))
            }
            // Resolved before: these never arrive as calls.
            Means::Score | Means::Possibly | Means::Today => Expr::Word("null"),
        }
    }

    fn size(&mut self, rows: &mut Rows, arg: &question::Expr) -> Expr {
        let value = self.value(rows, arg);
        if arg.ty == Type::Text {
            return Expr::Call("length", vec![value]);
        }
        let members = Expr::Call("json_array_length", vec![value]);
        if arg.ty != Type::Path {
            return members;
        }
        let edges = Expr::binary(Op::Subtract, members, Expr::Word("1"));
        Expr::binary(Op::Divide, edges, Expr::Word("2"))
    }

    fn kind_name(&mut self, rows: &mut Rows, arg: &question::Expr) -> Expr {
        let Some(node) = self.node(rows, arg) else { return Expr::Word("null") };
        match &node.kind {
            Kind::Fixed(kind) => {
                let name = Expr::text(&self.catalog.kind(*kind).name);
                if node.nullable { Expr::when(Expr::present(node.id), name) } else { name }
            }
            Kind::Column(column) => {
                let kinds = self.catalog.kinds();
                let branches = kinds.map(|(_, kind)| {
                    (Expr::equal(column.clone(), Expr::int(kind.id)), Expr::text(&kind.name))
                });
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
            Type::Text => value,
            Type::Bool => {
                let no = Expr::Not(Box::new(value.clone()));
                Expr::Case(vec![(value, Expr::Word("'true'")), (no, Expr::Word("'false'"))], None)
            }
            Type::DateTime => Expr::binary(Op::Concat, value, Expr::Word("'Z'")),
            Type::Duration => value,
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
