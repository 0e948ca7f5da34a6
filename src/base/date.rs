//! Dates that know how uncertain they are: an EDTF text with its first and last possible day.
//! The notation is EDTF levels 0 and 1 (ISO 8601-2:2019, Annex A), plus one-of sets (`[..2025-11-22]`).

use edtf_core::{Bound, Edtf};

/// Stands for "no first day": before every real day.
pub const NO_FIRST: i64 = 0;
/// Stands for "no last day": after every real day.
pub const NO_LAST: i64 = 99_999_999;

/// A date: the days it may be, as `yyyymmdd` integers, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// First possible day, or [`NO_FIRST`].
    pub first: i64,
    /// Last possible day, or [`NO_LAST`].
    pub last: i64,
    /// The EDTF text, in its preferred spelling.
    pub text: String,
}

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadDate {
    /// In plain words, without a full stop.
    pub reason: String,
    /// The spelling that was probably meant.
    pub suggestion: Option<String>,
}

impl Date {
    /// Reads an EDTF text. Years must lie between 1 and 9999.
    pub fn parse(text: &str) -> Result<Self, BadDate> {
        let trimmed = text.trim();
        let edtf = Edtf::parse(trimmed).map_err(|error| bad(trimmed, &error.to_string()))?;
        let bounds = edtf.bounds();
        let first = day(bounds.earliest, NO_FIRST).ok_or_else(|| bad(trimmed, YEARS))?;
        let last = day(bounds.latest, NO_LAST).ok_or_else(|| bad(trimmed, YEARS))?;
        Ok(Self { first, last, text: edtf.to_string() })
    }

    /// The one day it is, if it is one, as `yyyymmdd`.
    pub fn exact(&self) -> Option<i64> {
        (self.first == self.last
            && self.text.len() == 10
            && !self.text.contains(['[', '?', '~', '%', '/']))
        .then_some(self.first)
    }

    /// The date of one day given as `yyyymmdd`.
    pub fn of_day(day: i64) -> Self {
        Self { first: day, last: day, text: day_text(day) }
    }
}

impl Date {
    /// As one text that sorts by first, then by last day: both in eight digits, then the text unless it is one day.
    pub fn packed(&self) -> String {
        let text = if self.exact().is_some() { "" } else { &self.text };
        format!("{:08}{:08}{text}", self.first, self.last)
    }
}

/// Reads a packed date back; what is not one gives a date without bounds.
pub fn unpacked(packed: &str) -> Date {
    let digits = |from: usize, to: usize| packed.get(from..to).and_then(|part| part.parse().ok());
    let (Some(first), Some(last)) = (digits(0, 8), digits(8, 16)) else {
        return Date { first: NO_FIRST, last: NO_LAST, text: packed.to_owned() };
    };
    match packed.get(16..) {
        Some(text) if !text.is_empty() => Date { first, last, text: text.to_owned() },
        _ => Date::of_day(first),
    }
}

const YEARS: &str = "years go from 0001 to 9999";

/// A day given as `yyyymmdd`, spelled `yyyy-mm-dd`.
pub fn day_text(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// The day after one given as `yyyymmdd`; where there is no bound, there is none after it.
pub fn day_after(day: i64) -> i64 {
    match (day, day % 100 < days_of_month(day), day / 100 % 100 < 12) {
        (NO_FIRST | NO_LAST, ..) => day,
        (_, true, _) => day + 1,
        (_, false, true) => (day / 100 + 1) * 100 + 1,
        (_, false, false) => (day / 10_000 + 1) * 10_000 + 101,
    }
}

/// The day before one given as `yyyymmdd`; where there is no bound, there is none before it.
pub fn day_before(day: i64) -> i64 {
    match (day, day % 100 > 1, day / 100 % 100 > 1) {
        (NO_FIRST | NO_LAST, ..) => day,
        (_, true, _) => day - 1,
        (_, false, true) => (day / 100 - 1) * 100 + days_of_month(day - 100),
        (_, false, false) => (day / 10_000 - 1) * 10_000 + 1231,
    }
}

/// The number of a day given as `yyyymmdd`, counted from 1970-01-01 in the proleptic Gregorian calendar.
pub fn day_number(day: i64) -> i64 {
    let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (month * 153 + 2) / 5 + day - 719_469
}

/// Year, month and day of a number of days since 1970-01-01.
pub fn civil(days: i64) -> (i64, i64, i64) {
    // Counted from March in cycles of 400 years, so that a leap day ends its year.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// How many days the month of a day has.
pub(super) fn days_of_month(day: i64) -> i64 {
    let (year, month) = (day / 10_000, day / 100 % 100);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn day(bound: Bound, open: i64) -> Option<i64> {
    match bound {
        Bound::Date(date) if (1..=9999).contains(&date.year) => {
            Some(date.year * 10_000 + i64::from(date.month) * 100 + i64::from(date.day))
        }
        Bound::Date(_) => None,
        _ => Some(open),
    }
}

/// The reason begins behind the place, which the reader of dates counts within the text.
fn bad(text: &str, reason: &str) -> BadDate {
    let plain = match reason.split_once(": ") {
        Some((place, plain)) if place.starts_with("invalid EDTF") => plain,
        _ => reason,
    };
    BadDate { reason: plain.to_owned(), suggestion: respell(text) }
}

/// Guesses the EDTF spelling of a date written in a common other way.
fn respell(text: &str) -> Option<String> {
    if text.starts_with('-') {
        return None;
    }
    let parts: Vec<&str> =
        text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let (a, b, c): (u32, u32, u32) = (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
    let (year, month, day) = if a > 31 {
        (a, b, c)
    } else if c > 31 && a > 12 {
        (c, b, a)
    } else if c > 31 && b > 12 {
        (c, a, b)
    } else {
        return None;
    };
    let spelled = format!("{year:04}-{month:02}-{day:02}");
    Edtf::parse(&spelled).is_ok().then_some(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, first: i64, last: i64) {
        let date = Date::parse(text).unwrap();
        assert_eq!((date.first, date.last, date.text.as_str()), (first, last, text));
    }

    #[test]
    fn edtf_texts_give_their_first_and_last_day() {
        check("2025-11-22", 20_251_122, 20_251_122);
        check("2025-11", 20_251_101, 20_251_130);
        check("2025?", 20_250_101, 20_251_231);
        check("[..2025-11-22]", NO_FIRST, 20_251_122);
        check("2025-11-22/2025-11-24", 20_251_122, 20_251_124);
        check("2025-11-22/..", 20_251_122, NO_LAST);
        check("[2025-11-22..2025-11-23]", 20_251_122, 20_251_123);
    }

    #[test]
    fn days_follow_each_other() {
        for (one, next) in
            [(20_251_122, 20_251_123), (20_240_228, 20_240_229), (20_251_231, 20_260_101)]
        {
            assert_eq!((day_after(one), day_before(next)), (next, one));
        }
        assert_eq!((day_after(NO_LAST), day_before(NO_FIRST)), (NO_LAST, NO_FIRST));
    }

    #[test]
    fn days_are_counted() {
        for (number, parts) in [
            (0, (1970, 1, 1)),
            (20_414, (2025, 11, 22)),
            (19_782, (2024, 2, 29)),
            (-719_162, (1, 1, 1)),
        ] {
            assert_eq!(civil(number), parts);
            assert_eq!(day_number(parts.0 * 10_000 + parts.1 * 100 + parts.2), number);
        }
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in ["2025-02-30", "22.11.2025", "Y-170000002", "yesterday", ""] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Date::parse("22.11.2025").unwrap_err().suggestion.as_deref(),
            Some("2025-11-22")
        );
    }
}
