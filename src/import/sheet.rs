//! Reads a coding sheet: one row a statement, with where it was read.

use super::{
    Error, Tick,
    extras::{Judgement, Tie, judgements, ties},
    fields::{self, FIELDS, Field, TELLING},
    folder,
    map::Mapping,
    names::{Finder, Wanted, slug},
    records::{Dialect, Fault, Record, Records},
    session::{CACHE, Place, Session, Trouble, refuse},
    slot::{Slot, by_heading, content, locate, parts},
};
use crate::{
    base::{fold::digest, source::Source},
    record::catalogue::Term,
    store::{
        batch::{Cell, Outcome},
        table::{Attestation, List, Row, Shape},
    },
};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// Reads one sheet.
pub(super) fn read(
    session: &mut Session<'_>,
    mapping: Option<&Mapping>,
    name: &str,
    tick: &mut Tick<'_>,
) -> Result<(), Error> {
    let file = session.open_file(name)?;
    let mut sheet: Option<Sheet<'_>> = None;
    loop {
        match tick.records.advance() {
            Ok(false) => break,
            Ok(true) => {}
            Err(Fault::Io(error)) => return Err(Error::Io(name.into(), error)),
            Err(Fault::File(blame)) => {
                session.blame(file, blame);
                break;
            }
            Err(Fault::Record(blame)) => {
                session.blame(file, blame);
                continue;
            }
        }
        tick.row();
        let record = tick.records.record();
        if let Some(sheet) = &mut sheet {
            sheet.row(session, file, record)?;
            continue;
        }
        let Some(mut made) = Sheet::new(session, mapping, file, record)? else { return Ok(()) };
        if !made.has_header {
            made.row(session, file, record)?;
        }
        sheet = Some(made);
    }
    match sheet {
        Some(sheet) => sheet.resolve_links(session),
        None => Ok(()),
    }
}

/// Adds what the mapping itself declares, as if it stood in the files of a folder.
pub(super) fn declare(
    session: &mut Session<'_>,
    source: &Source,
    mapping: &Mapping,
) -> Result<(), Error> {
    let file = session.open_file(source.name().unwrap_or("mapping"))?;
    for (table, offset, cells) in mapping.declared() {
        let line = u64::try_from(source.line_column(offset).0).unwrap_or(0);
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let (names, values): (Vec<_>, Vec<_>) =
            cells.iter().map(|(name, cell)| (quoted(name), quoted(cell))).unzip();
        let text = format!("{}\n{}\n", names.join(","), values.join(","));
        let mut records = Records::new(text.as_bytes(), Dialect { delimiter: b',', quoting: true });
        let mut layout: Option<folder::Layout> = None;
        while let Ok(true) = records.advance() {
            let mut record = records.take_record();
            record.line = line;
            match &layout {
                None => layout = folder::header(session, table, file, &record),
                Some(layout) => layout.row(session, file, &record)?,
            }
            if layout.is_none() {
                break;
            }
        }
        session.batch.reload_terms()?;
    }
    folder::resolve_later(session)
}

/// A sheet whose columns are known.
pub(super) struct Sheet<'m> {
    slots: Vec<Option<Slot>>,
    has_header: bool,
    width: usize,
    row_shift: i64,
    statement: usize,
    shape: Shape,
    pub(super) finders: Finders,
    links: Vec<(usize, Term)>,
    co_speakers: List,
    topics: List,
    roles: [(Field, i64); 3],
    repeated: HashMap<String, u32>,
    pub(super) judgements: Vec<Judgement>,
    pub(super) ties: Vec<Tie<'m>>,
    /// Ties of this sheet that were written lately.
    pub(super) tied: HashSet<(i64, i64, i64)>,
}

pub(super) struct Finders {
    pub(super) actor: Finder,
    pub(super) venue: Finder,
    pub(super) event: Finder,
    pub(super) source: Finder,
    pub(super) topic: Finder,
    pub(super) claim: Finder,
}

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

const COLUMNS: &[&str] = &[
    "speaker",
    "act",
    "claim",
    "certainty",
    "record",
    "date_first",
    "date_last",
    "date_text",
    "venue",
    "event",
    "utterance",
    "note",
];

impl<'m> Sheet<'m> {
    fn new(
        session: &mut Session<'_>,
        mapping: Option<&'m Mapping>,
        file: usize,
        first: &Record,
    ) -> Result<Option<Self>, Error> {
        let has_header = mapping.is_none_or(|mapping| mapping.file.header.unwrap_or(true));
        let before = session.refused_count;
        let place = (file, first.line);
        let mut slots = match mapping {
            Some(mapping) => mapping.slots.clone(),
            None => by_heading(session, place, first),
        };
        for slot in slots.iter_mut().flatten() {
            locate(session, place, slot, first, has_header);
        }
        let mut judgements = judgements(mapping);
        let mut ties = ties(session, place, mapping);
        let extra = judgements.iter_mut().map(|row| &mut row.value);
        let ends =
            ties.iter_mut().flat_map(|tie| std::iter::once(&mut tie.to).chain(tie.role.as_mut()));
        for slot in extra.chain(ends) {
            locate(session, place, slot, first, has_header);
        }
        let role = |session: &Session<'_>, name: &str| {
            session.batch.term("role", name).map_or(0, |term| term.id)
        };
        let first_row = mapping.and_then(|mapping| mapping.file.first_row);
        let own_first = if has_header { first.row + 1 } else { first.row };
        let shift = first_row.map_or(0, |told| number(told) - number(own_first));
        let sheet = Self {
            slots,
            has_header,
            width: first.len(),
            row_shift: shift,
            statement: session.batch.kind("statement").unwrap_or(usize::MAX),
            shape: Shape::keyed("statement", COLUMNS),
            finders: finders(session, mapping)?,
            links: links(session),
            co_speakers: List::new("participant", &["statement", "role"], "actor"),
            topics: List::new("claim_topic", &["claim"], "topic"),
            roles: [
                (Field::Audience, role(session, "audience")),
                (Field::OnBehalfOf, role(session, "on-behalf-of")),
                (Field::With, role(session, "co-speaker")),
            ],
            repeated: HashMap::new(),
            judgements,
            ties,
            tied: HashSet::new(),
        };
        Ok((session.refused_count == before).then_some(sheet))
    }

    /// Reads one row; what is wrong with it is written down.
    fn row(
        &mut self,
        session: &mut Session<'_>,
        file: usize,
        record: &Record,
    ) -> Result<(), Error> {
        let place = (file, record.line);
        if record.len() != self.width {
            let (what, width) = (if self.has_header { "heading" } else { "first row" }, self.width);
            let reason = format!("the row has {} cells, the {what} has {width}", record.len());
            let help = "a cell that holds the delimiter needs quotation marks".to_owned();
            session.refuse(place, None, reason, Some(help));
            return self.give_up(session, record);
        }
        let before = session.refused_count;
        let said = self.said(session, place, record)?;
        let Some(mut said) = said.filter(|_| session.refused_count == before) else {
            return self.give_up(session, record);
        };
        let kept = self.keep(session, place, record, &mut said);
        if session.settle(place, "", kept)?.is_none() {
            self.give_up(session, record)?;
        }
        Ok(())
    }

    fn give_up(&self, session: &Session<'_>, record: &Record) -> Result<(), Error> {
        let key = self.cell(Field::Key, record).unwrap_or_default();
        session.batch.note_refused(self.statement, &key)?;
        Ok(session.batch.note_refused(self.statement, &format!("row {}", self.number(record)))?)
    }

    fn number(&self, record: &Record) -> i64 {
        number(record.row) + self.row_shift
    }

    fn slot(&self, field: Field) -> Option<&Slot> {
        self.slots.get(fields::place(field)).and_then(Option::as_ref)
    }

    /// The content of a field; empty where there is none.
    pub(super) fn cell<'r>(
        &'r self,
        field: Field,
        record: &'r Record,
    ) -> Result<Cow<'r, str>, Trouble> {
        self.slot(field).map_or(Ok(Cow::Borrowed("")), |slot| content(slot, record))
    }

    /// Finds out what all cells mean. What is wrong is written down, cell by cell.
    fn said(
        &mut self,
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
    ) -> Result<Option<Said>, Error> {
        let mut said = Said::default();
        let source = self.node(session, Field::Source, record, None);
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
            let node = self.node(session, field, record, None);
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
        let node = self.node(
            session,
            Field::Speaker,
            record,
            unnamed.map(|identity| (source.as_str(), identity)),
        )?;
        node.map_or_else(|| refuse("the speaker is missing"), Ok)
    }

    fn node(
        &mut self,
        session: &mut Session<'_>,
        field: Field,
        record: &Record,
        unnamed: Option<(&str, i64)>,
    ) -> Result<Option<i64>, Trouble> {
        let Some(slot) = self.slots.get(fields::place(field)).and_then(Option::as_ref) else {
            return Ok(None);
        };
        let text = content(slot, record)?;
        if text.is_empty() && unnamed.is_none() {
            return if field == Field::Source { refuse("the source is missing") } else { Ok(None) };
        }
        let wanted = Wanted { text: &text, matching: slot.matching, unnamed };
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
            let wanted = Wanted { text, matching: slot.matching, unnamed: None };
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
        let mut topics = Vec::new();
        for text in parts(slot, &text) {
            topics.push(
                self.finders
                    .topic
                    .find(session, &Wanted { text, matching: slot.matching, unnamed: None })?,
            );
        }
        session.batch.set_members(&self.topics, &[claim], &topics, false)?;
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
        let date = session.date(&text)?;
        let text = date.exact().is_none().then_some(date.text);
        Ok((Some(date.first), Some(date.last), text))
    }

    /// Writes the statement and everything that hangs on it.
    fn keep(
        &mut self,
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
        said: &mut Said,
    ) -> Result<(), Trouble> {
        let outcome = self.keep_statement(session, record, said)?;
        let id = said.statement;
        let attested = self.keep_attestation(session, record, said, outcome == Outcome::Added)?;
        let mut changed = false;
        for ((_, role), members) in self.roles.iter().zip(&said.members) {
            let only = !session.batch.is_new(self.statement, id);
            if only || !members.is_empty() {
                changed |=
                    session.batch.set_members(&self.co_speakers, &[id, *role], members, only)?;
            }
        }
        let outcome = if changed && outcome == Outcome::Same { Outcome::Changed } else { outcome };
        session.count("statement", outcome)?;
        session.count("attestation", attested)?;
        self.defer_links(session, place, record, id)?;
        self.judge(session, record, said)?;
        self.tie(session, record, said)
    }

    fn keep_statement(
        &mut self,
        session: &Session<'_>,
        record: &Record,
        said: &mut Said,
    ) -> Result<Outcome, Trouble> {
        let told = self.cell(Field::Key, record)?.into_owned();
        let own = told.is_empty();
        let (key, known) = if own {
            self.free_key(session, record)?
        } else {
            let known = session.batch.by_key(self.statement, &told)?;
            (folder::valid_key(&told)?.to_owned(), known)
        };
        let (utterance, note) =
            (self.cell(Field::Utterance, record)?, self.cell(Field::Note, record)?);
        let (first, last, text) = &said.date;
        let cells = [
            Cell::Text(&key),
            Cell::Int(said.speaker),
            Cell::Int(said.act),
            Cell::int(said.claim),
            Cell::int(said.certainty),
            Cell::int(said.record),
            Cell::int(*first),
            Cell::int(*last),
            Cell::text(text.as_deref()),
            Cell::int(said.venue),
            Cell::int(said.event),
            Cell::text(some(&utterance)),
            Cell::text(some(&note)),
        ];
        let row = Row { shape: &self.shape, kind: self.statement, shown: None, cells: &cells };
        let (id, outcome) = session.batch.write(known, &row)?;
        if own && outcome != Outcome::Added {
            session.batch.touch(self.statement, id)?;
        }
        said.statement = id;
        said.key = key;
        Ok(outcome)
    }

    /// A key made of the row's content, and the statement that has it. Rows of one sheet with the same content are
    /// numbered.
    fn free_key(
        &mut self,
        session: &Session<'_>,
        record: &Record,
    ) -> Result<(String, Option<i64>), Trouble> {
        let mut content = String::with_capacity(256);
        for field in TELLING {
            content.push_str(&self.cell(*field, record)?);
            content.push('\u{1f}');
        }
        let act = self.cell(Field::Act, record)?;
        let speaker: String = slug(&self.cell(Field::Speaker, record)?).chars().take(32).collect();
        let base = format!("{speaker}-{act}-{}", digest(&content, 12));
        let mut number = self.repeated.get(&base).copied().unwrap_or(1);
        loop {
            let key = if number == 1 { base.clone() } else { format!("{base}-{number}") };
            let known = session.batch.by_key(self.statement, &key)?;
            let taken = match known {
                Some(id) => session.batch.is_touched(self.statement, id)?,
                None => false,
            };
            if !taken {
                if number > 1 {
                    if self.repeated.len() >= CACHE {
                        self.repeated.clear();
                    }
                    self.repeated.insert(base, number + 1);
                }
                return Ok((key, known));
            }
            number += 1;
        }
    }

    fn keep_attestation(
        &self,
        session: &Session<'_>,
        record: &Record,
        said: &Said,
        fresh: bool,
    ) -> Result<Outcome, Trouble> {
        let (locator, quote) =
            (self.cell(Field::Locator, record)?, self.cell(Field::Quote, record)?);
        let row = Attestation {
            statement: said.statement,
            source: said.source,
            locator: some(&locator),
            mode: said.mode,
            quote: some(&quote),
            cites: said.cites,
            note: None,
        };
        if fresh {
            session.batch.add_attestation(&row)?;
            return Ok(Outcome::Added);
        }
        Ok(session.batch.attest(&row)?)
    }

    /// Keeps the links of a row until the whole sheet was read, because they may point forward.
    fn defer_links(
        &self,
        session: &Session<'_>,
        place: Place,
        record: &Record,
        statement: i64,
    ) -> Result<(), Trouble> {
        let mut linked = false;
        for (index, (slot_place, _)) in self.links.iter().enumerate() {
            let Some(slot) = self.slots.get(*slot_place).and_then(Option::as_ref) else { continue };
            linked = true;
            for text in parts(slot, &content(slot, record)?) {
                session.batch.defer(number(index), statement, text, place)?;
            }
        }
        if linked {
            let row = u64::try_from(self.number(record)).unwrap_or(0);
            session.batch.note_row(row, statement)?;
        }
        Ok(())
    }

    /// Finds what the links of the sheet point to: a key, else the number of a row.
    fn resolve_links(&self, session: &mut Session<'_>) -> Result<(), Error> {
        let mut after = 0;
        while let Some((id, pending)) = session.batch.next_pending(after)? {
            after = id;
            let Some((slot, term)) =
                usize::try_from(pending.task).ok().and_then(|task| self.links.get(task))
            else {
                continue;
            };
            let place = (pending.file, pending.line);
            let name = FIELDS.get(*slot).map_or("", |(name, _)| *name);
            let target = self.target(session, &pending.text);
            if let Some(target) = session.settle(place, name, target)? {
                let kept = session.link_statements(term, (pending.node, target), None, None);
                session.settle(place, name, kept)?;
            }
        }
        Ok(session.batch.clear_pending()?)
    }

    fn target(&self, session: &Session<'_>, text: &str) -> Result<i64, Trouble> {
        if let Some(id) = session.batch.by_key(self.statement, text)? {
            return Ok(id);
        }
        let Ok(row) = text.parse::<u64>() else {
            return Err(session.missing(self.statement, text)?);
        };
        if let Some(id) = session.batch.statement_of_row(row)? {
            return Ok(id);
        }
        if session.batch.was_refused(self.statement, &format!("row {row}"))? {
            return Err(Trouble::Known);
        }
        let help = "rows are counted as a spreadsheet does: the heading is row 1".to_owned();
        Err(Trouble::Refused(format!("there is no statement in row {row}"), Some(help)))
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

fn finders(session: &mut Session<'_>, mapping: Option<&Mapping>) -> Result<Finders, Error> {
    let mut finder = |table: &'static str, wanted: &[(&'static str, &str)]| {
        let mut given: Vec<(String, i64)> = Vec::new();
        for (column, text) in wanted {
            let vocabulary =
                if *column == "kind" { format!("{table}-kind") } else { (*column).to_owned() };
            let told = mapping
                .and_then(|mapping| mapping.new.iter().find(|(name, _)| name.get_ref() == table));
            let told =
                told.and_then(|(_, terms)| terms.get(*column)).map(|text| text.get_ref().as_str());
            let Some(text) = told.or(Some(*text).filter(|text| !text.is_empty())) else { continue };
            let place = (session.files.len().saturating_sub(1), 1);
            let term = session.term(&vocabulary, text).map(|term| term.id);
            if let Some(id) = session.settle(place, column, term)? {
                given.push(((*column).to_owned(), id));
            }
        }
        Ok::<Finder, Error>(Finder::new(session, table, table, given))
    };
    Ok(Finders {
        actor: finder("actor", &[("kind", ""), ("identity", "named")])?,
        venue: finder("venue", &[("kind", "")])?,
        event: finder("event", &[("kind", "")])?,
        source: finder("source", &[("kind", ""), ("access", "")])?,
        topic: finder("topic", &[("kind", "")])?,
        claim: finder("claim", &[("kind", "")])?,
    })
}

/// The link fields: the place of the slot and the term.
fn links(session: &Session<'_>) -> Vec<(usize, Term)> {
    let link = |(place, (_, field)): (usize, &(&str, Field))| {
        let Field::Link(name) = field else { return None };
        Some((place, session.batch.term("link", name)?.clone()))
    };
    FIELDS.iter().enumerate().filter_map(link).collect()
}

pub(super) fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(0)
}
