//! A trained model and what it answers.

use super::features::{DENSITY_FEATURES, FEATURES};
use super::landmarks::GAUSSIAN;
use super::posteriors::MOST_CLASSES;

/// A trained model: how features of a site become probabilities of classes.
///
/// [`Model::shipped`] is the one that hilum brings; [`Model::read`] takes one that was trained by
/// [`super::train`] on patches of one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(super) classes: Vec<String>,
    /// Number of patches it was trained on, and their checksum.
    pub(super) patches: u32,
    pub(super) trained_on: u64,
    /// Standardisation: one for each feature.
    pub(super) mean: Vec<f32>,
    pub(super) scale: Vec<f32>,
    /// Logistic regression: one and [`FEATURES`] for each class.
    pub(super) bias: Vec<f32>,
    pub(super) weights: Vec<f32>,
    /// Kernel regression: standardised samples of [`DENSITY_FEATURES`], and one number for each class.
    pub(super) landmarks: Vec<f32>,
    pub(super) coefficients: Vec<f32>,
}

impl Model {
    /// Names of the classes, in the order of the probabilities.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Number of patches that it was trained on.
    pub fn patches(&self) -> usize {
        self.patches as usize
    }

    /// [`super::Patches::checksum`] of the patches that it was trained on.
    pub fn trained_on(&self) -> u64 {
        self.trained_on
    }

    /// The model made ready to be asked many times.
    pub(super) fn judge(&self) -> Judge<'_> {
        Judge::new(self)
    }
}

/// Landmarks that are compared at once.
const LANES: usize = 8;

/// A model with its landmarks laid out for speed.
pub(super) struct Judge<'a> {
    model: &'a Model,
    /// For each eight landmarks: for each feature, the eight values. Those that fill up are far away.
    lanes: Vec<[[f32; LANES]; DENSITY_FEATURES]>,
}

impl<'a> Judge<'a> {
    fn new(model: &'a Model) -> Self {
        let count = model.landmarks.len() / DENSITY_FEATURES;
        let lanes = (0..count.div_ceil(LANES)).map(|group| {
            let mut lanes = [[0.0; LANES]; DENSITY_FEATURES];
            for (feature, row) in lanes.iter_mut().enumerate() {
                for (lane, value) in row.iter_mut().enumerate() {
                    let landmark = group * LANES + lane;
                    if landmark < count {
                        *value = model.landmarks[landmark * DENSITY_FEATURES + feature];
                    }
                }
            }
            lanes
        });
        Self { model, lanes: lanes.collect() }
    }

    /// Probabilities of the classes, the rest of the array 0.
    pub(super) fn probabilities(&self, features: &[f32]) -> [f32; MOST_CLASSES] {
        let model = self.model;
        let classes = model.classes.len();
        let mut sample = [0.0f32; FEATURES];
        for (n, value) in sample.iter_mut().enumerate() {
            *value = (features[n] - model.mean[n]) * model.scale[n];
        }
        let mut logits = [f32::NEG_INFINITY; MOST_CLASSES];
        logits[..classes].copy_from_slice(&model.bias);
        for (logit, row) in logits.iter_mut().zip(model.weights.chunks_exact(FEATURES)) {
            *logit += dot(row, &sample);
        }
        self.add_kernel(&sample[..DENSITY_FEATURES], &mut logits[..classes]);
        softmax(&mut logits);
        logits
    }

    fn add_kernel(&self, sample: &[f32], logits: &mut [f32]) {
        let classes = logits.len();
        let gaussian = -GAUSSIAN as f32 / DENSITY_FEATURES as f32;
        let exponential = -1.0 / DENSITY_FEATURES as f32;
        let mut rows = self.model.coefficients.chunks_exact(classes);
        for lanes in &self.lanes {
            let (mut squares, mut sums) = ([0.0f32; LANES], [0.0f32; LANES]);
            for (x, row) in sample.iter().zip(lanes) {
                for lane in 0..LANES {
                    let difference = x - row[lane];
                    squares[lane] += difference * difference;
                    sums[lane] += difference.abs();
                }
            }
            for (square, sum) in squares.iter().zip(&sums) {
                let Some(row) = rows.next() else { break };
                let alike = 0.5 * (gaussian * square).exp() + 0.5 * (exponential * sum).exp();
                for (logit, coefficient) in logits.iter_mut().zip(row) {
                    *logit += coefficient * alike;
                }
            }
        }
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}

const _: () = assert!(FEATURES.is_multiple_of(LANES), "no feature is left over");

fn softmax(logits: &mut [f32]) {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for logit in logits.iter_mut() {
        *logit = (*logit - most).exp();
        total += *logit;
    }
    for logit in logits.iter_mut() {
        *logit /= total;
    }
}
