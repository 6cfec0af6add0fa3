//! The map of patterns and the extents counted on it.

use std::sync::LazyLock;

use hilum_core::{Lobe, Lung, Pattern, Region};
use hilum_phantom::{Chest, Disease, Lesion, Scan, Truth};

/// Drawn once for all tests.
static SICK: LazyLock<Truth> = LazyLock::new(rendered);

fn rendered() -> Truth {
    let patch = |disease, lung, x: f64, z: f64| {
        Lesion::ellipsoid(disease, lung, [[x, 50.0, z], [35.0; 3]], -20.0)
    };
    let lesions = vec![
        patch(Disease::Consolidation, Lung::Right, -85.0, -90.0),
        patch(Disease::GroundGlass, Lung::Right, -85.0, 20.0),
        patch(Disease::Reticulation, Lung::Left, 85.0, -90.0),
        patch(Disease::Honeycombing, Lung::Left, 85.0, -10.0),
    ];
    let chest = Chest { lesions, scan: Scan::ideal(), bullae: 1, ..Chest::default() };
    chest.truth(&chest.own_grid([2.3, 2.2, 2.1]))
}

#[test]
fn each_voxel_of_lung_has_one_pattern_and_tubes_have_none() {
    let truth = &*SICK;
    let patterns = truth.patterns();
    let lobes = truth.lobes.labels().as_slice();
    for (n, pattern) in patterns.labels().as_slice().iter().enumerate() {
        let tube = [&truth.vessels, &truth.airways, &truth.walls].iter().any(|t| t.as_slice()[n]);
        assert_eq!(*pattern == 0, lobes[n] == 0 || tube, "voxel {n}");
        let hole = truth.emphysema.as_slice()[n];
        assert!(!hole || tube || *pattern == Pattern::Emphysema.label(), "voxel {n}");
    }
    for pattern in Pattern::ALL {
        assert!(patterns.count(*pattern) > 500, "{pattern:?}");
    }
    assert!(truth.walls.count() > 500);
}

#[test]
fn extents_are_counts_of_voxels() {
    let truth = &*SICK;
    let (patterns, extents) = (truth.patterns(), truth.extents());
    let all: u64 = Pattern::ALL.iter().map(|pattern| patterns.count(*pattern)).sum();
    for (n, pattern) in Pattern::ALL.iter().enumerate() {
        let found = extents.whole.unwrap()[n];
        let counted = 100.0 * patterns.count(*pattern) as f64 / all as f64;
        assert!((found - counted).abs() < 1e-9, "{pattern:?}: {found} %, counted {counted} %");
    }
    let lobe = Lobe::RightUpper;
    let inside = patterns.labels().as_slice().iter().zip(truth.lobes.labels().as_slice());
    let mut own = [0_u32; 7];
    for (pattern, _) in inside.filter(|(_, label)| **label == lobe.label()) {
        own[usize::from(*pattern)] += 1;
    }
    let total = f64::from(own[1..].iter().sum::<u32>());
    for (n, share) in extents.lobes[0].unwrap().iter().enumerate() {
        assert!((share - 100.0 * f64::from(own[n + 1]) / total).abs() < 1e-9);
    }
    let sides = extents.lungs.map(Option::unwrap);
    assert_eq!(sides[0][Pattern::Honeycombing.label() as usize - 1], 0.0);
    assert_eq!(sides[1][Pattern::Consolidation.label() as usize - 1], 0.0);
    for part in extents.lobes.iter().chain(&extents.lungs) {
        assert!((part.unwrap().iter().sum::<f64>() - 100.0).abs() < 1e-9);
    }
}

#[test]
fn a_grid_without_lung_has_no_extents() {
    let chest = Chest::default();
    let beside = chest.own_grid([40.0; 3]).window([0.0, 0.0, 0.0], [1, 1, 1]);
    let extents = chest.truth(&beside).extents();
    assert_eq!(extents.whole, None);
    assert_eq!(extents.lobes, [None; 5]);
}
