//! Slices to a regular grid, from their positions alone.

use std::ops::Range;

use hilum_core::{Grid, Quality};
use nalgebra::{Matrix3, Point3, Vector3};

use crate::slice::{Plane, Slice};
use crate::spacing::{self, ROUNDING, Source, Spacing};
use crate::{Error, Uneven};

/// Positions nearer than this are the same place, in mm.
pub(crate) const SAME_PLACE: f64 = 0.005;

/// A slice may lie beside the stack by this share of a pixel.
const SIDEWAYS: f64 = 0.5;

/// Tilts below this angle (0.06°) are the last digit of a position.
const TILT: f64 = 1e-3;

/// Slices in order, places taken several times together, and the grid of the places.
pub(crate) struct Stack {
    pub(crate) slices: Vec<Slice>,
    /// For each place, the slices that lie there.
    pub(crate) places: Vec<Range<usize>>,
    pub(crate) grid: Grid,
    /// What each `k` is made of, where that is not the place of the same number.
    pub(crate) sources: Option<Vec<Source>>,
    pub(crate) quality: Vec<Quality>,
}

/// Sorts slices along their normal and lays a grid through their positions.
///
/// `unreadable` files are mentioned where slices are missing.
///
/// # Errors
///
/// [`Error::MissingSlices`], [`Error::UnevenSlices`], [`Error::WideGap`],
/// [`Error::CrookedStack`], [`Error::Geometry`], or [`Error::NotCt`] for slices without place or
/// at one single place.
pub(crate) fn stack(slices: &[Slice], unreadable: usize, uneven: Uneven) -> Result<Stack, Error> {
    let Sorted { slices, planes, normal } = sorted(slices)?;
    let places = places(&planes, &normal);
    if places.len() < 2 {
        return Err(not_ct("all images lie at one place, wanted a stack"));
    }
    let positions: Vec<Point3<f64>> =
        places.iter().map(|place| planes[place.start].position).collect();
    let first = planes[0];
    let heights: Vec<f64> = positions.iter().map(|p| (p - positions[0]).dot(&normal)).collect();
    let Spacing { planes, along, sources, mut quality } =
        spacing::spacing(&heights, uneven, unreadable)?;
    let step = (positions[positions.len() - 1] - positions[0]) / (planes - 1) as f64;
    quality.extend(straight(&positions, &along, &first, step)?);
    quality.extend(tilted(&first, step));
    let shape = [planes, slices[0].header.format.rows, slices[0].header.format.columns];
    let [rows, columns] = first.spacing;
    let axes = Matrix3::from_columns(&[step, first.down_column * rows, first.along_row * columns]);
    let grid = Grid::new(shape, positions[0], axes).map_err(Error::Geometry)?;
    Ok(Stack { slices, places, grid, sources, quality })
}

fn not_ct(reason: &str) -> Error {
    Error::NotCt { series: "of the folder".into(), reasons: vec![reason.to_owned()] }
}

/// Slices and their planes from one end to the other.
struct Sorted {
    slices: Vec<Slice>,
    planes: Vec<Plane>,
    /// Along which they were sorted.
    normal: Vector3<f64>,
}

fn sorted(slices: &[Slice]) -> Result<Sorted, Error> {
    let planes: Option<Vec<Plane>> = slices.iter().map(|slice| slice.plane).collect();
    let planes = planes.filter(|planes| !planes.is_empty());
    let planes = planes.ok_or_else(|| not_ct("images without a place in the patient"))?;
    let normal = planes[0].normal();
    let mut order: Vec<usize> = (0..slices.len()).collect();
    order.sort_by(|a, b| {
        let height = |n: usize| (planes[n].position - planes[0].position).dot(&normal);
        let place = |n: usize| (slices[n].header.file.number, slices[n].frame);
        height(*a).total_cmp(&height(*b)).then_with(|| place(*a).cmp(&place(*b)))
    });
    Ok(Sorted {
        slices: order.iter().map(|n| slices[*n].clone()).collect(),
        planes: order.iter().map(|n| planes[*n]).collect(),
        normal,
    })
}

/// Runs of slices at the same height.
fn places(planes: &[Plane], normal: &Vector3<f64>) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for (n, plane) in planes.iter().enumerate() {
        match places.last_mut() {
            Some(place)
                if (plane.position - planes[place.start].position).dot(normal) < SAME_PLACE =>
            {
                place.end = n + 1;
            }
            _ => places.push(n..n + 1),
        }
    }
    places
}

/// Places of slices along their normal in mm, rising, each once; `None` for slices without place.
pub(crate) fn heights<'a>(slices: impl IntoIterator<Item = &'a Slice>) -> Option<Vec<f64>> {
    let planes: Vec<Plane> = slices.into_iter().map(|slice| slice.plane).collect::<Option<_>>()?;
    let first = *planes.first()?;
    let mut heights: Vec<f64> = planes.iter().map(|plane| first.height(plane)).collect();
    heights.sort_by(f64::total_cmp);
    heights.dedup_by(|next, place| *next - *place < SAME_PLACE);
    Some(heights)
}

/// Checks the places across the normal: they may drift along a line, but not leave it.
fn straight(
    positions: &[Point3<f64>],
    along: &[f64],
    plane: &Plane,
    step: Vector3<f64>,
) -> Result<Option<Quality>, Error> {
    let normal = plane.normal();
    let pixel = plane.spacing[0].min(plane.spacing[1]);
    let sideways = |(k, position): (usize, &Point3<f64>)| {
        let off = position - positions[0] - step * along[k];
        (k, (off - normal * off.dot(&normal)).norm())
    };
    let farther = |a: (usize, f64), b: (usize, f64)| if b.1 > a.1 { b } else { a };
    let (k, found) = positions.iter().enumerate().map(sideways).fold((0, 0.0), farther);
    if found > SIDEWAYS * pixel {
        return Err(Error::CrookedStack { slice: k + 1, found, wanted: SIDEWAYS * pixel });
    }
    let worth = found > ROUNDING * pixel + 0.01;
    Ok(worth.then(|| {
        Quality::warning(
            "slice_alignment",
            format!("slice {} lies {found:.2} mm beside the stack; not corrected", k + 1),
        )
    }))
}

fn tilted(plane: &Plane, step: Vector3<f64>) -> Option<Quality> {
    let angle = plane.normal().angle(&step);
    (angle > TILT).then(|| {
        Quality::info(
            "gantry_tilt",
            format!(
                "slices are sheared by {:.2}° (gantry tilt); the grid carries this exactly",
                angle.to_degrees()
            ),
        )
    })
}
