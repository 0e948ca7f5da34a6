//! Parameters: what was declared, what was given, and the value each gets once its type is known.

use std::collections::BTreeMap;

use super::{Resolved, Resolver};
use crate::base::{
    closest::closest,
    date::Date,
    diagnostic::{Diagnostic, Diagnostics},
};
use crate::lang::ast;
use crate::meaning::{
    catalog::Catalog,
    errors,
    question::{Constant, Expr, ExprKind},
    scope::Scope,
    types::Type,
};

/// The parameters a script may use.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    known: BTreeMap<String, Argument>,
}

/// One parameter: its declared type and its value.
#[derive(Debug, Clone)]
pub struct Argument {
    /// The type declared, if it was.
    pub ty: Option<Type>,
    /// What was given, as typed.
    pub given: Option<String>,
    /// What to take where nothing was given.
    pub default: Option<ast::Expr>,
}

impl Arguments {
    /// Brings together what a script declares and what the user gave.
    pub fn new(
        declared: &[ast::Param],
        given: &BTreeMap<String, String>,
        catalog: &Catalog,
    ) -> Result<Self, Diagnostics> {
        let mut known = BTreeMap::new();
        let mut notes = Vec::new();
        for param in declared {
            match declared_type(&param.ty, catalog) {
                Ok(ty) => {
                    let value = given.get(&param.name.text).cloned();
                    let argument = Argument { ty: Some(ty), given: value, default: param.default.clone() };
                    known.insert(param.name.text.clone(), argument);
                }
                Err(note) => notes.push(note),
            }
        }
        for (name, value) in given {
            known
                .entry(name.clone())
                .or_insert_with(|| Argument { ty: None, given: Some(value.clone()), default: None });
        }
        if notes.is_empty() { Ok(Self { known }) } else { Err(notes) }
    }

    /// The names given that a script neither declares nor uses, each with the nearest it does.
    pub fn unused(&self, script: &ast::Script, used: &[String]) -> Vec<(String, Option<String>)> {
        let declared = script.params.iter().map(|param| param.name.text.as_str());
        let wanted: Vec<&str> = declared.chain(used.iter().map(String::as_str)).collect();
        let unknown = self.known.keys().filter(|name| !wanted.contains(&name.as_str()));
        unknown.map(|name| (name.clone(), closest(name, wanted.iter().copied()).map(str::to_owned))).collect()
    }
}

fn declared_type(ty: &ast::TypeName, catalog: &Catalog) -> Result<Type, Diagnostic> {
    if let Some(of) = &ty.of {
        return declared_type(of, catalog).map(|of| Type::List(Box::new(of)));
    }
    if catalog.kind_named(&ty.name.text).is_some() {
        return Ok(Type::Text);
    }
    Type::named(&ty.name.text).ok_or_else(|| errors::unknown_type(&ty.name))
}

impl Resolver<'_> {
    /// The value of `$name`, seen as `expected` where nothing else says its type.
    pub(super) fn param(&mut self, name: &ast::Name, expected: Option<&Type>) -> Resolved<Expr> {
        let arguments = self.arguments;
        let Some(argument) = arguments.known.get(&name.text) else {
            let near = closest(&name.text, arguments.known.keys().map(String::as_str));
            return self.wrong(errors::missing_parameter(name, near));
        };
        let ty = argument.ty.clone().or_else(|| expected.cloned());
        if let Some(given) = &argument.given {
            return match constant(given, ty.as_ref()) {
                Ok(value) => Ok(value),
                Err(reason) => self.wrong(errors::bad_argument(name, given, &reason)),
            };
        }
        let Some(default) = &argument.default else {
            return self.wrong(errors::missing_parameter(name, None));
        };
        // A default is written in the header, which has a text of its own: report its mistakes at the place of use.
        let before = self.notes.len();
        let value = self.expr_as(default, &Scope::default(), ty.as_ref());
        for note in self.notes.iter_mut().skip(before) {
            note.labels.iter_mut().for_each(|label| label.span = name.span);
        }
        let value = value?;
        let fits = ty.as_ref().is_none_or(|ty| value.ty.join(ty).as_ref() == Some(ty));
        if fits { Ok(value) } else { self.wrong(errors::bad_default(name)) }
    }
}

/// Reads a value typed by a user as that type, or as what it looks like.
fn constant(text: &str, ty: Option<&Type>) -> Result<Expr, String> {
    let value = match ty {
        None | Some(Type::Null) => guess(text),
        Some(Type::Int) => Constant::Int(text.trim().parse().map_err(|_| "is not a whole number".to_owned())?),
        Some(Type::Float) => Constant::Float(finite(text).ok_or("is not a number")?),
        Some(Type::Bool) => Constant::Bool(truth(text).ok_or("is neither true nor false")?),
        Some(Type::Date) => Constant::Date(date(text)?),
        Some(Type::List(of)) => return list(text, of),
        Some(Type::Text | Type::Node(_) | Type::Edge(_) | Type::Path) => Constant::Text(text.to_owned()),
    };
    Ok(of_constant(value))
}

fn list(text: &str, of: &Type) -> Result<Expr, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let members = parts.map(|part| constant(part, Some(of))).collect::<Result<Vec<_>, _>>()?;
    Ok(Expr::new(ExprKind::List(members), Type::List(Box::new(of.clone()))))
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
        .or_else(|| looks_like_date(text).then(|| Date::parse(text).ok().map(Constant::Date)).flatten())
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
