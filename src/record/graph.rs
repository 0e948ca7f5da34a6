//! A graph type: the kinds, edges and properties that a user declares or an import infers. Decides what of it is new to
//! a catalogue and what contradicts it; knows neither notation nor SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::catalogue::{self, Catalogue};
use super::declared;
use crate::base::closest::closest;

/// What is declared at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GraphType {
    /// Its name.
    pub name: String,
    /// Whether unknown labels and properties are no mistake.
    pub open: bool,
    /// The kinds of node, each label set once.
    pub kinds: Vec<KindType>,
    /// The edges, each name once for a pair of kinds.
    pub edges: Vec<EdgeType>,
}

/// A kind of node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindType {
    /// Its labels; none for nodes without a label.
    pub labels: Vec<String>,
    /// Its properties.
    pub properties: Vec<PropertyType>,
}

/// An edge between two kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EdgeType {
    /// Its name.
    pub name: String,
    /// The labels of the kind it starts from.
    pub from: Vec<String>,
    /// The labels of the kind it leads to.
    pub to: Vec<String>,
    /// Whether it holds both ways.
    pub symmetric: bool,
    /// Its properties.
    pub properties: Vec<PropertyType>,
}

/// A property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyType {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub ty: ValueType,
    /// Whether it is never null.
    pub required: bool,
}

/// What a property may hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Text.
    Text,
    /// Signed 64-bit.
    Int,
    /// Floating point.
    Float,
    /// True or false.
    Bool,
    /// A date with its uncertainty.
    Date,
    /// An instant.
    DateTime,
    /// A length of time.
    Duration,
    /// Any of these, told apart value by value.
    Any,
    /// A list of one of these.
    List(Box<ValueType>),
}

impl ValueType {
    /// The type called so, whatever the case.
    pub fn named(name: &str) -> Option<Self> {
        let lower = name.trim().to_ascii_lowercase();
        if let Some(of) = lower.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            let of = Self::named(of)?;
            return (!matches!(of, Self::List(_))).then(|| Self::List(Box::new(of)));
        }
        Some(match lower.as_str() {
            "text" | "string" => Self::Text,
            "int" | "integer" => Self::Int,
            "float" | "number" => Self::Float,
            "bool" | "boolean" => Self::Bool,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "duration" => Self::Duration,
            "any" => Self::Any,
            _ => return None,
        })
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Bool => f.write_str("bool"),
            Self::Date => f.write_str("date"),
            Self::DateTime => f.write_str("datetime"),
            Self::Duration => f.write_str("duration"),
            Self::Any => f.write_str("any"),
            Self::List(of) => write!(f, "list<{of}>"),
        }
    }
}

/// Something that a catalogue lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addition {
    /// A kind with its properties.
    Kind(catalogue::Kind, Vec<catalogue::Property>),
    /// A property of a kind or an edge that is there.
    Property(catalogue::Property),
    /// An edge with its properties.
    Edge(catalogue::Edge, Vec<catalogue::Property>),
}

/// Which part of a graph type is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A kind.
    Kind(usize),
    /// A property of a kind.
    KindProperty(usize, usize),
    /// An edge.
    Edge(usize),
    /// The kind an edge starts from.
    From(usize),
    /// The kind an edge leads to.
    To(usize),
    /// A property of an edge.
    EdgeProperty(usize, usize),
}

/// Why a part cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The kind is one of the claims model.
    BuiltIn(String),
    /// There is something that differs from it only in case.
    Twin(String),
    /// It is declared twice.
    Twice(String),
    /// An end is no kind; the closest one.
    UnknownKind(String, Option<String>),
    /// The property is of this type there.
    OtherType(String, String),
    /// The property is required here and not there, or the other way round.
    OtherNeed(String, bool),
    /// A required property is new to a kind or edge that is there.
    LateNeed(String),
    /// The edge is symmetric here and not there, or the other way round.
    OtherWay(String),
    /// A name that cannot be one.
    BadName(String, &'static str),
    /// More properties than a table has room for.
    TooMany(usize),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(name) => {
                write!(f, "`{name}` is a kind of this store already, for claims")
            }
            Self::Twin(name) => write!(f, "there is `{name}`, which differs from it only in case"),
            Self::Twice(name) => write!(f, "`{name}` is declared twice"),
            Self::UnknownKind(name, _) => write!(f, "there is no kind `{name}`"),
            Self::OtherType(name, ty) => write!(f, "`{name}` is of the type {ty} in this store"),
            Self::OtherNeed(name, true) => write!(f, "`{name}` is `not null` in this store"),
            Self::OtherNeed(name, false) => write!(f, "`{name}` may be null in this store"),
            Self::LateNeed(name) => {
                write!(f, "`{name}` cannot be `not null`: what it belongs to is there already")
            }
            Self::OtherWay(name) => write!(f, "`{name}` holds another way in this store"),
            Self::BadName(name, why) => {
                write!(f, "`{}` cannot be a name: {why}", name.chars().take(40).collect::<String>())
            }
            Self::TooMany(count) => write!(f, "there is no room for more than {count} properties"),
        }
    }
}

/// A part of a graph type and why it cannot be had.
pub type Contradiction = (Part, Reason);

/// Columns a table may have: the database can still write a row of so many as one JSON object.
const MOST_COLUMNS: usize = 490;
/// Characters a name may have.
const LONGEST_NAME: usize = 1000;

/// What a catalogue lacks of a graph type, in the order in which it can be added; or what contradicts it.
pub fn additions(
    catalogue: &Catalogue,
    wanted: &GraphType,
) -> Result<Vec<Addition>, Vec<Contradiction>> {
    let mut own: BTreeMap<String, Vec<catalogue::Property>> = BTreeMap::new();
    for row in &catalogue.properties {
        own.entry(row.table.clone()).or_default().push(row.clone());
    }
    let mut merge = Merge { catalogue: catalogue.clone(), own, out: Vec::new(), wrong: Vec::new() };
    let mut seen = BTreeSet::new();
    for (at, kind) in wanted.kinds.iter().enumerate() {
        if seen.insert(label_set(&kind.labels)) {
            merge.kind(at, kind, wanted);
        } else {
            merge.refuse(Part::Kind(at), Reason::Twice(declared::kind_name(&kind.labels)));
        }
    }
    let mut seen = BTreeSet::new();
    for (at, edge) in wanted.edges.iter().enumerate() {
        let pair = (edge.name.clone(), label_set(&edge.from), label_set(&edge.to));
        if seen.insert(pair) {
            merge.edge(at, edge);
        } else {
            merge.refuse(Part::Edge(at), Reason::Twice(edge.name.clone()));
        }
    }
    if merge.wrong.is_empty() { Ok(merge.out) } else { Err(merge.wrong) }
}

fn label_set(labels: &[String]) -> BTreeSet<&str> {
    labels.iter().map(String::as_str).collect()
}

/// The kind with just these labels, whatever their order.
pub fn kind_with<'c>(catalogue: &'c Catalogue, labels: &[String]) -> Option<&'c catalogue::Kind> {
    let wanted = label_set(labels);
    catalogue.kinds.iter().find(|kind| match &kind.labels {
        Some(labels) => label_set(labels) == wanted,
        None => wanted.len() == 1 && wanted.contains(kind.name.as_str()),
    })
}

/// A graph type on its way into a catalogue.
struct Merge {
    /// With all that was added so far.
    catalogue: Catalogue,
    /// Properties by table, likewise.
    own: BTreeMap<String, Vec<catalogue::Property>>,
    out: Vec<Addition>,
    wrong: Vec<Contradiction>,
}

/// A table whose properties are merged.
struct Owner<'a> {
    table: &'a str,
    is_new: bool,
    part: fn(usize, usize) -> Part,
    at: usize,
}

impl Merge {
    fn refuse(&mut self, part: Part, reason: Reason) {
        self.wrong.push((part, reason));
    }

    fn kind(&mut self, at: usize, kind: &KindType, wanted: &GraphType) {
        for label in &kind.labels {
            if let Some(why) = bad_name(label) {
                return self.refuse(Part::Kind(at), Reason::BadName(label.clone(), why));
            }
        }
        if let Some(reason) = self.clash(kind, wanted) {
            return self.refuse(Part::Kind(at), reason);
        }
        let known = kind_with(&self.catalogue, &kind.labels).map(|found| found.table.clone());
        let row = known.is_none().then(|| self.new_kind(&kind.labels));
        let table =
            known.unwrap_or_else(|| row.as_ref().map_or(String::new(), |row| row.table.clone()));
        let owner = Owner { table: &table, is_new: row.is_some(), part: Part::KindProperty, at };
        let added = self.properties(&owner, &kind.properties);
        match row {
            None => self.out.extend(added.into_iter().map(Addition::Property)),
            Some(mut row) => {
                row.shown = declared::shown(&added);
                self.catalogue.kinds.push(row.clone());
                self.out.push(Addition::Kind(row, added));
            }
        }
    }

    /// Whether a label is taken by a kind of the claims model, or by one that differs in case and is not meant as well.
    fn clash(&self, kind: &KindType, wanted: &GraphType) -> Option<Reason> {
        let folded: Vec<String> = kind.labels.iter().map(|label| label.to_lowercase()).collect();
        let built_in = |found: &&catalogue::Kind| {
            found.id < declared::FIRST && folded.contains(&found.name.to_lowercase())
        };
        if let Some(found) = self.catalogue.kinds.iter().find(built_in) {
            let mention = kind.properties.is_empty() && kind.labels == [found.name.clone()];
            return (!mention).then(|| Reason::BuiltIn(found.name.clone()));
        }
        let spelled = |label: &str| {
            wanted.kinds.iter().any(|kind| kind.labels.iter().any(|known| known == label))
        };
        let known = self.catalogue.kinds.iter().flat_map(declared::labels_of);
        let twin = known.into_iter().find(|label| {
            !kind.labels.iter().any(|own| own == label)
                && folded.contains(&label.to_lowercase())
                && !spelled(label)
        });
        twin.map(|label| Reason::Twin(label.to_owned()))
    }

    fn new_kind(&self, labels: &[String]) -> catalogue::Kind {
        let last = self.catalogue.kinds.iter().map(|kind| kind.id).max().unwrap_or(0);
        let id = last.max(self.catalogue.used.0).max(declared::FIRST - 1) + 1;
        let mut name = declared::kind_name(labels);
        let mut number = 2;
        while self.catalogue.kinds.iter().any(|kind| kind.name == name) {
            name = format!("{} {number}", declared::kind_name(labels));
            number += 1;
        }
        let labels = (labels != [name.clone()]).then(|| labels.to_vec());
        declared::kind(id, name, labels, None)
    }

    fn edge(&mut self, at: usize, edge: &EdgeType) {
        if let Some(why) = bad_name(&edge.name) {
            return self.refuse(Part::Edge(at), Reason::BadName(edge.name.clone(), why));
        }
        let from = self.end(&edge.from, Part::From(at));
        let to = self.end(&edge.to, Part::To(at));
        let (Some(from), Some(to)) = (from, to) else { return };
        let joins = |found: &&catalogue::Edge, from: i64, to: i64| {
            found.id >= declared::FIRST
                && found.name.as_deref() == Some(edge.name.as_str())
                && (found.from.kind, found.to.kind) == (Some(from), Some(to))
        };
        let edges = &self.catalogue.edges;
        let known = edges.iter().find(|found| joins(found, from, to));
        let turned = edges.iter().find(|found| {
            joins(found, to, from) && (found.symmetric || edge.symmetric) && from != to
        });
        let other = known.filter(|found| found.symmetric != edge.symmetric).or(turned);
        if other.is_some() {
            return self.refuse(Part::Edge(at), Reason::OtherWay(edge.name.clone()));
        }
        let known = known.map(|found| found.table.clone());
        let row = known.is_none().then(|| {
            let last = edges.iter().map(|edge| edge.id).max().unwrap_or(0);
            let id = last.max(self.catalogue.used.1).max(declared::FIRST - 1) + 1;
            declared::edge(id, edge.name.clone(), (from, to), edge.symmetric)
        });
        let table =
            known.unwrap_or_else(|| row.as_ref().map_or(String::new(), |row| row.table.clone()));
        let owner = Owner { table: &table, is_new: row.is_some(), part: Part::EdgeProperty, at };
        let added = self.properties(&owner, &edge.properties);
        match row {
            None => self.out.extend(added.into_iter().map(Addition::Property)),
            Some(row) => {
                self.catalogue.edges.push(row.clone());
                self.out.push(Addition::Edge(row, added));
            }
        }
    }

    /// The kind at an end, which must be there and have keys.
    fn end(&mut self, labels: &[String], part: Part) -> Option<i64> {
        let found = kind_with(&self.catalogue, labels).filter(|kind| kind.key_column.is_some());
        if let Some(kind) = found {
            return Some(kind.id);
        }
        let name = declared::kind_name(labels);
        let known = self.catalogue.kinds.iter().map(|kind| kind.name.as_str());
        let near = closest(&name, known).map(str::to_owned);
        self.refuse(part, Reason::UnknownKind(name, near));
        None
    }

    /// The properties that a table lacks.
    fn properties(
        &mut self,
        owner: &Owner<'_>,
        wanted: &[PropertyType],
    ) -> Vec<catalogue::Property> {
        let mut added = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, property) in wanted.iter().enumerate() {
            let part = (owner.part)(owner.at, place);
            let PropertyType { name, ty, required } = property;
            if let Some(why) = bad_name(name) {
                self.refuse(part, Reason::BadName(name.clone(), why));
                continue;
            }
            if !seen.insert(name) {
                self.refuse(part, Reason::Twice(name.clone()));
                continue;
            }
            let own = self.own.get(owner.table).map_or(&[][..], Vec::as_slice);
            let reason = match own.iter().find(|row| row.name == *name) {
                Some(row) if row.ty != ty.to_string() => {
                    Some(Reason::OtherType(name.clone(), row.ty.clone()))
                }
                Some(row) if row.required != *required => {
                    Some(Reason::OtherNeed(name.clone(), row.required))
                }
                Some(_) => continue,
                None if *required && !owner.is_new => Some(Reason::LateNeed(name.clone())),
                None => {
                    let folded = name.to_lowercase();
                    let spelled = |name: &str| wanted.iter().any(|other| other.name == name);
                    let twin = own
                        .iter()
                        .find(|row| row.name.to_lowercase() == folded && !spelled(&row.name));
                    twin.map(|row| Reason::Twin(row.name.clone()))
                }
            };
            if let Some(reason) = reason {
                self.refuse(part, reason);
                continue;
            }
            let row = declared::property(owner.table, own, property);
            if declared::width(own.iter().chain([&row])) > MOST_COLUMNS {
                let count = own.len();
                self.refuse(part, Reason::TooMany(count));
                break;
            }
            self.own.entry(owner.table.to_owned()).or_default().push(row.clone());
            added.push(row);
        }
        added
    }
}

/// Why a text cannot be a name.
pub fn bad_name(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("it is empty"),
        name if name.contains('\0') => Some("it holds a NUL character"),
        name if name.chars().count() > LONGEST_NAME => Some("it has more than 1,000 characters"),
        _ => None,
    }
}
