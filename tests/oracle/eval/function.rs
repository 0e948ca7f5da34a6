//! Functions.

use super::date::{day, day_number, part};
use super::expr::float;
use super::{Ask, Oracle, Stop, Tried};
use crate::oracle::value::{Value, number};
use dixit::base::{date::Date, fold::fold};
use dixit::lang::ast::BinaryOp;

/// The longest list that is tried.
const LONGEST: usize = 1000;

impl Oracle<'_> {
    pub(super) fn call(&self, name: &str, args: &[Value]) -> Tried<Value> {
        match (name, args) {
            ("coalesce", args) => {
                return Ok(args
                    .iter()
                    .find(|value| !value.is_null())
                    .cloned()
                    .unwrap_or(Value::Null));
            }
            ("nullif", [a, b]) => {
                let same = self.compare(BinaryOp::Equal, a, b, Ask::Certain) == Some(true);
                return Ok(if same { Value::Null } else { a.clone() });
            }
            (_, args) if args.iter().any(Value::is_null) => return Ok(Value::Null),
            _ => {}
        }
        let found = of_text(name, args)?
            .or_else(|| of_number(name, args))
            .or_else(|| of_date(name, args))
            .or_else(|| self.of_graph(name, args));
        match found {
            Some(value) => Ok(value),
            None => of_list(name, args)?
                .map_or_else(|| panic!("no function is called {name} for {args:?}"), Ok),
        }
    }

    fn of_graph(&self, name: &str, args: &[Value]) -> Option<Value> {
        Some(match (name, args) {
            ("kind", [value]) => match value.plain(self.graph) {
                Value::Node(at) => Value::text(self.graph.nodes[at].kind),
                other => panic!("the kind of {other:?}"),
            },
            ("edge_name", [Value::Edge(at)]) => Value::Text(self.graph.edges[*at].name.clone()),
            ("nodes", [Value::Path(nodes, _)]) => {
                Value::List(nodes.iter().map(|at| Value::Node(*at)).collect())
            }
            ("edges", [Value::Path(_, edges)]) => {
                Value::List(edges.iter().map(|at| Value::Edge(*at)).collect())
            }
            _ => return None,
        })
    }
}

fn int(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap())
}

fn length(count: i64) -> Tried<usize> {
    usize::try_from(count).map_err(|_| Stop::Fails)
}

fn of_text(name: &str, args: &[Value]) -> Tried<Option<Value>> {
    let text = |text: String| Ok(Some(Value::Text(text)));
    match (name, args) {
        ("lower", [Value::Text(of)]) => text(of.to_lowercase()),
        ("upper", [Value::Text(of)]) => text(of.to_uppercase()),
        ("trim", [Value::Text(of)]) => text(of.trim().to_owned()),
        ("ltrim", [Value::Text(of)]) => text(of.trim_start().to_owned()),
        ("rtrim", [Value::Text(of)]) => text(of.trim_end().to_owned()),
        ("fold", [Value::Text(of)]) => text(fold(of)),
        ("size" | "char_length" | "length", [Value::Text(of)]) => Ok(Some(int(of.chars().count()))),
        ("left", [Value::Text(of), Value::Int(count)]) => {
            text(of.chars().take(length(*count)?).collect())
        }
        ("right", [Value::Text(of), Value::Int(count)]) => {
            let mut kept: Vec<char> = of.chars().rev().take(length(*count)?).collect();
            kept.reverse();
            text(kept.into_iter().collect())
        }
        ("substring", [Value::Text(of), Value::Int(from), rest @ ..]) => {
            let most = match rest {
                [Value::Int(most)] => length(*most)?,
                _ => usize::MAX,
            };
            text(of.chars().skip(length(*from)?).take(most).collect())
        }
        ("replace", [Value::Text(of), Value::Text(old), Value::Text(new)]) => {
            text(if old.is_empty() { of.clone() } else { of.replace(old, new) })
        }
        ("split", [Value::Text(of), Value::Text(by)]) => {
            let parts: Vec<Value> = if by.is_empty() {
                of.chars().map(|sign| Value::Text(sign.to_string())).collect()
            } else {
                of.split(by.as_str()).map(Value::text).collect()
            };
            Ok(Some(Value::List(parts)))
        }
        ("reverse", [Value::Text(of)]) => text(of.chars().rev().collect()),
        (
            "to_text",
            [
                value @ (Value::Text(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Bool(_)
                | Value::Date(_)),
            ],
        ) => text(super::text::plain(value)),
        _ => Ok(None),
    }
}

fn of_number(name: &str, args: &[Value]) -> Option<Value> {
    Some(match (name, args) {
        ("abs", [Value::Int(number)]) => Value::Int(number.abs()),
        ("abs", [Value::Float(number)]) => Value::Float(number.abs()),
        ("sign", [value @ (Value::Int(_) | Value::Float(_))]) => {
            let number = number(value);
            Value::Int(i64::from(number > 0.0) - i64::from(number < 0.0))
        }
        ("round", [value, Value::Int(digits)]) => {
            let scale = 10f64.powi(i32::try_from(*digits).unwrap());
            float((number(value) * scale).round() / scale)
        }
        ("pi", []) => float(std::f64::consts::PI),
        ("to_int", [value]) => match value {
            Value::Int(_) => value.clone(),
            Value::Float(number) => whole(number.trunc()),
            Value::Text(text) => match text.trim().parse::<i64>() {
                Ok(number) => Value::Int(number),
                Err(_) => text.trim().parse::<f64>().map_or(Value::Null, |all| whole(all.trunc())),
            },
            _ => Value::Null,
        },
        ("to_float", [value]) => match value {
            Value::Int(_) | Value::Float(_) => float(number(value)),
            Value::Text(text) => text.trim().parse().map_or(Value::Null, float),
            _ => Value::Null,
        },
        ("to_bool", [value]) => match super::text::plain(value).trim().to_lowercase().as_str() {
            "true" | "1" => Value::Bool(true),
            "false" | "0" => Value::Bool(false),
            _ => Value::Null,
        },
        (name, [value @ (Value::Int(_) | Value::Float(_))]) => {
            let number = number(value);
            float(match name {
                "ceil" => number.ceil(),
                "floor" => number.floor(),
                "round" => number.round(),
                "sqrt" => number.sqrt(),
                "exp" => number.exp(),
                "log" => number.ln(),
                "log10" => number.log10(),
                "sin" => number.sin(),
                "cos" => number.cos(),
                "tan" => number.tan(),
                _ => return None,
            })
        }
        _ => return None,
    })
}

/// A number without a fraction as an integer, found digit by digit.
fn whole(number: f64) -> Value {
    format!("{number:.0}").parse().map_or(Value::Null, Value::Int)
}

fn of_date(name: &str, args: &[Value]) -> Option<Value> {
    Some(match (name, args) {
        ("date", [Value::Text(text)]) => Date::parse(text).map_or(Value::Null, Value::Date),
        ("today", []) => Value::Date(Date::parse(crate::oracle::check::TODAY).unwrap()),
        ("year", [Value::Date(date)]) => part(date, 10_000, 10_000),
        ("month", [Value::Date(date)]) => part(date, 100, 100),
        ("day", [Value::Date(date)]) => part(date, 1, 100),
        ("first_day", [Value::Date(date)]) => day(date.first),
        ("last_day", [Value::Date(date)]) => day(date.last),
        ("days_between", [Value::Date(a), Value::Date(b)]) => {
            if a.first == a.last && b.first == b.last {
                Value::Int(day_number(b.first) - day_number(a.first))
            } else {
                Value::Null
            }
        }
        _ => return None,
    })
}

fn of_list(name: &str, args: &[Value]) -> Tried<Option<Value>> {
    Ok(Some(match (name, args) {
        ("size" | "length", [Value::List(members)]) => int(members.len()),
        ("size" | "length", [Value::Path(_, edges)]) => int(edges.len()),
        ("reverse", [Value::List(members)]) => Value::List(members.iter().rev().cloned().collect()),
        ("head", [Value::List(members)]) => members.first().cloned().unwrap_or(Value::Null),
        ("last", [Value::List(members)]) => members.last().cloned().unwrap_or(Value::Null),
        ("tail", [Value::List(members)]) => Value::List(members.iter().skip(1).cloned().collect()),
        ("range", [Value::Int(from), Value::Int(to), rest @ ..]) => {
            let step = match rest {
                [Value::Int(step)] => *step,
                _ => 1,
            };
            if step == 0 {
                return Err(Stop::Fails);
            }
            let (mut at, mut members) = (*from, Vec::new());
            while if step > 0 { at <= *to } else { at >= *to } {
                members.push(Value::Int(at));
                at += step;
                if members.len() > LONGEST {
                    return Err(Stop::TooMuch);
                }
            }
            Value::List(members)
        }
        _ => return Ok(None),
    }))
}
