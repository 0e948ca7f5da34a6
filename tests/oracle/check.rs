//! Holds the compiler's answer to a query against the oracle's.

use super::eval::{self, Stop};
use super::graph::Graph;
use super::value::{show, show_given};
use super::worlds::World;
use dixit::base::{date::Date, source::Source};
use dixit::lang::ast::{Clause, ExprKind, Projection, Query};
use dixit::meaning::{
    catalog::Catalog,
    resolve::{Arguments, World as Meanings},
};
use dixit::store::{self, Limits, Reader};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use tempfile::TempDir;

/// The day on which all is asked.
pub(crate) const TODAY: &str = "2026-01-01";

/// A world in a store, and as a graph.
pub(crate) struct Case {
    pub(crate) world: World,
    pub(crate) graph: Graph,
    reader: Reader,
    catalog: Catalog,
    _folder: TempDir,
}

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
    /// Imports a world; the error says why it is refused.
    pub(crate) fn new(world: World) -> Result<Self, String> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("world.dixit");
        let files = folder.path().join("files");
        std::fs::create_dir(&files).unwrap();
        world.write(&files);
        let mut writer = store::create(&path).map_err(|error| error.to_string())?;
        let request = dixit::import::Request {
            paths: vec![files],
            now: "2026-01-01T00:00:00Z".to_owned(),
            ..dixit::import::Request::default()
        };
        let report = dixit::import::import(&mut writer, &request, &mut |_| ())
            .map_err(|error| error.to_string())?;
        if let Some(refusal) = report.refused.first() {
            return Err(format!("{}: {:?}: {}", refusal.file, refusal.column, refusal.reason));
        }
        drop(writer);
        let graph = Graph::of(&world);
        let limits =
            Limits { timeout: Some(std::time::Duration::from_secs(20)), ..Limits::default() };
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
            Ok(script) => self.check(&script.queries[0]),
            Err(wrong) => Verdict::Unread(wrong[0].message.clone()),
        }
    }

    /// Compares the answers to a query.
    pub(crate) fn check(&self, query: &Query) -> Verdict {
        let arguments = Arguments::default();
        let today = Date::parse(TODAY).unwrap();
        let world = Meanings { catalog: &self.catalog, arguments: &arguments, today: &today };
        let compiled = match dixit::compile(query, world) {
            Ok(compiled) => compiled,
            Err(wrong) => return Verdict::Refused(wrong[0].message.clone()),
        };
        let answer = match eval::answer(&self.graph, &BTreeMap::new(), query) {
            Ok(answer) => answer,
            Err(Stop::TooMuch) => return Verdict::TooMuch,
            Err(Stop::Fails) => return Verdict::Fails,
        };
        let lists = !gathers(query);
        let mut given = Vec::new();
        self.reader.start();
        let ran = self.reader.run(&compiled.statement, &mut |row| {
            let shown: Vec<String> =
                row.iter().map(|value| show_given(value, &self.graph, lists)).collect();
            given.push(shown.join(" | "));
            ControlFlow::Continue(())
        });
        if let Err(error) = ran {
            let reason = error.to_string();
            if reason.contains("too many repeated edges and optional patterns") {
                return Verdict::TooDeep;
            }
            return Verdict::Failed(reason);
        }
        let mut expected: Vec<String> = answer
            .rows
            .iter()
            .map(|row| {
                let shown: Vec<String> =
                    row.iter().map(|value| show(value, &self.graph, lists)).collect();
                shown.join(" | ")
            })
            .collect();
        if !is_total(query.linear.result.as_ref().unwrap()) {
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

/// Whether an order fixes the place of every row: all items are sort keys.
fn is_total(projection: &Projection) -> bool {
    projection.items.iter().all(|item| {
        projection.order.iter().any(|key| match (&key.value.kind, &item.alias) {
            (ExprKind::Variable(name), Some(alias)) => name.text == alias.text,
            _ => key.value.kind == item.value.kind,
        })
    })
}

/// Whether a list is gathered from rows, which have no order.
fn gathers(query: &Query) -> bool {
    let withs = query.linear.clauses.iter().filter_map(|clause| match clause {
        Clause::With { projection, .. } => Some(projection),
        _ => None,
    });
    withs.chain([query.linear.result.as_ref().unwrap()]).flat_map(|projection| &projection.items).any(|item| {
        matches!(&item.value.kind, ExprKind::Call { name, .. } if name.text.starts_with("collect"))
    })
}
