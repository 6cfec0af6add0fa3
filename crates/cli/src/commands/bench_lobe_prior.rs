//! `hilum bench lobe-prior`: how far clicked fissures are from where the other scans expect them.

use std::fs;
use std::path::{Path, PathBuf};

use hilum_segment::{AtlasCase, PriorErrors, prior_leave_one_out};
use serde_json::{Value, json};

use crate::commands::bench::files;
use crate::failure::Failure;

/// Ends and beginnings of the names of files: `<case>_regionAndTypePoints.csv` and
/// `<case>_TO_<atlas>_transform.tfm`.
const CLICKS: &str = "_regionAndTypePoints.csv";
const TO: &str = "_TO_";

/// Leaves out one scan of the atlas of the Chest Imaging Platform after the other.
pub fn lobe_prior(root: &Path) -> Result<Value, Failure> {
    let files = files(root)?;
    let mut cases = Vec::new();
    for (name, clicks) in &files {
        let Some(case) = name.strip_suffix(CLICKS) else { continue };
        let start = format!("{case}{TO}");
        let Some((_, transform)) = files.range(start.clone()..).next() else { continue };
        let is_of_case = transform.file_name().is_some_and(|n| {
            let name = n.to_string_lossy();
            name.starts_with(&start)
        });
        if is_of_case {
            cases.push(AtlasCase::parse(&text(clicks)?, &text(transform)?)?);
        }
    }
    // Some scans must remain to learn from.
    if cases.len() < 10 {
        return Ok(json!({ "name": "lobe-prior", "status": "not run", "cases": cases.len() }));
    }
    let rows: Vec<Value> = prior_leave_one_out(&cases).iter().map(row).collect();
    Ok(json!({ "name": "lobe-prior", "status": "run", "cases": cases.len(), "rows": rows }))
}

fn text(path: &PathBuf) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Failure::new(format!("`{name}` cannot be read: {error}"), "check that it is text")
    })
}

fn row(errors: &PriorErrors) -> Value {
    json!({
        "from": errors.from,
        "fissure": errors.fissure.key(),
        "scans": errors.scans,
        "clicks": errors.clicks,
        "median_mm": hundredths(errors.median),
        "mean_mm": hundredths(errors.mean),
        "percentile_95_mm": hundredths(errors.percentile_95),
    })
}

fn hundredths(x: f64) -> f64 {
    (100.0 * x).round() / 100.0
}

/// The table for people.
pub fn as_text(result: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![format!(
        "lobe-prior: {}, {} scans; distance of clicks to the surface in mm",
        word(&result["status"]),
        result["cases"]
    )];
    lines.push(format!(
        "  {:<36} {:<26} {:>6} {:>7} {:>6} {:>6}",
        "surface from", "fissure", "clicks", "median", "mean", "95 %"
    ));
    for row in result["rows"].as_array().into_iter().flatten() {
        let number = |key: &str| row[key].as_f64().unwrap_or(f64::NAN);
        lines.push(format!(
            "  {:<36} {:<26} {:>6} {:>7.2} {:>6.2} {:>6.2}",
            word(&row["from"]),
            word(&row["fissure"]),
            row["clicks"],
            number("median_mm"),
            number("mean_mm"),
            number("percentile_95_mm")
        ));
    }
    lines.join("\n")
}
