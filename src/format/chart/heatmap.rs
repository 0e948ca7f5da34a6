//! Squares, as dark as their numbers, which stand in them as well. Below zero the colour is another one.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr as _;

use super::axis;
use super::canvas::{Canvas, Ink, clipped, right};
use super::data::{Grid, Prefer, Role, grid};
use super::svg::{self, Anchor, FAINT, INK, LABEL, MARGIN, SMALL, WIDTH};
use super::{Figure, Sheet, Unfit, palette};
use crate::format::{Look, Strokes};

struct Heat {
    grid: Grid,
    /// The largest number, whatever its sign.
    largest: f64,
}

/// Columns that have room.
const COLUMNS: usize = 40;
/// Rows that can be taken in.
const ROWS: usize = 60;

pub(super) fn build(sheet: &Sheet) -> Result<Box<dyn Figure>, Unfit> {
    let mut grid = grid(sheet, Prefer::Pairs)?;
    let mut seen = std::collections::BTreeSet::new();
    if let Some((twice, _)) = grid.places.iter().find(|(place, _)| !seen.insert(place.clone())) {
        return Err(Unfit::Twice(twice.clone()));
    }
    sort_measured(&mut grid);
    let (rows, columns) = (grid.places.len(), grid.series.len());
    grid.places.truncate(ROWS);
    grid.series.truncate(COLUMNS);
    for (all, kept, what) in [(rows, ROWS, "rows"), (columns, COLUMNS, "columns")] {
        if all > kept {
            grid.remarks.push(format!("{kept} of {all} {what} are drawn"));
        }
    }
    let values = grid.series.iter().flat_map(|series| series.values.iter().take(ROWS).flatten());
    let largest = values.fold(0.0, |most: f64, value| most.max(value.abs()));
    Ok(Box::new(Heat { grid, largest }))
}

/// Puts dates and numbers of the left side in their order; names keep that of the rows.
fn sort_measured(grid: &mut Grid) {
    if grid.role == Role::Text {
        return;
    }
    let mut order: Vec<usize> = (0..grid.places.len()).collect();
    let key = |at: &usize| grid.places[*at].1.unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|one, other| key(one).total_cmp(&key(other)));
    for series in &mut grid.series {
        series.values = order.iter().map(|at| series.values[*at]).collect();
    }
    grid.places = order.iter().map(|at| grid.places[*at].clone()).collect();
}

impl Heat {
    fn share(&self, value: f64) -> f64 {
        if self.largest > 0.0 { value / self.largest } else { 0.0 }
    }

    fn cells(&self) -> impl Iterator<Item = f64> {
        self.grid
            .series
            .iter()
            .flat_map(|series| series.values.iter().take(self.grid.places.len()).flatten().copied())
    }

    fn measure(&self) -> String {
        self.grid.measure.clone().unwrap_or_default()
    }

    fn row(&self, name: &str, y: usize) -> impl Iterator<Item = (usize, Option<f64>, String)> {
        let said = move |series: &super::data::Series, value: Option<f64>| {
            let number = value.map_or_else(|| "nothing".to_owned(), axis::number);
            format!("{name}, {}: {number}", series.name)
        };
        self.grid.series.iter().enumerate().map(move |(x, series)| {
            let value = series.values.get(y).copied().flatten();
            (x, value, said(series, value))
        })
    }
}

/// How dark a share is where there are no colours.
const SHADES: [[char; 5]; 2] = [[' ', '░', '▒', '▓', '█'], [' ', '.', ':', '+', '#']];

impl Figure for Heat {
    fn text(&self, look: Look, width: usize) -> String {
        let ascii = usize::from(look.strokes == Strokes::Ascii);
        let widest = self.grid.places.iter().map(|(name, _)| name.width()).max().unwrap_or(1);
        let names = widest.max(self.grid.axis.width()).min(width / 3).max(1);
        let number = self.cells().map(|value| axis::number(value).width()).max().unwrap_or(1);
        let shade = if look.colour { 0 } else { 2 };
        let heading = self.grid.series.iter().map(|series| series.name.width()).max().unwrap_or(1);
        let count = self.grid.series.len().max(1);
        let room = (width.saturating_sub(names + 2) / count).saturating_sub(1);
        let wide = heading.clamp(3, 14).max(number + shade).min(room).max(number + shade);
        let shown = (width.saturating_sub(names + 2) / (wide + 1)).clamp(1, count);
        let mut canvas = Canvas::default();
        canvas.put(1, 0, &right(&self.grid.axis, names), Ink::Bold);
        for (x, series) in self.grid.series.iter().take(shown).enumerate() {
            canvas.put(names + 2 + x * (wide + 1), 0, &right(&series.name, wide), Ink::Bold);
        }
        for (y, (name, _)) in self.grid.places.iter().enumerate() {
            canvas.put(1, y + 1, &right(name, names), Ink::Plain);
            for (x, value, _) in self.row(name, y).take(shown) {
                let Some(value) = value else { continue };
                let (left, part) = (names + 2 + x * (wide + 1), self.share(value));
                if look.colour {
                    let ink = if palette::is_dark(part) { 231 } else { 16 };
                    let ground = Ink::Ground(ink, palette::code(palette::shade(part)));
                    canvas.put(left, y + 1, &right(&axis::number(value), wide), ground);
                } else {
                    let step = super::canvas::part(part.abs(), 4).max(usize::from(value != 0.0));
                    let mark = SHADES[ascii][step];
                    canvas.put(
                        left,
                        y + 1,
                        &format!("{} {mark}", right(&axis::number(value), wide - 2)),
                        Ink::Plain,
                    );
                }
            }
        }
        if shown < count {
            let more = count - shown;
            let are = if more == 1 { "column has" } else { "columns have" };
            let told = format!("{more} more {are} no room in {width} cells");
            canvas.put(1, canvas.height(), &clipped(&told, width - 1), Ink::Dim);
        }
        canvas.text(look.colour)
    }

    fn picture(&self) -> (Markup, f64) {
        let label = |text: &str| svg::width(text, LABEL);
        let names =
            self.grid.places.iter().map(|(name, _)| label(name)).fold(40.0, f64::max).min(330.0);
        let left = MARGIN + names + 10.0;
        #[expect(clippy::cast_precision_loss, reason = "few")]
        let (columns, rows) = (self.grid.series.len().max(1) as f64, self.grid.places.len() as f64);
        let level = ((WIDTH - MARGIN - left) / columns).min(150.0);
        let heads = Heads::new(self, level);
        // Rising names lean out to the right.
        let lean = if heads.rising { (heads.height - level / 2.0).max(0.0) } else { 0.0 };
        let wide = ((WIDTH - MARGIN - left - lean) / columns).min(150.0);
        // Rising lines of writing are nearer to each other than the columns are.
        let size = if heads.rising { LABEL.min(wide * 0.66) } else { LABEL };
        let high = 30.0;
        let top = heads.height + 34.0;
        let fits = self.cells().all(|value| svg::width(&axis::number(value), SMALL) + 4.0 <= wide);
        #[expect(clippy::cast_precision_loss, reason = "few")]
        let place = |x: usize, y: usize| (left + x as f64 * wide, top + y as f64 * high);
        let markup = html! {
            (svg::text((MARGIN, 12.0), Anchor::Start, SMALL, FAINT, &self.sides()))
            (heads.markup((left, top - 8.0), wide, size))
            @for (y, (name, _)) in self.grid.places.iter().enumerate() {
                (svg::text((left - 10.0, place(0, y).1 + 20.0), Anchor::End, LABEL, INK, &svg::clipped(name, LABEL, names)))
                @for (x, value, said) in self.row(name, y) {
                    (self.square(place(x, y), (wide, high), value, (&said, fits)))
                }
            }
            (self.scale(left, top + rows * high + 16.0))
        };
        (markup, top + rows * high + 50.0)
    }

    fn summary(&self) -> String {
        let (rows, columns) = (self.grid.places.len(), self.grid.series.len());
        format!(
            "Heat map of {} by {}: {rows} rows, {columns} columns.",
            self.measure(),
            self.grid.axis
        )
    }

    fn remarks(&self) -> Vec<String> {
        self.grid.remarks.clone()
    }
}

impl Heat {
    /// What the two sides and the squares are.
    fn sides(&self) -> String {
        let across = self.grid.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        let measure =
            self.grid.measure.as_ref().map_or_else(String::new, |name| format!("{name}, "));
        svg::clipped(&format!("{measure}{}{across}", self.grid.axis), SMALL, WIDTH - 2.0 * MARGIN)
    }

    fn square(
        &self,
        at: (f64, f64),
        size: (f64, f64),
        value: Option<f64>,
        said: (&str, bool),
    ) -> Markup {
        let size = (size.0 - 2.0, size.1 - 2.0);
        let Some(value) = value else { return svg::rect(at, size, "#FAFAFA", said.0) };
        let share = self.share(value);
        let ink = if palette::is_dark(share) { "white" } else { INK };
        html! {
            (svg::rect(at, size, &colour(share), said.0))
            @if said.1 {
                (svg::text((at.0 + size.0 / 2.0, at.1 + size.1 / 2.0 + 4.5), Anchor::Middle, SMALL, ink, &axis::number(value)))
            }
        }
    }

    /// From light to dark, with the numbers at the ends.
    fn scale(&self, x: f64, y: f64) -> Markup {
        let negative = self.cells().any(|value| value < 0.0);
        let low = if negative { -1.0 } else { 0.0 };
        let steps =
            (0..20).map(|step| (f64::from(step), low + (1.0 - low) * f64::from(step) / 19.0));
        let (from, to) = (axis::number(self.largest * low), axis::number(self.largest));
        let start = x + svg::width(&from, SMALL) + 8.0;
        html! {
            (svg::text((x, y + 11.0), Anchor::Start, SMALL, FAINT, &from))
            @for (step, share) in steps { (svg::rect((start + step * 8.0, y), (8.5, 14.0), &colour(share), "")) }
            (svg::text((start + 168.0, y + 11.0), Anchor::Start, SMALL, FAINT, &to))
        }
    }
}

fn colour(share: f64) -> String {
    let [red, green, blue] = palette::shade(share);
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// The names above the columns: level where they have room, else rising.
struct Heads {
    names: Vec<String>,
    rising: bool,
    height: f64,
}

impl Heads {
    fn new(heat: &Heat, wide: f64) -> Self {
        let names = heat.grid.series.iter().map(|series| svg::clipped(&series.name, LABEL, 150.0));
        let names: Vec<String> = names.collect();
        let longest = names.iter().map(|name| svg::width(name, LABEL)).fold(0.0, f64::max);
        let rising = longest + 6.0 > wide;
        Self { names, rising, height: if rising { longest * 0.71 + 12.0 } else { 16.0 } }
    }

    fn markup(&self, (left, foot): (f64, f64), wide: f64, size: f64) -> Markup {
        #[expect(clippy::cast_precision_loss, reason = "few")]
        let middle = |at: usize| left + (at as f64 + 0.5) * wide - 1.0;
        html! {
            @for (at, name) in self.names.iter().enumerate() {
                @if self.rising {
                    g transform=(format!("translate({} {}) rotate(-45)", svg::f(middle(at) + 4.0), svg::f(foot))) {
                        (svg::text((0.0, 0.0), Anchor::Start, size, INK, name))
                    }
                } @else {
                    (svg::text((middle(at), foot), Anchor::Middle, size, INK, name))
                }
            }
        }
    }
}
