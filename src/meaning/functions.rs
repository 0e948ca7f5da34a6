//! The functions and aggregates of the language: one row each, with what they take, what they give and what computes
//! them. Names prefixed `dixit_` are functions the store registers; others are the database's own.

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// An integer.
    Int,
    /// Any number.
    Number,
    /// A date.
    Date,
    /// A truth value.
    Bool,
    /// A list.
    List,
    /// A text or a list.
    TextOrList,
    /// A node.
    Node,
    /// An edge, or a node that is one.
    Edge,
    /// A path.
    Path,
    /// A path, a text or a list.
    Sized,
    /// A text, number, truth value or date.
    Simple,
    /// Anything that goes with the other such arguments.
    Same,
}

impl Takes {
    /// In one word, for a list of functions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Number => "number",
            Self::Date => "date",
            Self::Bool => "condition",
            Self::List => "list",
            Self::TextOrList => "text or list",
            Self::Node => "node",
            Self::Edge => "edge",
            Self::Path => "path",
            Self::Sized => "text, list or path",
            Self::Simple => "value",
            Self::Same => "anything",
        }
    }
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// An integer.
    Int,
    /// A float.
    Float,
    /// A text.
    Text,
    /// A truth value.
    Bool,
    /// A date.
    Date,
    /// A list of texts.
    Texts,
    /// A list of integers.
    Ints,
    /// What its first argument is.
    First,
    /// What the members of its first argument are.
    Member,
    /// What all [`Takes::Same`] arguments can be seen as.
    Joined,
    /// The nodes of a path.
    Nodes,
    /// The edges of a path.
    Edges,
}

/// How a function is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// By this function of the database, with the arguments as they are.
    Sql(&'static str),
    /// Likewise, by one that can fail: it is told its place as its last argument.
    Checked(&'static str),
    /// `coalesce`
    Coalesce,
    /// `nullif`
    NullIf,
    /// The length of a text, a list or a path, by its type.
    Size,
    /// The kind of a node.
    Kind,
    /// The name of an edge.
    EdgeName,
    /// Its text form, by its type.
    ToText,
    /// The members of a path.
    PathPart,
    /// The rank of the full-text match on this node.
    Score,
    /// Reverses a text or a list.
    Reverse,
    /// `possibly`
    Possibly,
    /// The current day, as the command line tells it.
    Today,
}

/// A function.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub takes: &'static [Takes],
    /// How many of these, from the end, may be left out.
    pub optional: usize,
    /// Whether the last argument may repeat.
    pub repeats: bool,
    /// What it gives.
    pub gives: Gives,
    /// How it is computed.
    pub means: Means,
    /// What it is for.
    pub doc: &'static str,
}

/// What an aggregate gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// A count.
    Count,
    /// A sum of the argument's type.
    Sum,
    /// A float.
    Float,
    /// One of the values.
    Value,
    /// A list of the values.
    List,
    /// A text.
    Text,
}

/// An aggregate.
#[derive(Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Its name.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub takes: &'static [Takes],
    /// How many of these, from the end, may be left out.
    pub optional: usize,
    /// What it gives.
    pub gives: Sum,
    /// The function of the database.
    pub sql: &'static str,
    /// What it is for.
    pub doc: &'static str,
}

const fn row(
    name: &'static str,
    takes: &'static [Takes],
    gives: Gives,
    means: Means,
    doc: &'static str,
) -> Function {
    Function { name, aliases: &[], takes, optional: 0, repeats: false, gives, means, doc }
}

const INT: Gives = Gives::Int;
const FLOAT: Gives = Gives::Float;
const TEXT: Gives = Gives::Text;
const BOOL: Gives = Gives::Bool;
const DATE: Gives = Gives::Date;

use Means::Sql;
use Takes::{Date as D, Int as I, List as L, Number as N, Simple as X, Text as T};

/// Every function.
pub const FUNCTIONS: &[Function] = &[
    // Text
    Function {
        aliases: &["tolower"],
        ..row("lower", &[T], TEXT, Sql("dixit_lower"), "in lower case")
    },
    Function {
        aliases: &["toupper"],
        ..row("upper", &[T], TEXT, Sql("dixit_upper"), "in upper case")
    },
    Function {
        aliases: &["btrim"],
        ..row("trim", &[T], TEXT, Sql("dixit_trim"), "without space at both ends")
    },
    row("ltrim", &[T], TEXT, Sql("dixit_ltrim"), "without space at the start"),
    row("rtrim", &[T], TEXT, Sql("dixit_rtrim"), "without space at the end"),
    row("left", &[T, I], TEXT, Means::Checked("dixit_left"), "its first characters"),
    row("right", &[T, I], TEXT, Means::Checked("dixit_right"), "its last characters"),
    Function {
        optional: 1,
        ..row(
            "substring",
            &[T, I, I],
            TEXT,
            Means::Checked("dixit_substring"),
            "from a position (counted from 0), so many characters",
        )
    },
    row("replace", &[T, T, T], TEXT, Sql("replace"), "with each occurrence replaced"),
    row("split", &[T, T], Gives::Texts, Sql("dixit_split"), "its parts between separators"),
    row("fold", &[T], TEXT, Sql("dixit_fold"), "as compared by ~=: without case and accents"),
    Function {
        aliases: &["character_length"],
        ..row("char_length", &[T], INT, Sql("length"), "how many characters")
    },
    Function { aliases: &["tostring"], ..row("to_text", &[X], TEXT, Means::ToText, "as text") },
    // Numbers
    row("abs", &[N], Gives::First, Sql("abs"), "without its sign"),
    Function {
        aliases: &["ceiling"],
        ..row("ceil", &[N], FLOAT, Sql("dixit_ceil"), "the next whole number up")
    },
    row("floor", &[N], FLOAT, Sql("dixit_floor"), "the next whole number down"),
    Function {
        optional: 1,
        ..row("round", &[N, I], FLOAT, Sql("dixit_round"), "rounded, half away from zero")
    },
    row("sign", &[N], INT, Sql("sign"), "-1, 0 or 1"),
    row("sqrt", &[N], FLOAT, Sql("dixit_sqrt"), "the square root"),
    row("exp", &[N], FLOAT, Sql("dixit_exp"), "e to that power"),
    Function {
        aliases: &["ln"],
        ..row("log", &[N], FLOAT, Sql("dixit_ln"), "the natural logarithm")
    },
    row("log10", &[N], FLOAT, Sql("dixit_log10"), "the decimal logarithm"),
    row("pi", &[], FLOAT, Sql("dixit_pi"), "3.14159…"),
    row("sin", &[N], FLOAT, Sql("dixit_sin"), "the sine"),
    row("cos", &[N], FLOAT, Sql("dixit_cos"), "the cosine"),
    row("tan", &[N], FLOAT, Sql("dixit_tan"), "the tangent"),
    Function {
        aliases: &["tointeger"],
        ..row("to_int", &[X], INT, Sql("dixit_to_int"), "as an integer, or null")
    },
    Function {
        aliases: &["tofloat"],
        ..row("to_float", &[X], FLOAT, Sql("dixit_to_float"), "as a number, or null")
    },
    Function {
        aliases: &["toboolean"],
        ..row("to_bool", &[X], BOOL, Sql("dixit_to_bool"), "as a truth value, or null")
    },
    // Anything
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
        ..row("size", &[Takes::Sized], INT, Means::Size, "how many members or characters")
    },
    row("reverse", &[Takes::TextOrList], Gives::First, Means::Reverse, "from the end to the start"),
    // Lists
    row("head", &[L], Gives::Member, Sql("dixit_head"), "the first member"),
    row("last", &[L], Gives::Member, Sql("dixit_last_member"), "the last member"),
    row("tail", &[L], Gives::First, Sql("dixit_tail"), "all but the first member"),
    Function {
        optional: 1,
        ..row(
            "range",
            &[I, I, I],
            Gives::Ints,
            Means::Checked("dixit_range"),
            "the integers from one to another, both included",
        )
    },
    // Dates
    row("date", &[T], DATE, Means::Checked("dixit_date"), "the date an EDTF text says"),
    Function {
        aliases: &["current_date"],
        ..row("today", &[], DATE, Means::Today, "the current day")
    },
    row("year", &[D], INT, Sql("dixit_year"), "its year, if certain"),
    row("month", &[D], INT, Sql("dixit_month"), "its month, if certain"),
    row("day", &[D], INT, Sql("dixit_day"), "its day of the month, if certain"),
    row(
        "first_day",
        &[D],
        DATE,
        Sql("dixit_first_day"),
        "the first day it may be, if there is one",
    ),
    row("last_day", &[D], DATE, Sql("dixit_last_day"), "the last day it may be, if there is one"),
    row(
        "days_between",
        &[D, D],
        INT,
        Sql("dixit_days_between"),
        "days from one to the other, if both are exact",
    ),
    row(
        "possibly",
        &[Takes::Bool],
        BOOL,
        Means::Possibly,
        "whether the condition can hold, given what dates leave open",
    ),
    // The graph
    Function {
        aliases: &["labels"],
        ..row("kind", &[Takes::Node], TEXT, Means::Kind, "the kind of a node")
    },
    Function {
        aliases: &["type"],
        ..row("edge_name", &[Takes::Edge], TEXT, Means::EdgeName, "the name of an edge")
    },
    Function {
        aliases: &["path_length"],
        ..row("length", &[Takes::Sized], INT, Means::Size, "edges of a path, members or characters")
    },
    row("nodes", &[Takes::Path], Gives::Nodes, Means::PathPart, "the nodes of a path"),
    Function {
        aliases: &["relationships"],
        ..row("edges", &[Takes::Path], Gives::Edges, Means::PathPart, "the edges of a path")
    },
    row(
        "score",
        &[Takes::Node],
        FLOAT,
        Means::Score,
        "the rank of the full-text match on a node; higher is better",
    ),
];

/// Every aggregate.
pub const AGGREGATES: &[Aggregate] = &[
    Aggregate {
        name: "count",
        aliases: &[],
        takes: &[Takes::Same],
        optional: 1,
        gives: Sum::Count,
        sql: "count",
        doc: "how many are not null; count(*) counts rows",
    },
    Aggregate {
        name: "sum",
        aliases: &[],
        takes: &[N],
        optional: 0,
        gives: Sum::Sum,
        sql: "sum",
        doc: "the sum; 0 of nothing",
    },
    Aggregate {
        name: "avg",
        aliases: &["mean"],
        takes: &[N],
        optional: 0,
        gives: Sum::Float,
        sql: "avg",
        doc: "the mean",
    },
    Aggregate {
        name: "min",
        aliases: &[],
        takes: &[X],
        optional: 0,
        gives: Sum::Value,
        sql: "min",
        doc: "the smallest; of dates, the earliest",
    },
    Aggregate {
        name: "max",
        aliases: &[],
        takes: &[X],
        optional: 0,
        gives: Sum::Value,
        sql: "max",
        doc: "the largest; of dates, the latest",
    },
    Aggregate {
        name: "collect_list",
        aliases: &["collect"],
        takes: &[Takes::Same],
        optional: 0,
        gives: Sum::List,
        sql: "json_group_array",
        doc: "the values that are not null, as a list",
    },
    Aggregate {
        name: "string_agg",
        aliases: &["listagg"],
        takes: &[X, T],
        optional: 1,
        gives: Sum::Text,
        sql: "group_concat",
        doc: "the values as one text, joined by the separator (', ' unless given)",
    },
    Aggregate {
        name: "percentile_cont",
        aliases: &["percentilecont"],
        takes: &[N, N],
        optional: 0,
        gives: Sum::Float,
        sql: "dixit_percentile",
        doc: "the value below which that share lies, interpolated",
    },
    Aggregate {
        name: "stddev",
        aliases: &["stdev", "stddev_samp"],
        takes: &[N],
        optional: 0,
        gives: Sum::Float,
        sql: "dixit_stddev",
        doc: "the standard deviation of a sample",
    },
];

/// The function called so, whatever the case.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|row| is_called(name, row.name, row.aliases))
}

/// The aggregate called so, whatever the case.
pub fn aggregate(name: &str) -> Option<&'static Aggregate> {
    AGGREGATES.iter().find(|row| is_called(name, row.name, row.aliases))
}

/// Names of all functions and aggregates.
pub fn names() -> impl Iterator<Item = &'static str> {
    let functions = FUNCTIONS
        .iter()
        .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()));
    let aggregates = AGGREGATES
        .iter()
        .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()));
    functions.chain(aggregates)
}

fn is_called(name: &str, own: &str, aliases: &[&str]) -> bool {
    own.eq_ignore_ascii_case(name) || aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once() {
        let mut all: Vec<&str> = names().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
