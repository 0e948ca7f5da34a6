//! Lines along dates, numbers or names in their order. Each ends with its name, so that no colour has to be looked up.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr as _;

use super::axis::{self, Axis};
use super::canvas::{Canvas, Ink, clipped, legend, part, right};
use super::data::{Days, Grid, Prefer, Role, grid, keep_first, values_are};
use super::svg::{self, Anchor, FAINT, GRID, INK, LABEL, MARGIN, SMALL, WIDTH, f};
use super::{Figure, Sheet, Unfit, palette};
use crate::format::{Look, Strokes};

struct Lines {
    grid: Grid,
    /// The points of each series, from left to right.
    points: Vec<Vec<(f64, f64)>>,
    low: f64,
    high: f64,
}

/// How high the field is that lines are drawn in, in a picture and in a terminal.
const HIGH: f64 = 400.0;
const TALL: usize = 16;

pub(super) fn build(sheet: &Sheet) -> Result<Box<dyn Figure>, Unfit> {
    let mut grid = grid(sheet, Prefer::Measured)?;
    keep_first(&mut grid);
    if grid.role == Role::Text {
        for (at, place) in grid.places.iter_mut().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "few")]
            let along = at as f64;
            place.1 = Some(along);
        }
    }
    let open = grid.places.iter().filter(|(_, at)| at.is_none()).count();
    if open > 0 {
        grid.remarks.push(format!(
            "{} without a place along `{}` and left out",
            values_are(open),
            grid.axis
        ));
    }
    let mut points = Vec::new();
    for series in &grid.series {
        let pairs = grid.places.iter().zip(&series.values);
        let mut line: Vec<(f64, f64)> =
            pairs.filter_map(|((_, x), y)| Some(((*x)?, (*y)?))).collect();
        line.sort_by(|one, other| one.0.total_cmp(&other.0));
        if let Some(pair) = line.windows(2).find(|pair| pair[0].0.total_cmp(&pair[1].0).is_eq()) {
            return Err(Unfit::Twice(spelled(&grid, pair[0].0)));
        }
        points.push(line);
    }
    let values = || points.iter().flatten().map(|point| point.1);
    let (low, high) =
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if low > high {
        return Err(Unfit::Nothing);
    }
    // A line that does not begin at zero makes small differences look large.
    let (low, high) = if low > 0.0 && low < high * 0.8 { (0.0, high) } else { (low, high) };
    Ok(Box::new(Lines { grid, points, low, high }))
}

fn spelled(grid: &Grid, x: f64) -> String {
    let place = grid.places.iter().find(|(_, at)| *at == Some(x));
    place.map_or_else(String::new, |(text, _)| text.clone())
}

impl Lines {
    fn values(&self, most: usize) -> Axis {
        let whole = self.points.iter().flatten().all(|point| point.1.fract() == 0.0);
        axis::numbers(self.low, self.high, most, whole)
    }

    /// The axis below, with at most so many ticks.
    fn below(&self, most: usize) -> Axis {
        let places = || self.grid.places.iter().filter_map(|(_, at)| *at);
        let (low, high) =
            (places().fold(f64::INFINITY, f64::min), places().fold(f64::NEG_INFINITY, f64::max));
        match self.grid.role {
            Role::Date => {
                let among =
                    if places().all(|at| at.fract() == 0.0) { Days::Days } else { Days::Instants };
                axis::moments(low, high, most, among)
            }
            Role::Number => {
                let whole = places().all(|place| place.fract() == 0.0);
                let ticks = axis::numbers(low, high, most, whole).ticks;
                let ticks = ticks.into_iter().filter(|(at, _)| (low..=high).contains(at)).collect();
                Axis { low, high, ticks }
            }
            Role::Text => {
                let step = self.grid.places.len().div_ceil(most.max(1)).max(1);
                let named = self.grid.places.iter().step_by(step);
                let ticks = named.filter_map(|(text, at)| Some(((*at)?, text.clone()))).collect();
                Axis { low, high, ticks }
            }
        }
    }

    fn measure(&self) -> String {
        let names = || {
            self.grid
                .series
                .iter()
                .map(|series| series.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        self.grid.measure.clone().unwrap_or_else(names)
    }

    fn name(&self, at: usize) -> &str {
        self.grid.series.get(at).map_or("", |series| series.name.as_str())
    }

    fn is_one(&self) -> bool {
        self.points.len() == 1
    }
}

impl Figure for Lines {
    fn text(&self, look: Look, width: usize) -> String {
        let ascii = usize::from(look.strokes == Strokes::Ascii);
        let values = self.values(4);
        let margin = values.ticks.iter().map(|(_, text)| text.width()).max().unwrap_or(1) + 1;
        let (left, room) = (margin + 2, width.saturating_sub(margin + 3).max(10));
        let mut canvas = Canvas::default();
        let mut top = 1;
        if self.is_one() {
            canvas.put(1, 0, &clipped(&self.measure(), width - 2), Ink::Bold);
        } else {
            let names = (0..self.points.len()).map(|at| self.name(at));
            let mark = |look: &palette::Look| look.mark[ascii].to_string();
            top = legend(&mut canvas, names, (1, width), mark) + 1;
        }
        let foot = top + TALL;
        let y = |value: f64| foot - 1 - part(values.share(value), TALL - 1);
        let bar = [["│", "┤", "└", "─", "┬"], ["|", "+", "+", "-", "+"]][ascii];
        for line in top..foot {
            canvas.put(margin + 1, line, bar[0], Ink::Dim);
        }
        for (value, text) in &values.ticks {
            canvas.put(1, y(*value), &right(text, margin - 1), Ink::Plain);
            canvas.put(margin + 1, y(*value), bar[1], Ink::Dim);
        }
        canvas.put(margin + 1, foot, &format!("{}{}", bar[2], bar[3].repeat(room)), Ink::Dim);
        let below = self.below(room / 14);
        let x = |value: f64| left + part(below.share(value), room - 1);
        let mut free = 0;
        for (at, text) in &below.ticks {
            canvas.put(x(*at), foot, bar[4], Ink::Dim);
            let from =
                x(*at).saturating_sub(text.width() / 2).min(width.saturating_sub(text.width()));
            let text = clipped(text, room / below.ticks.len().max(1));
            if from >= free {
                canvas.put(from, foot + 1, &text, Ink::Plain);
                free = from + text.width() + 1;
            }
        }
        canvas.put(left, foot + 2, &clipped(&self.grid.axis, room), Ink::Dim);
        for (at, points) in self.points.iter().enumerate() {
            let look = palette::series(at);
            for point in points {
                canvas.put(
                    x(point.0),
                    y(point.1),
                    look.mark[ascii].encode_utf8(&mut [0; 4]),
                    Ink::Colour(look.code),
                );
            }
        }
        for (at, points) in self.points.iter().enumerate() {
            let ink = Ink::Colour(palette::series(at).code);
            for pair in points.windows(2) {
                let (from, to) = ((x(pair[0].0), y(pair[0].1)), (x(pair[1].0), y(pair[1].1)));
                for (x, y) in between(from, to) {
                    canvas.put_below(x, y, ['·', '.'][ascii], ink);
                }
            }
        }
        canvas.text(look.colour)
    }

    fn picture(&self) -> (Markup, f64) {
        let values = self.values(6);
        let number =
            values.ticks.iter().map(|(_, text)| svg::width(text, SMALL)).fold(0.0, f64::max);
        let names = self
            .grid
            .series
            .iter()
            .map(|series| svg::width(&series.name, LABEL))
            .fold(0.0, f64::max);
        let names = if self.is_one() { 20.0 } else { names.min(220.0) + 14.0 };
        let (from, to) = (MARGIN + number + 10.0, WIDTH - MARGIN - names);
        let (top, foot) = (30.0, 30.0 + HIGH);
        let below = self.below(9);
        let y = |value: f64| foot - values.share(value) * HIGH;
        let x = |value: f64| from + below.share(value) * (to - from);
        let markup = html! {
            @if self.is_one() || self.grid.measure.is_some() {
                (svg::text((MARGIN, 12.0), Anchor::Start, SMALL, FAINT, &svg::clipped(&self.measure(), SMALL, WIDTH - 2.0 * MARGIN)))
            }
            @for (value, text) in &values.ticks {
                (svg::line((from, y(*value)), (to, y(*value)), GRID))
                (svg::text((from - 8.0, y(*value) + 4.0), Anchor::End, SMALL, FAINT, text))
            }
            (svg::line((from, foot), (to, foot), INK))
            (ticks(&below, foot, (from, to)))
            (svg::text((to, foot + 42.0), Anchor::End, SMALL, FAINT, &svg::clipped(&self.grid.axis, SMALL, to - from)))
            @for (at, points) in self.points.iter().enumerate() { (self.line(at, points, &x, &y)) }
            (self.ends((to, names), (top, foot), &y))
        };
        (markup, foot + 50.0)
    }

    fn summary(&self) -> String {
        let count = self.points.len();
        format!("Line chart of {} along {}: {count} lines.", self.measure(), self.grid.axis)
    }

    fn remarks(&self) -> Vec<String> {
        self.grid.remarks.clone()
    }
}

/// Ticks below a field, each with its name unless that would run into the one before.
pub(super) fn ticks(axis: &Axis, foot: f64, (from, to): (f64, f64)) -> Markup {
    let mut free = 0.0;
    let mut drawn = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let room = ((to - from) / axis.ticks.len().max(1) as f64 - 8.0).max(30.0);
    for (at, text) in &axis.ticks {
        let x = from + axis.share(*at) * (to - from);
        let text = svg::clipped(text, SMALL, room.max(120.0));
        let half = svg::width(&text, SMALL) / 2.0;
        drawn.push(svg::line((x, foot), (x, foot + 5.0), INK));
        let x = x.clamp(half, WIDTH - half - 4.0);
        if x - half >= free {
            drawn.push(svg::text((x, foot + 20.0), Anchor::Middle, SMALL, FAINT, &text));
            free = x + half + 8.0;
        }
    }
    html! { @for one in &drawn { (one) } }
}

impl Lines {
    fn line(
        &self,
        at: usize,
        points: &[(f64, f64)],
        x: &dyn Fn(f64) -> f64,
        y: &dyn Fn(f64) -> f64,
    ) -> Markup {
        let look = palette::series(at);
        let path: Vec<String> =
            points.iter().map(|p| format!("{},{}", f(x(p.0)), f(y(p.1)))).collect();
        let dash = if self.is_one() { "" } else { look.dash };
        // Marks that would touch say nothing.
        let sparse = points.len() <= 40;
        html! {
            polyline points=(path.join(" ")) fill="none" stroke=(look.colour) stroke-width="2.5"
                stroke-linejoin="round" stroke-dasharray=[(!dash.is_empty()).then_some(dash)] {}
            @if sparse {
                @for point in points {
                    (svg::mark((x(point.0), y(point.1)), at, &format!("{}: {} ({})", spelled(&self.grid, point.0), axis::number(point.1), self.name(at))))
                }
            }
        }
    }

    /// The names at the right, each as near to the end of its line as the others let it.
    fn ends(
        &self,
        (to, room): (f64, f64),
        (top, foot): (f64, f64),
        y: &dyn Fn(f64) -> f64,
    ) -> Markup {
        if self.is_one() {
            return html! {};
        }
        let mut ends: Vec<(usize, f64)> = self
            .points
            .iter()
            .enumerate()
            .filter_map(|(at, points)| Some((at, y(points.last()?.1))))
            .collect();
        ends.sort_by(|one, other| one.1.total_cmp(&other.1));
        let mut free = top - 18.0;
        for end in &mut ends {
            end.1 = end.1.max(free + 18.0);
            free = end.1;
        }
        let mut limit = foot + 18.0;
        for end in ends.iter_mut().rev() {
            end.1 = end.1.min(limit - 18.0);
            limit = end.1;
        }
        html! {
            @for (at, y) in &ends {
                (svg::text((to + 12.0, y + 5.0), Anchor::Start, LABEL, palette::series(*at).colour, &svg::clipped(self.name(*at), LABEL, room - 12.0)))
            }
        }
    }
}

/// The cells on the way from one to another, without the ends.
fn between(from: (usize, usize), to: (usize, usize)) -> Vec<(usize, usize)> {
    let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
    let along = |one: usize, other: usize, share: f64| {
        if other >= one { one + part(share, other - one) } else { one - part(share, one - other) }
    };
    #[expect(clippy::cast_precision_loss, reason = "cells of a terminal")]
    let share = |step: usize| step as f64 / steps as f64;
    (1..steps)
        .map(|step| (along(from.0, to.0, share(step)), along(from.1, to.1, share(step))))
        .collect()
}
