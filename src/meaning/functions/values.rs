//! Functions of any value: conversions, and what stands in for null.

use super::Means::{self, Convert};
use super::Takes::{self, Simple as X};
use super::{Function, Gives, row};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        aliases: &["tostring", "tostringornull"],
        ..row("to_text", &[X], Gives::Text, Means::ToText, "as text")
    },
    Function {
        aliases: &["tointeger", "tointegerornull"],
        ..row(
            "to_int",
            &[Takes::Scalar],
            Gives::Int,
            Convert("dixit_to_int", "dixit_any_int"),
            "as an integer, or null",
        )
    },
    Function {
        aliases: &["tofloat", "tofloatornull"],
        ..row(
            "to_float",
            &[Takes::TextOrNumber],
            Gives::Float,
            Convert("dixit_to_float", "dixit_any_float"),
            "as a number, or null",
        )
    },
    Function {
        aliases: &["toboolean", "tobooleanornull"],
        ..row(
            "to_bool",
            &[Takes::Scalar],
            Gives::Bool,
            Convert("dixit_to_bool", "dixit_any_bool"),
            "as a truth value, or null",
        )
    },
    Function {
        repeats: true,
        ..row(
            "coalesce",
            &[Takes::Same],
            Gives::Joined,
            Means::Coalesce,
            "the first that is not null",
        )
    },
    row(
        "nullif",
        &[Takes::Same, Takes::Same],
        Gives::Joined,
        Means::NullIf,
        "null if both are equal, else the first",
    ),
    Function {
        aliases: &["cardinality"],
        ..row("size", &[Takes::Sized], Gives::Int, Means::Size, "how many members or characters")
    },
    Function {
        aliases: &["isempty"],
        ..row("is_empty", &[Takes::Sized], Gives::Bool, Means::IsEmpty, "whether that is 0")
    },
    row("reverse", &[Takes::TextOrList], Gives::First, Means::Reverse, "from the end to the start"),
];
