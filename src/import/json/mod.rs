//! JSON values that know on which line they stand, for importers of other programs' forms. Files are read in a stream by
//! [`stream`]; what a file begins with is told by [`glimpse`], also where its head ends in the middle of a value.

pub(super) mod glimpse;
pub(super) mod stream;

use std::{cell::Cell, fmt, rc::Rc};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// A value and the line of its first character, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) line: u64,
    pub(super) json: Json,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number, as it is written most plainly.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// Members in their order; of two with one name the first counts.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The member of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    /// The value at the end of a path of members.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> &[(String, Self)] {
        if let Json::Map(members) = &self.json { members } else { &[] }
    }

    /// The values of a list; none of anything else.
    pub(super) fn list(&self) -> &[Self] {
        if let Json::List(nodes) = &self.json { nodes } else { &[] }
    }

    /// The text, or the digits of a number.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.json {
            Json::Text(text) | Json::Number(text) => Some(text),
            Json::Null | Json::Bool(_) | Json::List(_) | Json::Map(_) => None,
        }
    }

    /// The text of the member of that name, where there is one and it is not blank.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.text().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The line of the member of that name, or its own where it has none.
    pub(super) fn line_of(&self, name: &str) -> u64 {
        self.get(name).map_or(self.line, |node| node.line)
    }

    /// What it is, in words.
    pub(super) fn sort(&self) -> &'static str {
        match self.json {
            Json::Null => "null",
            Json::Bool(_) => "true or false",
            Json::Number(_) => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Map(_) => "an object",
        }
    }
}

/// The line that is being read, as the reader below the parser counts it.
pub(super) type Line = Rc<Cell<u64>>;

/// Reads one value.
#[derive(Clone)]
pub(super) struct Whole {
    pub(super) line: Line,
}

impl<'de> DeserializeSeed<'de> for Whole {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        from.deserialize_any(self)
    }
}

impl Whole {
    fn node(&self, json: Json) -> Node {
        Node { line: self.line.get(), json }
    }
}

impl<'de> Visitor<'de> for Whole {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(self.node(Json::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(self.node(Json::Number(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(self.node(Json::Number(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(self.node(Json::Number(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(self.node(Json::Text(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(self.node(Json::Text(value)))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(self.node(Json::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let line = self.line.get();
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element_seed(self.clone())? {
            nodes.push(node);
        }
        Ok(Node { line, json: Json::List(nodes) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let line = self.line.get();
        let mut members = Vec::new();
        while let Some(name) = items.next_key::<String>()? {
            members.push((name, items.next_value_seed(self.clone())?));
        }
        if members.len() > MEMBERS {
            return Err(A::Error::custom("an object has too many members"));
        }
        Ok(Node { line, json: Json::Map(members) })
    }
}

/// The most members of one object: names are looked up one after the other.
const MEMBERS: usize = 20_000;
