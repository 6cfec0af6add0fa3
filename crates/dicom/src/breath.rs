//! CTs of one breath: the phases of a 4D-CT, or a breath held in and one held out.

use std::collections::BTreeMap;

use hilum_core::Grid;

use crate::Scan;
use crate::phase_label::{PhaseLabel, combined};
use crate::preference::preference;
use crate::series::Series;
use crate::slice::Slice;

/// One phase of a 4D-CT.
#[derive(Clone, Copy, Debug)]
pub struct Phase<'a> {
    /// When in the breath, as it is labelled.
    pub label: PhaseLabel,
    /// The CT: [`Series::load`] reads it.
    pub series: &'a Series,
}

/// The phases of one 4D-CT.
#[derive(Clone, Debug)]
pub struct Breath<'a> {
    /// The phases in the cyclic order of their labels.
    pub phases: Vec<Phase<'a>>,
    /// Where the labels come from, e.g. `description`.
    pub labelled_by: &'static str,
    /// Series beside the phases that are none, each with what it is.
    pub set_aside: Vec<(&'a Series, String)>,
    /// Why the phases cannot be compared voxel by voxel; empty if they can.
    pub why_not: Vec<String>,
}

/// A breath held in and one held out.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The CT in inspiration.
    pub inspiration: &'a Series,
    /// The CT in expiration.
    pub expiration: &'a Series,
}

/// The 4D-CTs of a scan: CT volumes of one patient, study, frame of reference, picture size and
/// kernel with two phases or more. They may be stacks of one series or series of their own.
///
/// Labels are those of the first source that tells at least two apart: nominal respiratory phase,
/// series description and protocol, image comment, temporal position, trigger time (within one
/// series only). Labels give the cyclic order; [`order_by_volume`](crate::order_by_volume) says
/// whether to believe them. Averages, projections and series without label are set aside.
///
/// Cost: `O(slices log slices)`, from the headers alone.
pub fn phases(scan: &Scan) -> Vec<Breath<'_>> {
    breaths(scan.series())
}

/// The pairs of a breath held in and one held out, by the words of their descriptions: for each
/// study the best series of either kind, by the order in which [`choose`](crate::choose) prefers.
pub fn pairs(scan: &Scan) -> Vec<Pair<'_>> {
    let mut studies: BTreeMap<_, [Option<&Series>; 2]> = BTreeMap::new();
    for series in scan.series().iter().filter(|series| !series.is_even_part()) {
        let place = match held(series) {
            Some(PhaseLabel::Inspiration) => 0,
            Some(PhaseLabel::Expiration) => 1,
            _ => continue,
        };
        studies.entry(series.study()).or_default()[place].get_or_insert(series);
    }
    let pair = |[inspiration, expiration]: [Option<_>; 2]| {
        Some(Pair { inspiration: inspiration?, expiration: expiration? })
    };
    studies.into_values().filter_map(pair).collect()
}

/// Whether a CT volume says of itself that a breath was held.
fn held(series: &Series) -> Option<PhaseLabel> {
    let usable = series.why_not_ct().is_empty() && combined(&series.words()).is_none();
    PhaseLabel::of_words(&series.words()).filter(|_| usable)
}

/// Notes in the summaries which series are phases.
pub(crate) fn mark(series: &mut [Series]) {
    let mut labels = vec![None; series.len()];
    for breath in breaths(series) {
        for phase in &breath.phases {
            let place = series.iter().position(|one| std::ptr::eq(one, phase.series));
            if let Some(place) = place {
                labels[place] = Some(phase.label);
            }
        }
    }
    for (series, label) in series.iter_mut().zip(labels) {
        series.summary.phase = label;
    }
}

fn breaths(series: &[Series]) -> Vec<Breath<'_>> {
    let mut groups: BTreeMap<_, Vec<&Series>> = BTreeMap::new();
    let eligible = |one: &&Series| one.why_not_ct().is_empty() && !one.is_even_part();
    for one in series.iter().filter(eligible) {
        groups.entry(alike(one)).or_default().push(one);
    }
    groups.into_values().filter_map(|group| Breath::of(&group)).collect()
}

/// What all phases share. A number of slices is not part of it: a phase that lacks some is to be
/// told, not passed over.
fn alike(series: &Series) -> impl Ord + use<'_> {
    let summary = &series.summary;
    (
        series.study(),
        summary.frame_of_reference_uid.as_deref(),
        [summary.rows, summary.columns],
        summary.acquisition.kernel.as_deref(),
    )
}

/// Where a label may come from: its name, and the label of a series.
type Source = (&'static str, fn(&Series) -> Option<PhaseLabel>);

const SOURCES: [Source; 5] = [
    ("nominal respiratory phase", |series| tagged(series, |slice| slice.labels.phases.percent)),
    ("description", |series| cyclic(&series.words())),
    ("image comment", |series| tagged(series, |slice| slice.labels.phases.comment)),
    ("temporal position", |series| tagged(series, |slice| slice.labels.phases.position)),
    ("trigger time", |series| tagged(series, |slice| slice.labels.phases.delay)),
];

/// A label that is no held breath: those are pairs.
fn cyclic(words: &str) -> Option<PhaseLabel> {
    let held = [PhaseLabel::Inspiration, PhaseLabel::Expiration];
    PhaseLabel::of_words(words).filter(|label| !held.contains(label))
}

/// The label that all slices share.
fn tagged(series: &Series, of: impl Fn(&Slice) -> Option<PhaseLabel>) -> Option<PhaseLabel> {
    let first = of(&series.slices[0])?;
    series.slices.iter().all(|slice| of(slice) == Some(first)).then_some(first)
}

impl<'a> Breath<'a> {
    fn of(group: &[&'a Series]) -> Option<Self> {
        let (whole, mut set_aside): (Vec<&Series>, Vec<_>) =
            group.iter().copied().partition(|series| combined(&series.words()).is_none());
        let one_series =
            whole.iter().all(|one| one.summary.series_uid == whole[0].summary.series_uid);
        let found = SOURCES.iter().find_map(|(name, source)| {
            let labels: Vec<Option<PhaseLabel>> = whole.iter().map(|one| source(one)).collect();
            let fits = several(&labels) && (one_series || *name != "trigger time");
            fits.then_some((*name, labels))
        });
        let (labelled_by, labels) = found?;
        let mut phases = Vec::new();
        for (series, label) in whole.into_iter().zip(labels) {
            match label {
                Some(label) => phases.push(Phase { label, series }),
                None => set_aside.push(series),
            }
        }
        phases.sort_by(|a, b| {
            let place = |phase: &Phase<'_>| phase.label.in_cycle();
            place(a).total_cmp(&place(b)).then_with(|| {
                let better = |phase: &Phase<'_>| preference(phase.series);
                better(a).cmp(&better(b))
            })
        });
        let what = |series: &Series| {
            combined(&series.words()).unwrap_or("without a phase that is told").to_owned()
        };
        let set_aside = set_aside.into_iter().map(|series| (series, what(series))).collect();
        let why_not = why_not(&phases);
        Some(Self { phases, labelled_by, set_aside, why_not })
    }
}

/// Two different labels or more.
fn several(labels: &[Option<PhaseLabel>]) -> bool {
    let mut told = labels.iter().flatten();
    told.next().is_some_and(|first| told.any(|label| label != first))
}

fn why_not(phases: &[Phase<'_>]) -> Vec<String> {
    let mut reasons = Vec::new();
    for pair in phases.windows(2).filter(|pair| pair[0].label == pair[1].label) {
        reasons.push(format!("several series are phase {}", pair[0].label));
    }
    let mut first: Option<(PhaseLabel, Grid)> = None;
    for phase in phases {
        match (phase.series.geometry(), &first) {
            (Err(error), _) => reasons.push(format!("phase {}: {error}", phase.label)),
            (Ok((grid, _)), None) => first = Some((phase.label, grid)),
            (Ok((grid, _)), Some((label, other))) => {
                let apart = apart(&grid, other);
                reasons.extend(
                    apart.map(|apart| format!("phase {} {apart} phase {label}", phase.label)),
                );
            }
        }
    }
    reasons
}

/// Grids may differ by this share of the smallest spacing, and a hundredth of a millimetre: what
/// rounding to few digits does.
const ROUNDING: f64 = 0.01;

fn apart(grid: &Grid, other: &Grid) -> Option<String> {
    if grid.shape() != other.shape() {
        let [found, wanted] = [grid, other].map(|grid| {
            let [slices, rows, columns] = grid.shape();
            format!("{slices} × {rows}×{columns}")
        });
        return Some(format!("has {found} voxels, wanted {wanted} as"));
    }
    let corners = grid.corners().into_iter().zip(other.corners());
    let apart = corners.map(|(a, b)| (a - b).norm()).fold(0.0, f64::max);
    let allowed = other.spacing().into_iter().fold(f64::INFINITY, f64::min) * ROUNDING + 0.01;
    (apart > allowed)
        .then(|| format!("lies up to {apart:.2} mm, wanted at most {allowed:.2} mm, off"))
}
