//! Aggregates.

use super::any::{needs_key, sort_key};
use super::element::ascending;
use super::project::unfolded;
use super::{Lowering, Rows};
use crate::meaning::functions::{Aggregate, Sum};
use crate::meaning::question::{self, SortKey};
use crate::meaning::types::Type;
use crate::sql::select::{Expr, Sort};

impl Lowering<'_> {
    pub(super) fn aggregate(
        &mut self,
        rows: &mut Rows,
        (which, distinct): (&Aggregate, bool),
        args: &[question::Expr],
        whole: &question::Expr,
    ) -> Expr {
        let Some(first) = args.first() else {
            return plain(which.sql, distinct, Vec::new());
        };
        match which.gives {
            Sum::Count if distinct && needs_key(&first.ty) => {
                let value = self.value(rows, first);
                let key = sort_key(value.clone(), &first.ty);
                plain(which.sql, true, vec![Expr::when(Expr::present(value), key)])
            }
            Sum::Count => {
                let value = self.counted(rows, first);
                plain(which.sql, distinct, vec![value])
            }
            Sum::Sum => {
                let value = self.value(rows, first);
                let zero = Expr::Word(if first.ty == Type::Float { "0.0" } else { "0" });
                Expr::Call("coalesce", vec![plain(which.sql, distinct, vec![value]), zero])
            }
            Sum::Value if matches!(first.ty, Type::Any | Type::List(_)) => {
                let value = self.any_value(rows, first);
                let name = if which.sql == "min" { "dixit_least" } else { "dixit_greatest" };
                let found = plain(name, false, vec![value]);
                if first.ty == Type::Any {
                    return found;
                }
                Expr::Call(
                    "dixit_typed",
                    vec![found, super::any::code(&first.ty), Expr::Word("-1")],
                )
            }
            Sum::Value => {
                let value = self.value(rows, first);
                plain(which.sql, distinct, vec![value])
            }
            Sum::Float | Sum::First => {
                let mut values: Vec<Expr> = args.iter().map(|arg| self.value(rows, arg)).collect();
                if args.len() > 1 {
                    values.push(self.place(whole));
                }
                plain(which.sql, distinct, values)
            }
            Sum::List => {
                let (value, present) = (self.as_member(rows, first), self.value(rows, first));
                let order = if distinct { Vec::new() } else { self.earlier_order(rows) };
                let list = gathered(value, present, distinct, order);
                if distinct && needs_key(&first.ty) {
                    let of = Type::List(Box::new(first.ty.clone()));
                    return Expr::Call("dixit_distinct", vec![list, super::any::code(&of)]);
                }
                list
            }
            Sum::Text => self.joined(rows, distinct, args),
            Sum::Evidence => plain(which.sql, false, self.evidence(rows, args)),
        }
    }

    /// What is counted: of a node of one kind its id is enough.
    fn counted(&mut self, rows: &mut Rows, arg: &question::Expr) -> Expr {
        match (&arg.ty, self.node(rows, arg)) {
            (Type::Node(_), Some(node)) if matches!(node.kind, super::Kind::Fixed(_)) => node.id,
            _ => self.value(rows, arg),
        }
    }

    /// `string_agg`: in the order of the rows where they are sorted, else in that of the values.
    fn joined(&mut self, rows: &mut Rows, distinct: bool, args: &[question::Expr]) -> Expr {
        let Some(first) = args.first() else { return Expr::Word("null") };
        let text = self.text_of(rows, first);
        let separator = match args.get(1) {
            Some(separator) => self.value(rows, separator),
            None => Expr::Word("', '"),
        };
        let earlier = if distinct { Vec::new() } else { self.earlier_order(rows) };
        let order = if earlier.is_empty() { vec![ascending(text.clone())] } else { earlier };
        let list = gathered(text.clone(), text, distinct, order);
        Expr::Call("dixit_join", vec![list, separator])
    }

    fn earlier_order(&mut self, rows: &mut Rows) -> Vec<Sort> {
        let keys = rows.order.clone();
        self.sorts(rows, &keys)
    }

    /// Sort keys of the question as those of the statement.
    pub(super) fn sorts(&mut self, rows: &mut Rows, keys: &[SortKey]) -> Vec<Sort> {
        let mut sorts = Vec::new();
        for key in keys {
            let values = if let Some(node) = self.node(rows, &key.value) {
                vec![self.shown(&node)]
            } else {
                let values = self.held(rows, &key.value).sorted();
                values.into_iter().map(|value| sorted(value, &key.value.ty)).collect()
            };
            let sort =
                |value| Sort { value, descending: key.descending, nulls_first: key.nulls_first };
            sorts.extend(values.into_iter().map(sort));
        }
        sorts
    }
}

/// What a value is sorted by; lists of anything are sorted member by member.
fn sorted(value: Expr, ty: &Type) -> Expr {
    let list = matches!(ty, Type::List(of) if !matches!(**of, Type::Node(_) | Type::Edge(_)));
    if list { sort_key(value, ty) } else { unfolded(value, ty) }
}

fn plain(name: &'static str, distinct: bool, args: Vec<Expr>) -> Expr {
    Expr::Aggregate { name, distinct, args, order: Vec::new(), filter: None }
}

fn gathered(value: Expr, present: Expr, distinct: bool, order: Vec<Sort>) -> Expr {
    Expr::Aggregate {
        name: "json_group_array",
        distinct,
        args: vec![value],
        order,
        filter: Some(Box::new(Expr::present(present))),
    }
}
