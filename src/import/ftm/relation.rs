//! An entity that joins two others, as relations: what it is, how long it holds, where it is known from.

use super::own::{Others, in_words, key_of, told_relation};
use super::{DATES, Edge, End, Entity, ORIGIN, PARTICULARS, one_of, words};
use crate::import::Error;
use crate::import::draft::Draft;
use crate::import::entity::{date, file_source, fitting, mention_actor, named_actor, web_source};
use crate::import::json::Node;
use crate::record::entities::{SOURCE, TIE};

/// Writes the relations of an entity, one for each pair of ends.
pub(super) fn relations(
    draft: &mut Draft<'_, '_>,
    entity: &Entity<'_>,
    edge: &Edge,
    others: &Others,
) -> Result<(), Error> {
    let (from, to): (Vec<_>, Vec<_>) =
        (entity.values(edge.from).collect(), entity.values(edge.to).collect());
    for (end, values) in [(edge.from, &from), (edge.to, &to)] {
        if values.is_empty() {
            let column = format!("properties.{end}");
            let reason = format!("the {} has no {end}", words(entity.schema));
            draft.refuse(entity.line(), Some(&column), reason, None);
        }
    }
    if from.iter().chain(&to).any(|(id, _)| others.ends.get(*id) == Some(&End::Nowhere)) {
        draft.leave_out(&words(entity.schema));
        return Ok(());
    }
    let relation = told_relation(draft, entity, edge);
    if let Some(term) = edge.term.filter(|_| relation.is_none()) {
        draft.term(entity.line(), term)?;
    }
    let tie = tie(draft, entity, edge, relation.as_deref())?;
    let rests = ["proof", "sourceUrl"].iter().any(|name| entity.first(name).is_some())
        || !entity.node.get("datasets").map(Node::list).unwrap_or_default().is_empty();
    for (id, line) in from.iter().chain(&to).filter(|(id, _)| !others.ends.contains_key(*id)) {
        mention_actor(draft, *line, id, "unknown")?;
    }
    let written = |id: &str| match others.ends.get(id) {
        Some(End::Source) => format!("source:{}", key_of(id, SOURCE)),
        Some(End::Event) => format!("event:{id}"),
        Some(End::Nowhere) | None => format!("actor:{id}"),
    };
    let ends = from.iter().flat_map(|(from, _)| to.iter().map(move |(to, _)| (*from, *to)));
    for (at, (from, to)) in ends.enumerate() {
        let id = key_of(entity.id, TIE);
        let key = if at == 0 { id.to_owned() } else { format!("{id}#{}", at + 1) };
        let (from, to) = (written(from), written(to));
        let mut cells = vec![("key", key.as_str()), ("from", &from), ("to", &to)];
        cells.push(("relation", relation.as_deref().unwrap_or(edge.relation)));
        cells.extend(tie.iter().map(|(column, cell)| (*column, cell.as_str())));
        // The same entity in another file is no reason to rest on that file.
        if rests {
            draft.row("relations", entity.line(), &cells)?;
        } else {
            draft.add_or_change("relations", entity.line(), &cells, &["source"])?;
        }
    }
    Ok(())
}

/// What a relation has besides its ends.
fn tie(
    draft: &mut Draft<'_, '_>,
    entity: &Entity<'_>,
    edge: &Edge,
    relation: Option<&str>,
) -> Result<Vec<(&'static str, String)>, Error> {
    let mut cells = Vec::new();
    let day = one_of(draft, entity, "date");
    let start = one_of(draft, entity, "startDate").or_else(|| day.clone());
    let end = one_of(draft, entity, "endDate").or(day);
    let (told, mut notes) = particulars(entity);
    let told =
        |wanted: &str| told.iter().find(|(name, _)| *name == wanted).map(|(_, date)| date.clone());
    let (start, end) = (start.or_else(|| told("startDate")), end.or_else(|| told("endDate")));
    let as_of = as_of(draft, entity).or_else(|| told("retrievedAt"));
    for (column, date) in [("valid_from", start), ("valid_to", end), ("as_of", as_of)] {
        cells.extend(date.map(|date| (column, date)));
    }
    let roles = edge.role.iter().flat_map(|property| entity.values(property));
    let roles = roles.map(|(role, _)| role).filter(|role| Some(*role) != relation);
    let role = roles.collect::<Vec<_>>().join("; ");
    if !role.is_empty() {
        cells.push(("role", role));
    }
    cells.push(("source", origin(draft, entity, &mut notes)?));
    if !notes.is_empty() {
        cells.push(("note", notes.join("; ")));
    }
    let ends = [edge.from, edge.to, "namesMentioned"];
    let names: Vec<&str> = PARTICULARS.iter().map(|(name, _)| *name).collect();
    entity.leave_out_others(draft, &[&ends, edge.role, &names, DATES, ORIGIN]);
    Ok(cells)
}

/// Dates that are told in words, and as texts sums, shares and remarks.
fn particulars(entity: &Entity<'_>) -> (Vec<(&'static str, String)>, Vec<String>) {
    let (dates, _) = in_words(entity, "description", &["startDate", "endDate", "retrievedAt"]);
    let values = PARTICULARS.iter().flat_map(|(property, unit)| {
        entity.values(property).map(move |(text, _)| match *unit {
            "" => text.to_owned(),
            unit => format!("{text} {unit}"),
        })
    });
    let is_new = |text: &String| {
        !dates.iter().any(|(name, date)| text.strip_prefix(name) == Some(&format!(": {date}")))
    };
    let values = values.filter(is_new).collect();
    (dates, values)
}

/// When the file says that it holds: from when it was first seen to when it was last seen.
fn as_of(draft: &mut Draft<'_, '_>, entity: &Entity<'_>) -> Option<String> {
    let mut day = |name: &str| {
        let text = entity.node.text_of(name)?;
        date(draft, entity.node.line_of(name), name, text)
    };
    match (day("first_seen"), day("last_seen")) {
        (Some(first), Some(last)) if first < last => Some(format!("{first}/{last}")),
        (first, last) => last.or(first),
    }
    .or_else(|| one_of(draft, entity, "retrievedAt"))
    .or_else(|| one_of(draft, entity, "modifiedAt"))
}

/// The source of a relation: the document that proves it, else its address on the web, else its dataset, else the file.
fn origin(
    draft: &mut Draft<'_, '_>,
    entity: &Entity<'_>,
    notes: &mut Vec<String>,
) -> Result<String, Error> {
    let line = entity.line();
    let datasets = entity.node.get("datasets").map(Node::list).unwrap_or_default();
    let datasets: Vec<&str> = datasets.iter().filter_map(Node::text).collect();
    if let Some(proof) = entity.first("proof") {
        let proof = key_of(proof, SOURCE);
        draft.mention(
            "sources",
            line,
            &[("key", proof), ("title", proof), ("kind", "document")],
        )?;
        return Ok(proof.to_owned());
    }
    if let Some(url) = entity.first("sourceUrl") {
        let publisher = entity.first("publisher");
        let publisher =
            publisher.map(|name| named_actor(draft, line, name, "organization")).transpose()?;
        let more: Vec<_> = publisher.iter().map(|key| ("publisher", key.as_str())).collect();
        return web_source(draft, line, url, &more);
    }
    let Some((first, others)) = datasets.split_first() else { return file_source(draft, line) };
    if !others.is_empty() {
        notes.push(format!("also in {}", others.join(", ")));
    }
    let key = fitting(first);
    draft.mention("sources", line, &[("key", &key), ("title", first), ("kind", "dataset")])?;
    Ok(key)
}
