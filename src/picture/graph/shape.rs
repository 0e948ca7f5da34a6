//! How a kind of node looks: a colour and an outline for each, in the order the kinds come. The colours are light enough
//! for dark text, and the outlines differ as well.

use maud::{Markup, html};

use crate::picture::svg::Rect;
use crate::picture::text::Px;

/// The outlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outline {
    Box,
    Round,
    Sheet,
    Hexagon,
    Cut,
    Slanted,
}

/// How one kind looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    outline: Outline,
    fill: &'static str,
    stroke: &'static str,
    /// What `dot` calls an outline like it.
    pub(super) dot: &'static str,
}

/// One after the other; with more kinds than shapes they begin again.
const SHAPES: &[Shape] = &[
    Shape { outline: Outline::Box, fill: "#e6f3fb", stroke: "#3d7ea6", dot: "box" },
    Shape { outline: Outline::Round, fill: "#fdf3d8", stroke: "#a87400", dot: "ellipse" },
    Shape { outline: Outline::Sheet, fill: "#e2f3ee", stroke: "#00785a", dot: "note" },
    Shape { outline: Outline::Hexagon, fill: "#f8e8f1", stroke: "#a0557f", dot: "hexagon" },
    Shape { outline: Outline::Cut, fill: "#ececec", stroke: "#4d4d4d", dot: "octagon" },
    Shape { outline: Outline::Slanted, fill: "#fbfbdc", stroke: "#87860a", dot: "parallelogram" },
];

/// Of a node of the kind with this number.
pub(super) fn of(kind: usize) -> Shape {
    let shape = SHAPES.get(kind % SHAPES.len()).copied();
    shape.unwrap_or(Shape { outline: Outline::Box, fill: "#ffffff", stroke: "#000000", dot: "box" })
}

impl Shape {
    /// How much room it takes to the left and to the right of its text.
    pub(super) fn padding(self) -> f64 {
        match self.outline {
            Outline::Box => 10.0,
            Outline::Round | Outline::Sheet | Outline::Cut => 14.0,
            Outline::Hexagon | Outline::Slanted => 18.0,
        }
    }

    /// Its outline around an area; dashed for who is not known by name, heavy for what the picture is about.
    pub(super) fn draw(self, area: &Rect, dashed: bool, heavy: bool) -> Markup {
        let pattern = dashed.then_some("5 3");
        html! {
            path d=(self.path(area)) fill=(self.fill) stroke=(self.stroke) stroke-width=(if heavy { "3" } else { "1.3" })
                stroke-linejoin="round" stroke-dasharray=[pattern] {}
            @if self.outline == Outline::Sheet {
                @let (x, y) = (area.right() - 9.0, area.y);
                path d=(format!("M{} {}v9h9", Px(x), Px(y))) fill="none" stroke=(self.stroke) {}
            }
        }
    }

    fn path(self, area: &Rect) -> String {
        let Rect { x, y, w, h } = *area;
        let points = |points: &[(f64, f64)]| {
            let lines: Vec<String> =
                points.iter().map(|(dx, dy)| format!("{} {}", Px(x + dx), Px(y + dy))).collect();
            format!("M{}Z", lines.join("L"))
        };
        match self.outline {
            Outline::Box => points(&[(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]),
            Outline::Round => {
                let r = (h / 2.0).min(14.0);
                let (across, down, r) = (Px(w - 2.0 * r), Px(h - 2.0 * r), Px(r));
                format!(
                    "M{} {}h{across}a{r} {r} 0 0 1 {r} {r}v{down}a{r} {r} 0 0 1 -{r} {r}h-{across}a{r} {r} 0 0 1 -{r} -{r}v-{down}a{r} {r} 0 0 1 {r} -{r}Z",
                    Px(x + r.0),
                    Px(y)
                )
            }
            Outline::Sheet => points(&[(0.0, 0.0), (w - 9.0, 0.0), (w, 9.0), (w, h), (0.0, h)]),
            Outline::Hexagon => {
                let d = 11.0;
                points(&[(d, 0.0), (w - d, 0.0), (w, h / 2.0), (w - d, h), (d, h), (0.0, h / 2.0)])
            }
            Outline::Cut => {
                let d = 8.0;
                points(&[
                    (d, 0.0),
                    (w - d, 0.0),
                    (w, d),
                    (w, h - d),
                    (w - d, h),
                    (d, h),
                    (0.0, h - d),
                    (0.0, d),
                ])
            }
            Outline::Slanted => points(&[(12.0, 0.0), (w, 0.0), (w - 12.0, h), (0.0, h)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_differ_in_colour_and_outline() {
        for one in 0..SHAPES.len() {
            for other in 0..one {
                assert_ne!(of(one).fill, of(other).fill);
                assert_ne!(of(one).outline, of(other).outline);
            }
        }
        assert_eq!(of(SHAPES.len()), of(0));
    }
}
