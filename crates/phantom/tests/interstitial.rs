//! The patients with interstitial disease.

use std::collections::BTreeSet;

use hilum_core::EmphysemaSubtype;
use hilum_kernel::par;
use hilum_phantom::{Bronchus, Chest, Disease, IldKind, IldPatient, IldSet, Scan, ild_patients};
use nalgebra::Point3;

fn named(name: &str) -> IldPatient {
    ild_patients().into_iter().find(|patient| patient.name == name).expect("a patient's name")
}

#[test]
fn sets_share_no_patient_and_hold_every_kind() {
    let all = ild_patients();
    let seeds: BTreeSet<u64> = all.iter().map(|patient| patient.chest.seed).collect();
    let names: BTreeSet<&str> = all.iter().map(|patient| patient.name.as_str()).collect();
    assert_eq!((seeds.len(), names.len()), (all.len(), all.len()));
    for set in [IldSet::Tuning, IldSet::HeldOut] {
        for kind in IldKind::ALL {
            let own: Vec<_> = all.iter().filter(|p| p.set == set && p.kind == kind).collect();
            assert!(own.len() >= 3, "{kind:?}");
            assert!(own.iter().all(|patient| patient.name.starts_with(kind.key())));
        }
        let thick: BTreeSet<u64> =
            all.iter().filter(|p| p.set == set).map(|p| (100.0 * p.spacing[0]) as u64).collect();
        assert_eq!(thick, BTreeSet::from([70, 100, 125, 200, 250]));
    }
    for (n, a) in all.iter().enumerate() {
        for b in &all[..n] {
            assert_ne!(a.chest.build, b.chest.build, "{} and {}", a.name, b.name);
        }
    }
}

/// Extents on a coarse grid, in per cent in the order of the patterns.
fn extents(patient: &IldPatient) -> [f64; 6] {
    let truth = patient.chest.truth(&patient.chest.own_grid([4.7, 2.3, 2.3]));
    truth.extents().whole.expect("a chest has lungs")
}

#[test]
fn each_kind_has_the_patterns_of_its_name() {
    for kind in [IldKind::Uip, IldKind::Nsip, IldKind::Op, IldKind::Hp, IldKind::Combined] {
        let patient = named(&format!("{}-heldout-1", kind.key()));
        let [_, glass, net, cysts, dense, holes] = extents(&patient);
        let there = |share: f64| (4.0..35.0).contains(&share);
        let fits = match kind {
            IldKind::Uip => there(net) && there(cysts) && glass + dense + holes == 0.0,
            IldKind::Nsip | IldKind::Hp => there(glass) && there(net) && cysts + dense == 0.0,
            IldKind::Op => there(glass) && there(dense) && net + cysts == 0.0,
            _ => there(holes) && there(net) && glass + cysts + dense == 0.0,
        };
        assert!(fits, "{}: {glass} {net} {cysts} {dense} {holes}", patient.name);
    }
}

#[test]
fn fibrosis_pulls_bronchi_open_and_towards_the_pleura() {
    let with = named("probable-heldout-1").chest;
    let without = Chest { traction: 1.0, ..with.clone() };
    let truth = with.truth(&with.own_grid([3.1, 2.2, 2.2]));
    let extents = truth.extents().whole.expect("a chest has lungs");
    assert!((4.0..35.0).contains(&extents[2]) && extents[0] + extents[2] == 100.0, "{extents:?}");
    let at = |p: Point3<f64>| {
        let place = truth.disease.grid().position(p).map(|c| c.round() as usize);
        truth.disease.at(place) == Disease::Reticulation.label()
    };
    let ends = |chest: &Chest| -> Vec<Bronchus> {
        let small = |b: &Bronchus| b.lumen[1] < 2.6;
        chest
            .bronchi()
            .into_iter()
            .filter(small)
            .filter(|b| at(b.ends[1]) || at(b.ends[0]))
            .collect()
    };
    let [pulled, left] = [ends(&with), ends(&without)];
    let widths = |bronchi: &[Bronchus]| {
        let mut widths: Vec<f64> = bronchi.iter().map(|b| 2.0 * b.lumen[1]).collect();
        widths.sort_by(f64::total_cmp);
        [0.05, 0.5, 0.95].map(|q| widths[(q * widths.len() as f64) as usize])
    };
    let [low, median, high] = widths(&pulled);
    assert!(low > 0.9 && (1.6..4.0).contains(&median) && high < 7.0, "{low} {median} {high} mm");
    assert!(median > 1.4 * widths(&left)[1], "{median} mm, {:?} mm before", widths(&left));
    let outside = |p: Point3<f64>| {
        let steps = (-4..=4).flat_map(|x| (-4..=4).map(move |y| (f64::from(x), f64::from(y))));
        let ring = steps.filter(|(x, y)| x * x + y * y <= 16.5);
        ring.map(|(x, y)| p + nalgebra::Vector3::new(2.5 * x, 2.5 * y, 0.0)).any(|q| {
            let place = truth.lungs.grid().position(q).map(|c| c.round() as usize);
            truth.lungs.at(place).is_none()
        })
    };
    let near = |bronchi: &[Bronchus]| bronchi.iter().filter(|b| outside(b.ends[1])).count();
    let counts = [near(&pulled), near(&left)];
    assert!(
        counts[0] > 60 && counts[0] > 3 * counts[1],
        "{counts:?} come within 10 mm of the pleura"
    );
}

#[test]
fn emphysema_is_told_by_subtype() {
    let patient = named("emphysema-tuning-3");
    let truth = patient.chest.truth(&patient.chest.own_grid([4.7, 2.3, 2.3]));
    let extents = truth.extents().whole.expect("a chest has lungs");
    assert!(extents[5] > 4.0 && (extents[0] + extents[5] - 100.0).abs() < 1e-9, "{extents:?}");
    let subtypes = truth.subtypes();
    for subtype in [
        EmphysemaSubtype::Paraseptal,
        EmphysemaSubtype::Panlobular,
        EmphysemaSubtype::MildCentrilobular,
    ] {
        assert!(subtypes.count(subtype) > 500, "{subtype:?}");
    }
    assert_eq!(subtypes.count(EmphysemaSubtype::SevereCentrilobular), 0);
}

#[test]
fn a_slab_is_a_part_of_the_scan() {
    let patient = named("op-tuning-2");
    let (whole, slab) = (patient.grid(1.0), patient.slab(-60.0, -52.0));
    let [first, row, column] = whole.position(slab.origin());
    assert!((first - first.round()).abs() < 1e-6 && row.abs() < 1e-6 && column.abs() < 1e-6);
    assert_eq!(slab.shape()[1..], whole.shape()[1..]);
    assert!((slab.origin().z + 60.0).abs() <= 0.5 * whole.spacing()[0] + 1e-6);
    assert_eq!(patient.slab(900.0, -900.0).shape()[0], 1);
}

#[test]
fn patients_do_not_depend_on_threads() {
    let chest = named("uip-tuning-1").chest;
    let whole = chest.own_grid([9.0, 3.0, 3.0]);
    let [_, rows, columns] = whole.shape();
    let grid = whole.window([7.0, 0.0, 0.0], [5, rows, columns]);
    let expected = par::on_threads(1, || chest.render(&grid));
    let found = par::on_threads(3, || chest.render(&grid));
    assert!(found == expected);
}

#[test]
fn distractors_are_as_strong_as_asked_and_no_disease() {
    let plain = Chest { emphysema: 0.0, scan: Scan::ideal(), ..Chest::default() };
    let heavy = Chest { dependent: 120.0, bronchial_walls: 2.0, ..plain.clone() };
    let walls = |chest: &Chest| {
        let thin = chest.bronchi().into_iter().filter(|bronchus| bronchus.lumen[0] < 1.5);
        let walls: Vec<f64> = thin.map(|bronchus| bronchus.wall[0]).collect();
        walls.iter().sum::<f64>() / walls.len() as f64
    };
    let ratio = walls(&heavy) / walls(&plain);
    assert!((ratio - 2.0).abs() < 1e-9, "walls {ratio} times as thick");
    let whole = plain.own_grid([2.3, 2.2, 2.1]);
    let [_, rows, columns] = whole.shape();
    let grid = whole.window([50.0, 0.0, 0.0], [20, rows, columns]);
    let [before, after] = [&plain, &heavy].map(|chest| chest.truth(&grid));
    assert_eq!(after.extents().whole.expect("lungs")[0], 100.0);
    let patterns = after.patterns();
    let labels = patterns.labels().as_slice();
    let row = |n: usize| n / columns % rows;
    let hindmost = (0..labels.len()).filter(|n| labels[*n] != 0).map(row).max().expect("lung");
    let mut added = [Vec::new(), Vec::new()];
    for (n, hu) in after.noiseless.as_slice().iter().enumerate() {
        let y = grid.origin().y + grid.spacing()[1] * row(n) as f64;
        if labels[n] != 0 {
            let more = f64::from(hu - before.noiseless.as_slice()[n]);
            if row(n) + 3 > hindmost {
                added[0].push(more);
            } else if y < 0.0 {
                added[1].push(more);
            }
        }
    }
    let [back, front] = added.map(|mut more| {
        more.sort_by(f64::total_cmp);
        more[more.len() / 2]
    });
    assert!((80.0..=121.0).contains(&back) && front.abs() < 1e-3, "{back} and {front} HU");
}
