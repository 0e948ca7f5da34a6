//! Items of Wikidata as JSON: answers of the API, plain items, lines or lists of them, as in dumps. People and organisations
//! become actors, their offices, memberships and families relations that rest on the first reference; deprecated statements
//! are left out.

mod tables;
mod time;

use super::{
    Error,
    draft::Draft,
    entity::{self, Actor, FAMILY_OF, OFFICE, OWNS, is_before, is_item, mention_actor, web_source},
    importers::Head,
    json::{
        Node,
        glimpse::glimpse,
        stream::{self, Part},
    },
};
use tables::{CLASSES, DEGREES, RELATIONS, Relation};

/// Whether a file holds items: an object of them, or the first is one.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let seen = glimpse(head.text());
    let is_entity = |at: &str| {
        let id = seen.text(&format!("{at}/id")).unwrap_or_default();
        let has =
            |name: &str| seen.map(&format!("{at}/{name}")) || seen.list(&format!("{at}/{name}"));
        let sort = seen.text(&format!("{at}/type")).unwrap_or_default();
        let is_sort = ["item", "property", "lexeme"].contains(&sort);
        is_id(id) && (is_sort || has("claims")) && (has("labels") || has("claims") || has("lemmas"))
            || is_id(id)
                && at.starts_with("/entities")
                && seen.text(&format!("{at}/missing")).is_some()
    };
    ["/entities/*", "/entities/[]", "", "/[]"].into_iter().any(is_entity)
}

/// Whether a text is the id of something in Wikidata.
fn is_id(text: &str) -> bool {
    let rest = text.strip_prefix(['Q', 'P', 'L']).unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a file.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    stream::each(draft, &["entities"], &mut |draft, part| match part {
        // The rest of an answer of the API says only that it went well.
        Part::Rest(node) if node.get("id").is_none() => Ok(()),
        Part::Element(node) | Part::Rest(node) => entity(draft, &node),
    })
}

/// An item that is being read.
struct Item<'n> {
    id: &'n str,
    node: &'n Node,
    name: Option<&'n str>,
    names: Vec<&'n str>,
}

fn entity(draft: &mut Draft<'_, '_>, node: &Node) -> Result<(), Error> {
    let Some(id) = node.text_of("id").filter(|id| is_id(id)) else {
        let help = "an id is written as in Q42".to_owned();
        draft.refuse(node.line_of("id"), Some("id"), "the item has no id", Some(help));
        return Ok(());
    };
    if !is_item(id) || node.get("missing").is_some() {
        draft.leave_out(if is_item(id) { "missing item" } else { "other entity" });
        return Ok(());
    }
    if let Some(from) = node.at(&["redirects", "from"]).and_then(Node::text) {
        draft.same("actor", from, id);
    }
    let item = Item { id, node, name: label(node), names: names(node) };
    match kind(&item) {
        Some(kind) => actor(draft, &item, kind),
        None => thing(draft, &item),
    }
}

/// The label in English, or one for all languages, or the first.
fn label(node: &Node) -> Option<&str> {
    let labels = node.get("labels")?;
    let mut chosen = ["en", "mul", "en-gb"].iter().filter_map(|language| labels.get(language));
    let first = labels.members().first().map(|(_, label)| label);
    chosen.next().or(first)?.text_of("value")
}

/// All labels and other names, in any language.
fn names(node: &Node) -> Vec<&str> {
    let labels = node.get("labels").map(Node::members).unwrap_or_default();
    let aliases = node.get("aliases").map(Node::members).unwrap_or_default();
    let aliases = aliases.iter().flat_map(|(_, names)| names.list());
    let mut names: Vec<&str> = labels
        .iter()
        .map(|(_, label)| label)
        .chain(aliases)
        .filter_map(|name| name.text_of("value"))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The kind of actor that an item is: by its class, else by what only actors do.
fn kind(item: &Item<'_>) -> Option<&'static str> {
    let classes = statements(item.node, "P31").filter_map(|statement| target(statement));
    let known = classes
        .filter_map(|class| CLASSES.iter().find(|(known, _)| *known == class))
        .map(|(_, kind)| *kind)
        .next();
    let acts = |relation: &&Relation| {
        relation.only_actors && statements(item.node, relation.property).next().is_some()
    };
    known.or_else(|| RELATIONS.iter().find(acts).map(|_| "unknown"))
}

/// The statements of a property that are not deprecated.
fn statements<'n>(node: &'n Node, property: &str) -> impl Iterator<Item = &'n Node> + use<'n> {
    let all = node.at(&["claims", property]).map(Node::list).unwrap_or_default();
    all.iter().filter(|statement| statement.text_of("rank") != Some("deprecated"))
}

/// The item that a statement points to.
fn target(statement: &Node) -> Option<&str> {
    snak_item(statement.get("mainsnak")?)
}

/// The item that is a snak's value.
fn snak_item(snak: &Node) -> Option<&str> {
    snak.at(&["datavalue", "value"])?.text_of("id").filter(|id| is_item(id))
}

fn snak_text(snak: &Node) -> Option<&str> {
    let value = snak.at(&["datavalue", "value"])?;
    value.text().or_else(|| value.text_of("text")).map(str::trim).filter(|text| !text.is_empty())
}

/// What is no actor still names what statements point to.
fn thing(draft: &mut Draft<'_, '_>, item: &Item<'_>) -> Result<(), Error> {
    let line = item.node.line;
    if item.node.get("claims").is_some_and(|claims| !claims.members().is_empty()) {
        draft.leave_out("other item");
    }
    let Some(name) = item.name else { return Ok(()) };
    draft.name("actors", line, &[("key", item.id), ("name", name)])?;
    draft.name("sources", line, &[("key", item.id), ("title", name)])?;
    draft.also("actors", line, item.id, item.names.iter().copied())
}

fn actor(draft: &mut Draft<'_, '_>, item: &Item<'_>, kind: &str) -> Result<(), Error> {
    let line = item.node.line;
    let note = item.node.at(&["descriptions", "en", "value"]);
    let note = note.and_then(Node::text).unwrap_or_default();
    let name = item.name.unwrap_or(item.id);
    let names = item.names.iter().copied().filter(|other| *other != name).collect();
    if let Some(title) = item.name {
        draft.name("sources", line, &[("key", item.id), ("title", title)])?;
    }
    let id = item.id;
    entity::actor(draft, &Actor { id, item: Some(id), name, kind, names, note, line })?;
    let claims = item.node.get("claims").map(Node::members).unwrap_or_default();
    for (property, all) in claims {
        let relation = RELATIONS.iter().find(|relation| relation.property == property);
        for statement in all.list() {
            match relation {
                _ if statement.text_of("rank") == Some("deprecated") => {
                    draft.leave_out("deprecated statement");
                }
                Some(relation) => self::relation(draft, item, relation, statement)?,
                None if property == "P31" => {}
                None => draft.leave_out_property(property),
            }
        }
    }
    Ok(())
}

fn relation(
    draft: &mut Draft<'_, '_>,
    item: &Item<'_>,
    relation: &Relation,
    statement: &Node,
) -> Result<(), Error> {
    let column = format!("claims.{}", relation.property);
    let line = statement.line;
    let Some(key) = statement.text_of("id") else {
        draft.refuse(line, Some(&column), "the statement has no id", None);
        return Ok(());
    };
    let Some(target) = target(statement) else {
        // Nobody known, or nobody at all.
        draft.leave_out("empty statement");
        return Ok(());
    };
    let start = time(draft, statement, &column, "P580");
    let end = time(draft, statement, &column, "P582")
        .or_else(|| ended(draft, statement, start.as_deref()));
    if start.as_ref().zip(end.as_ref()).is_some_and(|(start, end)| is_before(end, start)) {
        draft.leave_out("contradictory statement");
        return Ok(());
    }
    if relation.becomes == "holds_office" {
        draft.term(line, &OFFICE)?;
    }
    for term in [&OWNS, &FAMILY_OF].into_iter().filter(|term| term.name == relation.becomes) {
        draft.term(line, term)?;
    }
    mention_actor(draft, line, target, relation.kind)?;
    let source = source(draft, item, statement)?;
    let as_of = time(draft, statement, &column, "P585").or_else(|| seen(draft, statement, &column));
    let role = role(relation, statement);
    let (from, to) = if relation.turned { (target, item.id) } else { (item.id, target) };
    let (from, to) = (format!("actor:{from}"), format!("actor:{to}"));
    let mut cells = vec![("key", key), ("from", &from), ("to", &to)];
    cells.extend([("relation", relation.becomes), ("source", source.as_str())]);
    for (column, cell) in
        [("role", &role), ("valid_from", &start), ("valid_to", &end), ("as_of", &as_of)]
    {
        cells.extend(cell.as_deref().map(|cell| (column, cell)));
    }
    draft.row("relations", line, &cells)?;
    leave_out_qualifiers(draft, statement);
    if relation.becomes == "holds_office" {
        directed(draft, item.id, statement, &cells)?;
    }
    Ok(())
}

/// Whoever holds an office may direct an organisation by it, over the same time.
fn directed(
    draft: &mut Draft<'_, '_>,
    person: &str,
    statement: &Node,
    cells: &[(&'static str, &str)],
) -> Result<(), Error> {
    let Some(directed) = qualifier(statement, "P2389").and_then(snak_item) else { return Ok(()) };
    let line = statement.line;
    mention_actor(draft, line, directed, "organization")?;
    let key = format!("{}#P2389", statement.text_of("id").unwrap_or_default());
    let (from, to) = (format!("actor:{person}"), format!("actor:{directed}"));
    let changed = cells.iter().map(|(column, cell)| match *column {
        "key" => ("key", key.as_str()),
        "from" => ("from", from.as_str()),
        "relation" => ("relation", "leads"),
        "to" => ("to", to.as_str()),
        column => (column, *cell),
    });
    let changed: Vec<_> = changed.collect();
    draft.row("relations", line, &changed)
}

/// What one is to the other, with the degree of truth that the statement claims.
fn role(relation: &Relation, statement: &Node) -> Option<String> {
    let degree = qualifier(statement, "P5102").and_then(snak_item);
    let degree = degree.map(|item| {
        DEGREES.iter().find(|(known, _)| *known == item).map_or(item, |(_, word)| word)
    });
    match (relation.role, degree) {
        ("", None) => None,
        (role, None) => Some(role.to_owned()),
        ("", Some(degree)) => Some(degree.to_owned()),
        (role, Some(degree)) => Some(format!("{role}, {degree}")),
    }
}

/// Qualifiers that go into the relation.
const QUALIFIERS: &[&str] = &["P580", "P582", "P585", "P2389", "P5102"];

fn leave_out_qualifiers(draft: &mut Draft<'_, '_>, statement: &Node) {
    let all = statement.get("qualifiers").map(Node::members).unwrap_or_default();
    for (property, _) in all.iter().filter(|(name, _)| !QUALIFIERS.contains(&name.as_str())) {
        draft.leave_out_property(&format!("qualifier {property}"));
    }
}

fn qualifier<'n>(statement: &'n Node, property: &str) -> Option<&'n Node> {
    statement.at(&["qualifiers", property])?.list().first()
}

/// The end of what ended nobody knows when: some day since it began. Without that, no date says so.
fn ended(draft: &mut Draft<'_, '_>, statement: &Node, start: Option<&str>) -> Option<String> {
    let is_known = qualifier(statement, "P582")?.text_of("snaktype") != Some("somevalue");
    if is_known {
        return None;
    }
    let is_plain = |day: &&str| day.chars().all(|c| c.is_ascii_digit() || c == '-');
    let since = start.filter(is_plain).map(|start| format!("[{start}..]"));
    if since.is_none() {
        draft.leave_out("unknown end");
    }
    since
}

/// The date of a qualifier, where it tells one that can be kept.
fn time(
    draft: &mut Draft<'_, '_>,
    statement: &Node,
    column: &str,
    property: &str,
) -> Option<String> {
    let snak = qualifier(statement, property)?;
    let all = statement.at(&["qualifiers", property]).map_or(0, |all| all.list().len());
    for _ in 1..all {
        draft.leave_out("further date");
    }
    let value = snak.at(&["datavalue", "value"])?;
    match time::edtf(value) {
        Ok(Some(date)) => Some(date),
        Ok(None) => {
            draft.leave_out("date");
            None
        }
        Err(reason) => {
            let column = format!("{column}.{property}");
            draft.refuse(value.line_of("time"), Some(&column), reason, None);
            None
        }
    }
}

/// When the reference was seen.
fn seen(draft: &mut Draft<'_, '_>, statement: &Node, column: &str) -> Option<String> {
    let snaks = statement.get("references")?.list().first()?.get("snaks")?;
    let value = snaks.get("P813")?.list().first()?.at(&["datavalue", "value"])?;
    time::edtf(value).unwrap_or_else(|reason| {
        let column = format!("{column}.references");
        draft.refuse(value.line_of("time"), Some(&column), reason, None);
        None
    })
}

/// The source of a statement: its first reference, else Wikidata itself.
fn source(draft: &mut Draft<'_, '_>, item: &Item<'_>, statement: &Node) -> Result<String, Error> {
    let references = statement.get("references").map(Node::list).unwrap_or_default();
    for _ in references.iter().skip(1) {
        draft.leave_out("further reference");
    }
    let line = statement.line;
    let snaks = references.first().and_then(|reference| reference.get("snaks"));
    let first = |property: &str| snaks?.get(property)?.list().first();
    if let Some(url) = ["P854", "P4656"].into_iter().find_map(|name| snak_text(first(name)?)) {
        let title = first("P1476").and_then(snak_text);
        let published = first("P577").and_then(|snak| snak.at(&["datavalue", "value"]));
        let published = published.and_then(|value| time::edtf(value).ok().flatten());
        let mut more: Vec<_> = title.into_iter().map(|title| ("title", title)).collect();
        more.extend(published.as_deref().map(|date| ("published", date)));
        return web_source(draft, line, url, &more);
    }
    let stated = ["P248", "P143"].into_iter().find_map(|name| snak_item(first(name)?));
    if let Some(source) = stated {
        let url = format!("https://www.wikidata.org/wiki/{source}");
        draft.mention("sources", line, &[("key", source), ("title", source), ("url", &url)])?;
        return Ok(source.to_owned());
    }
    let title = format!("Wikidata on {}", item.name.unwrap_or(item.id));
    let url = format!("https://www.wikidata.org/wiki/{}", item.id);
    web_source(draft, line, &url, &[("title", &title), ("kind", "dataset")])
}
