//! For, against, or neither: told by colour, by shape and by a word, so that no reader depends on one of them.
//! The colours are those of Okabe and Ito, which most people with a colour vision deficiency tell apart.

use maud::{Markup, html};

use super::text::Px;

/// Which side something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// For what it is about.
    For,
    /// Against it.
    Against,
    /// Neither for nor against.
    Neither,
    /// It is not about sides.
    None,
}

/// Each side with its colour and its word.
const SIDES: &[(Side, &str, &str)] = &[
    (Side::For, "#0072b2", "for"),
    (Side::Against, "#d55e00", "against"),
    (Side::Neither, "#595959", "neither for nor against"),
    (Side::None, "#0072b2", ""),
];

impl Side {
    /// The side that a polarity means.
    pub fn of(polarity: i64) -> Self {
        match polarity.signum() {
            1 => Self::For,
            -1 => Self::Against,
            _ => Self::Neither,
        }
    }

    /// Its colour.
    pub fn colour(self) -> &'static str {
        SIDES.iter().find(|(side, ..)| *side == self).map_or("", |(_, colour, _)| colour)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        SIDES.iter().find(|(side, ..)| *side == self).map_or("", |(.., word)| word)
    }

    /// The outline of its mark around a point.
    fn outline(self, x: f64, y: f64, r: f64) -> String {
        let p = |dx: f64, dy: f64| format!("{} {}", Px(x + dx * r), Px(y + dy * r));
        match self {
            Self::For => format!("M{}L{}L{}Z", p(0.0, -1.1), p(1.1, 0.85), p(-1.1, 0.85)),
            Self::Against => format!("M{}L{}L{}Z", p(0.0, 1.1), p(1.1, -0.85), p(-1.1, -0.85)),
            Self::Neither => {
                format!("M{}L{}L{}L{}Z", p(0.0, -1.1), p(1.1, 0.0), p(0.0, 1.1), p(-1.1, 0.0))
            }
            Self::None => {
                let (left, right) = (p(-0.9, 0.0), p(0.9, 0.0));
                let r = Px(0.9 * r);
                format!("M{left}A{r} {r} 0 1 1 {right}A{r} {r} 0 1 1 {left}Z")
            }
        }
    }

    /// Its mark around a point; hollow for what is only known from others.
    pub fn mark(self, x: f64, y: f64, r: f64, hollow: bool) -> Markup {
        let fill = if hollow { "#ffffff" } else { self.colour() };
        html! {
            path d=(self.outline(x, y, r)) fill=(fill) stroke=(self.colour()) stroke-width="1.6"
                stroke-linejoin="round" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_differ_in_colour_shape_and_word() {
        let sides = [Side::For, Side::Against, Side::Neither];
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            let (one, other) = (sides[one], sides[other]);
            assert_ne!(one.colour(), other.colour());
            assert_ne!(one.word(), other.word());
            assert_ne!(one.outline(0.0, 0.0, 5.0), other.outline(0.0, 0.0, 5.0));
        }
    }
}
