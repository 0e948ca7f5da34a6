//! What the tests of the language share: case files, small worlds to ask, and the road from a query to its answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]
#![allow(dead_code, reason = "each test uses its own part of this")]
#![allow(unreachable_pub, reason = "this folder is a module of several tests")]

pub mod case;
pub mod diff;
pub mod leaving;
pub mod threads;
pub mod writing;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dixit::base::date::Date;
use dixit::base::diagnostic::Diagnostics;
use dixit::base::render::{Style, render};
use dixit::base::source::Source;
use dixit::base::value::{Column, Holds, Row};
use dixit::format::{Look, named};
use dixit::lang::ast;
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Argument, Arguments, World};
use dixit::sql::Shape;
use dixit::store::{self, Limits, Reader};
use dixit::{Compiled, compile, import, script};
use tempfile::TempDir;

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A store to ask.
pub struct Asked {
    pub reader: Reader,
    pub catalog: Catalog,
    pub today: Date,
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

/// The stores of a run; each is made once, when a case first asks it.
#[derive(Default)]
pub struct Worlds(BTreeMap<String, Asked>);

impl Worlds {
    pub fn get(&mut self, name: &str) -> &Asked {
        self.0.entry(name.to_owned()).or_insert_with(|| Asked::new(name))
    }
}

impl Asked {
    /// The Geneva talks, the files of a folder in `tests/worlds`, or a graph of that name there, by itself; with `-open`
    /// behind the name, the graph is open.
    pub fn new(name: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("world.dixit");
        let graph = name.strip_suffix("-open").unwrap_or(name);
        let graph = Path::new(ROOT).join("tests/worlds").join(format!("{graph}.jsonl"));
        let made = if graph.exists() { store::create_bare(&path) } else { store::create(&path) };
        let mut writer = made.unwrap();
        let now = "2026-01-01T00:00:00Z";
        let report = if name == "geneva" {
            import::import_geneva(&mut writer, now)
        } else if graph.exists() {
            let (paths, open) = (vec![graph], name.ends_with("-open"));
            let now = now.to_owned();
            let request = import::Request { paths, now, infer: true, open, ..Default::default() };
            import::import(&mut writer, &request, &mut |_| ())
        } else {
            let paths = vec![Path::new(ROOT).join("tests/worlds").join(name)];
            let request = import::Request { paths, now: now.to_owned(), ..Default::default() };
            import::import(&mut writer, &request, &mut |_| ())
        };
        assert_eq!(report.unwrap().refused, [], "the world `{name}`");
        drop(writer);
        let reader = store::open(&path, &Limits::default()).unwrap();
        let catalog = Catalog::new(reader.catalogue().unwrap()).unwrap();
        Self { reader, catalog, today: Date::parse("2025-12-01").unwrap(), path, _folder: folder }
    }

    pub fn compile(
        &self,
        query: &ast::Query,
        arguments: &Arguments,
    ) -> Result<Compiled, Diagnostics> {
        compile(query, World { catalog: &self.catalog, arguments, today: &self.today })
    }

    /// The rows of a compiled query, or what the database says of it.
    pub fn rows(&self, compiled: &Compiled) -> Result<Vec<Row>, String> {
        self.attempt(compiled).map_err(|error| self.told(&error))
    }

    /// What an error says. The store is in a new folder each time; its name is enough.
    pub fn told(&self, error: &store::error::Error) -> String {
        let folder = self.reader.path().parent().unwrap().join("");
        error.to_string().replace(folder.to_str().unwrap(), "")
    }

    /// The rows, or the error as it is.
    pub fn attempt(&self, compiled: &Compiled) -> Result<Vec<Row>, store::error::Error> {
        self.reader.start();
        let mut rows = Vec::new();
        let run = self.reader.run(&compiled.statement, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        });
        run.map(|()| rows)
    }
}

/// The values of parameters: declared ones by their type, others as typed.
pub fn arguments(saved: &script::Saved, given: &[(String, String)]) -> Arguments {
    let mut arguments = Arguments::default();
    arguments.define(saved.definitions.clone());
    for parameter in &saved.parameters {
        if let Some(default) = &parameter.default {
            arguments.set(&parameter.name, Argument::Value(default.value.clone()));
        }
    }
    for (name, text) in given {
        let declared = saved.parameters.iter().find(|parameter| parameter.name == *name);
        let argument = match declared {
            Some(parameter) => Argument::Value(parameter.ty.value(text).unwrap()),
            None => Argument::Raw(text.clone()),
        };
        arguments.set(name, argument);
    }
    arguments
}

/// Rows in one of the formats, on lines as long as they need.
pub fn written(format: &str, compiled: &Compiled, rows: &[Row]) -> String {
    let columns: Vec<Column> = compiled
        .statement
        .columns
        .iter()
        .zip(&compiled.question.query.columns)
        .map(|(column, output)| Column {
            name: column.name.clone(),
            holds: match column.shape {
                Shape::Float => Holds::Float,
                _ if output.ty.is_number() => Holds::Int,
                _ => Holds::Any,
            },
        })
        .collect();
    let mut out = Vec::new();
    let mut sink = named(format).unwrap().start(&mut out, Look::PLAIN);
    sink.begin(&columns).unwrap();
    for row in rows {
        sink.row(row).unwrap();
    }
    sink.end().unwrap();
    drop(sink);
    String::from_utf8(out).unwrap()
}

/// Mistakes as people read them.
pub fn rendered(mistakes: &Diagnostics, source: &Source) -> String {
    for label in mistakes.iter().flat_map(|mistake| &mistake.labels) {
        let prelude = dixit::base::source::prelude();
        let (text, start) = match label.span.start.checked_sub(dixit::base::source::PRELUDE) {
            Some(start) => (prelude.text(), start),
            None => (source.text(), label.span.start),
        };
        let length = label.span.end - label.span.start;
        let inside = text.get(start..start + length).is_some();
        assert!(inside, "{:?} lies outside of: {}", label.span, source.text());
    }
    render(mistakes, source, Style { colour: false, width: 100 }).to_string()
}
