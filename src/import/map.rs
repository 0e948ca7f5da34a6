//! The mapping: a TOML file that tells how someone else's sheet is written and what its columns mean.

use super::{
    fields::{self, FIELDS, Field},
    files::{self, File, Holds},
    order::Order,
    records::Dialect,
    slot::{Slot, regex},
    template::Template,
};
use crate::base::{
    closest::closest,
    diagnostic::{Diagnostic, Diagnostics},
    source::{Source, Span},
};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{collections::BTreeMap, fmt};
use toml::Spanned;

/// A mapping as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Mapping {
    pub(crate) file: Written,
    columns: BTreeMap<Spanned<String>, Spanned<Given>>,
    pub(crate) new: BTreeMap<Spanned<String>, BTreeMap<String, Spanned<String>>>,
    terms: Vec<Declared>,
    actors: Vec<Declared>,
    venues: Vec<Declared>,
    topics: Vec<Declared>,
    events: Vec<Declared>,
    sources: Vec<Declared>,
    pub(crate) assessments: Vec<Assessed>,
    pub(crate) relations: Vec<Related>,
    /// Rows of the files of a folder that every row of the sheet gives besides its statement, by the file.
    pub(crate) rows: BTreeMap<Spanned<String>, Vec<RowOf>>,
    #[serde(skip)]
    pub(crate) slots: Vec<Option<Slot>>,
}

/// A row that the mapping itself declares: the columns of a file and their cells.
type Declared = Spanned<BTreeMap<Spanned<String>, String>>;

/// A row of a file: its columns, and where their content stands in the sheet.
type RowOf = BTreeMap<Spanned<String>, Spanned<Given>>;

/// How the sheet is written.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Written {
    /// The worksheet of a workbook, where it has several.
    pub(crate) sheet: Option<SheetName>,
    /// Whether the first row names the columns; it does, unless told otherwise.
    pub(crate) header: Option<bool>,
    /// `comma`, `semicolon`, `tab`, `pipe` or one character.
    delimiter: Option<Spanned<String>>,
    /// Whether cells may stand in quotation marks; they may, unless told otherwise.
    quoting: Option<bool>,
    /// Columns without which a row is skipped.
    pub(crate) needs: Vec<String>,
    /// The number of the first row of data for references by row: 2 under a heading, 1 without, unless told otherwise.
    pub(crate) first_row: Option<u64>,
}

/// A worksheet by its name, or by its number from 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum SheetName {
    Numbered(usize),
    Named(String),
}

/// A judgement that every row makes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assessed {
    /// The vocabulary of its values.
    pub(crate) scale: Spanned<String>,
    /// Where the value stands.
    pub(crate) value: Given,
    /// Who judges.
    pub(crate) assessor: Option<String>,
    /// What is judged.
    #[serde(default)]
    pub(crate) of: Subject,
}

/// What a judgement or a relation of a row starts from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Subject {
    /// The statement of the row.
    #[default]
    Statement,
    /// Its claim.
    Claim,
    /// Its speaker.
    Speaker,
    /// Its source.
    Source,
}

/// A relation that every row states.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Related {
    #[serde(default = "speaker")]
    pub(crate) from: Subject,
    /// A term of the vocabulary `relation`.
    pub(crate) relation: Spanned<String>,
    /// Where the other end stands.
    pub(crate) to: Given,
    /// The kind of the other end.
    #[serde(default)]
    pub(crate) kind: Target,
    /// Where the role stands.
    pub(crate) role: Option<Given>,
}

/// The kind at the other end of a relation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// An actor.
    #[default]
    Actor,
    /// A venue.
    Venue,
    /// A topic.
    Topic,
    /// An event.
    Event,
}

fn speaker() -> Subject {
    Subject::Speaker
}

/// Where the content of a field comes from.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    /// The column with this name.
    Named(String),
    /// The column with this number, from 1.
    Numbered(usize),
    /// In full.
    Full(Box<Full>),
}

/// Where the content of a field comes from, in full.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Full {
    pub(super) column: Option<ColumnName>,
    /// A constant for every row.
    pub(super) value: Option<String>,
    /// A text with columns in braces.
    pub(super) template: Option<Spanned<String>>,
    /// For an empty cell.
    pub(super) default: Option<String>,
    /// What separates the parts of a list.
    pub(super) split: Option<String>,
    /// What a cell stands for.
    pub(super) values: BTreeMap<String, String>,
    /// What cells stand for that are written like this: regular expressions, the first that fits.
    pub(super) patterns: Vec<(Spanned<String>, String)>,
    /// What every other cell stands for.
    pub(super) otherwise: Option<String>,
    /// What happens to a cell that none of them lists.
    pub(super) others: Others,
    /// How a cell finds a node that is there.
    #[serde(rename = "match")]
    pub(super) matching: Option<Match>,
    /// What stands before every key of the sheet.
    pub(super) prefix: Option<String>,
    /// In which order day, month and year of a date stand.
    pub(super) format: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum ColumnName {
    Numbered(usize),
    Named(String),
}

/// What happens to a cell that `values` does not list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Others {
    /// It is taken as it is.
    #[default]
    Keep,
    /// It counts as empty; where the field is needed, the row is left out.
    Skip,
    /// The row is refused.
    Refuse,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Match {
    Folded,
    Exact,
    Key,
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GivenVisitor)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column's name or number, or a table such as { column = 3, split = \",\" }")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Given, E> {
        Ok(Given::Named(name.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Given, E> {
        let number = usize::try_from(number).ok().filter(|number| *number > 0);
        number.map(Given::Numbered).ok_or_else(|| E::custom("columns are numbered from 1"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Given, A::Error> {
        Full::deserialize(MapAccessDeserializer::new(map)).map(|full| Given::Full(Box::new(full)))
    }
}

impl Mapping {
    /// Reads a mapping; what is wrong with it is told with its place.
    pub(crate) fn read(source: &Source) -> Result<Self, Diagnostics> {
        let mut mapping: Self =
            toml::from_str(source.text()).map_err(|error| vec![unreadable(&error)])?;
        let mut wrong = Diagnostics::new();
        mapping.slots = vec![None; FIELDS.len()];
        for (name, given) in &mapping.columns {
            match fields::by_name(name.get_ref()) {
                Some(field) => {
                    if let Some(slot) = mapping.slots.get_mut(fields::place(field)) {
                        *slot = Some(Slot::of(given.get_ref()));
                    }
                    wrong.extend(checked(given));
                    wrong.extend(misplaced(field, given));
                    wrong.extend(unordered(given));
                }
                None => wrong.push(unknown_field(name)),
            }
        }
        for field in fields::NEEDED {
            if mapping.slots.get(fields::place(*field)).is_none_or(Option::is_none) {
                wrong.push(needed(*field, source));
            }
        }
        wrong.extend(mapping.file.delimiter.as_ref().and_then(|name| delimiter(name).err()));
        mapping.check_declared(&mut wrong);
        mapping.check_rows(&mut wrong);
        if wrong.is_empty() { Ok(mapping) } else { Err(wrong) }
    }

    /// How the sheet is written; nothing where its content decides.
    pub(crate) fn dialect(&self, guess: Dialect) -> Dialect {
        let delimiter = self.file.delimiter.as_ref().and_then(|name| delimiter(name).ok());
        Dialect {
            delimiter: delimiter.unwrap_or(guess.delimiter),
            quoting: self.file.quoting.unwrap_or(guess.quoting),
            heading: self.file.header.unwrap_or(guess.heading),
        }
    }

    /// The columns without which a row is skipped.
    pub(crate) fn needs(&self) -> impl Iterator<Item = Slot> {
        self.file.needs.iter().map(|name| Slot::of(&Given::Named(name.clone())))
    }

    /// The names of all columns that it takes something from; a number where a column has no name.
    pub(crate) fn columns(&self) -> Result<Vec<String>, usize> {
        let own = self.slots.iter().flatten().cloned();
        let values = self.assessments.iter().map(|row| &row.value);
        let ends = self.relations.iter().flat_map(|row| std::iter::once(&row.to).chain(&row.role));
        let rows = self.rows.values().flatten().flat_map(BTreeMap::values).map(Spanned::get_ref);
        let needs = self.needs();
        let further = values.chain(ends).chain(rows).map(Slot::of).chain(needs);
        let mut names: Vec<String> = Vec::new();
        for slot in own.chain(further) {
            if let (None, Some(index)) = (&slot.name, slot.index) {
                return Err(index + 1);
            }
            for name in slot.names() {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
        }
        Ok(names)
    }

    /// The rows that the mapping declares: the file they would stand in, the offset in the mapping, and the cells.
    pub(crate) fn declared(
        &self,
    ) -> impl Iterator<Item = (&'static File, usize, Vec<(&str, &str)>)> {
        let lists = [
            ("vocab", &self.terms),
            ("actors", &self.actors),
            ("venues", &self.venues),
            ("topics", &self.topics),
            ("events", &self.events),
            ("sources", &self.sources),
        ];
        lists.into_iter().filter_map(|(stem, rows)| Some((files::by_stem(stem)?, rows))).flat_map(
            |(file, rows)| {
                rows.iter().map(move |row| {
                    let cells = row
                        .get_ref()
                        .iter()
                        .map(|(name, cell)| (name.get_ref().as_str(), cell.as_str()));
                    (file, row.span().start, cells.collect())
                })
            },
        )
    }

    fn check_declared(&self, wrong: &mut Diagnostics) {
        let lists =
            [&self.terms, &self.actors, &self.venues, &self.topics, &self.events, &self.sources];
        let stems = ["vocab", "actors", "venues", "topics", "events", "sources"];
        for (stem, rows) in stems.into_iter().zip(lists) {
            let known: Vec<&str> = files::by_stem(stem).map_or_else(Vec::new, |file| {
                file.columns.iter().map(|column| column.name).collect()
            });
            for name in rows.iter().flat_map(|row| row.get_ref().keys()) {
                if !known.contains(&name.get_ref().as_str()) {
                    wrong.push(unknown_property(name, &known));
                }
            }
        }
        let rest = self.assessments.iter().map(|row| &row.value);
        let rest = rest
            .chain(self.relations.iter().flat_map(|row| std::iter::once(&row.to).chain(&row.role)));
        wrong.extend(rest.flat_map(written_wrong));
        let unknown_kind = |name: &&Spanned<String>| !KINDS.contains(&name.get_ref().as_str());
        wrong.extend(self.new.keys().filter(unknown_kind).map(unknown_new));
    }
}

impl Mapping {
    fn check_rows(&self, wrong: &mut Diagnostics) {
        for (stem, rows) in &self.rows {
            let file = files::by_stem(stem.get_ref()).filter(|file| BESIDE.contains(&file.stem));
            let Some(file) = file else {
                wrong.push(unknown_file(stem));
                continue;
            };
            let columns =
                file.columns.iter().filter(|column| !matches!(column.holds, Holds::Later(..)));
            let known: Vec<&str> = columns.map(|column| column.name).collect();
            for row in rows {
                let names = row.keys().filter(|name| !known.contains(&name.get_ref().as_str()));
                wrong.extend(names.map(|name| unknown_property(name, &known)));
                wrong.extend(row.values().flat_map(checked));
                if !row.keys().any(|name| name.get_ref() == "key") {
                    wrong.push(keyless(stem));
                }
            }
        }
    }
}

/// The files of which a row of a sheet may give rows of its own.
const BESIDE: [&str; 6] = ["actors", "venues", "topics", "events", "sources", "claims"];

/// The kinds that a sheet may add.
const KINDS: [&str; 6] = ["actor", "venue", "event", "topic", "source", "claim"];

/// D0801: a field that a coding sheet does not have.
fn unknown_field(name: &Spanned<String>) -> Diagnostic {
    unknown("D0801", name, "field", FIELDS.iter().map(|(name, _)| *name))
}

/// D0802: a property that what is declared does not have.
fn unknown_property(name: &Spanned<String>, known: &[&str]) -> Diagnostic {
    unknown("D0802", name, "property", known.iter().copied())
}

/// D0803: a kind that a sheet cannot add.
fn unknown_new(name: &Spanned<String>) -> Diagnostic {
    unknown("D0803", name, "kind", KINDS)
}

/// D0812: rows beside the statements of a file that takes none.
fn unknown_file(stem: &Spanned<String>) -> Diagnostic {
    unknown("D0812", stem, "file of such rows", BESIDE)
}

/// D0804: a delimiter that is none. Gives the byte that its name means.
fn delimiter(name: &Spanned<String>) -> Result<u8, Diagnostic> {
    match (name.get_ref().as_str(), name.get_ref().as_bytes()) {
        ("comma", _) => Ok(b','),
        ("semicolon", _) => Ok(b';'),
        ("tab", _) => Ok(b'\t'),
        ("pipe", _) => Ok(b'|'),
        (_, [byte]) if byte.is_ascii() && !matches!(*byte, b'"' | b'\n' | b'\r' | 0) => Ok(*byte),
        _ => Err(Diagnostic::error(
            "D0804",
            span(name),
            format!("there is no delimiter '{}'", name.get_ref()),
        )
        .help("write comma, semicolon, tab, pipe or one character")),
    }
}

/// What is wrong with where a content comes from.
fn checked(given: &Spanned<Given>) -> Vec<Diagnostic> {
    contradiction(given).into_iter().chain(written_wrong(given.get_ref())).collect()
}

/// D0809, D0810: templates and patterns that cannot be read.
fn written_wrong(given: &Given) -> Vec<Diagnostic> {
    let Given::Full(full) = given else { return Vec::new() };
    let template = full.template.as_ref().and_then(|text| {
        let why = Template::parse(text.get_ref()).err()?;
        let message = format!("this template cannot be read: {why}");
        let help = "columns stand in braces, as in \"{article}, {page}\"; two braces stand for one";
        Some(Diagnostic::error("D0809", span(text), message).help(help))
    });
    let patterns = full.patterns.iter().filter_map(|(pattern, _)| {
        let error = regex(pattern.get_ref()).err()?.to_string();
        let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let message = format!("this pattern cannot be read: {why}");
        Some(Diagnostic::error("D0810", span(pattern), message))
    });
    template.into_iter().chain(patterns).collect()
}

/// D0811: rows beside the statements that have no key.
fn keyless(stem: &Spanned<String>) -> Diagnostic {
    let message = format!("these rows of {} have no `key`", stem.get_ref());
    Diagnostic::error("D0811", span(stem), message)
        .help("add `key = \"its column\"`, or a template that is different for each")
}

/// D0805: a field with both a column and a constant, or with neither.
fn contradiction(given: &Spanned<Given>) -> Option<Diagnostic> {
    let Given::Full(full) = given.get_ref() else { return None };
    let told = [full.column.is_some(), full.value.is_some(), full.template.is_some()];
    let message = match told.into_iter().filter(|told| *told).count() {
        0 => "this field has neither a column nor a constant",
        1 => return None,
        _ if full.template.is_some() => "this field has a template and something else",
        _ => "this field has both a column and a constant",
    };
    let span = Span::new(given.span().start, given.span().end);
    Some(
        Diagnostic::error("D0805", span, message).help(
            "write `column` for a column, `value` for a constant, `template` for both in one",
        ),
    )
}

/// D0807: a part that only another field takes.
fn misplaced(field: Field, given: &Spanned<Given>) -> Option<Diagnostic> {
    let Given::Full(full) = given.get_ref() else { return None };
    let (part, owner) = if full.prefix.is_some() && field != Field::Key {
        ("prefix", "key")
    } else if full.format.is_some() && field != Field::Date {
        ("format", "date")
    } else {
        return None;
    };
    let span = Span::new(given.span().start, given.span().end);
    Some(Diagnostic::error("D0807", span, format!("only the field `{owner}` takes a `{part}`")))
}

/// D0808: a form of dates that is none.
fn unordered(given: &Spanned<Given>) -> Option<Diagnostic> {
    let Given::Full(full) = given.get_ref() else { return None };
    let format = full.format.as_ref()?;
    if Order::parse(format.get_ref()).is_some() {
        return None;
    }
    let message = format!("'{}' does not tell the order of day, month and year", format.get_ref());
    Some(
        Diagnostic::error("D0808", span(format), message)
            .help("write d, m and y with what stands between them, as in \"d.m.y\" or \"m/d/y\""),
    )
}

/// D0806: a field that every sheet needs.
fn needed(field: Field, source: &Source) -> Diagnostic {
    let name = FIELDS.get(fields::place(field)).map_or("", |(name, _)| *name);
    let start = source.text().find("[columns]").unwrap_or(0);
    Diagnostic::error(
        "D0806",
        Span::new(start, start + 9),
        format!("nothing says where the {name} stands"),
    )
    .help(format!(
        "add `{name} = \"its column\"`, or `{name} = {{ value = \"the same for every row\" }}`"
    ))
}

fn unknown<'k>(
    code: &'static str,
    name: &Spanned<String>,
    what: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Diagnostic {
    let near = closest(name.get_ref(), known).map(|near| format!("did you mean `{near}`?"));
    Diagnostic::error(code, span(name), format!("there is no {what} called `{}`", name.get_ref()))
        .help_if(near)
}

/// D0800: a mapping that is not TOML. The reader says what is wrong; where it names what it expected, the closest of
/// that is suggested.
fn unreadable(error: &toml::de::Error) -> Diagnostic {
    let message = error.message();
    let named: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let near = named.split_first().and_then(|(name, known)| closest(name, known.iter().copied()));
    let place = error.span().map_or(Span::default(), |range| Span::new(range.start, range.end));
    let quotes = message.starts_with("invalid unquoted key");
    Diagnostic::error("D0800", place, message.to_owned())
        .help_if(near.map(|near| format!("did you mean `{near}`?")))
        .help_if(quotes.then(|| "a name with other letters or blanks stands in quotes".to_owned()))
}

fn span(name: &Spanned<String>) -> Span {
    Span::new(name.span().start, name.span().end)
}
