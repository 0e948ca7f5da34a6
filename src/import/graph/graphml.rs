//! `GraphML` (graphml.graphdrawing.org, 1.0): nodes and edges with typed data. Read in a stream; entities are not. What has no
//! place in a graph of nodes and edges is refused in words; what programs draw with is counted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::forms::Take;
use super::line::{Edge, Item, Json, Node, plain};
use super::lines::Counter;
use crate::import::Error;
use crate::import::gauge::Gauge;

/// The longest piece between two marks.
const PIECE: u64 = 4 << 20;
/// The longest node or edge with all its data.
const LONGEST: usize = 8 << 20;
/// How deep elements may nest, those of other programs included.
const DEEPEST: usize = 64;
/// The most keys.
const KEYS: usize = 10_000;
/// How much text all keys together may hold.
const DECLARED: usize = 1 << 20;
const TOO_MUCH: &str = "the keys hold more than 1 MiB";
/// The name of an edge that the file gives none.
const UNNAMED: &str = "edge";

/// Whether a file begins as `GraphML` does.
pub(super) fn begins(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let starts = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    starts && text.windows(8).any(|window| window == b"<graphml")
}

/// Data that nodes or edges may have.
#[derive(Debug, Clone)]
struct Key {
    /// `node`, `edge`, `graph` or `all`.
    on: String,
    name: String,
    ty: String,
    default: Option<String>,
    /// Whether only a program that draws knows what it means.
    drawn: bool,
}

/// A node or edge that is being read.
struct Begun {
    line: u64,
    is_node: bool,
    attributes: HashMap<String, String>,
    data: Vec<(String, String)>,
    size: usize,
}

/// Where the reader stands.
#[derive(Default)]
struct State {
    keys: HashMap<String, Key>,
    /// The key whose default is being read.
    key: Option<String>,
    undirected: bool,
    begun: Option<Begun>,
    /// The data being read: its key, its text, whether it holds elements.
    data: Option<(String, String, bool)>,
    in_default: bool,
    /// Elements of other programs around the place.
    foreign: usize,
    depth: usize,
    graphs: usize,
    unnamed: bool,
    /// How much text the keys hold.
    declared: usize,
}

/// What an element amounts to.
enum Step {
    On,
    /// Something is wrong with this node or edge; the rest can be read.
    Wrong(u64, String),
    Done(Begun),
}

/// Gives every node and edge of a file.
pub(super) fn each(
    path: &Path,
    file: usize,
    counter: &mut Counter<'_>,
    take: &mut Take<'_>,
) -> Result<(), Error> {
    let input = File::open(path).map_err(|error| Error::Io(path.into(), error))?;
    let (gauge, meter) = Gauge::new(input, u64::MAX);
    let mut reader = Reader::from_reader(gauge);
    reader.config_mut().expand_empty_elements = true;
    let (mut state, mut buffer) = (State::default(), Vec::new());
    let before = counter.done;
    loop {
        buffer.clear();
        meter.allow(PIECE);
        let line = meter.line();
        let step = match reader.read_event_into(&mut buffer) {
            Err(quick_xml::Error::Io(error))
                if error.kind() == std::io::ErrorKind::FileTooLarge =>
            {
                return take((file, line), Err("a text is longer than 4 MiB".to_owned()));
            }
            Err(error) => {
                return take((file, meter.line()), Err(format!("this is no XML: {error}")));
            }
            Ok(Event::Eof) => break,
            Ok(event) => state.event(&event, line, counter),
        };
        match step {
            Err(why) => return take((file, line), Err(why)),
            Ok(Step::On) => {}
            Ok(Step::Wrong(line, why)) => take((file, line), Err(why))?,
            Ok(Step::Done(begun)) => {
                counter.read_to(before + meter.bytes());
                take((file, begun.line), state.item(&begun))?;
            }
        }
    }
    if state.depth > 0 || state.graphs == 0 {
        let what = if state.depth > 0 {
            "the file ends inside an element"
        } else {
            "there is no graph in it"
        };
        return take((file, meter.line()), Err(what.to_owned()));
    }
    if state.unnamed {
        let what = format!("edges without a name are called `{UNNAMED}`");
        counter.remarks.insert(what);
    }
    Ok(())
}

impl State {
    /// What an event means; an error where nothing behind it can be understood.
    fn event(
        &mut self,
        event: &Event<'_>,
        line: u64,
        counter: &mut Counter<'_>,
    ) -> Result<Step, String> {
        match event {
            Event::Start(element) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err("elements are nested too deep".to_owned());
                }
                return self.start(element, line, counter);
            }
            Event::End(element) => {
                self.depth = self.depth.saturating_sub(1);
                return Ok(self.end(element.local_name().as_ref(), counter));
            }
            Event::Text(text) => return self.text(&text.xml10_content()),
            Event::CData(text) => return self.text(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let letter = entity.resolve_char_ref().map_err(|error| error.to_string())?;
                let known = quick_xml::escape::resolve_predefined_entity(entity);
                match (letter, known) {
                    (Some('\0'), _) => return Err("the text holds a NUL character".to_owned()),
                    (Some(letter), _) => return self.text(letter.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => return self.text(text),
                    (None, None) => {
                        return Err(
                            "the file uses an entity of its own; such are not read".to_owned()
                        );
                    }
                }
            }
            Event::DocType(_) => {
                return Err(
                    "the file declares entities, which are not read; remove the DOCTYPE".to_owned()
                );
            }
            Event::Decl(declaration) => {
                let ours = ["UTF-8", "US-ASCII", "ASCII"];
                if let Some(Ok(encoding)) = declaration.encoding()
                    && !ours.iter().any(|known| known.eq_ignore_ascii_case(&encoding))
                {
                    return Err(format!("the file is in {encoding}, not UTF-8; save it as UTF-8"));
                }
            }
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Eof => {}
        }
        Ok(Step::On)
    }

    fn start(
        &mut self,
        element: &BytesStart<'_>,
        line: u64,
        counter: &mut Counter<'_>,
    ) -> Result<Step, String> {
        if let Some((_, _, has_elements)) = &mut self.data {
            *has_elements = true;
            self.foreign += 1;
            return Ok(Step::On);
        }
        if self.foreign > 0 {
            self.foreign += 1;
            return Ok(Step::On);
        }
        let mut attributes = attributes(element)?;
        let mut given = |name: &str| attributes.remove(name).unwrap_or_default();
        match element.local_name().as_ref() {
            "graphml" | "desc" => {}
            "default" => self.in_default = true,
            "key" => self.declare(attributes)?,
            "graph" => {
                if self.begun.is_some() {
                    return Err(
                        "a node holds a graph of its own; such are not read, so flatten it first"
                            .to_owned(),
                    );
                }
                self.graphs += 1;
                self.undirected = given("edgedefault") == "undirected";
            }
            name @ ("node" | "edge") => {
                if self.begun.is_some() {
                    return Err(format!("a {name} stands inside another one"));
                }
                let is_node = name == "node";
                let size = attributes.values().map(String::len).sum();
                self.begun = Some(Begun { line, is_node, attributes, data: Vec::new(), size });
            }
            "data" => self.data = Some((given("key"), String::new(), false)),
            "hyperedge" => {
                self.foreign = 1;
                let what = "a hyperedge joins several nodes at once; write it as a node with edges";
                return Ok(Step::Wrong(line, what.to_owned()));
            }
            "port" => {
                self.foreign = 1;
                counter.leave_out("port");
            }
            other => {
                counter.leave_out(&format!("element '{other}'"));
                self.foreign = 1;
            }
        }
        Ok(Step::On)
    }

    /// Notes a key, with how much text all of them hold.
    fn declare(&mut self, mut attributes: HashMap<String, String>) -> Result<(), String> {
        self.declared += attributes.values().map(String::len).sum::<usize>();
        if self.declared > DECLARED {
            return Err(TOO_MUCH.to_owned());
        }
        if self.keys.len() >= KEYS {
            return Err(format!("there are more than {KEYS} keys"));
        }
        let drawn = attributes.keys().any(|name| name.starts_with("yfiles"));
        let mut given = |name: &str| attributes.remove(name).unwrap_or_default();
        let (id, on) = (given("id"), given("for"));
        let (name, ty) = (given("attr.name"), given("attr.type"));
        let drawn = drawn && name.is_empty();
        let name = if name.is_empty() { id.clone() } else { name };
        self.keys.insert(id.clone(), Key { on, name, ty, default: None, drawn });
        self.key = Some(id);
        Ok(())
    }

    fn end(&mut self, name: &str, counter: &mut Counter<'_>) -> Step {
        if self.foreign > 0 {
            self.foreign -= 1;
            return Step::On;
        }
        match name {
            "default" => self.in_default = false,
            "key" => self.key = None,
            "data" => {
                let Some((key, text, has_elements)) = self.data.take() else { return Step::On };
                let Some(begun) = &mut self.begun else {
                    counter.leave_out("property of the graph");
                    return Step::On;
                };
                let known = self.keys.get(&key);
                if has_elements || known.is_some_and(|key| key.drawn) {
                    counter.leave_out("drawing of a node or edge");
                } else if known.is_none() {
                    return Step::Wrong(begun.line, format!("there is no key '{key}'"));
                } else {
                    begun.data.push((key, text));
                }
            }
            "node" | "edge" => {
                if let Some(begun) = self.begun.take() {
                    return Step::Done(begun);
                }
            }
            _ => {}
        }
        Step::On
    }

    fn text(&mut self, text: &str) -> Result<Step, String> {
        if self.foreign > 0 {
            return Ok(Step::On);
        }
        if let Some((_, content, _)) = &mut self.data {
            let size = self.begun.as_mut().map(|begun| {
                begun.size += text.len();
                begun.size
            });
            if size.unwrap_or(content.len()) > LONGEST {
                return Err("a node or edge is longer than 8 MiB".to_owned());
            }
            content.push_str(text);
        } else if let Some(key) = self.key.as_ref().filter(|_| self.in_default)
            && let Some(key) = self.keys.get_mut(key)
        {
            self.declared += text.len();
            if self.declared > DECLARED {
                return Err(TOO_MUCH.to_owned());
            }
            key.default.get_or_insert_default().push_str(text);
        }
        Ok(Step::On)
    }

    /// The node or edge that was read.
    fn item<'b>(&mut self, begun: &'b Begun) -> Result<Item<'b>, String> {
        let given = |name: &str| {
            begun.attributes.get(name).map(String::as_str).filter(|text| !text.is_empty())
        };
        let on = if begun.is_node { "node" } else { "edge" };
        let mut properties: Vec<(Cow<'b, str>, Json<'b>)> = Vec::new();
        let mut called: Option<String> = None;
        for (key, text) in &begun.data {
            let Some(key) = self.keys.get(key) else { continue };
            if is_label(on, &key.name) {
                called = Some(text.trim().to_owned());
            } else {
                properties.push((Cow::Owned(key.name.clone()), value(key, text)?));
            }
        }
        for key in self.keys.values().filter(|key| key.on == on || key.on == "all") {
            let Some(text) = &key.default else { continue };
            if is_label(on, &key.name) {
                called.get_or_insert_with(|| text.trim().to_owned());
            } else if !properties.iter().any(|(name, _)| *name == key.name) {
                let value = own(value(key, text)?);
                properties.push((Cow::Owned(key.name.clone()), value));
            }
        }
        properties.sort_by(|a, b| a.0.cmp(&b.0));
        let properties = plain(properties)?;
        if begun.is_node {
            let id = Cow::Borrowed(given("id").ok_or("a node needs an `id`")?);
            let called = given("labels").map(str::to_owned).or(called).unwrap_or_default();
            let labels =
                called.split([':', ';', ',']).map(str::trim).filter(|label| !label.is_empty());
            let labels = labels.map(|label| Cow::Owned(label.to_owned())).collect();
            return Ok(Item::Node(Node { id, labels, properties }));
        }
        let from = Cow::Borrowed(given("source").ok_or("an edge needs a `source`")?);
        let to = Cow::Borrowed(given("target").ok_or("an edge needs a `target`")?);
        let name = given("label").map(str::to_owned).or(called).filter(|name| !name.is_empty());
        self.unnamed |= name.is_none();
        let name = Cow::Owned(name.unwrap_or_else(|| UNNAMED.to_owned()));
        let both = given("directed").map_or(self.undirected, |directed| directed == "false");
        let id = given("id").map(Cow::Borrowed);
        Ok(Item::Edge(Edge { id, name, from, to, both, properties }))
    }
}

/// Whether data of that name says of which kind a node or an edge is.
fn is_label(on: &str, name: &str) -> bool {
    match on {
        "node" => name == "labels",
        _ => ["label", "type", "relationship"].contains(&name),
    }
}

fn attributes(element: &BytesStart<'_>) -> Result<HashMap<String, String>, String> {
    let mut all = HashMap::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| format!("this is no XML: {error}"))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value =
            value.map_err(|_| "an attribute uses an entity; such are not read".to_owned())?;
        if value.contains('\0') {
            return Err("an attribute holds a NUL character".to_owned());
        }
        all.insert(attribute.key.as_ref().to_owned(), value.into_owned());
    }
    Ok(all)
}

/// A text as its key says what it is.
fn value<'t>(key: &Key, text: &'t str) -> Result<Json<'t>, String> {
    let plain = text.trim();
    let wrong = |what: &str| Err(format!("`{}`: '{plain}' is {what}", key.name));
    if plain.is_empty() && key.ty != "string" {
        return Ok(Json::Null);
    }
    match key.ty.as_str() {
        "boolean" => match plain {
            "true" | "1" | "True" => Ok(Json::Bool(true)),
            "false" | "0" | "False" => Ok(Json::Bool(false)),
            _ => wrong("neither true nor false"),
        },
        "int" | "long" => {
            plain.parse().map(Json::Int).or_else(|_| wrong("no whole number of 64 bits"))
        }
        "float" | "double" => match plain.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Json::Float(number)),
            _ => wrong("no number"),
        },
        _ => Ok(Json::Text(Cow::Borrowed(text))),
    }
}

/// The same value without what it was read from.
fn own(value: Json<'_>) -> Json<'static> {
    match value {
        Json::Text(text) => Json::Text(Cow::Owned(text.into_owned())),
        Json::Bool(value) => Json::Bool(value),
        Json::Int(number) => Json::Int(number),
        Json::Float(number) => Json::Float(number),
        Json::Null | Json::List(_) | Json::Object(_) => Json::Null,
    }
}
