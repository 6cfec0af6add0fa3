//! What the tests share.

use std::sync::OnceLock;

use hilum_core::{Ct, Grid, Hu, Lung, Quality, Region, Volume};
use hilum_kernel::par;
use hilum_phantom::{Chest, Truth};
use hilum_segment::{Options, Thorax, thorax};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

/// Overlap of two sets of voxels: 1 if they are the same, 0 if they share nothing.
pub(crate) fn dice<A, B>(
    a: &Volume<A>,
    in_a: impl Fn(&A) -> bool,
    b: &Volume<B>,
    in_b: impl Fn(&B) -> bool,
) -> f64 {
    let (mut both, mut sum) = (0_u64, 0_u64);
    for (a, b) in a.as_slice().iter().zip(b.as_slice()) {
        let (a, b) = (in_a(a), in_b(b));
        both += u64::from(a && b);
        sum += u64::from(a) + u64::from(b);
    }
    2.0 * both as f64 / sum as f64
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "a predicate over voxels, which are borrowed")]
pub(crate) fn is_lung(label: &u8) -> bool {
    *label == Lung::Right.label() || *label == Lung::Left.label()
}

/// Overlap of one region of two label maps.
pub(crate) fn overlap(found: &Volume<u8>, truth: &Volume<u8>, lung: Lung) -> f64 {
    let label = lung.label();
    dice(found, |n| *n == label, truth, |n| *n == label)
}

/// Volume of both lungs in mL.
pub(crate) fn millilitres(labels: &Volume<u8>) -> f64 {
    let count = labels.as_slice().iter().filter(|label| is_lung(label)).count();
    count as f64 * labels.grid().voxel_volume() / 1000.0
}

/// Share of the lungs below -950 HU in per cent.
pub(crate) fn laa_950(labels: &Volume<u8>, hu: &Volume<Hu>) -> f64 {
    let lungs = labels.as_slice().iter().zip(hu.as_slice()).filter(|(label, _)| is_lung(label));
    let (count, low) = lungs
        .fold((0_u64, 0_u64), |(count, low), (_, hu)| (count + 1, low + u64::from(hu.0 < -950)));
    100.0 * low as f64 / count as f64
}

pub(crate) fn has(quality: &[Quality], code: &str) -> bool {
    quality.iter().any(|row| row.code == code)
}

/// Slices of 3 mm, rows and columns of 1.7 and 1.6 mm: anisotropic on purpose.
pub(crate) fn grid() -> Grid {
    Chest::grid([3.0, 1.7, 1.6])
}

pub(crate) fn segmented(ct: &Ct) -> Thorax {
    thorax(ct, &Options::default()).expect("a chest has lungs")
}

/// The default patient on [`grid`], drawn and outlined once for all tests.
pub(crate) struct Patient {
    pub(crate) ct: Ct,
    pub(crate) truth: Truth,
    pub(crate) thorax: Thorax,
}

pub(crate) fn patient() -> &'static Patient {
    static PATIENT: OnceLock<Patient> = OnceLock::new();
    PATIENT.get_or_init(|| {
        let (ct, truth, thorax) = rendered(&Chest::default(), &grid());
        Patient { ct, truth, thorax }
    })
}

pub(crate) fn rendered(chest: &Chest, grid: &Grid) -> (Ct, Truth, Thorax) {
    let (ct, truth) = chest.render(grid);
    let thorax = segmented(&ct);
    (ct, truth, thorax)
}

/// An image with some voxels changed.
pub(crate) fn repainted(ct: &Ct, hu: impl Fn([usize; 3], Hu) -> Hu + Sync + Send) -> Ct {
    Ct::new(par::map_voxels(ct.grid(), |voxel| hu(voxel, ct.hu().at(voxel))))
}

/// Oblique, anisotropic voxels about the origin.
pub(crate) fn oblique(spacing: [f64; 3], extent: f64) -> Grid {
    let turn = Rotation3::from_euler_angles(0.12, -0.2, 0.3);
    let axes = turn.matrix()
        * Matrix3::from_columns(&[
            Vector3::new(0.0, 0.0, spacing[0]),
            Vector3::new(0.0, spacing[1], 0.0),
            Vector3::new(spacing[2], 0.0, 0.0),
        ]);
    let shape = spacing.map(|mm| (extent / mm) as usize);
    let half = Vector3::from(shape.map(|n| (n as f64 - 1.0) / 2.0));
    Grid::new(shape, Point3::origin() - axes * half, axes).unwrap()
}
