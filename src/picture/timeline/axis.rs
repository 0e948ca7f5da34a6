//! The axis of time: which steps it takes so that its labels have room, and where they stand.

use crate::base::date::{civil, day_number};
use crate::picture::svg::{Rect, Words};
use crate::picture::text::Font;

/// From days to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The first day shown, counted from 1970-01-01.
    pub(super) from: f64,
    /// The end of the last one.
    pub(super) to: f64,
    /// Where the first one begins.
    pub(super) x: f64,
    /// How wide all of them are.
    pub(super) width: f64,
}

impl Scale {
    /// Where a day begins.
    pub(super) fn at(&self, day: f64) -> f64 {
        self.x + (day - self.from) / (self.to - self.from) * self.width
    }
}

/// A line across the lanes, with what stands at it.
#[derive(Debug)]
pub(super) struct Tick {
    /// Where the line is, unless it lies outside.
    pub(super) line: Option<f64>,
    /// The words, the middle of their box, and the box.
    pub(super) labels: Vec<(Words, f64, Rect)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Hours(i64),
    Days(i64),
    Months(i64),
    Years(i64),
}

/// From fine to coarse.
const STEPS: &[Step] = &[
    Step::Hours(1),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(25),
    Step::Years(50),
    Step::Years(100),
    Step::Years(500),
    Step::Years(2000),
];

const FONT: Font = Font::plain(11.0);
const MONTHS: &[&str] =
    &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Left free between two labels.
const GAP: f64 = 12.0;

/// The lines and labels of an axis whose upper edge is at `y`; finer than days only where times of day are known.
pub(super) fn ticks(scale: &Scale, hours: bool, y: f64) -> Vec<Tick> {
    let mut fitting = STEPS.iter().copied().filter(|step| hours || !matches!(step, Step::Hours(_)));
    let coarsest = STEPS.last().copied();
    let Some(step) = fitting.find(|step| has_room(*step, scale)).or(coarsest) else {
        return Vec::new();
    };
    let bounds = bounds(step, scale);
    let mut ticks: Vec<Tick> = Vec::new();
    let mut last_context = String::new();
    for pair in bounds.windows(2) {
        let [from, to] = pair else { continue };
        let line = (*from >= scale.from && *from <= scale.to).then(|| scale.at(*from));
        let mut tick = Tick { line, labels: Vec::new() };
        let (main, context) = written(step, *from);
        if let Some(middle) = place(step, scale, (*from, *to), FONT.width(&main)) {
            tick.labels.push(label(&main, middle, y));
            if context != last_context {
                let context_label = label(&context, middle, y + FONT.line());
                drop_overlapped(&mut ticks, &context_label.2);
                tick.labels.push(context_label);
                last_context = context;
            }
        }
        ticks.push(tick);
    }
    ticks
}

fn label(text: &str, middle: f64, y: f64) -> (Words, f64, Rect) {
    let words = Words::wrapped(text, FONT, f64::MAX, 1);
    let (w, h) = (words.width(), words.height());
    (words, middle, Rect { x: middle - w / 2.0, y, w, h })
}

/// A year that stands too close before another one gives way.
fn drop_overlapped(ticks: &mut [Tick], new: &Rect) {
    let wider = Rect { x: new.x - GAP / 2.0, w: new.w + GAP, ..*new };
    for tick in ticks {
        tick.labels.retain(|(.., known)| !known.overlaps(&wider));
    }
}

/// The middle of a label, if it has room: of the shown part of its day, month or year, or else at its line.
fn place(step: Step, scale: &Scale, (from, to): (f64, f64), width: f64) -> Option<f64> {
    if !matches!(step, Step::Days(1) | Step::Months(1) | Step::Years(1)) {
        let inside = from >= scale.from && from <= scale.to;
        return inside.then(|| scale.at(from));
    }
    let (left, right) = (scale.at(from.max(scale.from)), scale.at(to.min(scale.to)));
    (right - left >= width + 2.0).then_some(f64::midpoint(left, right))
}

fn has_room(step: Step, scale: &Scale) -> bool {
    let (days, widest) = match step {
        Step::Hours(hours) => (to_float(hours) / 24.0, "00:00"),
        Step::Days(days) => (to_float(days), "00 Mmm"),
        Step::Months(months) => (to_float(months) * 28.0, "Mmm"),
        Step::Years(years) => (to_float(years) * 365.0, "0000"),
    };
    days / (scale.to - scale.from) * scale.width >= FONT.width(widest) + GAP
}

/// Where each step begins, from before what is shown to behind it.
fn bounds(step: Step, scale: &Scale) -> Vec<f64> {
    let (first, last) = (whole(scale.from.floor()), whole(scale.to.ceil()));
    let (year, month, _) = civil(first);
    let mut bounds = Vec::new();
    let mut at = 0;
    loop {
        let day = match step {
            Step::Hours(hours) => to_float(first) + to_float(at * hours) / 24.0,
            // Weeks begin on Mondays, and 1970-01-01 was a Thursday.
            Step::Days(days) if days >= 7 => {
                to_float((first + 3).div_euclid(days) * days - 3 + at * days)
            }
            Step::Days(days) => to_float(first.div_euclid(days) * days + at * days),
            Step::Months(months) => {
                let count = (year * 12 + month - 1).div_euclid(months) * months + at * months;
                to_float(begin(count.div_euclid(12), count.rem_euclid(12) + 1))
            }
            Step::Years(years) => to_float(begin(year.div_euclid(years) * years + at * years, 1)),
        };
        bounds.push(day);
        if day > to_float(last) {
            return bounds;
        }
        at += 1;
    }
}

fn begin(year: i64, month: i64) -> i64 {
    day_number(year * 10_000 + month * 100 + 1)
}

/// What stands at a step, and what stands below it where that is new.
fn written(step: Step, day: f64) -> (String, String) {
    let (year, month, of_month) = civil(whole(day.floor()));
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
    match step {
        Step::Hours(_) => {
            let hour = whole(((day - day.floor()) * 24.0).round());
            (format!("{hour:02}:00"), format!("{of_month} {name} {year}"))
        }
        Step::Days(_) => (format!("{of_month} {name}"), year.to_string()),
        Step::Months(_) => ((*name).to_owned(), year.to_string()),
        Step::Years(_) => (year.to_string(), String::new()),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "days of at most ten thousand years")]
fn whole(number: f64) -> i64 {
    number as i64
}

#[expect(clippy::cast_precision_loss, reason = "days of at most ten thousand years")]
fn to_float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: i64, to: i64, expected: &str) {
        let (from, to) = (to_float(day_number(from)), to_float(day_number(to)));
        let scale = Scale { from, to, x: 0.0, width: 600.0 };
        let ticks = ticks(&scale, to - from < 3.0, 0.0);
        let words: Vec<&str> = ticks
            .iter()
            .flat_map(|tick| &tick.labels)
            .flat_map(|(words, ..)| words.lines.iter().map(String::as_str))
            .collect();
        let start = words.iter().take(5).copied().collect::<Vec<_>>().join(" | ");
        assert_eq!(start, expected, "{from} {to}");
    }

    #[test]
    fn steps_fit_the_time_that_is_shown() {
        check(20_251_122, 20_251_123, "00:00 | 22 Nov 2025 | 03:00 | 06:00 | 09:00");
        check(20_251_120, 20_251_125, "20 Nov | 2025 | 21 Nov | 22 Nov | 23 Nov");
        check(20_251_120, 20_251_220, "24 Nov | 2025 | 1 Dec | 8 Dec | 15 Dec");
        check(20_251_120, 20_260_420, "Nov | 2025 | Dec | Jan | 2026");
        check(20_100_101, 20_200_101, "2010 | 2011 | 2012 | 2013 | 2014");
        check(10_101, 20_250_101, "500 | 1000 | 1500 | 2000");
    }

    #[test]
    fn no_labels_of_an_axis_overlap() {
        for (from, to) in (0..40).map(|at| (20_400 + at * 3, 20_401 + at * 3 + at * at * at)) {
            let scale = Scale { from: to_float(from), to: to_float(to), x: 0.0, width: 500.0 };
            let ticks = ticks(&scale, to - from < 3, 0.0);
            let boxes: Vec<&Rect> =
                ticks.iter().flat_map(|tick| tick.labels.iter().map(|(.., rect)| rect)).collect();
            for (at, one) in boxes.iter().enumerate() {
                for other in boxes.iter().skip(at + 1) {
                    assert!(!one.overlaps(other), "{from} {to} {one:?} {other:?}");
                }
            }
        }
    }
}
