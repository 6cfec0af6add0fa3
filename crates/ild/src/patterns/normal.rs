//! How dense this lung is where it is well, at each height of the patient.

use hilum_core::{Grid, Volume};
use hilum_kernel::par;

/// Layers of height, in mm.
const LAYER: f64 = 10.0;
/// Quantile of the background of a layer that stands for normal lung: below the median, since haze
/// and nets take more of a sick lung than holes do (chosen for that).
const QUANTILE: f64 = 0.2;
/// Sites that a layer must have to be heard.
const ENOUGH: usize = 200;
/// Densities in HU that normal lung can have between its vessels, from deep inspiration to expiration
/// (-950 to -700; Verschakelen and Van Fraeyenhoven 1993, doi:10.1148/radiology.188.3.8351338, not
/// checked). What is denser is not taken for normal, even if most of the lung is.
pub(crate) const POSSIBLE: [f32; 2] = [-930.0, -700.0];
/// Steepest rise of density with depth, in HU per mm either way: some 50 to 100 HU over the chest
/// on inspiration, more on expiration.
const STEEPEST: f64 = 1.2;
/// Depth in mm beneath the dependent pleura in which lung is dense by its weight.
const DEPENDENT: f64 = 30.0;
/// Layers of that depth, in mm.
const FINE: f64 = 3.0;
/// Most HU that are put down to weight there.
const HEAVIEST: f32 = 150.0;
/// Quantile of the lung beneath the dependent pleura that weight accounts for. It is dense on both
/// sides and all along; disease that covers less than the other half is not mistaken for it.
const COMMON: f64 = 0.45;

/// The density of the tissue between vessels that is normal for this scan, at each site, in HU.
pub(crate) struct Normal {
    /// At each site.
    pub(crate) hu: Volume<f32>,
    /// Half-way between front and back.
    pub(crate) middle: f32,
}

/// Where sites lie against gravity.
struct Upright {
    /// Height of a site in mm, rising to the back.
    per_step: [f64; 3],
    /// The array axis that runs most from front to back, and whether its index grows to the back.
    axis: (usize, bool),
}

impl Upright {
    fn new(image: &Grid, sites: &Grid) -> Self {
        let spacing = (image.spacing(), sites.spacing());
        let per_step = [0, 1, 2].map(|n| image.axes()[(1, n)] / spacing.0[n] * spacing.1[n]);
        Self { per_step, axis: image.nearest_axes()[1] }
    }

    fn height(&self, site: [usize; 3]) -> f64 {
        (0..3).map(|n| self.per_step[n] * site[n] as f64).sum()
    }
}

impl Normal {
    /// From the background at sites (`NaN` where it is not known), on the lattice over `image`.
    pub(crate) fn new(background: &Volume<f32>, image: &Grid) -> Self {
        let upright = Upright::new(image, background.grid());
        let layers = Layers::new(background, &upright);
        let (slope, offset, middle) = layers.line();
        let [low, high] = POSSIBLE;
        let straight = par::map_voxels(background.grid(), |site| {
            ((offset + slope * upright.height(site)) as f32).clamp(low, high)
        });
        // Gravity pulls to where the lung is denser.
        let back = if slope < 0.0 { !upright.axis.1 } else { upright.axis.1 };
        let depth = dependent_depth(background, (upright.axis.0, back));
        let weight = weights(background, &straight, &depth);
        let hu = par::zip(&straight, &depth, |hu, depth| {
            match weight.get((f64::from(*depth) / FINE) as usize) {
                Some(weight) => hu + weight,
                None => *hu,
            }
        });
        Self { hu, middle: middle as f32 }
    }
}

/// The normal density of layers of height.
struct Layers {
    /// Height, density and number of sites of each.
    points: Vec<[f64; 3]>,
}

impl Layers {
    fn new(background: &Volume<f32>, upright: &Upright) -> Self {
        let [_, rows, columns] = background.grid().shape();
        let mut layers: std::collections::BTreeMap<i64, Vec<f32>> =
            std::collections::BTreeMap::new();
        for (n, hu) in
            background.as_slice().iter().enumerate().filter(|(_, hu)| **hu >= POSSIBLE[0])
        {
            let site = [n / columns / rows, n / columns % rows, n % columns];
            let layer = (upright.height(site) / LAYER).floor() as i64;
            layers.entry(layer).or_default().push(*hu);
        }
        let points = layers.into_iter().filter(|(_, hu)| hu.len() >= ENOUGH);
        let points = points.map(|(layer, mut hu)| {
            let count = hu.len() as f64;
            [(layer as f64 + 0.5) * LAYER, f64::from(quantile(&mut hu, QUANTILE)), count]
        });
        Self { points: points.collect() }
    }

    /// Slope, offset and density half-way of the line through the layers: the median of all slopes
    /// between two of them, and the median of what is left[^theil].
    ///
    /// [^theil]: Theil (1950), A rank-invariant method of linear and polynomial regression
    ///     analysis (not checked).
    fn line(&self) -> (f64, f64, f64) {
        let mut slopes = Vec::new();
        for (n, a) in self.points.iter().enumerate() {
            slopes.extend(self.points[..n].iter().map(|b| (a[1] - b[1]) / (a[0] - b[0])));
        }
        let slope = middle(&mut slopes, 0.0).clamp(-STEEPEST, STEEPEST);
        let mut rest: Vec<f64> = self.points.iter().map(|p| p[1] - slope * p[0]).collect();
        let otherwise = f64::from(POSSIBLE[0] + POSSIBLE[1]) / 2.0;
        let offset = middle(&mut rest, otherwise);
        let heights = self.points.iter().map(|p| p[0]);
        let half_way = heights.sum::<f64>() / self.points.len().max(1) as f64;
        (slope, offset, offset + slope * half_way)
    }
}

/// The median, or something else of nothing.
fn middle(values: &mut [f64], otherwise: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(otherwise)
}

/// A quantile of values of which there are some.
fn quantile(values: &mut [f32], share: f64) -> f32 {
    let place = ((values.len() - 1) as f64 * share) as usize;
    *values.select_nth_unstable_by(place, f32::total_cmp).1
}

/// How far a site lies above the lowest site of its column that is lung, in mm; far where none is.
fn dependent_depth(background: &Volume<f32>, (axis, back): (usize, bool)) -> Volume<f32> {
    let shape = background.grid().shape();
    let step = background.grid().spacing()[axis] as f32;
    let lowest = |column: [usize; 3]| {
        let known = |n: &usize| {
            let mut site = column;
            site[axis] = *n;
            !background.at(site).is_nan()
        };
        let mut all = 0..shape[axis];
        if back { all.rfind(known) } else { all.find(known) }
    };
    let mut flat = shape;
    flat[axis] = 1;
    let strides = [flat[1] * flat[2], flat[2], 1];
    let columns = par::collect(flat.iter().product(), |n| {
        lowest([n / strides[0], n / strides[1] % flat[1], n % flat[2]])
    });
    par::map_voxels(background.grid(), |site| {
        let mut column = site;
        column[axis] = 0;
        let n: usize = (0..3).map(|n| column[n] * strides[n]).sum();
        columns[n].map_or(f32::INFINITY, |lowest| site[axis].abs_diff(lowest) as f32 * step)
    })
}

/// HU that weight adds in each layer beneath the dependent pleura; it never grows with the depth.
fn weights(background: &Volume<f32>, straight: &Volume<f32>, depth: &Volume<f32>) -> Vec<f32> {
    let count = (DEPENDENT / FINE) as usize;
    let mut layers = vec![Vec::new(); count];
    let sites = background.as_slice().iter().zip(straight.as_slice()).zip(depth.as_slice());
    for ((hu, straight), depth) in sites.filter(|((hu, _), _)| !hu.is_nan()) {
        if let Some(layer) = layers.get_mut((f64::from(*depth) / FINE) as usize) {
            layer.push(hu - straight);
        }
    }
    let mut most = HEAVIEST;
    layers
        .into_iter()
        .map(|mut excess| {
            let common = if excess.is_empty() { 0.0 } else { quantile(&mut excess, COMMON) };
            most = common.clamp(0.0, most);
            most
        })
        .collect()
}
