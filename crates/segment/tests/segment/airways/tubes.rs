//! Tubes in closed form: calibres, walls, centrelines, forks.

use hilum_core::{Ct, Grid, Hu, LabelMap, Lung, Mask, Region, Volume};
use hilum_kernel::{gaussian, par};
use hilum_segment::{AirwayLabel, Airways, Thorax, WallFigures};
use nalgebra::Point3;

use super::{followed, from_segment};
use crate::support::{has, oblique};

/// Tubes in lung tissue: axis from, to, radius of the lumen and thickness of the wall in mm.
struct Tubes(Vec<(Point3<f64>, Point3<f64>, f64, f64)>);

const AIR: f64 = -1000.0;
const WALL: f64 = 30.0;
const LUNG: f64 = -860.0;

impl Tubes {
    /// Density of a place.
    fn hu(&self, p: Point3<f64>) -> f64 {
        let mut hu = LUNG;
        for (a, b, lumen, wall) in &self.0 {
            let along = b - a;
            let t = ((p - a).dot(&along) / along.norm_squared()).clamp(0.0, 1.0);
            let away = (p - (a + along * t)).norm();
            if away < *lumen {
                return AIR;
            }
            if away < lumen + wall {
                hu = WALL;
            }
        }
        hu
    }

    /// The image, each voxel the mean of 27 places, blurred by 0.5 mm; and lungs in which the upper
    /// half of the first tube is known as trachea.
    fn rendered(&self, grid: &Grid) -> (Ct, Thorax) {
        let third = |n: usize| (n as f64 - 1.0) / 3.0;
        let sharp = par::map_voxels(grid, |[k, j, i]| {
            let mean = (0..27).map(|n| {
                let place =
                    [k as f64 + third(n / 9), j as f64 + third(n / 3 % 3), i as f64 + third(n % 3)];
                self.hu(grid.point(place))
            });
            (mean.sum::<f64>() / 27.0) as f32
        });
        let hu = gaussian(&sharp, 0.5);
        let (a, b, lumen, _) = self.0[0];
        let along = (b - a).normalize();
        let known = 0.5 * (b - a).norm();
        let labels = par::map_voxels(grid, |voxel| {
            let p = grid.centre(voxel);
            let t = (p - a).dot(&along);
            let away = (p - a - along * t).norm();
            if (0.0..known).contains(&t) && away < lumen {
                Lung::Airway.label()
            } else {
                Lung::Right.label()
            }
        });
        let lungs = LabelMap::new(labels).unwrap();
        let thorax = Thorax {
            anatomical: lungs.clone(),
            lungs,
            vessels: Mask::filled(grid, false),
            quality: Vec::new(),
        };
        (Ct::new(par::map(&hu, |hu| Hu(hu.round() as i16))), thorax)
    }
}

/// One tube on an oblique axis, and what is measured of it.
fn measured(lumen: f64, wall: f64) -> (f64, Option<WallFigures>, Airways) {
    let (a, b) = (Point3::new(-9.0, 5.0, 18.0), Point3::new(7.0, -6.0, -19.0));
    let (ct, thorax) = Tubes(vec![(a, b, lumen, wall)]).rendered(&oblique([0.9, 0.65, 0.7], 46.0));
    let found = followed(&ct, &thorax);
    let root = &found.tree.branches()[0];
    (root.diameter_mm(), root.wall, found.clone())
}

#[test]
fn calibres_of_oblique_tubes_are_those_that_were_drawn() {
    let mut last = 0.0;
    for (lumen, wall) in [(1.5, 1.2), (2.0, 1.5), (2.7, 1.5), (3.6, 1.8), (5.0, 2.0)] {
        let (diameter, figures, found) = measured(lumen, wall);
        let figures = figures.expect("walls stand free");
        println!(
            "lumen {:.1} mm, wall {wall} mm: diameter {diameter:.2} mm, wall {:.2} mm, {:.1} % (true {:.1} %)",
            2.0 * lumen,
            figures.thickness_mm,
            figures.wall_percent,
            100.0 * (1.0 - (lumen / (lumen + wall)).powi(2)),
        );
        let error = diameter - 2.0 * lumen;
        assert!(
            (-0.3 - 0.6 / lumen..0.15).contains(&error),
            "{diameter:.2} for {:.2}",
            2.0 * lumen
        );
        assert!((-0.2..0.6).contains(&(figures.thickness_mm - wall)), "{figures:?}");
        assert!(diameter > last);
        last = diameter;
        assert_eq!(found.tree.branches().len(), 1, "a tube is one branch");
    }
}

#[test]
fn walls_thinner_than_the_blur_are_measured_too_thick_and_said_to_be() {
    let mut last = f64::INFINITY;
    for wall in [2.0, 1.4, 1.0, 0.6] {
        let (_, figures, _) = measured(3.0, wall);
        let thickness = figures.expect("walls stand free").thickness_mm;
        println!("wall {wall} mm: {thickness:.2} mm");
        assert!(thickness > wall - 0.3 && thickness < last + 0.02);
        last = thickness;
    }
    assert!(last > 0.9, "{last}");
}

/// A trachea with two bronchi and four smaller ones.
fn fork() -> Tubes {
    let p = Point3::new;
    Tubes(vec![
        (p(0.0, 0.0, 21.0), p(0.0, 0.0, 4.0), 4.0, 1.3),
        (p(0.0, 0.0, 4.0), p(-12.0, 1.0, -6.0), 3.0, 1.1),
        (p(0.0, 0.0, 4.0), p(12.0, 2.0, -5.0), 2.8, 1.1),
        (p(-12.0, 1.0, -6.0), p(-19.0, -4.0, -18.0), 2.0, 0.9),
        (p(-12.0, 1.0, -6.0), p(-14.0, 12.0, -18.0), 2.0, 0.9),
        (p(12.0, 2.0, -5.0), p(19.0, -6.0, -17.0), 2.0, 0.9),
        (p(12.0, 2.0, -5.0), p(15.0, 13.0, -17.0), 1.9, 0.9),
    ])
}

#[test]
fn a_fork_of_forks_has_seven_branches_on_any_number_of_threads() {
    let (ct, thorax) = fork().rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let found = par::on_threads(1, || followed(&ct, &thorax));
    let branches = found.tree.branches();
    assert_eq!(branches.len(), 7);
    let generations: Vec<usize> = branches.iter().map(|branch| branch.generation).collect();
    assert_eq!(generations, [0, 1, 1, 2, 2, 2, 2]);
    assert_eq!(branches[0].label, Some(AirwayLabel::Trachea));
    for threads in [2, 3, 7, 16] {
        assert_eq!(par::on_threads(threads, || followed(&ct, &thorax)), found);
    }
}

/// Whether the middle of a tube, a share of its length from its beginning, is lumen.
fn is_followed(found: &Airways, (from, to): (Point3<f64>, Point3<f64>), share: f64) -> bool {
    let place = found.lumen.grid().position(from + share * (to - from));
    found.lumen.at(place.map(|n| n.round() as usize))
}

#[test]
fn a_bronchus_that_fibrosis_has_pulled_open_is_followed() {
    let p = Point3::new;
    let (narrow, wide, last) = (p(0.0, 0.0, 8.0), p(6.0, 0.0, 1.0), p(15.0, 2.0, -15.0));
    let tubes = Tubes(vec![
        (p(0.0, 0.0, 21.0), narrow, 4.0, 1.3),
        (narrow, wide, 2.0, 1.2),
        (wide, last, 4.5, 2.0),
    ]);
    let (ct, thorax) = tubes.rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let found = followed(&ct, &thorax);
    for share in [0.2, 0.5, 0.8] {
        assert!(is_followed(&found, (wide, last), share), "{share} of its length");
    }
}

#[test]
fn a_tube_that_holds_lung_is_no_bronchus() {
    let tubes = fork();
    let (ct, thorax) = tubes.rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let (from, to, radius, _) = tubes.0[3];
    let filled = par::map_voxels(ct.grid(), |voxel| {
        let p = ct.grid().centre(voxel);
        let is_inside = from_segment(p, from, to) < radius && (p - from).norm() > 4.0;
        if is_inside { Hu(-890) } else { ct.hu().at(voxel) }
    });
    assert!(is_followed(&followed(&ct, &thorax), (from, to), 0.6));
    assert!(!is_followed(&followed(&Ct::new(filled), &thorax), (from, to), 0.6));
}

#[test]
fn centrelines_run_in_the_middle() {
    let tubes = fork();
    let (ct, thorax) = tubes.rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let found = followed(&ct, &thorax);
    let away = |p: &Point3<f64>| {
        let to = |(a, b, ..): &(Point3<f64>, Point3<f64>, f64, f64)| from_segment(*p, *a, *b);
        tubes.0.iter().map(to).fold(f64::INFINITY, f64::min)
    };
    let mut all: Vec<f64> =
        found.tree.branches().iter().flat_map(|b| &b.centreline).map(away).collect();
    all.sort_by(f64::total_cmp);
    println!(
        "distance from the axis: median {:.2} mm, 95 % {:.2} mm",
        all[all.len() / 2],
        all[all.len() * 19 / 20]
    );
    assert!(all[all.len() / 2] < 0.25 && all[all.len() * 19 / 20] < 1.0);
}

#[test]
fn an_image_turned_in_its_array_has_the_same_tree() {
    let (ct, thorax) = fork().rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let [slices, rows, columns] = ct.grid().shape();
    let axes = -ct.grid().axes();
    let grid =
        Grid::new(ct.grid().shape(), ct.grid().centre([slices - 1, rows - 1, columns - 1]), axes);
    let grid = grid.unwrap();
    let turned = Ct::new(flipped(ct.hu(), &grid));
    let lungs = LabelMap::new(flipped(thorax.lungs.labels(), &grid)).unwrap();
    let thorax_turned = Thorax {
        anatomical: lungs.clone(),
        lungs,
        vessels: Mask::filled(&grid, false),
        quality: Vec::new(),
    };
    let (a, b) = (followed(&ct, &thorax), followed(&turned, &thorax_turned));
    assert_eq!(flipped(&a.lumen, &grid), b.lumen);
    assert_eq!(a.tree.branches().len(), b.tree.branches().len());
    assert!((a.tree.length_mm() - b.tree.length_mm()).abs() < 1e-6);
}

fn flipped<T: Copy>(volume: &Volume<T>, grid: &Grid) -> Volume<T> {
    let reversed = volume.as_slice().iter().rev().copied().collect();
    Volume::from_vec(grid.clone(), reversed).unwrap()
}

#[test]
fn without_a_trachea_there_is_no_tree_and_a_row_says_so() {
    let (ct, thorax) = fork().rendered(&oblique([1.6, 1.4, 1.5], 48.0));
    let lungs = thorax.lungs.labels().map(|label| if *label == 3 { 1 } else { *label });
    let lungs = LabelMap::new(lungs).unwrap();
    let found = followed(&ct, &Thorax { lungs, ..thorax });
    assert!(found.tree.branches().is_empty() && found.measurements.is_empty());
    assert_eq!(found.lumen.count(), 0);
    assert!(has(&found.quality, "airways_not_found"));
}
