//! `report.json`.

use hilum_core::{Acquisition, Measurement, Quality, RESEARCH_USE_ONLY};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    Billing, Classification, Clusters, Error, Findings, Histogram, Parameter, SeriesUsed, Study,
    Timing, layout,
};

/// Name and version of the document's shape; `docs/report.schema.json` describes it.
pub const SCHEMA: &str = "hilum.report/1";

/// Version of the software that writes the report.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The findings as `report.json`.
///
/// Keys stand in a fixed order, real numbers have [`crate::SIGNIFICANT_DIGITS`] significant
/// digits, and what is not known is absent. Equal findings give equal bytes. A measurement that
/// is not finite is left out, with a `quality` row that says so.
///
/// # Errors
///
/// [`Error::Document`] if the writer fails, which no findings are known to bring about.
pub fn json(findings: &Findings) -> Result<String, Error> {
    layout::written(&Document::of(findings))
        .map_err(|source| Error::Document { document: "report.json", source: source.into() })
}

/// The numbers that can be reported, and every quality row, including those on numbers that cannot.
pub(crate) fn finite(findings: &Findings) -> (Vec<Measurement>, Vec<Quality>) {
    let mut quality = findings.quality.clone();
    let mut measurements = Vec::new();
    for measurement in &findings.measurements {
        if measurement.value.is_finite() {
            let bounds = measurement.interval.filter(|bounds| bounds.iter().all(|b| b.is_finite()));
            let meaning = bounds.and(measurement.interval_meaning);
            measurements.push(Measurement {
                interval: bounds,
                interval_meaning: meaning,
                ..measurement.clone()
            });
        } else {
            let place = measurement.site.name();
            let message =
                format!("{} of {place} is not a number and was left out", measurement.key);
            quality.push(Quality::refused("not_finite", message));
        }
    }
    (measurements, quality)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'a str>,
    software: Software,
    analysis: AnalysisRow<'a>,
    study: &'a Study,
    series: Vec<SeriesRow<'a>>,
    timing: Vec<&'a Timing>,
    quality: Vec<Quality>,
    measurements: Vec<Measurement>,
    histograms: &'a [Histogram],
    clusters: Vec<ClustersRow<'a>>,
    classification: Classified<'a>,
    review: Review,
    billing: Billing,
}

#[derive(Serialize)]
struct Software {
    name: &'static str,
    version: &'static str,
    regulatory: &'static str,
}

#[derive(Serialize)]
struct AnalysisRow<'a> {
    key: &'static str,
    title: &'static str,
    parameters: Vec<&'a Parameter>,
}

#[derive(Serialize)]
struct SeriesRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    role: crate::SeriesRole,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquired: Option<&'a str>,
    shape: [usize; 3],
    spacing: [f64; 3],
    acquisition: AcquisitionRow<'a>,
}

#[derive(Serialize)]
struct ClustersRow<'a> {
    region: hilum_core::Site,
    definition: &'a str,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exponent: Option<f64>,
    at_least: &'a [(f64, u64)],
}

/// An analysis that classifies nothing says so.
#[derive(Serialize)]
#[serde(untagged)]
enum Classified<'a> {
    Given(&'a Classification),
    None { status: &'static str },
}

#[derive(Serialize)]
struct Review {
    status: &'static str,
}

impl<'a> Document<'a> {
    fn of(findings: &'a Findings) -> Self {
        let (measurements, quality) = finite(findings);
        Self {
            schema: SCHEMA,
            created: findings.created.as_deref(),
            software: Software { name: "hilum", version: VERSION, regulatory: RESEARCH_USE_ONLY },
            analysis: AnalysisRow {
                key: findings.analysis.key(),
                title: findings.analysis.title(),
                parameters: findings.parameters.iter().filter(|p| p.is_finite()).collect(),
            },
            study: &findings.study,
            series: findings.series.iter().map(SeriesRow::of).collect(),
            timing: findings.timing.iter().filter(|step| step.seconds.is_finite()).collect(),
            quality,
            measurements,
            histograms: &findings.histograms,
            clusters: findings.clusters.iter().map(ClustersRow::of).collect(),
            classification: findings
                .classification
                .as_ref()
                .map_or(Classified::None { status: "not applicable" }, Classified::Given),
            review: Review { status: "not reviewed" },
            billing: Billing::of(findings),
        }
    }
}

impl<'a> SeriesRow<'a> {
    fn of(series: &'a SeriesUsed) -> Self {
        Self {
            uid: series.uid.as_deref(),
            role: series.role,
            source: series.source.as_deref(),
            acquired: series.acquired.as_deref(),
            shape: series.shape,
            spacing: series.spacing,
            acquisition: AcquisitionRow(&series.acquisition),
        }
    }
}

impl<'a> ClustersRow<'a> {
    fn of(clusters: &'a Clusters) -> Self {
        Self {
            region: hilum_core::Site::Whole(clusters.lungs),
            definition: &clusters.definition,
            unit: clusters.unit,
            exponent: clusters.exponent.filter(|d| d.is_finite()),
            at_least: &clusters.at_least,
        }
    }
}

/// What is known of an acquisition; what is not is absent rather than null.
struct AcquisitionRow<'a>(&'a Acquisition);

impl Serialize for AcquisitionRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let a = self.0;
        let words = [
            ("modality", &a.modality),
            ("manufacturer", &a.manufacturer),
            ("model", &a.model),
            ("software", &a.software),
            ("body_part", &a.body_part),
            ("description", &a.description),
            ("kernel", &a.kernel),
            ("iterative", &a.iterative),
            ("contrast", &a.contrast),
            ("patient_position", &a.patient_position),
            ("sex", &a.sex),
        ];
        let numbers = [
            ("kvp", a.kvp),
            ("tube_current_ma", a.tube_current_ma),
            ("exposure_mas", a.exposure_mas),
            ("slice_thickness_mm", a.slice_thickness_mm),
            ("reconstruction_diameter_mm", a.reconstruction_diameter_mm),
            ("gantry_tilt_rad", a.gantry_tilt),
            ("age_years", a.age_years),
            ("height_m", a.height_m),
            ("weight_kg", a.weight_kg),
        ];
        let mut map = serializer.serialize_map(None)?;
        for (key, word) in words {
            if let Some(word) = word {
                map.serialize_entry(key, word)?;
            }
        }
        for (key, number) in numbers {
            if let Some(number) = number.filter(|n| n.is_finite()) {
                map.serialize_entry(key, &number)?;
            }
        }
        map.end()
    }
}
