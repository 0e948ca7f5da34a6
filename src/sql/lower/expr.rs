//! Values: every expression as one value of the database.

use serde_json::Value as Json;

use super::date::{self, Ask, Held};
use super::{Binding, Lowering, Rows, concat};
use crate::meaning::question::{self, Arithmetic, Constant, ExprKind, VarId};
use crate::meaning::types::Type;
use crate::sql::Bound;
use crate::sql::select::{Expr, Op};

impl Lowering<'_> {
    /// An expression as one value: a date packed, a node as `[kind, id]`, a list as JSON.
    pub(super) fn value(&mut self, rows: &mut Rows, expr: &question::Expr) -> Expr {
        self.held(rows, expr).packed()
    }

    /// An expression, a date possibly still in three columns.
    #[expect(clippy::too_many_lines, reason = "one flat match")]
    pub(super) fn held(&mut self, rows: &mut Rows, expr: &question::Expr) -> Held {
        let value = match &expr.kind {
            ExprKind::Constant(Constant::Date(date)) => return date::literal(date),
            ExprKind::Property(of, choices) => return self.property(rows, of, choices, &expr.ty),
            ExprKind::Var(var) => return self.variable(rows, *var),
            ExprKind::Null => Expr::Word("null"),
            ExprKind::Constant(constant) => bound(constant),
            ExprKind::Call(function, args) => self.call(rows, function, args, expr),
            ExprKind::Aggregate { which, distinct, args } => {
                self.aggregate(rows, (which, *distinct), args, expr)
            }
            ExprKind::Arithmetic(how, a, b) => self.arithmetic(rows, *how, (a, b), expr),
            ExprKind::Negate(inner) if expr.ty == Type::Int => {
                let value = self.value(rows, inner);
                let place = self.place(expr);
                Expr::Call("dixit_subtract", vec![Expr::Word("0"), value, place])
            }
            ExprKind::Negate(inner) => Expr::Minus(Box::new(self.value(rows, inner))),
            ExprKind::Concat(a, b) => {
                if expr.ty == Type::Any {
                    let how = Arithmetic::Add;
                    return Held::Plain(self.arithmetic_any(rows, how, (a, b), expr));
                }
                let sides = (self.value(rows, a), self.value(rows, b));
                if expr.ty.member().is_some() {
                    Expr::Call("dixit_concat", vec![sides.0, sides.1])
                } else {
                    concat(sides.0, sides.1)
                }
            }
            ExprKind::Case(branches, otherwise) => self.case(rows, branches, otherwise.as_deref()),
            ExprKind::List(members) if members.len() > MANY => match constants(members) {
                Some(list) => list,
                None => self.list(rows, members),
            },
            ExprKind::List(members) => self.list(rows, members),
            ExprKind::Index(list, at) => {
                let at = self.value(rows, at);
                self.item(rows, list, at, expr)
            }
            ExprKind::Slice(list, from, to) => {
                let mut args = vec![self.value(rows, list)];
                for (end, open) in [(from, "0"), (to, "9223372036854775807")] {
                    args.push(end.as_ref().map_or(Expr::Word(open), |end| self.value(rows, end)));
                }
                Expr::Call("dixit_slice", args)
            }
            ExprKind::Coerce(inner) => self.coerced(rows, inner, expr),
            ExprKind::Map(entries) => self.map(rows, entries),
            ExprKind::Member(of, key) => self.under(rows, (of, key), expr),
            ExprKind::Comprehension { var, list, filter, value } => {
                self.comprehension(rows, (*var, list), filter.as_deref(), value)
            }
            ExprKind::Quantified { which, var, list, filter } => {
                self.quantified(rows, *which, (*var, list), filter)
            }
            ExprKind::Subquery(wanted, query) => self.subquery(rows, (*wanted, query), expr),
            ExprKind::Search { of, owner, property, query, rank: true } => {
                self.rank(rows, of, (*owner, *property), query)
            }
            ExprKind::Search { .. }
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Xor(..)
            | ExprKind::Compare(..)
            | ExprKind::Within(..)
            | ExprKind::In(..)
            | ExprKind::TextTest(..)
            | ExprKind::IsNull(_)
            | ExprKind::IsTruth(..)
            | ExprKind::Exists(_)
            | ExprKind::Named(..)
            | ExprKind::IsKind(..)
            | ExprKind::IsEdge(..)
            | ExprKind::Possibly(_) => self.asked(rows, expr, Ask::Value),
        };
        Held::Plain(value)
    }

    fn variable(&mut self, rows: &mut Rows, var: VarId) -> Held {
        let Some(binding) = rows.env.get(&var).cloned() else {
            self.lost = true;
            return Held::Plain(Expr::Word("null"));
        };
        Held::Plain(match binding {
            Binding::Node(node) => self.node_value(&node),
            Binding::Edge { edge: _, row: _ } | Binding::Token(..) => self.token(&binding),
            Binding::Walk(walk) => list_of(walk.edges),
            Binding::Path(path) => path.value,
            Binding::Value(value) => value,
            Binding::Computed(expr) => return self.held(rows, &expr),
        })
    }

    fn list(&mut self, rows: &mut Rows, members: &[question::Expr]) -> Expr {
        let members = members.iter().map(|member| self.as_member(rows, member)).collect();
        Expr::Call("json_array", members)
    }

    /// A member of a list: what is JSON already stays JSON.
    pub(super) fn as_member(&mut self, rows: &mut Rows, expr: &question::Expr) -> Expr {
        let value = self.value(rows, expr);
        match expr.ty {
            Type::Node(_) | Type::Edge(_) | Type::Path | Type::List(_) => {
                Expr::Call("json", vec![value])
            }
            Type::Map => Expr::Call("json", vec![value]),
            Type::Any if is_plain(expr) => value,
            Type::Any => Expr::Call("json", vec![Expr::Call("dixit_json", vec![value])]),
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration => value,
        }
    }

    fn arithmetic(
        &mut self,
        rows: &mut Rows,
        how: Arithmetic,
        (a, b): (&question::Expr, &question::Expr),
        whole: &question::Expr,
    ) -> Expr {
        if a.ty == Type::Any || b.ty == Type::Any {
            return self.arithmetic_any(rows, how, (a, b), whole);
        }
        let (a, b) = (self.value(rows, a), self.value(rows, b));
        let ints = whole.ty == Type::Int;
        if how == Arithmetic::Power {
            return Expr::Call("dixit_power", vec![a, b]);
        }
        let place = if ints || matches!(how, Arithmetic::Divide | Arithmetic::Modulo) {
            self.place(whole)
        } else {
            Expr::Word("-1")
        };
        let call = |name| Expr::Call(name, vec![a.clone(), b.clone(), place.clone()]);
        match (how, ints) {
            (Arithmetic::Add, true) => call("dixit_add"),
            (Arithmetic::Subtract, true) => call("dixit_subtract"),
            (Arithmetic::Multiply, true) => call("dixit_multiply"),
            (Arithmetic::Add, false) => Expr::binary(Op::Add, a, b),
            (Arithmetic::Subtract, false) => Expr::binary(Op::Subtract, a, b),
            (Arithmetic::Multiply, false) => Expr::binary(Op::Multiply, a, b),
            (Arithmetic::Divide, _) => call("dixit_divide"),
            (Arithmetic::Modulo, _) => call("dixit_modulo"),
            (Arithmetic::Power, _) => call("dixit_power"),
        }
    }

    fn case(
        &mut self,
        rows: &mut Rows,
        branches: &[(question::Expr, question::Expr)],
        otherwise: Option<&question::Expr>,
    ) -> Expr {
        let mut lowered = Vec::new();
        for (when, then) in branches {
            let when = self.condition(rows, when);
            lowered.push((when, self.value(rows, then)));
        }
        let otherwise = otherwise.map(|value| Box::new(self.value(rows, value)));
        Expr::Case(lowered, otherwise)
    }
}

/// `,a,b` as `[a,b]`.
pub(super) fn list_of(members: Expr) -> Expr {
    let inside = Expr::Call("substr", vec![members.clone(), Expr::Word("2")]);
    let list = concat(concat(Expr::Word("'['"), inside), Expr::Word("']'"));
    Expr::when(Expr::present(members), list)
}

/// Whether a value that carries its type is known to be one that JSON has.
fn is_plain(expr: &question::Expr) -> bool {
    let ExprKind::Coerce(inner) = &expr.kind else { return false };
    matches!(inner.ty, Type::Int | Type::Text)
}

/// More constants than this go into a statement as one value.
pub(super) const MANY: usize = 100;

/// A list of constants as one bound value; nothing where it holds anything else.
pub(super) fn constants(members: &[question::Expr]) -> Option<Expr> {
    let json = |constant: &Constant| match constant {
        Constant::Bool(value) => Json::from(i64::from(*value)),
        Constant::Int(value) => Json::from(*value),
        Constant::Float(value) => Json::from(*value),
        Constant::Text(value) => Json::from(value.as_str()),
        Constant::Date(date) => Json::from(date.packed()),
        Constant::DateTime(text) | Constant::Duration(text) => Json::from(text.as_str()),
    };
    let members = members.iter().map(|member| member.as_constant().map(json));
    let list: Json = members.collect::<Option<Vec<Json>>>()?.into();
    Some(Expr::given_text(&list.to_string()))
}

fn bound(constant: &Constant) -> Expr {
    Expr::Bind(match constant {
        Constant::Bool(value) => Bound::Int(i64::from(*value)),
        Constant::Int(value) => Bound::Int(*value),
        Constant::Float(value) => Bound::Float(*value),
        Constant::Text(value) | Constant::DateTime(value) | Constant::Duration(value) => {
            Bound::Text(value.clone())
        }
        Constant::Date(date) => Bound::Text(date.text.clone()),
    })
}
