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
pub mod cli;
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

use base::diagnostic::Diagnostics;
use lang::ast;
use meaning::catalog::Catalog;
use meaning::question::Question;
use meaning::resolve::{World, resolve, resolve_writing};
use meaning::writing::{Answer, Writing};
use plan::Plan;
use record::edit::Edits;
use sql::Statement;
use std::sync::LazyLock;

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
    static PRELUDE: LazyLock<Vec<ast::Definition>> = LazyLock::new(|| {
        lang::definitions(&base::source::prelude(), base::source::PRELUDE).unwrap_or_default()
    });
    &PRELUDE
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

/// Brings a question to the statement that answers it.
pub fn answered(mut question: Question, catalog: &Catalog) -> Result<Compiled, Diagnostics> {
    let plan = plan::passes::improve(plan::build::plan(&question), &mut question.vars);
    let sql::lower::Lowered { select, columns, places, is_lost } =
        sql::lower::lower(&plan, &question, catalog);
    if is_lost {
        return Err(vec![sql::lost_value()]);
    }
    let statement = Statement { places, ..sql::writer::write(&select, columns) };
    Ok(Compiled { question, plan, statement })
}
