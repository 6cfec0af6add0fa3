//! What `hilum inspect --json` prints.

use hilum_dicom::{Analysis, Breath, LoadOptions, Scan, Series};
use serde_json::{Map, Value, json};

use crate::commands::inspect_lines::{checks, verdicts};

/// The same as the lines for people, for programs.
pub fn of(scan: &Scan, options: LoadOptions) -> Value {
    let all = scan.series().iter();
    let series: Vec<Value> = all.map(|one| series_json(scan, one, options)).collect();
    let passed_over: Vec<Value> = scan
        .unread()
        .iter()
        .map(|file| {
            let damaged = file.is_damaged();
            json!({ "file": file.file(), "reason": file.reason(), "damaged": damaged })
        })
        .collect();
    let breaths: Vec<Value> = hilum_dicom::phases(scan).iter().map(breath_json).collect();
    let pairs: Vec<Value> = hilum_dicom::pairs(scan)
        .iter()
        .map(|pair| json!({ "inspiration": number(pair.inspiration), "expiration": number(pair.expiration) }))
        .collect();
    json!({
        "files": scan.files(),
        "series": series,
        "choice": { "density": choice(scan, options) },
        "four_d": breaths,
        "pairs": pairs,
        "passed_over": passed_over,
    })
}

fn number(series: &Series) -> usize {
    series.summary().number
}

/// What automatic choice would take for density, or why it would not.
fn choice(scan: &Scan, options: LoadOptions) -> Value {
    match hilum_dicom::choose(scan, None) {
        Err(error) => json!({ "series": null, "possible": false, "why_not": error.to_string() }),
        Ok(choice) => {
            let others = choice.passed_over.iter();
            let others: Vec<Value> =
                others.map(|(one, why)| json!({ "series": number(one), "why_not": why })).collect();
            let why_not = scan.why_not_with(choice.series, Analysis::Density, &options);
            let possible = why_not.is_empty();
            json!({ "series": number(choice.series), "possible": possible, "passed_over": others })
        }
    }
}

fn breath_json(breath: &Breath<'_>) -> Value {
    let phases: Vec<Value> = breath
        .phases
        .iter()
        .map(|phase| json!({ "series": number(phase.series), "label": phase.label.to_string() }))
        .collect();
    let aside = breath.set_aside.iter();
    let aside: Vec<Value> =
        aside.map(|(one, what)| json!({ "series": number(one), "what": what })).collect();
    json!({
        "phases": phases,
        "labelled_by": breath.labelled_by,
        "set_aside": aside,
        "why_not": breath.why_not,
    })
}

fn series_json(scan: &Scan, series: &Series, options: LoadOptions) -> Value {
    let summary = series.summary();
    let acquisition = &summary.acquisition;
    let analyses: Map<String, Value> = verdicts(scan, series, options)
        .into_iter()
        .map(|(analysis, why_not)| {
            let verdict = json!({ "possible": why_not.is_empty(), "why_not": why_not });
            (analysis.key().to_owned(), verdict)
        })
        .collect();
    let checks = checks(series, options);
    json!({
        "number": summary.number,
        "modality": acquisition.modality,
        "description": acquisition.description,
        "manufacturer": acquisition.manufacturer,
        "model": acquisition.model,
        "kernel": acquisition.kernel,
        "kernel_sharpness": format!("{:?}", acquisition.sharpness()).to_lowercase(),
        "kvp": acquisition.kvp,
        "contrast": acquisition.contrast,
        "slice_thickness_mm": acquisition.slice_thickness_mm,
        "slices": summary.slices,
        "rows": summary.rows,
        "columns": summary.columns,
        "pixel_spacing_mm": summary.pixel_spacing_mm,
        "slice_step_mm": summary.slice_step_mm,
        "orientation": summary.orientation,
        "part": summary.part,
        "phase": summary.phase.map(|phase| phase.to_string()),
        "image_type": summary.image_type,
        "transfer_syntax": summary.transfer_syntax,
        "study_uid": summary.study_uid,
        "series_uid": summary.series_uid,
        "frame_of_reference_uid": summary.frame_of_reference_uid,
        "analyses": analyses,
        "checks": checks.iter().map(|row| json!({ "code": row.code, "message": row.message })).collect::<Vec<_>>(),
    })
}
