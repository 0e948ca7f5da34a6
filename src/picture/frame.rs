//! What stands around a picture: title and legend above it, the query and the state of the store below.

use maud::{Markup, html};

use super::svg::{Anchor, FAINT, GREY, INK, Rect, Words};
use super::text::{Font, Px};

/// Around everything.
pub const MARGIN: f64 = 24.0;

/// The words around a picture.
#[derive(Debug, Clone, Default)]
pub struct Caption {
    /// What the picture is called.
    pub title: String,
    /// What was asked, and of which store at what time; a line each.
    pub notes: Vec<String>,
}

/// A sign and what it means.
pub struct Key {
    /// Draws the sign in a box of [`SIGN`] by the height of a line, from its upper left corner.
    pub sign: Box<dyn Fn(f64, f64) -> Markup>,
    /// What it means.
    pub words: String,
}

/// The room of a sign.
pub const SIGN: f64 = 34.0;
const KEYS: Font = Font::plain(11.0);

/// A title with a legend, or notes: where they stand and how high they are.
pub struct Block {
    /// The markup.
    pub markup: Markup,
    /// Where the next thing may begin.
    pub bottom: f64,
    /// The boxes of the texts.
    pub labels: Vec<Rect>,
}

/// Title and legend, across `width`.
pub fn head(caption: &Caption, keys: &[Key], width: f64) -> Block {
    let room = width - 2.0 * MARGIN;
    let title = Words::wrapped(&caption.title, Font::bold(20.0), room, 3);
    let mut labels = vec![boxed(&title, MARGIN, MARGIN)];
    let mut markup = vec![title.draw(MARGIN, MARGIN, Anchor::Start)];
    let (mut x, mut y) = (MARGIN, MARGIN + title.height() + 8.0);
    for Key { sign, words } in keys {
        let words = Words::wrapped(words, KEYS, room - SIGN, 1);
        let whole = SIGN + words.width();
        if x > MARGIN && x + whole > MARGIN + room {
            (x, y) = (MARGIN, y + KEYS.line() + 5.0);
        }
        markup.push(sign(x, y));
        markup.push(words.draw(x + SIGN, y, Anchor::Start));
        labels.push(boxed(&words, x + SIGN, y));
        x += whole + 22.0;
    }
    let bottom = if keys.is_empty() { y } else { y + KEYS.line() } + 14.0;
    Block { markup: html! { @for one in &markup { (one) } }, bottom, labels }
}

/// The notes from `top` on.
pub fn foot(caption: &Caption, top: f64, width: f64) -> Block {
    let room = width - 2.0 * MARGIN;
    let mut y = top + 18.0;
    let (mut labels, mut markup) = (Vec::new(), Vec::new());
    for note in &caption.notes {
        let words = Words::wrapped(note, Font::plain(10.0), room, 4).inked(GREY);
        markup.push(words.draw(MARGIN, y, Anchor::Start));
        labels.push(boxed(&words, MARGIN, y));
        y += words.height() + 2.0;
    }
    let rule = html! {
        line x1=(Px(MARGIN)) x2=(Px(width - MARGIN)) y1=(Px(top + 10.0)) y2=(Px(top + 10.0))
            stroke=(FAINT) {}
    };
    Block {
        markup: html! { (rule) @for one in &markup { (one) } },
        bottom: y + MARGIN / 2.0,
        labels,
    }
}

fn boxed(words: &Words, x: f64, y: f64) -> Rect {
    Rect { x, y, w: words.width(), h: words.height() }
}

/// A short stroke as a sign.
pub fn stroke(
    colour: &'static str,
    dashes: Option<&'static str>,
) -> Box<dyn Fn(f64, f64) -> Markup> {
    Box::new(move |x, y| {
        let middle = y + KEYS.line() / 2.0;
        html! {
            line x1=(Px(x)) x2=(Px(x + SIGN - 8.0)) y1=(Px(middle)) y2=(Px(middle)) stroke=(colour)
                stroke-width="1.6" stroke-dasharray=[dashes] {}
        }
    })
}

/// The middle of a sign's box.
pub fn middle(x: f64, y: f64) -> (f64, f64) {
    (x + (SIGN - 8.0) / 2.0, y + KEYS.line() / 2.0)
}

/// The colour of an ordinary stroke.
pub const STROKE: &str = INK;
