//! What a session remembers, and what a line of it asks for. Knows no terminal, no editor and no store: a line goes in, a
//! step comes out, and the shell takes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::commands;
use crate::base::source::Source;
use crate::cli::arguments;
use crate::cli::explain_args::Stage;
use crate::cli::failure::{Failure, Message};
use crate::complete::Known;
use crate::format;
use crate::lang;
use crate::lang::ast::{Definition, Meaning, TypeName};
use crate::meaning::resolve::Arguments;
use crate::script::library::Library;
use crate::script::parameter::Parameter;
use crate::script::uses::with_used;
use crate::script::{self, Saved};

/// Places in remembered definitions are counted from here on, behind those of any text that is asked.
const DEFINED: usize = 1 << 27;

/// What is to be done about a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Nothing,
    /// A sentence about what holds now.
    Say(String),
    /// Something that was asked for, such as a list.
    Print(String),
    /// What was typed in the language: to be proved, remembered, asked or carried out.
    Ask(Question),
    /// The last question again, with these options besides.
    Again(Question, Vec<String>),
    Explain(Question, Option<Stage>),
    /// A command as on the command line, and whether it writes its answer where answers go.
    Command(Vec<String>, Answers),
    /// From now on answers are shaped so, if the command line knows an option and a value like these.
    Shape(&'static str, String),
    /// From now on answers go to this file.
    Into(PathBuf),
    Open(PathBuf),
    Read(PathBuf),
    History(usize),
    /// A text for the editor.
    Edit(String),
    End,
}

/// Whether a command takes the options of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    Yes,
    No,
}

/// What was typed in the language.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    pub(super) source: Source,
    pub(super) saved: Saved,
    pub(super) arguments: Arguments,
}

impl Question {
    /// Whether it changes the store.
    pub(super) fn writes(&self) -> bool {
        self.saved.queries.iter().any(|query| !query.linear.writes.is_empty())
    }

    /// Whether it only asks how it is understood.
    pub(super) fn explains(&self) -> bool {
        self.saved.queries.iter().any(|query| query.explain.is_some())
    }
}

/// What holds until it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// What `--format` would say.
    pub(super) format: Option<&'static str>,
    /// Options of an answer, and their values.
    pub(super) shape: BTreeMap<&'static str, String>,
    /// Where answers go, if not to the screen.
    pub(super) file: Option<PathBuf>,
    pub(super) timer: bool,
    pub(super) write: bool,
    pub(super) why: Option<String>,
}

impl Settings {
    /// Whether answers are written as tables.
    pub(super) fn has_tables(&self) -> bool {
        self.format.and_then(format::named).is_none_or(|format| format.shaped)
    }
}

/// A session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) settings: Settings,
    /// Values for parameters, as typed.
    pub(super) values: BTreeMap<String, String>,
    declared: Vec<Parameter>,
    definitions: Vec<Definition>,
    /// The last question that could be read.
    pub(super) last: Option<Question>,
    /// Where files are that what is typed uses, besides beside it.
    pub(super) library: Library,
    /// The file that is being read.
    pub(super) file: Option<String>,
    /// What was typed last in the language, read or not.
    pub(super) typed: String,
}

impl Default for Session {
    fn default() -> Self {
        let settings = Settings {
            format: None,
            shape: BTreeMap::new(),
            file: None,
            timer: true,
            write: false,
            why: None,
        };
        let (values, declared, definitions) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self {
            settings,
            values,
            declared,
            definitions,
            last: None,
            library: Library::default(),
            file: None,
            typed: String::new(),
        }
    }
}

impl Session {
    /// What a line asks for.
    pub(super) fn take(&mut self, line: &str) -> Result<Step, Failure> {
        if is_blank(line) {
            return Ok(Step::Nothing);
        }
        if let Some(command) = command_in(line) {
            return commands::take(self, command);
        }
        line.trim().clone_into(&mut self.typed);
        self.question(line).map(Step::Ask)
    }

    /// Reads a question that is to be asked or carried out.
    fn question(&self, text: &str) -> Result<Question, Failure> {
        let question = self.understood(text)?;
        if question.writes() && !question.explains() {
            self.may_write()?;
        }
        Ok(question)
    }

    /// Reads a question, with what the session remembers.
    pub(super) fn understood(&self, text: &str) -> Result<Question, Failure> {
        let text = text.trim_end();
        let source = match &self.file {
            Some(name) => Source::file(name.as_str(), text),
            None => Source::inline(text.trim_start()),
        };
        let (mut source, wrong) = with_used(source, Some(self.folder()), &self.library);
        if !wrong.is_empty() {
            return Err(Failure::Question(wrong, source));
        }
        let alone = match script::read_typed(&source) {
            Ok(saved) => saved,
            Err(mistakes) => return Err(Failure::Question(mistakes, source)),
        };
        let others = |one: &&Definition| !alone.definitions.iter().any(|new| replaces(new, one));
        let others = text_of(self.definitions.iter().filter(others));
        if others.is_empty() {
            let arguments = self.arguments(&alone)?;
            return Ok(Question { source, saved: alone, arguments });
        }
        source.add_used(Source::file("what you defined", others));
        match script::read_typed(&source) {
            Ok(saved) => {
                let arguments = self.arguments(&saved)?;
                Ok(Question { source, saved, arguments })
            }
            Err(mistakes) => Err(Failure::Question(mistakes, source)),
        }
    }

    /// Where the files lie that what is typed may use.
    fn folder(&self) -> &Path {
        match self.file.as_deref().map(Path::new).and_then(Path::parent) {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// The values and definitions a script is asked with.
    fn arguments(&self, saved: &Saved) -> Result<Arguments, Failure> {
        let mut all = saved.clone();
        let own = |parameter: &&Parameter| {
            saved.used.contains(&parameter.name)
                && saved.parameters.iter().all(|other| other.name != parameter.name)
        };
        all.parameters.extend(self.declared.iter().filter(own).cloned());
        let values: Vec<(String, String)> =
            self.values.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let given = arguments::with_remembered(Vec::new(), &values, saved);
        let is_given = |name: &str| given.iter().any(|(other, _)| other == name);
        if saved.queries.is_empty() {
            all.parameters.retain(|one| is_given(&one.name) || one.default.is_some());
        } else {
            let has_default = |name: &str| {
                all.parameters.iter().any(|one| one.name == name && one.default.is_some())
            };
            let lacks = |name: &&String| !is_given(name) && !has_default(name);
            if let Some(name) = saved.used.iter().find(lacks) {
                return Err(without_value(name));
            }
        }
        arguments::read(&given, &all)
    }

    fn may_write(&self) -> Result<(), Failure> {
        if !self.settings.write {
            let message = Message::new("this query changes the store, which is off");
            return Err(Failure::Usage(message.next("`.write on` allows it")));
        }
        if self.settings.why.is_none() {
            let message = Message::new("a change needs a reason, which the log keeps");
            return Err(Failure::Usage(message.next("say it with `.why TEXT`, then ask again")));
        }
        Ok(())
    }

    /// The text of a question with what it needs of the session in front, and the values it takes.
    pub(super) fn whole(&self, question: &Question) -> (String, Vec<String>) {
        let Question { source, saved, arguments: _ } = question;
        let own = lang::definitions(source, 0).unwrap_or_default();
        let other = |one: &&Definition| !own.iter().any(|new| replaces(new, one));
        let text = text_of(self.definitions.iter().filter(other)) + source.text();
        let value = |name: &String| {
            let declared = || self.declared.iter().find(|one| one.name == *name);
            let is_own = saved.parameters.iter().any(|one| one.name == *name);
            let default = || Some(declared().filter(|_| !is_own)?.default.as_ref()?.text.clone());
            let value = self.values.get(name).cloned().or_else(default)?;
            Some(format!("{name}={value}"))
        };
        (text, saved.used.iter().filter_map(value).collect())
    }

    /// Whether a script declares anything that is not remembered yet.
    pub(super) fn learns_from(&self, saved: &Saved) -> bool {
        !saved.parameters.is_empty() || saved.definitions.iter().any(|one| !self.knows(one))
    }

    fn knows(&self, definition: &Definition) -> bool {
        let text = lang::definition_text(definition);
        self.definitions.iter().any(|one| lang::definition_text(one) == text)
    }

    /// Remembers what a question declares; says so, if it declares anything.
    pub(super) fn keep(&mut self, question: &Question) -> Option<String> {
        let Saved { parameters, definitions, .. } = &question.saved;
        let mut told: Vec<String> = parameters.iter().map(|one| format!("${}", one.name)).collect();
        for new in parameters {
            self.declared.retain(|old| old.name != new.name);
            self.declared.push(new.clone());
        }
        let mut all = self.definitions.clone();
        for new in definitions.iter().filter(|new| !self.knows(new)) {
            all.retain(|old| !replaces(new, old));
            all.push(new.clone());
            told.push(lang::signature(new));
        }
        self.define(&all);
        (!told.is_empty()).then(|| format!("remembered: {}", told.join(", ")))
    }

    /// What is remembered of parameters, one line each.
    pub(super) fn parameters(&self) -> Vec<String> {
        let named = |name: &str| self.declared.iter().find(|one| one.name == name);
        let typed = |name: &str| named(name).map(|one| format!(": {}", one.ty)).unwrap_or_default();
        let mut lines: Vec<String> = self
            .values
            .iter()
            .map(|(name, value)| format!("${name}{} = {value}", typed(name)))
            .collect();
        for one in self.declared.iter().filter(|one| !self.values.contains_key(&one.name)) {
            let default = one.default.as_ref().map(|default| format!(" = {}", default.text));
            lines.push(format!("${}: {}{}", one.name, one.ty, default.unwrap_or_default()));
        }
        lines
    }

    /// Forgets a parameter; whether there was one.
    pub(super) fn forget_parameter(&mut self, name: &str) -> bool {
        let before = self.declared.len();
        self.declared.retain(|one| one.name != name);
        self.values.remove(name).is_some() || before > self.declared.len()
    }

    /// The names of all parameters that have a value or a type.
    pub(super) fn parameter_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.values.keys().cloned().collect();
        names.extend(self.declared.iter().map(|one| one.name.clone()));
        names.sort();
        names.dedup();
        names
    }

    /// The same, each with its type and value.
    pub(super) fn known(&self) -> Vec<Known> {
        let lines = self.parameters();
        let split = |line: &String| {
            let line = line.trim_start_matches('$');
            let end = line.find([':', ' ']).unwrap_or(line.len());
            let (name, gloss) = line.split_at_checked(end)?;
            let gloss = gloss.trim_start_matches([':', ' ', '=']).to_owned();
            Some(Known { name: name.to_owned(), gloss })
        };
        lines.iter().filter_map(split).collect()
    }

    /// What was defined.
    pub(super) fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Forgets what was defined under a name; whether there was anything.
    pub(super) fn forget_definition(&mut self, name: &str) -> bool {
        let mut all = self.definitions.clone();
        all.retain(|one| !one.name.text.eq_ignore_ascii_case(name));
        let some = all.len() < self.definitions.len();
        self.define(&all);
        some
    }

    /// Remembers these definitions and no others, each with places of its own.
    fn define(&mut self, all: &[Definition]) {
        let text = Source::inline(text_of(all.iter()));
        self.definitions = lang::definitions(&text, DEFINED).unwrap_or_default();
    }
}

fn text_of<'d>(definitions: impl Iterator<Item = &'d Definition>) -> String {
    definitions.map(|one| lang::definition_text(one) + "\n").collect()
}

/// Whether a line is complete, so that it can be taken.
pub(super) fn is_complete(text: &str) -> bool {
    is_blank(text)
        || command_in(text).is_some()
        || text.ends_with('\n')
        || !lang::is_unfinished(&Source::inline(text))
}

/// What stands behind the dot, where a line is a command. What people type who do not know of dots needs none.
pub(super) fn command_in(line: &str) -> Option<&str> {
    if let bare @ ("help" | "quit" | "exit" | "?") = line.trim() {
        return Some(bare);
    }
    let command = line.trim_start().strip_prefix('.')?;
    (!command.starts_with(|c: char| c.is_ascii_digit() || c == '.')).then(|| command.trim_end())
}

/// Whether a text says nothing: blanks, comments and semicolons.
fn is_blank(text: &str) -> bool {
    use lang::roles::{Role, roles};
    let says = |(span, role): &(crate::base::source::Span, Role)| match role {
        Role::Comment => !text.get(span.start..span.end).is_some_and(is_closed),
        Role::Mark => text.get(span.start..span.end) != Some(";"),
        _ => true,
    };
    !roles(text).iter().any(says)
}

fn is_closed(comment: &str) -> bool {
    !comment.starts_with("/*") || comment.ends_with("*/")
}

/// Whether a definition takes the place of another: the same edge, or the same value of the same types.
fn replaces(new: &Definition, old: &Definition) -> bool {
    let same = new.name.text.eq_ignore_ascii_case(&old.name.text);
    same && match (&new.meaning, &old.meaning) {
        (Meaning::Edge { .. }, Meaning::Edge { .. }) => true,
        (Meaning::Value { parameters: new, .. }, Meaning::Value { parameters: old, .. }) => {
            let types = |list: &[(_, TypeName)]| -> Vec<String> {
                list.iter().map(|(_, ty)| type_text(ty)).collect()
            };
            types(new) == types(old)
        }
        (Meaning::Edge { .. }, Meaning::Value { .. })
        | (Meaning::Value { .. }, Meaning::Edge { .. }) => false,
    }
}

fn type_text(ty: &TypeName) -> String {
    let of = ty.of.as_ref().map(|of| format!("<{}>", type_text(of))).unwrap_or_default();
    format!("{}{of}", ty.name.text.to_lowercase())
}

fn without_value(name: &str) -> Failure {
    let message = Message::new(format!("the query needs a value for ${name}"));
    Failure::Name(message.next(format!("give it one with `.param {name} VALUE`, then ask again")))
}

#[cfg(test)]
mod tests;
