//! What `timeline` and `graph` share: where a picture goes and in which format, asking for its rows, its title and notes.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::args::{Params, Question};
use super::arguments::{self, typed};
use super::commands::query::source_of;
use super::commands::run::missing_query;
use super::drawing::points;
use super::engine::{Prepared, Store};
use super::failure::{Failure, Message, note};
use super::output::{Target, place};
use super::picture_args::{Filters, PICTURE, Shown};
use super::saved;
use super::world::World;
use crate::base::diagnostic::Diagnostic;
use crate::base::render::render;
use crate::base::source::Source;
use crate::base::value::{Column, Row};
use crate::lang::ast;
use crate::meaning::resolve::Arguments;
use crate::picture::errors::Told;
use crate::picture::frame::Caption;
use crate::picture::page::{self, Table};
use crate::picture::shipped::Standard;
use crate::picture::svg::Drawing;
use crate::picture::values::shown;
use crate::script::{self, Saved};

/// Where a picture goes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = PICTURE)]
pub(crate) struct Canvas {
    /// The file; its ending tells the format, and - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// html, svg, png or, for a graph, dot
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// What the picture is called
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
}

/// A format of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A page with the picture and a table.
    Html,
    /// The picture alone.
    Svg,
    /// As points.
    Png,
    /// For other programs that lay graphs out.
    Dot,
}

/// Names, which are the endings as well.
const FORMATS: &[(&str, Format)] = &[
    ("html", Format::Html),
    ("htm", Format::Html),
    ("svg", Format::Svg),
    ("png", Format::Png),
    ("dot", Format::Dot),
    ("gv", Format::Dot),
];

impl Canvas {
    /// The format: as told, or as the file's ending tells.
    pub(crate) fn format(&self, command: &str, dot: bool) -> Result<Format, Failure> {
        let names = if dot { "html, svg, png or dot" } else { "html, svg or png" };
        let Some(output) = &self.output else {
            let message = Message::new("where is the picture to go?");
            return Err(Failure::Usage(message.next(format!(
                "name a file that ends in {names}: dixit {command} … -o picture.html"
            ))));
        };
        let ending = output.extension().map(|ending| ending.to_string_lossy().into_owned());
        let (name, from) = match (&self.format, ending) {
            (Some(name), _) => (name.clone(), "--format"),
            (None, Some(ending)) => (ending, "the ending of its name"),
            (None, None) if output == Path::new("-") => ("svg".to_owned(), "standard output"),
            (None, None) => (String::new(), "the ending of its name"),
        };
        let known = FORMATS.iter().find(|(known, _)| *known == name.to_lowercase());
        match known {
            Some((_, Format::Dot)) if !dot => Err(Failure::Usage(
                Message::new("only a graph can be written as dot").next(format!("use {names}")),
            )),
            Some((_, format)) => Ok(*format),
            None => {
                let what = match name.as_str() {
                    "" => format!("{from} does not tell which format the picture has"),
                    other => format!("a picture cannot be written as {other}"),
                };
                Err(Failure::Usage(Message::new(what).next(format!("use {names}"))))
            }
        }
    }

    /// Writes a picture; a file appears only when it is complete.
    pub(crate) fn write(
        &self,
        bytes: &[u8],
        format: Format,
        world: &World<'_>,
    ) -> Result<(), Failure> {
        let file = self.output.as_deref().filter(|path| *path != Path::new("-"));
        let text = format != Format::Png;
        if file.is_none() && !text && world.terminal.look().width.is_some() {
            let message = Message::new("a terminal cannot show a PNG");
            return Err(Failure::Usage(message.next("name a file: -o picture.png")));
        }
        let mut target: Target = place(file, world.terminal)?;
        let written = target.writer().write_all(bytes);
        written.map_err(|error| target.failed(error))?;
        target.close()
    }
}

/// A picture in a format that shows it; says which characters no font here has.
pub(crate) fn encoded(
    drawing: &Drawing,
    table: &Table,
    format: Format,
    world: &World<'_>,
) -> Result<Vec<u8>, Failure> {
    match format {
        Format::Html => Ok(page::page(drawing, table).into_bytes()),
        Format::Svg | Format::Dot => Ok(drawing.file().into_bytes()),
        Format::Png => {
            let (bytes, missing) = points(&drawing.file())?;
            if let Some(missing) = missing {
                world.terminal.say(&note(&missing, world.terminal.style().colour));
            }
            Ok(bytes)
        }
    }
}

impl Canvas {
    /// Says what was drawn, unless it went to standard output.
    pub(crate) fn tell(&self, what: &str, world: &World<'_>) {
        if let Some(path) = self.output.as_deref().filter(|path| *path != Path::new("-")) {
            world.terminal.remark(&format!("Drew {what} into {}", path.display()));
        }
    }
}

/// What the options say about the statements of a standard picture: parameters with their values.
pub(crate) fn given(filters: &Filters) -> Vec<(&'static str, String)> {
    let Filters { claim, actor, topic, since, until } = filters;
    let all =
        [("claim", claim), ("actor", actor), ("topic", topic), ("since", since), ("until", until)];
    all.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
}

/// Refuses options that say which statements, where something else says so.
pub(crate) fn unfiltered(filters: &Filters) -> Result<(), Failure> {
    match given(filters).first() {
        Some((name, _)) => {
            let message = Message::new(format!("--{name} does not go with what is drawn here"));
            Err(Failure::Usage(message.next("say it in a query of your own")))
        }
        None => Ok(()),
    }
}

/// How to ask for less than was asked for.
pub(crate) fn filtered(given: &[(&str, String)]) -> &'static str {
    if given.is_empty() {
        "narrow it with --claim, --actor, --topic, --since or --until"
    } else {
        "narrow it further, with --claim, --actor, --topic, --since or --until"
    }
}

/// A command line that asks for the same again.
pub(crate) fn line(command: &str, words: &[&str], given: &[(&str, String)]) -> String {
    let words = words.iter().map(|word| typed(word));
    let options = given.iter().map(|(name, value)| format!("--{name} {}", typed(value)));
    let parts: Vec<String> =
        [format!("dixit {command}")].into_iter().chain(words).chain(options).collect();
    parts.join(" ")
}

/// A question with what it is asked about, by the names that the first query of a standard picture finds.
pub(crate) fn heading(question: &str, given: &[(&str, String)], counted: &Answer) -> String {
    let found = |name: &str| {
        let column = counted.columns.iter().position(|column| column.name == name)?;
        shown(counted.rows.first()?.get(column)?)
    };
    let about = |(name, value): &(&str, String)| match *name {
        "since" | "until" => format!("{name} {value}"),
        name => found(name).unwrap_or_else(|| value.clone()),
    };
    let parts: Vec<String> = given.iter().map(about).collect();
    about_what(question, &parts.join(", "))
}

/// "Who said what when: Marco Rubio".
pub(crate) fn about_what(question: &str, what: &str) -> String {
    if what.is_empty() {
        return question.to_owned();
    }
    format!("{}: {what}", question.trim_end_matches('?'))
}

/// A query that a user brings for a picture.
pub(crate) struct Own {
    pub(crate) asked: Asked,
    pub(crate) query: ast::Query,
}

impl Own {
    /// The query on the command line, in a file or saved; none is no mistake.
    pub(crate) fn read(
        text: Option<&str>,
        shown: &Shown,
        filters: &Filters,
        world: &World<'_>,
    ) -> Result<Option<Self>, Failure> {
        let Shown { file, query, params } = shown;
        let asked = match (text, file, query) {
            (_, _, Some(name)) => Asked::saved(name, &params.param, world)?,
            (None, None, None) if params.param.is_empty() => return Ok(None),
            (None, None, None) => {
                let message = Message::new("-p gives a value to a query, and there is none");
                return Err(Failure::Usage(message.next("name a saved one with --query NAME")));
            }
            (text, file, None) => {
                let words = text.map(str::to_owned).into_iter().collect();
                let question =
                    Question { words, file: file.clone(), params: Params { param: Vec::new() } };
                Asked::of(source_of(&question)?, &params.param)?
            }
        };
        unfiltered(filters)?;
        match asked.queries.as_slice() {
            [query] => Ok(Some(Self { query: query.clone(), asked })),
            several => {
                let count = several.len();
                let message =
                    format!("a picture shows the answer to one query, and these are {count}");
                Err(Failure::Usage(Message::new(message)))
            }
        }
    }
}

/// Where the query for a picture comes from, with values for its parameters.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) source: Source,
    pub(crate) queries: Vec<ast::Query>,
    pub(crate) arguments: Arguments,
    /// What it answers, if it says so.
    pub(crate) question: String,
    /// Whether a user wrote it.
    pub(crate) own: bool,
}

impl Asked {
    /// A query behind a standard picture, for the parameters that are given.
    pub(crate) fn standard(standard: Standard, given: &[(&str, String)]) -> Result<Self, Failure> {
        let names: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
        let (name, text) = standard.text(&names);
        let given: Vec<(String, String)> =
            given.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        Self::of(Source::file(name, text), &given).map(|asked| Self { own: false, ..asked })
    }

    /// A saved query.
    pub(crate) fn saved(
        name: &str,
        given: &[(String, String)],
        world: &World<'_>,
    ) -> Result<Self, Failure> {
        let found = world.library.find(name);
        let found = found.map_err(|missing| missing_query(name, missing))?;
        let (saved, source) = saved::read_found(found, &world.library)?;
        Self::read(saved, source, given)
    }

    /// A query with its parameters.
    pub(crate) fn of(source: Source, given: &[(String, String)]) -> Result<Self, Failure> {
        let saved = match script::read(&source) {
            Ok(saved) => saved,
            Err(mistakes) => return Err(Failure::Question(mistakes, source)),
        };
        Self::read(saved, source, given)
    }

    fn read(saved: Saved, source: Source, given: &[(String, String)]) -> Result<Self, Failure> {
        let arguments = arguments::read(given, &saved)?;
        let Saved { question, queries, .. } = saved;
        Ok(Self { source, queries, arguments, question, own: true })
    }

    /// Its text in one line, without comments.
    pub(crate) fn in_one_line(&self) -> String {
        let lines = self.source.text().lines().filter(|line| !line.trim_start().starts_with("--"));
        lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    /// What is wrong with its answer, at its place if a user wrote it.
    pub(crate) fn wrong(&self, (code, what, next): Told) -> Failure {
        match self.queries.last() {
            Some(query) if self.own => {
                let told = Diagnostic::error(code, query.span, what).help(next);
                Failure::Question(vec![told], self.source.clone())
            }
            _ => Failure::Name(Message::new(what).next(next)),
        }
    }
}

/// The answer to a query.
pub(crate) struct Answer {
    pub(crate) columns: Vec<Column>,
    /// The rows that were kept.
    pub(crate) rows: Vec<Row>,
    /// How many rows there are.
    pub(crate) count: usize,
}

/// Asks one query, and keeps at most so many rows; says what there is to say about its answer.
pub(crate) fn ask(
    store: &Store,
    asked: &Asked,
    query: &ast::Query,
    most: usize,
    world: &World<'_>,
) -> Result<Answer, Failure> {
    let Asked { source, arguments, .. } = asked;
    let earlier = store.at_moment(query, source, arguments)?;
    let store = earlier.as_ref().unwrap_or(store);
    let prepared = store.prepare(query, source, arguments);
    let prepared: Prepared = prepared.map_err(|failure| match failure {
        Failure::Question(..) if !asked.own => no_claims(),
        failure => failure,
    })?;
    let (mut rows, mut count) = (Vec::new(), 0);
    store.run(&prepared, &mut |row| {
        count += 1;
        if count <= most {
            rows.push(row);
        }
        ControlFlow::Continue(())
    })?;
    let mut notes = store.notes(&prepared, count)?;
    // Of a query that the user has not written, only what is said of the user's words is of use.
    notes.retain(|note| asked.own || note.message.starts_with("no "));
    world.terminal.say(&render(&notes, source, world.terminal.style()));
    Ok(Answer { columns: prepared.columns, rows, count })
}

fn no_claims() -> Failure {
    let message =
        Message::new("this picture shows claims and statements, and this store has no such kinds");
    Failure::Name(message.next("write a query for what it has; `dixit schema` lists that"))
}

/// The words around a picture: its title, what was asked, and the store with its last change.
pub(crate) fn caption(
    title: String,
    asked: String,
    store: &Store,
    path: &Path,
) -> Result<Caption, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let changed = store.changes()?.first().map(|entry| entry.at.clone());
    let changed = changed.and_then(|at| at.get(..10).map(|day| format!(", as of {day}")));
    let store = format!("Store: {name}{}", changed.unwrap_or_default());
    Ok(Caption { title, notes: vec![asked, store] })
}
