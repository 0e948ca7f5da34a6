//! The current time, read in one place.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::date::Date;
use crate::base::instant::Instant;

/// The current day, in UTC.
pub(crate) fn today() -> Date {
    let (year, month, day) = civil(seconds() / 86_400);
    Date::of_day(year * 10_000 + month * 100 + day)
}

/// The current time in UTC, in the notation of RFC 3339.
pub(crate) fn now() -> String {
    const DAY: i64 = 86_400_000;
    let millis = millis();
    let (year, month, day) = civil(millis / DAY);
    Instant::at(year * 10_000 + month * 100 + day, millis % DAY).as_str().to_owned()
}

fn seconds() -> i64 {
    millis() / 1000
}

fn millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(0)
}

/// Year, month and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
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

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(20_414), (2025, 11, 22));
        assert_eq!(civil(19_782), (2024, 2, 29));
    }
}
