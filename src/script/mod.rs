//! Saved queries: a file whose leading comment says what it answers and whose `param` lines say what it takes.

pub mod cell;
pub mod example;
pub mod library;
pub mod parameter;
mod shipped;
pub mod uses;

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::Source;
use crate::lang::{self, ast};

use example::Example;
use parameter::Parameter;

/// A saved query, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// What it answers: the first line of its leading comment.
    pub question: String,
    /// The other lines of that comment.
    pub explanation: String,
    /// What it is about, to list it with its like.
    pub topic: Option<String>,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// The names of all parameters it speaks of, declared or not.
    pub used: Vec<String>,
    /// What it defines, and before that what the files it uses define.
    pub definitions: Vec<ast::Definition>,
    /// Its queries.
    pub queries: Vec<ast::Query>,
    /// What it answers in examples.
    pub examples: Vec<Example>,
}

/// The topics of the saved queries that ship with the tool, in the order they are listed.
pub const TOPICS: &[&str] = &["look-up", "attribution", "stance", "time", "sourcing", "network"];

/// Reads a script that asks something; the files it uses are those the source has.
pub fn read(source: &Source) -> Result<Saved, Diagnostics> {
    saved(source, lang::parse(source)?)
}

/// Reads a script that may hold definitions alone.
pub fn read_all(source: &Source) -> Result<Saved, Diagnostics> {
    saved(source, lang::parse_all(source)?)
}

/// Reads what is typed at a prompt, which may hold declarations alone.
pub fn read_typed(source: &Source) -> Result<Saved, Diagnostics> {
    saved(source, lang::parse_typed(source)?)
}

fn saved(source: &Source, script: ast::Script) -> Result<Saved, Diagnostics> {
    let ast::Script { uses, params, definitions: own, queries } = script;
    if let Some(first) = uses.first().filter(|_| source.used().next().is_none()) {
        return Err(vec![nothing_used(first)]);
    }
    let parameters = parameter::read_all(&params, source)?;
    let examples = example::read_all(source, &parameters, queries.len())?;
    let mut definitions = Vec::new();
    for (begin, file) in source.used() {
        definitions.extend(lang::parse_from(file, begin)?.definitions);
    }
    definitions.extend(own);
    let Header { question, explanation, topic } = header(source);
    let used = lang::parameters(source);
    Ok(Saved { question, explanation, topic, parameters, used, definitions, queries, examples })
}

struct Header {
    question: String,
    explanation: String,
    topic: Option<String>,
}

/// What the comment at the top says: the question, what explains it, and `topic: …`; an example ends it.
fn header(source: &Source) -> Header {
    let text = lang::header(source);
    let mut lines = text.lines().take_while(|line| !line.starts_with("example:"));
    let question = lines.next().unwrap_or_default().trim().to_owned();
    let (mut explained, mut topic) = (Vec::new(), None);
    for line in lines {
        match line.strip_prefix("topic:") {
            Some(named) => topic = Some(named.trim().to_owned()),
            None => explained.push(line),
        }
    }
    let topic = topic.filter(|topic| !topic.is_empty());
    Header { question, explanation: explained.join("\n").trim().to_owned(), topic }
}

/// D0719: a file is named where none can be read.
fn nothing_used(named: &ast::Use) -> Diagnostic {
    Diagnostic::error("D0719", named.span, "no other file can be used here")
        .help("copy the definitions into this text, or save it as a file and `dixit run` that")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::value::Value;
    use parameter::Type;

    #[test]
    fn a_script_says_what_it_answers_and_what_it_takes() {
        let source = Source::inline(
            "-- What did someone say?\n-- Relayed or not.\nparam $speaker: text = 'Rubio' -- who\nparam $since: date\n
match (s:Statement)-[:by]->(:Actor $speaker) return s",
        );
        let saved = read(&source).unwrap();
        assert_eq!(saved.question, "What did someone say?");
        assert_eq!(saved.explanation, "Relayed or not.");
        assert_eq!(saved.queries.len(), 1);
        let [speaker, since] = saved.parameters.as_slice() else { panic!("two parameters") };
        assert_eq!((speaker.name.as_str(), &speaker.ty), ("speaker", &Type::Text));
        let default = speaker.default.as_ref().unwrap();
        assert_eq!(default.text, "'Rubio'");
        assert_eq!(default.value, Value::Text("Rubio".to_owned()));
        assert_eq!(speaker.help.as_deref(), Some("who"));
        assert_eq!((&since.ty, &since.default), (&Type::Date, &None));
    }

    #[test]
    fn an_unknown_type_is_pointed_at() {
        let wrong = read(&Source::inline("param $x: dat = 1\nmatch (a) return a")).unwrap_err();
        assert_eq!(wrong[0].code, "D0701");
        assert_eq!(wrong[0].labels[0].text, "did you mean `date`?");
    }
}
