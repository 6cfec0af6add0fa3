//! From levels to heights, and from what is seen to the whole surface.

use hilum_core::Volume;
use ndarray::Array2;

use crate::fissures::costs::COARSE;
use crate::fissures::slab::{LEVELS, RISE, Slab};

/// What is known of a node: the height of a fissure there above the sheet in mm and how sure it is.
pub(crate) struct Marks {
    pub(crate) height: Array2<f64>,
    pub(crate) seen: Array2<f32>,
}

/// The strongest plate near the level that was found at each node.
pub(crate) fn marks(slab: &Slab, plates: &Volume<f32>, levels: &Array2<usize>) -> Marks {
    let mut height = Array2::zeros(levels.dim());
    let mut seen = Array2::zeros(levels.dim());
    for ((a, b), level) in levels.indexed_iter() {
        let middle = level * COARSE;
        let at = |level: usize| plates.at([level, a * slab.fine, b * slab.fine]);
        let near = middle.saturating_sub(2)..=(middle + 2).min(2 * LEVELS);
        let best = near.fold(middle, |best, level| if at(level) > at(best) { level } else { best });
        height[[a, b]] = Slab::rise(best);
        if best > 0 && best < 2 * LEVELS && at(best) > 0.0 {
            let (below, here, above) = (at(best - 1), at(best), at(best + 1));
            let bend = 2.0 * here - below - above;
            if bend > 0.0 {
                height[[a, b]] +=
                    RISE * f64::from(((above - below) / (2.0 * bend)).clamp(-0.5, 0.5));
            }
        }
        seen[[a, b]] = at(best);
    }
    Marks { height, seen }
}

/// A smooth surface through the marks, by how sure they are: between and beyond them it bends least.
///
/// Minimises `Σ s (h - m)² + stiff · Σ (second differences of h)² + Σ weak h²` by conjugate gradients.
pub(crate) fn smooth(marks: &Marks, weak: &Array2<f64>, stiff: f64) -> Array2<f64> {
    let weight = marks.seen.mapv(f64::from);
    let wanted = &weight * &marks.height;
    let apply = |h: &Array2<f64>| -> Array2<f64> {
        let mut out = (&weight + weak) * h;
        bend(h, stiff, &mut out);
        out
    };
    let mut h = marks.height.clone();
    let mut rest = &wanted - &apply(&h);
    let mut way = rest.clone();
    let mut square = dot(&rest, &rest);
    let enough = 1e-12 * dot(&wanted, &wanted).max(1e-12);
    for _ in 0..400 {
        if square <= enough {
            break;
        }
        let pushed = apply(&way);
        let length = square / dot(&way, &pushed);
        h.scaled_add(length, &way);
        rest.scaled_add(-length, &pushed);
        let next = dot(&rest, &rest);
        way = &rest + &(&way * (next / square));
        square = next;
    }
    h
}

fn dot(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Adds the derivative of half the squared second differences (along, across, twice the mixed ones).
fn bend(h: &Array2<f64>, stiff: f64, out: &mut Array2<f64>) {
    let (rows, columns) = h.dim();
    for a in 0..rows {
        for b in 0..columns {
            if a + 2 < rows {
                let second = stiff * (h[[a, b]] - 2.0 * h[[a + 1, b]] + h[[a + 2, b]]);
                out[[a, b]] += second;
                out[[a + 1, b]] -= 2.0 * second;
                out[[a + 2, b]] += second;
            }
            if b + 2 < columns {
                let second = stiff * (h[[a, b]] - 2.0 * h[[a, b + 1]] + h[[a, b + 2]]);
                out[[a, b]] += second;
                out[[a, b + 1]] -= 2.0 * second;
                out[[a, b + 2]] += second;
            }
            if a + 1 < rows && b + 1 < columns {
                let mixed = h[[a, b]] - h[[a + 1, b]] - h[[a, b + 1]] + h[[a + 1, b + 1]];
                let mixed = 2.0 * stiff * mixed;
                out[[a, b]] += mixed;
                out[[a + 1, b]] -= mixed;
                out[[a, b + 1]] -= mixed;
                out[[a + 1, b + 1]] += mixed;
            }
        }
    }
}
