//! Where the numbers come from: person, scan, choices, times.

use hilum_core::Acquisition;

use crate::{Choice, Findings, SeriesUsed, Study, numbers::fixed};

/// A name and what is known under it.
type Row = (&'static str, String);

/// Keeps what is known.
fn known(rows: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Vec<Row> {
    rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Who and what, as far as the caller said.
pub(crate) fn identity(study: &Study) -> Vec<Row> {
    known([
        ("Patient", study.patient_name.clone()),
        ("Identifier", study.patient_id.clone()),
        ("Born", study.birth_date.clone()),
        ("Sex", study.sex.clone()),
        ("Study date", study.date.clone()),
        ("Accession", study.accession.clone()),
        ("Study", study.description.clone()),
        ("Institution", study.institution.clone()),
        ("Ordered by", study.ordering_physician.clone()),
        ("Order", study.order.clone()),
        ("Indication", study.indication.clone()),
        ("Comparison", study.comparison.clone()),
    ])
}

/// How the measured CT was made, in few words.
pub(crate) fn technique(findings: &Findings) -> Vec<Row> {
    let Some(series) = findings.series.first() else { return Vec::new() };
    let a = &series.acquisition;
    let scanner: Vec<&str> =
        [&a.manufacturer, &a.model].into_iter().flatten().map(String::as_str).collect();
    known([
        ("Scanner", (!scanner.is_empty()).then(|| scanner.join(" "))),
        ("Kernel", a.kernel.clone()),
        ("Slices", Some(slices(series))),
        ("Tube voltage", a.kvp.map(|kv| format!("{} kV", fixed(kv, 0)))),
        ("Contrast", a.contrast.clone()),
    ])
}

fn slices(series: &SeriesUsed) -> String {
    let thickness = series
        .acquisition
        .slice_thickness_mm
        .map_or_else(String::new, |mm| format!("{} mm thick, ", fixed(mm, 2)));
    format!("{thickness}{} mm apart", fixed(series.spacing[0], 2))
}

/// One series in full.
pub(crate) fn series(series: &SeriesUsed) -> Vec<Row> {
    let a: &Acquisition = &series.acquisition;
    let number = |value: Option<f64>, decimals: usize, unit: &str| {
        value.map(|value| format!("{} {unit}", fixed(value, decimals)))
    };
    let [nk, nj, ni] = series.shape;
    let [dk, dj, di] = series.spacing.map(|mm| fixed(mm, 3));
    known([
        ("Used as", Some(series.role.name().into())),
        ("Source", series.source.clone()),
        ("Series UID", series.uid.clone()),
        ("Description", a.description.clone()),
        ("Acquired", series.acquired.clone()),
        ("Voxels (k, j, i)", Some(format!("{nk} × {nj} × {ni}"))),
        ("Steps (k, j, i)", Some(format!("{dk} × {dj} × {di} mm"))),
        ("Manufacturer", a.manufacturer.clone()),
        ("Model", a.model.clone()),
        ("Scanner software", a.software.clone()),
        ("Kernel", a.kernel.clone()),
        ("Reconstruction", a.iterative.clone()),
        ("Slice thickness", number(a.slice_thickness_mm, 3, "mm")),
        ("Field of view", number(a.reconstruction_diameter_mm, 0, "mm")),
        ("Tube voltage", number(a.kvp, 0, "kV")),
        ("Tube current", number(a.tube_current_ma, 0, "mA")),
        ("Exposure", number(a.exposure_mas, 0, "mAs")),
        ("Gantry tilt", number(a.gantry_tilt.map(f64::to_degrees), 1, "°")),
        ("Contrast", a.contrast.clone()),
        ("Patient position", a.patient_position.clone()),
        ("Body part", a.body_part.clone()),
        ("Age", number(a.age_years, 0, "years")),
        ("Height", number(a.height_m, 2, "m")),
        ("Weight", number(a.weight_kg, 0, "kg")),
    ])
}

/// The choices that the numbers depend on.
pub(crate) fn parameters(findings: &Findings) -> Vec<Row> {
    let shown = findings.parameters.iter().filter(|parameter| parameter.is_finite());
    let value = |choice: &Choice| match choice {
        Choice::Number(value, unit) => {
            let decimals = if value.fract() == 0.0 { 0 } else { 2 };
            format!("{} {}", fixed(*value, decimals), unit.symbol()).trim_end().to_owned()
        }
        Choice::Text(text) => text.clone(),
        Choice::Flag(true) => "yes".into(),
        Choice::Flag(false) => "no".into(),
    };
    shown.map(|parameter| (parameter.name, value(&parameter.value))).collect()
}

/// How long each step took.
pub(crate) fn timing(findings: &Findings) -> Vec<(String, String)> {
    let row = |step: &crate::Timing| (step.step.clone(), format!("{} s", fixed(step.seconds, 2)));
    findings.timing.iter().filter(|step| step.seconds.is_finite()).map(row).collect()
}

/// What a complete clinical report needs, and whether it is here.
pub(crate) fn completeness(findings: &Findings) -> Vec<(&'static str, bool)> {
    let study = &findings.study;
    let acquired = findings.series.first().is_some_and(|series| series.acquired.is_some());
    vec![
        ("patient name and identifier", study.patient_name.is_some() && study.patient_id.is_some()),
        ("date of birth and sex", study.birth_date.is_some() && study.sex.is_some()),
        ("accession number", study.accession.is_some()),
        (
            "order and ordering physician",
            study.order.is_some() && study.ordering_physician.is_some(),
        ),
        ("indication", study.indication.is_some()),
        ("date of the CT", acquired || study.date.is_some()),
        ("CT obtained earlier, or in this encounter", findings.ct_relation.is_some()),
        ("comparison, or none available", study.comparison.is_some()),
        ("measurements with quality checks", !findings.measurements.is_empty()),
        ("physician's interpretation and signature", false),
    ]
}
