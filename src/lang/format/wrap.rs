//! Where a line that is too long goes on. It is broken between words alone, so that it means what it meant, and by what
//! stands in it alone, so that it is broken in the same places the next time.

use unicode_width::UnicodeWidthStr as _;

use super::super::lexer::lex;
use super::super::operators::{self, OPERATORS, Operator};
use super::super::token::Kind;
use crate::base::source::{Source, Span};

/// How many cells a line may have.
const WIDTH: usize = 100;
/// What stands farther in than this is not broken any more.
const FARTHEST: usize = 60;
/// A longer head has nothing behind it where its line is broken.
const LONG_HEAD: usize = 24;

/// Whether a text fits on a line with that margin.
pub(super) fn fits(text: &str, margin: usize) -> bool {
    margin + text.width() <= WIDTH
}

/// A line that reads `plain`, or where that is too long, `head` with its items on as many lines as they need.
pub(super) fn lines(plain: &str, head: &str, items: &[String], margin: usize) -> String {
    let blanks = " ".repeat(margin);
    if fits(plain, margin) {
        return blanks + plain;
    }
    let mut page = Page { text: blanks, column: margin, rows: 0 };
    if items.is_empty() {
        page.write(head, margin + 4);
        return page.text;
    }
    page.put(head);
    let drawn = matches!(head, "match" | "return" | "return distinct");
    let on = match (head.width() > LONG_HEAD, items.len() == 1 && !drawn) {
        (true, _) => {
            page.line(margin + 2);
            margin + 4
        }
        // A condition goes on near the margin, several items below the first of them.
        (false, true) => {
            page.put(" ");
            margin + 2
        }
        (false, false) => {
            page.put(" ");
            page.column + 2
        }
    };
    let under = page.column;
    page.fill(&listed(items), " ", under, on);
    page.text
}

/// Items, each but the last with its comma.
fn listed(items: &[String]) -> Vec<String> {
    let mut listed: Vec<String> = items.iter().map(|item| format!("{item},")).collect();
    listed.pop();
    listed.extend(items.last().cloned());
    listed
}

/// What is written, and where the next word goes.
struct Page {
    text: String,
    column: usize,
    /// How many lines were begun.
    rows: usize,
}

impl Page {
    fn put(&mut self, text: &str) {
        self.text += text;
        self.column += text.width();
    }

    fn line(&mut self, margin: usize) {
        self.text.push('\n');
        self.text += &" ".repeat(margin);
        self.column = margin;
        self.rows += 1;
    }

    /// Pieces, as many on a line as fit; further lines begin at `under`, a piece that is broken itself goes on at `on`.
    fn fill(&mut self, pieces: &[String], gap: &str, under: usize, on: usize) {
        let mut was_broken = false;
        for (at, piece) in pieces.iter().enumerate() {
            match at {
                0 => {}
                _ if !was_broken && fits(piece, self.column + gap.len()) => self.put(gap),
                _ => self.line(under),
            }
            let before = self.rows;
            self.write(piece, on);
            was_broken = self.rows > before;
        }
    }

    /// A text; what does not fit goes on at `on`.
    fn write(&mut self, text: &str, on: usize) {
        if on > FARTHEST || fits(text, self.column) {
            return self.put(text);
        }
        let words = Words::of(text);
        let places = (1..words.all.len()).filter_map(|at| Some((words.tightness(at)?, at)));
        let places: Vec<(Tightness, usize)> = places.collect();
        let Some(loosest) = places.iter().map(|(tightness, _)| *tightness).min() else {
            let on = if self.column == on { on + 2 } else { on };
            return self.open(&words, text, on);
        };
        let cuts = places.iter().filter(|(tightness, _)| *tightness == loosest).map(|(_, at)| *at);
        let pieces = words.cut(&cuts.collect::<Vec<_>>());
        if loosest.is_filled() {
            let gap = if loosest == Tightness::Edge { "" } else { " " };
            return self.fill(&pieces, gap, on, on + 2);
        }
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                self.line(on);
            }
            self.write(piece, on + 2);
        }
    }

    /// What the longest brackets of a text hold goes on lines of its own.
    fn open(&mut self, words: &Words, text: &str, on: usize) {
        match words.longest() {
            Some((open, close)) if close > open + 1 => {
                self.put(&words.text(0, open + 1));
                self.line(on);
                self.write(&words.text(open + 1, close), on);
                self.line(on.saturating_sub(2));
                self.write(&words.text(close, words.all.len()), on);
            }
            _ => self.put(text),
        }
    }
}

/// How tightly two words hold together; the loosest are parted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    /// A clause begins.
    Clause,
    Or,
    Xor,
    And,
    /// A comma stands before.
    Item,
    /// What a list is made of, a branch.
    Bar,
    Compare,
    Sum,
    /// An edge leaves a node.
    Edge,
}

impl Tightness {
    /// Whether as much stands on a line as fits, and not one piece on each.
    fn is_filled(self) -> bool {
        matches!(self, Self::Item | Self::Sum | Self::Edge)
    }
}

/// The words of a text.
struct Words {
    source: Source,
    all: Vec<(Kind, Span)>,
    /// How many brackets are open before each; a bracket that closes counts as within.
    depths: Vec<usize>,
    /// The brackets that are not within others.
    outer: Vec<(usize, usize)>,
}

impl Words {
    fn of(text: &str) -> Self {
        let all: Vec<(Kind, Span)> =
            lex(text).iter().map(|token| (token.kind, token.span)).collect();
        let (mut depths, mut outer, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (kind, _)) in all.iter().enumerate() {
            let is_name = at.checked_sub(1).is_some_and(|at| is_before_name(&all, at));
            let closes = open.last().is_some_and(|(_, closer)| closer == kind) && !is_name;
            if closes {
                let opener = open.pop().map_or(at, |(opener, _)| opener);
                if open.is_empty() {
                    outer.push((opener, at));
                }
            }
            depths.push(open.len() + usize::from(closes));
            match kind {
                Kind::Case if !is_name => open.push((at, Kind::End)),
                kind => open.extend(kind.closer().map(|closer| (at, closer))),
            }
        }
        Self { source: Source::inline(text), all, depths, outer }
    }

    /// The words from one up to another, as they stand.
    fn text(&self, from: usize, to: usize) -> String {
        let last = to.checked_sub(1).and_then(|last| self.all.get(last));
        let (Some((_, first)), Some((_, last))) = (self.all.get(from), last) else {
            return String::new();
        };
        self.source.slice(first.to(*last)).to_owned()
    }

    /// The pieces between these words.
    fn cut(&self, places: &[usize]) -> Vec<String> {
        let starts = [0].into_iter().chain(places.iter().copied());
        let ends = places.iter().copied().chain([self.all.len()]);
        starts.zip(ends).map(|(from, to)| self.text(from, to)).collect()
    }

    fn longest(&self) -> Option<(usize, usize)> {
        let size = |(open, close): &(usize, usize)| self.text(*open, *close).len();
        self.outer.iter().copied().max_by_key(size)
    }

    /// How tightly a word holds to the one before it; nothing where they are not to be parted here.
    fn tightness(&self, at: usize) -> Option<Tightness> {
        let (before, word) = (self.all.get(at.checked_sub(1)?)?, self.all.get(at)?);
        if self.depths.get(at) != Some(&0) || is_before_name(&self.all, at - 1) {
            return None;
        }
        let apart = before.1.end < word.1.start;
        match (before.0, word.0) {
            (Kind::RParen, Kind::Minus | Kind::Less) if !apart => Some(Tightness::Edge),
            _ if !apart => None,
            (Kind::Comma, _) => Some(Tightness::Item),
            (Kind::Starts | Kind::Ends, Kind::With)
            | (Kind::Optional, Kind::Match | Kind::Call) => None,
            (_, Kind::When | Kind::Else) => Some(Tightness::Clause),
            (_, kind) if CLAUSES.contains(&kind) => Some(Tightness::Clause),
            (_, Kind::Or) => Some(Tightness::Or),
            (_, Kind::Xor) => Some(Tightness::Xor),
            (_, Kind::And) => Some(Tightness::And),
            (_, Kind::Pipe) => Some(Tightness::Bar),
            (_, kind) if compares(kind) => Some(Tightness::Compare),
            (_, Kind::Concat | Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash) => {
                Some(Tightness::Sum)
            }
            _ => None,
        }
    }
}

/// Whether a name stands behind this word, be it spelled like a keyword.
fn is_before_name(words: &[(Kind, Span)], at: usize) -> bool {
    words.get(at).is_some_and(|(kind, _)| matches!(kind, Kind::Dot | Kind::Colon))
}

/// Whether an operator that compares begins with this word.
fn compares(kind: Kind) -> bool {
    let compare = |row: &&Operator| {
        matches!(row.tightness, operators::Tightness::Compare | operators::Tightness::Predicate)
    };
    // `not` may also stand alone, in front of what it turns round.
    let mut all = OPERATORS.iter().filter(compare);
    kind != Kind::Not && all.any(|row| row.tokens.first() == Some(&kind))
}

const CLAUSES: &[Kind] = &[
    Kind::Match,
    Kind::Optional,
    Kind::Filter,
    Kind::Let,
    Kind::For,
    Kind::Call,
    Kind::With,
    Kind::Where,
    Kind::Return,
    Kind::Order,
    Kind::Group,
    Kind::Offset,
    Kind::Limit,
    Kind::Union,
    Kind::Except,
    Kind::Intersect,
    Kind::Otherwise,
];
