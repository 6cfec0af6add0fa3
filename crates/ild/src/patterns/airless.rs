//! Lung without air.

use hilum_core::Mask;
use hilum_kernel::{dilate, erode, par};

use crate::patterns::anatomy::Anatomy;
use crate::patterns::frame::Frame;

/// CT number in HU from which on lung has lost so much air that its vessels drown: ground glass reaches
/// up to about -300 (Fleischner glossary gives no number; this one is usual in the literature on
/// pneumonia; not checked).
pub(crate) const AIRLESS: f32 = -300.0;
/// Radius in mm of a ball of airless lung that is no vessel: vessels within the lung stay below.
const NO_VESSEL: f64 = 5.0;
/// Room in mm for corners into which the ball does not fit.
const CORNERS: f64 = 1.5;

/// Airless lung that is too thick to be a vessel.
pub(crate) fn airless(frame: &Frame, anatomy: &Anatomy) -> Mask {
    let dense = par::zip(&frame.lung, &anatomy.smooth, |lung, hu| *lung && *hu > AIRLESS);
    let lumps = dilate(&erode(&dense, NO_VESSEL), NO_VESSEL + CORNERS);
    par::zip(&lumps, &dense, |lump, dense| *lump && *dense)
}
