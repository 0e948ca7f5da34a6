//! Conditions: true, false or unknown.

use super::date::{asked, compare_dates};
use super::label::{edge_label, node_label};
use super::{Ask, Env, Group, Oracle, Stop, Tried, Truth};
use crate::oracle::value::{Value, number, order};
use dixit::base::fold::fold;
use dixit::lang::ast::{BinaryOp, Expr, ExprKind, IsWhat, Quantified, SubqueryKind, UnaryOp};

pub(super) fn truth_value(truth: Truth) -> Value {
    truth.map_or(Value::Null, Value::Bool)
}

pub(super) fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

pub(super) fn not(a: Truth) -> Truth {
    a.map(|a| !a)
}

fn or(a: Truth, b: Truth) -> Truth {
    not(and(not(a), not(b)))
}

/// The parts of `a and b and …`.
pub(super) fn conjuncts<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    if let ExprKind::Binary(BinaryOp::And, _, a, b) = &expr.kind {
        conjuncts(a, into);
        conjuncts(b, into);
    } else {
        into.push(expr);
    }
}

impl Oracle<'_> {
    /// An expression as a truth value.
    pub(super) fn truth(
        &self,
        env: &Env,
        expr: &Expr,
        group: Option<Group<'_>>,
        ask: Ask,
    ) -> Tried<Truth> {
        if ask == Ask::Possible
            && let Some(truth) = self.on_one_day(env, expr, group)?
        {
            return Ok(truth);
        }
        Ok(match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, value) => {
                not(self.truth(env, value, group, ask.turned())?)
            }
            ExprKind::Binary(op, _, a, b) => return self.operated(*op, (a, b), env, group, ask),
            ExprKind::Is { value, negated, what } => {
                let value = self.value(env, value, group)?;
                let is = match what {
                    IsWhat::Null => value.is_null(),
                    IsWhat::True => value == Value::Bool(true),
                    IsWhat::False => value == Value::Bool(false),
                };
                Some(is != *negated)
            }
            ExprKind::IsLabeled { value, negated, label } => {
                let is = match self.value(env, value, group)? {
                    Value::Node(at) => Some(node_label(label, self.graph.nodes[at].kind)),
                    Value::Edge(at) => Some(edge_label(label, &self.graph.edges[at].labels)),
                    _ => None,
                };
                is.map(|is| is != *negated)
            }
            ExprKind::Exists(clause) => Some(!self.matches(env, clause)?.is_empty()),
            ExprKind::Subquery(SubqueryKind::Exists, query) => {
                Some(!self.query(query, env)?.rows.is_empty())
            }
            ExprKind::Quantified { which, name, list, filter } => {
                let list = self.value(env, list, group)?;
                self.quantified(*which, (&name.text, filter), list, env, ask)?
            }
            ExprKind::Call { name, args, .. } if name.text == "possibly" => {
                self.truth(env, &args[0], group, Ask::Possible)?
            }
            // A definition is what it says: whether it may hold is asked of that.
            ExprKind::Call { name, args, .. } if self.is_defined(&name.text) => {
                let mut values = Vec::new();
                for arg in args {
                    values.push(self.value(env, arg, group)?);
                }
                match self.meant(&name.text, &values)? {
                    Some((env, body)) => self.truth(&env, body, None, ask)?,
                    None => return Err(Stop::Fails),
                }
            }
            _ => match self.value(env, expr, group)? {
                Value::Bool(value) => Some(value),
                Value::Null => None,
                // A value that carries its type may hold anything.
                _ => return Err(Stop::Fails),
            },
        })
    }

    /// A condition made of two sides.
    fn operated(
        &self,
        op: BinaryOp,
        (a, b): (&Expr, &Expr),
        env: &Env,
        group: Option<Group<'_>>,
        ask: Ask,
    ) -> Tried<Truth> {
        let truth = |expr: &Expr, ask: Ask| self.truth(env, expr, group, ask);
        match op {
            BinaryOp::And => return Ok(and(truth(a, ask)?, truth(b, ask)?)),
            BinaryOp::Or => return Ok(or(truth(a, ask)?, truth(b, ask)?)),
            BinaryOp::Xor => {
                let (a, b) = (truth(a, Ask::Value)?, truth(b, Ask::Value)?);
                return Ok(a.zip(b).map(|(a, b)| a != b));
            }
            _ => {}
        }
        let (a, b) = (self.value(env, a, group)?, self.value(env, b, group)?);
        Ok(match op {
            BinaryOp::In => self.member(&a, &b, ask),
            BinaryOp::NotIn => not(self.member(&a, &b, ask.turned())),
            BinaryOp::Contains
            | BinaryOp::StartsWith
            | BinaryOp::EndsWith
            | BinaryOp::Alike
            | BinaryOp::Like
            | BinaryOp::Matches
            | BinaryOp::Regex => match (a, b) {
                (Value::Text(a), Value::Text(b)) => Some(match op {
                    BinaryOp::Contains => a.contains(&b),
                    BinaryOp::StartsWith => a.starts_with(&b),
                    BinaryOp::EndsWith => a.ends_with(&b),
                    BinaryOp::Like => super::text::like(&a, &b),
                    BinaryOp::Regex => super::text::regular(&a, &b),
                    BinaryOp::Matches => super::text::has_words(&a, &b),
                    _ => fold(&a) == fold(&b),
                }),
                _ => None,
            },
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual => self.compare(op, &a, &b, ask),
            other => match super::expr::arithmetic(other, a, b)? {
                Value::Bool(value) => Some(value),
                _ => None,
            },
        })
    }

    /// Whether enough members of a list fulfil a condition.
    fn quantified(
        &self,
        which: Quantified,
        (name, filter): (&str, &Expr),
        list: Value,
        env: &Env,
        ask: Ask,
    ) -> Tried<Truth> {
        let Value::List(members) = list else { return Ok(None) };
        let ask = match which {
            Quantified::All | Quantified::Any => ask,
            Quantified::None => ask.turned(),
            Quantified::Single => Ask::Value,
        };
        let mut truths = Vec::new();
        for member in members {
            self.step()?;
            let mut env = env.clone();
            env.insert(name.to_owned(), member);
            truths.push(self.truth(&env, filter, None, ask)?);
        }
        let any = truths.iter().copied().fold(Some(false), or);
        Ok(match which {
            Quantified::All => truths.into_iter().fold(Some(true), and),
            Quantified::Any => any,
            Quantified::None => not(any),
            Quantified::Single => {
                let holds = truths.iter().filter(|truth| **truth == Some(true)).count();
                let unknown = truths.contains(&None);
                match holds {
                    0 | 1 if unknown => None,
                    _ => Some(holds == 1),
                }
            }
        })
    }

    fn member(&self, value: &Value, list: &Value, ask: Ask) -> Truth {
        match (value, list) {
            (Value::Date(a), Value::Date(b)) => {
                let certain = b.first <= a.first && a.last <= b.last;
                let possible = a.first <= b.last && b.first <= a.last;
                asked(certain, possible, ask)
            }
            (_, Value::List(members)) => {
                let equal = |member| self.compare(BinaryOp::Equal, value, member, ask);
                members.iter().map(equal).fold(Some(false), or)
            }
            _ => None,
        }
    }

    pub(super) fn compare(&self, op: BinaryOp, a: &Value, b: &Value, ask: Ask) -> Truth {
        if a.is_null() || b.is_null() {
            return None;
        }
        if let (Value::Date(a), Value::Date(b)) = (a, b) {
            return compare_dates(op, a, b, ask);
        }
        let (a, b) = (a.plain(self.graph), b.plain(self.graph));
        match op {
            BinaryOp::Equal => self.equal(&a, &b, ask),
            BinaryOp::NotEqual => not(self.equal(&a, &b, ask.turned())),
            _ => order(&a, &b).map(|ordering| match op {
                BinaryOp::Less => ordering.is_lt(),
                BinaryOp::LessEqual => ordering.is_le(),
                BinaryOp::Greater => ordering.is_gt(),
                _ => ordering.is_ge(),
            }),
        }
    }

    /// Lists and maps are equal where all they hold is; what is unknown inside leaves it open.
    fn equal(&self, a: &Value, b: &Value, ask: Ask) -> Truth {
        let each = |pairs: Vec<(&Value, &Value)>| {
            pairs
                .into_iter()
                .map(|(a, b)| self.compare(BinaryOp::Equal, a, b, ask))
                .fold(Some(true), and)
        };
        match (a, b) {
            (Value::List(a), Value::List(b)) if a.len() != b.len() => Some(false),
            (Value::List(a), Value::List(b)) => each(a.iter().zip(b).collect()),
            (Value::Map(a), Value::Map(b)) => {
                if !a.keys().eq(b.keys()) {
                    return Some(false);
                }
                each(a.values().zip(b.values()).collect())
            }
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                Some((number(a) - number(b)).abs() < 1e-9)
            }
            _ => Some(a == b),
        }
    }
}
