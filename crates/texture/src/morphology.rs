//! Morphology (HCUG): the shape of a region, and where its intensities lie in it.

use std::f64::consts::PI;

use hilum_core::Mask;
use nalgebra::{Matrix3, Vector3};

use crate::ellipsoid;
use crate::feature::{Definition, EMPTY, Family, Value, rows};
use crate::hull::Hull;
use crate::levels::quotient;
use crate::mesh::Mesh;
use crate::roi::bounds;
use crate::spatial::moran_and_geary;
use crate::{Aggregation, Feature, Roi};

const COUNT: usize = 27;

const DEFINITIONS: [Definition; COUNT] = [
    Definition::new("Volume", "F_morph.vol", "RNU0", "morph_volume"),
    Definition::new("Approximate volume", "F_morph.approx.vol", "YEKZ", "morph_vol_approx"),
    Definition::new("Surface area", "F_morph.area", "C0JK", "morph_area_mesh"),
    Definition::new("Surface to volume ratio", "F_morph.av", "2PR5", "morph_av"),
    Definition::new("Compactness 1", "F_morph.comp.1", "SKGS", "morph_comp_1"),
    Definition::new("Compactness 2", "F_morph.comp.2", "BQWJ", "morph_comp_2"),
    Definition::new("Spherical disproportion", "F_morph.sph.dispr", "KRCK", "morph_sph_dispr"),
    Definition::new("Sphericity", "F_morph.sphericity", "QCFX", "morph_sphericity"),
    Definition::new("Asphericity", "F_morph.asphericity", "25C7", "morph_asphericity"),
    Definition::new("Centre of mass shift", "F_morph.com", "KLMA", "morph_com"),
    Definition::new("Maximum 3D diameter", "F_morph.diam", "L0JK", "morph_diam"),
    Definition::new("Major axis length", "F_morph.pca.major", "TDIC", "morph_pca_maj_axis"),
    Definition::new("Minor axis length", "F_morph.pca.minor", "P9VJ", "morph_pca_min_axis"),
    Definition::new("Least axis length", "F_morph.pca.least", "7J51", "morph_pca_least_axis"),
    Definition::new("Elongation", "F_morph.pca.elongation", "Q3CK", "morph_pca_elongation"),
    Definition::new("Flatness", "F_morph.pca.flatness", "N17B", "morph_pca_flatness"),
    Definition::new(
        "Volume density - axis-aligned bounding box",
        "F_morph.v.dens.aabb",
        "PBX1",
        "morph_vol_dens_aabb",
    ),
    Definition::new(
        "Area density - axis-aligned bounding box",
        "F_morph.a.dens.aabb",
        "R59B",
        "morph_area_dens_aabb",
    ),
    Definition::new(
        "Volume density - approximate enclosing ellipsoid",
        "F_morph.v.dens.aee",
        "6BDE",
        "morph_vol_dens_aee",
    ),
    Definition::new(
        "Area density - approximate enclosing ellipsoid",
        "F_morph.a.dens.aee",
        "RDD2",
        "morph_area_dens_aee",
    ),
    Definition::new(
        "Volume density - minimum volume enclosing ellipsoid",
        "F_morph.v.dens.mvee",
        "SWZ1",
        "morph_vol_dens_mvee",
    ),
    Definition::new(
        "Area density - minimum volume enclosing ellipsoid",
        "F_morph.a.dens.mvee",
        "BRI8",
        "morph_area_dens_mvee",
    ),
    Definition::new(
        "Volume density - convex hull",
        "F_morph.v.dens.conv.hull",
        "R3ER",
        "morph_vol_dens_conv_hull",
    ),
    Definition::new(
        "Area density - convex hull",
        "F_morph.a.dens.conv.hull",
        "7T7F",
        "morph_area_dens_conv_hull",
    ),
    Definition::new("Integrated intensity", "F_morph.integ.int", "99N0", "morph_integ_int"),
    Definition::new("Moran's I index", "F_morph.moran.i", "N365", "morph_moran_i"),
    Definition::new("Geary's C measure", "F_morph.geary.c", "NPT7", "morph_geary_c"),
];

/// All of the family that is here: of the oriented bounding box, which the standard left without
/// reference, nothing is taken.
pub(crate) fn features(roi: &Roi, all_pairs: bool) -> Vec<Feature> {
    let values = match bounds(roi.morphological()) {
        Some(bounds) => values(roi, bounds, all_pairs),
        None => vec![Err(EMPTY); COUNT],
    };
    rows(Family::Morphology, Aggregation::Whole, &DEFINITIONS, &values)
}

const NOT_ASKED: &str = "sums over all pairs of voxels were not asked for";
const FLAT: &str = "the centres of the voxels span no volume";
const LINE: &str = "the centres of the voxels do not spread";

fn values(roi: &Roi, bounds: [[usize; 2]; 3], all_pairs: bool) -> Vec<Value> {
    let mask = roi.morphological();
    let grid = mask.grid();
    let mesh = Mesh::of(mask, bounds);
    let (volume, area) = (mesh.volume, mesh.area);
    let hull = Hull::of(&mesh.vertices, grid.axes());
    let of_hull = |of: &dyn Fn(&Hull) -> f64| hull.as_ref().map(of).ok_or(FLAT);
    // The sphere of the same volume has the area that divides here.
    let ball = (36.0 * PI * volume * volume).cbrt();
    let spread = Spread::of(mask);
    let [major, minor, least] = spread.half_axes.map(|half| 2.0 * half);
    let enclosing = (least > 0.0).then_some(spread.half_axes).ok_or(FLAT);
    let smallest = hull.as_ref().and_then(|hull| ellipsoid::smallest_around(&hull.corners));
    let smallest = smallest.ok_or(FLAT);
    let spacing = grid.spacing();
    let [c, b, a] = [0, 1, 2].map(|n| (bounds[n][1] - bounds[n][0]) as f64 * spacing[n]);
    let shear = grid.voxel_volume() / spacing.iter().product::<f64>();
    let intensities = roi.intensities();
    let mean = (!intensities.is_empty())
        .then(|| intensities.iter().sum::<f64>() / intensities.len() as f64)
        .ok_or(EMPTY);
    let [moran, geary] = if all_pairs { moran_and_geary(roi) } else { [Err(NOT_ASKED); 2] };
    vec![
        Ok(volume),
        Ok(mask.count() as f64 * grid.voxel_volume()),
        Ok(area),
        Ok(area / volume),
        Ok(volume / (PI.sqrt() * area.powf(1.5))),
        Ok((ball / area).powi(3)),
        Ok(area / ball),
        Ok(ball / area),
        Ok(area / ball - 1.0),
        shift(roi, spread.centre),
        of_hull(&Hull::diameter),
        Ok(major),
        Ok(minor),
        Ok(least),
        quotient(minor, major, LINE),
        quotient(least, major, LINE),
        Ok(volume / (a * b * c * shear)),
        Ok(area / (2.0 * (a * b + b * c + c * a))),
        enclosing.map(|axes| volume / ellipsoid::volume(axes)),
        enclosing.map(|axes| area / ellipsoid::area(axes)),
        smallest.map(|axes| volume / ellipsoid::volume(axes)),
        smallest.map(|axes| area / ellipsoid::area(axes)),
        of_hull(&|hull| volume / hull.volume),
        of_hull(&|hull| area / hull.area),
        mean.map(|mean| mean * volume),
        moran,
        geary,
    ]
}

/// Where the centres of the voxels of a mask lie.
struct Spread {
    centre: Vector3<f64>,
    /// Twice the standard deviations along the principal axes in mm, the largest first.
    half_axes: [f64; 3],
}

impl Spread {
    fn of(mask: &Mask) -> Self {
        let axes = mask.grid().axes();
        let (count, centre) = weighted_centre(mask, |_| 1.0);
        let mut sum = Matrix3::zeros();
        for_each(mask, |_, place| {
            let d = place - centre;
            sum += d * d.transpose();
        });
        // One voxel has no spread; of more, the estimate without bias is what the references hold.
        let covariance = axes * (sum / (count - 1.0).max(1.0)) * axes.transpose();
        let mut values: Vec<f64> = covariance.symmetric_eigenvalues().iter().copied().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        // What is left of nothing by rounding is nothing.
        let least = 1e-12 * mask.grid().voxel_volume().powf(2.0 / 3.0);
        let half = |n: usize| if values[n] > least { 2.0 * values[n].sqrt() } else { 0.0 };
        Self { centre: axes * centre, half_axes: [half(0), half(1), half(2)] }
    }
}

const DARK: &str = "the intensities that weigh the centre add up to 0";

/// The distance of the centre of the intensities from the centre of the shape.
fn shift(roi: &Roi, centre: Vector3<f64>) -> Value {
    if roi.intensity().count() == 0 {
        return Err(EMPTY);
    }
    let image = roi.image().as_slice();
    let (weight, weighted) = weighted_centre(roi.intensity(), |n| f64::from(image[n]));
    if weight == 0.0 {
        return Err(DARK);
    }
    Ok((roi.image().grid().axes() * weighted - centre).norm())
}

/// The sum of weights, and the weighted mean of the voxels inside, `[k, j, i]`.
fn weighted_centre(mask: &Mask, weight: impl Fn(usize) -> f64) -> (f64, Vector3<f64>) {
    let (mut total, mut sum) = (0.0, Vector3::zeros());
    for_each(mask, |n, place| {
        total += weight(n);
        sum += place * weight(n);
    });
    (total, sum / total)
}

fn for_each(mask: &Mask, mut visit: impl FnMut(usize, Vector3<f64>)) {
    let [_, rows, columns] = mask.grid().shape();
    for (n, inside) in mask.as_slice().iter().enumerate() {
        if *inside {
            let place = [n / columns / rows, n / columns % rows, n % columns];
            visit(n, Vector3::from(place.map(|n| n as f64)));
        }
    }
}
