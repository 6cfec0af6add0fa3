//! Which analyses a series can serve.

use crate::breath::{pairs, phases};
use crate::phase_label::PhaseLabel;
use crate::series::Series;
use crate::{Error, LoadOptions, Scan};

/// What a series may be measured for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Analysis {
    /// Density of the lungs on one CT.
    Density,
    /// Textures of interstitial disease on one CT.
    Ild,
    /// The CT of a ventilation study.
    VentilationCt,
    /// The cine of a ventilation study.
    VentilationCine,
    /// Motion over the phases of a 4D-CT or between two breath-holds.
    Motion,
}

impl Analysis {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Density, Self::Ild, Self::VentilationCt, Self::VentilationCine, Self::Motion];

    /// The name by which files call it, e.g. `ventilation_ct`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Density => "density",
            Self::Ild => "ild",
            Self::VentilationCt => "ventilation_ct",
            Self::VentilationCine => "ventilation_cine",
            Self::Motion => "motion",
        }
    }
}

/// Textures of interstitial disease blur in thicker slices (mm): hilum's own limit.
const FINE: f64 = 3.0;

impl Scan {
    /// Why a series of this scan cannot serve an analysis; empty if it can, as far as the headers
    /// tell.
    ///
    /// Cost: `O(slices)` of the series, and of all series for [`Analysis::Motion`].
    pub fn why_not(&self, series: &Series, analysis: Analysis) -> Vec<String> {
        self.why_not_with(series, analysis, &LoadOptions::default())
    }

    /// [`Scan::why_not`] for a series that would be loaded with these options.
    pub fn why_not_with(
        &self,
        series: &Series,
        analysis: Analysis,
        options: &LoadOptions,
    ) -> Vec<String> {
        match analysis {
            Analysis::Density | Analysis::VentilationCt => no_volume(series, *options),
            Analysis::Ild => no_texture(series, *options),
            Analysis::VentilationCine => no_cine(series),
            Analysis::Motion => no_motion(self, series),
        }
    }
}

fn no_volume(series: &Series, options: LoadOptions) -> Vec<String> {
    let mut reasons = series.why_not_ct().to_vec();
    reasons
        .extend(series.broken().iter().map(|file| format!("{}: {}", file.file(), file.reason())));
    if reasons.is_empty() {
        reasons.extend(series.geometry_with(&options).err().map(|error| error.to_string()));
    }
    reasons
}

fn no_texture(series: &Series, options: LoadOptions) -> Vec<String> {
    let mut reasons = no_volume(series, options);
    if !reasons.is_empty() {
        return reasons;
    }
    let summary = series.summary();
    let thickness = summary.acquisition.slice_thickness_mm.or(summary.slice_step_mm);
    if let Some(mm) = thickness.filter(|mm| *mm > FINE) {
        reasons.push(format!("slices {mm} mm thick, wanted at most {FINE} mm"));
    }
    if PhaseLabel::of_words(&series.words()) == Some(PhaseLabel::Expiration) {
        reasons.push("in expiration, wanted inspiration".into());
    }
    reasons
}

fn no_cine(series: &Series) -> Vec<String> {
    let reasons = series.why_not_cine().to_vec();
    if !reasons.is_empty() {
        return reasons;
    }
    match series.cine_facts() {
        Err(Error::NotCine { reasons, .. }) => reasons,
        Err(error) => vec![error.to_string()],
        Ok(facts) => {
            let unknown = facts.quality.iter().filter(|row| row.code == "projection_unknown");
            unknown.map(|row| row.message.clone()).collect()
        }
    }
}

fn no_motion(scan: &Scan, series: &Series) -> Vec<String> {
    let reasons = no_volume(series, LoadOptions::default());
    if !reasons.is_empty() {
        return reasons;
    }
    let is = |other: &Series| std::ptr::eq(other, series);
    let breaths = phases(scan);
    if let Some(breath) = breaths.iter().find(|b| b.phases.iter().any(|p| is(p.series))) {
        return breath.why_not.clone();
    }
    if let Some(what) = breaths.iter().flat_map(|b| &b.set_aside).find(|aside| is(aside.0)) {
        return vec![format!("{}, wanted a phase", what.1)];
    }
    if pairs(scan).iter().any(|pair| is(pair.inspiration) || is(pair.expiration)) {
        return Vec::new();
    }
    vec!["neither a phase of a 4D-CT nor one of a pair in inspiration and expiration".into()]
}
