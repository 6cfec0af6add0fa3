//! How often what is told is right, against how sure it was told.

use hilum::{Pattern, Region, Volume};

/// Least per cent of each row of the table.
const ROWS: [usize; 9] = [0, 40, 50, 60, 70, 80, 90, 95, 99];

/// How often each pattern was told with so many per cent, and how often it was true.
pub(crate) struct Reliability(Vec<[[u64; 2]; 7]>);

impl Default for Reliability {
    fn default() -> Self {
        Self(vec![[[0; 2]; 7]; 101])
    }
}

impl Reliability {
    /// Counts the voxels that have a pattern, in truth and as told.
    pub(crate) fn count(&mut self, truth: &Volume<u8>, told: &Volume<u8>, confidence: &Volume<u8>) {
        let voxels = truth.as_slice().iter().zip(told.as_slice()).zip(confidence.as_slice());
        for ((truth, told), per_cent) in voxels {
            if *truth > 0 && *told > 0 {
                let [voxels, right] =
                    &mut self.0[usize::from(*per_cent).min(100)][usize::from(*told)];
                *voxels += 1;
                *right += u64::from(truth == told);
            }
        }
    }

    /// Prints, for each pattern and range of confidence, the mean confidence, how often it was right and how many voxels
    /// that were; below, by how much the two differ on average.
    pub(crate) fn print(&self) {
        println!("\n| told with % | pattern | mean % | right % | voxels |\n|---|---|---|---|---|");
        for pattern in Pattern::ALL.iter().copied() {
            let ends = ROWS.into_iter().skip(1).chain([101]);
            let mut off = [0.0; 2];
            for (first, end) in ROWS.into_iter().zip(ends) {
                let [mean, right, voxels] = self.figures(pattern, first..end);
                if voxels > 0.0 {
                    let last = end - 1;
                    let key = pattern.key();
                    println!(
                        "| {first} to {last} | {key} | {mean:.1} | {right:.1} | {voxels:.0} |"
                    );
                    off = [off[0] + voxels * (mean - right).abs(), off[1] + voxels];
                }
            }
            println!(
                "| all | {} | off by {:.1} | | {:.0} |",
                pattern.key(),
                off[0] / off[1],
                off[1]
            );
        }
    }

    fn figures(&self, pattern: Pattern, per_cent: std::ops::Range<usize>) -> [f64; 3] {
        let label = usize::from(pattern.label());
        let [mut sum, mut right, mut voxels] = [0.0; 3];
        for (per_cent, counts) in self.0.iter().enumerate().take(per_cent.end).skip(per_cent.start)
        {
            sum += per_cent as f64 * counts[label][0] as f64;
            right += 100.0 * counts[label][1] as f64;
            voxels += counts[label][0] as f64;
        }
        [sum / voxels, right / voxels, voxels]
    }
}
