//! A store as JSON lines, without loss: one object a line, in an order that only the content decides, so that two of them
//! can be compared line by line. `record::lines` says what the lines are called.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::amount::expect_all;
use super::declared::{self, Declared};
use super::out::Out;
use super::sheets::{SHEETS, Sheet};
use super::{Error, Options, Report, World};
use crate::base::value::Value;
use crate::record::catalogue::{Catalogue, Property};
use crate::record::lines::{EDGE, EDGE_KIND, HEAD, INFINITE, KIND, NODE, ROWS, VERSION};

/// Writes everything that the store holds now.
pub(super) fn write(world: &dyn World, _: &Options, out: &mut Out<'_>) -> Result<Report, Error> {
    let w = out.file()?;
    let mut report = Report::default();
    let catalogue = world.catalogue();
    expect_all(world)?;
    head(catalogue, w)?;
    if catalogue.graph.claims {
        terms(world, &mut report, w)?;
    }
    kinds(catalogue, &mut report, w)?;
    for kind in declared::kinds(catalogue) {
        nodes(world, &kind, &mut report, w)?;
    }
    if catalogue.graph.claims {
        for sheet in SHEETS.iter().filter(|sheet| sheet.stem != VOCABULARY) {
            rows(world, sheet, &mut report, w)?;
        }
    }
    for edge in declared::edges(catalogue) {
        edges(world, &edge, &mut report, w)?;
    }
    report.remark(
        "the log of changes stays behind: `dixit log` shows it, and a copy of the store keeps it",
    );
    Ok(report)
}

const VOCABULARY: &str = "vocab";

/// Writes a line.
fn line(w: &mut dyn Write, name: &str, members: &Map<String, Json>) -> Result<(), Error> {
    write!(w, "{{\"{name}\":")?;
    serde_json::to_writer(&mut *w, members).map_err(std::io::Error::from)?;
    Ok(w.write_all(b"}\n")?)
}

fn object(mut json: Json) -> Map<String, Json> {
    json.as_object_mut().map(std::mem::take).unwrap_or_default()
}

fn head(catalogue: &Catalogue, w: &mut dyn Write) -> Result<(), Error> {
    let graph = &catalogue.graph;
    let members = json!({
        "lines": VERSION, "graph": graph.name, "open": graph.open, "claims": graph.claims,
    });
    line(w, HEAD, &object(members))
}

fn terms(world: &dyn World, report: &mut Report, w: &mut dyn Write) -> Result<(), Error> {
    let sheets = SHEETS.iter().filter(|sheet| sheet.stem == VOCABULARY);
    sheets.into_iter().try_for_each(|sheet| rows(world, sheet, report, w))
}

/// Writes the rows of a sheet; what is null is left out, and so is a row that says again what the row before it says.
fn rows(
    world: &dyn World,
    sheet: &Sheet,
    report: &mut Report,
    w: &mut dyn Write,
) -> Result<(), Error> {
    let name = ROWS.iter().find(|(_, stem)| *stem == sheet.stem).map_or(sheet.stem, |row| row.0);
    let (mut count, mut repeated, mut lost) = (0, 0, 0);
    let mut before: Vec<Value> = Vec::new();
    sheet.rows(world, &mut |row| {
        if before == row {
            repeated += 1;
            return Ok(());
        }
        before.clear();
        before.extend_from_slice(row);
        if row.iter().any(|value| matches!(value, Value::Edge(_))) {
            lost += 1;
            return Ok(());
        }
        count += 1;
        let mut members = Map::new();
        for (column, value) in sheet.columns.iter().zip(row) {
            match (*column, cell(value)) {
                (_, Json::Null) => {}
                ("symmetric", Json::Number(number)) if number.as_i64() == Some(0) => {}
                (_, Json::Array(parts)) if parts.is_empty() => {}
                (column, json) => drop(members.insert(column.to_owned(), json)),
            }
        }
        line(w, name, &members)
    })?;
    report.wrote(sheet.noun, count);
    report.leave_out(&format!("repeated {}", sheet.noun), repeated);
    report.leave_out(&format!("unplaced {}", sheet.noun), lost);
    Ok(())
}

/// A value of a row; a node by its kind and key.
fn cell(value: &Value) -> Json {
    match value {
        Value::Null | Value::Map(_) | Value::Edge(_) | Value::Path(_) => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) => float(*value),
        Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Duration(text) => {
            json!(text)
        }
        Value::List(members) => members.iter().map(cell).collect(),
        Value::Node(node) => json!({ &*node.kind: node.key }),
    }
}

fn float(value: f64) -> Json {
    let infinite = INFINITE.iter().find(|(_, known)| known.to_bits() == value.to_bits());
    infinite.map_or_else(|| json!(value), |(name, _)| json!(name))
}

/// Writes what is declared.
fn kinds(catalogue: &Catalogue, report: &mut Report, w: &mut dyn Write) -> Result<(), Error> {
    for Declared { name, labels, properties, .. } in declared::kinds(catalogue) {
        let mut members = object(json!({ "name": name }));
        if labels != [name] {
            members.insert("labels".to_owned(), json!(labels));
        }
        members.insert("properties".to_owned(), types(&properties));
        line(w, KIND, &members)?;
        report.wrote("kind", 1);
    }
    for Declared { name, ends, symmetric, properties, .. } in declared::edges(catalogue) {
        let [from, to] = ends;
        let mut members = object(json!({ "name": name, "from": from, "to": to }));
        if symmetric {
            members.insert("symmetric".to_owned(), json!(true));
        }
        members.insert("properties".to_owned(), types(&properties));
        line(w, EDGE_KIND, &members)?;
        report.wrote("edge kind", 1);
    }
    Ok(())
}

fn types(properties: &[&Property]) -> Json {
    let one = |property: &&Property| {
        let mut members = object(json!({ "name": property.name, "type": property.ty }));
        if property.required {
            members.insert("required".to_owned(), json!(true));
        }
        Json::Object(members)
    };
    properties.iter().map(one).collect()
}

fn nodes(
    world: &dyn World,
    kind: &Declared<'_>,
    report: &mut Report,
    w: &mut dyn Write,
) -> Result<(), Error> {
    let mut count = 0;
    kind.rows(world, &mut |row| {
        let [key, properties @ ..] = row else { return Ok(()) };
        count += 1;
        let mut members = object(json!({ "kind": kind.name, "key": cell(key) }));
        put_properties(&mut members, &kind.properties, properties);
        line(w, NODE, &members)
    })?;
    report.wrote("node", count);
    Ok(())
}

fn edges(
    world: &dyn World,
    edge: &Declared<'_>,
    report: &mut Report,
    w: &mut dyn Write,
) -> Result<(), Error> {
    let mut count = 0;
    edge.rows(world, &mut |row| {
        let [key, from, to, properties @ ..] = row else { return Ok(()) };
        count += 1;
        let end = |kind: &str, key: &Value| json!({ kind: cell(key) });
        let [from_kind, to_kind] = edge.ends;
        let mut members = object(json!({
            "name": edge.name, "from": end(from_kind, from), "to": end(to_kind, to),
        }));
        if *key != Value::Null {
            members.insert("key".to_owned(), cell(key));
        }
        put_properties(&mut members, &edge.properties, properties);
        line(w, EDGE, &members)
    })?;
    report.wrote("edge", count);
    Ok(())
}

fn put_properties(members: &mut Map<String, Json>, properties: &[&Property], values: &[Value]) {
    let mut own = Map::new();
    for (property, value) in properties.iter().zip(values) {
        if *value != Value::Null {
            let json = if property.ty == "any" { typed(value) } else { cell(value) };
            own.insert(property.name.clone(), json);
        }
    }
    if !own.is_empty() {
        members.insert("properties".to_owned(), Json::Object(own));
    }
}

/// A value of any type: what JSON has no type for stands in an object whose one member names it.
pub(super) fn typed(value: &Value) -> Json {
    match value {
        Value::Null | Value::Node(_) | Value::Edge(_) | Value::Path(_) => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) if value.is_finite() => json!(value),
        Value::Float(value) => json!({ "float": float(*value) }),
        Value::Text(text) => json!(text),
        Value::Date(text) => json!({ "date": text }),
        Value::DateTime(text) => json!({ "datetime": text }),
        Value::Duration(text) => json!({ "duration": text }),
        Value::List(members) => members.iter().map(typed).collect(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(name, value)| (name.clone(), typed(value)));
            json!({ "map": entries.collect::<Map<_, _>>() })
        }
    }
}
