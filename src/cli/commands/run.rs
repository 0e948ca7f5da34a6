//! `dixit run NAME`: asks a saved query, whose parameters are flags of their own.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Args as _, CommandFactory as _, FromArgMatches as _};

use crate::base::clean;
use crate::base::closest::closest;
use crate::base::source::Source;
use crate::base::value::Value;
use crate::cli::answer::{Asked, List, answer, lists};
use crate::cli::args::{Args, Global, Params, Run, fit};
use crate::cli::arguments::{self, typed};
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message, is_dirty};
use crate::cli::output::Output;
use crate::cli::reasons::Reasons;
use crate::cli::saved::{self, Choice};
use crate::cli::saved_args::Listing;
use crate::cli::world::World;
use crate::meaning::resolve::Arguments;
use crate::script::Saved;
use crate::script::library::{Found, Missing, Place};
use crate::script::parameter::{Choices, Parameter, Type};

const TEMPLATE: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// How many values of a parameter are named in help and in messages.
const NAMED: usize = 4;

pub(super) fn run(args: Run, world: World<'_>) -> Result<(), Failure> {
    let Run { line, listing, params, output, reasons } = args;
    let Some((name, rest)) = line.split_first() else { return Err(nameless()) };
    let name = name.to_string_lossy();
    if name.starts_with('-') {
        return Err(nameless());
    }
    let world = world.looking_in(folders(rest));
    let found = find(&name, &world)?;
    let shipped = found.place == Place::Shipped;
    let (saved, source) = saved::read_found(found, &world.library)?;
    let page = Page { name: &name, saved: &saved, source: &source };
    let later = Later::read(&page, rest, &world)?;
    let given: Vec<(String, String)> = params.param.into_iter().chain(later.given).collect();
    let (output, world) = (output.with(later.output), world.with(later.global));
    if let Some(parameter) = later.listing.values.or(listing.values) {
        return page.list(&parameter, &output, &world);
    }
    let given = arguments::with_remembered(given, &world.remembered, &saved);
    if let Some(parameter) = arguments::lacking(&given, &saved) {
        return Err(page.lacking(parameter, &world));
    }
    let arguments = arguments::read(&given, &saved)?;
    let reasons = reasons.with(later.reasons);
    let asked = Asked { source: &source, queries: &saved.queries, arguments: &arguments, reasons };
    answer(&asked, &output, &world).map_err(|failure| match failure {
        Failure::Question(..) if shipped && has_no_claims(&world) => of_claims(&name),
        other => other,
    })
}

/// Whether the store has only kinds of the user's own. What ships with the tool asks about claims.
fn has_no_claims(world: &World<'_>) -> bool {
    let store = world.store().and_then(|path| Store::open_any(&path, world.timeout));
    let catalogue = store.and_then(|store| store.catalogue());
    catalogue.is_ok_and(|catalogue| !catalogue.graph.claims)
}

fn of_claims(name: &str) -> Failure {
    let message = Message::new(format!("`{name}` asks about claims, and this store has none"));
    Failure::Name(message.next("`dixit schema` lists the kinds that it has"))
}

/// The saved query of that name, or at that path.
pub(super) fn find(name: &str, world: &World<'_>) -> Result<Found, Failure> {
    world.library.find(name).map_err(|missing| missing_query(name, missing))
}

/// The folders of saved queries that are named behind the query itself.
fn folders(rest: &[OsString]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        if text == "--queries" {
            found.extend(words.next().map(PathBuf::from));
        } else if let Some(folder) = text.strip_prefix("--queries=") {
            found.push(PathBuf::from(folder));
        }
    }
    found
}

/// A saved query that was found.
struct Page<'s> {
    name: &'s str,
    saved: &'s Saved,
    source: &'s Source,
}

impl Page<'_> {
    /// Some values of a parameter; none where no store can be asked.
    fn some(&self, parameter: &Parameter, world: &World<'_>) -> Vec<Choice> {
        let store = || world.open();
        let store = matches!(parameter.choices, Some(Choices::Query(_))).then(|| store().ok());
        let store = store.flatten();
        let some = saved::choices(parameter, self.saved, self.source, store.as_ref(), NAMED + 1);
        some.unwrap_or_default()
    }

    /// `--values`: all values of a parameter.
    fn list(&self, name: &str, output: &Output, world: &World<'_>) -> Result<(), Failure> {
        let name = name.trim_start_matches('$').replace('-', "_");
        let known = &self.saved.parameters;
        let Some(parameter) = known.iter().find(|parameter| parameter.name == name) else {
            let near = closest(&name, known.iter().map(|parameter| parameter.name.as_str()));
            let message = Message::new(format!("`{}` has no parameter ${name}", self.name));
            return Err(Failure::Name(message.meant(near, "`--help` lists what it takes")));
        };
        match &parameter.choices {
            None => {
                let what =
                    format!("nothing lists what ${name} may be; it is of type {}", parameter.ty);
                Err(Failure::Name(Message::new(what)))
            }
            Some(Choices::Values(values)) => {
                let rows = values.iter().map(|value| vec![value.clone()]).collect();
                lists(&[List { columns: vec![("value", false)], rows }], output, world)
            }
            Some(Choices::Query(query)) => {
                let mut arguments = Arguments::default();
                arguments.define(self.saved.definitions.clone());
                let queries = std::slice::from_ref(&**query);
                answer(
                    &Asked {
                        source: self.source,
                        queries,
                        arguments: &arguments,
                        reasons: Reasons::default(),
                    },
                    output,
                    world,
                )
            }
        }
    }

    /// A parameter that has no value: how to give it one, and some that it may have.
    fn lacking(&self, parameter: &Parameter, world: &World<'_>) -> Failure {
        let some = self.some(parameter, world);
        let flag = flag_name(parameter);
        let Some((first, others)) = some.split_first() else {
            let next = format!("add --{flag} {}", placeholder(&parameter.ty));
            return arguments::missing(parameter, Some(next));
        };
        let mut next = format!("add --{flag} {}", typed(&first.value));
        if !others.is_empty() {
            next += "; others are ";
            next += &named(others.iter().take(NAMED - 1));
        }
        if some.len() > NAMED {
            let all = format!("; `dixit run {} --values {flag}` lists all", self.name);
            next += &all;
        }
        arguments::missing(parameter, Some(next))
    }

    /// What help says of the values of a parameter.
    fn hint(&self, parameter: &Parameter, world: &World<'_>) -> Option<String> {
        let some = self.some(parameter, world);
        let more = some.len() > NAMED;
        let names = named(some.iter().take(NAMED));
        match &parameter.choices {
            None => None,
            Some(Choices::Values(_)) => {
                Some(format!("[one of: {names}{}]", if more { ", …" } else { "" }))
            }
            Some(Choices::Query(_)) if some.is_empty() => {
                Some(format!("[--values {} lists them]", flag_name(parameter)))
            }
            Some(Choices::Query(_)) => {
                let more = if more {
                    format!(", …; --values {} lists all", flag_name(parameter))
                } else {
                    String::new()
                };
                Some(format!("[such as: {names}{more}]"))
            }
        }
    }
}

fn named<'c>(choices: impl Iterator<Item = &'c Choice>) -> String {
    choices.map(|choice| typed(&choice.value)).collect::<Vec<_>>().join(", ")
}

/// What follows the name on the command line.
struct Later {
    given: Vec<(String, String)>,
    listing: Listing,
    output: Output,
    reasons: Reasons,
    global: Global,
}

impl Later {
    fn read(page: &Page<'_>, rest: &[OsString], world: &World<'_>) -> Result<Self, Failure> {
        let Page { name, saved, source } = page;
        let helps = rest.iter().any(|word| word == "--help" || word == "-h");
        let hints: Vec<Option<String>> = if helps {
            flags(saved).map(|parameter| page.hint(parameter, world)).collect()
        } else {
            Vec::new()
        };
        let command = fit(command(name, saved, source.text(), &hints), world.terminal, rest);
        let line = std::iter::once(OsString::from("dixit run")).chain(rest.iter().cloned());
        let parsed = command.try_get_matches_from(line).and_then(|mut matches| {
            let flags: Vec<&Parameter> = flags(saved).collect();
            let mut given = Params::from_arg_matches_mut(&mut matches)?.param;
            given.extend(flags.iter().flat_map(|parameter| values(parameter, &matches)));
            let listing = Listing::from_arg_matches_mut(&mut matches)?;
            let output = Output::from_arg_matches_mut(&mut matches)?;
            let reasons = Reasons::from_arg_matches_mut(&mut matches)?;
            let global = Global::from_arg_matches_mut(&mut matches)?;
            Ok(Self { given, listing, output, reasons, global })
        });
        parsed.map_err(|error| Failure::CommandLine { error, dirty: is_dirty(rest) })
    }
}

/// A text whose lines follow each other, so that it can be broken anew; an empty line ends a paragraph.
fn flowing(text: &str) -> String {
    let paragraphs: Vec<String> = text.split("\n\n").map(|one| one.replace('\n', " ")).collect();
    paragraphs.join("\n\n")
}

/// The command line of one saved query. Its text comes from a file, so it is cleaned before it becomes help.
pub(in crate::cli) fn command(
    name: &str,
    saved: &Saved,
    text: &str,
    hints: &[Option<String>],
) -> clap::Command {
    let shown = clean::line(name).into_owned();
    let question = clean::block(&saved.question).into_owned();
    let explanation = clean::block(&flowing(&saved.explanation)).into_owned();
    let about = format!("{question}\n{explanation}").trim_end().to_owned();
    let is_null =
        |one: &&Parameter| one.default.as_ref().is_some_and(|default| default.value == Value::Null);
    let telling = flags(saved).find(|one| !is_null(one)).or(flags(saved).next());
    let example = telling.map(example).unwrap_or_default();
    let hints = hints.iter().map(Option::as_deref).chain(std::iter::repeat(None));
    let flags = flags(saved).zip(hints).map(|(parameter, hint)| flag(parameter, hint));
    let command = Params::augment_args(clap::Command::new("run").args(flags));
    let command = Output::augment_args(Listing::augment_args(command));
    let command = Global::augment_args(Reasons::augment_args(command));
    command
        .bin_name(format!("dixit run {shown}"))
        .help_template(TEMPLATE)
        .about(about)
        .before_help(format!("Example:\n  dixit run {shown}{example}\n"))
        .after_help(format!("The file:\n\n{}", clean::block(without_examples(text).trim_end())))
}

/// The text up to its examples, which are for tests.
fn without_examples(text: &str) -> &str {
    text.split_once("\n-- example:").map_or(text, |(before, _)| before)
}

fn example(parameter: &Parameter) -> String {
    let default = parameter.default.as_ref().filter(|default| default.value != Value::Null);
    let value = default.map_or_else(|| placeholder(&parameter.ty), |default| default.text.clone());
    format!(" --{} {}", flag_name(parameter), clean::line(&value))
}

/// The parameters that have flags: those whose name no option of ours has. The others are given with `-p`.
pub(in crate::cli) fn flags(saved: &Saved) -> impl Iterator<Item = &Parameter> {
    let known = Args::command();
    let of_run = known.find_subcommand("run").cloned().unwrap_or_default();
    let taken = move |name: &str| {
        matches!(name, "help" | "version")
            || of_run
                .get_arguments()
                .chain(known.get_arguments())
                .any(|arg| arg.get_long() == Some(name))
    };
    saved.parameters.iter().filter(move |parameter| !taken(&flag_name(parameter)))
}

fn flag_name(parameter: &Parameter) -> String {
    parameter.name.replace('_', "-")
}

fn flag(parameter: &Parameter, hint: Option<&str>) -> Arg {
    let Parameter { name, ty, default, choices: _, help } = parameter;
    let default = default.as_ref().map(|default| match default.value {
        Value::Null => "[optional]".to_owned(),
        _ => format!("[default: {}]", default.text),
    });
    let help: Vec<String> =
        help.iter().cloned().chain(hint.map(str::to_owned)).chain(default).collect();
    let mut arg = Arg::new(id(parameter))
        .long(flag_name(parameter))
        .value_name(placeholder(ty))
        .value_parser(ValueParser::string())
        .allow_hyphen_values(true)
        .action(ArgAction::Append)
        .help(clean::block(&help.join(" ")).into_owned());
    if name.contains('_') {
        arg = arg.alias(name.clone());
    }
    if *ty == Type::Bool {
        arg = arg.num_args(0..=1).default_missing_value("true").require_equals(true);
    }
    arg
}

/// What the command line calls the flag of a parameter.
pub(in crate::cli) fn id(parameter: &Parameter) -> String {
    format!("${}", parameter.name)
}

fn placeholder(ty: &Type) -> String {
    ty.to_string().to_uppercase()
}

fn values(parameter: &Parameter, matches: &ArgMatches) -> Vec<(String, String)> {
    let given = matches.get_many::<String>(&id(parameter)).unwrap_or_default();
    given.map(|text| (parameter.name.clone(), text.clone())).collect()
}

fn nameless() -> Failure {
    let message = Message::new("name the saved query first: dixit run NAME");
    Failure::Usage(message.next("`dixit queries` lists them"))
}

pub(crate) fn missing_query(name: &str, missing: Missing) -> Failure {
    match missing {
        Missing::Unreadable(path, error) => Failure::file("read", &path, error),
        Missing::Unknown(near) => {
            let message = Message::new(format!("there is no saved query called `{name}`"));
            Failure::Name(message.meant(near.as_deref(), "`dixit queries` lists them"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;
    use crate::script::library::Library;

    fn saved(text: &str) -> Saved {
        script::read(&Source::inline(format!("-- Which?\n{text}\nmatch (a) return a"))).unwrap()
    }

    #[test]
    fn every_shipped_query_makes_a_well_formed_command() {
        for found in Library::default().all() {
            let saved = script::read(&found.source).unwrap();
            command(&found.name, &saved, found.source.text(), &[]).debug_assert();
        }
    }

    #[test]
    fn parameters_become_flags_unless_the_name_is_taken() {
        let saved = saved("param $since_day: date\nparam $format: text = 'x'\nparam $on: bool");
        let command = command("x", &saved, "", &[]);
        let matches = command
            .try_get_matches_from(["run", "--since_day", "2025-11", "--on", "--format", "csv"])
            .unwrap();
        let given: Vec<(String, String)> =
            flags(&saved).flat_map(|p| values(p, &matches)).collect();
        assert_eq!(given, [("since_day".into(), "2025-11".into()), ("on".into(), "true".into())]);
    }

    #[test]
    fn help_shows_the_question_the_type_and_the_default() {
        let saved = saved("param $who: text = 'Rubio' -- \u{1b}key or name");
        let help = command("x", &saved, "the text", &[Some("[one of: a]".to_owned())])
            .render_long_help()
            .to_string();
        for part in [
            "Which?",
            "--who <TEXT>",
            "␛key or name [one of: a] [default: 'Rubio']",
            "--who 'Rubio'",
            "the text",
        ] {
            assert!(help.contains(part), "{part}: {help}");
        }
    }

    #[test]
    fn a_flag_that_does_not_exist_has_a_suggestion() {
        let saved = saved("param $topic: text = 'x'");
        let error =
            command("x", &saved, "", &[]).try_get_matches_from(["run", "--topc", "y"]).unwrap_err();
        assert!(error.to_string().contains("'--topic'"), "{error}");
    }
}
