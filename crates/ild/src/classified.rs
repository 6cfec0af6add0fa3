//! What every place of the lungs looks like.

use hilum_core::{EmphysemaSubtype, LabelMap, Pattern, Quality, Volume};

/// The pattern of each voxel of the anatomical lungs, vessels and airways aside; all maps lie on
/// the grid of the CT.
#[derive(Clone, Debug)]
pub struct Classified {
    /// One pattern for each voxel that is told; 0 outside of the lungs, in vessels and in airways.
    pub patterns: LabelMap<Pattern>,
    /// Subtype where the pattern is emphysema; 0 elsewhere.
    pub subtypes: LabelMap<EmphysemaSubtype>,
    /// How probable the pattern is at this voxel, in whole per cent; 0 where none is told.
    pub confidence: Volume<u8>,
    /// What a reader must know about the maps.
    pub quality: Vec<Quality>,
}
