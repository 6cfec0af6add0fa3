//! Reading a picture's pixels from voxels, one axis at a time.

use ndarray::ArrayView2;

use super::view::Side;

/// Which voxels each pixel along one side is made of, and how much of each.
///
/// Pixels larger than voxels take the mean of what they cover; smaller ones are interpolated
/// linearly between the voxel centres.
#[derive(Clone, Debug)]
pub(super) struct Taps {
    /// First voxel of each pixel, counted from the start of the side.
    starts: Vec<usize>,
    /// `each` weights for every pixel; they add up to 1.
    weights: Vec<f32>,
    each: usize,
}

impl Taps {
    /// Pixels of `pixel` mm along a side, as many as cover it. The side holds at least one voxel.
    pub(super) fn new(side: &Side, pixel: f64) -> Self {
        let voxels = side.range.len();
        let pixels = (side.extent() / pixel).round().max(1.0) as usize;
        let scale = voxels as f64 / pixels as f64;
        let each = (scale.ceil() as usize + 1).max(2).min(voxels);
        let mut taps =
            Self { starts: Vec::with_capacity(pixels), weights: vec![0.0; pixels * each], each };
        for (pixel, weights) in taps.weights.chunks_mut(each).enumerate() {
            let [from, to] = if scale >= 1.0 {
                [pixel as f64 * scale, (pixel + 1) as f64 * scale]
            } else {
                // The triangle of linear interpolation is a box of one voxel around the centre.
                let centre = (pixel as f64 + 0.5) * scale;
                [centre - 0.5, centre + 0.5]
            };
            taps.starts.push(cover(weights, [from, to], voxels));
        }
        taps
    }

    /// Number of pixels.
    pub(super) fn pixels(&self) -> usize {
        self.starts.len()
    }

    /// The voxel in the middle of each pixel, for a side of so many voxels.
    fn middles(&self, voxels: usize) -> impl Iterator<Item = usize> {
        let scale = voxels as f64 / self.pixels() as f64;
        (0..self.pixels()).map(move |pixel| ((pixel as f64 + 0.5) * scale) as usize)
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.starts.iter().copied().zip(self.weights.chunks(self.each))
    }
}

/// Fills `weights` with the share of `[from, to]` that each voxel covers, and returns the first
/// voxel. What lies outside falls to the outermost voxel.
fn cover(weights: &mut [f32], [from, to]: [f64; 2], voxels: usize) -> usize {
    let last = voxels - weights.len();
    let start = (from.max(0.0) as usize).min(last);
    for (n, weight) in weights.iter_mut().enumerate() {
        let voxel = start + n;
        let low = if voxel == 0 { f64::NEG_INFINITY } else { voxel as f64 };
        let high = if voxel + 1 == voxels { f64::INFINITY } else { (voxel + 1) as f64 };
        *weight = ((to.min(high) - from.max(low)).max(0.0) / (to - from)) as f32;
    }
    start
}

/// A plane of voxels as pixels, row by row: `value` of each voxel, averaged or interpolated.
///
/// `plane` is turned the right way round already. Cost: `O(voxels + pixels)`.
pub(super) fn pixels<T>(
    plane: &ArrayView2<'_, T>,
    value: impl Fn(&T) -> f32,
    rows: &Taps,
    columns: &Taps,
) -> Vec<f32> {
    let width = columns.pixels();
    let mut narrow = vec![0.0_f32; plane.nrows() * width];
    let mut line = vec![0.0_f32; plane.ncols()];
    for (row, out) in plane.rows().into_iter().zip(narrow.chunks_mut(width)) {
        for (voxel, value) in line.iter_mut().zip(row.iter().map(&value)) {
            *voxel = value;
        }
        match columns.each {
            // The common sizes are unrolled: they are most of the cost of a picture.
            2 => along::<2>(&line, columns, out),
            3 => along::<3>(&line, columns, out),
            _ => along_any(&line, columns, out),
        }
    }
    let mut image = vec![0.0_f32; rows.pixels() * width];
    for (out, (start, weights)) in image.chunks_mut(width).zip(rows.iter()) {
        for (source, weight) in narrow[start * width..].chunks(width).zip(weights) {
            for (out, value) in out.iter_mut().zip(source) {
                *out += value * weight;
            }
        }
    }
    image
}

fn along<const EACH: usize>(line: &[f32], taps: &Taps, out: &mut [f32]) {
    let (weights, _) = taps.weights.as_chunks::<EACH>();
    for ((out, start), weights) in out.iter_mut().zip(&taps.starts).zip(weights) {
        let voxels = &line[*start..*start + EACH];
        *out = (0..EACH).map(|n| voxels[n] * weights[n]).sum();
    }
}

fn along_any(line: &[f32], taps: &Taps, out: &mut [f32]) {
    for (out, (start, weights)) in out.iter_mut().zip(taps.iter()) {
        *out = line[start..].iter().zip(weights).map(|(voxel, weight)| voxel * weight).sum();
    }
}

/// A plane of voxels as pixels, row by row: the voxel in which the middle of each pixel lies.
pub(super) fn nearest<T: Copy>(plane: &ArrayView2<'_, T>, rows: &Taps, columns: &Taps) -> Vec<T> {
    let columns: Vec<usize> = columns.middles(plane.ncols()).collect();
    let mut image = Vec::with_capacity(rows.pixels() * columns.len());
    for row in rows.middles(plane.nrows()) {
        let row = plane.row(row);
        image.extend(columns.iter().map(|column| row[*column]));
    }
    image
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    fn side(voxels: usize, spacing: f64) -> Side {
        Side { axis: 0, range: 0..voxels, reversed: false, spacing }
    }

    #[test]
    fn weights_of_every_pixel_add_up_to_one() {
        for (voxels, spacing, pixel) in [(7, 1.0, 2.3), (7, 2.5, 0.6), (1, 1.0, 0.1), (5, 1.0, 1.0)]
        {
            for (_, weights) in Taps::new(&side(voxels, spacing), pixel).iter() {
                assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{weights:?}");
            }
        }
    }

    #[test]
    fn a_ramp_stays_a_ramp() {
        // Pixel centres of a ramp carry their own position, whichever way the size changes.
        for pixel in [0.4, 1.0, 3.0] {
            let plane = Array2::from_shape_fn((1, 60), |(_, i)| i as f32 + 0.5);
            let columns = Taps::new(&side(60, 1.0), pixel);
            let image = pixels(&plane.view(), |v| *v, &Taps::new(&side(1, 1.0), 1.0), &columns);
            for (n, value) in image.iter().enumerate().skip(2).take(columns.pixels() - 4) {
                let expected = (n as f64 + 0.5) * 60.0 / columns.pixels() as f64;
                assert!((f64::from(*value) - expected).abs() < 1e-4, "{n}: {value}, {expected}");
            }
        }
    }
}
