//! The shell at a terminal of its own: what somebody who types sees. Each step waits for the screen to show what it has to,
//! and fails where it does not in time.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_dixit");
/// Longer than anything takes, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the terminal is asked where its cursor stands, and answers.
const WHERE: &[u8] = b"\x1b[6n";

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
const CTRL_R: &str = "\x12";
const UP: &str = "\x1b[A";
const RIGHT: &str = "\x1b[C";

/// A terminal in which the program runs.
struct Screen {
    parser: Arc<Mutex<vt100::Parser>>,
    /// All that was ever written, escapes included.
    raw: Arc<Mutex<Vec<u8>>>,
    keys: Arc<Mutex<Box<dyn std::io::Write + Send>>>,
    child: Box<dyn Child + Send + Sync>,
    pair: Box<dyn MasterPty + Send>,
}

impl Screen {
    fn new(folder: &Path, line: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::open(folder, line, variables, true)
    }

    /// One that does not say where its cursor is.
    fn deaf(folder: &Path) -> Self {
        Self::open(folder, &["shell"], &[], false)
    }

    fn open(folder: &Path, line: &[&str], variables: &[(&str, &str)], answers_back: bool) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(line);
        command.cwd(folder);
        command.env_clear();
        let usual = [("TERM", "xterm-256color"), ("PAGER", "cat"), ("LC_ALL", "C.UTF-8")];
        for (name, value) in usual.iter().chain(variables) {
            command.env(name, value);
        }
        command.env("HOME", folder);
        command.env("PATH", std::env::var("PATH").unwrap());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let parser = Arc::new(Mutex::new(vt100::Parser::new(cells(24), cells(80), 200)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let (seen, kept, answers) = (Arc::clone(&parser), Arc::clone(&raw), Arc::clone(&keys));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // A question for the cursor may arrive in pieces.
            let mut begun: Vec<u8> = Vec::new();
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                kept.lock().unwrap().extend_from_slice(&bytes[..count]);
                begun.extend_from_slice(&bytes[..count]);
                let whole = std::mem::take(&mut begun);
                let mut rest = whole.as_slice();
                while let Some(at) = rest.windows(WHERE.len()).position(|four| four == WHERE) {
                    let mut parser = seen.lock().unwrap();
                    parser.process(&rest[..at]);
                    let (row, column) = parser.screen().cursor_position();
                    drop(parser);
                    let answer = format!("\x1b[{};{}R", row + 1, column + 1);
                    if answers_back {
                        answers.lock().unwrap().write_all(answer.as_bytes()).unwrap();
                    }
                    rest = &rest[at + WHERE.len()..];
                }
                let open = (1..WHERE.len()).rev().find(|length| rest.ends_with(&WHERE[..*length]));
                let (done, open) = rest.split_at(rest.len() - open.unwrap_or(0));
                seen.lock().unwrap().process(done);
                begun.extend_from_slice(open);
            }
        });
        Self { parser, raw, keys, child, pair: pair.master }
    }

    fn text(&self) -> String {
        let parser = self.parser.lock().unwrap();
        let (_, columns) = parser.screen().size();
        let rows = parser.screen().rows(0, columns.get()).map(|row| row.trim_end().to_owned());
        rows.collect::<Vec<String>>().join("\n")
    }

    fn press(&self, keys: &str) {
        let mut out = self.keys.lock().unwrap();
        out.write_all(keys.as_bytes()).unwrap();
        out.flush().unwrap();
    }

    /// Waits until the screen is as wanted.
    fn until(&self, wanted: &str, holds: impl Fn(&str) -> bool) {
        let since = Instant::now();
        while !holds(&self.text()) {
            let place = self.parser.lock().unwrap().screen().cursor_position();
            assert!(
                since.elapsed() < PATIENCE,
                "waited for {wanted}, at {place:?}:\n{}",
                self.text()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn shows(&self, wanted: &str) {
        self.until(wanted, |text| text.contains(wanted));
    }

    /// Waits for an empty prompt; a grey hint may stand behind it.
    fn prompt(&self) {
        let ready = |text: &str| {
            let (row, column) = self.parser.lock().unwrap().screen().cursor_position();
            let line = text.lines().nth(row.into()).unwrap_or_default();
            line.starts_with("geneva>") && column == 8
        };
        self.until("a prompt", ready);
    }

    /// Throws away what is typed, and waits for the prompt that comes then.
    fn clears(&self) {
        let prompts = |text: &str| text.lines().filter(|line| line.starts_with("geneva>")).count();
        let before = prompts(&self.text());
        self.press(CTRL_C);
        self.until("a new prompt", |text| prompts(text) > before);
        self.prompt();
    }

    fn line(&self, text: &str) {
        self.prompt();
        self.press(text);
        self.press("\r");
    }

    fn ends(&mut self) {
        let since = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(since.elapsed() < PATIENCE, "it does not end:\n{}", self.text());
            thread::sleep(Duration::from_millis(10));
        }
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _gone = self.child.kill();
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

/// A folder with the example.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new(PROGRAM)
        .arg("demo")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    folder
}

#[test]
fn a_question_over_several_lines_is_answered_and_a_mistake_does_not_end_the_shell() {
    let folder = folder();
    let mut screen = Screen::new(folder.path(), &[], &[]);
    screen.shows(".help helps");
    screen.line("match (a:Actor 'Rubio')");
    screen.shows("\n      >");
    screen.press("return a.name\r");
    screen.shows(" Marco Rubio\n1 row · ");
    screen.line("match (a:Actr) return a");
    screen.shows("did you mean `Actor`?");
    screen.line(".tmer on");
    screen.shows("did you mean `.timer`?");
    screen.line(".timer off");
    screen.shows("timer is off");
    screen.line("return 40 + 2 as n");
    screen.until("no time", |text| text.contains(" 42\n1 row\n"));
    screen.prompt();
    screen.press(CTRL_D);
    screen.ends();
}

#[test]
fn tab_offers_what_fits() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell", "geneva.dixit"], &[]);
    screen.prompt();
    screen.press("match (a:\t");
    screen.shows("Statement   49 · one actor's act");
    screen.press("Ev\t");
    screen.shows("geneva> match (a:Event");
    screen.clears();
    screen.press(".timer\t");
    screen.shows("geneva> .timer");
    screen.press("\t");
    screen.until("on and off", |text| text.contains("\non\noff"));
    screen.clears();
}

#[test]
fn ctrl_c_ends_the_question_and_not_the_shell() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell"], &[]);
    screen.line("for i in range(1, 100000) for j in range(1, 100000) return count(*) as n");
    let asked = Instant::now();
    screen.until("the line to be taken", |text| {
        text.lines().filter(|line| line.starts_with("geneva>")).count() == 1
            && !text.trim_end().ends_with("as n")
    });
    // The program has to have left the line behind and be busy: the terminal shows ^C only then.
    while !screen.text().contains("interrupted") {
        assert!(asked.elapsed() < PATIENCE, "it goes on:\n{}", screen.text());
        screen.press(CTRL_C);
        thread::sleep(Duration::from_millis(100));
    }
    screen.line("return 1 + 1 as two");
    screen.shows(" two\n");
    screen.prompt();
    screen.press("match (a:Actor 'Ru\t");
    screen.shows("Marco Rubio  ");
    screen.clears();
    screen.press("match (a)");
    screen.shows("geneva> match (a)");
    screen.clears();
}

#[test]
fn what_was_typed_is_there_in_the_next_session() {
    let folder = folder();
    let mut screen = Screen::new(folder.path(), &["shell"], &[]);
    screen.line("return 'a first' as it");
    screen.shows("1 row");
    screen.line("return 'a second' as it");
    screen.shows(" a second");
    screen.prompt();
    screen.press(CTRL_D);
    screen.ends();
    let screen = Screen::new(folder.path(), &["shell"], &[]);
    screen.prompt();
    screen.press(UP);
    screen.shows("geneva> return 'a second' as it");
    screen.clears();
    screen.press(CTRL_R);
    screen.press("first");
    screen.shows("return 'a first' as it");
    screen.press("\r");
    screen.press("\r");
    screen.shows(" a first");
    screen.prompt();
    screen.press("return 'a f");
    screen.until("the hint", |text| text.matches("geneva> return 'a first' as it").count() == 2);
    screen.press(RIGHT);
    screen.press("\r");
    screen.until("the hint to be taken", |text| text.matches("\n a first").count() == 2);
    screen.line(" return 'not kept' as it");
    screen.shows("\n not kept");
    screen.line(".history 2");
    screen.shows("\nreturn 'a first' as it\n.history 2");
}

#[test]
fn values_and_definitions_are_remembered() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell"], &[]);
    screen.line(".param who Rubio");
    screen.shows("$who = Rubio");
    screen.line("define twice(n: int) as n * 2");
    screen.shows("remembered: twice(n: int)");
    screen.line("match (a:Actor $who) return a.key as k, twice(21) as n");
    screen.shows("marco-rubio  42");
    screen.line(".format csv");
    screen.line(".output answer.csv");
    screen.shows("answers go to answer.csv");
    screen.line("return twice(4) as n");
    screen.line(".output");
    screen.shows("answer.csv is complete");
    assert_eq!(std::fs::read_to_string(folder.path().join("answer.csv")).unwrap(), "n\n8\n");
}

#[test]
fn a_question_comes_back_from_the_editor() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell"], &[("EDITOR", "sed -i s/40/50/")]);
    screen.line("return 40 + as n");
    screen.shows("error[");
    screen.line(".edit");
    screen.shows("geneva> return 50 + as n");
    screen.clears();
    screen.line("return 1 as n");
    screen.shows("1 row");
    screen.line(".open nowhere.dixit");
    screen.shows("there is no store nowhere.dixit");
    screen.prompt();
}

#[test]
fn what_is_longer_than_the_screen_is_paged() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell"], &[("PAGER", "no-such-pager")]);
    screen.line("for i in range(1, 50) return i");
    screen.shows("-- more: Enter");
    assert!(!screen.text().contains(" 50\n"));
    screen.press("q\n");
    screen.prompt();
    screen.line("return 'short' as it");
    screen.shows(" short\n");
}

#[test]
fn a_terminal_that_knows_only_text_gets_only_text() {
    let folder = folder();
    let mut screen = Screen::new(folder.path(), &["shell"], &[("TERM", "dumb")]);
    screen.line("match (a:Actor 'Rubio')");
    screen.shows("\n...>");
    screen.press("return a.name\n");
    screen.shows(" Marco Rubio");
    screen.line("match (a:Actr) return a");
    screen.shows("did you mean `Actor`?");
    screen.line(".quit");
    screen.ends();
    assert!(!screen.raw.lock().unwrap().contains(&0x1b));
}

#[test]
fn a_terminal_gets_no_bytes_that_are_not_for_reading() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell"], &[]);
    screen.line(".format xlsx");
    screen.line("return 1 as one");
    screen.shows("xlsx is not for reading in a terminal");
    screen.shows("write it into a file: -o answer.xlsx");
    assert!(!screen.raw.lock().unwrap().windows(2).any(|two| two == b"PK"));
}

#[test]
fn nothing_in_the_data_or_on_the_clipboard_reaches_the_terminal_as_an_escape() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell"], &[]);
    screen.line(".write on");
    screen.prompt_for_writing();
    screen.press(".why a trial\r");
    screen.prompt_for_writing();
    screen.press("insert (:Actor {key: 'zz', name: 'Zz\\u001b]0;owned\\u0007\\u202e'})\r");
    screen.shows("added 1 actor");
    screen.press(".write off\r");
    screen.line("match (a:Actor 'zz') return a.name");
    screen.shows("Zz␛]0;owned␇");
    screen.prompt();
    screen.press("match (a:Actor 'zz\t");
    screen.shows("geneva> match (a:Actor 'zz'");
    screen.clears();
    // A paste with an escape in it, as terminals hand it over.
    screen.press("\x1b[200~return 'x\x1b]0;owned\x07' as it\x1b[201~");
    screen.shows("geneva> return 'x");
    screen.press("\r");
    screen.prompt();
    let raw = screen.raw.lock().unwrap().clone();
    let raw = String::from_utf8_lossy(&raw).into_owned();
    assert!(!raw.contains("\x1b]0;owned") && !raw.contains('\u{202e}'), "{raw:?}");
}

#[test]
fn another_size_of_the_terminal_is_seen() {
    let folder = folder();
    let screen = Screen::new(folder.path(), &["shell"], &[]);
    screen.prompt();
    let size = PtySize { rows: 24, cols: 40, pixel_width: 0, pixel_height: 0 };
    screen.pair.resize(size).unwrap();
    screen.parser.lock().unwrap().screen_mut().set_size(cells(24), cells(40));
    screen.press("match (c:Claim 'plan-us-authored') return c.key, c.text\r");
    screen.shows("plan-us-authored");
    screen.shows("1 row");
    screen.prompt();
    assert!(screen.text().lines().all(|line| line.chars().count() <= 40), "{}", screen.text());
}

impl Screen {
    fn prompt_for_writing(&self) {
        self.until("a prompt that says so", |text| {
            let (row, column) = self.parser.lock().unwrap().screen().cursor_position();
            let line = text.lines().nth(row.into()).unwrap_or_default();
            line.starts_with("geneva (write)>") && column == 16
        });
    }
}

#[test]
fn a_terminal_that_does_not_answer_gets_plain_lines() {
    let folder = folder();
    let screen = Screen::deaf(folder.path());
    screen.shows("does not answer; going on with plain lines");
    screen.line("return 6 * 7 as n");
    screen.shows(" 42\n1 row");
}
