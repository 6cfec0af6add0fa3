//! The matrix of second derivatives at a scale.

use hilum_core::{Grid, Mask, Volume};

use crate::curvature::{Blurred, Room};
use crate::distance::require_perpendicular;
use crate::eigen::{Symmetric, eigenvalues_of};
use crate::par;
use crate::region::Region;

/// Second derivatives of a volume blurred by a Gaussian, per mm², at every voxel of a region.
///
/// The matrices are in the frame of the grid: `[kk, jj, ii, kj, ki, ji]`, where each array axis has
/// unit length and counts in the direction in which its index grows. Eigenvalues are the same in
/// any frame; [`Hessian::to_patient`] turns an eigenvector.
///
/// One blurred volume is kept; the six derivatives are made slice by slice, when they
/// are asked for, from few neighbours of a voxel. The weights of these neighbours are
/// fitted to the blur so that both together are the derivatives of the Gaussian: see
/// `docs/kernels.md`. The border voxel is repeated outwards.
///
/// ```
/// use hilum_core::{Grid, Volume};
/// use hilum_kernel::{Hessian, eigenvalues};
///
/// # fn main() -> Result<(), hilum_core::Error> {
/// let grid = Grid::axial([31, 41, 41], [2.0, 1.0, 1.0])?;
/// let bowl = Volume::from_fn(&grid, |voxel| 0.5 * grid.centre(voxel).coords.norm_squared() as f32);
/// let hessian = Hessian::new(&bowl, 2.0, None);
/// let curvatures = hessian.map([0.0; 3], eigenvalues).at([15, 20, 20]);
/// assert!(curvatures.iter().all(|curvature| (curvature - 1.0).abs() < 1e-3));
/// # Ok(())
/// # }
/// ```
pub struct Hessian {
    grid: Grid,
    region: Region,
    within: Option<Mask>,
    blurred: Blurred,
}

/// Matrices whose eigenvalues are taken at once.
const LANES: usize = 8;

impl Hessian {
    /// Blurs a volume with an isotropic Gaussian of `sigma` mm around the voxels of a mask, or
    /// everywhere.
    ///
    /// Below a sigma of about 0.7 voxels the lattice cannot carry the derivatives of a Gaussian
    /// any more; what comes out is then wider than asked for.
    ///
    /// Cost: `O(m)` for the `m` voxels of the box around the mask and its margin of 5 sigma. One
    /// volume of the size of this box is kept.
    ///
    /// # Panics
    ///
    /// If `sigma` is not positive, the mask has another shape than the volume, or the axes of the grid
    /// are not perpendicular within half a degree.
    pub fn new(volume: &Volume<f32>, sigma: f64, within: Option<&Mask>) -> Self {
        require_perpendicular(volume.grid());
        let region = Region::new(volume.grid(), within);
        let blurred = Blurred::new(volume, sigma, &region);
        Self { grid: volume.grid().clone(), region, within: within.cloned(), blurred }
    }

    /// A volume made from the matrix at each voxel of the region, `outside` elsewhere.
    ///
    /// Cost: `O(m)`; each thread keeps the first derivatives of one slice.
    pub fn map<T: Copy + Send + Sync>(
        &self,
        outside: T,
        value: impl Fn(&Symmetric) -> T + Sync + Send,
    ) -> Volume<T> {
        let [_, _, width] = self.grid.shape();
        let mut result = Volume::filled(&self.grid, outside);
        par::for_each_slice_with(&mut result, Room::default, |room, k, slice| {
            self.blurred.rows(&self.region, k, room, |j, columns, derivatives| {
                for (n, i) in columns.enumerate().filter(|(_, i)| self.is_wanted(k, j, *i)) {
                    slice[j * width + i] = value(&derivatives.map(|row| row[n]));
                }
            });
        });
        result
    }

    /// A volume made from the eigenvalues of the matrix, ascending, at each voxel of the region, `outside`
    /// elsewhere: the same as with [`crate::eigenvalues`] in [`Hessian::map`], and faster.
    pub fn map_eigenvalues<T: Copy + Send + Sync>(
        &self,
        outside: T,
        value: impl Fn([f32; 3]) -> T + Sync + Send,
    ) -> Volume<T> {
        let [_, _, width] = self.grid.shape();
        let mut result = Volume::filled(&self.grid, outside);
        let room = || (Room::default(), Vec::new(), [[0.0; LANES]; 6]);
        par::for_each_slice_with(&mut result, room, |(room, wanted, matrices), k, slice| {
            self.blurred.rows(&self.region, k, room, |j, columns, derivatives| {
                let row = &mut slice[j * width..][columns.clone()];
                wanted.clear();
                wanted.extend((0..row.len()).filter(|n| self.is_wanted(k, j, columns.start + n)));
                for some in wanted.chunks(LANES) {
                    for (entries, derivative) in matrices.iter_mut().zip(derivatives) {
                        for (entry, n) in entries.iter_mut().zip(some) {
                            *entry = derivative[*n];
                        }
                    }
                    let [low, middle, high] = eigenvalues_of(matrices);
                    for (lane, n) in some.iter().enumerate() {
                        row[*n] = value([low[lane], middle[lane], high[lane]]);
                    }
                }
            });
        });
        result
    }

    fn is_wanted(&self, k: usize, j: usize, i: usize) -> bool {
        let [_, rows, width] = self.grid.shape();
        let place = (k * rows + j) * width + i;
        self.within.as_ref().is_none_or(|mask| mask.as_slice()[place])
    }

    /// A vector in the frame of the grid, as it points in the patient (LPS).
    pub fn to_patient(&self, vector: [f32; 3]) -> [f32; 3] {
        to_patient(&self.grid, vector)
    }
}

/// A vector along the unit axes of a grid, as it points in the patient.
pub(crate) fn to_patient(grid: &Grid, vector: [f32; 3]) -> [f32; 3] {
    let spacing = grid.spacing();
    let steps = [0, 1, 2].map(|n| f64::from(vector[n]) / spacing[n]);
    let turned = grid.axes() * nalgebra::Vector3::from(steps);
    [turned.x as f32, turned.y as f32, turned.z as f32]
}
