//! Grey level run length matrix (TP0I): runs of one level along a direction.

use std::ops::Range;

use hilum_kernel::par;

use crate::feature::{Definition, Family, Value, averaged, rows};
use crate::levels::Levels;
use crate::steps::{IN_PLANE, IN_SPACE};
use crate::tally::{COUNT, Tally, merged};
use crate::{Aggregation, Dimensions, Feature};

const DEFINITIONS: [Definition; COUNT] = [
    Definition::new("Short runs emphasis", "F_rlm.sre", "22OV", "rlm_sre"),
    Definition::new("Long runs emphasis", "F_rlm.lre", "W4KF", "rlm_lre"),
    Definition::new("Low grey level run emphasis", "F_rlm.lgre", "V3SW", "rlm_lgre"),
    Definition::new("High grey level run emphasis", "F_rlm.hgre", "G3QZ", "rlm_hgre"),
    Definition::new("Short run low grey level emphasis", "F_rlm.srlge", "HTZT", "rlm_srlge"),
    Definition::new("Short run high grey level emphasis", "F_rlm.srhge", "GD3A", "rlm_srhge"),
    Definition::new("Long run low grey level emphasis", "F_rlm.lrlge", "IVPO", "rlm_lrlge"),
    Definition::new("Long run high grey level emphasis", "F_rlm.lrhge", "3KUM", "rlm_lrhge"),
    Definition::new("Grey level non-uniformity", "F_rlm.glnu", "R5YN", "rlm_glnu"),
    Definition::new(
        "Normalised grey level non-uniformity",
        "F_rlm.glnu.norm",
        "OVBL",
        "rlm_glnu_norm",
    ),
    Definition::new("Run length non-uniformity", "F_rlm.rlnu", "W92Y", "rlm_rlnu"),
    Definition::new(
        "Normalised run length non-uniformity",
        "F_rlm.rlnu.norm",
        "IC23",
        "rlm_rlnu_norm",
    ),
    Definition::new("Run percentage", "F_rlm.r.perc", "9ZK5", "rlm_r_perc"),
    Definition::new("Grey level variance", "F_rlm.gl.var", "8CE5", "rlm_gl_var"),
    Definition::new("Run length variance", "F_rlm.rl.var", "SXLW", "rlm_rl_var"),
    Definition::new("Run entropy", "F_rlm.rl.entr", "HJ9O", "rlm_rl_entr"),
];

/// All of the family.
pub(crate) fn features(
    levels: Result<&Levels, &'static str>,
    dimensions: Dimensions,
) -> Vec<Feature> {
    let found =
        |aggregation, values: &[Value]| rows(Family::RunLength, aggregation, &DEFINITIONS, values);
    let levels = match levels {
        Ok(levels) => levels,
        Err(reason) => {
            let each = dimensions.directed().into_iter();
            return each
                .flat_map(|aggregation| found(aggregation, &[Err(reason); COUNT]))
                .collect();
        }
    };
    let mut features = Vec::new();
    if dimensions.by_slice {
        let slices = levels.slices();
        // [slice][direction]
        let tallies: Vec<Vec<Tally>> = par::collect(slices.len(), |n| {
            IN_PLANE.map(|step| runs(levels, levels.slice(slices[n]), step)).to_vec()
        });
        let each: Vec<_> = tallies.iter().flatten().map(values).collect();
        let slices: Vec<_> = tallies.iter().map(|slice| values(&merged(slice))).collect();
        let directions: Vec<Tally> = (0..IN_PLANE.len())
            .map(|n| merged(&tallies.iter().map(|slice| slice[n].clone()).collect::<Vec<_>>()))
            .collect();
        let by_direction: Vec<_> = directions.iter().map(values).collect();
        features.extend(found(Aggregation::SlicesAveraged, &averaged(&each, COUNT)));
        features.extend(found(Aggregation::SlicesMerged, &averaged(&slices, COUNT)));
        features.extend(found(Aggregation::DirectionsMerged, &averaged(&by_direction, COUNT)));
        features.extend(found(Aggregation::PlanesMerged, &values(&merged(&directions))));
    }
    if dimensions.in_volume {
        let places = 0..levels.values.len();
        let tallies = par::collect(IN_SPACE.len(), |n| runs(levels, places.clone(), IN_SPACE[n]));
        let each: Vec<_> = tallies.iter().map(values).collect();
        features.extend(found(Aggregation::VolumeAveraged, &averaged(&each, COUNT)));
        features.extend(found(Aggregation::VolumeMerged, &values(&merged(&tallies))));
    }
    features
}

fn values(tally: &Tally) -> Vec<Value> {
    tally.features().to_vec()
}

/// Counts the runs along a step that begin in a range of places.
fn runs(levels: &Levels, places: Range<usize>, step: [isize; 3]) -> Tally {
    let values = &levels.values;
    let inside = values[places.clone()].iter().filter(|level| **level > 0).count();
    let mut tally = Tally::new(levels.count, inside as u64);
    let offset = levels.offset(step);
    for place in places {
        let level = values[place];
        // The rim is outside, so that every run ends before the array does.
        if level == 0 || values[place.wrapping_add_signed(-offset)] == level {
            continue;
        }
        let mut length = 1;
        let mut next = place.wrapping_add_signed(offset);
        while values[next] == level {
            length += 1;
            next = next.wrapping_add_signed(offset);
        }
        tally.add(level, length);
    }
    tally
}
