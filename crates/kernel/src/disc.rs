//! Three parallel discs on a lattice, in many orientations.

use std::f64::consts::TAU;

use nalgebra::Vector3;

/// How large the discs are, in mm.
#[derive(Clone, Copy)]
pub(crate) struct Discs {
    pub(crate) radius: f64,
    /// From the middle disc to the outer ones, at least.
    pub(crate) apart: f64,
    /// Steps of the lattice up to this length are close enough to take the nearest voxel; along
    /// longer ones two voxels are weighted.
    pub(crate) fine: f64,
}

/// A lattice: lengths of its steps in mm and what a step means in its list of voxels.
#[derive(Clone, Copy)]
pub(crate) struct Lattice {
    pub(crate) spacing: [f64; 3],
    pub(crate) strides: [isize; 3],
}

/// A voxel at a fixed offset, and its share.
type Tap = (isize, f32);

/// The middle disc, the one before and the one behind, for one normal.
pub(crate) struct Triplet {
    pub(crate) normal: Vector3<f64>,
    /// Voxels that stand for each point.
    corners: usize,
    /// Those of the first point, then those of the second, …
    discs: [Vec<Tap>; 3],
}

/// How the points of three discs are judged.
#[derive(Clone, Copy)]
pub(crate) struct Judge {
    /// 1 for bright plates, -1 for dark ones.
    pub(crate) sign: f32,
    /// Standard deviations that are taken off the mean.
    pub(crate) unevenness: f32,
}

/// A coarse orientation, by few points of each disc, and by many points itself and those around it.
pub(crate) struct Orientation {
    pub(crate) coarse: Triplet,
    pub(crate) fine: Vec<Triplet>,
}

/// Finer orientations around a coarse one.
pub(crate) const AROUND: usize = 6;

/// Angle by which the finer orientations differ from a coarse one, in radians: two thirds of the
/// way to the normal that is farthest from all coarse ones.
const TILT: f64 = 0.26;

impl Discs {
    /// 21 orientations, spread evenly over the half sphere, and six more around each.
    pub(crate) fn orientations(&self, lattice: Lattice) -> Vec<Orientation> {
        let orientation = |normal: &Vector3<f64>| {
            let (u, v) = plane(*normal);
            let ring = (0..AROUND).map(|n| {
                let (sine, cosine) = (TAU * n as f64 / AROUND as f64).sin_cos();
                (normal + (u * cosine + v * sine) * TILT.tan()).normalize()
            });
            let normals = std::iter::once(*normal).chain(ring);
            Orientation {
                coarse: self.triplet(*normal, 1, lattice),
                fine: normals.map(|normal| self.triplet(normal, 3, lattice)).collect(),
            }
        };
        normals().iter().map(orientation).collect()
    }

    /// How far the discs reach along each axis, in mm.
    pub(crate) fn reach(&self, spacing: [f64; 3]) -> f64 {
        let longest = spacing.into_iter().fold(0.0, f64::max);
        self.radius + self.apart.max(CLEAR * longest) + longest
    }

    /// Discs whose points lie on so many rings around their centre.
    fn triplet(&self, normal: Vector3<f64>, rings: u32, lattice: Lattice) -> Triplet {
        let extent = normal.component_mul(&Vector3::from(lattice.spacing)).norm();
        let shift = normal * self.apart.max(CLEAR * extent);
        let points = self.points(normal, rings);
        let disc = |shift: Vector3<f64>| {
            points.iter().flat_map(|point| self.taps(point + shift, lattice)).collect::<Vec<Tap>>()
        };
        let discs = [Vector3::zeros(), -shift, shift].map(disc);
        Triplet { normal, corners: discs[0].len() / points.len(), discs }
    }

    /// A point in the middle and six more on each ring than on the one inside of it.
    fn points(&self, normal: Vector3<f64>, rings: u32) -> Vec<Vector3<f64>> {
        let (u, v) = plane(normal);
        let mut points = vec![Vector3::zeros()];
        for ring in 1..=rings {
            // Every point stands for the same area.
            let radius = self.radius * (f64::from(ring) - 0.25) / (f64::from(rings) + 0.25);
            for n in 0..6 * ring {
                let angle = TAU * f64::from(n) / f64::from(6 * ring);
                points.push((u * angle.cos() + v * angle.sin()) * radius);
            }
        }
        points
    }

    /// The voxels that stand for a point.
    fn taps(&self, point: Vector3<f64>, lattice: Lattice) -> Vec<Tap> {
        let mut taps = vec![(0, 1.0)];
        for axis in 0..3 {
            let place = point[axis] / lattice.spacing[axis];
            let low = place.floor();
            let near = if lattice.spacing[axis] > self.fine {
                vec![(low as isize, low + 1.0 - place), (low as isize + 1, place - low)]
            } else {
                vec![(place.round() as isize, 1.0)]
            };
            let from = std::mem::take(&mut taps);
            for (offset, share) in from {
                let beside = near.iter().map(|(step, part)| {
                    (offset + step * lattice.strides[axis], share * *part as f32)
                });
                taps.extend(beside);
            }
        }
        taps
    }
}

/// Extents of a voxel along the normal by which outer discs are apart from the middle one, at least.
const CLEAR: f64 = 1.2;

impl Triplet {
    /// How much the mean over the middle disc around some voxels exceeds that over the higher of the
    /// outer ones, less some standard deviations over the middle disc.
    pub(crate) fn contrasts<const N: usize>(
        &self,
        voxels: &[f32],
        at: &[usize; N],
        judge: Judge,
    ) -> [f32; N] {
        let [middle, before, after] = self.discs.each_ref().map(|taps| taps.chunks(self.corners));
        let count = middle.len() as f32;
        let own = at.map(|at| voxels[at]);
        let [mut sums, mut squares, mut earlier, mut later] = [[0.0; N]; 4];
        for ((middle, before), after) in middle.zip(before).zip(after) {
            let [middle, before, after] = [middle, before, after].map(|p| values(p, voxels, at));
            for n in 0..N {
                let value = middle[n] - own[n];
                sums[n] += value;
                squares[n] += value * value;
                earlier[n] += before[n] - own[n];
                later[n] += after[n] - own[n];
            }
        }
        std::array::from_fn(|n| {
            let (before, after) = (judge.sign * earlier[n], judge.sign * later[n]);
            let higher = if before > after { before } else { after };
            let mean = sums[n] / count;
            let variance = squares[n] / count - mean * mean;
            let uneven = if variance > 0.0 { variance.sqrt() } else { 0.0 };
            judge.sign * mean - higher / count - judge.unevenness * uneven
        })
    }
}

/// Values at a point near some voxels.
#[inline]
fn values<const N: usize>(taps: &[Tap], voxels: &[f32], at: &[usize; N]) -> [f32; N] {
    let mut sums = [0.0; N];
    for (offset, share) in taps {
        for (sum, at) in sums.iter_mut().zip(at) {
            *sum += share * voxels[at.wrapping_add_signed(*offset)];
        }
    }
    sums
}

/// The axes through the corners (6) and the middles of the edges (15) of an icosahedron.
fn normals() -> Vec<Vector3<f64>> {
    let golden = f64::midpoint(1.0, 5.0_f64.sqrt());
    let mut all = Vec::new();
    for axis in 0..3 {
        let turned = |x: f64, y: f64, z: f64| {
            let mut turned = Vector3::zeros();
            for (n, value) in [x, y, z].into_iter().enumerate() {
                turned[(n + axis) % 3] = value;
            }
            turned.normalize()
        };
        all.push(turned(1.0, 0.0, 0.0));
        for y in [1.0, -1.0] {
            all.push(turned(0.0, y, golden));
            for z in [1.0, -1.0] {
                all.push(turned(1.0, y * golden * golden, z * golden));
            }
        }
    }
    all
}

/// Two unit vectors that span the plane across a unit vector.
fn plane(normal: Vector3<f64>) -> (Vector3<f64>, Vector3<f64>) {
    let least = normal.iamin();
    let mut axis = Vector3::zeros();
    axis[least] = 1.0;
    let u = normal.cross(&axis).normalize();
    (u, normal.cross(&u))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_normal_is_near_one_of_the_finer_ones() {
        let lattice = Lattice { spacing: [1.0; 3], strides: [10_000, 100, 1] };
        let discs = Discs { radius: 3.0, apart: 2.0, fine: 1.0 };
        let orientations = discs.orientations(lattice);
        assert_eq!(orientations.len(), 21);
        for n in 0..2000 {
            let z = f64::from(n) / 1999.0;
            let (sine, cosine) = (f64::from(n) * 2.4).sin_cos();
            let r = (1.0 - z * z).sqrt();
            let wanted = Vector3::new(r * cosine, r * sine, z);
            let miss = |triplet: &Triplet| wanted.dot(&triplet.normal).abs().min(1.0).acos();
            let near =
                |a: &&Orientation, b: &&Orientation| miss(&a.coarse).total_cmp(&miss(&b.coarse));
            let coarse = orientations.iter().min_by(near).unwrap();
            assert!(miss(&coarse.coarse) < 0.39, "{wanted}");
            let least = coarse.fine.iter().map(miss).fold(9.0, f64::min);
            assert!(least < 0.19, "{wanted}: {least}");
        }
    }

    #[test]
    fn the_voxels_of_a_disc_have_its_centre_and_its_size() {
        let lattice = Lattice { spacing: [2.0, 0.9, 0.7], strides: [10_000, 100, 1] };
        let discs = Discs { radius: 3.0, apart: 2.0, fine: 1.0 };
        for orientation in discs.orientations(lattice) {
            for triplet in &orientation.fine {
                let total: f32 = triplet.discs[0].iter().map(|(_, share)| share).sum();
                assert!((total - 37.0).abs() < 1e-4);
                let mut variance = 0.0;
                for (offset, share) in &triplet.discs[0] {
                    let shifted = offset + 505_050;
                    let steps =
                        [shifted / 10_000 - 50, shifted / 100 % 100 - 50, shifted % 100 - 50];
                    let mm: Vec<f64> =
                        (0..3).map(|n| steps[n] as f64 * lattice.spacing[n]).collect();
                    variance += f64::from(*share) / 37.0 * mm.iter().map(|x| x * x).sum::<f64>();
                }
                // Half the square of the radius, and a voxel more or less.
                assert!((4.0..7.0).contains(&variance), "{variance}");
            }
        }
    }
}
