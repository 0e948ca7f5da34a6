//! Answers to SPARQL queries as JSON: one row a relation of an actor, or an actor alone. The names of the variables tell what
//! the columns are.

use super::{
    Error,
    draft::{Draft, Term},
    entity::{
        self, Actor, FAMILY_OF, OFFICE, date, file_source, fitting, is_item, mention_actor,
        named_actor, web_source,
    },
    importers::Head,
    json::{
        Node,
        glimpse::glimpse,
        stream::{self, Part},
    },
};

/// Variables for the actor that a row is about, with its kind.
const ACTORS: &[(&str, &str)] = &[
    ("person", "person"),
    ("human", "person"),
    ("politician", "person"),
    ("actor", "unknown"),
    ("item", "unknown"),
    ("subject", "unknown"),
];

/// A variable for what the actor is tied to.
struct Tie {
    variable: &'static str,
    relation: &'static str,
    role: &'static str,
    kind: &'static str,
    term: Option<&'static Term>,
}

const fn tie(variable: &'static str, relation: &'static str, kind: &'static str) -> Tie {
    Tie { variable, relation, role: "", kind, term: None }
}

const fn family(variable: &'static str) -> Tie {
    let relation = FAMILY_OF.name;
    Tie { variable, relation, role: variable, kind: "person", term: Some(&FAMILY_OF) }
}

const TIES: &[Tie] = &[
    Tie { term: Some(&OFFICE), ..tie("office", "holds_office", "office") },
    Tie { term: Some(&OFFICE), ..tie("position", "holds_office", "office") },
    tie("party", "member_of", "organization"),
    tie("organization", "member_of", "organization"),
    tie("organisation", "member_of", "organization"),
    tie("group", "member_of", "group"),
    tie("memberOf", "member_of", "organization"),
    tie("employer", "works_for", "organization"),
    family("father"),
    family("mother"),
    family("spouse"),
    family("child"),
    family("sibling"),
];

const START: &[&str] = &["start", "startDate", "startTime", "from"];
const END: &[&str] = &["end", "endDate", "endTime", "until"];
const AS_OF: &[&str] = &["date", "pointInTime", "asOf"];
const SOURCE: &[&str] = &["source", "reference", "referenceURL", "url"];
const ROLE: &[&str] = &["role"];
/// What may stand behind the name of a variable.
const BEHIND: &[&str] = &["Label", "AltLabel", "Alias", "Description", "Precision"];

/// Whether a file holds an answer: its head names the variables.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let seen = glimpse(head.text());
    seen.list("/head/vars") || seen.map("/head") && seen.list("/results/bindings")
}

/// Reads a file.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    stream::each(draft, &["results", "bindings"], &mut |draft, part| match part {
        Part::Element(node) => row(draft, &node),
        Part::Rest(_) => Ok(()),
    })
}

/// One row of the answer.
struct Row<'n> {
    node: &'n Node,
}

impl<'n> Row<'n> {
    fn value(&self, variable: &str) -> Option<&'n str> {
        self.node.get(variable)?.text_of("value")
    }

    /// The value of a variable with something behind its name, such as `personLabel`.
    fn behind(&self, variable: &str, what: &str) -> Option<&'n str> {
        self.value(&format!("{variable}{what}"))
    }

    fn is(&self, variable: &str, sort: &str) -> bool {
        self.node.get(variable).and_then(|value| value.text_of("type")) == Some(sort)
    }

    fn line(&self, variable: &str) -> u64 {
        self.node.get(variable).map_or(self.node.line, |value| value.line_of("value"))
    }

    /// The first variable of a list that has a value.
    fn first<'v>(&self, variables: &[&'v str]) -> Option<(&'v str, &'n str)> {
        variables.iter().find_map(|variable| Some((*variable, self.value(variable)?)))
    }
}

fn row(draft: &mut Draft<'_, '_>, node: &Node) -> Result<(), Error> {
    let row = Row { node };
    let Some((variable, kind)) = ACTORS.iter().find(|(name, _)| row.value(name).is_some()) else {
        let help = "select the actor as ?person or ?actor".to_owned();
        draft.refuse(node.line, None, "no variable of this row names an actor", Some(help));
        return Ok(());
    };
    let Some(actor) = party(draft, &row, variable, kind, true)? else { return Ok(()) };
    for tie in TIES.iter().filter(|tie| row.value(tie.variable).is_some()) {
        relation(draft, &row, &actor, tie)?;
    }
    leave_out_others(draft, node, variable);
    Ok(())
}

/// Adds who stands in a variable; gives the key.
fn party(
    draft: &mut Draft<'_, '_>,
    row: &Row<'_>,
    variable: &str,
    kind: &str,
    is_subject: bool,
) -> Result<Option<String>, Error> {
    let Some(value) = row.value(variable) else { return Ok(None) };
    let line = row.line(variable);
    if row.is(variable, "bnode") {
        draft.leave_out("value without a name");
        return Ok(None);
    }
    if !row.is(variable, "uri") {
        return named_actor(draft, line, value, kind).map(Some);
    }
    let last = value.trim_end_matches('/').rsplit('/').next().unwrap_or(value);
    let item = Some(last).filter(|last| value.contains("wikidata.org/") && is_item(last));
    let id = item.map_or_else(|| fitting(value), str::to_owned);
    let label = row.behind(variable, "Label").filter(|label| *label != last);
    let Some(name) = label else {
        mention_actor(draft, line, &id, kind)?;
        return Ok(Some(id));
    };
    let names = row.behind(variable, "AltLabel").into_iter().flat_map(|names| names.split(", "));
    let names = names.chain(row.behind(variable, "Alias")).map(str::trim).collect();
    let note = row.behind(variable, "Description").unwrap_or_default();
    if is_subject {
        let actor = Actor { id: &id, item, name, kind, names, note, line };
        entity::actor(draft, &actor)?;
    } else {
        mention_actor(draft, line, &id, kind)?;
        draft.name("actors", line, &[("key", &id), ("name", name)])?;
        draft.also("actors", line, &id, names.into_iter().chain([name]))?;
    }
    Ok(Some(id))
}

fn relation(draft: &mut Draft<'_, '_>, row: &Row<'_>, actor: &str, tie: &Tie) -> Result<(), Error> {
    let line = row.line(tie.variable);
    if let Some(term) = tie.term {
        draft.term(line, term)?;
    }
    let Some(target) = party(draft, row, tie.variable, tie.kind, false)? else { return Ok(()) };
    let source = match row.first(SOURCE) {
        Some((variable, url)) => web_source(draft, row.line(variable), url, &[])?,
        None => file_source(draft, line)?,
    };
    let (from, to) = (format!("actor:{actor}"), format!("actor:{target}"));
    let role = row.first(ROLE).map_or(tie.role, |(_, role)| role);
    let dates = [("valid_from", START), ("valid_to", END), ("as_of", AS_OF)];
    let dates = dates.map(|(column, variables)| (column, when(draft, row, variables)));
    let mut cells = vec![("from", from.as_str()), ("relation", tie.relation), ("to", &to)];
    cells.push(("source", &source));
    if !role.is_empty() {
        cells.push(("role", role));
    }
    for (column, date) in &dates {
        cells.extend(date.as_deref().map(|date| (*column, date)));
    }
    draft.row("relations", line, &cells)
}

/// The date of the first of these variables; `?startPrecision` tells whether it is a year (9), a month (10) or a day (11).
fn when(draft: &mut Draft<'_, '_>, row: &Row<'_>, variables: &[&str]) -> Option<String> {
    let (variable, text) = row.first(variables)?;
    if row.is(variable, "bnode") || row.is(variable, "uri") {
        draft.leave_out("date");
        return None;
    }
    let day = entity::day_of(text);
    let cut = match row.behind(variable, "Precision") {
        Some("9") => day.get(..4).unwrap_or(day),
        Some("10") => day.get(..7).unwrap_or(day),
        _ => day,
    };
    date(draft, row.line(variable), variable, cut)
}

/// Counts the variables that mean nothing here.
fn leave_out_others(draft: &mut Draft<'_, '_>, node: &Node, actor: &str) {
    let lists = [START, END, AS_OF, SOURCE, ROLE];
    let is_known = |name: &str| {
        name == actor
            || TIES.iter().any(|tie| tie.variable == name)
            || lists.iter().any(|list| list.contains(&name))
    };
    for (name, _) in node.members() {
        let bare = BEHIND.iter().find_map(|behind| name.strip_suffix(behind));
        if !is_known(name) && !bare.is_some_and(is_known) {
            draft.leave_out_property(&format!("?{name}"));
        }
    }
}
