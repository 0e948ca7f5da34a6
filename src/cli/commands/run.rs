//! `dixit run NAME`: asks a saved query, whose parameters are flags of their own.

use std::ffi::OsString;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Args as _, CommandFactory as _, FromArgMatches as _};

use crate::base::clean;
use crate::cli::answer::{Asked, answer};
use crate::cli::args::{Args, Global, Params, Run, fit};
use crate::cli::arguments;
use crate::cli::failure::{Failure, Message, is_dirty};
use crate::cli::output::Output;
use crate::cli::reasons::Reasons;
use crate::cli::world::World;
use crate::script::library::{Found, Missing};
use crate::script::parameter::{Parameter, Type};
use crate::script::{self, Saved};

const TEMPLATE: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

pub(super) fn run(args: Run, world: World<'_>) -> Result<(), Failure> {
    let Run { line, params, output, reasons } = args;
    let Some((name, rest)) = line.split_first() else { return Err(nameless()) };
    let name = name.to_string_lossy();
    if name.starts_with('-') {
        return Err(nameless());
    }
    let Found { source, .. } =
        world.library.find(&name).map_err(|missing| missing_query(&name, missing))?;
    let saved = match script::read(&source) {
        Ok(saved) => saved,
        Err(mistakes) => return Err(Failure::Question(mistakes, source)),
    };
    let later = Later::read(&name, &saved, source.text(), rest, &world)?;
    let given: Vec<(String, String)> = params.param.into_iter().chain(later.given).collect();
    let given = arguments::with_remembered(given, &world.remembered, &saved);
    let arguments = arguments::read(&given, &saved)?;
    let reasons = reasons.with(later.reasons);
    let asked = Asked { source: &source, queries: &saved.queries, arguments: &arguments, reasons };
    answer(&asked, &output.with(later.output), &world.with(later.global))
}

/// What follows the name on the command line.
struct Later {
    given: Vec<(String, String)>,
    output: Output,
    reasons: Reasons,
    global: Global,
}

impl Later {
    fn read(
        name: &str,
        saved: &Saved,
        text: &str,
        rest: &[OsString],
        world: &World<'_>,
    ) -> Result<Self, Failure> {
        let command = fit(command(name, saved, text), world.terminal, rest);
        let line = std::iter::once(OsString::from("dixit run")).chain(rest.iter().cloned());
        let parsed = command.try_get_matches_from(line).and_then(|mut matches| {
            let flags: Vec<&Parameter> = flags(saved).collect();
            let mut given = Params::from_arg_matches_mut(&mut matches)?.param;
            given.extend(flags.iter().flat_map(|parameter| values(parameter, &matches)));
            let output = Output::from_arg_matches_mut(&mut matches)?;
            let reasons = Reasons::from_arg_matches_mut(&mut matches)?;
            let global = Global::from_arg_matches_mut(&mut matches)?;
            Ok(Self { given, output, reasons, global })
        });
        parsed.map_err(|error| Failure::CommandLine { error, dirty: is_dirty(rest) })
    }
}

/// The command line of one saved query. Its text comes from a file, so it is cleaned before it becomes help.
pub(in crate::cli) fn command(name: &str, saved: &Saved, text: &str) -> clap::Command {
    let shown = clean::line(name).into_owned();
    let question = clean::block(&saved.question).into_owned();
    let explanation = clean::block(&saved.explanation);
    let about = format!("{question}\n{explanation}").trim_end().to_owned();
    let example = flags(saved).next().map(example).unwrap_or_default();
    let mut command = clap::Command::new("run").args(flags(saved).map(flag));
    command = Reasons::augment_args(Output::augment_args(Params::augment_args(command)));
    command = Global::augment_args(command);
    command
        .bin_name(format!("dixit run {shown}"))
        .help_template(TEMPLATE)
        .about(about)
        .before_help(format!("Example:\n  dixit run {shown}{example}\n"))
        .after_help(format!("The file:\n\n{}", clean::block(text.trim_end())))
}

fn example(parameter: &Parameter) -> String {
    let default = parameter.default.as_ref().map(|default| default.text.clone());
    let value = default.unwrap_or_else(|| placeholder(&parameter.ty));
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

fn flag(parameter: &Parameter) -> Arg {
    let Parameter { name, ty, default, help } = parameter;
    let default = default.as_ref().map(|default| format!("[default: {}]", default.text));
    let help: Vec<String> = help.iter().cloned().chain(default).collect();
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
    use crate::base::source::Source;
    use crate::script::library::Library;

    fn saved(text: &str) -> Saved {
        script::read(&Source::inline(format!("-- Which?\n{text}\nmatch (a) return a"))).unwrap()
    }

    #[test]
    fn every_shipped_query_makes_a_well_formed_command() {
        for found in Library::default().all() {
            let saved = script::read(&found.source).unwrap();
            command(&found.name, &saved, found.source.text()).debug_assert();
        }
    }

    #[test]
    fn parameters_become_flags_unless_the_name_is_taken() {
        let saved = saved("param $since_day: date\nparam $format: text = 'x'\nparam $on: bool");
        let command = command("x", &saved, "");
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
        let help = command("x", &saved, "the text").render_long_help().to_string();
        for part in [
            "Which?",
            "--who <TEXT>",
            "␛key or name [default: 'Rubio']",
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
            command("x", &saved, "").try_get_matches_from(["run", "--topc", "y"]).unwrap_err();
        assert!(error.to_string().contains("'--topic'"), "{error}");
    }
}
