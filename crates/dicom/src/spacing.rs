//! Distances of slices: even, even with gaps, or neither.

use std::ops::Range;

use hilum_core::Quality;

use crate::made_up::interpolated;
use crate::{Error, Uneven};

/// A slice may lie off its place on the regular grid by this share of the step: what rounding to
/// few digits and tables that do not move evenly do.
pub(crate) const JITTER: f64 = 0.1;

/// Below this share of the step, plus a hundredth of a millimetre, it is rounding and not worth
/// a word.
pub(crate) const ROUNDING: f64 = 0.01;

/// Fewer slices are no part worth a word of its own.
const FEWEST: usize = 3;

/// More parts than this are noise.
const MOST_PARTS: usize = 9;

/// The regular planes of a stack.
pub(crate) struct Spacing {
    /// Number of planes, the first and the last of which are those of the first and last slice.
    pub(crate) planes: usize,
    /// Where each slice lies, in steps from the first.
    pub(crate) along: Vec<f64>,
    /// What each plane is made of, where it is not the slice of its own number.
    pub(crate) sources: Option<Vec<Source>>,
    pub(crate) quality: Vec<Quality>,
}

/// What a plane is made of: a slice, or this share of the way from it to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Source {
    pub(crate) place: usize,
    pub(crate) share: f64,
}

/// Lays regular planes through rising heights (mm).
///
/// # Errors
///
/// [`Error::MissingSlices`] or [`Error::UnevenSlices`] unless they are to be interpolated,
/// [`Error::WideGap`] if they are.
pub(crate) fn spacing(
    heights: &[f64],
    uneven: Uneven,
    unreadable: usize,
) -> Result<Spacing, Error> {
    match (even(heights), uneven) {
        (Ok(quality), _) => Ok(Spacing {
            planes: heights.len(),
            along: (0..heights.len()).map(|k| k as f64).collect(),
            sources: None,
            quality: quality.into_iter().collect(),
        }),
        (Err(apart), Uneven::Refuse) => Err(refusal(&gaps(heights), apart, unreadable)),
        (Err(_), Uneven::Interpolate) => interpolated(heights),
    }
}

pub(crate) fn is_even(heights: &[f64]) -> bool {
    heights.len() > 1 && even(heights).is_ok()
}

pub(crate) fn gaps(heights: &[f64]) -> Vec<f64> {
    heights.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

pub(crate) fn whole(heights: &[f64]) -> f64 {
    heights[heights.len() - 1] - heights[0]
}

/// What passes as rounding for a step.
pub(crate) fn rounding(step: f64) -> f64 {
    (ROUNDING * step + 0.01).min(JITTER * step)
}

/// A word about slices that are slightly off, or how far they are off and might be.
fn even(heights: &[f64]) -> Result<Option<Quality>, [f64; 2]> {
    let step = whole(heights) / (heights.len() - 1) as f64;
    let off = |(k, height): (usize, &f64)| (height - heights[0] - step * k as f64).abs();
    let apart = heights.iter().enumerate().map(off).fold(0.0, f64::max);
    if apart <= rounding(step) {
        return Ok(None);
    }
    if apart > JITTER * step {
        return Err([apart, JITTER * step]);
    }
    Ok(Some(jitter(heights, step, apart)))
}

/// A word about slices that are slightly off the planes they stand for.
pub(crate) fn jitter(heights: &[f64], step: f64, apart: f64) -> Quality {
    let gaps = ordered(&gaps(heights));
    let (least, most) = (gaps[0], gaps[gaps.len() - 1]);
    Quality::warning(
        "slice_spacing",
        format!(
            "slices are {least:.3} to {most:.3} mm apart; measured on a grid of {step:.3} mm, off by at most {apart:.3} mm"
        ),
    )
}

/// Median gap, the lower of two.
fn usual(gaps: &[f64]) -> f64 {
    ordered(gaps)[(gaps.len() - 1) / 2]
}

pub(crate) fn ordered(gaps: &[f64]) -> Vec<f64> {
    let mut ordered = gaps.to_vec();
    ordered.sort_by(f64::total_cmp);
    ordered
}

/// How many usual steps each gap is wide, where all are whole numbers of them.
pub(crate) fn multiples(gaps: &[f64]) -> Option<Vec<usize>> {
    let step = usual(gaps);
    let times = |gap: &f64| {
        let times = (gap / step).round();
        (times >= 1.0 && (gap / step - times).abs() <= JITTER).then_some(times as usize)
    };
    gaps.iter().map(times).collect()
}

/// Tells missing slices, whose gaps are whole multiples of the step, from uneven ones.
fn refusal(gaps: &[f64], apart: [f64; 2], unreadable: usize) -> Error {
    let step = usual(gaps);
    let odd = |gap: &f64| (gap / step - 1.0).abs() > JITTER;
    let after = gaps.iter().position(odd).unwrap_or(0);
    let steps: usize = multiples(gaps).unwrap_or_default().iter().sum();
    if steps > gaps.len() {
        let (missing, slices) = (steps - gaps.len(), gaps.len() + 1);
        let (after, gap) = (after + 1, gaps[after]);
        return Error::MissingSlices { missing, slices, after, gap, step, unreadable };
    }
    let ordered = ordered(gaps);
    let found = [ordered[0], ordered[ordered.len() - 1]];
    Error::UnevenSlices { found, after: after + 1, apart }
}

/// The even parts of an uneven stack, as ranges of its slices: three slices or more each, and
/// nearly all slices together; none where there is no such thing. Neighbours may share a slice.
pub(crate) fn parts(heights: &[f64]) -> Vec<Range<usize>> {
    if heights.len() < FEWEST || is_even(heights) {
        return Vec::new();
    }
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (n, gap) in gaps(heights).into_iter().enumerate() {
        match parts.last_mut() {
            Some(part) if same_step(gap, heights[part.start + 1] - heights[part.start]) => {
                part.end = n + 2;
            }
            _ => parts.push(n..n + 2),
        }
    }
    parts.retain(|part| part.len() >= FEWEST && is_even(&heights[part.clone()]));
    let held: usize = parts.iter().map(Range::len).sum();
    if parts.len() <= MOST_PARTS && 10 * held >= 9 * heights.len() { parts } else { Vec::new() }
}

fn same_step(gap: f64, step: f64) -> bool {
    (gap - step).abs() <= 2.0 * rounding(step)
}
