//! Why a result is no chart, in plain words.

use super::{Chart, Unfit};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;

/// What is wrong with what the query returns, at the place where it says so.
pub fn unfit(chart: &Chart, why: &Unfit, returned: Span) -> Diagnostic {
    match why {
        Unfit::NoNumbers => no_numbers(chart, returned),
        Unfit::NoAxis => no_axis(chart, returned),
        Unfit::NoDates => no_dates(returned),
        Unfit::NoPairs => no_pairs(returned),
        Unfit::Twice(place) => twice(place, returned),
        Unfit::Nothing => nothing(chart, returned),
    }
}

/// D0940: a chart of numbers, and no column has numbers.
fn no_numbers(chart: &Chart, span: Span) -> Diagnostic {
    let message = format!("a {} chart draws numbers, and no column has any", chart.name);
    Diagnostic::error("D0940", span, message)
        .help("return a text or a date and a number, such as `return a.name, count(*) as n`")
}

/// D0941: numbers without names.
fn no_axis(chart: &Chart, span: Span) -> Diagnostic {
    let message =
        format!("a {} chart needs a column that says what the numbers are of", chart.name);
    Diagnostic::error("D0941", span, message)
        .help("return a text or a date beside it, such as `return a.name, count(*) as n`")
}

/// D0942: a timeline without dates.
fn no_dates(span: Span) -> Diagnostic {
    Diagnostic::error("D0942", span, "a timeline draws dates, and no column has any")
        .help("return a text and a date, such as `return a.name, s.date`")
}

/// D0943: a heat map with one side only.
fn no_pairs(span: Span) -> Diagnostic {
    Diagnostic::error("D0943", span, "a heat map has two sides, and this result names only one")
        .help("return two texts and a number, such as `return a.name, s.act, count(*) as n`")
}

/// D0944: two numbers for one place of a chart.
fn twice(place: &str, span: Span) -> Diagnostic {
    let place: String = place.chars().take(80).collect();
    Diagnostic::error("D0944", span, format!("two rows are for the same place: {place}"))
        .help("return one row for each, such as by `sum(…)` or `count(*)`")
}

/// D0945: nothing that could be drawn.
fn nothing(chart: &Chart, span: Span) -> Diagnostic {
    let what =
        if chart.name == "timeline" { "date with a beginning or an end" } else { "finite number" };
    Diagnostic::error("D0945", span, format!("there is nothing to draw: no row has a {what}"))
        .help("leave out `--chart` to see the rows")
}
