//! Numbers put into bins, and what a histogram of them tells.

/// Bins of a quantity: strictly rising edges, one more than there are bins.
#[derive(Debug)]
pub(super) struct Bins {
    edges: Vec<f32>,
    /// Bin of each whole number from [`LOWEST`] on.
    table: Vec<u8>,
}

/// The whole numbers that a table covers; those beyond count as the outermost.
const LOWEST: i32 = -1100;
const HIGHEST: i32 = 1100;

/// Bins that a histogram has room for. The last one takes what is not to be counted.
pub(super) const ROOM: usize = 96;
/// Bin of what is not to be counted.
pub(super) const NOT_COUNTED: u8 = (ROOM - 1) as u8;

impl Bins {
    /// Bins whose widths change: `from`, then pairs of the next border and the width up to it.
    fn new(from: i32, parts: &[(i32, i32)]) -> Self {
        let mut edges = vec![from];
        for (to, width) in parts {
            let mut edge = *edges.last().expect("the first edge");
            while edge < *to {
                edge += width;
                edges.push(edge);
            }
        }
        assert!(edges.len() < ROOM, "bins fit the room");
        let bin = |n: i32| {
            let above = edges.iter().filter(|edge| **edge <= n).count();
            above.clamp(1, edges.len() - 1) as u8 - 1
        };
        let table = (LOWEST..=HIGHEST).map(bin).collect();
        Self { table, edges: edges.iter().map(|edge| *edge as f32).collect() }
    }

    /// CT numbers from -1050 to 300 HU: fine where emphysema is told from normal lung.
    pub(super) fn of_density() -> Self {
        Self::new(-1050, &[(-850, 5), (-700, 10), (-300, 25), (300, 50)])
    }

    /// Smoothed CT numbers.
    pub(super) fn of_smooth_density() -> Self {
        Self::new(-1050, &[(-700, 10), (-300, 25), (300, 50)])
    }

    /// Differences between CT numbers, of either sign.
    pub(super) fn of_difference() -> Self {
        let mut parts = vec![(-1000, 50), (-300, 100), (-120, 30), (-60, 10), (60, 4)];
        parts.extend([(120, 10), (300, 30), (1000, 100)]);
        Self::new(-1050, &parts)
    }

    /// Steepness: differences that have no sign.
    pub(super) fn of_steepness() -> Self {
        Self::new(0, &[(80, 2), (160, 5), (400, 20), (1000, 100)])
    }

    /// Number of bins.
    pub(super) fn count(&self) -> usize {
        self.edges.len() - 1
    }

    /// The bin of a number, rounded to a whole one; those beyond count as the outermost.
    pub(super) fn of(&self, number: f32) -> u8 {
        // Adding and cutting off is rounding, for what is not negative then.
        let shifted = (number - LOWEST as f32 + 0.5).max(0.0) as usize;
        self.table[shifted.min(self.table.len() - 1)]
    }

    /// Numbers below which the given shares of those counted lie, interpolated inside bins; 0 if
    /// nothing is counted. `shares` rise.
    pub(super) fn percentiles(&self, counts: &[u16], shares: &[f32], put: &mut [f32]) {
        let total: u32 = counts[..self.count()].iter().map(|count| u32::from(*count)).sum();
        let (mut bin, mut below) = (0, 0);
        for (share, put) in shares.iter().zip(put) {
            let wanted = share * total as f32;
            while bin + 1 < self.count() && ((below + u32::from(counts[bin])) as f32) < wanted {
                below += u32::from(counts[bin]);
                bin += 1;
            }
            let inside = (wanted - below as f32) / f32::from(counts[bin].max(1));
            let (low, high) = (self.edges[bin], self.edges[bin + 1]);
            *put = if total == 0 { 0.0 } else { low + inside * (high - low) };
        }
    }

    /// Mean and standard deviation, as if all lay in the middle of their bins; 0 and 0 if nothing
    /// is counted.
    pub(super) fn mean_and_sd(&self, counts: &[u16]) -> [f32; 2] {
        let (mut total, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for (count, edges) in counts.iter().zip(self.edges.windows(2)) {
            let (count, middle) = (f64::from(*count), f64::from(edges[0] + edges[1]) / 2.0);
            total += count;
            sum += count * middle;
            squares += count * middle * middle;
        }
        if total == 0.0 {
            return [0.0; 2];
        }
        let mean = sum / total;
        [mean as f32, (squares / total - mean * mean).max(0.0).sqrt() as f32]
    }

    /// Share of what is counted that lies below an edge. An edge of the bins gives the exact share.
    pub(super) fn share_below(&self, counts: &[u16], edge: f32) -> f32 {
        let (mut below, mut total) = (0, 0);
        for (count, high) in counts.iter().zip(&self.edges[1..]) {
            total += u32::from(*count);
            below += if *high <= edge { u32::from(*count) } else { 0 };
        }
        below as f32 / total.max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_lies_between_the_edges_of_its_bin() {
        for bins in [Bins::of_density(), Bins::of_difference(), Bins::of_steepness()] {
            let (first, last) = (bins.edges[0], bins.edges[bins.count()]);
            for n in -1100..1100 {
                let bin = usize::from(bins.of(n as f32));
                let inside = (n as f32).clamp(first, last - 1.0);
                assert!(bins.edges[bin] <= inside && inside < bins.edges[bin + 1], "{n}");
            }
        }
        assert_eq!(Bins::of_density().of(-1e9), 0);
        assert_eq!(usize::from(Bins::of_density().of(1e9)), Bins::of_density().count() - 1);
    }

    #[test]
    fn percentiles_of_even_numbers_are_even() {
        let bins = Bins::of_density();
        let mut counts = [0; ROOM];
        // As many in each HU from -1000 to -900.
        for hu in -1000..-900 {
            counts[usize::from(bins.of(hu as f32))] += 1;
        }
        counts[usize::from(NOT_COUNTED)] = 77;
        let mut found = [0.0; 3];
        bins.percentiles(&counts, &[0.1, 0.5, 0.95], &mut found);
        assert_eq!(found, [-990.0, -950.0, -905.0]);
        assert_eq!(bins.share_below(&counts[..bins.count()], -970.0), 0.3);
        let [mean, sd] = bins.mean_and_sd(&counts[..bins.count()]);
        assert!((mean + 950.0).abs() < 1e-3 && (sd - 28.83).abs() < 0.05, "{mean} {sd}");
    }
}
