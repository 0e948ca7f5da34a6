//! Asks saved queries the examples in their files, each of the store it names: `geneva`, a store, or files to import.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::engine::{self, Store};
use super::failure::Failure;
use super::saved;
use super::stores::is_store;
use crate::base::source::{Source, Span};
use crate::base::value::Value;
use crate::meaning::resolve::{Argument, Arguments};
use crate::script::example::{self, Difference, Example, Table};
use crate::script::parameter::{Choices, Parameter};
use crate::script::{Saved, cell};

/// The store that needs no file.
pub(crate) const GENEVA: &str = "geneva";

/// The stores of examples; each is made or opened once.
pub(crate) struct Stores {
    folder: TempDir,
    open: BTreeMap<PathBuf, Store>,
    timeout: Option<Duration>,
}

impl Stores {
    /// None yet.
    pub(crate) fn new(timeout: Option<Duration>) -> Result<Self, Failure> {
        let folder = tempfile::tempdir();
        let folder = folder.map_err(|error| Failure::file("make", &std::env::temp_dir(), error))?;
        Ok(Self { folder, open: BTreeMap::new(), timeout })
    }

    /// The example that ships with the tool.
    pub(crate) fn geneva(&mut self) -> Result<&Store, Failure> {
        self.store(PathBuf::from(GENEVA), |path| engine::create_example(path).map(drop))
    }

    fn named(&mut self, example: &Example, asked: &Asked<'_>) -> Result<&Store, Failure> {
        if example.store == GENEVA {
            return self.geneva();
        }
        let path = asked.folder.map(|folder| folder.join(&example.store));
        let path = path.and_then(|path| path.canonicalize().ok());
        let Some(path) = path.filter(|path| path.is_dir() || path.is_file()) else {
            let mistake = example::no_such_store(example);
            return Err(Failure::Question(vec![mistake], asked.source.clone()));
        };
        self.store(path.clone(), |store| engine::create_from(store, path))
    }

    /// A store that is open already, or lies there, or is made.
    fn store(
        &mut self,
        path: PathBuf,
        make: impl FnOnce(&Path) -> Result<(), Failure>,
    ) -> Result<&Store, Failure> {
        let count = self.open.len();
        match self.open.entry(path) {
            std::collections::btree_map::Entry::Occupied(open) => Ok(open.into_mut()),
            std::collections::btree_map::Entry::Vacant(free) => {
                let fresh = self.folder.path().join(format!("{count}.dixit"));
                let at = if is_store(free.key()) { free.key().clone() } else { fresh };
                if !is_store(&at) {
                    make(&at)?;
                }
                Ok(free.insert(Store::open(&at, self.timeout)?))
            }
        }
    }
}

/// A saved query whose examples are asked.
pub(crate) struct Asked<'q> {
    /// What it says.
    pub(crate) saved: &'q Saved,
    /// Its text.
    pub(crate) source: &'q Source,
    /// Where it lies, if it is a file.
    pub(crate) folder: Option<&'q Path>,
}

impl Asked<'_> {
    /// What comes for an example.
    pub(crate) fn table(&self, example: &Example, stores: &mut Stores) -> Result<Table, Failure> {
        let arguments = self.arguments(&example.given)?;
        let store = stores.named(example, self)?;
        self.ask(store, &arguments)
    }

    /// Asks for the values that parameters may have, to find mistakes in what lists them.
    pub(crate) fn list(&self, example: &Example, stores: &mut Stores) -> Result<(), Failure> {
        let asks = |one: &&Parameter| matches!(one.choices, Some(Choices::Query(_)));
        let asking: Vec<&Parameter> = self.saved.parameters.iter().filter(asks).collect();
        if asking.is_empty() {
            return Ok(());
        }
        let store = stores.named(example, self)?;
        for parameter in asking {
            saved::choices(parameter, self.saved, self.source, Some(store), 1)?;
        }
        Ok(())
    }

    /// What comes from the built-in example where no parameter is given.
    pub(crate) fn plain_table(&self, stores: &mut Stores) -> Result<Table, Failure> {
        let arguments = self.arguments(&[])?;
        self.ask(stores.geneva()?, &arguments)
    }

    /// How what comes differs from an example.
    pub(crate) fn difference(
        &self,
        example: &Example,
        stores: &mut Stores,
    ) -> Result<Option<Difference>, Failure> {
        let wrong = |mistake| Failure::Question(vec![mistake], self.source.clone());
        let came = self.table(example, stores)?;
        let Some(table) = &example.table else { return Err(wrong(example::no_table(example))) };
        if table.columns != came.columns {
            return Err(wrong(example::other_columns(table, &came.columns)));
        }
        Ok(table.difference(&came.rows, self.is_ordered()))
    }

    fn is_ordered(&self) -> bool {
        let [query] = self.saved.queries.as_slice() else { return false };
        let last = query.others.last().map_or(&query.linear, |(_, last)| last);
        last.result.as_ref().is_some_and(|result| !result.order.is_empty())
    }

    fn arguments(&self, given: &[(String, Value)]) -> Result<Arguments, Failure> {
        let mut arguments = Arguments::default();
        arguments.define(self.saved.definitions.clone());
        for parameter in &self.saved.parameters {
            let given = given.iter().find(|(name, _)| *name == parameter.name);
            let default = parameter.default.as_ref().map(|default| &default.value);
            let Some(value) = given.map(|(_, value)| value).or(default) else {
                return Err(super::arguments::missing(parameter, None));
            };
            arguments.set(&parameter.name, Argument::Value(value.clone()));
        }
        Ok(arguments)
    }

    fn ask(&self, store: &Store, arguments: &Arguments) -> Result<Table, Failure> {
        let Self { saved, source, folder: _ } = self;
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        for query in &saved.queries {
            let earlier = store.at_moment(query, source, arguments)?;
            let store = earlier.as_ref().unwrap_or(store);
            let prepared = store.prepare(query, source, arguments)?;
            columns = prepared.columns.iter().map(|column| column.name.clone()).collect();
            store.run(&prepared, &mut |row: Vec<Value>| {
                rows.push(row.iter().map(cell::written).collect());
                ControlFlow::Continue(())
            })?;
        }
        Ok(Table { columns, columns_at: Span::default(), rows })
    }
}
