//! STIX 2.1 bundles. Who makes an object speaks: a relationship is a claim that its maker asserts, an opinion on one takes a
//! side in it, a note is a claim in its own words; reports are the sources where they are read. Read twice: first for names.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Error,
    draft::Draft,
    entity::{self, Actor, date, file_name, file_source, fitting, web_source},
    importers::Head,
    json::{
        Json, Node,
        glimpse::glimpse,
        stream::{self, Part},
    },
};
use crate::base::fold::digest;

/// Types of objects that are actors.
const ACTORS: &[&str] = &["identity", "threat-actor", "intrusion-set"];

/// Classes of identities, with their kinds of actor.
const CLASSES: &[(&str, &str)] =
    &[("individual", "person"), ("group", "group"), ("organization", "organization")];

/// What stands between the ends of a claim, where the type of the relationship alone would not make a sentence.
const VERBS: &[(&str, &str)] = &[
    ("attributed-to", "is attributed to"),
    ("based-on", "is based on"),
    ("derived-from", "is derived from"),
    ("duplicate-of", "is a duplicate of"),
    ("located-at", "is located at"),
    ("originates-from", "originates from"),
    ("related-to", "is related to"),
    ("variant-of", "is a variant of"),
];

/// Which act an opinion is, and how sure it is; a neutral one takes no side.
const OPINIONS: &[(&str, &str, &str)] = &[
    ("strongly-agree", "confirms", "certain"),
    ("agree", "confirms", ""),
    ("disagree", "denies", ""),
    ("strongly-disagree", "denies", "certain"),
];

/// Properties of every object that say how it is kept, not what it tells.
const KEPT: &[&str] = &[
    "id",
    "type",
    "spec_version",
    "created",
    "modified",
    "created_by_ref",
    "revoked",
    "confidence",
    "lang",
    "external_references",
    "name",
    "description",
    "aliases",
    "identity_class",
    "relationship_type",
    "source_ref",
    "target_ref",
    "start_time",
    "stop_time",
    "opinion",
    "explanation",
    "object_refs",
    "abstract",
    "content",
    "published",
    "report_types",
    "country",
    "region",
    "city",
];

/// Whether a file holds a bundle.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let seen = glimpse(head.text());
    let id = seen.text("/id").unwrap_or_default();
    seen.text("/type") == Some("bundle") && (id.starts_with("bundle--") || seen.list("/objects"))
        || seen.text("/objects/[]/spec_version").is_some() && seen.text("/objects/[]/id").is_some()
}

/// The longest name in a claim.
const LONGEST_NAME: usize = 200;

/// What a bundle holds, as far as one object has to know of others.
#[derive(Default)]
struct Known {
    objects: BTreeMap<String, Object>,
    /// Of an object, the first report that lists it.
    reports: BTreeMap<String, String>,
}

/// An object that others point to.
#[derive(Default)]
struct Object {
    sort: String,
    /// As it is called in a sentence.
    name: String,
    /// When the version was made that counts.
    modified: String,
    /// The triple, where it is a relationship.
    triple: Option<(String, String, String)>,
}

/// Reads a file twice.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    draft.will_read(2);
    let mut known = Known::default();
    stream::each(draft, &["objects"], &mut |_, part| {
        if let Part::Element(node) = part {
            known.note(&node);
        }
        Ok(())
    })?;
    if draft.is_refused() {
        return Ok(());
    }
    let mut read = BTreeSet::new();
    stream::each(draft, &["objects"], &mut |draft, part| match part {
        Part::Element(node) if known.counts(&node) && !read.insert(id_of(&node)) => {
            draft.leave_out("repeated object");
            Ok(())
        }
        Part::Element(node) => object(draft, &node, &known),
        Part::Rest(_) => Ok(()),
    })
}

fn id_of(node: &Node) -> Option<String> {
    node.text_of("id").map(str::to_owned)
}

impl Known {
    /// Whether an object is in the version that counts.
    fn counts(&self, node: &Node) -> bool {
        let object = node.text_of("id").and_then(|id| self.objects.get(id));
        object.is_some_and(|object| object.modified == node.text_of("modified").unwrap_or_default())
    }

    fn note(&mut self, node: &Node) {
        let Some(id) = node.text_of("id") else { return };
        let text = |name: &str| node.text_of(name).unwrap_or_default().to_owned();
        let triple =
            ["source_ref", "relationship_type", "target_ref"].map(|name| node.text_of(name));
        let triple = match triple {
            [Some(from), Some(how), Some(to)] if node.text_of("type") == Some("relationship") => {
                Some((from.to_owned(), how.to_owned(), to.to_owned()))
            }
            _ => None,
        };
        let name = ["name", "value", "pattern", "country", "region"];
        let name = name.iter().find_map(|name| node.text_of(name)).unwrap_or(id);
        let name = name.chars().take(LONGEST_NAME).collect();
        let new = Object { sort: text("type"), name, modified: text("modified"), triple };
        let is_older = |old: &Object| old.modified >= new.modified;
        if self.objects.get(id).is_some_and(is_older) {
            return;
        }
        let is_revoked = node.get("revoked").is_some_and(|node| node.json == Json::Bool(true));
        if new.sort == "report" && !is_revoked {
            for listed in node.get("object_refs").map(Node::list).unwrap_or_default() {
                if let Some(listed) = listed.text() {
                    self.reports.entry(listed.to_owned()).or_insert_with(|| id.to_owned());
                }
            }
        }
        self.objects.insert(id.to_owned(), new);
    }

    fn name<'k>(&'k self, id: &'k str) -> &'k str {
        self.objects.get(id).map_or(id, |object| object.name.as_str())
    }

    fn is_actor(&self, id: &str) -> bool {
        self.objects.get(id).is_some_and(|object| ACTORS.contains(&object.sort.as_str()))
    }
}

fn object(draft: &mut Draft<'_, '_>, node: &Node, known: &Known) -> Result<(), Error> {
    let (Some(id), Some(sort)) = (node.text_of("id"), node.text_of("type")) else {
        let missing = if node.text_of("id").is_none() { "id" } else { "type" };
        draft.refuse(node.line, Some(missing), format!("the object has no {missing}"), None);
        return Ok(());
    };
    let modified = node.text_of("modified").unwrap_or_default();
    if known.objects.get(id).is_some_and(|object| object.modified != modified) {
        draft.leave_out("older version");
        return Ok(());
    }
    if node.get("revoked").is_some_and(|revoked| revoked.json == Json::Bool(true)) {
        draft.leave_out("revoked object");
        return Ok(());
    }
    let told = match sort {
        _ if ACTORS.contains(&sort) => actor(draft, node, id),
        "location" => location(draft, node, id),
        "report" => report(draft, node, id),
        "relationship" => relationship(draft, node, id, known),
        "opinion" => opinion(draft, node, id, known),
        "note" => note(draft, node, id, known),
        _ => {
            draft.leave_out(&sort.replace('-', " "));
            return Ok(());
        }
    };
    for (name, _) in node.members().iter().filter(|(name, _)| !KEPT.contains(&name.as_str())) {
        draft.leave_out_property(name);
    }
    told
}

fn actor(draft: &mut Draft<'_, '_>, object: &Node, id: &str) -> Result<(), Error> {
    let class = object.text_of("identity_class").unwrap_or_default();
    let kind =
        CLASSES.iter().find(|(known, _)| *known == class).map_or("unknown", |(_, kind)| kind);
    let kind = if object.text_of("type") == Some("intrusion-set") { "group" } else { kind };
    let name = object.text_of("name").unwrap_or(id);
    let names = object.get("aliases").map(Node::list).unwrap_or_default();
    let names = names.iter().filter_map(Node::text).filter(|other| *other != name).collect();
    let (item, description) = (None, object.text_of("description"));
    entity::actor(
        draft,
        &Actor {
            id,
            item,
            name,
            kind,
            names,
            note: description.unwrap_or_default(),
            line: object.line,
        },
    )
}

fn location(draft: &mut Draft<'_, '_>, node: &Node, id: &str) -> Result<(), Error> {
    let parts = [("city", "city"), ("country", "country"), ("region", "region")];
    let first = parts.iter().find_map(|(part, kind)| Some((node.text_of(part)?, *kind)));
    let name = node.text_of("name").or(first.map(|(name, _)| name)).unwrap_or(id);
    let mut cells = vec![("key", id), ("name", name)];
    cells.extend(first.map(|(_, kind)| ("kind", kind)));
    cells.extend(node.text_of("description").map(|note| ("note", note)));
    draft.row("venues", node.line, &cells)
}

fn report(draft: &mut Draft<'_, '_>, node: &Node, id: &str) -> Result<(), Error> {
    let line = node.line;
    let published = day(draft, node, "published");
    let url = references(node).find_map(|reference| reference.text_of("url"));
    let maker = node.text_of("created_by_ref");
    if let Some(maker) = maker {
        mention(draft, line, maker)?;
    }
    let mut cells = vec![("key", id), ("title", node.text_of("name").unwrap_or(id))];
    cells.push(("kind", "document"));
    for (column, cell) in [
        ("publisher", maker),
        ("url", url),
        ("published", published.as_deref()),
        ("note", node.text_of("description")),
    ] {
        cells.extend(cell.map(|cell| (column, cell)));
    }
    draft.row("sources", line, &cells)
}

fn references(node: &Node) -> impl Iterator<Item = &Node> {
    node.get("external_references").map(Node::list).unwrap_or_default().iter()
}

/// An actor that is pointed to, in case the bundle does not hold it.
fn mention(draft: &mut Draft<'_, '_>, line: u64, id: &str) -> Result<(), Error> {
    let cells = [("key", id), ("name", id), ("kind", "unknown"), ("identity", "named")];
    draft.mention("actors", line, &cells)
}

fn day(draft: &mut Draft<'_, '_>, node: &Node, name: &str) -> Option<String> {
    let text = node.text_of(name)?;
    date(draft, node.line_of(name), name, text)
}

/// The claim of a relationship: one for all who assert the same.
fn claim(
    draft: &mut Draft<'_, '_>,
    line: u64,
    triple: &(String, String, String),
    known: &Known,
) -> Result<String, Error> {
    let (from, how, to) = triple;
    let key = fitting(&format!("{how}-{}", digest(&format!("{from} {how} {to}"), 12)));
    let verb = VERBS.iter().find(|(known, _)| known == how);
    let verb = verb.map_or_else(|| how.replace('-', " "), |(_, verb)| (*verb).to_owned());
    let (subject, object) = (known.name(from), known.name(to));
    let text = format!("{subject} {verb} {object}.");
    let cells = [
        ("key", key.as_str()),
        ("text", &text),
        ("kind", "fact"),
        ("subject", subject),
        ("predicate", how),
        ("object", object),
    ];
    draft.row("claims", line, &cells)?;
    for end in [from, to].into_iter().filter(|end| known.is_actor(end)) {
        about(draft, line, &key, end)?;
    }
    Ok(key)
}

fn about(draft: &mut Draft<'_, '_>, line: u64, claim: &str, actor: &str) -> Result<(), Error> {
    let about = format!("actor:{actor}");
    draft.row("claim_about", line, &[("claim", claim), ("about", &about)])
}

fn relationship(
    draft: &mut Draft<'_, '_>,
    node: &Node,
    id: &str,
    known: &Known,
) -> Result<(), Error> {
    let Some(triple) = known.objects.get(id).and_then(|object| object.triple.as_ref()) else {
        let needed = ["source_ref", "relationship_type", "target_ref"];
        let missing = needed.iter().find(|name| node.text_of(name).is_none());
        let missing = missing.copied().unwrap_or("relationship_type");
        let reason = format!("the relationship has no {missing}");
        draft.refuse(node.line, Some(missing), reason, None);
        return Ok(());
    };
    let claim = claim(draft, node.line, triple, known)?;
    let mut notes: Vec<String> = Vec::new();
    for (name, word) in [("start_time", "from"), ("stop_time", "until")] {
        notes.extend(day(draft, node, name).map(|day| format!("{word} {day}")));
    }
    let said = Said { claim: &claim, act: "asserts", certainty: "", quote: "description", notes };
    statement(draft, node, id, known, said)
}

fn opinion(draft: &mut Draft<'_, '_>, node: &Node, id: &str, known: &Known) -> Result<(), Error> {
    let opinion = node.text_of("opinion").unwrap_or_default();
    let Some((_, act, certainty)) = OPINIONS.iter().find(|(known, ..)| *known == opinion) else {
        if opinion == "neutral" {
            draft.leave_out("neutral opinion");
            return Ok(());
        }
        let near = crate::base::closest::closest(opinion, OPINIONS.iter().map(|(name, ..)| *name));
        let help = near.map(|near| format!("closest: {near}"));
        let reason = format!("'{opinion}' is no opinion of STIX");
        draft.refuse(node.line_of("opinion"), Some("opinion"), reason, help);
        return Ok(());
    };
    let on = node.get("object_refs").map(Node::list).unwrap_or_default();
    for (at, on) in on.iter().filter_map(Node::text).enumerate() {
        let Some(triple) = known.objects.get(on).and_then(|object| object.triple.as_ref()) else {
            draft.leave_out("other opinion");
            continue;
        };
        let claim = claim(draft, node.line, triple, known)?;
        let key = if at == 0 { id.to_owned() } else { format!("{id}#{}", at + 1) };
        let (quote, notes) = ("explanation", Vec::new());
        statement(draft, node, &key, known, Said { claim: &claim, act, certainty, quote, notes })?;
    }
    Ok(())
}

fn note(draft: &mut Draft<'_, '_>, node: &Node, id: &str, known: &Known) -> Result<(), Error> {
    let Some(content) = node.text_of("content") else {
        draft.refuse(node.line, Some("content"), "the note has no content", None);
        return Ok(());
    };
    let text = node.text_of("abstract").unwrap_or(content);
    draft.row("claims", node.line, &[("key", id), ("text", text)])?;
    for on in node.get("object_refs").map(Node::list).unwrap_or_default() {
        if let Some(on) = on.text().filter(|on| known.is_actor(on)) {
            about(draft, node.line, id, on)?;
        }
    }
    let notes = Vec::new();
    let said = Said { claim: id, act: "asserts", certainty: "", quote: "content", notes };
    statement(draft, node, id, known, said)
}

/// What an object's maker does to a claim.
struct Said<'s> {
    claim: &'s str,
    act: &'s str,
    /// Where the object's confidence does not tell it.
    certainty: &'s str,
    /// The property that holds the words.
    quote: &'s str,
    notes: Vec<String>,
}

fn statement(
    draft: &mut Draft<'_, '_>,
    node: &Node,
    key: &str,
    known: &Known,
    mut said: Said<'_>,
) -> Result<(), Error> {
    let line = node.line;
    let speaker = match node.text_of("created_by_ref") {
        Some(maker) => {
            mention(draft, line, maker)?;
            maker.to_owned()
        }
        None => nobody(draft, line)?,
    };
    let date = day(draft, node, "created");
    let confidence = node.text_of("confidence");
    let certainty = match confidence.map(certainty) {
        Some(Some(certainty)) => certainty,
        Some(None) => {
            let reason = "the confidence is not a whole number from 0 to 100";
            draft.refuse(node.line_of("confidence"), Some("confidence"), reason, None);
            return Ok(());
        }
        None => said.certainty,
    };
    said.notes.extend(confidence.map(|confidence| format!("confidence {confidence}")));
    let notes = said.notes.join("; ");
    let mut cells = vec![("key", key), ("speaker", speaker.as_str()), ("act", said.act)];
    cells.push(("claim", said.claim));
    for (column, cell) in
        [("certainty", certainty), ("date", date.as_deref().unwrap_or_default()), ("note", &notes)]
    {
        if !cell.is_empty() {
            cells.push((column, cell));
        }
    }
    draft.row("statements", line, &cells)?;
    attest(draft, node, key, known, said.quote)
}

/// Where the statement was read: in the report that lists the object, else where it refers to, else in the file.
fn attest(
    draft: &mut Draft<'_, '_>,
    node: &Node,
    statement: &str,
    known: &Known,
    quote: &str,
) -> Result<(), Error> {
    let line = node.line;
    let mut referred = None;
    if let Some(reference) = references(node).find(|reference| reference.get("url").is_some()) {
        let url = reference.text_of("url").unwrap_or_default();
        let title = reference.text_of("source_name").unwrap_or(url);
        referred = Some(web_source(draft, line, url, &[("title", title)])?);
    }
    let report = known.reports.get(node.text_of("id").unwrap_or_default());
    let (source, cites) = match (report, referred) {
        (Some(report), referred) => (report.clone(), referred),
        (None, Some(referred)) => (referred, None),
        (None, None) => (file_source(draft, line)?, None),
    };
    let mut cells = vec![("statement", statement), ("source", source.as_str())];
    cells.extend(cites.as_deref().map(|cites| ("cites", cites)));
    match node.text_of(quote) {
        Some(words) => cells.extend([("mode", "direct"), ("quote", words)]),
        None => cells.push(("mode", "summary")),
    }
    draft.row("attestations", line, &cells)
}

/// Whoever made what tells no maker.
fn nobody(draft: &mut Draft<'_, '_>, line: u64) -> Result<String, Error> {
    let file = file_name(draft);
    let (key, name) = (format!("{file}:maker"), format!("Whoever made {file}"));
    let cells =
        [("key", key.as_str()), ("name", &name), ("kind", "unknown"), ("identity", "unidentified")];
    draft.mention("actors", line, &cells)?;
    Ok(key)
}

/// How sure a confidence of 0 to 100 is. 0 says that it cannot be told.
fn certainty(confidence: &str) -> Option<&'static str> {
    match confidence.parse::<u8>().ok()? {
        0 => Some("unstated"),
        1..=69 => Some("possible"),
        70..=99 => Some("probable"),
        100 => Some("certain"),
        101.. => None,
    }
}
