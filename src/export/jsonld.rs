//! The graph in the words of schema.org, as JSON-LD: claims, who takes which side on them, where that stands. A review of a
//! claim is written only where somebody judged it; what an actor says of a claim is an act, not a verdict.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::amount::{Sort, expect};
use super::iri::{encoded, is_address, item};
use super::links::{self, Link, Tie};
use super::out::Out;
use super::rows::{claims_held, mapped, text, texts, truth};
use super::{Error, Options, Report, World};
use crate::base::date::{Date, day_text};
use crate::base::value::Value;

const ACTORS: &str = include_str!("queries/actors.dixit");
const WORKS: &str = include_str!("queries/works.dixit");
const VENUES: &str = include_str!("queries/venues.dixit");
const TOPICS: &str = include_str!("queries/topics.dixit");
const EVENTS: &str = include_str!("queries/events.dixit");
const CLAIMS: &str = include_str!("queries/appearances.dixit");
const ACTS: &str = include_str!("queries/acts.dixit");
const READINGS: &str = include_str!("queries/readings.dixit");
const VERDICTS: &str = include_str!("queries/verdicts.dixit");
const LEFT: &str = include_str!("queries/count_left.dixit");

/// What actors are, by the schema of `FollowTheMoney` that their kind maps to.
const AGENTS: &[(&str, &str)] = &[
    ("Person", "Person"),
    ("PublicBody", "GovernmentOrganization"),
    ("Organization", "Organization"),
    ("Company", "Corporation"),
];

/// What sources are, by the type of CSL that their kind maps to.
const WORKS_AS: &[(&str, &str)] = &[
    ("article-newspaper", "NewsArticle"),
    ("article-magazine", "Article"),
    ("article-journal", "ScholarlyArticle"),
    ("post", "SocialMediaPosting"),
    ("dataset", "Dataset"),
    ("book", "Book"),
    ("report", "Report"),
    ("webpage", "WebPage"),
    ("post-weblog", "BlogPosting"),
];

/// Makes an object of a row; none where the row has no place.
type Make = fn(&dyn World, &[Value]) -> Option<Map<String, Json>>;

/// The parts of the graph: the noun for its report, the question, and what becomes of a row.
const PARTS: &[(&str, &str, Make)] = &[
    ("actor", ACTORS, actor),
    ("source", WORKS, work),
    ("venue", VENUES, |_, row| thing("Thing", "venue", row, 7)),
    ("topic", TOPICS, |_, row| thing("DefinedTerm", "topic", row, 5)),
    ("event", EVENTS, event),
    ("claim", CLAIMS, claim),
    ("statement", ACTS, act),
    ("quotation", READINGS, quotation),
    ("review", VERDICTS, review),
];

/// What is asked for.
const ROWS: &[Sort] = &[
    Sort::Actors,
    Sort::Sources,
    Sort::Venues,
    Sort::Topics,
    Sort::Events,
    Sort::Claims,
    Sort::Statements,
    Sort::Readings,
    Sort::Judgements,
    Sort::Ties,
];

/// Writes one object with all things in an array.
pub(super) fn write(world: &dyn World, _: &Options, out: &mut Out<'_>) -> Result<Report, Error> {
    claims_held(world)?;
    expect(world, ROWS)?;
    let w = out.file()?;
    let mut report = Report::default();
    w.write_all(b"{\"@context\":\"https://schema.org\",\"@graph\":[")?;
    let (mut before, mut reviews, mut ties) = ("\n", 0, 0);
    for (noun, question, make) in PARTS {
        let mut count = 0;
        world.ask(question, &[], &mut |row| {
            let Some(object) = make(world, row) else { return Ok(()) };
            w.write_all(before.as_bytes())?;
            put(w, &Json::Object(object))?;
            before = ",\n";
            count += 1;
            Ok(())
        })?;
        if *noun == "review" {
            reviews = count;
        }
        report.wrote(noun, count);
    }
    links::links(world, &mut |one| {
        let Some(object) = linked(one) else {
            report.leave_out("link", 1);
            return Ok(());
        };
        report.wrote("link", 1);
        w.write_all(before.as_bytes())?;
        before = ",\n";
        put(w, &Json::Object(object))
    })?;
    links::ties(world, &mut |one| {
        let Some(object) = tied(world, one) else { return Ok(()) };
        ties += 1;
        report.wrote("tie", 1);
        w.write_all(before.as_bytes())?;
        before = ",\n";
        put(w, &Json::Object(object))
    })?;
    w.write_all(b"\n]}\n")?;
    leave_out(world, (reviews, ties), &mut report)?;
    Ok(report)
}

/// Writes a value so that it may stand inside of a script element: in JSON these characters occur in texts alone.
fn put(w: &mut dyn Write, value: &Json) -> Result<(), Error> {
    let text = value.to_string();
    let safe = text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
        safe
    });
    Ok(w.write_all(safe.as_bytes())?)
}

/// Counts what has no place: ties that schema.org has no words for, and judgements of anything but claims.
fn leave_out(
    world: &dyn World,
    (reviews, ties): (u64, u64),
    report: &mut Report,
) -> Result<(), Error> {
    world.ask(LEFT, &[], &mut |row| {
        for (noun, at, placed) in [("assessment", 5, reviews), ("relation", 6, ties)] {
            if let Some(Value::Int(count)) = row.get(at) {
                report.leave_out(noun, u64::try_from(*count).unwrap_or(0).saturating_sub(placed));
            }
        }
        Ok(())
    })
}

fn id(kind: &str, key: &str) -> String {
    format!("#{kind}/{}", encoded(key))
}

fn link(kind: &str, key: &str) -> Json {
    json!({"@id": id(kind, key)})
}

fn links(kind: &str, keys: &[&str]) -> Vec<Json> {
    keys.iter().map(|key| link(kind, key)).collect()
}

/// A thing with its key, to be filled.
fn begun(ty: &str, kind: &str, key: &str) -> Map<String, Json> {
    let mut object = Map::new();
    object.insert("@type".to_owned(), json!(ty));
    object.insert("@id".to_owned(), json!(id(kind, key)));
    object.insert("identifier".to_owned(), json!(key));
    object
}

fn add(object: &mut Map<String, Json>, name: &str, value: Option<impl Into<Json>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

/// None of nothing, one thing as itself, more as an array.
fn few(mut all: Vec<Json>) -> Option<Json> {
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Json::Array(all)),
    }
}

/// A date as ISO 8601 has it, which knows a day, a month or a year, or else a line of words.
fn date(object: &mut Map<String, Json>, name: &str, words: &mut Vec<String>, text: Option<&str>) {
    let Some(text) = text else { return };
    if text.len() <= 10 && text.chars().all(|c| c.is_ascii_digit() || c == '-') {
        object.insert(name.to_owned(), json!(text));
    } else {
        words.push(format!("{name}: {text}"));
    }
}

/// The one day that a date is.
fn exact_day(text: &str) -> Option<String> {
    Date::parse(text).ok()?.exact().map(day_text)
}

fn describe(object: &mut Map<String, Json>, words: &[String]) {
    add(object, "description", (!words.is_empty()).then(|| words.join("; ")));
}

fn named_in(
    table: &[(&str, &'static str)],
    known: Option<&str>,
    usual: &'static str,
) -> &'static str {
    let found = table.iter().find(|(name, _)| Some(*name) == known);
    found.map_or(usual, |(_, ty)| *ty)
}

/// Anything that has its key and its name in front, and other names and a note in these two places.
fn thing(ty: &str, kind: &str, row: &[Value], note: usize) -> Option<Map<String, Json>> {
    let mut object = begun(ty, kind, text(row, 0)?);
    add(&mut object, "name", text(row, 1));
    let names = texts(row, note - 1).into_iter().map(Json::from).collect();
    add(&mut object, "alternateName", few(names));
    add(&mut object, "description", text(row, note));
    Some(object)
}

fn actor(world: &dyn World, row: &[Value]) -> Option<Map<String, Json>> {
    let schema = mapped(world.catalogue(), "actor-kind", text(row, 2), "FtM ");
    let mut object = thing(named_in(AGENTS, schema.as_deref(), "Thing"), "actor", row, 7)?;
    add(&mut object, "disambiguatingDescription", text(row, 4));
    add(&mut object, "sameAs", text(row, 5).and_then(item));
    Some(object)
}

fn work(world: &dyn World, row: &[Value]) -> Option<Map<String, Json>> {
    let ty = mapped(world.catalogue(), "source-kind", text(row, 2), "CSL ");
    let key = text(row, 0)?;
    let mut object = begun(named_in(WORKS_AS, ty.as_deref(), "CreativeWork"), "source", key);
    add(&mut object, "name", text(row, 1));
    add(&mut object, "genre", text(row, 2));
    add(&mut object, "author", text(row, 3).map(|key| link("actor", key)));
    add(&mut object, "publisher", text(row, 5).map(|key| link("actor", key)));
    add(&mut object, "url", text(row, 7).filter(|url| is_address(url)));
    let mut words: Vec<String> = text(row, 9).map(str::to_owned).into_iter().collect();
    date(&mut object, "datePublished", &mut words, text(row, 8));
    describe(&mut object, &words);
    Some(object)
}

fn event(_: &dyn World, row: &[Value]) -> Option<Map<String, Json>> {
    let mut object = begun("Event", "event", text(row, 0)?);
    add(&mut object, "name", text(row, 1));
    let mut words: Vec<String> = text(row, 8).map(str::to_owned).into_iter().collect();
    date(&mut object, "startDate", &mut words, text(row, 3));
    add(&mut object, "superEvent", text(row, 5).map(|key| link("event", key)));
    let names = texts(row, 7).into_iter().map(Json::from).collect();
    add(&mut object, "alternateName", few(names));
    describe(&mut object, &words);
    Some(object)
}

fn claim(_: &dyn World, row: &[Value]) -> Option<Map<String, Json>> {
    let mut object = begun("Claim", "claim", text(row, 0)?);
    add(&mut object, "text", text(row, 1));
    add(&mut object, "description", text(row, 2));
    let mut about = links("topic", &texts(row, 3));
    if let Some(Value::List(nodes)) = row.get(4) {
        let nodes = nodes.iter().filter_map(|node| match node {
            Value::Node(node) => Some(link(&node.kind.to_lowercase(), &node.key)),
            _ => None,
        });
        for node in nodes {
            if !about.contains(&node) {
                about.push(node);
            }
        }
    }
    add(&mut object, "about", few(about));
    add(&mut object, "appearance", few(links("source", &texts(row, 5))));
    add(&mut object, "firstAppearance", text(row, 6).map(|key| link("source", key)));
    Some(object)
}

/// What its speaker did. An act on somebody else's statement has that one as its object, so that both keep their speakers.
fn act(_: &dyn World, row: &[Value]) -> Option<Map<String, Json>> {
    let ty = match row.get(3) {
        Some(Value::Int(side)) if *side > 0 => "AgreeAction",
        Some(Value::Int(side)) if *side < 0 => "DisagreeAction",
        _ => "CommunicateAction",
    };
    let mut object = begun(ty, "statement", text(row, 0)?);
    add(&mut object, "name", text(row, 2));
    let mut agents = vec![link("actor", text(row, 1)?)];
    agents.extend(links("actor", &texts(row, 13)));
    add(&mut object, "agent", few(agents));
    let mut objects = links("statement", &texts(row, 12));
    objects.extend(text(row, 4).map(|key| link("claim", key)));
    add(&mut object, "object", few(objects));
    add(&mut object, "participant", few(links("actor", &texts(row, 14))));
    add(&mut object, "location", text(row, 6));
    add(&mut object, "subjectOf", few(links("source", &texts(row, 16))));
    if truth(row, 10) {
        let told = format!("known only as told by {}", texts(row, 11).join(", "));
        add(&mut object, "disambiguatingDescription", Some(told));
    }
    let day = text(row, 5).and_then(exact_day);
    let undated = text(row, 5).filter(|_| day.is_none());
    add(&mut object, "startTime", day);
    let lines = [("date", undated), ("during", text(row, 7)), ("certainty", text(row, 8))];
    let more = [("record", text(row, 9)), ("note", text(row, 17))];
    let mut words: Vec<String> = lines
        .into_iter()
        .chain(more)
        .filter_map(|(name, text)| text.map(|text| format!("{name}: {text}")))
        .collect();
    words.extend(texts(row, 15).iter().map(|key| format!("on behalf of: {}", id("actor", key))));
    describe(&mut object, &words);
    Some(object)
}

/// Between which kinds there are links, and the property that joins them: it leads to a role that says what sort of link it
/// is, and from the role to the other end.
const JOINED_BY: &[(&str, &str, &str)] = &[
    ("statement", "statement", "object"),
    ("statement", "claim", "object"),
    ("claim", "claim", "citation"),
    ("source", "source", "citation"),
];

fn linked(one: &Link<'_>) -> Option<Map<String, Json>> {
    let Link { from, relation, to, symmetric: _, basis, note } = *one;
    let known = JOINED_BY.iter().find(|(a, b, _)| (*a, *b) == (from.0, to.0));
    let (_, _, property) = known?;
    let mut object = Map::new();
    add(&mut object, "@type", Some("LinkRole"));
    add(&mut object, "linkRelationship", Some(relation));
    let other = json!({ *property: link(from.0, from.1) });
    add(&mut object, "@reverse", Some(other));
    add(&mut object, property, Some(link(to.0, to.1)));
    let words = [("basis", basis), ("note", note)];
    let words = words.into_iter().filter_map(|(name, text)| Some(format!("{name}: {}", text?)));
    describe(&mut object, &words.collect::<Vec<_>>());
    Some(object)
}

/// Ties of actors, by the schema of `FollowTheMoney` that their term maps to: the property, and what it may join.
const TIED_BY: &[(&str, &str, &[&str], &[&str])] = &[
    ("Membership", "memberOf", ANYBODY, ORGANIZATIONS),
    ("Employment", "worksFor", PERSONS, ORGANIZATIONS),
    ("Occupancy", "affiliation", PERSONS, ORGANIZATIONS),
];
const PERSONS: &[&str] = &["Person"];
const ORGANIZATIONS: &[&str] = &["Organization", "GovernmentOrganization", "Corporation"];
const ANYBODY: &[&str] = &["Person", "Organization", "GovernmentOrganization", "Corporation"];

/// A tie between two actors, as a role that one of them has in the other.
fn tied(world: &dyn World, one: &Tie<'_>) -> Option<Map<String, Json>> {
    let catalogue = world.catalogue();
    let [from, to] = one.sorts.map(|sort| {
        let schema = mapped(catalogue, "actor-kind", Some(sort?), "FtM ");
        Some(named_in(AGENTS, schema.as_deref(), "Thing"))
    });
    let (from, to) = (from?, to?);
    let schema = mapped(catalogue, "relation", Some(one.relation), "FtM ")?;
    let mut known = TIED_BY.iter().filter(|(name, ..)| *name == schema);
    let (_, property, ..) =
        known.find(|(_, _, first, other)| first.contains(&from) && other.contains(&to))?;
    let mut object = begun("OrganizationRole", "tie", one.key);
    add(&mut object, "roleName", one.role.or(Some(one.relation)));
    add(&mut object, "@reverse", Some(json!({ *property: link("actor", &one.from.key) })));
    add(&mut object, property, Some(link("actor", &one.to.key)));
    let mut words = Vec::new();
    date(&mut object, "startDate", &mut words, one.valid_from);
    date(&mut object, "endDate", &mut words, one.valid_to);
    words.extend(one.as_of.map(|date| format!("as of: {date}")));
    words.extend(one.note.map(str::to_owned));
    add(&mut object, "subjectOf", Some(link("source", one.source.0)));
    describe(&mut object, &words);
    Some(object)
}

/// Words that stand in a source for a statement.
fn quotation(_: &dyn World, row: &[Value]) -> Option<Map<String, Json>> {
    let quote = text(row, 4)?;
    let mut object = Map::new();
    add(&mut object, "@type", Some("Quotation"));
    add(&mut object, "text", Some(quote));
    add(&mut object, "about", Some(link("statement", text(row, 1)?)));
    add(&mut object, "isPartOf", Some(link("source", text(row, 0)?)));
    let places = [("at", text(row, 2)), ("mode", text(row, 3))];
    let words =
        places.into_iter().filter_map(|(name, text)| text.map(|text| format!("{name}: {text}")));
    describe(&mut object, &words.collect::<Vec<_>>());
    Some(object)
}

/// A judgement of a claim.
fn review(world: &dyn World, row: &[Value]) -> Option<Map<String, Json>> {
    let (scale, value) = (text(row, 3)?, text(row, 4)?);
    let mut object = begun("ClaimReview", "assessment", text(row, 0)?);
    add(&mut object, "itemReviewed", Some(link("claim", text(row, 1)?)));
    add(&mut object, "claimReviewed", text(row, 2));
    let mut rating = Map::new();
    add(&mut rating, "@type", Some("Rating"));
    add(&mut rating, "ratingValue", Some(value));
    add(&mut rating, "reviewAspect", Some(scale));
    let mut terms = world.catalogue().terms.iter();
    let term = terms.find(|term| term.vocabulary == scale && term.term == value);
    add(&mut rating, "alternateName", term.and_then(|term| term.definition.clone()));
    add(&mut object, "reviewRating", Some(Json::Object(rating)));
    // An assessor is a text, which may be the key of an actor. What else it names, nobody said.
    let assessor = text(row, 8).map(|key| link("actor", key));
    add(&mut object, "author", assessor.or(text(row, 5).map(|name| json!({"name": name}))));
    let mut words: Vec<String> = text(row, 7).map(str::to_owned).into_iter().collect();
    date(&mut object, "datePublished", &mut words, text(row, 6));
    describe(&mut object, &words);
    Some(object)
}
