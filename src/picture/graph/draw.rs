//! Writes a graph that has its places as markup.

use maud::{Markup, html};

use super::layout::{ARROW, Boxed, End, Layout, Line, MARK};
use super::{Edge, Graph, Node, shape};
use crate::base::count::counted;
use crate::picture::frame::{self, Caption, Key, MARGIN, SIGN, middle};
use crate::picture::side::Side;
use crate::picture::svg::{Anchor, Drawing, GREY, Rect, hover};
use crate::picture::text::Px;

const DASHES: &str = "6 4";
const SIDES: &[Side] = &[Side::For, Side::Against, Side::Neither];
/// The narrowest picture, so that title and legend have room.
const NARROWEST: f64 = 560.0;
/// Half the size of a mark.
const SIZE: f64 = 5.0;

/// The picture.
pub(super) fn draw(layout: &Layout, graph: &Graph, caption: &Caption) -> Drawing {
    let width = (layout.width + 2.0 * MARGIN).max(NARROWEST);
    let head = frame::head(caption, &keys(graph), width);
    let foot = frame::foot(caption, head.bottom + layout.height + 6.0, width);
    let left = (width - layout.width) / 2.0;
    let shift = format!("translate({} {})", Px(left), Px(head.bottom));
    let body = html! {
        (head.markup)
        g transform=(shift) {
            @for line in &layout.lines {
                @if let Some(edge) = graph.edges.get(line.edge) { (stroke(line, edge)) }
            }
            @for boxed in &layout.boxes {
                @if let Some(of) = graph.nodes.get(boxed.node) { (node(boxed, of)) }
            }
            @for line in &layout.lines {
                @if let Some(edge) = graph.edges.get(line.edge) { (words(line, edge)) }
            }
        }
        (foot.markup)
    };
    let about = format!(
        "A graph of {} and {}.",
        counted(graph.nodes.len(), "node"),
        counted(graph.edges.len(), "edge")
    );
    Drawing { width, height: foot.bottom, title: caption.title.clone(), about, body }
}

/// What of a graph needs an explanation.
fn keys(graph: &Graph) -> Vec<Key> {
    let Graph { kinds, nodes, edges } = graph;
    let mut keys: Vec<Key> = Vec::new();
    let named = kinds.iter().enumerate().filter(|(_, kind)| !kind.is_empty());
    for (at, kind) in named.filter(|_| kinds.len() > 1) {
        let area = move |x, y| Rect { x, y: y + 1.0, w: SIGN - 8.0, h: 12.0 };
        let sign = Box::new(move |x, y| shape::of(at).draw(&area(x, y), false, false));
        keys.push(Key { sign, words: kind.clone() });
    }
    if nodes.iter().any(|node| node.unnamed) {
        let area = move |x, y| Rect { x, y: y + 1.0, w: SIGN - 8.0, h: 12.0 };
        let sign = Box::new(move |x, y| shape::of(0).draw(&area(x, y), true, false));
        keys.push(Key { sign, words: "dashed frame: not known by name".to_owned() });
    }
    let sides = || nodes.iter().map(|node| node.side).chain(edges.iter().map(|edge| edge.side));
    for side in SIDES.iter().filter(|side| sides().any(|one| one == **side)) {
        let sign = Box::new(move |x, y| {
            let (x, y) = middle(x, y);
            side.mark(x, y, SIZE, false)
        });
        keys.push(Key { sign, words: side.word().to_owned() });
    }
    if edges.iter().any(|edge| edge.relayed) {
        let words = "dashed line: known only because somebody else tells of it".to_owned();
        keys.push(Key { sign: frame::stroke(frame::STROKE, Some(DASHES)), words });
    }
    keys
}

fn node(boxed: &Boxed, node: &Node) -> Markup {
    let [label, below] = boxed.texts(node);
    html! {
        g {
            (hover(&node.details))
            (shape::of(node.kind).draw(&boxed.area, node.unnamed, node.focus))
            @if node.side != Side::None {
                (node.side.mark(label.0 - MARK / 2.0 - 2.0, label.1 + 7.5, SIZE, false))
            }
            (boxed.label.draw(label.0, label.1, Anchor::Start))
            (boxed.note.draw(below.0, below.1, Anchor::Start))
        }
    }
}

fn colour(edge: &Edge) -> &'static str {
    if edge.side == Side::None { GREY } else { edge.side.colour() }
}

fn stroke(line: &Line, edge: &Edge) -> Markup {
    let dashes = edge.relayed.then_some(DASHES);
    let width = if edge.side == Side::None { "1.2" } else { "1.8" };
    html! {
        path d=(line.path.written()) fill="none" stroke=(colour(edge)) stroke-width=(width)
            stroke-dasharray=[dashes] {}
        (arrow(line.end, edge))
        @if edge.both { (arrow(line.start, edge)) }
    }
}

/// The end of a line: an arrow, or a bar where it speaks against.
fn arrow(end: End, edge: &Edge) -> Markup {
    let End { x, y, dx, dy } = end;
    let point = |along: f64, across: f64| {
        format!("{} {}", Px(x - dx * along - dy * across), Px(y - dy * along + dx * across))
    };
    let path = if edge.side == Side::Against {
        format!(
            "M{}L{}L{}L{}Z",
            point(1.0, 6.0),
            point(4.0, 6.0),
            point(4.0, -6.0),
            point(1.0, -6.0)
        )
    } else {
        format!("M{}L{}L{}Z", point(0.5, 0.0), point(ARROW, 4.0), point(ARROW, -4.0))
    };
    html! { path d=(path) fill=(colour(edge)) {} }
}

/// The words on a line, on white so that the line does not run through them.
fn words(line: &Line, edge: &Edge) -> Markup {
    let Some((words, area)) = &line.label else { return html! {} };
    let mark = if edge.side == Side::None { 0.0 } else { MARK };
    html! {
        g {
            rect x=(Px(area.x)) y=(Px(area.y)) width=(Px(area.w)) height=(Px(area.h)) fill="#ffffff" {}
            @if edge.side != Side::None {
                (edge.side.mark(area.x + 3.0 + MARK / 2.0 - 2.0, area.y + 8.0, SIZE, edge.relayed))
            }
            (words.draw(area.x + 3.0 + mark, area.y + 1.0, Anchor::Start))
        }
    }
}
