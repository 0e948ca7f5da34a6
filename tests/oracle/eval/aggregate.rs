//! Values made of many rows.

use super::expr::arithmetic;
use super::{Group, Oracle, Stop, Tried, children};
use crate::oracle::value::{Value, number, order};
use dixit::lang::ast::{BinaryOp, Expr, ExprKind};
use std::cmp::Ordering;
use std::collections::BTreeSet;

const AGGREGATES: &[&str] = &[
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "collect_list",
    "collect",
    "string_agg",
    "percentile_cont",
    "stddev",
];

pub(super) fn is_aggregate(name: &str) -> bool {
    AGGREGATES.contains(&name)
}

/// Whether an aggregate stands in an expression.
pub(crate) fn has_aggregate(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { name, args, .. } => {
            is_aggregate(&name.text) || args.iter().any(has_aggregate)
        }
        _ => children(expr).into_iter().any(has_aggregate),
    }
}

impl Oracle<'_> {
    pub(super) fn aggregate(
        &self,
        name: &str,
        (distinct, star): (bool, bool),
        args: &[Expr],
        group: Group<'_>,
    ) -> Tried<Value> {
        if star || args.is_empty() {
            return Ok(count(group.rows.len()));
        }
        let mut values = Vec::new();
        let mut seen = BTreeSet::new();
        let mut second = Value::Null;
        for row in group.rows {
            let value = self.value(row, &args[0], None)?;
            if let Some(arg) = args.get(1) {
                second = self.value(row, arg, None)?;
            }
            let new = !distinct || seen.insert(self.identity(std::slice::from_ref(&value)));
            if !value.is_null() && new {
                values.push(value);
            }
        }
        let best = |wanted: Ordering| {
            values.iter().cloned().reduce(|best, value| {
                if order(&value, &best) == Some(wanted) { value } else { best }
            })
        };
        Ok(match name {
            "count" => count(values.len()),
            "collect_list" | "collect" => Value::List(values),
            "min" => best(Ordering::Less).unwrap_or(Value::Null),
            "max" => best(Ordering::Greater).unwrap_or(Value::Null),
            "sum" => {
                let mut sum = Value::Int(0);
                for value in values {
                    sum = arithmetic(BinaryOp::Add, sum, value)?;
                }
                sum
            }
            "avg" | "stddev" | "percentile_cont" => statistic(name, &values, &second)?,
            "string_agg" if values.is_empty() => Value::Null,
            "string_agg" => {
                let separator = match second {
                    Value::Text(text) => text,
                    _ => ", ".to_owned(),
                };
                let texts: Vec<String> = values.iter().map(super::text::plain).collect();
                Value::Text(texts.join(&separator))
            }
            other => panic!("no aggregate is called {other}"),
        })
    }
}

fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap())
}

fn statistic(name: &str, values: &[Value], share: &Value) -> Tried<Value> {
    let mut numbers: Vec<f64> = values.iter().map(number).collect();
    let count = number(&count(numbers.len()));
    let mean = numbers.iter().sum::<f64>() / count;
    Ok(match name {
        _ if numbers.is_empty() => Value::Null,
        "avg" => Value::Float(mean),
        "stddev" if numbers.len() == 1 => Value::Float(0.0),
        "stddev" => {
            let squares: f64 = numbers.iter().map(|one| (one - mean) * (one - mean)).sum();
            Value::Float((squares / (count - 1.0)).sqrt())
        }
        _ => {
            let share = number(share);
            if !(0.0..=1.0).contains(&share) {
                return Err(Stop::Fails);
            }
            numbers.sort_by(f64::total_cmp);
            let place = share * (count - 1.0);
            // The places of the two neighbours, found by counting up.
            let below = (0..numbers.len()).rev().find(|at| number(&self::count(*at)) <= place);
            let below = below.unwrap_or(0);
            let (low, high) = (numbers[below], *numbers.get(below + 1).unwrap_or(&numbers[below]));
            Value::Float(low + (high - low) * (place - number(&self::count(below))))
        }
    })
}
