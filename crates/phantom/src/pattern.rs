//! Patterns of diseased lung, and how much of the lungs each of them takes.

use hilum_core::{EmphysemaSubtype, LabelMap, Lobe, Lung, Pattern, Region, Volume};
use hilum_kernel::par;

use crate::lesion::Disease;
use crate::truth::Truth;

/// How many patterns there are.
const COUNT: usize = Pattern::ALL.len();

/// Shares of lung that the patterns take, in per cent, in the order of [`Pattern::ALL`]: of the voxels
/// that have any, which are the lung without its vessels and bronchi. `None` where a part has no such voxel.
pub type Shares = Option<[f64; COUNT]>;

/// The extent of every pattern in a chest, counted voxel by voxel on the grid of the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extents {
    /// Of both lungs.
    pub whole: Shares,
    /// Of the right and of the left lung.
    pub lungs: [Shares; 2],
    /// Of each lobe, in the order of [`Lobe::ALL`].
    pub lobes: [Shares; 5],
}

impl Truth {
    /// The pattern of each voxel of the lungs; none outside of them, in vessels, and in lumen and walls
    /// of bronchi. Bullae are emphysema.
    ///
    /// Cost: one pass over the maps.
    pub fn patterns(&self) -> LabelMap<Pattern> {
        let mut labels = Volume::filled(self.lungs.grid(), 0);
        let [_, rows, columns] = labels.grid().shape();
        par::for_each_slice(&mut labels, |k, slice| {
            for (n, label) in slice.iter_mut().enumerate() {
                *label = self.pattern(k * rows * columns + n).map_or(0, Pattern::label);
            }
        });
        LabelMap::new(labels).expect("the labels are those of patterns")
    }

    /// The pattern of voxel `n`, counted in memory.
    fn pattern(&self, n: usize) -> Option<Pattern> {
        let lungs = [Lung::Right.label(), Lung::Left.label()];
        let tubes = [&self.vessels, &self.airways, &self.walls];
        if !lungs.contains(&self.lungs.labels().as_slice()[n])
            || tubes.iter().any(|tube| tube.as_slice()[n])
        {
            return None;
        }
        if self.emphysema.as_slice()[n] {
            return Some(Pattern::Emphysema);
        }
        let disease = Disease::from_label(self.disease.as_slice()[n]);
        Some(disease.and_then(Disease::pattern).unwrap_or(Pattern::Normal))
    }

    /// The kind of emphysema around each voxel of the lungs, where it has a name; vessels and bronchi have
    /// none. A place of centrilobular emphysema is named whole, with the normal lung between its holes.
    ///
    /// Cost: one pass over the maps.
    pub fn subtypes(&self) -> LabelMap<EmphysemaSubtype> {
        let mut labels = self.patterns().into_labels();
        let [_, rows, columns] = labels.grid().shape();
        par::for_each_slice(&mut labels, |k, slice| {
            let own = self.disease.as_slice()[k * rows * columns..].iter();
            for (label, disease) in slice.iter_mut().zip(own) {
                let disease = Disease::from_label(*disease).filter(|_| *label != 0);
                *label = disease.and_then(Disease::subtype).map_or(0, EmphysemaSubtype::label);
            }
        });
        LabelMap::new(labels).expect("the labels are those of subtypes")
    }

    /// How much of lungs and lobes each pattern takes.
    ///
    /// Cost: that of [`Truth::patterns`] and a pass more.
    pub fn extents(&self) -> Extents {
        let patterns = self.patterns();
        let lobes = Lobe::ALL.len();
        let mut counts = [[0_u64; COUNT]; 5];
        for (pattern, lobe) in
            patterns.labels().as_slice().iter().zip(self.lobes.labels().as_slice())
        {
            if *pattern != 0 && (1..=lobes).contains(&usize::from(*lobe)) {
                counts[usize::from(*lobe) - 1][usize::from(*pattern) - 1] += 1;
            }
        }
        let together = |some: &[[u64; COUNT]]| {
            shares(&std::array::from_fn(|n| some.iter().map(|lobe| lobe[n]).sum()))
        };
        Extents {
            whole: together(&counts),
            lungs: [together(&counts[..3]), together(&counts[3..])],
            lobes: counts.map(|lobe| shares(&lobe)),
        }
    }
}

fn shares(counts: &[u64; COUNT]) -> Shares {
    let all = counts.iter().sum::<u64>();
    (all > 0).then(|| counts.map(|count| 100.0 * count as f64 / all as f64))
}
