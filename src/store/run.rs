//! Running a compiled statement: values bound, rows read one by one and handed on.

use std::ops::ControlFlow;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use serde_json::Value as Json;

use super::{Error, Reader};
use crate::base::any::Any;
use crate::base::date::unpacked;
use crate::base::time;
use crate::base::value::{Edge, Node, Path, Row, Value};
use crate::sql::{Bound, Shape, Statement};

impl ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Int(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Self::Float(value) => ToSqlOutput::Borrowed(ValueRef::Real(*value)),
            Self::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
        })
    }
}

impl Reader {
    /// Runs a statement and hands on each row; the receiver may end it.
    pub fn run(
        &self,
        statement: &Statement,
        receive: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.forget_searches();
        each(self.connection(), statement, receive, |error| self.failed(error))
    }

    /// How the database means to run a statement, one line a step, indented by depth.
    pub fn query_plan(&self, statement: &Statement) -> Result<String, Error> {
        let text = format!("explain query plan {}", statement.text);
        let mut prepared = self.connection().prepare(&text).map_err(|error| self.failed(error))?;
        let rows = prepared
            .query_map(params_from_iter(&statement.values), |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(3)?))
            })
            .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            .map_err(|error| self.failed(error))?;
        let mut depths = std::collections::BTreeMap::from([(0, 0)]);
        let mut out = String::new();
        for (id, parent, detail) in rows {
            let depth: usize = depths.get(&parent).copied().unwrap_or(0);
            depths.insert(id, depth + 1);
            out.push_str(&"  ".repeat(depth));
            out.push_str(&detail);
            out.push('\n');
        }
        Ok(out)
    }
}

/// Runs a statement on a connection and hands on each row.
pub(crate) fn each(
    connection: &Connection,
    statement: &Statement,
    receive: &mut dyn FnMut(Row) -> ControlFlow<()>,
    failed: impl Fn(rusqlite::Error) -> Error,
) -> Result<(), Error> {
    let mut prepared = connection.prepare(&statement.text).map_err(&failed)?;
    let mut rows = prepared.query(params_from_iter(&statement.values)).map_err(&failed)?;
    while let Some(found) = rows.next().map_err(&failed)? {
        let mut row = Row::with_capacity(statement.columns.len());
        for (at, column) in statement.columns.iter().enumerate() {
            let value = found.get_ref(at).map_err(&failed)?;
            row.push(read(value, &column.shape).ok_or_else(Error::too_deep)?);
        }
        if receive(row).is_break() {
            break;
        }
    }
    Ok(())
}

/// A value as it leaves; nothing where it is nested deeper than JSON is read.
fn read(value: ValueRef<'_>, shape: &Shape) -> Option<Value> {
    Some(match (value, shape) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(number), Shape::Truth) => Value::Bool(number != 0),
        #[expect(clippy::cast_precision_loss, reason = "an integer among floats is a float")]
        (ValueRef::Integer(number), Shape::Float) => Value::Float(number as f64),
        (ValueRef::Integer(number), _) => Value::Int(number),
        (ValueRef::Real(number), _) => Value::Float(number),
        (ValueRef::Blob(bytes), _) => of_tagged(serde_json::from_slice(bytes).ok()?),
        (ValueRef::Text(bytes), shape) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            if shape.is_json() {
                return serde_json::from_str(&text).ok().map(|json| of_json(json, shape));
            }
            shaped(text, shape)
        }
    })
}

fn shaped(text: String, shape: &Shape) -> Value {
    match shape {
        Shape::Date => Value::Date(unpacked(&text).text),
        Shape::DateTime => Value::DateTime(time::shown(&text)),
        Shape::Duration => Value::Duration(text),
        // A list inside a list is JSON itself, and no text.
        Shape::Plain
        | Shape::Truth
        | Shape::Float
        | Shape::Any
        | Shape::Element
        | Shape::Path
        | Shape::List(_) => Value::Text(text),
    }
}

fn of_json(json: Json, shape: &Shape) -> Value {
    match (json, shape) {
        (Json::Null, _) => Value::Null,
        (Json::Bool(value), _) => Value::Bool(value),
        (Json::String(text), shape) => shaped(text, shape),
        (Json::Number(number), Shape::Truth) => Value::Bool(number.as_i64() != Some(0)),
        (Json::Number(number), Shape::Float) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        (Json::Number(number), _) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        (json, Shape::Any) => of_tagged(json),
        (Json::Array(members), Shape::Path) => path(members),
        (Json::Array(members), Shape::List(of)) => {
            Value::List(members.into_iter().map(|member| of_json(member, of)).collect())
        }
        (Json::Array(members), _) => {
            Value::List(members.into_iter().map(|member| of_json(member, &Shape::Plain)).collect())
        }
        (Json::Object(object), _) => element(object),
    }
}

/// A value whose type is that of JSON.
pub(crate) fn of_plain(json: Json) -> Value {
    of_json(json, &Shape::Plain)
}

/// A value that carries its type; nodes and edges are here as objects under `g`.
pub(crate) fn of_tagged(json: Json) -> Value {
    match json {
        Json::Array(members) => Value::List(members.into_iter().map(of_tagged).collect()),
        Json::Object(mut object) if object.len() == 1 => {
            if let Some(Json::Object(given)) = object.remove("g") {
                return element(given);
            }
            if let Some(Json::Object(entries)) = object.remove("m") {
                let entries = entries.into_iter().map(|(name, value)| (name, of_tagged(value)));
                return Value::Map(entries.collect());
            }
            if let Some(Json::Array(parts)) = object.remove("w") {
                return path(parts.into_iter().map(|mut part| part["g"].take()).collect());
            }
            plain(Any::of_json(Json::Object(object)))
        }
        other => plain(Any::of_json(other)),
    }
}

fn plain(value: Any) -> Value {
    match value {
        Any::Null | Any::Node(_) | Any::Edge(_) | Any::Path(_) => Value::Null,
        Any::Bool(value) => Value::Bool(value),
        Any::Int(value) => Value::Int(value),
        Any::Float(value) => Value::Float(value),
        Any::Text(value) => Value::Text(value),
        Any::Date(packed) => Value::Date(unpacked(&packed).text),
        Any::DateTime(text) => Value::DateTime(time::shown(&text)),
        Any::Duration(text) => Value::Duration(text),
        Any::List(members) => Value::List(members.into_iter().map(plain).collect()),
        Any::Map(entries) => {
            Value::Map(entries.into_iter().map(|(name, value)| (name, plain(value))).collect())
        }
    }
}

fn path(members: Vec<Json>) -> Value {
    let mut path = Path { nodes: Vec::new(), edges: Vec::new() };
    for member in members {
        match of_json(member, &Shape::Element) {
            Value::Node(node) => path.nodes.push(node),
            Value::Edge(edge) => path.edges.push(edge),
            _ => {}
        }
    }
    Value::Path(path)
}

fn element(mut object: serde_json::Map<String, Json>) -> Value {
    let mut text = |name: &str| match object.get_mut(name).map(Json::take) {
        Some(Json::String(text)) => text,
        Some(Json::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let (kind, key, shown) = (text("kind"), text("key"), text("shown"));
    let (name, from, to) = (text("edge"), text("from"), text("to"));
    let properties = match object.remove("properties") {
        // Values are never objects unless all carry their types.
        Some(Json::Object(mut tagged)) if matches!(tagged.get("m"), Some(Json::Object(_))) => {
            let Some(Json::Object(entries)) = tagged.remove("m") else { return Value::Null };
            entries.into_iter().map(|(name, value)| (name, of_tagged(value))).collect()
        }
        Some(Json::Object(properties)) => properties
            .into_iter()
            .map(|(name, value)| (name, of_json(value, &Shape::Plain)))
            .collect(),
        _ => Vec::new(),
    };
    if kind.is_empty() {
        return Value::Edge(Edge { name, from, to, properties });
    }
    let shown = if shown.is_empty() { key.clone() } else { shown };
    Value::Node(Node { kind, key, shown, properties })
}
