//! The choices that the numbers of a run depend on, as the report states them.

use hilum_core::Unit;
use hilum_density::{Bound, Percentile};
use hilum_report::Parameter;
use hilum_segment::{LobeOptions, ThirdsBy};

use crate::{DensityOptions, IldOptions};

/// Every choice of a study of interstitial disease.
pub(crate) fn ild_parameters(
    options: &IldOptions,
    lungs_given: bool,
    lobes_given: bool,
) -> Vec<Parameter> {
    let mut rows = vec![
        outlined(lungs_given),
        Parameter::text("lobes", "Lobes", lobes(options.anatomy.lobes, lobes_given)),
        Parameter::text(
            "patterns",
            "Patterns",
            "ground glass, reticular, honeycombing and consolidation by density and shape; tried on phantoms",
        ),
        emphysema(options),
        Parameter::text("thirds", "Thirds", thirds(options.thirds)),
        Parameter::number("rind", "Depth of the rind", options.rind, Unit::Millimetre),
    ];
    let fvc = options.fvc_percent;
    rows.extend(fvc.map(|fvc| {
        Parameter::number("fvc", "Forced vital capacity, of predicted", fvc, Unit::Percent)
    }));
    rows
}

/// The same of a single slice.
pub(crate) fn ild_slice_parameters(options: &IldOptions) -> Vec<Parameter> {
    vec![
        outlined(false),
        Parameter::text(
            "patterns",
            "Patterns",
            "ground glass and consolidation by density, on one slice; tried on phantoms",
        ),
        emphysema(options),
    ]
}

fn emphysema(options: &IldOptions) -> Parameter {
    let words = match &options.emphysema {
        Some(_) => "by a model trained on patches of the Chest Imaging Platform, and density",
        None => "by density alone",
    };
    Parameter::text("emphysema", "Emphysema", words)
}

fn outlined(given: bool) -> Parameter {
    let words = if given { "given by the caller" } else { "outlined by hilum" };
    Parameter::text("lungs", "Lungs", words)
}

/// Every choice of a density study, defaults included.
pub(crate) fn parameters(
    options: &DensityOptions,
    lungs_given: bool,
    lobes_given: bool,
) -> Vec<Parameter> {
    let density = &options.density;
    let mut rows = vec![
        outlined(lungs_given),
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
    let found = options.anatomy.as_ref().map(|anatomy| &anatomy.lobes);
    if lobes_given || found.is_some() {
        let found = found.copied().unwrap_or_default();
        rows.push(Parameter::text("lobes", "Lobes", lobes(found, lobes_given)));
    }
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

fn lobes(options: LobeOptions, given: bool) -> &'static str {
    match (given, options.look_for_fissures) {
        (true, _) => "given by the caller",
        (false, true) => "divided by hilum along fissures where seen; tried on phantoms",
        (false, false) => "divided by hilum where fissures are expected",
    }
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
