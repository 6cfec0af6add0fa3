//! What a histogram tells: its counts added up from bin to bin.

use super::bins::{Bins, Counts, ROOM, RUN, RUNS, Weights, place};

/// The counts of all bins up to each, in the places of [`Counts`].
///
/// Everything is made of whole numbers, so nothing depends on the order of the sums.
pub(super) struct Summed {
    upto: Counts,
    /// What is counted in all bins but the last.
    total: u16,
}

/// [`place`] of every bin.
const PLACES: [u8; ROOM] = {
    let mut places = [0; ROOM];
    let mut bin = 0;
    while bin < ROOM {
        places[bin] = place(bin) as u8;
        bin += 1;
    }
    places
};

impl Summed {
    pub(super) fn new(counts: &Counts) -> Self {
        let mut upto = [0; ROOM];
        let mut sums = [0_u16; RUNS];
        for (upto, counts) in upto.as_chunks_mut::<RUNS>().0.iter_mut().zip(counts.as_chunks().0) {
            let counts: &[u16; RUNS] = counts;
            for run in 0..RUNS {
                sums[run] += counts[run];
            }
            *upto = sums;
        }
        let mut before = [0; RUNS];
        for run in 1..RUNS {
            before[run] = before[run - 1] + sums[run - 1];
        }
        for upto in upto.as_chunks_mut::<RUNS>().0 {
            for run in 0..RUNS {
                upto[run] += before[run];
            }
        }
        Self { total: upto[place(ROOM - 2)], upto }
    }

    /// What is counted in the first `bins` bins.
    fn first(&self, bins: usize) -> u16 {
        if bins == 0 { 0 } else { self.upto[usize::from(PLACES[bins - 1])] }
    }

    /// Numbers below which the given shares of those counted lie, interpolated inside bins; 0 if
    /// nothing is counted.
    pub(super) fn percentiles<const N: usize>(&self, bins: &Bins, shares: &[f32; N]) -> [f32; N] {
        if self.total == 0 {
            return [0.0; N];
        }
        // Step by step for all of them, so that quotients are taken side by side.
        let wanted = shares.map(|share| share * f32::from(self.total));
        let (mut below, mut here) = ([0.0; N], [0.0; N]);
        let (mut low, mut width) = ([0.0; N], [0.0; N]);
        for n in 0..N {
            let bin = self.bins_short_of(ceiling(wanted[n]));
            let first = self.first(bin);
            below[n] = f32::from(first);
            here[n] = f32::from((self.first(bin + 1) - first).max(1));
            low[n] = bins.edges[bin];
            width[n] = bins.edges[bin + 1] - low[n];
        }
        std::array::from_fn(|n| low[n] + (wanted[n] - below[n]) / here[n] * width[n])
    }

    /// Number of bins up to which less than `wanted` is counted.
    fn bins_short_of(&self, wanted: i16) -> usize {
        let mut short = [0_i16; RUNS];
        for upto in self.upto.as_chunks::<RUNS>().0 {
            for run in 0..RUNS {
                short[run] += i16::from((upto[run] as i16) < wanted);
            }
        }
        short.iter().sum::<i16>() as usize
    }

    /// Share of what is counted that lies in the first `bins` bins.
    pub(super) fn share(&self, bins: usize) -> f32 {
        f32::from(self.first(bins)) / f32::from(self.total.max(1))
    }

    /// Mean and standard deviation of `counts`, whose sums these are, as if all lay in the middle of their
    /// bins; 0 and 0 if nothing is counted.
    pub(super) fn mean_and_sd(&self, counts: &Counts, weights: &Weights) -> [f32; 2] {
        if self.total == 0 {
            return [0.0; 2];
        }
        let sum = |weights: &[i16; ROOM]| -> i32 {
            counts
                .iter()
                .zip(weights)
                .map(|(count, by)| i32::from(*count as i16) * i32::from(*by))
                .sum()
        };
        let squares =
            f64::from(Weights::STEP) * f64::from(sum(&weights.high)) + f64::from(sum(&weights.low));
        let total = f64::from(self.total);
        let mean = f64::from(sum(&weights.middle)) / 2.0 / total;
        [mean as f32, (squares / 4.0 / total - mean * mean).max(0.0).sqrt() as f32]
    }
}

/// The least whole number that is not below a number between 0 and the most that is counted.
fn ceiling(number: f32) -> i16 {
    /// Adding it leaves the nearest whole number in the lowest bits.
    const WHOLE: f32 = 8_388_608.0;
    let shifted = number + WHOLE;
    let nearest = (shifted.to_bits() - WHOLE.to_bits()) as i16;
    nearest + i16::from(shifted - WHOLE < number)
}

const _: () = assert!(RUN * RUNS == ROOM, "every bin has a place");

#[cfg(test)]
mod tests {
    use super::super::bins::NOT_COUNTED;
    use super::*;

    #[test]
    fn percentiles_of_even_numbers_are_even() {
        let bins = Bins::of_density();
        let mut counts = [0; ROOM];
        // As many in each HU from -1000 to -900.
        for hu in -1000..-900 {
            counts[usize::from(bins.of(hu as f32))] += 1;
        }
        counts[usize::from(NOT_COUNTED)] = 77;
        let summed = Summed::new(&counts);
        let found = summed.percentiles(&bins, &[0.1, 0.5, 0.95]);
        assert_eq!(found, [-990.0, -950.0, -905.0]);
        assert_eq!(summed.share(bins.below(-970.0)), 0.3);
        let [mean, sd] = summed.mean_and_sd(&counts, &bins.weights);
        assert!((mean + 950.0).abs() < 1e-3 && (sd - 28.83).abs() < 0.05, "{mean} {sd}");
    }

    #[test]
    fn nothing_counted_tells_nothing() {
        let bins = Bins::of_steepness();
        let mut counts = [0; ROOM];
        counts[usize::from(NOT_COUNTED)] = 9;
        let summed = Summed::new(&counts);
        let found = summed.percentiles(&bins, &[0.5, 0.9]);
        assert_eq!((found, summed.share(5)), ([0.0; 2], 0.0));
        assert_eq!(summed.mean_and_sd(&counts, &bins.weights), [0.0; 2]);
    }
}
