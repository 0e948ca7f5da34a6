//! Functions of dates, instants and lengths of time.

use super::Means::{self, Checked, Sql};
use super::Takes::{self, Date as D, Time as T};
use super::{Function, Gives, row};

const DATE: Gives = Gives::Date;
const INT: Gives = Gives::Int;

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "date",
        &[T],
        DATE,
        Checked("dixit_date"),
        "the date an EDTF text says, or one of parts: year, month, day, …",
    ),
    row(
        "datetime",
        &[T],
        Gives::DateTime,
        Checked("dixit_datetime"),
        "the instant a text says, or one of parts: year, …, hour, …, timezone",
    ),
    row(
        "duration",
        &[T],
        Gives::Duration,
        Checked("dixit_duration"),
        "the duration a text says, or one of parts: years, months, days, hours, …",
    ),
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
        Gives::Bool,
        Means::Possibly,
        "whether the condition can hold, given what dates leave open",
    ),
];
