//! One cell of a table: its text, where it may be broken, and how it is folded into lines. Text here is clean already.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::text::shown;
use crate::base::clean;
use crate::base::value::Value;

/// Where the lines of a cell end best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Between words.
    Words,
    /// Behind a member.
    List,
    /// In front of an arrow.
    Path,
    /// Nowhere: a number or a date.
    Rigid,
    /// An address, which a terminal may follow.
    Link,
}

/// What a table shows of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its text; nothing for null.
    pub(super) text: Option<String>,
    pub(super) sort: Sort,
}

/// A cell in lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) lines: Vec<String>,
    /// Whether something is left out.
    pub(super) cut: bool,
}

impl Cell {
    /// The cell of a value.
    pub(super) fn of(value: &Value) -> Self {
        let text = shown(value).map(|text| clean::line(&text).into_owned());
        let sort = match (value, text.as_deref()) {
            (Value::List(_) | Value::Map(_), _) => Sort::List,
            (Value::Path(_) | Value::Edge(_), _) => Sort::Path,
            (Value::Int(_) | Value::Float(_) | Value::Date(_) | Value::DateTime(_), _) => {
                Sort::Rigid
            }
            (_, Some(text)) if is_address(text) => Sort::Link,
            (
                Value::Null | Value::Bool(_) | Value::Text(_) | Value::Duration(_) | Value::Node(_),
                _,
            ) => Sort::Words,
        };
        Self { text, sort }
    }
}

/// A web address of printable ASCII, so that it can stand in a terminal's link as it is.
pub(super) fn is_address(text: &str) -> bool {
    let begins = text.starts_with("https://") || text.starts_with("http://");
    begins && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Folds a text into lines of at most `width` cells; past `most` lines it is cut, which `ellipsis` shows.
pub(super) fn fold(text: &str, sort: Sort, width: usize, most: usize, ellipsis: &str) -> Folded {
    let (mut lines, mut rest) = (Vec::new(), text);
    while rest.width() > width {
        if lines.len() + 1 >= most {
            let (kept, _) = split(rest, width.saturating_sub(ellipsis.width()));
            lines.push(format!("{}{ellipsis}", kept.trim_end()));
            return Folded { lines, cut: true };
        }
        let (line, after) = split_well(rest, sort, width);
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start_matches(' ');
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    Folded { lines, cut: false }
}

/// The most of `text` that has room in `width` cells, but at least one character of it, and what follows.
fn split(text: &str, width: usize) -> (&str, &str) {
    let mut cells = 0;
    let fits = |(at, piece): (usize, &str)| {
        cells += piece.width();
        (cells > width && at > 0).then_some(at)
    };
    let end = text.grapheme_indices(true).find_map(fits).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The same, but ending where a reader expects it, if that leaves the line at least half full.
fn split_well(text: &str, sort: Sort, width: usize) -> (&str, &str) {
    let (fits, rest) = split(text, width);
    if rest.starts_with(' ') && sort != Sort::List {
        return (fits, rest);
    }
    let far = |at: &usize| fits.get(..*at).is_some_and(|line| line.width() * 2 >= width);
    let best = match sort {
        Sort::List if fits.ends_with(';') && rest.starts_with(' ') => Some(fits.len()),
        Sort::List => fits.rfind("; ").map(|at| at + 1),
        Sort::Path => arrow(text, fits.len()),
        Sort::Words | Sort::Rigid | Sort::Link => None,
    };
    let full = || rest.starts_with(' ').then_some(fits.len());
    let blank = || full().or_else(|| fits.rfind(' ').filter(|at| *at > 0));
    let joint = || fits.rfind(['-', '_', '/', ',', ';', ':', '&', '?', '=']).map(|at| at + 1);
    let end = best.filter(far).or_else(blank).or_else(|| joint().filter(far));
    end.and_then(|end| text.split_at_checked(end)).unwrap_or((fits, rest))
}

/// The last place in front of an arrow of a path, up to `most` bytes from the start.
fn arrow(text: &str, most: usize) -> Option<usize> {
    let places = |arrow: &'static str| text.match_indices(arrow).map(|(at, _)| at + 1);
    places(")-[").chain(places(")<-[")).filter(|at| *at <= most).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, sort: Sort, width: usize, expected: &[&str]) {
        let folded = fold(text, sort, width, 9, "…");
        assert_eq!(
            (folded.lines.as_slice(), folded.cut),
            (&expected.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>()[..], false)
        );
    }

    #[test]
    fn text_is_folded_between_words() {
        check("the plan is theirs", Sort::Words, 8, &["the plan", "is", "theirs"]);
        check("the plan is theirs", Sort::Words, 9, &["the plan", "is theirs"]);
        check("", Sort::Words, 5, &[""]);
        check("  x", Sort::Words, 5, &["  x"]);
    }

    #[test]
    fn a_long_word_is_broken_at_a_joint_or_else_anywhere() {
        check("rubio-denies-authorship", Sort::Words, 14, &["rubio-denies-", "authorship"]);
        check("abcdefgh", Sort::Words, 3, &["abc", "def", "gh"]);
    }

    #[test]
    fn lists_end_a_line_behind_a_member_and_paths_before_an_arrow() {
        check("Marco Rubio; Mike Rounds; X", Sort::List, 20, &["Marco Rubio;", "Mike Rounds; X"]);
        check("Marco Rubio; Mike Rounds", Sort::List, 12, &["Marco Rubio;", "Mike Rounds"]);
        check("(a)-[:in]->(b)<-[:by]-(c)", Sort::Path, 16, &["(a)-[:in]->(b)", "<-[:by]-(c)"]);
        check(
            "(Marco Rubio)-[:reports]->(b)",
            Sort::Path,
            18,
            &["(Marco Rubio)", "-[:reports]->(b)"],
        );
    }

    #[test]
    fn wide_characters_and_joined_ones_stay_whole() {
        check("日本日本", Sort::Words, 5, &["日本", "日本"]);
        check("日本", Sort::Words, 1, &["日", "本"]);
        check("e\u{301}e\u{301}e\u{301}", Sort::Words, 2, &["e\u{301}e\u{301}", "e\u{301}"]);
        check("👩\u{200d}🔬👩\u{200d}🔬", Sort::Words, 3, &["👩\u{200d}🔬", "👩\u{200d}🔬"]);
    }

    #[test]
    fn what_is_left_out_shows() {
        let folded = fold("one two three four", Sort::Words, 9, 2, "…");
        assert_eq!(folded, Folded { lines: vec!["one two".into(), "three fo…".into()], cut: true });
    }

    #[test]
    fn only_a_plain_address_is_a_link() {
        let sort = |text: &str| Cell::of(&Value::Text(text.to_owned())).sort;
        assert_eq!(sort("https://example.org/a?b=c"), Sort::Link);
        assert_eq!(sort("https://example.org and more"), Sort::Words);
        assert_eq!(sort("https://example.org/\u{1b}]8;;"), Sort::Words);
        assert_eq!(sort("javascript:alert(1)"), Sort::Words);
    }
}
