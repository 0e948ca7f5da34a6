//! Moments of the change log: UTC, to the millisecond, in the notation of RFC 3339, so that their texts sort by time.

use super::date::{Date, day_text};
use super::time;

/// A moment, such as `2025-11-22T10:00:00.000Z`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(String);

impl Instant {
    /// Reads a date and a time of day; a day alone means its end. A time without a zone is UTC.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(day) = Date::parse(text).ok().and_then(|date| date.exact()) {
            return Some(Self::end_of(day));
        }
        let kept = time::datetime(text)?;
        let (whole, fraction) = kept.split_once('.').unwrap_or((&kept, ""));
        let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
        Some(Self(format!("{whole}.{millis}Z")))
    }

    /// The last moment of a day given as `yyyymmdd`.
    pub fn end_of(day: i64) -> Self {
        Self::at(day, DAY - 1)
    }

    /// A day given as `yyyymmdd`, and so many milliseconds into it.
    pub fn at(day: i64, millis: i64) -> Self {
        let (seconds, millis) = (millis / 1000, millis % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Self(format!("{}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z", day_text(day)))
    }

    /// In the notation of RFC 3339.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const DAY: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::Instant;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Instant::parse(text).as_ref().map(Instant::as_str), expected, "{text}");
    }

    #[test]
    fn moments_are_read_in_utc() {
        check("2025-11-22", Some("2025-11-22T23:59:59.999Z"));
        check("2025-11-22T10:00:00Z", Some("2025-11-22T10:00:00.000Z"));
        check("2025-11-22T10:00", Some("2025-11-22T10:00:00.000Z"));
        check("2025-11-22 10:00:30.25", Some("2025-11-22T10:00:30.250Z"));
        check("2025-11-22T00:30:00+01:00", Some("2025-11-21T23:30:00.000Z"));
        check("2025-12-31T23:30:00-01:00", Some("2026-01-01T00:30:00.000Z"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["2025-11", "now", "2025-11-22T25:00", "2025-11-22T10:00:00.x", ""] {
            check(text, None);
        }
    }
}
