//! Puts vertices of given sizes into layers so that edges run downwards, cross little, and nothing lies on anything else.
//! Knows no text: `u` runs across the layers, `v` from layer to layer.

use std::collections::BTreeMap;

use super::relax::relaxed;
use rust_sugiyama::configure::Config;
use rust_sugiyama::from_vertices_and_edges;

/// Between neighbours in a layer.
const BESIDE: f64 = 22.0;
/// Around a line that passes a layer, and around what is written on it.
const BESIDE_LINE: f64 = 9.0;
/// Between two layers.
const BETWEEN: f64 = 30.0;
/// How much room a line takes that only passes a layer.
const PASSING: f64 = 6.0;

/// Something to place: how far it reaches across and along.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Size {
    pub(super) across: f64,
    pub(super) along: f64,
}

/// The middle of something.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Middle {
    pub(super) u: f64,
    pub(super) v: f64,
}

/// An edge as it is asked for: between two vertices, perhaps with something on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: Option<Size>,
}

/// Where everything goes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layers {
    /// The middle of each vertex.
    pub(super) vertices: Vec<Middle>,
    /// The way of each edge.
    pub(super) ways: Vec<Way>,
    /// How far all of it reaches.
    pub(super) extent: Size,
}

/// How an edge runs, from the upper to the lower of its vertices.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Way {
    /// Whether the edge itself leads from the lower to the upper one.
    pub(super) upwards: bool,
    /// Where its label is.
    pub(super) label: Option<Middle>,
    /// The layers it passes: where it does, and where the layer begins and ends.
    pub(super) passes: Vec<(f64, f64, f64)>,
    /// Where the layer of the upper vertex ends and that of the lower one begins.
    pub(super) between: (f64, f64),
}

/// Lays out one connected graph of at least two vertices, without edges from a vertex to itself.
pub(super) fn arrange(sizes: &[Size], links: &[Link]) -> Layers {
    let upwards = against_the_grain(sizes.len(), links);
    let labelled = links.iter().any(|link| link.label.is_some());
    let mut sizes = sizes.to_vec();
    let count = sizes.len();
    // Each edge becomes a chain of vertices: first its label, then one for each layer that it passes.
    let mut chains: Vec<Vec<usize>> = Vec::new();
    let mut labels: Vec<Option<usize>> = Vec::new();
    for (link, upwards) in links.iter().zip(&upwards) {
        let (from, to) = if *upwards { (link.to, link.from) } else { (link.from, link.to) };
        let mut chain = vec![from];
        if labelled {
            sizes.push(link.label.unwrap_or(Size { across: PASSING, along: 0.0 }));
            chain.push(sizes.len() - 1);
        }
        labels.push(link.label.map(|_| sizes.len() - 1));
        chain.push(to);
        chains.push(chain);
    }
    let ranks = ranks_of(&computed(&sizes, &chains));
    for chain in &mut chains {
        *chain = with_passing(chain, &ranks, &mut sizes);
    }
    let (places, tops) = place(&sizes, &chains, count);
    let ways = chains.iter().zip(&upwards).zip(&labels);
    let ways = ways.map(|((chain, upwards), label)| {
        let inner = chain.get(1..chain.len() - 1).unwrap_or_default();
        let label = label.and_then(|at| places.get(at));
        let passes = inner.iter().filter_map(|at| {
            let middle = places.get(*at)?;
            let (top, bottom) = band(middle.v, &tops);
            Some((middle.u, top, bottom))
        });
        let edge = |at: Option<&usize>| {
            at.and_then(|at| places.get(*at)).map_or((0.0, 0.0), |p| band(p.v, &tops))
        };
        let between = (edge(chain.first()).1, edge(chain.last()).0);
        Way { upwards: *upwards, label: label.copied(), passes: passes.collect(), between }
    });
    let ways = ways.collect();
    let across =
        places.iter().zip(&sizes).map(|(p, size)| p.u + size.across / 2.0).fold(0.0, f64::max);
    let along = tops.last().map_or(0.0, |(_, bottom)| *bottom);
    let vertices = places.into_iter().take(count).collect();
    Layers { vertices, ways, extent: Size { across, along } }
}

/// The layer that a place lies in.
fn band(v: f64, tops: &[(f64, f64)]) -> (f64, f64) {
    tops.iter().copied().find(|(top, bottom)| (*top..=*bottom).contains(&v)).unwrap_or((v, v))
}

/// Which edges have to be turned so that none leads back to where it came from.
fn against_the_grain(count: usize, links: &[Link]) -> Vec<bool> {
    let mut turned = vec![false; links.len()];
    // 0: not seen; 1: on the way here; 2: done.
    let mut seen = vec![0_u8; count];
    // Vertices that nothing leads to come first, so that they stay on top.
    let entered = |at: usize| links.iter().any(|link| link.to == at);
    let starts = (0..count).filter(|at| !entered(*at)).chain((0..count).filter(|at| entered(*at)));
    for start in starts {
        let mut stack = vec![(start, 0)];
        while let Some((at, next)) = stack.pop() {
            if next == 0 {
                if seen.get(at) != Some(&0) {
                    continue;
                }
                mark(&mut seen, at, 1);
            }
            let mut leaving =
                links.iter().enumerate().skip(next).filter(|(_, link)| link.from == at);
            let Some((number, link)) = leaving.next() else {
                mark(&mut seen, at, 2);
                continue;
            };
            stack.push((at, number + 1));
            match seen.get(link.to) {
                Some(0) => stack.push((link.to, 0)),
                Some(1) => mark(&mut turned, number, true),
                _ => {}
            }
        }
    }
    turned
}

fn mark<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

/// A chain that has a vertex in every layer.
fn with_passing(chain: &[usize], ranks: &[usize], sizes: &mut Vec<Size>) -> Vec<usize> {
    let mut whole = Vec::new();
    for pair in chain.windows(2) {
        let [from, to] = pair else { continue };
        whole.push(*from);
        let rank = |at: &usize| ranks.get(*at).copied().unwrap_or(0);
        for _ in rank(from) + 1..rank(to) {
            sizes.push(Size { across: PASSING, along: 0.0 });
            whole.push(sizes.len() - 1);
        }
    }
    whole.extend(chain.last());
    whole
}

/// The middle of each vertex, and where each layer begins and ends.
fn place(sizes: &[Size], chains: &[Vec<usize>], count: usize) -> (Vec<Middle>, Vec<(f64, f64)>) {
    let places = computed(sizes, chains);
    let ranks = ranks_of(&places);
    let mut layers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, rank) in ranks.iter().enumerate() {
        layers.entry(*rank).or_default().push(at);
    }
    let mut layers: Vec<Vec<usize>> = layers.into_values().collect();
    let u = |at: &usize| places.get(*at).map_or(0.0, |place| place.0);
    for layer in &mut layers {
        layer.sort_by(|a, b| u(a).total_cmp(&u(b)).then(a.cmp(b)));
    }
    let size = |at: usize| sizes.get(at).copied().unwrap_or_default();
    let room = |at: usize| size(at).across + if at < count { BESIDE } else { BESIDE_LINE };
    let rooms: Vec<f64> = (0..sizes.len()).map(room).collect();
    let starts: Vec<f64> = places.iter().map(|(u, _)| *u).collect();
    let across = relaxed(&layers, &rooms, chains, starts);
    let mut middles = vec![Middle::default(); sizes.len()];
    let (mut tops, mut top) = (Vec::new(), 0.0);
    for members in &layers {
        let along = members.iter().map(|at| size(*at).along).fold(0.0, f64::max);
        for at in members {
            let u = across.get(*at).copied().unwrap_or_default();
            mark(&mut middles, *at, Middle { u, v: top + along / 2.0 });
        }
        tops.push((top, top + along));
        top += along + BETWEEN;
    }
    let left = middles.iter().enumerate().map(|(at, m)| m.u - size(at).across / 2.0);
    let left = left.fold(f64::MAX, f64::min);
    for middle in &mut middles {
        middle.u -= left;
    }
    (middles, tops)
}

/// The layer of each place, counted from the top.
fn ranks_of(places: &[(f64, f64)]) -> Vec<usize> {
    let mut heights: Vec<f64> = places.iter().map(|(_, v)| *v).collect();
    heights.sort_by(f64::total_cmp);
    heights.dedup_by(|a, b| (*a - *b).abs() < 0.01);
    let rank = |v: f64| heights.iter().position(|height| (height - v).abs() < 0.01).unwrap_or(0);
    places.iter().map(|(_, v)| rank(*v)).collect()
}

/// Where the layout puts each vertex; its layers differ in the second number.
fn computed(sizes: &[Size], chains: &[Vec<usize>]) -> Vec<(f64, f64)> {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let vertices: Vec<(u32, (f64, f64))> =
        sizes.iter().enumerate().map(|(at, size)| (number(at), (size.across, 10.0))).collect();
    let mut edges: Vec<(u32, u32)> = Vec::new();
    for pair in chains.iter().flat_map(|chain| chain.windows(2)) {
        let [from, to] = pair else { continue };
        let edge = (number(*from), number(*to));
        if !edges.contains(&edge) {
            edges.push(edge);
        }
    }
    let config = Config { vertex_spacing: BESIDE, dummy_size: 0.5, ..Config::default() };
    let mut places = vec![(0.0, 0.0); sizes.len()];
    for (layout, ..) in from_vertices_and_edges(&vertices, &edges, &config) {
        for (at, place) in layout {
            mark(&mut places, at, place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples::random;

    /// Random edges between so many vertices, all connected, some of them labelled.
    fn sample(count: usize, more: usize, seed: u64) -> (Vec<Size>, Vec<Link>) {
        let mut next = random(seed);
        let sizes = (0..count).map(|at| Size {
            across: f64::from(u32::try_from(40 + at * 37 % 150).unwrap()),
            along: f64::from(u32::try_from(20 + at * 11 % 50).unwrap()),
        });
        let sizes = sizes.collect();
        let mut links = Vec::new();
        for at in 1..count {
            let (one, other) = (next(at), at);
            let (from, to) = if next(2) == 0 { (one, other) } else { (other, one) };
            links.push(Link { from, to, label: None });
        }
        for _ in 0..more {
            let (from, to) = (next(count), next(count));
            if from != to {
                let label = Some(Size { across: 50.0, along: 14.0 }).filter(|_| next(3) > 0);
                links.push(Link { from, to, label });
            }
        }
        (sizes, links)
    }

    /// Whether two things of these sizes lie apart.
    fn apart((a, size_a): (Middle, Size), (b, size_b): (Middle, Size)) -> bool {
        (a.u - b.u).abs() >= f64::midpoint(size_a.across, size_b.across) - 0.01
            || (a.v - b.v).abs() >= f64::midpoint(size_a.along, size_b.along) - 0.01
    }

    #[test]
    fn nothing_lies_on_anything_else() {
        for seed in 0..60 {
            let count = 2 + usize::try_from(seed).unwrap() * 3 % 60;
            let (sizes, links) = sample(count, count / 2, seed);
            let layers = arrange(&sizes, &links);
            let labels = layers.ways.iter().zip(&links);
            let labels = labels.filter_map(|(way, link)| Some((way.label?, link.label?)));
            let all: Vec<(Middle, Size)> =
                layers.vertices.iter().copied().zip(sizes.iter().copied()).chain(labels).collect();
            for (at, one) in all.iter().enumerate() {
                assert!(one.0.u - one.1.across / 2.0 > -0.01, "{seed} {one:?}");
                assert!(
                    one.0.u + one.1.across / 2.0 < layers.extent.across + 0.01,
                    "{seed} {one:?}"
                );
                for other in all.iter().skip(at + 1) {
                    assert!(apart(*one, *other), "{seed} {one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn no_line_runs_through_a_vertex_that_it_passes() {
        for seed in 0..40 {
            let (sizes, links) = sample(30, 12, seed);
            let layers = arrange(&sizes, &links);
            for way in &layers.ways {
                for (u, top, bottom) in &way.passes {
                    for (middle, size) in layers.vertices.iter().zip(&sizes) {
                        let in_layer = middle.v >= *top && middle.v <= *bottom;
                        let apart = (middle.u - u).abs() >= size.across / 2.0;
                        assert!(!in_layer || apart, "{seed} {way:?} {middle:?}");
                    }
                }
                assert!(way.between.0 < way.between.1, "{seed} {way:?}");
            }
        }
    }

    #[test]
    fn the_same_graph_looks_the_same() {
        let (sizes, links) = sample(50, 30, 5);
        let one = arrange(&sizes, &links);
        assert!((0..5).all(|_| arrange(&sizes, &links) == one));
    }

    #[test]
    fn a_circle_is_opened_where_it_closes() {
        let link = |from, to| Link { from, to, label: None };
        assert_eq!(
            against_the_grain(4, &[link(0, 1), link(1, 2), link(2, 1), link(2, 3), link(3, 0)]),
            [false, false, true, false, true]
        );
    }
}
