//! A graph type as GQL writes it, `create graph type films { (:Person {name string}), … }`: its syntax tree and its
//! grammar. Whether its types exist and its ends are declared is decided elsewhere.

use nom::Parser as _;
use nom::combinator::{map, opt};
use nom::sequence::{pair, preceded, terminated};

use super::ast::{Name, TypeName};
use super::grammar::literal::word;
use super::grammar::script::type_name;
use super::hints::{self, Failure};
use super::input::{Input, Notebook, Parsed, between, commas, repeat, tok, tok_if};
use super::token::Kind;
use super::{errors, parts};
use crate::base::diagnostic::Diagnostics;
use crate::base::source::{Source, Span};

/// What a file declares.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphType {
    /// Its name.
    pub name: Name,
    /// Whether unknown labels and properties are no mistake.
    pub open: bool,
    /// The kinds of node, as written.
    pub nodes: Vec<NodeType>,
    /// The edges, as written.
    pub edges: Vec<EdgeType>,
}

/// `(:A & B {name text not null, …})`
#[derive(Debug, Clone, PartialEq)]
pub struct NodeType {
    /// Its labels; none for nodes without a label.
    pub labels: Vec<Name>,
    /// Its properties.
    pub properties: Vec<PropertyType>,
    /// All of it.
    pub span: Span,
}

/// `(:A)-[:name {…}]->(:B)`
#[derive(Debug, Clone, PartialEq)]
pub struct EdgeType {
    /// Its name.
    pub name: Name,
    /// Where it starts.
    pub from: NodeType,
    /// Where it leads.
    pub to: NodeType,
    /// Whether it holds both ways.
    pub symmetric: bool,
    /// Its properties.
    pub properties: Vec<PropertyType>,
}

/// `name type [not null]`
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyType {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeName,
    /// Whether it is never null.
    pub required: bool,
}

/// A kind, or an edge between two.
enum Element {
    Node(NodeType),
    Edge(EdgeType),
}

/// Reads the graph type in a file.
pub fn parse(source: &Source) -> Result<GraphType, Diagnostics> {
    let parts = parts(source);
    let Some(tokens) = parts.first() else {
        return Err(vec![errors::no_graph_type(Span::default())]);
    };
    if let Some(other) = parts.get(1).and_then(|tokens| tokens.first()) {
        return Err(vec![errors::second_graph_type(other.span)]);
    }
    let notebook = Notebook::default();
    let start = Input::new(tokens, &notebook);
    let Ok((body, (name, open))) = head(start) else {
        let first = tokens.first().map(|token| token.span).unwrap_or_default();
        return Err(vec![errors::no_graph_type(first)]);
    };
    match terminated(elements, tok(Kind::Finish)).parse(body) {
        Ok((_, elements)) => Ok(gathered(name, open, elements)),
        Err(_) => Err(vec![hints::explain(&Failure::new(tokens, &notebook))]),
    }
}

fn gathered(name: Name, open: bool, elements: Vec<Element>) -> GraphType {
    let mut found = GraphType { name, open, nodes: Vec::new(), edges: Vec::new() };
    for element in elements {
        match element {
            Element::Node(node) => found.nodes.push(node),
            Element::Edge(edge) => found.edges.push(edge),
        }
    }
    found
}

/// `head = "create" ["open"] "graph" "type" word`
fn head(i: Input<'_>) -> Parsed<'_, (Name, bool)> {
    let open = tok_if(Kind::Name, |token| token.text.eq_ignore_ascii_case("open"));
    let graph = tok_if(Kind::Name, |token| token.text.eq_ignore_ascii_case("graph"));
    let kind = tok_if(Kind::Name, |token| token.text.eq_ignore_ascii_case("type"));
    let (i, (_, open, _, _, name)) = (tok(Kind::Create), opt(open), graph, kind, word).parse(i)?;
    Ok((i, (name, open.is_some())))
}

/// `elements = "{" [element {"," element}] "}"`
fn elements(i: Input<'_>) -> Parsed<'_, Vec<Element>> {
    let listed = opt(commas(element)).map(Option::unwrap_or_default);
    between(Kind::LBrace, listed, Kind::RBrace).parse(i)
}

/// `element = node_type [edge_type node_type]`
fn element(i: Input<'_>) -> Parsed<'_, Element> {
    let (i, (left, edge)) = pair(node_type, opt(pair(edge_type, node_type))).parse(i)?;
    let Some(((name, properties, direction), right)) = edge else {
        return Ok((i, Element::Node(left)));
    };
    let (from, to) = if direction == Direction::Left { (right, left) } else { (left, right) };
    let symmetric = direction == Direction::Both;
    Ok((i, Element::Edge(EdgeType { name, from, to, symmetric, properties })))
}

/// `node_type = "(" [":" word {"&" word}] [property_types] ")"`
fn node_type(start: Input<'_>) -> Parsed<'_, NodeType> {
    let several = pair(word, repeat(preceded(tok(Kind::Ampersand), word)));
    let labels = map(preceded(tok(Kind::Colon), several), |(one, more)| [vec![one], more].concat());
    let inside = pair(opt(labels), opt(property_types));
    let (i, (labels, properties)) = between(Kind::LParen, inside, Kind::RParen).parse(start)?;
    let (labels, properties) = (labels.unwrap_or_default(), properties.unwrap_or_default());
    Ok((i, NodeType { labels, properties, span: i.span_since(start) }))
}

/// Which way an edge is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Right,
    Left,
    Both,
}

/// `edge_type = ["<"] "-" "[" ":" word [property_types] "]" "-" [">"]`
fn edge_type(i: Input<'_>) -> Parsed<'_, (Name, Vec<PropertyType>, Direction)> {
    let inside = pair(preceded(tok(Kind::Colon), word), opt(property_types));
    let (i, (left, _, (name, properties), _)) = (
        opt(tok(Kind::Less)),
        tok(Kind::Minus),
        between(Kind::LBracket, inside, Kind::RBracket),
        tok(Kind::Minus),
    )
        .parse(i)?;
    let (i, right) = opt(tok(Kind::Greater)).parse(i)?;
    let direction = match (left, right) {
        (None, Some(_)) => Direction::Right,
        (Some(_), None) => Direction::Left,
        (None, None) | (Some(_), Some(_)) => Direction::Both,
    };
    Ok((i, (name, properties.unwrap_or_default(), direction)))
}

/// `property_types = "{" [property_type {"," property_type}] "}"`
fn property_types(i: Input<'_>) -> Parsed<'_, Vec<PropertyType>> {
    let listed = opt(commas(property_type)).map(Option::unwrap_or_default);
    between(Kind::LBrace, listed, Kind::RBrace).parse(i)
}

/// `property_type = word ["::"] type ["not" "null"]`
fn property_type(i: Input<'_>) -> Parsed<'_, PropertyType> {
    let typed = opt(pair(tok(Kind::Colon), tok(Kind::Colon)));
    let needed = opt(pair(tok(Kind::Not), tok(Kind::Null)));
    let (i, (name, _, ty, needed)) = (word, typed, type_name, needed).parse(i)?;
    Ok((i, PropertyType { name, ty, required: needed.is_some() }))
}
