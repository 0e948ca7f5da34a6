//! How values of a known type are kept, in a few letters, and the way between them and values that carry their type.

use serde_json::{Value as Json, json};

use super::Any;

/// How a value of a known type is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// With its type.
    Any,
    /// 0 or 1.
    Bool,
    /// An integer.
    Int,
    /// A floating point number.
    Float,
    /// Any number, as it is.
    Number,
    /// A text.
    Text,
    /// A packed date.
    Date,
    /// An instant.
    DateTime,
    /// A length of time.
    Duration,
    /// A tagged map.
    Map,
    /// A node's token.
    Node,
    /// An edge's token.
    Edge,
    /// The tokens of a path.
    Path,
    /// A list of such.
    List(Box<Form>),
}

/// A value that is not what it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What is needed.
    pub wanted: &'static str,
    /// What is there.
    pub found: &'static str,
}

impl Form {
    /// In letters: `i`, `[[s`.
    pub fn code(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::Bool => "b".to_owned(),
            Self::Int => "i".to_owned(),
            Self::Float => "f".to_owned(),
            Self::Number => "#".to_owned(),
            Self::Text => "s".to_owned(),
            Self::Date => "d".to_owned(),
            Self::DateTime => "t".to_owned(),
            Self::Duration => "p".to_owned(),
            Self::Map => "m".to_owned(),
            Self::Node => "n".to_owned(),
            Self::Edge => "e".to_owned(),
            Self::Path => "w".to_owned(),
            Self::List(of) => format!("[{}", of.code()),
        }
    }

    /// Reads such letters.
    pub fn parse(code: &str) -> Self {
        if let Some(of) = code.strip_prefix('[') {
            return Self::List(Box::new(Self::parse(of)));
        }
        match code {
            "b" => Self::Bool,
            "i" => Self::Int,
            "f" => Self::Float,
            "#" => Self::Number,
            "s" => Self::Text,
            "d" => Self::Date,
            "t" => Self::DateTime,
            "p" => Self::Duration,
            "m" => Self::Map,
            "n" => Self::Node,
            "e" => Self::Edge,
            "w" => Self::Path,
            _ => Self::Any,
        }
    }

    /// Whether values of this form are kept as JSON.
    pub fn is_json(&self) -> bool {
        matches!(self, Self::Map | Self::Node | Self::Edge | Self::Path | Self::List(_))
    }

    /// A value kept in this form, with its type.
    pub fn read(&self, kept: Json) -> Any {
        match (self, kept) {
            (_, Json::Null) => Any::Null,
            (Self::Bool, kept) => Any::Bool(kept.as_i64() != Some(0) && kept != json!(false)),
            (Self::Float, Json::Number(number)) => Any::Float(number.as_f64().unwrap_or(f64::NAN)),
            (Self::Date, Json::String(text)) => Any::Date(text),
            (Self::DateTime, Json::String(text)) => Any::DateTime(text),
            (Self::Duration, Json::String(text)) => Any::Duration(text),
            (Self::Node, token) => Any::Node(token),
            (Self::Edge, token) => Any::Edge(token),
            (Self::Path, tokens) => Any::Path(tokens),
            (Self::List(of), Json::Array(members)) => {
                Any::List(members.into_iter().map(|member| of.read(member)).collect())
            }
            (_, kept) => Any::of_json(kept),
        }
    }

    /// The other way: a value that carries its type, as one of this form.
    pub fn write(&self, value: Any) -> Result<Json, Mismatch> {
        let mismatch = |found: &Any| Mismatch { wanted: self.words(), found: found.words() };
        Ok(match (self, value) {
            (_, Any::Null) => Json::Null,
            (Self::Any, value)
            | (Self::Float, value @ Any::Float(_))
            | (Self::Map, value @ Any::Map(_))
            | (Self::Number, value @ (Any::Int(_) | Any::Float(_))) => value.to_json(),
            (Self::Bool, Any::Bool(value)) => json!(i64::from(value)),
            (Self::Int, Any::Int(value)) => json!(value),
            #[expect(clippy::cast_precision_loss, reason = "an integer among floats is a float")]
            (Self::Float, Any::Int(value)) => Any::Float(value as f64).to_json(),
            (Self::Text, Any::Text(text))
            | (Self::Date, Any::Date(text))
            | (Self::DateTime, Any::DateTime(text))
            | (Self::Duration, Any::Duration(text)) => Json::String(text),
            (Self::Node, Any::Node(token))
            | (Self::Edge, Any::Edge(token))
            | (Self::Path, Any::Path(token)) => token,
            (Self::List(of), Any::List(members)) => {
                members.into_iter().map(|member| of.write(member)).collect::<Result<Json, _>>()?
            }
            (Self::Int, Any::Float(_)) => {
                return Err(Mismatch { wanted: "a whole number", found: "one with a fraction" });
            }
            (_, value) => return Err(mismatch(&value)),
        })
    }

    fn words(&self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Bool => "a truth value",
            Self::Int => "a whole number",
            Self::Float | Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::DateTime => "a datetime",
            Self::Duration => "a duration",
            Self::Map => "a map",
            Self::Node => "a node",
            Self::Edge => "an edge",
            Self::Path => "a path",
            Self::List(_) => "a list",
        }
    }
}
