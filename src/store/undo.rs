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
use super::log::image;
use crate::base::count::{counted, with_article};

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
struct Rows {
    change: i64,
    /// By the place of a row, what it comes back as where that is not what was before: later changes have their part.
    kept: BTreeMap<i64, String>,
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
    fn each(
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

    fn table(&self, name: &str) -> Option<Table> {
        self.log.layout.table(name).cloned()
    }

    /// Takes rows away first and puts rows back then, so that keys may change places.
    fn take_back(&mut self, rows: &Rows) -> Result<(), Error> {
        let mut touched = Touched::new();
        self.each(rows, |_, row| {
            let Some(table) = self.table(&row.table) else { return Ok(()) };
            match (&row.key, row.ids) {
                (Some(key), _) => {
                    if let Some(owner) = owner(&table, key) {
                        self.touch_node(owner, &mut touched)?;
                    }
                    if row.after.is_some() {
                        self.remove_link(&table, key)?;
                    }
                }
                (None, Some((first, last))) if row.is_range() => {
                    self.remove_range(&table, first, last)?;
                }
                (None, Some((id, _))) => {
                    if let Some(kind) = table.kind {
                        self.touch_node((kind, id), &mut touched)?;
                    }
                    if row.after.is_some() {
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
            if let (Some(before), Some(table)) = (&row.before, self.table(&row.table)) {
                self.restore(&table, before)?;
                if let (Some((id, _)), true) = (row.ids, table.has_ids) {
                    self.index_text(&table.name, id)?;
                }
            }
            Ok(())
        })?;
        for (kind, id) in touched {
            self.renew(kind, id)?;
        }
        Ok(())
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

impl Batch<'_> {
    /// Refuses where a row is no longer as the change left it. What later changes did to other columns of it is kept.
    fn refuse_conflicts(&self, number: i64) -> Result<Rows, Error> {
        let mut rows = Rows { change: number, kept: BTreeMap::new() };
        let later = "SELECT 1 FROM change WHERE id > ?1";
        if self.first(later, [number], |_| Ok(()))?.is_none() {
            return Ok(rows);
        }
        let standing = self.standing(number)?;
        let mut kept = BTreeMap::new();
        self.each(&rows, |place, row| {
            let Some(table) = self.table(&row.table) else { return Ok(()) };
            let mut since = match (&row.key, row.ids) {
                (Some(key), _) => {
                    let sql = format!(
                        "{LOGGED} WHERE table_name = ?1 AND key = ?2 AND change > ?3 ORDER BY change"
                    );
                    self.all(&sql, (&row.table, key, number), Logged::read)?
                }
                (None, Some((first, last))) => {
                    let sql = format!(
                        "{LOGGED} WHERE table_name = ?1 AND last BETWEEN ?2 AND ?3 AND change > ?4 ORDER BY change"
                    );
                    self.all(&sql, (&row.table, first, last, number), Logged::read)?
                }
                (None, None) => Vec::new(),
            };
            let is_changed = row.before.is_some() && row.after.is_some();
            if is_changed || row.key.is_some() {
                since.retain(|later| standing.contains(&later.change));
            }
            if is_changed {
                if let Some(image) = self.keep_the_rest(number, &table, &row, &since)? {
                    kept.insert(place, image);
                }
                return Ok(());
            }
            if let (Some(later), Some(_)) = (since.last(), &row.key) {
                return Err(self.changed_since(number, &table, later)?);
            }
            self.refuse_changed(number, &table, &since)?;
            if row.is_range() {
                self.refuse_changed_links(number, &table, row.ids.unwrap_or_default())?;
            }
            Ok(())
        })?;
        rows.kept = kept;
        Ok(rows)
    }

    /// The same of the links that belong to rows which the change added.
    fn refuse_changed_links(
        &self,
        number: i64,
        owner: &Table,
        (first, last): (i64, i64),
    ) -> Result<(), Error> {
        let links: Vec<Table> =
            self.log.layout.tables.iter().filter(|link| !link.has_ids).cloned().collect();
        for link in links {
            let Some((id, kind)) = owner_places(&link, owner) else { continue };
            let of_kind = kind.map_or_else(String::new, |(place, kind)| {
                format!(" AND json_extract(key, '$[{place}]') = {kind}")
            });
            let sql = format!(
                "{LOGGED} WHERE change > ?1 AND table_name = ?2 AND key IS NOT NULL
                   AND json_extract(key, '$[{id}]') BETWEEN ?3 AND ?4{of_kind} ORDER BY change"
            );
            let since = self.all(&sql, (number, &link.name, first, last), Logged::read)?;
            self.refuse_changed(number, &link, &since)?;
        }
        Ok(())
    }

    /// What later changes found is what this one left: it must be there again.
    pub(super) fn refuse_changed(
        &self,
        number: i64,
        table: &Table,
        since: &[Logged],
    ) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        for row in since {
            if !seen.insert((row.ids, row.key.clone())) {
                continue;
            }
            let now = self.image_now(table, row)?;
            if alike(now.as_deref(), row.before.as_deref()) {
                continue;
            }
            let same = |other: &&Logged| other.ids == row.ids && other.key == row.key;
            let by = since.iter().filter(same).max_by_key(|row| row.change);
            return Err(self.changed_since(number, table, by.unwrap_or(row))?);
        }
        Ok(())
    }

    pub(super) fn image_now(&self, table: &Table, row: &Logged) -> Result<Option<String>, Error> {
        let name = quoted(&table.name);
        let image = image(table, "x");
        match (&row.key, row.ids) {
            (Some(key), _) => {
                let sql = format!("SELECT {image} FROM {name} AS x WHERE {}", by_key(table, "?1"));
                self.first(&sql, [key], |row| row.get(0))
            }
            (None, Some((id, _))) => {
                let sql = format!("SELECT {image} FROM {name} AS x WHERE x.{} = ?1", table.id());
                self.first(&sql, [id], |row| row.get(0))
            }
            (None, None) => Ok(None),
        }
    }

    /// A row in words: `actor 'marco-rubio'`, `an edge of statement 'x'`.
    pub(super) fn described(&self, table: &Table, image: Option<&str>) -> String {
        let values = image.and_then(|image| serde_json::from_str::<Json>(image).ok());
        let key = values.as_ref().and_then(|values| values.get("key")?.as_str().map(str::to_owned));
        if let Some(key) = key {
            return format!("{} '{key}'", table.noun);
        }
        let first = table.references.iter().find_map(|reference| {
            let To::Table(to) = &reference.to else { return None };
            let id = values.as_ref()?.get(&reference.column)?.as_i64()?;
            let noun = self.log.layout.table(to)?.noun.clone();
            let sql = format!("SELECT key FROM {} WHERE id = ?1", quoted(to));
            let key: Option<String> = self.first(&sql, [id], |row| row.get(0)).ok().flatten();
            Some(format!(" of {noun} '{}'", key?))
        });
        format!("{}{}", with_article(&table.noun), first.unwrap_or_default())
    }

    /// Refuses where something added since rests on what went, or what came back rests on something that is gone.
    fn refuse_dangling(&self, rows: &Rows) -> Result<(), Error> {
        let number = rows.change;
        self.each(rows, |_, row| {
            if let (Some(table), Some(ids), None) = (self.table(&row.table), row.ids, &row.before) {
                self.refuse_needed(number, &table, ids)?;
            }
            self.refuse_lost(number, &row)
        })
    }

    fn refuse_needed(
        &self,
        number: i64,
        gone: &Table,
        (first, last): (i64, i64),
    ) -> Result<(), Error> {
        for table in &self.log.layout.tables {
            for reference in &table.references {
                let column = quoted(&reference.column);
                let of = match (&reference.to, gone.kind) {
                    (To::Table(to), _) if *to == gone.name => String::new(),
                    (To::Kind(of), Some(kind)) => format!("{} = {kind} AND ", quoted(of)),
                    (To::Table(_) | To::Kind(_), _) => continue,
                };
                // A row that was added and deleted in one change was never there.
                let sql = format!(
                    "SELECT count(*) FROM {} WHERE {of}{column} BETWEEN ?1 AND ?2
                       AND NOT EXISTS (SELECT 1 FROM {} AS n WHERE n.{} = {column})",
                    quoted(&table.name),
                    quoted(&gone.name),
                    gone.id()
                );
                let count: i64 =
                    self.first(&sql, [first, last], |row| row.get(0))?.unwrap_or_default();
                if count > 0 {
                    let what = format!(
                        "change {number} cannot be undone: {} that came since rests on what it added",
                        counted(count, &table.noun)
                    );
                    let next = "undo the later change first: `dixit log` lists them".to_owned();
                    return Err(Error::Rule(what, Some(next)));
                }
            }
        }
        Ok(())
    }

    fn refuse_lost(&self, number: i64, row: &Logged) -> Result<(), Error> {
        let (Some(before), Some(table)) = (&row.before, self.table(&row.table)) else {
            return Ok(());
        };
        let Ok(Json::Object(values)) = serde_json::from_str::<Json>(before) else {
            return Ok(());
        };
        for reference in &table.references {
            let int = |column: &str| values.get(column).and_then(Json::as_i64);
            let Some(id) = int(&reference.column) else { continue };
            let target = match &reference.to {
                To::Table(to) => self.log.layout.table(to),
                To::Kind(kind) => int(kind).and_then(|kind| self.log.layout.of_kind(kind)),
            };
            let Some(target) = target else { continue };
            let sql = format!("SELECT 1 FROM {} WHERE {} = ?1", quoted(&target.name), target.id());
            if self.first(&sql, [id], |_| Ok(()))?.is_none() {
                let what = format!(
                    "change {number} cannot be undone: {} rests on a {} that is gone since",
                    self.described(&table, Some(before)),
                    target.noun
                );
                let next = "undo the later change first: `dixit log` lists them".to_owned();
                return Err(Error::Rule(what, Some(next)));
            }
        }
        Ok(())
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

/// Where the owner's id stands in the key of a link, and its kind if that may be any: place and number.
fn owner_places(link: &Table, owner: &Table) -> Option<(usize, Option<(usize, i64)>)> {
    let reference = link.owner()?;
    let place = |column: &str| link.key.iter().position(|known| known == column);
    let id = place(&reference.column)?;
    match &reference.to {
        To::Table(to) if *to == owner.name => Some((id, None)),
        To::Kind(of) => Some((id, Some((place(of)?, owner.kind?)))),
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
