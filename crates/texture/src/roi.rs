//! A region of an image.

use hilum_core::{Mask, Volume};

use crate::Error;

/// An image with the two masks of a region: which voxels give the region its shape, and which give
/// it its intensities.
///
/// The two begin as one. Re-segmentation takes voxels out of the intensity mask alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Roi {
    image: Volume<f32>,
    morphological: Mask,
    intensity: Mask,
}

impl Roi {
    /// A region as it was drawn.
    ///
    /// # Errors
    ///
    /// [`Error::Grid`] if the mask lies on another grid than the image, [`Error::NotFinite`] if
    /// any voxel of the image is NaN or infinite.
    pub fn new(image: Volume<f32>, mask: Mask) -> Result<Self, Error> {
        image.grid().require_same(mask.grid(), "the mask of the region")?;
        require_finite(&image)?;
        Ok(Self { image, intensity: mask.clone(), morphological: mask })
    }

    /// The same region with fewer intensities.
    pub(crate) fn with_intensity(self, intensity: Mask) -> Self {
        Self { intensity, ..self }
    }

    /// The same region of another image on the grid, every voxel of which is finite.
    pub(crate) fn with_image(self, image: Volume<f32>) -> Self {
        Self { image, ..self }
    }

    /// The image; every voxel is finite.
    pub fn image(&self) -> &Volume<f32> {
        &self.image
    }

    /// The voxels that give the region its shape.
    pub fn morphological(&self) -> &Mask {
        &self.morphological
    }

    /// The voxels that give the region its intensities.
    pub fn intensity(&self) -> &Mask {
        &self.intensity
    }

    /// Intensities of the region, in the order of its voxels.
    pub fn intensities(&self) -> Vec<f64> {
        let pairs = self.image.as_slice().iter().zip(self.intensity.as_slice());
        pairs.filter(|(_, inside)| **inside).map(|(value, _)| f64::from(*value)).collect()
    }
}

/// Refuses NaN and infinities.
pub(crate) fn require_finite(image: &Volume<f32>) -> Result<(), Error> {
    let Some(place) = image.as_slice().iter().position(|value| !value.is_finite()) else {
        return Ok(());
    };
    let [_, rows, columns] = image.grid().shape();
    let voxel = [place / columns / rows, place / columns % rows, place % columns];
    Err(Error::NotFinite { voxel, found: image.as_slice()[place] })
}

/// First and one past last voxel of a mask along each axis; `None` where it is empty.
pub(crate) fn bounds(mask: &Mask) -> Option<[[usize; 2]; 3]> {
    let [slices, rows, columns] = mask.grid().shape();
    let voxels = mask.as_slice();
    let mut found = [[usize::MAX, 0]; 3];
    for k in 0..slices {
        for j in 0..rows {
            let row = &voxels[(k * rows + j) * columns..][..columns];
            let Some(first) = row.iter().position(|inside| *inside) else { continue };
            let last = row.iter().rposition(|inside| *inside).unwrap_or(first);
            for (bound, [low, high]) in found.iter_mut().zip([[k, k], [j, j], [first, last]]) {
                *bound = [bound[0].min(low), bound[1].max(high + 1)];
            }
        }
    }
    (found[0][1] > 0).then_some(found)
}
