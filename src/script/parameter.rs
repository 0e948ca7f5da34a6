//! What a script takes: names, types and help; and how a text given on the command line becomes a value.

use std::fmt;

use serde_json::Value as Json;

use crate::base::closest::closest;
use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::Source;
use crate::base::time;
use crate::base::value::Value;
use crate::lang::ast;

/// One declared parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Without the dollar sign.
    pub name: String,
    /// What it may be.
    pub ty: Type,
    /// What it is where none is given.
    pub default: Option<Default>,
    /// What it may be, where that is listed.
    pub choices: Option<Choices>,
    /// What it is for.
    pub help: Option<String>,
}

/// The values a parameter may have.
#[derive(Debug, Clone, PartialEq)]
pub enum Choices {
    /// These and no others.
    Values(Vec<Value>),
    /// What a query finds, and maybe others; a second column says what each means.
    Query(Box<ast::Query>),
}

/// The default of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Default {
    /// As written.
    pub text: String,
    /// What that stands for.
    pub value: Value,
}

/// The type of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Any text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// True or false.
    Bool,
    /// A date in EDTF.
    Date,
    /// An instant.
    DateTime,
    /// A length of time.
    Duration,
    /// Names and values, in JSON.
    Map,
    /// Anything: in JSON, or as it looks.
    Any,
    /// Several of these.
    List(Box<Type>),
}

const TYPES: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("int", Type::Int),
    ("float", Type::Float),
    ("bool", Type::Bool),
    ("date", Type::Date),
    ("datetime", Type::DateTime),
    ("duration", Type::Duration),
    ("map", Type::Map),
    ("any", Type::Any),
];

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::List(of) = self {
            return write!(f, "list<{of}>");
        }
        f.write_str(TYPES.iter().find(|(_, ty)| ty == self).map_or("", |(name, _)| name))
    }
}

impl Type {
    /// The value that `text` stands for; otherwise what it should be, for a sentence that says so.
    pub fn value(&self, text: &str) -> Result<Value, String> {
        match self {
            Self::Text => Ok(Value::Text(text.to_owned())),
            Self::Int => text.parse().map(Value::Int).map_err(|_| "a whole number".to_owned()),
            Self::Float => finite(text).map(Value::Float).ok_or_else(|| "a number".to_owned()),
            Self::Bool => match text.to_lowercase().as_str() {
                "true" | "yes" => Ok(Value::Bool(true)),
                "false" | "no" => Ok(Value::Bool(false)),
                _ => Err("true or false".to_owned()),
            },
            Self::Date => date(text),
            Self::DateTime => time::datetime(text)
                .map(Value::DateTime)
                .ok_or_else(|| "a datetime, as in 2025-11-22T10:00:00Z".to_owned()),
            Self::Duration => time::duration(text)
                .map(Value::Duration)
                .ok_or_else(|| "a duration, as in P1DT12H".to_owned()),
            Self::Map => match serde_json::from_str(text) {
                Ok(map @ Json::Object(_)) => Ok(of_json(map)),
                _ => Err("a map in JSON, as in {\"a\": 1}".to_owned()),
            },
            Self::Any => match serde_json::from_str::<Json>(text) {
                Ok(json) => Ok(of_json(json)),
                Err(_) => Ok(guess(text)),
            },
            Self::List(of) => match serde_json::from_str(text) {
                Ok(Json::Array(members)) => {
                    let members = members.into_iter().map(|member| match member {
                        Json::String(text) => of.value(&text),
                        Json::Null => Ok(Value::Null),
                        other => of.value(&other.to_string()),
                    });
                    let members: Result<_, _> = members.collect();
                    members.map(Value::List).map_err(|of| format!("a list, of which each is {of}"))
                }
                // Quotation marks that the shell has taken away.
                _ if **of == Self::Text && text.starts_with('[') && text.ends_with(']') => {
                    Err("a list in JSON, as in '[\"a\", \"b\"]'".to_owned())
                }
                _ => of
                    .value(text)
                    .map(|value| Value::List(vec![value]))
                    .map_err(|of| format!("a list in JSON, or {of}")),
            },
        }
    }
}

fn of_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::Text(text),
        Json::Array(members) => Value::List(members.into_iter().map(of_json).collect()),
        Json::Object(entries) => {
            Value::Map(entries.into_iter().map(|(name, value)| (name, of_json(value))).collect())
        }
    }
}

/// What `text` stands for where no type is declared: a number, a truth value, a date of at least a month, or a text.
pub fn guess(text: &str) -> Value {
    let looks_like_a_date = text.len() >= 7
        && text.trim_start_matches('[').starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let guesses: &[Type] = if looks_like_a_date {
        &[Type::Int, Type::Float, Type::Date]
    } else {
        &[Type::Int, Type::Float]
    };
    let literal = match text {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => guesses.iter().find_map(|ty| ty.value(text).ok()),
    };
    literal.unwrap_or_else(|| Value::Text(text.to_owned()))
}

/// Reads the declarations of a script; all mistakes are reported.
pub(super) fn read_all(
    params: &[ast::Param],
    source: &Source,
) -> Result<Vec<Parameter>, Diagnostics> {
    let mut mistakes = Diagnostics::new();
    let mut parameters: Vec<Parameter> = Vec::new();
    for param in params {
        match read(param, source) {
            Ok(parameter) if parameters.iter().any(|other| other.name == parameter.name) => {
                mistakes.push(declared_twice(&param.name));
            }
            Ok(parameter) => parameters.push(parameter),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(parameters) } else { Err(mistakes) }
}

fn read(param: &ast::Param, source: &Source) -> Result<Parameter, Diagnostic> {
    let ast::Param { name, ty, default, choices, help } = param;
    let ty = type_of(ty)?;
    let choices = choices.as_ref().map(|choices| read_choices(choices, &ty)).transpose()?;
    let default = match default {
        Some(written) => {
            let value = literal(written, &ty).ok_or_else(|| wrong_default(written, &ty))?;
            if let Some(Choices::Values(values)) = &choices
                && !is_chosen(&value, values)
            {
                return Err(default_not_listed(written));
            }
            Some(Default { text: source.slice(written.span).to_owned(), value })
        }
        None => None,
    };
    Ok(Parameter {
        name: name.text.clone(),
        ty,
        default,
        choices,
        help: help.as_ref().map(|help| help.trim().to_owned()),
    })
}

fn read_choices(choices: &ast::Choices, ty: &Type) -> Result<Choices, Diagnostic> {
    let one = if let Type::List(of) = ty { of } else { ty };
    match &choices.from {
        ast::ChoicesFrom::Values(values) => {
            let value = |written: &ast::Expr| {
                let value = literal(written, one).filter(|value| *value != Value::Null);
                value.ok_or_else(|| wrong_choice(written, one))
            };
            values.iter().map(value).collect::<Result<_, _>>().map(Choices::Values)
        }
        ast::ChoicesFrom::Query(query) => Ok(Choices::Query(query.clone())),
    }
}

/// Whether a value is listed; of a list, whether all its members are. Null stands for none given.
pub fn is_chosen(value: &Value, values: &[Value]) -> bool {
    match value {
        Value::Null => true,
        Value::List(members) => members.iter().all(|member| is_chosen(member, values)),
        value => values.contains(value),
    }
}

fn type_of(written: &ast::TypeName) -> Result<Type, Diagnostic> {
    let name = written.name.text.to_lowercase();
    match (&written.of, TYPES.iter().find(|(known, _)| *known == name)) {
        (Some(of), None) if name == "list" => Ok(Type::List(Box::new(type_of(of)?))),
        (None, Some((_, ty))) => Ok(ty.clone()),
        _ => Err(unknown_type(&written.name)),
    }
}

/// The value of a literal that fits the type.
pub(super) fn literal(written: &ast::Expr, ty: &Type) -> Option<Value> {
    use ast::ExprKind as Kind;
    match (&written.kind, ty) {
        (Kind::Null, _) => Some(Value::Null),
        (Kind::Bool(yes), Type::Bool) => Some(Value::Bool(*yes)),
        (Kind::Int(number), Type::Int) => Some(Value::Int(*number)),
        (Kind::Int(number), Type::Float) => Type::Float.value(&number.to_string()).ok(),
        (Kind::Float(number), Type::Float) => Some(Value::Float(*number)),
        (Kind::Text(text), Type::Text) => Some(Value::Text(text.clone())),
        (Kind::Text(text) | Kind::Date(text), Type::Date) => date(text).ok(),
        (Kind::DateTime(text) | Kind::Text(text), Type::DateTime)
        | (Kind::Duration(text) | Kind::Text(text), Type::Duration) => ty.value(text).ok(),
        (Kind::Map(entries), Type::Map | Type::Any) => {
            let entry = |(name, value): &(ast::Name, ast::Expr)| {
                Some((name.text.clone(), literal(value, &Type::Any)?))
            };
            entries.iter().map(entry).collect::<Option<_>>().map(Value::Map)
        }
        (Kind::List(items), Type::Any) => {
            let items = items.iter().map(|item| literal(item, ty));
            items.collect::<Option<_>>().map(Value::List)
        }
        (_, Type::Any) => LITERALS.iter().find_map(|ty| literal(written, ty)),
        (Kind::Unary(ast::UnaryOp::Minus, number), Type::Int | Type::Float) => {
            negative(&literal(number, ty)?)
        }
        (Kind::List(items), Type::List(of)) => {
            items.iter().map(|item| literal(item, of)).collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}

/// The types of literals, for a parameter that may be any of them.
const LITERALS: &[Type] =
    &[Type::Bool, Type::Int, Type::Float, Type::Text, Type::Date, Type::DateTime, Type::Duration];

fn negative(number: &Value) -> Option<Value> {
    match number {
        Value::Int(number) => number.checked_neg().map(Value::Int),
        Value::Float(number) => Some(Value::Float(-*number)),
        _ => None,
    }
}

/// D0703: the default of a parameter is not a value of its type.
fn wrong_default(written: &ast::Expr, ty: &Type) -> Diagnostic {
    Diagnostic::error("D0703", written.span, format!("this default is not of type {ty}")).help(
        "a default is a value as you would write it in a query, such as 'Rubio', 42 or 2025-11",
    )
}

/// D0717: a listed value is not of the parameter's type.
fn wrong_choice(written: &ast::Expr, ty: &Type) -> Diagnostic {
    Diagnostic::error("D0717", written.span, format!("this value is not of type {ty}"))
}

/// D0718: the default of a parameter is not among its listed values.
fn default_not_listed(written: &ast::Expr) -> Diagnostic {
    Diagnostic::error(
        "D0718",
        written.span,
        "this default is not among the values listed behind `in`",
    )
}

/// D0701: a `param` line names a type that does not exist.
fn unknown_type(name: &ast::Name) -> Diagnostic {
    let known = TYPES.iter().map(|(name, _)| *name);
    Diagnostic::error("D0701", name.span, format!("there is no type called `{}`", name.text))
        .here_if(closest(&name.text, known).map(|near| format!("did you mean `{near}`?")))
        .help(
            "a parameter is text, int, float, bool, date, datetime, duration, map, any, or a list such as list<text>",
        )
}

/// D0702: two `param` lines have the same name.
fn declared_twice(name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        "D0702",
        name.span,
        format!("the parameter `${}` is declared twice", name.text),
    )
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn date(text: &str) -> Result<Value, String> {
    match Date::parse(text) {
        Ok(date) => Ok(Value::Date(date.text)),
        Err(bad) => {
            let meant = bad.suggestion.map(|meant| format!(" (did you mean {meant}?)"));
            Err(format!(
                "a date such as 2025-11-22, 2025-11 or [..2025-11-22]{}",
                meant.unwrap_or_default()
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ty: &Type, text: &str, expected: Result<Value, &str>) {
        assert_eq!(ty.value(text), expected.map_err(str::to_owned), "{ty} {text}");
    }

    #[test]
    fn texts_become_values_of_the_declared_type() {
        check(&Type::Text, "42", Ok(Value::Text("42".into())));
        check(&Type::Int, "42", Ok(Value::Int(42)));
        check(&Type::Int, "4.2", Err("a whole number"));
        check(&Type::Float, "42", Ok(Value::Float(42.0)));
        check(&Type::Float, "NaN", Err("a number"));
        check(&Type::Bool, "Yes", Ok(Value::Bool(true)));
        check(&Type::Date, "2025-11", Ok(Value::Date("2025-11".into())));
        let said = Type::Date.value("22.11.2025").unwrap_err();
        assert!(said.ends_with("(did you mean 2025-11-22?)"), "{said}");
    }

    #[test]
    fn a_value_without_a_declared_type_is_what_it_looks_like() {
        for (text, expected) in [
            ("42", Value::Int(42)),
            ("0.5", Value::Float(0.5)),
            ("true", Value::Bool(true)),
            ("2025-11-22", Value::Date("2025-11-22".into())),
            ("[..2025-11-22]", Value::Date("[..2025-11-22]".into())),
            ("marco-rubio", Value::Text("marco-rubio".into())),
            ("nan", Value::Text("nan".into())),
            ("", Value::Text(String::new())),
        ] {
            assert_eq!(guess(text), expected, "{text}");
        }
    }

    #[test]
    fn types_print_as_they_are_written() {
        assert_eq!(Type::List(Box::new(Type::Date)).to_string(), "list<date>");
    }
}
