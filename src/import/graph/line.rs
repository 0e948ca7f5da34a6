//! One line of a graph: a node or an edge, in any of the spellings that programs use. Decides nothing about types.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Json<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// A node or an edge.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item<'a> {
    Node(Node<'a>),
    Edge(Edge<'a>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) labels: Vec<Cow<'a, str>>,
    pub(super) properties: Vec<(Cow<'a, str>, Json<'a>)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edge<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) name: Cow<'a, str>,
    pub(super) from: Cow<'a, str>,
    pub(super) to: Cow<'a, str>,
    /// Whether it holds both ways.
    pub(super) both: bool,
    pub(super) properties: Vec<(Cow<'a, str>, Json<'a>)>,
}

/// How deep lists and objects may nest.
const DEEPEST: usize = 16;

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Json::Int(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Self::Value, E> {
        let fits = i64::try_from(value);
        fits.map(Json::Int)
            .map_err(|_| E::custom(format!("the number {value} does not fit 64 bits")))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            members.push(member);
        }
        Ok(Json::List(members))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            members.push((name, map.next_value()?));
        }
        Ok(Json::Object(members))
    }
}

/// The name of a member, borrowed where it can be.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Text(text) => Ok(Self(text)),
            _ => Err(D::Error::custom("a name is expected")),
        }
    }
}

/// What the members of a line are called: first as this tool's documents say, then as others write it.
const IDS: &[&str] = &["id", "_id"];
const PROPERTIES: &[&str] = &["properties", "props", "attributes"];
pub(super) const FROM: &[&str] = &["start", "from", "source", "src", "startNode", "start_node"];
pub(super) const TO: &[&str] = &["end", "to", "target", "dst", "endNode", "end_node"];
/// What `type` says of a line without naming an edge or a kind.
const SORTS: &[&str] = &["node", "vertex", "relationship", "rel", "edge"];

/// Whether the beginning of a file looks like such a line.
pub(super) fn is_graph(line: &str) -> bool {
    let members = match serde_json::from_str::<Json<'_>>(line) {
        Ok(Json::Object(members)) => members,
        Ok(_) => return false,
        // No other kind of file begins so, and what is wrong with it is better said as JSON.
        Err(_) => return line.trim_start().starts_with('{'),
    };
    let has = |names: &[&str]| members.iter().any(|(name, _)| names.contains(&name.as_ref()));
    has(&["labels"]) || has(&["type"]) && (has(IDS) || has(FROM)) || has(FROM) && has(TO)
}

/// Reads a line as JSON.
pub(in crate::import) fn parse(line: &str) -> Result<Json<'_>, String> {
    serde_json::from_str(line).map_err(|error| unreadable(&error, line))
}

/// Reads a line.
pub(super) fn read(line: &str) -> Result<Item<'_>, String> {
    let Json::Object(members) = parse(line)? else {
        return Err("a line is a JSON object: a node or an edge".to_owned());
    };
    let mut line = Line::default();
    for (name, value) in members {
        line.member(&name, value)?;
    }
    line.item()
}

/// How the parser of JSON begins to say what is wrong, and the same in plain words.
const UNREADABLE: &[(&str, &str)] = &[
    ("expected ident", "expected `true`, `false` or `null`, in small letters"),
    (
        "expected value",
        "expected a text in double quotes, a number, `true`, `false`, `null`, `[` or `{`",
    ),
    ("expected `,` or `}`", "expected `,` and the next member, or `}`"),
    ("expected `,` or `]`", "expected `,` and the next member, or `]`"),
    ("expected `:`", "expected `:` between a name and its value"),
    ("expected `\"`", "expected `\"` at the end of the text"),
    ("key must be a string", "expected a name in double quotes"),
    ("trailing comma", "expected another member behind the comma, or no comma"),
    ("trailing characters", "expected the end of the line: each line holds one object"),
    ("EOF while parsing a string", "the line ends inside a text: expected `\"`"),
    ("EOF while parsing an object", "the line ends inside an object: expected `}`"),
    ("EOF while parsing a list", "the line ends inside a list: expected `]`"),
    ("EOF while parsing", "the line ends where a value was expected"),
    (
        "invalid escape",
        "expected one of `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t`, `\\u` behind `\\`",
    ),
    (
        "invalid number",
        "expected a number such as 42 or 3.14, with a digit in front and no zero before it",
    ),
    ("number out of range", "expected a smaller number"),
    (
        "control character",
        "expected `\\n` or `\\t` in the place of a line break or a tab inside a text",
    ),
    ("lone leading surrogate", "expected the second half of the character, `\\u` and four digits"),
    (
        "unexpected end of hex escape",
        "expected the second half of the character, `\\u` and four digits",
    ),
    ("recursion limit exceeded", "lists and objects are nested too deep"),
];

/// What the parser of JSON says, in plain words, with its column but not its line, which is always the first.
fn unreadable(error: &serde_json::Error, line: &str) -> String {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let known = UNREADABLE.iter().find(|(sign, _)| said.starts_with(sign));
    let words = known.map_or(said, |(_, words)| words);
    // The parser counts bytes.
    let before = line.as_bytes().get(..error.column()).unwrap_or(line.as_bytes());
    let column = String::from_utf8_lossy(before).chars().count();
    format!("this cannot be read as JSON: column {column}: {words}")
}

#[derive(Default)]
struct Line<'a> {
    id: Option<Cow<'a, str>>,
    sort: Option<Cow<'a, str>>,
    labels: Option<Vec<Cow<'a, str>>>,
    from: Option<Cow<'a, str>>,
    to: Option<Cow<'a, str>>,
    properties: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a> Line<'a> {
    fn member(&mut self, name: &str, value: Json<'a>) -> Result<(), String> {
        let is = |names: &[&str]| names.contains(&name);
        if is(IDS) {
            set(&mut self.id, id(value)?, name)
        } else if is(FROM) {
            set(&mut self.from, end(value)?, name)
        } else if is(TO) {
            set(&mut self.to, end(value)?, name)
        } else if is(PROPERTIES) {
            match value {
                Json::Object(members) => self.properties = members,
                Json::Null => {}
                _ => return Err(format!("`{name}` is to be an object")),
            }
            Ok(())
        } else if name == "type" {
            set(&mut self.sort, text(value, name)?, name)
        } else if ["labels", "label", "kind"].contains(&name) {
            set(&mut self.labels, labels(value, name)?, name)
        } else {
            Err(format!("what `{name}` means here is not known; properties stand in `properties`"))
        }
    }

    fn item(self) -> Result<Item<'a>, String> {
        let Self { id, sort, labels, from, to, properties } = self;
        let properties = plain(properties)?;
        let sort = sort.filter(|sort| !SORTS.contains(&sort.as_ref()));
        match (from, to) {
            (Some(from), Some(to)) => {
                let name = labels.and_then(|labels| labels.into_iter().next()).or(sort);
                let name = name.ok_or("an edge needs a `label`, which is its name")?;
                Ok(Item::Edge(Edge { id, name, from, to, both: false, properties }))
            }
            (None, None) => {
                let id = id.ok_or("a node needs an `id`")?;
                let mut labels = labels.unwrap_or_else(|| sort.into_iter().collect());
                let mut seen = Vec::new();
                labels.retain(|label| {
                    let is_new = !seen.contains(label);
                    seen.push(label.clone());
                    is_new
                });
                Ok(Item::Node(Node { id, labels, properties }))
            }
            (Some(_), None) => Err("an edge needs an `end`".to_owned()),
            (None, Some(_)) => Err("an edge needs a `start`".to_owned()),
        }
    }
}

fn set<T>(place: &mut Option<T>, value: T, name: &str) -> Result<(), String> {
    if place.replace(value).is_some() {
        return Err(format!("`{name}` says again what was said already"));
    }
    Ok(())
}

/// An id is a number or a text; both mean the same if they are written the same.
fn id(value: Json<'_>) -> Result<Cow<'_, str>, String> {
    match value {
        Json::Text(text) if text.contains('\0') => Err("an id holds a NUL character".to_owned()),
        Json::Text(text) if !text.is_empty() => Ok(text),
        Json::Int(number) => Ok(Cow::Owned(number.to_string())),
        Json::Text(_)
        | Json::Null
        | Json::Bool(_)
        | Json::Float(_)
        | Json::List(_)
        | Json::Object(_) => Err("an id is a whole number or a text".to_owned()),
    }
}

/// An end is a node's id, alone or as a member of an object.
fn end(value: Json<'_>) -> Result<Cow<'_, str>, String> {
    let Json::Object(members) = value else { return id(value) };
    let found = members.into_iter().find(|(name, _)| IDS.contains(&name.as_ref()));
    found.map_or_else(|| Err("an end needs an `id`".to_owned()), |(_, value)| id(value))
}

fn text<'a>(value: Json<'a>, name: &str) -> Result<Cow<'a, str>, String> {
    match value {
        Json::Text(text) => Ok(text),
        _ => Err(format!("`{name}` is to be a text")),
    }
}

fn labels<'a>(value: Json<'a>, name: &str) -> Result<Vec<Cow<'a, str>>, String> {
    match value {
        Json::List(members) => members.into_iter().map(|member| text(member, name)).collect(),
        Json::Null => Ok(Vec::new()),
        other => text(other, name).map(|label| vec![label]),
    }
}

/// The properties that hold something; each name once.
pub(super) fn plain<'a>(
    mut properties: Vec<(Cow<'a, str>, Json<'a>)>,
) -> Result<Vec<(Cow<'a, str>, Json<'a>)>, String> {
    if let Some((name, _)) = properties.iter().find(|(_, value)| depth(value) > DEEPEST) {
        return Err(format!("the property `{name}` is nested too deep"));
    }
    let mut names: Vec<&str> = properties.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    if let Some([name, _]) = names
        .windows(2)
        .find(|pair| pair.first() == pair.get(1))
        .and_then(|pair| pair.first_chunk())
    {
        return Err(format!("the property `{name}` is there twice"));
    }
    if let Some((name, _)) = properties.iter().find(|(_, value)| has_nul(value)) {
        return Err(format!("the property `{name}` holds a NUL character"));
    }
    properties.retain(|(_, value)| *value != Json::Null);
    Ok(properties)
}

fn depth(value: &Json<'_>) -> usize {
    match value {
        Json::List(members) => 1 + members.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => {
            1 + members.iter().map(|(_, member)| depth(member)).max().unwrap_or(0)
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) | Json::Text(_) => 0,
    }
}

fn has_nul(value: &Json<'_>) -> bool {
    match value {
        Json::Text(text) => text.contains('\0'),
        Json::List(members) => members.iter().any(has_nul),
        Json::Object(members) => {
            members.iter().any(|(name, member)| name.contains('\0') || has_nul(member))
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let found = match read(line) {
            Ok(Item::Node(node)) => {
                format!("({}:{}) {}", node.id, node.labels.join("&"), node.properties.len())
            }
            Ok(Item::Edge(edge)) => {
                let id = edge.id.unwrap_or_default();
                format!("{} ({})-[{}]->({})", id, edge.from, edge.name, edge.to)
            }
            Err(why) => why,
        };
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn nodes_and_edges_are_read_in_the_spellings_of_several_programs() {
        check(
            r#"{"type":"node","id":"0","labels":["A","B"],"properties":{"x":1,"y":null}}"#,
            "(0:A&B) 1",
        );
        check(r#"{"id":7,"labels":[],"props":{}}"#, "(7:) 0");
        check(r#"{"id":7,"label":"A"}"#, "(7:A) 0");
        check(
            r#"{"type":"relationship","id":"5","label":"KNOWS","start":{"id":"0","labels":["A"]},"end":{"id":"1"}}"#,
            "5 (0)-[KNOWS]->(1)",
        );
        check(r#"{"id":0,"src":1,"dst":2,"type":"KNOWS","props":{}}"#, "0 (1)-[KNOWS]->(2)");
        check(r#"{"type":"edge","label":"x","from":"a","to":"b"}"#, " (a)-[x]->(b)");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        check("[1]", "a line is a JSON object: a node or an edge");
        check(r#"{"labels":["A"]}"#, "a node needs an `id`");
        check(r#"{"id":1,"start":2,"type":"x"}"#, "an edge needs an `end`");
        check(r#"{"id":1,"from":2,"to":3}"#, "an edge needs a `label`, which is its name");
        check(
            r#"{"id":1,"name":"x"}"#,
            "what `name` means here is not known; properties stand in `properties`",
        );
        check(r#"{"id":1,"props":{"a":1,"a":2}}"#, "the property `a` is there twice");
        check(
            r#"{"id":1,"props":{"a":9223372036854775808}}"#,
            "this cannot be read as JSON: column 40: the number 9223372036854775808 does not fit 64 bits",
        );
    }
}
