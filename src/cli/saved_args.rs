//! What may stand on the command line of what is about saved queries as documents.

use std::path::PathBuf;

use super::output::Output;

/// Instead of asking a saved query.
#[derive(Debug, clap::Args)]
pub(crate) struct Listing {
    /// List what a parameter may be, and do not ask
    #[arg(long, value_name = "PARAMETER")]
    pub(crate) values: Option<String>,
}

/// `dixit test`
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Files, folders or names of saved questions; otherwise all that `dixit queries` lists
    #[arg(value_name = "FILE")]
    pub(crate) targets: Vec<PathBuf>,
    /// Write the rows that come now into the examples of the files
    #[arg(long)]
    pub(crate) bless: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// `dixit queries`
#[derive(Debug, clap::Args)]
pub(crate) struct Queries {
    /// Only those that have this word in their name, topic, question or explanation
    #[arg(value_name = "WORD")]
    pub(crate) word: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}
