//! `dixit man [DIR]`: the manual pages, made from the command line itself.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man as Page;

use crate::base::clean::Safe;
use crate::cli::args::{Args, Man};
use crate::cli::failure::Failure;
use crate::cli::world::World;

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
            let named = one.clone().display_name(name.clone()).bin_name(bin_name(one));
            (format!("{name}.1"), page(named))
        })
        .collect();
    pages.insert(0, ("dixit.1".to_owned(), page(command)));
    pages
}

fn bin_name(command: &Command) -> String {
    format!("dixit {}", command.get_name())
}

fn page(command: Command) -> String {
    let mut text = Vec::new();
    let rendered = Page::new(command).render(&mut text);
    rendered.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
}
