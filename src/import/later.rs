//! References of nodes that may point to rows further down: kept while the files are read, resolved afterwards.

use super::{
    Error,
    files::{FILES, File, Holds},
    session::{Place, Session, Trouble},
};

/// Keeps a reference for later. The task is the place of the file and of the column.
pub(super) fn keep(
    session: &Session<'_>,
    task: (&File, &str),
    node: i64,
    text: &str,
    place: Place,
) -> Result<(), Trouble> {
    let (file, name) = task;
    let position = file.columns.iter().position(|column| column.name == name).unwrap_or(0);
    let number = i64::from(file.rank) * 100 + i64::try_from(position).unwrap_or(0);
    Ok(session.batch.defer(number, node, text, place)?)
}

/// Resolves the references that were kept.
pub(super) fn resolve(session: &mut Session<'_>) -> Result<(), Error> {
    let mut after = 0;
    while let Some((id, pending)) = session.batch.next_pending(after)? {
        after = id;
        let Some((file, column, target)) = task(pending.task) else { continue };
        let kind = session.batch.kind(file.table).unwrap_or(usize::MAX);
        let target = session.batch.kind(target).unwrap_or(usize::MAX);
        let found = session.node(target, &pending.text);
        let found = session.settle((pending.file, pending.line), column, found)?;
        let Some(found) = found else { continue };
        let changed = session.batch.set_reference(kind, pending.node, column, Some(found))?;
        if changed && !session.batch.is_new(kind, pending.node) {
            session.unchanged = session.unchanged.saturating_sub(1);
            *session.changed.entry(file.noun).or_default() += 1;
        }
    }
    Ok(session.batch.clear_pending()?)
}

/// The file, the column of the table and the table it points to.
fn task(number: i64) -> Option<(&'static File, &'static str, &'static str)> {
    let file = FILES.iter().find(|file| i64::from(file.rank) == number / 100)?;
    let column = file.columns.get(usize::try_from(number % 100).ok()?)?;
    if let Holds::Later(name, target) = column.holds { Some((file, name, target)) } else { None }
}
