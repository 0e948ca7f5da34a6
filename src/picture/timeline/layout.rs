//! Where everything of a timeline goes: lanes below each other, marks at their time, labels to the right of them, and no
//! label on another label or mark.

use super::axis::{Scale, Tick, ticks};
use super::{Extent, Mark, Timeline};
use crate::picture::frame::{self, Block, Caption, MARGIN};
use crate::picture::svg::{Rect, Words};
use crate::picture::text::Font;

use super::draw::keys;

/// The width of a picture, that of A4 across.
const WIDTH: f64 = 1122.0;
/// The widest column of lane names.
const NAMES: f64 = 190.0;
/// Room to the right of the last day, for labels.
const GUTTER: f64 = 330.0;
/// The widest label.
const LABEL: f64 = 330.0;
/// How far an open end fades.
pub(super) const FADE: f64 = 70.0;
/// Half the size of a mark.
pub(super) const MARK: f64 = 5.5;
/// Height of an axis.
const AXIS: f64 = 34.0;
const LANE: Font = Font::bold(12.0);
const SIZE: f64 = 11.0;
const LINES: usize = 3;
/// Above and below what is in a lane.
const PADDING: f64 = 7.0;
/// Between two things in a lane.
const GAP: f64 = 4.0;

/// A timeline with its places.
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) head: Block,
    pub(super) foot: Block,
    /// Left and right end of the shown time.
    pub(super) time: (f64, f64),
    pub(super) above: Vec<Tick>,
    pub(super) below: Vec<Tick>,
    pub(super) lanes: Vec<Lane>,
}

/// One lane.
pub(super) struct Lane {
    pub(super) name: Words,
    pub(super) area: Rect,
    pub(super) places: Vec<Place>,
}

/// Where one mark goes.
pub(super) struct Place {
    /// Its number in the timeline.
    pub(super) mark: usize,
    /// The middle of the sign.
    pub(super) sign: (f64, f64),
    /// Left and right end of its time, if it is no point.
    pub(super) span: Option<(f64, f64)>,
    pub(super) label: Words,
    /// Upper left corner of the label.
    pub(super) at: (f64, f64),
    /// Everything it covers.
    pub(super) area: Rect,
}

/// Finds a place for everything.
pub(super) fn arrange(timeline: &Timeline, caption: &Caption) -> Layout {
    let head = frame::head(caption, &keys(timeline), WIDTH);
    let names = lane_names(timeline);
    let name_room =
        names.iter().map(|(_, words)| words.width()).fold(40.0, f64::max).min(NAMES) + 14.0;
    let scale = scale(timeline, MARGIN + name_room);
    let hours = timeline.marks.iter().any(|mark| mark.when.extent == Extent::Moment);
    let above = ticks(&scale, hours, head.bottom);
    let mut y = head.bottom + AXIS;
    let mut lanes = Vec::new();
    for (name, words) in names {
        let lane = lane(timeline, &scale, &name, (words, y));
        y = lane.area.bottom();
        lanes.push(lane);
    }
    let below = if y - head.bottom > 420.0 { ticks(&scale, hours, y + 4.0) } else { Vec::new() };
    let bottom = if below.is_empty() { y } else { y + AXIS };
    let foot = frame::foot(caption, bottom, WIDTH);
    let time = (scale.x, scale.x + scale.width);
    let height = foot.bottom;
    Layout { width: WIDTH, height, head, foot, time, above, below, lanes }
}

/// The names of the lanes, each as it is drawn.
fn lane_names(timeline: &Timeline) -> Vec<(String, Words)> {
    let mut names: Vec<(String, Words)> = Vec::new();
    for mark in &timeline.marks {
        if !names.iter().any(|(known, _)| *known == mark.lane) {
            names.push((mark.lane.clone(), Words::wrapped(&mark.lane, LANE, NAMES, 6)));
        }
    }
    names
}

/// The shown time, from the first known end to the last, with room for what fades.
fn scale(timeline: &Timeline, x: f64) -> Scale {
    let ends = || timeline.marks.iter().flat_map(|mark| [mark.when.from, mark.when.to]).flatten();
    let (first, last) = (ends().fold(f64::MAX, f64::min), ends().fold(f64::MIN, f64::max));
    // A lone moment has its day around it.
    let (first, last) =
        if last > first { (first, last) } else { (first.floor(), first.floor() + 1.0) };
    let open_left = timeline.marks.iter().any(|mark| mark.when.from.is_none());
    let open_right = timeline.marks.iter().any(|mark| mark.when.to.is_none());
    let room = WIDTH - MARGIN - GUTTER - x;
    let (left, right) = (if open_left { FADE } else { MARK }, if open_right { FADE } else { MARK });
    let per_day = (room - left - right) / (last - first);
    Scale { from: first - left / per_day, to: last + right / per_day, x, width: room }
}

fn lane(timeline: &Timeline, scale: &Scale, name: &str, (words, y): (Words, f64)) -> Lane {
    let mut places: Vec<Place> = Vec::new();
    for (at, mark) in timeline.marks.iter().enumerate().filter(|(_, mark)| mark.lane == name) {
        let mut place = at_top(scale, (at, mark), y + PADDING);
        let stops: Vec<f64> = places
            .iter()
            .map(|other| other.area.bottom() + GAP)
            .filter(|stop| *stop > place.area.y)
            .collect();
        let free = lowest(&place.area, &stops, &places);
        lower(&mut place, free - (y + PADDING));
        places.push(place);
    }
    let bottom = places.iter().map(|place| place.area.bottom()).fold(y, f64::max);
    let h = (bottom - y + PADDING).max(words.height() + 2.0 * PADDING);
    Lane { name: words, area: Rect { x: MARGIN, y, w: WIDTH - 2.0 * MARGIN, h }, places }
}

/// The highest place at which an area touches nothing.
fn lowest(area: &Rect, stops: &[f64], places: &[Place]) -> f64 {
    let mut stops = stops.to_vec();
    stops.sort_by(f64::total_cmp);
    let is_free = |y: f64| {
        let moved =
            Rect { x: area.x - GAP, y: y - GAP / 2.0, w: area.w + 2.0 * GAP, h: area.h + GAP };
        !places.iter().any(|place| place.area.overlaps(&moved))
    };
    std::iter::once(area.y).chain(stops).find(|y| is_free(*y)).unwrap_or(area.y)
}

fn lower(place: &mut Place, by: f64) {
    place.sign.1 += by;
    place.at.1 += by;
    place.area.y += by;
}

/// A mark with its label, as if its lane were empty.
fn at_top(scale: &Scale, (at, mark): (usize, &Mark), y: f64) -> Place {
    let Mark { when, head, text, .. } = mark;
    let x = |day: f64| scale.at(day);
    let (sign, span) = match (when.from.map(x), when.to.map(x), when.extent) {
        (Some(from), Some(to), Extent::Day | Extent::Moment) => (f64::midpoint(from, to), None),
        (Some(from), Some(to), _) => (f64::midpoint(from, to), Some((from, to))),
        (Some(from), None, _) => (from + MARK, Some((from, from + FADE))),
        (None, Some(to), _) => (to - MARK, Some((to - FADE, to))),
        (None, None, _) => (scale.x, None),
    };
    let (left, right) = span.map_or((sign, sign), |(from, to)| (from.min(sign), to.max(sign)));
    let (left, right) = (left.min(sign - MARK - 1.0), right.max(sign + MARK + 1.0));
    let label_x = right + 6.0;
    let room = (WIDTH - MARGIN - label_x).min(LABEL);
    let label = Words::headed(head, text, SIZE, room, LINES);
    let h = label.height().max(2.0 * MARK + 3.0);
    let sign = (sign, y + Font::plain(SIZE).line() / 2.0);
    let area = Rect { x: left, y, w: label_x + label.width() - left, h };
    Place { mark: at, sign, span, label, at: (label_x, y), area }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::picture::page::Table;
    use crate::picture::samples::random;
    use crate::picture::side::Side;
    use crate::picture::timeline::When;

    /// Statements at all kinds of dates, in a few lanes.
    pub(in crate::picture::timeline) fn sample(count: usize, lanes: usize) -> Timeline {
        let mut next = random(7);
        let marks = (0..count).map(|row| {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let (from, long) = (next(400) as f64, next(30) as f64);
            let (from, to, extent) = match next(5) {
                0 => (None, Some(from), Extent::Uncertain),
                1 => (Some(from), None, Extent::Uncertain),
                2 => (Some(from), Some(from + long), Extent::Lasting),
                _ => (Some(from), Some(from + 1.0), Extent::Day),
            };
            let words = next(25);
            Mark {
                lane: format!("A speaker with a rather long name {}", row % lanes),
                when: When { from, to, extent },
                head: "denies".to_owned(),
                text: ["lorem", "ipsum"].repeat(words).join(" "),
                side: Side::of(i64::try_from(row % 3).unwrap() - 1),
                relayed: row % 4 == 0,
                details: Vec::new(),
                row,
            }
        });
        Timeline { marks: marks.collect(), table: Table::default() }
    }

    fn labels(layout: &Layout) -> Vec<Rect> {
        let Layout { head, foot, above, below, lanes, .. } = layout;
        let mut boxes: Vec<Rect> = head.labels.iter().chain(&foot.labels).copied().collect();
        boxes.extend(above.iter().chain(below).flat_map(|tick| &tick.labels).map(|one| one.2));
        for lane in lanes {
            let Rect { x, y, .. } = lane.area;
            boxes.push(Rect { x, y: y + PADDING, w: lane.name.width(), h: lane.name.height() });
            for place in &lane.places {
                let ((x, y), words) = (place.at, &place.label);
                boxes.push(Rect { x, y, w: words.width(), h: words.height() });
                let (x, y) = place.sign;
                boxes.push(Rect { x: x - MARK, y: y - MARK, w: 2.0 * MARK, h: 2.0 * MARK });
            }
        }
        boxes
    }

    #[test]
    fn no_label_lies_on_another_one_or_outside() {
        for (count, lanes) in [(1, 1), (5, 1), (40, 3), (120, 9), (200, 40)] {
            let caption =
                Caption { title: "Who said what, when?".repeat(9), notes: vec!["note".into(); 3] };
            let layout = arrange(&sample(count, lanes), &caption);
            let boxes = labels(&layout);
            for (at, one) in boxes.iter().enumerate() {
                assert!(one.x >= 0.0 && one.right() <= layout.width, "{count} {one:?}");
                assert!(one.y >= 0.0 && one.bottom() <= layout.height, "{count} {one:?}");
                for other in boxes.iter().skip(at + 1) {
                    assert!(!one.overlaps(other), "{count} {one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_lone_moment_has_its_day_around_it() {
        let mut timeline = sample(1, 1);
        timeline.marks[0].when = When { from: Some(5.5), to: Some(5.5), extent: Extent::Moment };
        let scale = scale(&timeline, 0.0);
        assert!(scale.from < 5.01 && scale.to > 5.99, "{scale:?}");
    }
}
