//! Counts what the catalogue says there is, for an overview.

use super::Reader;
use super::catalogue::quoted;
use super::error::Error;
use crate::record::catalogue::{Catalogue, Edge, Term};
use rusqlite::{Connection, Result};

/// How many edges there are of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeCount {
    /// The edge in the catalogue, by its number.
    pub edge: i64,
    /// What it is called.
    pub name: String,
    /// How many there are; one that holds both ways counts once.
    pub count: u64,
}

impl Reader {
    /// How many edges there are, by name; an edge that goes by the terms of a kind of its own is counted as a whole.
    pub fn edge_counts(&self, catalogue: &Catalogue) -> Result<Vec<EdgeCount>, Error> {
        let mut counts = Vec::new();
        for edge in &catalogue.edges {
            let counted = count(self.connection(), catalogue, edge);
            counts.extend(counted.map_err(|error| self.failed(error))?);
        }
        Ok(counts)
    }
}

fn count(connection: &Connection, catalogue: &Catalogue, edge: &Edge) -> Result<Vec<EdgeCount>> {
    let Edge { id, name, table, from, to, term_column, term, vocabulary, .. } = edge;
    let label = catalogue.labels.iter().find(|label| label.edge == *id && label.polarity.is_none());
    let table = quoted(table);
    let (from, to) = (quoted(&from.column), quoted(&to.column));
    let both = format!("{from} IS NOT NULL AND {to} IS NOT NULL");
    let of = |name: &str, count: i64| EdgeCount {
        edge: *id,
        name: name.to_owned(),
        count: u64::try_from(count).unwrap_or(0),
    };
    let fixed = |text: &String| {
        let is_it = |row: &&Term| vocabulary.as_ref() == Some(&row.vocabulary) && row.term == *text;
        catalogue.terms.iter().find(is_it).map_or(0, |row| row.id)
    };
    let (Some(column), None) = (term_column, name.as_ref().or(label.map(|label| &label.name)))
    else {
        let told = name.as_ref().or(label.map(|label| &label.name)).map_or("", String::as_str);
        let only = match (term_column, term) {
            (Some(column), Some(term)) => format!(" AND {} = {}", quoted(column), fixed(term)),
            _ => String::new(),
        };
        let sql = format!("SELECT count(*) FROM {table} WHERE {both}{only}");
        let count = connection.query_row(&sql, [], |row| row.get(0))?;
        return Ok(vec![of(told, count)]);
    };
    let column = quoted(column);
    let sql = format!("SELECT {column}, count(*) FROM {table} WHERE {both} GROUP BY 1");
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(i64, i64)> = rows.collect::<Result<_>>()?;
    let named = |(id, count): &(i64, i64)| {
        let row = catalogue.terms.iter().find(|row| row.id == *id)?;
        let is_ours = edge.family.is_none() || edge.family == row.family;
        is_ours.then(|| of(&row.term, if row.symmetric { count / 2 } else { *count }))
    };
    Ok(rows.iter().filter_map(named).collect())
}
