//! Training of a model on labelled patches.

use super::algebra::softmax;
use super::features::{DENSITY_FEATURES, FEATURES};
use super::model::Model;
use super::patches::{Patches, blocks};
use super::{landmarks, logistic};

/// Samples that stand for all others, at most.
const LANDMARKS: usize = 200;
/// Ridge of the logistic regression, in mean weights of a sample.
const RIDGE: f64 = 33.0;
/// Parts in which a training set is cut to learn how far scores can be trusted.
const CALIBRATION_BLOCKS: usize = 4;

/// Trains a model.
///
/// Two machines look at the features of each patch: a logistic regression at all of them, and a
/// kernel ridge regression at those of density. Classes weigh the same, however many
/// patches they have. Their scores are added with two factors that were fitted on parts of the
/// training set which the machines had not seen, so that probabilities are calibrated.
///
/// There is no chance in it: the same patches give the same model, bit for bit, on any number of
/// threads. Cost: a second for a thousand patches.
pub fn train(patches: &Patches) -> Model {
    let all: Vec<usize> = (0..patches.count()).collect();
    train_on(&patches.features(), patches, &all)
}

/// Trains on some of the patches, of which the features are known.
pub(super) fn train_on(features: &[[f32; FEATURES]], patches: &Patches, chosen: &[usize]) -> Model {
    let classes = patches.classes().len();
    let labels = patches.labels_of(chosen);
    let samples: Vec<&[f32; FEATURES]> = chosen.iter().map(|n| &features[*n]).collect();
    let factors = calibrated(&samples, &labels, classes);
    let fit = Fit::new(&samples, &labels, classes);
    fit.model(patches, factors)
}

/// Both machines, before their scores are added.
struct Fit {
    classes: usize,
    mean: Vec<f64>,
    scale: Vec<f64>,
    weights: Vec<f64>,
    landmarks: Vec<f64>,
    coefficients: Vec<f64>,
}

impl Fit {
    fn new(samples: &[&[f32; FEATURES]], labels: &[u8], classes: usize) -> Self {
        let (mean, scale) = spread(samples);
        let standard: Vec<Vec<f64>> =
            samples.iter().map(|sample| standardised(sample, &mean, &scale)).collect();
        let balance = balance(labels, classes);
        let with_one: Vec<f64> =
            standard.iter().flat_map(|sample| sample.iter().copied().chain([1.0])).collect();
        let weights = logistic::fit(&with_one, labels, &balance, classes, RIDGE);
        let density: Vec<f64> =
            standard.iter().flat_map(|sample| sample[..DENSITY_FEATURES].to_vec()).collect();
        let found =
            landmarks::fit(&density, DENSITY_FEATURES, labels, &balance, classes, LANDMARKS);
        let landmarks =
            found.chosen.iter().flat_map(|n| standard[*n][..DENSITY_FEATURES].to_vec()).collect();
        Self { classes, mean, scale, weights, landmarks, coefficients: found.coefficients }
    }

    /// Scores of both machines for each class.
    fn scores(&self, sample: &[f32; FEATURES]) -> [Vec<f64>; 2] {
        let sample = standardised(sample, &self.mean, &self.scale);
        let logistic = self
            .weights
            .chunks_exact(FEATURES + 1)
            .map(|row| row[FEATURES] + super::algebra::dot(&row[..FEATURES], &sample))
            .collect();
        let mut kernel = vec![0.0; self.classes];
        let landmarks = self.landmarks.chunks_exact(DENSITY_FEATURES);
        for (landmark, row) in landmarks.zip(self.coefficients.chunks_exact(self.classes)) {
            let alike = landmarks::alike(&sample[..DENSITY_FEATURES], landmark);
            for (sum, coefficient) in kernel.iter_mut().zip(row) {
                *sum += coefficient * alike;
            }
        }
        [logistic, kernel]
    }

    fn model(&self, patches: &Patches, [logistic, kernel]: [f64; 2]) -> Model {
        let single = |values: &[f64], factor: f64| -> Vec<f32> {
            values.iter().map(|value| (factor * value) as f32).collect()
        };
        let rows = self.weights.chunks_exact(FEATURES + 1);
        Model {
            classes: patches.classes().to_vec(),
            patches: patches.count() as u32,
            trained_on: patches.checksum(),
            mean: single(&self.mean, 1.0),
            scale: single(&self.scale, 1.0),
            bias: rows.clone().map(|row| (logistic * row[FEATURES]) as f32).collect(),
            weights: rows.flat_map(|row| single(&row[..FEATURES], logistic)).collect(),
            landmarks: single(&self.landmarks, 1.0),
            coefficients: single(&self.coefficients, kernel),
        }
    }
}

/// Mean of each feature, and one over its standard deviation (1 where it does not vary).
fn spread(samples: &[&[f32; FEATURES]]) -> (Vec<f64>, Vec<f64>) {
    let count = samples.len() as f64;
    let one = |feature: usize| {
        let values = || samples.iter().map(|sample| f64::from(sample[feature]));
        let mean = values().sum::<f64>() / count;
        let variance = values().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        (mean, if variance > 1e-12 { 1.0 / variance.sqrt() } else { 1.0 })
    };
    (0..FEATURES).map(one).unzip()
}

fn standardised(sample: &[f32; FEATURES], mean: &[f64], scale: &[f64]) -> Vec<f64> {
    let pairs = sample.iter().zip(mean.iter().zip(scale));
    pairs.map(|(x, (mean, scale))| (f64::from(*x) - mean) * scale).collect()
}

/// Weights that make all classes count the same; 1 on average.
fn balance(labels: &[u8], classes: usize) -> Vec<f64> {
    let of = |class: u8| labels.iter().map(|label| usize::from(*label == class)).sum();
    let counts: Vec<usize> = (0..classes as u8).map(of).collect();
    let present = counts.iter().filter(|count| **count > 0).count();
    let weight = |label: &u8| labels.len() as f64 / (present * counts[usize::from(*label)]) as f64;
    labels.iter().map(weight).collect()
}

/// Factors of the scores of the two machines with which probabilities fit best what comes out for
/// patches that were not trained on.
fn calibrated(samples: &[&[f32; FEATURES]], labels: &[u8], classes: usize) -> [f64; 2] {
    let blocks = blocks(labels, CALIBRATION_BLOCKS);
    let mut scores = vec![[Vec::new(), Vec::new()]; labels.len()];
    for block in 0..CALIBRATION_BLOCKS {
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            (0..labels.len()).partition(|n| blocks[*n] == block);
        if inside.is_empty() || outside.is_empty() {
            continue;
        }
        let known: Vec<&[f32; FEATURES]> = outside.iter().map(|n| samples[*n]).collect();
        let known_labels: Vec<u8> = outside.iter().map(|n| labels[*n]).collect();
        let fit = Fit::new(&known, &known_labels, classes);
        for n in inside {
            scores[n] = fit.scores(samples[n]);
        }
    }
    scores.retain(|both| !both[0].is_empty());
    if scores.len() < labels.len() {
        return USUAL_FACTORS;
    }
    fitted_factors(&scores, labels)
}

/// Where there is too little to learn factors from, and where the search for them begins.
const USUAL_FACTORS: [f64; 2] = [0.6, 2.0];

/// Newton's method on the two factors, with a faint pull to the usual ones.
fn fitted_factors(scores: &[[Vec<f64>; 2]], labels: &[u8]) -> [f64; 2] {
    const PULL: f64 = 0.1;
    let mut factors = USUAL_FACTORS;
    for _ in 0..50 {
        let mut slope = [0, 1].map(|n| PULL * (factors[n] - USUAL_FACTORS[n]));
        let mut bend = [[PULL, 0.0], [0.0, PULL]];
        for (both, label) in scores.iter().zip(labels) {
            let mut shares: Vec<f64> = both[0]
                .iter()
                .zip(&both[1])
                .map(|(a, b)| factors[0] * a + factors[1] * b)
                .collect();
            softmax(&mut shares);
            let mean = |f: &dyn Fn(usize) -> f64| -> f64 {
                shares.iter().enumerate().map(|(class, share)| share * f(class)).sum()
            };
            let means = [0, 1].map(|n| mean(&|class| both[n][class]));
            for a in 0..2 {
                slope[a] += means[a] - both[a][usize::from(*label)];
                for b in 0..2 {
                    bend[a][b] +=
                        mean(&|class| both[a][class] * both[b][class]) - means[a] * means[b];
                }
            }
        }
        let determinant = bend[0][0] * bend[1][1] - bend[0][1] * bend[1][0];
        let step = [
            (bend[1][1] * slope[0] - bend[0][1] * slope[1]) / determinant,
            (bend[0][0] * slope[1] - bend[1][0] * slope[0]) / determinant,
        ];
        for (factor, step) in factors.iter_mut().zip(step) {
            // A score speaks for its class or not at all.
            *factor = (*factor - step).clamp(0.0, 20.0);
        }
        if step.iter().all(|step| step.abs() < 1e-9) {
            break;
        }
    }
    factors
}
