//! Holds the compiler's answer to a query against the oracle's.

use super::eval::{self, Stop};
use super::graph::Graph;
use super::value::{Ordered, Value, show, show_given};
use super::worlds::World;
use dixit::Compiled;
use dixit::base::{date::Date, source::Source, value as given};
use dixit::lang::ast::{ExprKind, Query, Script, SubqueryKind};
use dixit::lang::walk;
use dixit::meaning::{
    catalog::Catalog,
    resolve::{Argument, Arguments, World as Meanings},
};
use dixit::sql::{Bound, Statement};
use dixit::store::{self, Limits, Reader};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// The day on which all is asked.
pub(crate) const TODAY: &str = "2026-01-01";

/// A world in a store, and as a graph.
pub(crate) struct Case {
    pub(crate) world: World,
    pub(crate) graph: Graph,
    pub(crate) reader: Reader,
    pub(crate) catalog: Catalog,
    _folder: TempDir,
}

/// Rows as they are compared, or why there are none.
pub(crate) type Rows = Result<Vec<String>, String>;

/// How an answer compares.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Both say the same: so many rows.
    Same(usize),
    /// The query is too large to try everything.
    TooMuch,
    /// A value does not allow what is done with it.
    Fails,
    /// The database finds it nested too deep: each repeated edge and each `optional match` doubles the statement.
    TooDeep,
    /// It cannot be read.
    Unread(String),
    /// The compiler refuses it.
    Refused(String),
    /// It fails when it runs.
    Failed(String),
    /// The answers differ; what was expected and what was given.
    Differs(Vec<String>, Vec<String>),
}

impl Verdict {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Same(0) => "empty",
            Self::Same(_) => "filled",
            Self::TooMuch => "too much",
            Self::Fails => "fails",
            Self::TooDeep => "too deep",
            Self::Unread(_) => "unread",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
            Self::Differs(..) => "differs",
        }
    }
}

impl Case {
    /// Imports a world; the error says why it is refused. An answer may take two minutes, on a busy machine.
    pub(crate) fn new(world: World) -> Result<Self, String> {
        Self::allowing(world, Duration::from_secs(120))
    }

    /// The same, where an answer may take so long.
    pub(crate) fn allowing(world: World, time: Duration) -> Result<Self, String> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("world.dixit");
        let files = folder.path().join("files");
        std::fs::create_dir(&files).unwrap();
        world.write(&files);
        let mut writer = store::create(&path).map_err(|error| error.to_string())?;
        take_in(&mut writer, files, false)?;
        if let Some(lines) = world.lines() {
            let graph = folder.path().join("graph.jsonl");
            std::fs::write(&graph, lines).unwrap();
            take_in(&mut writer, graph, true)?;
        }
        drop(writer);
        let judging = rusqlite::Connection::open(&path).map_err(|error| error.to_string())?;
        for row in world.rows("same_as") {
            let judge = "INSERT INTO same_as (kind, node, same)
              SELECT 1, a.id, b.id FROM actor AS a, actor AS b WHERE a.key = ?1 AND b.key = ?2";
            let values = [row.get("actor"), row.get("same")];
            judging.execute(judge, values).map_err(|error| error.to_string())?;
        }
        drop(judging);
        let graph = Graph::of(&world);
        let limits = Limits { timeout: Some(time), ..Limits::default() };
        let reader = store::open(&path, &limits).map_err(|error| error.to_string())?;
        let catalog = Catalog::new(reader.catalogue().map_err(|error| error.to_string())?)?;
        for (kind, count) in reader.counts().map_err(|error| error.to_string())? {
            let mine = graph.nodes.iter().filter(|node| node.kind == kind).count();
            if u64::try_from(mine).unwrap() != count {
                return Err(format!("{count} nodes of kind {kind}, not {mine}"));
            }
        }
        Ok(Self { world, graph, reader, catalog, _folder: folder })
    }

    /// Reads and compares.
    pub(crate) fn check_text(&self, text: &str) -> Verdict {
        match dixit::lang::parse(&Source::inline(text)) {
            Ok(script) => self.check(&script),
            Err(wrong) => Verdict::Unread(wrong[0].message.clone()),
        }
    }

    pub(crate) fn compiled(&self, script: &Script) -> Result<Compiled, String> {
        let mut arguments = Arguments::default();
        arguments.define(script.definitions.clone());
        for (name, value) in eval::parameters(&self.graph, script) {
            arguments.set(&name, Argument::Value(as_argument(&value)));
        }
        let today = Date::parse(TODAY).unwrap();
        let world = Meanings { catalog: &self.catalog, arguments: &arguments, today: &today };
        dixit::compile(&script.queries[0], world).map_err(|wrong| wrong[0].message.clone())
    }

    /// The statement a query becomes, with the values bound in it.
    pub(crate) fn statement(&self, script: &Script) -> Result<(String, Vec<Bound>), String> {
        self.compiled(script).map(|compiled| (compiled.statement.text, compiled.statement.values))
    }

    /// The rows of a query, sorted.
    pub(crate) fn rows(&self, text: &str) -> Rows {
        let script =
            dixit::lang::parse(&Source::inline(text)).map_err(|wrong| wrong[0].message.clone())?;
        let compiled = self.compiled(&script)?;
        let mut rows = self.ran(&compiled.statement, !gathers(&script.queries[0]))?;
        rows.sort();
        Ok(rows)
    }

    pub(crate) fn ran(&self, statement: &Statement, lists: Ordered) -> Rows {
        let mut given = Vec::new();
        self.reader.start();
        let ran = self.reader.run(statement, &mut |row| {
            let shown: Vec<String> =
                row.iter().map(|value| show_given(value, &self.graph, lists)).collect();
            given.push(shown.join(" | "));
            ControlFlow::Continue(())
        });
        ran.map(|()| given).map_err(|error| error.to_string())
    }

    /// Compares the answers to a query.
    pub(crate) fn check(&self, script: &Script) -> Verdict {
        let compiled = match self.compiled(script) {
            Ok(compiled) => compiled,
            Err(why) if why.contains("lost a value") => return Verdict::Failed(why),
            Err(why) => return Verdict::Refused(why),
        };
        let answer = match eval::answer(&self.graph, script) {
            Ok(answer) => answer,
            Err(Stop::TooMuch) => return Verdict::TooMuch,
            Err(Stop::Fails) => return Verdict::Fails,
        };
        let query = &script.queries[0];
        let lists = !gathers(query);
        let mut given = match self.ran(&compiled.statement, lists) {
            Ok(given) => given,
            Err(reason) if reason.contains("too many repeated edges and optional patterns") => {
                return Verdict::TooDeep;
            }
            Err(reason) => return Verdict::Failed(reason),
        };
        let mut expected: Vec<String> = answer
            .rows
            .iter()
            .map(|row| {
                let shown: Vec<String> =
                    row.iter().map(|value| show(value, &self.graph, lists)).collect();
                shown.join(" | ")
            })
            .collect();
        if !is_total(query) {
            expected.sort();
            given.sort();
        }
        if expected == given {
            Verdict::Same(expected.len())
        } else {
            Verdict::Differs(expected, given)
        }
    }
}

fn take_in(writer: &mut store::Writer, path: PathBuf, infer: bool) -> Result<(), String> {
    let request = dixit::import::Request {
        paths: vec![path],
        infer,
        dates: infer,
        now: "2026-01-01T00:00:00Z".to_owned(),
        ..dixit::import::Request::default()
    };
    let report =
        dixit::import::import(writer, &request, &mut |_| ()).map_err(|error| error.to_string())?;
    match report.refused.first() {
        Some(refusal) => Err(format!("{}: {:?}: {}", refusal.file, refusal.column, refusal.reason)),
        None => Ok(()),
    }
}

/// Whether an order fixes the place of every row: all items are sort keys.
pub(crate) fn is_total(query: &Query) -> bool {
    let projection = query.linear.result.as_ref().unwrap();
    query.others.is_empty()
        && projection.items.iter().all(|item| {
            projection.order.iter().any(|key| match (&key.value.kind, &item.alias) {
                (ExprKind::Variable(name), Some(alias)) => name.text == alias.text,
                _ => key.value.kind == item.value.kind,
            })
        })
}

/// Whether a list is gathered from rows, which have no order.
pub(crate) fn gathers(query: &Query) -> bool {
    let mut found = false;
    walk::query(&mut query.clone(), &mut |expr| {
        found |= match &expr.kind {
            ExprKind::Call { name, .. } => name.text.starts_with("collect"),
            ExprKind::Subquery(kind, _) => *kind == SubqueryKind::Collect,
            _ => false,
        };
    });
    found
}

/// A value as the command line would give it.
fn as_argument(value: &Value) -> given::Value {
    match value {
        Value::Null => given::Value::Null,
        Value::Bool(value) => given::Value::Bool(*value),
        Value::Int(number) => given::Value::Int(*number),
        Value::Float(number) => given::Value::Float(*number),
        Value::Text(text) => given::Value::Text(text.clone()),
        Value::Date(date) => given::Value::Date(date.text.clone()),
        Value::List(members) => given::Value::List(members.iter().map(as_argument).collect()),
        Value::Map(_) | Value::Node(_) | Value::Edge(_) | Value::Path(..) => {
            panic!("{value:?} is no argument")
        }
    }
}
