//! Files of Discourse Network Analyzer (`.dna`, a database; versions 2 and 3): a document is a source, a person or an
//! organisation speaks, a concept is a claim, agreement says whether for or against. The words are the part of the
//! document's text that was marked.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Error;
use super::draft::{Draft, unfit};
use super::entity::file_name;
use super::importers::Head;
use crate::base::date;
use crate::base::fold::digest;
use crate::record::key::slug;
use crate::store::foreign::{Foreign, Held};

/// What is read of a file.
const TABLES: &[&str] = &[
    "DOCUMENTS",
    "STATEMENTS",
    "STATEMENTTYPES",
    "VARIABLES",
    "ENTITIES",
    "ATTRIBUTES",
    "ATTRIBUTEVARIABLES",
    "ATTRIBUTEVALUES",
    "DATASHORTTEXT",
    "DATALONGTEXT",
    "DATABOOLEAN",
    "DATAINTEGER",
    "SETTINGS",
];

/// By which columns rows are looked for, one at a time.
const LOOKED_UP: &[(&str, &str)] = &[
    ("DOCUMENTS", "ID"),
    ("ENTITIES", "ID"),
    ("DATASHORTTEXT", "StatementId"),
    ("DATALONGTEXT", "StatementId"),
    ("DATABOOLEAN", "StatementId"),
    ("DATAINTEGER", "StatementId"),
];

/// What a version of the program calls things.
struct Version {
    /// Can be asked where it is this version.
    sign: &'static str,
    short_texts: &'static str,
    /// Other names of entities: the variable, the name, the other name.
    aliases: &'static str,
    /// How many attributes of entities there are besides.
    attributes: &'static str,
    /// How many units of a date make a second.
    per_second: i64,
}

const VERSIONS: &[Version] = &[
    Version {
        sign: "SELECT Entity FROM DATASHORTTEXT JOIN ENTITIES USING (VariableId)",
        short_texts: "SELECT d.VariableId, e.Value FROM DATASHORTTEXT d JOIN ENTITIES e ON e.ID = d.Entity
            WHERE d.StatementId = ?1 ORDER BY d.VariableId",
        aliases: "SELECT e.VariableId, e.Value, a.AttributeValue FROM ATTRIBUTEVALUES a
            JOIN ENTITIES e ON e.ID = a.EntityId JOIN ATTRIBUTEVARIABLES v ON v.ID = a.AttributeVariableId
            WHERE v.AttributeVariable = 'Alias' AND a.AttributeValue <> ''",
        attributes: "SELECT a.ID FROM ATTRIBUTEVALUES a JOIN ATTRIBUTEVARIABLES v ON v.ID = a.AttributeVariableId
            WHERE v.AttributeVariable <> 'Alias' AND a.AttributeValue <> ''",
        per_second: 1,
    },
    Version {
        sign: "SELECT d.Value, a.Alias, a.Type FROM DATASHORTTEXT d JOIN ATTRIBUTES a USING (VariableId)",
        short_texts: "SELECT VariableId, Value FROM DATASHORTTEXT WHERE StatementId = ?1 ORDER BY VariableId",
        aliases: "SELECT VariableId, Value, Alias FROM ATTRIBUTES WHERE Alias <> ''",
        attributes: "SELECT ID FROM ATTRIBUTES WHERE Type <> '' OR Notes <> ''",
        per_second: 1000,
    },
];

/// Other data of a statement, by variable.
const OTHER_DATA: &[&str] = &[
    "SELECT VariableId, Value FROM DATALONGTEXT WHERE StatementId = ?1 ORDER BY VariableId",
    "SELECT VariableId, Value FROM DATAINTEGER WHERE StatementId = ?1 ORDER BY VariableId",
    "SELECT VariableId, Value FROM DATABOOLEAN WHERE StatementId = ?1 ORDER BY VariableId",
];

/// Whether a file is one of these.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let has = |part: &[u8]| head.bytes.windows(part.len()).any(|window| window == part);
    head.bytes.starts_with(b"SQLite format 3\0")
        && (head.ending() == "dna" || has(b"STATEMENTTYPES"))
}

/// Reads a file.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    let path = draft.path().to_path_buf();
    let nothing = |why: String| {
        Error::Nothing(
            path.clone(),
            format!("this looks like a file of Discourse Network Analyzer, but {why}"),
        )
    };
    let file = Foreign::open(&path, TABLES, LOOKED_UP).map_err(nothing)?;
    let version = VERSIONS.iter().find(|version| file.has(version.sign));
    let Some(version) = version else {
        let why = "its tables are not those of version 2 or 3; export its statements as CSV there";
        return Err(nothing(why.to_owned()));
    };
    let mut reading = Reading::new(&file, version).map_err(nothing)?;
    let mut statements: Vec<[i64; 5]> = Vec::new();
    let sql = "SELECT ID, StatementTypeId, DocumentId, Start, Stop FROM STATEMENTS ORDER BY DocumentId, ID";
    file.each(sql, &[], &mut |row| {
        let number = |at: usize| row.get(at).and_then(Held::int).unwrap_or(-1);
        statements.push([number(0), number(1), number(2), number(3), number(4)]);
    })
    .map_err(nothing)?;
    for statement in statements {
        reading.statement(draft, &statement).map_err(|failed| match failed {
            Failed::Import(error) => error,
            Failed::File(why) => nothing(why),
        })?;
    }
    reading.leave_out(draft).map_err(nothing)
}

/// Why a statement cannot be read.
enum Failed {
    Import(Error),
    File(String),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Import(error)
    }
}

impl From<String> for Failed {
    fn from(why: String) -> Self {
        Self::File(why)
    }
}

/// What a variable of a statement means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Person,
    Organisation,
    Concept,
    Agreement,
}

const PARTS: &[(&str, Part)] = &[
    ("person", Part::Person),
    ("actor", Part::Person),
    ("organization", Part::Organisation),
    ("organisation", Part::Organisation),
    ("concept", Part::Concept),
    ("agreement", Part::Agreement),
];

/// A variable: its statement type, its name, what it means.
struct Variable {
    of: i64,
    name: String,
    part: Option<Part>,
}

/// A document that is being read.
#[derive(Default)]
struct Document {
    id: i64,
    key: String,
    day: Option<String>,
    /// Its text, in the units in which places are counted.
    text: Vec<u16>,
    /// Who was said to belong to whom.
    ties: HashSet<(String, String)>,
}

/// What a statement says, as far as it was found.
#[derive(Default)]
struct Said {
    person: String,
    organisation: String,
    concept: String,
    agrees: Option<bool>,
    /// What stands where it should say whether it agrees.
    unclear: Option<String>,
    others: Vec<String>,
}

struct Reading<'f> {
    file: &'f Foreign,
    version: &'f Version,
    types: HashMap<i64, String>,
    variables: HashMap<i64, Variable>,
    /// Of a variable and a name, the other names.
    aliases: BTreeMap<(i64, String), Vec<String>>,
    /// Keys by what was named: the file they stand in, and the name.
    keys: HashMap<(&'static str, String), String>,
    /// What a key was given for.
    taken: HashMap<(&'static str, String), String>,
    document: Document,
    repeated: HashMap<String, u64>,
}

impl<'f> Reading<'f> {
    fn new(file: &'f Foreign, version: &'f Version) -> Result<Self, String> {
        let (mut types, mut variables) = (HashMap::new(), HashMap::new());
        let mut aliases: BTreeMap<_, Vec<String>> = BTreeMap::new();
        file.each("SELECT ID, Label FROM STATEMENTTYPES", &[], &mut |row| {
            if let [Held::Int(id), label] = row {
                types.insert(*id, label.text().to_owned());
            }
        })?;
        let sql = "SELECT ID, StatementTypeId, Variable FROM VARIABLES";
        file.each(sql, &[], &mut |row| {
            if let [Held::Int(id), Held::Int(of), name] = row {
                let name = name.text().to_owned();
                let known = PARTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
                variables
                    .insert(*id, Variable { of: *of, name, part: known.map(|(_, part)| *part) });
            }
        })?;
        file.each(version.aliases, &[], &mut |row| {
            if let [Held::Int(variable), name, alias] = row {
                let names = aliases.entry((*variable, name.text().to_owned())).or_default();
                names.push(alias.text().to_owned());
            }
        })?;
        let (keys, taken, repeated) = (HashMap::new(), HashMap::new(), HashMap::new());
        let document = Document { id: i64::MIN, ..Document::default() };
        Ok(Self { file, version, types, variables, aliases, keys, taken, document, repeated })
    }

    /// Whether statements of a type say who holds what.
    fn is_claim(&self, of: i64) -> bool {
        let has = |part: Part| {
            self.variables.values().any(|variable| variable.of == of && variable.part == Some(part))
        };
        has(Part::Concept) && (has(Part::Person) || has(Part::Organisation))
    }

    fn statement(
        &mut self,
        draft: &mut Draft<'_, '_>,
        [id, of, document, start, stop]: &[i64; 5],
    ) -> Result<(), Failed> {
        let line = u64::try_from(*id).unwrap_or(0);
        if !self.is_claim(*of) {
            let label = self.types.get(of).map_or("statement of no type", String::as_str);
            draft.leave_out(&label.to_lowercase());
            return Ok(());
        }
        let said = self.said(*id)?;
        if let Some(other) = &said.unclear {
            let reason = format!("its agreement is '{other}', where 0 or 1 is expected");
            draft.refuse(line, Some("agreement"), reason, None);
            return Ok(());
        }
        let (speaker, concept) = (said.speaker(), said.concept.trim());
        if speaker.is_empty() || concept.is_empty() {
            let what = if concept.is_empty() { "concept" } else { "person or organisation" };
            draft.leave_out(&format!("statement without a {what}"));
            return Ok(());
        }
        if self.document.id != *document && !self.open(draft, *document, line)? {
            return Ok(());
        }
        // Its document was refused.
        if self.document.key.is_empty() {
            return Ok(());
        }
        let (from, to) = (usize::try_from(*start), usize::try_from(*stop));
        let marked = from.ok().zip(to.ok()).and_then(|(from, to)| self.document.text.get(from..to));
        let Some(marked) = marked else {
            let reason =
                format!("the statement marks {start} to {stop}, which its document does not have");
            draft.refuse(line, Some("Stop"), reason, None);
            return Ok(());
        };
        let quote = String::from_utf16_lossy(marked);
        let locator = format!("characters {start}-{stop}");
        self.keep(draft, line, &said, (&quote, &locator))
    }

    fn keep(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        said: &Said,
        (quote, locator): (&str, &str),
    ) -> Result<(), Failed> {
        let person = self.actor(draft, line, Part::Person, said.person.trim())?;
        let organisation = self.actor(draft, line, Part::Organisation, said.organisation.trim())?;
        let claim = self.node(draft, line, ("claims", said.concept.trim()), &[])?;
        let speaker = person.clone().or_else(|| organisation.clone()).unwrap_or_default();
        let act = if said.agrees == Some(false) { "denies" } else { "asserts" };
        let source = self.document.key.clone();
        let content =
            [&source, locator, &speaker, act, &claim, &said.others.join("; ")].join("\u{1f}");
        let key = self.counted(format!("{speaker}-{act}-{}", digest(&content, 12)));
        let date = self.document.day.as_ref().map(|day| format!("[..{day}]")).unwrap_or_default();
        let note = said.others.join("; ");
        let cells = [
            ("key", key.as_str()),
            ("speaker", &speaker),
            ("act", act),
            ("claim", &claim),
            ("date", &date),
            ("note", &note),
        ];
        draft.row("statements", line, &cells)?;
        let cells = [
            ("statement", key.as_str()),
            ("source", &source),
            ("locator", locator),
            ("quote", quote),
        ];
        draft.row("attestations", line, &cells)?;
        if let (Some(person), Some(organisation)) = (person, organisation)
            && self.document.ties.insert((person.clone(), organisation.clone()))
        {
            let as_of = self.document.day.clone().unwrap_or_default();
            let (from, to) = (format!("actor:{person}"), format!("actor:{organisation}"));
            let cells = [
                ("from", from.as_str()),
                ("relation", "member_of"),
                ("to", &to),
                ("as_of", &as_of),
                ("source", &source),
            ];
            draft.row("relations", line, &cells)?;
        }
        Ok(())
    }

    /// Statements that say the same of the same place are numbered.
    fn counted(&mut self, key: String) -> String {
        let before = self.repeated.entry(key.clone()).or_default();
        *before += 1;
        if *before == 1 { key } else { format!("{key}-{before}") }
    }

    /// What the data of a statement say.
    fn said(&self, statement: i64) -> Result<Said, String> {
        let mut said = Said::default();
        for sql in std::iter::once(&self.version.short_texts).chain(OTHER_DATA) {
            self.file.each(sql, &[statement], &mut |row| {
                let [Held::Int(variable), value] = row else { return };
                let Some(variable) = self.variables.get(variable) else { return };
                match (variable.part, value) {
                    (Some(Part::Person), Held::Text(text)) => text.clone_into(&mut said.person),
                    (Some(Part::Organisation), Held::Text(text)) => {
                        text.clone_into(&mut said.organisation);
                    }
                    (Some(Part::Concept), Held::Text(text)) => text.clone_into(&mut said.concept),
                    (Some(Part::Agreement), Held::Int(number)) => said.agrees = Some(*number != 0),
                    (Some(Part::Agreement), Held::Text(text)) => said.unclear = Some(text.clone()),
                    (_, Held::Text(text)) if !text.trim().is_empty() => {
                        said.others.push(format!("{}: {}", variable.name, text.trim()));
                    }
                    (_, Held::Int(number)) => {
                        said.others.push(format!("{}: {number}", variable.name));
                    }
                    (_, Held::Text(_) | Held::Null | Held::Other) => {}
                }
            })?;
        }
        Ok(said)
    }

    /// Begins a document; tells whether it is there.
    fn open(&mut self, draft: &mut Draft<'_, '_>, id: i64, line: u64) -> Result<bool, Failed> {
        let mut found: Option<Vec<Held>> = None;
        let sql = "SELECT Title, Text, Date, Author, Source, Section, Notes, Type FROM DOCUMENTS WHERE ID = ?1";
        self.file.each(sql, &[id], &mut |row| found = Some(row.to_vec()))?;
        let Some(row) = found else {
            draft.refuse(line, Some("DocumentId"), format!("there is no document {id}"), None);
            return Ok(false);
        };
        let text = |at: usize| row.get(at).map_or("", Held::text);
        self.document = Document { id, ..Document::default() };
        if let Some(why) = unfit(text(1)) {
            let title = text(0).trim();
            let reason = format!("the document {id}, '{title}', cannot be kept: {why}");
            draft.refuse(line, Some("DocumentId"), reason, Some("shorten it there".to_owned()));
            return Ok(false);
        }
        let day = row.get(2).and_then(Held::int).and_then(|date| self.day(date));
        if day.is_none() {
            draft.leave_out("date of a document");
        }
        let told = [text(0), text(1), day.as_deref().unwrap_or_default(), text(4)].join("\u{1f}");
        let key = format!("{}-{}", slug(text(0)), digest(&told, 8));
        let publisher = self.actor(draft, line, Part::Organisation, text(4).trim())?;
        let author = self.actor(draft, line, Part::Person, text(3).trim())?;
        let title = if text(0).trim().is_empty() { key.as_str() } else { text(0).trim() };
        let cells = [
            ("key", key.as_str()),
            ("title", title),
            ("access", "read"),
            ("publisher", publisher.as_deref().unwrap_or_default()),
            ("author", author.as_deref().unwrap_or_default()),
            ("published", day.as_deref().unwrap_or_default()),
            ("body", text(1)),
            ("note", text(6).trim()),
        ];
        draft.row("sources", line, &cells)?;
        for (at, what) in [(5, "section of a document"), (7, "type of a document")] {
            if !text(at).trim().is_empty() {
                draft.leave_out(what);
            }
        }
        let units = text(1).encode_utf16().collect();
        self.document = Document { id, key, day, text: units, ties: HashSet::new() };
        Ok(true)
    }

    /// The day of a date, which is counted from 1970.
    fn day(&self, date: i64) -> Option<String> {
        let (year, month, day) = date::civil(date.div_euclid(86_400 * self.version.per_second));
        (1..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}"))
    }

    fn actor(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        part: Part,
        name: &str,
    ) -> Result<Option<String>, Failed> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(key) = self.keys.get(&("actors", name.to_owned())) {
            return Ok(Some(key.clone()));
        }
        let kind = if part == Part::Person { "person" } else { "organization" };
        let cells = [("kind", kind), ("identity", "named")];
        let key = self.node(draft, line, ("actors", name), &cells)?;
        for ((variable, known), others) in &self.aliases {
            let of = self.variables.get(variable).and_then(|variable| variable.part);
            if of == Some(part) && known == name {
                draft.also("actors", line, &key, others.iter().map(String::as_str))?;
            }
        }
        Ok(Some(key))
    }

    /// The key of what a name means in a file; a row for it the first time.
    fn node(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        (file, name): (&'static str, &str),
        further: &[(&'static str, &str)],
    ) -> Result<String, Failed> {
        if let Some(key) = self.keys.get(&(file, name.to_owned())) {
            return Ok(key.clone());
        }
        // Only a name tells who an actor is, so nobody beyond this file is meant; a claim is its words.
        let mut key = match file {
            "actors" => format!("{}:{}", slug(&file_name(draft)), slug(name)),
            _ => slug(name),
        };
        if self.taken.contains_key(&(file, key.clone())) {
            key = format!("{key}-{}", digest(name, 6));
        }
        self.taken.insert((file, key.clone()), name.to_owned());
        self.keys.insert((file, name.to_owned()), key.clone());
        let shown = if file == "claims" { "text" } else { "name" };
        let mut cells = vec![("key", key.as_str()), (shown, name)];
        cells.extend(further);
        draft.mention(file, line, &cells)?;
        Ok(key)
    }

    /// Counts what the store has no place for.
    fn leave_out(&self, draft: &mut Draft<'_, '_>) -> Result<(), String> {
        self.file.each(self.version.attributes, &[], &mut |_| draft.leave_out("attribute"))?;
        let sql = "SELECT ID FROM DOCUMENTS WHERE ID NOT IN (SELECT DocumentId FROM STATEMENTS WHERE DocumentId IS NOT NULL)";
        self.file.each(sql, &[], &mut |_| draft.leave_out("document without a statement"))
    }
}

impl Said {
    /// Who speaks: the person, else the organisation.
    fn speaker(&self) -> &str {
        let person = self.person.trim();
        if person.is_empty() { self.organisation.trim() } else { person }
    }
}
