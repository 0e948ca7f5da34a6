//! Dates in an order of day, month and year that a mapping tells, such as `d.m.y`.

/// How the dates of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// `d`, `m` and `y`, as they follow one another.
    parts: [char; 3],
    /// What stands between them, without blanks.
    between: [String; 2],
}

/// What a text is under an order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// A day in EDTF, which need not exist.
    Day(String),
    /// Day, month and a year of less than four digits.
    ShortYear,
    /// Written in another way.
    Other,
}

impl Order {
    /// Reads `d.m.y`, `dd/mm/yyyy` and the like.
    pub(crate) fn parse(format: &str) -> Option<Self> {
        let (parts, between) = split(format.trim(), char::is_alphanumeric)?;
        let mut letters = [' '; 3];
        for (letter, part) in letters.iter_mut().zip(parts) {
            let first = part.chars().next()?;
            *letter = part.chars().all(|c| c == first).then_some(first)?;
        }
        let mut sorted = letters;
        sorted.sort_unstable();
        (sorted == ['d', 'm', 'y']).then_some(Self { parts: letters, between })
    }

    /// Reads a cell.
    pub(crate) fn read(&self, text: &str) -> Read {
        let Some((parts, between)) = split(text.trim(), |c| c.is_ascii_digit()) else {
            return Read::Other;
        };
        if between != self.between {
            return Read::Other;
        }
        let part = |letter: char| {
            let mut both = self.parts.iter().zip(parts);
            both.find(|(known, _)| **known == letter).map_or("", |(_, part)| part)
        };
        match part('y').len() {
            4 => Read::Day(format!("{}-{:0>2}-{:0>2}", part('y'), part('m'), part('d'))),
            0..=3 => Read::ShortYear,
            _ => Read::Other,
        }
    }
}

/// Three runs of characters that belong together, and the two separators between them, without blanks.
fn split(text: &str, belongs: fn(char) -> bool) -> Option<([&str; 3], [String; 2])> {
    if !text.starts_with(belongs) {
        return None;
    }
    let mut parts = text.split(|c| !belongs(c)).filter(|part| !part.is_empty());
    let found = [parts.next()?, parts.next()?, parts.next()?];
    let mut gaps = text.split(belongs).filter(|gap| !gap.is_empty());
    let bare = |gap: &str| gap.split_whitespace().collect::<String>();
    let between = [bare(gaps.next()?), bare(gaps.next()?)];
    (parts.next().is_none() && gaps.next().is_none()).then_some((found, between))
}

#[cfg(test)]
mod tests {
    use super::{Order, Read};

    fn check(format: &str, text: &str, expected: Option<&str>) {
        let read = Order::parse(format).map(|order| order.read(text));
        let day = expected.map_or(Read::Other, |day| Read::Day(day.to_owned()));
        assert_eq!(read, Some(day), "{format} {text}");
    }

    #[test]
    fn orders_read_what_is_written_that_way() {
        check("d.m.y", "3.4.2025", Some("2025-04-03"));
        check("dd. mm. yyyy", "03. 04. 2025", Some("2025-04-03"));
        check("m/d/y", "4/3/2025", Some("2025-04-03"));
        check("y-d-m", "2025-22-11", Some("2025-11-22"));
        check("d m y", "3 4 2025", Some("2025-04-03"));
        check("d.m.y", "2025-11-22", None);
        check("d.m.y", "3.4.", None);
        check("d.m.y", "3.4.2025?", None);
        check("d.m.y", "[..2025-11-22]", None);
        assert_eq!(Order::parse("d.m.y").map(|order| order.read("3.4.25")), Some(Read::ShortYear));
    }

    #[test]
    fn an_order_names_day_month_and_year_once() {
        for wrong in ["", "d.m", "d.m.y.", "d.d.y", "%d.%m.%Y", "dmy", "x.m.y", "dm.m.y"] {
            assert_eq!(Order::parse(wrong), None, "{wrong}");
        }
    }
}
