//! The line editor, pinned here: reedline and the styles it takes are named in no other module.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use nu_ansi_term::{Color, Style};
use reedline::{
    Color as PromptColor, ColumnarMenu, Completer, EditCommand, EditMode, Emacs, FileBackedHistory,
    Highlighter, Hinter, History, KeyCode, KeyModifiers, MenuBuilder as _, Prompt, PromptEditMode,
    PromptHistorySearch, PromptHistorySearchStatus, Reedline, ReedlineEvent, ReedlineMenu,
    ReedlineRawEvent, SearchDirection, SearchQuery, Signal, StyledText, Suggestion,
    ValidationResult, Validator, default_emacs_keybindings,
};

use super::commands;
use super::knowledge::{Choice, Knowledge};
use super::session::{command_in, is_complete};
use super::typed::Typed;
use crate::base::clean;
use crate::lang::roles::{Role, roles};

/// So many lines are kept for each store.
const KEPT: usize = 10_000;
const MENU: &str = "choices";
/// How a piece of a text looks.
type Look = fn() -> Style;
/// The pieces of a text that do not look plain.
const LOOKS: &[(Role, Look)] = &[
    (Role::Keyword, || Color::Blue.bold()),
    (Role::Label, || Color::Cyan.normal()),
    (Role::Function, || Color::Blue.normal()),
    (Role::Text, || Color::Green.normal()),
    (Role::Number, || Color::Purple.normal()),
    (Role::Parameter, || Color::Yellow.normal()),
    (Role::Comment, || grey(true)),
    (Role::Junk, || Color::Red.underline()),
];

/// Reads lines with colours, completion, hints and history.
pub(super) struct Editor {
    line: Reedline,
    colour: bool,
}

impl Editor {
    /// An editor that completes from what is known and keeps what is typed in a file, if there is one.
    pub(super) fn new(
        knowledge: &Arc<Mutex<Knowledge>>,
        colour: bool,
        history: Option<PathBuf>,
    ) -> Self {
        let kept = history.and_then(|file| FileBackedHistory::with_file(KEPT, file).ok());
        let kept = kept.or_else(|| FileBackedHistory::new(KEPT).ok()).unwrap_or_default();
        let menu = ColumnarMenu::default()
            .with_name(MENU)
            .with_marker("> ")
            .with_columns(1)
            .with_column_padding(2)
            .with_text_style(Style::new())
            .with_description_text_style(grey(colour))
            .with_match_text_style(Style::new().bold())
            .with_selected_text_style(Style::new().reverse())
            .with_selected_match_text_style(Style::new().reverse().bold());
        let hints = Hints { knowledge: Arc::clone(knowledge), hint: String::new(), colour };
        let line = Reedline::create()
            // Without colours, too, the menu shows by reversal what is chosen.
            .with_ansi_colors(true)
            .use_bracketed_paste(true)
            .with_quick_completions(true)
            .with_partial_completions(true)
            .with_history(Box::new(kept))
            .with_history_exclusion_prefix(Some(" ".to_owned()))
            .with_completer(Box::new(Completion(Arc::clone(knowledge))))
            .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
            .with_highlighter(Box::new(Colours { colour }))
            .with_hinter(Box::new(hints))
            .with_validator(Box::new(Whole))
            .with_edit_mode(Box::new(Careful(Emacs::new(keys()))));
        Self { line, colour }
    }

    /// Reads until what was typed is complete.
    pub(super) fn read(&mut self, name: &str) -> io::Result<Typed> {
        let signal = self
            .line
            .read_line(&Name { text: name.to_owned(), colour: self.colour })
            .map_err(io::Error::other)?;
        let kept = self.line.sync_history();
        // What cannot be kept is still there until the end of the session.
        drop(kept);
        Ok(match signal {
            Signal::Success(text) => Typed::Line(text),
            Signal::CtrlD => Typed::End,
            _ => Typed::Cleared,
        })
    }

    /// Puts a text where the next line is typed.
    pub(super) fn begin_with(&mut self, text: &str) {
        self.line.run_edit_commands(&[EditCommand::InsertString(text.to_owned())]);
    }

    /// What was typed, in this session and before, the latest last.
    pub(super) fn history(&self) -> Vec<String> {
        let all = SearchQuery::everything(SearchDirection::Forward, None);
        let found = self.line.history().search(all).unwrap_or_default();
        found.into_iter().map(|item| item.command_line).collect()
    }
}

/// What is only beside the point; where there are no colours, it is dim.
fn grey(colour: bool) -> Style {
    if colour { Style::new().fg(Color::DarkGray) } else { Style::new().dimmed() }
}

fn keys() -> reedline::Keybindings {
    let mut keys = default_emacs_keybindings();
    let open = vec![ReedlineEvent::Menu(MENU.to_owned()), ReedlineEvent::MenuNext];
    keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, ReedlineEvent::UntilFound(open));
    keys.add_binding(KeyModifiers::SHIFT, KeyCode::BackTab, ReedlineEvent::MenuPrevious);
    keys
}

/// The prompt: the store's name.
struct Name {
    text: String,
    colour: bool,
}

impl Prompt for Name {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed("> ")
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Owned(format!("{:>1$}", "> ", self.text.chars().count() + 2))
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        let found = match search.status {
            PromptHistorySearchStatus::Passing => "typed before",
            PromptHistorySearchStatus::Failing => "never typed",
        };
        Cow::Owned(format!(" ({found}: {}) ", clean::line(&search.term)))
    }

    fn get_prompt_color(&self) -> PromptColor {
        PromptColor::Reset
    }

    fn get_prompt_multiline_color(&self) -> Color {
        if self.colour { Color::DarkGray } else { Color::Default }
    }

    fn get_indicator_color(&self) -> PromptColor {
        PromptColor::Reset
    }
}

/// Enter takes what is complete, and begins a new line otherwise.
struct Whole;

impl Validator for Whole {
    fn validate(&self, line: &str) -> ValidationResult {
        if is_complete(line) { ValidationResult::Complete } else { ValidationResult::Incomplete }
    }
}

/// The colours of what is typed.
struct Colours {
    colour: bool,
}

impl Highlighter for Colours {
    fn highlight(&self, line: &str, _: usize) -> StyledText {
        let mut text = StyledText::new();
        if !self.colour {
            text.push((Style::new(), harmless(line)));
            return text;
        }
        if let Some(command) = command_in(line) {
            let name = command.split_whitespace().next().unwrap_or_default();
            let start = line.len() - line.trim_start().len() + 1 + name.len();
            let known = commands::COMMANDS.iter().any(|one| one.name.starts_with(name));
            let known = known || commands::named(name).is_some();
            let style = if known { Color::Blue.bold() } else { Color::Red.normal() };
            text.push((style, harmless(line.get(..start).unwrap_or_default())));
            text.push((Style::new(), harmless(line.get(start..).unwrap_or_default())));
            return text;
        }
        let mut done = 0;
        for (span, role) in roles(line) {
            let style =
                LOOKS.iter().find(|(one, _)| *one == role).map_or(Style::new(), |two| two.1());
            text.push((Style::new(), harmless(line.get(done..span.start).unwrap_or_default())));
            text.push((style, harmless(line.get(span.start..span.end).unwrap_or_default())));
            done = span.end;
        }
        text.push((Style::new(), harmless(line.get(done..).unwrap_or_default())));
        text
    }
}

/// A text without what a terminal would obey, of just as many bytes, so that the cursor finds its place in it.
fn harmless(text: &str) -> String {
    const STANDS_FOR: [char; 4] = ['?', '¿', '␦', '🛇'];
    let shown = |c: char| {
        if c == '\n' || !clean::acts(c) { c } else { STANDS_FOR[c.len_utf8().clamp(1, 4) - 1] }
    };
    text.chars().map(shown).collect()
}

/// Emacs keys; what is pasted is cleaned.
struct Careful(Emacs);

impl EditMode for Careful {
    fn parse_event(&mut self, event: ReedlineRawEvent) -> ReedlineEvent {
        match self.0.parse_event(event) {
            ReedlineEvent::Edit(edits) => {
                ReedlineEvent::Edit(edits.into_iter().map(cleaned).collect())
            }
            other => other,
        }
    }

    fn edit_mode(&self) -> PromptEditMode {
        self.0.edit_mode()
    }
}

fn cleaned(edit: EditCommand) -> EditCommand {
    match edit {
        EditCommand::InsertString(text) => {
            EditCommand::InsertString(clean::block(&text.replace('\t', "  ")).into_owned())
        }
        other => other,
    }
}

/// What fits where the cursor stands.
struct Completion(Arc<Mutex<Knowledge>>);

impl Completer for Completion {
    fn complete(&mut self, line: &str, pos: usize) -> Vec<Suggestion> {
        let Ok(mut knowledge) = self.0.lock() else { return Vec::new() };
        let mut found: Vec<Suggestion> =
            knowledge.choices(line, pos).into_iter().map(suggestion).collect();
        if found.is_empty() {
            // The menu would shout that there are no records.
            let nothing = "(nothing fits here)".to_owned();
            let (span, text, gloss) = (pos..pos, String::new(), String::new());
            found.push(suggestion(Choice { span, text, label: nothing, gloss }));
        }
        found
    }
}

fn suggestion(choice: Choice) -> Suggestion {
    let Choice { span, text, label, gloss } = choice;
    let description = Some(clean::line(&gloss).into_owned()).filter(|gloss| !gloss.is_empty());
    Suggestion {
        value: text,
        display_override: Some(clean::line(&label).into_owned()),
        description,
        span: reedline::Span::new(span.start, span.end.max(span.start)),
        match_indices: Some(Vec::new()),
        ..Suggestion::default()
    }
}

/// Grey hints: what was typed before and begins like this, or on an empty line something to try.
struct Hints {
    knowledge: Arc<Mutex<Knowledge>>,
    hint: String,
    colour: bool,
}

impl Hinter for Hints {
    fn handle(
        &mut self,
        line: &str,
        pos: usize,
        history: &dyn History,
        _: bool,
        _: &str,
    ) -> String {
        self.hint = if line.is_empty() {
            self.knowledge.lock().ok().and_then(|mut one| one.example()).unwrap_or_default()
        } else if pos == line.len() {
            remembered(line, history).unwrap_or_default()
        } else {
            String::new()
        };
        let hint = harmless(&self.hint);
        if hint.is_empty() { hint } else { grey(self.colour).paint(hint).to_string() }
    }

    fn complete_hint(&self) -> String {
        self.hint.clone()
    }

    fn next_hint_token(&self) -> String {
        let word = self.hint.trim_start();
        let blanks = self.hint.len() - word.len();
        let length = word.find(char::is_whitespace).unwrap_or(word.len());
        self.hint.get(..blanks + length).unwrap_or_default().to_owned()
    }
}

fn remembered(line: &str, history: &dyn History) -> Option<String> {
    let query = SearchQuery::last_with_prefix(line.to_owned(), history.session());
    let found = history.search(query).ok()?.into_iter().next()?;
    found.command_line.get(line.len()..).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_the_length_of_what_was_typed() {
        for text in ["a\u{1b}b", "\u{9b}1m", "a\u{202e}b", "\u{e0041}", "é日\nx"] {
            let shown = harmless(text);
            assert_eq!(shown.len(), text.len(), "{text:?}");
            assert!(!shown.chars().any(|c| c != '\n' && clean::acts(c)), "{text:?}");
        }
    }

    #[test]
    fn all_of_a_line_is_shown_once() {
        for line in
            ["", "match (a:Actor) -- x\nreturn a", ".param x 1", "  .quit", "'open", ".", "a 'b"]
        {
            let parts: String = Colours { colour: true }
                .highlight(line, 0)
                .buffer
                .into_iter()
                .map(|(_, part)| part)
                .collect();
            assert_eq!(parts, line);
        }
    }
}
