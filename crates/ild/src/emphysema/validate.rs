//! Classes told for patches: by a model, by models that did not see them, and by the nearest others.

use hilum_kernel::par;

use super::features::FEATURES;
use super::model::Model;
use super::patches::Patches;
use super::train::train_on;

/// The probabilities that a model gives for each patch, in the order of its classes.
///
/// Where it was trained on these very patches ([`Model::trained_on`]) that tells nothing about others.
pub fn classify(model: &Model, patches: &Patches) -> Vec<Vec<f32>> {
    asked(model, &patches.features())
}

fn asked(model: &Model, features: &[[f32; FEATURES]]) -> Vec<Vec<f32>> {
    let judge = model.judge();
    let classes = model.classes().len();
    features.iter().map(|one| judge.probabilities(one)[..classes].to_vec()).collect()
}

/// The probabilities for each patch by a model that was trained without its block: see
/// [`Patches::blocks`]. Everything, calibration too, is learnt from the other blocks alone.
///
/// # Panics
///
/// If `blocks` is below 2.
pub fn cross_validate(patches: &Patches, blocks: usize) -> Vec<Vec<f32>> {
    assert!(blocks >= 2, "one block leaves nothing to train on");
    let features = patches.features();
    left_out(patches, blocks, |known, asked_for| {
        let model = train_on(&features, patches, known);
        let chosen: Vec<[f32; FEATURES]> = asked_for.iter().map(|n| features[*n]).collect();
        asked(&model, &chosen)
    })
}

/// The same by the nearest neighbours of the Chest Imaging Platform[^cip]: histograms of the patches
/// in bins of 10 HU, the five with the least sum of differences, each weighing one over that sum.
///
/// The platform estimates the density with a kernel where this counts in bins.
///
/// [^cip]: Mendoza et al. (2012), Emphysema quantification in a multi-scanner HRCT cohort using local
///     intensity distributions. ISBI 2012:474-477 (not checked).
///
/// # Panics
///
/// If `blocks` is below 2.
pub fn cross_validate_neighbours(patches: &Patches, blocks: usize) -> Vec<Vec<f32>> {
    assert!(blocks >= 2, "one block leaves no neighbours");
    let histograms: Vec<Vec<u32>> =
        (0..patches.count()).map(|n| histogram(patches.pixels(n))).collect();
    let classes = patches.classes().len();
    left_out(patches, blocks, |known, asked_for| {
        let vote = |n: &usize| {
            let mut near: Vec<(u64, usize)> = known
                .iter()
                .map(|other| (difference(&histograms[*n], &histograms[*other]), *other))
                .collect();
            near.sort_unstable();
            let mut votes = vec![0.0f64; classes];
            for (difference, other) in near.into_iter().take(NEIGHBOURS) {
                votes[usize::from(patches.labels()[other])] += 1.0 / (difference as f64).max(1e-9);
            }
            let total: f64 = votes.iter().sum();
            votes.into_iter().map(|vote| (vote / total) as f32).collect()
        };
        asked_for.iter().map(vote).collect()
    })
}

const NEIGHBOURS: usize = 5;

fn histogram(pixels: &[i16]) -> Vec<u32> {
    let mut counts = vec![0; 410];
    for hu in pixels {
        counts[(usize::try_from(i32::from(*hu) + 1050).unwrap_or(0) / 10).min(409)] += 1;
    }
    counts
}

fn difference(a: &[u32], b: &[u32]) -> u64 {
    a.iter().zip(b).map(|(x, y)| u64::from(x.abs_diff(*y))).sum()
}

/// For each block `answer(patches outside, patches inside)`, put together in the order of the patches.
fn left_out(
    patches: &Patches,
    count: usize,
    answer: impl Fn(&[usize], &[usize]) -> Vec<Vec<f32>> + Sync + Send,
) -> Vec<Vec<f32>> {
    let blocks = patches.blocks(count);
    let answers = par::collect(count, |block| {
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            (0..patches.count()).partition(|n| blocks[*n] == block);
        if outside.is_empty() || inside.is_empty() {
            return Vec::new();
        }
        let answers = answer(&outside, &inside);
        inside.into_iter().zip(answers).collect()
    });
    let mut all: Vec<(usize, Vec<f32>)> = answers.into_iter().flatten().collect();
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, shares)| shares).collect()
}
