//! Writes a timeline that has its places as markup.

use maud::{Markup, html};

use super::axis::Tick;
use super::layout::{FADE, Lane, Layout, MARK, Place};
use super::{Extent, Mark, Timeline};
use crate::base::count::counted;
use crate::picture::frame::{Caption, Key, SIGN, middle};
use crate::picture::side::Side;
use crate::picture::svg::{Anchor, Drawing, FAINT, GREY, hover};
use crate::picture::text::Px;

/// Half the height of a bar.
const BAR: f64 = 3.5;
const SIDES: &[Side] = &[Side::For, Side::Against, Side::Neither];

/// What of a timeline needs an explanation.
pub(super) fn keys(timeline: &Timeline) -> Vec<Key> {
    let marks = &timeline.marks;
    let mut keys: Vec<Key> = Vec::new();
    let sided = marks.iter().any(|mark| mark.side != Side::None);
    for side in SIDES.iter().filter(|side| marks.iter().any(|mark| mark.side == **side)) {
        keys.push(sign(*side, false, side.word()));
    }
    if marks.iter().any(|mark| mark.relayed) {
        let side = if sided { Side::Neither } else { Side::None };
        keys.push(sign(side, true, "hollow: known only because somebody else tells of it"));
    }
    let extents: &[(Extent, &str)] = &[
        (Extent::Uncertain, "somewhere within these days; an end that fades is open"),
        (Extent::Lasting, "lasting from the one day to the other"),
    ];
    for (extent, words) in extents {
        if marks.iter().any(|mark| mark.when.extent == *extent) {
            let extent = *extent;
            keys.push(Key {
                sign: Box::new(move |x, y| {
                    let y = middle(x, y).1;
                    bar((x, x + SIGN - 8.0), y, extent, (GREY, false))
                }),
                words: (*words).to_owned(),
            });
        }
    }
    keys
}

fn sign(side: Side, hollow: bool, words: &str) -> Key {
    let draw = move |x, y| {
        let (x, y) = middle(x, y);
        side.mark(x, y, MARK, hollow)
    };
    Key { sign: Box::new(draw), words: words.to_owned() }
}

/// The picture; where it stands in a page, each mark leads to its row.
pub(super) fn draw(
    layout: &Layout,
    timeline: &Timeline,
    caption: &Caption,
    linked: bool,
) -> Drawing {
    let Layout { width, height, head, foot, time, above, below, lanes } = layout;
    let bounds = lanes.first().zip(lanes.last());
    let (top, bottom) = bounds.map_or((0.0, 0.0), |(one, last)| (one.area.y, last.area.bottom()));
    let body = html! {
        (fades())
        (head.markup)
        @for (at, one) in lanes.iter().enumerate() { (background(one, at % 2 == 0)) }
        (axis(above, (top, bottom)))
        (axis(below, (top, bottom)))
        line x1=(Px(time.0)) x2=(Px(time.0)) y1=(Px(top)) y2=(Px(bottom)) stroke=(GREY) {}
        @for one in lanes { (lane(one, timeline, linked)) }
        (foot.markup)
    };
    let about = format!(
        "A timeline of {} in {}.",
        counted(timeline.marks.len(), "mark"),
        counted(lanes.len(), "lane")
    );
    Drawing { width: *width, height: *height, title: caption.title.clone(), about, body }
}

/// The gradients of open ends, for each colour and direction.
fn fades() -> Markup {
    html! {
        defs {
            @for colour in COLOURS {
                @for (to_left, name) in [(true, "l"), (false, "r")] {
                    @let (from, to) = if to_left { ("0", "0.75") } else { ("0.75", "0") };
                    linearGradient id=(format!("fade-{name}{}", colour.trim_start_matches('#'))) {
                        stop offset="0" stop-color=(colour) stop-opacity=(from) {}
                        stop offset="1" stop-color=(colour) stop-opacity=(to) {}
                    }
                }
            }
        }
    }
}

const COLOURS: &[&str] = &["#0072b2", "#d55e00", "#595959"];

fn axis(ticks: &[Tick], (top, bottom): (f64, f64)) -> Markup {
    html! {
        @for tick in ticks {
            @if let Some(x) = tick.line {
                line x1=(Px(x)) x2=(Px(x)) y1=(Px(top - 4.0)) y2=(Px(bottom)) stroke=(FAINT) {}
            }
            @for (words, x, area) in &tick.labels { (words.draw(*x, area.y, Anchor::Middle)) }
        }
    }
}

fn background(lane: &Lane, grey: bool) -> Markup {
    let area = lane.area;
    let fill = if grey { "#f5f5f5" } else { "#ffffff" };
    html! {
        rect x=(Px(area.x - 8.0)) y=(Px(area.y)) width=(Px(area.w + 16.0)) height=(Px(area.h)) fill=(fill) {}
    }
}

fn lane(lane: &Lane, timeline: &Timeline, linked: bool) -> Markup {
    let Lane { name, area, places } = lane;
    html! {
        (name.draw(area.x, area.y + 7.0, Anchor::Start))
        @for place in places {
            @if let Some(mark) = timeline.marks.get(place.mark) {
                @if linked {
                    a href=(format!("#row-{}", mark.row + 1)) { (one(place, mark)) }
                } @else {
                    g { (one(place, mark)) }
                }
            }
        }
    }
}

fn one(place: &Place, mark: &Mark) -> Markup {
    let (x, y) = place.sign;
    let colour = mark.side.colour();
    let ends = (mark.when.from.is_some(), mark.when.to.is_some());
    html! {
        (hover(&mark.details))
        @if let Some((from, to)) = place.span {
            @match ends {
                (false, _) => (fading((from, to), y, ("l", colour))),
                (_, false) => (fading((from, to), y, ("r", colour))),
                (true, true) => (bar((from, to), y, mark.when.extent, (colour, mark.relayed))),
            }
        }
        (mark.side.mark(x, y, MARK, mark.relayed))
        (place.label.draw(place.at.0, place.at.1, Anchor::Start))
    }
}

/// A time with two ends: solid where it lasts, an outline where it is uncertain, dashed where others tell of it.
fn bar((from, to): (f64, f64), y: f64, extent: Extent, (colour, dashed): (&str, bool)) -> Markup {
    let opacity = if extent == Extent::Lasting { "0.55" } else { "0.12" };
    let width = (to - from - 2.0).max(2.0);
    html! {
        rect x=(Px(from + 1.0)) y=(Px(y - BAR)) width=(Px(width)) height=(Px(2.0 * BAR)) rx="3"
            fill=(colour) fill-opacity=(opacity) stroke=(colour) stroke-width="1"
            stroke-dasharray=[dashed.then_some("3 2")] {}
    }
}

/// A time with one end.
fn fading((from, _): (f64, f64), y: f64, (way, colour): (&str, &str)) -> Markup {
    let fill = format!("url(#fade-{way}{})", colour.trim_start_matches('#'));
    html! {
        rect x=(Px(from)) y=(Px(y - BAR)) width=(Px(FADE)) height=(Px(2.0 * BAR)) fill=(fill) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_side_has_its_gradient() {
        let sides = SIDES.iter().chain([&Side::None]);
        assert!(sides.into_iter().all(|side| COLOURS.contains(&side.colour())));
    }
}
