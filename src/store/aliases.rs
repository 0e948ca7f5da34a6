//! Other names: which there are, and what changes them. One that also names something else is told, not refused.

use super::Reader;
use super::batch::Batch;
use super::catalogue::quoted;
use super::error::Error;
use super::history::Known;
use super::judge::Named;
use super::search::{Found, Matching};
use crate::base::fold::lookup_form;

/// Another name of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The kind of the node.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// Its usual name.
    pub name: String,
    /// The other name.
    pub alias: String,
    /// Keys of others of its kind that go by it too, at most five.
    pub also: Vec<String>,
}

/// How many others are told.
const MOST_ALSO: i64 = 5;

impl Reader {
    /// The other names of some nodes, or of all.
    pub fn aliases(&self, of: Option<&[Known]>) -> Result<Vec<Alias>, Error> {
        self.found_aliases(of).map_err(|error| self.failed(error))
    }

    fn found_aliases(&self, of: Option<&[Known]>) -> rusqlite::Result<Vec<Alias>> {
        let mut all = Vec::new();
        for kind in super::catalogue::kinds(self.connection())? {
            let Some(key) = kind.key_column.as_deref().map(quoted) else { continue };
            let shown = kind.shown.as_deref().map_or_else(|| key.clone(), quoted);
            let (table, number) = (quoted(&kind.table), kind.id);
            // A node has the names of those that are read as it, too: other names as theirs, usual ones as its own.
            let sql = format!(
                "WITH one (id) AS (SELECT coalesce((SELECT same FROM same_as WHERE kind = {number} AND node = ?1), ?1))
                 SELECT n.{key}, n.{shown}, a.name, a.node FROM alias AS a CROSS JOIN {table} AS n ON n.id = a.node
                 WHERE a.kind = {number} AND (?1 IS NULL OR a.node IN (SELECT id FROM one UNION ALL
                   SELECT node FROM same_as WHERE kind = {number} AND same = (SELECT id FROM one)))
                 UNION
                 SELECT n.{key}, n.{shown}, o.{shown}, n.id FROM same_as AS m CROSS JOIN {table} AS n ON n.id = m.same
                   CROSS JOIN {table} AS o ON o.id = m.node
                 WHERE m.kind = {number} AND (?1 IS NULL OR m.same = (SELECT id FROM one)) AND o.{shown} IS NOT n.{shown}
                 ORDER BY 1, 3"
            );
            let also = format!(
                "SELECT n.{key} FROM lookup AS l CROSS JOIN {table} AS n ON n.id = l.node
                 WHERE l.kind = {number} AND l.folded = ?1 AND l.node <> ?2
                   AND coalesce((SELECT same FROM same_as WHERE kind = {number} AND node = l.node), l.node)
                     <> coalesce((SELECT same FROM same_as WHERE kind = {number} AND node = ?2), ?2)
                 ORDER BY 1 LIMIT {MOST_ALSO}"
            );
            let wanted: Vec<Option<i64>> = match of {
                None => vec![None],
                Some(nodes) => {
                    let own = nodes.iter().filter(|node| node.kind == kind.name);
                    own.map(|node| Some(node.id)).collect()
                }
            };
            for node in wanted {
                let mut statement = self.connection().prepare(&sql)?;
                let mut rows = statement.query([node])?;
                while let Some(row) = rows.next()? {
                    let (alias, id): (String, i64) = (row.get(2)?, row.get(3)?);
                    let mut others = self.connection().prepare_cached(&also)?;
                    let others = others.query_map((lookup_form(&alias), id), |row| row.get(0))?;
                    all.push(Alias {
                        kind: kind.name.clone(),
                        key: row.get(0)?,
                        name: row.get(1)?,
                        also: others.collect::<rusqlite::Result<_>>()?,
                        alias,
                    });
                }
            }
        }
        Ok(all)
    }
}

impl Batch<'_> {
    /// The node that a key means, or else a name, with the place of its kind. An error where none or several do.
    pub fn any(&self, text: &str) -> Result<(usize, Named), Error> {
        let mut keyed = Vec::new();
        let mut named = Vec::new();
        for (at, kind) in self.kinds.iter().enumerate().filter(|(_, kind)| kind.shown.is_some()) {
            if self.by_key(at, text)?.is_some() {
                keyed.push((at, self.named(&kind.table, text)?));
                continue;
            }
            match self.find(at, text, Matching::Folded)? {
                Found::Nothing => {}
                Found::One(_) | Found::Several(_) => named.push(at),
            }
        }
        let mut found = keyed;
        if found.is_empty() {
            for at in named {
                let Some(kind) = self.kinds.get(at) else { continue };
                found.push((at, self.named(&kind.table, text)?));
            }
        }
        match found.len() {
            0 | 1 => found.pop().ok_or_else(|| {
                let next = "`dixit aliases` lists every other name".to_owned();
                Error::Unknown(format!("nothing is called '{text}'"), Some(next))
            }),
            _ => {
                let keys = found.iter().map(|(at, node)| {
                    let kind = self.kinds.get(*at).map(|kind| kind.name.to_lowercase());
                    format!("{} '{}'", kind.unwrap_or_default(), node.key)
                });
                let what = format!("'{text}' may be {}", keys.collect::<Vec<_>>().join(" or "));
                Err(Error::Unknown(what, Some("write the key of the one that is meant".to_owned())))
            }
        }
    }

    /// Gives a node further names and takes others away. Gives what is worth a remark.
    pub fn rename(
        &self,
        (kind, node): (usize, &Named),
        add: &[String],
        remove: &[String],
    ) -> Result<Vec<String>, Error> {
        let Some(number) = self.kinds.get(kind).map(|kind| kind.id) else { return Ok(Vec::new()) };
        let sql = "SELECT name FROM alias WHERE kind = ?1 AND node = ?2";
        let mut names: Vec<String> = self.all(sql, [number, node.id], |row| row.get(0))?;
        let mut remarks = Vec::new();
        for name in remove {
            let Some(at) = names.iter().position(|known| known == name) else {
                if let Some(other) = self.goes_by(number, node, name)? {
                    let what = format!(
                        "'{name}' is a name of '{other}', which is judged to be one with '{}'",
                        node.key
                    );
                    let next = format!(
                        "`dixit aliases {other} --remove …` takes it away there; the usual name stays while they are one"
                    );
                    return Err(Error::Rule(what, Some(next)));
                }
                let near = crate::base::closest::closest(name, names.iter().map(String::as_str));
                let next = near.map(|near| format!("did you mean '{near}'?"));
                let what = format!("'{}' goes by no other name '{name}'", node.key);
                return Err(Error::Rule(what, next));
            };
            names.remove(at);
        }
        for name in add {
            let name = name.trim();
            if name.is_empty() {
                return Err(Error::Rule("a name needs a letter".to_owned(), None));
            }
            if names.iter().any(|known| known == name) || name == node.name {
                remarks.push(format!("'{}' goes by '{name}' already", node.key));
                continue;
            }
            remarks.extend(self.also_called(kind, node, name)?);
            names.push(name.to_owned());
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.set_aliases(kind, node.id, &names)?;
        Ok(remarks)
    }

    /// The key of another node that is judged to be one with this one, and has a name.
    fn goes_by(&self, kind: i64, node: &Named, name: &str) -> Result<Option<String>, Error> {
        let Some(known) = self.kinds.iter().find(|known| known.id == kind) else { return Ok(None) };
        let own = self.read_as(kind, node.id)?;
        let rows = self.called(known, name, false)?;
        for (id, key) in rows {
            if id != node.id && self.read_as(kind, id)? == own {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// Who else of a kind goes by a name, in words.
    fn also_called(&self, kind: usize, node: &Named, name: &str) -> Result<Option<String>, Error> {
        let Some(known) = self.kinds.get(kind) else { return Ok(None) };
        let own = self.read_as(known.id, node.id)?;
        let rows = self.called(known, name, false)?;
        let mut others = Vec::new();
        for (id, key) in rows {
            if self.read_as(known.id, id)? != own {
                others.push(format!("'{key}'"));
            }
        }
        Ok((!others.is_empty()).then(|| {
            format!(
                "'{name}' names {} as well: a question that asks for it finds them all",
                others.join(", ")
            )
        }))
    }
}
