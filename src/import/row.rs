//! What the cells of a sheet's row mean: terms, dates, and nodes that are found or made.

use super::{
    Error,
    fields::{self, FIELDS, Field},
    names::Wanted,
    order::{Order, Read},
    records::Record,
    session::{Place, Session, Trouble, refuse},
    sheet::Sheet,
    slot::{content, parts},
};
use crate::base::date::Date;

/// First and last possible day, and the text where it is not one exact day.
type When = (Option<i64>, Option<i64>, Option<String>);

/// What the cells of a row turned out to be.
#[derive(Default)]
pub(super) struct Said {
    pub(super) speaker: i64,
    pub(super) act: i64,
    pub(super) source: i64,
    pub(super) claim: Option<i64>,
    pub(super) certainty: Option<i64>,
    pub(super) record: Option<i64>,
    pub(super) mode: Option<i64>,
    pub(super) venue: Option<i64>,
    pub(super) event: Option<i64>,
    pub(super) cites: Option<i64>,
    pub(super) date: When,
    pub(super) members: [Vec<i64>; 3],
    /// The statement, once it is written.
    pub(super) statement: i64,
    pub(super) key: String,
}

/// What a row says of how its speaker is known.
#[derive(Default)]
struct Scope<'s> {
    /// The source and the term, where not by name.
    unnamed: Option<(&'s str, i64)>,
    /// Whether it says: by name.
    is_named: bool,
}

impl Sheet<'_> {
    /// Finds out what all cells mean. What is wrong is written down, cell by cell.
    pub(super) fn said(
        &mut self,
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
    ) -> Result<Option<Said>, Error> {
        let mut said = Said::default();
        let source = self.node(session, Field::Source, record, &Scope::default());
        said.source = settle(session, place, Field::Source, source)?.flatten().unwrap_or_default();
        let speaker = self.speaker(session, record);
        said.speaker = settle(session, place, Field::Speaker, speaker)?.unwrap_or_default();
        let act = self.term(session, Field::Act, record);
        said.act = settle(session, place, Field::Act, act)?.flatten().unwrap_or_default();
        for (field, target) in [
            (Field::Certainty, &mut said.certainty),
            (Field::Record, &mut said.record),
            (Field::Mode, &mut said.mode),
        ] {
            let term = self.term(session, field, record);
            *target = settle(session, place, field, term)?.flatten();
        }
        for (field, target) in [
            (Field::Claim, &mut said.claim),
            (Field::Venue, &mut said.venue),
            (Field::Event, &mut said.event),
            (Field::Cites, &mut said.cites),
        ] {
            let node = self.node(session, field, record, &Scope::default());
            *target = settle(session, place, field, node)?.flatten();
        }
        let date = self.date(session, record);
        said.date = settle(session, place, Field::Date, date)?.unwrap_or_default();
        for (index, (field, _)) in self.roles.into_iter().enumerate() {
            let members = self.members(session, field, record);
            if let Some(target) = said.members.get_mut(index) {
                *target = settle(session, place, field, members)?.unwrap_or_default();
            }
        }
        let topics = said.claim.map_or(Ok(()), |claim| self.keep_topics(session, claim, record));
        settle(session, place, Field::Topic, topics)?;
        let required = self.complete(&said, record);
        session.settle(place, "", required)?;
        Ok((said.source > 0 && said.speaker > 0 && said.act > 0).then_some(said))
    }

    /// A row without a claim has to be about another statement.
    fn complete(&self, said: &Said, record: &Record) -> Result<(), Trouble> {
        let linked = self.links.iter().any(|(place, _)| {
            let slot = self.slots.get(*place).and_then(Option::as_ref);
            slot.is_some_and(|slot| content(slot, record).is_ok_and(|text| !text.is_empty()))
        });
        if said.claim.is_some() || linked || !self.cell(Field::Claim, record)?.is_empty() {
            return Ok(());
        }
        let help = "write the claim, or in `reports` the statement that is relayed".to_owned();
        Err(Trouble::Refused(
            "the row has neither a claim nor a statement that it relays".to_owned(),
            Some(help),
        ))
    }

    fn speaker(&mut self, session: &mut Session<'_>, record: &Record) -> Result<i64, Trouble> {
        let identity = self.term(session, Field::Identity, record)?;
        let named = session.batch.term("identity", "named").map(|term| term.id);
        let unnamed = identity.filter(|identity| Some(*identity) != named);
        let source = self.cell(Field::Source, record)?.into_owned();
        let scope = Scope {
            unnamed: unnamed.map(|identity| (source.as_str(), identity)),
            is_named: identity.is_some() && unnamed.is_none(),
        };
        let node = self.node(session, Field::Speaker, record, &scope)?;
        node.map_or_else(|| refuse("the speaker is missing"), Ok)
    }

    fn node(
        &mut self,
        session: &mut Session<'_>,
        field: Field,
        record: &Record,
        scope: &Scope<'_>,
    ) -> Result<Option<i64>, Trouble> {
        let Scope { unnamed, is_named } = *scope;
        let Some(slot) = self.slots.get(fields::place(field)).and_then(Option::as_ref) else {
            return Ok(None);
        };
        let text = content(slot, record)?;
        if text.is_empty() && unnamed.is_none() {
            return if field == Field::Source { refuse("the source is missing") } else { Ok(None) };
        }
        let wanted = Wanted { text: &text, matching: slot.matching, unnamed, is_named };
        let finder = match field {
            Field::Claim => &mut self.finders.claim,
            Field::Venue => &mut self.finders.venue,
            Field::Event => &mut self.finders.event,
            Field::Source | Field::Cites => &mut self.finders.source,
            _ => &mut self.finders.actor,
        };
        finder.find(session, &wanted).map(Some)
    }

    fn members(
        &mut self,
        session: &mut Session<'_>,
        field: Field,
        record: &Record,
    ) -> Result<Vec<i64>, Trouble> {
        let Some(slot) = self.slots.get(fields::place(field)).and_then(Option::as_ref) else {
            return Ok(Vec::new());
        };
        let text = content(slot, record)?;
        let mut members = Vec::new();
        for text in parts(slot, &text) {
            let wanted = Wanted { text, matching: slot.matching, unnamed: None, is_named: false };
            members.push(self.finders.actor.find(session, &wanted)?);
        }
        Ok(members)
    }

    fn keep_topics(
        &mut self,
        session: &mut Session<'_>,
        claim: i64,
        record: &Record,
    ) -> Result<(), Trouble> {
        let Some(slot) = self.slots.get(fields::place(Field::Topic)).and_then(Option::as_ref)
        else {
            return Ok(());
        };
        let text = content(slot, record)?;
        if self.topics_given.get(claim, &text).is_some() {
            return Ok(());
        }
        let mut topics = Vec::new();
        for text in parts(slot, &text) {
            topics.push(self.finders.topic.find(
                session,
                &Wanted { text, matching: slot.matching, unnamed: None, is_named: false },
            )?);
        }
        session.batch.set_members(&self.topics, &[claim], &topics, false)?;
        self.topics_given.keep(claim, &text, claim);
        Ok(())
    }

    fn term(
        &self,
        session: &Session<'_>,
        field: Field,
        record: &Record,
    ) -> Result<Option<i64>, Trouble> {
        let text = self.cell(field, record)?;
        if text.is_empty() {
            return if field == Field::Act { refuse("the act is missing") } else { Ok(None) };
        }
        let name = FIELDS.get(fields::place(field)).map_or("", |(name, _)| *name);
        Ok(Some(session.term(name, &text)?.id))
    }

    fn date(&self, session: &mut Session<'_>, record: &Record) -> Result<When, Trouble> {
        let text = self.cell(Field::Date, record)?;
        if text.is_empty() {
            return Ok((None, None, None));
        }
        let date = match self.slot(Field::Date).and_then(|slot| slot.order.as_ref()) {
            Some(order) => ordered(session, order, &text)?,
            None => session.date(&text).map_err(|trouble| or_tell_order(trouble, &text))?,
        };
        let text = date.exact().is_none().then_some(date.text);
        Ok((Some(date.first), Some(date.last), text))
    }
}

/// Where three numbers leave open which is the day, the order can be told.
fn or_tell_order(trouble: Trouble, text: &str) -> Trouble {
    let mut orders = ["d.m.y", "d/m/y", "d-m-y"].into_iter();
    let is_so = |order: &&str| Order::parse(order).is_some_and(|it| it.read(text) != Read::Other);
    match (trouble, orders.find(is_so)) {
        (Trouble::Refused(reason, Some(help)), Some(order)) if help.contains(" as in ") => {
            let help = format!("{help}, or tell the order in a mapping: format = \"{order}\"");
            Trouble::Refused(reason, Some(help))
        }
        (trouble, _) => trouble,
    }
}

/// A date in the order that the mapping tells. What is written in another way has to be EDTF.
fn ordered(session: &mut Session<'_>, order: &Order, text: &str) -> Result<Date, Trouble> {
    let help = |help: &str| Some(help.to_owned());
    match order.read(text) {
        Read::Day(day) => session.date(&day).map_err(|trouble| match trouble {
            Trouble::Refused(..) => {
                Trouble::Refused(format!("'{text}' is not a date: there is no day {day}"), None)
            }
            other => other,
        }),
        Read::ShortYear => Err(Trouble::Refused(
            format!("'{text}' is not a date: its year is too short"),
            help("write the year in four digits"),
        )),
        Read::Other => session.date(text),
    }
}

fn settle<T>(
    session: &mut Session<'_>,
    place: Place,
    field: Field,
    result: Result<T, Trouble>,
) -> Result<Option<T>, Error> {
    let name = FIELDS.get(fields::place(field)).map_or("", |(name, _)| *name);
    Ok(session.settle(place, name, result)?)
}
