//! Fissures in blocks of lung in closed form: what is there is found, what is not is not.

use hilum_core::{Ct, Error as Domain, Grid, Hu, LabelMap, Lung, Region, Volume};
use hilum_kernel::par;
use hilum_segment::{Error, Evidence, Fissure, Found, Plane, Sheet, evidence, find};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use ndarray::{Array2, Axis};

/// A block of lung with a fissure, seen from the middle of the block.
struct Block {
    /// Height of the fissure over the `x, y` plane in mm.
    height: fn(f64, f64) -> f64,
    /// Where it is.
    is_there: fn(f64, f64) -> bool,
    /// Its thickness in mm.
    thickness: f64,
    /// Standard deviation of the noise in HU.
    noise: f64,
    /// Vessels that cross it: place at height 0 in mm, tilts, radius.
    vessels: &'static [[f64; 5]],
}

const PLAIN: Block =
    Block { height: |_, _| 0.0, is_there: |_, _| true, thickness: 0.4, noise: 15.0, vessels: &[] };

const BENT: Block = Block {
    height: |x, y| 0.15 * x + 3.0 * (x / 16.0).sin() * (y / 21.0).cos() - 0.004 * y * y,
    is_there: |x, y| (x - 6.0).hypot(y + 4.0) > 12.0,
    thickness: 0.4,
    noise: 25.0,
    vessels: &[
        [-20.0, 10.0, 0.4, 0.2, 2.0],
        [15.0, 18.0, -0.3, 0.5, 1.2],
        [5.0, -22.0, 0.1, -0.6, 1.5],
        [-10.0, -15.0, 2.5, 0.3, 1.2],
        [22.0, -8.0, 0.2, 3.0, 1.0],
    ],
};

/// Half the sides of the block along x, y and z in mm.
const HALF: [f64; 3] = [36.0, 33.0, 27.0];

/// An oblique lattice of three spacings over the block and a rim.
fn grid() -> Grid {
    let turn = Rotation3::from_euler_angles(0.21, -0.14, 0.33);
    let axes = turn.matrix()
        * Matrix3::from_columns(&[Vector3::z() * 1.3, Vector3::y() * 0.9, Vector3::x() * 1.1]);
    let shape = [75, 109, 99];
    let middle = axes * Vector3::from(shape.map(|n| (n as f64 - 1.0) / 2.0));
    Grid::new(shape, Point3::from(-middle), axes).expect("three directions")
}

/// A number between 0 and 1 that follows from the place alone.
fn rough(n: u64) -> f64 {
    let mut bits = n;
    for factor in [0xbf58_476d_1ce4_e5b9_u64, 0x94d0_49bb_1331_11eb] {
        bits = (bits ^ (bits >> 30)).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Block {
    /// The density at a point, the fissure and the vessels as wide as a voxel blurs them.
    fn density(&self, p: Point3<f64>) -> f64 {
        const WIDTH: f64 = 1.1;
        let mut hu = -860.0 + 0.3 * p.y;
        if (self.is_there)(p.x, p.y) {
            let distance = (p.z - (self.height)(p.x, p.y)) / 1.04;
            let peak = 850.0 * self.thickness / (WIDTH * 0.6 * 2.507);
            hu += peak * (-0.5 * (distance / (0.6 * WIDTH)).powi(2)).exp();
        }
        for [x, y, tilt_x, tilt_y, radius] in self.vessels {
            let direction = Vector3::new(*tilt_x, *tilt_y, 1.0).normalize();
            let r = p - Point3::new(*x, *y, 0.0);
            let distance = (r - direction * r.dot(&direction)).norm();
            let share = ((radius - distance) / WIDTH + 0.5).clamp(0.0, 1.0);
            hu += (40.0 - hu) * share;
        }
        hu
    }

    fn image(&self, grid: &Grid) -> (Ct, LabelMap<Lung>) {
        let inside = |p: Point3<f64>| (0..3).all(|n| p[n].abs() < HALF[n]);
        let [_, rows, columns] = grid.shape();
        let hu = par::map_voxels(grid, |voxel| {
            let p = grid.centre(voxel);
            let n = 12 * ((voxel[0] * rows + voxel[1]) * columns + voxel[2]) as u64;
            let noise: f64 = (n..n + 12).map(|n| rough(n) - 0.5).sum();
            let clean = if inside(p) { self.density(p) } else { 30.0 };
            Hu::nearest((clean + self.noise * noise) as f32)
        });
        let right = Lung::Right.label();
        let lungs = par::map_voxels(grid, |v| if inside(grid.centre(v)) { right } else { 0 });
        (Ct::new(hu), LabelMap::new(lungs).expect("a known label"))
    }

    fn evidence(&self) -> Evidence {
        let (ct, lungs) = self.image(&grid());
        evidence(&ct, &lungs, None).expect("the same grid")
    }

    /// Distances of the nodes of a sheet in the block to the fissure along z, and whether it is there.
    fn misses(&self, found: &Found) -> Vec<(f64, bool, f32)> {
        let mut misses = Vec::new();
        for ((a, b), seen) in found.seen.indexed_iter() {
            let p = found.sheet.node([a, b]);
            if (0..3).all(|n| p[n].abs() < HALF[n] - 3.0) {
                let miss = (p.z - (self.height)(p.x, p.y)).abs();
                misses.push((miss, (self.is_there)(p.x, p.y), *seen));
            }
        }
        misses
    }
}

/// A plane that is `rise` mm too high and tilted.
fn prior(rise: f64) -> Sheet {
    let n = Vector3::new(0.05, -0.08, 1.0).normalize();
    let u = Vector3::y().cross(&n).normalize();
    let plane = Plane { origin: Point3::new(-36.0, -33.0, rise), u, v: n.cross(&u), n };
    let shape = (30, 28);
    let deviation = Array2::from_elem(shape, 7.0);
    Sheet::new(Fissure::RightOblique, plane, 2.5, Array2::zeros(shape), deviation)
}

fn quantile(numbers: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[(numbers.len() as f64 * share) as usize]
}

#[test]
fn a_plane_is_found_from_six_millimetres_away() {
    let found = find(&PLAIN.evidence(), &prior(6.0), None);
    let misses = PLAIN.misses(&found);
    assert!(misses.len() > 400);
    assert!(quantile(misses.iter().map(|m| m.0), 0.5) < 0.2);
    assert!(quantile(misses.iter().map(|m| m.0), 0.95) < 0.5);
    assert!(found.completeness > 0.95, "{}", found.completeness);
}

#[test]
fn a_bent_fissure_with_a_gap_is_found_among_vessels() {
    let found = find(&BENT.evidence(), &prior(-5.0), None);
    let misses = BENT.misses(&found);
    let there = || misses.iter().filter(|m| m.1);
    assert!(quantile(there().map(|m| m.0), 0.5) < 0.4);
    assert!(quantile(there().map(|m| m.0), 0.95) < 1.0);
    let gap = misses.iter().filter(|m| !m.1);
    assert!(quantile(gap.map(|m| m.0), 0.95) < 2.0);
    let share = there().count() as f64 / misses.len() as f64;
    assert!((found.completeness - share).abs() < 0.1, "{} of {share}", found.completeness);
}

/// Plates are 7 mm long to either side: nearer than this to the edge of a fissure they are mixed.
const MIXED: f64 = 6.0;

#[test]
fn away_from_edges_what_is_seen_is_there_and_what_is_there_is_seen() {
    let found = find(&BENT.evidence(), &prior(-5.0), None);
    let inner = HALF.map(|half| half - MIXED);
    let mean = |wanted: &dyn Fn(f64) -> bool| {
        let nodes = found.seen.indexed_iter().filter_map(|((a, b), seen)| {
            let p = found.sheet.node([a, b]);
            let edge = (p.x - 6.0).hypot(p.y + 4.0) - 12.0;
            let inside = (0..3).all(|n| p[n].abs() < inner[n]);
            (inside && wanted(edge)).then_some(f64::from(*seen))
        });
        let seen: Vec<f64> = nodes.collect();
        seen.iter().sum::<f64>() / seen.len() as f64
    };
    let there = mean(&|edge| edge > MIXED);
    assert!(there > 0.8, "{there}");
    let absent = mean(&|edge| edge < -MIXED);
    assert!(absent < 0.25, "{absent}");
}

#[test]
fn where_no_fissure_is_none_is_seen_and_the_sheet_stays_near() {
    let empty = Block { is_there: |_, _| false, ..BENT };
    let found = find(&empty.evidence(), &prior(0.0), None);
    assert!(found.completeness < 0.1, "{}", found.completeness);
    let heights = found.sheet.height();
    assert!(heights.iter().all(|height| height.abs() < 14.0));
}

#[test]
fn the_order_of_stored_voxels_changes_nothing() {
    let (ct, lungs) = BENT.image(&grid());
    let straight = find(&evidence(&ct, &lungs, None).expect("sound"), &prior(-5.0), None);
    let turned = |order: [usize; 3], reversed: usize| {
        let (ct, lungs) = (turn(ct.hu(), order, reversed), turn(lungs.labels(), order, reversed));
        let lungs = LabelMap::new(lungs).expect("the same labels");
        find(&evidence(&Ct::new(ct), &lungs, None).expect("sound"), &prior(-5.0), None)
    };
    for (order, reversed) in [([2, 0, 1], 1), ([1, 0, 2], 2)] {
        let found = turned(order, reversed);
        let apart = (&found.sheet.height() - &straight.sheet.height()).mapv(f64::abs);
        assert!(apart.iter().all(|apart| *apart < 0.05));
    }
}

/// The same voxels in the same places in another order.
fn turn<T: Copy>(volume: &Volume<T>, order: [usize; 3], reversed: usize) -> Volume<T> {
    let grid = volume.grid();
    let mut voxels = volume.voxels().permuted_axes(order).to_owned();
    voxels.invert_axis(Axis(reversed));
    let shape: [usize; 3] = voxels.dim().into();
    let mut axes = Matrix3::from_columns(&order.map(|n| grid.axes().column(n).into_owned()));
    let origin = grid.origin() + axes.column(reversed) * (shape[reversed] as f64 - 1.0);
    axes.column_mut(reversed).neg_mut();
    let grid = Grid::new(shape, origin, axes).expect("the same steps");
    Volume::new(grid, voxels).expect("the same shape")
}

#[test]
fn the_same_bits_come_out_on_any_number_of_threads() {
    let (ct, lungs) = BENT.image(&grid());
    let run = |threads| {
        par::on_threads(threads, || {
            find(&evidence(&ct, &lungs, None).expect("sound"), &prior(-5.0), None)
        })
    };
    let one = run(1);
    for threads in [2, 3, 7, 16] {
        assert_eq!(run(threads), one, "{threads} threads");
    }
}

#[test]
fn lungs_on_another_grid_or_without_a_voxel_are_refused() {
    let (ct, _) = PLAIN.image(&grid());
    let elsewhere = LabelMap::empty(&grid().window([0.0, 1.0, 0.0], grid().shape()));
    let refused = evidence(&ct, &elsewhere, None).expect_err("another grid");
    assert!(matches!(refused, Error::Domain(Domain::GridMismatch { role: "lungs", .. })));
    let refused = evidence(&ct, &LabelMap::empty(ct.grid()), None).expect_err("no lung");
    assert_eq!(refused, Error::EmptyMask { role: "lungs" });
}
