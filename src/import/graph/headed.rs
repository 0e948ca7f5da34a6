//! Delimited text as graph databases load it in bulk: the heading says which column is the id of a node, its labels, the
//! ends of an edge or its name, and of which type a property is, such as `id:ID`, `:LABEL`, `:START_ID(Person)`, `age:int`.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::forms::Take;
use super::line::{Edge, Item, Json, Node, plain};
use super::lines::Counter;
use crate::base::count::counted;
use crate::import::Error;
use crate::import::records::{Dialect, Fault, Record, Records, Rows as _};

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Id,
    Labels,
    Start,
    End,
    Name,
    Property,
    Nothing,
}

/// What is written behind the colon, in capitals, and what it means.
const ROLES: &[(&str, Role)] = &[
    ("ID", Role::Id),
    ("LABEL", Role::Labels),
    ("START_ID", Role::Start),
    ("END_ID", Role::End),
    ("TYPE", Role::Name),
    ("IGNORE", Role::Nothing),
];

/// Types of properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Int,
    Float,
    Bool,
    Text,
}

const TYPES: &[(&str, Type)] = &[
    ("int", Type::Int),
    ("integer", Type::Int),
    ("long", Type::Int),
    ("short", Type::Int),
    ("byte", Type::Int),
    ("float", Type::Float),
    ("double", Type::Float),
    ("boolean", Type::Bool),
    ("bool", Type::Bool),
    ("string", Type::Text),
    ("char", Type::Text),
    ("date", Type::Text),
    ("time", Type::Text),
    ("localtime", Type::Text),
    ("datetime", Type::Text),
    ("localdatetime", Type::Text),
    ("duration", Type::Text),
    ("point", Type::Text),
];

/// A column.
#[derive(Debug)]
struct Column {
    role: Role,
    name: String,
    /// The ids it is about; those of other spaces are others.
    space: String,
    ty: Type,
    is_list: bool,
}

/// Whether a file begins with such a heading.
pub(super) fn begins(head: &[u8]) -> bool {
    let Some(heading) = head.split(|byte| *byte == b'\n').next() else { return false };
    let mut records = Records::new(heading, dialect(heading));
    matches!(records.advance(), Ok(true)) && {
        let columns: Vec<Role> = records.record().cells().map(role).collect();
        let has = |role: Role| columns.contains(&role);
        has(Role::Id) || (has(Role::Start) && has(Role::End))
    }
}

fn role(cell: &str) -> Role {
    column(cell).map_or(Role::Property, |column| column.role)
}

fn dialect(heading: &[u8]) -> Dialect {
    let count = |delimiter: &u8| heading.split(|byte| byte == delimiter).count();
    let delimiters = [b'|', b';', b'\t', b','];
    let delimiter = delimiters.into_iter().max_by_key(count).unwrap_or(b',');
    Dialect::between(delimiter)
}

/// Reads the heading of a column.
fn column(cell: &str) -> Result<Column, String> {
    let (name, kind) = cell.rsplit_once(':').unwrap_or((cell, "string"));
    let (kind, space) = match kind.split_once('(') {
        Some((kind, space)) => (kind, space.trim_end_matches(')')),
        None => (kind, ""),
    };
    let space = space.split('{').next().unwrap_or_default().to_owned();
    let name = name.trim().to_owned();
    if let Some((_, role)) = ROLES.iter().find(|(known, _)| *known == kind) {
        return Ok(Column { role: *role, name, space, ty: Type::Text, is_list: false });
    }
    let (plain, is_list) = kind.strip_suffix("[]").map_or((kind, false), |plain| (plain, true));
    let plain = plain.split('{').next().unwrap_or_default();
    let ty = TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(plain));
    let Some((_, ty)) = ty else {
        let known: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
        let near = crate::base::closest::closest(plain, known);
        let near = near.map(|near| format!("; closest: {near}")).unwrap_or_default();
        return Err(format!("the column '{cell}' has no known type{near}"));
    };
    Ok(Column { role: Role::Property, name, space, ty: *ty, is_list })
}

/// Gives every node and edge of a file.
pub(super) fn each(
    path: &Path,
    file: usize,
    counter: &mut Counter<'_>,
    take: &mut Take<'_>,
) -> Result<(), Error> {
    let failed = |error| Error::Io(path.into(), error);
    let head = crate::import::plan::head(path)?;
    let heading = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let input = BufReader::with_capacity(256 << 10, File::open(path).map_err(failed)?);
    let mut records = Records::new(input, dialect(heading));
    let mut columns: Option<Vec<Column>> = None;
    let before = counter.done;
    loop {
        match records.advance() {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(Fault::Io(error)) => return Err(failed(error)),
            Err(Fault::Record(blame)) => {
                take((file, blame.line), Err(blame.reason))?;
                continue;
            }
            Err(Fault::File(blame)) => return take((file, blame.line), Err(blame.reason)),
        }
        counter.read_to(before + records.bytes_read());
        let record = records.record();
        let place = (file, record.line);
        let Some(columns) = &columns else {
            let read: Result<Vec<Column>, String> = record.cells().map(column).collect();
            match read {
                Ok(read) => columns = Some(read),
                Err(why) => return take(place, Err(why)),
            }
            continue;
        };
        take(place, item(columns, record))?;
    }
}

/// The node or edge of a row.
fn item<'r>(columns: &'r [Column], record: &'r Record) -> Result<Item<'r>, String> {
    if record.len() != columns.len() {
        let (cells, heading) = (counted(record.len() as u64, "cell"), columns.len());
        return Err(format!("the row has {cells}, the heading has {heading}"));
    }
    let (mut id, mut from, mut to, mut name) = (None, None, None, None);
    let (mut labels, mut properties) = (Vec::new(), Vec::new());
    for (at, column) in columns.iter().enumerate() {
        let cell = record.cell(at);
        if cell.is_empty() {
            continue;
        }
        match column.role {
            Role::Id => {
                id = Some(column.id(cell));
                if !column.name.is_empty() && !column.space.is_empty() {
                    properties.push((Cow::Borrowed(column.name.as_str()), text(cell)));
                }
            }
            Role::Start => from = Some(column.id(cell)),
            Role::End => to = Some(column.id(cell)),
            Role::Name => name = Some(Cow::Borrowed(cell)),
            Role::Labels => labels.extend(parts(cell).map(Cow::Borrowed)),
            Role::Property => {
                properties.push((Cow::Borrowed(column.name.as_str()), column.value(cell)?));
            }
            Role::Nothing => {}
        }
    }
    let properties = plain(properties)?;
    if columns.iter().any(|column| column.role == Role::Start) {
        let from = from.ok_or("an edge needs a `:START_ID`")?;
        let to = to.ok_or("an edge needs an `:END_ID`")?;
        let name = name.ok_or("an edge needs a `:TYPE`, which is its name")?;
        return Ok(Item::Edge(Edge { id: None, name, from, to, both: false, properties }));
    }
    let id = id.ok_or("a node needs an `:ID`")?;
    Ok(Item::Node(Node { id, labels, properties }))
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|part| !part.is_empty())
}

fn text(cell: &str) -> Json<'_> {
    Json::Text(Cow::Borrowed(cell))
}

impl Column {
    fn id<'r>(&self, cell: &'r str) -> Cow<'r, str> {
        if self.space.is_empty() {
            Cow::Borrowed(cell)
        } else {
            Cow::Owned(format!("{}:{cell}", self.space))
        }
    }

    fn value<'r>(&self, cell: &'r str) -> Result<Json<'r>, String> {
        if self.is_list {
            let members = parts(cell).map(|part| self.one(part)).collect::<Result<_, _>>();
            return members.map(Json::List);
        }
        self.one(cell)
    }

    fn one<'r>(&self, cell: &'r str) -> Result<Json<'r>, String> {
        let wrong = |what: &str| format!("`{}`: '{cell}' is {what}", self.name);
        match self.ty {
            Type::Text => Ok(text(cell)),
            Type::Int => cell.parse().map(Json::Int).map_err(|_| wrong("no whole number")),
            Type::Float => {
                let number: Option<f64> = cell.parse().ok();
                number
                    .filter(|number| number.is_finite())
                    .map(Json::Float)
                    .ok_or_else(|| wrong("no number"))
            }
            Type::Bool if cell.eq_ignore_ascii_case("true") => Ok(Json::Bool(true)),
            Type::Bool if cell.eq_ignore_ascii_case("false") => Ok(Json::Bool(false)),
            Type::Bool => Err(wrong("neither true nor false")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_bulk_loaders_are_known() {
        for heading in
            ["id:ID,name,:LABEL", ":ID(Person)|name:string", ":START_ID\t:END_ID\t:TYPE", "x:ID"]
        {
            assert!(begins(heading.as_bytes()), "{heading}");
        }
        for heading in ["id,name", "speaker,act,claim,source", ":START_ID,:TYPE", "", "{\"id\":1}"]
        {
            assert!(!begins(heading.as_bytes()), "{heading}");
        }
    }

    #[test]
    fn columns_have_roles_and_types() {
        let read = |cell| {
            column(cell)
                .map(|column| (column.role, column.name, column.space, column.ty, column.is_list))
        };
        let text = |text: &str| text.to_owned();
        assert_eq!(
            read("id:ID(Film)"),
            Ok((Role::Id, text("id"), text("Film"), Type::Text, false))
        );
        assert_eq!(
            read("scores:double[]"),
            Ok((Role::Property, text("scores"), text(""), Type::Float, true))
        );
        assert_eq!(read("name"), Ok((Role::Property, text("name"), text(""), Type::Text, false)));
        assert_eq!(
            read("born:datetime{timezone:UTC}").unwrap_err(),
            "the column 'born:datetime{timezone:UTC}' has no known type"
        );
        assert_eq!(
            read("age:intt").unwrap_err(),
            "the column 'age:intt' has no known type; closest: int"
        );
    }
}
