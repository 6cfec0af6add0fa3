//! Distributions of CT numbers.

use hilum_core::Lungs;
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// How many voxels of a region have which CT number: one bin for each whole HU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// Whose voxels.
    pub lungs: Lungs,
    /// CT number of the first bin.
    pub first_hu: i16,
    /// Voxels in each bin, rising by 1 HU.
    pub counts: Vec<u64>,
    /// Voxels below the first bin.
    pub below: u64,
    /// Voxels above the last bin.
    pub above: u64,
}

impl Histogram {
    /// All voxels counted.
    pub fn total(&self) -> u64 {
        self.below + self.counts.iter().sum::<u64>() + self.above
    }

    /// Share of all voxels in `width` HU from `hu` on, per HU, in per cent.
    pub fn density(&self, hu: i32, width: i32) -> f64 {
        let first = i32::from(self.first_hu);
        let bin = |hu: i32| (hu - first).clamp(0, self.counts.len() as i32) as usize;
        let count: u64 = self.counts[bin(hu)..bin(hu + width)].iter().sum();
        match self.total() {
            0 => 0.0,
            total => 100.0 * count as f64 / total as f64 / f64::from(width),
        }
    }
}

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Histogram", 6)?;
        row.serialize_field("region", &hilum_core::Site::Whole(self.lungs))?;
        row.serialize_field("first_hu", &self.first_hu)?;
        row.serialize_field("bin_hu", &1)?;
        row.serialize_field("below", &self.below)?;
        row.serialize_field("above", &self.above)?;
        row.serialize_field("counts", &self.counts)?;
        row.end()
    }
}
