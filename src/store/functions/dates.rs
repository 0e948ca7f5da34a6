//! Dates, packed: first and last day in eight digits each, then the text unless it is one exact day.
#![expect(clippy::unnecessary_wraps, reason = "the functions of a table have one type")]

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};

use super::dynamic::{kept, value};
use super::wrong::bad_argument;
use super::{Function, text};
use crate::base::any::Any;
use crate::base::date::{Date, NO_FIRST, NO_LAST, day_number, day_text, unpacked};
use crate::base::moment;
use crate::base::time::{self, day_later};

pub(super) const FUNCTIONS: &[Function] = &[
    ("dixit_pack", 3, pack),
    ("dixit_date", 2, date),
    ("dixit_datetime", 2, datetime),
    ("dixit_duration", 2, duration),
    ("dixit_part", 2, |c| {
        let part = moment::part(&value(c, 0)?, &text(c, 1));
        Ok(part.map_or(Value::Null, |part| kept(&part)))
    }),
    ("dixit_date_text", 1, |c| Ok(Value::Text(unpacked(&text(c, 0)).text))),
    ("dixit_first", 1, |c| Ok(Value::Integer(unpacked(&text(c, 0)).first))),
    ("dixit_last", 1, |c| Ok(Value::Integer(unpacked(&text(c, 0)).last))),
    ("dixit_year", 1, |c| Ok(certain(c, |day| day / 10_000))),
    ("dixit_month", 1, |c| Ok(certain_within(c, 100, |day| day / 100 % 100))),
    ("dixit_day", 1, |c| Ok(certain_within(c, 1, |day| day % 100))),
    ("dixit_first_day", 1, |c| Ok(one_day(unpacked(&text(c, 0)).first, NO_FIRST))),
    ("dixit_last_day", 1, |c| Ok(one_day(unpacked(&text(c, 0)).last, NO_LAST))),
    ("dixit_days_between", 2, days_between),
    ("dixit_any_date", 1, |c| match value(c, 0)? {
        Any::Date(packed) => Ok(Value::Text(packed)),
        _ => Ok(Value::Null),
    }),
    ("dixit_certainly", 3, |c| {
        held_against(c, |sign, a, b| match sign {
            "<" => a.last < b.first,
            "<=" => a.last <= b.first,
            ">" => a.first > b.last,
            ">=" => a.first >= b.last,
            "=" => a.first == b.last && a.last == b.first,
            _ => !(a.first <= b.last && b.first <= a.last),
        })
    }),
    ("dixit_possibly", 3, |c| {
        held_against(c, |sign, a, b| match sign {
            "<" => a.first < b.last,
            "<=" => a.first <= b.last,
            ">" => a.last > b.first,
            ">=" => a.last >= b.first,
            "=" => a.first <= b.last && b.first <= a.last,
            _ => !(a.first == b.last && a.last == b.first),
        })
    }),
];

/// What a comparison says of two dates; null where one of the two is none.
fn held_against(context: &Context<'_>, says: fn(&str, &Date, &Date) -> bool) -> Result<Value> {
    let (Any::Date(a), Any::Date(b)) = (value(context, 0)?, value(context, 1)?) else {
        return Ok(Value::Null);
    };
    Ok(Value::Integer(i64::from(says(&text(context, 2), &unpacked(&a), &unpacked(&b)))))
}

fn pack(context: &Context<'_>) -> Result<Value> {
    let (ValueRef::Integer(first), ValueRef::Integer(last)) =
        (context.get_raw(0), context.get_raw(1))
    else {
        return Ok(Value::Null);
    };
    let written = text(context, 2);
    let plain = written.is_empty() || (first == last && written == day_text(first));
    Ok(Value::Text(format!("{first:08}{last:08}{}", if plain { "" } else { &written })))
}

fn date(context: &Context<'_>) -> Result<Value> {
    let made = match value(context, 0)? {
        Any::Date(packed) => Ok(packed),
        Any::Map(parts) => moment::date(&parts),
        Any::DateTime(instant) => {
            let day = instant.split_once('T').map_or("", |(day, _)| day);
            Date::parse(day).map(|date| date.packed()).map_err(|bad| bad.reason)
        }
        Any::Text(written) => Date::parse(&written)
            .map(|date| date.packed())
            .map_err(|bad| format!("'{written}' is not a date: {}", bad.reason)),
        other => Err(format!("{} is not a date", other.words())),
    };
    made.map(Value::Text).map_err(|why| bad_argument(context, why))
}

fn datetime(context: &Context<'_>) -> Result<Value> {
    let made = match value(context, 0)? {
        Any::DateTime(instant) => Ok(instant),
        Any::Map(parts) => moment::datetime(&parts),
        Any::Text(written) => time::datetime(&written).ok_or_else(|| {
            format!("'{written}' is not a datetime; write it as in 2025-11-22T10:00:00Z")
        }),
        other => Err(format!("{} is not a datetime", other.words())),
    };
    made.map(Value::Text).map_err(|why| bad_argument(context, why))
}

fn duration(context: &Context<'_>) -> Result<Value> {
    let made = match value(context, 0)? {
        Any::Duration(length) => Ok(length),
        Any::Map(parts) => moment::duration(&parts),
        Any::Text(written) => time::duration(&written)
            .ok_or_else(|| format!("'{written}' is not a duration; write it as in P1DT12H")),
        other => Err(format!("{} is not a duration", other.words())),
    };
    made.map(Value::Text).map_err(|why| bad_argument(context, why))
}

/// A part of the date, if its first and its last day agree on it.
fn certain(context: &Context<'_>, part: fn(i64) -> i64) -> Value {
    let date = unpacked(&text(context, 0));
    let (first, last) = (part(date.first), part(date.last));
    if first == last && date.first != NO_FIRST { Value::Integer(first) } else { Value::Null }
}

/// Likewise, where everything above that part agrees as well.
fn certain_within(context: &Context<'_>, unit: i64, part: fn(i64) -> i64) -> Value {
    let date = unpacked(&text(context, 0));
    if date.first / unit == date.last / unit { certain(context, part) } else { Value::Null }
}

fn one_day(day: i64, open: i64) -> Value {
    if day == open { Value::Null } else { Value::Text(Date::of_day(day).packed()) }
}

/// A date so much later (or with -1 earlier): both its ends, which are days.
pub(super) fn moved(date: &Date, length: &str, sign: i64) -> Option<Date> {
    let end = |day: i64, open: i64| {
        if day == open { Some(String::new()) } else { day_later(&day_text(day), length, sign) }
    };
    let (first, last) = (end(date.first, NO_FIRST)?, end(date.last, NO_LAST)?);
    let text = match (date.exact(), first.is_empty(), last.is_empty()) {
        (Some(_), ..) => first,
        (None, true, _) => format!("[..{last}]"),
        (None, _, true) => format!("[{first}..]"),
        (None, false, false) => format!("[{first}..{last}]"),
    };
    Date::parse(&text).ok()
}

fn days_between(context: &Context<'_>) -> Result<Value> {
    let (a, b) = (unpacked(&text(context, 0)), unpacked(&text(context, 1)));
    if a.first != a.last || b.first != b.last {
        return Ok(Value::Null);
    }
    Ok(Value::Integer(day_number(b.first) - day_number(a.first)))
}
