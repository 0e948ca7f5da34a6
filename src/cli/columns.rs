//! What the columns of an answer are called and hold, as far as the compiler knows.

use crate::Compiled;
use crate::base::value::{Column, Holds};
use crate::meaning::types::Type;
use crate::sql::{ResultColumn, Shape};

/// The columns of what a query returns.
pub(crate) fn columns_of(compiled: &Compiled) -> Vec<Column> {
    let column = |column: &ResultColumn| Column {
        name: column.name.clone(),
        holds: holds(&column.shape, type_of(compiled, &column.name)),
    };
    compiled.statement.columns.iter().map(column).collect()
}

/// What a column holds. A number is an integer unless it leaves the database as something else.
fn holds(shape: &Shape, ty: Option<&Type>) -> Holds {
    match (shape, ty) {
        (Shape::Float, _) => Holds::Float,
        (Shape::Truth, _) => Holds::Bool,
        (Shape::Date | Shape::DateTime | Shape::Duration, _) | (Shape::Plain, Some(Type::Text)) => {
            Holds::Text
        }
        (Shape::Plain, Some(ty)) if ty.is_number() => Holds::Int,
        (Shape::Plain | Shape::Element | Shape::Path | Shape::List(_) | Shape::Any, _) => {
            Holds::Any
        }
    }
}

fn type_of<'c>(compiled: &'c Compiled, name: &str) -> Option<&'c Type> {
    let mut columns = compiled.question.query.columns.iter();
    columns.find(|column| column.name == name).map(|column| &column.ty)
}
