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
const LANES: usize = 16;

/// A model with its landmarks laid out for speed.
pub(super) struct Judge<'a> {
    model: &'a Model,
    /// [`LANES`] landmarks at a time.
    landmarks: Vec<Landmarks>,
    /// For each [`LANES`] landmarks and each class, their coefficients; 0 for those that fill up.
    coefficients: Vec<[f32; LANES]>,
}

/// Some landmarks side by side.
struct Landmarks {
    /// For each feature, their values.
    values: [[f32; LANES]; DENSITY_FEATURES],
    /// The sum of the values of each, and of their squares.
    sums: [f32; LANES],
    squares: [f32; LANES],
}

impl Landmarks {
    fn new(values: &[[f32; LANES]; DENSITY_FEATURES]) -> Self {
        let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
        for row in values {
            for lane in 0..LANES {
                sums[lane] += row[lane];
                squares[lane] += row[lane] * row[lane];
            }
        }
        Self { values: *values, sums, squares }
    }

    /// For each, the sum of the squared differences from a sample and that of their magnitudes: from
    /// the products, and from the lesser of both, which takes a third less time than from differences.
    /// `sum` and `square` are those of the sample.
    fn differences(&self, sample: &[f32], [sum, square]: [f32; 2]) -> [[f32; LANES]; 2] {
        let (mut products, mut lesser) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for (x, row) in sample.iter().zip(&self.values) {
            for lane in 0..LANES {
                products[lane] += x * row[lane];
                lesser[lane] += if *x < row[lane] { *x } else { row[lane] };
            }
        }
        let twice = |whole: f32, part: f32| (whole - 2.0 * part).max(0.0);
        [
            std::array::from_fn(|lane| twice(square + self.squares[lane], products[lane])),
            std::array::from_fn(|lane| twice(sum + self.sums[lane], lesser[lane])),
        ]
    }
}

impl<'a> Judge<'a> {
    fn new(model: &'a Model) -> Self {
        let groups = (model.landmarks.len() / DENSITY_FEATURES).div_ceil(LANES);
        let lanes = |values: &[f32], row: usize, group: usize, column: usize| {
            std::array::from_fn(|lane| {
                values.get((group * LANES + lane) * row + column).copied().unwrap_or(0.0)
            })
        };
        let classes = model.classes.len();
        let landmarks = (0..groups).map(|group| {
            let of = |feature| lanes(&model.landmarks, DENSITY_FEATURES, group, feature);
            Landmarks::new(&std::array::from_fn(of))
        });
        let coefficients = (0..groups * classes)
            .map(|n| lanes(&model.coefficients, classes, n / classes, n % classes));
        Self { model, landmarks: landmarks.collect(), coefficients: coefficients.collect() }
    }

    /// Probabilities of the classes, the rest of the array 0.
    pub(super) fn probabilities(&self, features: &[f32]) -> [f32; MOST_CLASSES] {
        let model = self.model;
        let classes = model.classes.len();
        let mut sample = [0.0f32; FEATURES];
        let standards = model.mean.iter().zip(&model.scale);
        for ((value, feature), (mean, scale)) in sample.iter_mut().zip(features).zip(standards) {
            *value = (feature - mean) * scale;
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
        let of_sample = [sample.iter().sum(), sample.iter().map(|x| x * x).sum()];
        let mut told = [[0.0f32; LANES]; MOST_CLASSES];
        let groups = self.landmarks.iter().zip(self.coefficients.chunks_exact(classes));
        for (landmarks, coefficients) in groups {
            let [squares, sums] = landmarks.differences(sample, of_sample);
            let near = exponentials(squares.map(|square| gaussian * square));
            let far = exponentials(sums.map(|sum| exponential * sum));
            let alike: [f32; LANES] =
                std::array::from_fn(|lane| 0.5 * near[lane] + 0.5 * far[lane]);
            add_products(&mut told, coefficients, &alike);
        }
        for (logit, told) in logits.iter_mut().zip(&told) {
            *logit += told.iter().sum::<f32>();
        }
    }
}

/// Adds to each of some sums the products of its coefficients. On its own, since where the products are made from
/// numbers at hand they are made one by one.
#[inline(never)]
fn add_products(sums: &mut [[f32; LANES]], coefficients: &[[f32; LANES]], by: &[f32; LANES]) {
    for (sums, coefficients) in sums.iter_mut().zip(coefficients) {
        for lane in 0..LANES {
            sums[lane] += coefficients[lane] * by[lane];
        }
    }
}

/// `exp` of numbers that are not positive, to 3·10⁻⁷ of it; below -87 as of -87.
fn exponentials(exponents: [f32; LANES]) -> [f32; LANES] {
    /// Adding it leaves a whole number in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    /// Taylor's, from the last on: the rest is at most ln 2 / 2.
    const TERMS: [f32; 6] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0];
    exponents.map(|x| {
        let x = if x > -87.0 { x } else { -87.0 };
        let shifted = x * std::f32::consts::LOG2_E + WHOLE;
        let whole = shifted - WHOLE;
        let rest = (x - whole * LN_2[0]) - whole * LN_2[1];
        let power = shifted.to_bits().wrapping_sub(WHOLE.to_bits()).wrapping_add(127) << 23;
        let series = TERMS.iter().fold(0.0, |sum, term| sum * rest + term);
        f32::from_bits(power) * (1.0 + rest * series)
    })
}

/// Products that are added side by side.
const SUMS: usize = 8;

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; SUMS];
    for (a, b) in a.chunks_exact(SUMS).zip(b.chunks_exact(SUMS)) {
        for lane in 0..SUMS {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}

const _: () = assert!(FEATURES.is_multiple_of(SUMS), "no feature is left over");

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_those_of_double_precision() {
        for n in 0..20_000 {
            let x = -0.004_37 * n as f32;
            let found = f64::from(exponentials([x; LANES])[n % LANES]);
            let wanted = f64::from(x.max(-87.0)).exp();
            assert!((found - wanted).abs() < 3e-7 * wanted, "{x}: {found} for {wanted}");
        }
    }
}
