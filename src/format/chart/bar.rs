//! Bars, one below the other, so that their names can be read. A negative number goes to the left of the line at zero.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr as _;

use super::axis::{self, Axis};
use super::canvas::{Canvas, Ink, clipped, legend, part, right};
use super::data::{Grid, Prefer, grid, keep_first};
use super::svg::{self, Anchor, FAINT, GRID, INK, LABEL, MARGIN, SMALL, WIDTH};
use super::{Figure, Sheet, Unfit, palette};
use crate::format::{Look, Strokes};

struct Bars {
    grid: Grid,
    low: f64,
    high: f64,
}

pub(super) fn build(sheet: &Sheet) -> Result<Box<dyn Figure>, Unfit> {
    let mut grid = grid(sheet, Prefer::First)?;
    keep_first(&mut grid);
    let values = || grid.series.iter().flat_map(|series| series.values.iter().flatten().copied());
    let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let high = if low < high { high } else { 1.0 };
    Ok(Box::new(Bars { grid, low, high }))
}

/// One bar: the place of its series, and its number.
type Bar = (usize, f64);

impl Bars {
    /// The bars of a place. One that has none keeps its line.
    fn at(&self, place: usize) -> Vec<Bar> {
        let value = |(at, series): (usize, &super::data::Series)| {
            series.values.get(place).copied().flatten().map(|value| (at, value))
        };
        self.grid.series.iter().enumerate().filter_map(value).collect()
    }

    fn is_one(&self) -> bool {
        self.grid.series.len() == 1
    }

    fn names(&self) -> Vec<String> {
        self.grid.series.iter().map(|series| series.name.clone()).collect()
    }

    /// Whether all numbers are whole.
    fn whole(&self) -> bool {
        let mut values = self.grid.series.iter().flat_map(|series| series.values.iter().flatten());
        values.all(|value| value.fract() == 0.0)
    }

    /// What the numbers are.
    fn measure(&self) -> String {
        let names = || self.names().join(", ");
        self.grid.measure.clone().unwrap_or_else(names)
    }
}

impl Figure for Bars {
    fn text(&self, look: Look, width: usize) -> String {
        let label = |(text, _): &(String, Option<f64>)| text.width();
        let widest =
            self.grid.places.iter().map(label).max().unwrap_or(0).max(self.grid.axis.width());
        let names = widest.min(width * 2 / 5).max(1);
        let numbers: Vec<String> = self
            .grid
            .series
            .iter()
            .flat_map(|s| s.values.iter().flatten())
            .map(|v| axis::number(*v))
            .collect();
        let number = numbers.iter().map(|text| text.width()).max().unwrap_or(0);
        let before = if self.low < 0.0 && self.high >= 0.0 { number + 1 } else { 0 };
        let left = names + 3 + before;
        let room = width.saturating_sub(left + number + 2).max(4);
        let mut canvas = Canvas::default();
        let paper = Paper {
            ascii: look.strokes == Strokes::Ascii,
            left,
            room,
            axis: Axis { low: self.low, high: self.high, ticks: Vec::new() },
        };
        canvas.put(1, 0, &right(&self.grid.axis, names), Ink::Bold);
        let mut y = 1;
        if self.is_one() {
            canvas.put(left, 0, &clipped(&self.measure(), room), Ink::Bold);
        } else {
            let keys = self.names();
            let mark =
                |look: &palette::Look| look.fill[usize::from(paper.ascii)].to_string().repeat(2);
            y = legend(&mut canvas, keys.iter().map(String::as_str), (left, width), mark) + 1;
        }
        for (place, (name, _)) in self.grid.places.iter().enumerate() {
            canvas.put(1, y, &right(name, names), Ink::Plain);
            let bars = self.at(place);
            for (series, value) in &bars {
                paper.bar(&mut canvas, y, *series, *value);
                y += 1;
            }
            y += usize::from(bars.is_empty());
        }
        canvas.text(look.colour)
    }

    fn picture(&self) -> (Markup, f64) {
        let label = |(text, _): &(String, Option<f64>)| svg::width(text, LABEL);
        let widest = self.grid.places.iter().map(label).fold(0.0, f64::max);
        let names = widest.clamp(40.0, 340.0);
        let number = |value: &f64| svg::width(&axis::number(*value), SMALL) + 8.0;
        let values = || self.grid.series.iter().flat_map(|series| series.values.iter().flatten());
        let room = |negative: bool| {
            values().filter(|v| (**v < 0.0) == negative).map(number).fold(0.0, f64::max)
        };
        let (from, to) = (MARGIN + names + 10.0 + room(true), WIDTH - MARGIN - room(false));
        let axis = axis::numbers(self.low, self.high, 6, self.whole());
        let (keys, top) = if self.is_one() {
            (html! {}, 0.0)
        } else {
            svg::legend(&self.names(), 0.0, |at, (x, y)| {
                svg::rect((x - 7.0, y - 7.0), (14.0, 14.0), palette::series(at).colour, "")
            })
        };
        let x = |value: f64| from + axis.share(value) * (to - from);
        let start = top + 26.0;
        let (bars, height) = self.bars(start, names, &x);
        let end = start + height;
        let markup = html! {
            (keys)
            (svg::text((MARGIN + names, top + 12.0), Anchor::End, SMALL, FAINT, &svg::clipped(&self.grid.axis, SMALL, names)))
            @if self.is_one() || self.grid.measure.is_some() {
                (svg::text((from, top + 12.0), Anchor::Start, SMALL, FAINT, &svg::clipped(&self.measure(), SMALL, to - from)))
            }
            @for (value, text) in &axis.ticks {
                (svg::line((x(*value), start - 4.0), (x(*value), end), GRID))
                (svg::text((x(*value), end + 16.0), Anchor::Middle, SMALL, FAINT, text))
            }
            (bars)
            (svg::line((x(0.0), start - 4.0), (x(0.0), end), INK))
        };
        (markup, end + 24.0)
    }

    fn summary(&self) -> String {
        let count = self.grid.places.len();
        format!("Bar chart of {} by {}: {count} places.", self.measure(), self.grid.axis)
    }

    fn remarks(&self) -> Vec<String> {
        self.grid.remarks.clone()
    }
}

impl Bars {
    /// All bars with their names and numbers, and how high they are together.
    fn bars(&self, start: f64, names: f64, x: &dyn Fn(f64) -> f64) -> (Markup, f64) {
        let (thick, mut y) = (if self.is_one() { 20.0 } else { 16.0 }, start + 4.0);
        let mut drawn = Vec::new();
        for (place, (name, _)) in self.grid.places.iter().enumerate() {
            let bars = self.at(place);
            let empty = bars.is_empty();
            #[expect(clippy::cast_precision_loss, reason = "few")]
            let high = bars.len().max(1) as f64 * thick;
            drawn.push(svg::name(name, names, y + high / 2.0));
            for (series, value) in bars {
                let (from, to) = (x(0.0).min(x(value)), x(0.0).max(x(value)));
                let said = format!("{name}: {}", axis::number(value));
                let said = if self.is_one() {
                    said
                } else {
                    format!("{said} ({})", self.grid.series[series].name)
                };
                let (at, anchor) =
                    if value < 0.0 { (from - 5.0, Anchor::End) } else { (to + 5.0, Anchor::Start) };
                drawn.push(html! {
                    (svg::rect((from, y + 1.0), ((to - from).max(0.5), thick - 2.0), palette::series(series).colour, &said))
                    (svg::text((at, y + thick / 2.0 + 4.5), anchor, SMALL, INK, &axis::number(value)))
                });
                y += thick;
            }
            y += if empty { thick + 7.0 } else { 7.0 };
        }
        (html! { @for one in &drawn { (one) } }, y - start)
    }
}

/// Where bars stand in a terminal.
struct Paper {
    ascii: bool,
    left: usize,
    room: usize,
    axis: Axis,
}

/// Parts of a block, from an eighth to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

impl Paper {
    fn bar(&self, canvas: &mut Canvas, y: usize, series: usize, value: f64) {
        let look = palette::series(series);
        let (fill, ink) = (look.fill[usize::from(self.ascii)], Ink::Colour(look.code));
        let zero = part(self.axis.share(0.0), self.room);
        let number = axis::number(value);
        if value < 0.0 {
            let from = part(self.axis.share(value), self.room).min(zero.saturating_sub(1));
            let bar: String = std::iter::repeat_n(fill, zero - from).collect();
            canvas.put(self.left + from, y, &bar, ink);
            canvas.put(
                (self.left + from).saturating_sub(number.width() + 1),
                y,
                &number,
                Ink::Plain,
            );
            return;
        }
        let eighths = part(self.axis.share(value), self.room * 8).saturating_sub(zero * 8);
        let (whole, rest) =
            if fill == '█' { (eighths / 8, eighths % 8) } else { ((eighths + 4) / 8, 0) };
        let mut bar: String = std::iter::repeat_n(fill, whole).collect();
        bar.extend(rest.checked_sub(1).map(|rest| EIGHTHS[rest]));
        if bar.is_empty() && value > 0.0 {
            bar.push(if fill == '█' { EIGHTHS[0] } else { fill });
        }
        canvas.put(self.left + zero, y, &bar, ink);
        canvas.put(
            self.left + zero + bar.width() + usize::from(!bar.is_empty()),
            y,
            &number,
            Ink::Plain,
        );
    }
}
