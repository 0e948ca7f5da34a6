//! Expressions.

use super::aggregate::is_aggregate;
use super::truth::truth_value;
use super::{Ask, Env, Group, Oracle, Stop, Tried};
use crate::oracle::value::{Value, number};
use dixit::base::date::Date;
use dixit::lang::ast::{BinaryOp, Expr, ExprKind, Name, Query, SubqueryKind, UnaryOp};

impl Oracle<'_> {
    pub(super) fn property(&self, of: &Value, name: &str) -> Value {
        if let Value::Map(pairs) = of {
            return pairs.get(name).cloned().unwrap_or(Value::Null);
        }
        let name = name.to_lowercase();
        let found = match of.plain(self.graph) {
            Value::Node(at) => self.graph.nodes[at].properties.get(name.as_str()).cloned(),
            Value::Edge(at) => self.graph.edges[at].properties.get(name.as_str()).cloned(),
            _ => None,
        };
        found.unwrap_or(Value::Null)
    }

    pub(super) fn value(&self, env: &Env, expr: &Expr, group: Option<Group<'_>>) -> Tried<Value> {
        let of = |expr: &Expr| self.value(env, expr, group);
        Ok(match &expr.kind {
            ExprKind::Null => Value::Null,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(number) => Value::Int(*number),
            ExprKind::Float(number) => Value::Float(*number),
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Date(text) => Value::Date(Date::parse(text).unwrap()),
            ExprKind::DateTime(_) | ExprKind::Duration(_) => {
                panic!("the oracle knows no instants yet")
            }
            ExprKind::Param(name) => {
                self.parameters.get(&name.text).cloned().unwrap_or(Value::Null)
            }
            ExprKind::Variable(name) => env.get(&name.text).cloned().unwrap_or(Value::Null),
            ExprKind::Property(owner, name) => self.property(&of(owner)?, &name.text),
            ExprKind::Call { name, distinct, star, args } => {
                return self.called(env, (name, *distinct, *star), args, group);
            }
            ExprKind::Unary(UnaryOp::Minus, inner) => match of(inner)? {
                Value::Int(number) => Value::Int(number.checked_neg().ok_or(Stop::Fails)?),
                Value::Float(number) => Value::Float(-number),
                _ => Value::Null,
            },
            ExprKind::Unary(UnaryOp::Plus, inner) => of(inner)?,
            ExprKind::Binary(op, _, a, b) if is_arithmetic(*op) => arithmetic(*op, of(a)?, of(b)?)?,
            ExprKind::Case { subject, branches, otherwise } => {
                return self.case(env, (subject.as_deref(), branches, otherwise.as_deref()), group);
            }
            ExprKind::List(members) => {
                Value::List(members.iter().map(of).collect::<Tried<Vec<Value>>>()?)
            }
            ExprKind::Map(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| Ok((name.text.clone(), of(value)?)));
                Value::Map(pairs.collect::<Tried<_>>()?)
            }
            ExprKind::Index(list, at) => match (of(list)?, of(at)?) {
                (Value::List(members), Value::Int(at)) => place(at, members.len())
                    .and_then(|at| members.get(at).cloned())
                    .unwrap_or(Value::Null),
                (owner @ Value::Map(_), Value::Text(name)) => self.property(&owner, &name),
                _ => Value::Null,
            },
            ExprKind::Slice(list, from, to) => {
                let Value::List(members) = of(list)? else { return Ok(Value::Null) };
                let mut ends = [0, members.len()];
                for (end, written) in ends.iter_mut().zip([from, to]) {
                    if let Some(written) = written {
                        match of(written)? {
                            Value::Int(at) => *end = place(at, members.len()).unwrap_or(0),
                            _ => return Ok(Value::Null),
                        }
                    }
                }
                let [from, to] = ends;
                Value::List(members.into_iter().take(to).skip(from).collect())
            }
            ExprKind::Comprehension { name, list, filter, value } => {
                let list = of(list)?;
                return self.comprehension(env, name, list, (filter.as_deref(), value.as_deref()));
            }
            ExprKind::Subquery(kind, query) if *kind != SubqueryKind::Exists => {
                return self.subquery(env, *kind, query);
            }
            _ => truth_value(self.truth(env, expr, group, Ask::Value)?),
        })
    }

    fn called(
        &self,
        env: &Env,
        (name, distinct, star): (&Name, bool, bool),
        args: &[Expr],
        group: Option<Group<'_>>,
    ) -> Tried<Value> {
        let name = name.text.to_lowercase();
        if name == "possibly" {
            return Ok(truth_value(self.truth(env, &args[0], group, Ask::Possible)?));
        }
        if is_aggregate(&name) {
            let group = group.expect("an aggregate stands where rows are grouped");
            return self.aggregate(&name, (distinct, star), args, group);
        }
        let mut values = Vec::new();
        for arg in args {
            values.push(self.value(env, arg, group)?);
        }
        match self.defined(&name, &values) {
            Some(value) => value,
            // Defined for values of another type.
            None if self.is_defined(&name) => Err(Stop::Fails),
            None => self.call(&name, &values),
        }
    }

    fn case(
        &self,
        env: &Env,
        (subject, branches, otherwise): (Option<&Expr>, &[(Expr, Expr)], Option<&Expr>),
        group: Option<Group<'_>>,
    ) -> Tried<Value> {
        let subject = match subject {
            Some(subject) => Some(self.value(env, subject, group)?),
            None => None,
        };
        for (when, then) in branches {
            let fits = match &subject {
                Some(subject) => {
                    let when = self.value(env, when, group)?;
                    self.compare(BinaryOp::Equal, subject, &when, Ask::Certain)
                }
                None => self.truth(env, when, group, Ask::Certain)?,
            };
            if fits == Some(true) {
                return self.value(env, then, group);
            }
        }
        otherwise.map_or(Ok(Value::Null), |otherwise| self.value(env, otherwise, group))
    }

    fn comprehension(
        &self,
        env: &Env,
        name: &Name,
        list: Value,
        (filter, value): (Option<&Expr>, Option<&Expr>),
    ) -> Tried<Value> {
        let Value::List(members) = list else { return Ok(Value::Null) };
        let mut out = Vec::new();
        for member in members {
            self.step()?;
            let mut env = env.clone();
            env.insert(name.text.clone(), member.clone());
            if self.holds(&env, filter)? {
                out.push(match value {
                    Some(value) => self.value(&env, value, None)?,
                    None => member,
                });
            }
        }
        Ok(Value::List(out))
    }

    fn subquery(&self, env: &Env, kind: SubqueryKind, query: &Query) -> Tried<Value> {
        let rows = self.query(query, env)?.rows;
        Ok(match kind {
            SubqueryKind::Exists => Value::Bool(!rows.is_empty()),
            SubqueryKind::Count => Value::Int(i64::try_from(rows.len()).unwrap()),
            SubqueryKind::Collect => {
                Value::List(rows.into_iter().map(|mut row| row.swap_remove(0)).collect())
            }
            SubqueryKind::Value if rows.len() > 1 => return Err(Stop::Fails),
            SubqueryKind::Value => {
                rows.into_iter().next().map_or(Value::Null, |mut row| row.swap_remove(0))
            }
        })
    }
}

fn is_arithmetic(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Concat
            | BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Modulo
            | BinaryOp::Power
    )
}

pub(super) fn arithmetic(op: BinaryOp, a: Value, b: Value) -> Tried<Value> {
    Ok(match (op, a, b) {
        (_, Value::Null, _) | (_, _, Value::Null) => Value::Null,
        (BinaryOp::Concat | BinaryOp::Add, Value::Text(a), Value::Text(b)) => Value::Text(a + &b),
        (BinaryOp::Concat | BinaryOp::Add, Value::List(a), Value::List(b)) => {
            Value::List(a.into_iter().chain(b).collect())
        }
        (BinaryOp::Add, Value::List(mut members), one) => {
            members.push(one);
            Value::List(members)
        }
        (BinaryOp::Add, one, Value::List(mut members)) => {
            members.insert(0, one);
            Value::List(members)
        }
        // What is no number turns out to be none only when the query runs.
        (_, a, b) if !is_number(&a) || !is_number(&b) => return Err(Stop::Fails),
        (BinaryOp::Power, a, b) => float(number(&a).powf(number(&b))),
        (op, Value::Int(a), Value::Int(b)) => {
            let result = match op {
                BinaryOp::Add => a.checked_add(b),
                BinaryOp::Subtract => a.checked_sub(b),
                BinaryOp::Multiply => a.checked_mul(b),
                BinaryOp::Divide => a.checked_div(b),
                BinaryOp::Modulo => a.checked_rem(b),
                other => panic!("{other:?} of integers"),
            };
            Value::Int(result.ok_or(Stop::Fails)?)
        }
        (op, a, b) => {
            let (a, b) = (number(&a), number(&b));
            float(match op {
                BinaryOp::Add => a + b,
                BinaryOp::Subtract => a - b,
                BinaryOp::Multiply => a * b,
                BinaryOp::Divide | BinaryOp::Modulo if b == 0.0 => return Err(Stop::Fails),
                BinaryOp::Divide => a / b,
                BinaryOp::Modulo => a % b,
                other => panic!("{other:?} of numbers"),
            })
        }
    })
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

/// What is not a number is null.
pub(super) fn float(number: f64) -> Value {
    if number.is_nan() { Value::Null } else { Value::Float(number) }
}

/// A place in a list, counted from its end where negative.
fn place(at: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).unwrap();
    usize::try_from(if at < 0 { at + length } else { at }).ok()
}
