//! The headers of a run: one file of many frames, or many files of one.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::Quality;

use crate::attributes::text;
use crate::cine_clock::moment;
use crate::cine_intensity::Conversion;
use crate::projection_tags::Tags;
use crate::slice::Format;
use crate::{cine_field, cine_times};

/// What the files of a run say, in the order of time.
pub(crate) struct Run {
    headers: Vec<InMemDicomObject>,
    /// Seconds from the first file to each, where there are many.
    times: Option<Vec<f64>>,
    /// For each frame in the order of time, its place in the series.
    pub(crate) order: Vec<usize>,
}

/// Files farther apart than this (s) are no run.
const APART: f64 = 10.0;

impl Run {
    /// One header is that of all `frames`; several are those of a frame each.
    ///
    /// # Errors
    ///
    /// What is wrong with the times of single frames.
    pub(crate) fn new(headers: Vec<InMemDicomObject>, frames: usize) -> Result<Self, String> {
        if headers.len() == 1 {
            return Ok(Self { headers, times: None, order: (0..frames).collect() });
        }
        let moments: Option<Vec<(i64, f64)>> = headers.iter().map(taken).collect();
        let Some(moments) = moments else {
            return Err("single frames without the date and time of each, wanted those".into());
        };
        let seconds = |n: &usize| {
            let (day, at) = moments[*n];
            (day - moments[0].0) as f64 * 86_400.0 + at
        };
        let mut order: Vec<usize> = (0..headers.len()).collect();
        order.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
        let start = seconds(&order[0]);
        let times: Vec<f64> = order.iter().map(|n| seconds(n) - start).collect();
        for (n, pair) in times.windows(2).enumerate() {
            let step = pair[1] - pair[0];
            if step < 1e-5 {
                return Err(format!("single frames {} and {} of one time", n + 1, n + 2));
            }
            if step > APART {
                return Err(format!(
                    "single frames {step:.1} s apart, wanted at most {APART} s within a run"
                ));
            }
        }
        let mut headers: Vec<Option<InMemDicomObject>> = headers.into_iter().map(Some).collect();
        let headers = order.iter().filter_map(|n| headers[*n].take()).collect();
        Ok(Self { headers, times: Some(times), order })
    }

    /// The header of the first frame.
    pub(crate) fn first(&self) -> &InMemDicomObject {
        &self.headers[0]
    }

    pub(crate) fn times(&self) -> Result<(Vec<f64>, Vec<Quality>), String> {
        let Some(times) = &self.times else {
            return cine_times::times(self.first(), self.order.len());
        };
        let message = format!(
            "{} frames over {:.3} s, from the date and time of single frames",
            times.len(),
            times.last().copied().unwrap_or(0.0)
        );
        Ok((times.clone(), vec![Quality::info("frame_times", message)]))
    }

    /// The geometry of the first frame, and how far the others leave it.
    pub(crate) fn tags(&self) -> Tags {
        let mut first = Tags::read(self.first(), self.order.len());
        for header in &self.headers[1..] {
            let other = Tags::read(header, 1);
            for (a, b) in first.angles.into_iter().zip(other.angles) {
                let turn = a.zip(b).map(|(a, b)| (a - b).abs());
                let same = a.is_none() && b.is_none();
                first.sweep =
                    if same { first.sweep } else { first.sweep.zip(turn).map(|(a, b)| a.max(b)) };
            }
            let still = Tags { angles: first.angles, sweep: first.sweep, ..other };
            if still != first && first.varies.is_none() {
                first.varies = Some("the geometry");
            }
        }
        first
    }

    /// How the stored numbers of all frames are to be read.
    ///
    /// # Errors
    ///
    /// What is wrong with a table, or that frames are to be read in different ways.
    pub(crate) fn conversion(&self, format: &Format) -> Result<Conversion, String> {
        let first = Conversion::read(self.first(), format)?;
        for (n, header) in self.headers.iter().enumerate().skip(1) {
            if Conversion::read(header, format)? != first {
                return Err(format!(
                    "frames 1 and {} mean different things by their values",
                    n + 1
                ));
            }
        }
        Ok(first)
    }

    /// What else is to be known.
    pub(crate) fn rows(&self) -> Vec<Quality> {
        cine_field::plane(self.first()).into_iter().collect()
    }
}

/// When a single frame was taken: *Acquisition DateTime*, or date and time of the acquisition or
/// of the content.
fn taken(object: &InMemDicomObject) -> Option<(i64, f64)> {
    let text = |tag| text(object, tag);
    let joined = |date, time| Some(text(date)? + &text(time)?);
    [
        text(tags::ACQUISITION_DATE_TIME),
        joined(tags::ACQUISITION_DATE, tags::ACQUISITION_TIME),
        joined(tags::CONTENT_DATE, tags::CONTENT_TIME),
    ]
    .into_iter()
    .flatten()
    .find_map(|words| moment(&words))
}
