//! Proves of what a change touched that it keeps the rules which hold across rows.

use crate::store::batch::Batch;
use crate::store::error::Error;

/// What a change can break: of what kind of node, in words, and the query that finds where it did.
const AT_STAKE: &[(&str, &str, &str)] = &[
    (
        "statement",
        "is attested nowhere; say where it was read, as in `(s)-[:in]->(:Source '…')`",
        "SELECT s.key FROM temp.at_stake AS t CROSS JOIN statement AS s ON s.id = t.id
         WHERE NOT EXISTS (SELECT 1 FROM attestation AS x WHERE x.statement = s.id)",
    ),
    (
        "statement",
        "has neither a claim nor a statement that it is about",
        "SELECT s.key FROM temp.at_stake AS t CROSS JOIN statement AS s ON s.id = t.id
         WHERE t.fresh AND s.claim IS NULL AND NOT EXISTS (SELECT 1 FROM statement_link AS l WHERE l.from_statement = s.id)",
    ),
    (
        "statement",
        "would take back what somebody else said, but a reversal has one speaker",
        "WITH reverses (id) AS (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reverses'),
           reversal (a, b) AS (
             SELECT l.from_statement, l.to_statement FROM temp.at_stake AS t CROSS JOIN reverses AS r
               CROSS JOIN statement_link AS l ON l.from_statement = t.id AND l.link = r.id
             UNION ALL SELECT l.from_statement, l.to_statement FROM temp.at_stake AS t CROSS JOIN reverses AS r
               CROSS JOIN statement_link AS l ON l.to_statement = t.id AND l.link = r.id)
         SELECT f.key FROM reversal AS w CROSS JOIN statement AS f ON f.id = w.a CROSS JOIN statement AS o ON o.id = w.b
         WHERE coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = f.speaker), f.speaker)
            <> coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = o.speaker), o.speaker)",
    ),
    (
        "statement",
        "would report itself, be it through others",
        "WITH RECURSIVE reports (id) AS (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports'),
           walk (start, at) AS (
             SELECT t.id, l.to_statement FROM temp.at_stake AS t CROSS JOIN reports AS r
               CROSS JOIN statement_link AS l ON l.from_statement = t.id AND l.link = r.id
             UNION SELECT w.start, l.to_statement FROM walk AS w CROSS JOIN reports AS r
               CROSS JOIN statement_link AS l ON l.from_statement = w.at AND l.link = r.id)
         SELECT s.key FROM walk AS w CROSS JOIN statement AS s ON s.id = w.start WHERE w.start = w.at",
    ),
    (
        "actor",
        "would not be named, and yet judged to be one with another",
        "SELECT a.key FROM temp.actor_at_stake AS t CROSS JOIN actor AS a ON a.id = t.id
           CROSS JOIN term AS i ON i.id = a.identity WHERE i.term <> 'named'
             AND (EXISTS (SELECT 1 FROM same_as AS m WHERE m.kind = 1 AND m.node = a.id)
               OR EXISTS (SELECT 1 FROM same_as AS m WHERE m.kind = 1 AND m.same = a.id))",
    ),
];

/// The statements and the actors that the transaction touched, as far as its log tells; `fresh` statements were added, or
/// lost a claim or a link.
const GATHER: &str = "
CREATE TEMP TABLE IF NOT EXISTS at_stake (id INTEGER PRIMARY KEY, fresh INTEGER NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS actor_at_stake (id INTEGER PRIMARY KEY);
DELETE FROM temp.at_stake;
DELETE FROM temp.actor_at_stake;
INSERT OR IGNORE INTO temp.actor_at_stake SELECT id FROM temp.logged WHERE table_name = 'actor' AND after IS NOT NULL;
INSERT OR IGNORE INTO temp.actor_at_stake SELECT json_extract(key, '$[1]') FROM temp.logged
  WHERE table_name = 'same_as' AND json_extract(key, '$[0]') = 1;
INSERT OR IGNORE INTO temp.at_stake SELECT id, 1 FROM statement WHERE id > :base;
INSERT OR IGNORE INTO temp.at_stake SELECT json_extract(g.key, '$[' || p.value || ']'), g.after IS NULL AND p.value = 0
  FROM temp.logged AS g CROSS JOIN json_each('[0,2]') AS p WHERE g.table_name = 'statement_link' ORDER BY 2 DESC;
INSERT OR IGNORE INTO temp.at_stake SELECT id, coalesce(json_extract(before, '$.claim') IS NOT json_extract(after, '$.claim'), 1)
  FROM temp.logged WHERE table_name = 'statement' AND after IS NOT NULL;
INSERT OR IGNORE INTO temp.at_stake SELECT json_extract(coalesce(before, after), '$.statement'), 0
  FROM temp.logged WHERE table_name = 'attestation';
INSERT OR IGNORE INTO temp.at_stake SELECT s.id, 0 FROM temp.logged AS g
  CROSS JOIN statement AS s ON s.speaker = json_extract(g.key, '$[1]')
  WHERE g.table_name = 'same_as' AND json_extract(g.key, '$[0]') = 1;";

impl Batch<'_> {
    /// Proves that what was changed so far keeps the rules that hold across rows.
    pub fn prove(&self) -> Result<(), Error> {
        self.prove_above(self.log.base("statement"))
    }

    /// The same of what was there before; for an import, which looks at each row that it adds when it reads it.
    pub fn prove_changed(&self) -> Result<(), Error> {
        self.prove_above(i64::MAX)
    }

    /// Statements with ids above this count as touched.
    fn prove_above(&self, base: i64) -> Result<(), Error> {
        for sql in GATHER.split(';').filter(|sql| !sql.trim().is_empty()) {
            let sql = sql.replace(":base", &base.to_string());
            self.done(self.writer.connection.execute_batch(&sql))?;
        }
        for (noun, what, sql) in AT_STAKE {
            let broken: Option<String> = self.first(sql, [], |row| row.get(0))?;
            if let Some(key) = broken {
                let next = "nothing was changed".to_owned();
                return Err(Error::Rule(format!("{noun} '{key}' {what}"), Some(next)));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change of many rows asks these of each of them, so none may read a whole table for each.
    #[test]
    fn what_a_change_touched_is_proved_by_indexes() {
        let folder = tempfile::TempDir::new().unwrap();
        let writer = crate::store::create(&folder.path().join("test.dixit")).unwrap();
        let connection = &writer.connection;
        connection
            .execute_batch(
                "CREATE TEMP TABLE at_stake (id INTEGER PRIMARY KEY, fresh INTEGER NOT NULL);
                 CREATE TEMP TABLE actor_at_stake (id INTEGER PRIMARY KEY)",
            )
            .unwrap();
        for (_, what, sql) in AT_STAKE {
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = explain.query_map([], |row| row.get::<_, String>(3)).unwrap();
            let scans: Vec<String> = steps
                .map(Result::unwrap)
                .filter(|step| {
                    step.starts_with("SCAN")
                        && !matches!(step.as_str(), "SCAN t" | "SCAN w" | "SCAN r")
                })
                .collect();
            assert!(scans.is_empty(), "{what}: {scans:?}");
        }
    }
}
