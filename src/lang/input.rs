//! What the grammar reads: tokens with a position, and a notebook of how far reading got.
//! Only the functions of this file write in it: `tok`, `label` and `refuse` note what would have been welcome,
//! `nested` and `taller` stop the reading.

use super::token::{Kind, Kinds, Token};
use crate::base::source::Span;
use nom::{IResult, Parser};
use std::cell::Cell;

/// What a grammar rule returns. It carries no error: the notebook knows better.
pub(crate) type Parsed<'t, T> = IResult<Input<'t>, T, ()>;

/// How deep brackets may nest.
pub(crate) const DEEPEST: u16 = 128;
/// How tall the tree of one expression may grow; a chain of operators adds one for each.
pub(crate) const TALLEST: u16 = 600;

/// A position in the tokens of one query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'t> {
    tokens: &'t [Token<'t>],
    notebook: &'t Notebook,
    at: usize,
    depth: u16,
    height: u16,
    bar_ends: bool,
}

/// The farthest token at which any rule failed, and what would have been welcome there.
#[derive(Debug, Default)]
pub(crate) struct Notebook {
    farthest: Cell<usize>,
    wanted: Cell<Kinds>,
    stop: Cell<Option<Stop>>,
    /// The token of which everything is noted that would be welcome in its place, whatever messages call it.
    aim: Option<usize>,
    welcome: Cell<Kinds>,
    /// How many tokens were looked at.
    #[cfg(test)]
    pub(crate) looks: Cell<usize>,
}

/// Why reading ended before the grammar did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Brackets are nested too deep at this token.
    Deep(usize),
    /// The expression has too many operators at this token.
    Tall(usize),
}

impl Notebook {
    /// A notebook that notes all that would be welcome at one token.
    pub(crate) fn aimed(at: usize) -> Self {
        Self { aim: Some(at), ..Self::default() }
    }

    /// What would be welcome there; nothing where reading did not get so far.
    pub(crate) fn welcome(&self) -> Kinds {
        self.welcome.get()
    }

    /// Where reading failed, what was wanted there, and why it was stopped, if it was.
    pub(crate) fn read(&self) -> (usize, Kinds, Option<Stop>) {
        (self.farthest.get(), self.wanted.get(), self.stop.get())
    }

    fn note(&self, at: usize, kind: Kind) {
        if at > self.farthest.get() {
            self.farthest.set(at);
            self.wanted.set(Kinds::default());
        }
        if at == self.farthest.get() {
            self.wanted.set(self.wanted.get().with(kind));
        }
        self.offer(at, kind);
    }

    fn offer(&self, at: usize, kind: Kind) {
        if self.aim == Some(at) {
            self.welcome.set(self.welcome.get().with(kind));
        }
    }
}

impl<'t> Input<'t> {
    /// The beginning of a query. Its last token must be a `Finish`.
    pub(crate) fn new(tokens: &'t [Token<'t>], notebook: &'t Notebook) -> Self {
        Self { tokens, notebook, at: 0, depth: 0, height: 0, bar_ends: false }
    }

    /// The kind of the token `ahead` places from here.
    pub(crate) fn peek(self, ahead: usize) -> Kind {
        self.tokens.get(self.at + ahead).map_or(Kind::Finish, |token| token.kind)
    }

    /// Whether the tokens from `ahead` on are these, with no blank between them.
    pub(crate) fn touching(self, ahead: usize, kinds: &[Kind]) -> bool {
        let found = self.tokens.get(self.at + ahead..).unwrap_or_default();
        let alike = found.iter().zip(kinds).filter(|(token, kind)| token.kind == **kind).count()
            == kinds.len();
        alike
            && found
                .iter()
                .zip(found.iter().skip(1))
                .take(kinds.len() - 1)
                .all(|(a, b)| a.span.end == b.span.start)
    }

    /// How far ahead the bracket stands that closes the one here.
    pub(crate) fn partner(self) -> Option<usize> {
        self.tokens.get(self.at).and_then(|token| token.partner).map(|partner| partner - self.at)
    }

    /// The token just read.
    pub(crate) fn last(self) -> Option<&'t Token<'t>> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    /// The tokens from `start` up to here.
    pub(crate) fn since(self, start: Self) -> &'t [Token<'t>] {
        self.tokens.get(start.at..self.at).unwrap_or_default()
    }

    /// The place of what was read since `start`; empty behind the token before, if nothing was.
    pub(crate) fn span_since(self, start: Self) -> Span {
        match (self.since(start).first(), self.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            (_, Some(last)) => last.span.after(),
            (_, None) => Span::default(),
        }
    }

    /// How tall the tallest tree is that was read since the height was last reset.
    pub(crate) fn height(self) -> u16 {
        self.height
    }

    /// The same place with another height.
    #[must_use]
    pub(crate) fn with_height(self, height: u16) -> Self {
        Self { height, ..self }
    }

    /// Whether a `|` ends what is read, and so does not join labels.
    pub(crate) fn bar_ends(self) -> bool {
        self.bar_ends
    }

    /// The same place, with `|` ending what is read or not.
    #[must_use]
    pub(crate) fn with_bar_ends(self, bar_ends: bool) -> Self {
        Self { bar_ends, ..self }
    }

    /// The same place after a tree of this height was built; too tall a tree stops the reading.
    pub(crate) fn taller(self, height: u16) -> Parsed<'t, ()> {
        if height > TALLEST {
            return self.stop(Stop::Tall(self.at.saturating_sub(1)));
        }
        Ok((self.with_height(self.height.max(height)), ()))
    }

    /// Fails here, where a thing of this kind would have been welcome.
    pub(crate) fn refuse<T>(self, wanted: Kind) -> Parsed<'t, T> {
        self.notebook.note(self.at, wanted);
        Err(nom::Err::Error(()))
    }

    /// Says what a rule looks ahead for at the token `ahead` places from here; messages do not speak of it.
    pub(crate) fn offer(self, ahead: usize, kinds: &[Kind]) {
        for kind in kinds {
            self.notebook.offer(self.at + ahead, *kind);
        }
    }

    fn stop<T>(self, reason: Stop) -> Parsed<'t, T> {
        if self.notebook.stop.get().is_none() {
            self.notebook.stop.set(Some(reason));
        }
        Err(nom::Err::Error(()))
    }

    /// Reads the token here if it is welcome; notes that it would have been otherwise.
    fn take(self, welcome: impl Fn(&Token<'t>) -> bool, noted: Kind) -> Parsed<'t, &'t Token<'t>> {
        #[cfg(test)]
        self.notebook.looks.set(self.notebook.looks.get() + 1);
        let stopped = self.notebook.stop.get().is_some();
        match self.tokens.get(self.at) {
            Some(token) if !stopped && welcome(token) => {
                Ok((Self { at: self.at + 1, ..self }, token))
            }
            _ => self.refuse(noted),
        }
    }
}

/// Reads one token of this kind.
pub(crate) fn tok<'t>(kind: Kind) -> impl Fn(Input<'t>) -> Parsed<'t, &'t Token<'t>> {
    move |i| i.take(|token| token.kind == kind, kind)
}

/// Reads one token that passes the test, called `noted` in messages.
pub(crate) fn tok_if<'t>(
    noted: Kind,
    welcome: fn(&Token<'_>) -> bool,
) -> impl Fn(Input<'t>) -> Parsed<'t, &'t Token<'t>> {
    move |i| i.take(|token| welcome(token), noted)
}

/// Calls `p` by one phrase in messages, as long as nothing of it was read.
pub(crate) fn label<'t, T>(
    phrase: Kind,
    mut p: impl Parser<Input<'t>, Output = T, Error = ()>,
) -> impl FnMut(Input<'t>) -> Parsed<'t, T> {
    move |i| {
        let (farthest, wanted, _) = i.notebook.read();
        let before = if farthest == i.at { wanted } else { Kinds::default() };
        let read = p.parse(i);
        if read.is_err() {
            i.offer(0, &[phrase]);
        }
        if read.is_err() && farthest <= i.at && i.notebook.farthest.get() == i.at {
            i.notebook.wanted.set(before.with(phrase));
        }
        read
    }
}

/// Reads what stands inside a bracket or behind a prefix: one level deeper, one taller.
pub(crate) fn nested<'t, T>(
    mut p: impl Parser<Input<'t>, Output = T, Error = ()>,
) -> impl FnMut(Input<'t>) -> Parsed<'t, T> {
    move |i| deeper(i, 1, |i| p.parse(i))
}

/// Reads a query inside another one, in braces; that takes as much room as four brackets.
pub(crate) fn braced<'t, T>(
    mut p: impl Parser<Input<'t>, Output = T, Error = ()>,
) -> impl FnMut(Input<'t>) -> Parsed<'t, T> {
    move |i| {
        let (bar_ends, (i, _)) = (i.bar_ends, tok(Kind::LBrace)(i)?);
        let (i, output) = deeper(i.with_bar_ends(false), 4, |i| p.parse(i))?;
        let (i, _) = tok(Kind::RBrace)(i)?;
        Ok((i.with_bar_ends(bar_ends), output))
    }
}

/// Reads what takes as much room inside its bracket as four of them.
pub(crate) fn roomy<'t, T>(
    mut p: impl Parser<Input<'t>, Output = T, Error = ()>,
) -> impl FnMut(Input<'t>) -> Parsed<'t, T> {
    move |i| deeper(i, 3, |i| p.parse(i))
}

fn deeper<'t, T>(
    i: Input<'t>,
    levels: u16,
    p: impl FnOnce(Input<'t>) -> Parsed<'t, T>,
) -> Parsed<'t, T> {
    if i.depth + levels > DEEPEST {
        return i.stop(Stop::Deep(i.at.saturating_sub(1)));
    }
    let (after, output) = p(Input { depth: i.depth + levels, height: 0, ..i })?;
    let (after, ()) =
        Input { depth: i.depth, height: i.height, ..after }.taller(after.height + 1)?;
    Ok((after, output))
}

/// Reads `p` between two brackets, one level deeper.
pub(crate) fn between<'t, T>(
    open: Kind,
    p: impl Parser<Input<'t>, Output = T, Error = ()>,
    close: Kind,
) -> impl FnMut(Input<'t>) -> Parsed<'t, T> {
    let mut inside = nested(p);
    move |i| {
        let bar_ends = i.bar_ends;
        let (i, _) = tok(open)(i)?;
        let (i, output) = inside(i.with_bar_ends(false))?;
        let (i, _) = tok(close)(i)?;
        Ok((i.with_bar_ends(bar_ends), output))
    }
}

/// Reads `p` as often as it goes, maybe never.
pub(crate) fn repeat<'t, T>(
    mut p: impl Parser<Input<'t>, Output = T, Error = ()>,
) -> impl FnMut(Input<'t>) -> Parsed<'t, Vec<T>> {
    move |mut i| {
        let mut found = Vec::new();
        while let Ok((after, one)) = p.parse(i) {
            if after.at == i.at {
                break;
            }
            found.push(one);
            i = after;
        }
        Ok((i, found))
    }
}

/// Reads one or more of `p` with commas between them.
pub(crate) fn commas<'t, T>(
    mut p: impl Parser<Input<'t>, Output = T, Error = ()>,
) -> impl FnMut(Input<'t>) -> Parsed<'t, Vec<T>> {
    move |i| {
        let (mut i, first) = p.parse(i)?;
        let mut found = vec![first];
        while let Ok((after, _)) = tok(Kind::Comma)(i) {
            let (after, next) = p.parse(after)?;
            found.push(next);
            i = after;
        }
        Ok((i, found))
    }
}
