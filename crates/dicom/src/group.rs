//! Frames to series: what belongs together, and what that is.

use std::collections::BTreeMap;
use std::ops::Range;

use hilum_core::Acquisition;

use crate::orientation::by_orientation;
use crate::series::{Series, Summary, Unread};
use crate::slice::{DISTINCTIONS, Plane, Slice};
use crate::stack::{self, SAME_PLACE};
use crate::{cine_eligible, spacing};

/// Whatever must not differ within one volume, apart from orientation.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
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
                let parts = even_parts(&whole);
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
    let kinds = slice.image_type.iter().filter(|word| OTHER_GEOMETRY.contains(&word.as_str()));
    Key {
        series: header.series.clone(),
        modality,
        kinds: kinds.cloned().collect(),
        size: [header.format.rows, header.format.columns, usize::from(header.format.samples)],
        frame_of_reference: header.frame_of_reference.clone(),
        kernel: slice.kernel.clone(),
        placed: slice.plane.is_some(),
        // Each file of a cine is a run of its own.
        run: cine_eligible::is_run(slice).then_some(header.file.number),
    }
}

/// Words of the image type that never share a stack with plain slices.
const OTHER_GEOMETRY: [&str; 6] =
    ["LOCALIZER", "SCOUT", "MPR", "PROJECTION IMAGE", "MIP", "SCREEN SAVE"];

/// Stacks that lie in each other, each with what sets it apart.
fn by_distinction(slices: Vec<Slice>) -> Vec<(Option<String>, Vec<Slice>)> {
    let Some(heights) = stack::heights(&slices) else { return vec![(None, slices)] };
    let wanted: fn(&[Vec<Slice>]) -> bool = match heights.len() {
        // All at one place: a run in time, which no attribute makes a volume.
        1 => return vec![(None, slices)],
        _ if has_shared_places(&slices) => |parts| !parts.iter().any(|part| has_shared_places(part)),
        _ if spacing::is_even(&heights) => return vec![(None, slices)],
        _ => are_interleaved,
    };
    for (n, name) in DISTINCTIONS.iter().enumerate() {
        let mut parts: BTreeMap<Option<String>, Vec<Slice>> = BTreeMap::new();
        for slice in &slices {
            parts.entry(slice.distinctions[n].clone()).or_default().push(slice.clone());
        }
        let (values, parts): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        if parts.len() > 1 && wanted(&parts) {
            let named = |value: Option<String>| {
                Some(format!("{name} {}", value.as_deref().unwrap_or("not given")))
            };
            return values.into_iter().map(named).zip(parts).collect();
        }
    }
    vec![(None, slices)]
}

/// Says whether parts that make no even stack together are even ones by themselves, and lie in
/// each other: parts behind each other are one stack that changes its step.
fn are_interleaved(parts: &[Vec<Slice>]) -> bool {
    let first = &parts[0][0];
    let place = |slice: &Slice| Some(first.plane?.height(&slice.plane?));
    let mut ends: Vec<[f64; 2]> = Vec::new();
    for part in parts {
        let even = stack::heights(part).is_some_and(|heights| spacing::is_even(&heights));
        if !even || part.len() < 3 {
            return false;
        }
        let heights = part.iter().filter_map(place);
        ends.push(heights.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], height| {
            [low.min(height), high.max(height)]
        }));
    }
    ends.sort_by(|a, b| a[0].total_cmp(&b[0]));
    ends.windows(2).any(|pair| pair[1][0] < pair[0][1] - SAME_PLACE)
}

/// Copies of one file do not count: they are told apart by nothing.
fn has_shared_places(slices: &[Slice]) -> bool {
    let mut placed: Vec<(f64, &str, usize)> = Vec::new();
    for slice in slices {
        let Some(plane) = slice.plane else { return false };
        placed.push((height(&plane, &slices[0]), &slice.header.sop_instance, slice.frame));
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

/// The even parts of an uneven CT, listed behind it as series of their own.
fn even_parts(whole: &Series) -> Vec<Series> {
    let heights = stack::heights(&whole.slices).filter(|_| whole.why_not_ct().is_empty());
    let Some(heights) = heights else { return Vec::new() };
    let part = |range: Range<usize>| {
        let [low, high] = [heights[range.start], heights[range.end - 1] + SAME_PLACE];
        let inside = |slice: &&Slice| {
            let at = slice.plane.map(|plane| height(&plane, &whole.slices[0]));
            at.is_some_and(|at| (low..high).contains(&at))
        };
        let slices: Vec<Slice> = whole.slices.iter().filter(inside).cloned().collect();
        let named = format!("slices {} to {} of {}", range.start + 1, range.end, heights.len());
        let mut part = Series { even_part: true, ..whole.clone() };
        part.summary = summary(&slices, Some(named));
        part.slices = slices;
        part
    };
    spacing::parts(&heights).into_iter().map(part).collect()
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

fn summary(slices: &[Slice], part: Option<String>) -> Summary {
    let first = &slices[0];
    let header = &first.header;
    Summary {
        number: 0,
        acquisition: Acquisition {
            kernel: first.kernel.clone(),
            ..header.acquisition.clone()
        },
        image_type: first.image_type.clone(),
        slices: slices.len(),
        rows: header.format.rows,
        columns: header.format.columns,
        pixel_spacing_mm: first.plane.map(|plane| plane.spacing),
        slice_step_mm: step(slices),
        orientation: first.plane.map(|plane| orientation(&plane)),
        part,
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
