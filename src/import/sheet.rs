//! Reads a coding sheet: one row a statement, with where it was read.

use super::{
    Error, Tick,
    beside::{Beside, beside},
    extras::{Judgement, Tie, judgements, ties},
    fields::{self, Field, NEEDED, TELLING},
    folder, later,
    map::{Mapping, Others},
    names::{Finders, finders},
    records::{Fault, Record},
    relay::links,
    remembered::Remembered,
    row::Said,
    session::{CACHE, Place, Session, Trouble},
    slot::{Slot, by_heading, content, leaves_out, locate},
    value,
};
use crate::{
    base::{fold::digest, source::Source},
    record::{catalogue::Term, key::slug},
    store::{
        batch::{Cell, Outcome},
        table::{Attestation, List, Row, Shape},
    },
};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    path::Path,
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
        let (mut heading, mut row) = (Record::at(line, 1), Record::at(line, 2));
        for (name, cell) in cells {
            heading.push(name);
            row.push(cell);
        }
        if let Some(layout) = folder::header(session, table, file, &heading) {
            layout.row(session, file, &row)?;
        }
        session.batch.reload_terms()?;
    }
    later::resolve(session)
}

/// A sheet whose columns are known.
pub(super) struct Sheet<'m> {
    pub(super) slots: Vec<Option<Slot>>,
    has_header: bool,
    width: usize,
    row_shift: i64,
    pub(super) statement: usize,
    shape: Shape,
    pub(super) finders: Finders,
    pub(super) links: Vec<(usize, Term)>,
    pub(super) co_speakers: List,
    pub(super) topics: List,
    /// Which topics claims were given by this sheet.
    pub(super) topics_given: Remembered,
    pub(super) roles: [(Field, i64); 3],
    repeated: HashMap<String, u32>,
    /// Whether some row so far gave a key of its own.
    pub(super) has_keys: bool,
    pub(super) judgements: Vec<Judgement>,
    pub(super) ties: Vec<Tie<'m>>,
    /// Rows of the files of a folder that a row gives before its statement.
    beside: Vec<Beside>,
    /// Columns without which a row is skipped.
    needs: Vec<Slot>,
    /// Ties of this sheet that were written lately.
    pub(super) tied: HashSet<(i64, i64, i64)>,
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
        let mut needs: Vec<Slot> = mapping.map(Mapping::needs).into_iter().flatten().collect();
        for slot in &mut needs {
            locate(session, place, slot, first, has_header);
        }
        let beside = beside(session, place, mapping, first, has_header);
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
            topics_given: Remembered::default(),
            roles: [
                (Field::Audience, role(session, "audience")),
                (Field::OnBehalfOf, role(session, "on-behalf-of")),
                (Field::With, role(session, "co-speaker")),
            ],
            repeated: HashMap::new(),
            has_keys: false,
            judgements,
            ties,
            beside,
            needs,
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
            let reason = format!(
                "the row has {}, the {what} has {width}",
                crate::base::count::counted(record.len() as u64, "cell")
            );
            let help = "a cell that holds the delimiter needs quotation marks".to_owned();
            session.refuse(place, None, reason, Some(help));
            return self.give_up(session, record);
        }
        if self.is_skipped(record) {
            session.skipped += 1;
            return Ok(());
        }
        let before = session.refused_count;
        for beside in &mut self.beside {
            beside.row(session, file, record)?;
        }
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

    /// Whether a needed field holds what the mapping tells to skip, or a column is empty that it needs.
    fn is_skipped(&self, record: &Record) -> bool {
        let lacks = |slot: &Slot| content(slot, record).is_ok_and(|cell| cell.trim().is_empty());
        if self.needs.iter().any(lacks) {
            return true;
        }
        let slots = NEEDED.iter().filter_map(|field| self.slot(*field));
        slots.filter(|slot| slot.others == Others::Skip).any(|slot| leaves_out(slot, record))
    }

    fn give_up(&self, session: &Session<'_>, record: &Record) -> Result<(), Error> {
        let key = self.told_key(record).unwrap_or_default();
        session.batch.note_refused(self.statement, &key)?;
        Ok(session.batch.note_refused(self.statement, &format!("row {}", self.number(record)))?)
    }

    pub(super) fn number(&self, record: &Record) -> i64 {
        number(record.row) + self.row_shift
    }

    pub(super) fn slot(&self, field: Field) -> Option<&Slot> {
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

    /// Writes the statement and everything that hangs on it.
    fn keep(
        &mut self,
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
        said: &mut Said,
    ) -> Result<(), Trouble> {
        let outcome = self.keep_statement(session, place, record, said)?;
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
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
        said: &mut Said,
    ) -> Result<Outcome, Trouble> {
        let told = self.told_key(record)?;
        let own = told.is_empty();
        self.has_keys |= !own;
        let mut key =
            if own { self.made_key(record)? } else { value::valid_key(&told)?.to_owned() };
        let utterance = self.cell(Field::Utterance, record)?.into_owned();
        let note = self.cell(Field::Note, record)?.into_owned();
        let (first, last, text) = &said.date;
        let wanted = key.clone();
        let mut cells = [
            Cell::Text(&wanted),
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
        let (id, outcome) = if let Some(id) = session.batch.try_add(&row)? {
            (id, Outcome::Added)
        } else {
            let mut known = session.batch.by_key(self.statement, &key)?;
            if own {
                (key, known) = self.free_key(session, key)?;
                session.repeated += u64::from(key != wanted);
            } else if let Some(id) = known {
                self.refuse_stranger(session, place, (id, &key), said)?;
            }
            cells[0] = Cell::Text(&key);
            let row = Row { shape: &self.shape, kind: self.statement, shown: None, cells: &cells };
            session.batch.write(known, &row)?
        };
        if own && outcome != Outcome::Added {
            session.batch.touch(self.statement, id)?;
        }
        said.statement = id;
        said.key = key;
        Ok(outcome)
    }

    /// The key that the row gives, with the prefix of the sheet; empty where it gives none.
    fn told_key(&self, record: &Record) -> Result<String, Trouble> {
        let cell = self.cell(Field::Key, record)?;
        Ok(if cell.is_empty() { String::new() } else { format!("{}{cell}", self.prefix()) })
    }

    /// What stands before every key of the sheet.
    pub(super) fn prefix(&self) -> &str {
        self.slot(Field::Key).map_or("", |slot| slot.prefix.as_str())
    }

    /// A statement that was there before this sheet and differs in most of what makes a statement is another one that
    /// happens to have the same key.
    fn refuse_stranger(
        &self,
        session: &Session<'_>,
        place: Place,
        known: (i64, &str),
        said: &Said,
    ) -> Result<(), Trouble> {
        let (id, key) = known;
        if session.batch.is_touched(self.statement, id)? {
            return Ok(());
        }
        let Some(there) = session.batch.gist(id, said.source)? else { return Ok(()) };
        let differs = [there.speaker != said.speaker, there.claim != said.claim, !there.in_source];
        if differs.into_iter().filter(|differs| *differs).count() < 2 {
            return Ok(());
        }
        let how = if there.speaker == said.speaker {
            "with another claim from another source".to_owned()
        } else {
            format!("said by {}", there.speaker_name)
        };
        let column = self.slot(Field::Key).map_or_else(String::new, |slot| match &slot.name {
            Some(name) => format!("\"{name}\""),
            None => slot.index.map_or(0, |index| index + 1).to_string(),
        });
        let file = session.files.get(place.0).map_or("", String::as_str);
        let stem = Path::new(file).file_stem().map(|stem| slug(&stem.to_string_lossy()));
        Err(Trouble::Refused(
            format!(
                "statement '{key}' is there already, {how}: a key must be unique over all sheets"
            ),
            Some(format!(
                "give the keys of this sheet a prefix in a mapping: key = {{ column = {column}, prefix = \"{}-\" }}",
                stem.unwrap_or_default()
            )),
        ))
    }

    /// A key made of the row's content.
    fn made_key(&self, record: &Record) -> Result<String, Trouble> {
        let mut content = String::with_capacity(256);
        for field in TELLING {
            content.push_str(&self.cell(*field, record)?);
            content.push('\u{1f}');
        }
        let act = self.cell(Field::Act, record)?;
        let speaker: String = slug(&self.cell(Field::Speaker, record)?).chars().take(32).collect();
        Ok(format!("{speaker}-{act}-{}", digest(&content, 12)))
    }

    /// A key that no earlier row of the sheet has, and the statement that has it. Rows of one sheet with the same
    /// content are numbered.
    fn free_key(
        &mut self,
        session: &Session<'_>,
        base: String,
    ) -> Result<(String, Option<i64>), Trouble> {
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
}

pub(super) fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

pub(super) fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(0)
}
