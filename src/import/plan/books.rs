//! Which worksheets of a workbook are read, and as what.

use super::{Found, From, Input, Job, TABLES};
use crate::base::closest::closest;
use crate::import::Error;
use crate::import::files;
use crate::import::importers::{How, Importer};
use crate::import::map::{Mapping, SheetName};
use crate::import::workbook::Book;
use std::path::Path;
use std::rc::Rc;

/// Whether a file is a workbook, by what is asked for, else by how it begins.
pub(super) fn is_one(path: &Path, format: Option<&Importer>) -> Result<bool, Error> {
    match format.map(|format| &format.how) {
        Some(How::Workbook) => Ok(true),
        Some(How::Draft { .. }) => Ok(false),
        Some(How::Folder | How::Sheet | How::Graph) | None => {
            Ok(super::head(path)?.starts_with(b"PK\x03\x04"))
        }
    }
}

/// The worksheets to read. An only worksheet is called as its file is, by `stem`.
pub(super) fn jobs(
    path: &Path,
    mapping: Option<&Mapping>,
    stem: &str,
    found: &mut Found,
) -> Result<(), Error> {
    let book = Rc::new(Book::open(path)?);
    let mut sheets = Vec::new();
    for sheet in &book.sheets {
        if let Some(heading) = book.heading(sheet)? {
            sheets.push((sheet.clone(), heading));
        }
    }
    if sheets.is_empty() {
        return Err(Error::Nothing(path.into(), "the workbook is empty".to_owned()));
    }
    let bytes = path.metadata().map_or(0, |meta| meta.len());
    let share = bytes / u64::try_from(sheets.len()).unwrap_or(1);
    let job = |sheet: &str, input: Input| Job {
        name: book.place(sheet),
        from: From::Sheet(Rc::clone(&book), sheet.to_owned()),
        input,
        bytes: share,
    };
    if let Some(mapping) = mapping {
        let sheet = chosen(path, mapping, &sheets)?;
        found.jobs.push(job(sheet, Input::Sheet));
        return Ok(());
    }
    let alone = sheets.len() == 1;
    let before = found.jobs.len();
    let mut unknown = Vec::new();
    for (sheet, heading) in &sheets {
        let own = sheet.trim().to_lowercase();
        let is_known = files::by_stem(&own).is_some();
        let name = if alone && !is_known { stem } else { &own };
        match meant(name, heading) {
            Some(input) => {
                if book.hidden.contains(sheet) {
                    let place = book.place(sheet);
                    found
                        .remarks
                        .push(format!("{place} is a hidden worksheet, and was read as well"));
                }
                found.jobs.push(job(sheet, input));
            }
            None => unknown.push(sheet.as_str()),
        }
    }
    // What is wrong with a first row is told with its place when the worksheet is read.
    let broken = sheets.iter().find(|(_, heading)| heading.is_empty());
    if let Some((sheet, _)) = broken.filter(|_| found.jobs.len() == before) {
        found.jobs.push(job(sheet, Input::Sheet));
        return Ok(());
    }
    if found.jobs.len() == before {
        let heading = sheets.first().map(|(_, heading)| heading.as_slice()).unwrap_or_default();
        return Err(Error::Nothing(path.into(), super::unrecognised(heading)));
    }
    found.remarks.extend(unknown.iter().map(|sheet| {
        format!("{} was not read: its first row names no columns that are known", book.place(sheet))
    }));
    Ok(())
}

/// What a worksheet is: what its heading says, else a file of a folder by its name.
fn meant(name: &str, heading: &[String]) -> Option<Input> {
    let shown = TABLES.iter().find_map(|(_, recognise)| recognise(name, heading));
    shown.or_else(|| files::by_stem(name).map(Input::File)).or_else(|| {
        let near = closest(name, files::FILES.iter().map(|file| file.stem))?;
        Some(Input::Unknown(Some(format!("closest: {near}"))))
    })
}

/// The worksheet that a mapping is for.
fn chosen<'s>(
    path: &Path,
    mapping: &Mapping,
    sheets: &'s [(String, Vec<String>)],
) -> Result<&'s str, Error> {
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    let wrong = |what: String| {
        let why = format!("{what}; the workbook has {}", names.join(", "));
        Error::Nothing(path.into(), why)
    };
    match &mapping.file.sheet {
        None => match sheets {
            [(only, _)] => Ok(only),
            _ => Err(wrong(
                "say in the mapping which worksheet is meant, as in `sheet = \"…\"` under [file]"
                    .to_owned(),
            )),
        },
        Some(SheetName::Named(name)) => {
            let found = sheets.iter().find(|(known, _)| known == name);
            let near = closest(name, names.iter().copied());
            let near = near.map(|near| format!(", closest: {near}")).unwrap_or_default();
            let found = found.map(|(name, _)| name.as_str());
            found.ok_or_else(|| wrong(format!("no worksheet is called '{name}'{near}")))
        }
        Some(SheetName::Numbered(number)) => {
            let found = number.checked_sub(1).and_then(|at| sheets.get(at));
            let found = found.map(|(name, _)| name.as_str());
            found.ok_or_else(|| wrong(format!("there is no worksheet {number}")))
        }
    }
}
