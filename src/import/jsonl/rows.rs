//! Lines that are rows of the claims model: each member is a cell of the file that has the same rows.

use std::borrow::Cow;

use super::{Members, Wrong, refuse};
use crate::base::closest::closest;
use crate::import::Error;
use crate::import::exact;
use crate::import::files::{self, File, Holds};
use crate::import::graph::line::Json;
use crate::import::{draft::Draft, stage::When};

/// Cells by the columns they are for.
type Cells<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// Keeps a row aside.
pub(super) fn row(
    draft: &mut Draft<'_, '_>,
    number: u64,
    stem: &str,
    members: Members<'_>,
) -> Result<(), Error> {
    let Some(file) = files::by_stem(stem) else { return Ok(()) };
    match cells(draft, file, members) {
        Err(wrong) => {
            refuse(draft, number, wrong);
            draft.tick();
            Ok(())
        }
        Ok((cells, when)) => {
            let cells: Vec<(&'static str, &str)> =
                cells.iter().map(|(column, cell)| (*column, cell.as_ref())).collect();
            draft.exact_row(file.stem, number, &cells, when)
        }
    }
}

/// All cells of a row; what the line leaves out is nothing.
fn cells<'a>(
    draft: &Draft<'_, '_>,
    file: &'static File,
    mut members: Members<'a>,
) -> Result<(Cells<'a>, When), Wrong> {
    let mut cells = Vec::new();
    let mut when = When::InTurn;
    for column in file.columns {
        let at = members.iter().position(|(name, _)| name == column.name);
        let value = at.map_or(Json::Null, |at| members.swap_remove(at).1);
        if let (Holds::Any(..), Json::Object(kind)) = (column.holds, &value)
            && kind.first().is_some_and(|(kind, _)| comes_later(draft, file, kind))
        {
            when = When::AtTheEnd;
        }
        let cell = cell(column.holds, value);
        let wrong = |why: &str| (Some(column.name.to_owned()), why.to_owned(), None);
        cells.push((column.name, cell.map_err(wrong)?));
    }
    match members.first() {
        None => Ok((cells, when)),
        Some((name, _)) if file.columns.iter().any(|column| column.name == name) => {
            Err((Some(name.to_string()), "this member stands twice".to_owned(), None))
        }
        Some((name, _)) => {
            let near = closest(name, file.columns.iter().map(|column| column.name));
            let near = near.map(|near| format!("closest: {near}"));
            let why = format!("a line of this sort has no member '{name}'");
            Err((Some(name.to_string()), why, near))
        }
    }
}

/// Whether the rows of a kind are read behind those of a file, or among them.
fn comes_later(draft: &Draft<'_, '_>, file: &File, kind: &str) -> bool {
    let kinds = draft.session().batch.kinds();
    let table = kinds.iter().find(|known| known.name == kind).map(|kind| kind.table.as_str());
    let rows = table.and_then(|table| files::FILES.iter().find(|file| file.table == table));
    rows.is_some_and(|rows| rows.rank >= file.rank)
}

/// A value as a cell.
fn cell(holds: Holds, value: Json<'_>) -> Result<Cow<'_, str>, &'static str> {
    if value == Json::Null {
        return Ok(Cow::Borrowed(""));
    }
    Ok(match holds {
        Holds::Key
        | Holds::Name(_)
        | Holds::Text(_)
        | Holds::Term(..)
        | Holds::Date(_)
        | Holds::Node(..)
        | Holds::Later(..)
        | Holds::Scale
        | Holds::Value(_) => match plain(value)? {
            text if text.is_empty() => exact::text(""),
            text => text,
        },
        Holds::Sign(_) => match value {
            Json::Int(number) => Cow::Owned(number.to_string()),
            _ => return Err("this is to be 1, 0 or -1"),
        },
        Holds::Aliases | Holds::Topics => match value {
            Json::List(parts) => {
                let parts = parts.into_iter().map(plain).collect::<Result<Vec<_>, _>>()?;
                Cow::Owned(exact::list(parts.iter().map(AsRef::as_ref)))
            }
            _ => return Err("this is to be a list of texts"),
        },
        Holds::Any(..) => match value {
            Json::Object(members) => match <[_; 1]>::try_from(members) {
                Ok([(kind, key)]) => Cow::Owned(exact::node(&kind, &plain(key)?)),
                Err(_) => return Err(OF_KIND),
            },
            _ => return Err(OF_KIND),
        },
    })
}

const OF_KIND: &str = "this is to be a kind with a key, such as {\"Actor\":\"mike-rounds\"}";

fn plain(value: Json<'_>) -> Result<Cow<'_, str>, &'static str> {
    match value {
        Json::Text(text) if text.contains('\0') => Err("the text holds a NUL character"),
        Json::Text(text) => Ok(text),
        Json::Null
        | Json::Bool(_)
        | Json::Int(_)
        | Json::Float(_)
        | Json::List(_)
        | Json::Object(_) => Err("this is to be a text"),
    }
}
