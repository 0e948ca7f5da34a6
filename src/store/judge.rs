//! Judgements about who is who: that two nodes are one, or that two which look alike are two. A judgement is a row beside
//! the graph, which the log keeps like any other; what was written down about either node stays as it is.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension as _, Row};

use super::Reader;
use super::batch::Batch;
use super::catalogue::quoted;
use super::error::Error;
use super::search::{Found, Matching};
use crate::base::closest::closest;
use crate::base::count::with_article;

/// What is judged: nodes of this table.
const ACTORS: &str = "actor";

/// A node that somebody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its number.
    pub id: i64,
    /// Its key.
    pub key: String,
    /// Its name, title or text.
    pub name: String,
}

/// An actor with what tells whether it may be judged to be one with another.
struct Actor {
    key: String,
    kind: Option<String>,
    /// `named`, `described` or `unidentified`; nothing where that was not said.
    identity: Option<String>,
}

/// A judgement that two actors are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Key and name of the one that is read as the other.
    pub actor: (String, String),
    /// Key and name of the other.
    pub same: (String, String),
    /// In how many statements the first one speaks, as they were coded.
    pub statements: u64,
    /// Who judged, when and why, and the number of the change.
    pub made: Option<Made>,
}

/// When and why something was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The number of the change in the log.
    pub change: i64,
    /// When, in the notation of RFC 3339.
    pub at: String,
    /// Who.
    pub who: Option<String>,
    /// Why.
    pub why: Option<String>,
}

/// Something a store does not allow, with what to do next.
fn rule(what: String, next: impl Into<String>) -> Error {
    Error::Rule(what, Some(next.into()))
}

impl Batch<'_> {
    /// The actor that a key, a name or another name means.
    pub fn actor(&self, text: &str) -> Result<Named, Error> {
        self.named(ACTORS, text)
    }

    /// The node of a table that a key, a name or another name means. An error where none or several do.
    pub fn named(&self, table: &str, text: &str) -> Result<Named, Error> {
        let kind = self.kind(table).and_then(|at| Some((at, self.kinds.get(at)?)));
        let Some((at, kind)) = kind else {
            return Err(Error::Rule(format!("this store has no {table}"), None));
        };
        let noun = kind.name.to_lowercase();
        match self.find(at, text, Matching::Folded)? {
            Found::One(id) => {
                let shown = quoted(kind.shown.as_deref().unwrap_or("key"));
                let sql = format!("SELECT id, key, {shown} FROM {} WHERE id = ?1", quoted(table));
                let read = |row: &Row<'_>| {
                    Ok(Named { id: row.get(0)?, key: row.get(1)?, name: row.get(2)? })
                };
                let missing = || Error::Rule(format!("no {noun} is called '{text}'"), None);
                self.first(&sql, [id], read)?.ok_or_else(missing)
            }
            Found::Several(keys) => {
                let what = format!("'{text}' may be more than one {noun}");
                Err(Error::Unknown(what, Some(format!("write the key: {}", keys.join(" or ")))))
            }
            Found::Nothing => {
                let mut names = self.near_names(at, text)?;
                names.extend(self.neighbours(at, text)?);
                let others = "SELECT name FROM alias WHERE kind = ?1 LIMIT 50000";
                names.extend(self.all(others, [kind.id], |row| row.get::<_, String>(0))?);
                let near = closest(text, names.iter().map(String::as_str));
                let next = near.map(|near| format!("did you mean '{near}'?"));
                Err(Error::Unknown(format!("no {noun} is called '{text}'"), next))
            }
        }
    }

    /// Judges that a second actor is the first; gives false where that was judged already.
    pub fn judge_same(&self, first: &Named, second: &Named) -> Result<bool, Error> {
        let kind = self.number_of(ACTORS)?;
        let (one, other) = (self.read_as(kind, first.id)?, self.read_as(kind, second.id)?);
        if one == other {
            return Ok(false);
        }
        self.refuse_unlike(first.id, second.id)?;
        self.refuse_judged_two(kind, one, other)?;
        let moved = "UPDATE same_as SET same = ?3 WHERE kind = ?1 AND same = ?2";
        self.run(moved, [kind, other, one])?;
        let made = "INSERT INTO same_as (kind, node, same) VALUES (?1, ?2, ?3)";
        self.run(made, [kind, other, one]).map(|_| true)
    }

    /// Judges that two actors are two; gives false where that was judged already.
    pub fn judge_different(&self, first: &Named, second: &Named) -> Result<bool, Error> {
        let kind = self.number_of(ACTORS)?;
        if self.read_as(kind, first.id)? == self.read_as(kind, second.id)? {
            let what = if first.id == second.id {
                format!("'{}' is one actor, not two", first.key)
            } else {
                format!("'{}' and '{}' are judged to be one", first.key, second.key)
            };
            let next = "`dixit merge --undo` takes such a judgement back";
            return Err(rule(what, next));
        }
        let (one, other) = (first.id.min(second.id), first.id.max(second.id));
        let sql = "INSERT OR IGNORE INTO not_same (kind, one, other) VALUES (?1, ?2, ?3)";
        Ok(self.run(sql, [kind, one, other])? > 0)
    }

    /// Lets an actor stand for itself again. Of those that were read as it, the first stands for the others then.
    pub fn judge_alone(&self, actor: &Named) -> Result<bool, Error> {
        let kind = self.number_of(ACTORS)?;
        let alone = "DELETE FROM same_as WHERE kind = ?1 AND node = ?2";
        if self.run(alone, [kind, actor.id])? > 0 {
            return Ok(true);
        }
        let members = "SELECT node FROM same_as WHERE kind = ?1 AND same = ?2 ORDER BY node";
        let members = self.all(members, [kind, actor.id], |row| row.get::<_, i64>(0))?;
        let Some(&heir) = members.first() else { return Ok(false) };
        self.run(alone, [kind, heir])?;
        let moved = "UPDATE same_as SET same = ?3 WHERE kind = ?1 AND same = ?2";
        self.run(moved, [kind, actor.id, heir]).map(|_| true)
    }

    fn number_of(&self, table: &str) -> Result<i64, Error> {
        let kind = self.kind(table).and_then(|at| self.kinds.get(at));
        kind.map(|kind| kind.id)
            .ok_or_else(|| Error::Rule(format!("this store has no {table}"), None))
    }

    /// Refuses what cannot be one: unnamed actors, and those of different kinds.
    fn refuse_unlike(&self, first: i64, second: i64) -> Result<(), Error> {
        let sql =
            "SELECT a.key, k.term, i.term FROM actor AS a LEFT JOIN term AS k ON k.id = a.kind
          LEFT JOIN term AS i ON i.id = a.identity WHERE a.id = ?1";
        let mut kinds: Vec<(String, String)> = Vec::new();
        for id in [first, second] {
            let read = |row: &Row<'_>| {
                Ok(Actor { key: row.get(0)?, kind: row.get(1)?, identity: row.get(2)? })
            };
            let Some(Actor { key, kind, identity }) = self.first(sql, [id], read)? else {
                continue;
            };
            if let Some(identity) = identity.filter(|identity| identity != "named") {
                let what =
                    format!("'{key}' is {identity}, not named, and so belongs to its source");
                let next = "whoever turns out to be somebody: give it a name, and the identity 'named', first";
                return Err(rule(what, next));
            }
            kinds.extend(kind.map(|kind| (key, kind)));
        }
        match kinds.as_slice() {
            [(one, a), (other, b)] if a != b => {
                let (a, b) = (with_article(a), with_article(b));
                let what = format!("'{one}' is {a} and '{other}' {b}, so they are not one");
                let next = "where one of them is coded wrongly, set its kind first";
                Err(rule(what, next))
            }
            _ => Ok(()),
        }
    }

    /// Refuses where some of those that would be one are judged to be two.
    fn refuse_judged_two(&self, kind: i64, one: i64, other: i64) -> Result<(), Error> {
        let sql = "WITH side (place, node) AS (
             SELECT 1, ?2 UNION ALL SELECT 1, node FROM same_as WHERE kind = ?1 AND same = ?2
             UNION ALL SELECT 2, ?3 UNION ALL SELECT 2, node FROM same_as WHERE kind = ?1 AND same = ?3)
           SELECT a.key, b.key, (SELECT max(change) FROM change_row WHERE table_name = 'not_same'
             AND key = json_array(n.kind, n.one, n.other))
           FROM side AS x CROSS JOIN side AS y ON y.place <> x.place
           CROSS JOIN not_same AS n ON n.kind = ?1 AND n.one = x.node AND n.other = y.node
           CROSS JOIN actor AS a ON a.id = n.one CROSS JOIN actor AS b ON b.id = n.other LIMIT 1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Option<(String, String, Option<i64>)> =
            self.first(sql, [kind, one, other], read)?;
        let Some((a, b, change)) = found else { return Ok(()) };
        let next = change.map(|change| format!("`dixit undo {change}` takes that judgement back"));
        Err(Error::Rule(format!("'{a}' and '{b}' are judged to be two"), next))
    }

    /// What is worth knowing of two actors before they are one: they have different items at Wikidata.
    pub fn wikidata_of(&self, actor: &Named) -> Result<Option<String>, Error> {
        let sql = "SELECT wikidata FROM actor WHERE id = ?1";
        Ok(self.first(sql, [actor.id], |row| row.get::<_, Option<String>>(0))?.flatten())
    }
}

impl Reader {
    /// The judgements that actors are one, by the keys of those they are read as.
    pub fn judgements(&self) -> Result<Vec<Judgement>, Error> {
        let sql = "SELECT a.key, a.name, b.key, b.name, (SELECT count(*) FROM statement WHERE speaker = a.id),
             coalesce((SELECT max(change) FROM change_row WHERE table_name = 'same_as' AND key = json_array(m.kind, m.node)),
               (SELECT max(change) FROM change_row WHERE table_name = 'actor' AND last >= m.node AND first <= m.node
                  AND before IS NULL))
           FROM same_as AS m CROSS JOIN actor AS a ON a.id = m.node CROSS JOIN actor AS b ON b.id = m.same
           WHERE m.kind = (SELECT id FROM dixit_kind WHERE table_name = 'actor') ORDER BY b.key, a.key";
        let read = |row: &Row<'_>| -> rusqlite::Result<Judgement> {
            let change: Option<i64> = row.get(5)?;
            let made = change.map(|change| self.made(change)).transpose()?.flatten();
            Ok(Judgement {
                actor: (row.get(0)?, row.get(1)?),
                same: (row.get(2)?, row.get(3)?),
                statements: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
                made,
            })
        };
        let found = || -> rusqlite::Result<Vec<Judgement>> {
            self.connection().prepare(sql)?.query_map([], read)?.collect()
        };
        found().map_err(|error| self.failed(error))
    }

    /// For whom a statement was written down, where that is judged to be somebody else: a name, or the key where both go by
    /// one name.
    pub fn coded_speaker(&self, statement: i64) -> Result<Option<String>, Error> {
        let sql = "SELECT CASE WHEN a.name IS b.name THEN a.key ELSE coalesce(a.name, a.key) END
           FROM statement AS s CROSS JOIN same_as AS m ON m.node = s.speaker
             AND m.kind = (SELECT id FROM dixit_kind WHERE table_name = 'actor')
           CROSS JOIN actor AS a ON a.id = m.node CROSS JOIN actor AS b ON b.id = m.same WHERE s.id = ?1";
        let found = || -> rusqlite::Result<Option<String>> {
            let mut found = self.connection().prepare_cached(sql)?;
            found.query_row([statement], |row| row.get(0)).optional()
        };
        found().map_err(|error| self.failed(error))
    }

    /// The key of the actor that one with this key or name is judged to be.
    pub fn read_as_other(&self, text: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT b.key FROM same_as AS m CROSS JOIN actor AS a ON a.id = m.node
             CROSS JOIN actor AS b ON b.id = m.same
           WHERE m.kind = (SELECT id FROM dixit_kind WHERE table_name = 'actor') AND (a.key = ?1 OR a.name = ?1) LIMIT 1";
        let found = || self.connection().query_row(sql, [text], |row| row.get(0)).optional();
        found().map_err(|error| self.failed(error))
    }

    fn made(&self, change: i64) -> rusqlite::Result<Option<Made>> {
        let sql = "SELECT id, at, who, why FROM change WHERE id = ?1";
        let read = |row: &Row<'_>| {
            Ok(Made { change: row.get(0)?, at: row.get(1)?, who: row.get(2)?, why: row.get(3)? })
        };
        self.connection().prepare_cached(sql)?.query_row([change], read).optional()
    }
}

/// Pairs of nodes of a kind that are judged to be two.
pub(crate) fn judged_two(
    connection: &rusqlite::Connection,
    kind: i64,
) -> rusqlite::Result<BTreeSet<(i64, i64)>> {
    let sql = "SELECT one, other FROM not_same WHERE kind = ?1";
    connection.prepare(sql)?.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
