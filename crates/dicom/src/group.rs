//! Frames to series: what belongs together, and what that is.

use std::collections::BTreeMap;

use hilum_core::Acquisition;

use crate::cine_eligible;
use crate::identity::Patient;
use crate::orientation::by_orientation;
use crate::parts::{self, Parts, told_apart};
use crate::series::{Series, Summary, Unread};
use crate::slice::{DISTINCTIONS, Plane, Slice};
use crate::stack::{self, SAME_PLACE};

/// Whatever must not differ within one volume, apart from orientation.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    patient: Patient,
    study: String,
    series: String,
    modality: Option<String>,
    kinds: Vec<String>,
    size: [usize; 3],
    frame_of_reference: Option<String>,
    kernel: Option<String>,
    placed: bool,
    run: Option<usize>,
}

/// Sorts frames into series, and series that hold several stacks into those.
pub(crate) fn group(slices: Vec<Slice>, unread: &[Unread]) -> Vec<Series> {
    let mut by_key: BTreeMap<Key, Vec<Slice>> = BTreeMap::new();
    for slice in slices {
        by_key.entry(key(&slice)).or_default().push(slice);
    }
    let unplaced = unread.iter().filter(|file| file.is_damaged() && file.series.is_none());
    let unplaced = unplaced.count();
    let mut broken: BTreeMap<&str, Vec<Unread>> = BTreeMap::new();
    for file in unread {
        if let Some(uid) = &file.series {
            broken.entry(uid).or_default().push(file.clone());
        }
    }
    let mut series = Vec::new();
    for slices in by_key.into_values() {
        for parallel in by_orientation(slices) {
            for (part, stack) in by_distinction(parallel) {
                let whole = one(stack, part, &broken, unplaced);
                let parts = parts::even_parts(&whole);
                series.push(whole);
                series.extend(parts);
            }
        }
    }
    series
}

fn key(slice: &Slice) -> Key {
    let header = &slice.header;
    let modality = header.acquisition.modality.clone();
    let kinds =
        slice.labels.image_type.iter().filter(|word| OTHER_GEOMETRY.contains(&word.as_str()));
    Key {
        patient: header.patient.clone(),
        study: header.study.clone(),
        series: header.series.clone(),
        modality,
        kinds: kinds.cloned().collect(),
        size: [header.format.rows, header.format.columns, usize::from(header.format.samples)],
        frame_of_reference: header.frame_of_reference.clone(),
        kernel: slice.labels.kernel.clone(),
        placed: slice.plane.is_some(),
        // Each file of a cine is a run of its own.
        run: cine_eligible::is_run(slice).then_some(header.file.number),
    }
}

/// Words of the image type that never share a stack with plain slices.
const OTHER_GEOMETRY: [&str; 8] = [
    "LOCALIZER",
    "SCOUT",
    "MPR",
    "PROJECTION IMAGE",
    "MIP",
    "SCREEN SAVE",
    "BIPLANE A",
    "BIPLANE B",
];

/// Where places are taken more than once, or phases lie side by side, the first attribute that
/// tells the images apart without leaving any place taken twice: one that makes parts of like
/// size before one that leaves fragments.
fn by_distinction(slices: Vec<Slice>) -> Vec<(Option<String>, Vec<Slice>)> {
    let shared = has_shared_places(&slices);
    if !shared && !PHASES.iter().any(|n| overlap(&told_apart(&slices, *n))) {
        return parts::interleaved(slices);
    }
    if parts::are_at_one_place(&slices) {
        return vec![(None, slices)];
    }
    let names = || 0..DISTINCTIONS.len();
    let like = names().find(|n| are_alike(&told_apart(&slices, *n)));
    let any = || {
        names().filter(|_| shared).find(|n| !LOOSE.contains(n) && tells(&told_apart(&slices, *n)))
    };
    let Some(n) = like.or_else(any) else { return vec![(None, slices)] };
    parts::named(DISTINCTIONS[n], told_apart(&slices, n))
}

/// Places of [`DISTINCTIONS`] that name phases of a breath.
const PHASES: [usize; 3] = [0, 1, 6];
/// Those that may differ from image to image of one stack.
const LOOSE: [usize; 2] = [6, 7];

/// Several parts, in none of which a place is taken twice.
fn tells(parts: &Parts<'_>) -> bool {
    parts.len() > 1 && parts.values().all(|part| !has_shared_places(part.iter().copied()))
}

/// As [`tells`], and the least part has half as many images as the largest, or more.
fn are_alike(parts: &Parts<'_>) -> bool {
    let sizes = || parts.values().map(Vec::len);
    let (least, most) = (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0));
    least > 1 && 2 * least >= most && tells(parts)
}

/// Parts of like size that cover the same stretch by more than half: phases whose slices lie
/// between each other.
fn overlap(parts: &Parts<'_>) -> bool {
    let stretch = |part: &Vec<&Slice>| {
        let heights = part.iter().filter_map(|slice| Some(height(&slice.plane?, part[0])));
        heights.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], h| [low.min(h), high.max(h)])
    };
    let stretches: Vec<[f64; 2]> = parts.values().map(stretch).collect();
    let low = stretches.iter().map(|[low, _]| *low).fold(f64::NEG_INFINITY, f64::max);
    let high = stretches.iter().map(|[_, high]| *high).fold(f64::INFINITY, f64::min);
    let longest = stretches.iter().map(|[low, high]| high - low).fold(0.0, f64::max);
    are_alike(parts) && high - low > longest / 2.0
}

/// Copies of one file do not count: they are told apart by nothing.
fn has_shared_places<'a>(slices: impl IntoIterator<Item = &'a Slice>) -> bool {
    let mut placed: Vec<(f64, &str, usize)> = Vec::new();
    let mut first = None;
    for slice in slices {
        let Some(plane) = slice.plane else { return false };
        let first: &Slice = first.get_or_insert(slice);
        placed.push((height(&plane, first), &slice.header.sop_instance, slice.frame));
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    placed.windows(2).any(|pair| {
        let same_file = (pair[0].1, pair[0].2) == (pair[1].1, pair[1].2);
        pair[1].0 - pair[0].0 < SAME_PLACE && !same_file
    })
}

/// Place along the normal of the stack in mm.
fn height(plane: &Plane, first: &Slice) -> f64 {
    first.plane.unwrap_or(*plane).height(plane)
}

fn one(
    slices: Vec<Slice>,
    part: Option<String>,
    broken: &BTreeMap<&str, Vec<Unread>>,
    unplaced: usize,
) -> Series {
    let broken = broken.get(slices[0].header.series.as_str()).cloned().unwrap_or_default();
    let summary = summary(&slices, part);
    Series { slices, summary, broken, unplaced, even_part: false }
}

pub(crate) fn summary(slices: &[Slice], part: Option<String>) -> Summary {
    let first = &slices[0];
    let header = &first.header;
    Summary {
        number: 0,
        acquisition: Acquisition {
            kernel: first.labels.kernel.clone(),
            ..header.acquisition.clone()
        },
        image_type: first.labels.image_type.clone(),
        slices: slices.len(),
        rows: header.format.rows,
        columns: header.format.columns,
        pixel_spacing_mm: first.plane.map(|plane| plane.spacing),
        slice_step_mm: step(slices),
        orientation: first.plane.map(|plane| orientation(&plane)),
        part,
        phase: None,
        transfer_syntax: header.syntax.clone(),
        study_uid: header.study.clone(),
        series_uid: header.series.clone(),
        frame_of_reference_uid: header.frame_of_reference.clone(),
        series_number: header.series_number.map(|number| number as i64),
        why_not_ct: crate::eligible::why_not_ct(slices),
        why_not_cine: cine_eligible::why_not_cine(slices),
    }
}

/// Median distance of neighbouring places in mm; `None` where there are not two.
pub(crate) fn step(slices: &[Slice]) -> Option<f64> {
    let heights = stack::heights(slices)?;
    let mut gaps: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied()
}

fn orientation(plane: &Plane) -> &'static str {
    let normal = plane.normal().abs();
    match normal.iter().position(|share| *share > 0.9) {
        Some(2) => "axial",
        Some(1) => "coronal",
        Some(0) => "sagittal",
        _ => "oblique",
    }
}
