//! What rows rest on: the nodes and edges in some values, as short words with blanks between them. `n7:12` is the node 12
//! of the kind 7, `e6:4` the row 4 of the edge 6. Each is there once, in the order in which they came.

use std::collections::HashSet;

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};
use serde_json::Value as Json;

use super::dynamic::{elements, value};
use super::{Function, integer, text};

pub(super) const FUNCTIONS: &[Function] = &[("dixit_evidence", -1, |c| {
    let mut found = Found::default();
    found.add(c)?;
    Ok(found.written())
})];

pub(super) fn register_aggregates(connection: &Connection, flags: FunctionFlags) -> Result<()> {
    connection.create_aggregate_function("dixit_evidence_all", -1, flags, Gathered)
}

/// A node or an edge: `n` or `e`, the number of its kind or of the edge, and its own.
type Element = (char, i64, i64);

#[derive(Default)]
struct Found {
    seen: HashSet<Element>,
    order: Vec<Element>,
}

impl Found {
    fn one(&mut self, element: Element) {
        if self.seen.insert(element) {
            self.order.push(element);
        }
    }

    /// Reads pairs of arguments: a kind and the number of a node, 0 and any value, -1 and words.
    fn add(&mut self, context: &Context<'_>) -> Result<()> {
        for at in (0..context.len().saturating_sub(1)).step_by(2) {
            let absent = |at| matches!(context.get_raw(at), ValueRef::Null);
            if absent(at) || absent(at + 1) {
                continue;
            }
            match integer(context, at)? {
                -1 => self.words(&text(context, at + 1)),
                0 => {
                    let mut inside = Vec::new();
                    elements(&value(context, at + 1)?, &mut inside);
                    inside.iter().filter_map(element).for_each(|element| self.one(element));
                }
                kind => self.one(('n', kind, integer(context, at + 1)?)),
            }
        }
        Ok(())
    }

    /// Words, or a JSON list of texts that hold words.
    fn words(&mut self, text: &str) {
        if text.starts_with('[') {
            let lists: Vec<Option<String>> = serde_json::from_str(text).unwrap_or_default();
            lists.iter().flatten().for_each(|text| self.words(text));
            return;
        }
        text.split(' ').filter_map(word).for_each(|element| self.one(element));
    }

    fn written(&self) -> Value {
        let words = self.order.iter().map(|(form, kind, id)| format!("{form}{kind}:{id}"));
        Value::Text(words.collect::<Vec<String>>().join(" "))
    }
}

fn word(word: &str) -> Option<Element> {
    let mut letters = word.chars();
    let form = letters.next()?;
    let (kind, id) = letters.as_str().split_once(':')?;
    Some((form, kind.parse().ok()?, id.parse().ok()?))
}

/// A tagged token; one of an edge that no number identifies is left out.
fn element(tagged: &Json) -> Option<Element> {
    let (form, token) =
        tagged.get("n").map(|token| ('n', token)).or_else(|| Some(('e', tagged.get("e")?)))?;
    let [kind, id] = token.as_array()?.as_slice() else { return None };
    Some((form, kind.as_i64()?, id.as_i64()?))
}

/// What all rows of a group rest on.
struct Gathered;

impl Aggregate<Found, Value> for Gathered {
    fn init(&self, _: &mut Context<'_>) -> Result<Found> {
        Ok(Found::default())
    }

    fn step(&self, context: &mut Context<'_>, found: &mut Found) -> Result<()> {
        found.add(context)
    }

    fn finalize(&self, _: &mut Context<'_>, found: Option<Found>) -> Result<Value> {
        Ok(found.unwrap_or_default().written())
    }
}
