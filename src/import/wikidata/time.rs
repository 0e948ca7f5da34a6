//! Times of Wikidata as EDTF: a point in time with a precision, from days to centuries.

use crate::{base::date::Date, import::json::Node};

/// The precision of a century; decades, years, months and days follow.
const CENTURY: u64 = 7;
/// The calendar in which what stands for a day is that day.
const GREGORIAN: &str = "Q1985727";

/// The date, or nothing where it is too coarse, before year 1 or after 9999. The error says what cannot be read.
pub(super) fn edtf(value: &Node) -> Result<Option<String>, String> {
    let text = value.text_of("time").unwrap_or_default();
    let bad = || format!("'{text}' is not a time of Wikidata, such as +2013-05-07T00:00:00Z");
    let precision: u64 = value.text_of("precision").and_then(|text| text.parse().ok()).unwrap_or(0);
    let Some(day) = text.strip_prefix('+') else {
        return if text.starts_with('-') { Ok(None) } else { Err(bad()) };
    };
    let mut parts = day.split(['-', 'T']).map(str::parse::<u32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) =
        (parts.next(), parts.next(), parts.next())
    else {
        return Err(bad());
    };
    let is_gregorian = value
        .text_of("calendarmodel")
        .is_none_or(|model| model.rsplit('/').next() == Some(GREGORIAN));
    if precision < CENTURY || !(1..=9999).contains(&year) {
        return Ok(None);
    }
    let date = match precision {
        CENTURY => {
            let before = (year - 1) / 100 * 100;
            format!("[{:04}..{:04}]", before + 1, before + 100)
        }
        8 => format!("{:03}X", year / 10),
        // A month of another calendar is not the same month.
        9 => format!("{year:04}"),
        _ if !is_gregorian => format!("{year:04}"),
        10 => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    };
    Date::parse(&date).map(|date| Some(date.text)).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::edtf;
    use crate::import::json::{Json, Node};

    fn check(time: &str, precision: u64, expected: Result<Option<&str>, ()>) {
        let node = |json| Node { line: 1, json };
        let members = [
            ("time".to_owned(), node(Json::Text(time.to_owned()))),
            ("precision".to_owned(), node(Json::Number(precision.to_string()))),
        ];
        let read = edtf(&node(Json::Map(members.into())));
        let read = read.as_ref().map(Option::as_deref).map_err(|_| ());
        assert_eq!(read, expected, "{time} {precision}");
    }

    #[test]
    fn precisions_become_edtf() {
        check("+2013-05-07T00:00:00Z", 11, Ok(Some("2013-05-07")));
        check("+2013-05-00T00:00:00Z", 10, Ok(Some("2013-05")));
        check("+2013-00-00T00:00:00Z", 9, Ok(Some("2013")));
        check("+2010-00-00T00:00:00Z", 8, Ok(Some("201X")));
        check("+1900-00-00T00:00:00Z", 7, Ok(Some("[1801..1900]")));
        check("+1901-00-00T00:00:00Z", 7, Ok(Some("[1901..2000]")));
        check("-0044-03-15T00:00:00Z", 11, Ok(None));
        check("+2013-00-00T00:00:00Z", 6, Ok(None));
        check("+2013-02-30T00:00:00Z", 11, Err(()));
        check("2013", 11, Err(()));
    }
}
