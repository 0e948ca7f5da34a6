//! Instants and lengths of time, as ISO 8601 writes them.
//!
//! An instant is kept in UTC without a mark of its zone and without zeros at the end of its fraction, so that texts sort
//! like instants. A length of time is months, days and seconds: how long a month is depends on where it starts.

use super::date::{self, days_of_month};

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Months.
    pub months: i64,
    /// Days.
    pub days: i64,
    /// Nanoseconds.
    pub nanos: i128,
}

pub(super) const SECOND: i128 = 1_000_000_000;
pub(super) const DAY: i128 = 86_400 * SECOND;

/// Reads an instant: a day, `T`, a time, and the zone (`Z`, `+01:00`, nothing for UTC). Gives it as it is kept.
pub fn datetime(text: &str) -> Option<String> {
    let (day, time) = text.trim().split_once(['T', 't', ' '])?;
    let day = day_number(day)?;
    let (time, offset) = zone(time)?;
    let nanos = clock(time)? - offset * 60 * SECOND;
    kept(i128::from(day) * DAY + nanos)
}

/// Reads a length of time, such as `P1Y2M3DT4H5M6.5S` or `P2W`. Gives it in its shortest spelling.
pub fn duration(text: &str) -> Option<String> {
    span(text).map(written)
}

/// The instant so much later (or with -1 earlier), kept; nothing where years run out of 0001 to 9999.
pub fn later(instant: &str, length: &str, sign: i64) -> Option<String> {
    let (day, time) = instant.split_once('T')?;
    let Span { months, days, nanos } = span(length)?;
    let moved = add_months(day, months.checked_mul(sign)?)?;
    let day = day_number(&moved)?.checked_add(days.checked_mul(sign)?)?;
    kept(i128::from(day) * DAY + clock(time)? + nanos * i128::from(sign))
}

/// The day so much later, as `2025-11-22`; hours count where they make up days.
pub fn day_later(day: &str, length: &str, sign: i64) -> Option<String> {
    let Span { months, days, nanos } = span(length)?;
    let moved = day_number(&add_months(day, months.checked_mul(sign)?)?)?;
    let days = days.checked_add(i64::try_from(nanos / DAY).ok()?)?;
    day_of(moved.checked_add(days.checked_mul(sign)?)?)
}

/// How long it is from one instant to another, in days and parts of them.
pub fn between(from: &str, to: &str) -> Option<String> {
    let total = |instant: &str| {
        let (day, time) = instant.split_once('T')?;
        Some(i128::from(day_number(day)?) * DAY + clock(time)?)
    };
    let nanos = total(to)? - total(from)?;
    let days = i64::try_from(nanos / DAY).ok()?;
    Some(written(Span { months: 0, days, nanos: nanos % DAY }))
}

/// Two lengths of time, added or (with -1) the second taken away.
pub fn sum(a: &str, b: &str, sign: i64) -> Option<String> {
    let (a, b) = (span(a)?, span(b)?);
    Some(written(Span {
        months: a.months.checked_add(b.months.checked_mul(sign)?)?,
        days: a.days.checked_add(b.days.checked_mul(sign)?)?,
        nanos: a.nanos + b.nanos * i128::from(sign),
    }))
}

/// An instant as people read it.
pub fn shown(instant: &str) -> String {
    format!("{instant}Z")
}

/// Minutes east of UTC behind a time.
fn zone(time: &str) -> Option<(&str, i128)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (time, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    if !matches!(digits.len(), 2 | 4) || offset.len() > 6 {
        return None;
    }
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { number(minutes, 59)? };
    Some((time, sign * i128::from(number(hours, 18)? * 60 + minutes)))
}

/// Nanoseconds since midnight.
pub(super) fn clock(time: &str) -> Option<i128> {
    let mut parts = time.split(':');
    let (hours, minutes) = (number(parts.next()?, 23)?, parts.next().unwrap_or("0"));
    let (seconds, fraction) = match parts.next() {
        Some(seconds) => seconds.split_once('.').unwrap_or((seconds, "0")),
        None => ("0", "0"),
    };
    if parts.next().is_some() {
        return None;
    }
    let whole = (hours * 60 + number(minutes, 59)?) * 60 + number(seconds, 59)?;
    Some(i128::from(whole) * SECOND + nanos(fraction)?)
}

/// The digits behind a point, in nanoseconds.
fn nanos(fraction: &str) -> Option<i128> {
    if fraction.is_empty() || fraction.len() > 9 || !fraction.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<9}").parse().ok()
}

fn number(digits: &str, most: i64) -> Option<i64> {
    let plain = matches!(digits.len(), 1 | 2) && digits.chars().all(|c| c.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten().filter(|number| *number <= most)
}

/// Days since 1970-01-01, of `yyyy-mm-dd`.
pub(super) fn day_number(day: &str) -> Option<i64> {
    let (year, month, day) = parts(day)?;
    Some(date::day_number(year * 10_000 + month * 100 + day))
}

fn parts(day: &str) -> Option<(i64, i64, i64)> {
    let mut parts = day.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?;
    let year: i64 = year.chars().all(|c| c.is_ascii_digit()).then(|| year.parse().ok())??;
    let (month, day) = (number(parts.next()?, 12)?, number(parts.next()?, 31)?);
    let real = year > 0 && month > 0 && day > 0 && parts.next().is_none();
    (real && day <= days_of_month(year * 10_000 + month * 100 + day)).then_some((year, month, day))
}

/// The day with this number, as `yyyy-mm-dd`.
pub(super) fn day_of(number: i64) -> Option<String> {
    let known = date::day_number(10_101)..=date::day_number(99_991_231);
    let (year, month, day) = known.contains(&number).then(|| date::civil(number))?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn add_months(day: &str, months: i64) -> Option<String> {
    let (year, month, day) = parts(day)?;
    let total = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    if !(1..=9999).contains(&year) {
        return None;
    }
    let day = day.min(days_of_month(year * 10_000 + month * 100 + 1));
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn kept(nanos: i128) -> Option<String> {
    let day = day_of(i64::try_from(nanos.div_euclid(DAY)).ok()?)?;
    let rest = nanos.rem_euclid(DAY);
    let (seconds, fraction) = (rest / SECOND, rest % SECOND);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let text = format!("{day}T{hours:02}:{minutes:02}:{seconds:02}.{fraction:09}");
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

pub(super) fn span(text: &str) -> Option<Span> {
    let text = text.trim();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let text = text.strip_prefix(['P', 'p'])?;
    let (days, time) = match text.split_once(['T', 't']) {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (text, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let mut length = Span::default();
    for (number, unit) in units(days)? {
        let whole: i64 = number.parse().ok()?;
        match unit {
            'Y' => length.months = length.months.checked_add(whole.checked_mul(12)?)?,
            'M' => length.months = length.months.checked_add(whole)?,
            'W' => length.days = length.days.checked_add(whole.checked_mul(7)?)?,
            'D' => length.days = length.days.checked_add(whole)?,
            _ => return None,
        }
    }
    for (number, unit) in units(time)? {
        let seconds = match unit {
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        length.nanos += decimal(&number)?.checked_mul(seconds)?;
    }
    let Span { months, days, nanos } = length;
    Some(Span { months: months * sign, days: days * sign, nanos: nanos * i128::from(sign) })
}

/// Numbers and the letter behind each.
fn units(text: &str) -> Option<Vec<(String, char)>> {
    let (mut found, mut number) = (Vec::new(), String::new());
    for c in text.chars() {
        if c.is_ascii_digit() || c == '.' || (c == '-' && number.is_empty()) {
            number.push(c);
        } else if number.is_empty() {
            return None;
        } else {
            found.push((std::mem::take(&mut number), c.to_ascii_uppercase()));
        }
    }
    number.is_empty().then_some(found)
}

/// Seconds with a fraction, in nanoseconds.
fn decimal(text: &str) -> Option<i128> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole: i64 = whole.parse().ok()?;
    Some(sign * (i128::from(whole) * SECOND + nanos(fraction)?))
}

pub(super) fn written(length: Span) -> String {
    let Span { months, days, nanos } = length;
    let mut text = String::from("P");
    let mut add = |number: i128, unit: char| {
        if number != 0 {
            text.push_str(&number.to_string());
            text.push(unit);
        }
    };
    add(i128::from(months / 12), 'Y');
    add(i128::from(months % 12), 'M');
    add(i128::from(days), 'D');
    if nanos != 0 {
        text.push('T');
        let (minutes, rest) = (nanos / (60 * SECOND), nanos % (60 * SECOND));
        for (number, unit) in [(minutes / 60, 'H'), (minutes % 60, 'M')] {
            if number != 0 {
                text.extend([number.to_string(), String::from(unit)]);
            }
        }
        if rest != 0 {
            let (sign, rest) = if rest < 0 { ("-", -rest) } else { ("", rest) };
            let seconds = format!("{}.{:09}", rest / SECOND, rest % SECOND);
            let seconds = seconds.trim_end_matches('0').trim_end_matches('.');
            text.extend([sign, seconds, "S"]);
        }
    }
    if text == "P" { "PT0S".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_kept_in_utc_and_sort_as_texts() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(datetime(text).as_deref(), expected, "{text}");
        };
        check("2025-11-22T10:00:00Z", Some("2025-11-22T10:00:00"));
        check("2025-11-22T10:00", Some("2025-11-22T10:00:00"));
        check("2025-11-22T00:30:00+01:00", Some("2025-11-21T23:30:00"));
        check("2025-12-31T23:30:00.500-01:00", Some("2026-01-01T00:30:00.5"));
        check("2024-02-29T20:40:30Z", Some("2024-02-29T20:40:30"));
        for wrong in ["2025-02-29T10:00Z", "2025-11-22", "2025-11-22T25:00", "x", ""] {
            check(wrong, None);
        }
    }

    #[test]
    fn lengths_of_time_have_one_spelling() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(duration(text).as_deref(), expected, "{text}");
        };
        check("P1Y14M", Some("P2Y2M"));
        check("P2W", Some("P14D"));
        check("PT90M", Some("PT1H30M"));
        check("PT0.5S", Some("PT0.5S"));
        check("-P1D", Some("P-1D"));
        check("P0D", Some("PT0S"));
        for wrong in ["P", "PT", "1D", "P1H", "P1.5Y", "PD", ""] {
            check(wrong, None);
        }
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(later("2025-01-31T10:00:00", "P1M", 1).unwrap(), "2025-02-28T10:00:00");
        assert_eq!(later("2024-03-31T10:00:00", "P1MT1S", -1).unwrap(), "2024-02-29T09:59:59");
        assert_eq!(day_later("2025-12-31", "P1D", 1).unwrap(), "2026-01-01");
        assert_eq!(day_later("0001-01-01", "P1D", -1), None);
        assert_eq!(between("2025-11-22T10:00:00", "2025-11-24T11:30:00").unwrap(), "P2DT1H30M");
    }
}
