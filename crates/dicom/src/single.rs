//! One slice as a CT.

use hilum_core::{Grid, Quality};
use nalgebra::Matrix3;

use crate::eligible::SINGLE;
use crate::frame::{self, Opened};
use crate::load::{loaded, read, require_room};
use crate::series::Series;
use crate::slice::Slice;
use crate::{Error, Loaded, Scan, choose};

/// The one series of a scan that is a single slice of a CT; `wanted` asks for one by number or UID as
/// [`choose`](crate::choose) does.
///
/// # Errors
///
/// [`Error::NoCt`] if there is none, [`Error::SeveralSeries`] if there are several,
/// [`Error::NoSuchSeries`] or [`Error::NotCt`] for what was asked for.
pub fn choose_slice<'a>(scan: &'a Scan, wanted: Option<&str>) -> Result<&'a Series, Error> {
    let is_slice = |series: &&Series| series.why_not_slice().is_empty();
    if let Some(wanted) = wanted {
        return choose::named(scan, wanted.trim(), &|series| is_slice(&series));
    }
    let slices: Vec<&Series> = scan.series().iter().filter(is_slice).collect();
    match &slices[..] {
        [one] => Ok(one),
        [] => Err(Error::NoCt { found: choose::found(scan) }),
        several => Err(Error::SeveralSeries { series: choose::labels(several) }),
    }
}

impl Series {
    /// Why this is not a single slice of a CT; empty if it may be one.
    pub fn why_not_slice(&self) -> Vec<String> {
        let other = self.why_not_ct().iter().filter(|reason| *reason != SINGLE);
        let mut reasons: Vec<String> = other.cloned().collect();
        if self.slices.len() > 1 {
            reasons.push(format!("{} slices, wanted a single one", self.slices.len()));
        } else if thickness(&self.slices[0]).is_none() {
            reasons.push("a slice of unknown thickness, wanted that".into());
        }
        reasons
    }

    /// Reads and decodes a single slice into a CT of one plane, as deep as the slice is thick.
    ///
    /// Cost: `O(pixels)`.
    ///
    /// # Errors
    ///
    /// [`Error::NotCt`] if [`Series::why_not_slice`] has reasons, else as [`Series::load`].
    pub fn load_slice(&self) -> Result<Loaded, Error> {
        let (reasons, slice) = (self.why_not_slice(), &self.slices[0]);
        let series = format!("[{}]", self.summary.number);
        let Some(grid) = plane_grid(slice).filter(|_| reasons.is_empty()) else {
            return Err(Error::NotCt { series, reasons });
        };
        let grid = grid.map_err(Error::Geometry)?;
        frame::require_readable(slice)?;
        require_room(&grid)?;
        let opened = Opened::new(&self.slices)?;
        let row = Quality::warning(
            "single_slice",
            format!(
                "a single slice of {:.2} mm, wanted a stack: volumes are of this slice alone",
                grid.spacing()[0]
            ),
        );
        loaded(&opened, &[slice], vec![row], |padding| {
            Ok(read(&opened, &grid, &[slice], &|_, _| {})?.with_padding(padding))
        })
    }
}

fn thickness(slice: &Slice) -> Option<f64> {
    slice.header.acquisition.slice_thickness_mm.filter(|mm| mm.is_finite() && *mm > 0.0)
}

/// The grid of one plane; `None` without a place or a thickness.
fn plane_grid(slice: &Slice) -> Option<Result<Grid, hilum_core::Error>> {
    let (plane, depth) = (slice.plane?, thickness(slice)?);
    let [rows, columns] = plane.spacing;
    let axes = Matrix3::from_columns(&[
        plane.normal() * depth,
        plane.down_column * rows,
        plane.along_row * columns,
    ]);
    let shape = [1, slice.header.format.rows, slice.header.format.columns];
    Some(Grid::new(shape, plane.position, axes))
}
