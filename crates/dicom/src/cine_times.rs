//! When the frames of a cine were taken.

use std::ops::RangeInclusive;

use dicom_core::Tag;
use dicom_core::value::{PrimitiveValue, Value};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::Quality;

use crate::attributes::{element_numbers, element_text, number};
use crate::cine_clock::clock_times;

/// Where times may come from, the best first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Clock,
    Vector,
    Time,
    CineRate,
    DisplayRate,
}

/// Times of `frames` frames in s, the first at 0, and what is to be known about them.
///
/// The attribute that *Frame Increment Pointer* names comes first; then, in this order, the date
/// and time of each frame (enhanced files), *Frame Time Vector*, *Frame Time*, *Cine Rate*,
/// *Recommended Display Frame Rate*. What is there but cannot be used is passed over, and told.
///
/// # Errors
///
/// What was found, where nothing can be used.
pub(crate) fn times(
    object: &InMemDicomObject,
    frames: usize,
) -> Result<(Vec<f64>, Vec<Quality>), String> {
    let mut passed_over = Vec::new();
    for source in order(object) {
        match source.times(object, frames) {
            Some(Ok(times)) => {
                let mut rows = vec![source.row(&times)];
                if !passed_over.is_empty() {
                    let message = format!("passed over: {}", passed_over.join("; "));
                    rows.push(Quality::warning("frame_times_passed_over", message));
                }
                rows.extend(disagreement(object, source, &times));
                return Ok((times, rows));
            }
            Some(Err(reason)) => passed_over.push(format!("{}: {reason}", source.name())),
            None => {}
        }
    }
    let found = if passed_over.is_empty() { "none".into() } else { passed_over.join("; ") };
    Err(format!("no times of frames ({found}), wanted Frame Time Vector, Frame Time or Cine Rate"))
}

fn order(object: &InMemDicomObject) -> Vec<Source> {
    use Source::{CineRate, Clock, DisplayRate, Time, Vector};
    let mut order = vec![Clock, Vector, Time, CineRate, DisplayRate];
    let pointed = match pointer(object) {
        Some(tags::FRAME_TIME_VECTOR) => Vector,
        Some(tags::FRAME_TIME) => Time,
        _ => return order,
    };
    order.retain(|source| *source != pointed);
    order.insert(0, pointed);
    order
}

/// The attribute by which the frames advance.
fn pointer(object: &InMemDicomObject) -> Option<Tag> {
    match object.get(tags::FRAME_INCREMENT_POINTER)?.value() {
        Value::Primitive(PrimitiveValue::Tags(tags)) => tags.first().copied(),
        _ => None,
    }
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Clock => "date and time of frames",
            Self::Vector => "Frame Time Vector",
            Self::Time => "Frame Time",
            Self::CineRate => "Cine Rate",
            Self::DisplayRate => "Recommended Display Frame Rate",
        }
    }

    /// Times, or why there are none; `None` where the attribute is absent.
    fn times(self, object: &InMemDicomObject, frames: usize) -> Option<Result<Vec<f64>, String>> {
        let rate = |tag| number(object, tag).filter(|rate| *rate != 0.0);
        match self {
            Self::Clock => clock_times(object, frames),
            Self::Vector => vector(object, frames),
            Self::Time => Some(steady(number(object, tags::FRAME_TIME)? / 1000.0, frames)),
            Self::CineRate => Some(steady(1.0 / rate(tags::CINE_RATE)?, frames)),
            Self::DisplayRate => {
                let whole = rate(tags::RECOMMENDED_DISPLAY_FRAME_RATE);
                let shown = whole.or_else(|| rate(tags::RECOMMENDED_DISPLAY_FRAME_RATE_IN_FLOAT));
                Some(steady(1.0 / shown?, frames))
            }
        }
    }

    fn row(self, times: &[f64]) -> Quality {
        let last = times.last().copied().unwrap_or(0.0);
        let message = format!("{} frames over {last:.3} s, from {}", times.len(), self.name());
        match self {
            Self::Clock | Self::Vector | Self::Time => Quality::info("frame_times", message),
            Self::CineRate => {
                Quality::info("frame_times", message + "; taken as the rate of acquisition")
            }
            Self::DisplayRate => {
                let assumed = "; how fast to show is taken as how fast it was recorded";
                Quality::warning("frame_times", message + assumed)
            }
        }
    }
}

/// Steps between frames (s) that a cine may have; others are broken numbers.
const STEPS: RangeInclusive<f64> = 1e-5..=60.0;

fn steady(step: f64, frames: usize) -> Result<Vec<f64>, String> {
    if !STEPS.contains(&step) {
        return Err(format!("{step} s between frames"));
    }
    Ok((0..frames).map(|frame| frame as f64 * step).collect())
}

/// Sums the increments in ms; the first belongs to the first frame and counts for nothing.
fn vector(object: &InMemDicomObject, frames: usize) -> Option<Result<Vec<f64>, String>> {
    let element = object.get(tags::FRAME_TIME_VECTOR)?;
    element_text(element)?;
    let Some(steps) = element_numbers(element) else { return Some(Err("not numbers".into())) };
    if steps.len() != frames {
        return Some(Err(format!("{} increments for {frames} frames", steps.len())));
    }
    let sound = |ms: &f64| STEPS.contains(&(ms / 1000.0));
    if let Some(odd) = steps[1..].iter().position(|ms| !sound(ms)) {
        return Some(Err(format!("{} ms before frame {}", steps[odd + 1], odd + 2)));
    }
    let mut elapsed = 0.0;
    let later = steps[1..].iter().map(|ms| {
        elapsed += ms;
        elapsed / 1000.0
    });
    Some(Ok(std::iter::once(0.0).chain(later).collect()))
}

/// A cine rate that tells another pace than the times, by more than a twentieth.
fn disagreement(object: &InMemDicomObject, source: Source, times: &[f64]) -> Option<Quality> {
    let steps = times.len().checked_sub(1).filter(|steps| *steps > 0)?;
    let paced = steps as f64 / times.last()?;
    let rate = number(object, tags::CINE_RATE).filter(|rate| *rate > 0.0)?;
    let apart = (rate / paced - 1.0).abs() > 0.05;
    (apart && source != Source::CineRate).then(|| {
        let message = format!(
            "Cine Rate says {rate} frames a second, {} says {paced:.2}; the latter is taken",
            source.name()
        );
        Quality::warning("frame_rate_disagrees", message)
    })
}
