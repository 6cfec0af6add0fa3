//! The scanner's zero point, read off the air in the trachea.

use hilum_core::{Ct, Grid, Mask, Measurement, Quality, Site, Unit};
use hilum_kernel::{erode, par};

use crate::{Error, Histogram, concept};

/// Distance from the wall (mm) at which partial volume and blur have faded.
const FROM_WALL: f64 = 3.0;
/// Fewer voxels than this make no mean.
const FEWEST: u64 = 100;
/// Distances of the mean from -1000 HU that deserve a note, and a warning: hilum's own limits.
const NOTED: f64 = 20.0;
const WARNED: f64 = 40.0;

/// Mean attenuation of the air in the trachea and main bronchi, in HU, with its deviation.
///
/// Voxels of `lumen` count that lie more than 3 mm inside of it. Ideal air is -1000 HU; scanners
/// differ by tens, and by so much do low percentiles of the lung. It is reported, not corrected for.
/// On a tilted grid the distance is taken along the steps of the voxels.
///
/// Cost: `O(n)` for the `n` voxels in the box around the lumen.
///
/// # Errors
///
/// [`Error::Grid`] if the mask lies on another grid than the image.
pub fn trachea_air(ct: &Ct, lumen: &Mask) -> Result<(Vec<Measurement>, Vec<Quality>), Error> {
    ct.require_same(lumen.grid(), "the mask of the trachea")?;
    let inner = inner(lumen);
    let histogram = values(ct, &inner);
    let (Some(mean), Some(sd)) = (histogram.mean(), histogram.sd()) else {
        return Ok((Vec::new(), vec![too_few(0)]));
    };
    if histogram.total() < FEWEST {
        return Ok((Vec::new(), vec![too_few(histogram.total())]));
    }
    let measurement = |key, value, concept, what| {
        let definition = format!(
            "{what} of voxels more than {FROM_WALL} mm inside the lumen of trachea and main bronchi"
        );
        Measurement::plain(key, Site::Trachea, value, Unit::Hounsfield, concept, definition)
    };
    let measurements = vec![
        measurement("trachea_air_hu", mean, concept::TRACHEA, "mean"),
        measurement("trachea_air_sd_hu", sd, concept::TRACHEA_SD, "standard deviation"),
    ];
    Ok((measurements, offset(mean).into_iter().collect()))
}

fn offset(mean: f64) -> Option<Quality> {
    let off = (mean + 1000.0).abs();
    let message = format!(
        "air in the trachea reads {mean:.0} HU, wanted -1000 HU ± {NOTED}: low densities of the lung are shifted likewise; they are not corrected"
    );
    if off > WARNED {
        Some(Quality::warning("trachea_air", message))
    } else {
        (off > NOTED).then(|| Quality::info("trachea_air", message))
    }
}

fn too_few(found: u64) -> Quality {
    let message = format!(
        "{found} measured voxels more than {FROM_WALL} mm inside the trachea, wanted at least {FEWEST}"
    );
    Quality::refused("trachea_air", message)
}

/// The lumen without its rim. The kernel wants perpendicular steps, so the voxels are laid on a
/// grid of the same spacing that has them.
fn inner(lumen: &Mask) -> Mask {
    let upright = Grid::axial(lumen.grid().shape(), lumen.grid().spacing())
        .expect("the spacing of a sound grid is sound");
    let mask = Mask::from_vec(upright, lumen.as_slice().to_vec()).expect("the shape is the same");
    erode(&mask, FROM_WALL)
}

fn values(ct: &Ct, mask: &Mask) -> Histogram {
    let [slices, rows, columns] = ct.grid().shape();
    let area = rows * columns;
    let value = |n: usize| match ct.exact() {
        Some(exact) => exact.as_slice()[n],
        None => f32::from(ct.hu().as_slice()[n]),
    };
    let inside = |n: &usize| mask.as_slice()[*n] && ct.is_measured(ct.hu().as_slice()[*n]);
    let values = par::collect(slices, |k| -> Vec<f32> {
        (k * area..(k + 1) * area).filter(inside).map(value).filter(|v| v.is_finite()).collect()
    });
    Histogram::new(values.into_iter().flatten())
}
