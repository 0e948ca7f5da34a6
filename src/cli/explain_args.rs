//! What may stand on the command line of what shows a query without asking it.

use std::path::PathBuf;

use super::args::Question;

/// `dixit explain`
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) question: Question,
    /// One stage only
    #[arg(long, value_enum)]
    pub(crate) stage: Option<Stage>,
}

/// The stages a question goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Stage {
    /// What was written
    Ast,
    /// What is meant
    Meaning,
    /// How to find it
    Plan,
    /// The SQL statement and its values
    Sql,
    /// How it is run
    Sqlite,
    /// What a query that writes would do for each row
    Changes,
}

/// `dixit fmt`
#[derive(Debug, clap::Args)]
pub(crate) struct Fmt {
    /// The files, or - for standard input to standard output
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; name the files that are not in this form, and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
}
