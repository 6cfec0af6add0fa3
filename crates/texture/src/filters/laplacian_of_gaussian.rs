//! The Laplacian of a Gaussian (L6PA).

use std::f64::consts::PI;

use hilum_core::{Grid, Volume};
use hilum_kernel::par;

use super::continued::Continued;
use super::separable::Separable;
use super::{Filter, Riesz, check_length, check_reach};
use crate::Error;

/// The Laplacian of a Gaussian: positive in dark blobs, negative in bright ones.
///
/// The kernel is sampled at voxel centres and cut at `truncation` sigmas along each axis, without any correction of
/// its sum; it is round in the patient. The unit of the derivatives is the spacing along columns, so that on
/// cubes the response is that of the standard, per squared voxel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaplacianOfGaussian {
    /// Scale `σ` of the Gaussian in mm (41LN).
    pub sigma: f64,
    /// Sigmas at which the kernel is cut (WGPM); 4 in the standard's examples.
    pub truncation: f64,
    /// A Riesz transform of the response.
    pub riesz: Option<Riesz>,
}

/// A Gaussian along one axis, and its second derivative per squared unit.
struct Line {
    blur: Vec<f64>,
    bend: Vec<f64>,
}

impl LaplacianOfGaussian {
    fn lines(self, grid: &Grid, filter: &Filter) -> Result<[Line; 3], Error> {
        check_length("sigma in mm", self.sigma)?;
        check_length("truncation", self.truncation)?;
        let spacing = grid.spacing();
        let radius = spacing.map(|spacing| radius(self.sigma / spacing, self.truncation) as usize);
        check_reach(&radius)?;
        Ok([0, 1, 2].map(|axis| {
            if !filter.axes().contains(&axis) {
                return Line { blur: Vec::new(), bend: Vec::new() };
            }
            Line::new(self.sigma / spacing[axis], self.truncation, spacing[2] / spacing[axis])
        }))
    }

    /// With a Riesz transform by way of frequencies, otherwise axis by axis: the Laplacian is a sum of products.
    pub(super) fn response(
        self,
        image: &Volume<f32>,
        filter: &Filter,
    ) -> Result<Volume<f32>, Error> {
        let lines = self.lines(image.grid(), filter)?;
        if let Some(riesz) = self.riesz {
            riesz.check(filter)?;
            return with_riesz(image, filter, &lines, riesz);
        }
        let mut sum: Option<Volume<f32>> = None;
        for bent in filter.axes() {
            let taps =
                |axis: usize| if axis == *bent { &lines[axis].bend } else { &lines[axis].blur };
            let mut part = par::copy(image);
            Separable([0, 1, 2].map(|axis| taps(axis).clone())).apply(&mut part, filter);
            sum = Some(match sum {
                Some(sum) => par::zip(&sum, &part, |a, b| a + b),
                None => part,
            });
        }
        Ok(sum.expect("there are axes to filter along"))
    }
}

impl Line {
    /// For a sigma in voxels, and voxels of so many units' inverse length.
    fn new(sigma: f64, truncation: f64, voxels_per_unit: f64) -> Self {
        let radius = radius(sigma, truncation) as i32;
        let steps = (-radius..=radius).map(f64::from);
        let blur: Vec<f64> = steps
            .clone()
            .map(|n| (-0.5 * (n / sigma).powi(2)).exp() / (2.0 * PI).sqrt() / sigma)
            .collect();
        let curvature = |n: f64| ((n / sigma).powi(2) - 1.0) / sigma.powi(2);
        let bend = steps.zip(&blur).map(|(n, tap)| tap * curvature(n) * voxels_per_unit.powi(2));
        Self { bend: bend.collect(), blur }
    }
}

/// Taps on either side of the middle, for a sigma in voxels.
fn radius(sigma: f64, truncation: f64) -> f64 {
    (truncation * sigma + 0.5).floor()
}

/// By way of frequencies: the transform of the kernel is a sum of products as well. The image is continued
/// by twice the kernel, where the Riesz transform of it has all but died away.
fn with_riesz(
    image: &Volume<f32>,
    filter: &Filter,
    lines: &[Line; 3],
    riesz: Riesz,
) -> Result<Volume<f32>, Error> {
    let axes = filter.axes();
    let reach = [0, 1, 2].map(|axis| lines[axis].blur.len().max(16));
    let continued = Continued::new(image.grid(), filter, reach)?;
    // Transforms of blur and bend along each axis, at each place of it.
    let spectra = [0, 1, 2].map(|axis| {
        let angle = |n| {
            let mut place = [0; 3];
            place[axis] = n;
            continued.wave(place, filter).per_voxel[axis]
        };
        let both = |n| [&lines[axis].blur, &lines[axis].bend].map(|taps| cosines(taps, angle(n)));
        (0..continued.grid.shape()[axis]).map(both).collect::<Vec<[f64; 2]>>()
    });
    let kernel = |place: [usize; 3]| -> f64 {
        let part = |axis: usize, bent: usize| spectra[axis][place[axis]][usize::from(axis == bent)];
        axes.iter().map(|bent| axes.iter().map(|axis| part(*axis, *bent)).product::<f64>()).sum()
    };
    Ok(continued.through(image, filter, |place, wave| riesz.at(wave) * kernel(place)))
}

/// The transform of symmetrical taps at an angle per voxel.
fn cosines(taps: &[f64], angle: f64) -> f64 {
    let middle = (taps.len() / 2) as f64;
    taps.iter().enumerate().map(|(n, tap)| tap * (angle * (n as f64 - middle)).cos()).sum()
}
