//! Ribs and collar bones as tubes.

use nalgebra::Vector3;

use crate::skeleton;
use crate::tube::{Kind, Tube, course};
use crate::warp::Warp;

/// All ribs with their cartilages, and the collar bones.
pub(crate) fn tubes(warp: &Warp) -> Vec<Tube> {
    let sides = [-1.0, 1.0];
    let ribs = (1..=12).flat_map(|n| sides.map(|side| rib(n, side))).flatten();
    let straight = ribs.chain(sides.into_iter().flat_map(collar_bone));
    straight.map(|tube| tube.moved(|p| warp.wall_place(p))).collect()
}

/// A rib: 12 mm high and 6 mm thick.
fn rib(n: i32, side: f64) -> Vec<Tube> {
    let (points, bone) = skeleton::rib(n, side);
    let piece = |at: usize| {
        let (a, b) = (points[at - 1], points[at]);
        let outwards = Vector3::new(a.x, a.y - 5.0, 0.0);
        let flat = outwards.try_normalize(1e-9).unwrap_or_else(Vector3::x);
        let (kind, wall) = if at < bone { (Kind::Bone, 1.1) } else { (Kind::Cartilage, 6.2) };
        Tube { kind, a, b, radii: [6.2; 2], wall: [wall; 2], flat }
    };
    (1..points.len()).map(piece).collect()
}

fn collar_bone(side: f64) -> Vec<Tube> {
    let route = [
        ([side * 22.0, -48.0, 46.0], 8.0),
        ([side * 60.0, -56.0, 62.0], 6.0),
        ([side * 100.0, -22.0, 84.0], 5.5),
        ([side * 134.0, 26.0, 100.0], 6.5),
    ];
    let piece = |pair: &[(nalgebra::Point3<f64>, f64)]| Tube {
        wall: [1.6; 2],
        ..Tube::solid(Kind::Bone, pair[0].0, pair[1].0, [pair[0].1, pair[1].1])
    };
    course(&route, 8).windows(2).map(piece).collect()
}
