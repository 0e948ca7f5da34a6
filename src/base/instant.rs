//! Moments of the change log: UTC, to the millisecond, in the notation of RFC 3339, so that their texts sort by time.

use super::date::{Date, day_after, day_before, day_text};

/// A moment, such as `2025-11-22T10:00:00.000Z`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(String);

impl Instant {
    /// Reads a date and a time of day; a day alone means its end. A time without a zone is UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((day, time)) = text.split_once(['T', 't', ' ']) else {
            return Date::parse(text).ok()?.exact().map(Self::end_of);
        };
        let day = Date::parse(day).ok()?.exact()?;
        let (clock, zone) = split_zone(time.trim())?;
        let of_day = millis(clock)? - zone * 60_000;
        let day = match of_day.div_euclid(DAY) {
            -1 => day_before(day),
            0 => day,
            _ => day_after(day),
        };
        Some(Self::at(day, of_day.rem_euclid(DAY)))
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

/// The time of day, and the minutes by which its zone is ahead of UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (clock, zone) = time.split_at_checked(at)?;
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    Some((clock, sign * (number(hours, 2, 15)? * 60 + number(minutes, 2, 60)?)))
}

fn millis(clock: &str) -> Option<i64> {
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2, 24)?, number(parts.next()?, 2, 60)?);
    let second = parts.next().map_or(Some(0), |second| number(second, 2, 60))?;
    let known = fraction.chars().all(|c| c.is_ascii_digit()) && !fraction.is_empty();
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let of_second = thousandths.parse::<i64>().ok().filter(|_| known)?;
    parts.next().is_none().then_some(((hour * 60 + minute) * 60 + second) * 1000 + of_second)
}

/// Exactly so many digits, and less than `below`.
fn number(text: &str, digits: usize, below: i64) -> Option<i64> {
    let fits = text.len() == digits && text.chars().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|number| fits && *number < below)
}

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
        for text in
            ["2025-11", "now", "2025-11-22T25:00", "2025-11-22T10", "2025-11-22T10:00:00.x", ""]
        {
            check(text, None);
        }
    }
}
