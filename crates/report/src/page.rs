//! `report.html`.

use askama::Template;
use hilum_core::{Quality, RESEARCH_USE_ONLY, Severity};

use crate::{
    Analysis, Billing, Error, Findings, Pictures,
    billing::State,
    document,
    embedded::{Picture, Viewer, lobe_legend, pattern_legend},
    fits::Fits,
    names,
    numbers::{fixed, with_minus},
    plot, provenance,
    references::{PROGRAMS, REPEATABILITY, SCANS},
    summary::{self, Headline, Shown},
    tables::{self, Table},
};

/// The findings as one self-contained HTML document: no network, no script needed for any number.
///
/// Pictures are embedded where there are any. Whatever the caller's words hold is escaped.
///
/// # Errors
///
/// [`Error::Document`] if the page cannot be put together, which no findings are known to bring
/// about.
pub fn html(findings: &Findings, pictures: Option<&Pictures>) -> Result<String, Error> {
    let (measurements, quality) = document::finite(findings);
    let findings = Findings { quality, measurements, ..findings.clone() };
    Page::of(&findings, pictures)
        .render()
        .map_err(|source| Error::Document { document: "report.html", source: source.into() })
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    title: &'static str,
    regulatory: &'static str,
    version: &'static str,
    schema: &'static str,
    created: Option<String>,
    identity: Vec<(&'static str, String)>,
    technique: Vec<(&'static str, String)>,
    concerns: Vec<Concern>,
    remarks: usize,
    sentences: Vec<String>,
    headlines: Vec<Headline>,
    has_references: bool,
    is_density: bool,
    fits: Option<Fits>,
    cover: Option<Picture>,
    plot: Option<String>,
    by_region: Table,
    everything: Vec<Table>,
    ranges: Vec<Ranges>,
    repeatability: Vec<[String; 3]>,
    repeatability_sources: [&'static str; 2],
    pictures: Vec<Picture>,
    lobes: Vec<Picture>,
    patterns: Vec<Picture>,
    pattern_legend: Vec<(&'static str, String)>,
    lobe_legend: Vec<(&'static str, String, String)>,
    threshold: String,
    viewer: Option<Viewer>,
    definitions: Vec<Definition>,
    blind_spots: &'static [&'static str],
    quality: Vec<Concern>,
    parameters: Vec<(&'static str, String)>,
    series: Vec<Vec<(&'static str, String)>>,
    timing: Vec<(String, String)>,
    missing: Vec<(&'static str, bool)>,
    billing: Billing,
}

/// A quality row, as shown.
struct Concern {
    class: &'static str,
    word: &'static str,
    code: &'static str,
    message: String,
}

/// Published ranges of one measurement.
struct Ranges {
    name: String,
    value: String,
    unit: &'static str,
    rows: Vec<Shown>,
}

/// What a key means.
struct Definition {
    key: &'static str,
    name: String,
    unit: &'static str,
    text: Vec<String>,
    code: String,
    interval: Vec<&'static str>,
}

impl Page {
    fn of(findings: &Findings, pictures: Option<&Pictures>) -> Self {
        let stills: Vec<Picture> =
            pictures.iter().flat_map(|p| &p.stills).map(Picture::of).collect();
        let concerns: Vec<Concern> = sorted(&findings.quality);
        let headlines = summary::headlines(findings);
        let remarks = concerns.iter().filter(|c| c.class == "info").count();
        Self {
            title: findings.analysis.title(),
            regulatory: RESEARCH_USE_ONLY,
            version: document::VERSION,
            schema: document::SCHEMA,
            created: findings.created.clone(),
            identity: provenance::identity(&findings.study),
            technique: provenance::technique(findings),
            concerns: sorted(&findings.quality).into_iter().filter(|c| c.class != "info").collect(),
            remarks,
            sentences: summary::sentences(findings),
            has_references: headlines.iter().any(|line| !line.references.is_empty()),
            headlines,
            is_density: findings.analysis == Analysis::Density,
            fits: findings.classification.as_ref().map(|found| Fits::of(found, findings)),
            cover: pictures.and_then(|p| p.patterns.first().or(p.stills.first())).map(Picture::of),
            plot: plot::histogram(findings),
            by_region: tables::by_region(findings),
            everything: tables::everything(findings),
            ranges: ranges(findings),
            repeatability: repeatability(findings),
            repeatability_sources: [SCANS, PROGRAMS],
            pictures: stills,
            lobes: pictures.iter().flat_map(|p| &p.lobes).map(Picture::of).collect(),
            lobe_legend: lobe_legend(),
            patterns: pictures.iter().flat_map(|p| &p.patterns).map(Picture::of).collect(),
            pattern_legend: pattern_legend(),
            threshold: pictures.map_or_else(String::new, |p| p.threshold.clone()),
            viewer: pictures.and_then(|p| Viewer::of(&p.stack)),
            definitions: definitions(findings),
            blind_spots: findings.analysis.blind_spots(),
            quality: concerns,
            parameters: provenance::parameters(findings),
            series: findings.series.iter().map(provenance::series).collect(),
            timing: provenance::timing(findings),
            missing: provenance::completeness(findings),
            billing: Billing::of(findings),
        }
    }
}

/// Quality rows, the weightiest first.
fn sorted(quality: &[Quality]) -> Vec<Concern> {
    let mut rows: Vec<&Quality> = quality.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.severity));
    let concern = |row: &Quality| {
        let (class, word) = match row.severity {
            Severity::Refused => ("refused", "Not measured"),
            Severity::Warning => ("warning", "Warning"),
            Severity::Info => ("info", "Note"),
        };
        Concern { class, word, code: row.code, message: with_minus(&tables::capital(&row.message)) }
    };
    rows.into_iter().map(concern).collect()
}

fn ranges(findings: &Findings) -> Vec<Ranges> {
    let of = |key: &str| {
        let both = names::whole(findings, key, hilum_core::Lungs::Both)?;
        let rows = summary::shown(findings, key);
        let ranges = Ranges {
            name: names::long(both),
            value: names::value(both),
            unit: both.unit.symbol(),
            rows,
        };
        (!ranges.rows.is_empty()).then_some(ranges)
    };
    ["volume_ml", "laa_950", "haa_600_250"].into_iter().filter_map(of).collect()
}

fn repeatability(findings: &Findings) -> Vec<[String; 3]> {
    let say = |value: Option<f64>, unit: &str| {
        let decimals = |v: f64| if v < 1.0 { 2 } else { usize::from(v < 20.0) };
        value.map_or_else(String::new, |v| format!("{} {unit}", fixed(v, decimals(v))))
    };
    let row = |known: &crate::references::Repeatability| {
        let found = names::whole(findings, known.key, hilum_core::Lungs::Both)?;
        let unit = if found.unit.symbol() == "%" { "points" } else { found.unit.symbol() };
        Some([names::long(found), say(known.scans, unit), say(known.programs, unit)])
    };
    REPEATABILITY.iter().filter_map(row).collect()
}

/// What each key means, in the order in which keys first appear.
fn definitions(findings: &Findings) -> Vec<Definition> {
    let mut rows: Vec<Definition> = Vec::new();
    for m in &findings.measurements {
        let at = rows.iter().position(|row| row.key == m.key).unwrap_or_else(|| {
            rows.push(Definition {
                key: m.key,
                name: names::long(m),
                unit: m.unit.symbol(),
                text: Vec::new(),
                code: format!("{} {}", m.concept.scheme, m.concept.value),
                interval: Vec::new(),
            });
            rows.len() - 1
        });
        let text = with_minus(&m.definition);
        if !rows[at].text.contains(&text) {
            rows[at].text.push(text);
        }
        if let Some(meaning) = m.interval_meaning.filter(|word| !rows[at].interval.contains(word)) {
            rows[at].interval.push(meaning);
        }
    }
    rows
}
