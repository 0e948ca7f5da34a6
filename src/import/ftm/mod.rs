//! Entities of `FollowTheMoney`, one a line or as a list. People and organisations become actors, interests between them become
//! relations, documents become sources; what has no place is counted.

mod own;
mod relation;

use crate::record::entities::{AUTHOR, PUBLISHER, SOURCE};
use own::{DOCUMENTATION, Others, behind, in_words, key_of};
use relation::relations;

use super::{
    Error,
    draft::{Draft, Term},
    entity::{
        self, ASSOCIATED_WITH, Actor, FAMILY_OF, OFFICE, OWNS, PAYS, SUCCEEDS, date, is_item,
        mention_actor, named_actor,
    },
    importers::Head,
    json::{
        Json, Node,
        glimpse::glimpse,
        stream::{self, Part},
    },
};

/// Schemas of actors, with their kinds.
const ACTORS: &[(&str, &str)] = &[
    ("Person", "person"),
    ("Organization", "organization"),
    ("Company", "organization"),
    ("LegalEntity", "unknown"),
    ("PublicBody", "government"),
    ("Position", "office"),
];

/// Schemas of documents, with their kinds of source.
const DOCUMENTS: &[(&str, &str)] = &[
    ("Article", "article"),
    ("Audio", "broadcast"),
    ("Document", "document"),
    ("Email", "document"),
    ("HyperText", "document"),
    ("Image", "document"),
    ("Message", "post"),
    ("Package", "document"),
    ("Pages", "document"),
    ("PlainText", "document"),
    ("Table", "dataset"),
    ("Video", "broadcast"),
    ("Workbook", "dataset"),
];

/// A schema that joins two entities.
struct Edge {
    schema: &'static str,
    from: &'static str,
    to: &'static str,
    relation: &'static str,
    /// Where the vocabulary lacks it.
    term: Option<&'static Term>,
    /// The properties that become the role.
    role: &'static [&'static str],
}

const EDGES: &[Edge] = &[
    edge("Associate", ("person", "associate"), "associated_with", &["relationship"])
        .with(&ASSOCIATED_WITH),
    edge("Directorship", ("director", "organization"), "holds_office", ROLE),
    edge("Employment", ("employee", "employer"), "works_for", ROLE),
    edge("Family", ("person", "relative"), "family_of", &["relationship"]).with(&FAMILY_OF),
    edge("Membership", ("member", "organization"), "member_of", ROLE),
    edge("Occupancy", ("holder", "post"), "holds_office", &["constituency", "politicalGroup"]),
    edge("Ownership", ("owner", "asset"), "owns", ROLE).with(&OWNS),
    edge("Payment", ("payer", "beneficiary"), "pays", &["purpose"]).with(&PAYS),
    edge("Representation", ("agent", "client"), "represents", ROLE),
    edge("Succession", ("successor", "predecessor"), "succeeds", &[]).with(&SUCCEEDS),
    edge(UNKNOWN, ("subject", "object"), "associated_with", ROLE).with(&ASSOCIATED_WITH),
];

const ROLE: &[&str] = &["role"];
/// A link of which nobody says more.
const UNKNOWN: &str = "UnknownLink";

const fn edge(
    schema: &'static str,
    (from, to): (&'static str, &'static str),
    relation: &'static str,
    role: &'static [&'static str],
) -> Edge {
    Edge { schema, from, to, relation, term: None, role }
}

impl Edge {
    const fn with(mut self, term: &'static Term) -> Self {
        self.term = Some(term);
        self
    }
}

/// Properties of an actor that are names, besides the first of `name`.
const NAMES: &[&str] = &["name", "alias", "weakAlias", "previousName", "abbreviation"];
/// Properties of an actor that go into its note.
const NOTES: &[&str] = &["position", "summary", "description", "notes"];
/// Properties of a relation that go into its note.
const PARTICULARS: &[(&str, &str)] = &[
    ("amount", ""),
    ("currency", ""),
    ("amountEur", "EUR"),
    ("amountUsd", "USD"),
    ("percentage", "%"),
    ("sharesCount", "shares"),
    ("status", ""),
    ("programme", ""),
    ("summary", ""),
    ("description", ""),
];
/// Properties of a relation that tell its dates.
const DATES: &[&str] = &["startDate", "endDate", "date", "retrievedAt", "modifiedAt"];
/// Properties of a relation that tell where it is known from.
const ORIGIN: &[&str] = &["proof", "sourceUrl", "publisher", "publisherUrl"];

/// Whether a file holds entities: the first has a schema, and lists of values by property.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let seen = glimpse(head.text());
    let is_schema = |text: &str| text.starts_with(|c: char| c.is_ascii_uppercase());
    ["", "/[]"].iter().any(|at| {
        seen.text(&format!("{at}/schema")).is_some_and(is_schema)
            && seen.text(&format!("{at}/id")).is_some()
            && seen.map(&format!("{at}/properties"))
    })
}

/// Reads a file twice: what has no place has to be known before relations that point to it.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    draft.will_read(2);
    let mut others = Others::default();
    stream::each(draft, &[], &mut |_, part| {
        let (Part::Element(node) | Part::Rest(node)) = part;
        let (schema, id) = (node.text_of("schema"), node.text_of("id"));
        let place = schema.filter(|schema| !is_detail(schema)).and_then(end);
        others.ends.extend(id.zip(place).map(|(id, place)| (id.to_owned(), place)));
        if schema == Some(DOCUMENTATION) {
            others.remember(&node);
        }
        Ok(())
    })?;
    if draft.is_refused() {
        return Ok(());
    }
    stream::each(draft, &[], &mut |draft, part| {
        let (Part::Element(node) | Part::Rest(node)) = part;
        entity(draft, &node, &others)
    })
}

/// Every schema that has a place.
fn schemas() -> impl Iterator<Item = &'static str> {
    let things = ACTORS.iter().chain(DOCUMENTS).map(|(schema, _)| *schema);
    things.chain(EDGES.iter().map(|edge| edge.schema)).chain(["Event"])
}

/// What an entity is that is no actor, for relations that point to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Source,
    Event,
    /// It has no place.
    Nowhere,
}

/// What a relation to an entity of this schema points to, unless it is an actor.
fn end(schema: &str) -> Option<End> {
    let has = |list: &[(&str, &str)]| list.iter().any(|(known, _)| *known == schema);
    match schema {
        "Event" => Some(End::Event),
        _ if has(DOCUMENTS) => Some(End::Source),
        _ => (!has(ACTORS)).then_some(End::Nowhere),
    }
}

/// Whether nothing points to entities of a schema but what they are a detail of.
fn is_detail(schema: &str) -> bool {
    ["Address", "Sanction", "Identification", "Passport", "BankAccount"].contains(&schema)
}

fn by_schema(schema: &str) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| edge.schema == schema)
}

/// An entity that is being read.
struct Entity<'n> {
    id: &'n str,
    schema: &'n str,
    node: &'n Node,
}

impl<'n> Entity<'n> {
    /// The values of a property, with their lines.
    fn values(&self, property: &str) -> impl Iterator<Item = (&'n str, u64)> + use<'n> {
        let node = self.node.at(&["properties", property]);
        let nodes = node.map(Node::list).unwrap_or_default();
        let text = |node: &'n Node| Some((node.text()?.trim(), node.line));
        nodes.iter().filter_map(text).filter(|(text, _)| !text.is_empty())
    }

    fn first(&self, property: &str) -> Option<&'n str> {
        self.values(property).map(|(text, _)| text).next()
    }

    /// The values of several properties, one after the other.
    fn joined(&self, properties: &[&str], between: &str) -> String {
        let values = properties.iter().flat_map(|property| self.values(property));
        values.map(|(text, _)| text).collect::<Vec<_>>().join(between)
    }

    fn line(&self) -> u64 {
        self.node.line
    }

    /// Counts the properties that are not among these.
    fn leave_out_others(&self, draft: &mut Draft<'_, '_>, kept: &[&[&str]]) {
        let members = self.node.get("properties").map(Node::members).unwrap_or_default();
        for (name, _) in members {
            if !kept.iter().any(|names| names.contains(&name.as_str())) {
                draft.leave_out_property(name);
            }
        }
    }
}

fn entity(draft: &mut Draft<'_, '_>, node: &Node, others: &Others) -> Result<(), Error> {
    let (Some(id), Some(schema)) = (node.text_of("id"), node.text_of("schema")) else {
        let missing = if node.text_of("id").is_none() { "id" } else { "schema" };
        draft.refuse(node.line, Some(missing), format!("the entity has no {missing}"), None);
        return Ok(());
    };
    if !is_sound(draft, node) {
        return Ok(());
    }
    let entity = Entity { id, schema, node };
    if let Some((_, kind)) = ACTORS.iter().find(|(known, _)| *known == schema) {
        return actor(draft, &entity, kind);
    }
    if let Some((_, kind)) = DOCUMENTS.iter().find(|(known, _)| *known == schema) {
        return document(draft, &entity, kind, others);
    }
    if schema == "Event" {
        return event(draft, &entity);
    }
    // What it says of who wrote a document is told with the document.
    if schema == DOCUMENTATION && behind(node).is_some() {
        return Ok(());
    }
    let Some(edge) = by_schema(schema) else {
        match schemas().find(|known| known.eq_ignore_ascii_case(schema)) {
            Some(known) => {
                let reason = format!("there is no schema '{schema}'");
                let help = format!("closest: {known}");
                draft.refuse(node.line_of("schema"), Some("schema"), reason, Some(help));
            }
            None => draft.leave_out(&words(schema)),
        }
        return Ok(());
    };
    relations(draft, &entity, edge, others)
}

/// Whether every property is a list of values.
fn is_sound(draft: &mut Draft<'_, '_>, node: &Node) -> bool {
    let Some(properties) = node.get("properties") else { return true };
    if !matches!(properties.json, Json::Map(_)) {
        let reason = format!("expected an object of properties, not {}", properties.sort());
        draft.refuse(properties.line, Some("properties"), reason, None);
        return false;
    }
    let mut sound = true;
    for (name, value) in properties.members() {
        let wrong = value.list().iter().find(|value| value.text().is_none());
        let line = match (&value.json, wrong) {
            (Json::List(_), None) => continue,
            (_, Some(wrong)) => wrong.line,
            (_, None) => value.line,
        };
        let help = Some(format!("write \"{name}\": [\"…\"]"));
        let column = format!("properties.{name}");
        draft.refuse(line, Some(&column), "expected a list of texts", help);
        sound = false;
    }
    sound
}

/// `CourtCase` as `court case`.
fn words(schema: &str) -> String {
    let mut words = String::new();
    for c in schema.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

fn actor(draft: &mut Draft<'_, '_>, entity: &Entity<'_>, kind: &str) -> Result<(), Error> {
    let caption = entity.node.text_of("caption");
    let name = caption.or_else(|| entity.first("name")).unwrap_or(entity.id);
    if kind == OFFICE.name {
        draft.term(entity.line(), &OFFICE)?;
    }
    let item = entity.first("wikidataId").or(Some(entity.id)).filter(|id| is_item(id));
    let values = NAMES.iter().flat_map(|property| entity.values(property));
    let names = values.map(|(text, _)| text).filter(|other| *other != name).collect();
    let note = entity.joined(NOTES, "; ");
    let line = entity.line();
    entity.leave_out_others(draft, &[NAMES, NOTES, &["wikidataId"]]);
    entity::actor(draft, &Actor { id: entity.id, item, name, kind, names, note: &note, line })
}

fn document(
    draft: &mut Draft<'_, '_>,
    entity: &Entity<'_>,
    kind: &str,
    others: &Others,
) -> Result<(), Error> {
    let line = entity.line();
    let title = ["title", "name", "fileName"].iter().find_map(|property| entity.first(property));
    let title = title.or(entity.node.text_of("caption")).unwrap_or(entity.id);
    let mut people = [(PUBLISHER, "organization"), (AUTHOR, "person")].into_iter();
    let mut cells = vec![
        ("key", key_of(entity.id, SOURCE).to_owned()),
        ("title", title.to_owned()),
        ("kind", kind.to_owned()),
    ];
    people.try_for_each(|(property, kind)| {
        if let Some(id) = others.who(entity.id, property) {
            cells.push((property, mention_actor(draft, line, id, "unknown")?));
            return Ok(());
        }
        let Some(name) = entity.first(property) else { return Ok(()) };
        cells.push((property, named_actor(draft, line, name, kind)?));
        Ok::<(), Error>(())
    })?;
    if let Some(url) = entity.first("sourceUrl") {
        cells.push(("url", url.to_owned()));
    }
    let published = ["publishedAt", "date", "authoredAt"]
        .into_iter()
        .find_map(|property| one_of(draft, entity, property));
    let (told, notes) = in_words(entity, "notes", &["date"]);
    let published = published.or_else(|| told.into_iter().map(|(_, date)| date).next());
    cells.extend(published.map(|date| ("published", date)));
    if !notes.is_empty() {
        cells.push(("note", notes.join("; ")));
    }
    if let Some(body) = entity.first("bodyText") {
        cells.push(("body", body.to_owned()));
    }
    let kept = ["title", "name", "fileName", AUTHOR, PUBLISHER, "sourceUrl", "bodyText", "notes"];
    entity.leave_out_others(draft, &[&kept, &["publishedAt", "date", "authoredAt"]]);
    let cells: Vec<_> = cells.iter().map(|(column, cell)| (*column, cell.as_str())).collect();
    draft.row("sources", line, &cells)
}

fn event(draft: &mut Draft<'_, '_>, entity: &Entity<'_>) -> Result<(), Error> {
    let caption = entity.node.text_of("caption");
    let name = caption.or_else(|| entity.first("name")).unwrap_or(entity.id);
    let date = one_of(draft, entity, "date").or_else(|| one_of(draft, entity, "startDate"));
    let mut cells = vec![("key", entity.id), ("name", name)];
    cells.extend(date.as_deref().map(|date| ("date", date)));
    entity.leave_out_others(draft, &[NAMES, &["date", "startDate"]]);
    draft.row("events", entity.line(), &cells)
}

/// The date of a property; where several values stand there it is one of them.
fn one_of(draft: &mut Draft<'_, '_>, entity: &Entity<'_>, property: &str) -> Option<String> {
    let column = format!("properties.{property}");
    let mut dates = Vec::new();
    for (text, line) in entity.values(property) {
        dates.push(date(draft, line, &column, text)?);
    }
    dates.sort();
    dates.dedup();
    match dates.as_slice() {
        [] => None,
        [date] => Some(date.clone()),
        several => Some(format!("[{}]", several.join(","))),
    }
}
