//! dixit keeps attributed claims in one `SQLite` file and answers questions about them.
//!
//! The road from a question to its answer, each step with its own module and its own type:
//!
//! ```text
//! text ─parse→ Ast ─resolve→ Question ─plan→ Plan ─lower→ Select ─write→ Statement ─run→ Rows ─format→ bytes
//!      └─ lang ──┘ └─ meaning ──────┘ └ plan ┘ └──────── sql ─────────┘ └ store ┘ └ format ┘
//! ```
//!
//! Beside the road: [`record`] says what is kept, [`import`] brings it in, [`script`] reads saved queries, and [`cli`] is
//! the only part that knows of a terminal. ARCHITECTURE.md tells who may use whom.

pub mod base;
pub mod cite;
pub mod cli;
pub mod complete;
pub mod export;
pub mod format;
pub mod import;
pub mod lang;
pub mod meaning;
pub mod notes;
pub mod picture;
pub mod plan;
pub mod record;
pub mod script;
pub mod sql;
pub mod store;
pub mod why;

use base::diagnostic::Diagnostics;
use lang::ast;
use meaning::catalog::{Catalog, KindSet};
use meaning::evidence;
use meaning::question::Question;
use meaning::resolve::{World, resolve, resolve_writing};
use meaning::writing::{Answer, Writing};
use plan::Plan;
use record::edit::Edits;
use sql::Statement;

/// A query with all its stages, ready to run.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// What is meant.
    pub question: Question,
    /// How to find it.
    pub plan: Plan,
    /// The one SQL statement.
    pub statement: Statement,
}

/// What is defined for all queries, as `src/prelude.dixit` says.
pub fn prelude() -> &'static [ast::Definition] {
    lang::prelude()
}

/// Brings a parsed query to the statement that answers it: nothing is read, written or asked on the way.
pub fn compile(query: &ast::Query, world: World<'_>) -> Result<Compiled, Diagnostics> {
    answered(resolve(query, world, prelude())?, world.catalog)
}

/// A writing query, ready to be carried out.
#[derive(Debug, Clone)]
pub struct CompiledWriting {
    /// What is read, all of it before anything changes.
    pub reading: Compiled,
    /// What is done for each row.
    pub edits: Edits,
    /// What is returned of the graph as it is afterwards, if anything.
    pub answer: Option<Answer>,
}

/// Brings a parsed query that writes to what a store carries out.
pub fn compile_writing(
    query: &ast::Query,
    world: World<'_>,
) -> Result<CompiledWriting, Diagnostics> {
    let Writing { reading, edits, answer } = resolve_writing(query, world, prelude())?;
    Ok(CompiledWriting { reading: answered(reading, world.catalog)?, edits, answer })
}

/// What is wrong with the queries of a script that one catalogue gives their meaning, each mistake once; those about
/// another moment are left out.
pub fn mistakes(queries: &[ast::Query], world: World<'_>) -> Diagnostics {
    let mut found = Diagnostics::new();
    let about_now = |query: &&ast::Query| {
        query.as_of.as_ref().is_none_or(|as_of| as_of.clock != ast::Clock::Recorded)
    };
    for query in queries.iter().filter(about_now) {
        let wrong = if query.linear.writes.is_empty() {
            resolve(query, world, prelude()).err()
        } else {
            resolve_writing(query, world, prelude()).err()
        };
        for mistake in wrong.into_iter().flatten() {
            if !found.contains(&mistake) {
                found.push(mistake);
            }
        }
    }
    found
}

/// The same query with a last column that names what each row rests on, of these kinds.
pub fn compile_traced(
    compiled: &Compiled,
    wanted: &KindSet,
    catalog: &Catalog,
) -> Result<Compiled, Diagnostics> {
    answered(evidence::traced(&compiled.question, wanted, catalog), catalog)
}

/// Brings a question to the statement that answers it.
pub fn answered(mut question: Question, catalog: &Catalog) -> Result<Compiled, Diagnostics> {
    let plan = plan::passes::improve(plan::build::plan(&question), &mut question.vars);
    let sql::lower::Lowered { select, columns, places, searches, is_lost } =
        sql::lower::lower(&plan, &question, catalog);
    if is_lost {
        return Err(vec![sql::lost_value()]);
    }
    let statement = Statement { places, searches, ..sql::writer::write(&select, columns) };
    Ok(Compiled { question, plan, statement })
}
