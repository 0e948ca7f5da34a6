//! `dixit new-sheet`: an empty coding sheet, and beside it a guide to its columns.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::args::NewSheet;
use crate::cli::engine;
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;
use crate::import::guide::{self, Column, EXAMPLES};
use crate::record::catalogue::Term;

const NAME: &str = "coding-sheet.csv";

pub(super) fn run(args: &NewSheet, world: &World<'_>) -> Result<(), Failure> {
    let NewSheet { file, example, all, semicolon } = args;
    let file = file.clone().unwrap_or_else(|| PathBuf::from(NAME));
    let separator = match (ending(&file).as_str(), semicolon) {
        ("csv", false) => ",",
        ("csv", true) => ";",
        ("tsv", false) => "\t",
        ("tsv", true) => return Err(two_separators(&file)),
        _ => return Err(other_ending(&file)),
    };
    let guide = guide_of(&file);
    if let Some(there) = [&file, &guide].into_iter().find(|path| path.exists()) {
        let message = Message::new(format!("{} is there already", there.display()));
        return Err(Failure::Machine(message.next("choose another name; nothing was changed")));
    }
    let columns: Vec<Column> = guide::columns().filter(|column| *all || column.usual).collect();
    let rows = if *example { EXAMPLES } else { &[] };
    write(&file, &sheet(&columns, rows, separator))?;
    write(&guide, &explained(&columns, &engine::terms(world.store().ok().as_deref())?))?;
    let (file, guide) = (file.display(), guide.display());
    world.terminal.remark(&format!(
        "Made {file}, and {guide} to explain its columns. When it is filled: dixit import {file} --dry-run"
    ));
    Ok(())
}

fn ending(file: &Path) -> String {
    file.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// `talks.csv` has its guide in `talks-guide.md`.
fn guide_of(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}-guide.md"))
}

/// The heading, and rows if there are any.
fn sheet(columns: &[Column], rows: &[&[(&str, &str)]], separator: &str) -> String {
    let names = columns.iter().map(|column| column.name.to_owned());
    let heading = names.collect::<Vec<_>>().join(separator);
    let cell = |row: &[(&str, &str)], name: &str| {
        let cell = row.iter().find(|(known, _)| *known == name).map_or("", |(_, cell)| *cell);
        if cell.contains([',', ';']) { format!("\"{cell}\"") } else { cell.to_owned() }
    };
    let line = |row: &&[(&str, &str)]| {
        let cells = columns.iter().map(|column| cell(row, column.name));
        cells.collect::<Vec<_>>().join(separator)
    };
    std::iter::once(heading).chain(rows.iter().map(line)).map(|line| line + "\n").collect()
}

/// The guide: the columns of the sheet, those it may have besides, and the terms that stand in them.
fn explained(columns: &[Column], terms: &[Term]) -> String {
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    let line = |column: &Column| {
        let Column { name, needed, about, vocabulary, usual: _ } = column;
        let needed = if *needed { " (needed)" } else { "" };
        let below = if vocabulary.is_some() { "; the terms are listed below" } else { "" };
        format!("| `{name}` | {about}{below}{needed} |\n")
    };
    let own: String = columns.iter().map(line).collect();
    let further: String =
        guide::columns().filter(|column| !has(column.name)).map(|column| line(&column)).collect();
    let further = if further.is_empty() {
        String::new()
    } else {
        format!(
            "\nThe sheet may also have these columns; add a heading where you need one.\n\n{HEAD}{further}"
        )
    };
    let lists: String = guide::columns()
        .filter_map(|column| Some((column.name, column.vocabulary?)))
        .map(|(name, vocabulary)| listed(name, vocabulary, terms))
        .collect();
    format!("{INTRODUCTION}{HEAD}{own}{further}{lists}{END}")
}

const INTRODUCTION: &str = "\
# How to fill in the sheet

One row is one statement: somebody's act towards a claim, on one occasion, with the source it was read in. Columns may
stand in any order, and what is not needed may be left empty or out. People, places, sources, topics and claims are made on
the way where they are new; terms are not.

";
const HEAD: &str = "| column | what stands in it |\n|---|---|\n";
const END: &str = "
`dixit import SHEET --dry-run` shows what the sheet would change and every mistake with its row; without `--dry-run` it goes
into the store, all of it or nothing. `dixit help coding` tells how to code well.
";

/// The terms of a column, each with what it means.
fn listed(name: &str, vocabulary: &str, terms: &[Term]) -> String {
    let line = |term: &Term| {
        let side = match term.polarity {
            Some(1) => " (for the claim)",
            Some(-1) => " (against it)",
            Some(_) | None => "",
        };
        let about = term.definition.as_deref().unwrap_or_default().replace('|', "\\|");
        format!("| `{}` | {about}{side} |\n", term.term)
    };
    let of_it = terms.iter().filter(|term| term.vocabulary == vocabulary);
    let lines: String = of_it.map(line).collect();
    format!("\n## Terms for `{name}`\n\n| term | meaning |\n|---|---|\n{lines}")
}

/// Writes a new file; one that is there stays, and half a one does not.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::file("write", path, error);
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(|error| {
        // What is in the way of the next try is told then.
        drop(std::fs::remove_file(path));
        failed(error)
    })
}

fn other_ending(file: &Path) -> Failure {
    let message = Message::new(format!("{} does not end like a sheet", file.display()));
    Failure::Usage(message.next("end the name in .csv or .tsv"))
}

fn two_separators(file: &Path) -> Failure {
    let message = Message::new(format!("{} has tabs between its cells", file.display()));
    Failure::Usage(message.next("leave out --semicolon, or end the name in .csv"))
}
