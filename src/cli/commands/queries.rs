//! `dixit queries`: the saved queries by topic, what each answers and takes.

use unicode_width::UnicodeWidthStr as _;

use crate::base::clean::{self, Safe};
use crate::base::closest::closest;
use crate::base::source::Source;
use crate::base::value::{Column, Row, Value};
use crate::cli::answer::{List, lists, tables};
use crate::cli::engine::Store;
use crate::cli::examples::Stores;
use crate::cli::failure::{Failure, Message, note};
use crate::cli::output::{Output, Shape};
use crate::cli::saved;
use crate::cli::saved_args::Queries;
use crate::cli::world::World;
use crate::meaning::resolve::{Argument, Arguments};
use crate::script::library::{Found, Place};
use crate::script::parameter::{Choices, Parameter, Type};
use crate::script::{Saved, TOPICS};

/// What is listed under no topic of its own.
const OTHER: &str = "other";

pub(super) fn run(args: &Queries, world: &World<'_>) -> Result<(), Failure> {
    let Queries { word, output } = args;
    let all = all(world);
    let mut listed: Vec<&Entry> = all.iter().filter(|entry| entry.has(word.as_deref())).collect();
    if let (Some(word), true) = (word, listed.is_empty()) {
        return Err(nothing_of(word, &all));
    }
    listed.sort_by_key(|entry| (entry.place(), entry.topic().to_owned(), entry.name.clone()));
    match output.format()? {
        format if format.name.starts_with("json") => {
            let mut stores = Stores::new(world.timeout)?;
            let own = world.store().ok().and_then(|path| Store::open(&path, world.timeout).ok());
            let store = match &own {
                Some(store) => store,
                None => stores.geneva()?,
            };
            let columns = COLUMNS.iter().map(|name| (*name, false)).collect();
            let rows = listed.iter().map(|entry| entry.everything(store)).collect();
            lists(&[List { columns, rows }], output, world)?;
        }
        format if format.name == "table" && is_plain(output) => {
            let mut target = output.open(world.terminal)?;
            let text = Safe::clean(&page(&listed, target.look.width)).to_string();
            let written = target.writer().write_all(text.as_bytes());
            written.map_err(|error| target.failed(error))?;
            target.close()?;
        }
        format if format.several => tables(&by_topic(&listed), output, world)?,
        _ => {
            let columns = ["name", "question", "takes", "topic"].map(|name| (name, false)).to_vec();
            let rows = listed.iter().map(|entry| entry.short(true)).collect();
            lists(&[List { columns, rows }], output, world)?;
        }
    }
    world.terminal.remark("`dixit run NAME` asks one, `dixit run NAME --help` explains it");
    Ok(())
}

/// A saved query that can be read.
struct Entry {
    name: String,
    place: Place,
    saved: Saved,
    source: Source,
}

/// What `--format json` gives.
const COLUMNS: &[&str] =
    &["name", "question", "explanation", "topic", "parameters", "columns", "examples", "file"];

/// Every saved query; those with mistakes are told and left out, files that only define are left out.
fn all(world: &World<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for found in world.library.all() {
        let Found { name, place, source: _ } = found.clone();
        match saved::read_any(found, &world.library) {
            Ok((saved, _)) if saved.queries.is_empty() => {}
            Ok((saved, source)) => entries.push(Entry { name, place, saved, source }),
            Err(failure) => {
                let next = format!("`dixit test {}` shows it", file_name(&name, &place));
                tell(
                    &format!("{} has a mistake: {}", file_name(&name, &place), failure.message()),
                    Some(next),
                    world,
                );
            }
        }
    }
    for (path, error) in world.library.unreadable() {
        let failure = Failure::file("read", &path, error);
        tell(&failure.message(), None, world);
    }
    entries
}

fn tell(what: &str, next: Option<String>, world: &World<'_>) {
    let message = Message::new(what);
    let message = match next {
        Some(next) => message.next(next),
        None => message,
    };
    world.terminal.say(&note(&message, world.terminal.style().colour));
}

fn file_name(name: &str, place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Shipped => name.to_owned(),
    }
}

/// Nothing has the word; perhaps a name or a topic is like it.
fn nothing_of(word: &str, all: &[Entry]) -> Failure {
    let names = all.iter().map(|entry| entry.name.as_str());
    let near = closest(word, names.chain(all.iter().map(Entry::topic)));
    let message = Message::new(format!("no saved query speaks of `{word}`"));
    Failure::Name(message.meant(near, "`dixit queries` lists them all"))
}

/// Whether nothing is said of how a table is to look but its width.
fn is_plain(output: &Output) -> bool {
    let Shape { chart, title, expanded, max_rows, width: _, no_header, excel_safe } = &output.shape;
    let is_drawn = chart.is_some() || title.is_some();
    !is_drawn && expanded.is_none() && max_rows.is_none() && !no_header && !excel_safe
}

/// One line for each, below its topic. What does not fit is left out: first what it takes, then the end of the question.
fn page(entries: &[&Entry], width: Option<usize>) -> String {
    let widest = entries.iter().map(|entry| entry.name.width()).max().unwrap_or(0);
    let (mut text, mut last) = (String::new(), None);
    for entry in entries {
        if last != Some(entry.topic()) {
            text += if last.is_some() { "\n" } else { "" };
            text += entry.topic();
            text.push('\n');
            last = Some(entry.topic());
        }
        let gap = " ".repeat(widest - entry.name.width());
        let name = clean::line(&entry.name);
        let short = format!("  {name}{gap}  {}", clean::line(&entry.saved.question));
        let takes = entry.saved.parameters.iter().map(|one| format!(" --{}", one.name));
        let takes = takes.collect::<Vec<_>>().concat();
        let whole = if takes.is_empty() { short.clone() } else { format!("{short} {takes}") };
        let fits = |line: &str| width.is_none_or(|width| line.width() <= width);
        match width {
            _ if fits(&whole) => text += &whole,
            Some(width) if !fits(&short) => {
                let mut kept = short;
                while kept.width() >= width && kept.pop().is_some() {}
                text += kept.trim_end();
                text.push('…');
            }
            _ => text += &short,
        }
        text.push('\n');
    }
    text
}

/// A table for each topic, whose first heading is the topic.
fn by_topic(entries: &[&Entry]) -> Vec<(Vec<Column>, Vec<Row>)> {
    let mut found: Vec<(Vec<Column>, Vec<Row>)> = Vec::new();
    let mut last = None;
    for entry in entries {
        if last != Some(entry.topic()) {
            last = Some(entry.topic());
            let heads = [entry.topic(), "question", "takes"];
            let column = |name: &str| Column::any(name);
            found.push((heads.map(column).to_vec(), Vec::new()));
        }
        if let Some((_, rows)) = found.last_mut() {
            rows.push(entry.short(false));
        }
    }
    found
}

impl Entry {
    fn topic(&self) -> &str {
        self.saved.topic.as_deref().unwrap_or(OTHER)
    }

    /// Known topics come in their order, then those of the user, then the rest.
    fn place(&self) -> usize {
        let topic = self.topic();
        let known = TOPICS.iter().position(|known| *known == topic);
        known.unwrap_or(if topic == OTHER { TOPICS.len() + 1 } else { TOPICS.len() })
    }

    fn has(&self, word: Option<&str>) -> bool {
        let Some(word) = word.map(str::to_lowercase) else { return true };
        let Saved { question, explanation, .. } = &self.saved;
        let texts = [&self.name, self.topic(), question, explanation];
        texts.iter().any(|text| text.to_lowercase().contains(&word))
    }

    fn short(&self, with_topic: bool) -> Row {
        let takes = self.saved.parameters.iter().map(|one| text(&format!("--{}", one.name)));
        let row = [text(&self.name), text(&self.saved.question), Value::List(takes.collect())];
        row.into_iter().chain(with_topic.then(|| text(self.topic()))).collect()
    }

    fn everything(&self, store: &Store) -> Row {
        let Self { name, place, saved, source } = self;
        let Saved { question, explanation, parameters, examples, .. } = saved;
        let file = match place {
            Place::File(path) => text(&path.display().to_string()),
            Place::Shipped => Value::Null,
        };
        let parameters = parameters.iter().map(|one| self.parameter(one)).collect();
        let examples = i64::try_from(examples.len()).unwrap_or(i64::MAX);
        let topic = saved.topic.as_deref().map_or(Value::Null, text);
        vec![
            text(name),
            text(question),
            text(explanation),
            topic,
            Value::List(parameters),
            columns(saved, source, store),
            Value::Int(examples),
            file,
        ]
    }

    fn parameter(&self, parameter: &Parameter) -> Value {
        let Parameter { name, ty, default, choices, help } = parameter;
        let values = match choices {
            None => Value::Null,
            Some(Choices::Values(values)) => Value::List(values.clone()),
            Some(Choices::Query(query)) => text(self.source.slice(query.span)),
        };
        map(vec![
            ("name", text(name)),
            ("type", text(&ty.to_string())),
            ("required", Value::Bool(default.is_none())),
            ("default", default.as_ref().map_or(Value::Null, |default| default.value.clone())),
            ("help", help.as_deref().map_or(Value::Null, text)),
            ("values", values),
        ])
    }
}

/// What it returns, as far as the store has what it asks for.
fn columns(saved: &Saved, source: &Source, store: &Store) -> Value {
    let mut arguments = Arguments::default();
    arguments.define(saved.definitions.clone());
    for parameter in &saved.parameters {
        let default = parameter.default.as_ref().map(|default| default.value.clone());
        let value = default.unwrap_or_else(|| sample(&parameter.ty));
        arguments.set(&parameter.name, Argument::Value(value));
    }
    let last = saved.queries.last();
    let Some(prepared) = last.and_then(|query| store.prepare(query, source, &arguments).ok())
    else {
        return Value::Null;
    };
    let column =
        |(name, ty): &(String, String)| map(vec![("name", text(name)), ("type", text(ty))]);
    Value::List(store.column_types(&prepared).iter().map(column).collect())
}

/// Some value of a type.
fn sample(ty: &Type) -> Value {
    match ty {
        Type::Text => Value::Text(String::new()),
        Type::Int => Value::Int(0),
        Type::Float => Value::Float(0.0),
        Type::Bool => Value::Bool(false),
        Type::Date => Value::Date("2000-01-01".to_owned()),
        Type::DateTime => Value::DateTime("2000-01-01T00:00:00Z".to_owned()),
        Type::Duration => Value::Duration("P1D".to_owned()),
        Type::Map => Value::Map(Vec::new()),
        Type::Any => Value::Null,
        Type::List(_) => Value::List(Vec::new()),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
