//! What an import has to remember until later, kept in temporary tables so that memory stays flat: references that
//! point forward, the rows of a sheet, keys of rows that were refused.

use super::{batch::Batch, error::Error};
use std::collections::{BTreeMap, VecDeque};

/// A reference that is resolved when everything it may point to was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What to do with it; the importer's own number.
    pub task: i64,
    /// The node that has the reference.
    pub node: i64,
    /// The key it points to.
    pub text: String,
    /// The place of the file in the importer's list.
    pub file: usize,
    /// The line of the row.
    pub line: u64,
}

/// What a statement is known by when its key is met again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gist {
    /// Who said it.
    pub speaker: i64,
    /// The name of who said it.
    pub speaker_name: String,
    /// The claim.
    pub claim: Option<i64>,
    /// Whether it was read in the source that was asked for.
    pub in_source: bool,
}

/// Rows of a sheet, one after the other, that made statements whose ids follow one another as well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunOfRows {
    number: i64,
    statement: i64,
    rows: i64,
}

impl RunOfRows {
    fn follows(self, number: i64, statement: i64) -> bool {
        (number, statement) == (self.number + self.rows, self.statement + self.rows)
    }
}

/// A row that waits until what it points to is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// When its turn comes.
    pub rank: u8,
    /// The importer's own number for rows of this sort.
    pub sort: usize,
    /// The place of the file in the importer's list.
    pub file: usize,
    /// The line of the row.
    pub line: u64,
    /// Its cells, as the importer packs them.
    pub cells: Vec<u8>,
}

impl Batch<'_> {
    /// Keeps a row aside. Rows of one rank come back in the order of their numbers.
    pub fn stage(&self, place: u64, staged: &Staged) -> Result<(), Error> {
        let sql = "INSERT INTO temp.staged (rank, place, sort, file, line, cells) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Staged { rank, sort, file, line, cells } = staged;
        let values = (rank, number(place), number(*sort), number(*file), number(*line), cells);
        self.run(sql, values).map(|_| ())
    }

    /// The next row of a rank behind a place, with its place.
    pub fn next_staged(&self, rank: u8, after: u64) -> Result<Option<(u64, Staged)>, Error> {
        let sql = "SELECT place, sort, file, line, cells FROM temp.staged
          WHERE rank = ?1 AND place > ?2 ORDER BY place LIMIT 1";
        self.first(sql, (rank, number(after)), |row| {
            let staged = Staged {
                rank,
                sort: usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                file: usize::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                line: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                cells: row.get(4)?,
            };
            Ok((u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0), staged))
        })
    }

    /// Forgets the rows of a rank.
    pub fn clear_staged(&self, rank: u8) -> Result<(), Error> {
        self.run("DELETE FROM temp.staged WHERE rank = ?1", [rank]).map(|_| ())
    }

    /// What a statement says, and whether it was read in this source.
    pub fn gist(&self, statement: i64, source: i64) -> Result<Option<Gist>, Error> {
        let sql = "SELECT s.speaker, a.name, s.claim,
            EXISTS (SELECT 1 FROM attestation AS x WHERE x.statement = s.id AND x.source = ?2)
          FROM statement AS s CROSS JOIN actor AS a ON a.id = s.speaker WHERE s.id = ?1";
        self.first(sql, [statement, source], |row| {
            Ok(Gist {
                speaker: row.get(0)?,
                speaker_name: row.get(1)?,
                claim: row.get(2)?,
                in_source: row.get(3)?,
            })
        })
    }

    /// Keeps a reference for later.
    pub fn defer(
        &self,
        task: i64,
        node: i64,
        text: &str,
        place: (usize, u64),
    ) -> Result<(), Error> {
        let sql =
            "INSERT INTO temp.pending (task, node, text, file, line) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, (task, node, text, number(place.0), number(place.1))).map(|_| ())
    }

    /// The next kept reference after `after`, in the order they were kept, with its number.
    pub fn next_pending(&self, after: i64) -> Result<Option<(i64, Pending)>, Error> {
        let sql = "SELECT id, task, node, text, file, line FROM temp.pending WHERE id > ?1 ORDER BY id LIMIT 1";
        self.first(sql, [after], |row| {
            let pending = Pending {
                task: row.get(1)?,
                node: row.get(2)?,
                text: row.get(3)?,
                file: usize::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
                line: u64::try_from(row.get::<_, i64>(5)?).unwrap_or(0),
            };
            Ok((row.get(0)?, pending))
        })
    }

    /// Forgets the kept references.
    pub fn clear_pending(&self) -> Result<(), Error> {
        self.run("DELETE FROM temp.pending", []).map(|_| ())
    }

    /// Remembers which statement a row of the sheet made. New rows make new statements in order, so whole runs of them are
    /// kept as one.
    pub fn note_row(&self, row: u64, statement: i64) -> Result<(), Error> {
        let number = number(row);
        match self.run_of_rows.get() {
            Some(run) if run.follows(number, statement) => {
                self.run_of_rows.set(Some(RunOfRows { rows: run.rows + 1, ..run }));
            }
            _ => {
                self.keep_run()?;
                self.run_of_rows.set(Some(RunOfRows { number, statement, rows: 1 }));
            }
        }
        Ok(())
    }

    fn keep_run(&self) -> Result<(), Error> {
        let Some(RunOfRows { number, statement, rows }) = self.run_of_rows.take() else {
            return Ok(());
        };
        let sql =
            "INSERT OR IGNORE INTO temp.sheet_row (number, statement, rows) VALUES (?1, ?2, ?3)";
        self.run(sql, [number, statement, rows]).map(|_| ())
    }

    /// The statement that a row of the sheet made.
    pub fn statement_of_row(&self, row: u64) -> Result<Option<i64>, Error> {
        self.keep_run()?;
        let sql = "SELECT statement + ?1 - number FROM (
            SELECT number, statement, rows FROM temp.sheet_row WHERE number <= ?1 ORDER BY number DESC LIMIT 1)
          WHERE ?1 < number + rows";
        self.first(sql, [number(row)], |row| row.get(0))
    }

    /// The row of the sheet that made a statement, where one did.
    pub fn row_of_statement(&self, statement: i64) -> Result<Option<u64>, Error> {
        self.keep_run()?;
        let sql = "SELECT min(number + ?1 - statement) FROM temp.sheet_row
          WHERE ?1 >= statement AND ?1 < statement + rows";
        let row = self.first(sql, [statement], |row| row.get::<_, Option<i64>>(0))?;
        Ok(row.flatten().and_then(|row| u64::try_from(row).ok()))
    }

    /// The key of a statement.
    pub fn statement_key(&self, statement: i64) -> Result<String, Error> {
        let sql = "SELECT key FROM statement WHERE id = ?1";
        Ok(self.first(sql, [statement], |row| row.get(0))?.unwrap_or_default())
    }

    /// Remembers where a statement stands, in case no attestation follows.
    pub fn note_origin(&self, statement: i64, place: (usize, u64)) -> Result<(), Error> {
        let sql = "INSERT OR IGNORE INTO temp.origin (statement, file, line) VALUES (?1, ?2, ?3)";
        self.run(sql, (statement, number(place.0), number(place.1))).map(|_| ())
    }

    /// Statements read from a file that nothing attests: key, file and line; at most `limit`.
    pub fn unattested(&self, limit: usize) -> Result<Vec<(String, usize, u64)>, Error> {
        let sql = "SELECT s.key, o.file, o.line FROM temp.origin AS o CROSS JOIN statement AS s ON s.id = o.statement
          WHERE NOT EXISTS (SELECT 1 FROM attestation AS x WHERE x.statement = s.id) ORDER BY o.file, o.line LIMIT ?1";
        self.origins(sql, limit)
    }

    /// Likewise those that have neither a claim nor a link to another statement.
    pub fn about_nothing(&self, limit: usize) -> Result<Vec<(String, usize, u64)>, Error> {
        let sql = "SELECT s.key, o.file, o.line FROM temp.origin AS o CROSS JOIN statement AS s ON s.id = o.statement
          WHERE s.claim IS NULL AND NOT EXISTS (SELECT 1 FROM statement_link AS l WHERE l.from_statement = s.id)
          ORDER BY o.file, o.line LIMIT ?1";
        self.origins(sql, limit)
    }

    fn origins(&self, sql: &str, limit: usize) -> Result<Vec<(String, usize, u64)>, Error> {
        self.all(sql, [i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            let (file, line): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, usize::try_from(file).unwrap_or(0), u64::try_from(line).unwrap_or(0)))
        })
    }

    /// The key of the row of a table that has this item of Wikidata, among those that were there when this was asked first.
    pub fn with_item(&self, table: &str, item: &str) -> Result<Option<String>, Error> {
        let listed = "SELECT 1 FROM temp.item LIMIT 1";
        if self.first(listed, [], |_| Ok(()))?.is_none() {
            self.run(LIST_ITEMS, [])?;
        }
        let sql = "SELECT key FROM temp.item WHERE name = ?1 AND item = ?2";
        self.first(sql, [table, item], |row| row.get(0))
    }

    /// Remembers that the row of a key was refused, so that references to it are not refused as well.
    pub fn note_refused(&self, kind: usize, key: &str) -> Result<(), Error> {
        let sql = "INSERT OR IGNORE INTO temp.refused (kind, key) VALUES (?1, ?2)";
        self.run(sql, (number(kind), key)).map(|_| ())
    }

    /// Whether the row of a key was refused.
    pub fn was_refused(&self, kind: usize, key: &str) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM temp.refused WHERE kind = ?1 AND key = ?2";
        Ok(self.first(sql, (number(kind), key), |_| Ok(()))?.is_some())
    }

    /// Whether one statement leads to another over links of one kind.
    pub fn reaches(&self, from: i64, to: i64, link: i64) -> Result<bool, Error> {
        let sql = "WITH RECURSIVE reached (id) AS (
            SELECT ?1 UNION SELECT l.to_statement FROM reached AS r CROSS JOIN statement_link AS l
              ON l.from_statement = r.id AND l.link = ?3)
          SELECT 1 FROM reached WHERE id = ?2";
        Ok(self.first(sql, (from, to, link), |_| Ok(()))?.is_some())
    }

    /// The statements from one to another over links of one kind, both ends included; only the ends where it is far.
    pub fn chain(&self, from: i64, to: i64, link: i64) -> Result<Vec<i64>, Error> {
        const FAR: usize = 10_000;
        let sql = "SELECT to_statement FROM statement_link WHERE from_statement = ?1 AND link = ?2";
        let mut came: BTreeMap<i64, i64> = BTreeMap::new();
        let mut open = VecDeque::from([from]);
        while let Some(id) = open.pop_front().filter(|id| *id != to && came.len() < FAR) {
            for next in self.all(sql, [id, link], |row| row.get::<_, i64>(0))? {
                if next != from && !came.contains_key(&next) {
                    came.insert(next, id);
                    open.push_back(next);
                }
            }
        }
        let mut chain = vec![to];
        let mut at = to;
        while let Some(before) = came.get(&at).filter(|_| at != from) {
            at = *before;
            chain.push(at);
        }
        if at != from {
            chain.push(from);
        }
        chain.reverse();
        Ok(chain)
    }

    /// Whether some link of one kind points to a statement that was added later than its own.
    pub fn has_forward_link(&self, link: i64) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM statement_link WHERE link = ?1 AND from_statement <= to_statement LIMIT 1";
        Ok(self.first(sql, [link], |_| Ok(()))?.is_some())
    }

    /// The speaker of a statement, as one with those that are judged to be the same.
    pub fn speaker(&self, statement: i64) -> Result<Option<i64>, Error> {
        let sql = "SELECT coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = s.speaker), s.speaker)
          FROM statement AS s WHERE s.id = ?1";
        self.first(sql, [statement], |row| row.get(0))
    }
}

/// The items of Wikidata that actors and venues have; of two rows with one item, the older one. The first row makes the list
/// one that is not empty.
const LIST_ITEMS: &str = "INSERT OR IGNORE INTO temp.item (name, item, key)
  SELECT '', '', '' UNION ALL
  SELECT * FROM (SELECT 'actor', wikidata, key FROM actor WHERE wikidata IS NOT NULL ORDER BY id) UNION ALL
  SELECT * FROM (SELECT 'venue', wikidata, key FROM venue WHERE wikidata IS NOT NULL ORDER BY id)";

fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}
