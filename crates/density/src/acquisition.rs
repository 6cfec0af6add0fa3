//! What the making of a CT means for its densities.

use hilum_core::{Acquisition, Grid, Quality, Sharpness};

use crate::{Bound, Histogram};

/// Slices up to this thickness (mm) are thin, as protocols for lung density ask for.
const THIN: f64 = 1.5;
/// Tube voltage for which thresholds are published.
const USUAL_KVP: f64 = 120.0;
/// Angle (rad) from which a gantry counts as tilted: a tenth of a degree.
const TILTED: f64 = 0.1 * std::f64::consts::PI / 180.0;

/// Says what bears on lung density in the way a CT was made: slice thickness, gaps, overlap and
/// tilt, kernel, tube voltage, contrast, iterative reconstruction. What the file does not say is
/// named as unknown.
///
/// Codes: `slice_thickness`, `slice_gap`, `slice_overlap`, `gantry_tilt`, `kernel`, `tube_voltage`,
/// `contrast`, `iterative_reconstruction`, `acquisition_unknown`. O(1).
pub fn check_acquisition(grid: &Grid, acquisition: &Acquisition) -> Vec<Quality> {
    let mut unknown = Vec::new();
    let mut rows: Vec<Quality> = [
        thickness(grid, acquisition),
        spacing(grid, acquisition),
        tilt(grid),
        kernel(acquisition),
        voltage(acquisition),
        contrast(acquisition),
        iterative(acquisition),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut ask = |is_known: bool, name| {
        if !is_known {
            unknown.push(name);
        }
    };
    ask(acquisition.slice_thickness_mm.is_some(), "slice thickness");
    ask(acquisition.kernel.is_some(), "reconstruction kernel");
    ask(acquisition.kvp.is_some(), "tube voltage");
    ask(acquisition.contrast.is_some(), "contrast agent");
    ask(acquisition.manufacturer.is_some(), "maker of the scanner");
    if !unknown.is_empty() {
        let message = format!("the file does not say: {}", unknown.join(", "));
        rows.push(Quality::info("acquisition_unknown", message));
    }
    rows
}

/// What the values in both lungs tell by themselves: breath, and numbers cut off below.
///
/// Codes: `inspiration`, `truncated_hu`, `contrast_in_image`, `fractional_hu`.
pub(crate) fn check_values(both_lungs: &Histogram, volume_ml: f64) -> Vec<Quality> {
    let mut rows = Vec::new();
    rows.extend(both_lungs.mean().and_then(|mean| inspiration(mean, volume_ml)));
    rows.extend(truncation(both_lungs));
    rows.extend(enhancement(both_lungs));
    if !both_lungs.is_whole() {
        let message = "Hounsfield units have fractions; thresholds and percentiles are taken on the very values, a mode is not given";
        rows.push(Quality::info("fractional_hu", message));
    }
    rows
}

/// Distance between slices along their normal: on a tilted grid less than the length of the step.
fn slice_distance(grid: &Grid) -> f64 {
    let [row, column] = [1, 2].map(|axis| grid.axes().column(axis));
    grid.voxel_volume() / row.cross(&column).norm()
}

fn thickness(grid: &Grid, acquisition: &Acquisition) -> Option<Quality> {
    let (found, what) = match acquisition.slice_thickness_mm {
        Some(thickness) => (thickness, "slices are"),
        None => (slice_distance(grid), "thickness is not stated, slices are apart by"),
    };
    let message = format!(
        "{what} {found:.2} mm, wanted at most {THIN} mm: low-attenuation areas shrink with thickness and do not compare with thin slices"
    );
    (found > THIN + 1e-3).then(|| Quality::warning("slice_thickness", message))
}

fn spacing(grid: &Grid, acquisition: &Acquisition) -> Option<Quality> {
    let thickness = acquisition.slice_thickness_mm.filter(|thickness| *thickness > 0.0)?;
    let distance = slice_distance(grid);
    if distance > 1.05 * thickness {
        let message = format!(
            "slices of {thickness:.2} mm lie {distance:.2} mm apart, wanted no gap: what lies between is not seen"
        );
        Some(Quality::warning("slice_gap", message))
    } else if distance < 0.95 * thickness {
        let message =
            format!("slices of {thickness:.2} mm lie {distance:.2} mm apart: they overlap");
        Some(Quality::info("slice_overlap", message))
    } else {
        None
    }
}

fn tilt(grid: &Grid) -> Option<Quality> {
    let degrees = grid.shear().to_degrees();
    (grid.shear() > TILTED).then(|| {
        let message = format!(
            "slices are sheared by {degrees:.1}° (tilted gantry), wanted 0°: volumes are exact, distances in 3-D clusters are those of the voxels"
        );
        Quality::info("gantry_tilt", message)
    })
}

fn kernel(acquisition: &Acquisition) -> Option<Quality> {
    let name = acquisition.kernel.as_deref()?;
    match acquisition.sharpness() {
        Sharpness::Sharp => Some(Quality::warning(
            "kernel",
            format!(
                "kernel `{name}` is sharp, wanted a soft or standard one: its noise raises low-attenuation areas (by several points) and lowers percentiles"
            ),
        )),
        Sharpness::Medium => Some(Quality::info(
            "kernel",
            format!(
                "kernel `{name}` is between standard and sharp, wanted a soft or standard one: low-attenuation areas read somewhat high"
            ),
        )),
        Sharpness::Unknown => Some(Quality::info(
            "kernel",
            format!("kernel `{name}` is not known here, wanted a soft or standard one"),
        )),
        Sharpness::Soft => None,
    }
}

fn voltage(acquisition: &Acquisition) -> Option<Quality> {
    let kvp = acquisition.kvp?;
    ((kvp - USUAL_KVP).abs() > 0.5).then(|| {
        let message = format!(
            "tube voltage is {kvp} kV, wanted {USUAL_KVP} kV, for which thresholds are published"
        );
        Quality::warning("tube_voltage", message)
    })
}

fn contrast(acquisition: &Acquisition) -> Option<Quality> {
    let agent = acquisition.contrast_agent()?;
    let message = format!(
        "contrast agent `{agent}` was given, wanted none: the lung reads denser, low-attenuation areas smaller"
    );
    Some(Quality::warning("contrast", message))
}

fn iterative(acquisition: &Acquisition) -> Option<Quality> {
    let name = acquisition.iterative.as_deref()?;
    let message = format!(
        "reconstruction is iterative or learned (`{name}`), wanted filtered back-projection: less noise lowers low-attenuation areas"
    );
    Some(Quality::info("iterative_reconstruction", message))
}

/// Lungs this dense on average (HU) are hardly full of air.
const DENSE: f64 = -750.0;
/// Adult lungs below this volume (mL) are hardly full.
const SMALL: f64 = 2500.0;

/// Limits are hilum's own, wide of published means at full inspiration (-850 HU, 4.5 to 6 L).
fn inspiration(mean: f64, volume: f64) -> Option<Quality> {
    if mean <= DENSE && volume >= SMALL {
        return None;
    }
    let message = format!(
        "lungs of {volume:.0} mL have a mean of {mean:.0} HU, full inspiration in adults gives more than {SMALL} mL and less than {DENSE} HU: breath may be shallow or expired, or the lung dense; low-attenuation areas depend on it"
    );
    Some(Quality::warning("inspiration", message))
}

/// Blood without contrast reads 30 to 60 HU, with noise hardly ever more than this.
const BLOOD: f64 = 150.0;
/// Share of what is denser than water that lies above [`BLOOD`] in an enhanced scan: hilum's own
/// limit. One enhanced public CT has 0.51, three without contrast at most 0.012.
const ENHANCED: f64 = 0.2;
/// Fewer dense voxels than this tell nothing: calcified nodules, ribs at the edge.
const DENSE_ENOUGH: u64 = 200;

/// Contrast that the file may not mention shows in the vessels of the lungs.
fn enhancement(histogram: &Histogram) -> Option<Quality> {
    let [dense, bright] = [0.0, BLOOD].map(|hu| histogram.above(hu, Bound::Strict));
    let share = bright as f64 / dense.max(1) as f64;
    (dense >= DENSE_ENOUGH && share > ENHANCED).then(|| {
        let message = format!(
            "{:.0} % of what is denser than water in the lungs lies above {BLOOD} HU, without contrast hardly any does: the scan looks contrast-enhanced; contrast makes the lung denser and low-attenuation areas smaller",
            100.0 * share
        );
        Quality::warning("contrast_in_image", message)
    })
}

/// Share of the lung on its least value from which that value looks like a wall.
const PILE: f64 = 0.001;

fn truncation(histogram: &Histogram) -> Option<Quality> {
    let mut pairs = histogram.iter();
    let ((least, count), (_, next)) = (pairs.next()?, pairs.next()?);
    let share = count as f64 / histogram.total() as f64;
    (share > PILE && count > 5 * next && least < -950.0).then(|| {
        let message = format!(
            "{:.2} % of lung voxels lie on {least} HU, the least value, and {next} voxels on the next: values below seem cut off, mean and low percentiles read high",
            100.0 * share
        );
        Quality::warning("truncated_hu", message)
    })
}
