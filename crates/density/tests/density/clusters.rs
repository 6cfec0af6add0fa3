//! Clusters on small phantoms, power laws against SciPy.

use std::path::Path;

use hilum_core::{Ct, Hu, Volume};
use hilum_density::{Bound, Options, clusters, power_law, regression_exponent};
use hilum_kernel::Connectivity;

use crate::support::{BOTH, LEFT, Noise, RIGHT, oblique, partition};

struct Law {
    exponent: f64,
    smallest: u64,
    sizes: Vec<u64>,
    likeliest: f64,
    regression: f64,
}

fn laws() -> Vec<Law> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/density/power_law.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    let law = |lines: &[Vec<&str>]| Law {
        exponent: lines[0][1].parse().unwrap(),
        smallest: lines[0][2].parse().unwrap(),
        sizes: lines[1][1..].iter().map(|word| word.parse().unwrap()).collect(),
        likeliest: lines[2][1].parse().unwrap(),
        regression: lines[3][1].parse().unwrap(),
    };
    lines.chunks(4).map(law).collect()
}

#[test]
fn both_fits_are_those_of_scipy() {
    for law in laws() {
        let found = power_law(&law.sizes, law.smallest).unwrap();
        assert!((found.exponent - law.likeliest).abs() < 1e-5, "{}", found.exponent);
        let slope = regression_exponent(&law.sizes, law.smallest).unwrap();
        assert!((slope - law.regression).abs() < 1e-9, "{slope}");
    }
}

#[test]
fn the_exponent_of_a_known_law_is_found_within_its_error() {
    for law in laws() {
        let found = power_law(&law.sizes, law.smallest).unwrap();
        let off = (found.exponent - law.exponent).abs();
        assert!(off < 3.0 * found.standard_error, "{off}, error {}", found.standard_error);
        assert!(found.standard_error < 0.1 && found.count == law.sizes.len() as u64);
    }
}

#[test]
fn sizes_below_the_cut_do_not_matter() {
    let law = &laws()[0];
    let mut more = law.sizes.clone();
    more.extend(std::iter::repeat_n(2, 5000));
    assert_eq!(power_law(&more, law.smallest), power_law(&law.sizes, law.smallest));
}

#[test]
fn too_little_gives_no_exponent() {
    assert_eq!(power_law(&[], 5), None);
    assert_eq!(power_law(&[7], 5), None);
    assert_eq!(power_law(&[5, 5, 5, 5], 5), None);
    assert_eq!(regression_exponent(&[5, 9], 5), None);
}

/// Two cubes of 2×2×2 that touch at a corner, a lone voxel in the left lung, one on the threshold.
fn phantom() -> (Ct, hilum_core::Partition) {
    let grid = oblique([5, 7, 11]);
    let cube =
        |[k, j, i]: [usize; 3], at: usize| [k, j, i].iter().all(|n| (at..at + 2).contains(n));
    let hu = Volume::from_fn(&grid, |voxel| {
        let is_low = cube(voxel, 0) || cube(voxel, 2) || voxel == [4, 6, 10];
        Hu(if is_low {
            -970
        } else if voxel == [0, 6, 0] {
            -950
        } else {
            -850
        })
    });
    let parts = Volume::from_fn(&grid, |[_, _, i]| if i < 6 { 1 } else { 3 });
    (Ct::new(hu), partition(parts))
}

#[test]
fn clusters_hang_together_as_the_connectivity_says() {
    let (ct, partition) = phantom();
    let voxel_ml = ct.grid().voxel_volume() / 1000.0;
    let count = |options: &Options| {
        let found = clusters(&ct, &partition, options).unwrap();
        let value = |key, site| {
            found.measurements.iter().find(|m| m.key == key && m.site == site).unwrap().value
        };
        let sites = [BOTH, RIGHT, LEFT];
        (
            sites.map(|site| value("lac_count", site)),
            sites.map(|site| (value("lac_largest_ml", site) / voxel_ml).round()),
        )
    };
    let faces = Options::default();
    assert_eq!(count(&faces), ([3.0, 2.0, 1.0], [8.0, 8.0, 1.0]));
    let corners = Options { cluster_connectivity: Connectivity::Corners, ..Options::default() };
    assert_eq!(count(&corners), ([2.0, 1.0, 1.0], [16.0, 16.0, 1.0]));
    let inclusive = Options { bound: Bound::Inclusive, ..Options::default() };
    assert_eq!(count(&inclusive), ([4.0, 3.0, 1.0], [8.0, 8.0, 1.0]));
}

#[test]
fn clusters_do_not_cross_from_lung_to_lung() {
    let grid = oblique([1, 1, 8]);
    let ct = Ct::new(Volume::filled(&grid, Hu(-980)));
    let parts = Volume::from_fn(&grid, |[_, _, i]| if i < 4 { 1 } else { 3 });
    let found = clusters(&ct, &partition(parts), &Options::default()).unwrap();
    let both = found.sizes.iter().find(|sizes| sizes.lungs == hilum_core::Lungs::Both).unwrap();
    assert_eq!(both.at_least.len(), 1);
    assert_eq!(both.at_least[0].1, 2);
}

#[test]
fn few_clusters_have_no_exponent_and_say_so() {
    let (ct, partition) = phantom();
    let found = clusters(&ct, &partition, &Options::default()).unwrap();
    assert!(found.measurements.iter().all(|m| !m.key.contains("exponent")));
    let rows = found.quality.iter().filter(|row| row.code == "few_clusters").count();
    assert_eq!(rows, 6);
}

/// Cubes whose numbers fall as a power of their size: the law is found through the image.
#[test]
fn a_lung_of_boxes_has_the_exponent_they_were_drawn_with() {
    let grid = oblique([41, 181, 183]);
    let mut hu = Volume::filled(&grid, Hu(-850));
    let mut noise = Noise::new(5);
    let (exponent, smallest) = (1.2, 5u64);
    let mut drawn = Vec::new();
    // Boxes of one voxel by one by `length`, each in a cell of its own.
    for k in (0..41).step_by(2) {
        for j in (0..181).step_by(2) {
            let length = 4.5 * (1.0 - noise.uniform()).powf(-1.0 / exponent) + 0.5;
            let length = (length.floor() as usize).min(183);
            drawn.push(length as u64);
            for i in 0..length {
                hu.voxels_mut()[[k, j, i]] = Hu(-980);
            }
        }
    }
    let parts = Volume::filled(&grid, 1);
    let found = clusters(&Ct::new(hu), &partition(parts), &Options::default()).unwrap();
    let fit =
        found.measurements.iter().find(|m| m.key == "lac_exponent" && m.site == RIGHT).unwrap();
    let [low, high] = fit.interval.unwrap();
    assert!(low < exponent && exponent < high, "{low} to {high}");
    assert_eq!(fit.value, power_law(&drawn, smallest).unwrap().exponent);
}
