//! A projection as GEXF 1.3, for Gephi and others: signs, weights and days as attributes, days also as spells.

use std::io::Write;

use super::out::Out;
use super::projection::{self, Edge, Node};
use super::xml::Xml;
use super::{Error, Options, Report, World};

/// Attributes of nodes: their id, their name and their type.
const OF_NODES: &[(&str, &str, &str)] =
    &[("0", "kind", "string"), ("1", "sort", "string"), ("2", "unnamed", "boolean")];
/// Attributes of edges.
const OF_EDGES: &[(&str, &str, &str)] = &[
    ("0", "sign", "string"),
    ("1", "polarity", "integer"),
    ("2", "known", "string"),
    ("3", "own", "integer"),
    ("4", "relayed", "integer"),
    ("5", "first", "string"),
    ("6", "last", "string"),
];

/// Writes the projection.
pub(super) fn write(
    world: &dyn World,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<Report, Error> {
    let graph = projection::wanted(world, options)?;
    let projection = graph.projection;
    let mut report = Report::default();
    let w: &mut dyn Write = out.file()?;
    let mut xml = Xml::new(w)?;
    xml.open("gexf", &[("xmlns", "http://gexf.net/1.3"), ("version", "1.3")])?;
    xml.open("meta", &[])?;
    xml.text("creator", &[], "dixit")?;
    xml.text("description", &[], &format!("{}: {}", options.store, projection.about))?;
    xml.close("meta")?;
    let way = if projection.directed { "directed" } else { "undirected" };
    xml.open(
        "graph",
        &[
            ("defaultedgetype", way),
            ("mode", "dynamic"),
            ("timeformat", "date"),
            ("timerepresentation", "interval"),
        ],
    )?;
    declare(&mut xml, "node", OF_NODES)?;
    declare(&mut xml, "edge", OF_EDGES)?;
    xml.open("nodes", &[])?;
    graph.nodes(&mut |one| {
        report.wrote("node", 1);
        node(&mut xml, one)
    })?;
    xml.close("nodes")?;
    xml.open("edges", &[])?;
    let mut number = 0;
    graph.edges(&mut |one| {
        number += 1;
        report.wrote("edge", 1);
        edge(&mut xml, one, number)
    })?;
    xml.close("edges")?;
    xml.close("graph")?;
    xml.close("gexf")?;
    report.leave_out("control character", xml.finish()?);
    Ok(report)
}

fn declare(xml: &mut Xml<'_>, class: &str, all: &[(&str, &str, &str)]) -> Result<(), Error> {
    xml.open("attributes", &[("class", class), ("mode", "static")])?;
    for (id, title, ty) in all {
        xml.empty("attribute", &[("id", id), ("title", title), ("type", ty)])?;
    }
    Ok(xml.close("attributes")?)
}

fn node(xml: &mut Xml<'_>, node: &Node<'_>) -> Result<(), Error> {
    let Node { id, label, kind, sort, unnamed } = node;
    xml.open("node", &[("id", id), ("label", label)])?;
    let unnamed = unnamed.to_string();
    values(xml, &[("0", Some(kind)), ("1", *sort), ("2", Some(&unnamed))])?;
    Ok(xml.close("node")?)
}

fn edge(xml: &mut Xml<'_>, edge: &Edge<'_>, number: u64) -> Result<(), Error> {
    let Edge { from, to, sign, weight, own, relayed, first, last } = edge;
    let [number, weight] = [number.to_string(), weight.to_string()];
    xml.open(
        "edge",
        &[
            ("id", &number),
            ("source", from),
            ("target", to),
            ("kind", sign.word()),
            ("weight", &weight),
        ],
    )?;
    let [polarity, own, relayed] =
        [sign.number().to_string(), own.to_string(), relayed.to_string()];
    values(
        xml,
        &[
            ("0", Some(sign.word())),
            ("1", Some(&polarity)),
            ("2", Some(edge.known())),
            ("3", Some(&own)),
            ("4", Some(&relayed)),
            ("5", *first),
            ("6", *last),
        ],
    )?;
    if first.is_some() || last.is_some() {
        let bounds = [("start", *first), ("end", *last)];
        let bounds: Vec<(&str, &str)> =
            bounds.into_iter().filter_map(|(name, day)| Some((name, day?))).collect();
        xml.open("spells", &[])?;
        xml.empty("spell", &bounds)?;
        xml.close("spells")?;
    }
    Ok(xml.close("edge")?)
}

fn values(xml: &mut Xml<'_>, all: &[(&str, Option<&str>)]) -> Result<(), Error> {
    xml.open("attvalues", &[])?;
    for (id, value) in all.iter().filter_map(|(id, value)| Some((id, (*value)?))) {
        xml.empty("attvalue", &[("for", id), ("value", value)])?;
    }
    Ok(xml.close("attvalues")?)
}
