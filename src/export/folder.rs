//! The folder of CSV files that an import reads back.

use std::io::Write;

use super::amount::{each_declared, expect_all};
use super::out::Out;
use super::sheets::{SHEETS, Sheet};
use super::{Error, Options, Report, World};
use crate::base::value::Value;

/// Writes one file for each sort of rows that there are.
pub(super) fn write(world: &dyn World, _: &Options, out: &mut Out<'_>) -> Result<Report, Error> {
    if !world.catalogue().graph.claims {
        let what = "a folder of CSV files holds claims, and this store has only declared kinds";
        return Err(Error::Name(what.to_owned(), Some("export it as jsonl".to_owned())));
    }
    let mut report = Report::default();
    expect_all(world)?;
    for sheets in SHEETS.chunk_by(|one, next| one.stem == next.stem) {
        let Some(first) = sheets.first() else { continue };
        out.named(&format!("{}.csv", first.stem), |w| file(world, sheets, &mut report, w))?;
    }
    each_declared(world, &mut |noun, count| report.leave_out(noun, count))?;
    report.remark("the log of changes stays behind");
    Ok(report)
}

fn file(
    world: &dyn World,
    sheets: &[Sheet],
    report: &mut Report,
    w: &mut dyn Write,
) -> Result<(), Error> {
    let mut csv = csv::Writer::from_writer(w);
    for (at, sheet) in sheets.iter().enumerate() {
        if at == 0 {
            csv.write_record(sheet.columns).map_err(failed)?;
        }
        let mut rows = 0;
        let mut lost = [0; LOST.len()];
        sheet.rows(world, &mut |row| {
            rows += 1;
            for value in row {
                let sorts = LOST.iter().zip(&mut lost);
                sorts.for_each(|((_, is_lost), count)| *count += u64::from(is_lost(value)));
                csv.write_field(cell(value)).map_err(failed)?;
            }
            csv.write_record(None::<&[u8]>).map_err(failed)
        })?;
        report.wrote(sheet.noun, rows);
        LOST.iter().zip(lost).for_each(|((noun, _), count)| report.leave_out(noun, count));
    }
    Ok(csv.flush()?)
}

/// Tells whether a cell of the folder's files cannot hold a value as it is.
type IsLost = fn(&Value) -> bool;

/// What the cells cannot hold.
const LOST: &[(&str, IsLost)] = &[
    ("outer blank", |value| matches!(value, Value::Text(text) if text.trim() != text)),
    ("empty text", |value| matches!(value, Value::Text(text) if text.is_empty())),
    ("odd list", |value| matches!(value, Value::List(parts) if parts.iter().any(is_odd))),
    ("unplaced end", |value| matches!(value, Value::Edge(_))),
];

/// Whether a member of a list does not come back from between semicolons.
fn is_odd(part: &Value) -> bool {
    matches!(part, Value::Text(text) if text.trim() != text || text.is_empty() || text.ends_with('\\'))
}

/// A value as a cell of the folder's files holds it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null | Value::Map(_) | Value::Edge(_) | Value::Path(_) => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Duration(text) => {
            text.clone()
        }
        Value::List(members) => {
            let parts: Vec<String> =
                members.iter().map(|member| cell(member).replace(';', "\\;")).collect();
            parts.join(";")
        }
        Value::Node(node) => format!("{}:{}", node.kind, node.key),
    }
}

fn failed(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::Write(error),
        other => Error::Write(std::io::Error::other(format!("{other:?}"))),
    }
}
