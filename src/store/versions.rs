//! Stores of earlier versions: how each is recognised, and what brings its rows to the next one. Tables, indexes, views and
//! the catalogue follow from `schema.sql` alone, so a step tells only what becomes of rows.

/// One row a version, the oldest first.
pub(crate) const PAST: &[Past] = &[
    Past {
    version: 1,
    fingerprint: "b80810b31ab6c7367cfda23d06c3731e",
    told: &[
        "the log of changes keeps rows: from now on changes can be undone, and asked about as they were recorded",
        "the store can have kinds and edges of your own",
    ],
    sql: "
ALTER TABLE change ADD COLUMN summary TEXT;
UPDATE change SET summary = json_set(CASE WHEN json_valid(after) THEN after ELSE '{}' END, '$.without_rows', json('true'));
UPDATE change SET action = 'import' WHERE action NOT IN ('import', 'write', 'undo');",
},
    Past {
        version: 2,
        fingerprint: "cc705005f08197941ef072e767bc3b8d",
        told: &["two actors can be judged to be one, and what was written down of each stays as it is"],
        sql: "",
    },
];

/// An earlier version.
#[derive(Debug)]
pub(crate) struct Past {
    /// Its number, in the file's header.
    pub(crate) version: i64,
    /// Of its tables, indexes and views, as `schema::fingerprint` gives it.
    pub(crate) fingerprint: &'static str,
    /// What the next version brings, for the owner of the store.
    pub(crate) told: &'static [&'static str],
    /// What is done with its rows before the tables are made as they are now. May add columns that the next version has.
    pub(crate) sql: &'static str,
}

/// The steps from a version to ours; none where no dixit made it.
pub(crate) fn since(version: i64) -> &'static [Past] {
    let first = PAST.iter().position(|past| past.version == version);
    first.and_then(|first| PAST.get(first..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::PAST;
    use crate::store::header::VERSION;

    #[test]
    fn every_version_before_ours_has_its_row() {
        let known: Vec<i64> = PAST.iter().map(|past| past.version).collect();
        assert_eq!(known, (1..VERSION).collect::<Vec<_>>());
    }
}
