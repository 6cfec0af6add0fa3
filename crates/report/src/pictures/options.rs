//! How pictures are made.

/// What pictures show, and how large they are.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureOptions {
    /// CT number in HU under which lung counts as low in attenuation.
    pub threshold: f64,
    /// Whether the threshold itself counts as low.
    pub inclusive: bool,
    /// CT numbers in HU that are shown black and white; grey is linear between them.
    pub window: [f64; 2],
    /// Pixels along the longest side of a still picture; all stills share one scale.
    pub still_pixels: usize,
    /// Pixels along the longer side of a slice in the stack.
    pub stack_pixels: usize,
    /// Slices in the stack at most; more are thinned out evenly.
    pub most_frames: usize,
    /// What is shown around the lungs, in mm.
    pub margin: f64,
}

impl Default for PictureOptions {
    /// Strictly below -950 HU; a lung window from -1350 to +250 HU; 25 mm around the lungs.
    fn default() -> Self {
        Self {
            threshold: -950.0,
            inclusive: false,
            window: [-1350.0, 250.0],
            still_pixels: 600,
            stack_pixels: 384,
            most_frames: 120,
            margin: 25.0,
        }
    }
}

impl PictureOptions {
    /// Says whether a CT number counts as low in attenuation.
    pub(super) fn is_low(&self, hu: f64) -> bool {
        if self.inclusive { hu <= self.threshold } else { hu < self.threshold }
    }

    /// The threshold as people write it: `< −950 HU`, with spaces that do not break.
    pub fn threshold_words(&self) -> String {
        let sign = if self.inclusive { "≤" } else { "<" };
        format!("{sign}\u{a0}{}\u{a0}HU", crate::numbers::fixed(self.threshold, 0))
    }
}
