//! The file with the sources of an answer: `--bibliography`, or beside the file of `-o` where that has no place for them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use super::failure::{Failure, Message};
use super::output::{self, Output, Target};
use super::reasons::Reasons;
use super::terminal::Terminal;
use crate::cite::Entry;
use crate::cite::bibtex::bibtex;
use crate::cite::csl::csl;

/// The first line of a bibliography of ours; a file without it is not overwritten unless it is named.
const MARK: &str = "% The sources of an answer, written by dixit";

/// An open place for a bibliography.
pub(super) struct Bibliography {
    path: PathBuf,
    write: fn(&[&Entry]) -> String,
    target: Target,
}

/// Opens the place, if there is to be one.
pub(super) fn open(
    reasons: &Reasons,
    output: &Output,
    terminal: &Terminal,
) -> Result<Option<Bibliography>, Failure> {
    let path = match (&reasons.bibliography, output.file()) {
        (Some(path), _) => path.clone(),
        (None, Some(answer)) if reasons.cite && output.format()?.besides.is_none() => {
            beside(answer)?
        }
        (None, _) => return Ok(None),
    };
    let write = form(&path)?;
    let whole = |path: &Path| std::path::absolute(path).ok();
    if output.file().is_some_and(|answer| whole(answer) == whole(&path)) {
        let message = Message::new("the answer and its bibliography cannot be one file");
        return Err(Failure::Usage(message.next("name another one: --bibliography sources.bib")));
    }
    let target = output::place(Some(&path), terminal)?;
    Ok(Some(Bibliography { path, write, target }))
}

impl Bibliography {
    /// Writes every source once, sorted by key; tells how many there are.
    pub(super) fn close(mut self, cited: &[Entry]) -> Result<Message, Failure> {
        let mut keys = BTreeSet::new();
        let mut sources: Vec<&Entry> =
            cited.iter().filter(|entry| keys.insert(entry.key.as_str())).collect();
        sources.sort_by(|a, b| a.key.cmp(&b.key));
        let written = self.target.writer().write_all((self.write)(&sources).as_bytes());
        written.map_err(|error| self.target.failed(error))?;
        self.target.close()?;
        let number = match sources.len() {
            1 => "1 source is".to_owned(),
            more => format!("{more} sources are"),
        };
        Ok(Message::new(format!("{number} in {}", self.path.display())))
    }
}

/// What to say where keys are given and no source is.
pub(super) fn nowhere(reasons: &Reasons, output: &Output) -> Option<Message> {
    let told = output.format().ok()?.besides.is_some();
    let lacking = reasons.cite && reasons.bibliography.is_none() && !told && !output.is_file();
    lacking.then(|| {
        let message = Message::new("the cells have the keys of sources that are listed nowhere");
        message.next("add `--bibliography sources.bib`")
    })
}

/// The file beside an answer, unless somebody else's is there.
fn beside(answer: &Path) -> Result<PathBuf, Failure> {
    let path = answer.with_extension("bib");
    let ours = |file: File| {
        let first = BufReader::new(file).lines().next();
        first.is_some_and(|line| line.is_ok_and(|line| line == MARK))
    };
    if !path.exists() || File::open(&path).is_ok_and(ours) {
        return Ok(path);
    }
    let what = format!("{} is there, and it was not written by dixit", path.display());
    let next = "name the file for the sources: --bibliography sources.bib";
    Err(Failure::Usage(Message::new(what).next(next)))
}

/// How a file of that name is written.
fn form(path: &Path) -> Result<fn(&[&Entry]) -> String, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_lowercase().as_str() {
        "bib" => Ok(of_bibtex),
        "json" => Ok(of_csl),
        _ => {
            let what =
                format!("the name {} does not tell the form of a bibliography", path.display());
            let next = "end it in bib for BibTeX, or in json for CSL-JSON";
            Err(Failure::Usage(Message::new(what).next(next)))
        }
    }
}

fn of_bibtex(sources: &[&Entry]) -> String {
    let entries = sources.iter().map(|entry| format!("\n{}", bibtex(entry)));
    format!("{MARK}\n{}", entries.collect::<String>())
}

fn of_csl(sources: &[&Entry]) -> String {
    let items = sources.iter().map(|entry| csl(entry)).collect();
    format!("{:#}\n", serde_json::Value::Array(items))
}
