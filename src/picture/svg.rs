//! The pieces every picture is made of: boxes, lines of text, marks for sides. Text becomes markup only here and in
//! `page`, cleaned and escaped.

use maud::{Markup, html};

use super::text::{FAMILY, Font, Px};
use crate::base::clean;

/// Dark enough to read on white, also in print.
pub const INK: &str = "#1a1a1a";
/// For what is said less loudly.
pub const GREY: &str = "#595959";
/// For lines that only help the eye.
pub const FAINT: &str = "#d9d9d9";

/// A place and a size, in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// The right edge.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Whether both cover a common area.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }
}

/// Lines of text in one font.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// The lines, cleaned.
    pub lines: Vec<String>,
    /// Their font.
    pub font: Font,
    /// Their colour.
    pub ink: &'static str,
    /// How much of the first line is bold, in characters.
    pub head: usize,
}

/// On which side of its `x` a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the right.
    Start,
    /// Around it.
    Middle,
}

impl Words {
    /// Text wrapped to some room.
    pub fn wrapped(text: &str, font: Font, room: f64, most: usize) -> Self {
        let lines = font.wrap(&clean::line(text), room, most);
        Self { lines, font, ink: INK, head: 0 }
    }

    /// The same with a bold beginning.
    pub fn headed(head: &str, text: &str, size: f64, room: f64, most: usize) -> Self {
        let head = clean::line(head);
        let whole = format!("{head} {text}");
        // Measured as if all were bold, so that the beginning has its room.
        let words = Self::wrapped(whole.trim(), Font::bold(size), room, most);
        Self { font: Font::plain(size), head: head.chars().count(), ..words }
    }

    /// The same in another colour.
    #[must_use]
    pub fn inked(self, ink: &'static str) -> Self {
        Self { ink, ..self }
    }

    /// How wide it is at most.
    pub fn width(&self) -> f64 {
        let font = Font { bold: self.font.bold || self.head > 0, ..self.font };
        self.lines.iter().map(|line| font.width(line)).fold(0.0, f64::max)
    }

    /// How high it is.
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    pub fn height(&self) -> f64 {
        self.lines.len() as f64 * self.font.line()
    }

    /// As markup, its upper edge at `y`.
    pub fn draw(&self, x: f64, y: f64, anchor: Anchor) -> Markup {
        let Font { size, bold } = self.font;
        let anchor = (anchor == Anchor::Middle).then_some("middle");
        let first = y + f64::midpoint(self.font.line(), size * 0.72);
        let bases = std::iter::successors(Some(first), |base| Some(base + self.font.line()));
        html! {
            @for ((at, line), base) in self.lines.iter().enumerate().zip(bases) {
                @let (head, rest) = split(line, if at == 0 { self.head } else { 0 });
                text x=(Px(x)) y=(Px(base)) font-size=(Px(size)) fill=(self.ink)
                    font-weight=[bold.then_some("bold")] text-anchor=[anchor] {
                    @if !head.is_empty() { tspan font-weight="bold" { (clean::line(head)) } }
                    (clean::line(rest))
                }
            }
        }
    }
}

fn split(line: &str, chars: usize) -> (&str, &str) {
    let at = line.char_indices().nth(chars).map_or(line.len(), |(at, _)| at);
    line.split_at(at)
}

/// A whole picture.
#[derive(Debug)]
pub struct Drawing {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What it is called.
    pub title: String,
    /// What it shows, in a sentence.
    pub about: String,
    /// What is drawn.
    pub body: Markup,
}

impl Drawing {
    /// The element, self-contained.
    pub fn svg(&self) -> Markup {
        let Self { width, height, title, about, body } = self;
        let view = format!("0 0 {} {}", Px(*width), Px(*height));
        html! {
            svg xmlns="http://www.w3.org/2000/svg" viewBox=(view) width=(Px(*width)) height=(Px(*height))
                role="img" aria-labelledby="picture-title picture-about" font-family=(FAMILY) {
                title id="picture-title" { (clean::line(title)) }
                desc id="picture-about" { (clean::line(about)) }
                rect width=(Px(*width)) height=(Px(*height)) fill="#ffffff" {}
                (body)
            }
        }
    }

    /// The same as a file of its own.
    pub fn file(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", self.svg().into_string())
    }
}

/// What a mouse shows: several lines, those without text left out.
pub fn hover(lines: &[String]) -> Markup {
    let lines: Vec<_> =
        lines.iter().filter(|line| !line.is_empty()).map(|line| clean::line(line)).collect();
    html! { title { (lines.join("\n")) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_that_only_touch_do_not_overlap() {
        let a = Rect { x: 0.0, y: 0.0, w: 10.0, h: 10.0 };
        assert!(!a.overlaps(&Rect { x: 10.0, ..a }));
        assert!(a.overlaps(&Rect { x: 9.0, ..a }));
    }

    #[test]
    fn text_is_cleaned_and_escaped() {
        let words = Words::headed("<b>", "a\u{202e}&\u{1}", 10.0, 500.0, 2);
        let drawn = words.draw(0.0, 0.0, Anchor::Start).into_string();
        assert!(drawn.contains("&lt;b&gt;</tspan> a⟨U+202E⟩&amp;␁"), "{drawn}");
    }
}
