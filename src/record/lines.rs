//! A store as JSON lines: what the lines are called. Each line is an object with one member, whose name says what it is.
//! Both the export and the import of such lines keep to this.

/// The member of the first line: which version of these lines follows, and the graph as a whole.
pub const HEAD: &str = "dixit";
/// The version that is written, and the newest one that is read.
pub const VERSION: i64 = 1;
/// A kind that was declared, with its properties.
pub const KIND: &str = "kind";
/// An edge that was declared, with its properties.
pub const EDGE_KIND: &str = "edge_kind";
/// A node of a declared kind.
pub const NODE: &str = "node";
/// An edge that was declared.
pub const EDGE: &str = "edge";

/// Rows of the claims model: what a line is called, and the file of a folder of CSV files that has the same rows.
pub const ROWS: &[(&str, &str)] = &[
    ("term", "vocab"),
    ("actor", "actors"),
    ("venue", "venues"),
    ("topic", "topics"),
    ("event", "events"),
    ("source", "sources"),
    ("claim", "claims"),
    ("statement", "statements"),
    ("same", "same_as"),
    ("not_same", "not_same"),
    ("about", "claim_about"),
    ("participant", "statement_actors"),
    ("attestation", "attestations"),
    ("link", "links"),
    ("source_link", "source_links"),
    ("relation", "relations"),
    ("assessment", "assessments"),
];

/// Floats that JSON has no number for, as texts.
pub const INFINITE: [(&str, f64); 2] =
    [("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)];
