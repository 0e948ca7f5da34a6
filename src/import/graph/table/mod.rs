//! Delimited text whose rows are nodes of one declared kind, or edges of one name: each column is a property. Rows are read
//! one by one and nothing is kept of them.

mod columns;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use super::infer::Place;
use super::lines::Counter;
use super::rows::Alike;
use super::value::Kept;
use super::{Session, hold};
use crate::base::closest::closest;
use crate::base::count::counted;
use crate::import::records::{Fault, Record, Records, Rows as _};
use crate::import::{Error, Progress, Report, Request, plan};
use crate::record::catalogue::{Catalogue, Edge, Kind, Property};
use crate::record::declared::{self, FIRST};
use crate::record::graph::{self, GraphType, KindType};
use crate::record::key;
use crate::store::Writer;
use crate::store::load::fresh::Fresh;
use crate::store::load::{Field, Load, Outcome, Target};
use columns::{Column, Use, columns_of, seen};

/// Imports tables of nodes or edges.
pub(crate) fn import(
    writer: &mut Writer,
    request: &Request,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let mut bytes = 0;
    for path in &request.paths {
        let meta = path.metadata().map_err(|error| Error::Io(path.clone(), error))?;
        if meta.is_dir() {
            let why = "--kind and --edge are for files of rows, not for a folder".to_owned();
            return Err(Error::Nothing(path.clone(), why));
        }
        bytes += meta.len();
    }
    let passes = if request.infer { 2 } else { 1 };
    let mut counter = Counter::new(progress, bytes * passes);
    let catalogue = writer.catalogue()?;
    let mut load = writer.load(request.dry_run)?;
    let mut session = Session::new(&request.paths);
    if let Some(mut table) = prepared(&mut session, &mut load, &catalogue, request, &mut counter)? {
        for file in 0..request.paths.len() {
            let Some(columns) = table.files.get(file).cloned() else { continue };
            let mut fresh = Fresh::of(&load, &table.target)?;
            rows(request, &mut session, file, &mut counter, &mut |session, place, record| {
                table.write(session, (&load, fresh.as_mut()), place, (&columns, record))
            })?;
            fresh.map_or(Ok(()), |fresh| fresh.finish(&table.target))?;
        }
        table.finish(&mut session, &mut load, request, &mut counter)?;
    }
    counter.done = counter.total;
    counter.tell();
    session.finish(load, request)
}

/// Gives every row behind the heading of a file.
fn rows(
    request: &Request,
    session: &mut Session,
    file: usize,
    counter: &mut Counter<'_>,
    take: &mut dyn FnMut(&mut Session, Place, &Record) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(path) = request.paths.get(file) else { return Ok(()) };
    let mut records = open(path)?;
    let (before, mut width) = (counter.done, None);
    loop {
        match records.advance() {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(Fault::Io(error)) => return Err(Error::Io(path.clone(), error)),
            Err(Fault::Record(blame)) => {
                session.refuse((file, blame.line), blame.reason, blame.suggestion);
                continue;
            }
            Err(Fault::File(blame)) => {
                session.refuse((file, blame.line), blame.reason, blame.suggestion);
                return Ok(());
            }
        }
        counter.read_to(before + records.bytes_read());
        let record = records.record();
        let Some(width) = width else {
            width = Some(record.len());
            continue;
        };
        if record.len() != width {
            let reason = format!(
                "the row has {}, the heading has {width}",
                counted(record.len() as u64, "cell")
            );
            let help = "a cell that holds the delimiter needs quotation marks".to_owned();
            session.refuse((file, record.line), reason, Some(help));
            continue;
        }
        take(session, (file, record.line), record)?;
    }
}

fn open(path: &PathBuf) -> Result<Records<BufReader<File>>, Error> {
    let dialect = plan::guess(path, &plan::text_head(path)?);
    let file = File::open(path).map_err(|error| Error::Io(path.clone(), error))?;
    Ok(Records::new(BufReader::with_capacity(256 << 10, file), dialect))
}

/// A table being written.
struct Table {
    /// The columns of each file.
    files: Vec<Vec<Column>>,
    target: Target,
    /// The table of the database.
    name: String,
    /// The tables at the ends of an edge.
    ends: Option<[String; 2]>,
    width: usize,
    /// Properties that every row needs: their names and first columns.
    required: Vec<(String, usize)>,
    counts: [u64; 2],
    /// Ids of rows that were met, one bit each.
    met: Vec<u64>,
    /// Edges without a key.
    alike: Alike,
}

/// Finds out what the rows are, and declares what is new where that was asked for.
fn prepared(
    session: &mut Session,
    load: &mut Load<'_>,
    catalogue: &Catalogue,
    request: &Request,
    counter: &mut Counter<'_>,
) -> Result<Option<Table>, Error> {
    let mut files = Vec::new();
    for file in 0..request.paths.len() {
        let Some(columns) = heading(session, file, request)? else { return Ok(None) };
        files.push(columns);
    }
    if request.infer {
        for (file, columns) in files.iter_mut().enumerate() {
            rows(request, session, file, counter, &mut |_, (_, line), record| {
                load.go_on()?;
                for (at, column) in columns.iter_mut().enumerate() {
                    column.see(record.cell(at), line, request.dates);
                }
                Ok(())
            })?;
        }
    }
    let is_ready = session.refused_count == 0;
    let name = match (&request.kind, &request.edge) {
        (Some(kind), _) => declare(session, load, catalogue, request, (kind, &files))?,
        (None, Some(edge)) => known_edge(session, catalogue, edge).map(|edge| edge.table.clone()),
        (None, None) => None,
    };
    let Some(name) = name.filter(|_| is_ready) else { return Ok(None) };
    let is_old = |column: &&Column| {
        catalogue.properties.iter().any(|row| row.table == name && row.name == column.name)
    };
    let new = files.iter().flatten().filter(|column| !is_old(column));
    session.remarks.extend(new.filter_map(Column::remark));
    table(session, load, &name, files)
}

/// The columns of a file, by its first row.
fn heading(
    session: &mut Session,
    file: usize,
    request: &Request,
) -> Result<Option<Vec<Column>>, Error> {
    let Some(path) = request.paths.get(file) else { return Ok(None) };
    let mut records = open(path)?;
    let blame = match records.advance() {
        Ok(true) => None,
        Ok(false) => return Err(Error::Nothing(path.clone(), "the file is empty".to_owned())),
        Err(Fault::Io(error)) => return Err(Error::Io(path.clone(), error)),
        Err(Fault::Record(blame) | Fault::File(blame)) => Some(blame),
    };
    if let Some(blame) = blame {
        session.refuse((file, blame.line), blame.reason, blame.suggestion);
        return Ok(None);
    }
    let record = records.record();
    match columns_of(record, request, request.kind.is_none()) {
        Ok(columns) => Ok(Some(columns)),
        Err((column, reason, help)) => {
            session.refuse_cell((file, record.line), column, reason, help);
            Ok(None)
        }
    }
}

/// The kind of the rows, with what is new of it added; its table.
fn declare(
    session: &mut Session,
    load: &mut Load<'_>,
    catalogue: &Catalogue,
    request: &Request,
    (name, files): (&str, &[Vec<Column>]),
) -> Result<Option<String>, Error> {
    let mut labels: Vec<String> = name.split('&').map(|label| label.trim().to_owned()).collect();
    let mut known = graph::kind_with(catalogue, &labels);
    let mut alike = catalogue.kinds.iter().filter(|kind| kind.name.eq_ignore_ascii_case(name));
    if let (None, Some(only), None) = (known, alike.next(), alike.next()) {
        labels = only.labels.clone().unwrap_or_else(|| vec![only.name.clone()]);
        known = Some(only);
    }
    if let Some(reason) = known.filter(|kind| kind.id < FIRST).map(built_in) {
        let help = "its rows stand in a file of a folder, such as actors.csv";
        session.refuse((0, 1), reason, Some(help.to_owned()));
        return Ok(None);
    }
    if known.is_none() && !request.infer {
        let kinds = catalogue.kinds.iter().filter(|kind| kind.id >= FIRST);
        let near = closest(name, kinds.map(|kind| kind.name.as_str()));
        let near = near.map(|near| format!("closest: {near}"));
        let help = near.or_else(|| Some("`--infer` declares it".to_owned()));
        session.refuse((0, 1), format!("there is no kind `{name}`"), help);
        return Ok(None);
    }
    let mut properties = seen(files);
    if let Some(known) = known {
        hold(&mut properties, &known.table, catalogue);
    }
    let wanted = GraphType {
        name: catalogue.graph.name.clone(),
        open: catalogue.graph.open || request.open,
        kinds: vec![KindType { labels: labels.clone(), properties }],
        ..GraphType::default()
    };
    match graph::additions(catalogue, &wanted) {
        Ok(additions) if request.infer => load.add(&additions)?,
        Ok(_) => {}
        Err(wrong) => {
            for (_, reason) in wrong {
                session.refuse((0, 1), reason.to_string(), None);
            }
            return Ok(None);
        }
    }
    let catalogue = load.catalogue()?;
    Ok(graph::kind_with(&catalogue, &labels).map(|kind| kind.table.clone()))
}

fn built_in(kind: &Kind) -> String {
    format!("{} is a kind that every store of claims has", kind.name)
}

/// The declared edge of that name, of which there has to be one.
fn known_edge<'c>(session: &mut Session, catalogue: &'c Catalogue, name: &str) -> Option<&'c Edge> {
    let declared = || catalogue.edges.iter().filter(|edge| edge.id >= FIRST);
    let named: Vec<&Edge> = declared().filter(|edge| edge.name.as_deref() == Some(name)).collect();
    match named.as_slice() {
        [only] => Some(only),
        [] => {
            let near = closest(name, declared().filter_map(|edge| edge.name.as_deref()));
            let near = near.map(|near| format!("closest: {near}"));
            let help =
                near.or_else(|| Some("declare it first: `dixit schema apply FILE`".to_owned()));
            session.refuse((0, 1), format!("there is no declared edge `{name}`"), help);
            None
        }
        several => {
            let reason = format!("the edge `{name}` joins {} pairs of kinds", several.len());
            let help = "import it with a heading such as `:START_ID,:END_ID,:TYPE`".to_owned();
            session.refuse((0, 1), reason, Some(help));
            None
        }
    }
}

/// The table with this name, ready for rows.
fn table(
    session: &mut Session,
    load: &mut Load<'_>,
    name: &str,
    mut files: Vec<Vec<Column>>,
) -> Result<Option<Table>, Error> {
    let catalogue = load.catalogue()?;
    let own = catalogue.properties.iter().filter(|row| row.table == name);
    let properties: Vec<Property> = own.cloned().collect();
    for (file, columns) in files.iter_mut().enumerate() {
        for column in columns.iter_mut() {
            if !column.settle(&properties) {
                let near = closest(&column.name, properties.iter().map(|row| row.name.as_str()));
                let near = near.map(|near| format!("closest: {near}"));
                let help = near.or_else(|| Some("`--infer` adds what is new".to_owned()));
                let reason = format!("there is no property `{}`", column.name);
                session.refuse_cell((file, 1), Some(column.name.clone()), reason, help);
            }
        }
    }
    load.postpone_indexes(name)?;
    let kind = catalogue.kinds.iter().find(|kind| kind.table == name);
    let edge = catalogue.edges.iter().find(|edge| edge.table == name);
    let end = |id: Option<i64>| {
        let kind = catalogue.kinds.iter().find(|kind| Some(kind.id) == id);
        kind.map(|kind| kind.table.clone()).unwrap_or_default()
    };
    let target = match kind {
        Some(kind) => load.nodes(kind.id, name, &properties, kind.shown.as_deref())?,
        None => load.edges(name, &properties)?,
    };
    let (mut width, mut required) = (0, Vec::new());
    for property in &properties {
        if property.required {
            required.push((property.name.clone(), width));
        }
        width += declared::columns(property).len();
    }
    Ok(Some(Table {
        files,
        target,
        name: name.to_owned(),
        ends: edge.map(|edge| [end(edge.from.kind), end(edge.to.kind)]),
        width,
        required,
        counts: [0, 0],
        met: Vec::new(),
        alike: Alike::default(),
    }))
}

impl Table {
    fn write(
        &mut self,
        session: &mut Session,
        (load, fresh): (&Load<'_>, Option<&mut Fresh<'_>>),
        place: Place,
        (columns, record): (&[Column], &Record),
    ) -> Result<(), Error> {
        let before = session.refused_count;
        let mut row = vec![Kept::Null; self.width];
        let (mut key, mut ends) = (None, [0, 0]);
        for (at, column) in columns.iter().enumerate() {
            let cell = record.cell(at);
            match &column.what {
                Use::Key => key = Some(cell),
                Use::From => ends[0] = self.end(session, load, (place, column, cell), 0)?,
                Use::To => ends[1] = self.end(session, load, (place, column, cell), 1)?,
                Use::Property(..) => {
                    if let Err(why) = column.put(cell, &mut row) {
                        session.refuse_cell(place, Some(column.name.clone()), why, None);
                    }
                }
            }
        }
        let key = key.filter(|key| !key.is_empty());
        let needed = self.ends.is_none() || key.is_some();
        let wrong = key::wrong(key.unwrap_or_default()).filter(|_| needed);
        if let Some(wrong) = wrong {
            session.refuse(place, wrong.to_owned(), None);
        }
        let is_there = match key.filter(|_| !self.required.is_empty()) {
            Some(key) => load.find(&self.target, key)?.is_some(),
            None => false,
        };
        if !is_there {
            for (name, at) in &self.required {
                if row.get(*at) == Some(&Kept::Null) {
                    let column = Some(name.clone());
                    session.refuse_cell(place, column, format!("`{name}` is missing"), None);
                }
            }
        }
        if session.refused_count > before {
            return Ok(());
        }
        let fields: Vec<Field<'_>> = row.iter().map(Kept::field).collect();
        if let Some(fresh) = fresh {
            return self.write_new(fresh, key, ends, &fields);
        }
        let (id, outcome) = match (&self.ends, key) {
            (None, key) => load.node(&mut self.target, key.unwrap_or_default(), &fields)?,
            (Some(_), Some(key)) => load.edge_row(&mut self.target, key, ends, &fields)?,
            (Some(_), None) => {
                let before = || self.alike.before((0, ends), &row);
                (0, load.edge_without_key(&mut self.target, before, ends, &fields)?)
            }
        };
        match outcome {
            Outcome::Added => self.counts[0] += 1,
            Outcome::Changed => self.counts[1] += 1,
            Outcome::Same => session.unchanged += 1,
        }
        let Some(key) = key.filter(|_| !self.target.is_fresh()) else { return Ok(()) };
        if self.is_met(id) {
            session.refuse(place, format!("the key '{key}' stands further up"), None);
        }
        Ok(())
    }

    /// Writes a row of a table whose rows are all new.
    fn write_new(
        &mut self,
        fresh: &mut Fresh<'_>,
        key: Option<&str>,
        ends: [i64; 2],
        fields: &[Field<'_>],
    ) -> Result<(), Error> {
        let key = key.map_or(Field::Null, Field::Text);
        match (&self.ends, key) {
            (None, Field::Text(key)) => fresh.node(&mut self.target, key, fields)?,
            (_, key) => {
                let own = [key, Field::Int(ends[0]), Field::Int(ends[1])];
                fresh.row(&mut self.target, &own, fields)?
            }
        };
        self.counts[0] += 1;
        Ok(())
    }

    /// The id of the node at an end; 0 where there is none.
    fn end(
        &self,
        session: &mut Session,
        load: &Load<'_>,
        (place, column, key): (Place, &Column, &str),
        at: usize,
    ) -> Result<i64, Error> {
        let table = self.ends.as_ref().and_then(|ends| ends.get(at));
        let Some(table) = table else { return Ok(0) };
        if let Some(id) = load.id_of(table, key)? {
            return Ok(id);
        }
        let reason = format!("there is no node '{key}'");
        session.refuse_cell(place, Some(column.name.clone()), reason, None);
        Ok(0)
    }

    /// Notes that a row was met; tells whether it was before.
    fn is_met(&mut self, id: i64) -> bool {
        let id = usize::try_from(id).unwrap_or(0);
        if self.met.len() <= id / 64 {
            self.met.resize(id / 64 + 1024, 0);
        }
        let Some(word) = self.met.get_mut(id / 64) else { return false };
        let before = *word & (1 << (id % 64)) != 0;
        *word |= 1 << (id % 64);
        before
    }

    /// Makes the indexes; tells keys that stand twice with their places.
    fn finish(
        self,
        session: &mut Session,
        load: &mut Load<'_>,
        request: &Request,
        counter: &mut Counter<'_>,
    ) -> Result<(), Error> {
        let twice: HashSet<String> = if self.target.is_fresh() && session.refused_count == 0 {
            load.make_indexes(&self.name)?.into_iter().collect()
        } else {
            HashSet::new()
        };
        let mut first: HashMap<String, Place> = HashMap::new();
        for (file, columns) in self.files.iter().enumerate().filter(|_| !twice.is_empty()) {
            let Some(key) = columns.iter().position(|column| column.what == Use::Key) else {
                continue;
            };
            rows(request, session, file, counter, &mut |session, place, record| {
                let key = record.cell(key);
                if let Some(before) = first.get(key) {
                    let file = session.files.get(before.0).cloned().unwrap_or_default();
                    let reason = format!("the key '{key}' is there already: {file}:{}", before.1);
                    session.refuse(place, reason, None);
                } else if twice.contains(key) {
                    first.insert(key.to_owned(), place);
                }
                Ok(())
            })?;
        }
        let noun = if self.ends.is_some() { "edge" } else { "node" };
        let counts = |count: u64| {
            vec![(noun.to_owned(), count)].into_iter().filter(|(_, count)| *count > 0).collect()
        };
        (session.added, session.changed) = (counts(self.counts[0]), counts(self.counts[1]));
        Ok(())
    }
}
