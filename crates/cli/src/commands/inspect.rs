//! `hilum inspect`: what lies at a place.

use hilum_core::Quality;
use hilum_dicom::{LoadOptions, Scan, Series};
use serde_json::{Map, Value, json};

use crate::args::{Global, Inspect};
use crate::failure::Failure;
use crate::input;
use crate::progress::Progress;
use crate::stdout;

/// Lists the series at a path, and which analyses each can serve.
pub fn inspect(args: &Inspect, global: &Global) -> Result<(), Failure> {
    if input::is_volume(&args.path) {
        return volume(args, global);
    }
    let scan = {
        let progress = Progress::new(global);
        hilum_dicom::scan(&args.path, &|done, of| progress.show("looking for series", done, of))?
    };
    if global.json {
        return stdout::print(&format!("{:#}", as_json(&scan, args.uneven.options())));
    }
    stdout::print(&as_lines(&scan, args.uneven.options(), global.verbose).join("\n"))
}

fn as_lines(scan: &Scan, options: LoadOptions, verbose: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for series in scan.series() {
        lines.push(series.label());
        for line in facts(series) {
            lines.push(format!("    {line}"));
        }
        for (analysis, reasons) in analyses(series, options) {
            let verdict = match &reasons[..] {
                [] => "yes".to_owned(),
                reasons => format!("no: {}", reasons.join("; ")),
            };
            lines.push(format!("    {analysis}: {verdict}"));
        }
        for check in checks(series, options) {
            lines.push(format!("    {}: {}", check.code, check.message));
        }
    }
    let passed_over = scan.unread();
    if !passed_over.is_empty() {
        lines.push(format!(
            "{} of {} files are not images of a series",
            passed_over.len(),
            scan.files()
        ));
    }
    for file in passed_over.iter().filter(|file| verbose || file.is_damaged()) {
        lines.push(format!("    {}: {}", file.file(), file.reason()));
    }
    lines
}

/// What is known of a series beyond its label, a line each.
fn facts(series: &Series) -> Vec<String> {
    let summary = series.summary();
    let acquisition = &summary.acquisition;
    let scanner = [&acquisition.manufacturer, &acquisition.model];
    let scanner: Vec<&str> = scanner.into_iter().flatten().map(String::as_str).collect();
    let mut made = Vec::new();
    made.extend(acquisition.kvp.map(|kv| format!("{kv} kV")));
    made.extend(acquisition.slice_thickness_mm.map(|mm| format!("slices {mm} mm thick")));
    made.extend(acquisition.contrast.as_ref().map(|agent| format!("contrast {agent}")));
    made.extend(summary.orientation.map(str::to_owned));
    let lines = [
        scanner.join(" "),
        made.join(", "),
        format!("transfer syntax {}", summary.transfer_syntax),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// The analyses that exist, each with the reasons why this series cannot serve it.
fn analyses(series: &Series, options: LoadOptions) -> Vec<(&'static str, Vec<String>)> {
    let damaged = |file: &hilum_dicom::Unread| format!("{}: {}", file.file(), file.reason());
    let mut reasons = series.why_not_ct().to_vec();
    reasons.extend(series.broken().iter().map(damaged));
    if reasons.is_empty() {
        reasons.extend(series.geometry_with(&options).err().map(|error| error.to_string()));
    }
    vec![("density", reasons)]
}

/// What geometry and acquisition mean for density, for a series that can be measured.
fn checks(series: &Series, options: LoadOptions) -> Vec<Quality> {
    let Ok((grid, mut rows)) = series.geometry_with(&options) else { return Vec::new() };
    rows.extend(hilum_density::check_acquisition(&grid, &series.summary().acquisition));
    rows
}

fn as_json(scan: &Scan, options: LoadOptions) -> Value {
    let series: Vec<Value> =
        scan.series().iter().map(|series| series_json(series, options)).collect();
    let passed_over: Vec<Value> = scan
        .unread()
        .iter()
        .map(|file| {
            let damaged = file.is_damaged();
            json!({ "file": file.file(), "reason": file.reason(), "damaged": damaged })
        })
        .collect();
    json!({ "files": scan.files(), "series": series, "passed_over": passed_over })
}

fn series_json(series: &Series, options: LoadOptions) -> Value {
    let summary = series.summary();
    let acquisition = &summary.acquisition;
    let analyses: Map<String, Value> = analyses(series, options)
        .into_iter()
        .map(|(name, why_not)| {
            (name.to_owned(), json!({ "possible": why_not.is_empty(), "why_not": why_not }))
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
        "image_type": summary.image_type,
        "transfer_syntax": summary.transfer_syntax,
        "study_uid": summary.study_uid,
        "series_uid": summary.series_uid,
        "frame_of_reference_uid": summary.frame_of_reference_uid,
        "analyses": analyses,
        "checks": checks.iter().map(|row| json!({ "code": row.code, "message": row.message })).collect::<Vec<_>>(),
    })
}

fn volume(args: &Inspect, global: &Global) -> Result<(), Failure> {
    let ct = hilum_files::read(&args.path)?;
    let format = hilum_files::Format::of(&args.path)?;
    let range = |[low, high]: [i16; 2], hu: &hilum_core::Hu| [low.min(hu.0), high.max(hu.0)];
    let [lowest, highest] = ct.hu().as_slice().iter().fold([i16::MAX, i16::MIN], range);
    let (shape, spacing) = (ct.grid().shape(), ct.grid().spacing());
    if global.json {
        let facts = json!({
            "format": format!("{format:?}"),
            "shape": shape,
            "spacing": spacing,
            "range_hu": [lowest, highest],
            "fractional": ct.exact().is_some(),
            "analyses": { "density": { "possible": true, "why_not": [] } },
        });
        return stdout::print(&format!("{facts:#}"));
    }
    let ([slices, rows, columns], [dk, dj, di]) = (shape, spacing);
    stdout::print(&format!(
        "{format:?} volume, {slices} × {rows}×{columns}, {di:.3}×{dj:.3}×{dk:.3} mm\n    \
         {lowest} to {highest} HU\n    \
         density: yes, without acquisition checks: the format names no kernel, kV or contrast"
    ))
}
