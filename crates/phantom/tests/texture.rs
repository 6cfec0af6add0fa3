//! What the painted textures measure, against what was asked for.

use hilum_core::{EmphysemaSubtype, Grid, Lobe, Lung, Pattern, Region, Volume};
use hilum_phantom::{Chest, Disease, Form, Lesion, Scan, Truth};

/// A right lower lobe full of one thing, without blur and noise, in voxels of 0.5 mm.
fn lobe(lesion: impl Fn(Lesion) -> Lesion, disease: Disease, hu: f64) -> Truth {
    let whole = Lesion::lobe(disease, Lung::Right, Lobe::RightLower, hu);
    let chest = Chest {
        lesions: vec![lesion(whole)],
        emphysema: 0.0,
        scan: Scan::ideal(),
        ..Chest::default()
    };
    chest.truth(&piece(&chest))
}

/// 12 mm of the back of the right lower lobe.
fn piece(chest: &Chest) -> Grid {
    let whole = chest.own_grid([0.5; 3]);
    let first = whole.position(nalgebra::Point3::new(-110.0, 20.0, -80.0)).map(f64::round);
    whole.window(first, [24, 150, 140])
}

/// CT numbers along rows where a pattern holds, cut where it does not.
fn runs(truth: &Truth, pattern: Pattern) -> Vec<Vec<f32>> {
    let patterns = truth.patterns();
    let columns = patterns.grid().shape()[2];
    let (labels, hu) = (patterns.labels().as_slice(), truth.noiseless.as_slice());
    let mut runs = Vec::new();
    for (labels, hu) in labels.chunks(columns).zip(hu.chunks(columns)) {
        let mut run = Vec::new();
        for (label, hu) in labels.iter().zip(hu) {
            if *label == pattern.label() {
                run.push(*hu);
            } else if !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
        }
        runs.push(run);
    }
    runs
}

/// Mean share of walls along rows, by how much CT numbers lie above those of `inside`.
fn wall_share(truth: &Truth, pattern: Pattern, [inside, wall]: [f32; 2]) -> f64 {
    let all: Vec<f32> = runs(truth, pattern).concat();
    assert!(all.len() > 20_000, "{} voxels", all.len());
    let sum: f64 = all.iter().map(|hu| f64::from((hu - inside) / (wall - inside))).sum();
    sum / all.len() as f64
}

/// Share of the volume of foam that its walls take. Cubes of edge `cell` have `1 - (1 - wall / cell)³`; cells of
/// scattered points have about the same surface (5.82 for 6 of a cube of the same volume).
fn foam(wall: f64, cell: f64) -> f64 {
    let open = 1.0 - wall / cell;
    1.0 - open * open * open
}

#[test]
fn a_net_has_the_lines_that_were_asked_for() {
    for (cell, wall) in [(4.0, 0.5), (7.0, 1.0)] {
        let form = Form::Net { cell, wall, ground: -760.0 };
        let truth = lobe(|lesion| lesion.formed(form), Disease::Reticulation, 0.0);
        let numbers: Vec<f32> = runs(&truth, Pattern::Reticular).concat();
        let mean = numbers.iter().map(|hu| f64::from(*hu)).sum::<f64>() / numbers.len() as f64;
        // At the back of the lung the ground is denser by the gravity of some 50 mm.
        let wanted = -760.0 + 10.0 + 750.0 * foam(wall, cell);
        assert!((mean - wanted).abs() < 35.0, "cell {cell}: mean {mean} HU, wanted {wanted} HU");
        let mut sorted = numbers.clone();
        sorted.sort_by(f32::total_cmp);
        let ground = sorted[sorted.len() / 4];
        assert!((-790.0..-700.0).contains(&ground), "ground {ground} HU");
    }
}

#[test]
fn meshes_are_as_wide_as_asked() {
    let cell = 7.0;
    let form = Form::Net { cell, wall: 0.3, ground: -800.0 };
    let truth = lobe(|lesion| lesion.formed(form), Disease::Reticulation, 200.0);
    // Mean chord 0.66 to 0.69 of a cell, and a fifth of the lines is not there: 0.83 to 0.86. Voxels must be
    // small against the cells, since two lines within one are counted once.
    let (mut lines, mut length) = (0, 0);
    for run in runs(&truth, Pattern::Reticular).iter().filter(|run| run.len() > 20) {
        let line = |hu: f32| hu > -640.0;
        lines += run.windows(2).filter(|pair| line(pair[1]) && !line(pair[0])).count();
        length += run.len();
    }
    let chord = 0.5 * length as f64 / lines as f64 / cell;
    assert!((0.76..0.97).contains(&chord), "{chord} cells from line to line");
}

#[test]
fn cysts_lie_in_layers_and_share_walls() {
    for (layers, cell, wall) in [(1, 6.0, 1.0), (3, 5.0, 1.4)] {
        let form = Form::Cysts { cell, wall, layers };
        let truth = lobe(|lesion| lesion.formed(form), Disease::Honeycombing, 0.0);
        let patterns = truth.patterns();
        let depth = depth_reached(&truth, &patterns.mask(Pattern::Honeycombing));
        let wanted = cell * layers as f64;
        assert!((0.8..1.25).contains(&(depth / wanted)), "{depth} mm deep, wanted {wanted} mm");
        // Walls across the layers, and sheets between them: a sheet on either side of each layer, half
        // thickness each.
        let own = wall_share(&truth, Pattern::Honeycombing, [-975.0, 0.0]);
        let expected = 1.0 - (1.0 - wall / cell) * (1.0 - 2.0 * wall / (1.1 * cell));
        assert!((own / expected - 1.0).abs() < 0.25, "walls {own}, expected {expected}");
    }
}

/// Median over rows from the back of how far the mask reaches inwards, in mm, along y.
fn depth_reached(truth: &Truth, mask: &Volume<bool>) -> f64 {
    let [slices, rows, columns] = mask.grid().shape();
    let lungs = truth.lungs.labels();
    let mut depths = Vec::new();
    for k in 0..slices {
        for i in 0..columns {
            let inside = |j: &usize| lungs.at([k, *j, i]) == Lung::Right.label();
            let Some(back) = (0..rows).rev().find(inside) else { continue };
            let outside = back + 1 == rows;
            let deep = (0..=back).find(|j| mask.at([k, *j, i]));
            if let Some(deep) = deep.filter(|deep| !outside && *deep > 5) {
                depths.push((back + 1 - deep) as f64 * mask.grid().spacing()[1]);
            }
        }
    }
    assert!(depths.len() > 300, "{} columns", depths.len());
    depths.sort_by(f64::total_cmp);
    depths[depths.len() / 2]
}

#[test]
fn sparing_keeps_the_pleura_clear() {
    let truth = lobe(|lesion| lesion.spared(8.0), Disease::GroundGlass, -550.0);
    let depth_of_normal = depth_reached(&truth, &truth.patterns().mask(Pattern::GroundGlass));
    assert!(depth_of_normal > 20.0, "{depth_of_normal} mm");
    let patterns = truth.patterns();
    let [slices, rows, columns] = patterns.grid().shape();
    let mut spared = Vec::new();
    for k in 0..slices {
        for i in 0..columns {
            let column = |j: usize| patterns.labels().at([k, j, i]);
            let Some(back) = (0..rows).rev().find(|j| column(*j) != 0) else { continue };
            let glass = (0..back).rev().find(|j| column(*j) == Pattern::GroundGlass.label());
            if let Some(glass) = glass.filter(|_| back + 1 < rows) {
                spared.push((back - glass) as f64 * 0.5);
            }
        }
    }
    spared.sort_by(f64::total_cmp);
    let median = spared[spared.len() / 2];
    // Columns meet the pleura at a slant.
    assert!((7.0..13.0).contains(&median), "{median} mm");
}

#[test]
fn holes_grow_with_severity_and_are_the_emphysema() {
    let mut before = 0.0;
    for (disease, radii, subtype) in [
        (Disease::MildCentrilobular, [0.8, 2.0], EmphysemaSubtype::MildCentrilobular),
        (Disease::ModerateCentrilobular, [1.6, 3.2], EmphysemaSubtype::ModerateCentrilobular),
        (Disease::SevereCentrilobular, [2.8, 5.0], EmphysemaSubtype::SevereCentrilobular),
    ] {
        let form = Form::Holes { radii };
        let truth = lobe(|lesion| lesion.formed(form), disease, -970.0);
        let patterns = truth.patterns();
        let [holes, rest] =
            [Pattern::Emphysema, Pattern::Normal].map(|pattern| patterns.count(pattern) as f64);
        let share = holes / (holes + rest);
        assert!(share > 1.5 * before && share > 0.005, "{disease:?}: {share}");
        before = share;
        assert!(truth.subtypes().count(subtype) as f64 > 0.9 * (holes + rest));
        let all: Vec<f32> = runs(&truth, Pattern::Emphysema).concat();
        let low = all.iter().filter(|hu| **hu < -915.0).count();
        assert!(low as f64 > 0.9 * all.len() as f64, "{low} of {} are low", all.len());
    }
    assert!(before > 0.12, "{before}");
}
