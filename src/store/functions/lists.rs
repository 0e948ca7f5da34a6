//! Lists, which are JSON arrays.
#![expect(clippy::unnecessary_wraps, reason = "the functions of a table have one type")]

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::Value;
use serde_json::Value as Json;

use super::wrong::{bad_argument, several, too_deep};
use super::{Function, integer, text};

/// The longest list `range` makes.
const LONGEST: i128 = 2_000_000;

pub(super) const FUNCTIONS: &[Function] = &[
    ("dixit_head", 1, |c| Ok(list(c, 0)?.into_iter().next().map_or(Value::Null, plain))),
    ("dixit_tail", 1, |c| Ok(written(list(c, 0)?.into_iter().skip(1).collect()))),
    ("dixit_last_member", 1, |c| Ok(list(c, 0)?.pop().map_or(Value::Null, plain))),
    ("dixit_reverse_list", 1, |c| Ok(written(list(c, 0)?.into_iter().rev().collect()))),
    ("dixit_concat", 2, |c| Ok(written(list(c, 0)?.into_iter().chain(list(c, 1)?).collect()))),
    ("dixit_item", 2, item),
    ("dixit_slice", 3, slice),
    ("dixit_range", 3, range),
    ("dixit_range", 4, range),
    ("dixit_join", 2, join),
    ("dixit_disjoint", 2, disjoint),
    ("dixit_nodes_once", 2, nodes_once),
    ("dixit_single", 2, single),
];

fn list(context: &Context<'_>, at: usize) -> Result<Vec<Json>> {
    match serde_json::from_str(&text(context, at)) {
        Ok(Json::Array(members)) => Ok(members),
        Ok(_) => Ok(Vec::new()),
        Err(_) => Err(too_deep()),
    }
}

fn written(members: Vec<Json>) -> Value {
    Value::Text(Json::Array(members).to_string())
}

/// JSON as a value of the database; a list or a map stays JSON.
pub(super) fn plain(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Integer(i64::from(value)),
        Json::Number(number) => number
            .as_i64()
            .map_or_else(|| number.as_f64().map_or(Value::Null, Value::Real), Value::Integer),
        Json::String(text) => Value::Text(text),
        nested @ (Json::Array(_) | Json::Object(_)) => Value::Text(nested.to_string()),
    }
}

/// A place in a list of that length, counted from its end where negative.
pub(super) fn place(at: i64, length: usize) -> Option<usize> {
    if at >= 0 {
        usize::try_from(at).ok()
    } else {
        length.checked_sub(usize::try_from(at.unsigned_abs()).ok()?)
    }
}

fn item(context: &Context<'_>) -> Result<Value> {
    let mut members = list(context, 0)?;
    let at = place(integer(context, 1)?, members.len()).filter(|at| *at < members.len());
    Ok(at.map_or(Value::Null, |at| plain(members.swap_remove(at))))
}

fn slice(context: &Context<'_>) -> Result<Value> {
    let members = list(context, 0)?;
    let from = place(integer(context, 1)?, members.len()).unwrap_or(0);
    let to = place(integer(context, 2)?, members.len()).unwrap_or(0);
    Ok(written(members.into_iter().take(to).skip(from).collect()))
}

fn range(context: &Context<'_>) -> Result<Value> {
    let (from, to) = (integer(context, 0)?, integer(context, 1)?);
    let step = if context.len() > 3 { integer(context, 2)? } else { 1 };
    if step == 0 {
        return Err(bad_argument(context, "range needs a step other than 0"));
    }
    let count = (i128::from(to) - i128::from(from)) / i128::from(step) + 1;
    if count > LONGEST {
        return Err(bad_argument(
            context,
            format!("range would make a list of {count} members; at most {LONGEST} are made"),
        ));
    }
    let towards = if step > 0 { from <= to } else { from >= to };
    let count = if towards { usize::try_from(count).unwrap_or(0) } else { 0 };
    let members = std::iter::successors(Some(from), |at| at.checked_add(step)).take(count);
    Ok(written(members.map(Json::from).collect()))
}

fn join(context: &Context<'_>) -> Result<Value> {
    let members = list(context, 0)?;
    if members.is_empty() {
        return Ok(Value::Null);
    }
    let texts = members.into_iter().map(|member| match member {
        Json::String(text) => text,
        other => other.to_string(),
    });
    Ok(Value::Text(texts.collect::<Vec<String>>().join(&text(context, 1))))
}

/// Whether there is a row at all; more than one is a mistake.
fn single(context: &Context<'_>) -> Result<Value> {
    match integer(context, 0)? {
        count @ (0 | 1) => Ok(Value::Integer(count)),
        _ => Err(several(
            context,
            "`value { … }` stands for one value, but its query gives several rows",
        )),
    }
}

/// Whether two trails of edges, written `[…][…]`, have none in common.
fn disjoint(context: &Context<'_>) -> Result<Value> {
    let (one, other) = (text(context, 0), text(context, 1));
    let common = one.split_inclusive(']').any(|edge| !edge.is_empty() && other.contains(edge));
    Ok(Value::Integer(i64::from(!common)))
}

/// Whether no node of a path comes twice; where the second argument is 1, its last may be its first.
fn nodes_once(context: &Context<'_>) -> Result<Value> {
    let path = list(context, 0)?;
    let mut nodes: Vec<&Json> = path.iter().step_by(2).collect();
    if integer(context, 1)? == 1 && nodes.len() > 1 && nodes.first() == nodes.last() {
        nodes.pop();
    }
    let mut seen = std::collections::HashSet::new();
    let once = nodes.iter().all(|node| seen.insert(node.to_string()));
    Ok(Value::Integer(i64::from(once)))
}
