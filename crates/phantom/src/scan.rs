//! From anatomy to an image: point spread, noise, rounding, field of view.

use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_kernel::par;

use crate::exact::taps;
use crate::filter::{Plane, gain, sum_of_slices};
use crate::random::Stream;

/// How the scanner makes an image of the anatomy.
///
/// The point spread is Gaussian along the axes of the grid, whatever their direction in the
/// patient. Noise is white Gaussian noise filtered by a Gaussian of its own (`grain`), so that
/// its power spectrum at the frequencies `f` (cycles per mm) is
/// `noise² · N · exp(-4π²(grain²(f_i² + f_j²) + slice_grain² f_k²))`, with `N` such that the
/// variance is `noise²`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Standard deviation of the point spread in the slice, in mm.
    pub blur: f64,
    /// Standard deviation of the slice profile along `k`, in mm, beyond the averaging over the
    /// thickness of a voxel.
    pub slice_blur: f64,
    /// Standard deviation of the noise in HU.
    pub noise: f64,
    /// Standard deviation of the filter of the noise in the slice, in mm; 0 is white noise.
    pub grain: f64,
    /// Standard deviation of the filter of the noise along `k`, in mm; 0 is white noise.
    pub slice_grain: f64,
    /// Diameter in mm of the reconstructed circle around the middle of each slice; what is
    /// outside holds `padding`.
    pub field_of_view: Option<f64>,
    /// CT number of voxels outside of the field of view.
    pub padding: Hu,
    /// Lowest CT number that the scanner writes.
    pub lowest: Hu,
}

impl Default for Scan {
    /// 20 HU of noise, a soft kernel, thin slices, no circle.
    fn default() -> Self {
        Self {
            blur: 0.55,
            slice_blur: 0.45,
            noise: 20.0,
            grain: 0.5,
            slice_grain: 0.4,
            field_of_view: None,
            padding: Hu(-2000),
            lowest: Hu(-1024),
        }
    }
}

impl Scan {
    /// Anatomy as it is: no blur, no noise, no circle; only rounding is left.
    pub fn ideal() -> Self {
        Self { blur: 0.0, slice_blur: 0.0, noise: 0.0, ..Self::default() }
    }

    /// Blurs anatomy along the slices, in place of the caller's slice.
    pub(crate) fn blur_slice(&self, grid: &Grid, slice: &mut [f32]) {
        if self.blur <= 0.0 {
            return;
        }
        let [_, rows, columns] = grid.shape();
        let sharp = slice.to_vec();
        let value = |j: i64, i: i64| {
            let j = j.clamp(0, rows as i64 - 1) as usize;
            sharp[j * columns + i.clamp(0, columns as i64 - 1) as usize]
        };
        plane(grid, self.blur).filter(value, slice);
    }

    /// Blurs a volume whose slices are blurred already, across them.
    pub(crate) fn blur_across(&self, volume: Volume<f32>) -> Volume<f32> {
        if self.slice_blur <= 0.0 {
            return volume;
        }
        let taps = taps(self.slice_blur / volume.grid().spacing()[0]);
        let reach = taps.len() as i64 / 2;
        let mut blurred = Volume::filled(volume.grid(), 0.0);
        par::for_each_slice(&mut blurred, |k, sum| {
            sum_of_slices(&volume, &taps, k as i64 - reach, sum);
        });
        blurred
    }

    /// The image of noiseless values: noise added, rounded, cut to the field of view.
    pub(crate) fn image(&self, noiseless: &Volume<f32>, seed: u64) -> Ct {
        let grid = noiseless.grid();
        let noise = self.noise_field(grid, seed);
        let profile = taps(self.slice_grain / grid.spacing()[0]);
        let area = grid.shape()[1] * grid.shape()[2];
        let mut hu = Volume::filled(grid, Hu(0));
        par::for_each_slice(&mut hu, |k, slice| {
            let mut sum = vec![0.0; area];
            if let Some(noise) = &noise {
                sum_of_slices(noise, &profile, k as i64, &mut sum);
            }
            let clean = &noiseless.as_slice()[k * area..];
            for ((hu, noise), clean) in slice.iter_mut().zip(&sum).zip(clean) {
                *hu = Hu::nearest(clean + noise).max(self.lowest);
            }
            self.cut(grid, slice);
        });
        let padding = self.field_of_view.map(|_| self.padding.0..=self.padding.0);
        Ct::new(hu).with_padding(padding)
    }

    /// Noise filtered within its slices, with slices to spare at both ends for the profile.
    fn noise_field(&self, grid: &Grid, seed: u64) -> Option<Volume<f32>> {
        if self.noise <= 0.0 {
            return None;
        }
        let plane = plane(grid, self.grain);
        let profile = taps(self.slice_grain / grid.spacing()[0]);
        let scale = self.noise / (plane.noise_gain() * gain(&profile));
        let reach = profile.len() / 2;
        let [slices, rows, columns] = grid.shape();
        let wide = grid.window([-(reach as f64), 0.0, 0.0], [slices + 2 * reach, rows, columns]);
        let stream = Stream::new(seed, 1);
        let mut noise = Volume::filled(&wide, 0.0);
        par::for_each_slice(&mut noise, |k, slice| {
            let k = k as i64 - reach as i64;
            plane.filter(|j, i| (scale * stream.normal([k, j, i])) as f32, slice);
        });
        Some(noise)
    }

    fn cut(&self, grid: &Grid, slice: &mut [Hu]) {
        let Some(diameter) = self.field_of_view else { return };
        let [_, rows, columns] = grid.shape();
        let (centre_j, centre_i) = ((rows as f64 - 1.0) / 2.0, (columns as f64 - 1.0) / 2.0);
        for (n, hu) in slice.iter_mut().enumerate() {
            let step = [0.0, (n / columns) as f64 - centre_j, (n % columns) as f64 - centre_i];
            if (grid.axes() * nalgebra::Vector3::from(step)).norm() > diameter / 2.0 {
                *hu = self.padding;
            }
        }
    }
}

fn plane(grid: &Grid, sigma: f64) -> Plane {
    let ([_, dj, di], [_, rows, columns]) = (grid.spacing(), grid.shape());
    Plane::new(sigma, [dj, di], [rows, columns])
}
