//! The affine map from the lungs of the atlas onto those of a patient.

use hilum_core::{Lung, Volume};
use nalgebra::{Matrix3, Point3, SMatrix, SVector, Vector3};

use crate::lobes::affine::Affine;
use crate::lobes::outlines::{Outlines, distance_at};

/// Rounds of Gauss and Newton.
const ROUNDS: usize = 30;
/// Distances beyond this many mm pull no harder: there one lung has what the other has not.
const ROBUST: f64 = 8.0;
/// Weight of the map that fits the boxes around the lungs, as a share of that of the surfaces.
const STIFFNESS: f64 = 0.01;
/// Lengths in the equations are in units of this many mm.
const UNIT: f64 = 100.0;

/// Points on the surfaces of the atlas' lungs.
pub(crate) struct Surfaces<'a> {
    pub(crate) right: &'a [Point3<f64>],
    pub(crate) left: &'a [Point3<f64>],
}

/// Brings the surfaces of the atlas as near as an affine map can to those of the patient: least
/// squares of the distances of their points, far ones weighed less (Huber). Where a lung is missing
/// the other one decides. `None` without any lung.
pub(crate) fn register(atlas: &Surfaces, lungs: &Outlines) -> Option<Affine> {
    let pairs: Vec<(Point3<f64>, &Volume<f32>)> =
        [(Lung::Right, atlas.right), (Lung::Left, atlas.left)]
            .into_iter()
            .filter_map(|(lung, points)| Some((lungs.side(lung)?, points)))
            .flat_map(|(distances, points)| points.iter().map(move |p| (*p, distances)))
            .collect();
    let start = boxes(&pairs, lungs)?;
    let centre = pairs.iter().map(|(p, _)| p.coords).sum::<Vector3<f64>>() / pairs.len() as f64;
    let first = columns(&start, centre);
    let mut map = first;
    for _ in 0..ROUNDS {
        map += step(&pairs, centre, &map, &first)?;
    }
    Some(affine(&map, centre))
}

/// The map as twelve numbers, all of about the same effect on a lung: three columns of the matrix
/// and where the centre goes.
type Parameters = SVector<f64, 12>;

fn columns(map: &Affine, centre: Vector3<f64>) -> Parameters {
    let middle = map.matrix * centre + map.shift;
    let entry = |row: usize, column: usize| map.matrix[(row, column)] * UNIT;
    Parameters::from_fn(|n, _| if n < 9 { entry(n % 3, n / 3) } else { middle[n % 3] })
}

fn affine(parameters: &Parameters, centre: Vector3<f64>) -> Affine {
    let matrix = Matrix3::from_fn(|row, column| parameters[3 * column + row] / UNIT);
    let middle = Vector3::new(parameters[9], parameters[10], parameters[11]);
    Affine { matrix, shift: middle - matrix * centre }
}

/// One round: the change that would be best if distances were linear.
fn step(
    pairs: &[(Point3<f64>, &Volume<f32>)],
    centre: Vector3<f64>,
    map: &Parameters,
    first: &Parameters,
) -> Option<Parameters> {
    let now = affine(map, centre);
    let stiffness = STIFFNESS * pairs.len() as f64;
    let mut normal = SMatrix::<f64, 12, 12>::identity() * stiffness;
    let mut pull = (first - map) * stiffness;
    for (p, distances) in pairs {
        let (distance, slope) = distance_at(distances, now.apply(*p));
        let weight = (ROBUST / distance.abs()).min(1.0);
        let arm = (p.coords - centre) / UNIT;
        let row = Parameters::from_fn(|n, _| slope[n % 3] * if n < 9 { arm[n / 3] } else { 1.0 });
        normal += row * row.transpose() * weight;
        pull -= row * (distance * weight);
    }
    Some(normal.cholesky()?.solve(&pull))
}

/// The map that takes the box around the atlas' surfaces to the one around the patient's.
fn boxes(pairs: &[(Point3<f64>, &Volume<f32>)], lungs: &Outlines) -> Option<Affine> {
    let [low, high] = bounds(pairs.iter().map(|(p, _)| *p))?;
    let inside = [Lung::Right, Lung::Left].into_iter().filter_map(|lung| lungs.side(lung));
    let [near, far] = bounds(inside.flat_map(|distances| {
        let columns = distances.grid().shape()[2];
        let rows = distances.grid().shape()[1];
        let cells = distances.as_slice().iter().enumerate().filter(|(_, d)| **d < 0.0);
        cells.map(move |(n, _)| {
            distances.grid().centre([n / columns / rows, n / columns % rows, n % columns])
        })
    }))?;
    let scale = [0, 1, 2].map(|n| (far[n] - near[n]) / (high[n] - low[n]).max(1.0));
    let matrix = Matrix3::from_diagonal(&Vector3::from(scale));
    let shift = (near.coords + far.coords - matrix * (low.coords + high.coords)) / 2.0;
    (scale.iter().all(|s| *s > 0.0)).then_some(Affine { matrix, shift })
}

fn bounds(points: impl Iterator<Item = Point3<f64>>) -> Option<[Point3<f64>; 2]> {
    points.fold(None, |bounds, p| {
        let [low, high] = bounds.unwrap_or([p, p]);
        Some([low.inf(&p), high.sup(&p)])
    })
}
