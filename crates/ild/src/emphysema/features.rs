//! The surroundings of a site in numbers: the same code for a patch and for a lung.

use super::bins::{Bins, Counts};
use super::response::{Slice, channels};
use super::summed::Summed;
use super::windows::{Rows, slide};

/// Which features these are. Any change to what is computed here, or in what it calls, is a new set.
pub(super) const FEATURE_SET: u32 = 1;

/// Spacing of pixels, in mm, at which windows and filters were designed. Patches without spacing are
/// taken to have it.
pub(super) const DESIGN_SPACING: f64 = 0.65;

/// Radii of the windows on CT numbers, in pixels of [`DESIGN_SPACING`].
const DENSITY_RADII: [usize; 4] = [3, 6, 10, 15];
/// Radii of the windows on what filters answer: the outermost one leaves room for their reach.
const RESPONSE_RADII: [usize; 2] = [6, 12];

const DENSITY_SHARES: [f32; 9] = [0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99];
const RESPONSE_SHARES: [f32; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];
/// Borders of emphysema, and of what is no aerated lung, in HU.
const BORDERS: [f32; 5] = [-970.0, -950.0, -910.0, -700.0, -500.0];

/// Channels after that of the CT numbers.
const RESPONSES: usize = 8;
const PER_DENSITY_WINDOW: usize = DENSITY_SHARES.len() + 2 + BORDERS.len();

/// Features of CT numbers alone, which come first: for each window, nine percentiles, mean, standard
/// deviation and the shares below five borders.
pub(super) const DENSITY_FEATURES: usize = DENSITY_RADII.len() * PER_DENSITY_WINDOW;
/// All features. After those of CT numbers: five percentiles for each answer of the filters and window.
pub(super) const FEATURES: usize =
    DENSITY_FEATURES + RESPONSES * RESPONSE_RADII.len() * RESPONSE_SHARES.len();

/// Half of the side of a patch that the widest window covers, in pixels of [`DESIGN_SPACING`].
pub(super) const PATCH_RADIUS: usize = DENSITY_RADII[3];

/// [`FEATURES`] numbers for each site of a slice, in the order of the sites. `scale` is how many
/// pixels of the slice lie along one of [`DESIGN_SPACING`]: windows keep their size in mm.
pub(super) fn features(slice: &Slice, rows: &Rows, scale: f64) -> Vec<f32> {
    let sites: usize = rows.iter().map(|(_, columns)| columns.len()).sum();
    let mut features = vec![0.0; sites * FEATURES];
    let shape = [slice.rows, slice.columns];
    let in_pixels = |radius: usize| (radius as f64 * scale).round() as usize;
    let mut first = 0;
    for (n, channel) in channels(slice).iter().enumerate() {
        let radii: &[usize] = if n == 0 { &DENSITY_RADII } else { &RESPONSE_RADII };
        let count = if n == 0 { PER_DENSITY_WINDOW } else { RESPONSE_SHARES.len() };
        let borders = BORDERS.map(|border| channel.bins.below(border));
        for radius in radii {
            slide(channel, shape, in_pixels(*radius), rows, |site, counts| {
                let put = &mut features[site * FEATURES + first..][..count];
                match n {
                    0 => of_density(&channel.bins, counts, borders, put),
                    1 => put.copy_from_slice(&of_response(&channel.bins, counts).map(compressed)),
                    _ => put.copy_from_slice(&of_response(&channel.bins, counts)),
                }
            });
            first += count;
        }
    }
    debug_assert_eq!(first, FEATURES, "every feature has a channel");
    features
}

/// `borders` are the bins below each of [`BORDERS`].
fn of_density(bins: &Bins, counts: &Counts, borders: [usize; BORDERS.len()], put: &mut [f32]) {
    let (percentiles, rest) = put.split_at_mut(DENSITY_SHARES.len());
    let (moments, shares) = rest.split_at_mut(2);
    let summed = Summed::new(counts);
    percentiles.copy_from_slice(&summed.percentiles(bins, &DENSITY_SHARES));
    moments.copy_from_slice(&summed.mean_and_sd(counts, &bins.weights));
    for (share, border) in shares.iter_mut().zip(borders) {
        *share = summed.share(border);
    }
}

fn of_response(bins: &Bins, counts: &Counts) -> [f32; RESPONSE_SHARES.len()] {
    Summed::new(counts).percentiles(bins, &RESPONSE_SHARES)
}

/// CT numbers above those of aerated lung drawn together: how dense a vessel is tells little.
fn compressed(hu: f32) -> f32 {
    const FROM: f32 = -850.0;
    const SOFTNESS: f32 = 150.0;
    if hu <= FROM { hu } else { FROM + SOFTNESS * ((hu - FROM) / SOFTNESS).ln_1p() }
}
