//! The grid on which a network sees the patient.

use hilum_core::Grid;
use nalgebra::{Matrix3, Point3, Vector3};

use crate::{Description, Error, Fit};

/// An upright grid over the whole image: slices from feet to head, rows from front to back, columns
/// from right to left.
///
/// Where the CT itself lies so and keeps its spacing, its own grid is taken.
///
/// # Errors
///
/// [`Error::Grid`] if that takes more than [`MOST`] voxels.
pub(crate) fn frame(ct: &Grid, description: &Description) -> Result<Grid, Error> {
    if is_upright(ct) && description.spacing.is_none() && description.fit == Fit::Tile {
        return Ok(ct.clone());
    }
    let [low, high] = extent(ct);
    let size = [high.z - low.z, high.y - low.y, high.x - low.x];
    let own = ct.spacing();
    let [x, y, z] = ct.nearest_axes().map(|(axis, _)| own[axis]);
    let wanted = description.spacing.unwrap_or([z, y, x]);
    let mut shape = [0, 1, 2].map(|n| (size[n] / wanted[n]).round().max(1.0));
    if description.fit == Fit::Stretch {
        shape = [shape[0], description.patch[1] as f64, description.patch[2] as f64];
    }
    if shape.iter().product::<f64>() > MOST {
        return Err(Error::Grid { size, spacing: wanted, most: MOST });
    }
    let [dk, dj, di] = [0, 1, 2].map(|n| size[n] / shape[n]);
    let first = low + Vector3::new(di, dj, dk) / 2.0;
    Ok(Grid::new(shape.map(|n| n as usize), first, upright([dk, dj, di]))
        .expect("an image has an extent along each axis"))
}

/// More voxels are no CT: a slip in `spacing`. Their numbers take 4 GiB.
const MOST: f64 = (1 << 30) as f64;

/// The lowest and the highest point of all voxels.
fn extent(grid: &Grid) -> [Point3<f64>; 2] {
    let shape = grid.shape();
    let corners: [Point3<f64>; 8] = std::array::from_fn(|corner| {
        grid.point(
            [0, 1, 2].map(|n| if corner >> n & 1 == 1 { shape[n] as f64 } else { 0.0 } - 0.5),
        )
    });
    let low = corners.iter().fold(corners[0], |low, corner| low.inf(corner));
    let high = corners.iter().fold(corners[0], |high, corner| high.sup(corner));
    [low, high]
}

/// Axes along those of the patient, in the order and direction of a network's input.
fn is_upright(grid: &Grid) -> bool {
    (grid.axes() - upright(grid.spacing())).abs().max() < 1e-9
}

fn upright([dk, dj, di]: [f64; 3]) -> Matrix3<f64> {
    Matrix3::new(0.0, 0.0, di, 0.0, dj, 0.0, dk, 0.0, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(more: &str) -> Description {
        Description::read(&format!(
            r#"{{"schema": "hilum.network/1", "name": "n", "produces": "lungs",
                "patch": [1, 40, 50], "clip": [-1024, 600], "subtract": 0, "divide": 1,
                "labels": {{"1": "both_lungs"}}{more}}}"#
        ))
        .unwrap()
    }

    /// Slices from head to feet, rows from left to right, columns from back to front.
    fn turned() -> Grid {
        let steps = Matrix3::new(0.0, -2.0, 0.0, 0.0, 0.0, -1.5, -3.0, 0.0, 0.0);
        Grid::new([7, 11, 13], Point3::new(30.0, -20.0, 5.0), steps).unwrap()
    }

    #[test]
    fn a_frame_covers_the_same_space_upright() {
        for (more, shape, spacing) in [
            ("", [7, 13, 11], [3.0, 1.5, 2.0]),
            (r#", "spacing": [2.1, 3, 2.2]"#, [10, 7, 10], [2.1, 19.5 / 7.0, 2.2]),
            (r#", "fit": "stretch""#, [7, 40, 50], [3.0, 19.5 / 40.0, 22.0 / 50.0]),
        ] {
            let grid = frame(&turned(), &described(more)).unwrap();
            assert_eq!(grid.shape(), shape);
            assert!(is_upright(&grid));
            for (found, wanted) in grid.spacing().iter().zip(spacing) {
                assert!((found - wanted).abs() < 1e-12, "{found} mm, wanted {wanted}");
            }
            for (found, wanted) in extent(&grid).iter().zip(extent(&turned())) {
                assert!((found - wanted).norm() < 1e-9, "{found}, wanted {wanted}");
            }
        }
    }

    #[test]
    fn an_upright_ct_keeps_its_grid_and_a_spacing_of_its_own_gives_it_again() {
        let own = Grid::axial([7, 11, 13], [3.0, 2.0, 1.5]).unwrap();
        assert_eq!(frame(&own, &described("")).unwrap(), own);
        let again = frame(&own, &described(r#", "spacing": [3, 2, 1.5]"#)).unwrap();
        assert!(own.require_same(&again, "frame").is_ok());
    }

    #[test]
    fn a_spacing_far_too_fine_is_refused() {
        let wide = Grid::axial([100, 100, 100], [5.0, 5.0, 5.0]).unwrap();
        let error = frame(&wide, &described(r#", "spacing": [0.1, 0.1, 0.1]"#)).unwrap_err();
        assert!(matches!(error, Error::Grid { .. }), "{error}");
    }
}
