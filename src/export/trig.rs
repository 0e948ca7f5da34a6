//! The graph as RDF in the words of PROV-O, in `TriG`: each source has a graph of its own that holds what was read there, so
//! that nothing is said without a place where it stands.

use std::io::Write;

use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{GraphName, Literal, NamedNode, Quad, Term};
use oxttl::TriGSerializer;
use oxttl::trig::WriterTriGSerializer;

use super::amount::{Sort, count, expect};
use super::iri::{encoded, is_address, item};
use super::links::{self, Link, Tie};
use super::out::Out;
use super::rows::{claims_held, mapped, text, texts, truth};
use super::sheets::SHEETS;
use super::{Error, Options, Report, World};
use crate::base::date::{Date, NO_FIRST, NO_LAST, day_text};
use crate::base::value::Value;

const ACTORS: &str = include_str!("queries/actors.dixit");
const WORKS: &str = include_str!("queries/works.dixit");
const CLAIMS: &str = include_str!("queries/appearances.dixit");
const READINGS: &str = include_str!("queries/readings.dixit");
const LEFT: &str = include_str!("queries/count_left.dixit");

/// PROV-O, <https://www.w3.org/TR/prov-o/>.
const PROV: &str = "http://www.w3.org/ns/prov#";
/// Our own words.
const OWN: &str = "urn:dixit:term:";
/// Links, by their terms.
const LINKS: &str = "urn:dixit:link-as:";
/// Parts in a statement, by their terms.
const ROLES: &str = "urn:dixit:role:";
const PARTICIPANTS: &str = "statement_actors";
/// What is written with its name: ties between these have a place.
const NAMED: &[&str] = &["actor", "source", "claim", "statement"];
/// The one tie that PROV has a word for.
const ON_BEHALF: &str = "actedOnBehalfOf";
/// Texts of EDTF, as the Library of Congress names their type.
const EDTF: &str = "http://id.loc.gov/datatypes/edtf/EDTF";
/// Which sort of agent an actor is, by the schema of `FollowTheMoney` that its kind maps to.
const AGENTS: &[(&str, &str)] =
    &[("Person", "Person"), ("Organization", "Organization"), ("PublicBody", "Organization")];

/// Writes actors, sources and claims, then source by source what was read there.
pub(super) fn write(world: &dyn World, _: &Options, out: &mut Out<'_>) -> Result<Report, Error> {
    claims_held(world)?;
    expect(world, &[Sort::Actors, Sort::Sources, Sort::Claims, Sort::Readings, Sort::Ties])?;
    let begun = TriGSerializer::new().with_prefix("prov", PROV);
    let begun = begun.and_then(|begun| begun.with_prefix("dixit", OWN));
    let begun = begun.and_then(|begun| begun.with_prefix("rdfs", RDFS));
    let begun = begun.and_then(|begun| begun.with_prefix("xsd", XSD)).map_err(odd)?;
    let writer = begun.for_writer(out.file()?);
    let mut quads =
        Quads { world, writer, graph: GraphName::DefaultGraph, report: Report::default(), ties: 0 };
    quads.actors()?;
    quads.sources()?;
    quads.claims()?;
    quads.readings()?;
    quads.graph = GraphName::DefaultGraph;
    quads.participants()?;
    links::links(world, &mut |one| quads.link(one))?;
    links::ties(world, &mut |one| quads.tie(one))?;
    quads.leave_out()?;
    let Quads { writer, report, .. } = quads;
    writer.finish()?;
    Ok(report)
}

const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

struct Quads<'q> {
    world: &'q dyn World,
    writer: WriterTriGSerializer<&'q mut dyn Write>,
    graph: GraphName,
    report: Report,
    /// How many ties were written.
    ties: u64,
}

fn odd(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Write(std::io::Error::other(error))
}

fn iri(text: String) -> Result<NamedNode, Error> {
    NamedNode::new(text).map_err(odd)
}

/// The name of a thing: `urn:dixit:actor:mike-rounds`.
fn name(kind: &str, key: &str) -> Result<NamedNode, Error> {
    iri(format!("urn:dixit:{kind}:{}", encoded(key)))
}

impl Quads<'_> {
    fn say(
        &mut self,
        of: &NamedNode,
        what: NamedNode,
        value: impl Into<Term>,
    ) -> Result<(), Error> {
        let quad = Quad::new(of.clone(), what, value, self.graph.clone());
        Ok(self.writer.serialize_quad(&quad)?)
    }

    fn prov(&mut self, of: &NamedNode, what: &str, to: NamedNode) -> Result<(), Error> {
        self.say(of, iri(format!("{PROV}{what}"))?, to)
    }

    fn own(&mut self, of: &NamedNode, what: &str, value: impl Into<Term>) -> Result<(), Error> {
        self.say(of, iri(format!("{OWN}{what}"))?, value)
    }

    /// A text, if there is one.
    fn words(&mut self, of: &NamedNode, what: &str, text: Option<&str>) -> Result<(), Error> {
        text.map_or(Ok(()), |text| self.own(of, what, Literal::new_simple_literal(text)))
    }

    /// What it is, in the words of PROV, and its name.
    fn thing(&mut self, of: &NamedNode, ty: &str, label: Option<&str>) -> Result<(), Error> {
        self.say(of, rdf::TYPE.into_owned(), iri(format!("{PROV}{ty}"))?)?;
        let label = label.map(Literal::new_simple_literal);
        label.map_or(Ok(()), |label| self.say(of, rdfs::LABEL.into_owned(), label))
    }

    /// A date as it is written, and the days between which it lies, as far as there are such.
    fn date(&mut self, of: &NamedNode, text: Option<&str>) -> Result<(), Error> {
        let Some(text) = text else { return Ok(()) };
        let edtf = Literal::new_typed_literal(text, iri(EDTF.to_owned())?);
        self.own(of, "date", edtf)?;
        let Ok(date) = Date::parse(text) else { return Ok(()) };
        for (what, day, none) in
            [("firstDay", date.first, NO_FIRST), ("lastDay", date.last, NO_LAST)]
        {
            if day != none {
                self.own(of, what, Literal::new_typed_literal(day_text(day), xsd::DATE))?;
            }
        }
        Ok(())
    }

    fn actors(&mut self) -> Result<(), Error> {
        let (world, mut count) = (self.world, 0);
        world.ask(ACTORS, &[], &mut |row| {
            count += 1;
            let actor = name("actor", text(row, 0).unwrap_or_default())?;
            self.thing(&actor, "Agent", text(row, 1))?;
            let schema = mapped(world.catalogue(), "actor-kind", text(row, 2), "FtM ");
            let sort = AGENTS.iter().find(|(known, _)| Some(*known) == schema.as_deref());
            sort.map_or(Ok(()), |(_, ty)| self.thing(&actor, ty, None))?;
            self.words(&actor, "kind", text(row, 2))?;
            self.words(&actor, "identity", text(row, 3))?;
            let item = text(row, 5).and_then(item);
            item.map_or(Ok(()), |item| self.say(&actor, rdfs::SEE_ALSO.into_owned(), iri(item)?))
        })?;
        self.report.wrote("actor", count);
        Ok(())
    }

    fn sources(&mut self) -> Result<(), Error> {
        let (world, mut count) = (self.world, 0);
        world.ask(WORKS, &[], &mut |row| {
            count += 1;
            let key = text(row, 0).unwrap_or_default();
            let source = name("source", key)?;
            self.thing(&source, "Entity", text(row, 1))?;
            self.words(&source, "kind", text(row, 2))?;
            self.words(&source, "access", text(row, 10))?;
            if let Some(author) = text(row, 3) {
                self.prov(&source, "wasAttributedTo", name("actor", author)?)?;
            }
            if let Some(publisher) = text(row, 5) {
                self.own(&source, "publishedBy", name("actor", publisher)?)?;
            }
            let url = text(row, 7).filter(|url| is_address(url));
            if let Some(Ok(url)) = url.map(NamedNode::new) {
                self.say(&source, rdfs::SEE_ALSO.into_owned(), url)?;
            }
            self.date(&source, text(row, 8))?;
            let reading = name("reading", key)?;
            self.prov(&reading, "hadPrimarySource", source)
        })?;
        self.report.wrote("source", count);
        Ok(())
    }

    fn claims(&mut self) -> Result<(), Error> {
        let (world, mut count) = (self.world, 0);
        world.ask(CLAIMS, &[], &mut |row| {
            count += 1;
            let claim = name("claim", text(row, 0).unwrap_or_default())?;
            self.thing(&claim, "Entity", text(row, 1))
        })?;
        self.report.wrote("claim", count);
        Ok(())
    }

    /// What was read, in the graph of its source.
    fn readings(&mut self) -> Result<(), Error> {
        let (world, mut count, mut before) = (self.world, 0, (String::new(), String::new()));
        world.ask(READINGS, &[], &mut |row| {
            count += 1;
            let (source, key) =
                (text(row, 0).unwrap_or_default(), text(row, 1).unwrap_or_default());
            let statement = name("statement", key)?;
            if before.0 != source || before.1 != key {
                self.graph = name("reading", source)?.into();
                self.statement(&statement, row)?;
                before = (source.to_owned(), key.to_owned());
            }
            let has_words =
                text(row, 4).is_some() || matches!(text(row, 3), Some("direct" | "mixed"));
            let how = if has_words { "wasQuotedFrom" } else { "wasDerivedFrom" };
            self.prov(&statement, how, name("source", source)?)?;
            self.words(&statement, "mode", text(row, 3))?;
            self.words(&statement, "quote", text(row, 4))?;
            self.words(&statement, "locator", text(row, 2))?;
            self.words(&statement, "readingNote", text(row, 18))?;
            text(row, 5)
                .map_or(Ok(()), |cited| self.own(&statement, "cites", name("source", cited)?))
        })?;
        self.report.wrote("attestation", count);
        Ok(())
    }

    fn statement(&mut self, statement: &NamedNode, row: &[Value]) -> Result<(), Error> {
        self.thing(statement, "Entity", None)?;
        for speaker in text(row, 6).into_iter().chain(texts(row, 13)) {
            self.prov(statement, "wasAttributedTo", name("actor", speaker)?)?;
        }
        for principal in texts(row, 14) {
            self.own(statement, "onBehalfOf", name("actor", principal)?)?;
        }
        self.words(statement, "act", text(row, 7))?;
        if let Some(Value::Int(polarity)) = row.get(8) {
            self.own(statement, "polarity", Literal::from(*polarity))?;
        }
        if let Some(claim) = text(row, 9) {
            self.own(statement, "claim", name("claim", claim)?)?;
        }
        self.date(statement, text(row, 10))?;
        for (what, at) in [("certainty", 15), ("record", 16), ("note", 17)] {
            self.words(statement, what, text(row, at))?;
        }
        self.own(statement, "relayed", Literal::from(truth(row, 11)))?;
        for told in texts(row, 12) {
            self.prov(statement, "wasDerivedFrom", name("statement", told)?)?;
        }
        Ok(())
    }

    /// Who else had a part in a statement, in which role.
    fn participants(&mut self) -> Result<(), Error> {
        let (world, mut count) = (self.world, 0);
        for sheet in SHEETS.iter().filter(|sheet| sheet.stem == PARTICIPANTS) {
            sheet.rows(world, &mut |row| {
                let (Some(statement), Some(role), Some(actor)) =
                    (text(row, 0), text(row, 1), text(row, 2))
                else {
                    return Ok(());
                };
                count += 1;
                let role = iri(format!("{ROLES}{}", encoded(role)))?;
                self.say(&name("statement", statement)?, role, name("actor", actor)?)
            })?;
        }
        self.report.wrote("participant", count);
        Ok(())
    }

    /// A link, as an arrow and as a thing that can say more of it.
    fn link(&mut self, one: &Link<'_>) -> Result<(), Error> {
        let Link { from, relation, to, symmetric, basis, note } = *one;
        let (origin, target) = (name(from.0, from.1)?, name(to.0, to.1)?);
        let arrow = || iri(format!("{LINKS}{}", encoded(relation)));
        self.say(&origin, arrow()?, target.clone())?;
        if symmetric {
            self.say(&target, arrow()?, origin.clone())?;
        }
        self.report.wrote("link", 1);
        if basis.or(note).is_none() {
            return Ok(());
        }
        let ends = [from.0, &encoded(from.1), relation, to.0, &encoded(to.1)];
        let said = name("link", &ends.join("/"))?;
        self.own(&said, "from", origin)?;
        self.own(&said, "relation", Literal::new_simple_literal(relation))?;
        self.own(&said, "to", target)?;
        self.words(&said, "basis", basis)?;
        self.words(&said, "note", note)
    }

    /// A tie between things that have a name here, in the graph of the source it is known from.
    fn tie(&mut self, one: &Tie<'_>) -> Result<(), Error> {
        let [from, to] = [one.from, one.to].map(|end| (end.kind.to_lowercase(), &end.key));
        if [&from.0, &to.0].iter().any(|kind| !NAMED.contains(&kind.as_str())) {
            return Ok(());
        }
        self.ties += 1;
        let (origin, target) = (name(&from.0, from.1)?, name(&to.0, to.1)?);
        self.graph = name("reading", one.source.0)?.into();
        let tie = name("tie", one.key)?;
        self.thing(&tie, "Entity", None)?;
        self.prov(&tie, "wasDerivedFrom", name("source", one.source.0)?)?;
        self.own(&tie, "from", origin.clone())?;
        self.words(&tie, "relation", Some(one.relation))?;
        self.own(&tie, "to", target.clone())?;
        self.words(&tie, "role", one.role)?;
        self.words(&tie, "note", one.note)?;
        let dates = [("validFrom", one.valid_from), ("validTo", one.valid_to), ("asOf", one.as_of)];
        for (what, date) in dates {
            let Some(date) = date else { continue };
            self.own(&tie, what, Literal::new_typed_literal(date, iri(EDTF.to_owned())?))?;
        }
        let known = mapped(self.world.catalogue(), "relation", Some(one.relation), "PROV ");
        let both = one.sorts.iter().all(Option::is_some);
        if both && known.as_deref() == Some(ON_BEHALF) {
            self.prov(&origin, ON_BEHALF, target)?;
        }
        self.graph = GraphName::DefaultGraph;
        self.report.wrote("tie", 1);
        Ok(())
    }

    fn leave_out(&mut self) -> Result<(), Error> {
        let (world, ties) = (self.world, self.ties);
        world.ask(LEFT, &[], &mut |row| {
            for (noun, at) in
                [("event", 2), ("venue", 3), ("topic", 4), ("assessment", 5), ("relation", 6)]
            {
                let placed = if noun == "relation" { ties } else { 0 };
                self.report.leave_out(noun, count(row.get(at)).saturating_sub(placed));
            }
            Ok(())
        })
    }
}
