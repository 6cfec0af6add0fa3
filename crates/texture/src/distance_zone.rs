//! Grey level distance zone matrix (VMDZ): how far from the border of the region zones of one level
//! are.

use crate::feature::{Definition, Family, Value, averaged, rows};
use crate::tally::{COUNT, Tally, merged};
use crate::zone_maps::ZoneMaps;
use crate::zones::Zones;
use crate::{Aggregation, Dimensions, Feature};

const DEFINITIONS: [Definition; COUNT] = [
    Definition::new("Small distance emphasis", "F_dzm.sde", "0GBI", "dzm_sde"),
    Definition::new("Large distance emphasis", "F_dzm.lde", "MB4I", "dzm_lde"),
    Definition::new("Low grey level zone emphasis", "F_dzm.lgze", "S1RA", "dzm_lgze"),
    Definition::new("High grey level zone emphasis", "F_dzm.hgze", "K26C", "dzm_hgze"),
    Definition::new("Small distance low grey level emphasis", "F_dzm.sdlge", "RUVG", "dzm_sdlge"),
    Definition::new("Small distance high grey level emphasis", "F_dzm.sdhge", "DKNJ", "dzm_sdhge"),
    Definition::new("Large distance low grey level emphasis", "F_dzm.ldlge", "A7WM", "dzm_ldlge"),
    Definition::new("Large distance high grey level emphasis", "F_dzm.ldhge", "KLTH", "dzm_ldhge"),
    Definition::new("Grey level non-uniformity", "F_dzm.glnu", "VFT7", "dzm_glnu"),
    Definition::new(
        "Normalised grey level non-uniformity",
        "F_dzm.glnu.norm",
        "7HP3",
        "dzm_glnu_norm",
    ),
    Definition::new("Zone distance non-uniformity", "F_dzm.zdnu", "V294", "dzm_zdnu"),
    Definition::new(
        "Normalised zone distance non-uniformity",
        "F_dzm.zdnu.norm",
        "IATH",
        "dzm_zdnu_norm",
    ),
    Definition::new("Zone percentage", "F_dzm.z.perc", "VIWW", "dzm_z_perc"),
    Definition::new("Grey level variance", "F_dzm.gl.var", "QK93", "dzm_gl_var"),
    Definition::new("Zone distance variance", "F_dzm.zd.var", "7WT1", "dzm_zd_var"),
    Definition::new("Zone distance entropy", "F_dzm.zd.entr", "GBDU", "dzm_zd_entr"),
];

/// All of the family.
pub(crate) fn features(
    maps: Result<&ZoneMaps, &'static str>,
    dimensions: Dimensions,
) -> Vec<Feature> {
    let found = |aggregation, values: &[Value]| {
        rows(Family::DistanceZone, aggregation, &DEFINITIONS, values)
    };
    let maps = match maps {
        Ok(maps) => maps,
        Err(reason) => {
            let each = dimensions.undirected().into_iter();
            return each
                .flat_map(|aggregation| found(aggregation, &[Err(reason); COUNT]))
                .collect();
        }
    };
    let mut features = Vec::new();
    if let Some(slices) = &maps.slices {
        let tallies: Vec<Tally> = slices.iter().map(|slice| tally(slice, maps.levels)).collect();
        let each: Vec<_> = tallies.iter().map(|tally| tally.features().to_vec()).collect();
        features.extend(found(Aggregation::BySlice, &averaged(&each, COUNT)));
        features.extend(found(Aggregation::AcrossSlices, &merged(&tallies).features()));
    }
    if let Some(volume) = &maps.volume {
        features.extend(found(Aggregation::Volume, &tally(volume, maps.levels).features()));
    }
    features
}

fn tally(found: &Zones, levels: usize) -> Tally {
    let mut tally = Tally::new(levels, found.voxels);
    found.zones.iter().for_each(|zone| tally.add(zone.level, zone.distance));
    tally
}
