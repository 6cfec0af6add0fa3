//! Series that hold several stacks, or one that changes its step.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::group::summary;
use crate::series::Series;
use crate::slice::{DISTINCTIONS, Slice};
use crate::spacing;
use crate::stack::{self, SAME_PLACE};

/// Slices that lie in each other without sharing a place, told apart by the first attribute whose
/// parts are even stacks where all together are not: reconstructions of several thicknesses, say.
pub(crate) fn interleaved(slices: Vec<Slice>) -> Vec<(Option<String>, Vec<Slice>)> {
    let uneven = stack::heights(&slices).is_some_and(|heights| !spacing::is_even(&heights));
    if uneven {
        for (n, name) in DISTINCTIONS.iter().enumerate() {
            let parts = told_apart(&slices, n);
            if parts.len() > 1 && are_interleaved(&parts) {
                return named(name, parts);
            }
        }
    }
    vec![(None, slices)]
}

/// Images of a run in time, which no attribute makes a volume.
pub(crate) fn are_at_one_place(slices: &[Slice]) -> bool {
    stack::heights(slices).is_some_and(|heights| heights.len() == 1)
}

/// Slices by the value of one attribute.
pub(crate) type Parts<'a> = BTreeMap<Option<&'a str>, Vec<&'a Slice>>;

/// Slices by the value of one distinction.
pub(crate) fn told_apart(slices: &[Slice], distinction: usize) -> Parts<'_> {
    let mut parts = Parts::new();
    for slice in slices {
        parts.entry(slice.labels.distinctions[distinction].as_deref()).or_default().push(slice);
    }
    parts
}

/// `kernel B30f`, `kernel not given`.
pub(crate) fn named(name: &str, parts: Parts<'_>) -> Vec<(Option<String>, Vec<Slice>)> {
    let named = |value: Option<&str>| Some(format!("{name} {}", value.unwrap_or("not given")));
    let parts = parts.into_iter();
    parts.map(|(value, part)| (named(value), part.into_iter().cloned().collect())).collect()
}

/// Says whether parts are even stacks that lie in each other: parts behind each other are one
/// stack that changes its step.
fn are_interleaved(parts: &Parts<'_>) -> bool {
    let Some(first) = parts.values().next().and_then(|part| part[0].plane) else { return false };
    let even = |part: &Vec<&Slice>| {
        part.len() > 2
            && stack::heights(part.iter().copied())
                .is_some_and(|heights| spacing::is_even(&heights))
    };
    if !parts.values().all(even) {
        return false;
    }
    let stretch = |part: &Vec<&Slice>| {
        let heights = part.iter().filter_map(|slice| Some(first.height(&slice.plane?)));
        heights.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], height| {
            [low.min(height), high.max(height)]
        })
    };
    let mut stretches: Vec<[f64; 2]> = parts.values().map(stretch).collect();
    stretches.sort_by(|a, b| a[0].total_cmp(&b[0]));
    stretches.windows(2).any(|pair| pair[1][0] < pair[0][1] - SAME_PLACE)
}

/// The even parts of an uneven CT, listed behind it as series of their own.
pub(crate) fn even_parts(whole: &Series) -> Vec<Series> {
    let heights = stack::heights(&whole.slices).filter(|_| whole.why_not_ct().is_empty());
    let (Some(heights), Some(first)) = (heights, whole.slices[0].plane) else { return Vec::new() };
    let part = |range: Range<usize>| {
        let [low, high] = [heights[range.start], heights[range.end - 1] + SAME_PLACE];
        let inside = |slice: &&Slice| {
            slice.plane.is_some_and(|plane| (low..high).contains(&first.height(&plane)))
        };
        let slices: Vec<Slice> = whole.slices.iter().filter(inside).cloned().collect();
        let named = format!("slices {} to {} of {}", range.start + 1, range.end, heights.len());
        let named =
            whole.summary.part.iter().cloned().chain([named]).collect::<Vec<_>>().join(", ");
        let summary = summary(&slices, Some(named));
        Series { even_part: true, slices, summary, ..whole.clone() }
    };
    spacing::parts(&heights).into_iter().map(part).collect()
}
