//! Graph types: what is declared as plain records, and what is wrong with it told at its place.

use super::errors::declare as errors;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::Span;
use crate::lang::ast::{Name, TypeName};
use crate::lang::graph_type as written;
use crate::record::graph::{
    Contradiction, EdgeType, GraphType, KindType, Part, PropertyType, ValueType,
};

/// The graph type as plain records; its kinds and edges stand in the order of the text.
pub fn graph_type(written: &written::GraphType) -> Result<GraphType, Diagnostics> {
    let mut wrong = Vec::new();
    let kinds = written.nodes.iter().map(|node| KindType {
        labels: labels(node),
        properties: properties(&node.properties, &mut wrong),
    });
    let kinds = kinds.collect();
    let mut edges = Vec::new();
    for edge in &written.edges {
        for end in [&edge.from, &edge.to] {
            if !end.properties.is_empty() {
                wrong.push(errors::properties_at_end(end.span));
            }
        }
        edges.push(EdgeType {
            name: edge.name.text.clone(),
            from: labels(&edge.from),
            to: labels(&edge.to),
            symmetric: edge.symmetric,
            properties: properties(&edge.properties, &mut wrong),
        });
    }
    let name = written.name.text.clone();
    if wrong.is_empty() {
        Ok(GraphType { name, open: written.open, kinds, edges })
    } else {
        Err(wrong)
    }
}

fn labels(node: &written::NodeType) -> Vec<String> {
    node.labels.iter().map(|label| label.text.clone()).collect()
}

fn properties(written: &[written::PropertyType], wrong: &mut Diagnostics) -> Vec<PropertyType> {
    let mut found = Vec::new();
    for property in written {
        match value_type(&property.ty) {
            Ok(ty) => found.push(PropertyType {
                name: property.name.text.clone(),
                ty,
                required: property.required,
            }),
            Err(mistake) => wrong.push(mistake),
        }
    }
    found
}

fn value_type(written: &TypeName) -> Result<ValueType, Diagnostic> {
    let TypeName { name, of } = written;
    let is_list = name.text.eq_ignore_ascii_case("list");
    match of {
        Some(of) if is_list => {
            let member = value_type(of)?;
            if matches!(member, ValueType::List(_)) {
                return Err(errors::list_of_lists(of.name.span));
            }
            Ok(ValueType::List(Box::new(member)))
        }
        Some(_) => Err(errors::unknown_type(name)),
        None if is_list => Err(errors::list_of_what(name.span)),
        None => ValueType::named(&name.text).ok_or_else(|| errors::unknown_type(name)),
    }
}

/// What contradicts a store, each at its place.
pub fn contradictions(written: &written::GraphType, found: &[Contradiction]) -> Diagnostics {
    let told =
        |(part, reason): &Contradiction| errors::contradiction(place(written, *part), reason);
    found.iter().map(told).collect()
}

fn place(written: &written::GraphType, part: Part) -> Span {
    let node = |at: usize| written.nodes.get(at);
    let edge = |at: usize| written.edges.get(at);
    let name = |properties: &[written::PropertyType], at: usize| {
        properties.get(at).map(|property| property.name.span)
    };
    let found = match part {
        Part::Kind(at) => node(at).map(span_of),
        Part::KindProperty(at, place) => node(at).and_then(|node| name(&node.properties, place)),
        Part::Edge(at) => edge(at).map(|edge| edge.name.span),
        Part::From(at) => edge(at).map(|edge| span_of(&edge.from)),
        Part::To(at) => edge(at).map(|edge| span_of(&edge.to)),
        Part::EdgeProperty(at, place) => edge(at).and_then(|edge| name(&edge.properties, place)),
    };
    found.unwrap_or(written.name.span)
}

/// A kind is shown by its labels.
fn span_of(node: &written::NodeType) -> Span {
    let labels: &[Name] = &node.labels;
    match (labels.first(), labels.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => node.span,
    }
}
