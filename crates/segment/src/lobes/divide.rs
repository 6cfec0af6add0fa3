//! Five lobes.

use hilum_core::{Ct, LabelMap, Lobe, Measurement, Quality};

use crate::airways::Airways;
use crate::error::Error;
use crate::lobes::bronchi::bronchi;
use crate::lobes::figures::{FissureFigures, bronchus_row, fissure_rows, volume_rows};
use crate::lobes::islands::join_islands;
use crate::lobes::label::label;
use crate::lobes::search::search;
use crate::thorax::Thorax;
use crate::vessels::Vessels;

/// How lobes are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LobeOptions {
    /// Whether fissures are looked for in the image. Without it lobes are where other people's are in
    /// lungs of this shape, and said to be.
    pub look_for_fissures: bool,
}

impl Default for LobeOptions {
    fn default() -> Self {
        Self { look_for_fissures: true }
    }
}

/// The lobes of a pair of lungs.
#[derive(Clone, Debug, PartialEq)]
pub struct Lobes {
    /// The lobe of each voxel of the anatomical lungs.
    pub map: LabelMap<Lobe>,
    /// The surfaces between them, of the lungs that are there.
    pub fissures: Vec<FissureFigures>,
    /// Completeness and confidence of each fissure.
    pub measurements: Vec<Measurement>,
    /// What a reader must know about these lobes.
    pub quality: Vec<Quality>,
}

/// Divides the anatomical lungs into lobes.
///
/// Fissures are expected where those of 100 scans lie in lungs of this shape, looked for around
/// there, and where they are seen followed. What is seen of one moves the expectation of the others;
/// where nothing is seen the surface passes over into the expectation, and rows say so. Bronchi, where
/// they are given, keep surfaces on their right side; vessels, where they are given, keep them off. `docs/lobes.md` has the method and its limits.
/// The result has the same bits on any number of threads.
///
/// Cost: `O(n)` for `n` voxels beside the search, which depends on the size of the lungs alone.
///
/// # Errors
///
/// [`Error::EmptyMask`] if there is no lung, [`Error::Domain`] if the lungs are not those of the image.
pub fn lobes(
    ct: &Ct,
    thorax: &Thorax,
    airways: Option<&Airways>,
    vessels: Option<&Vessels>,
    options: &LobeOptions,
) -> Result<Lobes, Error> {
    let lungs = &thorax.anatomical;
    ct.require_same(lungs.grid(), "the map of the lungs")?;
    let bronchi = airways.map(bronchi).unwrap_or_default();
    let solved = search(
        options.look_for_fissures.then_some(ct),
        lungs,
        &bronchi,
        vessels.map(|vessels| &vessels.mask),
    )?;
    let sheets: Vec<_> = solved.iter().map(|solved| solved.sheet.clone()).collect();
    let mut labels = label(lungs, &sheets);
    join_islands(&mut labels);
    let fissures: Vec<FissureFigures> = solved.iter().map(FissureFigures::new).collect();
    let mut quality: Vec<Quality> = fissures.iter().flat_map(fissure_rows).collect();
    quality.extend(volume_rows(&labels));
    quality.extend(bronchus_row(&fissures, &bronchi));
    let measurements = fissures.iter().flat_map(FissureFigures::measurements).collect();
    Ok(Lobes { map: LabelMap::new(labels)?, fissures, measurements, quality })
}
