//! Moves the members of each layer to where their neighbours are, without changing their order and without letting two
//! come closer than they may. Repeated, this pulls lines straight and the whole together.

/// How often all layers are gone through.
const ROUNDS: usize = 200;

/// Where each vertex goes across its layer. `rooms` is how wide each is with what is left free around it.
pub(super) fn relaxed(
    layers: &[Vec<usize>],
    rooms: &[f64],
    chains: &[Vec<usize>],
    starts: Vec<f64>,
) -> Vec<f64> {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); rooms.len()];
    for pair in chains.iter().flat_map(|chain| chain.windows(2)) {
        let [one, other] = pair else { continue };
        for (at, next) in [(*one, *other), (*other, *one)] {
            if let Some(list) = neighbours.get_mut(at) {
                list.push(next);
            }
        }
    }
    let mut places = starts;
    for round in 0..ROUNDS {
        let down = round % 2 == 0;
        for step in 0..layers.len() {
            let layer = layers.get(if down { step } else { layers.len() - 1 - step });
            let Some(layer) = layer else { continue };
            let wanted: Vec<f64> =
                layer.iter().map(|at| wanted(*at, &neighbours, &places)).collect();
            let rooms: Vec<f64> =
                layer.iter().map(|at| rooms.get(*at).copied().unwrap_or(0.0)).collect();
            for (at, place) in layer.iter().zip(nearest(&wanted, &rooms)) {
                if let Some(slot) = places.get_mut(*at) {
                    *slot = place;
                }
            }
        }
    }
    places
}

/// The middle of its neighbours; its own place where it has none.
#[expect(clippy::cast_precision_loss, reason = "a few hundred neighbours")]
fn wanted(at: usize, neighbours: &[Vec<usize>], places: &[f64]) -> f64 {
    let place = |at: usize| places.get(at).copied().unwrap_or(0.0);
    match neighbours.get(at).map(Vec::as_slice) {
        None | Some([]) => place(at),
        Some(list) => list.iter().map(|next| place(*next)).sum::<f64>() / list.len() as f64,
    }
}

/// The places nearest to those that are wanted, in order and far enough apart: what would come too close moves as one
/// block to the middle of what its members want.
#[expect(clippy::cast_precision_loss, reason = "a few hundred members")]
fn nearest(wanted: &[f64], rooms: &[f64]) -> Vec<f64> {
    let mut offsets = Vec::with_capacity(rooms.len());
    let mut end = 0.0;
    for room in rooms {
        offsets.push(end + room / 2.0);
        end += room;
    }
    // Each block: how many members it has, and the sum of what they want.
    let mut blocks: Vec<(usize, f64)> = Vec::new();
    for (wanted, offset) in wanted.iter().zip(&offsets) {
        let mut block = (1, wanted - offset);
        while let Some((count, sum)) = blocks.last().copied() {
            if sum / count as f64 <= block.1 / block.0 as f64 {
                break;
            }
            block = (block.0 + count, block.1 + sum);
            blocks.pop();
        }
        blocks.push(block);
    }
    let bases =
        blocks.iter().flat_map(|(count, sum)| std::iter::repeat_n(sum / *count as f64, *count));
    bases.zip(offsets).map(|(base, offset)| base + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_get_what_they_want_unless_they_come_too_close() {
        assert_eq!(nearest(&[0.0, 50.0], &[10.0, 10.0]), [0.0, 50.0]);
        assert_eq!(nearest(&[10.0, 10.0], &[10.0, 20.0]), [2.5, 17.5]);
        assert_eq!(nearest(&[9.0, 0.0, 3.0], &[2.0, 2.0, 2.0]), [2.0, 4.0, 6.0]);
        assert_eq!(nearest(&[], &[]), [0.0; 0]);
    }

    #[test]
    fn a_star_is_drawn_together() {
        let layers = [vec![0], vec![1, 2, 3]];
        let chains = [vec![0, 1], vec![0, 2], vec![0, 3]];
        let places = relaxed(&layers, &[10.0; 4], &chains, vec![0.0, 5.0, 90.0, 400.0]);
        let near = |a: f64, b: f64| (a - b).abs() < 0.01;
        assert!(near(places[2] - places[1], 10.0) && near(places[0], places[2]), "{places:?}");
    }
}
