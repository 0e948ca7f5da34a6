//! From text to tokens. Never fails: what it cannot read becomes a `Junk` token, and the grammar stumbles over it.
//! Blanks, comments, quotes and numbers exist only here.

use super::token::{Kind, MARKS, Token};
use crate::base::source::Span;
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_until, take_while, take_while1};
use nom::character::complete::{anychar, char, none_of, one_of, satisfy};
use nom::combinator::{eof, map, not, opt, peek, recognize, rest, value};
use nom::multi::{count, many0_count};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser as _};

type Lexed<'s, T = &'s str> = IResult<&'s str, T>;

/// The tokens of a text, and the place where it ends.
pub(crate) fn lex(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut lines: Option<Span> = None;
    let mut left = text;
    while let Ok((after, piece)) = piece(left) {
        let start = text.len() - left.len();
        match piece {
            Piece::Blank => {}
            Piece::Comment(comment) => {
                if !attach(&mut tokens, comment, text, start) {
                    let own = Span::new(start, start + comment.len());
                    lines = lines
                        .filter(|lines| next_to(text, lines.end, start))
                        .map_or(Some(own), |lines| Some(lines.to(own)));
                }
            }
            Piece::Token(kind, written) => {
                let span = Span::new(start, start + written.len());
                let near = lines.take().filter(|lines| next_to(text, lines.end, start));
                let above = near.and_then(|lines| text.get(lines.start..lines.end));
                tokens.push(Token {
                    kind,
                    text: written,
                    span,
                    comment: None,
                    above,
                    partner: None,
                });
            }
        }
        left = after;
    }
    tokens
}

/// A comment with what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Comment<'s> {
    /// As written, markers included.
    pub(crate) text: &'s str,
    /// Where it begins.
    pub(crate) start: usize,
    /// Whether nothing stands before it on its line.
    pub(crate) alone: bool,
    /// Whether the line before it is blank.
    pub(crate) blank_before: bool,
    /// Whether the line behind it is blank.
    pub(crate) blank_behind: bool,
}

/// All comments of a text.
pub(crate) fn comments(text: &str) -> Vec<Comment<'_>> {
    let blank_line = |gap: &str| gap.matches('\n').count() > 1;
    let (mut found, mut left) = (Vec::new(), text);
    let mut gap_start = 0;
    while let Ok((after, piece)) = piece(left) {
        let (start, end) = (text.len() - left.len(), text.len() - after.len());
        if let Piece::Comment(comment) = piece {
            let before = text.get(gap_start..start).unwrap_or_default();
            let blanks = after.len() - after.trim_start().len();
            let behind = after.get(..blanks).unwrap_or_default();
            found.push(Comment {
                text: comment,
                start,
                alone: gap_start == 0 || before.contains('\n'),
                blank_before: blank_line(before),
                blank_behind: blank_line(behind),
            });
        }
        if !matches!(piece, Piece::Blank) {
            gap_start = end;
        }
        left = after;
    }
    found
}

/// Gives a comment to the token before it, if both stand on one line; says whether they do.
fn attach<'s>(tokens: &mut [Token<'s>], comment: &'s str, text: &str, start: usize) -> bool {
    let Some(last) = tokens.last_mut() else { return false };
    let same_line = text.get(last.span.end..start).is_some_and(|gap| !gap.contains('\n'));
    if same_line {
        last.comment = last.comment.or(Some(comment));
    }
    same_line
}

/// Whether no blank line lies between two places.
fn next_to(text: &str, end: usize, start: usize) -> bool {
    text.get(end..start).is_some_and(|gap| gap.matches('\n').count() < 2)
}

/// Whether `text` can stand as a name without back-ticks.
pub(crate) fn is_word(text: &str) -> bool {
    terminated(word, eof).parse(text).is_ok()
}

/// What a text stands for: without its quotes, escapes resolved; or the offset of an escape that means nothing.
pub(crate) fn unquote(text: &str) -> Result<String, usize> {
    let mut chars = text.chars();
    let (quote, _) = (chars.next(), chars.next_back());
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let offset = text.len() - chars.as_str().len() - 1 - c.len_utf8();
        if c == '\\' {
            out.push(escaped(&mut chars).ok_or(offset)?);
        } else {
            out.push(c);
            if Some(c) == quote {
                chars.next();
            }
        }
    }
    Ok(out)
}

fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    match chars.next()? {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        same @ ('\\' | '\'' | '"' | '`') => Some(same),
        'u' => code_point(chars, 4),
        'U' => code_point(chars, 8),
        _ => None,
    }
}

fn code_point(chars: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let hex: String = chars.by_ref().take(digits).collect();
    let all_hex = hex.len() == digits && hex.chars().all(|c| c.is_ascii_hexdigit());
    all_hex.then(|| u32::from_str_radix(&hex, 16).ok()).flatten().and_then(char::from_u32)
}

/// The size of a whole number as written, `0x`, `0o` and underscores understood.
pub(crate) fn magnitude(written: &str) -> Option<u64> {
    let digits = written.replace('_', "").to_ascii_lowercase();
    let based = |prefix, base| Some(u64::from_str_radix(digits.strip_prefix(prefix)?, base).ok());
    based("0x", 16).or_else(|| based("0o", 8)).unwrap_or_else(|| digits.parse().ok())
}

/// Whether it is a whole number in every respect but its size.
pub(crate) fn is_whole(written: &str) -> bool {
    map(whole, |_| ()).parse(written).is_ok_and(|(left, ())| left.is_empty())
}

/// The size of `i64::MIN`, which only a minus sign in front makes a number.
pub(crate) const LARGEST: u64 = 1 << 63;

#[derive(Clone)]
enum Piece<'s> {
    Blank,
    Comment(&'s str),
    Token(Kind, &'s str),
}

fn piece(i: &str) -> Lexed<'_, Piece<'_>> {
    let token = |(kind, text)| Piece::Token(kind, text);
    alt((
        value(Piece::Blank, take_while1(is_blank)),
        map(comment, Piece::Comment),
        map(alt((quoted_name, quoted_text, number, bare_word, parameter, mark, junk)), token),
    ))
    .parse(i)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

fn comment(i: &str) -> Lexed<'_> {
    let line = |i| take_while(|c| c != '\n' && c != '\r').parse(i);
    let dashes = pair(tag("--"), peek(alt((recognize(satisfy(is_blank)), eof))));
    let block = (tag("/*"), take_until("*/"), tag("*/"));
    alt((recognize((dashes, line)), recognize((tag("//"), line)), recognize(block))).parse(i)
}

fn quoted_name(i: &str) -> Lexed<'_, (Kind, &str)> {
    map(back_ticks, |text| (Kind::Quoted, text)).parse(i)
}

fn back_ticks(i: &str) -> Lexed<'_> {
    let inside = alt((is_not("`"), tag("``")));
    recognize((char('`'), many0_count(inside), char('`'))).parse(i)
}

fn quoted_text(i: &str) -> Lexed<'_, (Kind, &str)> {
    let kind = |text| if unquote(text).is_ok() { Kind::Text } else { Kind::Junk };
    map(alt((quoted('\'', "'\\", "''"), quoted('"', "\"\\", "\"\""))), |text| (kind(text), text))
        .parse(i)
}

fn quoted<'s>(
    quote: char,
    special: &'static str,
    doubled: &'static str,
) -> impl nom::Parser<&'s str, Output = &'s str, Error = nom::error::Error<&'s str>> {
    let escape = recognize(pair(char('\\'), anychar));
    let inside = many0_count(alt((is_not(special), escape, tag(doubled))));
    recognize((char(quote), inside, char(quote)))
}

/// A number or a date. Letters stuck to it make all of it junk.
fn number(i: &str) -> Lexed<'_, (Kind, &str)> {
    peek(alt((recognize(one_of("0123456789")), recognize(pair(char('.'), one_of("0123456789"))))))
        .parse(i)?;
    let exact = alt((
        map(terminated(based, not_word), whole_number),
        map(terminated(float, not_word), float_number),
        map(terminated(digits, not_word), whole_number),
    ));
    let begun = (opt(char('.')), digits, take_while(in_bad_number));
    let junk = map(recognize(begun), |text| (Kind::Junk, text));
    let day = map(terminated(date, whole_date), |text| (Kind::Day, text));
    alt((day, preceded(not(date), exact), junk)).parse(i)
}

fn date(i: &str) -> Lexed<'_> {
    let two = || preceded(char('-'), count(satisfy(|c| c.is_ascii_digit()), 2));
    recognize((
        count(satisfy(|c| c.is_ascii_digit()), 4),
        two(),
        not_digit,
        opt((two(), not_digit)),
    ))
    .parse(i)
}

/// After a date comes no letter and no further digits.
fn whole_date(i: &str) -> Lexed<'_, ()> {
    (not_word, not(pair(char('-'), satisfy(|c| c.is_ascii_digit())))).map(|_| ()).parse(i)
}

fn not_digit(i: &str) -> Lexed<'_, ()> {
    not(satisfy(|c| c.is_ascii_digit())).parse(i)
}

fn not_word(i: &str) -> Lexed<'_, ()> {
    not(satisfy(is_word_char)).parse(i)
}

fn in_bad_number(c: char) -> bool {
    is_word_char(c) || matches!(c, '-' | ':')
}

fn whole_number(text: &str) -> (Kind, &str) {
    let fits = magnitude(text).is_some_and(|size| size <= LARGEST);
    (if fits { Kind::Int } else { Kind::Junk }, text)
}

fn float_number(text: &str) -> (Kind, &str) {
    let finite = text.replace('_', "").parse::<f64>().is_ok_and(f64::is_finite);
    (if finite { Kind::Float } else { Kind::Junk }, text)
}

/// Digits with single underscores between them.
fn digits(i: &str) -> Lexed<'_> {
    grouped(i, |c| c.is_ascii_digit())
}

/// A whole number, whatever its base.
fn whole(i: &str) -> Lexed<'_> {
    alt((based, digits)).parse(i)
}

/// `0x1f`, `0o17`
fn based(i: &str) -> Lexed<'_> {
    let hex = (one_of("xX"), |i| grouped(i, |c| c.is_ascii_hexdigit()));
    let octal = (one_of("oO"), |i| grouped(i, |c| matches!(c, '0'..='7')));
    recognize((char('0'), alt((recognize(hex), recognize(octal))))).parse(i)
}

fn grouped(i: &str, digit: fn(char) -> bool) -> Lexed<'_> {
    let group = || take_while1(digit);
    recognize((group(), many0_count(pair(char('_'), group())))).parse(i)
}

fn float(i: &str) -> Lexed<'_> {
    let exponent = || (one_of("eE"), opt(one_of("+-")), digits);
    let pointed = recognize((opt(digits), char('.'), digits, opt(exponent())));
    alt((pointed, recognize((digits, exponent())))).parse(i)
}

/// Whether a word may go on with this character.
pub(crate) fn is_word_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn word(i: &str) -> Lexed<'_> {
    recognize((satisfy(|c| c == '_' || c.is_alphabetic()), take_while(is_word_char))).parse(i)
}

fn bare_word(i: &str) -> Lexed<'_, (Kind, &str)> {
    map(word, |text| (Kind::of_word(text), text)).parse(i)
}

fn parameter(i: &str) -> Lexed<'_, (Kind, &str)> {
    let name = alt((take_while1(is_word_char), back_ticks));
    map(recognize(pair(char('$'), name)), |text| (Kind::Parameter, text)).parse(i)
}

fn mark(i: &str) -> Lexed<'_, (Kind, &str)> {
    not(tag("/*")).parse(i)?;
    let found = MARKS.iter().find_map(|(sign, kind)| {
        let (after, text) = tag::<_, _, ()>(*sign).parse(i).ok()?;
        Some((after, (*kind, text)))
    });
    found.ok_or(nom::Err::Error(nom::error::Error::new(i, nom::error::ErrorKind::Tag)))
}

/// A comment or quote that nothing closes, or a character that means nothing.
/// An open quote spoils its own line only, so that the rest can still be read.
fn junk(i: &str) -> Lexed<'_, (Kind, &str)> {
    let comment = recognize(pair(tag("/*"), rest));
    let quote = recognize(pair(one_of("'\"`"), take_while(|c| c != '\n')));
    let other = recognize(none_of(""));
    map(alt((comment, quote, other)), |text| (Kind::Junk, text)).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(Kind, &str)]) {
        let tokens: Vec<_> = lex(text).iter().map(|token| (token.kind, token.text)).collect();
        assert_eq!(tokens, expected, "{text}");
    }

    #[test]
    fn numbers_and_dates() {
        check("42 1_000 0x1f", &[(Kind::Int, "42"), (Kind::Int, "1_000"), (Kind::Int, "0x1f")]);
        check(
            "3.14 6.02e23 1e5",
            &[(Kind::Float, "3.14"), (Kind::Float, "6.02e23"), (Kind::Float, "1e5")],
        );
        check("1..3", &[(Kind::Int, "1"), (Kind::DotDot, ".."), (Kind::Int, "3")]);
        check("2025-11-22 2025-11", &[(Kind::Day, "2025-11-22"), (Kind::Day, "2025-11")]);
        check("2025 - 11", &[(Kind::Int, "2025"), (Kind::Minus, "-"), (Kind::Int, "11")]);
        check("2025-11-2", &[(Kind::Junk, "2025-11-2")]);
        check("2025-11-22T10:00", &[(Kind::Junk, "2025-11-22T10:00")]);
        check("5m 1_", &[(Kind::Junk, "5m"), (Kind::Junk, "1_")]);
        check("9223372036854775808", &[(Kind::Int, "9223372036854775808")]);
        check("9223372036854775809", &[(Kind::Junk, "9223372036854775809")]);
        check("1e999", &[(Kind::Junk, "1e999")]);
        check(
            ".5 0o17 0XfF 08",
            &[(Kind::Float, ".5"), (Kind::Int, "0o17"), (Kind::Int, "0XfF"), (Kind::Int, "08")],
        );
        check(
            "1...5 0o8",
            &[(Kind::Int, "1"), (Kind::DotDot, ".."), (Kind::Float, ".5"), (Kind::Junk, "0o8")],
        );
        assert_eq!((magnitude("0o17"), magnitude("0X_f")), (Some(15), Some(15)));
    }

    #[test]
    fn comments_vanish_and_edges_stay() {
        check(
            "a -- b\nc // d\n/* e */ f --",
            &[(Kind::Name, "a"), (Kind::Name, "c"), (Kind::Name, "f")],
        );
        check("-->", &[(Kind::Minus, "-"), (Kind::Minus, "-"), (Kind::Greater, ">")]);
        check("a /* b", &[(Kind::Name, "a"), (Kind::Junk, "/* b")]);
        assert_eq!(lex("a, -- b\nc")[1].comment, Some("-- b"));
        let above = |text| lex(text).last().and_then(|token| token.above);
        assert_eq!(above("-- far\n\n-- b\n-- c\nd"), Some("-- b\n-- c"));
        assert_eq!((above("a -- b\nc"), above("-- b\n\nc")), (None, None));
    }

    #[test]
    fn quotes_and_names() {
        check("'it''s' \"a\\\"b\"", &[(Kind::Text, "'it''s'"), (Kind::Text, "\"a\\\"b\"")]);
        check("'open\nafter", &[(Kind::Junk, "'open"), (Kind::Name, "after")]);
        check("'\\q'", &[(Kind::Junk, "'\\q'")]);
        check(
            "`a b` Überfall $who $",
            &[
                (Kind::Quoted, "`a b`"),
                (Kind::Name, "Überfall"),
                (Kind::Parameter, "$who"),
                (Kind::Junk, "$"),
            ],
        );
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(unquote(r"'a\n\u00e9\U0001F600\'''b'").unwrap(), "a\né😀''b");
        assert_eq!(unquote(r"'ab\q'"), Err(3));
        assert_eq!(unquote(r"'\ud83d'"), Err(1));
        assert_eq!(unquote(r"'é\'"), Err(3));
    }
}
