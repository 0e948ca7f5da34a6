//! What a session makes of lines, without any terminal.

use super::*;
use crate::meaning::resolve::Argument;

fn check(session: &mut Session, line: &str) -> Step {
    session.take(line).unwrap_or_else(|failure| panic!("{line}: {failure:?}"))
}

/// What is told of a line that is refused.
fn refused(session: &mut Session, line: &str) -> String {
    match session.take(line) {
        Err(failure) => {
            let style = crate::base::render::Style { colour: false, width: 80 };
            failure.text(false, style).to_string()
        }
        Ok(step) => panic!("{line}: {step:?}"),
    }
}

fn question(session: &mut Session, line: &str) -> Question {
    match check(session, line) {
        Step::Ask(question) => question,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn what_says_nothing_does_nothing() {
    let mut session = Session::default();
    for line in ["", "  \n", "-- a remark", ";", "/* a */ ;"] {
        assert_eq!(check(&mut session, line), Step::Nothing, "{line}");
    }
}

#[test]
fn a_text_is_complete_when_nothing_can_follow() {
    for text in ["", ".help", ".param x 'a", "match (a) return a", "match (a;", "match (a\n"] {
        assert!(is_complete(text), "{text:?}");
    }
    for text in ["match (a)", "match (a\nwhere", "return 'it", "/* a"] {
        assert!(!is_complete(text), "{text:?}");
    }
}

#[test]
fn a_parameter_is_remembered_listed_and_forgotten() {
    let mut session = Session::default();
    let told = refused(&mut session, "match (s) where s.date > $since return s");
    assert!(told.contains("needs a value for $since"), "{told}");
    assert!(told.contains(".param since VALUE"), "{told}");
    assert_eq!(
        check(&mut session, ".param since 2025-11-01"),
        Step::Say("$since = 2025-11-01".into())
    );
    let mut asked = question(&mut session, "match (s) where s.date > $since return s");
    let raw = Argument::Raw("2025-11-01".to_owned());
    assert_eq!(asked.arguments.get_mut("since"), Some(&mut raw.clone()));
    check(&mut session, ".param $who = 'Marco Rubio'");
    let listed = Step::Print("$since = 2025-11-01\n$who = Marco Rubio\n".into());
    assert_eq!(check(&mut session, ".param"), listed);
    assert_eq!(check(&mut session, ".param -d since"), Step::Say("$since is forgotten".into()));
    assert!(refused(&mut session, ".param -d whom").contains("did you mean `$who`?"));
    assert!(refused(&mut session, ".param a-b 1").contains("gives no parameter a value"));
}

#[test]
fn a_typed_declaration_gives_the_value_its_type() {
    let mut session = Session::default();
    let declared = question(&mut session, "param $since: date = 2025-11");
    assert_eq!(session.keep(&declared), Some("remembered: $since".to_owned()));
    assert_eq!(session.known()[0].gloss, "date = 2025-11");
    let told = {
        check(&mut session, ".param since yesterday");
        refused(&mut session, "match (s) where s.date > $since return s")
    };
    assert!(told.contains("`yesterday` does not fit $since, which is a date"), "{told}");
    check(&mut session, ".param since 2025-12");
    let mut asked = question(&mut session, "match (s) where s.date > $since return s");
    let value = crate::base::value::Value::Date("2025-12".to_owned());
    assert_eq!(asked.arguments.get_mut("since"), Some(&mut Argument::Value(value)));
    let own = "param $since: int = 3 match (s) return $since";
    assert!(refused(&mut session, own).contains("a whole number"));
}

#[test]
fn a_definition_is_remembered_and_a_later_one_takes_its_place() {
    let mut session = Session::default();
    for text in ["define f(x: int) as x + 1", "define F(y: Int) as y + 2", "define f(x: text) as x"]
    {
        let typed = question(&mut session, text);
        session.keep(&typed);
    }
    let names = |session: &Session| -> Vec<String> {
        session.definitions().iter().map(lang::signature).collect()
    };
    assert_eq!(names(&session), ["F(y: Int)", "f(x: text)"]);
    let asked = question(&mut session, "return f(1) as one");
    assert_eq!(asked.arguments.definitions().len(), 2);
    assert_eq!(check(&mut session, ".definitions -d f"), Step::Say("f is forgotten".into()));
    assert!(names(&session).is_empty());
}

#[test]
fn a_change_has_to_be_allowed_and_have_a_reason() {
    let mut session = Session::default();
    let line = "match (a:Actor 'Rubio') set a.note = 'x'";
    assert!(refused(&mut session, line).contains("`.write on` allows it"));
    assert_eq!(check(&mut session, ".write on"), Step::Say("write is on".into()));
    assert!(refused(&mut session, line).contains("`.why TEXT`"));
    check(&mut session, ".why 'a trial'");
    assert_eq!(session.settings.why.as_deref(), Some("a trial"));
    assert!(question(&mut session, line).writes());
    session.last = Some(question(&mut session, line));
    assert!(refused(&mut session, ".save x.csv").contains("not done again"));
    assert!(matches!(check(&mut session, &format!(".explain {line}")), Step::Explain(..)));
}

#[test]
fn commands_become_steps() {
    let mut session = Session::default();
    let line = |words: &[&str]| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Step::Command(words, Answers::Yes)
    };
    assert_eq!(check(&mut session, ".schema Actor;"), line(&["schema", "Actor"]));
    assert_eq!(check(&mut session, ".tables"), line(&["schema"]));
    assert_eq!(check(&mut session, ".run x --who 'A B'"), line(&["run", "x", "--who", "A B"]));
    assert_eq!(check(&mut session, ".mode csv"), Step::Say("format is csv".into()));
    assert_eq!(session.settings.format, Some("csv"));
    assert_eq!(check(&mut session, ".output 'a b.csv'"), Step::Into(PathBuf::from("a b.csv")));
    assert_eq!(check(&mut session, ".history"), Step::History(20));
    assert_eq!(check(&mut session, ".EXIT"), Step::End);
    check(&mut session, ".timer off");
    assert!(!session.settings.timer);
    check(&mut session, "match (a) return a");
    assert_eq!(check(&mut session, ".edit"), Step::Edit("match (a) return a".into()));
}

#[test]
fn mistakes_in_commands_have_one_suggestion() {
    let mut session = Session::default();
    for (line, expected) in [
        (".schem", "did you mean `.schema`?"),
        (".zebra", "`.help` lists the commands"),
        (".timer maybe", "neither on nor off"),
        (".format jsn", "did you mean `json`?"),
        (".format zebra", "the formats are table"),
        (".save x.csv", "nothing was asked yet"),
        (".open", "needs a file"),
        (".read a b", "stands in quotes"),
        (".quit now", "takes nothing behind it"),
        (".history many", "is no count"),
        (".run 'x", "never closed"),
    ] {
        let told = refused(&mut session, line);
        assert!(told.contains(expected), "{line}: {told}");
    }
}

#[test]
fn what_could_not_be_read_can_still_be_edited() {
    let mut session = Session::default();
    assert!(refused(&mut session, "match (a return a").contains("never closed"));
    assert_eq!(check(&mut session, ".edit"), Step::Edit("match (a return a".into()));
}
