//! What our own export writes into entities besides what every reader understands, and how it is known again: who is behind a
//! document, what an unnamed link is, dates in words, keys in ids.

use std::collections::BTreeMap;

use super::{Edge, End, Entity, UNKNOWN};
use crate::base::date::Date;
use crate::import::draft::Draft;
use crate::import::json::Node;
use crate::record::entities::{AUTHOR, PUBLISHER};

/// What has to be known of the whole file before its entities are read.
#[derive(Default)]
pub(super) struct Others {
    /// Entities that are no actors.
    pub(super) ends: BTreeMap<String, End>,
    /// The actors behind documents, by document and role.
    behind: BTreeMap<(String, &'static str), String>,
}

/// A schema that joins an entity to a document.
pub(super) const DOCUMENTATION: &str = "Documentation";

impl Others {
    /// Keeps who wrote a document, or brought it out.
    pub(super) fn remember(&mut self, node: &Node) {
        let Some((document, role, entity)) = behind(node) else { return };
        self.behind.insert((document.to_owned(), role), entity.to_owned());
    }

    /// The actor who has a role in a document, if an entity of the file says so.
    pub(super) fn who(&self, document: &str, role: &'static str) -> Option<&str> {
        self.behind.get(&(document.to_owned(), role)).map(String::as_str)
    }
}

/// The document, the role and the actor, where one link says who wrote a document or brought it out.
pub(super) fn behind(node: &Node) -> Option<(&str, &'static str, &str)> {
    let first = |name: &str| node.at(&["properties", name])?.list().first()?.text();
    let role = first("role")?;
    let role = [AUTHOR, PUBLISHER].into_iter().find(|known| *known == role)?;
    Some((first("document")?, role, first("entity")?))
}

/// The key of a source or a tie that our export gave this id, else the id.
pub(super) fn key_of<'i>(id: &'i str, before: &str) -> &'i str {
    id.strip_prefix(before).filter(|key| !key.is_empty()).unwrap_or(id)
}

/// Dates that our export tells in words, because there they would be days, by what they are the dates of; and the rest of the
/// words.
pub(super) fn in_words<'n>(
    entity: &Entity<'n>,
    property: &str,
    known: &[&'static str],
) -> (Vec<(&'static str, String)>, Vec<&'n str>) {
    let (mut dates, mut rest) = (Vec::new(), Vec::new());
    for (text, _) in entity.values(property) {
        let told = text.split_once(": ").and_then(|(name, date)| {
            let name = known.iter().find(|known| **known == name)?;
            Some((*name, Date::parse(date).ok()?.text))
        });
        match told {
            Some(told) => dates.push(told),
            None => rest.push(text),
        }
    }
    (dates, rest)
}

/// What our export says a link is that has no schema of its own, where the store knows that term.
pub(super) fn told_relation(
    draft: &Draft<'_, '_>,
    entity: &Entity<'_>,
    edge: &Edge,
) -> Option<String> {
    if edge.schema != UNKNOWN {
        return None;
    }
    let roles: Vec<&str> = entity.values("role").map(|(role, _)| role).collect();
    let known =
        |role: &&&str| draft.session().term("relation", role).is_ok_and(|term| term.term == **role);
    roles.iter().rev().find(known).map(|role| (*role).to_owned())
}
