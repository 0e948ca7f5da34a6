//! Values whose type is known only when they are there: what they are, how they are written as text the database
//! keeps, when two are equal, and their order.
//!
//! Tagged JSON keeps what JSON has: null, truth values, numbers, texts and lists. Anything else is an object with one
//! member whose name says what it is: `{"m":{…}}` a map, `{"d":"…"}` a packed date, `{"n":[kind,id]}` a node. In the
//! database a null, a number or a text is itself, and the rest is a blob of tagged JSON, so that 1, true and '1' differ.

mod form;
mod order;

use serde_json::{Map as JsonMap, Value as Json, json};

pub use form::{Form, Mismatch};
pub use order::{compare, equal, sort_key};

/// A value that carries its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Any {
    /// Nothing known.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text.
    Text(String),
    /// A date, packed.
    Date(String),
    /// An instant: `2025-11-22T10:00:00`, in UTC, so that texts sort like instants.
    DateTime(String),
    /// A length of time, as ISO 8601 writes it.
    Duration(String),
    /// A list.
    List(Vec<Any>),
    /// Names and values, each name once, in the order written.
    Map(Vec<(String, Any)>),
    /// A node: the numbers of its kind and of itself.
    Node(Json),
    /// An edge: the number of its sort and what identifies it.
    Edge(Json),
    /// Nodes and edges in turn.
    Path(Json),
}

impl Any {
    /// In one word, with an article.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a truth value",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::Date(_) => "a date",
            Self::DateTime(_) => "a datetime",
            Self::Duration(_) => "a duration",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Node(_) => "a node",
            Self::Edge(_) => "an edge",
            Self::Path(_) => "a path",
        }
    }

    /// The value under a name, if it is a map; null where it has none.
    pub fn under(&self, name: &str) -> Option<Self> {
        let Self::Map(entries) = self else { return None };
        let found = entries.iter().find(|(known, _)| known == name);
        Some(found.map_or(Self::Null, |(_, value)| value.clone()))
    }

    /// A map; of entries with one name the last counts, where the first stood.
    pub fn map(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        let mut kept: Vec<(String, Self)> = Vec::new();
        for (name, value) in entries {
            match kept.iter_mut().find(|(known, _)| *known == name) {
                Some(entry) => entry.1 = value,
                None => kept.push((name, value)),
            }
        }
        Self::Map(kept)
    }

    /// As tagged JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => json!(value),
            Self::Int(value) => json!(value),
            // What JSON has no number for is infinite.
            Self::Float(value) if value.is_finite() => json!(value),
            Self::Float(value) => json!({"f": *value > 0.0}),
            Self::Text(value) => json!(value),
            Self::Date(packed) => json!({"d": packed}),
            Self::DateTime(text) => json!({"t": text}),
            Self::Duration(text) => json!({"p": text}),
            Self::List(members) => members.iter().map(Self::to_json).collect(),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(name, value)| (name.clone(), value.to_json()));
                json!({"m": entries.collect::<JsonMap<_, _>>()})
            }
            Self::Node(token) => json!({"n": token}),
            Self::Edge(token) => json!({"e": token}),
            Self::Path(tokens) => json!({"w": tokens}),
        }
    }

    /// Reads tagged JSON; what is not tagged as it should be is a map.
    pub fn of_json(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Self::Int(number),
                None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::Text(text),
            Json::Array(members) => Self::List(members.into_iter().map(Self::of_json).collect()),
            Json::Object(object) => Self::of_object(object),
        }
    }

    fn of_object(object: JsonMap<String, Json>) -> Self {
        let only = object.len() == 1;
        let mut entries = object.into_iter();
        match (only, entries.next()) {
            (true, Some((tag, value))) => match (tag.as_str(), value) {
                ("m", Json::Object(inner)) => {
                    let inner = inner.into_iter().map(|(name, value)| (name, Self::of_json(value)));
                    Self::Map(inner.collect())
                }
                ("d", Json::String(packed)) => Self::Date(packed),
                ("t", Json::String(text)) => Self::DateTime(text),
                ("p", Json::String(text)) => Self::Duration(text),
                ("f", Json::Bool(up)) => {
                    Self::Float(if up { f64::INFINITY } else { f64::NEG_INFINITY })
                }
                ("n", token @ Json::Array(_)) => Self::Node(token),
                ("e", token @ Json::Array(_)) => Self::Edge(token),
                ("w", tokens @ Json::Array(_)) => Self::Path(tokens),
                (_, value) => Self::Map(vec![(tag, Self::of_json(value))]),
            },
            (_, first) => {
                let all = first.into_iter().chain(entries);
                Self::Map(all.map(|(name, value)| (name, Self::of_json(value))).collect())
            }
        }
    }

    /// Reads JSON as people write it: an object is a map, and nothing is tagged.
    pub fn of_plain_json(json: Json) -> Self {
        match json {
            Json::Array(members) => {
                Self::List(members.into_iter().map(Self::of_plain_json).collect())
            }
            Json::Object(object) => Self::map(
                object.into_iter().map(|(name, value)| (name, Self::of_plain_json(value))),
            ),
            other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) => {
                Self::of_json(other)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tagged_json_gives_back_what_it_was_made_of() {
        let all = Any::List(vec![
            Any::Null,
            Any::Bool(true),
            Any::Int(1),
            Any::Float(1.0),
            Any::Float(f64::INFINITY),
            Any::Text("1".into()),
            Any::Date("2025112220251122".into()),
            Any::Map(vec![("m".into(), Any::Int(1)), ("d".into(), Any::Text("x".into()))]),
            Any::Map(vec![("d".into(), Any::Text("x".into()))]),
            Any::Node(json!([1, 2])),
        ]);
        assert_eq!(Any::of_json(all.to_json()), all);
    }
}
