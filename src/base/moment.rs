//! Dates, instants and lengths of time put together from named parts, and taken apart. A fraction of a part is carried
//! to the smaller ones: a month has a twelfth of 365.2425 days, a day 24 hours.

use super::any::{Any, Form};
use super::date::{Date, unpacked};
use super::time::{self, DAY, SECOND, Span};

/// Names with their values, as a map holds them.
type Parts = [(String, Any)];

const OF_DAYS: &[&str] = &[
    "year",
    "quarter",
    "month",
    "week",
    "weekyear",
    "day",
    "ordinalday",
    "weekday",
    "dayofweek",
    "dayofquarter",
];
const OF_CLOCKS: &[&str] = &[
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
    "epochseconds",
    "epochmillis",
];

/// The units of a length of time: months, days and nanoseconds in each.
const UNITS: &[(&str, Span)] = &[
    ("years", Span { months: 12, days: 0, nanos: 0 }),
    ("quarters", Span { months: 3, days: 0, nanos: 0 }),
    ("months", Span { months: 1, days: 0, nanos: 0 }),
    ("weeks", Span { months: 0, days: 7, nanos: 0 }),
    ("days", Span { months: 0, days: 1, nanos: 0 }),
    ("hours", Span { months: 0, days: 0, nanos: 3600 * SECOND }),
    ("minutes", Span { months: 0, days: 0, nanos: 60 * SECOND }),
    ("seconds", Span { months: 0, days: 0, nanos: SECOND }),
    ("milliseconds", Span { months: 0, days: 0, nanos: 1_000_000 }),
    ("microseconds", Span { months: 0, days: 0, nanos: 1000 }),
    ("nanoseconds", Span { months: 0, days: 0, nanos: 1 }),
];

/// Parts of a length of time within the next larger unit.
const WITHIN: &[(&str, &str, i128)] = &[
    ("quartersofyear", "quarters", 4),
    ("monthsofyear", "months", 12),
    ("monthsofquarter", "months", 3),
    ("daysofweek", "days", 7),
    ("minutesofhour", "minutes", 60),
    ("secondsofminute", "seconds", 60),
    ("millisecondsofsecond", "milliseconds", 1000),
    ("microsecondsofsecond", "microseconds", 1_000_000),
    ("nanosecondsofsecond", "nanoseconds", 1_000_000_000),
];

/// The date that these parts make, packed: as sure as the parts that are given.
pub fn date(parts: &Parts) -> Result<String, String> {
    only(
        parts,
        &["year", "quarter", "month", "week", "day", "ordinalday", "dayofweek", "dayofquarter"],
    )?;
    let year = whole(parts, "year")?.ok_or("a date needs at least a `year`")?;
    let text = match (whole(parts, "month")?, whole(parts, "day")?) {
        (None, None) => special_day(parts, year)?.map_or_else(
            || Ok(format!("{year:04}")),
            |day| time::day_of(day).ok_or("this is outside the years 0001 to 9999"),
        )?,
        (Some(month), None) => format!("{year:04}-{month:02}"),
        (month, Some(day)) => format!("{year:04}-{:02}-{day:02}", month.unwrap_or(1)),
    };
    Date::parse(&text)
        .map(|date| date.packed())
        .map_err(|bad| format!("'{text}' is not a date: {}", bad.reason))
}

/// The number of a day said by its week, its quarter or its place in the year.
fn special_day(parts: &Parts, year: i64) -> Result<Option<i64>, String> {
    let first = time::day_number(&format!("{year:04}-01-01"));
    let first = first.ok_or("this is outside the years 0001 to 9999")?;
    let part = |name: &str, most: i64| match whole(parts, name)? {
        Some(number) if (1..=most).contains(&number) => Ok(Some(number)),
        Some(number) => Err(format!("there is no `{name}` {number}")),
        None => Ok::<_, String>(None),
    };
    if let Some(week) = part("week", 53)? {
        let monday = first_monday(first);
        return Ok(Some(monday + (week - 1) * 7 + part("dayofweek", 7)?.unwrap_or(1) - 1));
    }
    if let Some(quarter) = part("quarter", 4)? {
        let start = time::day_number(&format!("{year:04}-{:02}-01", quarter * 3 - 2));
        return Ok(start
            .zip(Some(part("dayofquarter", 92)?.unwrap_or(1)))
            .map(|(start, day)| start + day - 1));
    }
    Ok(part("ordinalday", 366)?.map(|day| first + day - 1))
}

/// The Monday of the first week of a year, which holds its first Thursday; days are numbered.
fn first_monday(first_of_year: i64) -> i64 {
    let weekday = weekday(first_of_year);
    if weekday <= 4 { first_of_year - weekday + 1 } else { first_of_year - weekday + 8 }
}

/// From Monday, which is 1; the day before the one with the number 0 was a Monday.
fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7) + 1
}

/// The instant that these parts make, as it is kept; without a zone it is in UTC.
pub fn datetime(parts: &Parts) -> Result<String, String> {
    let is_clock = |name: &str| OF_CLOCKS.contains(&name) || name == "timezone";
    let (clock, days): (Vec<_>, Vec<_>) =
        parts.iter().cloned().partition(|(name, _)| is_clock(&name.to_lowercase()));
    let since =
        |name: &str, unit: i128| Ok::<_, String>(whole(parts, name)?.map(|n| i128::from(n) * unit));
    if let Some(nanos) = since("epochseconds", SECOND)?.or(since("epochmillis", 1_000_000)?) {
        return time::later(
            "1970-01-01T00:00:00",
            &time::written(Span { months: 0, days: 0, nanos }),
            1,
        )
        .ok_or_else(|| "this is outside the years 0001 to 9999".to_owned());
    }
    let day = unpacked(&date(&days)?).first;
    let number = |name: &str| Ok::<_, String>(whole(&clock, name)?.unwrap_or(0));
    let (hour, minute, second) = (number("hour")?, number("minute")?, number("second")?);
    let nanos =
        number("millisecond")? * 1_000_000 + number("microsecond")? * 1000 + number("nanosecond")?;
    let zone = match find(&clock, "timezone") {
        Some(Any::Text(zone)) => zone.as_str(),
        _ => "Z",
    };
    let day = super::date::day_text(day);
    let text = format!("{day}T{hour:02}:{minute:02}:{second:02}.{nanos:09}{zone}");
    time::datetime(&text).ok_or_else(|| format!("'{text}' is not a datetime"))
}

/// The length of time that these parts make.
pub fn duration(parts: &Parts) -> Result<String, String> {
    let names: Vec<&str> = UNITS.iter().map(|(name, _)| *name).collect();
    only(parts, &names)?;
    let mut total = Span::default();
    for (name, unit) in UNITS {
        let part = match find(parts, name) {
            None | Some(Any::Null) => continue,
            Some(Any::Int(number)) => times(*unit, *number),
            Some(Any::Float(number)) => scaled(*unit, *number),
            Some(other) => return Err(format!("`{name}` is a number, not {}", other.words())),
        };
        total =
            part.and_then(|part| plus(total, part)).ok_or("this length of time is too large")?;
    }
    Ok(time::written(total))
}

fn times(unit: Span, number: i64) -> Option<Span> {
    Some(Span {
        months: unit.months.checked_mul(number)?,
        days: unit.days.checked_mul(number)?,
        nanos: unit.nanos.checked_mul(i128::from(number))?,
    })
}

fn plus(a: Span, b: Span) -> Option<Span> {
    Some(Span {
        months: a.months.checked_add(b.months)?,
        days: a.days.checked_add(b.days)?,
        nanos: a.nanos.checked_add(b.nanos)?,
    })
}

/// A length of time so many times.
pub fn multiplied(length: &str, factor: f64) -> Option<String> {
    scaled(time::span(length)?, factor).map(time::written)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a factor with a fraction is no exact number; what does not fit is refused"
)]
fn scaled(length: Span, factor: f64) -> Option<Span> {
    const DAYS_OF_MONTH: f64 = 365.2425 / 12.0;
    let fits = |number: f64| number.is_finite() && number.abs() < 9e15;
    let months = length.months as f64 * factor;
    let days = length.days as f64 * factor + months.fract() * DAYS_OF_MONTH;
    let nanos = length.nanos as f64 * factor + days.fract() * DAY as f64;
    (fits(months) && fits(days) && fits(nanos / SECOND as f64)).then(|| Span {
        months: months.trunc() as i64,
        days: days.trunc() as i64,
        nanos: nanos.trunc() as i128,
    })
}

/// The part of a time under a name; nothing where it has no such part, null where a date leaves it open.
pub fn part(of: &Any, name: &str) -> Option<Any> {
    let name = name.to_lowercase();
    let whole = |number: i64| Any::Int(number);
    match of {
        Any::Date(packed) if OF_DAYS.contains(&name.as_str()) => {
            let date = unpacked(packed);
            let (first, last) = (of_day(date.first, &name), of_day(date.last, &name));
            Some(if first.is_some() && first == last && is_sure(&date, &name) {
                first.map_or(Any::Null, whole)
            } else {
                Any::Null
            })
        }
        Any::DateTime(instant) => {
            let (day, clock) = instant.split_once('T')?;
            let digits: String = day.chars().filter(char::is_ascii_digit).collect();
            match of_day(digits.parse().ok()?, &name) {
                Some(number) => Some(whole(number)),
                None => of_clock(time::day_number(day)?, time::clock(clock)?, &name).map(whole),
            }
        }
        Any::Duration(length) => of_span(time::span(length)?, &name).map(whole),
        _ => None,
    }
}

/// Whether values of this form have such a part.
pub fn has_part(form: &Form, name: &str) -> bool {
    let name = name.to_lowercase();
    let in_clock = || OF_CLOCKS.contains(&name.as_str());
    match form {
        Form::Date => OF_DAYS.contains(&name.as_str()),
        Form::DateTime => OF_DAYS.contains(&name.as_str()) || in_clock(),
        Form::Duration => {
            UNITS.iter().any(|(known, _)| *known == name)
                || WITHIN.iter().any(|(known, ..)| *known == name)
        }
        _ => false,
    }
}

/// Whether a date does not leave open what is above a part of it.
fn is_sure(date: &Date, name: &str) -> bool {
    match name {
        "year" => true,
        "quarter" | "month" => date.first / 10_000 == date.last / 10_000,
        _ => date.first == date.last,
    }
}

/// A part of the day written in eight digits.
fn of_day(day: i64, name: &str) -> Option<i64> {
    let (year, month) = (day / 10_000, day / 100 % 100);
    let number = |month: i64, day: i64| time::day_number(&format!("{year:04}-{month:02}-{day:02}"));
    let today = number(month, day % 100)?;
    let quarter = (month + 2) / 3;
    Some(match name {
        "year" => year,
        "quarter" => quarter,
        "month" => month,
        "day" => day % 100,
        "ordinalday" => today - number(1, 1)? + 1,
        "weekday" | "dayofweek" => weekday(today),
        "dayofquarter" => today - number(quarter * 3 - 2, 1)? + 1,
        // A week belongs to the year that its Thursday is in.
        "week" | "weekyear" => {
            let thursday = time::day_of(today - weekday(today) + 4)?;
            let year: i64 = thursday.get(..4)?.parse().ok()?;
            let first = time::day_number(&format!("{year:04}-01-01"))?;
            if name == "week" { (today - first_monday(first)) / 7 + 1 } else { year }
        }
        _ => return None,
    })
}

fn of_clock(day: i64, nanos: i128, name: &str) -> Option<i64> {
    let epoch = i128::from(day) * DAY + nanos;
    let number = match name {
        "hour" => nanos / (3600 * SECOND),
        "minute" => nanos / (60 * SECOND) % 60,
        "second" => nanos / SECOND % 60,
        "millisecond" => nanos % SECOND / 1_000_000,
        "microsecond" => nanos % SECOND / 1000,
        "nanosecond" => nanos % SECOND,
        "epochseconds" => epoch.div_euclid(SECOND),
        "epochmillis" => epoch.div_euclid(1_000_000),
        _ => return None,
    };
    i64::try_from(number).ok()
}

fn of_span(length: Span, name: &str) -> Option<i64> {
    let total = |name: &str| {
        let (_, unit) = UNITS.iter().find(|(known, _)| *known == name)?;
        Some(match unit {
            Span { months: 1.., .. } => i128::from(length.months / unit.months),
            Span { days: 1.., .. } => i128::from(length.days / unit.days),
            _ => length.nanos / unit.nanos,
        })
    };
    let number = match WITHIN.iter().find(|(known, ..)| *known == name) {
        Some((_, unit, most)) => total(unit)? % most,
        None => total(name)?,
    };
    i64::try_from(number).ok()
}

fn find<'p>(parts: &'p Parts, name: &str) -> Option<&'p Any> {
    parts.iter().find(|(known, _)| known.to_lowercase() == name).map(|(_, value)| value)
}

fn whole(parts: &Parts, name: &str) -> Result<Option<i64>, String> {
    match find(parts, name) {
        None | Some(Any::Null) => Ok(None),
        Some(Any::Int(number)) => Ok(Some(*number)),
        Some(other) => Err(format!("`{name}` is a whole number, not {}", other.words())),
    }
}

fn only(parts: &Parts, known: &[&str]) -> Result<(), String> {
    let strange = parts.iter().find(|(name, _)| !known.contains(&name.to_lowercase().as_str()));
    match strange {
        Some((name, _)) => {
            Err(format!("`{name}` is no part of it; the parts are {}", known.join(", ")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(given: &[(&str, i64)]) -> Vec<(String, Any)> {
        given.iter().map(|(name, number)| ((*name).to_owned(), Any::Int(*number))).collect()
    }

    #[test]
    fn dates_are_as_sure_as_their_parts() {
        let check = |given: &[(&str, i64)], expected: &str| {
            let made = date(&parts(given)).map(|packed| unpacked(&packed).text);
            assert_eq!(made.unwrap_or_else(|why| why), expected, "{given:?}");
        };
        check(&[("year", 2025)], "2025");
        check(&[("year", 2025), ("month", 11)], "2025-11");
        check(&[("year", 2025), ("month", 11), ("day", 22)], "2025-11-22");
        check(&[("year", 2020), ("week", 53), ("dayOfWeek", 5)], "2021-01-01");
        check(&[("year", 2024), ("ordinalDay", 366)], "2024-12-31");
        check(&[("year", 2025), ("quarter", 4), ("dayOfQuarter", 2)], "2025-10-02");
        check(&[("month", 1)], "a date needs at least a `year`");
        assert!(date(&parts(&[("year", 2025), ("month", 13)])).is_err());
        assert!(date(&parts(&[("year", 2025), ("moth", 1)])).unwrap_err().contains("`moth`"));
    }

    #[test]
    fn lengths_carry_their_fractions_down() {
        let check = |name: &str, number: f64, expected: &str| {
            let made = duration(&[(name.to_owned(), Any::Float(number))]);
            assert_eq!(made.as_deref(), Ok(expected), "{name} {number}");
        };
        check("days", 0.5, "PT12H");
        check("weeks", 2.5, "P17DT12H");
        check("months", 0.5, "P15DT5H14M33S");
        assert_eq!(duration(&parts(&[("days", 14), ("hours", 16)])).unwrap(), "P14DT16H");
        assert_eq!(multiplied("P1Y2M3DT4S", 2.0).unwrap(), "P2Y4M6DT8S");
    }

    #[test]
    fn parts_are_those_of_the_calendar() {
        let check = |of: &Any, name: &str, expected: Option<i64>| {
            assert_eq!(part(of, name), expected.map(Any::Int), "{name}");
        };
        let day = |text: &str| Any::Date(Date::parse(text).unwrap().packed());
        check(&day("1984-10-11"), "quarter", Some(4));
        check(&day("1984-10-11"), "week", Some(41));
        check(&day("1984-10-11"), "ordinalDay", Some(285));
        check(&day("1984-10-11"), "dayOfQuarter", Some(11));
        check(&day("2021-01-01"), "weekYear", Some(2020));
        check(&day("2021-01-01"), "hour", None);
        assert_eq!(part(&day("2025-11"), "month"), Some(Any::Int(11)));
        assert_eq!(part(&day("2025-11"), "day"), Some(Any::Null));
        let instant = Any::DateTime("1984-11-11T12:31:14.645".to_owned());
        check(&instant, "minute", Some(31));
        check(&instant, "millisecond", Some(645));
        check(&instant, "epochSeconds", Some(469_024_274));
        let length = Any::Duration("P1Y4M10DT1H1M1.5S".to_owned());
        check(&length, "months", Some(16));
        check(&length, "monthsOfYear", Some(4));
        check(&length, "secondsOfMinute", Some(1));
        check(&length, "hours", Some(1));
    }
}
