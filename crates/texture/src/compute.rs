//! All features of a region.

use hilum_kernel::par;

use crate::levels::Levels;
use crate::zone_maps::ZoneMaps;
use crate::{Error, Family, Feature, Options, Roi};
use crate::{
    cooccurrence, distance_zone, histogram, level_dependence, local_intensity, morphology,
    run_length, size_zone, statistics, tone_difference, volume_histogram,
};

/// Takes the features of a region, in the order of [`Options::families`].
///
/// The region is processed first ([`crate::Processing::apply`]). A feature that a region does not
/// have is in the list without a value and with the reason.
///
/// Cost: `O(n)` for `n` voxels of the image and of the box around the region.
///
/// # Errors
///
/// [`Error::Setting`] for a setting that means nothing.
pub fn features(roi: &Roi, options: &Options) -> Result<Vec<Feature>, Error> {
    let roi = options.processing.apply(roi)?;
    Ok(features_of_processed(&roi, options))
}

/// Like [`features`], of a region that [`crate::Processing::apply`] has been through.
pub fn features_of_processed(roi: &Roi, options: &Options) -> Vec<Feature> {
    let processing = &options.processing;
    let levels = Levels::of(roi, processing.levels, processing.level_range());
    let levels = levels.as_ref().map_err(|reason| *reason);
    let dimensions = options.dimensions;
    let families = &options.families;
    let has_zones = |family: &Family| matches!(family, Family::SizeZone | Family::DistanceZone);
    let maps = families
        .iter()
        .any(has_zones)
        .then(|| levels.map(|levels| ZoneMaps::of(levels, roi, dimensions)));
    let maps = || match &maps {
        Some(maps) => maps.as_ref().map_err(|reason| *reason),
        None => Err(NOT_ASKED),
    };
    let found = par::collect(families.len(), |n| match families[n] {
        Family::Morphology => morphology::features(roi, options.all_pairs),
        Family::LocalIntensity => local_intensity::features(roi),
        Family::Statistics => statistics::features(roi),
        Family::IntensityHistogram => histogram::features(levels),
        Family::IntensityVolumeHistogram => volume_histogram::features(roi, processing),
        Family::Cooccurrence => cooccurrence::features(levels, dimensions),
        Family::RunLength => run_length::features(levels, dimensions),
        Family::SizeZone => size_zone::features(maps(), dimensions),
        Family::DistanceZone => distance_zone::features(maps(), dimensions),
        Family::ToneDifference => tone_difference::features(levels, dimensions),
        Family::LevelDependence => level_dependence::features(levels, dimensions),
    });
    found.into_iter().flatten().collect()
}

const NOT_ASKED: &str = "zones were not asked for";
