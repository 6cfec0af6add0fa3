//! Neighbouring grey level dependence matrix (REK0): how many neighbours have a voxel's level.

use std::ops::Range;

use hilum_kernel::par;

use crate::feature::{Definition, Family, Value, averaged, rows};
use crate::levels::Levels;
use crate::tally::{self, Tally, merged};
use crate::zones::neighbours;
use crate::{Aggregation, Dimensions, Feature};

const COUNT: usize = tally::COUNT + 1;

const DEFINITIONS: [Definition; COUNT] = [
    Definition::new("Low dependence emphasis", "F_ngl.lde", "SODN", "ngl_lde"),
    Definition::new("High dependence emphasis", "F_ngl.hde", "IMOQ", "ngl_hde"),
    Definition::new("Low grey level count emphasis", "F_ngl.lgce", "TL9H", "ngl_lgce"),
    Definition::new("High grey level count emphasis", "F_ngl.hgce", "OAE7", "ngl_hgce"),
    Definition::new("Low dependence low grey level emphasis", "F_ngl.ldlge", "EQ3F", "ngl_ldlge"),
    Definition::new("Low dependence high grey level emphasis", "F_ngl.ldhge", "JA6D", "ngl_ldhge"),
    Definition::new("High dependence low grey level emphasis", "F_ngl.hdlge", "NBZI", "ngl_hdlge"),
    Definition::new("High dependence high grey level emphasis", "F_ngl.hdhge", "9QMG", "ngl_hdhge"),
    Definition::new("Grey level non-uniformity", "F_ngl.glnu", "FP8K", "ngl_glnu"),
    Definition::new(
        "Normalised grey level non-uniformity",
        "F_ngl.glnu.norm",
        "5SPA",
        "ngl_glnu_norm",
    ),
    Definition::new("Dependence count non-uniformity", "F_ngl.dcnu", "Z87G", "ngl_dcnu"),
    Definition::new(
        "Normalised dependence count non-uniformity",
        "F_ngl.dcnu.norm",
        "OKJI",
        "ngl_dcnu_norm",
    ),
    Definition::new("Dependence count percentage", "F_ngl.dc.perc", "6XV8", "ngl_dc_perc"),
    Definition::new("Grey level variance", "F_ngl.gl.var", "1PFV", "ngl_gl_var"),
    Definition::new("Dependence count variance", "F_ngl.dc.var", "DNX2", "ngl_dc_var"),
    Definition::new("Dependence count entropy", "F_ngl.dc.entr", "FCBV", "ngl_dc_entr"),
    Definition::new("Dependence count energy", "F_ngl.dc.energy", "CAS9", "ngl_dc_energy"),
];

/// All of the family, with the coarseness 0: neighbours depend if their level is the same.
pub(crate) fn features(
    levels: Result<&Levels, &'static str>,
    dimensions: Dimensions,
) -> Vec<Feature> {
    let found = |aggregation, values: &[Value]| {
        rows(Family::LevelDependence, aggregation, &DEFINITIONS, values)
    };
    let levels = match levels {
        Ok(levels) => levels,
        Err(reason) => {
            let each = dimensions.undirected().into_iter();
            return each
                .flat_map(|aggregation| found(aggregation, &[Err(reason); COUNT]))
                .collect();
        }
    };
    let slices = levels.slices();
    let tallies = |in_space| {
        par::collect(slices.len(), |n| dependences(levels, levels.slice(slices[n]), in_space))
    };
    let mut features = Vec::new();
    if dimensions.by_slice {
        let flat = tallies(false);
        let each: Vec<_> = flat.iter().map(values).collect();
        features.extend(found(Aggregation::BySlice, &averaged(&each, COUNT)));
        features.extend(found(Aggregation::AcrossSlices, &values(&merged(&flat))));
    }
    if dimensions.in_volume {
        features.extend(found(Aggregation::Volume, &values(&merged(&tallies(true)))));
    }
    features
}

fn values(tally: &Tally) -> Vec<Value> {
    let mut values = tally.features().to_vec();
    values.push(tally.energy());
    values
}

/// A voxel counts among those that depend on it.
fn dependences(levels: &Levels, places: Range<usize>, in_space: bool) -> Tally {
    let offsets: Vec<isize> =
        neighbours(in_space).into_iter().map(|step| levels.offset(step)).collect();
    let inside = levels.values[places.clone()].iter().filter(|level| **level > 0).count();
    let mut tally = Tally::new(levels.count, inside as u64);
    for place in places {
        let level = levels.values[place];
        if level > 0 {
            let same =
                |offset: &&isize| levels.values[place.wrapping_add_signed(**offset)] == level;
            tally.add(level, 1 + offsets.iter().filter(same).count() as u64);
        }
    }
    tally
}
