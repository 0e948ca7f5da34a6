//! Source texts and places in them. The only module that slices text by byte offsets.

/// A half-open range of bytes in one source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an inverted range becomes empty at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty range just behind this one.
    #[must_use]
    pub fn after(self) -> Self {
        Self { start: self.end, end: self.end }
    }
}

/// A query, a saved query or a mapping is not longer than this: one mebibyte.
pub const LONGEST: u64 = 1 << 20;

/// Reads a text of at most [`LONGEST`] bytes; an error of the kind `FileTooLarge` where there is more.
pub fn read_text(from: impl std::io::Read) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        let kind = std::io::ErrorKind::FileTooLarge;
        return Err(std::io::Error::new(kind, "it is longer than 1 MiB, which no question needs"));
    }
    String::from_utf8(bytes).map_err(|_| std::io::Error::other("it is not text in UTF-8"))
}

/// Where the places in the prelude begin: behind those of any text that is asked.
pub const PRELUDE: usize = 1 << 28;

/// Where the places in the first of the files that a text uses begin, and how far apart the files are.
const USED: usize = 1 << 29;
const ROOM: usize = 1 << 21;

/// How many files a text may use.
pub const MOST_USED: usize = 64;

/// What is defined for all queries.
pub fn prelude() -> Source {
    Source::file("prelude.dixit", include_str!("../prelude.dixit"))
}

/// A named text: a query as typed, a saved query's file, a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: Option<String>,
    text: String,
    used: Vec<Source>,
}

impl Source {
    /// A text without a file, such as a query given on the command line.
    pub fn inline(text: impl Into<String>) -> Self {
        Self { name: None, text: text.into(), used: Vec::new() }
    }

    /// The text of a file, with the name to show for it.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: Some(name.into()), text: text.into(), used: Vec::new() }
    }

    /// The file's name, if it came from one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same with one more file that it uses; gives where the places in that begin.
    pub fn add_used(&mut self, file: Self) -> usize {
        self.used.push(file);
        USED + (self.used.len() - 1) * ROOM
    }

    /// The files that it uses, each with where the places in it begin.
    pub fn used(&self) -> impl Iterator<Item = (usize, &Self)> {
        self.used.iter().enumerate().map(|(at, file)| (USED + at * ROOM, file))
    }

    /// The text at `span`, or nothing where the span does not lie on character borders inside the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Line and column of a byte offset, both counted from 1, columns in characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset.min(self.text.len())).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column =
            before.chars().count() - before.get(..line_start).unwrap_or("").chars().count();
        (before.matches('\n').count() + 1, column + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let source = Source::inline("ab\nçé x");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(3), (2, 1));
        assert_eq!(source.line_column(8), (2, 4));
        assert_eq!(source.line_column(999), (2, 5));
    }

    #[test]
    fn a_span_off_the_borders_gives_nothing() {
        assert_eq!(Source::inline("é").slice(Span::new(1, 2)), "");
    }
}
