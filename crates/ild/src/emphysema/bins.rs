//! Numbers put into bins, and the counts of a window bin by bin.

/// Bins of a quantity: strictly rising edges, one more than there are bins.
#[derive(Debug)]
pub(super) struct Bins {
    pub(super) edges: Vec<f32>,
    /// Place of the bin of each whole number from [`LOWEST`] on.
    table: Vec<u8>,
    /// What a count in each place adds to the moments.
    pub(super) weights: Weights,
}

/// Twice the middle of the bin in each place, and the square of it in two parts: `square` is
/// `STEP * high + low`. All are whole numbers, as edges are.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) middle: [i16; ROOM],
    pub(super) high: [i16; ROOM],
    pub(super) low: [i16; ROOM],
}

impl Weights {
    pub(super) const STEP: i32 = 2048;

    fn new(edges: &[i32]) -> Self {
        let mut weights = Self { middle: [0; ROOM], high: [0; ROOM], low: [0; ROOM] };
        for (bin, edges) in edges.windows(2).enumerate() {
            let twice = edges[0] + edges[1];
            weights.middle[place(bin)] = twice as i16;
            weights.high[place(bin)] = (twice * twice / Self::STEP) as i16;
            weights.low[place(bin)] = (twice * twice % Self::STEP) as i16;
        }
        weights
    }
}

/// The whole numbers that a table covers; those beyond count as the outermost.
const LOWEST: i32 = -1100;
const HIGHEST: i32 = 1100;

/// Runs of neighbouring bins, which are added up side by side, and bins of a run.
pub(super) const RUNS: usize = 8;
pub(super) const RUN: usize = 12;
/// Bins that a histogram has room for. The last one takes what is not to be counted.
pub(super) const ROOM: usize = RUNS * RUN;
/// Place of what is not to be counted.
pub(super) const NOT_COUNTED: u8 = (ROOM - 1) as u8;

/// Counts of the bins, each in its [`place`].
pub(super) type Counts = [u16; ROOM];

/// Where a bin stands in [`Counts`]: the first bins of all runs come first, then the second ones.
pub(super) const fn place(bin: usize) -> usize {
    bin % RUN * RUNS + bin / RUN
}

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
        let mut bin = 0;
        let of = |n: i32| {
            while bin + 2 < edges.len() && edges[bin + 1] <= n {
                bin += 1;
            }
            place(bin) as u8
        };
        Self {
            table: (LOWEST..=HIGHEST).map(of).collect(),
            weights: Weights::new(&edges),
            edges: edges.iter().map(|edge| *edge as f32).collect(),
        }
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
    #[cfg(test)]
    fn count(&self) -> usize {
        self.edges.len() - 1
    }

    /// Place of the bin of a number, rounded to a whole one; those beyond count as the outermost.
    pub(super) fn of(&self, number: f32) -> u8 {
        // Adding and cutting off is rounding, for what is not negative then.
        let shifted = (number - LOWEST as f32 + 0.5).clamp(0.0, (HIGHEST - LOWEST) as f32);
        self.table[shifted as u16 as usize]
    }

    /// Number of bins that lie below an edge as a whole.
    pub(super) fn below(&self, edge: f32) -> usize {
        self.edges[1..].iter().filter(|high| **high <= edge).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_lies_between_the_edges_of_its_bin() {
        for bins in [Bins::of_density(), Bins::of_difference(), Bins::of_steepness()] {
            let (first, last) = (bins.edges[0], bins.edges[bins.count()]);
            let places: Vec<usize> = (0..bins.count()).map(place).collect();
            for n in -1100..1100 {
                let of = usize::from(bins.of(n as f32));
                let bin = places.iter().position(|place| *place == of).expect("a bin");
                let inside = (n as f32).clamp(first, last - 1.0);
                assert!(bins.edges[bin] <= inside && inside < bins.edges[bin + 1], "{n}");
            }
        }
        let bins = Bins::of_density();
        assert_eq!(usize::from(bins.of(-1e9)), place(0));
        assert_eq!(usize::from(bins.of(1e9)), place(bins.count() - 1));
        assert_eq!(place(ROOM - 1), usize::from(NOT_COUNTED));
    }
}
