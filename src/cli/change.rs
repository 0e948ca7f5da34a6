//! What changing a store needs of the library: carry out a script that writes, tell what it did.

use std::ops::ControlFlow;
use std::path::Path;

use super::clock;
use super::columns::columns_of;
use super::engine::{damaged, of_store};
use super::failure::{Failure, Message};
use crate::base::source::Source;
use crate::base::value::{Column, Row};
use crate::lang::ast;
use crate::meaning::{
    catalog::Catalog,
    resolve::{Arguments, World},
};
use crate::store::batch::{Batch, Plan};
use crate::store::error::Error;
use crate::store::log::{Action, Change, Counts};
use crate::{Compiled, CompiledWriting, answered, compile, compile_writing, mistakes, store};

/// A script that changes the store.
pub(crate) struct Script<'q> {
    pub(crate) source: &'q Source,
    pub(crate) queries: &'q [ast::Query],
    pub(crate) arguments: &'q Arguments,
}

/// Who changes it and why, and whether it is only a try.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Reason {
    /// The reason, kept in the log of changes
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Who makes the change; otherwise `$DIXIT_USER`, otherwise your user name
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
    /// Show what would change; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What a change did.
pub(crate) struct Done {
    /// The number of the change, where anything was done and kept.
    pub(crate) number: Option<i64>,
    /// What was done.
    pub(crate) counts: Counts,
    /// What the queries returned.
    pub(crate) answers: Vec<Table>,
    /// What was read by queries that found nothing to write for.
    pub(crate) unmatched: Vec<Compiled>,
}

/// What a query returned.
pub(crate) type Table = (Vec<Column>, Vec<Row>);

/// What one query of a script came to.
struct Outcome {
    answer: Option<Table>,
    unmatched: Option<Compiled>,
}

/// Who works here: as told, as the environment says, or the user's name.
pub(crate) fn who(told: Option<String>) -> Option<String> {
    let named = |name: &&str| std::env::var(name).ok().filter(|who| !who.trim().is_empty());
    told.or_else(|| ["DIXIT_USER", "USER", "LOGNAME", "USERNAME"].iter().find_map(named))
}

/// Carries out a script in one transaction: all of it or nothing.
pub(crate) fn write(path: &Path, script: &Script<'_>, reason: &Reason) -> Result<Done, Failure> {
    let mut writer = store::open_for_writing(path).map_err(of_store)?;
    let plan = Plan { dry_run: reason.dry_run, large: false };
    let mut batch = writer.begin(plan).map_err(of_store)?;
    let stored = batch.catalogue().map_err(of_store)?;
    let catalog = Catalog::new(stored).map_err(|wrong| damaged(path, &wrong))?;
    let today = clock::today();
    let world = World { catalog: &catalog, arguments: script.arguments, today: &today };
    let mistakes = mistakes(script.queries, world);
    if !mistakes.is_empty() {
        return Err(Failure::Question(mistakes, script.source.clone()));
    }
    let (mut answers, mut unmatched) = (Vec::new(), Vec::new());
    for query in script.queries {
        let outcome = one(&mut batch, query, script, &catalog)?;
        answers.extend(outcome.answer);
        unmatched.extend(outcome.unmatched);
    }
    batch.prove().map_err(of_store)?;
    let (number, counts) = keep(batch, Action::Write, reason)?;
    Ok(Done { number, counts, answers, unmatched })
}

/// Takes a change back.
pub(crate) fn undo(path: &Path, number: i64, reason: &Reason) -> Result<Done, Failure> {
    let mut writer = store::open_for_writing(path).map_err(of_store)?;
    let plan = Plan { dry_run: reason.dry_run, large: false };
    let mut batch = writer.begin(plan).map_err(of_store)?;
    batch.undo(number).map_err(of_store)?;
    batch.prove().map_err(of_store)?;
    let (number, counts) = keep(batch, Action::Undo(number), reason)?;
    Ok(Done { number, counts, answers: Vec::new(), unmatched: Vec::new() })
}

/// Changes a store in one transaction that keeps its rules.
pub(super) fn change(
    path: &Path,
    reason: &Reason,
    act: impl FnOnce(&mut Batch<'_>) -> Result<Vec<String>, Error>,
) -> Result<(Done, Vec<String>), Failure> {
    let mut writer = store::open_for_writing(path).map_err(of_store)?;
    let plan = Plan { dry_run: reason.dry_run, large: false };
    let mut batch = writer.begin(plan).map_err(of_store)?;
    let remarks = act(&mut batch).map_err(of_store)?;
    batch.prove().map_err(of_store)?;
    let (number, counts) = keep(batch, Action::Write, reason)?;
    Ok((Done { number, counts, answers: Vec::new(), unmatched: Vec::new() }, remarks))
}

/// Keeps what a batch did, or where it is only a try tells what that would be.
fn keep(
    batch: Batch<'_>,
    action: Action,
    reason: &Reason,
) -> Result<(Option<i64>, Counts), Failure> {
    let (now, who) = (clock::now(), who(reason.who.clone()));
    let (who, why) = (who.as_deref(), reason.why.as_deref());
    let change = Change { at: &now, who, why, action, files: &[] };
    let kept = if reason.dry_run { batch.weigh(&change) } else { batch.keep(&change) };
    let kept = kept.map_err(of_store)?;
    Ok(kept.map_or((None, Counts::default()), |(number, counts)| {
        (Some(number).filter(|_| !reason.dry_run), counts)
    }))
}

/// Carries out one query; gives what it returns, if anything.
fn one(
    batch: &mut Batch<'_>,
    query: &ast::Query,
    script: &Script<'_>,
    catalog: &Catalog,
) -> Result<Outcome, Failure> {
    let today = clock::today();
    let world = World { catalog, arguments: script.arguments, today: &today };
    let mistaken = |mistakes| Failure::Question(mistakes, script.source.clone());
    if query.linear.writes.is_empty() {
        let compiled = compile(query, world).map_err(mistaken)?;
        return Ok(Outcome { answer: Some(ask(batch, &compiled)?), unmatched: None });
    }
    let CompiledWriting { reading, edits, answer } =
        compile_writing(query, world).map_err(mistaken)?;
    let rows = batch.edit(&reading.statement, &edits).map_err(|error| match error {
        Error::Refused(why) => Failure::Data(vec![*why], script.source.clone()),
        other => match other.in_query(&reading.statement) {
            Some(mistake) => Failure::Question(vec![mistake], script.source.clone()),
            None => of_store(other),
        },
    })?;
    let unmatched = Some(reading).filter(|_| rows == "[]");
    let answer = answer.map(|answer| answered(answer.about(rows), catalog));
    let answer = answer.transpose().map_err(mistaken)?;
    let answer = answer.map(|answer| ask(batch, &answer)).transpose()?;
    Ok(Outcome { answer, unmatched })
}

fn ask(batch: &Batch<'_>, compiled: &Compiled) -> Result<Table, Failure> {
    let mut rows = Vec::new();
    let asked = batch.ask(&compiled.statement, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    asked.map_err(of_store)?;
    Ok((columns_of(compiled), rows))
}

/// Refuses to change a store without a reason.
pub(crate) fn need_why(reason: &Reason) -> Result<(), Failure> {
    let given = reason.why.as_deref().is_some_and(|why| !why.trim().is_empty());
    if given || reason.dry_run {
        return Ok(());
    }
    let message = Message::new("a change needs a reason, which the log keeps");
    Err(Failure::Usage(
        message.next("add --why 'the reason', or --dry-run to see what would change"),
    ))
}
