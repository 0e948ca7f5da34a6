//! Judgements about who is who, as edges: what a catalogue would say of them if questions saw what was written down and what
//! is judged apart from each other.

use super::catalogue::{Edge, End};

/// A sort of judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// One node is read as another one.
    Same,
    /// Two nodes that look alike are two.
    Different,
}

impl Judgement {
    /// The edge.
    pub fn edge(self) -> Edge {
        let end = |column: &str| End {
            kind: None,
            kind_column: Some("kind".to_owned()),
            column: column.to_owned(),
        };
        let (name, from, to) = match self {
            Self::Same => ("same_as", end("node"), end("same")),
            Self::Different => ("not_same", end("one"), end("other")),
        };
        Edge {
            id: 0,
            name: Some(name.to_owned()),
            table: name.to_owned(),
            from,
            to,
            term_column: None,
            vocabulary: None,
            family: None,
            term: None,
            stands_as: None,
            numbered: false,
            symmetric: false,
            doc: String::new(),
        }
    }
}
