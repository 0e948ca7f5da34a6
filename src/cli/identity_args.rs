//! What may stand on the command line of what is about who is who, and about what is sound.

use std::path::PathBuf;

use super::change::Reason;
use super::output::Output;

/// `dixit aliases`
#[derive(Debug, clap::Args)]
pub(crate) struct Aliases {
    /// A key or a name of a node; otherwise all
    #[arg(value_name = "KEY")]
    pub(crate) name: Option<String>,
    /// Another name for it; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) add: Vec<String>,
    /// A name that it shall not go by any more; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) remove: Vec<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) reason: Reason,
}

/// `dixit merge`
#[derive(Debug, clap::Args)]
pub(crate) struct Merge {
    /// The actor that stays, then those that are the same: keys or names
    #[arg(value_name = "ACTOR")]
    pub(crate) actors: Vec<String>,
    /// Let these actors stand for themselves again
    #[arg(long, requires = "actors")]
    pub(crate) undo: bool,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) reason: Reason,
}

/// `dixit duplicates`
#[derive(Debug, clap::Args)]
pub(crate) struct Duplicates {
    /// Only nodes of this kind: actor, venue, source or claim
    #[arg(long, value_name = "KIND", value_parser = KINDS)]
    pub(crate) kind: Option<String>,
    /// Judge that these two actors are two, whatever they look like
    #[arg(long, num_args = 2, value_names = ["ACTOR", "ACTOR"])]
    pub(crate) not_same: Vec<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) reason: Reason,
}

/// The kinds of which twins are looked for.
const KINDS: [&str; 4] = ["actor", "venue", "source", "claim"];

/// `dixit check`
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The store, as with --db
    #[arg(value_name = "STORE")]
    pub(crate) store: Option<PathBuf>,
    /// Only the rules that a store must keep; nothing that a reader should look at
    #[arg(long)]
    pub(crate) rules: bool,
    /// Exit with 1 where there is something to look at, too
    #[arg(long, conflicts_with = "rules")]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}
