//! Where the ticks of an axis stand, so that they are round and few: numbers, and moments counted in days.

use super::data::{Days, days};
use crate::base::date;

/// An axis from one end to the other, with its ticks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Places and what they are called.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// How far along the axis a value lies, from 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        let length = self.high - self.low;
        if length > 0.0 { ((value - self.low) / length).clamp(0.0, 1.0) } else { 0.5 }
    }
}

/// An axis for numbers, out to round ends, with about `most` ticks.
pub(super) fn numbers(low: f64, high: f64, most: usize, whole: bool) -> Axis {
    let (low, high) = if low < high { (low, high) } else { (low.min(0.0), high.max(0.0)) };
    let (low, high) = if low < high { (low, high) } else { (0.0, 1.0) };
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let rough = (high - low) / most.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor()).max(f64::MIN_POSITIVE);
    let steps = [1.0, 2.0, 5.0, 10.0];
    let step = steps.iter().map(|step| step * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(rough).max(if whole { 1.0 } else { f64::MIN_POSITIVE });
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "few and not negative"
    )]
    let count = (last - first).clamp(0.0, 100.0) as usize;
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let ticks = (0..=count).map(|at| (first + at as f64) * step);
    let ticks = ticks.map(|value| (value, spelled(value, step))).collect();
    Axis { low: first * step, high: last * step, ticks }
}

/// A number with as many decimals as its neighbours need.
fn spelled(value: f64, step: f64) -> String {
    if !(1e-9..1e15).contains(&step) {
        return if value == 0.0 { "0".to_owned() } else { format!("{value:e}") };
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 9")]
    let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    let value = if value.abs() < step / 1e6 { 0.0 } else { value };
    format!("{value:.decimals$}").replace('-', "\u{2212}")
}

/// A value as a label: as short as possible.
pub(super) fn number(value: f64) -> String {
    let text = match value.abs() {
        size if size >= 1e15 || (size < 1e-4 && size > 0.0) => format!("{value:.3e}"),
        size if size >= 100.0 || value.fract() == 0.0 => trimmed(&format!("{value:.1}")),
        _ => trimmed(&format!("{value:.3}")),
    };
    text.replace('-', "\u{2212}")
}

fn trimmed(text: &str) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Steps between ticks of time: hours, then months. Days lie between.
enum Step {
    Hours(f64),
    Months(i64),
}

const STEPS: &[(f64, Step)] = &[
    (1.0 / 24.0, Step::Hours(1.0)),
    (0.125, Step::Hours(3.0)),
    (0.25, Step::Hours(6.0)),
    (0.5, Step::Hours(12.0)),
    (1.0, Step::Hours(24.0)),
    (2.0, Step::Hours(48.0)),
    (7.0, Step::Hours(168.0)),
    (30.0, Step::Months(1)),
    (91.0, Step::Months(3)),
    (182.0, Step::Months(6)),
    (365.0, Step::Months(12)),
    (730.0, Step::Months(24)),
    (1826.0, Step::Months(60)),
    (3652.0, Step::Months(120)),
    (9131.0, Step::Months(300)),
    (18_262.0, Step::Months(600)),
    (36_525.0, Step::Months(1200)),
    (365_250.0, Step::Months(12_000)),
];

/// An axis for moments, with at most about `most` ticks; among days none is shorter than a day.
pub(super) fn moments(low: f64, high: f64, most: usize, among: Days) -> Axis {
    let (shortest, least) = match among {
        Days::Days => (1.0, 2.0),
        Days::Instants => (0.0, 1.0 / 24.0),
    };
    let more = ((least - (high - low)) / 2.0).max(0.0);
    let (low, high) = (low - more, high + more);
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let rough = (high - low) / most.max(1) as f64;
    let wanted = STEPS.iter().position(|(length, _)| *length >= rough.max(shortest));
    let mut at = wanted.unwrap_or(STEPS.len() - 1);
    let ticks_of = |at: usize| match STEPS.get(at) {
        Some((_, Step::Months(months))) => by_months(low, high, *months),
        Some((_, Step::Hours(hours))) => by_hours(low, high, *hours / 24.0),
        None => Vec::new(),
    };
    let mut ticks = ticks_of(at);
    // One tick alone does not tell how long anything is.
    while ticks.len() < 2 && at > 0 && STEPS[at - 1].0 >= shortest {
        at -= 1;
        ticks = ticks_of(at);
    }
    Axis { low, high, ticks }
}

fn by_hours(low: f64, high: f64, step: f64) -> Vec<(f64, String)> {
    // Weeks begin on a Monday: 1970-01-01 was a Thursday.
    let start = if step >= 7.0 { 4.0 } else { 0.0 };
    let first = ((low - start) / step - 1e-6).ceil() * step + start;
    let places = std::iter::successors(Some(first), |at| Some(at + step));
    let places = places.take_while(|at| *at <= high + 1e-6).take(200);
    let mut ticks: Vec<(f64, String)> = places.map(|at| (at, hour(at, step))).collect();
    let dated = ticks.iter().any(|(_, text)| text.contains('-'));
    if let Some((at, text)) = ticks.first_mut().filter(|_| !dated) {
        *text = format!("{} {text}", day_text(*at));
    }
    ticks
}

fn hour(at: f64, step: f64) -> String {
    let day = (at + 1e-6).floor();
    let minutes = ((at - day) * 1440.0).round();
    if step >= 1.0 || minutes <= 0.0 {
        return day_text(day);
    }
    format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0)
}

fn by_months(low: f64, high: f64, step: i64) -> Vec<(f64, String)> {
    let (year, month, _) = civil(low);
    let before = (year * 12 + month - 1).div_euclid(step) * step;
    let months = std::iter::successors(Some(before), |month| Some(month + step));
    let place = |month: i64| {
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let text = if step >= 12 { format!("{year:04}") } else { format!("{year:04}-{month:02}") };
        (days(year * 10_000 + month * 100 + 1), text)
    };
    let places = months.map(place).take_while(|(at, _)| *at <= high + 1e-6).take(200);
    places.filter(|(at, _)| *at >= low - 1e-6).collect()
}

/// The day that so many days lead to, as `2025-11-22`.
pub(super) fn day_text(days: f64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of so many days.
#[expect(clippy::cast_possible_truncation, reason = "days of ten thousand years are few")]
fn civil(days: f64) -> (i64, i64, i64) {
    date::civil(days.floor() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn ticks_of_numbers_are_round() {
        assert_eq!(labels(&numbers(0.0, 9.0, 5, true)), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(labels(&numbers(-3.0, 5.0, 4, true)), ["−4", "−2", "0", "2", "4", "6"]);
        assert_eq!(labels(&numbers(0.0, 0.31, 4, false)), ["0.0", "0.1", "0.2", "0.3", "0.4"]);
        assert_eq!(labels(&numbers(0.0, 2.0, 8, true)), ["0", "1", "2"]);
        assert_eq!(labels(&numbers(0.0, 0.0, 4, true)), ["0", "1"]);
        assert!(numbers(-1e300, 1e300, 5, false).ticks.len() < 20);
        assert!(numbers(0.0, 5e-324, 5, false).ticks.len() < 200);
    }

    #[test]
    fn values_are_spelled_as_short_as_possible() {
        let check = |value, expected: &str| assert_eq!(number(value), expected);
        check(12.0, "12");
        check(-0.5, "−0.5");
        check(1234.56, "1234.6");
        check(1.0 / 3.0, "0.333");
        check(100.0, "100");
        check(1e20, "1.000e20");
    }

    #[test]
    fn ticks_of_time_fit_the_length() {
        let axis = |from, to, most| moments(days(from), days(to), most, Days::Days);
        let hours = moments(days(20_251_120), days(20_251_122), 5, Days::Instants);
        assert_eq!(labels(&hours), ["2025-11-20", "12:00", "2025-11-21", "12:00", "2025-11-22"]);
        assert_eq!(
            labels(&axis(20_251_120, 20_251_123, 6)),
            ["2025-11-20", "2025-11-21", "2025-11-22", "2025-11-23"]
        );
        assert_eq!(
            labels(&axis(20_251_103, 20_251_124, 4)),
            ["2025-11-03", "2025-11-10", "2025-11-17", "2025-11-24"]
        );
        assert_eq!(
            labels(&axis(20_250_115, 20_250_502, 5)),
            ["2025-02", "2025-03", "2025-04", "2025-05"]
        );
        assert_eq!(labels(&axis(19_900_601, 20_250_101, 4)), ["2000", "2010", "2020"]);
    }

    #[test]
    fn days_lead_back_to_their_date() {
        for day in [10_101, 16_000_229, 19_000_301, 20_000_229, 20_251_122, 99_991_231] {
            let text = day_text(days(day));
            assert_eq!(text.replace('-', "").parse(), Ok(day), "{text}");
        }
        assert_eq!(day_text(days(20_251_122) + 1.0), "2025-11-23");
        assert_eq!(day_text(days(20_250_228) + 1.0), "2025-03-01");
    }
}
