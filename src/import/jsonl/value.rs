//! Values of declared properties, as the lines write them: what JSON has no type for says what it is.

use crate::base::any::Any;
use crate::base::date::Date;
use crate::base::time;
use crate::import::graph::line::Json;
use crate::import::graph::value::{Kept, put};
use crate::record::graph::ValueType;
use crate::record::lines::INFINITE;

/// Brings a value into the columns of its property.
pub(super) fn keep<'a>(
    value: Json<'a>,
    ty: &ValueType,
    columns: &mut [Kept<'a>],
) -> Result<(), String> {
    if has_nul(&value) {
        return Err("the text holds a NUL character".to_owned());
    }
    let kept = match (ty, value) {
        (ValueType::Any, Json::Object(members)) => {
            Kept::Json(typed(Json::Object(members))?.to_json().to_string())
        }
        (ValueType::Any, Json::List(members)) => {
            Kept::Json(typed(Json::List(members))?.to_json().to_string())
        }
        (ValueType::Float, Json::Text(name)) => match infinite(&name) {
            Some(value) => Kept::Float(value),
            None => return Err(format!("'{name}' is no float")),
        },
        (ty, value) => return put(value, ty, columns),
    };
    if let Some(column) = columns.first_mut() {
        *column = kept;
    }
    Ok(())
}

fn infinite(name: &str) -> Option<f64> {
    INFINITE.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// A value that says its type where JSON has none for it.
fn typed(value: Json<'_>) -> Result<Any, String> {
    Ok(match value {
        Json::Null => Any::Null,
        Json::Bool(value) => Any::Bool(value),
        Json::Int(value) => Any::Int(value),
        Json::Float(value) => Any::Float(value),
        Json::Text(text) => Any::Text(text.into_owned()),
        Json::List(members) => Any::List(members.into_iter().map(typed).collect::<Result<_, _>>()?),
        Json::Object(members) => match <[_; 1]>::try_from(members) {
            Ok([(name, value)]) => named(&name, value)?,
            Err(_) => return Err("an object has one member here, which names a type".to_owned()),
        },
    })
}

fn named(name: &str, value: Json<'_>) -> Result<Any, String> {
    let wrong = |text: &str| format!("'{text}' is no {name}");
    Ok(match (name, value) {
        ("date", Json::Text(text)) => {
            Any::Date(Date::parse(&text).map_err(|_| wrong(&text))?.packed())
        }
        ("datetime", Json::Text(text)) => {
            Any::DateTime(time::datetime(&text).ok_or_else(|| wrong(&text))?)
        }
        ("duration", Json::Text(text)) => {
            Any::Duration(time::duration(&text).ok_or_else(|| wrong(&text))?)
        }
        ("float", Json::Text(text)) => Any::Float(infinite(&text).ok_or_else(|| wrong(&text))?),
        ("map", Json::Object(members)) => {
            let entries = members.into_iter();
            let entries = entries.map(|(name, value)| Ok((name.into_owned(), typed(value)?)));
            Any::Map(entries.collect::<Result<_, String>>()?)
        }
        (other, _) => return Err(format!("there is no type '{other}' for such a value")),
    })
}

fn has_nul(value: &Json<'_>) -> bool {
    match value {
        Json::Text(text) => text.contains('\0'),
        Json::List(members) => members.iter().any(has_nul),
        Json::Object(members) => {
            members.iter().any(|(name, value)| name.contains('\0') || has_nul(value))
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) => false,
    }
}
