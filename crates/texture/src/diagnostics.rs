//! Diagnostic features: what each step of the processing leaves of image and region.

use crate::roi::bounds;
use crate::{Error, Processing, Roi};

/// Tags of the published tables with their values, for the initial, the interpolated and the
/// re-segmented image and region, before any filter. What an empty mask does not have is left out.
///
/// # Errors
///
/// As [`Processing::apply`].
pub fn diagnostics(roi: &Roi, processing: &Processing) -> Result<Vec<(String, f64)>, Error> {
    let only_resampled =
        Processing { range: None, outliers: None, filter: None, ..processing.clone() };
    let resampled = only_resampled.apply(roi)?;
    let finished = Processing { filter: None, ..processing.clone() }.apply(roi)?;
    let mut found = Vec::new();
    image(roi, "init_img", &mut found);
    image(&resampled, "interp_img", &mut found);
    region(roi, "init_roi", &mut found);
    region(&resampled, "interp_roi", &mut found);
    region(&finished, "reseg_roi", &mut found);
    Ok(found)
}

fn image(roi: &Roi, step: &str, found: &mut Vec<(String, f64)>) {
    let (shape, spacing) = (roi.image().grid().shape(), roi.image().grid().spacing());
    for (n, axis) in ["z", "y", "x"].into_iter().enumerate() {
        found.push((format!("img_dim_{axis}_{step}"), shape[n] as f64));
        found.push((format!("vox_dim_{axis}_{step}"), spacing[n]));
    }
    let values: Vec<f64> = roi.image().as_slice().iter().map(|value| f64::from(*value)).collect();
    extremes(&values, "", step, found);
}

fn region(roi: &Roi, step: &str, found: &mut Vec<(String, f64)>) {
    for (mask, name) in [(roi.intensity(), "int"), (roi.morphological(), "morph")] {
        let shape = mask.grid().shape();
        for (n, axis) in ["z", "y", "x"].into_iter().enumerate() {
            found.push((format!("{name}_mask_dim_{axis}_{step}"), shape[n] as f64));
            if let Some(bounds) = bounds(mask) {
                let length = (bounds[n][1] - bounds[n][0]) as f64;
                found.push((format!("{name}_mask_bb_dim_{axis}_{step}"), length));
            }
        }
        found.push((format!("{name}_mask_vox_count_{step}"), mask.count() as f64));
    }
    extremes(&roi.intensities(), "int_mask_", step, found);
}

fn extremes(values: &[f64], what: &str, step: &str, found: &mut Vec<(String, f64)>) {
    if values.is_empty() {
        return;
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    for (name, value) in [("mean", mean), ("min", low), ("max", high)] {
        found.push((format!("{what}{name}_int_{step}"), value));
    }
}
