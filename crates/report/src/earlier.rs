//! An earlier report, read back to compare with.

use serde_json::Value;

use crate::{Error, SCHEMA};

/// What a comparison takes from an earlier `report.json`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    /// Which analysis it was of.
    pub analysis: String,
    /// Patient's identifier, where the report has one.
    pub patient_id: Option<String>,
    /// Date of the study, or else of the report.
    pub date: Option<String>,
    /// Slice thickness in mm, or else the step between slices.
    pub thickness_mm: Option<f64>,
    /// Reconstruction kernel.
    pub kernel: Option<String>,
    /// Its measurements.
    pub measurements: Vec<EarlierMeasurement>,
}

/// A measurement of an earlier report.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierMeasurement {
    /// Key, e.g. `extent_fibrosis_percent`.
    pub key: String,
    /// Key of the region.
    pub region: String,
    /// The value, in the unit that its key names.
    pub value: f64,
    /// Its interval, where there is one.
    pub interval: Option<[f64; 2]>,
}

/// Reads `report.json` of an earlier run.
///
/// # Errors
///
/// [`Error::Earlier`] if the text is no report of this schema.
pub fn earlier(text: &str) -> Result<Earlier, Error> {
    let refuse = |found: String| Error::Earlier { found };
    let report: Value =
        serde_json::from_str(text).map_err(|error| refuse(format!("no JSON ({error})")))?;
    match report["schema"].as_str() {
        Some(SCHEMA) => {}
        Some(other) => return Err(refuse(format!("schema `{other}`"))),
        None => return Err(refuse("JSON without a schema".into())),
    }
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let series = &report["series"][0];
    let made = &series["acquisition"];
    let rows = report["measurements"].as_array().into_iter().flatten();
    Ok(Earlier {
        analysis: word(&report["analysis"]["key"]).unwrap_or_default(),
        patient_id: word(&report["study"]["patient_id"]),
        date: word(&report["study"]["date"]).or_else(|| word(&report["created"])),
        thickness_mm: made["slice_thickness_mm"].as_f64().or_else(|| series["spacing"][0].as_f64()),
        kernel: word(&made["kernel"]),
        measurements: rows.filter_map(measurement).collect(),
    })
}

fn measurement(row: &Value) -> Option<EarlierMeasurement> {
    let bounds = &row["interval"];
    Some(EarlierMeasurement {
        key: row["key"].as_str()?.to_owned(),
        region: row["region"].as_str()?.to_owned(),
        value: row["value"].as_f64()?,
        interval: bounds[0].as_f64().zip(bounds[1].as_f64()).map(|(low, high)| [low, high]),
    })
}
