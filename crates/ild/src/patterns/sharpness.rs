//! How sharp the scan is within its slices, seen at the pleura.

use hilum_kernel::par;

use crate::patterns::frame::Frame;

/// How far in mm a row is followed out of the lung and into it.
const REACH: [f64; 2] = [3.8, 5.2];
/// Voxels at either end of it whose mean stands for what lies there.
const END: usize = 3;
/// Least density in HU of what lies outside, and greatest of the lung: else the edge is not one of wall and normal lung.
const WALL: f32 = -100.0;
const LUNG: f32 = -700.0;
/// Quantile of the widths that stands for an edge met at a right angle: most are met aslant and look wider.
const STRAIGHT: f64 = 0.1;
/// Edges that must speak, and the blur in mm that is taken for granted otherwise.
const ENOUGH: usize = 200;
const USUAL: f32 = 0.65;
/// Blurs in mm that a scan of the chest can have.
const POSSIBLE: [f32; 2] = [0.35, 1.0];

/// Blur of the scan along its rows as the standard deviation of a Gaussian, in mm.
///
/// Cost: the rows around the pleura are read once.
pub(crate) fn blur(frame: &Frame) -> f32 {
    let [slices, rows, columns] = frame.grid.shape();
    let step = frame.grid.spacing()[2];
    let [out, into] = REACH.map(|mm| ((mm / step).round() as usize).max(END + 1));
    let (hu, lung) = (frame.hu.as_slice(), frame.lung.as_slice());
    let widths = par::collect(slices, |k| {
        let mut widths = Vec::new();
        for start in (0..rows).map(|j| (k * rows + j) * columns) {
            for i in out..columns.saturating_sub(into) {
                if lung[start + i] && !lung[start + i - 1] {
                    let profile = &hu[start + i - out..start + i + into];
                    widths.extend(width(profile, step as f32));
                }
            }
        }
        widths
    });
    let mut widths = widths.concat();
    if widths.len() < ENOUGH {
        return USUAL;
    }
    let place = ((widths.len() - 1) as f64 * STRAIGHT) as usize;
    let [low, high] = POSSIBLE;
    widths.select_nth_unstable_by(place, f32::total_cmp).1.clamp(low, high)
}

/// Blur in mm of an edge from wall to lung, one voxel each `step` mm: for a step of `d` HU blurred by a Gaussian of `s` mm
/// the squared slope sums up to `d² / (2 s √π)`. A difference of neighbours is a mean slope over `step`: what comes out is `√(s² + step²/12)`.
/// What the innermost voxels differ by is noise, and taken out.
fn width(profile: &[f32], step: f32) -> Option<f32> {
    let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
    let (outside, inside) = (mean(&profile[..END]), mean(&profile[profile.len() - END..]));
    if outside < WALL || inside > LUNG {
        return None;
    }
    let squares: Vec<f32> = profile.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).collect();
    let noise = mean(&squares[squares.len() + 1 - END..]) * squares.len() as f32;
    let slope = (squares.iter().sum::<f32>() - noise).max(1.0) / step;
    let drop = outside - inside;
    Some(drop * drop / (2.0 * std::f32::consts::PI.sqrt() * slope))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A step of 900 HU under a Gaussian of `sigma` mm at `x` mm, summed up in small steps.
    fn edge(x: f64, sigma: f64) -> f32 {
        let density = |u: f64| (-0.5 * u * u).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let share: f64 = (-8000..8000)
            .map(|n| f64::from(n) * 0.001)
            .filter(|u| *u < x / sigma)
            .map(|u| density(u) * 0.001)
            .sum();
        (40.0 - 900.0 * share) as f32
    }

    #[test]
    fn the_width_of_a_blurred_step_is_its_blur() {
        for sigma in [0.5, 0.7, 0.9] {
            let step = 0.6;
            let profile: Vec<f32> = (-6..9).map(|n| edge(f64::from(n) * step, sigma)).collect();
            let found = width(&profile, step as f32).expect("an edge of wall and lung");
            let with_voxel = sigma.hypot(step / 12.0_f64.sqrt());
            assert!((f64::from(found) / with_voxel - 1.0).abs() < 0.01, "{found} mm for {sigma}");
        }
    }

    #[test]
    fn an_edge_of_dense_lung_says_nothing() {
        let profile: Vec<f32> = (-6..9).map(|n| edge(f64::from(n), 0.7) * 0.5).collect();
        assert_eq!(width(&profile, 1.0), None);
    }
}
