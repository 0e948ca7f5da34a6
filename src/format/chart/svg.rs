//! The paper pictures are drawn on: how wide texts are, marks, legends, and the document around it all. Every text is
//! escaped by maud; nothing in a document points to anything outside it.

use maud::{Markup, PreEscaped, html};
use unicode_segmentation::UnicodeSegmentation as _;

use super::palette::{self, Shape};
use crate::base::letters;

/// How wide a picture is, in points.
pub(super) const WIDTH: f64 = 960.0;
/// Free on all sides.
pub(super) const MARGIN: f64 = 24.0;
/// Sizes of writing.
pub(super) const LABEL: f64 = 14.0;
pub(super) const SMALL: f64 = 12.0;
const TITLE: f64 = 20.0;

pub(super) const INK: &str = "#222222";
pub(super) const FAINT: &str = "#5A5A5A";
pub(super) const GRID: &str = "#DDDDDD";

/// The first is what PNG pictures are written with, and wider than the others: what fits in it fits in all.
const FONTS: &str = "'DejaVu Sans', Verdana, Helvetica, Arial, sans-serif";

/// How wide a text is at most.
pub(super) fn width(text: &str, size: f64) -> f64 {
    letters::width(text) * size / 1000.0
}

/// As much of a text as has room; what is left out shows.
pub(super) fn clipped(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for piece in text.graphemes(true) {
        if width(&kept, size) + width(piece, size) + width("…", size) > room {
            break;
        }
        kept.push_str(piece);
    }
    format!("{}…", kept.trim_end())
}

/// A text in lines that have room, at most so many.
pub(super) fn folded(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&longer, size) <= room || line.is_empty() || lines.len() + 1 == most {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    lines.push(line);
    lines.iter().map(|line| clipped(line, size, room)).collect()
}

/// A number in a picture: a tenth of a point is enough.
pub(super) fn f(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Where a text stands in relation to its place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text, standing on `y`.
pub(super) fn text(at: (f64, f64), anchor: Anchor, size: f64, colour: &str, text: &str) -> Markup {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    html! {
        text x=(f(at.0)) y=(f(at.1)) text-anchor=(anchor) font-size=(f(size)) fill=(colour) { (text) }
    }
}

/// What a bar or a lane is called: on the left, ending where so much room for names ends.
pub(super) fn name(name: &str, room: f64, middle: f64) -> Markup {
    text((MARGIN + room, middle + 5.0), Anchor::End, LABEL, INK, &clipped(name, LABEL, room))
}

pub(super) fn line(from: (f64, f64), to: (f64, f64), colour: &str) -> Markup {
    html! { line x1=(f(from.0)) y1=(f(from.1)) x2=(f(to.0)) y2=(f(to.1)) stroke=(colour) stroke-width="1" {} }
}

pub(super) fn rect(at: (f64, f64), size: (f64, f64), fill: &str, title: &str) -> Markup {
    html! {
        rect x=(f(at.0)) y=(f(at.1)) width=(f(size.0)) height=(f(size.1)) fill=(fill) {
            @if !title.is_empty() { title { (title) } }
        }
    }
}

/// The mark of a series.
pub(super) fn mark((x, y): (f64, f64), series: usize, title: &str) -> Markup {
    let look = palette::series(series);
    let points = |corners: &[(f64, f64)]| {
        let corner = |(dx, dy): &(f64, f64)| format!("{},{}", f(x + dx), f(y + dy));
        corners.iter().map(corner).collect::<Vec<_>>().join(" ")
    };
    let square = [(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)];
    let shape = match look.shape {
        Shape::Disc => return circle((x, y), 5.0, (look.colour, look.colour), title),
        Shape::Ring => return circle((x, y), 4.5, ("white", look.colour), title),
        Shape::Point => return circle((x, y), 3.0, (look.colour, look.colour), title),
        Shape::Square | Shape::Box => points(&square),
        Shape::Triangle => points(&[(0.0, -6.0), (5.5, 4.5), (-5.5, 4.5)]),
        Shape::Diamond => points(&[(0.0, -6.5), (6.0, 0.0), (0.0, 6.5), (-6.0, 0.0)]),
        Shape::Cross => points(&[
            (-5.0, -5.0),
            (0.0, -1.5),
            (5.0, -5.0),
            (1.5, 0.0),
            (5.0, 5.0),
            (0.0, 1.5),
            (-5.0, 5.0),
            (-1.5, 0.0),
        ]),
    };
    let fill = if look.shape == Shape::Box { "white" } else { look.colour };
    html! {
        polygon points=(shape) fill=(fill) stroke=(look.colour) stroke-width="1.5" {
            @if !title.is_empty() { title { (title) } }
        }
    }
}

fn circle(at: (f64, f64), radius: f64, (fill, stroke): (&str, &str), title: &str) -> Markup {
    html! {
        circle cx=(f(at.0)) cy=(f(at.1)) r=(f(radius)) fill=(fill) stroke=(stroke) stroke-width="1.5" {
            @if !title.is_empty() { title { (title) } }
        }
    }
}

/// The keys of a legend in lines from `y` on, each drawn by `key` at its place; and how high it is.
pub(super) fn legend(
    names: &[String],
    y: f64,
    key: impl Fn(usize, (f64, f64)) -> Markup,
) -> (Markup, f64) {
    let (mut x, mut line) = (MARGIN, 0.0);
    let mut placed = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let name = clipped(name, LABEL, WIDTH / 3.0);
        let needed = 26.0 + width(&name, LABEL) + 24.0;
        if x + needed > WIDTH - MARGIN + 24.0 && x > MARGIN {
            (x, line) = (MARGIN, line + 1.0);
        }
        placed.push((at, (x, y + line * 22.0), name));
        x += needed;
    }
    let markup = html! {
        @for (at, (x, y), name) in &placed {
            (key(*at, (*x + 8.0, *y + 8.0)))
            (text((*x + 26.0, *y + 13.0), Anchor::Start, LABEL, INK, name))
        }
    };
    (markup, (line + 1.0) * 22.0 + 8.0)
}

/// A whole document.
pub(super) fn document(title: Option<&str>, summary: &str, inside: &Markup, height: f64) -> String {
    let lines =
        title.map(|title| folded(title, TITLE, WIDTH - 2.0 * MARGIN, 3)).unwrap_or_default();
    let mut top = MARGIN;
    let mut heading = Vec::new();
    for line in &lines {
        top += TITLE;
        heading.push((top, line));
        top += 6.0;
    }
    top += if lines.is_empty() { 0.0 } else { 10.0 };
    let (all, name) = (top + height + MARGIN, title.unwrap_or("Chart"));
    let size = format!("0 0 {} {}", f(WIDTH), f(all));
    let markup = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
        svg xmlns="http://www.w3.org/2000/svg" width=(f(WIDTH)) height=(f(all)) viewBox=(size)
            role="img" aria-labelledby="title desc" font-family=(FONTS) {
            title id="title" { (name) }
            desc id="desc" { (summary) }
            rect width=(f(WIDTH)) height=(f(all)) fill="white" {}
            @for (y, line) in &heading {
                (text((MARGIN, *y), Anchor::Start, TITLE, INK, line))
            }
            g transform=(format!("translate(0 {})", f(top))) { (inside) }
        }
    };
    markup.into_string() + "\n"
}
