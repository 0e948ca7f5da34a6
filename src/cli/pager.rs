//! Shows what is longer than the screen a page at a time: by the user's pager, or by a plain question below each page.
//! What fits goes out as it is. Knows lines and a place to write to, and not what is written.

use std::io::{self, BufRead as _, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use unicode_width::UnicodeWidthStr;

/// The pager where the environment names none: stays on the screen, keeps colours, ends at once where all fits.
const USUAL: &[&str] = &["less", "-FRX"];

/// How `less` is to behave where nobody has said so; its own prompt, a colon, tells nobody how to leave.
const LESS: &str = "-FRX -Ps?eThe end - q leaves:Space goes on - q leaves.$";
/// What stands below a page where there is no pager.
const QUESTION: &str = "-- more: Enter shows the next page, q leaves --";

/// How much a screen holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) columns: usize,
    pub(crate) lines: usize,
}

/// One answer after the other; each is shown whole before the next begins.
pub(crate) struct Pages {
    screen: Screen,
    pager: Vec<String>,
    out: Box<dyn Write>,
    waiting: Vec<u8>,
    state: State,
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("screen", &self.screen).finish_non_exhaustive()
    }
}

enum State {
    /// So far all fits on the screen.
    Fits,
    /// A pager shows it.
    Shown(Child, ChildStdin),
    /// We ask after each page; so many lines of this one are out.
    Asking(usize),
    /// The reader has seen enough.
    Left,
}

impl Pages {
    /// Pages of this screen, which end up in `out` where no pager takes them.
    pub(crate) fn new(screen: Screen, pager: Vec<String>, out: Box<dyn Write>) -> Self {
        Self { screen, pager, out, waiting: Vec::new(), state: State::Fits }
    }

    /// Takes a piece of the answer. An error of the kind `BrokenPipe` says that nobody reads on.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.state {
            State::Fits => {
                self.waiting.extend_from_slice(bytes);
                if rows(&self.waiting, self.screen.columns) < self.screen.lines {
                    return Ok(());
                }
                self.state = self.start();
                let waiting = std::mem::take(&mut self.waiting);
                self.take(&waiting)
            }
            State::Shown(_, input) => input.write_all(bytes),
            State::Asking(_) => self.ask(bytes),
            State::Left => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Ends an answer: what waits is written, and a pager is waited for.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        match std::mem::replace(&mut self.state, State::Fits) {
            State::Fits | State::Left => {}
            State::Asking(_) => {
                return self.out.write_all(&waiting).and_then(|()| self.out.flush());
            }
            State::Shown(mut child, input) => {
                drop(input);
                child.wait()?;
            }
        }
        self.out.write_all(&waiting)?;
        self.out.flush()
    }

    fn start(&self) -> State {
        let Some((program, arguments)) = self.pager.split_first() else { return State::Asking(0) };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped());
        if std::env::var_os("LESS").is_none() {
            command.env("LESS", LESS);
        }
        match command.spawn().map(|mut child| (child.stdin.take(), child)) {
            Ok((Some(input), child)) => State::Shown(child, input),
            _ => State::Asking(0),
        }
    }

    /// Writes whole lines, and asks below each screenful whether to go on.
    fn ask(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(bytes);
        while let Some(end) = self.waiting.iter().position(|byte| *byte == b'\n') {
            let rest = self.waiting.split_off(end + 1);
            let line = std::mem::replace(&mut self.waiting, rest);
            let height = rows(&line, self.screen.columns);
            let shown = match self.state {
                State::Asking(shown) => shown,
                State::Fits | State::Shown(..) | State::Left => 0,
            };
            if shown > 0 && shown + height >= self.screen.lines {
                if !self.goes_on()? {
                    self.state = State::Left;
                    self.waiting.clear();
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                self.state = State::Asking(height);
            } else {
                self.state = State::Asking(shown + height);
            }
            self.out.write_all(&line)?;
        }
        Ok(())
    }

    fn goes_on(&mut self) -> io::Result<bool> {
        self.out.write_all(QUESTION.as_bytes())?;
        self.out.flush()?;
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer)?;
        Ok(read > 0 && !answer.trim().to_lowercase().starts_with('q'))
    }
}

/// The pager and its arguments, as the environment says or as is usual; nothing where nobody wants one.
pub(crate) fn chosen(named: Option<&str>) -> Option<Vec<String>> {
    match named {
        None => Some(USUAL.iter().map(|word| (*word).to_owned()).collect()),
        Some(named) if matches!(named.trim(), "" | "cat") => None,
        Some(named) => Some(named.split_whitespace().map(str::to_owned).collect()),
    }
}

/// How many rows of a screen a text takes; a line that is wider than the screen takes several.
fn rows(text: &[u8], columns: usize) -> usize {
    let text = String::from_utf8_lossy(text);
    text.lines().map(|line| width(line).max(1).div_ceil(columns.max(1))).sum()
}

/// The cells of a line; our own colours take none.
fn width(line: &str) -> usize {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().map_or(0, UnicodeWidthStr::width);
    let behind = |part: &str| part.split_once('m').map_or(0, |(_, rest)| rest.width());
    first + parts.map(behind).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    /// Keeps what is written where a test can look at it.
    #[derive(Clone, Default)]
    struct Kept(Rc<RefCell<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const SCREEN: Screen = Screen { columns: 10, lines: 4 };

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn what_fits_goes_out_as_it_is_and_only_at_the_end() {
        let kept = Kept::default();
        let mut pages = Pages::new(SCREEN, words("false"), Box::new(kept.clone()));
        pages.take(b"a\nb\n").unwrap();
        assert!(kept.0.borrow().is_empty());
        pages.finish().unwrap();
        pages.take(b"c\n").unwrap();
        pages.finish().unwrap();
        assert_eq!(*kept.0.borrow(), b"a\nb\nc\n");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_longer_goes_to_the_pager() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let kept = Kept::default();
        let program = vec!["sort".to_owned(), "-o".to_owned(), seen.display().to_string()];
        let mut pages = Pages::new(SCREEN, program, Box::new(kept.clone()));
        pages.take(b"1\n2\n3\n").unwrap();
        pages.take(b"4\n5\n").unwrap();
        pages.finish().unwrap();
        assert_eq!(std::fs::read(seen).unwrap(), b"1\n2\n3\n4\n5\n");
        assert!(kept.0.borrow().is_empty());
    }

    #[test]
    fn a_line_counts_as_often_as_it_fills_the_screen() {
        assert_eq!(rows("ab\n".as_bytes(), 10), 1);
        assert_eq!(rows("\n\n".as_bytes(), 10), 2);
        assert_eq!(rows("0123456789a\n".as_bytes(), 10), 2);
        assert_eq!(rows("日本日本日本\n".as_bytes(), 10), 2);
        assert_eq!(rows("\u{1b}[2m0123456789\u{1b}[0m\n".as_bytes(), 10), 1);
    }

    #[test]
    fn the_environment_chooses_the_pager() {
        assert_eq!(chosen(None), Some(words("less -FRX")));
        assert_eq!(chosen(Some("most -s")), Some(words("most -s")));
        assert_eq!((chosen(Some("")), chosen(Some("cat"))), (None, None));
    }
}
