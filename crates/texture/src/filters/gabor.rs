//! Gabor kernels (Q88H).

use std::f64::consts::PI;

use hilum_core::{Grid, Volume};
use hilum_kernel::{Complex, Direction, fourier, par};
use nalgebra::Matrix3;

use super::continued::Continued;
use super::{Filter, Pooling, check_length, check_reach};
use crate::Error;

/// What becomes of the complex response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GaborResponse {
    /// The absolute value.
    Modulus,
    /// The real part: even kernels.
    Real,
    /// The imaginary part: odd kernels.
    Imaginary,
}

/// Which way waves run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Orientation {
    /// One angle `θ` in radians, from columns (`i`) towards rows (`j`): clockwise on the screen (FQER).
    Angle(f64),
    /// Angles all round the circle, so many radians apart, pooled. In the volume, the responses
    /// in all three planes of the lattice are pooled as well.
    All {
        /// Angle between neighbours, in radians: a whole part of the circle (XTGK).
        step: f64,
        /// How responses become one.
        pooling: Pooling,
    },
}

/// A wave under a Gaussian, in the plane of two axes:
/// `exp(-(x² + γ² y²) / 2σ² + 2πi x/λ)` with `x` along the wave. The kernel is not scaled.
///
/// It is cut where the Gaussian has fallen below four millionths. With one angle the planes are the slices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gabor {
    /// Scale `σ` of the Gaussian along the wave in mm (41LN).
    pub sigma: f64,
    /// Length `λ` of the wave in mm (S4N6).
    pub wavelength: f64,
    /// Aspect ratio `γ`: the Gaussian is `σ/γ` wide across the wave (GDR5).
    pub gamma: f64,
    /// Which way waves run.
    pub orientation: Orientation,
    /// What becomes of the complex response.
    pub response: GaborResponse,
}

/// Sigmas at which the kernel is cut.
const CUT: f64 = 5.0;

/// Angles beyond which a step is a typing error.
const MOST_ANGLES: f64 = 360.0;

/// Orders of axes that bring each plane into the place of slices.
const PLANES: [[usize; 3]; 3] = [[0, 1, 2], [1, 0, 2], [2, 0, 1]];

impl Gabor {
    pub(super) fn response(
        &self,
        image: &Volume<f32>,
        filter: &Filter,
    ) -> Result<Volume<f32>, Error> {
        check_length("sigma in mm", self.sigma)?;
        check_length("wavelength in mm", self.wavelength)?;
        check_length("gamma", self.gamma)?;
        let (angles, pooling) = self.angles()?;
        let all_planes = matches!(self.orientation, Orientation::All { .. }) && !filter.by_slice;
        let planes = &PLANES[..if all_planes { 3 } else { 1 }];
        pooling.of(planes.len(), |n| {
            let order = planes[n];
            let response = self.in_plane(&reordered(image, order), filter, &angles, pooling)?;
            // Each order but the last is its own inverse.
            Ok(reordered(&response, if order == [2, 0, 1] { [1, 2, 0] } else { order }))
        })
    }

    fn angles(&self) -> Result<(Vec<f64>, Pooling), Error> {
        let (step, pooling) = match self.orientation {
            Orientation::Angle(angle) if angle.is_finite() => {
                return Ok((vec![angle], Pooling::Average));
            }
            Orientation::Angle(angle) => {
                return Err(Error::setting(format!("an angle of {angle}"), "radians"));
            }
            Orientation::All { step, pooling } => (step, pooling),
        };
        let count = (2.0 * PI / step).round();
        if !(1.0..=MOST_ANGLES).contains(&count) || (count * step - 2.0 * PI).abs() > 1e-6 {
            let found = format!("an angle of {step} between orientations");
            return Err(Error::setting(found, "a 1st to 360th part of the circle, in radians"));
        }
        // Opposite waves are complex conjugates.
        let half = count % 2.0 == 0.0 && self.response != GaborResponse::Imaginary;
        let taken = if half { count / 2.0 } else { count } as usize;
        Ok(((0..taken).map(|n| n as f64 * 2.0 * PI / count).collect(), pooling))
    }

    /// The response slice by slice, pooled over angles.
    fn in_plane(
        &self,
        image: &Volume<f32>,
        filter: &Filter,
        angles: &[f64],
        pooling: Pooling,
    ) -> Result<Volume<f32>, Error> {
        let filter = Filter { by_slice: true, ..filter.clone() };
        let widest = CUT * self.sigma.max(self.sigma / self.gamma);
        let reach = image.grid().spacing().map(|spacing| (widest / spacing).ceil() as usize);
        check_reach(&reach)?;
        let continued = Continued::new(image.grid(), &filter, reach)?;
        let kernels: Vec<_> =
            angles.iter().map(|angle| self.kernel(&continued.grid, reach, *angle)).collect();
        let mut pooled = Volume::filled(image.grid(), 0.0_f32);
        let factor = |n: usize, [_, j, i]: [usize; 3]| kernels[n].at([0, j, i]);
        let share = 1.0 / angles.len() as f32;
        continued.respond(image, &filter, angles.len(), factor, |n, first, slab| {
            continued.gather(slab, first, &mut pooled, |value, found| {
                let found = self.part(found) as f32;
                *value = match pooling {
                    Pooling::Average => *value + share * found,
                    Pooling::Maximum if n == 0 => found,
                    Pooling::Maximum => value.max(found),
                };
            });
        });
        Ok(pooled)
    }

    fn part(&self, value: Complex) -> f64 {
        match self.response {
            GaborResponse::Modulus => value.norm(),
            GaborResponse::Real => value.re,
            GaborResponse::Imaginary => value.im,
        }
    }

    /// The transform of the kernel, wrapped round the lattice about its first voxel.
    fn kernel(&self, grid: &Grid, reach: [usize; 3], angle: f64) -> Volume<Complex> {
        let [_, rows, columns] = grid.shape();
        let [_, row, column] = grid.spacing();
        let mut kernel =
            Volume::filled(&grid.window([0.0; 3], [1, rows, columns]), Complex::default());
        let (sin, cos) = angle.sin_cos();
        let [_, down, across] = reach.map(|length| length as isize);
        let values = kernel.as_mut_slice();
        for j in -down..=down {
            for i in -across..=across {
                let (y, x) = (j as f64 * row, i as f64 * column);
                let (along, over) = (x * cos + y * sin, self.gamma * (y * cos - x * sin));
                let envelope =
                    (-(along * along + over * over) / (2.0 * self.sigma * self.sigma)).exp();
                let place = |n: isize, length: usize| n.rem_euclid(length as isize) as usize;
                values[place(j, rows) * columns + place(i, columns)] +=
                    Complex::from_polar(envelope, 2.0 * PI * along / self.wavelength);
            }
        }
        fourier(&mut kernel, &[1, 2], Direction::Forward);
        kernel
    }
}

/// A volume whose axis `n` is axis `order[n]` of another.
fn reordered(volume: &Volume<f32>, order: [usize; 3]) -> Volume<f32> {
    let grid = volume.grid();
    let axes = Matrix3::from_columns(&order.map(|axis| grid.axes().column(axis)));
    let turned = Grid::new(order.map(|axis| grid.shape()[axis]), grid.origin(), axes)
        .expect("the same steps in another order");
    par::map_voxels(&turned, |place| {
        let mut voxel = [0; 3];
        order.iter().zip(place).for_each(|(axis, n)| voxel[*axis] = n);
        volume.at(voxel)
    })
}
