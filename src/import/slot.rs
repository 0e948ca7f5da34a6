//! Where the content of a field comes from, in a sheet whose columns are known.

use super::{
    fields::{self, FIELDS},
    map::{ColumnName, Full, Given, Match, Others},
    order::Order,
    records::Record,
    session::{Place, Session, Trouble, near},
    template::Template,
};
use crate::store::search::Matching;
use regex::Regex;
use std::{borrow::Cow, collections::BTreeMap};

/// Where the content of a field comes from, ready for use once the columns are found.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// The name of its column, as far as there is one.
    pub(crate) name: Option<String>,
    /// The place of its column.
    pub(crate) index: Option<usize>,
    pub(crate) constant: Option<String>,
    /// A text made of several columns.
    pub(crate) template: Option<Template>,
    pub(crate) default: Option<String>,
    pub(crate) split: String,
    pub(crate) values: BTreeMap<String, String>,
    /// What a cell stands for that no value is listed for, by how it is written; the first that fits counts.
    pub(crate) patterns: Vec<(Regex, String)>,
    /// What a cell stands for that neither lists.
    pub(crate) otherwise: Option<String>,
    pub(crate) others: Others,
    pub(crate) matching: Matching,
    /// What stands before every key.
    pub(crate) prefix: String,
    /// How dates are written, where not in EDTF.
    pub(crate) order: Option<Order>,
}

impl Slot {
    /// A column at a known place.
    pub(crate) fn at(index: usize) -> Self {
        Self::of(&Given::Numbered(index + 1))
    }

    /// As a mapping gives it.
    pub(crate) fn of(given: &Given) -> Self {
        let full = match given {
            Given::Named(name) => {
                Full { column: Some(ColumnName::Named(name.clone())), ..Full::default() }
            }
            Given::Numbered(number) => {
                Full { column: Some(ColumnName::Numbered(*number)), ..Full::default() }
            }
            Given::Full(full) => (**full).clone(),
        };
        let (name, index) = match full.column {
            Some(ColumnName::Named(name)) => (Some(name), None),
            Some(ColumnName::Numbered(number)) => (None, number.checked_sub(1)),
            None => (None, None),
        };
        Self {
            name,
            index,
            constant: full.value,
            template: full.template.and_then(|text| Template::parse(text.get_ref()).ok()),
            default: full.default,
            split: full.split.unwrap_or_else(|| ";".to_owned()),
            values: full.values,
            patterns: full
                .patterns
                .iter()
                .filter_map(|(pattern, value)| {
                    Some((regex(pattern.get_ref()).ok()?, value.clone()))
                })
                .collect(),
            otherwise: full.otherwise,
            others: full.others,
            matching: match full.matching {
                None | Some(Match::Folded) => Matching::Folded,
                Some(Match::Exact) => Matching::Exact,
                Some(Match::Key) => Matching::Key,
            },
            prefix: full.prefix.unwrap_or_default(),
            order: full.format.and_then(|format| Order::parse(format.get_ref())),
        }
    }

    /// Whether the cell itself decides, blanks around it included.
    pub(crate) fn is_exact(&self) -> bool {
        self.matching == Matching::Exact
    }

    /// Names of the columns it takes something from.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let pieces = self.template.iter().flat_map(|template| &template.pieces);
        self.name.iter().map(String::as_str).chain(pieces.map(|piece| piece.name.as_str()))
    }

    /// What a cell stands for, where the mapping tells.
    fn meant(&self, cell: &str) -> Option<&str> {
        let listed = self.values.get(cell).map(String::as_str);
        let fits = || self.patterns.iter().find(|(pattern, _)| pattern.is_match(cell));
        listed.or_else(|| fits().map(|(_, value)| value.as_str())).or(self.otherwise.as_deref())
    }

    /// Whether the mapping lists what cells stand for.
    fn translates(&self) -> bool {
        !self.values.is_empty() || !self.patterns.is_empty() || self.otherwise.is_some()
    }
}

/// A pattern of a mapping. What it may cost is limited.
pub(super) fn regex(pattern: &str) -> Result<Regex, regex::Error> {
    regex::RegexBuilder::new(pattern).size_limit(1 << 20).build()
}

/// The columns of a sheet without a mapping, by its heading.
pub(super) fn by_heading(
    session: &mut Session<'_>,
    place: Place,
    heading: &Record,
) -> Vec<Option<Slot>> {
    let mut slots: Vec<Option<Slot>> = vec![None; FIELDS.len()];
    for (index, name) in heading.cells().enumerate() {
        let Some(slot) =
            fields::by_name(name).and_then(|field| slots.get_mut(fields::place(field)))
        else {
            let near = near(name, FIELDS.iter().map(|(known, _)| *known));
            let help = near
                .or_else(|| Some("a mapping can tell what the columns of a sheet are".to_owned()));
            session.refuse(
                place,
                Some(name),
                format!("a coding sheet has no column '{name}'"),
                help,
            );
            continue;
        };
        if slot.is_some() {
            session.refuse(place, Some(name), "this column stands twice".to_owned(), None);
        }
        *slot = Some(Slot { name: Some(name.to_owned()), ..Slot::at(index) });
    }
    slots
}

/// Finds the column that a mapping names.
pub(super) fn locate(
    session: &mut Session<'_>,
    place: Place,
    slot: &mut Slot,
    first: &Record,
    has_header: bool,
) {
    let mut place_of = |name: &str| {
        let found = first.cells().position(|cell| cell == name).filter(|_| has_header);
        if found.is_none() {
            let near = near(name, first.cells());
            let help = if has_header {
                near
            } else {
                Some("without a heading, columns have numbers".to_owned())
            };
            session.refuse(place, Some(name), format!("the sheet has no column '{name}'"), help);
        }
        found
    };
    if let Some(name) = &slot.name {
        slot.index = place_of(name);
    }
    for piece in slot.template.iter_mut().flat_map(|template| &mut template.pieces) {
        piece.index = place_of(&piece.name);
    }
    if let Some(index) = slot.index.filter(|index| *index >= first.len()) {
        let reason = format!("the sheet has no column {}, only {}", index + 1, first.len());
        session.refuse(place, None, reason, None);
    }
}

/// The cell, or what stands in its place.
fn written<'r>(slot: &'r Slot, record: &'r Record) -> Cow<'r, str> {
    match (slot.index, &slot.constant, &slot.template) {
        (Some(index), ..) if slot.is_exact() => Cow::Borrowed(record.raw(index)),
        (Some(index), ..) => Cow::Borrowed(record.cell(index)),
        (None, Some(constant), _) => Cow::Borrowed(constant),
        (None, None, Some(template)) => Cow::Owned(filled(template, record)),
        (None, None, None) => Cow::Borrowed(""),
    }
}

/// A template with what stands in its columns; empty where all of them are.
fn filled(template: &Template, record: &Record) -> String {
    let (mut text, mut some) = (String::new(), false);
    for piece in &template.pieces {
        let cell = piece.index.map_or("", |index| record.cell(index));
        some |= !cell.is_empty();
        text.push_str(&piece.before);
        text.push_str(cell);
    }
    text.push_str(&template.end);
    if some { text } else { String::new() }
}

/// Whether the mapping lists values, and not what the cell holds.
pub(super) fn leaves_out(slot: &Slot, record: &Record) -> bool {
    let cell = written(slot, record);
    slot.translates() && !cell.trim().is_empty() && slot.meant(&cell).is_none()
}

/// What a field holds in a row: the cell or the constant, seen through the mapping's values.
pub(super) fn content<'r>(slot: &'r Slot, record: &'r Record) -> Result<Cow<'r, str>, Trouble> {
    let cell = written(slot, record);
    if cell.trim().is_empty() {
        return Ok(Cow::Borrowed(slot.default.as_deref().unwrap_or_default()));
    }
    if !slot.translates() {
        return Ok(cell);
    }
    match (slot.meant(&cell), slot.others) {
        (Some(value), _) => Ok(Cow::Borrowed(value)),
        (None, Others::Keep) => Ok(cell),
        (None, Others::Skip) => Ok(Cow::Borrowed("")),
        (None, Others::Refuse) => {
            let near = near(&cell, slot.values.keys().map(String::as_str));
            Err(Trouble::Refused(format!("the mapping has no value for '{cell}'"), near))
        }
    }
}

pub(super) fn parts<'t>(slot: &'t Slot, text: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(slot.split.as_str()).map(str::trim).filter(|part| !part.is_empty())
}
