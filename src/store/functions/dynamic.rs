//! Values that carry their type: null, a number and a text as they are, anything else a blob of tagged JSON.

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};
use serde_json::Value as Json;

use super::lists::plain;
use super::wrong::{too_deep, wrong_type};
use super::{Function, text};
use crate::base::any::{self, Any, Form, Mismatch};
use crate::base::moment;

pub(super) const FUNCTIONS: &[Function] = &[
    ("dixit_any", 2, |c| Ok(kept(&Form::parse(&text(c, 1)).read(json(c, 0, &text(c, 1))?)))),
    ("dixit_typed", 3, typed),
    ("dixit_json", 1, |c| Ok(Value::Text(value(c, 0)?.to_json().to_string()))),
    ("dixit_of_json", 1, |c| {
        let json = parsed(text(c, 0).as_bytes())?;
        Ok(kept(&Any::of_json(json)))
    }),
    ("dixit_equal", 2, |c| Ok(truth(any::equal(&value(c, 0)?, &value(c, 1)?)))),
    ("dixit_compare", 2, |c| {
        let order = any::compare(&value(c, 0)?, &value(c, 1)?);
        Ok(order.map_or(Value::Null, |order| Value::Integer(order as i64)))
    }),
    ("dixit_key", 1, |c| Ok(Value::Blob(any::sort_key(&value(c, 0)?)))),
    ("dixit_in", 2, is_in),
    ("dixit_under", 3, under),
    ("dixit_each", 2, each),
    ("dixit_map", -1, map),
    ("dixit_maps", -1, maps),
    ("dixit_present", 1, |c| {
        let json = parsed(text(c, 0).as_bytes())?;
        let Any::Map(mut entries) = Any::of_json(json) else { return Ok(Value::Null) };
        entries.retain(|(_, value)| *value != Any::Null);
        Ok(Value::Text(Any::Map(entries).to_json().to_string()))
    }),
    ("dixit_keys", 2, |c| match value(c, 0)? {
        Any::Map(entries) => {
            let names = entries.into_iter().map(|(name, _)| Json::String(name));
            Ok(Value::Text(Json::Array(names.collect()).to_string()))
        }
        other => Err(wrong_type(c, format!("a map is needed here, and this is {}", other.words()))),
    }),
    ("dixit_element_id", 2, |c| {
        let token: Vec<Json> = serde_json::from_str(&text(c, 0)).unwrap_or_default();
        let parts: Vec<String> = token.iter().map(Json::to_string).collect();
        Ok(Value::Text(format!("{}:{}", text(c, 1), parts.join(":"))))
    }),
    ("dixit_distinct", 2, |c| {
        let Any::List(members) = Form::parse(&text(c, 1)).read(json(c, 0, "[")?) else {
            return Ok(Value::Null);
        };
        let mut seen = std::collections::BTreeSet::new();
        let places: Vec<bool> =
            members.iter().map(|member| seen.insert(any::sort_key(member))).collect();
        let Json::Array(kept) = json(c, 0, "[")? else { return Ok(Value::Null) };
        let kept = kept.into_iter().zip(places).filter(|(_, first)| *first);
        Ok(Value::Text(kept.map(|(member, _)| member).collect::<Json>().to_string()))
    }),
    ("dixit_text_or_null", 1, |c| match value(c, 0)? {
        Any::Text(text) => Ok(Value::Text(text)),
        _ => Ok(Value::Null),
    }),
    ("dixit_number", 2, |c| match value(c, 0)? {
        number @ (Any::Int(_) | Any::Float(_)) => Ok(kept(&number)),
        other => {
            Err(wrong_type(c, format!("a number is needed here, and this is {}", other.words())))
        }
    }),
    ("dixit_element", 1, |c| {
        let found = value(c, 0)?;
        let element = matches!(found, Any::Node(_) | Any::Edge(_));
        Ok(if element { Value::Text(found.to_json().to_string()) } else { Value::Null })
    }),
    ("dixit_elements", 1, |c| {
        let mut found = Vec::new();
        elements(&value(c, 0)?, &mut found);
        Ok(Value::Text(Json::Array(found).to_string()))
    }),
    ("dixit_give", 2, give),
];

/// An argument that carries its type.
pub(super) fn value(context: &Context<'_>, at: usize) -> Result<Any> {
    Ok(match context.get_raw(at) {
        ValueRef::Null => Any::Null,
        ValueRef::Integer(number) => Any::Int(number),
        ValueRef::Real(number) => Any::Float(number),
        ValueRef::Text(bytes) => Any::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Any::of_json(parsed(bytes)?),
    })
}

/// JSON that we wrote; it is read unless it is nested deeper than its reader goes.
fn parsed(bytes: &[u8]) -> Result<Json> {
    serde_json::from_slice(bytes).map_err(|_| too_deep())
}

/// A value as the database keeps it with its type.
pub(super) fn kept(value: &Any) -> Value {
    match value {
        Any::Null => Value::Null,
        Any::Int(number) => Value::Integer(*number),
        Any::Float(number) => Value::Real(*number),
        Any::Text(text) => Value::Text(text.clone()),
        other => Value::Blob(other.to_json().to_string().into_bytes()),
    }
}

/// What is kept in a form, as JSON: lists and maps are JSON already, anything else is a plain value.
fn json(context: &Context<'_>, at: usize, code: &str) -> Result<Json> {
    let whole = Form::parse(code).is_json();
    Ok(match context.get_raw(at) {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(number) => Json::from(number),
        ValueRef::Real(number) => Any::Float(number).to_json(),
        ValueRef::Text(_) | ValueRef::Blob(_) if whole => parsed(text(context, at).as_bytes())?,
        ValueRef::Text(_) | ValueRef::Blob(_) => Json::String(text(context, at)),
    })
}

/// A value held to the type it has to have.
fn typed(context: &Context<'_>) -> Result<Value> {
    let form = Form::parse(&text(context, 1));
    match form.write(value(context, 0)?) {
        Ok(Json::Object(infinite)) if matches!(form, Form::Float | Form::Number) => {
            Ok(kept(&Any::of_json(Json::Object(infinite))))
        }
        Ok(json) => Ok(plain(json)),
        Err(Mismatch { wanted, found }) => {
            Err(wrong_type(context, format!("{wanted} is needed here, and this is {found}")))
        }
    }
}

pub(super) fn register_aggregates(connection: &Connection, flags: FunctionFlags) -> Result<()> {
    connection.create_aggregate_function("dixit_least", 1, flags, Extreme { greatest: false })?;
    connection.create_aggregate_function("dixit_greatest", 1, flags, Extreme { greatest: true })
}

/// The first or the last value in the order of all values.
struct Extreme {
    greatest: bool,
}

type Best = Option<(Vec<u8>, Value)>;

impl Aggregate<Best, Value> for Extreme {
    fn init(&self, _: &mut Context<'_>) -> Result<Best> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, best: &mut Best) -> Result<()> {
        let found = value(context, 0)?;
        if found == Any::Null {
            return Ok(());
        }
        let key = any::sort_key(&found);
        let better = best
            .as_ref()
            .is_none_or(|(known, _)| if self.greatest { key > *known } else { key < *known });
        if better {
            *best = Some((key, kept(&found)));
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, best: Option<Best>) -> Result<Value> {
        Ok(best.flatten().map_or(Value::Null, |(_, value)| value))
    }
}

fn truth(value: Option<bool>) -> Value {
    value.map_or(Value::Null, |value| Value::Integer(i64::from(value)))
}

fn is_in(context: &Context<'_>) -> Result<Value> {
    let Any::List(members) = value(context, 0)? else { return Ok(Value::Null) };
    let wanted = value(context, 1)?;
    let mut open = false;
    for member in &members {
        match any::equal(member, &wanted) {
            Some(true) => return Ok(Value::Integer(1)),
            Some(false) => {}
            None => open = true,
        }
    }
    Ok(truth((!open).then_some(false)))
}

/// The value under a name, or the member at a place.
fn under(context: &Context<'_>) -> Result<Value> {
    let wrong = |message: String| Err(wrong_type(context, message));
    match (value(context, 0)?, value(context, 1)?) {
        (Any::Null, _) | (_, Any::Null) => Ok(Value::Null),
        (map @ Any::Map(_), Any::Text(name)) => {
            Ok(map.under(&name).map_or(Value::Null, |value| kept(&value)))
        }
        (Any::List(members), Any::Int(at)) => {
            let place = super::lists::place(at, members.len());
            Ok(place.and_then(|at| members.get(at)).map_or(Value::Null, kept))
        }
        (Any::Map(_), key) => {
            wrong(format!("a map is asked by a name, which is a text, not by {}", key.words()))
        }
        (Any::List(_), key) => wrong(format!(
            "a list is asked by a place, which is a whole number, not by {}",
            if matches!(key, Any::Float(_)) { "one with a fraction" } else { key.words() }
        )),
        (Any::Node(_) | Any::Edge(_), _) => wrong(
            "this is a node or an edge; give it a name with `let` to ask for a property".to_owned(),
        ),
        (of, Any::Text(name)) if moment::part(&of, &name).is_some() => {
            Ok(moment::part(&of, &name).map_or(Value::Null, |part| kept(&part)))
        }
        (of, _) => wrong(format!("{} has nothing inside that has a name", of.words())),
    }
}

/// A member as `json_each` gives it, with its type.
fn each(context: &Context<'_>) -> Result<Value> {
    Ok(match text(context, 1).as_str() {
        "true" => kept(&Any::Bool(true)),
        "false" => kept(&Any::Bool(false)),
        "object" | "array" => {
            let json = parsed(text(context, 0).as_bytes())?;
            kept(&Any::of_json(json))
        }
        _ => context.get(0)?,
    })
}

fn map(context: &Context<'_>) -> Result<Value> {
    let mut entries = Vec::new();
    for at in 0..context.len() / 2 {
        entries.push((text(context, 2 * at), value(context, 2 * at + 1)?));
    }
    Ok(Value::Text(Any::map(entries).to_json().to_string()))
}

fn maps(context: &Context<'_>) -> Result<Value> {
    let mut all = Vec::new();
    for at in 0..context.len() {
        let json = parsed(text(context, at).as_bytes())?;
        if let Any::Map(entries) = Any::of_json(json) {
            all.extend(entries);
        }
    }
    Ok(Value::Text(Any::map(all).to_json().to_string()))
}

/// The nodes and edges inside a value, tagged, each once.
pub(super) fn elements(value: &Any, found: &mut Vec<Json>) {
    match value {
        Any::Node(_) | Any::Edge(_) => {
            let json = value.to_json();
            if !found.contains(&json) {
                found.push(json);
            }
        }
        Any::Path(Json::Array(tokens)) => {
            for (at, token) in tokens.iter().enumerate() {
                let member = if at % 2 == 0 { Any::Node } else { Any::Edge };
                elements(&member(token.clone()), found);
            }
        }
        Any::List(members) => members.iter().for_each(|member| elements(member, found)),
        Any::Map(entries) => entries.iter().for_each(|(_, value)| elements(value, found)),
        Any::Null
        | Any::Bool(_)
        | Any::Int(_)
        | Any::Float(_)
        | Any::Text(_)
        | Any::Date(_)
        | Any::DateTime(_)
        | Any::Duration(_)
        | Any::Path(_) => {}
    }
}

/// A value with its nodes and edges replaced by what is given out for each: pairs of a token and an object.
fn give(context: &Context<'_>) -> Result<Value> {
    let pairs: Vec<(Json, Json)> = serde_json::from_str(&text(context, 1)).unwrap_or_default();
    if pairs.is_empty() {
        return context.get(0);
    }
    let given = |tagged: &Json| {
        let found = pairs.iter().find(|(token, _)| token == tagged);
        found.map_or(Json::Null, |(_, object)| serde_json::json!({"g": object}))
    };
    Ok(Value::Blob(replaced(&value(context, 0)?, &given).to_string().into_bytes()))
}

fn replaced(value: &Any, given: &dyn Fn(&Json) -> Json) -> Json {
    match value {
        Any::Node(_) | Any::Edge(_) => given(&value.to_json()),
        Any::Path(Json::Array(tokens)) => {
            let parts = tokens.iter().enumerate().map(|(at, token)| {
                let tag = if at % 2 == 0 { "n" } else { "e" };
                given(&serde_json::json!({ tag: token }))
            });
            serde_json::json!({"w": parts.collect::<Vec<Json>>()})
        }
        Any::List(members) => members.iter().map(|member| replaced(member, given)).collect(),
        Any::Map(entries) => {
            let entries =
                entries.iter().map(|(name, value)| (name.clone(), replaced(value, given)));
            serde_json::json!({"m": entries.collect::<serde_json::Map<_, _>>()})
        }
        Any::Null
        | Any::Bool(_)
        | Any::Int(_)
        | Any::Float(_)
        | Any::Text(_)
        | Any::Date(_)
        | Any::DateTime(_)
        | Any::Duration(_)
        | Any::Path(_) => value.to_json(),
    }
}
