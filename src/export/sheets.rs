//! What of the claims model leaves row by row: one sheet for each file of a folder that an import reads, and the question
//! that its rows answer. Columns come in the order of the question's answer.

use super::{Among, Error, World};
use crate::base::value::Value;
use crate::record::catalogue::{Catalogue, Edge, Term};
use crate::record::judged::Judgement;

/// Rows of one sort.
pub(super) struct Sheet {
    /// The name of the file that an import reads.
    pub(super) stem: &'static str,
    /// What one row is called.
    pub(super) noun: &'static str,
    /// The names of its columns.
    pub(super) columns: &'static [&'static str],
    from: From,
}

/// Where rows come from.
enum From {
    /// The vocabulary.
    Terms,
    /// A question about edges with names of their own.
    Named(&'static str),
    /// A question about all edges of the claims model.
    BuiltIn(&'static str),
    /// A question about the edges that the terms of a vocabulary name, of one family or all.
    Links(&'static str, Option<&'static str>, &'static str),
    /// A question about judgements.
    Judgements(Judgement, &'static str),
    /// A question about the edges that have a term of a vocabulary, also where no edge is named after it.
    AllTerms(&'static str, &'static str),
}

const LINK: &[&str] = &["from", "relation", "to", "basis", "note"];

/// All sheets, in an order in which each row comes behind those that it points to, apart from rows of its own sort.
pub(super) const SHEETS: &[Sheet] = &[
    Sheet {
        stem: "vocab",
        noun: "term",
        columns: &[
            "vocabulary",
            "term",
            "family",
            "polarity",
            "symmetric",
            "definition",
            "maps_to",
        ],
        from: From::Terms,
    },
    Sheet {
        stem: "actors",
        noun: "actor",
        columns: &[
            "key",
            "name",
            "kind",
            "identity",
            "described_as",
            "wikidata",
            "aliases",
            "note",
        ],
        from: From::Named(include_str!("queries/actors.dixit")),
    },
    Sheet {
        stem: "venues",
        noun: "venue",
        columns: &["key", "name", "kind", "within", "wikidata", "basis", "aliases", "note"],
        from: From::Named(include_str!("queries/venues.dixit")),
    },
    Sheet {
        stem: "topics",
        noun: "topic",
        columns: &["key", "name", "kind", "within", "aliases", "note"],
        from: From::Named(include_str!("queries/topics.dixit")),
    },
    Sheet {
        stem: "events",
        noun: "event",
        columns: &["key", "name", "kind", "date", "venue", "within", "basis", "aliases", "note"],
        from: From::Named(include_str!("queries/events.dixit")),
    },
    Sheet {
        stem: "sources",
        noun: "source",
        columns: &[
            "key",
            "title",
            "kind",
            "access",
            "publisher",
            "author",
            "venue",
            "url",
            "published",
            "body",
            "aliases",
            "note",
        ],
        from: From::Named(include_str!("queries/sources.dixit")),
    },
    Sheet {
        stem: "claims",
        noun: "claim",
        columns: &[
            "key",
            "text",
            "kind",
            "topic",
            "subject",
            "predicate",
            "object",
            "aliases",
            "note",
        ],
        from: From::Named(include_str!("queries/claims.dixit")),
    },
    Sheet {
        stem: "statements",
        noun: "statement",
        columns: &[
            "key",
            "speaker",
            "act",
            "claim",
            "certainty",
            "record",
            "date",
            "venue",
            "event",
            "utterance",
            "note",
        ],
        from: From::Named(include_str!("queries/statements.dixit")),
    },
    Sheet {
        stem: "same_as",
        noun: "judgement",
        columns: &["actor", "same"],
        from: From::Judgements(Judgement::Same, include_str!("queries/same_as.dixit")),
    },
    Sheet {
        stem: "not_same",
        noun: "judgement",
        columns: &["actor", "other"],
        from: From::Judgements(Judgement::Different, include_str!("queries/not_same.dixit")),
    },
    Sheet {
        stem: "claim_about",
        noun: "claim subject",
        columns: &["claim", "about"],
        from: From::Named(include_str!("queries/claim_about.dixit")),
    },
    Sheet {
        stem: "statement_actors",
        noun: "participant",
        columns: &["statement", "role", "actor"],
        from: From::AllTerms("role", include_str!("queries/statement_actors.dixit")),
    },
    Sheet {
        stem: "attestations",
        noun: "attestation",
        columns: &["statement", "source", "locator", "mode", "quote", "cites", "note"],
        from: From::Named(include_str!("queries/attestations.dixit")),
    },
    Sheet {
        stem: "links",
        noun: "link",
        columns: LINK,
        from: From::Links("link", Some("S>S"), include_str!("queries/statement_links.dixit")),
    },
    Sheet {
        stem: "links",
        noun: "link",
        columns: LINK,
        from: From::Links("link", Some("S>C"), include_str!("queries/evidence_links.dixit")),
    },
    Sheet {
        stem: "links",
        noun: "link",
        columns: LINK,
        from: From::Links("link", Some("C>C"), include_str!("queries/claim_links.dixit")),
    },
    Sheet {
        stem: "source_links",
        noun: "source link",
        columns: &["from", "relation", "to", "note"],
        from: From::Links("source-link", None, include_str!("queries/source_links.dixit")),
    },
    Sheet {
        stem: "relations",
        noun: "relation",
        columns: &[
            "key",
            "from",
            "relation",
            "to",
            "role",
            "valid_from",
            "valid_to",
            "as_of",
            "source",
            "note",
        ],
        from: From::BuiltIn(include_str!("queries/relations.dixit")),
    },
    Sheet {
        stem: "assessments",
        noun: "assessment",
        columns: &["key", "target", "scale", "value", "assessor", "date", "note"],
        from: From::Named(include_str!("queries/assessments.dixit")),
    },
];

impl Sheet {
    /// Hands on its rows, in the order of their keys. A link that holds both ways comes once.
    pub(super) fn rows(
        &self,
        world: &dyn World,
        receive: &mut dyn FnMut(&[Value]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self.from {
            From::Terms => terms(world.catalogue(), receive),
            From::Named(text) => world.ask_written(Among::Named, text, receive),
            From::BuiltIn(text) => world.ask_written(Among::BuiltIn, text, receive),
            From::Links(vocabulary, family, text) => {
                let catalogue = world.catalogue();
                let is_it = |edge: &&Edge| {
                    edge.vocabulary.as_deref() == Some(vocabulary)
                        && edge.family.as_deref() == family
                };
                let Some(edge) = catalogue.edges.iter().find(is_it) else { return Ok(()) };
                world.ask_written(Among::Edge(edge.id), text, &mut |row| {
                    if is_return(catalogue, vocabulary, row) { Ok(()) } else { receive(row) }
                })
            }
            From::Judgements(judgement, text) => {
                world.ask_written(Among::Judgements(judgement), text, receive)
            }
            From::AllTerms(vocabulary, text) => {
                let is_it = |edge: &&Edge| {
                    edge.vocabulary.as_deref() == Some(vocabulary) && edge.term.is_some()
                };
                let Some(edge) = world.catalogue().edges.iter().find(is_it) else { return Ok(()) };
                world.ask_written(Among::AllTerms(edge.id), text, receive)
            }
        }
    }
}

/// Whether a row is the other way of a link that holds both ways.
pub(super) fn is_return(catalogue: &Catalogue, vocabulary: &str, row: &[Value]) -> bool {
    let [Value::Text(from), Value::Text(relation), Value::Text(to), ..] = row else { return false };
    let is_it = |term: &&Term| term.vocabulary == vocabulary && term.term == *relation;
    from > to && catalogue.terms.iter().find(is_it).is_some_and(|term| term.symmetric)
}

/// The terms of all vocabularies, in the order of their names.
fn terms(
    catalogue: &Catalogue,
    receive: &mut dyn FnMut(&[Value]) -> Result<(), Error>,
) -> Result<(), Error> {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let mut terms: Vec<_> = catalogue.terms.iter().collect();
    terms.sort_by_key(|term| (&term.vocabulary, &term.term));
    for term in terms {
        receive(&[
            Value::Text(term.vocabulary.clone()),
            Value::Text(term.term.clone()),
            text(&term.family),
            term.polarity.map_or(Value::Null, Value::Int),
            Value::Int(i64::from(term.symmetric)),
            text(&term.definition),
            text(&term.maps_to),
        ])?;
    }
    Ok(())
}
