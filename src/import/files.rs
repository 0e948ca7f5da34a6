//! The files of a folder of CSV files, one row each, with their columns. A new column is a new row here.

/// A file of the folder.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name without the ending.
    pub(crate) stem: &'static str,
    /// The table its rows go to.
    pub(crate) table: &'static str,
    /// What one row is called.
    pub(crate) noun: &'static str,
    /// How its rows are kept.
    pub(crate) rows: Rows,
    /// Its columns.
    pub(crate) columns: &'static [Column],
    /// Its place in the order of reading; sheets have `SHEET_RANK`.
    pub(crate) rank: u8,
}

/// How the rows of a file are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// Rows with a key, which must be written.
    Keyed,
    /// Rows with a key that is made from these columns where none is written.
    KeyedBy(&'static [&'static str]),
    /// Rows known by these columns of the table.
    Set(&'static [&'static str]),
    /// Attestations.
    Attestations,
    /// Links, which go to a table by the family of their term.
    Links,
    /// Judgements that two actors are one.
    Same,
    /// Judgements that two actors are two.
    Different,
}

/// A column of a file.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its heading.
    pub(crate) name: &'static str,
    /// What its cells are.
    pub(crate) holds: Holds,
    /// Whether every new row needs it.
    pub(crate) required: bool,
}

/// What a cell is and where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// The key of the row.
    Key,
    /// A text by which the row is found and shown.
    Name(&'static str),
    /// A text.
    Text(&'static str),
    /// -1, 0 or 1.
    Sign(&'static str),
    /// A term of the vocabulary that is named second.
    Term(&'static str, &'static str),
    /// A date; three columns with this prefix.
    Date(&'static str),
    /// The key of a row of the table that is named second.
    Node(&'static str, &'static str),
    /// The same, where the row may come later.
    Later(&'static str, &'static str),
    /// The key of a row of any kind: its kind and its id.
    Any(&'static str, &'static str),
    /// Other names, separated by semicolons.
    Aliases,
    /// Keys of topics, separated by semicolons.
    Topics,
    /// The name of a scale.
    Scale,
    /// A value on the scale.
    Value(&'static str),
}

/// Where coding sheets stand in the order of reading: after the nodes, before what points to statements.
pub(crate) const SHEET_RANK: u8 = 10;

const fn required(name: &'static str, holds: Holds) -> Column {
    Column { name, holds, required: true }
}

const fn optional(name: &'static str, holds: Holds) -> Column {
    Column { name, holds, required: false }
}

const KEY: Column = required("key", Holds::Key);
const NOTE: Column = optional("note", Holds::Text("note"));
const NAME: Column = required("name", Holds::Name("name"));
const ALIASES: Column = optional("aliases", Holds::Aliases);
const WIKIDATA: Column = optional("wikidata", Holds::Text("wikidata"));

/// All files, in the order in which they are read.
pub(crate) const FILES: &[File] = &[
    File {
        stem: "vocab",
        table: "term",
        noun: "term",
        rank: 0,
        rows: Rows::Set(&["vocabulary", "term"]),
        columns: &[
            required("vocabulary", Holds::Text("vocabulary")),
            required("term", Holds::Text("term")),
            optional("family", Holds::Text("family")),
            optional("polarity", Holds::Sign("polarity")),
            optional("symmetric", Holds::Sign("symmetric")),
            optional("definition", Holds::Text("definition")),
            optional("maps_to", Holds::Text("maps_to")),
        ],
    },
    File {
        stem: "actors",
        table: "actor",
        noun: "actor",
        rank: 1,
        rows: Rows::Keyed,
        columns: &[
            KEY,
            NAME,
            optional("kind", Holds::Term("kind", "actor-kind")),
            optional("identity", Holds::Term("identity", "identity")),
            optional("described_as", Holds::Text("described_as")),
            WIKIDATA,
            ALIASES,
            NOTE,
        ],
    },
    File {
        stem: "venues",
        table: "venue",
        noun: "venue",
        rank: 2,
        rows: Rows::Keyed,
        columns: &[
            KEY,
            NAME,
            optional("kind", Holds::Term("kind", "venue-kind")),
            optional("within", Holds::Later("within", "venue")),
            WIKIDATA,
            optional("basis", Holds::Later("basis", "source")),
            ALIASES,
            NOTE,
        ],
    },
    File {
        stem: "topics",
        table: "topic",
        noun: "topic",
        rank: 3,
        rows: Rows::Keyed,
        columns: &[
            KEY,
            NAME,
            optional("kind", Holds::Term("kind", "topic-kind")),
            optional("within", Holds::Later("within", "topic")),
            ALIASES,
            NOTE,
        ],
    },
    File {
        stem: "events",
        table: "event",
        noun: "event",
        rank: 4,
        rows: Rows::Keyed,
        columns: &[
            KEY,
            NAME,
            optional("kind", Holds::Term("kind", "event-kind")),
            optional("date", Holds::Date("date")),
            optional("venue", Holds::Node("venue", "venue")),
            optional("within", Holds::Later("within", "event")),
            optional("basis", Holds::Later("basis", "source")),
            ALIASES,
            NOTE,
        ],
    },
    File {
        stem: "sources",
        table: "source",
        noun: "source",
        rank: 5,
        rows: Rows::Keyed,
        columns: &[
            KEY,
            required("title", Holds::Name("title")),
            optional("kind", Holds::Term("kind", "source-kind")),
            optional("access", Holds::Term("access", "access")),
            optional("publisher", Holds::Node("publisher", "actor")),
            optional("author", Holds::Node("author", "actor")),
            optional("venue", Holds::Node("venue", "venue")),
            optional("url", Holds::Text("url")),
            optional("published", Holds::Date("published")),
            optional("body", Holds::Text("body")),
            ALIASES,
            NOTE,
        ],
    },
    File {
        stem: "claims",
        table: "claim",
        noun: "claim",
        rank: 6,
        rows: Rows::Keyed,
        columns: &[
            KEY,
            required("text", Holds::Name("text")),
            optional("kind", Holds::Term("kind", "claim-kind")),
            optional("topic", Holds::Topics),
            optional("subject", Holds::Text("subject")),
            optional("predicate", Holds::Text("predicate")),
            optional("object", Holds::Text("object")),
            ALIASES,
            NOTE,
        ],
    },
    File {
        stem: "statements",
        table: "statement",
        noun: "statement",
        rank: 7,
        rows: Rows::Keyed,
        columns: &[
            KEY,
            required("speaker", Holds::Node("speaker", "actor")),
            required("act", Holds::Term("act", "act")),
            optional("claim", Holds::Node("claim", "claim")),
            optional("certainty", Holds::Term("certainty", "certainty")),
            optional("record", Holds::Term("record", "record")),
            optional("date", Holds::Date("date")),
            optional("venue", Holds::Node("venue", "venue")),
            optional("event", Holds::Node("event", "event")),
            optional("utterance", Holds::Text("utterance")),
            NOTE,
        ],
    },
    File {
        stem: "same_as",
        table: "same_as",
        noun: "judgement",
        rank: 8,
        rows: Rows::Same,
        columns: &[
            required("actor", Holds::Node("actor", "actor")),
            required("same", Holds::Node("same", "actor")),
        ],
    },
    File {
        stem: "not_same",
        table: "not_same",
        noun: "judgement",
        rank: 9,
        rows: Rows::Different,
        columns: &[
            required("actor", Holds::Node("actor", "actor")),
            required("other", Holds::Node("other", "actor")),
        ],
    },
    File {
        stem: "claim_about",
        table: "claim_about",
        noun: "claim subject",
        rank: 11,
        rows: Rows::Set(&["claim", "kind", "node"]),
        columns: &[
            required("claim", Holds::Node("claim", "claim")),
            required("about", Holds::Any("kind", "node")),
        ],
    },
    File {
        stem: "statement_actors",
        table: "participant",
        noun: "participant",
        rank: 12,
        rows: Rows::Set(&["statement", "role", "actor"]),
        columns: &[
            required("statement", Holds::Node("statement", "statement")),
            required("role", Holds::Term("role", "role")),
            required("actor", Holds::Node("actor", "actor")),
        ],
    },
    File {
        stem: "attestations",
        table: "attestation",
        noun: "attestation",
        rank: 13,
        rows: Rows::Attestations,
        columns: &[
            required("statement", Holds::Node("statement", "statement")),
            required("source", Holds::Node("source", "source")),
            optional("locator", Holds::Text("locator")),
            optional("mode", Holds::Term("mode", "mode")),
            optional("quote", Holds::Text("quote")),
            optional("cites", Holds::Node("cites", "source")),
            NOTE,
        ],
    },
    File {
        stem: "links",
        table: "",
        noun: "link",
        rank: 14,
        rows: Rows::Links,
        columns: &[
            required("from", Holds::Text("from")),
            required("relation", Holds::Text("relation")),
            required("to", Holds::Text("to")),
            optional("basis", Holds::Term("basis", "basis")),
            NOTE,
        ],
    },
    File {
        stem: "source_links",
        table: "source_link",
        noun: "source link",
        rank: 15,
        rows: Rows::Set(&["from_source", "link", "to_source"]),
        columns: &[
            required("from", Holds::Node("from_source", "source")),
            required("relation", Holds::Term("link", "source-link")),
            required("to", Holds::Node("to_source", "source")),
            NOTE,
        ],
    },
    File {
        stem: "relations",
        table: "relation",
        noun: "relation",
        rank: 16,
        rows: Rows::KeyedBy(&["from", "relation", "to", "role", "valid_from", "source"]),
        columns: &[
            optional("key", Holds::Key),
            required("from", Holds::Any("from_kind", "from_node")),
            required("relation", Holds::Term("relation", "relation")),
            required("to", Holds::Any("to_kind", "to_node")),
            optional("role", Holds::Text("role")),
            optional("valid_from", Holds::Date("valid_from")),
            optional("valid_to", Holds::Date("valid_to")),
            optional("as_of", Holds::Date("as_of")),
            required("source", Holds::Node("source", "source")),
            NOTE,
        ],
    },
    File {
        stem: "assessments",
        table: "assessment",
        noun: "assessment",
        rank: 17,
        rows: Rows::KeyedBy(&["target", "scale", "assessor", "date"]),
        columns: &[
            optional("key", Holds::Key),
            required("target", Holds::Any("target_kind", "target")),
            required("scale", Holds::Scale),
            required("value", Holds::Value("value")),
            optional("assessor", Holds::Text("assessor")),
            optional("date", Holds::Date("date")),
            NOTE,
        ],
    },
];

/// The file with this name, without its ending.
pub(crate) fn by_stem(stem: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.stem == stem)
}

impl Holds {
    /// The columns of the table that a cell fills.
    pub(crate) fn columns(self) -> Vec<String> {
        match self {
            Self::Key => vec!["key".to_owned()],
            Self::Name(column)
            | Self::Text(column)
            | Self::Sign(column)
            | Self::Term(column, _)
            | Self::Node(column, _)
            | Self::Value(column) => vec![column.to_owned()],
            Self::Date(prefix) => {
                ["first", "last", "text"].map(|part| format!("{prefix}_{part}")).to_vec()
            }
            Self::Any(kind, node) => vec![kind.to_owned(), node.to_owned()],
            Self::Later(..) | Self::Aliases | Self::Topics | Self::Scale => Vec::new(),
        }
    }
}
