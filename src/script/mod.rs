//! Saved queries: a file whose leading comment says what it answers and whose `param` lines say what it takes.

pub mod library;
pub mod parameter;
mod shipped;

use crate::base::diagnostic::Diagnostics;
use crate::base::source::Source;
use crate::lang::{self, ast};

use parameter::Parameter;

/// A saved query, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// What it answers: the first line of its leading comment.
    pub question: String,
    /// The other lines of that comment.
    pub explanation: String,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// The names of all parameters it speaks of, declared or not.
    pub used: Vec<String>,
    /// What it defines.
    pub definitions: Vec<ast::Definition>,
    /// Its queries.
    pub queries: Vec<ast::Query>,
}

/// Reads a script.
pub fn read(source: &Source) -> Result<Saved, Diagnostics> {
    of_script(lang::parse(source)?, source)
}

/// Reads what is typed at a prompt, which may hold declarations alone.
pub fn read_typed(source: &Source) -> Result<Saved, Diagnostics> {
    of_script(lang::parse_typed(source)?, source)
}

fn of_script(script: ast::Script, source: &Source) -> Result<Saved, Diagnostics> {
    let ast::Script { params, definitions, queries } = script;
    let parameters = parameter::read_all(&params, source)?;
    let header = lang::header(source);
    let (question, explanation) = header.split_once('\n').unwrap_or((&header, ""));
    Ok(Saved {
        question: question.trim().to_owned(),
        explanation: explanation.trim().to_owned(),
        parameters,
        used: lang::parameters(source),
        definitions,
        queries,
    })
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
