//! Grey level size zone matrix (9SAK): how large zones of one level are.

use crate::feature::{Definition, Family, Value, averaged, rows};
use crate::tally::{COUNT, Tally, merged};
use crate::zone_maps::ZoneMaps;
use crate::zones::Zones;
use crate::{Aggregation, Dimensions, Feature};

const DEFINITIONS: [Definition; COUNT] = [
    Definition::new("Small zone emphasis", "F_szm.sze", "5QRC", "szm_sze"),
    Definition::new("Large zone emphasis", "F_szm.lze", "48P8", "szm_lze"),
    Definition::new("Low grey level zone emphasis", "F_szm.lgze", "XMSY", "szm_lgze"),
    Definition::new("High grey level zone emphasis", "F_szm.hgze", "5GN9", "szm_hgze"),
    Definition::new("Small zone low grey level emphasis", "F_szm.szlge", "5RAI", "szm_szlge"),
    Definition::new("Small zone high grey level emphasis", "F_szm.szhge", "HW1V", "szm_szhge"),
    Definition::new("Large zone low grey level emphasis", "F_szm.lzlge", "YH51", "szm_lzlge"),
    Definition::new("Large zone high grey level emphasis", "F_szm.lzhge", "J17V", "szm_lzhge"),
    Definition::new("Grey level non-uniformity", "F_szm.glnu", "JNSA", "szm_glnu"),
    Definition::new(
        "Normalised grey level non-uniformity",
        "F_szm.glnu.norm",
        "Y1RO",
        "szm_glnu_norm",
    ),
    Definition::new("Zone size non-uniformity", "F_szm.zsnu", "4JP3", "szm_zsnu"),
    Definition::new(
        "Normalised zone size non-uniformity",
        "F_szm.zsnu.norm",
        "VB3A",
        "szm_zsnu_norm",
    ),
    Definition::new("Zone percentage", "F_szm.z.perc", "P30P", "szm_z_perc"),
    Definition::new("Grey level variance", "F_szm.gl.var", "BYLV", "szm_gl_var"),
    Definition::new("Zone size variance", "F_szm.zs.var", "3NSA", "szm_zs_var"),
    Definition::new("Zone size entropy", "F_szm.zs.entr", "GU8N", "szm_zs_entr"),
];

/// All of the family.
pub(crate) fn features(
    maps: Result<&ZoneMaps, &'static str>,
    dimensions: Dimensions,
) -> Vec<Feature> {
    let found =
        |aggregation, values: &[Value]| rows(Family::SizeZone, aggregation, &DEFINITIONS, values);
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
    found.zones.iter().for_each(|zone| tally.add(zone.level, zone.size));
    tally
}
