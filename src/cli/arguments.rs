//! Turns what was given for parameters into values of their types.

use super::failure::{Failure, Message};
use crate::base::closest::closest;
use crate::base::value::Value;
use crate::format::text::shown;
use crate::meaning::resolve::{Argument, Arguments};
use crate::script::Saved;
use crate::script::parameter::{Choices, Parameter, Type, is_chosen};

/// The value of every parameter. One that the script uses without declaring it takes the type of what it is compared
/// with; one that it does not use is a mistake.
pub(crate) fn read(given: &[(String, String)], saved: &Saved) -> Result<Arguments, Failure> {
    let Saved { parameters: declared, used, .. } = saved;
    let mut arguments = Arguments::default();
    arguments.define(saved.definitions.clone());
    for (name, text) in given {
        match declared.iter().find(|parameter| parameter.name == *name) {
            Some(parameter) => {
                let value = parameter.ty.value(text);
                let value = value.map_err(|should| wrong(parameter, text, &should))?;
                listed(parameter, text, &value)?;
                add(&mut arguments, name, value);
            }
            None if used.contains(name) && arguments.get_mut(name).is_some() => {
                return Err(twice(name));
            }
            None if used.contains(name) => arguments.set(name, Argument::Raw(text.clone())),
            None => return Err(unknown(name, used)),
        }
    }
    for parameter in declared {
        if arguments.get_mut(&parameter.name).is_none() {
            let default = parameter.default.as_ref().ok_or_else(|| missing(parameter, None))?;
            arguments.set(&parameter.name, Argument::Value(default.value.clone()));
        }
    }
    Ok(arguments)
}

/// What was given, and of what a session remembers that which the script speaks of and nobody gave.
pub(crate) fn with_remembered(
    mut given: Vec<(String, String)>,
    remembered: &[(String, String)],
    saved: &Saved,
) -> Vec<(String, String)> {
    let fits = |(name, _): &&(String, String)| {
        saved.used.contains(name) && given.iter().all(|(other, _)| other != name)
    };
    let more: Vec<(String, String)> = remembered.iter().filter(fits).cloned().collect();
    given.extend(more);
    given
}

/// A list grows each time it is given; of anything else the last one counts.
fn add(arguments: &mut Arguments, name: &str, value: Value) {
    match (arguments.get_mut(name), value) {
        (Some(Argument::Value(Value::List(items))), Value::List(more)) => items.extend(more),
        (_, value) => arguments.set(name, Argument::Value(value)),
    }
}

/// A value that is not among those listed is a mistake where nothing else is allowed.
fn listed(parameter: &Parameter, text: &str, value: &Value) -> Result<(), Failure> {
    let Some(Choices::Values(values)) = &parameter.choices else { return Ok(()) };
    if is_chosen(value, values) {
        return Ok(());
    }
    let names: Vec<String> = values.iter().filter_map(shown).collect();
    let near = closest(text, names.iter().map(String::as_str));
    let Parameter { name, .. } = parameter;
    let message = Message::new(format!("`{text}` is not among the values of ${name}"));
    Err(Failure::Name(message.meant(near, &format!("it is one of {}", names.join(", ")))))
}

/// The first parameter that has no value, neither given nor by default.
pub(crate) fn lacking<'s>(given: &[(String, String)], saved: &'s Saved) -> Option<&'s Parameter> {
    let has = |parameter: &Parameter| given.iter().any(|(name, _)| *name == parameter.name);
    saved.parameters.iter().find(|parameter| parameter.default.is_none() && !has(parameter))
}

fn wrong(parameter: &Parameter, text: &str, should: &str) -> Failure {
    let Parameter { name, .. } = parameter;
    Failure::Name(Message::new(format!("`{text}` does not fit ${name}, which is {should}")))
}

fn unknown(name: &str, used: &[String]) -> Failure {
    let names: Vec<String> = used.iter().map(|name| format!("${name}")).collect();
    let near = closest(name, used.iter().map(String::as_str)).map(|near| format!("${near}"));
    let message = Message::new(format!("this query has no parameter ${name}"));
    let all = match names.split_last() {
        Some((only, [])) => format!("it has only {only}"),
        Some((last, others)) => format!("it has {} and {last}", others.join(", ")),
        None => "it has none; between double quotes the shell takes $name away, so write the query in single quotes"
            .to_owned(),
    };
    Failure::Name(message.meant(near.as_deref(), &all))
}

fn twice(name: &str) -> Failure {
    let message = Message::new(format!("${name} is given twice"));
    Failure::Name(
        message.next(format!("for a list, write the values with commas between: -p {name}=a,b")),
    )
}

/// A parameter without a value, and how to give it one, if there is more to say than `-p`.
pub(crate) fn missing(parameter: &Parameter, next: Option<String>) -> Failure {
    let Parameter { name, ty, help, .. } = parameter;
    let article = if matches!(ty, Type::Int | Type::Any) { "an" } else { "a" };
    let what = help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
    Failure::Name(
        Message::new(format!("the query needs ${name}, {article} {ty}{what}"))
            .next(next.unwrap_or_else(|| format!("add -p {name}=VALUE"))),
    )
}

/// A value as it is typed on a command line.
pub(crate) fn typed(value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::diagnostic::Diagnostics;
    use crate::base::source::Source;

    fn declared(text: &str) -> Result<Saved, Diagnostics> {
        crate::script::read(&Source::inline(format!("{text}\nmatch (a) return a")))
    }

    fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
        given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn given_values_come_first_then_defaults() {
        let declared = declared("param $who: text = 'Rubio'\nparam $n: int").unwrap();
        let mut arguments = read(&pairs(&[("n", "3")]), &declared).unwrap();
        assert_eq!(arguments.get_mut("n"), Some(&mut Argument::Value(Value::Int(3))));
        let who = Argument::Value(Value::Text("Rubio".into()));
        assert_eq!(arguments.get_mut("who").cloned(), Some(who));
    }

    #[test]
    fn mistakes_are_told_in_plain_words() {
        let declared = declared("param $since: date -- the first day").unwrap();
        let check = |given: &[(&str, &str)], expected: &str| {
            let Err(Failure::Name(message)) = read(&pairs(given), &declared) else {
                panic!("a mistake")
            };
            assert!(format!("{message:?}").contains(expected), "{message:?}");
        };
        check(&[], "the query needs $since, a date: the first day");
        check(&[("sinc", "2025")], "did you mean `$since`?");
        check(&[("since", "yesterday")], "does not fit $since, which is a date such as 2025-11-22");
    }

    #[test]
    fn without_declarations_values_stay_as_typed() {
        let used = crate::script::read(&Source::inline("match (a) where $since return a")).unwrap();
        let mut arguments = read(&pairs(&[("since", "2025-11")]), &used).unwrap();
        assert_eq!(arguments.get_mut("since").cloned(), Some(Argument::Raw("2025-11".into())));
        assert!(matches!(read(&pairs(&[("sinc", "2025-11")]), &used), Err(Failure::Name(_))));
    }
}
