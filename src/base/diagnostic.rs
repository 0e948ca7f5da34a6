//! The one type users meet when something is wrong, and its kin for notes.
//! Says what and where; `render` decides how it looks.

use super::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing was run.
    Error,
    /// It ran, but the result may not be what was meant.
    Warning,
    /// It ran; here is something worth knowing.
    Note,
}

/// A place in the source and what to say there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to say there; may be empty.
    pub text: String,
}

/// One message: what is wrong, where, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable and unique, such as `D0301`; the first two digits name the stage.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in the user's words, without a full stop.
    pub message: String,
    /// Where; the first one is the main place.
    pub labels: Vec<Label>,
    /// What to do next; at most one suggestion.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at one place.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
        }
    }

    /// A note at one place: nothing failed.
    pub fn note(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, span, message) }
    }

    /// Says `text` at the main place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Says `text` at the main place if there is something to say.
    #[must_use]
    pub fn here_if(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.here(text),
            None => self,
        }
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do next, if known.
    #[must_use]
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }
}

/// Several messages about one source, in the order they were found. Never empty when returned as an error.
pub type Diagnostics = Vec<Diagnostic>;
