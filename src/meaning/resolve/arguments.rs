//! The values of parameters, and the type each gets where nothing was declared.

use std::collections::BTreeMap;

use super::{Resolved, Resolver};
use crate::base::{
    any::Any,
    closest::closest,
    date::{Date, unpacked},
    time::{datetime, duration},
    value::Value,
};
use crate::lang::ast;
use crate::meaning::{
    errors,
    question::{Constant, Expr, ExprKind},
    types::Type,
};

/// What comes with a query: values for its parameters, and what the script it stands in defines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments {
    values: BTreeMap<String, Argument>,
    definitions: Vec<ast::Definition>,
}

/// The value of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A value of the type that was declared.
    Value(Value),
    /// A text as typed, without a declared type: it is read as what it is compared with, or as what it looks like.
    Raw(String),
}

impl Arguments {
    /// Gives a parameter its value.
    pub fn set(&mut self, name: &str, argument: Argument) {
        self.values.insert(name.to_owned(), argument);
    }

    /// The value of a parameter.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Argument> {
        self.values.get_mut(name)
    }

    /// Adds what the script defines.
    pub fn define(&mut self, definitions: Vec<ast::Definition>) {
        self.definitions.extend(definitions);
    }

    /// What the script defines.
    pub fn definitions(&self) -> &[ast::Definition] {
        &self.definitions
    }

    /// The parameters that have a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

impl Resolver<'_> {
    /// The value of `$name`, seen as `expected` where nothing else says its type.
    pub(super) fn param(&mut self, name: &ast::Name, expected: Option<&Type>) -> Resolved<Expr> {
        let arguments = self.arguments;
        match arguments.values.get(&name.text) {
            Some(Argument::Value(value)) => match of_value(value) {
                Some(value) => Ok(value),
                None => {
                    self.wrong(errors::names::bad_argument(name, "…", "cannot be used in a query"))
                }
            },
            Some(Argument::Raw(text)) => match constant(text, expected) {
                Ok(value) => Ok(value),
                Err(reason) => self.wrong(errors::names::bad_argument(name, text, &reason)),
            },
            None => {
                let near = closest(&name.text, arguments.names());
                self.wrong(errors::names::missing_parameter(name, near))
            }
        }
    }
}

/// A typed value as an expression; nodes, edges, paths and maps are not given as parameters.
fn of_value(value: &Value) -> Option<Expr> {
    match value {
        Value::Null => Some(Expr::new(ExprKind::Null, Type::Null)),
        Value::Bool(value) => Some(of_constant(Constant::Bool(*value))),
        Value::Int(value) => Some(of_constant(Constant::Int(*value))),
        Value::Float(value) => Some(of_constant(Constant::Float(*value))),
        Value::Text(value) => Some(of_constant(Constant::Text(value.clone()))),
        Value::Date(text) => Some(of_constant(Constant::Date(Date::parse(text).ok()?))),
        Value::List(members) => {
            Some(list_of(members.iter().map(of_value).collect::<Option<Vec<Expr>>>()?))
        }
        Value::Map(entries) => {
            let entry = |(name, value): &(String, Value)| Some((name.clone(), of_value(value)?));
            Some(map_of(entries.iter().map(entry).collect::<Option<Vec<_>>>()?.into_iter()))
        }
        Value::DateTime(text) => Some(of_constant(Constant::DateTime(datetime(text)?))),
        Value::Duration(text) => Some(of_constant(Constant::Duration(duration(text)?))),
        Value::Node(_) | Value::Edge(_) | Value::Path(_) => None,
    }
}

/// Reads a value typed by a user as that type, or as what it looks like.
fn constant(text: &str, ty: Option<&Type>) -> Result<Expr, String> {
    // As a text it may be meant as such.
    if text.trim() == "null" && ty != Some(&Type::Text) {
        return Ok(Expr::new(ExprKind::Null, Type::Null));
    }
    if let (Some(inner), false) = (between_quotes(text), ty.is_some_and(is_list_or_number)) {
        return match ty {
            Some(Type::Date | Type::DateTime | Type::Duration) => constant(&inner, ty),
            _ => Ok(of_constant(Constant::Text(inner))),
        };
    }
    let value = match ty {
        None | Some(Type::Null) => {
            return Ok(written(text).unwrap_or_else(|_| of_constant(guess(text))));
        }
        Some(Type::Int) => {
            Constant::Int(text.trim().parse().map_err(|_| "is not a whole number".to_owned())?)
        }
        Some(Type::Float) => Constant::Float(finite(text).ok_or("is not a number")?),
        Some(Type::Bool) => Constant::Bool(truth(text).ok_or("is neither true nor false")?),
        Some(Type::Date) => Constant::Date(date(text)?),
        Some(Type::List(of)) => return list(text, of),
        Some(Type::Any) => return written(text),
        Some(Type::Map) => {
            let value = written(text)?;
            if value.ty != Type::Map {
                return Err("is not a map in JSON, as in {\"a\": 1}".to_owned());
            }
            return Ok(value);
        }
        Some(Type::DateTime) => Constant::DateTime(datetime(text).ok_or("is not a datetime")?),
        Some(Type::Duration) => Constant::Duration(duration(text).ok_or("is not a duration")?),
        Some(Type::Text | Type::Node(_) | Type::Edge(_) | Type::Path) => {
            Constant::Text(text.to_owned())
        }
    };
    Ok(of_constant(value))
}

fn is_list_or_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Float | Type::Bool | Type::List(_) | Type::Map)
}

/// What a text in JSON holds, such as `"42"`, which is no number then.
fn between_quotes(text: &str) -> Option<String> {
    let quoted = text.trim().starts_with('"');
    quoted.then(|| serde_json::from_str(text).ok()).flatten()
}

/// A list or a map in JSON, or a value as it looks.
fn written(text: &str) -> Result<Expr, String> {
    if text.trim_start().starts_with(['[', '{', '"']) {
        let json = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        return Ok(of_any(Any::of_plain_json(json)));
    }
    Ok(of_constant(guess(text)))
}

/// A value that carries its type, as an expression.
fn of_any(value: Any) -> Expr {
    match value {
        Any::Bool(value) => of_constant(Constant::Bool(value)),
        Any::Int(value) => of_constant(Constant::Int(value)),
        Any::Float(value) => of_constant(Constant::Float(value)),
        Any::Text(value) => of_constant(Constant::Text(value)),
        Any::Date(packed) => of_constant(Constant::Date(unpacked(&packed))),
        Any::DateTime(text) => of_constant(Constant::DateTime(text)),
        Any::Duration(text) => of_constant(Constant::Duration(text)),
        Any::List(members) => list_of(members.into_iter().map(of_any).collect()),
        Any::Map(entries) => map_of(entries.into_iter().map(|(name, value)| (name, of_any(value)))),
        Any::Null | Any::Node(_) | Any::Edge(_) | Any::Path(_) => {
            Expr::new(ExprKind::Null, Type::Null)
        }
    }
}

/// A list of the type that its members have in common.
pub(super) fn list_of(members: Vec<Expr>) -> Expr {
    let of = members.iter().fold(Type::Null, |ty, member| ty.unite(&member.ty));
    let members = members.into_iter().map(|member| member.seen_as(&of)).collect();
    Expr::new(ExprKind::List(members), Type::List(Box::new(of)))
}

/// A map; its values carry their types.
pub(super) fn map_of(entries: impl Iterator<Item = (String, Expr)>) -> Expr {
    let entries = entries.map(|(name, value)| (name, value.seen_as(&Type::Any))).collect();
    Expr::new(ExprKind::Map(entries), Type::Map)
}

/// Values with commas between, or a list in JSON.
fn list(text: &str, of: &Type) -> Result<Expr, String> {
    if *of == Type::Any
        || (matches!(of, Type::List(_) | Type::Map) && text.trim_start().starts_with('['))
    {
        let json = serde_json::from_str(text).map_err(|_| "is not a list in JSON".to_owned())?;
        let value = of_any(Any::of_plain_json(json));
        let wanted = Type::List(Box::new(of.clone()));
        return match value.ty.join(&wanted) {
            Some(Type::List(_)) => Ok(value.seen_as(&wanted)),
            _ => Err("is not such a list in JSON".to_owned()),
        };
    }
    if text.trim_start().starts_with('[') {
        let members: Vec<serde_json::Value> =
            serde_json::from_str(text).map_err(|_| "is not a list in JSON".to_owned())?;
        let member = |member: &serde_json::Value| match member {
            serde_json::Value::Null => Ok(Expr::new(ExprKind::Null, Type::Null)),
            serde_json::Value::String(text) => constant(text, Some(of)),
            serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_) => constant(&member.to_string(), Some(of)),
        };
        let members = members.iter().map(member).collect::<Result<Vec<_>, _>>()?;
        return alike(members, of);
    }
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let members = parts.map(|part| constant(part, Some(of))).collect::<Result<Vec<_>, _>>()?;
    alike(members, of)
}

/// Where nothing says what the members are, it is what all of them look like.
fn alike(members: Vec<Expr>, of: &Type) -> Result<Expr, String> {
    let of = members
        .iter()
        .try_fold(of.clone(), |ty, member| ty.join(&member.ty))
        .ok_or("is a list of unlike members")?;
    Ok(Expr::new(ExprKind::List(members), Type::List(Box::new(of))))
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|bad| match bad.suggestion {
        Some(meant) => format!("is not a date; write {meant}"),
        None => "is not a date".to_owned(),
    })
}

fn guess(text: &str) -> Constant {
    let number = text.trim().parse().map(Constant::Int).ok();
    number
        .or_else(|| truth(text).map(Constant::Bool))
        .or_else(|| {
            looks_like_date(text).then(|| Date::parse(text).ok().map(Constant::Date)).flatten()
        })
        .or_else(|| finite(text).map(Constant::Float))
        .unwrap_or_else(|| Constant::Text(text.to_owned()))
}

fn looks_like_date(text: &str) -> bool {
    text.len() >= 7 && text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('-')
}

fn finite(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

/// The expression of a constant.
pub(super) fn of_constant(value: Constant) -> Expr {
    let ty = match &value {
        Constant::Bool(_) => Type::Bool,
        Constant::Int(_) => Type::Int,
        Constant::Float(_) => Type::Float,
        Constant::Text(_) => Type::Text,
        Constant::Date(_) => Type::Date,
        Constant::DateTime(_) => Type::DateTime,
        Constant::Duration(_) => Type::Duration,
    };
    Expr::new(ExprKind::Constant(value), ty)
}
