//! Everything there is to look up: commands, options, settings, variables, exit codes, formats, files and limits. Made from
//! the same tables that the program itself goes by; docs/reference.md is this text, and a test compares them.

use clap::{Arg, Command, CommandFactory as _};

use super::args::Args;
use super::failure::EXIT_CODES;
use super::settings::{SETTINGS, VARIABLES};
use crate::base::source::LONGEST;
use crate::export::exporters::EXPORTERS;
use crate::format::FORMATS;
use crate::lang::input::DEEPEST;
use crate::store::Limits;

const INTRODUCTION: &str = "\
# Reference

`dixit help reference` prints this page, `dixit COMMAND --help` a part of it. `dixit help functions` lists the functions of
the language, `dixit schema` what a store has to ask about.
";

/// What lies where.
const FILES: &[(&str, &str)] = &[
    ("NAME.dixit", "a store: one SQLite file; or a saved question, which is text"),
    ("queries/NAME.dixit", "a saved question of this folder, asked by `dixit run NAME`"),
    ("~/.local/share/dixit/queries/", "saved questions of yours, in every folder"),
    ("~/.config/dixit/config.toml", "settings: `dixit help config`"),
    ("~/.local/state/dixit/", "what was typed in the shell, a file for each store"),
    ("SHEET.csv, SHEET.tsv", "a coding sheet: `dixit help coding-sheet`"),
    ("MAPPING.toml", "what the columns of another sheet mean: `dixit import --map`"),
    ("TYPE.gql", "kinds, edges and properties of yours: `dixit schema apply`"),
    ("GRAPH.jsonl", "a graph from elsewhere, one node or edge a line: `dixit import --infer`"),
];

/// The whole page.
pub(crate) fn page() -> String {
    let mut program = Args::command();
    program.build();
    let commands: Vec<&Command> =
        program.get_subcommands().filter(|command| !command.is_hide_set()).collect();
    let list = commands.iter().map(|command| {
        (
            format!("`dixit {}`", command.get_name()),
            command.get_about().map(plain).unwrap_or_default(),
        )
    });
    let mut page = INTRODUCTION.to_owned();
    page += &section("Commands", ["command", "what it does"], list);
    let everywhere = program.get_arguments().filter(|arg| arg.is_global_set()).map(told);
    page += &section("Options of every command", ["option", "what it does"], everywhere);
    for command in commands {
        page += &of_command(command);
    }
    page += &tables();
    page
}

/// A command with its own options.
fn of_command(command: &Command) -> String {
    let own = |arg: &&Arg| !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help";
    let arguments: Vec<(String, String)> = command.get_arguments().filter(own).map(told).collect();
    let name = format!("dixit {}", command.get_name());
    if arguments.is_empty() {
        String::new()
    } else {
        section(&name, ["given", "what it is"], arguments)
    }
}

/// What an argument is called, and what it is.
fn told(arg: &Arg) -> (String, String) {
    let values: Vec<String> =
        arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
    let takes = arg.get_action().takes_values();
    let value = if takes { values.join(" ") } else { String::new() };
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    let flags: Vec<String> = short.into_iter().chain(long).collect();
    let called = format!("{} {value}", flags.join(", "));
    let mut about = arg.get_help().map(plain).unwrap_or_default();
    let possible: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| takes && !arg.is_hide_possible_values_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if !possible.is_empty() {
        about = format!("{about}: {}", possible.join(", "));
    }
    (format!("`{}`", called.trim()), about)
}

fn plain(text: &clap::builder::StyledStr) -> String {
    text.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Settings, variables, exit codes, formats, files and limits.
fn tables() -> String {
    let settings = SETTINGS.iter().map(|setting| {
        let option = setting.option.map(|option| format!("; `{option}`")).unwrap_or_default();
        let about = format!("{}{option}; otherwise {}", setting.about, setting.usual);
        (format!("`{}`", setting.name), about)
    });
    let codes = EXIT_CODES.iter().map(|(code, meaning)| (code.to_string(), (*meaning).to_owned()));
    let formats = FORMATS.iter().map(|format| {
        let endings: Vec<String> =
            format.endings.iter().map(|ending| format!("`.{ending}`")).collect();
        (format!("`{}`", format.name), format!("{}; {}", format.about, endings.join(", ")))
    });
    let forms = EXPORTERS.iter().map(|form| {
        let endings: Vec<String> =
            form.endings.iter().map(|ending| format!("`.{ending}`")).collect();
        let endings = if form.folder { "a folder".to_owned() } else { endings.join(", ") };
        (format!("`{}`", form.name), format!("{}; {endings}", form.about))
    });
    let files = FILES.iter().map(|(file, what)| (format!("`{file}`"), (*what).to_owned()));
    let mut text = section("Settings", ["setting", "what it is"], settings);
    text += "\n## Environment\n\n";
    text += &environment();
    text += &section("Exit codes", ["code", "meaning"], codes);
    text += &section("Formats", ["format", "what it is, and the endings that mean it"], formats);
    text += &section("Exports", ["format", "what it is, and the endings that mean it"], forms);
    text += &section("Files", ["file", "what it is"], files);
    text + &section("Limits", ["limit", "how much"], limits())
}

/// The variables of the environment.
pub(crate) fn environment() -> String {
    let settled = SETTINGS.iter().flat_map(|setting| {
        let about = format!("{}: `{}` in the file of settings", setting.about, setting.name);
        setting.variables.iter().map(move |name| (*name, about.clone()))
    });
    let others = VARIABLES.iter().map(|(name, about)| (*name, (*about).to_owned()));
    table(
        ["variable", "what it says"],
        others.chain(settled).map(|(name, about)| (format!("`{name}`"), about)),
    )
}

fn limits() -> Vec<(String, String)> {
    let told = |what: &str, much: String| (what.to_owned(), much);
    vec![
        told("a query, a saved question, a mapping, a file of settings", mebibytes(LONGEST)),
        told("brackets inside brackets", format!("{DEEPEST} deep")),
        told("memory of one question", mebibytes(Limits::default().heap)),
        told("time of one question", "none, unless `--timeout` or a setting says it".to_owned()),
        told("years", "1 to 9999".to_owned()),
        told("integers", "64 bits; what does not fit is a mistake, never wrapped".to_owned()),
        told("rows of an answer", "none; they are written as they come".to_owned()),
        told("writers at once", "one; another waits five seconds and is then told".to_owned()),
    ]
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

fn section(
    title: &str,
    heading: [&str; 2],
    rows: impl IntoIterator<Item = (String, String)>,
) -> String {
    format!("\n## {title}\n\n{}", table(heading, rows))
}

fn table(heading: [&str; 2], rows: impl IntoIterator<Item = (String, String)>) -> String {
    let row = |(name, about): (String, String)| {
        format!("| {} | {} |\n", name.replace('|', "\\|"), about.replace('|', "\\|"))
    };
    let rows: String = rows.into_iter().map(row).collect();
    format!("| {} | {} |\n|---|---|\n{rows}", heading[0], heading[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_this_page() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, page()).unwrap();
        }
        let document = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            document == page(),
            "docs/reference.md is stale: `BLESS=1 cargo test --lib reference`"
        );
    }

    #[test]
    fn every_argument_says_what_it_is() {
        for line in page().lines().filter(|line| line.starts_with('|')) {
            assert!(!line.ends_with("|  |"), "{line}");
        }
    }
}
