//! Finds nodes by the beginning of a name: by index first, then by any word of it, then by its letters in order. Bounded in
//! work, so that it answers while somebody types, however large the store is.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::{Connection, Result as Outcome};

use super::Reader;
use super::catalogue::quoted;
use super::error::Error;
use crate::base::fold::fold;
use crate::base::wish::{Fit, Wish};
use crate::record::catalogue::{Catalogue, Kind};

/// A node that goes by a name that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The number of its kind.
    pub kind: i64,
    /// Its key.
    pub key: String,
    /// What it is shown as; the key where there is nothing else.
    pub shown: String,
    /// The other name that fits, where neither key nor name does.
    pub alias: Option<String>,
    /// What there is about it: a noun and how many, at most [`MOST_COUNTED`].
    pub about: Option<(String, u64)>,
}

/// Nobody needs to know how many there are beyond.
pub const MOST_COUNTED: u64 = 1000;
/// How many names that begin so are weighed against each other.
const MOST_BEGUN: i64 = 60;
/// How many names are compared letter by letter.
const MOST_COMPARED: i64 = 20_000;
/// How long names are compared.
const PATIENCE: Duration = Duration::from_millis(25);

/// A node that was found, with the folded name that fits.
struct Found<'k> {
    kind: &'k Kind,
    node: i64,
    by: String,
    fit: Fit,
}

impl Reader {
    /// The nodes of these kinds whose key, name or other name fits what is begun, the best first.
    pub fn begun(&self, kinds: &[i64], begun: &str, limit: usize) -> Result<Vec<Name>, Error> {
        let names = || {
            let catalogue = super::catalogue::read(self.connection())?;
            let mut search = Search::new(self, begun)?;
            for kind in catalogue.kinds.iter().filter(|kind| kinds.contains(&kind.id)) {
                search.begins(kind)?;
            }
            self.start_for(PATIENCE);
            for kind in catalogue.kinds.iter().filter(|kind| kinds.contains(&kind.id)) {
                if search.found.len() < limit {
                    // What is found until the time is over is enough.
                    search.elsewhere(kind, &catalogue).or_else(|error| {
                        if self.stopped().is_some() { Ok(()) } else { Err(error) }
                    })?;
                }
            }
            self.start();
            search.names(&catalogue, limit)
        };
        names().map_err(|error| self.failed(error))
    }
}

struct Search<'r, 'k> {
    connection: &'r Connection,
    folded: String,
    wish: Wish,
    /// By kind and node.
    found: BTreeMap<(i64, i64), Found<'k>>,
    /// Nodes that are read as others, by kind and node.
    same: BTreeMap<(i64, i64), i64>,
}

impl<'r, 'k> Search<'r, 'k> {
    fn new(reader: &'r Reader, begun: &str) -> Outcome<Self> {
        let connection = reader.connection();
        let mut same = connection.prepare_cached("SELECT kind, node, same FROM same_as")?;
        let same = same.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
        Ok(Self {
            connection,
            folded: fold(begun),
            wish: Wish::new(begun),
            found: BTreeMap::new(),
            same: same.collect::<Outcome<_>>()?,
        })
    }

    /// Those of which a name or the key begins so.
    fn begins(&mut self, kind: &'k Kind) -> Outcome<()> {
        let Some(key) = kind.key_column.as_deref().map(quoted) else { return Ok(()) };
        let end = |start: &str| format!("{start}{}", char::MAX);
        let sql = "SELECT node, folded FROM lookup
          WHERE kind = ?1 AND folded >= ?2 AND folded < ?3 ORDER BY folded LIMIT ?4";
        let mut statement = self.connection.prepare_cached(sql)?;
        let values = (kind.id, &self.folded, end(&self.folded), MOST_BEGUN);
        let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut rows: Vec<(i64, String)> = rows.collect::<Outcome<_>>()?;
        let sql = format!(
            "SELECT id, {key} FROM {} WHERE {key} >= ?1 AND {key} < ?2 ORDER BY {key} LIMIT ?3",
            quoted(&kind.table)
        );
        let start = self.folded.replace(' ', "-");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let capital = Some(start.to_uppercase()).filter(|capital| *capital != start);
        for start in std::iter::once(start).chain(capital) {
            let by_key = statement.query_map((&start, end(&start), MOST_BEGUN), |row| {
                Ok((row.get(0)?, row.get::<_, String>(1)?))
            })?;
            for row in by_key {
                let (node, key) = row?;
                rows.push((node, fold(&key)));
            }
        }
        for (node, by) in rows {
            let fit = if by == self.folded { Fit::Same } else { Fit::Begins };
            self.keep(Found { kind, node, by, fit });
        }
        Ok(())
    }

    /// Those of which a word begins so, and those that have the letters.
    fn elsewhere(&mut self, kind: &'k Kind, catalogue: &Catalogue) -> Outcome<()> {
        let Some(first) = self.folded.chars().next() else { return Ok(()) };
        self.words(kind, catalogue)?;
        let end = format!("{first}{}", char::MAX);
        let near = self.compare(kind, (&first.to_string(), &end), MOST_COMPARED)?;
        let rest = MOST_COMPARED - near;
        self.compare(kind, ("", &char::MAX.to_string()), rest).map(drop)
    }

    /// By the full-text index over what the kind is shown as.
    fn words(&mut self, kind: &'k Kind, catalogue: &Catalogue) -> Outcome<()> {
        let indexed = catalogue.properties.iter().find(|property| {
            property.table == kind.table
                && property.search.is_some()
                && property.column == kind.shown
        });
        let index = indexed.and_then(|property| property.search.as_deref()).map(quoted);
        let words: Vec<&str> = self
            .folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let (Some(index), Some(column), true) = (
            index,
            kind.shown.as_deref().map(quoted),
            !words.is_empty() && self.folded.chars().count() > 1,
        ) else {
            return Ok(());
        };
        let wanted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let sql = format!(
            "SELECT n.id, CAST(n.{column} AS TEXT) FROM (SELECT rowid AS id FROM {index} WHERE {index} MATCH ?1 LIMIT ?2) AS f
             CROSS JOIN {} AS n ON n.id = f.id",
            quoted(&kind.table)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((format!("{}*", wanted.join(" ")), MOST_BEGUN), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        for row in rows {
            let (node, shown): (i64, String) = row?;
            self.keep(Found { kind, node, by: fold(&shown), fit: Fit::Word });
        }
        Ok(())
    }

    /// Compares the names between two texts; says how many there were.
    fn compare(&mut self, kind: &'k Kind, (start, end): (&str, &str), most: i64) -> Outcome<i64> {
        let sql = "SELECT node, folded FROM lookup WHERE kind = ?1 AND folded >= ?2 AND folded < ?3 LIMIT ?4";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((kind.id, start, end, most))?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += 1;
            let Ok(by) = row.get_ref(1)?.as_str() else { continue };
            if let Some(fit) = self.wish.fit(by) {
                let found = Found { kind, node: row.get(0)?, by: by.to_owned(), fit };
                self.keep(found);
            }
        }
        Ok(count)
    }

    fn keep(&mut self, found: Found<'k>) {
        let node = self.same.get(&(found.kind.id, found.node)).copied();
        let found = Found { node: node.unwrap_or(found.node), ..found };
        let place = (found.kind.id, found.node);
        if self.found.get(&place).is_none_or(|known| found.fit < known.fit) {
            self.found.insert(place, found);
        }
    }

    /// What was found in words: the best fits, and of equal ones those of which there is more.
    fn names(mut self, catalogue: &Catalogue, limit: usize) -> Outcome<Vec<Name>> {
        let mut best: Vec<Found<'_>> = std::mem::take(&mut self.found).into_values().collect();
        best.sort_by(|a, b| (a.fit, &a.by).cmp(&(b.fit, &b.by)));
        // What only has the letters is not told beside what begins so.
        if best.first().is_some_and(|found| found.fit <= Fit::Word) {
            best.retain(|found| found.fit <= Fit::Word);
        }
        best.truncate(limit.saturating_mul(4).max(40));
        let mut about = BTreeMap::new();
        let mut named = Vec::new();
        for found in &best {
            let about =
                about.entry(found.kind.id).or_insert_with(|| counting(catalogue, found.kind));
            if let Some(name) = self.name(found, about.as_ref())? {
                named.push((found.fit, name));
            }
        }
        named.sort_by_key(|(fit, name)| {
            (*fit, Reverse(name.about.as_ref().map_or(0, |(_, count)| *count)))
        });
        named.truncate(limit);
        Ok(named.into_iter().map(|(_, name)| name).collect())
    }

    fn name(
        &mut self,
        found: &Found<'_>,
        about: Option<&(String, String)>,
    ) -> Outcome<Option<Name>> {
        let Some(key) = found.kind.key_column.as_deref().map(quoted) else { return Ok(None) };
        let shown = found.kind.shown.as_deref().map_or_else(|| key.clone(), quoted);
        let sql = format!(
            "SELECT {key}, CAST({shown} AS TEXT) FROM {} WHERE id = ?1",
            quoted(&found.kind.table)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement
            .query_map([found.node], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?)))?;
        let Some((key, shown)) = rows.next().transpose()? else { return Ok(None) };
        let key: String = key;
        let shown = shown.unwrap_or_else(|| key.clone());
        let fits = [&key, &shown]
            .into_iter()
            .any(|text| self.wish.fit(text).is_some_and(|fit| fit <= found.fit.max(Fit::Word)));
        let alias = (!fits).then(|| found.by.clone());
        let count = |(noun, sql): &(String, String)| -> Outcome<(String, u64)> {
            let count: i64 =
                self.connection.prepare_cached(sql)?.query_row([found.node], |row| row.get(0))?;
            Ok((noun.clone(), u64::try_from(count).unwrap_or(0)))
        };
        let about = about.map(count).transpose()?;
        Ok(Some(Name { kind: found.kind.id, key, shown, alias, about }))
    }
}

/// What is counted of nodes of a kind: a noun, and SQL that counts for one node. Those are the nodes that stand as an edge of
/// the kind, or else those that have such a node as a part of their own.
fn counting(catalogue: &Catalogue, kind: &Kind) -> Option<(String, String)> {
    let own = Some(kind.id);
    let ends = catalogue.edges.iter().flat_map(|edge| [(edge, &edge.from), (edge, &edge.to)]);
    let at_kind = ends.filter(|(_, end)| end.kind == own && end.column != "id");
    let mut counted = at_kind.filter_map(|(edge, end)| {
        let of = catalogue.kinds.iter().find(|kind| kind.table == edge.table)?;
        Some((edge.stands_as.is_none(), of, end))
    });
    let first = counted.clone().find(|(in_node, ..)| !in_node).or_else(|| counted.next())?;
    let (_, of, end) = first;
    let (table, column) = (quoted(&of.table), quoted(&end.column));
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {column} IN (SELECT ?1 UNION ALL
           SELECT node FROM same_as WHERE kind = {} AND same = ?1) LIMIT {MOST_COUNTED})",
        kind.id
    );
    Some((of.name.to_lowercase(), sql))
}
