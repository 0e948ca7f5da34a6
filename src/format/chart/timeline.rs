//! Lanes with marks where something happened. A date that is not certain is a span; an end that is open fades out.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr as _;

use super::axis::{self, Axis};
use super::canvas::{Canvas, Ink, legend, part, right};
use super::data::{Days, Role, SERIES, label, role, span};
use super::line::ticks;
use super::svg::{self, Anchor, FAINT, GRID, INK, LABEL, MARGIN, SMALL, WIDTH, f};
use super::{Figure, Sheet, Unfit, palette};
use crate::base::value::{Row, Value};
use crate::format::{Look, Strokes};

struct Timeline {
    lanes: Vec<(String, Vec<Mark>)>,
    series: Vec<String>,
    /// What the lanes, the dates and the series are.
    headings: [String; 3],
    low: f64,
    high: f64,
    among: Days,
    remarks: Vec<String>,
}

/// Something that happened, perhaps several times.
#[derive(Debug, Clone)]
struct Mark {
    series: usize,
    first: Option<f64>,
    last: Option<f64>,
    times: usize,
    said: String,
}

/// Lanes that can be taken in.
const LANES: usize = 60;

/// The columns a timeline is read from.
struct Choice {
    lane: Option<usize>,
    from: usize,
    to: Option<usize>,
    by: Option<usize>,
    among: Days,
    /// A column that would make more series than can be told apart.
    too_many: Option<usize>,
}

pub(super) fn build(sheet: &Sheet) -> Result<Box<dyn Figure>, Unfit> {
    let choice = choose(sheet)?;
    let name = |at: Option<usize>| {
        at.and_then(|at| sheet.columns.get(at)).map_or_else(String::new, |c| c.name.clone())
    };
    let mut timeline = Timeline {
        lanes: Vec::new(),
        series: Vec::new(),
        headings: [name(choice.lane), name(Some(choice.from)), name(choice.by)],
        low: 0.0,
        high: 0.0,
        among: choice.among,
        remarks: Vec::new(),
    };
    let (mut open, mut crowded) = (0, std::collections::BTreeSet::new());
    for row in &sheet.rows {
        let Some((first, last)) = dated(row, &choice) else {
            open += 1;
            continue;
        };
        let lane = choice.lane.map_or_else(|| name(Some(choice.from)), |at| label(row.get(at)));
        let series = timeline.series_of(choice.by.map(|at| label(row.get(at))));
        let said: Vec<String> = row.iter().map(|value| label(Some(value))).collect();
        let mark = Mark { series, first, last, times: 1, said: said.join(" · ") };
        if !timeline.put(lane.clone(), mark) {
            crowded.insert(lane);
        }
    }
    if let Some(many) = choice.too_many {
        let name = name(Some(many));
        timeline.remarks.push(format!("`{name}` is not drawn: {SERIES} series can be told apart"));
    }
    if open > 0 {
        let them = if open == 1 { "1 row has" } else { &format!("{open} rows have") };
        timeline
            .remarks
            .push(format!("{them} no date with a beginning or an end, and cannot be placed"));
    }
    if !crowded.is_empty() {
        timeline.remarks.push(format!("{LANES} of {} lanes are drawn", LANES + crowded.len()));
    }
    timeline.measure()?;
    Ok(Box::new(timeline))
}

fn choose(sheet: &Sheet) -> Result<Choice, Unfit> {
    let of = |wanted: Role| (0..sheet.columns.len()).filter(move |at| role(sheet, *at) == wanted);
    let (mut dates, mut texts) = (of(Role::Date), of(Role::Text));
    let from = dates.next().ok_or(Unfit::NoDates)?;
    let (lane, by) = (texts.next(), texts.next());
    let few = |at: &usize| {
        let kinds: std::collections::BTreeSet<String> =
            sheet.rows.iter().map(|row| label(row.get(*at))).collect();
        kinds.len() <= SERIES
    };
    let to = dates.next();
    let timed = |row: &Row| {
        [Some(from), to]
            .into_iter()
            .flatten()
            .any(|at| matches!(row.get(at), Some(Value::DateTime(_))))
    };
    let among = if sheet.rows.iter().any(timed) { Days::Instants } else { Days::Days };
    let too_many = by.filter(|at| !few(at));
    Ok(Choice { lane, from, to, by: by.filter(few), among, too_many })
}

/// When the thing of a row was, at the earliest and at the latest; nothing where both are open.
fn dated(row: &Row, choice: &Choice) -> Option<(Option<f64>, Option<f64>)> {
    let span = |value| span(value, choice.among);
    let (first, last) = row.get(choice.from).and_then(span)?;
    let until = choice.to.and_then(|at| row.get(at)).and_then(span);
    let last = until.map_or(last, |(_, until)| until);
    (first.is_some() || last.is_some()).then_some((first, last))
}

impl Mark {
    /// Whether it has no length.
    fn is_point(&self) -> bool {
        matches!((self.first, self.last), (Some(first), Some(last)) if last - first < 1e-6)
    }

    /// Where its symbol stands.
    fn middle(&self) -> f64 {
        match (self.first, self.last) {
            (Some(first), Some(last)) => f64::midpoint(first, last),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => 0.0,
        }
    }
}

impl Timeline {
    fn series_of(&mut self, name: Option<String>) -> usize {
        let name = name.unwrap_or_default();
        let known = self.series.iter().position(|series| *series == name);
        known.unwrap_or_else(|| {
            self.series.push(name);
            self.series.len() - 1
        })
    }

    /// Puts a mark into its lane; says whether there was room for it.
    fn put(&mut self, lane: String, mark: Mark) -> bool {
        let at = self.lanes.iter().position(|(name, _)| *name == lane);
        if at.is_none() && self.lanes.len() == LANES {
            return false;
        }
        let at = at.unwrap_or_else(|| {
            self.lanes.push((lane, Vec::new()));
            self.lanes.len() - 1
        });
        let marks = &mut self.lanes[at].1;
        let same = |other: &&mut Mark| {
            (other.series, other.first, other.last) == (mark.series, mark.first, mark.last)
        };
        match marks.iter_mut().find(same) {
            Some(other) => {
                other.times += 1;
                if other.times <= 10 {
                    other.said = format!("{}\n{}", other.said, mark.said);
                }
            }
            None => marks.push(mark),
        }
        true
    }

    /// Settles where the time begins and ends, with room for what has no end.
    fn measure(&mut self) -> Result<(), Unfit> {
        let marks = || self.lanes.iter().flat_map(|(_, marks)| marks);
        let moments = || marks().flat_map(|mark| [mark.first, mark.last]).flatten();
        let (low, high) =
            (moments().fold(f64::INFINITY, f64::min), moments().fold(f64::NEG_INFINITY, f64::max));
        if low > high {
            return Err(Unfit::Nothing);
        }
        let room = ((high - low) * 0.08).max(1.0);
        let open =
            (marks().any(|mark| mark.first.is_none()), marks().any(|mark| mark.last.is_none()));
        self.low = low - if open.0 { room } else { 0.0 };
        self.high = high + if open.1 { room } else { 0.0 };
        Ok(())
    }

    fn axis(&self, most: usize) -> Axis {
        axis::moments(self.low, self.high, most, self.among)
    }

    fn has_legend(&self) -> bool {
        self.series.iter().any(|name| !name.is_empty()) && !self.headings[2].is_empty()
    }
}

/// Shares out marks among lines so that none touches another; `ends` says what a mark covers.
fn packed(marks: &[Mark], ends: impl Fn(&Mark) -> (f64, f64)) -> Vec<Vec<&Mark>> {
    let mut marks: Vec<&Mark> = marks.iter().collect();
    marks.sort_by(|one, other| ends(one).0.total_cmp(&ends(other).0));
    let mut lines: Vec<(f64, Vec<&Mark>)> = Vec::new();
    for mark in marks {
        let (from, to) = ends(mark);
        match lines.iter_mut().find(|(free, _)| *free < from) {
            Some(line) => {
                line.0 = to;
                line.1.push(mark);
            }
            None => lines.push((to, vec![mark])),
        }
    }
    lines.into_iter().map(|(_, marks)| marks).collect()
}

/// How often, where that is more than once.
fn times(mark: &Mark) -> String {
    if mark.times > 1 { format!("×{}", mark.times) } else { String::new() }
}

impl Figure for Timeline {
    fn text(&self, look: Look, width: usize) -> String {
        let ascii = usize::from(look.strokes == Strokes::Ascii);
        let widest = self.lanes.iter().map(|(name, _)| name.width()).max().unwrap_or(1);
        let names = widest.max(self.headings[0].width()).min(width / 3).max(1);
        let (left, room) = (names + 3, width.saturating_sub(names + 5).max(8));
        let axis = self.axis(room / 14);
        let mut canvas = Canvas::default();
        let mut y = 0;
        if self.has_legend() {
            let names = self.series.iter().map(String::as_str);
            let mark = |look: &palette::Look| look.mark[ascii].to_string();
            y = legend(&mut canvas, names, (1, width), mark) + 2;
        }
        let pen = Pen { axis: &axis, left, room, ascii };
        for (name, marks) in &self.lanes {
            canvas.put(1, y, &right(name, names), Ink::Plain);
            for line in packed(marks, |mark| pen.cells(mark)) {
                canvas.put(left - 1, y, ["│", "|"][ascii], Ink::Dim);
                for mark in line {
                    pen.put(&mut canvas, y, mark);
                }
                y += 1;
            }
        }
        let rule = ["─", "-"][ascii].repeat(room + 1);
        canvas.put(left - 1, y, &format!("{}{rule}", ["└", "+"][ascii]), Ink::Dim);
        let mut free = 0;
        for (at, text) in &axis.ticks {
            let x = left + part(axis.share(*at), room - 1);
            canvas.put(x, y, ["┬", "+"][ascii], Ink::Dim);
            let from = x.saturating_sub(text.width() / 2).min(width.saturating_sub(text.width()));
            if from >= free {
                canvas.put(from, y + 1, text, Ink::Plain);
                free = from + text.width() + 1;
            }
        }
        canvas.text(look.colour)
    }

    fn picture(&self) -> (Markup, f64) {
        let widest =
            self.lanes.iter().map(|(name, _)| svg::width(name, LABEL)).fold(40.0, f64::max);
        let names = widest.min(330.0);
        let (from, to) = (MARGIN + names + 22.0, WIDTH - MARGIN - 44.0);
        let axis = self.axis(8);
        let x = |at: f64| from + axis.share(at) * (to - from);
        let (keys, top) = if self.has_legend() {
            svg::legend(&self.series, 0.0, |at, place| svg::mark(place, at, ""))
        } else {
            (html! {}, 0.0)
        };
        let brush = Brush { x: &x, from, to };
        let (mut y, mut bands, mut drawn) = (top + 26.0, Vec::new(), Vec::new());
        let start = y - 6.0;
        for (at, (name, marks)) in self.lanes.iter().enumerate() {
            let lines = packed(marks, |mark| brush.ends(mark));
            #[expect(clippy::cast_precision_loss, reason = "few")]
            let high = lines.len() as f64 * STEP + 8.0;
            if at % 2 == 1 {
                bands.push(svg::rect((MARGIN, y), (WIDTH - 2.0 * MARGIN, high), "#F6F6F6", ""));
            }
            drawn.push(svg::name(name, names, y + high / 2.0));
            for (line, marks) in lines.iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "few")]
                let middle = y + 4.0 + (line as f64 + 0.5) * STEP;
                drawn.extend(marks.iter().map(|mark| brush.mark(mark, middle)));
            }
            y += high;
        }
        let markup = html! {
            (fades(self.series.len()))
            (keys)
            (svg::text((MARGIN + names, top + 12.0), Anchor::End, SMALL, FAINT, &svg::clipped(&self.headings[0], SMALL, names)))
            (svg::text((from, top + 12.0), Anchor::Start, SMALL, FAINT, &svg::clipped(&self.headings[1], SMALL, to - from)))
            @for band in &bands { (band) }
            @for (at, _) in &axis.ticks { (svg::line((x(*at), start), (x(*at), y), GRID)) }
            @for one in &drawn { (one) }
            (svg::line((from - 12.0, y), (WIDTH - MARGIN, y), INK))
            (ticks(&axis, y, (from, to)))
        };
        (markup, y + 28.0)
    }

    fn summary(&self) -> String {
        let count: usize =
            self.lanes.iter().flat_map(|(_, marks)| marks).map(|mark| mark.times).sum();
        format!("Timeline of {} by {}: {count} marks.", self.headings[1], self.headings[0])
    }

    fn remarks(&self) -> Vec<String> {
        self.remarks.clone()
    }
}

/// Draws marks in a terminal.
struct Pen<'a> {
    axis: &'a Axis,
    left: usize,
    room: usize,
    ascii: usize,
}

impl Pen<'_> {
    fn x(&self, at: f64) -> usize {
        self.left + part(self.axis.share(at), self.room - 1)
    }

    /// The first and the last cell of a mark.
    fn span(&self, mark: &Mark) -> (usize, usize) {
        if mark.is_point() {
            return (self.x(mark.middle()), self.x(mark.middle()));
        }
        (
            mark.first.map_or(self.left, |at| self.x(at)),
            mark.last.map_or(self.left + self.room - 1, |at| self.x(at)),
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "cells of a terminal")]
    fn cells(&self, mark: &Mark) -> (f64, f64) {
        let (from, to) = self.span(mark);
        (from as f64, (to + times(mark).width()) as f64)
    }

    fn put(&self, canvas: &mut Canvas, y: usize, mark: &Mark) {
        let look = palette::series(mark.series);
        let ink = Ink::Colour(look.code);
        let (from, to) = self.span(mark);
        if to > from {
            let open = mark.first.is_none() || mark.last.is_none();
            let line = [["─", "-"], ["┄", "."]][usize::from(open)][self.ascii];
            canvas.put(from, y, &line.repeat(to - from + 1), ink);
            let ends = [["├", "["], ["◂", "<"], ["┤", "]"], ["▸", ">"]];
            canvas.put(from, y, ends[usize::from(mark.first.is_none())][self.ascii], ink);
            canvas.put(to, y, ends[2 + usize::from(mark.last.is_none())][self.ascii], ink);
        }
        let symbol = look.mark[self.ascii];
        canvas.put(self.x(mark.middle()), y, symbol.encode_utf8(&mut [0; 4]), ink);
        canvas.put(to + 1, y, &times(mark), Ink::Plain);
    }
}

/// How high a line of marks is in a picture.
const STEP: f64 = 18.0;

/// Draws marks in a picture.
struct Brush<'a> {
    x: &'a dyn Fn(f64) -> f64,
    from: f64,
    to: f64,
}

impl Brush<'_> {
    fn span(&self, mark: &Mark) -> (f64, f64) {
        let (first, last) = (mark.first.map(self.x), mark.last.map(self.x));
        (first.unwrap_or(self.from - 12.0), last.unwrap_or(self.to + 12.0))
    }

    /// What a mark covers, with a little air.
    fn ends(&self, mark: &Mark) -> (f64, f64) {
        let times = svg::width(&times(mark), SMALL);
        let middle = (self.x)(mark.middle());
        let (from, to) = if mark.is_point() { (middle, middle) } else { self.span(mark) };
        (from.min(middle) - 8.0, to.max(middle) + 8.0 + times)
    }

    fn mark(&self, mark: &Mark, y: f64) -> Markup {
        let look = palette::series(mark.series);
        let (from, to) = self.span(mark);
        let fill = match (mark.first, mark.last) {
            (None, _) => format!("url(#from{})", mark.series),
            (_, None) => format!("url(#to{})", mark.series),
            _ => look.colour.to_owned(),
        };
        let closed = mark.first.is_some() && mark.last.is_some();
        let times = times(mark);
        let (_, end) = self.ends(mark);
        html! {
            @if !mark.is_point() {
                rect x=(f(from)) y=(f(y - 4.0)) width=(f((to - from).max(1.0))) height="8" rx="3" fill=(fill) fill-opacity=(if closed { "0.4" } else { "1" }) {
                    title { (mark.said) }
                }
            }
            (svg::mark(((self.x)(mark.middle()), y), mark.series, &mark.said))
            @if !times.is_empty() { (svg::text((end - 1.0, y + 4.5), Anchor::End, SMALL, INK, &times)) }
        }
    }
}

/// Colours that fade out, for ends that are open.
fn fades(series: usize) -> Markup {
    let fade = |id: String, colour: &str, ends: [&str; 2]| {
        html! {
            linearGradient id=(id) {
                stop offset="0" stop-color=(colour) stop-opacity=(ends[0]) {}
                stop offset="1" stop-color=(colour) stop-opacity=(ends[1]) {}
            }
        }
    };
    html! {
        defs {
            @for at in 0..series.max(1) {
                (fade(format!("from{at}"), palette::series(at).colour, ["0", "0.5"]))
                (fade(format!("to{at}"), palette::series(at).colour, ["0.5", "0"]))
            }
        }
    }
}
