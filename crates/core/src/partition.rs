//! Disjoint parts of the lungs from which every region is put together.

use crate::{Grid, Site, Volume};

/// The lungs cut into disjoint parts, so fine that each [`Site`] is a union of
/// them. One pass over the image measures the parts; regions are then sums.
///
/// Part 0 is outside of the lungs. A part is either parenchyma or vessel, never both.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    parts: Volume<u8>,
    sites: Vec<(Site, Vec<u8>)>,
    vessels: Vec<u8>,
}

impl Partition {
    /// A partition from part numbers, the parts of each site (ascending), and
    /// the parts that are vessel.
    ///
    /// # Panics
    ///
    /// If a site claims part 0 or names a part twice.
    pub fn new(parts: Volume<u8>, sites: Vec<(Site, Vec<u8>)>, vessels: Vec<u8>) -> Self {
        for (site, parts) in &sites {
            let rising = parts.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(rising && parts.first() != Some(&0), "parts of {site:?} are {parts:?}");
        }
        Self { parts, sites, vessels }
    }

    /// The part number of each voxel; 0 is outside.
    pub fn parts(&self) -> &Volume<u8> {
        &self.parts
    }

    /// The regions, each with the parts that make it up.
    pub fn sites(&self) -> &[(Site, Vec<u8>)] {
        &self.sites
    }

    /// Says whether a part is made of vessels.
    pub fn is_vessel(&self, part: u8) -> bool {
        self.vessels.contains(&part)
    }

    /// Where the voxels lie.
    pub fn grid(&self) -> &Grid {
        self.parts.grid()
    }
}
