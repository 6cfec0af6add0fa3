//! How well probabilities fit known classes.

/// Figures of a classification of patches.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Patches by true class (row) and by most probable class (column).
    pub confusion: Vec<Vec<u64>>,
    /// Expected calibration error: mean distance of the probability of the most probable class to the
    /// share of right answers, in ten bins of that probability, weighted by patches.
    pub calibration_error: f64,
}

impl Score {
    /// Counts the most probable class of each patch; of two as probable, the first.
    ///
    /// # Panics
    ///
    /// If labels name classes beyond `classes`, or there are not as many answers as labels.
    pub fn new(probabilities: &[Vec<f32>], labels: &[u8], classes: usize) -> Self {
        assert_eq!(probabilities.len(), labels.len(), "one answer for each label");
        let mut confusion = vec![vec![0; classes]; classes];
        let mut bins = [(0.0, 0.0, 0.0); BINS];
        for (shares, label) in probabilities.iter().zip(labels) {
            let best =
                (1..classes).fold(0, |best, n| if shares[n] > shares[best] { n } else { best });
            confusion[usize::from(*label)][best] += 1;
            let bin = &mut bins[((shares[best] * BINS as f32) as usize).min(BINS - 1)];
            bin.0 += 1.0;
            bin.1 += f64::from(shares[best]);
            bin.2 += f64::from(u8::from(usize::from(*label) == best));
        }
        let off: f64 = bins.iter().map(|(_, sure, right)| f64::abs(sure - right)).sum();
        Self { confusion, calibration_error: off / labels.len().max(1) as f64 }
    }

    /// Number of patches.
    pub fn compared(&self) -> u64 {
        self.confusion.iter().flatten().sum()
    }

    /// Number of patches whose most probable class is the true one.
    pub fn matched(&self) -> u64 {
        self.confusion.iter().enumerate().map(|(n, row)| row[n]).sum()
    }

    /// Share of patches that match.
    pub fn accuracy(&self) -> f64 {
        self.matched() as f64 / self.compared().max(1) as f64
    }

    /// Mean over classes of the share of their patches that match.
    pub fn balanced_accuracy(&self) -> f64 {
        self.balanced(|class| class)
    }

    /// The same with classes taken together: `group` gives the number of the group of a class. The
    /// most probable class decides on the group.
    pub fn balanced(&self, group: impl Fn(usize) -> usize) -> f64 {
        let groups = (0..self.confusion.len()).map(&group).max().map_or(0, |most| most + 1);
        let mut rows = vec![(0u64, 0u64); groups];
        for (class, row) in self.confusion.iter().enumerate() {
            for (told, count) in row.iter().enumerate() {
                let (right, all) = &mut rows[group(class)];
                *all += count;
                *right += if group(told) == group(class) { *count } else { 0 };
            }
        }
        let present: Vec<f64> = rows
            .iter()
            .filter(|(_, all)| *all > 0)
            .map(|(right, all)| *right as f64 / *all as f64)
            .collect();
        present.iter().sum::<f64>() / present.len().max(1) as f64
    }
}

const BINS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_counts() {
        let sure = |class: usize| (0..3).map(|n| if n == class { 0.8 } else { 0.1 }).collect();
        let answers: Vec<Vec<f32>> = [0, 0, 1, 1, 2, 1, 0, 2].map(sure).into();
        let score = Score::new(&answers, &[0, 0, 1, 1, 2, 2, 1, 1], 3);
        assert_eq!(score.confusion, [[2, 0, 0], [1, 2, 1], [0, 1, 1]]);
        assert_eq!((score.compared(), score.matched()), (8, 5));
        assert_eq!(score.balanced_accuracy(), (1.0 + 0.5 + 0.5) / 3.0);
        // Classes 1 and 2 taken together: 5 of 6 are told.
        assert_eq!(score.balanced(|class| class.min(1)), f64::midpoint(1.0, 5.0 / 6.0));
        assert!((score.calibration_error - (0.8 - 5.0 / 8.0)).abs() < 1e-6);
    }
}
