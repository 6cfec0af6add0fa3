//! From levels to heights, and from what is seen to the whole surface.

use ndarray::Array2;

use crate::fissures::plates::Plates;
use crate::fissures::slab::{LEVELS, RISE, Slab};

/// What is known of the nodes.
pub(crate) struct Marks {
    /// Heights of a fissure above the sheet in mm.
    pub(crate) height: Array2<f64>,
    /// How sure it is seen there, 0 to 1; NaN where nothing can be told.
    pub(crate) seen: Array2<f32>,
}

/// Weight of a height that was found without being seen.
const FLOOR: f64 = 0.03;
/// Levels by which a plate may be off the height that was found.
const NEAR: usize = 2;

/// The strongest plates near the heights that were found.
pub(crate) fn marks(slab: &Slab, plates: &Plates, heights: &Array2<f64>) -> Marks {
    let mut marks = Marks { height: heights.clone(), seen: Array2::zeros(heights.dim()) };
    for ((a, b), found) in heights.indexed_iter() {
        let place = |level: usize| [level, a * slab.fine, b * slab.fine];
        let (height, level) = strongest(|level| plates.excess.at(place(level)), *found);
        let seen = level.map_or(f32::NAN, |level| plates.strength.at(place(level)));
        marks.seen[[a, b]] = seen;
        if seen > 0.0 {
            marks.height[[a, b]] = height;
        }
    }
    marks
}

/// Height and level of the greatest excess in a column near a height; the height is the top of a parabola
/// through three levels.
fn strongest(column: impl Fn(usize) -> f32, found: f64) -> (f64, Option<usize>) {
    let last = 2 * LEVELS;
    let middle = (found / RISE + LEVELS as f64).round().clamp(0.0, last as f64) as usize;
    let near = middle.saturating_sub(NEAR)..=(middle + NEAR).min(last);
    let best = near
        .filter(|level| column(*level).is_finite())
        .reduce(|best, level| if column(level) > column(best) { level } else { best });
    let Some(best) = best else { return (found, None) };
    let here = column(best);
    let mut height = Slab::rise(best);
    if best > 0 && best < last {
        let (below, above) = (column(best - 1), column(best + 1));
        let bend = 2.0 * here - below - above;
        if bend > 0.0 {
            let shift = (above - below) / (2.0 * bend);
            height += RISE * f64::from(shift.clamp(-0.5, 0.5));
        }
    }
    (height, Some(best))
}

/// A smooth surface through the marks, by how sure they are: between and beyond them it bends least.
///
/// Minimises `Σ s (h - m)² + stiff · Σ (second differences of h)² + Σ weak h²` by conjugate gradients.
pub(crate) fn smooth(marks: &Marks, weak: &Array2<f64>, stiff: f64) -> Array2<f64> {
    let weight = marks.seen.mapv(|seen| f64::from(seen.max(0.0)) + FLOOR);
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
