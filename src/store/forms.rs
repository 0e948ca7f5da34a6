//! The table of what nodes are looked up by, made anew from their keys and names.

use rusqlite::{Connection, Result};

use super::catalogue::quoted;

/// A kind whose nodes have keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyed<'k> {
    pub(super) id: i64,
    pub(super) table: &'k str,
    pub(super) key: &'k str,
    /// The column of its names, where it has one besides the key.
    pub(super) shown: Option<&'k str>,
}

/// Adds all that the nodes of a kind are looked up by, in the order in which it is kept.
pub(super) fn fill(connection: &Connection, kind: Keyed<'_>) -> Result<()> {
    let Keyed { id, .. } = kind;
    let (table, key) = (quoted(kind.table), quoted(kind.key));
    let mut parts = vec![
        format!(
            "SELECT dixit_kept({key}) AS folded, id AS node FROM {table} WHERE dixit_kept({key}) IS NOT NULL"
        ),
        format!("SELECT dixit_lookup(name), node FROM alias WHERE kind = {id}"),
    ];
    if let Some(shown) = kind.shown.map(quoted) {
        parts.push(format!(
            "SELECT dixit_lookup({shown}), id FROM {table} WHERE {shown} IS NOT NULL"
        ));
    }
    let parts = parts.join(" UNION ALL ");
    connection.execute_batch(&format!(
        "INSERT OR IGNORE INTO lookup (kind, folded, node)
         SELECT {id}, folded, node FROM ({parts}) ORDER BY folded, node"
    ))
}
