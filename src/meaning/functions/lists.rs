//! Functions of lists and maps.

use super::Means::{self, Checked, Sql};
use super::Takes::{self, Int as I, List as L};
use super::{Function, Gives, row};

pub(super) const FUNCTIONS: &[Function] = &[
    row("head", &[L], Gives::Member, Means::At(0), "the first member"),
    row("last", &[L], Gives::Member, Means::At(-1), "the last member"),
    row("tail", &[L], Gives::First, Sql("dixit_tail"), "all but the first member"),
    Function {
        optional: 1,
        ..row(
            "range",
            &[I, I, I],
            Gives::Ints,
            Checked("dixit_range"),
            "the integers from one to another, both included",
        )
    },
    row(
        "keys",
        &[Takes::Keyed],
        Gives::Texts,
        Means::Keys,
        "the names of a map's values, or of the properties there are",
    ),
    row(
        "properties",
        &[Takes::Keyed],
        Gives::Map,
        Means::Properties,
        "the properties of a node or an edge, as a map",
    ),
];
