//! Centrelines in the patient.

use nalgebra::Point3;

use super::course::Course;
use super::field::Field;
use super::grow::Grown;
use super::tree::Branch;
use crate::upright::Upright;

/// Distance between points of a centreline in mm.
const STEP: f64 = 1.0;

/// Least diameter in mm of a lumen through which the ball has rolled that finds the main bronchi.
const BALL: f64 = 5.0;

/// The branches of the tree with their centrelines, calibres as the wave has found them.
pub(crate) fn branches(
    grown: &[Grown],
    courses: &[Course],
    field: &Field,
    upright: &Upright,
) -> Vec<Branch> {
    let mut branches: Vec<Branch> = Vec::with_capacity(grown.len());
    for (own, course) in grown.iter().zip(courses) {
        let parent = own.parent.map(|parent| &branches[parent]);
        let start = parent.and_then(|parent| parent.centreline.last().copied());
        let generation = parent.map_or(0, |parent| parent.generation + 1);
        let points: Vec<_> = in_patient(course, field, upright).collect();
        let first = points.first().map_or(0.0, |(_, diameter)| *diameter);
        let start = start.map(|point| (point, first));
        let all: Vec<(Point3<f64>, f64)> = start.into_iter().chain(points).collect();
        // Where the line runs through a lumen that its own wave has not swept, the ball has.
        let widened = |(point, diameter): (Point3<f64>, f64)| {
            let known = field.is_trusted(field.place(upright.place(point)));
            (point, if known { diameter.max(BALL) } else { diameter })
        };
        let (centreline, diameters): (Vec<_>, Vec<_>) =
            evenly(&all).into_iter().map(widened).unzip();
        let length_mm = length(&centreline);
        branches.push(Branch {
            parent: own.parent,
            generation,
            label: None,
            centreline,
            diameters,
            length_mm,
            walled: 0.0,
            wall: None,
        });
    }
    branches
}

/// Points and diameters of a course.
fn in_patient<'a>(
    course: &'a Course,
    field: &'a Field,
    upright: &'a Upright,
) -> impl Iterator<Item = (Point3<f64>, f64)> + 'a {
    let spacing = field.grid().spacing();
    let points = course.middles.iter().zip(&course.radii);
    let on_axis = points.skip(course.axis.start).take(course.axis.len());
    on_axis.map(move |(middle, radius)| {
        let place = [0, 1, 2].map(|n| middle[n] / spacing[n]);
        (upright.point(field.upright(place)), 2.0 * radius)
    })
}

/// The same line with points at even distances; its ends stay.
fn evenly(points: &[(Point3<f64>, f64)]) -> Vec<(Point3<f64>, f64)> {
    let Some(first) = points.first() else { return Vec::new() };
    let mut even = vec![*first];
    let mut left = STEP;
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut way = (to.0 - from.0).norm();
        while way >= left && way > 0.0 {
            let share = left / way;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            even.push(from);
            way -= left;
            left = STEP;
        }
        left -= way;
    }
    if let Some(last) = points.last().filter(|last| even.last() != Some(*last)) {
        even.push(*last);
    }
    even
}

/// Length of a line in mm.
pub(crate) fn length(points: &[Point3<f64>]) -> f64 {
    points.windows(2).map(|pair| (pair[1] - pair[0]).norm()).sum()
}
