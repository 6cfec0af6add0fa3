//! The choices that the numbers of a run depend on, as the report states them.

use hilum_core::Unit;
use hilum_density::{Bound, Percentile};
use hilum_report::Parameter;
use hilum_segment::ThirdsBy;

use crate::DensityOptions;

/// Every choice of a density study, defaults included.
pub(crate) fn parameters(
    options: &DensityOptions,
    lungs_given: bool,
    lobes_given: bool,
) -> Vec<Parameter> {
    let density = &options.density;
    let mut rows = vec![
        Parameter::text(
            "lungs",
            "Lungs",
            if lungs_given { "given by the caller" } else { "outlined by hilum" },
        ),
        Parameter::text("threshold", "Thresholds", bound(density.bound)),
        Parameter::text("percentile", "Percentiles", percentile(density.percentile)),
        Parameter::text("mass", "Mass", density.mass.formula()),
        Parameter::text("thirds", "Thirds", thirds(options.thirds)),
        Parameter::number("rind", "Depth of the rind", options.rind, Unit::Millimetre),
        Parameter::number(
            "cluster_threshold",
            "Clusters below",
            f64::from(density.cluster_threshold_hu),
            Unit::Hounsfield,
        ),
    ];
    let lobes = lobes(options, lobes_given);
    rows.extend(lobes.map(|lobes| Parameter::text("lobes", "Lobes", lobes)));
    if !lungs_given {
        let radius = options.segment.closing_radius;
        rows.push(Parameter::number(
            "closing",
            "Radius of the closing over vessels",
            radius,
            Unit::Millimetre,
        ));
    }
    if let Some(reference) = &density.reference_volume {
        let volume = reference.millilitres;
        rows.push(Parameter::number(
            "reference_volume",
            "Reference volume",
            volume,
            Unit::Millilitre,
        ));
        rows.push(Parameter::text(
            "reference_source",
            "Source of the reference volume",
            &reference.source,
        ));
    }
    rows
}

fn lobes(options: &DensityOptions, given: bool) -> Option<&'static str> {
    if given {
        return Some("given by the caller");
    }
    let found = options.anatomy.as_ref()?.lobes.look_for_fissures;
    Some(if found {
        "divided by hilum along fissures where seen; tried on phantoms"
    } else {
        "divided by hilum where fissures are expected"
    })
}

fn bound(bound: Bound) -> &'static str {
    match bound {
        Bound::Strict => "a value at the threshold does not count",
        Bound::Inclusive => "a value at the threshold counts",
    }
}

fn percentile(percentile: Percentile) -> &'static str {
    match percentile {
        Percentile::Interpolated => "interpolated within a whole HU",
        Percentile::Linear => "linear between order statistics",
        Percentile::Histogram => "last whole HU up to which at most the share lies",
    }
}

fn thirds(thirds: ThirdsBy) -> &'static str {
    match thirds {
        ThirdsBy::Volume => "equal volumes of both lungs together",
        ThirdsBy::Height => "equal heights of both lungs together",
    }
}
