//! A statement as text for people: the SQL, then the bound values, as comments.

use super::{Bound, Statement};

/// Shows a statement. What is printed can be pasted into another tool as it is.
pub fn show(statement: &Statement) -> String {
    let Statement { text, values, columns: _, places: _, searches: _ } = statement;
    let value = |(at, value): (usize, &Bound)| format!("-- ?{} = {}\n", at + 1, literal(value));
    let values: String = values.iter().enumerate().map(value).collect();
    format!("{text}\n{values}")
}

/// A value on one line, whatever is in it.
fn literal(value: &Bound) -> String {
    match value {
        Bound::Int(value) => value.to_string(),
        Bound::Float(value) => format!("{value:?}"),
        Bound::Text(text) => {
            let plain = |c: char| if c.is_control() { c.escape_debug().collect() } else { vec![c] };
            let text: String = text.replace('\'', "''").chars().flat_map(plain).collect();
            format!("'{text}'")
        }
    }
}
