//! Proves what every store promises. Each promise is a row: a code, a sentence and the query that finds breaches.

use super::{Reader, batch::Batch, catalogue::quoted, declared, error::Error};
use crate::record::catalogue::{Catalogue, Property};

/// A breach of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable and unique, such as `S01`.
    pub code: &'static str,
    /// The promise, in words.
    pub promise: &'static str,
    /// What breaks it: a key, or a table and a row.
    pub place: String,
}

/// The promises that one query can prove; each query gives the places where it is broken.
const PROMISES: &[(&str, &str, &str)] = &[
    (
        "S01",
        "every statement is attested",
        "SELECT s.key FROM statement AS s WHERE NOT EXISTS (SELECT 1 FROM attestation AS x WHERE x.statement = s.id)",
    ),
    ("S02", "every relation rests on a source", "SELECT key FROM relation WHERE source IS NULL"),
    (
        "S03",
        "a reversal has one speaker",
        "SELECT f.key || ' reverses ' || o.key FROM statement_link AS l JOIN term AS t ON t.id = l.link
           JOIN statement AS f ON f.id = l.from_statement JOIN statement AS o ON o.id = l.to_statement
         WHERE t.vocabulary = 'link' AND t.term = 'reverses' AND coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = f.speaker), f.speaker)
            <> coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = o.speaker), o.speaker)",
    ),
    (
        "S04",
        "no statement reports itself, be it through others",
        "WITH RECURSIVE edge (a, b) AS (
             SELECT from_statement, to_statement FROM statement_link
             WHERE link = (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports')),
           forward (a, b) AS (SELECT a, b FROM edge WHERE a <= b),
           walk (start, at) AS (SELECT a, b FROM forward UNION SELECT w.start, e.to_statement FROM walk AS w
             CROSS JOIN statement_link AS e ON e.from_statement = w.at
               AND e.link = (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports'))
         SELECT DISTINCT s.key FROM walk AS w CROSS JOIN statement AS s ON s.id = w.start WHERE w.start = w.at",
    ),
    (
        "S05",
        "a link joins what its family says",
        "SELECT 'statement_link: ' || t.term FROM statement_link AS l JOIN term AS t ON t.id = l.link WHERE t.family IS NOT 'S>S'
         UNION ALL SELECT 'statement_claim_link: ' || t.term FROM statement_claim_link AS l JOIN term AS t ON t.id = l.link WHERE t.family IS NOT 'S>C'
         UNION ALL SELECT 'claim_link: ' || t.term FROM claim_link AS l JOIN term AS t ON t.id = l.link WHERE t.family IS NOT 'C>C'",
    ),
    (
        "S06",
        "a symmetric link is kept in both directions",
        "SELECT f.key || ' ' || t.term || ' ' || o.key FROM claim_link AS l JOIN term AS t ON t.id = l.link AND t.symmetric = 1
           JOIN claim AS f ON f.id = l.from_claim JOIN claim AS o ON o.id = l.to_claim
         WHERE NOT EXISTS (SELECT 1 FROM claim_link AS m WHERE m.from_claim = l.to_claim AND m.link = l.link AND m.to_claim = l.from_claim)",
    ),
    (
        "S07",
        "a relation does not end before it starts",
        "SELECT key FROM relation WHERE valid_from_first > valid_to_last",
    ),
    (
        "S08",
        "every node can be found by its name",
        "SELECT 'actor ' || key FROM actor AS n WHERE NOT EXISTS (SELECT 1 FROM lookup WHERE kind = 1 AND node = n.id)
         UNION ALL SELECT 'venue ' || key FROM venue AS n WHERE NOT EXISTS (SELECT 1 FROM lookup WHERE kind = 2 AND node = n.id)
         UNION ALL SELECT 'source ' || key FROM source AS n WHERE NOT EXISTS (SELECT 1 FROM lookup WHERE kind = 5 AND node = n.id)
         UNION ALL SELECT 'claim ' || key FROM claim AS n WHERE NOT EXISTS (SELECT 1 FROM lookup WHERE kind = 6 AND node = n.id)",
    ),
];

/// Of the promises above those that a change can break, asked only of the statements at stake.
const AT_STAKE: &[(&str, &str)] = &[
    (
        "is attested nowhere; say where it was read, as in `(s)-[:in]->(:Source '…')`",
        "SELECT s.key FROM temp.at_stake AS t CROSS JOIN statement AS s ON s.id = t.id
         WHERE NOT EXISTS (SELECT 1 FROM attestation AS x WHERE x.statement = s.id)",
    ),
    (
        "has neither a claim nor a statement that it is about",
        "SELECT s.key FROM temp.at_stake AS t CROSS JOIN statement AS s ON s.id = t.id
         WHERE t.fresh AND s.claim IS NULL AND NOT EXISTS (SELECT 1 FROM statement_link AS l WHERE l.from_statement = s.id)",
    ),
    (
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
        "would report itself, be it through others",
        "WITH RECURSIVE reports (id) AS (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports'),
           walk (start, at) AS (
             SELECT t.id, l.to_statement FROM temp.at_stake AS t CROSS JOIN reports AS r
               CROSS JOIN statement_link AS l ON l.from_statement = t.id AND l.link = r.id
             UNION SELECT w.start, l.to_statement FROM walk AS w CROSS JOIN reports AS r
               CROSS JOIN statement_link AS l ON l.from_statement = w.at AND l.link = r.id)
         SELECT s.key FROM walk AS w CROSS JOIN statement AS s ON s.id = w.start WHERE w.start = w.at",
    ),
];

/// The statements that the transaction touched, as far as its log tells; `fresh` ones were added, or lost
/// a claim or a link.
const GATHER: &str = "
CREATE TEMP TABLE IF NOT EXISTS at_stake (id INTEGER PRIMARY KEY, fresh INTEGER NOT NULL);
DELETE FROM temp.at_stake;
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
        let base = self.log.base("statement");
        for sql in GATHER.split(';').filter(|sql| !sql.trim().is_empty()) {
            let sql = sql.replace(":base", &base.to_string());
            self.done(self.writer.connection.execute_batch(&sql))?;
        }
        for (what, sql) in AT_STAKE {
            let broken: Option<String> = self.first(sql, [], |row| row.get(0))?;
            if let Some(key) = broken {
                let next = "nothing was changed".to_owned();
                return Err(Error::Rule(format!("statement '{key}' {what}"), Some(next)));
            }
        }
        Ok(())
    }
}

/// Everything wrong with a store, at most a hundred findings a promise.
pub fn check(reader: &Reader) -> Result<Vec<Finding>, Error> {
    let catalogue = reader.catalogue()?;
    let mut findings = Vec::new();
    for (code, promise, sql) in PROMISES {
        gather(reader, code, promise, sql, &mut findings)?;
    }
    dates(reader, &catalogue, &mut findings)?;
    references(reader, &catalogue, &mut findings)?;
    values(reader, &catalogue, &mut findings)?;
    terms(reader, &catalogue, &mut findings)?;
    engine(reader, &mut findings)?;
    Ok(findings)
}

/// What the database itself can tell: damaged pages, indexes that miss rows, dangling foreign keys.
fn engine(reader: &Reader, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let mut texts = Vec::new();
    rows(reader, "PRAGMA integrity_check", |row| {
        texts.push(row.get::<_, String>(0)?);
        Ok(())
    })?;
    let sound = texts.iter().all(|text| text == "ok");
    let broken = texts.into_iter().filter(|_| !sound);
    findings.extend(broken.map(|place| Finding {
        code: "S12",
        promise: "the file is sound",
        place,
    }));
    rows(reader, "PRAGMA foreign_key_check", |row| {
        let (table, id): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
        let place = format!("{table} {}", id.map_or_else(|| "row".to_owned(), |id| id.to_string()));
        findings.push(Finding { code: "S13", promise: "every id leads to a row", place });
        Ok(())
    })
}

/// Every date column holds its three parts in order: days that exist, first not after last.
fn dates(reader: &Reader, catalogue: &Catalogue, findings: &mut Vec<Finding>) -> Result<(), Error> {
    for property in catalogue.properties.iter().filter(|property| property.storage == "date") {
        let (table, prefix) =
            (&property.table, property.column.as_deref().unwrap_or(&property.name));
        let [first, last, text] =
            ["first", "last", "text"].map(|part| quoted(&format!("{prefix}_{part}")));
        let bad_day = |day: &str| {
            format!(
                "({day} NOT IN (0, 99999999) AND ({day} / 100 % 100 NOT BETWEEN 1 AND 12 OR {day} % 100 NOT BETWEEN 1 AND 31))"
            )
        };
        let sql = format!(
            "SELECT '{table} ' || id FROM {} WHERE {first} > {last} OR ({first} IS NULL) <> ({last} IS NULL)
               OR {} OR {} OR ({text} IS NOT NULL AND {first} IS NULL) OR ({text} IS NULL AND {first} <> {last})",
            quoted(table),
            bad_day(&first),
            bad_day(&last)
        );
        gather(reader, "S09", "every date can be read, and starts before it ends", &sql, findings)?;
    }
    Ok(())
}

/// References that may point to any kind point to a row.
fn references(
    reader: &Reader,
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let mut ends: Vec<(&str, &str, &str)> =
        vec![("alias", "kind", "node"), ("lookup", "kind", "node")];
    for edge in &catalogue.edges {
        for end in [&edge.from, &edge.to] {
            ends.extend(
                end.kind_column
                    .as_deref()
                    .map(|kind| (edge.table.as_str(), kind, end.column.as_str())),
            );
        }
    }
    for (table, kind, node) in ends {
        let known: Vec<String> = catalogue
            .kinds
            .iter()
            .map(|row| {
                let target = quoted(&row.table);
                format!(
                    "WHEN {} THEN EXISTS (SELECT 1 FROM {target} WHERE {target}.id = x.{})",
                    row.id,
                    quoted(node)
                )
            })
            .collect();
        let sql = format!(
            "SELECT '{table} to kind ' || x.{0} || ', id ' || x.{1} FROM {2} AS x WHERE NOT CASE x.{0} WHEN 0 THEN 0 {3} ELSE 0 END",
            quoted(kind),
            quoted(node),
            quoted(table),
            known.join(" ")
        );
        gather(reader, "S10", "every reference leads to a row", &sql, findings)?;
    }
    Ok(())
}

/// Every term is of the vocabulary that its column asks for.
fn terms(reader: &Reader, catalogue: &Catalogue, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let mut columns: Vec<(&str, &str, &str)> = Vec::new();
    let is_term = |property: &&Property| property.storage == "term";
    for property in catalogue.properties.iter().filter(is_term) {
        if let (Some(column), Some(vocabulary)) = (&property.column, &property.vocabulary) {
            columns.push((&property.table, column, vocabulary));
        }
    }
    for edge in &catalogue.edges {
        if let (Some(column), Some(vocabulary)) = (&edge.term_column, &edge.vocabulary) {
            columns.push((&edge.table, column, vocabulary));
        }
    }
    columns.sort_unstable();
    columns.dedup();
    for (table, column, vocabulary) in columns {
        let sql = format!(
            "SELECT '{table}.{column}: ' || coalesce(t.vocabulary || ' ' || t.term, 'no term ' || x.{0})
             FROM {1} AS x LEFT JOIN term AS t ON t.id = x.{0}
             WHERE x.{0} IS NOT NULL AND t.vocabulary IS NOT '{2}'",
            quoted(column),
            quoted(table),
            vocabulary.replace('\'', "''")
        );
        gather(reader, "S11", "every term is of the right vocabulary", &sql, findings)?;
    }
    Ok(())
}

/// Declared properties hold what their types say, as far as the tables themselves do not see to it.
fn values(
    reader: &Reader,
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    for property in catalogue.properties.iter().filter(|row| declared::is_declared(&row.table)) {
        let Some(column) = property.column.as_deref().map(quoted) else { continue };
        let wrong = match property.ty.as_str() {
            "bool" => format!("{column} NOT IN (0, 1)"),
            "any" => {
                format!("typeof({column}) = 'blob' AND NOT json_valid(CAST({column} AS TEXT))")
            }
            ty if ty.starts_with("list<") => format!(
                "CASE WHEN json_valid({column}) THEN json_type({column}) <> 'array' ELSE {column} IS NOT NULL END"
            ),
            _ => continue,
        };
        let table = &property.table;
        let sql = format!("SELECT '{table} ' || id FROM {} WHERE {wrong}", quoted(table));
        gather(reader, "S14", "every declared property holds what its type says", &sql, findings)?;
    }
    Ok(())
}

fn gather(
    reader: &Reader,
    code: &'static str,
    promise: &'static str,
    sql: &str,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    rows(reader, &format!("{sql} LIMIT 100"), |row| {
        let place =
            String::from_utf8_lossy(row.get_ref(0)?.as_bytes().unwrap_or_default()).into_owned();
        findings.push(Finding { code, promise, place });
        Ok(())
    })
}

fn rows(
    reader: &Reader,
    sql: &str,
    mut each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), Error> {
    let mut run = || {
        let mut statement = reader.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        Ok(())
    };
    run().map_err(|error| reader.failed(error))
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
                "CREATE TEMP TABLE at_stake (id INTEGER PRIMARY KEY, fresh INTEGER NOT NULL)",
            )
            .unwrap();
        for (what, sql) in AT_STAKE {
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
