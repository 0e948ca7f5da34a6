//! What fits behind a dot command: formats, files, saved questions and their flags, names of the schema, parameters.

use std::fs;
use std::path::Path;

use super::commands::{Command, Wants};
use super::knowledge::{Choice, Knowledge, commands_like};
use crate::cli::completions::values::of_parameter;
use crate::cli::saved::read_found;
use crate::cli::stores;
use crate::format::FORMATS;
use crate::format::chart::CHARTS;
use crate::record::catalogue::Catalogue;
use crate::script;
use crate::script::parameter::Parameter;

/// What fits where `rest` stands behind a command; it begins at `start`.
pub(super) fn choices(
    knowledge: &mut Knowledge,
    command: &Command,
    rest: &str,
    start: usize,
) -> Vec<Choice> {
    if command.wants == Wants::Query {
        let shift = |choice: Choice| Choice {
            span: choice.span.start + start..choice.span.end + start,
            ..choice
        };
        return knowledge.of_query(rest, rest.len()).into_iter().map(shift).collect();
    }
    let begun = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
    let span = start + rest.len() - begun.len()..start + rest.len();
    let before = rest.get(..rest.len() - begun.len()).unwrap_or_default().trim();
    if command.wants == Wants::Command {
        let dot = usize::from(begun.starts_with('.'));
        return commands_like(begun.trim_start_matches('.'), span.start + dot..span.end);
    }
    if command.wants == Wants::File {
        return if before.is_empty() { files(begun, command.name == "open") } else { Vec::new() }
            .into_iter()
            .map(|(text, gloss)| choice(&span, text, gloss))
            .collect();
    }
    let words = match command.wants {
        Wants::OnOff => vec![("on".to_owned(), String::new()), ("off".to_owned(), String::new())],
        Wants::Format => {
            FORMATS.iter().map(|one| (one.name.to_owned(), one.about.to_owned())).collect()
        }
        Wants::Chart => {
            CHARTS.iter().map(|one| (one.name.to_owned(), one.about.to_owned())).collect()
        }
        Wants::SavedQuery => saved(knowledge, before, begun),
        Wants::Schema => knowledge.catalogue().as_ref().map(schema).unwrap_or_default(),
        Wants::Parameter => parameters(knowledge, before),
        Wants::Nothing | Wants::File | Wants::Command | Wants::Query => Vec::new(),
    };
    let lower = begun.to_lowercase();
    let fits = words.into_iter().filter(|(word, _)| word.to_lowercase().starts_with(&lower));
    fits.map(|(text, gloss)| choice(&span, text, gloss)).collect()
}

fn choice(span: &std::ops::Range<usize>, text: String, gloss: String) -> Choice {
    Choice { span: span.clone(), label: text.clone(), text, gloss }
}

/// The saved questions, or behind one its flags, or behind a flag its values.
fn saved(knowledge: &mut Knowledge, before: &str, begun: &str) -> Vec<(String, String)> {
    let Some(name) = before.split_whitespace().next() else {
        let question = |found: &script::library::Found| {
            script::read_all(&found.source).map(|saved| saved.question).unwrap_or_default()
        };
        let all = knowledge.library.all();
        return all.iter().map(|found| (found.name.clone(), question(found))).collect();
    };
    let found = knowledge.library.find(name).ok();
    let read = found.and_then(|found| read_found(found, &knowledge.library).ok());
    let Some((saved, source)) = read else { return Vec::new() };
    let flag = |parameter: &Parameter| format!("--{}", parameter.name.replace('_', "-"));
    let last = before.split_whitespace().last().unwrap_or_default();
    if let Some(parameter) = saved.parameters.iter().find(|one| flag(one) == last) {
        let values = of_parameter(knowledge.store(), (&saved, &source), parameter, begun);
        return values.into_iter().map(|(value, about)| (quoted(&value), about)).collect();
    }
    let flags = saved
        .parameters
        .iter()
        .map(|one| (flag(one), one.help.clone().unwrap_or_else(|| one.ty.to_string())));
    flags.collect()
}

/// Whatever there is to ask about, by name.
pub(in crate::cli) fn schema(catalogue: &Catalogue) -> Vec<(String, String)> {
    let mut names: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, gloss: &str| {
        if names.iter().all(|(other, _)| other != name) {
            names.push((name.to_owned(), gloss.to_owned()));
        }
    };
    catalogue.kinds.iter().for_each(|kind| add(&kind.name, &kind.doc));
    for edge in &catalogue.edges {
        edge.name.iter().for_each(|name| add(name, &edge.doc));
    }
    catalogue.labels.iter().for_each(|label| add(&label.name, &label.doc));
    for term in &catalogue.terms {
        add(&term.vocabulary, "a vocabulary");
    }
    for term in &catalogue.terms {
        add(&term.term, term.definition.as_deref().unwrap_or_default());
    }
    catalogue.properties.iter().for_each(|property| add(&property.name, &property.doc));
    names
}

fn parameters(knowledge: &Knowledge, before: &str) -> Vec<(String, String)> {
    if !matches!(before, "" | "-d") {
        return Vec::new();
    }
    let mut found: Vec<(String, String)> = knowledge
        .parameters
        .iter()
        .map(|known| (known.name.clone(), known.gloss.clone()))
        .collect();
    if before.is_empty() && !found.is_empty() {
        found.push(("-d".to_owned(), "forget one".to_owned()));
    }
    found
}

/// The files and folders that begin so; names with blanks stand in quotes.
fn files(begun: &str, only_stores: bool) -> Vec<(String, String)> {
    let found = paths(begun.trim_start_matches(['\'', '"']), only_stores);
    found.into_iter().map(|(path, gloss)| (quoted(&path), gloss)).collect()
}

/// The files and folders that begin so, as they are named.
pub(in crate::cli) fn paths(plain: &str, only_stores: bool) -> Vec<(String, String)> {
    let (folder, name) =
        plain.rsplit_once('/').map_or(("", plain), |(folder, name)| (folder, name));
    let prefix = if plain.contains('/') { format!("{folder}/") } else { String::new() };
    let place = if prefix.is_empty() { "." } else { prefix.as_str() };
    let Ok(entries) = fs::read_dir(Path::new(place)) else { return Vec::new() };
    let mut found: Vec<(String, String)> = Vec::new();
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        let Some(file) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let hidden = file.starts_with('.') && !name.starts_with('.');
        if hidden || !file.starts_with(name) || file.chars().any(crate::base::clean::acts) {
            continue;
        }
        if path.is_dir() {
            found.push((format!("{prefix}{file}/"), String::new()));
        } else if !only_stores || stores::is_store(&path) {
            found.push((format!("{prefix}{file}"), String::new()));
        }
    }
    found.sort();
    found
}

fn quoted(path: &str) -> String {
    if path.contains(char::is_whitespace) { format!("'{path}'") } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::shell::commands::{COMMANDS, named};
    use crate::script::library::Library;

    fn labels(line: &str) -> Vec<String> {
        let mut knowledge = Knowledge::new(Path::new("none.dixit"), Library::default());
        knowledge.choices(line, line.len()).into_iter().map(|choice| choice.label).collect()
    }

    #[test]
    fn commands_and_what_they_take_are_completed() {
        assert_eq!(labels(".ti"), [".timeline", ".timer"]);
        assert_eq!(labels(".timer o"), ["on", "off"]);
        assert_eq!(labels(".format js"), ["json", "jsonl"]);
        assert_eq!(labels(".help par"), [".param"]);
        assert_eq!(labels(".run side"), ["sides"]);
        assert_eq!(labels(".run sides --"), ["--claim"]);
        assert_eq!(labels(".nothing x"), [""; 0]);
        assert_eq!(labels(".").len(), COMMANDS.len());
    }

    #[test]
    fn a_choice_replaces_just_what_was_begun() {
        let mut knowledge = Knowledge::new(Path::new("none.dixit"), Library::default());
        let only = |knowledge: &mut Knowledge, line: &str| {
            let mut found = knowledge.choices(line, line.len());
            assert_eq!(found.len(), 1, "{line}");
            let Choice { span, text, .. } = found.remove(0);
            let mut line = line.to_owned();
            line.replace_range(span, &text);
            line
        };
        assert_eq!(only(&mut knowledge, "  .timer"), "  .timer ");
        assert_eq!(only(&mut knowledge, ".run sides --c"), ".run sides --claim");
        assert_eq!(only(&mut knowledge, ".help .par"), ".help .param ");
    }

    #[test]
    fn files_with_blanks_are_quoted_and_hostile_ones_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a b.csv", "ab.csv", "a\u{1b}.csv", ".a"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let begun = format!("{}/a", folder.path().display());
        let found: Vec<String> = files(&begun, false).into_iter().map(|(text, _)| text).collect();
        assert_eq!(found, [format!("'{begun} b.csv'"), format!("{begun}b.csv")]);
        assert!(files(&begun, true).is_empty());
        assert_eq!(named("open").map(|one| one.wants), Some(Wants::File));
    }
}
