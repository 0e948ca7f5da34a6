//! The current time, read in one place.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::date::{Date, civil};
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
