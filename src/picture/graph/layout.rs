//! Where the boxes, lines and labels of a graph go: connected parts are laid out in layers, from above or from the left,
//! whichever fills a page better, and then set beside each other.

use super::layers::{self, Layers, Link, Middle, Size, Way};
use super::{Edge, Graph, Node, shape};
use crate::picture::side::Side;
use crate::picture::svg::{Rect, Words};
use crate::picture::text::{Font, Px};

/// The widest text in a box.
const TEXT: f64 = 190.0;
/// Above and below the text in a box.
const PADDING: f64 = 8.0;
/// The room of a mark before a text.
pub(super) const MARK: f64 = 18.0;
/// Between two connected parts.
const APART: f64 = 36.0;
/// Width and height of A4 across without its frame, which a part should fill.
const PAGE: (f64, f64) = (1074.0, 640.0);
/// How long an arrow is.
pub(super) const ARROW: f64 = 9.0;

/// A graph with its places, from the upper left corner.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Boxed>,
    pub(super) lines: Vec<Line>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Where a node goes.
#[derive(Debug, Clone)]
pub(super) struct Boxed {
    /// Its number in the graph.
    pub(super) node: usize,
    pub(super) area: Rect,
    pub(super) label: Words,
    pub(super) note: Words,
}

/// Where an edge goes.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its number in the graph.
    pub(super) edge: usize,
    pub(super) path: Curve,
    /// Where its two ends are, each with the direction in which the line arrives there.
    pub(super) start: End,
    pub(super) end: End,
    pub(super) label: Option<(Words, Rect)>,
}

/// A line in steps, each with its letter in SVG and its points.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Curve(Vec<(char, Vec<(f64, f64)>)>);

impl Curve {
    /// As SVG writes it.
    pub(super) fn written(&self) -> String {
        let point = |(x, y): &(f64, f64)| format!("{} {}", Px(*x), Px(*y));
        let step = |(letter, points): &(char, Vec<(f64, f64)>)| {
            format!("{letter}{}", points.iter().map(point).collect::<Vec<_>>().join(" "))
        };
        self.0.iter().map(step).collect()
    }

    fn step(&mut self, letter: char, points: &[(f64, f64)]) {
        self.0.push((letter, points.to_vec()));
    }

    fn shift(&mut self, (dx, dy): (f64, f64)) {
        for point in self.0.iter_mut().flat_map(|(_, points)| points) {
            *point = (point.0 + dx, point.1 + dy);
        }
    }
}

/// A place and the direction in which a line arrives there.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct End {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) dx: f64,
    pub(super) dy: f64,
}

/// Which way the layers follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Down,
    Right,
}

/// Finds a place for everything.
pub(super) fn arrange(graph: &Graph) -> Layout {
    let boxes: Vec<Boxed> = graph.nodes.iter().enumerate().map(boxed).collect();
    let labels: Vec<Option<Words>> = graph.edges.iter().map(label).collect();
    let mut parts: Vec<Layout> = Vec::new();
    for members in connected(graph) {
        let part = Part { graph, boxes: &boxes, labels: &labels, members: &members };
        let [down, right] = [Flow::Down, Flow::Right].map(|flow| part.arranged(flow));
        parts.push(if fit(&right) > fit(&down) * 1.05 { right } else { down });
    }
    beside_each_other(parts)
}

/// By how much a part has to shrink to be on one page.
fn fit(part: &Layout) -> f64 {
    (PAGE.0 / part.width.max(1.0)).min(PAGE.1 / part.height.max(1.0)).min(1.0)
}

fn boxed((number, of): (usize, &Node)) -> Boxed {
    let label = Words::wrapped(&of.label, Font::bold(12.0), TEXT, 5);
    let note = Words::wrapped(&of.note, Font::plain(11.0), TEXT, 3);
    let mark = if of.side == Side::None { 0.0 } else { MARK };
    let w = label.width().max(note.width()) + mark + 2.0 * shape::of(of.kind).padding();
    let h = label.height() + note.height() + 2.0 * PADDING;
    Boxed { node: number, area: Rect { x: 0.0, y: 0.0, w: w.max(40.0), h }, label, note }
}

impl Boxed {
    /// Where its label, its note and its mark begin.
    pub(super) fn texts(&self, node: &Node) -> [(f64, f64); 2] {
        let mark = if node.side == Side::None { 0.0 } else { MARK };
        let x = self.area.x + shape::of(node.kind).padding() + mark;
        let y = self.area.y + (self.area.h - self.label.height() - self.note.height()) / 2.0;
        [(x, y), (x, y + self.label.height())]
    }
}

/// The words on an edge; a side has its mark before them.
fn label(edge: &Edge) -> Option<Words> {
    let written = edge.written();
    (!written.trim().is_empty()).then(|| Words::wrapped(&written, Font::plain(11.0), 130.0, 3))
}

/// The room of the words on an edge.
fn label_size(words: &Words, edge: &Edge) -> (f64, f64) {
    let mark = if edge.side == Side::None { 0.0 } else { MARK };
    (words.width() + mark + 6.0, words.height() + 2.0)
}

/// The connected parts, each by its nodes in order; the parts in the order of their first nodes.
fn connected(graph: &Graph) -> Vec<Vec<usize>> {
    let mut part: Vec<usize> = (0..graph.nodes.len()).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for edge in &graph.edges {
            let (Some(a), Some(b)) = (part.get(edge.from).copied(), part.get(edge.to).copied())
            else {
                continue;
            };
            if a != b {
                let lower = a.min(b);
                part.iter_mut().filter(|one| **one == a || **one == b).for_each(|one| *one = lower);
                changed = true;
            }
        }
    }
    let firsts = (0..graph.nodes.len()).filter(|at| part.get(*at) == Some(at));
    firsts
        .map(|first| (0..graph.nodes.len()).filter(|at| part.get(*at) == Some(&first)).collect())
        .collect()
}

/// One connected part of a graph.
struct Part<'g> {
    graph: &'g Graph,
    boxes: &'g [Boxed],
    labels: &'g [Option<Words>],
    members: &'g [usize],
}

impl Part<'_> {
    fn arranged(&self, flow: Flow) -> Layout {
        let place = |node: usize| self.members.iter().position(|member| *member == node);
        let edges: Vec<(usize, &Edge)> = self.graph.edges.iter().enumerate().collect();
        let edges: Vec<(usize, &Edge, (usize, usize))> = edges
            .into_iter()
            .filter_map(|(at, edge)| Some((at, edge, (place(edge.from)?, place(edge.to)?))))
            .collect();
        let loops = |node: usize| edges.iter().filter(move |(.., (a, b))| a == b && *a == node);
        let sizes: Vec<Size> = self
            .members
            .iter()
            .enumerate()
            .filter_map(|(at, member)| {
                let area = self.area(*member, flow)?;
                let beside = loops(at).map(|(edge, ..)| self.loop_room(*edge)).sum::<f64>();
                Some(flow.size(area.w + 2.0 * beside, area.h))
            })
            .collect();
        let links: Vec<(usize, Link)> = edges
            .iter()
            .filter(|(.., (a, b))| a != b)
            .map(|(at, edge, (from, to))| {
                let words = self.labels.get(*at).and_then(Option::as_ref);
                let label =
                    words.map(|words| label_size(words, edge)).map(|(w, h)| flow.size(w, h));
                (*at, Link { from: *from, to: *to, label })
            })
            .collect();
        let asked: Vec<Link> = links.iter().map(|(_, link)| *link).collect();
        let layers = match sizes.as_slice() {
            [only] => Layers {
                vertices: vec![Middle { u: only.across / 2.0, v: only.along / 2.0 }],
                ways: Vec::new(),
                extent: *only,
            },
            _ => layers::arrange(&sizes, &asked),
        };
        let mut layout = Layout::default();
        (layout.width, layout.height) = flow.point(layers.extent.across, layers.extent.along);
        for (member, middle) in self.members.iter().zip(&layers.vertices) {
            let Some(boxed) = self.boxes.get(*member) else { continue };
            let (x, y) = flow.point(middle.u, middle.v);
            let Some(Rect { w, h, .. }) = self.area(*member, flow) else { continue };
            let area = Rect { x: x - w / 2.0, y: y - h / 2.0, w, h };
            layout.boxes.push(Boxed { area, ..boxed.clone() });
        }
        self.lines(&mut layout, &links, &layers, flow);
        for (at, _, (node, _)) in edges.iter().filter(|(.., (a, b))| a == b) {
            self.turn_back(&mut layout, *at, *node);
        }
        layout
    }

    /// The room of a node: where many lines arrive at a side, that side is long enough for them.
    fn area(&self, node: usize, flow: Flow) -> Option<Rect> {
        let area = self.boxes.get(node)?.area;
        let edges = &self.graph.edges;
        let leaving = edges.iter().filter(|edge| edge.from == node).count();
        let entering = edges.iter().filter(|edge| edge.to == node).count();
        #[expect(clippy::cast_precision_loss, reason = "a few hundred edges")]
        let needed = leaving.max(entering) as f64 * 15.0;
        Some(match flow {
            Flow::Down => Rect { w: area.w.max(needed), ..area },
            Flow::Right => Rect { h: area.h.max(needed), ..area },
        })
    }

    fn lines(&self, layout: &mut Layout, links: &[(usize, Link)], layers: &Layers, flow: Flow) {
        let ports = ports(links, layers, layout, flow);
        for (((edge, link), way), (upper, lower)) in links.iter().zip(&layers.ways).zip(ports) {
            let path = path(way, (upper, lower), flow);
            let top = flow.end(upper, -1.0);
            let bottom = flow.end(lower, 1.0);
            let (start, end) = if way.upwards { (bottom, top) } else { (top, bottom) };
            let words = self.labels.get(*edge).and_then(Option::as_ref);
            let label = words.zip(way.label).zip(link.label).map(|((words, middle), size)| {
                let (x, y) = flow.point(middle.u, middle.v);
                let (w, h) = flow.point(size.across, size.along);
                (words.clone(), Rect { x: x - w / 2.0, y: y - h / 2.0, w, h })
            });
            layout.lines.push(Line { edge: *edge, path, start, end, label });
        }
    }

    fn loop_room(&self, edge: usize) -> f64 {
        let words = self.labels.get(edge).and_then(Option::as_ref);
        let label =
            words.zip(self.graph.edges.get(edge)).map(|(words, edge)| label_size(words, edge).0);
        30.0 + label.unwrap_or(0.0)
    }

    /// An edge from a node to itself: a bow on its right side, with its words behind that.
    fn turn_back(&self, layout: &mut Layout, edge: usize, node: usize) {
        let Some(area) = layout.boxes.get(node).map(|boxed| boxed.area) else { return };
        let before = layout.lines.iter().filter(|line| line.start.dx < 0.0 && line.end.dx < 0.0);
        let nested = before.filter(|line| (line.end.x - area.right()).abs() < 0.1).count();
        #[expect(clippy::cast_precision_loss, reason = "a few bows")]
        let out = 26.0 + nested as f64 * self.loop_room(edge);
        let (x, middle) = (area.right(), area.y + area.h / 2.0);
        let (high, low) = (middle - area.h / 4.0, middle + area.h / 4.0);
        let mut path = Curve::default();
        path.step('M', &[(x, high)]);
        path.step('C', &[(x + out, high - 6.0), (x + out, low + 6.0), (x + ARROW, low)]);
        path.step('L', &[(x, low)]);
        let words = self.labels.get(edge).and_then(Option::as_ref);
        let label = words.zip(self.graph.edges.get(edge)).map(|(words, of)| {
            let (w, h) = label_size(words, of);
            (words.clone(), Rect { x: x + out, y: middle - h / 2.0, w, h })
        });
        let end = |y: f64| End { x, y, dx: -1.0, dy: 0.0 };
        layout.lines.push(Line { edge, path, start: end(high), end: end(low), label });
    }
}

impl Flow {
    fn size(self, w: f64, h: f64) -> Size {
        let (across, along) = self.point(w, h);
        Size { across, along }
    }

    fn point(self, u: f64, v: f64) -> (f64, f64) {
        match self {
            Self::Down => (u, v),
            Self::Right => (v, u),
        }
    }

    fn end(self, (u, v): (f64, f64), direction: f64) -> End {
        let (x, y) = self.point(u, v);
        let (dx, dy) = self.point(0.0, direction);
        End { x, y, dx, dy }
    }
}

/// Where each edge leaves its upper and enters its lower vertex: side by side, in the order of where they lead.
fn ports(
    links: &[(usize, Link)],
    layers: &Layers,
    layout: &Layout,
    flow: Flow,
) -> Vec<((f64, f64), (f64, f64))> {
    let mut ports = vec![((0.0, 0.0), (0.0, 0.0)); links.len()];
    for (vertex, middle) in layers.vertices.iter().enumerate() {
        let Some(area) = layout.boxes.get(vertex).map(|boxed| boxed.area) else { continue };
        let Size { across, along } = flow.size(area.w, area.h);
        for below in [true, false] {
            let mut here: Vec<(usize, f64)> = Vec::new();
            for (at, ((_, link), way)) in links.iter().zip(&layers.ways).enumerate() {
                let (upper, lower) =
                    if way.upwards { (link.to, link.from) } else { (link.from, link.to) };
                let (own, other) = if below { (upper, lower) } else { (lower, upper) };
                if own == vertex {
                    let next = if below { way.passes.first() } else { way.passes.last() };
                    let other = layers.vertices.get(other).map_or(0.0, |middle| middle.u);
                    here.push((at, next.map_or(other, |(u, ..)| *u)));
                }
            }
            here.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            #[expect(clippy::cast_precision_loss, reason = "a few hundred edges")]
            let step = (across * 0.8 / here.len().max(1) as f64).min(22.0);
            for (number, (at, _)) in here.iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "a few hundred edges")]
                let off = (number as f64 - (here.len() as f64 - 1.0) / 2.0) * step;
                let port = (middle.u + off, middle.v + if below { along } else { -along } / 2.0);
                if let Some(slot) = ports.get_mut(*at) {
                    if below { slot.0 = port } else { slot.1 = port }
                }
            }
        }
    }
    ports
}

/// A line that is straight within layers and bends between them.
fn path(way: &Way, (upper, lower): ((f64, f64), (f64, f64)), flow: Flow) -> Curve {
    let mut path = Curve::default();
    path.step('M', &[flow.point(upper.0, upper.1)]);
    path.step('L', &[flow.point(upper.0, way.between.0)]);
    let (mut u, mut v) = (upper.0, way.between.0);
    let last = (lower.0, way.between.1, way.between.1);
    for (next, top, bottom) in way.passes.iter().copied().chain([last]) {
        let half = f64::midpoint(v, top);
        path.step('C', &[flow.point(u, half), flow.point(next, half), flow.point(next, top)]);
        path.step('L', &[flow.point(next, bottom)]);
        (u, v) = (next, bottom);
    }
    path.step('L', &[flow.point(lower.0, lower.1)]);
    path
}

/// The parts in rows as wide as a page, or as the widest part; those of one node at the end.
fn beside_each_other(parts: Vec<Layout>) -> Layout {
    let widest = parts.iter().map(|part| part.width).fold(PAGE.0, f64::max);
    let (mut large, single): (Vec<Layout>, Vec<Layout>) =
        parts.into_iter().partition(|part| part.boxes.len() > 1);
    large.sort_by(|a, b| (b.width * b.height).total_cmp(&(a.width * a.height)));
    let mut whole = Layout::default();
    let (mut x, mut y, mut row) = (0.0, 0.0, 0.0_f64);
    for part in large.into_iter().chain(single) {
        if x > 0.0 && x + part.width > widest {
            (x, y, row) = (0.0, y + row + APART, 0.0);
        }
        row = row.max(part.height);
        let next = x + part.width + APART;
        whole.width = whole.width.max(x + part.width);
        whole.height = whole.height.max(y + part.height);
        whole.place(part, (x, y));
        x = next;
    }
    whole
}

impl Layout {
    fn place(&mut self, part: Self, (x, y): (f64, f64)) {
        self.boxes.extend(part.boxes.into_iter().map(|mut boxed| {
            boxed.area = moved(boxed.area, (x, y));
            boxed
        }));
        self.lines.extend(part.lines.into_iter().map(|mut line| {
            line.path.shift((x, y));
            for end in [&mut line.start, &mut line.end] {
                (end.x, end.y) = (end.x + x, end.y + y);
            }
            line.label = line.label.map(|(words, area)| (words, moved(area, (x, y))));
            line
        }));
    }
}

fn moved(area: Rect, (dx, dy): (f64, f64)) -> Rect {
    Rect { x: area.x + dx, y: area.y + dy, ..area }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples::random;

    /// A graph with long and short labels, circles, doubled edges, edges back to their node, and several parts.
    fn sample(nodes: usize, edges: usize, seed: u64) -> Graph {
        let mut next = random(seed);
        let node = |at: usize, words: usize| Node {
            kind: at % 7,
            key: at.to_string(),
            label: "a claim about something ".repeat(words),
            note: if at.is_multiple_of(3) {
                "denies · Halifax · 2025-11-22".to_owned()
            } else {
                String::new()
            },
            side: if at.is_multiple_of(4) { Side::Against } else { Side::None },
            unnamed: at.is_multiple_of(5),
            focus: false,
            details: Vec::new(),
        };
        let nodes: Vec<Node> = (0..nodes).map(|at| node(at, 1 + next(5))).collect();
        let edges = (0..edges).map(|at| Edge {
            from: next(nodes.len()),
            to: next(nodes.len()),
            label: if at % 3 == 0 { String::new() } else { "reports of it ".repeat(1 + next(3)) },
            side: if at % 2 == 0 { Side::For } else { Side::None },
            relayed: at % 5 == 0,
            both: at % 6 == 0,
            count: 1 + next(2),
        });
        Graph { kinds: Vec::new(), edges: edges.collect(), nodes }
    }

    #[test]
    fn no_box_or_label_lies_on_another_one_or_outside() {
        for seed in 0..25 {
            let count = usize::try_from(seed).unwrap();
            let graph = sample(1 + count * 2, count * 2, seed);
            let layout = arrange(&graph);
            assert_eq!(
                (layout.boxes.len(), layout.lines.len()),
                (graph.nodes.len(), graph.edges.len())
            );
            let areas: Vec<Rect> = layout
                .boxes
                .iter()
                .map(|boxed| boxed.area)
                .chain(layout.lines.iter().filter_map(|line| Some(line.label.as_ref()?.1)))
                .collect();
            for (at, one) in areas.iter().enumerate() {
                assert!(one.x > -0.01 && one.right() < layout.width + 0.01, "{seed} {one:?}");
                assert!(one.y > -0.01 && one.bottom() < layout.height + 0.01, "{seed} {one:?}");
                for other in areas.iter().skip(at + 1) {
                    assert!(!one.overlaps(other), "{seed} {one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn text_stays_in_its_box() {
        let layout = arrange(&sample(40, 0, 3));
        let graph = sample(40, 0, 3);
        for boxed in &layout.boxes {
            let [label, note] = boxed.texts(&graph.nodes[boxed.node]);
            assert!(label.0 + boxed.label.width() <= boxed.area.right());
            assert!(note.1 + boxed.note.height() <= boxed.area.bottom());
        }
    }
}
