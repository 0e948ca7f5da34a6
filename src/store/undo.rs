//! Takes a change back: rows it added go, rows it changed or deleted are again as they were. Undoing is itself a change.
//! The same steps, without the questions asked first, bring a copy of a store back to an earlier time.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde_json::Value as Json;

use super::batch::Batch;
use super::catalogue::quoted;
use super::error::Error;
use super::layout::{Table, To};

/// A row of the log.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    pub(crate) change: i64,
    pub(crate) table: String,
    /// The range of ids, or the one id twice.
    pub(crate) ids: Option<(i64, i64)>,
    pub(crate) key: Option<String>,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

pub(crate) const LOGGED: &str =
    "SELECT change, table_name, first, last, key, before, after FROM change_row";

impl Logged {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (first, last): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
        Ok(Self {
            change: row.get(0)?,
            table: row.get(1)?,
            ids: first.zip(last),
            key: row.get(4)?,
            before: row.get(5)?,
            after: row.get(6)?,
        })
    }

    /// Whether it tells of rows that were added, by the range of their ids.
    pub(crate) fn is_range(&self) -> bool {
        self.before.is_none() && self.after.is_none()
    }
}

/// The rows of a change, which may be more than there is room for in memory.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) change: i64,
    /// By the place of a row, what it comes back as where that is not what was before: later changes have their part.
    pub(super) kept: BTreeMap<i64, String>,
}

/// What a row is to hold in columns that a change gave something else: their names and values.
#[derive(Debug)]
struct Changes(Vec<(String, Value)>);

impl Changes {
    /// Nothing where a row has to go and come back, as its key changed, or it was added or deleted.
    fn of(table: &Table, row: &Logged) -> Option<Self> {
        if !table.has_ids || row.table.starts_with("dixit_") {
            return None;
        }
        let object = |image: &str| match serde_json::from_str(image) {
            Ok(Json::Object(values)) => Some(values),
            _ => None,
        };
        let (before, after) = (object(row.before.as_deref()?)?, object(row.after.as_deref()?)?);
        let mut changes = Vec::new();
        for column in &table.columns {
            let Some(value) = before.get(&column.name) else { continue };
            if after.get(&column.name) == Some(value) {
                continue;
            }
            if column.name == "key" || column.name == table.id() {
                return None;
            }
            let value = if column.plain { plain(value) } else { literal(value) };
            changes.push((column.name.clone(), value));
        }
        Some(Self(changes))
    }
}

/// So many rows of the log are read at a time.
const PAGE: usize = 4096;

/// Nodes whose names and texts have to be made findable again.
type Touched = BTreeSet<(i64, i64)>;

impl Batch<'_> {
    /// Undoes a change, or says what stands against it.
    pub fn undo(&mut self, number: i64) -> Result<(), Error> {
        self.run("PRAGMA defer_foreign_keys = on", [])?;
        if self.first("SELECT 1 FROM change WHERE id = ?1", [number], |_| Ok(()))?.is_none() {
            let next = Some("`dixit log` lists the changes".to_owned());
            return Err(Error::Rule(format!("there is no change {number}"), next));
        }
        if let Some(by) = self.undone()?.0.get(&number) {
            let next = Some(format!("`dixit undo {by}` makes it again"));
            let what = format!("change {number} was undone already, by change {by}");
            return Err(Error::Rule(what, next));
        }
        self.done(self.log.watch_returns(&self.writer.connection))?;
        if self.first("SELECT 1 FROM change_row WHERE change = ?1", [number], |_| Ok(()))?.is_none()
        {
            return Err(self.nothing_to_undo(number)?);
        }
        let rows = self.refuse_conflicts(number)?;
        let declared = self.declarations(&rows)?;
        self.declare_again(&declared)?;
        self.take_back(&rows)?;
        self.refuse_dangling(&rows)?;
        self.undeclare(number, &declared)
    }

    /// Why a change without rows cannot be taken back.
    fn nothing_to_undo(&self, number: i64) -> Result<Error, Error> {
        let sql =
            "SELECT action, json_extract(summary, '$.without_rows') FROM change WHERE id = ?1";
        let known = self.first(sql, [number], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (action, without): (String, Option<bool>) = known.unwrap_or_default();
        let what = match (action.as_str(), without) {
            ("upgrade", _) => {
                format!("change {number} brought the store to a new version, and that stays")
            }
            (_, Some(true)) => {
                format!("change {number} was made when the log did not keep rows yet")
            }
            _ => format!("change {number} only declared what there may be, and that stays"),
        };
        Ok(Error::Rule(what, None))
    }

    /// Brings back what was before a change, whatever stands against it. What it declared stays where that is to be kept.
    pub(crate) fn revert(&mut self, number: i64, kept: bool) -> Result<(), Error> {
        self.run("PRAGMA defer_foreign_keys = on", [])?;
        let rows = Rows { change: number, kept: BTreeMap::new() };
        let declared = self.declarations(&rows)?;
        self.declare_again(&declared)?;
        self.take_back(&rows)?;
        if kept { Ok(()) } else { self.undeclare(number, &declared) }
    }

    /// Goes through the rows of a change in their order, with their places.
    pub(super) fn each(
        &self,
        rows: &Rows,
        mut work: impl FnMut(i64, Logged) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT change, table_name, first, last, key, before, after, place FROM change_row
             WHERE change = ?1 AND place > ?2 ORDER BY place LIMIT {PAGE}"
        );
        let mut last = i64::MIN;
        loop {
            let read = |row: &Row<'_>| Ok((row.get::<_, i64>(7)?, Logged::read(row)?));
            let page = self.all(&sql, [rows.change, last], read)?;
            let is_last = page.len() < PAGE;
            for (place, mut row) in page {
                last = place;
                if let Some(kept) = rows.kept.get(&place) {
                    row.before = Some(kept.clone());
                }
                work(place, row)?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Those of the rows that tell what there may be.
    fn declarations(&self, rows: &Rows) -> Result<Vec<Logged>, Error> {
        let mut found = Vec::new();
        self.each(rows, |_, row| {
            if row.table.starts_with("dixit_") {
                found.push(row);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Takes rows away first and puts rows back then, so that keys may change places.
    fn take_back(&self, rows: &Rows) -> Result<(), Error> {
        let mut touched = Touched::new();
        self.each(rows, |_, row| {
            let Some(table) = self.log.layout.table(&row.table) else { return Ok(()) };
            match (&row.key, row.ids) {
                (Some(key), _) => {
                    if let Some(owner) = owner(table, key) {
                        self.touch_node(owner, &mut touched)?;
                    }
                    if row.after.is_some() {
                        self.remove_link(table, key)?;
                    }
                }
                (None, Some((first, last))) if row.is_range() => {
                    self.remove_range(table, first, last)?;
                }
                (None, Some((id, _))) => {
                    let changes = Changes::of(table, &row);
                    let renamed =
                        changes.as_ref().is_none_or(|changes| self.renames(table, changes));
                    if let (Some(kind), true) = (table.kind, renamed) {
                        self.touch_node((kind, id), &mut touched)?;
                    }
                    if row.after.is_some() && changes.is_none() {
                        let name = quoted(&table.name);
                        self.forget_text(&table.name, id)?;
                        let sql = format!("DELETE FROM {name} WHERE {} = ?1", table.id());
                        self.run(&sql, [id])?;
                    }
                }
                (None, None) => {}
            }
            Ok(())
        })?;
        self.each(rows, |_, row| {
            let (Some(before), Some(table)) = (&row.before, self.log.layout.table(&row.table))
            else {
                return Ok(());
            };
            let id = row.ids.filter(|_| table.has_ids).map(|(id, _)| id);
            if let (Some(id), Some(changes)) = (id, Changes::of(table, &row)) {
                return self.change_back(table, (id, before), &changes);
            }
            self.restore(table, before)?;
            id.map_or(Ok(()), |id| self.index_text(&table.name, id))
        })?;
        for (kind, id) in touched {
            self.renew(kind, id)?;
        }
        Ok(())
    }

    /// Whether a node is found by something else then.
    fn renames(&self, table: &Table, changes: &Changes) -> bool {
        let kind = self.kinds.iter().find(|known| Some(known.id) == table.kind);
        let shown = kind.and_then(|kind| kind.shown.as_ref());
        changes.0.iter().any(|(column, _)| Some(column) == shown)
    }

    /// Gives columns of a row what they held; all of it, should there be no such row.
    fn change_back(
        &self,
        table: &Table,
        (id, before): (i64, &str),
        changes: &Changes,
    ) -> Result<(), Error> {
        let is_searched = self.searches.iter().any(|search| {
            search.is_of(&table.name)
                && changes.0.iter().any(|(column, _)| *column == search.column)
        });
        if is_searched {
            self.forget_text(&table.name, id)?;
        }
        let set: Vec<String> = changes
            .0
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} = ?{}", quoted(column), at + 2))
            .collect();
        if !set.is_empty() {
            let (name, set) = (quoted(&table.name), set.join(", "));
            let sql = format!("UPDATE {name} SET {set} WHERE {} = ?1", table.id());
            let id = [Value::Integer(id)].into_iter();
            let values = id.chain(changes.0.iter().map(|(_, value)| value.clone()));
            let is_gone = self.run(&sql, params_from_iter(values))? == 0;
            if is_gone {
                self.restore(table, before)?;
            }
        }
        if is_searched { self.index_text(&table.name, id) } else { Ok(()) }
    }

    fn remove_link(&self, table: &Table, key: &str) -> Result<(), Error> {
        let sql = format!("DELETE FROM {} WHERE {}", quoted(&table.name), by_key(table, "?1"));
        self.run(&sql, [key]).map(|_| ())
    }

    /// Takes rows away with what belongs to them: links they own, names, texts.
    fn remove_range(&self, table: &Table, first: i64, last: i64) -> Result<(), Error> {
        let searches = self.searches.iter().filter(|search| search.is_of(&table.name));
        for search in searches {
            self.run(&search.forget_range(), [first, last])?;
        }
        let links: Vec<Table> =
            self.log.layout.tables.iter().filter(|link| !link.has_ids).cloned().collect();
        for link in links {
            if let Some(condition) = owned_by(&link, table) {
                let sql = format!("DELETE FROM {} WHERE {condition}", quoted(&link.name));
                self.run(&sql, [first, last])?;
            }
        }
        if let Some(kind) = table.kind {
            let sql = "DELETE FROM lookup WHERE kind = ?1 AND node BETWEEN ?2 AND ?3";
            self.run(sql, [kind, first, last])?;
        }
        let sql =
            format!("DELETE FROM {} WHERE {} BETWEEN ?1 AND ?2", quoted(&table.name), table.id());
        self.run(&sql, [first, last]).map(|_| ())
    }

    /// Puts a row back as the log knows it.
    pub(super) fn restore(&self, table: &Table, image: &str) -> Result<(), Error> {
        let Ok(Json::Object(values)) = serde_json::from_str(image) else { return Ok(()) };
        let columns = table.columns.iter().filter(|column| values.contains_key(&column.name));
        let (mut names, mut given) = (Vec::new(), Vec::new());
        for column in columns {
            names.push(quoted(&column.name));
            let value = values.get(&column.name).unwrap_or(&Json::Null);
            given.push(if column.plain { plain(value) } else { literal(value) });
        }
        let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            quoted(&table.name),
            names.join(", "),
            places.join(", ")
        );
        let inserted = self.writer.connection.prepare_cached(&sql);
        let inserted = inserted.and_then(|mut sql| sql.execute(params_from_iter(given)));
        match inserted {
            Ok(_) => Ok(()),
            Err(error) if is_taken(&error) => {
                let text = |name: &str| values.get(name).and_then(Json::as_str);
                let (key, next) = match text("key") {
                    Some(key) => {
                        (key, "give that one another key first, as with `set x.key = '…'`")
                    }
                    None => {
                        (text("name").unwrap_or_default(), "undo the change that added it first")
                    }
                };
                let what = format!("there is another {} '{key}' by now", table.noun);
                Err(Error::Rule(what, Some(next.to_owned())))
            }
            Err(error) => Err(self.writer.failed(error)),
        }
    }

    /// Takes the look-up entries of a node away before anything of it changes.
    fn touch_node(&self, node: (i64, i64), touched: &mut Touched) -> Result<(), Error> {
        let place = self.kinds.iter().position(|known| known.id == node.0);
        match place.filter(|_| touched.insert(node)) {
            Some(at) => self.forget_names(at, node.1),
            None => Ok(()),
        }
    }

    /// Makes the look-up entries of a node anew, where it is there.
    fn renew(&self, kind: i64, id: i64) -> Result<(), Error> {
        let place = self.kinds.iter().position(|known| known.id == kind);
        match place {
            Some(at) => self.renew_names(at, id),
            None => Ok(()),
        }
    }
}

/// The node that another name belongs to, which then has to be found by what it has.
fn owner(table: &Table, key: &str) -> Option<(i64, i64)> {
    if table.name != "alias" {
        return None;
    }
    let Ok(Json::Array(parts)) = serde_json::from_str(key) else { return None };
    let part = |at: usize| parts.get(at).and_then(Json::as_i64);
    part(0).zip(part(1))
}

/// The condition that a row `x`, or the only row at hand, has the key in a parameter.
pub(crate) fn by_key(table: &Table, parameter: &str) -> String {
    let parts: Vec<String> = table
        .key
        .iter()
        .enumerate()
        .map(|(at, column)| format!("{} = json_extract({parameter}, '$[{at}]')", quoted(column)))
        .collect();
    parts.join(" AND ")
}

/// The condition that a link belongs to rows of a table with ids between two parameters.
fn owned_by(link: &Table, owner: &Table) -> Option<String> {
    let reference = link.owner()?;
    let column = quoted(&reference.column);
    match &reference.to {
        To::Table(to) if *to == owner.name => Some(format!("{column} BETWEEN ?1 AND ?2")),
        To::Kind(of) => {
            Some(format!("{} = {} AND {column} BETWEEN ?1 AND ?2", quoted(of), owner.kind?))
        }
        To::Table(_) => None,
    }
}

/// Whether two rows hold the same; a column that one lacks is null there.
pub(crate) fn alike(a: Option<&str>, b: Option<&str>) -> bool {
    let object = |text: &str| match serde_json::from_str(text) {
        Ok(Json::Object(values)) => values,
        _ => serde_json::Map::new(),
    };
    let (Some(a), Some(b)) = (a.map(object), b.map(object)) else {
        return a.is_none() && b.is_none();
    };
    let same = |(name, value): (&String, &Json)| b.get(name).unwrap_or(&Json::Null) == value;
    let rest = |(name, value): (&String, &Json)| a.contains_key(name) || value.is_null();
    a.iter().all(same) && b.iter().all(rest)
}

/// A value whose type JSON keeps.
pub(crate) fn plain(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Integer(i64::from(*value)),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Real(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(_) | Json::Object(_) => Value::Text(value.to_string()),
    }
}

/// A value that the log keeps as the database writes it.
pub(crate) fn literal(value: &Json) -> Value {
    let Some(text) = value.as_str() else { return Value::Null };
    let hex = text.strip_prefix("X'").and_then(|rest| rest.strip_suffix('\''));
    if let Some(hex) = hex {
        return Value::Blob(bytes(hex));
    }
    let quoted = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match (quoted, text.parse::<i64>(), text.parse::<f64>()) {
        (Some(inner), ..) => Value::Text(inner.replace("''", "'")),
        (None, Ok(number), _) => Value::Integer(number),
        (None, Err(_), Ok(number)) => Value::Real(number),
        (None, Err(_), Err(_)) => Value::Null,
    }
}

/// The bytes that hexadecimal digits spell.
fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect()
}

fn is_taken(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    code == Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE)
}

#[cfg(test)]
mod tests {
    use super::{alike, literal};
    use rusqlite::types::Value;
    use serde_json::json;

    #[test]
    fn rows_are_alike_where_missing_columns_are_null() {
        assert!(alike(Some("{\"a\":1}"), Some("{\"a\":1,\"b\":null}")));
        assert!(alike(Some("{\"a\":1,\"b\":null}"), Some("{\"a\":1}")));
        assert!(!alike(Some("{\"a\":1}"), Some("{\"a\":2}")));
        assert!(!alike(Some("{\"a\":1}"), None));
        assert!(alike(None, None));
    }

    #[test]
    fn literals_keep_their_type() {
        assert_eq!(literal(&json!("NULL")), Value::Null);
        assert_eq!(literal(&json!("12")), Value::Integer(12));
        assert_eq!(literal(&json!("0.30000000000000004")), Value::Real(0.1 + 0.2));
        assert_eq!(literal(&json!("X'0aFF'")), Value::Blob(vec![10, 255]));
        assert_eq!(literal(&json!("'it''s'")), Value::Text("it's".to_owned()));
    }
}
