//! Every `tests/cases/<topic>/*.case`: a query in, everything the case names out.
//!
//! Each part present is computed and compared; `BLESS=1 cargo test --test cases` writes what came out instead. Rows of
//! a query without `order by` may come in any order, so they are compared sorted.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

mod house;

use std::panic::{AssertUnwindSafe, catch_unwind};

use dixit::base::diagnostic::Diagnostic;
use dixit::base::source::Source;
use dixit::base::value::Row;
use dixit::meaning::question::Step;
use dixit::meaning::resolve::Arguments;
use dixit::{Compiled, lang, meaning, notes, plan, script, sql};
use house::case::{self, Case};
use house::{Asked, Worlds, arguments, diff::diff, rendered, written};

/// What a case gives: its queries, or a text that says why not.
type Outcome = Result<Vec<Answer>, String>;

struct Answer {
    query: lang::ast::Query,
    compiled: Compiled,
    rows: Vec<Row>,
}

#[test]
fn cases_hold() {
    let mut worlds = Worlds::default();
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for mut case in case::all() {
        let world = worlds.get(case.world());
        let checked = catch_unwind(AssertUnwindSafe(|| check(&mut case, world, bless)));
        let place = case.place();
        match checked {
            Ok(failures) if failures.is_empty() => {}
            Ok(failures) => wrong.push(format!("{place}\n  {}{failures}", case.sentence)),
            Err(_) => wrong.push(format!("{place}\n  {}  it panicked\n", case.sentence)),
        }
    }
    assert!(wrong.is_empty(), "{} cases fail:\n\n{}", wrong.len(), wrong.join("\n"));
}

/// What the prelude defines makes sense with the kinds that a store begins with, and says what it is for.
#[test]
fn the_prelude_makes_sense() {
    let source = dixit::base::source::prelude();
    let definitions = lang::definitions(&source, 0).unwrap();
    assert!(definitions.len() > 10);
    for one in &definitions {
        assert!(one.help.is_some(), "{} needs a comment", one.name.text);
    }
    let mut arguments = Arguments::default();
    arguments.define(definitions);
    let script = lang::parse(&Source::inline("return 1 as one")).unwrap();
    let compiled = Asked::new("geneva").compile(&script.queries[0], &arguments);
    assert!(compiled.is_ok(), "{}", rendered(&compiled.unwrap_err(), &source));
}

/// Computes every part; gives what is wrong, or writes it.
fn check(case: &mut Case, world: &Asked, bless: bool) -> String {
    let source = Source::inline(case.part("query").unwrap().trim_end());
    if case.is_about_text() {
        return check_text(case, &source, bless);
    }
    if case.part("changes").is_some() {
        return check_writing(case, &source, bless);
    }
    let outcome = answers(case, &source, world);
    let mut failures = Vec::new();
    for (name, expected) in &mut case.parts {
        let Some(got) = part(name, &outcome, world) else { continue };
        let unordered = outcome.as_ref().is_ok_and(|answers| !answers.iter().all(is_ordered));
        let may_sort = unordered && matches!(name.as_str(), "csv" | "table");
        let same = if may_sort { bag(&got) == bag(expected) } else { got == *expected };
        if same {
            continue;
        }
        if bless {
            *expected = got;
        } else {
            failures.push(format!("  --- {name}\n{}", diff(expected, &got)));
        }
    }
    if bless {
        case.write();
    }
    if let (Err(text), None) = (&outcome, case.part("error")) {
        failures.push(format!("  it fails:\n{text}"));
    }
    failures.concat()
}

/// A case of the language alone: the tree of what was written, and that its canonical text is the same.
fn check_text(case: &mut Case, source: &Source, bless: bool) -> String {
    let shown = |script: &lang::ast::Script| {
        let definitions = script.definitions.iter().map(lang::show_definition);
        definitions.chain(script.queries.iter().map(lang::show)).collect::<Vec<_>>().join("\n")
    };
    let script = match lang::parse(source) {
        Ok(script) => script,
        Err(mistakes) => return rendered(&mistakes, source),
    };
    let got = shown(&script);
    let canonical = lang::format(&script);
    let again = lang::parse(&Source::inline(canonical.as_str())).unwrap();
    assert_eq!(shown(&again), got, "formatted as {canonical}");
    let Some((_, expected)) = case.parts.iter_mut().find(|(name, _)| name == "ast") else {
        return String::new();
    };
    if got == *expected {
        return String::new();
    }
    if bless {
        *expected = got;
        case.write();
        return String::new();
    }
    format!("  --- ast\n{}", diff(expected, &got))
}

/// A case that writes into a store of its own: what was changed, what is returned, or why it was refused; and that the
/// store keeps its rules.
fn check_writing(case: &mut Case, source: &Source, bless: bool) -> String {
    let (mut store, params) = (Asked::new(case.world()), case.params());
    let written = house::writing::write(&mut store, source, &params);
    assert_eq!(dixit::store::check::check(&store.reader).unwrap(), []);
    let mut failures = String::new();
    for (name, expected) in &mut case.parts {
        let got = match (name.as_str(), &written) {
            ("world" | "params" | "query", _) => continue,
            ("changes", Ok(written)) => written.changes.clone(),
            ("changes", Err(_)) => "nothing\n".to_owned(),
            ("error", Err(text)) => text.clone(),
            ("error", Ok(_)) | (_, Err(_)) => String::new(),
            (format, Ok(written)) => written.table(format),
        };
        if got != *expected && bless {
            *expected = got;
        } else if got != *expected {
            failures.extend([format!("  --- {name}\n{}", diff(expected, &got))]);
        }
    }
    if bless {
        case.write();
    }
    if let (Err(text), None) = (&written, case.part("error")) {
        failures.extend([format!("  it fails:\n{text}")]);
    }
    failures
}

fn answers(case: &Case, source: &Source, world: &Asked) -> Outcome {
    let saved = script::read(source).map_err(|mistakes| rendered(&mistakes, source))?;
    let arguments = arguments(&saved, &case.params());
    saved.queries.iter().map(|query| answer(query, source, &arguments, world)).collect()
}

fn answer(
    query: &lang::ast::Query,
    source: &Source,
    arguments: &Arguments,
    world: &Asked,
) -> Result<Answer, String> {
    let compile = || world.compile(query, arguments);
    let compiled = compile().map_err(|mistakes| rendered(&mistakes, source))?;
    assert_eq!(compiled.statement, compile().unwrap().statement, "compiling again differs");
    assert!(!compiled.statement.text.contains(';'), "more than one statement");
    world.reader.query_plan(&compiled.statement).unwrap();
    formatting_changes_nothing(query, &compiled, arguments, world);
    let rows =
        world.attempt(&compiled).map_err(|error| match error.in_query(&compiled.statement) {
            Some(mistake) => rendered(&vec![mistake], source),
            None => world.told(&error) + "\n",
        })?;
    assert_eq!(format!("{rows:?}"), format!("{:?}", world.rows(&compiled).unwrap()));
    Ok(Answer { query: query.clone(), compiled, rows })
}

/// The formatted query means the same.
fn formatting_changes_nothing(
    query: &lang::ast::Query,
    compiled: &Compiled,
    arguments: &Arguments,
    world: &Asked,
) {
    let text = lang::format(&lang::ast::Script {
        params: Vec::new(),
        uses: Vec::new(),
        definitions: Vec::new(),
        queries: vec![query.clone()],
    });
    let again = lang::parse(&Source::inline(text.as_str())).unwrap();
    assert_eq!(lang::show(query), lang::show(&again.queries[0]), "formatted as {text}");
    let again = world.compile(&again.queries[0], arguments).unwrap();
    assert_eq!(again.statement.text, compiled.statement.text, "formatted as {text}");
    assert_eq!(again.statement.values, compiled.statement.values, "formatted as {text}");
}

/// A part's text; nothing for a part that is only read.
fn part(name: &str, outcome: &Outcome, world: &Asked) -> Option<String> {
    let one = |answer: &Answer| {
        let Answer { query, compiled, rows } = answer;
        let Compiled { question, plan, statement } = compiled;
        match name {
            "ast" => lang::show(query),
            "meaning" => meaning::show::show(question, &world.catalog),
            "plan" => plan::show::show(plan, question, &world.catalog),
            "sql" => sql::show::show(statement),
            "note" => noted(answer, world),
            format => written(format, compiled, rows),
        }
    };
    match (name, outcome) {
        ("world" | "params" | "query", _) => None,
        ("error", Err(text)) => Some(text.clone()),
        ("error", Ok(_)) | (_, Err(_)) => Some(String::new()),
        (_, Ok(answers)) => Some(answers.iter().map(one).collect::<Vec<_>>().join("\n")),
    }
}

/// What is said about an answer.
fn noted(answer: &Answer, world: &Asked) -> String {
    let question = &answer.compiled.question;
    let notes = notes::about(question, answer.rows.len(), &world.catalog, &world.reader).unwrap();
    let line = |note: &Diagnostic| {
        let label =
            note.labels.iter().map(|label| label.text.as_str()).find(|text| !text.is_empty());
        format!(
            "{}: {}{}\n",
            note.code,
            note.message,
            label.map(|text| format!("; {text}")).unwrap_or_default()
        )
    };
    notes.iter().map(line).collect()
}

fn is_ordered(answer: &Answer) -> bool {
    let last = answer.compiled.question.query.first.steps.last();
    matches!(last, Some(Step::Project(projection)) if !projection.order.is_empty())
}

/// The lines of a text, whatever their order.
fn bag(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}
