//! Carrying out a query that writes, as the cases show it.

use std::ops::ControlFlow;

use dixit::base::diagnostic::Diagnostics;
use dixit::base::source::Source;
use dixit::base::value::Row;
use dixit::meaning::resolve::World;
use dixit::store::batch::{Batch, Plan};
use dixit::store::error::Error;
use dixit::store::log::{Action, Change, Counts};
use dixit::store::{self, Limits};
use dixit::{Compiled, answered, compile_writing, lang, script};

use super::{Asked, arguments, rendered, written};

/// What was written.
pub struct Written {
    pub changes: String,
    answers: Vec<(Compiled, Vec<Row>)>,
}

impl Written {
    /// What is returned, in a format.
    pub fn table(&self, format: &str) -> String {
        let tables = self.answers.iter().map(|(compiled, rows)| written(format, compiled, rows));
        tables.collect::<Vec<_>>().join("\n")
    }
}

/// Carries out a script in one transaction.
pub fn write(
    asked: &mut Asked,
    source: &Source,
    params: &[(String, String)],
) -> Result<Written, String> {
    let mistaken = |mistakes: Diagnostics| rendered(&mistakes, source);
    let saved = script::read(source).map_err(mistaken)?;
    let arguments = arguments(&saved, params);
    let mut writer = store::open_for_writing(&asked.path).unwrap();
    let mut batch = writer.begin(Plan { dry_run: false, large: false }).unwrap();
    let mut answers = Vec::new();
    for query in &saved.queries {
        formatting_changes_nothing(query);
        let world = World { catalog: &asked.catalog, arguments: &arguments, today: &asked.today };
        let writing = compile_writing(query, world).map_err(mistaken)?;
        let rows =
            batch.edit(&writing.reading.statement, &writing.edits).map_err(
                |error| match error {
                    Error::Refused(why) => rendered(&vec![*why], source),
                    other => match other.in_query(&writing.reading.statement) {
                        Some(mistake) => rendered(&vec![mistake], source),
                        None => other.to_string() + "\n",
                    },
                },
            )?;
        if let Some(answer) = writing.answer {
            answers.push(ask(&batch, answered(answer.about(rows), &asked.catalog).unwrap()));
        }
    }
    batch.prove().map_err(|error| error.to_string() + "\n")?;
    let at = "2026-01-02T00:00:00Z";
    let change = Change { at, who: None, why: None, action: Action::Write, files: &[] };
    let kept = batch.keep(&change).unwrap();
    drop(writer);
    asked.reader = store::open(&asked.path, &Limits::default()).unwrap();
    let changes = kept.map_or_else(|| "nothing\n".to_owned(), |(_, counts)| told(&counts));
    Ok(Written { changes, answers })
}

fn ask(batch: &Batch<'_>, compiled: Compiled) -> (Compiled, Vec<Row>) {
    let mut rows = Vec::new();
    batch
        .ask(&compiled.statement, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })
        .unwrap();
    (compiled, rows)
}

fn told(counts: &Counts) -> String {
    let Counts { added, changed, deleted } = counts;
    let mut lines = String::new();
    for (verb, counts) in [("added", added), ("changed", changed), ("deleted", deleted)] {
        for (noun, count) in counts {
            lines.extend([format!("{verb} {noun} {count}\n")]);
        }
    }
    lines
}

/// The formatted query is the same tree.
fn formatting_changes_nothing(query: &lang::ast::Query) {
    let text = lang::format(&lang::ast::Script {
        params: Vec::new(),
        uses: Vec::new(),
        definitions: Vec::new(),
        queries: vec![query.clone()],
    });
    let again = lang::parse(&Source::inline(text.as_str())).unwrap();
    assert_eq!(lang::show(query), lang::show(&again.queries[0]), "formatted as {text}");
}
