//! Values on their way into a declared column: checked against its type, and brought into the form it is kept in.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::line::Json;
use crate::base::date::Date;
use crate::base::time;
use crate::record::graph::ValueType;
use crate::store::load::Field;

/// A value in the form its column keeps.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Kept<'a> {
    Null,
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    Json(String),
}

impl Kept<'_> {
    pub(in crate::import) fn field(&self) -> Field<'_> {
        match self {
            Self::Null => Field::Null,
            Self::Int(number) => Field::Int(*number),
            Self::Float(number) => Field::Float(*number),
            Self::Text(text) => Field::Text(text),
            Self::Json(text) => Field::Json(text),
        }
    }
}

/// Puts a value into the columns of its property; or says what is wrong with it.
pub(in crate::import) fn put<'a>(
    value: Json<'a>,
    ty: &ValueType,
    columns: &mut [Kept<'a>],
) -> Result<(), String> {
    if let ValueType::Date = ty {
        let Json::Text(text) = &value else { return Err(mismatch(&value, ty)) };
        let date =
            Date::parse(text).map_err(|bad| format!("'{text}' is no date: {}", bad.reason))?;
        let text = date.exact().is_none().then(|| Kept::Text(Cow::Owned(date.text.clone())));
        let parts = [Kept::Int(date.first), Kept::Int(date.last), text.unwrap_or(Kept::Null)];
        for (column, part) in columns.iter_mut().zip(parts) {
            *column = part;
        }
        return Ok(());
    }
    let kept = keep(value, ty)?;
    if let Some(column) = columns.first_mut() {
        *column = kept;
    }
    Ok(())
}

fn keep<'a>(value: Json<'a>, ty: &ValueType) -> Result<Kept<'a>, String> {
    Ok(match (ty, value) {
        (ValueType::Text | ValueType::Any, Json::Text(text)) => Kept::Text(text),
        (ValueType::Int | ValueType::Any, Json::Int(number)) => Kept::Int(number),
        (ValueType::Float | ValueType::Any, Json::Float(number)) => Kept::Float(number),
        (ValueType::Float, Json::Int(number)) => Kept::Float(float(number)?),
        (ValueType::Bool, Json::Bool(value)) => Kept::Int(i64::from(value)),
        (ValueType::DateTime, Json::Text(text)) => Kept::Text(Cow::Owned(instant(&text)?)),
        (ValueType::Duration, Json::Text(text)) => Kept::Text(Cow::Owned(length(&text)?)),
        (ValueType::Any, value) => Kept::Json(tagged(&value).to_string()),
        (ValueType::List(of), Json::List(members)) => {
            let members = members.iter().map(|member| member_of(member, of));
            Kept::Text(Cow::Owned(members.collect::<Result<Value, String>>()?.to_string()))
        }
        (ty, value) => return Err(mismatch(&value, ty)),
    })
}

/// A member of a list, as lists of its type keep it.
fn member_of(value: &Json<'_>, ty: &ValueType) -> Result<Value, String> {
    Ok(match (ty, value) {
        (_, Json::Null) => Value::Null,
        (ValueType::Text, Json::Text(text)) => json!(text),
        (ValueType::Int, Json::Int(number)) => json!(number),
        (ValueType::Float, Json::Float(number)) => json!(number),
        (ValueType::Float, Json::Int(number)) => json!(float(*number)?),
        (ValueType::Bool, Json::Bool(value)) => json!(i64::from(*value)),
        (ValueType::Date, Json::Text(text)) => {
            let date =
                Date::parse(text).map_err(|bad| format!("'{text}' is no date: {}", bad.reason))?;
            json!(date.packed())
        }
        (ValueType::DateTime, Json::Text(text)) => json!(instant(text)?),
        (ValueType::Duration, Json::Text(text)) => json!(length(text)?),
        (ValueType::Any, value) => tagged(value),
        (ty, value) => return Err(mismatch(value, ty)),
    })
}

/// An instant as it is kept.
fn instant(text: &str) -> Result<String, String> {
    time::datetime(text).ok_or_else(|| format!("'{text}' is no datetime"))
}

/// A length of time as it is kept.
fn length(text: &str) -> Result<String, String> {
    time::duration(text).ok_or_else(|| format!("'{text}' is no duration"))
}

/// A value that carries its type: maps are marked as such.
pub(super) fn tagged(value: &Json<'_>) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => json!(value),
        Json::Int(number) => json!(number),
        Json::Float(number) => json!(number),
        Json::Text(text) => json!(text),
        Json::List(members) => members.iter().map(tagged).collect(),
        Json::Object(members) => {
            let members =
                members.iter().map(|(name, member)| (name.clone().into_owned(), tagged(member)));
            json!({ "m": members.collect::<serde_json::Map<_, _>>() })
        }
    }
}

/// An integer among floats, if it is one of them.
fn float(number: i64) -> Result<f64, String> {
    const EXACT: i64 = 1 << 53;
    #[expect(clippy::cast_precision_loss, reason = "integers up to this size are floats as well")]
    let float = number as f64;
    if (-EXACT..=EXACT).contains(&number) {
        Ok(float)
    } else {
        Err(format!("{number} has more digits than a float keeps"))
    }
}

fn mismatch(value: &Json<'_>, ty: &ValueType) -> String {
    format!("{} is no {ty}", shown(value))
}

/// A value in a message.
fn shown(value: &Json<'_>) -> String {
    let text = match value {
        Json::Text(text) => format!("'{text}'"),
        other => tagged(other).to_string(),
    };
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(60).chain(['…']).collect()
}
