//! The whole graph as `GraphML`: every kind and edge of the catalogue, each property as a typed key. Ids are name tokens, as
//! the format asks for; the keys themselves are data.

use std::io::Write;

use super::out::Out;
use super::parts::{self, Edges, Nodes, Shown};
use super::xml::{Xml, token};
use super::{Error, Options, Report, World};
use crate::base::value::Value;

/// The namespace of the format.
const NAMESPACE: &str = "http://graphml.graphdrawing.org/xmlns";

/// All keys of the file: for nodes or edges, the name, the type.
struct Keys(Vec<(&'static str, String, &'static str)>);

impl Keys {
    /// The id of a key, which is made where it is new.
    fn id(&mut self, of: &'static str, name: &str, ty: &'static str) -> String {
        let is_it = |key: &(&str, String, &str)| (key.0, key.1.as_str(), key.2) == (of, name, ty);
        let at = self.0.iter().position(is_it).unwrap_or_else(|| {
            self.0.push((of, name.to_owned(), ty));
            self.0.len() - 1
        });
        format!("d{at}")
    }

    /// The ids of the keys of shown properties.
    fn ids(&mut self, of: &'static str, shown: &[Shown]) -> Vec<String> {
        shown.iter().map(|one| self.id(of, &one.name, one.ty)).collect()
    }
}

/// Writes all nodes and edges.
pub(super) fn write(
    world: &dyn World,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<Report, Error> {
    let mut report = Report::default();
    let catalogue = world.catalogue();
    let (nodes, edges) = (parts::nodes(catalogue), parts::edges(catalogue));
    nodes.iter().try_for_each(|part| part.expect(world))?;
    edges.iter().try_for_each(|part| part.expect(world))?;
    let mut keys = Keys(Vec::new());
    let own = ["type", "key"].map(|name| keys.id("node", name, "string"));
    let sort = keys.id("edge", "type", "string");
    let of_nodes: Vec<Vec<String>> = nodes.iter().map(|one| keys.ids("node", &one.shown)).collect();
    let of_edges: Vec<Vec<String>> = edges.iter().map(|one| keys.ids("edge", &one.shown)).collect();
    let w: &mut dyn Write = out.file()?;
    let mut xml = Xml::new(w)?;
    xml.open("graphml", &[("xmlns", NAMESPACE)])?;
    for (at, (of, name, ty)) in keys.0.iter().enumerate() {
        let id = format!("d{at}");
        xml.empty("key", &[("id", &id), ("for", of), ("attr.name", name), ("attr.type", ty)])?;
    }
    xml.open("graph", &[("id", &token(&options.store)), ("edgedefault", "directed")])?;
    for (part, ids) in nodes.iter().zip(&of_nodes) {
        write_nodes(&mut xml, part, (&own, ids), world, &mut report)?;
    }
    for (part, ids) in edges.iter().zip(&of_edges) {
        write_edges(&mut xml, part, (&sort, ids), world, &mut report)?;
    }
    xml.close("graph")?;
    xml.close("graphml")?;
    report.leave_out("control character", xml.finish()?);
    let terms = u64::try_from(catalogue.terms.len()).unwrap_or(0);
    report.leave_out("term definition", terms);
    report.remark("lists stand as JSON, dates as EDTF");
    Ok(report)
}

fn write_nodes(
    xml: &mut Xml<'_>,
    part: &Nodes,
    (own, ids): (&[String; 2], &[String]),
    world: &dyn World,
    report: &mut Report,
) -> Result<(), Error> {
    part.rows(world, &mut |key, values| {
        report.wrote("node", 1);
        xml.open("node", &[("id", &id(&part.kind, key))])?;
        let [kind_id, key_id] = own;
        xml.text("data", &[("key", kind_id)], &part.kind)?;
        xml.text("data", &[("key", key_id)], key)?;
        data(xml, ids, values)?;
        Ok(xml.close("node")?)
    })
}

fn write_edges(
    xml: &mut Xml<'_>,
    part: &Edges,
    (sort, ids): (&str, &[String]),
    world: &dyn World,
    report: &mut Report,
) -> Result<(), Error> {
    part.rows(world, &mut |edge| {
        report.wrote("edge", 1);
        let (from, to) = (id(edge.from.0, edge.from.1), id(edge.to.0, edge.to.1));
        let both: &[(&str, &str)] = if edge.symmetric { &[("directed", "false")] } else { &[] };
        let ends = [("source", from.as_str()), ("target", to.as_str())];
        xml.open("edge", &[&ends, both].concat())?;
        xml.text("data", &[("key", sort)], edge.name)?;
        data(xml, ids, edge.values)?;
        Ok(xml.close("edge")?)
    })
}

fn data(xml: &mut Xml<'_>, ids: &[String], values: &[Value]) -> Result<(), Error> {
    for (id, value) in ids.iter().zip(values) {
        if let Some(text) = parts::text(value) {
            xml.text("data", &[("key", id)], &text)?;
        }
    }
    Ok(())
}

fn id(kind: &str, key: &str) -> String {
    format!("{}:{}", token(kind), token(key))
}
