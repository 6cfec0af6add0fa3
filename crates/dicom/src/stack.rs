//! Slices to a regular grid, from their positions alone.

use std::ops::Range;

use hilum_core::{Grid, Quality};
use nalgebra::{Matrix3, Point3, Vector3};

use crate::Error;
use crate::group::SAME_PLACE;
use crate::slice::{Plane, Slice};

/// A slice may lie off its place on the regular grid by this share of the step: what rounding to
/// few digits and tables that do not move evenly do.
const JITTER: f64 = 0.1;

/// Below this share of the step, plus a hundredth of a millimetre, it is rounding and not worth
/// a word.
const ROUNDING: f64 = 0.01;

/// A slice may lie beside the stack by this share of a pixel.
const SIDEWAYS: f64 = 0.5;

/// Tilts below this angle (0.06°) are the last digit of a position.
const TILT: f64 = 1e-3;

/// Slices in order, places taken several times together, and the grid of the places.
pub(crate) struct Stack {
    pub(crate) slices: Vec<Slice>,
    /// For each `k`, the slices that lie there.
    pub(crate) places: Vec<Range<usize>>,
    pub(crate) grid: Grid,
    pub(crate) quality: Vec<Quality>,
}

/// Sorts slices along their normal and lays a grid through their positions.
///
/// `unreadable` files are mentioned where slices are missing.
///
/// # Errors
///
/// [`Error::MissingSlices`], [`Error::UnevenSlices`], [`Error::CrookedStack`],
/// [`Error::Geometry`], or [`Error::NotCt`] for slices without place or at one single place.
pub(crate) fn stack(slices: &[Slice], unreadable: usize) -> Result<Stack, Error> {
    let (slices, planes) = sorted(slices)?;
    let places = places(&planes);
    if places.len() < 2 {
        return Err(not_ct("all images lie at one place, wanted a stack"));
    }
    let positions: Vec<Point3<f64>> =
        places.iter().map(|place| planes[place.start].position).collect();
    let first = planes[0];
    let step = (positions[positions.len() - 1] - positions[0]) / (positions.len() - 1) as f64;
    let mut quality = Vec::new();
    quality.extend(even(&positions, &first, step, unreadable)?);
    quality.extend(straight(&positions, &first, step)?);
    quality.extend(tilted(&first, step));
    let shape = [places.len(), slices[0].header.format.rows, slices[0].header.format.columns];
    let [rows, columns] = first.spacing;
    let axes = Matrix3::from_columns(&[step, first.down_column * rows, first.along_row * columns]);
    let grid = Grid::new(shape, positions[0], axes).map_err(Error::Geometry)?;
    Ok(Stack { slices, places, grid, quality })
}

fn not_ct(reason: &str) -> Error {
    Error::NotCt { series: "of the folder".into(), reasons: vec![reason.to_owned()] }
}

fn sorted(slices: &[Slice]) -> Result<(Vec<Slice>, Vec<Plane>), Error> {
    let planes: Option<Vec<Plane>> = slices.iter().map(|slice| slice.plane).collect();
    let planes = planes.filter(|planes| !planes.is_empty());
    let planes = planes.ok_or_else(|| not_ct("images without a place in the patient"))?;
    let normal = planes[0].normal();
    let mut order: Vec<usize> = (0..slices.len()).collect();
    order.sort_by(|a, b| {
        let height = |n: usize| planes[n].position.coords.dot(&normal);
        let place = |n: usize| (slices[n].header.file.number, slices[n].frame);
        height(*a).total_cmp(&height(*b)).then_with(|| place(*a).cmp(&place(*b)))
    });
    Ok((
        order.iter().map(|n| slices[*n].clone()).collect(),
        order.iter().map(|n| planes[*n]).collect(),
    ))
}

/// Runs of slices at the same height.
fn places(planes: &[Plane]) -> Vec<Range<usize>> {
    let normal = planes[0].normal();
    let mut places: Vec<Range<usize>> = Vec::new();
    for (n, plane) in planes.iter().enumerate() {
        match places.last_mut() {
            Some(place)
                if (plane.position - planes[place.start].position).dot(&normal) < SAME_PLACE =>
            {
                place.end = n + 1;
            }
            _ => places.push(n..n + 1),
        }
    }
    places
}

/// Checks the places along the normal.
fn even(
    positions: &[Point3<f64>],
    plane: &Plane,
    step: Vector3<f64>,
    unreadable: usize,
) -> Result<Option<Quality>, Error> {
    let normal = plane.normal();
    let heights: Vec<f64> = positions.iter().map(|p| (p - positions[0]).dot(&normal)).collect();
    let step = step.dot(&normal);
    let off = heights.iter().enumerate().map(|(k, h)| (h - step * k as f64).abs());
    let apart = off.fold(0.0, f64::max);
    if apart <= ROUNDING * step + 0.01 {
        return Ok(None);
    }
    let gaps: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if apart <= JITTER * step {
        let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
        let most = gaps.iter().copied().fold(0.0, f64::max);
        return Ok(Some(Quality::warning(
            "slice_spacing",
            format!(
                "slices are {least:.3} to {most:.3} mm apart; measured on a grid of {step:.3} mm, off by at most {apart:.3} mm"
            ),
        )));
    }
    Err(uneven(&gaps, [apart, JITTER * step], unreadable))
}

/// Tells missing slices, whose gaps are whole multiples of the step, from uneven ones.
fn uneven(gaps: &[f64], apart: [f64; 2], unreadable: usize) -> Error {
    let mut ordered = gaps.to_vec();
    ordered.sort_by(f64::total_cmp);
    let step = ordered[(ordered.len() - 1) / 2];
    let fits = |gap: &f64| {
        let times = (gap / step).round();
        times >= 1.0 && (gap / step - times).abs() <= JITTER
    };
    let missing: f64 = gaps.iter().map(|gap| (gap / step).round() - 1.0).sum();
    let odd = |gap: &f64| (gap / step - 1.0).abs() > JITTER;
    let after = gaps.iter().position(odd).unwrap_or(0);
    if gaps.iter().all(fits) && missing >= 1.0 {
        let (missing, slices) = (missing as usize, gaps.len() + 1);
        Error::MissingSlices {
            missing,
            slices,
            after: after + 1,
            gap: gaps[after],
            step,
            unreadable,
        }
    } else {
        let found = [ordered[0], ordered[ordered.len() - 1]];
        Error::UnevenSlices { found, after: after + 1, apart }
    }
}

/// Checks the places across the normal: they may drift along a line, but not leave it.
fn straight(
    positions: &[Point3<f64>],
    plane: &Plane,
    step: Vector3<f64>,
) -> Result<Option<Quality>, Error> {
    let normal = plane.normal();
    let pixel = plane.spacing[0].min(plane.spacing[1]);
    let sideways = |(k, position): (usize, &Point3<f64>)| {
        let off = position - positions[0] - step * k as f64;
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
