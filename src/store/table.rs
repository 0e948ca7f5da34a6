//! Writing rows: the statements that find, add and change a row of a table, made once and used for every row.

use super::{
    batch::{Batch, Cell, Outcome},
    catalogue::quoted,
    error::Error,
};
use rusqlite::params_from_iter;

/// The statements for one table and some of its columns.
#[derive(Debug, Clone)]
pub struct Shape {
    table: String,
    keys: usize,
    find: String,
    insert: String,
    insert_with_id: String,
    try_insert: String,
    update: String,
}

/// A row of a table with keys.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// How it is written.
    pub shape: &'a Shape,
    /// The place of its kind among the kinds.
    pub kind: usize,
    /// The text by which it is found and shown, where it has one besides the key.
    pub shown: Option<&'a str>,
    /// Its cells, the key first.
    pub cells: &'a [Cell<'a>],
}

/// An attestation.
#[derive(Debug, Clone, Copy)]
pub struct Attestation<'a> {
    /// The statement.
    pub statement: i64,
    /// Where it was read.
    pub source: i64,
    /// Where in the source.
    pub locator: Option<&'a str>,
    /// A term of `mode`.
    pub mode: Option<i64>,
    /// The source's words.
    pub quote: Option<&'a str>,
    /// The source that the read one relies on.
    pub cites: Option<i64>,
    /// A remark.
    pub note: Option<&'a str>,
}

/// The statements for a list that an owner has in a link table.
#[derive(Debug, Clone)]
pub struct List {
    all: String,
    add: String,
    remove: String,
}

impl List {
    /// For a link table, the columns that name the owner and the column of the member.
    pub fn new(table: &str, owner: &[&str], member: &str) -> Self {
        let (table, member) = (quoted(table), quoted(member));
        let owner: Vec<String> = owner.iter().map(|column| quoted(column)).collect();
        let known: Vec<String> =
            owner.iter().zip(1..).map(|(column, place)| format!("{column} = ?{place}")).collect();
        let known = known.join(" AND ");
        let places: Vec<String> = (1..=owner.len() + 1).map(|place| format!("?{place}")).collect();
        Self {
            all: format!("SELECT {member} FROM {table} WHERE {known}"),
            add: format!(
                "INSERT OR IGNORE INTO {table} ({}, {member}) VALUES ({})",
                owner.join(", "),
                places.join(", ")
            ),
            remove: format!(
                "DELETE FROM {table} WHERE {known} AND {member} = ?{}",
                owner.len() + 1
            ),
        }
    }
}

impl Shape {
    /// For a table with `id` and `key`.
    pub fn keyed(table: &str, columns: &[&str]) -> Self {
        let find = format!("SELECT id FROM {} WHERE key = ?1", quoted(table));
        Self { find, ..Self::new(table, "id", &["key"], columns) }
    }

    /// For a table whose rows are known by several columns.
    pub fn set(table: &str, keys: &[&str], columns: &[&str]) -> Self {
        Self::new(table, "1", keys, columns)
    }

    fn new(table: &str, id: &str, keys: &[&str], columns: &[&str]) -> Self {
        let name = quoted(table);
        let all: Vec<String> = keys.iter().chain(columns).map(|column| quoted(column)).collect();
        let places: Vec<String> = (1..=all.len()).map(|place| format!("?{place}")).collect();
        let pairs = |columns: &[&str], from: usize, equals: &str, joined: &str| {
            let pair = |(place, column): (usize, &&str)| {
                format!("{} {equals} ?{}", quoted(column), place + from)
            };
            columns.iter().enumerate().map(pair).collect::<Vec<_>>().join(joined)
        };
        let known = pairs(keys, 1, "=", " AND ");
        let update = match columns {
            [] => String::new(),
            columns => format!(
                "UPDATE {name} SET {} WHERE {known} AND ({})",
                pairs(columns, keys.len() + 1, "=", ", "),
                pairs(columns, keys.len() + 1, "IS NOT", " OR ")
            ),
        };
        let rest = format!("INTO {name} ({}) VALUES ({})", all.join(", "), places.join(", "));
        let number = places.len() + 1;
        let with_id = format!(
            "INTO {name} ({}, id) VALUES ({}, ?{number})",
            all.join(", "),
            places.join(", ")
        );
        Self {
            table: table.to_owned(),
            keys: keys.len(),
            find: format!("SELECT {id} FROM {name} WHERE {known}"),
            insert: format!("INSERT {rest}"),
            insert_with_id: format!("INSERT {with_id}"),
            try_insert: format!("INSERT OR IGNORE {with_id}"),
            update,
        }
    }
}

impl Batch<'_> {
    /// Adds or changes a row that is known by its key.
    pub fn upsert(&self, row: &Row<'_>) -> Result<(i64, Outcome), Error> {
        let Some(Cell::Text(key)) = row.cells.first().copied() else {
            return Ok((0, Outcome::Same));
        };
        self.write(self.by_key(row.kind, key)?, row)
    }

    /// The same where it is known already whether the row is there.
    pub fn write(&self, known: Option<i64>, row: &Row<'_>) -> Result<(i64, Outcome), Error> {
        match known {
            Some(id) => Ok((id, self.change(id, row)?)),
            None => Ok((self.add(row)?, Outcome::Added)),
        }
    }

    /// Adds a row that is known to be new.
    pub fn add(&self, row: &Row<'_>) -> Result<i64, Error> {
        let id = self.insert(&row.shape.insert_with_id, &row.shape.table, row.cells)?;
        if let (Some(kind), Some(Cell::Text(key))) = (self.kinds.get(row.kind), row.cells.first()) {
            self.add_names(kind.id, id, key, row.shown)?;
        }
        Ok(id)
    }

    /// Runs an insert whose last value is the id; gives that.
    fn insert(&self, sql: &str, table: &str, cells: &[Cell<'_>]) -> Result<i64, Error> {
        let id = self.next_id(table);
        self.run(sql, params_from_iter(cells.iter().chain([&Cell::Int(id)])))?;
        self.use_id(table, id);
        Ok(id)
    }

    /// Adds a row unless its key is taken.
    pub fn try_add(&self, row: &Row<'_>) -> Result<Option<i64>, Error> {
        // Where the index of keys is left out, memory tells whether one is taken.
        if let Some(Cell::Text(key)) = row.cells.first()
            && self.known.borrow().is_some()
            && self.by_key(row.kind, key)?.is_some()
        {
            return Ok(None);
        }
        let id = self.next_id(&row.shape.table);
        let own = Cell::Int(id);
        let cells = row.cells.iter().chain([&own]);
        if self.run(&row.shape.try_insert, params_from_iter(cells))? == 0 {
            return Ok(None);
        }
        self.use_id(&row.shape.table, id);
        if let (Some(kind), Some(Cell::Text(key))) = (self.kinds.get(row.kind), row.cells.first()) {
            self.add_names(kind.id, id, key, row.shown)?;
        }
        Ok(Some(id))
    }

    /// Changes a row where it differs.
    pub fn change(&self, id: i64, row: &Row<'_>) -> Result<Outcome, Error> {
        let Row { shape, kind, shown, cells } = *row;
        let renamed = shown.is_some() && !self.is_shown(kind, id, shown)?;
        if renamed {
            self.forget_text(&shape.table, id)?;
            self.forget_names(kind, id)?;
        }
        if shape.update.is_empty() || self.run(&shape.update, params_from_iter(cells))? == 0 {
            return Ok(Outcome::Same);
        }
        if renamed {
            self.index_text(&shape.table, id)?;
            self.renew_names(kind, id)?;
        }
        let clash = self.is_touched(kind, id)?;
        self.touch(kind, id)?;
        Ok(if clash { Outcome::Clash } else { Outcome::Changed })
    }

    /// Whether a node has this name, title or text; true for one of a kind that has none.
    pub fn is_shown(&self, kind: usize, id: i64, shown: Option<&str>) -> Result<bool, Error> {
        let Some((kind, column)) =
            self.kinds.get(kind).and_then(|kind| Some((kind, kind.shown.as_ref()?)))
        else {
            return Ok(true);
        };
        let sql = format!(
            "SELECT 1 FROM {} WHERE id = ?1 AND {} IS ?2",
            quoted(&kind.table),
            quoted(column)
        );
        Ok(self.first(&sql, (id, shown), |_| Ok(()))?.is_some())
    }

    /// Whether an earlier row of this file wrote this node.
    pub fn is_touched(&self, kind: usize, id: i64) -> Result<bool, Error> {
        let Some(known) = self.kinds.get(kind) else { return Ok(false) };
        if id > known.before.1 {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM temp.touched WHERE kind = ?1 AND id = ?2";
        Ok(self.first(sql, (known.id, id), |_| Ok(()))?.is_some())
    }

    /// Remembers that a row of this file wrote a node that was there before the file.
    pub fn touch(&self, kind: usize, id: i64) -> Result<(), Error> {
        let Some(known) = self.kinds.get(kind).filter(|kind| id <= kind.before.1) else {
            return Ok(());
        };
        self.run("INSERT OR IGNORE INTO temp.touched (kind, id) VALUES (?1, ?2)", (known.id, id))
            .map(|_| ())
    }

    /// Whether a node was added by this import.
    pub fn is_new(&self, kind: usize, id: i64) -> bool {
        self.kinds.get(kind).is_some_and(|kind| id > kind.before.0)
    }

    /// Adds or changes a row that is known by its first cells.
    pub fn put(&self, shape: &Shape, cells: &[Cell<'_>]) -> Result<Outcome, Error> {
        let known = cells.iter().take(shape.keys);
        if self.first(&shape.find, params_from_iter(known), |_| Ok(()))?.is_none() {
            if self.log.layout.table(&shape.table).is_some_and(|table| table.has_ids) {
                self.insert(&shape.insert_with_id, &shape.table, cells)?;
            } else {
                self.run(&shape.insert, params_from_iter(cells))?;
            }
            return Ok(Outcome::Added);
        }
        let changed =
            !shape.update.is_empty() && self.run(&shape.update, params_from_iter(cells))? > 0;
        Ok(if changed { Outcome::Changed } else { Outcome::Same })
    }

    /// Points a column of a row elsewhere; tells whether that changed anything.
    pub fn set_reference(
        &self,
        kind: usize,
        id: i64,
        column: &str,
        target: Option<i64>,
    ) -> Result<bool, Error> {
        let Some(kind) = self.kinds.get(kind) else { return Ok(false) };
        let (table, column) = (quoted(&kind.table), quoted(column));
        let sql = format!("UPDATE {table} SET {column} = ?2 WHERE id = ?1 AND {column} IS NOT ?2");
        Ok(self.run(&sql, (id, target))? > 0)
    }

    /// Gives the owner these members, and where `only` none besides; tells whether that changed anything.
    pub fn set_members(
        &self,
        list: &List,
        owner: &[i64],
        members: &[i64],
        only: bool,
    ) -> Result<bool, Error> {
        let mut changed = false;
        if only {
            let known: Vec<i64> = self.all(&list.all, params_from_iter(owner), |row| row.get(0))?;
            for id in known.iter().filter(|id| !members.contains(id)) {
                self.run(&list.remove, params_from_iter(owner.iter().chain([id])))?;
                changed = true;
            }
        }
        for id in members {
            changed |= self.run(&list.add, params_from_iter(owner.iter().chain([id])))? > 0;
        }
        Ok(changed)
    }

    /// Adds an attestation, or changes the one of the same statement, source and locator that no earlier row of this
    /// file wrote. The very same attestation is never kept twice.
    pub fn attest(&self, row: &Attestation<'_>) -> Result<Outcome, Error> {
        let Attestation { statement, source, locator, mode, quote, cites, note } = *row;
        let values = (statement, source, locator, mode, quote, cites, note);
        if let Some(id) = self.first(SAME_ATTESTATION, values, |row| row.get(0))? {
            self.touch_attestation(id)?;
            return Ok(Outcome::Same);
        }
        let values = (statement, source, locator, self.attestations_before);
        let Some(id) = self.first(LIKE_ATTESTATION, values, |row| row.get::<_, i64>(0))? else {
            self.add_attestation(row)?;
            return Ok(Outcome::Added);
        };
        self.touch_attestation(id)?;
        self.forget_text("attestation", id)?;
        let sql =
            "UPDATE attestation SET mode = ?2, quote = ?3, cites = ?4, note = ?5 WHERE id = ?1";
        self.run(sql, (id, mode, quote, cites, note))?;
        self.index_text("attestation", id)?;
        Ok(Outcome::Changed)
    }

    /// Adds an attestation of a statement that has none yet.
    pub fn add_attestation(&self, row: &Attestation<'_>) -> Result<(), Error> {
        let Attestation { statement, source, locator, mode, quote, cites, note } = *row;
        let sql =
            "INSERT INTO attestation (statement, source, locator, mode, quote, cites, note, id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let id = self.next_id("attestation");
        self.run(sql, (statement, source, locator, mode, quote, cites, note, id))?;
        self.use_id("attestation", id);
        Ok(())
    }

    fn touch_attestation(&self, id: i64) -> Result<(), Error> {
        if id > self.attestations_before {
            return Ok(());
        }
        self.run("INSERT OR IGNORE INTO temp.touched (kind, id) VALUES (-1, ?1)", [id]).map(|_| ())
    }
}

const SAME_ATTESTATION: &str =
    "SELECT id FROM attestation WHERE statement = ?1 AND source = ?2 AND locator IS ?3
  AND mode IS ?4 AND quote IS ?5 AND cites IS ?6 AND note IS ?7 LIMIT 1";

const LIKE_ATTESTATION: &str = "SELECT id FROM attestation AS x
  WHERE statement = ?1 AND source = ?2 AND locator IS ?3 AND id <= ?4
    AND NOT EXISTS (SELECT 1 FROM temp.touched AS t WHERE t.kind = -1 AND t.id = x.id)
  ORDER BY id LIMIT 1";
