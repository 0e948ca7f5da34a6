//! The columns of a table of nodes or edges: which of them is the key, which are the ends, and of which type the properties
//! are, where nothing declares that.

use std::borrow::Cow;

use crate::base::closest::closest;
use crate::base::date::Date;
use crate::import::Request;
use crate::import::graph::line::{FROM, Json, TO};
use crate::import::graph::value::{Kept, put};
use crate::import::records::Record;
use crate::record::catalogue::Property;
use crate::record::declared::columns;
use crate::record::graph::{PropertyType, ValueType};

/// What columns may be called that hold keys.
const KEYS: &[&str] = &["key", "id", "_id"];

/// What a column is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Use {
    Key,
    From,
    To,
    /// A property: its type, the first of its columns in the table and how many they are, once that is known.
    Property(ValueType, usize, usize),
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) what: Use,
    /// The sorts of values seen in it.
    sorts: u8,
    /// The first cell that makes a text of it, and its line, where all before were of another sort.
    odd: Option<(String, u64)>,
}

/// More than a table of the database can have, and few enough to be compared with one another.
const MOST: usize = 2_000;

const INT: u8 = 1;
const FLOAT: u8 = 2;
const BOOL: u8 = 4;
const DAY: u8 = 8;
const TEXT: u8 = 16;

/// What the columns of a heading are for; or what is wrong with it: a column, why, and what to do.
pub(super) fn columns_of(
    heading: &Record,
    request: &Request,
    is_edge: bool,
) -> Result<Vec<Column>, (Option<String>, String, Option<String>)> {
    let names: Vec<&str> = heading.cells().take(MOST + 1).collect();
    if names.len() > MOST {
        return Err((None, format!("there are more than {MOST} columns"), None));
    }
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            let reason = format!("column {} has no heading", at + 1);
            return Err((None, reason, None));
        }
        if names.iter().take(at).any(|before| before == name) {
            return Err((Some((*name).to_owned()), "this column stands twice".to_owned(), None));
        }
    }
    let place = |told: Option<&String>, usual: &[&str], option: &str, needed: bool| {
        if let Some(told) = told {
            let found = names.iter().position(|name| name == told);
            let near = closest(told, names.iter().copied()).map(|near| format!("closest: {near}"));
            return found
                .map(Some)
                .ok_or_else(|| (Some(told.clone()), format!("there is no column '{told}'"), near));
        }
        let found = names.iter().position(|name| usual.contains(name));
        if found.is_none() && needed {
            let reason = format!("no column is called {}", usual.join(" or "));
            let help = format!("say which one it is: `{option} COLUMN`");
            return Err((None, reason, Some(help)));
        }
        Ok(found)
    };
    let key = place(request.key.as_ref(), KEYS, "--key", !is_edge)?;
    let (from, to) = if is_edge {
        let from = place(request.from.as_ref(), FROM, "--from", true)?;
        (from, place(request.to.as_ref(), TO, "--to", true)?)
    } else {
        (None, None)
    };
    let column = |(at, name): (usize, &&str)| {
        let what = match Some(at) {
            at if at == key => Use::Key,
            at if at == from => Use::From,
            at if at == to => Use::To,
            _ => Use::Property(ValueType::Text, 0, 0),
        };
        Column { name: (*name).to_owned(), what, sorts: 0, odd: None }
    };
    Ok(names.iter().enumerate().map(column).collect())
}

/// The properties of all files, each with a type that holds what all of them have.
pub(super) fn seen(files: &[Vec<Column>]) -> Vec<PropertyType> {
    let mut all: Vec<PropertyType> = Vec::new();
    let is_property = |column: &&Column| matches!(column.what, Use::Property(..));
    for column in files.iter().flatten().filter(is_property) {
        let found = column.seen();
        match all.iter_mut().find(|known| known.name == found.name) {
            None => all.push(found),
            Some(known) if known.ty != found.ty => known.ty = ValueType::Text,
            Some(_) => {}
        }
    }
    all
}

impl Column {
    /// Notes what sort of value a cell holds.
    pub(super) fn see(&mut self, cell: &str, line: u64, dates: bool) {
        if cell.is_empty() || self.sorts & TEXT != 0 {
            return;
        }
        let before = self.sorts;
        self.sorts |= sort(cell, dates);
        if self.sorts & TEXT != 0 && before != 0 {
            const SHORT: usize = 40;
            self.odd = Some((cell.chars().take(SHORT).collect(), line));
        }
    }

    /// What is worth saying of a property that is a text because of one cell.
    pub(super) fn remark(&self) -> Option<String> {
        let (cell, line) = self.odd.as_ref()?;
        let is_property = matches!(self.what, Use::Property(..));
        let sort = match self.sorts & !TEXT {
            BOOL => "true or false",
            DAY => "days",
            _ => "numbers",
        };
        is_property.then(|| {
            format!(
                "`{}` becomes a text because of '{cell}' in line {line}; before it stand {sort}",
                self.name
            )
        })
    }

    /// The narrowest type that gives all its values back.
    pub(super) fn seen(&self) -> PropertyType {
        let ty = match self.sorts {
            INT => ValueType::Int,
            sorts if sorts != 0 && sorts & !(INT | FLOAT) == 0 => ValueType::Float,
            BOOL => ValueType::Bool,
            DAY => ValueType::Date,
            _ => ValueType::Text,
        };
        PropertyType { name: self.name.clone(), ty, required: false }
    }

    /// Finds the columns of the table that a property takes; false where there is no such property.
    pub(super) fn settle(&mut self, properties: &[Property]) -> bool {
        if !matches!(self.what, Use::Property(..)) {
            return true;
        }
        let mut from = 0;
        for property in properties {
            let taken = columns(property).len();
            if property.name == self.name {
                let ty = ValueType::named(&property.ty).unwrap_or(ValueType::Text);
                self.what = Use::Property(ty, from, taken);
                return true;
            }
            from += taken;
        }
        false
    }

    /// Puts a cell into the columns of its property; nothing known where it is empty.
    pub(super) fn put<'r>(&self, cell: &'r str, row: &mut [Kept<'r>]) -> Result<(), String> {
        let Use::Property(ty, from, taken) = &self.what else { return Ok(()) };
        if cell.is_empty() {
            return Ok(());
        }
        let Some(columns) = row.get_mut(*from..from + taken) else { return Ok(()) };
        put(json(cell, ty)?, ty, columns)
    }
}

/// The sort of a value by how it is written. A number that would come back in another spelling is a text, so that
/// `007` stays what it is.
fn sort(cell: &str, dates: bool) -> u8 {
    if cell.parse::<i64>().is_ok_and(|number| number.to_string() == cell) {
        return INT;
    }
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    if let Some((whole, rest)) = digits.split_once('.') {
        let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let no_zero = whole == "0" || !whole.starts_with('0');
        if all(whole) && all(rest) && no_zero && digits.len() <= 16 {
            return FLOAT;
        }
    }
    if ["true", "false"].iter().any(|word| cell.eq_ignore_ascii_case(word)) {
        return BOOL;
    }
    let is_day = dates && cell.len() == 10;
    if is_day && Date::parse(cell).is_ok_and(|date| date.exact().is_some()) { DAY } else { TEXT }
}

/// A cell as a value of its property's type.
fn json<'r>(cell: &'r str, ty: &ValueType) -> Result<Json<'r>, String> {
    let wrong = || format!("'{cell}' is no {ty}");
    match ty {
        ValueType::Int => cell.parse().map(Json::Int).map_err(|_| wrong()),
        ValueType::Float => {
            let number: Option<f64> = cell.parse().ok();
            number.filter(|number| number.is_finite()).map(Json::Float).ok_or_else(wrong)
        }
        ValueType::Bool if cell.eq_ignore_ascii_case("true") => Ok(Json::Bool(true)),
        ValueType::Bool if cell.eq_ignore_ascii_case("false") => Ok(Json::Bool(false)),
        ValueType::Bool => Err(wrong()),
        ValueType::List(of) => {
            let parts = cell.split(';').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| json(part, of)).collect::<Result<_, _>>().map(Json::List)
        }
        ValueType::Text
        | ValueType::Date
        | ValueType::DateTime
        | ValueType::Duration
        | ValueType::Any => Ok(Json::Text(Cow::Borrowed(cell))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[&str], dates: bool, expected: &str) {
        let mut column = Column { name: "x".to_owned(), what: Use::Key, sorts: 0, odd: None };
        for cell in cells {
            column.see(cell, 1, dates);
        }
        assert_eq!(column.seen().ty.to_string(), expected, "{cells:?}");
    }

    #[test]
    fn a_column_gets_the_narrowest_type_that_gives_its_cells_back() {
        check(&["1", "-2", ""], false, "int");
        check(&["1", "2.5"], false, "float");
        check(&["007"], false, "text");
        check(&["1", "007"], false, "text");
        check(&["1e5"], false, "text");
        check(&["00.5"], false, "text");
        check(&["true", "FALSE"], false, "bool");
        check(&["true", "1"], false, "text");
        check(&["2025-11-22"], true, "date");
        check(&["2025-11-22"], false, "text");
        check(&[""], false, "text");
        check(&["9223372036854775808"], false, "text");
        check(&["0.12345678901234567"], false, "text");
    }
}
