//! `dixit man [DIR]`: the manual pages, made from the command line itself.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};

use crate::base::clean::Safe;
use crate::cli::args::Args;
use crate::cli::failure::{EXIT_CODES, Failure};
use crate::cli::settings::VARIABLES;
use crate::cli::world::World;

/// `dixit man`
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// The folder for dixit.1 and a page for each command; it is made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

pub(super) fn run(args: &Man, world: &World<'_>) -> Result<(), Failure> {
    let command = whole();
    let Some(folder) = &args.folder else {
        return world.terminal.print(&Safe::styled(page(command)));
    };
    let failed = |path: &Path, error| Failure::file("write", path, error);
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let pages = pages(command);
    for (name, text) in &pages {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    let shown = folder.display().to_string();
    world.terminal.say(&Safe::clean(&format!("wrote {} pages into {shown}\n", pages.len())));
    Ok(())
}

/// The command line as it is when it is ready to be used.
fn whole() -> Command {
    let mut command = Args::command();
    command.build();
    command
}

/// The page of the program, and one for each command, by the name of its file.
fn pages(command: Command) -> Vec<(String, String)> {
    let commands = command.get_subcommands().filter(|one| !one.is_hide_set());
    let mut pages: Vec<(String, String)> = commands
        .map(|one| {
            let name = format!("dixit-{}", one.get_name());
            (format!("{name}.1"), page(one.clone().display_name(name)))
        })
        .collect();
    pages.insert(0, ("dixit.1".to_owned(), page(command)));
    pages
}

/// A page: what clap knows, then the examples; on that of the program also what holds for all commands.
fn page(command: Command) -> String {
    let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
    let is_program = command.get_name() == "dixit";
    let mut text = Vec::new();
    let manual = Page::new(command).manual("dixit").source(VERSION);
    let written = manual.render(&mut text).and_then(|()| {
        let mut more = Roff::new();
        section_of_examples(&mut more, &examples);
        if is_program {
            let exits = EXIT_CODES.iter().map(|(code, about)| (code.to_string(), *about));
            section(&mut more, "EXIT STATUS", exits);
            let variables = VARIABLES.iter().map(|(name, about)| ((*name).to_owned(), *about));
            section(&mut more, "ENVIRONMENT", variables);
        }
        more.to_writer(&mut text)
    });
    written.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
}

/// The program and its version.
const VERSION: &str = concat!("dixit ", env!("CARGO_PKG_VERSION"));

fn section_of_examples(page: &mut Roff, text: &str) {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.next().is_none() {
        return;
    }
    page.control("SH", ["EXAMPLES"]).control("nf", []);
    for line in lines {
        page.text([roman(line.trim())]);
    }
    page.control("fi", []);
}

fn section<'a>(page: &mut Roff, title: &str, rows: impl Iterator<Item = (String, &'a str)>) {
    page.control("SH", [title]);
    for (name, about) in rows {
        page.control("TP", []).text([bold(name)]).text([roman(about)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_its_examples() {
        let pages = pages(whole());
        assert_eq!(pages.len(), 1 + whole().get_subcommands().count());
        for (name, text) in &pages {
            for part in [".TH ", ".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", "dixit "] {
                assert!(text.contains(part), "{name} lacks {part}");
            }
        }
        let (_, program) = &pages[0];
        assert!(program.contains("EXIT STATUS") && program.contains("DIXIT_DB"), "{program}");
    }
}
