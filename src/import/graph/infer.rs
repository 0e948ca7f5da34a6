//! What a graph holds: its kinds, its edges, and of each property the narrowest type that gives every value back as it
//! came. Decides types; writes nothing.

use std::borrow::Cow;
use std::collections::HashMap;

use super::line::Json;
use crate::base::date::Date;
use crate::base::time;
use crate::record::graph::{EdgeType, KindType, PropertyType, ValueType};

/// Where something was seen first: a file and a line.
pub(super) type Place = (usize, u64);

/// What was seen of a graph so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) kinds: Vec<KindSeen>,
    by_labels: HashMap<String, usize>,
    pub(super) edges: Vec<EdgeSeen>,
    by_ends: HashMap<(usize, usize, usize), usize>,
    names: HashMap<String, usize>,
}

/// A set of labels.
#[derive(Debug)]
pub(super) struct KindSeen {
    pub(super) labels: Vec<String>,
    pub(super) place: Place,
    pub(super) count: u64,
    pub(super) properties: Columns,
}

/// An edge between two kinds.
#[derive(Debug)]
pub(super) struct EdgeSeen {
    pub(super) name: String,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether it holds both ways, once that was seen.
    pub(super) both: Option<bool>,
    pub(super) place: Place,
    pub(super) properties: Columns,
}

/// Properties with what was seen of their values, in the order they were met.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    by_name: HashMap<String, usize>,
}

/// A property.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) place: Place,
    values: Values,
}

/// Sorts of values, as bits.
type Values = u32;
const INT: Values = 1;
const FLOAT: Values = 2;
const BOOL: Values = 4;
const DAY: Values = 8;
const TEXT: Values = 16;
const OBJECT: Values = 32;
const EMPTY_LIST: Values = 64;
const INSTANT: Values = 128;
const LENGTH: Values = 256;
/// A list of such shifts them so far.
const LIST: u32 = 9;
const INTS: Values = INT << LIST;
const FLOATS: Values = FLOAT << LIST;
const BOOLS: Values = BOOL << LIST;
const TEXTS: Values = TEXT << LIST;
const MIXED: Values = OBJECT << LIST;

impl Seen {
    /// The kind with these labels, whatever their order.
    pub(super) fn kind(&mut self, labels: &[Cow<'_, str>], place: Place) -> usize {
        let key = match labels {
            [only] => Cow::Borrowed(only.as_ref()),
            several => {
                let mut several: Vec<&str> = several.iter().map(Cow::as_ref).collect();
                several.sort_unstable();
                Cow::Owned(several.join("\0"))
            }
        };
        // No label holds a NUL, so that none is taken for several; none at all is not a label without letters.
        let key = if labels.is_empty() { Cow::Borrowed("\0") } else { key };
        if let Some(&at) = self.by_labels.get(key.as_ref()) {
            return at;
        }
        let labels = labels.iter().map(|label| label.clone().into_owned()).collect();
        self.kinds.push(KindSeen { labels, place, count: 0, properties: Columns::default() });
        self.by_labels.insert(key.into_owned(), self.kinds.len() - 1);
        self.kinds.len() - 1
    }

    /// The edge of that name between two kinds.
    pub(super) fn edge(&mut self, name: &str, (from, to): (usize, usize), place: Place) -> usize {
        let known = self.names.get(name).copied();
        let number = known.unwrap_or_else(|| {
            let number = self.names.len();
            self.names.insert(name.to_owned(), number);
            number
        });
        let edges = &mut self.edges;
        *self.by_ends.entry((number, from, to)).or_insert_with(|| {
            let properties = Columns::default();
            let (name, both) = (name.to_owned(), None);
            edges.push(EdgeSeen { name, from, to, both, place, properties });
            edges.len() - 1
        })
    }

    /// Forgets the edges.
    pub(super) fn forget_edges(&mut self) {
        self.edges.clear();
        self.by_ends.clear();
        self.names.clear();
    }

    /// The kind as a graph type says it.
    pub(super) fn kind_type(kind: &KindSeen, dates: bool) -> KindType {
        KindType { labels: kind.labels.clone(), properties: kind.properties.types(dates) }
    }

    /// The edge as a graph type says it.
    pub(super) fn edge_type(&self, edge: &EdgeSeen, dates: bool) -> EdgeType {
        let labels =
            |at: usize| self.kinds.get(at).map(|kind| kind.labels.clone()).unwrap_or_default();
        EdgeType {
            name: edge.name.clone(),
            from: labels(edge.from),
            to: labels(edge.to),
            symmetric: edge.both.unwrap_or(false),
            properties: edge.properties.types(dates),
        }
    }
}

impl Columns {
    /// Notes the values of one node or edge.
    pub(super) fn see(
        &mut self,
        properties: &[(Cow<'_, str>, Json<'_>)],
        place: Place,
        dates: bool,
    ) {
        for (name, value) in properties {
            let sort = sort(value, dates);
            let at = self.by_name.get(name.as_ref()).copied();
            if let Some(column) = at.and_then(|at| self.all.get_mut(at)) {
                column.values |= sort;
                continue;
            }
            self.by_name.insert(name.clone().into_owned(), self.all.len());
            let name = name.clone().into_owned();
            self.all.push(Column { name, place, values: sort });
        }
    }

    fn types(&self, dates: bool) -> Vec<PropertyType> {
        let ty = |column: &Column| PropertyType {
            name: column.name.clone(),
            ty: narrowest(column.values, dates),
            required: false,
        };
        self.all.iter().map(ty).collect()
    }
}

fn sort(value: &Json<'_>, dates: bool) -> Values {
    match value {
        Json::Null => 0,
        Json::Int(_) => INT,
        Json::Float(_) => FLOAT,
        Json::Bool(_) => BOOL,
        Json::Text(text) => {
            let times =
                [(DAY, is_day as fn(&str) -> bool), (INSTANT, is_instant), (LENGTH, is_length)];
            let time = times.iter().find(|(_, is_one)| dates && is_one(text));
            time.map_or(TEXT, |(sort, _)| *sort)
        }
        Json::Object(_) => OBJECT,
        Json::List(members) => {
            let sorts: Values =
                members.iter().map(|member| sort(member, false)).fold(0, |a, b| a | b);
            let simple = INT | FLOAT | BOOL | TEXT;
            match sorts {
                0 if members.is_empty() => EMPTY_LIST,
                sorts if sorts != 0 && sorts & !simple == 0 => sorts << LIST,
                _ => MIXED,
            }
        }
    }
}

/// Whether a text is a day as ISO 8601 writes it.
fn is_day(text: &str) -> bool {
    text.len() == 10 && Date::parse(text).is_ok_and(|date| date.exact().is_some())
}

/// Whether a text is an instant just as it is given back.
fn is_instant(text: &str) -> bool {
    text.ends_with('Z') && time::datetime(text).is_some_and(|kept| time::shown(&kept) == text)
}

/// Whether a text is a length of time in its shortest spelling.
fn is_length(text: &str) -> bool {
    text.starts_with('P') && time::duration(text).as_deref() == Some(text)
}

/// The narrowest type that holds all these sorts of values without changing one.
fn narrowest(values: Values, dates: bool) -> ValueType {
    let list = |of| ValueType::List(Box::new(of));
    // Texts of which some are times, or of times of several sorts, stay texts.
    let times = DAY | INSTANT | LENGTH;
    let texts = values & (times | TEXT);
    let values = if texts.count_ones() > 1 || (texts != 0 && !dates) {
        values & !times | TEXT
    } else {
        values
    };
    match values {
        INT => ValueType::Int,
        FLOAT => ValueType::Float,
        BOOL => ValueType::Bool,
        DAY => ValueType::Date,
        INSTANT => ValueType::DateTime,
        LENGTH => ValueType::Duration,
        TEXT => ValueType::Text,
        EMPTY_LIST => list(ValueType::Any),
        values => match values & !EMPTY_LIST {
            INTS => list(ValueType::Int),
            FLOATS => list(ValueType::Float),
            BOOLS => list(ValueType::Bool),
            TEXTS => list(ValueType::Text),
            lists if lists & ((1 << LIST) - 1) == 0 => list(ValueType::Any),
            _ => ValueType::Any,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], dates: bool, expected: &str) {
        let mut columns = Columns::default();
        for value in values {
            let value = serde_json::from_str(value).unwrap();
            columns.see(&[(Cow::Borrowed("x"), value)], (0, 1), dates);
        }
        assert_eq!(columns.types(dates)[0].ty.to_string(), expected, "{values:?}");
    }

    #[test]
    fn a_property_gets_the_narrowest_type_that_changes_no_value() {
        check(&["1", "-2"], false, "int");
        check(&["1.0", "2.5"], false, "float");
        check(&["1", "2.5"], false, "any");
        check(&["true", "false"], false, "bool");
        check(&["\"a\"", "\"2025-11-22\""], true, "text");
        check(&["\"2025-11-22\""], false, "text");
        check(&["\"2025-11-22\"", "\"2025-12-01\""], true, "date");
        check(&["\"P1DT2H\"", "\"PT5M\""], true, "duration");
        check(&["\"P1DT2H\"", "\"P1D \""], true, "text");
        check(&["\"2025-11-22T10:00:00Z\""], true, "datetime");
        check(&["\"2025-11-22T10:00:00+01:00\""], true, "text");
        check(&["\"2025-11-22T10:00:00Z\"", "\"2025-11-22\""], true, "text");
        check(&["[1,2]", "[]"], false, "list<int>");
        check(&["[1,null]"], false, "list<int>");
        check(&["[]"], false, "list<any>");
        check(&["[null]"], false, "list<any>");
        check(&["[1,\"a\"]"], false, "list<any>");
        check(&["[1]", "[\"a\"]"], false, "list<any>");
        check(&["[\"2025-11-22\"]"], true, "list<text>");
        check(&["[[1]]"], false, "list<any>");
        check(&["1", "[1]"], false, "any");
        check(&["{\"a\":1}"], false, "any");
    }
}
