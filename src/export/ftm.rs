//! Entities of `FollowTheMoney`, one a line: actors, the ties between them, and sources. Which schema a kind of actor, of
//! source or of tie has is what its term says it maps to (`FtM Person`). Names of schemas and properties follow the model
//! at followthemoney.tech.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::amount::{Sort, expect};
use super::out::Out;
use super::rows::{claims_held, mapped, text, texts};
use super::{Error, Options, Report, World};
use crate::base::fold::digest;
use crate::base::value::Value;
use crate::record::entities::{AUTHOR, PUBLISHER, SOURCE, TIE};

const ACTORS: &str = include_str!("queries/actors.dixit");
const SOURCES: &str = include_str!("queries/cited.dixit");
const TIES: &str = include_str!("queries/ties.dixit");
const LEFT: &str = include_str!("queries/count_left.dixit");

/// A tie whose ends have names of their own: the schema, and the properties of its two ends.
const ENDS: &[(&str, &str, &str)] = &[
    ("Membership", "member", "organization"),
    ("Employment", "employee", "employer"),
    ("Directorship", "director", "organization"),
    ("Ownership", "owner", "asset"),
    ("Representation", "agent", "client"),
    ("Family", "person", "relative"),
    ("Associate", "person", "associate"),
    (UNKNOWN, "subject", "object"),
];
/// The schema of ties that no other one fits.
const UNKNOWN: &str = "UnknownLink";

/// Writes actors, then sources, then ties.
pub(super) fn write(world: &dyn World, _: &Options, out: &mut Out<'_>) -> Result<Report, Error> {
    claims_held(world)?;
    expect(world, &[Sort::Actors, Sort::Sources, Sort::Ties])?;
    let (report, posts) = (Report::default(), BTreeSet::new());
    let mut entities = Entities { world, w: out.file()?, report, posts, ties: 0 };
    entities.actors()?;
    entities.sources()?;
    entities.ties()?;
    entities.leave_out()?;
    Ok(entities.report)
}

struct Entities<'e> {
    world: &'e dyn World,
    w: &'e mut dyn std::io::Write,
    report: Report,
    /// Positions that were written.
    posts: BTreeSet<String>,
    ties: u64,
}

impl Entities<'_> {
    fn put(&mut self, id: &str, schema: &str, properties: &Properties) -> Result<(), Error> {
        let entity = json!({"id": id, "schema": schema, "properties": properties.0});
        writeln!(self.w, "{entity}")?;
        self.report.wrote(schema, 1);
        Ok(())
    }

    /// The schema that a term maps to.
    fn schema(&self, vocabulary: &str, term: Option<&str>, usual: &'static str) -> String {
        let known = mapped(self.world.catalogue(), vocabulary, term, "FtM ");
        known.unwrap_or_else(|| usual.to_owned())
    }

    fn actors(&mut self) -> Result<(), Error> {
        let world = self.world;
        world.ask(ACTORS, &[], &mut |row| {
            let key = text(row, 0).unwrap_or_default();
            let schema = self.schema("actor-kind", text(row, 2), "LegalEntity");
            let mut properties = Properties::default();
            properties.add("name", text(row, 1));
            properties.add("summary", text(row, 4));
            properties.add("wikidataId", text(row, 5));
            for alias in texts(row, 6) {
                properties.add("alias", Some(alias));
            }
            properties.add("notes", text(row, 7));
            self.put(key, &schema, &properties)
        })
    }

    fn sources(&mut self) -> Result<(), Error> {
        let world = self.world;
        let values = [("actor", Value::Null), ("claim", Value::Null)];
        world.ask(SOURCES, &values, &mut |row| {
            let key = text(row, 0).unwrap_or_default();
            let schema = self.schema("source-kind", text(row, 2), "Document");
            let mut properties = Properties::default();
            properties.add("title", text(row, 1));
            properties.add("author", text(row, 3));
            properties.add("publisher", text(row, 6));
            properties.date("date", "notes", text(row, 9));
            properties.add("sourceUrl", text(row, 10));
            self.put(&source(key), &schema, &properties)?;
            // There an author is only a name; who it is, a link says.
            for (role, at) in [(AUTHOR, 12), (PUBLISHER, 13)] {
                let Some(actor) = text(row, at) else { continue };
                let mut properties = Properties::default();
                properties.add("document", Some(&source(key)));
                properties.add("entity", Some(actor));
                properties.add("role", Some(role));
                self.put(&format!("{role}-of-{}", source(key)), "Documentation", &properties)?;
            }
            Ok(())
        })
    }

    fn ties(&mut self) -> Result<(), Error> {
        let world = self.world;
        world.ask(TIES, &[], &mut |row| {
            self.ties += 1;
            let relation = text(row, 2).unwrap_or_default();
            let (key, origin) =
                (text(row, 0).unwrap_or_default(), text(row, 1).unwrap_or_default());
            let target = text(row, 3).unwrap_or_default();
            let schema = self.schema("relation", text(row, 2), UNKNOWN);
            let mut properties = Properties::default();
            let schema = if schema == "Occupancy" {
                self.office(&mut properties, row)?
            } else {
                let known = ENDS.iter().find(|(known, _, _)| *known == schema);
                let (schema, from, to) = known.unwrap_or(&(UNKNOWN, "subject", "object"));
                properties.add(from, Some(origin));
                properties.add(to, Some(target));
                properties.add("role", text(row, 4));
                // What has no schema of its own says what it is by its term.
                if *schema == UNKNOWN {
                    properties.add("role", Some(relation));
                }
                *schema
            };
            properties.date("startDate", "description", text(row, 5));
            properties.date("endDate", "description", text(row, 6));
            // Not `date`, which is when something happened.
            properties.date("retrievedAt", "description", text(row, 7));
            properties.add("proof", text(row, 8).map(source).as_deref());
            properties.add("sourceUrl", text(row, 9));
            properties.add("description", text(row, 10));
            self.put(&format!("{TIE}{key}"), schema, &properties)
        })
    }

    /// An office is held in a position, which belongs to whom it is held for. Only persons hold one there.
    fn office(
        &mut self,
        properties: &mut Properties,
        row: &[Value],
    ) -> Result<&'static str, Error> {
        let (origin, target) = (text(row, 1).unwrap_or_default(), text(row, 3).unwrap_or_default());
        if text(row, 11) != Some("person") {
            properties.add("subject", Some(origin));
            properties.add("object", Some(target));
            properties.add("role", text(row, 4));
            properties.add("role", text(row, 2));
            return Ok(UNKNOWN);
        }
        if self.schema("actor-kind", text(row, 13), "LegalEntity") == "Position" {
            properties.add("holder", Some(origin));
            properties.add("post", Some(target));
            return Ok("Occupancy");
        }
        let role = text(row, 4).unwrap_or("office");
        let post = format!("post-{}", digest(&format!("{role}\u{1f}{target}"), 16));
        if self.posts.insert(post.clone()) {
            let mut position = Properties::default();
            let of = text(row, 12).unwrap_or(target);
            position.add("name", Some(&format!("{role}, {of}")));
            position.add("organization", Some(target));
            self.put(&post, "Position", &position)?;
        }
        properties.add("holder", Some(origin));
        properties.add("post", Some(&post));
        Ok("Occupancy")
    }

    /// Counts what has no place there, ties to anything but actors among it.
    fn leave_out(&mut self) -> Result<(), Error> {
        let (world, ties) = (self.world, self.ties);
        world.ask(LEFT, &[], &mut |row| {
            for (noun, value) in NOUNS.iter().zip(row) {
                let Value::Int(count) = value else { continue };
                let count = u64::try_from(*count).unwrap_or(0);
                let placed = if *noun == "relation" { ties } else { 0 };
                self.report.leave_out(noun, count.saturating_sub(placed));
            }
            Ok(())
        })
    }
}

const NOUNS: [&str; 7] =
    ["statement", "claim", "event", "venue", "topic", "assessment", "relation"];

/// The id of a source, which may have the key of an actor.
fn source(key: &str) -> String {
    format!("{SOURCE}{key}")
}

/// The properties of an entity: lists of texts, each once.
#[derive(Default)]
struct Properties(Map<String, Json>);

impl Properties {
    fn add(&mut self, name: &str, text: Option<&str>) {
        let Some(text) = text else { return };
        let list = self.0.entry(name).or_insert_with(|| json!([]));
        if let Json::Array(list) = list
            && !list.iter().any(|known| known == text)
        {
            list.push(json!(text));
        }
    }

    /// A date as far as the model has one: a day, a month or a year. What is uncertain besides is told in words.
    fn date(&mut self, name: &str, words: &str, text: Option<&str>) {
        let Some(text) = text else { return };
        let plain = text.chars().all(|c| c.is_ascii_digit() || c == '-');
        if plain && text.len() <= 10 {
            self.add(name, Some(text));
            return;
        }
        self.add(words, Some(&format!("{name}: {text}")));
    }
}
