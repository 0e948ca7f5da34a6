//! The only place that prints. Data goes to stdout, everything else to stderr; a closed pipe is a quiet end.

use std::cell::RefCell;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::colour::{Choice, Environment, decide};
use super::failure::Failure;
use super::pager::{self, Pages, Screen};
use crate::base::clean::{self, Safe};
use crate::base::render;
use crate::format::{Look, Strokes};

/// Used where a terminal does not tell its width.
const USUAL_WIDTH: usize = 80;
/// Work that takes less than this shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);
/// Written rows wait no longer than this for further ones.
const WAIT: Duration = Duration::from_millis(200);

/// Both output streams and what they can show.
#[derive(Debug)]
pub(crate) struct Terminal {
    out: Stream,
    err: Stream,
    links: bool,
    strokes: Strokes,
    /// Where what is longer than the screen is shown a page at a time.
    pages: Option<Rc<RefCell<Pages>>>,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    is_terminal: bool,
    colour: bool,
}

impl Stream {
    fn new(is_terminal: bool, choice: Choice, environment: &Environment) -> Self {
        Self { is_terminal, colour: decide(choice, environment, is_terminal) }
    }

    /// Its width now, for it may change between two answers.
    fn width(self, size: Option<(terminal_size::Width, terminal_size::Height)>) -> Option<usize> {
        self.is_terminal.then(|| size.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0).max(1)))
    }
}

impl Terminal {
    /// The streams of this process.
    pub(crate) fn new(choice: Choice) -> Self {
        let environment = Environment::of_process();
        let stream = |is_terminal| Stream::new(is_terminal, choice, &environment);
        let (out, err) = (stream(io::stdout().is_terminal()), stream(io::stderr().is_terminal()));
        let links = out.is_terminal && environment.follows_links();
        Self { out, err, links, strokes: environment.strokes(), pages: None }
    }

    /// The same, showing what is longer than the screen a page at a time; only where there is a screen that can.
    pub(crate) fn paged(self, named: Option<&str>) -> Self {
        let size = terminal_size::terminal_size_of(io::stdout());
        let pages = match (size, pager::chosen(named)) {
            (Some((columns, lines)), Some(program)) if self.is_interactive() && !is_dumb() => {
                let screen = Screen { columns: columns.0.into(), lines: lines.0.into() };
                let pages = Pages::new(screen, program, Box::new(io::stdout()));
                Some(Rc::new(RefCell::new(pages)))
            }
            _ => None,
        };
        Self { pages, ..self }
    }

    /// Whether somebody sits in front of it: both ways.
    pub(crate) fn is_interactive(&self) -> bool {
        self.out.is_terminal && io::stdin().is_terminal()
    }

    /// Shows what is left of the last answer, and waits until it was read. Nothing can be done where that fails.
    pub(crate) fn rest(&self) {
        if let Some(Ok(mut pages)) = self.pages.as_ref().map(|pages| pages.try_borrow_mut()) {
            let _lost = pages.finish();
        }
    }

    /// How results may look on stdout.
    pub(crate) fn look(&self) -> Look {
        Look {
            width: self.out.width(terminal_size::terminal_size_of(io::stdout())),
            colour: self.out.colour,
            links: self.links,
            live: self.out.is_terminal,
            strokes: self.strokes,
            ..Look::PLAIN
        }
    }

    /// How messages may look on stderr.
    pub(crate) fn style(&self) -> render::Style {
        let width = self.err.width(terminal_size::terminal_size_of(io::stderr()));
        let width = width.unwrap_or(USUAL_WIDTH);
        render::Style { colour: self.err.colour, width }
    }

    /// Writes to stdout: help, lists, explanations.
    pub(crate) fn print(&self, text: &Safe) -> Result<(), Failure> {
        let mut out: Box<dyn Write> = match &self.pages {
            Some(pages) => Box::new(Paged(Rc::clone(pages))),
            None => Box::new(io::stdout().lock()),
        };
        write!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::writing)
    }

    /// Writes to stderr, once the answer before it was read. Nothing can be done where that fails.
    pub(crate) fn say(&self, text: &Safe) {
        self.rest();
        let mut err = io::stderr().lock();
        let _lost = write!(err, "{text}").and_then(|()| err.flush());
    }

    /// Says one line of plain text on stderr.
    pub(crate) fn remark(&self, text: &str) {
        self.say(&Safe::styled(format!("{}\n", clean::block(text))));
    }

    /// Stdout for a result. What is not `safe` for a terminal is cleaned on the way to one, and only then.
    pub(crate) fn data(&self, safe: bool) -> Box<dyn Write> {
        let out: Box<dyn Write> = if let Some(pages) = &self.pages {
            Box::new(BufWriter::new(Paged(Rc::clone(pages))))
        } else {
            let out = BufWriter::new(io::stdout());
            Box::new(Prompt { out, flushed: Instant::now() })
        };
        if safe || !self.out.is_terminal { out } else { Box::new(Cleaning::new(out)) }
    }

    /// Shows how far a task has come, in bytes or steps of `total`; only on a terminal and only if it takes a while. Where
    /// the total is not known, being 0, there is nothing to say of what is left.
    pub(crate) fn progress(&self, total: u64) -> Progress {
        let known = Some(total).filter(|total| *total > 0);
        let bar = ProgressBar::with_draw_target(known, ProgressDrawTarget::hidden());
        let template = if known.is_some() {
            "{bar:30} {percent:>3} %  {eta} left  {msg}"
        } else {
            "{spinner} {msg}"
        };
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress { bar, since: Instant::now(), shown: !self.err.is_terminal }
    }

    /// Reports how it went; gives the exit code.
    pub(crate) fn finish(&self, outcome: Result<(), Failure>) -> ExitCode {
        let Err(failure) = outcome else { return ExitCode::SUCCESS };
        ExitCode::from(self.tell(&failure))
    }

    /// Tells what went wrong, or prints the help that was asked for; gives the exit code.
    pub(crate) fn tell(&self, failure: &Failure) -> u8 {
        let code = failure.code();
        if failure.is_answer() {
            let printed = self.print(&failure.text(self.out.colour, self.style()));
            return printed.map_or_else(|failure| failure.code(), |()| code);
        }
        self.say(&failure.text(self.err.colour, self.style()));
        code
    }
}

/// Whether the terminal knows nothing but text.
pub(crate) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

/// Passes an answer on to be paged; that it is flushed does not end it.
struct Paged(Rc<RefCell<Pages>>);

impl Write for Paged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().take(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A progress bar.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    since: Instant,
    shown: bool,
}

impl Progress {
    /// Moves to `done` bytes and tells of so many rows, and how many a second.
    pub(crate) fn set_rows(&mut self, done: u64, rows: u64) {
        let second = self.since.elapsed().as_millis().max(1);
        let rate = u128::from(rows) * 1000 / second;
        let rate = HumanCount(u64::try_from(rate).unwrap_or(u64::MAX));
        self.bar.set_message(format!("{} rows, {rate} a second", HumanCount(rows)));
        self.set(done);
    }

    /// Moves to `done` bytes.
    pub(crate) fn set(&mut self, done: u64) {
        if !self.shown && self.since.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Collects what is written, but holds nothing back for long, so that the first rows of a slow query can be read.
struct Prompt<W: Write> {
    out: W,
    flushed: Instant,
}

impl<W: Write> Write for Prompt<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        if self.flushed.elapsed() >= WAIT {
            self.flush()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed = Instant::now();
        self.out.flush()
    }
}

/// Cleans what passes through. Characters that arrive in pieces wait for the rest.
struct Cleaning<W: Write> {
    out: W,
    waiting: Vec<u8>,
}

impl<W: Write> Cleaning<W> {
    fn new(out: W) -> Self {
        Self { out, waiting: Vec::new() }
    }

    fn pass(&mut self, whole: usize) -> io::Result<()> {
        let rest = self.waiting.split_off(whole);
        let text = std::mem::replace(&mut self.waiting, rest);
        self.out.write_all(clean::block(&String::from_utf8_lossy(&text)).as_bytes())
    }
}

impl<W: Write> Write for Cleaning<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.waiting) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => self.waiting.len(),
        };
        self.pass(whole)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(self.waiting.len())?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cleaned_on_its_way_even_in_pieces() {
        let mut out = Vec::new();
        let mut cleaning = Cleaning::new(&mut out);
        let text = "a\u{1b}é日\u{202e}b\n";
        for byte in text.as_bytes() {
            cleaning.write_all(&[*byte]).unwrap();
        }
        cleaning.flush().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a␛é日⟨U+202E⟩b\n");
    }

    #[test]
    fn what_was_written_a_while_ago_is_let_go() {
        let mut out = Vec::new();
        let mut prompt = Prompt { out: BufWriter::new(&mut out), flushed: Instant::now() };
        prompt.write_all(b"one ").unwrap();
        assert_eq!(prompt.out.buffer(), b"one ");
        prompt.flushed = prompt.flushed.checked_sub(WAIT).unwrap();
        prompt.write_all(b"two").unwrap();
        assert_eq!(prompt.out.buffer(), b"");
    }
}
