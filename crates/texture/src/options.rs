//! What a caller can choose.

use crate::{Aggregation, Family, Processing};

/// In which dimensions textures are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    /// Slice by slice: the aggregations 2D and 2.5D.
    pub by_slice: bool,
    /// In the volume: the aggregations 3D.
    pub in_volume: bool,
}

impl Dimensions {
    /// Aggregations of matrices that have a direction.
    pub(crate) fn directed(self) -> Vec<Aggregation> {
        let slices = [
            Aggregation::SlicesAveraged,
            Aggregation::SlicesMerged,
            Aggregation::DirectionsMerged,
            Aggregation::PlanesMerged,
        ];
        self.pick(&slices, &[Aggregation::VolumeAveraged, Aggregation::VolumeMerged])
    }

    /// Aggregations of matrices without direction.
    pub(crate) fn undirected(self) -> Vec<Aggregation> {
        self.pick(&[Aggregation::BySlice, Aggregation::AcrossSlices], &[Aggregation::Volume])
    }

    fn pick(self, slices: &[Aggregation], volume: &[Aggregation]) -> Vec<Aggregation> {
        let slices = slices.iter().filter(|_| self.by_slice);
        slices.chain(volume.iter().filter(|_| self.in_volume)).copied().collect()
    }
}

/// What is taken, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// From the image to the one that features are taken of.
    pub processing: Processing,
    /// Aggregations of textures.
    pub dimensions: Dimensions,
    /// Families to be taken.
    pub families: Vec<Family>,
    /// Whether Moran's I and Geary's C are taken, which cost more than all the rest together.
    pub all_pairs: bool,
}

impl Default for Options {
    /// Everything, of an image that holds grey levels.
    fn default() -> Self {
        Self {
            processing: Processing::default(),
            dimensions: Dimensions { by_slice: true, in_volume: true },
            families: Family::ALL.to_vec(),
            all_pairs: true,
        }
    }
}

impl Options {
    /// Everything, as a configuration of the standard asks for it.
    pub fn of(configuration: crate::Configuration) -> Self {
        let by_slice = configuration.is_by_slice();
        Self {
            processing: configuration.processing(),
            dimensions: Dimensions { by_slice, in_volume: !by_slice },
            ..Self::default()
        }
    }
}
