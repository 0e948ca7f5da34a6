//! Arithmetic and conversions of values whose types are known only when they run.

use rusqlite::functions::Context;
use rusqlite::types::Value;
use rusqlite::{Error, Result};

use super::Function;
use super::dynamic::{kept, value};
use super::numbers::{fitting, real, shown};
use super::wrong::{by_zero, too_large, wrong_type};
use crate::base::any::Any;
use crate::base::{date::unpacked, moment, time};

pub(super) const FUNCTIONS: &[Function] = &[
    ("dixit_any_add", 3, add),
    ("dixit_any_subtract", 3, subtract),
    ("dixit_any_multiply", 3, |c| match (value(c, 0)?, value(c, 1)?) {
        (Any::Duration(length), number @ (Any::Int(_) | Any::Float(_)))
        | (number @ (Any::Int(_) | Any::Float(_)), Any::Duration(length)) => {
            scaled(c, &length, as_float(&number))
        }
        _ => computed(c, "*", i64::checked_mul, |a, b| a * b),
    }),
    ("dixit_any_divide", 3, |c| match (value(c, 0)?, value(c, 1)?) {
        (Any::Duration(length), number @ (Any::Int(_) | Any::Float(_))) => {
            let number = as_float(&number);
            if number == 0.0 {
                return Err(by_zero(c, "a duration cannot be divided by zero"));
            }
            scaled(c, &length, 1.0 / number)
        }
        _ => divided(c, "/", i64::checked_div, |a, b| a / b),
    }),
    ("dixit_any_modulo", 3, |c| divided(c, "%", i64::checked_rem, |a, b| a % b)),
    ("dixit_any_power", 3, |c| {
        let (a, b) = numbers(c, "^")?;
        Ok(real(as_float(&a).powf(as_float(&b))))
    }),
    ("dixit_any_text", 2, as_text),
    ("dixit_any_int", 2, |c| match value(c, 0)? {
        Any::Bool(value) => Ok(Value::Integer(i64::from(value))),
        Any::Int(_) | Any::Float(_) | Any::Text(_) => super::numbers::to_int(c),
        other => Err(no_conversion(c, &other, "a whole number")),
    }),
    ("dixit_any_float", 2, |c| match value(c, 0)? {
        Any::Int(_) | Any::Float(_) | Any::Text(_) => super::numbers::to_float(c),
        other => Err(no_conversion(c, &other, "a number")),
    }),
    ("dixit_any_bool", 2, |c| match value(c, 0)? {
        Any::Bool(value) => Ok(Value::Integer(i64::from(value))),
        Any::Int(_) | Any::Text(_) => super::numbers::to_bool(c),
        other => Err(no_conversion(c, &other, "a truth value")),
    }),
    ("dixit_any_size", 2, size),
    ("dixit_any_reverse", 2, |c| match value(c, 0)? {
        Any::List(mut members) => {
            members.reverse();
            Ok(kept(&Any::List(members)))
        }
        Any::Text(text) => Ok(Value::Text(text.chars().rev().collect())),
        other => Err(wrong_type(
            c,
            format!("a text or a list is needed here, and this is {}", other.words()),
        )),
    }),
];

fn add(context: &Context<'_>) -> Result<Value> {
    match (value(context, 0)?, value(context, 1)?) {
        (Any::List(mut a), b) => {
            match b {
                Any::List(b) => a.extend(b),
                one => a.push(one),
            }
            Ok(kept(&Any::List(a)))
        }
        (one, Any::List(mut b)) => {
            b.insert(0, one);
            Ok(kept(&Any::List(b)))
        }
        (Any::Text(a), Any::Text(b)) => Ok(Value::Text(a + &b)),
        (a, Any::Duration(length)) => moved(context, &a, &length, 1),
        (Any::Duration(length), b) => moved(context, &b, &length, 1),
        _ => computed(context, "+", i64::checked_add, |a, b| a + b),
    }
}

fn subtract(context: &Context<'_>) -> Result<Value> {
    match (value(context, 0)?, value(context, 1)?) {
        (a, Any::Duration(length)) => moved(context, &a, &length, -1),
        (Any::DateTime(a), Any::DateTime(b)) => {
            Ok(time::between(&b, &a).map_or(Value::Null, |length| kept(&Any::Duration(length))))
        }
        _ => computed(context, "-", i64::checked_sub, |a, b| a - b),
    }
}

/// A date, an instant or a length of time, so much later.
fn moved(context: &Context<'_>, from: &Any, length: &str, sign: i64) -> Result<Value> {
    let found = match from {
        Any::DateTime(instant) => time::later(instant, length, sign).map(Any::DateTime),
        Any::Duration(other) => time::sum(other, length, sign).map(Any::Duration),
        Any::Date(packed) => super::dates::moved(&unpacked(packed), length, sign)
            .map(|date| Any::Date(date.packed())),
        other => {
            let what = format!("{} has no time that a duration could be added to", other.words());
            return Err(wrong_type(context, what));
        }
    };
    found
        .map(|value| kept(&value))
        .ok_or_else(|| too_large(context, "this is outside the years 0001 to 9999"))
}

/// A length of time so many times.
fn scaled(context: &Context<'_>, length: &str, factor: f64) -> Result<Value> {
    moment::multiplied(length, factor)
        .map(|length| kept(&Any::Duration(length)))
        .ok_or_else(|| too_large(context, "this length of time is too large"))
}

fn numbers(context: &Context<'_>, sign: &str) -> Result<(Any, Any)> {
    let number = |value: &Any| matches!(value, Any::Int(_) | Any::Float(_));
    let (a, b) = (value(context, 0)?, value(context, 1)?);
    if number(&a) && number(&b) {
        return Ok((a, b));
    }
    let what = format!("`{sign}` takes numbers, and here are {} and {}", a.words(), b.words());
    Err(wrong_type(context, what))
}

#[expect(clippy::cast_precision_loss, reason = "an integer among floats is a float")]
fn as_float(value: &Any) -> f64 {
    match value {
        Any::Int(number) => *number as f64,
        Any::Float(number) => *number,
        _ => f64::NAN,
    }
}

fn computed(
    context: &Context<'_>,
    sign: &str,
    ints: fn(i64, i64) -> Option<i64>,
    floats: fn(f64, f64) -> f64,
) -> Result<Value> {
    let (a, b) = numbers(context, sign)?;
    if let (Any::Int(a), Any::Int(b)) = (&a, &b) {
        return fitting(context, sign, (*a, *b), ints);
    }
    Ok(real(floats(as_float(&a), as_float(&b))))
}

fn divided(
    context: &Context<'_>,
    sign: &str,
    ints: fn(i64, i64) -> Option<i64>,
    floats: fn(f64, f64) -> f64,
) -> Result<Value> {
    let (a, b) = numbers(context, sign)?;
    if as_float(&b) == 0.0 {
        let a = if let Any::Int(a) = a { a.to_string() } else { shown(as_float(&a)) };
        let what = format!("{a} {sign} 0: a number cannot be divided by zero");
        return Err(by_zero(context, what));
    }
    computed(context, sign, ints, floats)
}

fn as_text(context: &Context<'_>) -> Result<Value> {
    Ok(Value::Text(match value(context, 0)? {
        Any::Text(text) | Any::Duration(text) => text,
        Any::Int(number) => number.to_string(),
        Any::Float(number) => shown(number),
        Any::Bool(value) => value.to_string(),
        Any::Date(packed) => unpacked(&packed).text,
        Any::DateTime(text) => time::shown(&text),
        other => return Err(no_conversion(context, &other, "a text")),
    }))
}

fn no_conversion(context: &Context<'_>, value: &Any, into: &str) -> Error {
    wrong_type(context, format!("{} cannot be turned into {into}", value.words()))
}

fn size(context: &Context<'_>) -> Result<Value> {
    let count = match value(context, 0)? {
        Any::List(members) => members.len(),
        Any::Text(text) => text.chars().count(),
        Any::Map(entries) => entries.len(),
        Any::Path(serde_json::Value::Array(tokens)) => tokens.len() / 2,
        other => {
            let what = format!("{} has no size", other.words());
            return Err(wrong_type(context, what));
        }
    };
    Ok(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
}
