//! What may stand behind `timeline` and `graph` on the command line.

use std::path::PathBuf;

use super::args::Params;
use super::picture::Canvas;
use crate::base::date::{BadDate, Date};
use crate::picture::graph::MOST_NODES;
use crate::picture::timeline::MOST_MARKS;

/// The heading of what says how a picture is made.
pub(crate) const PICTURE: &str = "The picture";

/// Which query a picture shows.
#[derive(Debug, clap::Args)]
pub(crate) struct Shown {
    /// Read the query from a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "words")]
    pub(crate) file: Option<PathBuf>,
    /// A saved query, by its name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["words", "file"])]
    pub(crate) query: Option<String>,
    #[command(flatten)]
    pub(crate) params: Params,
}

/// Which of all statements a picture shows.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which statements")]
pub(crate) struct Filters {
    /// What was said about a claim, by its key or text
    #[arg(long, value_name = "CLAIM")]
    pub(crate) claim: Option<String>,
    /// What somebody said, by key, name or alias
    #[arg(long, value_name = "ACTOR")]
    pub(crate) actor: Option<String>,
    /// What was said on a topic, by key, name or alias
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    /// What may have been said on this day or later
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) since: Option<String>,
    /// What may have been said on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Option<String>,
}

fn day(text: &str) -> Result<String, String> {
    match Date::parse(text) {
        Ok(date) => Ok(date.text),
        Err(BadDate { suggestion: Some(near), .. }) => Err(format!("did you mean {near}?")),
        Err(_) => Err("write a day, month or year, such as 2025-11-22 or 2025-11".to_owned()),
    }
}

/// `dixit timeline`
#[derive(Debug, clap::Args)]
pub(crate) struct Timeline {
    /// A query that returns statements, or rows with a date; without one, all statements
    #[arg(value_name = "QUERY")]
    pub(crate) words: Option<String>,
    #[command(flatten)]
    pub(crate) shown: Shown,
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// What makes a lane: speaker, claim, venue or topic; of rows of your own, a column
    #[arg(long, value_name = "COLUMN", help_heading = PICTURE)]
    pub(crate) by: Option<String>,
    /// How many statements it may show
    #[arg(long, value_name = "NUMBER", default_value_t = MOST_MARKS, help_heading = PICTURE)]
    pub(crate) max_marks: usize,
    #[command(flatten)]
    pub(crate) canvas: Canvas,
}

/// `dixit graph`
#[derive(Debug, clap::Args)]
pub(crate) struct Graph {
    /// `attribution` and the key of a statement, `disputes`, or a query that returns paths, edges or nodes
    #[arg(value_name = "WHAT", num_args = 0..=2)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) shown: Shown,
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// Of disputes: claim draws actors and claims, actor only who contradicts whom
    #[arg(long, value_enum, value_name = "WHAT", help_heading = PICTURE)]
    pub(crate) by: Option<Between>,
    /// How many nodes it may show
    #[arg(long, value_name = "NUMBER", default_value_t = MOST_NODES, help_heading = PICTURE)]
    pub(crate) max_nodes: usize,
    #[command(flatten)]
    pub(crate) canvas: Canvas,
}

/// Between what disputes are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Between {
    /// Actors and the claims they affirm or dispute
    Claim,
    /// Actors, and how often they contradict each other or agree
    Actor,
}
