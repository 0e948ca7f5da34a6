//! When a source came out: an EDTF text as bibliographies can say it.

use crate::base::date::{Date, NO_FIRST, NO_LAST, day_text};

/// A date as a bibliography says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    pub(super) days: Days,
    /// Whether it is not certain.
    pub(super) circa: bool,
    /// The date in the notation of BibLaTeX, which is that of EDTF levels 0 and 1; nothing where it has no way to say it.
    pub(super) biblatex: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Days {
    /// A year, a month or a day.
    One(Parts),
    /// From the first to the last.
    Span(Parts, Parts),
    /// What has no numbers.
    Words(String),
}

/// A year, and as much more as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) year: u16,
    pub(super) month: Option<u16>,
    pub(super) day: Option<u16>,
}

impl When {
    /// Reads an EDTF text; what is none is told as it is.
    pub(super) fn read(text: &str) -> Self {
        if let Some((parts, circa)) = point(text) {
            return Self { days: Days::One(parts), circa, biblatex: Some(text.to_owned()) };
        }
        let span = text.split_once('/');
        if let Some(((first, a), (last, b))) = span.and_then(|(a, b)| Some((point(a)?, point(b)?)))
        {
            let days = Days::Span(first, last);
            return Self { days, circa: a || b, biblatex: Some(text.to_owned()) };
        }
        Self { days: between(text), circa: true, biblatex: None }
    }

    /// The one year it lies in, if it is known to lie in one.
    pub(super) fn year(text: &str) -> Option<i64> {
        let Date { first, last, .. } = Date::parse(text).ok()?;
        (first / 10_000 == last / 10_000).then_some(first / 10_000)
    }

    /// The date in words.
    pub(super) fn words(text: &str) -> String {
        let Ok(Date { first, last, .. }) = Date::parse(text) else { return text.to_owned() };
        match (first, last) {
            (NO_FIRST, NO_LAST) => text.to_owned(),
            (NO_FIRST, last) => format!("by {}", day_text(last)),
            (first, NO_LAST) => format!("{} or later", day_text(first)),
            (first, last) if first == last => day_text(first),
            (first, last) => format!("between {} and {}", day_text(first), day_text(last)),
        }
    }
}

/// The first and the last day of a date that is written in no simpler way.
fn between(text: &str) -> Days {
    let bounds =
        Date::parse(text).ok().filter(|date| date.first != NO_FIRST && date.last != NO_LAST);
    let span = bounds.and_then(|date| Some((of_day(date.first)?, of_day(date.last)?)));
    match span {
        Some((first, last)) if first == last => Days::One(first),
        Some((first, last)) => Days::Span(first, last),
        None => Days::Words(When::words(text)),
    }
}

fn of_day(day: i64) -> Option<Parts> {
    let part = |number: i64| u16::try_from(number).ok();
    Some(Parts { year: part(day / 10_000)?, month: part(day / 100 % 100), day: part(day % 100) })
}

/// A year, a month or a day, and whether it is marked as uncertain or approximate.
fn point(text: &str) -> Option<(Parts, bool)> {
    let plain = text.strip_suffix(['?', '~', '%']).unwrap_or(text);
    if !plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return None;
    }
    let mut parts = plain.split('-');
    let mut part = |digits: usize| match parts.next() {
        Some(part) if part.len() == digits => part.parse().ok().map(Some),
        Some(_) => None,
        None => Some(None),
    };
    let (year, month, day) = (part(4)??, part(2)?, part(2)?);
    let fits = month.is_none_or(|month| (1..=12).contains(&month));
    let one = Parts { year, month, day };
    (fits && Date::parse(text).is_ok()).then_some((one, plain.len() < text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: u16, month: u16, day: u16) -> Parts {
        Parts { year, month: Some(month), day: Some(day) }
    }

    #[test]
    fn dates_keep_how_certain_they_are() {
        let check = |text: &str, days: Days, circa: bool| {
            let when = When::read(text);
            assert_eq!((when.days, when.circa), (days, circa), "{text}");
        };
        check("2025", Days::One(Parts { year: 2025, month: None, day: None }), false);
        check("2025-11?", Days::One(Parts { year: 2025, month: Some(11), day: None }), true);
        check("2025-11-22", Days::One(day(2025, 11, 22)), false);
        check("2025-11-22/2025-11-24", Days::Span(day(2025, 11, 22), day(2025, 11, 24)), false);
        check("[2025-11-22..2025-11-23]", Days::Span(day(2025, 11, 22), day(2025, 11, 23)), true);
        check("[..2025-11-22]", Days::Words("by 2025-11-22".to_owned()), true);
        check("2025-11-22/..", Days::Words("2025-11-22 or later".to_owned()), true);
        check("202X", Days::Span(day(2020, 1, 1), day(2029, 12, 31)), true);
        check("2025-22", Days::Span(day(2025, 6, 1), day(2025, 8, 31)), true);
        check("in spring", Days::Words("in spring".to_owned()), true);
    }

    #[test]
    fn a_year_is_given_only_where_it_is_one() {
        assert_eq!(When::year("[2025-11-22..2025-11-23]"), Some(2025));
        assert_eq!(When::year("[2024-11-22..2025-11-23]"), None);
        assert_eq!(When::year("[..2025-11-23]"), None);
    }
}
