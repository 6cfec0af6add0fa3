//! Which of several CT volumes a thoracic radiologist would rather measure densities on.

use hilum_core::Sharpness;

use crate::phase_label::{PhaseLabel, combined};
use crate::series::{Series, Summary};

/// What one series is by one criterion: the lower the better, and the words for it.
type Grade = (u32, String);

/// One thing that makes a series better or worse.
type Criterion = fn(&Series) -> Grade;

/// The criteria, the weightiest first: a series that is better by one of them is better, whatever
/// those behind it say.
const CRITERIA: [Criterion; 14] = [
    volume, whole, grid, body, coverage, made, plane, breath, thickness, kernel, contrast, loss,
    step, count,
];

/// Grades of a series by all criteria.
pub(crate) fn preference(series: &Series) -> [u32; CRITERIA.len()] {
    CRITERIA.map(|criterion| criterion(series).0)
}

/// By what the second series is worse than the first, in words: `5 mm thick, not 1.25 mm thick`;
/// `None` if nothing tells them apart.
pub(crate) fn shortcoming(better: &Series, worse: &Series) -> Option<String> {
    CRITERIA.iter().find_map(|criterion| {
        let [(best, wanted), (other, found)] = [better, worse].map(criterion);
        (best != other).then(|| format!("{found}, not {wanted}"))
    })
}

/// Sorts series so that the one to be measured comes first, and numbers them.
pub(crate) fn rank(series: &mut [Series]) {
    series.sort_by_cached_key(|series| {
        let summary = &series.summary;
        let phase = summary.phase.map(|phase| (1000.0 * phase.in_cycle()) as i64);
        let order = (summary.series_number, phase, summary.part.clone());
        (preference(series), order, summary.series_uid.clone())
    });
    for (n, series) in series.iter_mut().enumerate() {
        series.summary.number = n + 1;
    }
}

fn graded<const N: usize>(grade: usize, words: [&str; N]) -> Grade {
    (grade as u32, words[grade].to_owned())
}

fn volume(series: &Series) -> Grade {
    graded(usize::from(!series.why_not_ct().is_empty()), ["a CT volume", "no CT volume"])
}

fn whole(series: &Series) -> Grade {
    graded(usize::from(series.is_even_part()), ["a series", "an even part of a series"])
}

/// Whether the slices make a regular grid, and all files can be read.
fn grid(series: &Series) -> Grade {
    let volume = series.why_not_ct().is_empty();
    let broken = volume && series.geometry().is_err();
    graded(usize::from(broken), ["whole and even", "incomplete, broken or unevenly spaced"])
}

fn body(series: &Series) -> Grade {
    let part = series.summary.acquisition.body_part.clone().unwrap_or_default();
    let told = format!("{part} {}", series.words()).to_uppercase();
    let names = |words: &[&str]| words.iter().any(|word| told.contains(word));
    let chest = names(&["CHEST", "THORA", "LUNG", "TORAX", "TORACE"]);
    let other = names(&["HEAD", "BRAIN", "NECK", "ABD", "PELVIS", "SPINE", "KNEE", "SKULL"]);
    let grade = if chest { 0 } else { 1 + usize::from(other) };
    graded(grade, ["of the chest", "of no part that is told", "of another part of the body"])
}

/// Lungs of adults are rarely shorter (mm): hilum's own limit.
const WHOLE_LUNG: f64 = 200.0;

fn coverage(series: &Series) -> Grade {
    let summary = &series.summary;
    let mm = summary.slice_step_mm.unwrap_or(0.0) * summary.slices.saturating_sub(1) as f64;
    (u32::from(mm < WHOLE_LUNG), format!("{mm:.0} mm long"))
}

fn made(series: &Series) -> Grade {
    let is = |word: &str| series.summary.image_type.iter().any(|kind| kind == word);
    if let Some(what) = combined(&series.words()).filter(|_| series.why_not_ct().is_empty()) {
        return (3, what.to_owned());
    }
    let grade = match () {
        () if is("MPR") => 2,
        () if is("ORIGINAL") => 0,
        () => 1,
    };
    graded(grade, ["original", "derived", "a reformat"])
}

fn plane(series: &Series) -> Grade {
    let orientation = series.summary.orientation.unwrap_or("without place");
    (u32::from(orientation != "axial"), orientation.to_owned())
}

fn breath(series: &Series) -> Grade {
    let held = PhaseLabel::of_words(&series.words());
    let grade = match held {
        _ if series.summary.phase.is_some() => 2,
        Some(PhaseLabel::Inspiration) => 0,
        Some(PhaseLabel::Expiration) => 3,
        _ => 1,
    };
    graded(
        grade,
        ["in inspiration", "of no breath that is told", "a phase of a breath", "in expiration"],
    )
}

/// 0 for thin-section CT (up to 1.5 mm), 1 up to 3 mm, 2 beyond or unknown. What lies between
/// slices that do not touch counts as thickness.
fn thickness(series: &Series) -> Grade {
    let summary: &Summary = &series.summary;
    let nominal = summary.acquisition.slice_thickness_mm.unwrap_or(0.0);
    let Some(mm) = summary.slice_step_mm.map(|step| step.max(nominal)) else {
        return (2, "of unknown thickness".into());
    };
    let grade = u32::from(mm > 1.5) + u32::from(mm > 3.0);
    let words = if mm > nominal + 0.01 { "apart" } else { "thick" };
    (grade, format!("slices {} mm {words}", rounded(mm)))
}

fn kernel(series: &Series) -> Grade {
    let acquisition = &series.summary.acquisition;
    let name = acquisition.kernel.as_deref().unwrap_or("not told");
    let (grade, words) = match acquisition.sharpness() {
        Sharpness::Soft => (0, "soft"),
        Sharpness::Medium => (1, "medium"),
        Sharpness::Unknown => (2, "unknown"),
        Sharpness::Sharp => (3, "sharp"),
    };
    (grade, format!("kernel {words} ({name})"))
}

/// Words of a description that tell of contrast, and of none.
const GIVEN: [&str; 7] = ["+C", "CONTRAST", "POST", "ANGIO", "CTA", "CTPA", "VENOUS"];
const NOT_GIVEN: [&str; 6] = ["-C", "W/O", "WITHOUT", "NON", "NATIVE", "NATIV"];

fn contrast(series: &Series) -> Grade {
    let words = series.words().to_uppercase();
    let says = |names: &[&str]| words.split([' ', '_', '/', ',', '.']).any(|w| names.contains(&w));
    let without = says(&NOT_GIVEN) || words.contains("W/O") || words.contains("NON-CON");
    let told = series.slices.iter().any(|s| s.header.acquisition.contrast_agent().is_some());
    let given = told || (says(&GIVEN) && !without);
    graded(usize::from(given), ["without contrast", "with contrast"])
}

fn loss(series: &Series) -> Grade {
    let lossy = series.slices.iter().any(|slice| slice.header.lossy);
    graded(usize::from(lossy), ["without loss", "compressed with loss"])
}

/// Distance of slices in hundredths of a millimetre.
fn step(series: &Series) -> Grade {
    let Some(mm) = series.summary.slice_step_mm else { return (u32::MAX, "of one place".into()) };
    ((100.0 * mm).round() as u32, format!("slices {} mm apart", rounded(mm)))
}

fn count(series: &Series) -> Grade {
    let slices = series.summary.slices.min(u32::MAX as usize) as u32;
    (u32::MAX - slices, format!("{slices} slices"))
}

/// Two digits behind the point, without noughts at the end.
fn rounded(mm: f64) -> f64 {
    (100.0 * mm).round() / 100.0
}
