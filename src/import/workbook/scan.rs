//! Reads through a workbook before anything believes it: how large its parts really are, how well they are packed, how
//! many texts they share, and whether the places in them are places. So no file can ask for more memory than it is worth.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::range::{is_place, is_range};
use crate::import::gauge::{Gauge, Meter, is_too_large};

/// The largest file.
const FILE: u64 = 512 << 20;
/// The most parts of one file.
const PARTS: usize = 10_000;
/// The largest worksheet, unpacked.
const SHEET: u64 = 4 << 30;
/// The largest other part, unpacked; the shared texts are kept in memory.
const OTHER: u64 = 128 << 20;
/// A part that unpacks to more than this must not be larger than `RATIO` times what it takes in the file.
const SMALL: u64 = 16 << 20;
const RATIO: u64 = 200;
/// The most shared texts.
const TEXTS: u64 = 2_000_000;
/// The most formulas that several cells share.
const FORMULAS: u64 = 100_000;
/// The longest piece between two marks of XML, which may hold a cell's whole text.
const PIECE: u64 = 4 << 20;
/// How deep elements may nest.
const DEEPEST: usize = 64;

/// The most merged cells.
const MERGED: u64 = 100_000;

/// How many there are of what may be many.
#[derive(Debug, Default)]
struct Tally {
    texts: u64,
    merged: u64,
}

/// Gives the names of all parts, and whether cells are merged in any; or says what is wrong.
pub(super) fn scan(file: File) -> Result<(Vec<String>, bool), String> {
    let unreadable = |error: ZipError| match error {
        ZipError::UnsupportedArchive(what) => format!("the workbook cannot be read: {what}"),
        _ => "the workbook cannot be read: it is damaged or cut short".to_owned(),
    };
    if file.metadata().is_ok_and(|meta| meta.len() > FILE) {
        return Err(
            "the workbook is larger than 512 MiB; save its sheets as CSV (UTF-8)".to_owned()
        );
    }
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(unreadable)?;
    if archive.len() > PARTS {
        return Err(format!("the workbook has more than {PARTS} parts"));
    }
    let (mut names, mut tally) = (Vec::new(), Tally::default());
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(unreadable)?;
        let name = part.name().map_err(unreadable)?.into_owned();
        let packed = part.compressed_size();
        let is_text = [".xml", ".rels"].iter().any(|ending| name.to_lowercase().ends_with(ending));
        let told = if name.to_lowercase().contains("worksheets/") { SHEET } else { OTHER };
        let left = told.min(SMALL.max(packed.saturating_mul(RATIO)));
        tally.texts = 0;
        through(part, left, is_text, &mut tally)
            .map_err(|why| format!("the part {name} of the workbook {why}"))?;
        names.push(name);
    }
    Ok((names, tally.merged > 0))
}

/// Reads a part to its end.
fn through(part: impl Read, left: u64, is_text: bool, tally: &mut Tally) -> Result<(), String> {
    let (mut gauge, meter) = Gauge::new(part, left);
    meter.allow(PIECE);
    if !begins_as_xml(&mut gauge).map_err(|error| said(&error))? {
        if is_text {
            return Err("is no XML".to_owned());
        }
        return drain(&mut gauge, &meter).map_err(|error| said(&error));
    }
    let mut reader = Reader::from_reader(gauge);
    reader.config_mut().check_end_names = false;
    let (mut buffer, mut depth) = (Vec::new(), 0_usize);
    loop {
        buffer.clear();
        meter.allow(PIECE);
        match reader.read_event_into(&mut buffer).map_err(|error| wrong(&error))? {
            Event::Eof => return Ok(()),
            Event::Start(element) => {
                depth += 1;
                look(&element, tally)?;
            }
            Event::Empty(element) => look(&element, tally)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err("declares entities, which are not read".to_owned()),
            _ => {}
        }
        if depth > DEEPEST {
            return Err("is nested too deep".to_owned());
        }
    }
}

/// Holds what an element says of places and numbers against what can be.
fn look(element: &BytesStart<'_>, tally: &mut Tally) -> Result<(), String> {
    let name = element.local_name();
    let name = name.as_ref();
    let (key, holds): (&str, fn(&str) -> bool) = match name {
        "c" | "row" => ("r", is_place),
        "mergeCell" => {
            tally.merged += 1;
            if tally.merged > MERGED {
                return Err(format!("has more than {MERGED} merged cells"));
            }
            ("ref", is_range)
        }
        "dimension" => ("ref", is_range),
        "sst" => ("uniqueCount", |text| text.parse::<u64>().is_ok_and(|count| count <= TEXTS)),
        "si" => {
            tally.texts += 1;
            return if tally.texts > TEXTS {
                Err(format!("has more than {TEXTS} texts"))
            } else {
                Ok(())
            };
        }
        "f" => {
            check(element, "si", |text| text.parse::<u64>().is_ok_and(|at| at <= FORMULAS))?;
            ("ref", is_range)
        }
        _ => return Ok(()),
    };
    check(element, key, holds)
}

fn check(element: &BytesStart<'_>, key: &str, holds: fn(&str) -> bool) -> Result<(), String> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| format!("is damaged: {error}"))?;
        if attribute.key.as_ref() == key && !holds(&attribute.value) {
            let value: String = attribute.value.chars().take(40).collect();
            return Err(format!("has '{value}' where a place or a number is expected"));
        }
    }
    Ok(())
}

fn begins_as_xml(input: &mut impl BufRead) -> io::Result<bool> {
    let start = input.fill_buf()?;
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    Ok(start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<'))
}

/// Reads what is no XML, such as a picture. A worksheet may not stand behind something else.
fn drain(input: &mut impl BufRead, meter: &Meter) -> io::Result<()> {
    const SIGN: &[u8] = b"sheetData";
    let mut seam: Vec<u8> = Vec::new();
    loop {
        meter.allow(PIECE);
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            return Ok(());
        }
        seam.extend_from_slice(chunk.get(..SIGN.len()).unwrap_or(chunk));
        let has = |bytes: &[u8]| bytes.windows(SIGN.len()).any(|window| window == SIGN);
        if has(&seam) || has(chunk) {
            let why = "holds a worksheet and is no XML";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        seam = chunk.get(chunk.len().saturating_sub(SIGN.len())..).unwrap_or_default().to_vec();
        let read = chunk.len();
        input.consume(read);
    }
}

fn wrong(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Io(error) => said(error),
        other => format!("is damaged: {other}"),
    }
}

fn said(error: &io::Error) -> String {
    if is_too_large(error) {
        return error.to_string();
    }
    format!("cannot be unpacked: {error}")
}
