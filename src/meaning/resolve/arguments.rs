//! The values of parameters, and the type each gets where nothing was declared.

use std::collections::BTreeMap;

use super::{Resolved, Resolver};
use crate::base::{closest::closest, date::Date, value::Value};
use crate::lang::ast;
use crate::meaning::{
    errors,
    question::{Constant, Expr, ExprKind},
    types::Type,
};

/// The values of the parameters a query may use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments(BTreeMap<String, Argument>);

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
        self.0.insert(name.to_owned(), argument);
    }

    /// The value of a parameter.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Argument> {
        self.0.get_mut(name)
    }

    /// The parameters that have a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Resolver<'_> {
    /// The value of `$name`, seen as `expected` where nothing else says its type.
    pub(super) fn param(&mut self, name: &ast::Name, expected: Option<&Type>) -> Resolved<Expr> {
        let arguments = self.arguments;
        match arguments.0.get(&name.text) {
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
            let members = members.iter().map(of_value).collect::<Option<Vec<Expr>>>()?;
            let of = members.iter().try_fold(Type::Null, |ty, member| ty.join(&member.ty))?;
            Some(Expr::new(ExprKind::List(members), Type::List(Box::new(of))))
        }
        Value::Map(_) | Value::Node(_) | Value::Edge(_) | Value::Path(_) => None,
    }
}

/// Reads a value typed by a user as that type, or as what it looks like.
fn constant(text: &str, ty: Option<&Type>) -> Result<Expr, String> {
    let value = match ty {
        None | Some(Type::Null) => guess(text),
        Some(Type::Int) => {
            Constant::Int(text.trim().parse().map_err(|_| "is not a whole number".to_owned())?)
        }
        Some(Type::Float) => Constant::Float(finite(text).ok_or("is not a number")?),
        Some(Type::Bool) => Constant::Bool(truth(text).ok_or("is neither true nor false")?),
        Some(Type::Date) => Constant::Date(date(text)?),
        Some(Type::List(of)) => return list(text, of),
        Some(Type::Text | Type::Node(_) | Type::Edge(_) | Type::Path) => {
            Constant::Text(text.to_owned())
        }
    };
    Ok(of_constant(value))
}

/// Values with commas between, or a list in JSON.
fn list(text: &str, of: &Type) -> Result<Expr, String> {
    if text.trim_start().starts_with('[') {
        let members: Vec<serde_json::Value> =
            serde_json::from_str(text).map_err(|_| "is not a list in JSON".to_owned())?;
        let texts = members
            .iter()
            .map(|member| member.as_str().map_or_else(|| member.to_string(), str::to_owned));
        let members = texts.map(|text| constant(&text, Some(of))).collect::<Result<Vec<_>, _>>()?;
        return list_of(members, of);
    }
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let members = parts.map(|part| constant(part, Some(of))).collect::<Result<Vec<_>, _>>()?;
    list_of(members, of)
}

/// Where nothing says what the members are, it is what all of them look like.
fn list_of(members: Vec<Expr>, of: &Type) -> Result<Expr, String> {
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
    };
    Expr::new(ExprKind::Constant(value), ty)
}
