//! `dixit explain`: each stage of a question as text.

use super::query::{self, Read};
use crate::base::clean::Safe;
use crate::cli::explain_args::{Explain, Stage};
use crate::cli::failure::Failure;
use crate::cli::world::World;

const STAGES: &[(Stage, &str)] = &[
    (Stage::Ast, "What was written"),
    (Stage::Meaning, "What is meant"),
    (Stage::Plan, "How to find it"),
    (Stage::Sql, "The SQL statement"),
    (Stage::Sqlite, "How SQLite runs it"),
    (Stage::Changes, "What it would change"),
];

pub(super) fn run(args: &Explain, world: World<'_>) -> Result<(), Failure> {
    let Explain { question, stage } = args;
    show(query::read(question, &world)?, *stage, world)
}

/// Whether `explain` stands in front of a query: then the script is explained, and nothing of it is done.
pub(super) fn is_asked_for(read: &Read) -> bool {
    read.queries.iter().any(|query| query.explain.is_some())
}

/// Shows one stage of each query, or all.
pub(in crate::cli) fn show(
    read: Read,
    stage: Option<Stage>,
    world: World<'_>,
) -> Result<(), Failure> {
    let Read { store, source, queries, arguments } = read;
    let world = world.about(store);
    let store = world.open()?;
    for query in &queries {
        for (one, title) in STAGES.iter().filter(|(one, _)| stage.is_none_or(|only| only == *one)) {
            let reads_only = *one == Stage::Changes && query.linear.writes.is_empty();
            if reads_only && stage.is_none() {
                continue;
            }
            let text = store.explain(query, &source, &arguments, *one)?;
            let heading = if stage.is_some() { String::new() } else { format!("-- {title}\n") };
            world.terminal.print(&Safe::clean(&format!("{heading}{}\n", text.trim_end())))?;
        }
    }
    Ok(())
}
