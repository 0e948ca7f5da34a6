//! Diagnostics as people read them: the message, the place in the source, what to do next.
//! Width and colour are arguments; the source is cleaned here, and the marks stay under what they mark.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::clean::{self, Safe};
use super::diagnostic::{Diagnostic, Label, Severity};
use super::source::{PRELUDE, Source, prelude};

/// How it may look.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether colours may be used.
    pub colour: bool,
    /// How many cells a line may have.
    pub width: usize,
}

/// More mistakes than this are only counted: nobody reads on, and each takes time to draw.
const SHOWN: usize = 50;

/// All diagnostics about one source, a blank line between them, each line ended.
pub fn render(diagnostics: &[Diagnostic], source: &Source, style: Style) -> Safe {
    let prelude = prelude();
    let used = source.used().map(|(begin, file)| (begin, Page::new(file))).collect();
    let pages = Pages { own: Page::new(source), prelude: Page::new(&prelude), used };
    let shown = diagnostics.iter().take(SHOWN);
    let mut texts: Vec<String> = shown.map(|one| pages.render(one, style)).collect();
    if let Some(more) = diagnostics.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        texts.push(format!("… and {more} more\n"));
    }
    Safe::styled(texts.join("\n"))
}

/// The source, and where a definition that it uses may stand: the prelude, and files with where their places begin.
struct Pages<'s> {
    own: Page<'s>,
    prelude: Page<'s>,
    used: Vec<(usize, Page<'s>)>,
}

/// A source ready to be quoted.
struct Page<'s> {
    source: &'s Source,
    text: String,
    name: Option<String>,
}

impl<'s> Page<'s> {
    fn new(source: &'s Source) -> Self {
        let text = clean::block(source.text()).into_owned();
        Self { source, text, name: source.name().map(|name| clean::line(name).into_owned()) }
    }

    /// The source with these places marked; they are counted from `begin`.
    fn excerpt<'a>(&'a self, labels: &[&'a Label], begin: usize) -> Snippet<'a, Annotation<'a>> {
        let mut snippet = Snippet::source(self.text.as_str()).path(self.name.as_deref());
        for (index, label) in labels.iter().enumerate() {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let place = |offset: usize| {
                clean::offset_in_block(self.source.text(), offset.saturating_sub(begin))
            };
            let text = (!label.text.is_empty()).then(|| clean::block(&label.text));
            let span = place(label.span.start)..place(label.span.end);
            snippet = snippet.annotation(kind.span(span).label(text));
        }
        snippet
    }
}

impl Pages<'_> {
    /// Every page with where its places begin; what is defined comes before what uses it.
    fn quoted(&self) -> impl Iterator<Item = (usize, &Page<'_>)> {
        let used = self.used.iter().map(|(begin, page)| (*begin, page));
        [(PRELUDE, &self.prelude)].into_iter().chain(used).chain([(0, &self.own)])
    }

    /// Where the page begins that a place is on.
    fn page_of(&self, place: usize) -> Option<usize> {
        let reaches = |(begin, page): &(usize, &Page<'_>)| {
            *begin <= place
                && (place <= begin + page.source.text().len() || (*begin == 0 && place < PRELUDE))
        };
        self.quoted().filter(reaches).map(|(begin, _)| begin).max()
    }

    /// A note is one line, unless it has something to say at a place.
    fn render(&self, diagnostic: &Diagnostic, style: Style) -> String {
        let Diagnostic { code, severity, message, labels, help } = diagnostic;
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(clean::block(&brief(message)).into_owned());
        let is_note = *severity == Severity::Note;
        let mut group = Group::with_title(title.id(*code));
        let has_place = labels.iter().any(|label| !is_note || !label.text.is_empty());
        for (begin, page) in self.quoted().filter(|_| has_place) {
            let here = |label: &&Label| self.page_of(label.span.start) == Some(begin);
            let labels: Vec<&Label> = labels.iter().filter(here).collect();
            if !labels.is_empty() && !page.text.trim().is_empty() {
                group = group.element(page.excerpt(&labels, begin));
            }
        }
        if let Some(help) = help {
            group = group.element(Level::HELP.message(clean::block(help)));
        }
        let mut text = renderer(style).render(&[group]);
        text.push('\n');
        text
    }
}

/// The most letters of one name that a message repeats.
const LONGEST_NAME: usize = 60;

/// A message in which the names between back-ticks are no longer than a line takes.
fn brief(message: &str) -> String {
    let pieces = message.split('`').map(|piece| {
        if piece.contains(' ') || piece.chars().count() <= LONGEST_NAME {
            return piece.to_owned();
        }
        let start: String = piece.chars().take(LONGEST_NAME).collect();
        format!("{start}…")
    });
    pieces.collect::<Vec<_>>().join("`")
}

fn renderer(style: Style) -> Renderer {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(style.width)
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::base::source::Span;

    fn plain(diagnostic: Diagnostic, source: &Source) -> String {
        render(&[diagnostic], source, Style { colour: false, width: 80 }).to_string()
    }

    #[test]
    fn a_mistake_shows_its_place_and_a_suggestion() {
        let source = Source::inline("match (a:Actr)-[s:said]->(c) return a.nme");
        let wrong = Diagnostic::error("D0302", Span::new(9, 13), "there is no kind called `Actr`")
            .here("did you mean `Actor`?");
        assert_eq!(
            plain(wrong, &source),
            "error[D0302]: there is no kind called `Actr`
  |
1 | match (a:Actr)-[s:said]->(c) return a.nme
  |          ^^^^ did you mean `Actor`?
"
        );
    }

    #[test]
    fn a_file_is_named_and_a_second_place_is_marked() {
        let source = Source::file("my\u{1b}.dixit", "match (a)\nreturn b");
        let wrong = Diagnostic::error("D0305", Span::new(17, 18), "there is no variable `b`")
            .also(Span::new(7, 8), "`a` is bound here")
            .help("write `return a`");
        assert_eq!(
            plain(wrong, &source),
            "error[D0305]: there is no variable `b`
 --> my␛.dixit:2:8
  |
1 | match (a)
  |        - `a` is bound here
2 | return b
  |        ^
  |
  = help: write `return a`
"
        );
    }

    #[test]
    fn marks_stay_under_their_place_when_cleaning_widens_the_line() {
        let source = Source::inline("return '\u{202e}\u{1b}日' + nam");
        let start = source.text().len() - 3;
        let text =
            plain(Diagnostic::error("D0305", Span::new(start, start + 3), "no `nam`"), &source);
        assert!(text.contains("return '⟨U+202E⟩␛日' + nam\n"), "{text}");
        let before = "1 | return '⟨U+202E⟩␛日' + ".width();
        let mark = text.lines().last().unwrap();
        assert_eq!(mark, format!("  |{}^^^", " ".repeat(before - 3)), "{text}");
    }

    #[test]
    fn a_long_name_is_cut_in_the_message() {
        let message = format!("there is no kind called `{}`", "x".repeat(5000));
        let short = brief(&message);
        assert_eq!(short, format!("there is no kind called `{}…`", "x".repeat(60)));
        assert_eq!(brief("`a` is no `b`"), "`a` is no `b`");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let source =
            Source::inline(format!("return {} + nam + {}", "1 + ".repeat(400), "2 + ".repeat(400)));
        let at = source.text().find("nam").unwrap();
        let text = plain(Diagnostic::error("D0305", Span::new(at, at + 3), "no `nam`"), &source);
        assert!(text.contains("nam") && text.contains("..."), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn an_end_behind_the_text_and_an_empty_text_are_fine() {
        for text in ["", "match", "match\n"] {
            let source = Source::inline(text);
            let wrong =
                Diagnostic::error("D0101", Span::new(text.len(), text.len()), "it ends too early");
            assert!(plain(wrong, &source).contains("ends too early"));
        }
    }
}
