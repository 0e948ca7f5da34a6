//! The catalogue with its names resolved: kinds, edges, properties and terms, found by name and told apart by number.
//! Built once from the stored rows; refuses a catalogue that contradicts itself.

use std::collections::{BTreeMap, BTreeSet};

use super::types::Type;
use crate::record::catalogue as rows;

/// A kind of node: its place in [`Catalog::kinds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub(crate) usize);

/// An edge of the catalogue: its place in [`Catalog::edges`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeId(pub(crate) usize);

/// The stored number of a controlled term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub(crate) i64);

/// A table or column name. Only a catalogue makes one, so nothing a user typed can be one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ident(String);

impl Ident {
    /// The name, not quoted.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The column of a date with this prefix: `first`, `last` or `text`.
    #[must_use]
    pub fn part(&self, part: &'static str) -> Self {
        Self(format!("{}_{part}", self.0))
    }
}

/// Several kinds.
pub type KindSet = BTreeSet<KindId>;

/// What a store knows, ready for use.
#[derive(Debug, Clone)]
pub struct Catalog {
    kinds: Vec<Kind>,
    edges: Vec<Edge>,
    terms: Vec<rows::Term>,
    term_by_id: BTreeMap<i64, usize>,
    labels_of_kinds: BTreeMap<String, Vec<(String, KindId)>>,
    labels: BTreeMap<String, Vec<(String, EdgeLabel)>>,
    label_spelling: BTreeSet<String>,
    label_docs: BTreeMap<String, String>,
    kind_by_row: BTreeMap<i64, KindId>,
    required: BTreeSet<(String, String)>,
    judged: BTreeSet<i64>,
    nothing: Option<Nothing>,
}

/// What an open graph has for names that mean nothing: a kind without nodes and an edge that is nowhere. Neither is among
/// the kinds and edges that are listed.
#[derive(Debug, Clone, Copy)]
struct Nothing {
    kind: KindId,
    edge: EdgeId,
}

/// A kind of node.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The number kept in kind columns.
    pub id: i64,
    /// As declared.
    pub name: String,
    /// Where its nodes are.
    pub table: Ident,
    /// The column of its key.
    pub key: Option<Ident>,
    /// The column that stands for a node in a table.
    pub shown: Option<Ident>,
    /// Whether its nodes are given out as edges.
    pub as_edge: bool,
    /// The labels it is asked by; none for nodes without a label.
    pub labels: Vec<String>,
    /// The edge its nodes are, if they are one.
    pub edge: Option<EdgeId>,
    /// Its properties, in order.
    pub properties: Vec<Property>,
    /// Whether some of its nodes are judged to be one with another.
    pub judged: bool,
    /// What it is.
    pub doc: String,
}

/// A property of a kind or an edge.
#[derive(Debug, Clone)]
pub struct Property {
    /// As declared.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// How it is kept.
    pub storage: Storage,
    /// The full-text index over it.
    pub search: Option<Ident>,
    /// What it is.
    pub doc: String,
}

/// How a property is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In a column.
    Column(Ident),
    /// In three columns with this prefix.
    Date(Ident),
    /// As the number of a term.
    Term {
        /// The column of the number.
        column: Ident,
        /// Which of the term's columns is meant.
        attribute: Attribute,
        /// The vocabulary, where fixed.
        vocabulary: Option<String>,
    },
    /// In the table of other names.
    Alias,
}

/// What of a term a property gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// The term itself.
    Term,
    /// Its family.
    Family,
    /// Its polarity.
    Polarity,
    /// Its vocabulary.
    Vocabulary,
}

/// An edge: one row of the catalogue, which may go by several names.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The stored number.
    pub id: i64,
    /// Its name, unless terms name it.
    pub name: Option<String>,
    /// Where it is kept.
    pub table: Ident,
    /// Where it starts.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// The column of the term that names it or is fixed.
    pub term_column: Option<Ident>,
    /// The terms it may have; empty where no term matters.
    pub terms: Vec<TermId>,
    /// The kind whose nodes these edges are.
    pub stands_as: Option<KindId>,
    /// Whether it is a column of the table of the kind it starts from.
    pub in_node: bool,
    /// Whether its rows are known by their id, so that several may join the same two nodes.
    pub numbered: bool,
    /// Whether it holds both ways, whichever way it is kept.
    pub symmetric: bool,
    /// Its properties, unless it stands as a kind with its own.
    pub properties: Vec<Property>,
    /// What it is.
    pub doc: String,
}

/// One end of an edge.
#[derive(Debug, Clone)]
pub struct End {
    /// The kinds found there.
    pub kinds: KindSet,
    /// The column that tells the kind, where there may be several.
    pub kind_column: Option<Ident>,
    /// The column of the node's id.
    pub column: Ident,
}

/// What a label of an edge stands for: an edge, and of its terms only some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeLabel {
    /// The edge.
    pub edge: EdgeId,
    /// The terms meant; nothing where the edge has just the one name.
    pub terms: Option<BTreeSet<TermId>>,
}

impl Catalog {
    /// Resolves the stored rows. The error says in plain words what contradicts what.
    pub fn new(stored: rows::Catalogue) -> Result<Self, String> {
        let open = stored.graph.open;
        let mut catalog = Self {
            kinds: Vec::new(),
            edges: Vec::new(),
            term_by_id: stored.terms.iter().enumerate().map(|(at, row)| (row.id, at)).collect(),
            terms: stored.terms,
            labels_of_kinds: BTreeMap::new(),
            labels: BTreeMap::new(),
            label_spelling: BTreeSet::new(),
            label_docs: BTreeMap::new(),
            kind_by_row: BTreeMap::new(),
            required: stored.required,
            judged: stored.judged,
            nothing: None,
        };
        let mut properties: Properties = BTreeMap::new();
        for row in stored.properties {
            properties.entry(row.table.clone()).or_default().push(row);
        }
        for kind in stored.kinds {
            catalog.add_kind(kind, &properties)?;
        }
        for edge in stored.edges {
            catalog.add_edge(edge, &properties)?;
        }
        for label in stored.labels {
            catalog.add_group(&label)?;
        }
        if open {
            catalog.add_nothing();
        }
        Ok(catalog)
    }

    fn add_kind(&mut self, row: rows::Kind, properties: &Properties) -> Result<(), String> {
        let id = KindId(self.kinds.len());
        let labels = row.labels.unwrap_or_else(|| vec![row.name.clone()]);
        // A kind of several labels, or of none, is found by its name as well.
        let names = labels.iter().chain((!labels.contains(&row.name)).then_some(&row.name));
        for name in names {
            let found = self.labels_of_kinds.entry(name.to_lowercase()).or_default();
            found.push((name.clone(), id));
        }
        self.kind_by_row.insert(row.id, id);
        let judged = self.judged.contains(&row.id);
        self.kinds.push(Kind {
            id: row.id,
            properties: properties_of(&row.table, properties)?,
            judged,
            table: Ident(row.table),
            key: row.key_column.map(Ident),
            shown: row.shown.map(Ident),
            as_edge: row.as_edge,
            labels,
            edge: None,
            name: row.name,
            doc: row.doc,
        });
        Ok(())
    }

    /// Adds what names that mean nothing stand for: a table that is always empty.
    fn add_nothing(&mut self) {
        let (kind, edge) = (KindId(self.kinds.len()), EdgeId(self.edges.len()));
        let column = |name: &str| Ident(name.to_owned());
        let mut kinds: KindSet = self.kinds().map(|(id, _)| id).collect();
        kinds.insert(kind);
        let end = |side: &str| End {
            kinds: kinds.clone(),
            kind_column: Some(column(&format!("{side}_kind"))),
            column: column(side),
        };
        let (from, to) = (end("source"), end("target"));
        self.kinds.push(Kind {
            id: 0,
            name: String::new(),
            table: column("dixit_nothing"),
            key: None,
            shown: None,
            as_edge: false,
            labels: Vec::new(),
            edge: None,
            properties: Vec::new(),
            judged: false,
            doc: String::new(),
        });
        self.edges.push(Edge {
            id: 0,
            name: Some(String::new()),
            table: column("dixit_nothing"),
            from,
            to,
            term_column: None,
            terms: Vec::new(),
            stands_as: None,
            in_node: false,
            numbered: true,
            symmetric: false,
            properties: Vec::new(),
            doc: String::new(),
        });
        self.nothing = Some(Nothing { kind, edge });
    }

    fn add_edge(&mut self, row: rows::Edge, properties: &Properties) -> Result<(), String> {
        let id = EdgeId(self.edges.len());
        let stands_as = row.stands_as.map(|kind| self.kind_of_row(kind)).transpose()?;
        if let Some(kind) = stands_as.and_then(|kind| self.kinds.get_mut(kind.0)) {
            kind.edge = Some(id);
        }
        let from = self.end(row.from)?;
        let in_node = stands_as.is_none()
            && !row.numbered
            && self.kinds.iter().any(|kind| kind.table.0 == row.table)
            && from.column.0 == "id";
        let terms =
            self.terms_of(row.vocabulary.as_deref(), row.family.as_deref(), row.term.as_deref());
        match &row.name {
            Some(name) => self.add_label(name, EdgeLabel { edge: id, terms: None }),
            None => self.add_term_labels(id, &terms),
        }
        let own = if in_node || stands_as.is_some() {
            Vec::new()
        } else {
            properties_of(&row.table, properties)?
        };
        self.edges.push(Edge {
            id: row.id,
            name: row.name,
            table: Ident(row.table),
            from,
            to: self.end(row.to)?,
            term_column: row.term_column.map(Ident),
            terms,
            stands_as,
            in_node,
            numbered: row.numbered,
            symmetric: row.symmetric,
            properties: own,
            doc: row.doc,
        });
        Ok(())
    }

    fn add_term_labels(&mut self, edge: EdgeId, terms: &[TermId]) {
        for &term in terms {
            let Some(name) = self.term(term).map(|row| row.term.clone()) else { continue };
            self.add_label(&name, EdgeLabel { edge, terms: Some(BTreeSet::from([term])) });
        }
    }

    fn add_group(&mut self, row: &rows::Label) -> Result<(), String> {
        let edge = self.edges.iter().position(|edge| edge.id == row.edge).map(EdgeId).ok_or_else(
            || format!("the label `{}` is for edge {}, which is not there", row.name, row.edge),
        )?;
        let fits = |term: &TermId| {
            row.polarity.is_none() || self.term(*term).and_then(|row| row.polarity) == row.polarity
        };
        let terms = self.edge(edge).terms.iter().copied().filter(fits).collect();
        self.label_docs.insert(row.name.clone(), row.doc.clone());
        self.add_label(&row.name, EdgeLabel { edge, terms: Some(terms) });
        Ok(())
    }

    fn add_label(&mut self, name: &str, label: EdgeLabel) {
        self.label_spelling.insert(name.to_owned());
        self.labels.entry(name.to_lowercase()).or_default().push((name.to_owned(), label));
    }

    fn end(&self, row: rows::End) -> Result<End, String> {
        let kinds = match row.kind {
            Some(kind) => KindSet::from([self.kind_of_row(kind)?]),
            None => self.nodes().collect(),
        };
        Ok(End { kinds, kind_column: row.kind_column.map(Ident), column: Ident(row.column) })
    }

    fn kind_of_row(&self, row: i64) -> Result<KindId, String> {
        self.kind_by_row.get(&row).copied().ok_or_else(|| format!("there is no kind number {row}"))
    }

    fn terms_of(
        &self,
        vocabulary: Option<&str>,
        family: Option<&str>,
        term: Option<&str>,
    ) -> Vec<TermId> {
        let Some(vocabulary) = vocabulary else { return Vec::new() };
        self.terms
            .iter()
            .filter(|row| row.vocabulary == vocabulary)
            .filter(|row| family.is_none() || row.family.as_deref() == family)
            .filter(|row| term.is_none_or(|term| row.term == term))
            .map(|row| TermId(row.id))
            .collect()
    }

    /// Whether names that mean nothing are no mistake.
    pub fn is_open(&self) -> bool {
        self.nothing.is_some()
    }

    /// In an open graph: a kind that has no nodes.
    pub fn no_kind(&self) -> Option<KindId> {
        self.nothing.map(|nothing| nothing.kind)
    }

    /// In an open graph: an edge that is nowhere.
    pub fn no_edge(&self) -> Option<EdgeId> {
        self.nothing.map(|nothing| nothing.edge)
    }

    /// The kinds with this label, whatever the case; where labels differ only in case, those spelled just so.
    pub fn kinds_named(&self, name: &str) -> KindSet {
        let found = self.labels_of_kinds.get(&name.to_lowercase()).map_or(&[][..], Vec::as_slice);
        spelled(found, name).copied().collect()
    }

    /// A kind.
    #[expect(clippy::indexing_slicing, reason = "only this catalogue makes a KindId")]
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[id.0]
    }

    /// All kinds.
    pub fn kinds(&self) -> impl Iterator<Item = (KindId, &Kind)> {
        let count = self.nothing.map_or(self.kinds.len(), |nothing| nothing.kind.0);
        self.kinds.iter().take(count).enumerate().map(|(at, kind)| (KindId(at), kind))
    }

    /// Every kind, as a pattern without a label means it: those that are only edges are left out.
    pub fn nodes(&self) -> impl Iterator<Item = KindId> + '_ {
        self.kinds().filter(|(_, kind)| !kind.as_edge).map(|(id, _)| id)
    }

    /// An edge.
    #[expect(clippy::indexing_slicing, reason = "only this catalogue makes an EdgeId")]
    pub fn edge(&self, id: EdgeId) -> &Edge {
        &self.edges[id.0]
    }

    /// All edges.
    pub fn edges(&self) -> impl Iterator<Item = (EdgeId, &Edge)> {
        let count = self.nothing.map_or(self.edges.len(), |nothing| nothing.edge.0);
        self.edges.iter().take(count).enumerate().map(|(at, edge)| (EdgeId(at), edge))
    }

    /// What a label of an edge stands for, whatever the case; several edges may share a name. Where names differ only in
    /// case, those spelled just so.
    pub fn edge_labels(&self, name: &str) -> Vec<&EdgeLabel> {
        let found = self.labels.get(&name.to_lowercase()).map_or(&[][..], Vec::as_slice);
        spelled(found, name).collect()
    }

    /// Every label an edge may be asked for by, as declared.
    pub fn edge_names(&self) -> impl Iterator<Item = &str> {
        self.label_spelling.iter().map(String::as_str)
    }

    /// What a name for several terms of an edge stands for, in words.
    pub fn label_doc(&self, name: &str) -> Option<&str> {
        self.label_docs.get(name).map(String::as_str)
    }

    /// Names of all kinds, as declared.
    pub fn kind_names(&self) -> impl Iterator<Item = &str> {
        self.kinds().map(|(_, kind)| kind.name.as_str())
    }

    /// A term by number.
    pub fn term(&self, id: TermId) -> Option<&rows::Term> {
        self.terms.get(*self.term_by_id.get(&id.0)?)
    }

    /// The terms of a vocabulary.
    pub fn vocabulary<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a rows::Term> {
        self.terms.iter().filter(move |row| row.vocabulary == name)
    }

    /// The names an edge goes by: its own, or those of its terms.
    pub fn names_of(&self, id: EdgeId) -> Vec<&str> {
        let edge = self.edge(id);
        match &edge.name {
            Some(name) => vec![name.as_str()],
            None => edge
                .terms
                .iter()
                .filter_map(|&term| self.term(term))
                .map(|row| row.term.as_str())
                .collect(),
        }
    }

    /// The columns of a table that must hold something.
    pub fn required<'a>(&'a self, table: &'a Ident) -> impl Iterator<Item = &'a str> {
        let of_table = self.required.iter().filter(|(name, _)| *name == table.0);
        of_table.map(|(_, column)| column.as_str())
    }

    /// The property of that name, whatever the case; where names differ only in case, the one spelled just so.
    pub fn property<'a>(properties: &'a [Property], name: &str) -> Option<(usize, &'a Property)> {
        let all = || properties.iter().enumerate();
        let alike = || {
            let folded = name.to_lowercase();
            all().find(|(_, property)| property.name.to_lowercase() == folded)
        };
        all().find(|(_, property)| property.name == name).or_else(alike)
    }
}

/// Properties by table, in order.
type Properties = BTreeMap<String, Vec<rows::Property>>;

/// Of things found whatever the case, those spelled just so; all, if none is.
fn spelled<'a, T>(found: &'a [(String, T)], name: &str) -> impl Iterator<Item = &'a T> {
    let exact = found.iter().any(|(known, _)| known == name);
    found.iter().filter(move |(known, _)| !exact || known == name).map(|(_, thing)| thing)
}

fn properties_of(table: &str, rows: &Properties) -> Result<Vec<Property>, String> {
    rows.get(table).into_iter().flatten().map(property).collect()
}

fn property(row: &rows::Property) -> Result<Property, String> {
    let wrong =
        |what: &str| format!("the property `{}` of table `{}` has {what}", row.name, row.table);
    let column = || row.column.clone().map(Ident).ok_or_else(|| wrong("no column"));
    let storage = match row.storage.as_str() {
        "column" => Storage::Column(column()?),
        "date" => Storage::Date(column()?),
        "alias" => Storage::Alias,
        "term" => Storage::Term {
            column: column()?,
            attribute: attribute(row.attribute.as_deref())
                .ok_or_else(|| wrong("an unknown attribute"))?,
            vocabulary: row.vocabulary.clone(),
        },
        _ => return Err(wrong("an unknown storage")),
    };
    Ok(Property {
        name: row.name.clone(),
        ty: Type::named(&row.ty).ok_or_else(|| wrong("an unknown type"))?,
        storage,
        search: row.search.clone().map(Ident),
        doc: row.doc.clone(),
    })
}

fn attribute(name: Option<&str>) -> Option<Attribute> {
    match name? {
        "term" => Some(Attribute::Term),
        "family" => Some(Attribute::Family),
        "polarity" => Some(Attribute::Polarity),
        "vocabulary" => Some(Attribute::Vocabulary),
        _ => None,
    }
}
