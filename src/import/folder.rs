//! Reads the files of a folder of CSV files, as the table in `files` describes them.

use super::{
    Error, Tick, exact,
    files::{Column, File, Holds, Rows},
    later,
    records::{Fault, Record},
    session::{Place, Session, Trouble, near, refuse},
    value::{Value, arranged, date_values, listed, ordered, sign, valid_key},
};
use crate::{
    base::{count::counted, fold::digest},
    record::key::slug,
    store::{
        self,
        batch::{Cell, Outcome},
        judge::Named,
        table::{Attestation, List, Row, Shape},
    },
};

/// A file with the columns that it has: where each stands and how rows are written.
pub(crate) struct Layout {
    file: &'static File,
    kind: usize,
    columns: Vec<(&'static Column, usize)>,
    shape: Shape,
    width: usize,
}

/// Reads one file of the folder.
pub(crate) fn read(
    session: &mut Session<'_>,
    file: &'static File,
    name: &str,
    tick: &mut Tick<'_>,
) -> Result<(), Error> {
    let number = session.open_file(name)?;
    let mut layout: Option<Layout> = None;
    loop {
        match tick.records.advance() {
            Ok(false) => break,
            Ok(true) => {}
            Err(Fault::Io(error)) => return Err(Error::Io(name.into(), error)),
            Err(Fault::File(blame)) => {
                session.blame(number, blame);
                break;
            }
            Err(Fault::Record(blame)) => {
                session.blame(number, blame);
                continue;
            }
        }
        tick.row();
        let record = tick.records.record();
        match &layout {
            Some(layout) => layout.row(session, number, record)?,
            None => match header(session, file, number, record) {
                Some(made) => layout = Some(made),
                None => return Ok(()),
            },
        }
    }
    if file.stem == "vocab" {
        session.batch.reload_terms()?;
    }
    Ok(())
}

/// Finds the columns of a file by its first row.
pub(crate) fn header(
    session: &mut Session<'_>,
    file: &'static File,
    number: usize,
    record: &Record,
) -> Option<Layout> {
    let before = session.refused_count;
    let mut columns: Vec<(&'static Column, usize)> = Vec::new();
    for (index, name) in record.cells().enumerate() {
        let twice = columns.iter().any(|(column, _)| column.name == name);
        match file.columns.iter().find(|column| column.name == name).filter(|_| !twice) {
            Some(column) => columns.push((column, index)),
            None if twice => session.refuse(
                (number, record.line),
                Some(name),
                "this column stands twice".into(),
                None,
            ),
            None => {
                let near = near(name, file.columns.iter().map(|column| column.name));
                let reason = format!("{}.csv has no column '{name}'", file.stem);
                session.refuse((number, record.line), Some(name), reason, near);
            }
        }
    }
    for column in file.columns.iter().filter(|column| column.required) {
        let needed = !matches!(file.rows, Rows::Keyed) || column.holds == Holds::Key;
        if needed && !columns.iter().any(|(known, _)| known.name == column.name) {
            let reason = format!("the column '{}' is missing", column.name);
            session.refuse((number, record.line), Some(column.name), reason, None);
        }
    }
    (session.refused_count == before).then(|| Layout::new(session, file, columns, record.len()))
}

impl Layout {
    pub(crate) fn new(
        session: &Session<'_>,
        file: &'static File,
        columns: Vec<(&'static Column, usize)>,
        width: usize,
    ) -> Self {
        let keys: &[&str] = if let Rows::Set(keys) = file.rows { keys } else { &["key"] };
        let filled: Vec<String> =
            columns.iter().flat_map(|(column, _)| column.holds.columns()).collect();
        let rest: Vec<&str> =
            filled.iter().map(String::as_str).filter(|name| !keys.contains(name)).collect();
        let shape = match file.rows {
            Rows::Set(keys) => Shape::set(file.table, keys, &rest),
            Rows::Keyed
            | Rows::KeyedBy(_)
            | Rows::Attestations
            | Rows::Links
            | Rows::Same
            | Rows::Different => Shape::keyed(file.table, &rest),
        };
        let kind = session.batch.kind(file.table).unwrap_or(usize::MAX);
        Self { file, kind, columns, shape, width }
    }

    /// Reads one row; what is wrong with it is written down.
    pub(crate) fn row(
        &self,
        session: &mut Session<'_>,
        file: usize,
        record: &Record,
    ) -> Result<(), Error> {
        let place = (file, record.line);
        if record.len() != self.width {
            let reason = format!(
                "the row has {}, the heading has {}",
                counted(record.len() as u64, "cell"),
                self.width
            );
            session.refuse(
                place,
                None,
                reason,
                Some("a cell that holds a comma needs quotation marks".to_owned()),
            );
            return Ok(self.give_up(session, record)?);
        }
        let before = session.refused_count;
        let mut named: Vec<(String, Value<'_>)> = Vec::new();
        let mut known_trouble = false;
        for (column, index) in &self.columns {
            let result = self.value(session, column, record.cell(*index), record);
            known_trouble |= matches!(result, Err(Trouble::Known));
            let values = session.settle(place, column.name, result)?.unwrap_or_default();
            named.extend(column.holds.columns().into_iter().zip(values));
        }
        if session.refused_count > before || known_trouble {
            return Ok(self.give_up(session, record)?);
        }
        let result = self.keep(session, place, record, &named);
        if session.settle(place, "", result)?.is_none() {
            self.give_up(session, record)?;
        }
        Ok(())
    }

    /// Remembers the key of a refused row, so that what points to it is not refused as well.
    fn give_up(&self, session: &Session<'_>, record: &Record) -> Result<(), store::error::Error> {
        match self.columns.iter().find(|(column, _)| column.holds == Holds::Key) {
            Some((_, index)) => session.batch.note_refused(self.kind, record.cell(*index)),
            None => Ok(()),
        }
    }

    fn text<'r>(&self, record: &'r Record, name: &str) -> &'r str {
        self.columns
            .iter()
            .find(|(column, _)| column.name == name)
            .map_or("", |(_, index)| record.cell(*index))
    }

    fn value<'r>(
        &self,
        session: &mut Session<'_>,
        column: &Column,
        text: &'r str,
        record: &Record,
    ) -> Result<Vec<Value<'r>>, Trouble> {
        if text.is_empty() {
            return match (column.required, column.holds) {
                (true, _) => refuse(format!("the {} is missing", column.name)),
                (false, Holds::Key) => Ok(vec![Value::Null]),
                // A link that is not said to hold both ways holds one way.
                (false, Holds::Sign("symmetric")) => Ok(vec![Value::Int(0)]),
                (false, holds) => Ok(holds.columns().iter().map(|_| Value::Null).collect()),
            };
        }
        let text = exact::meant(text);
        Ok(match column.holds {
            Holds::Key => vec![Value::Text(valid_key(text)?)],
            Holds::Name(_) | Holds::Text(_) => vec![Value::Text(text)],
            Holds::Sign(_) => vec![Value::Int(sign(text)?)],
            Holds::Term(_, vocabulary) => vec![Value::Int(session.term(vocabulary, text)?.id)],
            Holds::Date(_) => date_values(&session.date(text)?).into(),
            Holds::Node(_, table) => {
                let kind = session.batch.kind(table).unwrap_or(usize::MAX);
                vec![Value::Int(session.node(kind, text)?)]
            }
            Holds::Any(..) => {
                let (kind, id) = session.any(text)?;
                vec![Value::Int(kind), Value::Int(id)]
            }
            Holds::Value(_) => vec![Value::Int(session.term(self.text(record, "scale"), text)?.id)],
            Holds::Later(..) | Holds::Aliases | Holds::Topics | Holds::Scale => Vec::new(),
        })
    }

    fn keep(
        &self,
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
        named: &[(String, Value<'_>)],
    ) -> Result<(), Trouble> {
        ordered(named)?;
        match self.file.rows {
            Rows::Keyed | Rows::KeyedBy(_) => self.keep_keyed(session, place, record, named),
            Rows::Set(keys) => {
                let cells = arranged(named, keys);
                let outcome = session.batch.put(&self.shape, &cells)?;
                session.count(self.file.noun, outcome)
            }
            Rows::Attestations => self.keep_attestation(session, named),
            Rows::Links => self.keep_link(session, record, named),
            Rows::Same | Rows::Different => self.keep_judgement(session, record, named),
        }
    }

    fn keep_keyed(
        &self,
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
        named: &[(String, Value<'_>)],
    ) -> Result<(), Trouble> {
        let made = if let Rows::KeyedBy(columns) = self.file.rows {
            Some(self.made_key(record, columns))
        } else {
            None
        };
        let mut cells = arranged(named, &["key"]);
        if cells.len() == self.shape_columns() - 1 {
            cells.insert(0, Cell::Null);
        }
        if let (Some(first @ Cell::Null), Some(made)) = (cells.first_mut(), made.as_deref()) {
            *first = Cell::Text(made);
        }
        let Some(Cell::Text(key)) = cells.first().copied() else {
            return refuse("the key is missing");
        };
        let shown = self.columns.iter().find(|(column, _)| matches!(column.holds, Holds::Name(_)));
        let shown = shown.map(|(_, index)| exact::meant(record.cell(*index)));
        let row = Row { shape: &self.shape, kind: self.kind, shown, cells: &cells };
        let known = session.batch.by_key(self.kind, key)?;
        let (id, outcome) = if let Some(id) = known {
            (id, session.batch.change(id, &row)?)
        } else {
            self.complete()?;
            (session.batch.add(&row)?, Outcome::Added)
        };
        let lists = self.keep_lists(session, place, record, id)?;
        let outcome = if lists && outcome == Outcome::Same { Outcome::Changed } else { outcome };
        if self.file.table == "statement" {
            session.batch.note_origin(id, place)?;
        }
        session.count(self.file.noun, outcome)
    }

    fn shape_columns(&self) -> usize {
        let filled: usize =
            self.columns.iter().map(|(column, _)| column.holds.columns().len()).sum();
        let has_key = self.columns.iter().any(|(column, _)| column.holds == Holds::Key);
        filled + usize::from(!has_key)
    }

    /// A new row needs every required column; a row that is there already does not.
    fn complete(&self) -> Result<(), Trouble> {
        let has = |name: &str| self.columns.iter().any(|(column, _)| column.name == name);
        match self.file.columns.iter().find(|column| column.required && !has(column.name)) {
            Some(column) => refuse(format!(
                "this {} is new, so it needs the column '{}'",
                self.file.noun, column.name
            )),
            None => Ok(()),
        }
    }

    fn keep_lists(
        &self,
        session: &mut Session<'_>,
        place: Place,
        record: &Record,
        id: i64,
    ) -> Result<bool, Trouble> {
        let mut changed = false;
        for (column, index) in &self.columns {
            let text = record.cell(*index);
            match column.holds {
                Holds::Aliases => {
                    let names = listed(text);
                    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
                    changed |= session.batch.set_aliases(self.kind, id, &names)?;
                }
                Holds::Topics => {
                    let kind = session.batch.kind("topic").unwrap_or(usize::MAX);
                    let topics = listed(text)
                        .iter()
                        .map(|key| session.node(kind, key))
                        .collect::<Result<Vec<i64>, _>>()?;
                    let list = List::new("claim_topic", &["claim"], "topic");
                    changed |= session.batch.set_members(&list, &[id], &topics, true)?;
                }
                Holds::Later(column, _) if text.is_empty() => {
                    changed |= session.batch.set_reference(self.kind, id, column, None)?;
                }
                Holds::Later(..) => {
                    later::keep(session, (self.file, column.name), id, text, place)?;
                }
                _ => {}
            }
        }
        Ok(changed)
    }

    fn made_key(&self, record: &Record, columns: &[&str]) -> String {
        let texts: Vec<&str> = columns.iter().map(|name| self.text(record, name)).collect();
        let head: Vec<&str> = texts.iter().take(2).copied().collect();
        format!("{}-{}", slug(&head.join(" ")), digest(&texts.join("\u{1f}"), 12))
    }

    fn keep_attestation(
        &self,
        session: &mut Session<'_>,
        named: &[(String, Value<'_>)],
    ) -> Result<(), Trouble> {
        let find = |name: &str| {
            named
                .iter()
                .find(|(column, _)| column == name)
                .map_or(Cell::Null, |(_, value)| value.cell())
        };
        let int = |name: &str| if let Cell::Int(number) = find(name) { Some(number) } else { None };
        let text = |name: &str| if let Cell::Text(text) = find(name) { Some(text) } else { None };
        let (Some(statement), Some(source)) = (int("statement"), int("source")) else {
            return Ok(());
        };
        let row = Attestation {
            statement,
            source,
            locator: text("locator"),
            mode: int("mode"),
            quote: text("quote"),
            cites: int("cites"),
            note: text("note"),
        };
        let outcome = session.batch.attest(&row)?;
        session.count(self.file.noun, outcome)
    }

    /// Judges that two actors are one, or that they are two.
    fn keep_judgement(
        &self,
        session: &mut Session<'_>,
        record: &Record,
        named: &[(String, Value<'_>)],
    ) -> Result<(), Trouble> {
        let mut found = named.iter().zip(&self.columns).map(|((_, id), (_, index))| {
            let key = exact::meant(record.cell(*index)).to_owned();
            Named { id: id.int(), name: key.clone(), key }
        });
        let (Some(actor), Some(other)) = (found.next(), found.next()) else { return Ok(()) };
        let made = match self.file.rows {
            // The first one is read as the second.
            Rows::Same => session.batch.judge_same(&other, &actor),
            _ => session.batch.judge_different(&actor, &other),
        };
        let made = made.map_err(|error| match error {
            store::error::Error::Rule(what, next) => Trouble::Refused(what, next),
            other => Trouble::Store(other),
        })?;
        session.count(self.file.noun, if made { Outcome::Added } else { Outcome::Same })
    }

    fn keep_link(
        &self,
        session: &mut Session<'_>,
        record: &Record,
        named: &[(String, Value<'_>)],
    ) -> Result<(), Trouble> {
        let link = session.term("link", self.text(record, "relation"))?.clone();
        let find =
            |name: &str| named.iter().find(|(column, _)| column == name).map(|(_, value)| value);
        let basis = find("basis").filter(|value| matches!(value, Value::Int(_))).map(Value::int);
        let note = find("note").and_then(Value::text);
        let (statement, claim) = (session.batch.kind("statement"), session.batch.kind("claim"));
        let (statement, claim) = (statement.unwrap_or(usize::MAX), claim.unwrap_or(usize::MAX));
        let (from, to) = (self.text(record, "from"), self.text(record, "to"));
        let (table, columns, kinds) = match link.family.as_deref() {
            Some("S>S") => {
                let ends = (session.node(statement, from)?, session.node(statement, to)?);
                return session.link_statements(&link, ends, basis, note);
            }
            Some("S>C") => {
                ("statement_claim_link", ["statement", "link", "claim"], (statement, claim))
            }
            _ => ("claim_link", ["from_claim", "link", "to_claim"], (claim, claim)),
        };
        let ends = (session.node(kinds.0, from)?, session.node(kinds.1, to)?);
        let shape = Shape::set(table, &columns, &["basis", "note"]);
        let mut outcome = Outcome::Same;
        let both = [ends, (ends.1, ends.0)];
        for (from, to) in both.into_iter().take(if link.symmetric { 2 } else { 1 }) {
            let cells = [
                Cell::Int(from),
                Cell::Int(link.id),
                Cell::Int(to),
                Cell::int(basis),
                Cell::text(note),
            ];
            outcome = session.batch.put(&shape, &cells)?;
        }
        session.count(self.file.noun, outcome)
    }
}
