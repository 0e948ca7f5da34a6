//! What a mapping makes of a row besides the statement: judgements and relations.

use super::{
    fields::Field,
    map::{Mapping, Related, Subject, Target},
    names::Wanted,
    records::Record,
    row::Said,
    session::{CACHE, Place, Session, Trouble},
    sheet::{Sheet, some},
    slot::{Slot, content},
};
use crate::{
    base::fold::digest,
    record::key::slug,
    store::{
        batch::Cell,
        table::{Row, Shape},
    },
};
use std::borrow::Cow;

/// A judgement that every row makes.
pub(super) struct Judgement {
    pub(super) scale: String,
    pub(super) value: Slot,
    pub(super) assessor: Option<String>,
    pub(super) of: Subject,
}

/// A relation that every row states.
pub(super) struct Tie<'m> {
    pub(super) related: &'m Related,
    pub(super) term: i64,
    pub(super) to: Slot,
    pub(super) role: Option<Slot>,
}

impl Sheet<'_> {
    fn subject(of: Subject, said: &Said) -> Option<(&'static str, i64)> {
        match of {
            Subject::Statement => Some(("statement", said.statement)),
            Subject::Claim => said.claim.map(|claim| ("claim", claim)),
            Subject::Speaker => Some(("actor", said.speaker)),
            Subject::Source => Some(("source", said.source)),
        }
    }

    /// Writes the judgements that the row makes.
    pub(super) fn judge(
        &self,
        session: &mut Session<'_>,
        record: &Record,
        said: &Said,
    ) -> Result<(), Trouble> {
        for row in &self.judgements {
            let text = content(&row.value, record)?;
            let Some((table, target)) = Self::subject(row.of, said) else { continue };
            if text.is_empty() {
                continue;
            }
            let value = session.term(&row.scale, &text)?.id;
            let kind = session
                .batch
                .kind(table)
                .and_then(|kind| session.batch.kinds().get(kind))
                .map_or(0, |kind| kind.id);
            let own = match row.of {
                Subject::Statement => format!("{}-{}", said.key, row.scale),
                Subject::Claim | Subject::Speaker | Subject::Source => format!(
                    "{}-{}",
                    row.scale,
                    digest(
                        &format!(
                            "{table}\u{1f}{}\u{1f}{:?}",
                            self.texts(row.of, record)?,
                            row.assessor
                        ),
                        12
                    )
                ),
            };
            let shape = assessments();
            let assessment = session.batch.kind("assessment").unwrap_or(usize::MAX);
            let cells = [
                Cell::Text(&own),
                Cell::Int(kind),
                Cell::Int(target),
                Cell::Int(value),
                Cell::text(row.assessor.as_deref()),
            ];
            let (_, outcome) = session.batch.upsert(&Row {
                shape,
                kind: assessment,
                shown: None,
                cells: &cells,
            })?;
            session.count("assessment", outcome)?;
        }
        Ok(())
    }

    fn texts(&self, of: Subject, record: &Record) -> Result<String, Trouble> {
        let field = match of {
            Subject::Statement => Field::Key,
            Subject::Claim => Field::Claim,
            Subject::Speaker => Field::Speaker,
            Subject::Source => Field::Source,
        };
        Ok(self.cell(field, record)?.into_owned())
    }

    /// Writes the relations that the row states.
    pub(super) fn tie(
        &mut self,
        session: &mut Session<'_>,
        record: &Record,
        said: &Said,
    ) -> Result<(), Trouble> {
        for index in 0..self.ties.len() {
            let Some(tie) = self.ties.get(index) else { continue };
            let text = content(&tie.to, record)?;
            let Some((from_table, from)) = Self::subject(tie.related.from, said) else {
                continue;
            };
            if text.is_empty() {
                continue;
            }
            let wanted =
                Wanted { text: &text, matching: tie.to.matching, unnamed: None, is_named: false };
            let (finder, to_table) = match tie.related.kind {
                Target::Actor => (&mut self.finders.actor, "actor"),
                Target::Venue => (&mut self.finders.venue, "venue"),
                Target::Topic => (&mut self.finders.topic, "topic"),
                Target::Event => (&mut self.finders.event, "event"),
            };
            let to = finder.find(session, &wanted)?;
            let role =
                tie.role.as_ref().map_or(Ok(Cow::Borrowed("")), |slot| content(slot, record))?;
            if role.is_empty() && self.tied.contains(&(tie.term, from, to)) {
                continue;
            }
            let subject = self.texts(tie.related.from, record)?;
            let source = self.cell(Field::Source, record)?;
            let relation = tie.related.relation.get_ref();
            let content = [subject.as_str(), relation, &text, &role, &source].join("\u{1f}");
            let key = format!("{}-{relation}-{}", slug(&subject), digest(&content, 12));
            let id = |table: &str| {
                session
                    .batch
                    .kind(table)
                    .and_then(|kind| session.batch.kinds().get(kind))
                    .map_or(0, |kind| kind.id)
            };
            let cells = [
                Cell::Text(&key),
                Cell::Int(id(from_table)),
                Cell::Int(from),
                Cell::Int(tie.term),
                Cell::Int(id(to_table)),
                Cell::Int(to),
                Cell::text(some(&role)),
                Cell::Int(said.source),
            ];
            let kind = session.batch.kind("relation").unwrap_or(usize::MAX);
            let (_, outcome) = session.batch.upsert(&Row {
                shape: relations(),
                kind,
                shown: None,
                cells: &cells,
            })?;
            session.count("relation", outcome)?;
            if self.tied.len() >= CACHE {
                self.tied.clear();
            }
            self.tied.insert((tie.term, from, to));
        }
        Ok(())
    }
}

fn assessments() -> &'static Shape {
    static SHAPE: std::sync::OnceLock<Shape> = std::sync::OnceLock::new();
    SHAPE
        .get_or_init(|| Shape::keyed("assessment", &["target_kind", "target", "value", "assessor"]))
}

fn relations() -> &'static Shape {
    static SHAPE: std::sync::OnceLock<Shape> = std::sync::OnceLock::new();
    SHAPE.get_or_init(|| {
        Shape::keyed(
            "relation",
            &["from_kind", "from_node", "relation", "to_kind", "to_node", "role", "source"],
        )
    })
}

/// The judgements that a mapping asks for.
pub(super) fn judgements(mapping: Option<&Mapping>) -> Vec<Judgement> {
    let rows = mapping.map_or(&[][..], |mapping| &mapping.assessments);
    rows.iter()
        .map(|row| {
            let (scale, value) = (row.scale.get_ref().clone(), Slot::of(&row.value));
            Judgement { scale, value, assessor: row.assessor.clone(), of: row.of }
        })
        .collect()
}

/// The relations that a mapping asks for.
pub(super) fn ties<'m>(
    session: &mut Session<'_>,
    place: Place,
    mapping: Option<&'m Mapping>,
) -> Vec<Tie<'m>> {
    let mut ties = Vec::new();
    for related in mapping.map_or(&[][..], |mapping| &mapping.relations) {
        let term = session.term("relation", related.relation.get_ref()).map(|term| term.id);
        if let Ok(Some(term)) = session.settle(place, "relation", term) {
            let (to, role) = (Slot::of(&related.to), related.role.as_ref().map(Slot::of));
            ties.push(Tie { related, term, to, role });
        }
    }
    ties
}
