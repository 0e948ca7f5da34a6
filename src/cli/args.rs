//! What may stand on the command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Styles;
use clap::builder::styling::{AnsiColor, Style};
use clap::{Parser, Subcommand};

use super::change::Reason;
use super::colour::Choice;
use super::commands::man::Man;
use super::completions::Completions;
use super::explain_args::{Explain, Fmt};
use super::failure::is_dirty;
use super::identity_args::{Aliases, Check, Duplicates, Merge};
use super::output::Output;
use super::picture_args::{Graph, Timeline};
use super::reasons::Reasons;
use super::saved_args::{Listing, Queries, Test};
use super::shell;
use super::terminal::Terminal;

const TEMPLATE: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// Keeps attributed claims in one file and answers questions about them
#[derive(Debug, Parser)]
#[command(
    name = "dixit",
    version,
    disable_help_subcommand = true,
    help_template = TEMPLATE,
    before_help = "Examples:
  dixit demo
  dixit query \"match (a:Actor)-[s:denies]->(c:Claim) return a.name, c.text\"\n",
    after_help = "`dixit help COMMAND` explains a command, `dixit help language` shows the language on one\npage, and `dixit help` lists all topics."
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Global {
    /// The store.
    #[arg(
        help = "The store; otherwise $DIXIT_DB, otherwise the only *.dixit file here",
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Everywhere"
    )]
    pub(crate) db: Option<PathBuf>,
    /// When to use colours: auto, always or never
    #[arg(
        long,
        global = true,
        value_enum,
        hide_possible_values = true,
        value_name = "WHEN",
        help_heading = "Everywhere"
    )]
    pub(crate) color: Option<Choice>,
    /// How long a query may take
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds, help_heading = "Everywhere")]
    pub(crate) timeout: Option<Duration>,
    /// Look for saved questions in this folder first
    #[arg(long, global = true, value_name = "FOLDER", help_heading = "Everywhere")]
    pub(crate) queries: Vec<PathBuf>,
    /// Read no file of settings; `dixit config` tells what is set
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) no_config: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make geneva.dixit, a small store to try, and show four answers from it
    #[command(help_template = TEMPLATE, before_help = "Example:\n  dixit demo\n")]
    Demo,
    /// Make an empty store
    #[command(help_template = TEMPLATE, before_help = "Example:\n  dixit init talks.dixit\n")]
    Init(Init),
    /// Add coded data to the store: everything or nothing, and twice is the same as once
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit import coded/                         a folder of CSV files
  dixit import sheet.csv --map my-sheet.toml  a coding sheet
  dixit import people.ftm.json library.bib    files of other programs
  dixit import graph.jsonl --infer --bare --db graph.dixit  a graph into a store of its own\n")]
    Import(Import),
    /// Write the graph in a form that other programs read
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit export -o talks.jsonl         everything; `dixit import talks.jsonl` reads it back
  dixit export folder -o coded/       the CSV files that `dixit import coded/` reads back
  dixit export -o talks.graphml       the whole graph, for graph programs
  dixit export -o sides.gexf --projection actor-claim\n")]
    Export(Export),
    /// Make an empty coding sheet, and beside it a guide to its columns
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit new-sheet                    makes coding-sheet.csv and coding-sheet-guide.md
  dixit new-sheet talks.csv --example\n")]
    NewSheet(NewSheet),
    /// Ask a question
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit query \"match (:Actor 'Rubio')-[s:said]->(c:Claim) return s.act, c.text\"
  dixit query -f mine.dixit -p since=2025-11-01 --format csv > answers.csv
  dixit query \"match (:Actor 'Rubio')-[s:denies]->(c) return c.text\" --why
  dixit query \"match (s:Statement) return s.act, count(*) as n\" --chart bar -o acts.svg\n")]
    Query(Query),
    /// Change the store by a query that inserts, sets, removes or deletes
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit write \"match (a:Actor 'Rubio') set a.note = 'as of 2025'\" --why 'a remark'
  dixit write \"match (s:Statement 'pigott-false') detach delete s\" --dry-run\n")]
    Write(Write),
    /// Show who changed what, when and why; of one change, what it did; of a node, what became of it
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit log
  dixit log 3
  dixit log marco-rubio\n")]
    Log(Log),
    /// Show what was added, changed and deleted between two moments, or between two stores
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit diff 2025-11-01 now
  dixit diff 4 5                        what change 5 did
  dixit diff geneva-2025-11-24.backup   what happened since that copy
  dixit diff mine.dixit yours.dixit --format csv -o differences.csv\n")]
    Diff(Diff),
    /// Take a change back, by its number in the log
    #[command(help_template = TEMPLATE, before_help = "Example:\n  dixit undo 3 --why 'wrong person'\n")]
    Undo(Undo),
    /// Ask a saved question
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit run what-did-they-say --speaker Pigott
  dixit run sides --help
  dixit run sides --claim plan-is-us-position --cite\n")]
    Run(Run),
    /// Ask questions one after the other, at a prompt
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit shell
  dixit shell talks.dixit
  dixit shell < questions.dixit\n")]
    Shell(shell::Args),
    /// List the saved questions
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit queries
  dixit queries stance
  dixit queries --format json -o queries.json\n")]
    Queries(Queries),
    /// Ask saved questions the examples in their files, and compare
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit test queries/
  dixit test mine.dixit --bless      writes the rows that come now; read the difference\n")]
    Test(Test),
    /// Show how a question is understood and answered
    #[command(help_template = TEMPLATE, before_help = "Example:
  dixit explain \"match (a:Actor) return a.name\" --stage sql\n")]
    Explain(Explain),
    /// Write queries in their usual form: one clause on a line, comments kept
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit fmt mine.dixit
  dixit fmt --check queries/*.dixit\n")]
    Fmt(Fmt),
    /// Show which kinds, edges and properties the store has
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit schema
  dixit schema Statement
  dixit schema reports
  dixit schema act
  dixit schema apply films.gql\n")]
    Schema(Schema),
    /// Draw who said what when, as a page or a picture
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit timeline -o geneva.html
  dixit timeline --claim plan-us-authored -o authorship.svg
  dixit timeline --actor Rubio --since 2025-11-22 --by claim -o rubio.png
  dixit timeline \"match (v:Venue 'Halifax')<-[:at]-(s:Statement) return s\" -o halifax.html\n")]
    Timeline(Timeline),
    /// Draw who told whom of a statement, who contradicts whom, or what a query finds
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit graph attribution rubio-denies-us-position -o told.html
  dixit graph disputes -o disputes.svg
  dixit graph disputes --by actor -o opponents.png
  dixit graph \"match p = (:Venue)-[:within]->(:Venue) return p\" -o venues.svg\n")]
    Graph(Graph),
    /// Show in figures what the store holds: kinds, edges, acts, speakers, times, and how well we know
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit stats
  dixit stats talks.dixit --format json\n")]
    Stats(Stats),
    /// List other names, give a node further ones, or take some away
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit aliases
  dixit aliases Rubio
  dixit aliases marco-rubio --add 'Secretary Rubio' --why 'as the Post calls him'\n")]
    Aliases(Aliases),
    /// Judge that two actors are one, or take that back; without actors, list what was judged
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit merge marco-rubio m-rubio --why 'the same senator, spelled twice'
  dixit merge
  dixit merge --undo m-rubio --why 'his brother, it turns out'\n")]
    Merge(Merge),
    /// List who may be one: the same name, initials, another order of words, letters that only look alike
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit duplicates
  dixit duplicates --format csv -o twins.csv
  dixit duplicates --not-same ann-lee anne-lee --why 'mother and daughter'\n")]
    Duplicates(Duplicates),
    /// Prove that the store keeps its rules, and list what a reader should look at
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit check
  dixit check --format json
  dixit check --rules\n")]
    Check(Check),
    /// Copy the store while others may read and write it; the copy is a store itself
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit backup                          makes geneva-2025-11-24.backup
  dixit backup /media/stick/            the same on another disk
  dixit backup before-the-merge.dixit\n")]
    Backup(Backup),
    /// Bring a store that an older dixit made up to date, after a backup
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit upgrade talks.dixit
  dixit upgrade talks.dixit --dry-run\n")]
    Upgrade(Upgrade),
    /// Show the settings and where each comes from; `config path` prints where their file lies
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit config
  dixit config path\n")]
    Config(Config),
    /// Print the script that completes command lines in your shell
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit completions bash > ~/.local/share/bash-completion/completions/dixit
  dixit completions zsh > ~/.zfunc/_dixit      with fpath+=~/.zfunc in front of compinit
  dixit completions fish > ~/.config/fish/completions/dixit.fish\n")]
    Completions(Completions),
    /// Print the manual page, or write all of them into a folder
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit man | man -l -
  dixit man ~/.local/share/man/man1\n")]
    Man(Man),
    /// Explain a command or a topic
    #[command(help_template = TEMPLATE, before_help = "Examples:
  dixit help                 lists commands and topics
  dixit help import
  dixit help language
  dixit help exit-codes\n")]
    Help(Help),
}

/// `dixit init`
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// The file to make
    pub(crate) file: PathBuf,
    /// Without the kinds of claims and statements: only those that you declare
    #[arg(long)]
    pub(crate) bare: bool,
}

/// `dixit import`
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Import {
    /// Folders of CSV files, coding sheets, graphs, or files of other programs: `dixit help importing`; - is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The form of the files, where their content is not to decide
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// Says what the columns of a coding sheet mean
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Refuse rows that name an actor, venue, source, topic or claim the store does not have
    #[arg(long)]
    pub(crate) no_create: bool,
    /// The rows are nodes of this declared kind; the columns are its properties
    #[arg(long, value_name = "KIND", conflicts_with_all = ["map", "format"])]
    pub(crate) kind: Option<String>,
    /// The rows are edges of this name, which is declared
    #[arg(long, value_name = "NAME", conflicts_with_all = ["kind", "map", "format", "infer"])]
    pub(crate) edge: Option<String>,
    /// Of such rows: the column of their keys, unless it is called key or id
    #[arg(long, value_name = "COLUMN")]
    pub(crate) key: Option<String>,
    /// Of edges: the column of the node they start from, unless it is called from, start or source
    #[arg(long, value_name = "COLUMN", requires = "edge", conflicts_with = "kind")]
    pub(crate) from: Option<String>,
    /// Of edges: the column of the node they lead to, unless it is called to, end or target
    #[arg(long, value_name = "COLUMN", requires = "edge", conflicts_with = "kind")]
    pub(crate) to: Option<String>,
    /// Of a graph: add the kinds, edges and properties that are not declared yet
    #[arg(long)]
    pub(crate) infer: bool,
    /// Of a graph: unknown labels then match nothing and unknown properties are null
    #[arg(long, requires = "infer")]
    pub(crate) open: bool,
    /// Of a graph: properties whose texts are all days, all instants or all durations become such
    #[arg(long, requires = "infer")]
    pub(crate) dates: bool,
    /// Make the store named by --db, without the kinds of claims and statements
    #[arg(long)]
    pub(crate) bare: bool,
    #[command(flatten)]
    pub(crate) reason: Reason,
}

/// `dixit export`
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The format; a store may stand in front of it, as with --db
    #[arg(value_name = "FORMAT", num_args = 0..=2)]
    pub(crate) words: Vec<String>,
    /// The format, where the ending of the file's name does not tell it
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// The file or folder, which appears only when it is complete; - is standard output
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Which graph is made of the statements: actor-claim, actor-actor or attribution
    #[arg(long, value_name = "NAME")]
    pub(crate) projection: Option<String>,
    /// Only what is about an actor, by key, name or alias
    #[arg(long, value_name = "ACTOR")]
    pub(crate) actor: Option<String>,
    /// Only what is about a claim, by its key or text
    #[arg(long, value_name = "CLAIM")]
    pub(crate) claim: Option<String>,
    /// Only edges of the projection that stand for so many statements or claims; 1 writes all, however many
    #[arg(long, value_name = "N")]
    pub(crate) min: Option<u64>,
}

/// `dixit new-sheet`
#[derive(Debug, clap::Args)]
pub(crate) struct NewSheet {
    /// The sheet to make, ending in .csv or .tsv; otherwise coding-sheet.csv
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// With three rows that show how it is filled in
    #[arg(long)]
    pub(crate) example: bool,
    /// With every column there is, not just the usual ones
    #[arg(long)]
    pub(crate) all: bool,
    /// With semicolons between the cells, for spreadsheet programs that expect them
    #[arg(long)]
    pub(crate) semicolon: bool,
}

/// Where a question comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct Question {
    /// The query, or - for standard input; a store may stand in front of it, as with --db
    #[arg(value_name = "TEXT", num_args = 0..=2)]
    pub(crate) words: Vec<String>,
    /// Read the query from a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "words")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) params: Params,
}

/// Values for parameters.
#[derive(Debug, clap::Args)]
pub(crate) struct Params {
    /// A value for the parameter $NAME
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) param: Vec<(String, String)>,
}

/// `dixit query`
#[derive(Debug, clap::Args)]
pub(crate) struct Query {
    #[command(flatten)]
    pub(crate) question: Question,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) reasons: Reasons,
}

/// `dixit write`
#[derive(Debug, clap::Args)]
pub(crate) struct Write {
    #[command(flatten)]
    pub(crate) question: Question,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) reason: Reason,
}

/// `dixit log`
#[derive(Debug, clap::Args)]
pub(crate) struct Log {
    /// The number of a change, or a key or name of a node; a store may stand in front of it, as with --db
    #[arg(value_name = "NUMBER|KEY", num_args = 0..=2, allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
    /// Take what is asked for as a key, even where it is a number
    #[arg(long)]
    pub(crate) key: bool,
    /// Of one change: every property of what was added and deleted, too
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// `dixit diff`
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// Two moments: changes by number, days, times or now (a store may stand in front of them, as with --db);
    /// or two stores; one alone is compared with now
    #[arg(value_name = "MOMENT|FILE", num_args = 1..=3, required = true, allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
    /// Every property of what was added and deleted, too
    #[arg(long)]
    pub(crate) full: bool,
    /// Exit with 1 where anything differs
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// `dixit undo`
#[derive(Debug, clap::Args)]
pub(crate) struct Undo {
    /// The number of the change, as `dixit log` shows it; a store may stand in front of it, as with --db
    #[arg(value_name = "NUMBER", num_args = 1..=2, required = true, allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) reason: Reason,
}

/// `dixit run`; what follows the name is read by the saved query's own flags.
#[derive(Debug, clap::Args)]
pub(crate) struct Run {
    /// The saved query, then its own options; `dixit run NAME --help` lists them
    #[arg(value_name = "NAME", num_args = 0.., trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) line: Vec<OsString>,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) params: Params,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) reasons: Reasons,
}

/// `dixit schema`
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// A kind, an edge, a vocabulary, a property or a term; or `apply` and a file
    pub(crate) name: Option<String>,
    /// With `apply`: the file with the graph type whose kinds, edges and properties are to be added
    pub(crate) file: Option<PathBuf>,
    /// With `apply`: show what would be added; change nothing
    #[arg(long, requires = "file")]
    pub(crate) dry_run: bool,
    /// With `apply`: the reason, kept in the log of changes
    #[arg(long, value_name = "TEXT", requires = "file")]
    pub(crate) why: Option<String>,
    /// With `apply`: who declares; otherwise `$DIXIT_USER`, otherwise your user name
    #[arg(long, value_name = "NAME", requires = "file")]
    pub(crate) who: Option<String>,
    /// Show what you declared, as a file that `apply` reads
    #[arg(long, conflicts_with = "name")]
    pub(crate) graph_type: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// `dixit stats`
#[derive(Debug, clap::Args)]
pub(crate) struct Stats {
    /// The store, as with --db
    #[arg(value_name = "STORE")]
    pub(crate) store: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// `dixit backup`
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// The copy, or a folder for it; otherwise beside the store, with the day in its name
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// `dixit upgrade`
#[derive(Debug, clap::Args)]
pub(crate) struct Upgrade {
    /// The store, as with --db
    #[arg(value_name = "STORE")]
    pub(crate) store: Option<PathBuf>,
    /// Show what it would bring, tried out on a copy; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Who does it; otherwise `$DIXIT_USER`, otherwise your user name
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
}

/// `dixit config`
#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    /// Only this
    #[arg(value_enum)]
    pub(crate) only: Option<Only>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// What of the settings may be asked for alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Only {
    /// Where the file of settings lies, be it there or not
    Path,
}

/// `dixit help`
#[derive(Debug, clap::Args)]
pub(crate) struct Help {
    /// A command or a topic; `dixit help` lists them
    pub(crate) topic: Option<String>,
}

/// Fits the parser's own messages to the terminal. Those about a dirty line get no styles, so that they can be cleaned.
pub(crate) fn fit(command: clap::Command, terminal: &Terminal, line: &[OsString]) -> clap::Command {
    let width = terminal.look().width.unwrap_or(100);
    let styles = if is_dirty(line) { Styles::plain() } else { STYLES };
    command.term_width(width.min(100)).styles(styles)
}

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .error(AnsiColor::BrightRed.on_default().bold())
    .valid(AnsiColor::Green.on_default())
    .invalid(AnsiColor::Yellow.on_default());

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().trim_start_matches('$').to_owned(), value.to_owned()))
        }
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

/// A length of time given in seconds.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "write it in seconds, such as 2.5".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|_| "that is no length of time".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        for command in Args::command().get_subcommands() {
            let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
            assert!(examples.contains(&format!("dixit {}", command.get_name())), "{command}");
        }
    }

    #[test]
    fn the_store_may_be_named_anywhere() {
        for line in [["dixit", "--db", "x", "check"], ["dixit", "check", "--db", "x"]] {
            assert_eq!(Args::parse_from(line).global.db, Some(PathBuf::from("x")));
        }
    }

    #[test]
    fn parameters_are_pairs() {
        assert_eq!(pair("$a=b=c"), Ok(("a".into(), "b=c".into())));
        assert!(pair("a").is_err() && pair("=b").is_err());
        assert!(seconds("-1").is_err() && seconds("x").is_err());
    }
}
