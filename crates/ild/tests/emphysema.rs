//! Models of emphysema: the same answer for a patch and in a lung, whatever way it lies and on any
//! number of threads.

use std::fs;
use std::path::Path;

use hilum_core::{Ct, Grid, Hu, Mask, Volume};
use hilum_ild::emphysema::{
    Error, Model, Patches, Posteriors, classify, cross_validate, posteriors, train,
};
use hilum_kernel::par;

const SIDE: usize = 31;

/// CT numbers like those of lung with holes, different everywhere.
fn lung(seed: usize, j: usize, i: usize) -> i16 {
    let mixed = (seed * 7919 + j * 104_729 + i * 1_299_709 + j * i * 31) % 193;
    let hole = ((j + seed) % 11 < 4) && ((i + 2 * seed) % 13 < 5);
    (if hole { -990 } else { -870 + 5 * (seed % 3) as i16 }) + mixed as i16 - 96
}

fn patch(seed: usize) -> Vec<i16> {
    (0..SIDE * SIDE).map(|n| lung(seed, n / SIDE, n % SIDE)).collect()
}

/// Two classes are the least that patches may have; the other one stands behind.
fn patches(pixels: &[Vec<i16>]) -> Patches {
    let labels = (0..pixels.len()).map(|n| (n % 6) as u8).collect();
    let classes = ["NT", "PS", "PL", "CL1", "CL2", "CL3"].map(String::from).into();
    Patches::new(SIDE, pixels.concat(), classes, labels).expect("patches")
}

fn told_at_the_middle(pixels: &[i16]) -> Posteriors {
    let grid = Grid::axial([1, SIDE, SIDE], [1.5, 0.65, 0.65]).expect("a grid");
    let hu = Volume::from_vec(grid.clone(), pixels.iter().map(|hu| Hu(*hu)).collect());
    let ct = Ct::new(hu.expect("a value for each voxel"));
    posteriors(&ct, &Mask::filled(&grid, true), &Model::shipped()).expect("told")
}

#[test]
fn a_site_in_a_lung_is_told_as_the_patch_around_it() {
    let grid = Grid::axial([1, 60, 64], [1.5, 0.65, 0.65]).expect("a grid");
    let ct = Ct::new(Volume::from_fn(&grid, |[_, j, i]| Hu(lung(3, j, i))));
    let model = Model::shipped();
    let told = posteriors(&ct, &Mask::filled(&grid, true), &model).expect("told");
    let mut compared = 0;
    let [_, rows, columns] = told.sites().shape();
    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
        let (j, i) = (2 + 4 * row, 2 + 4 * column);
        if j < 15 || i < 15 || j + 15 >= 60 || i + 15 >= 64 {
            continue;
        }
        let around: Vec<i16> =
            (0..SIDE * SIDE).map(|n| lung(3, j - 15 + n / SIDE, i - 15 + n % SIDE)).collect();
        let mut all = vec![around];
        all.extend((0..5).map(patch));
        let wanted = &classify(&model, &patches(&all))[0];
        let found = told.at([0, row, column]).expect("in the lung");
        assert_eq!(found.iter().map(|byte| u32::from(*byte)).sum::<u32>(), 255);
        for (byte, share) in found.iter().zip(wanted) {
            assert!((f32::from(*byte) - 255.0 * share).abs() <= 3.0, "{found:?} for {wanted:?}");
        }
        compared += 1;
    }
    assert!(compared > 40, "{compared} sites compared");
}

#[test]
fn turns_and_flips_change_nothing() {
    let upright = patch(5);
    let at = |row: usize, column: usize| upright[row * SIDE + column];
    let last = SIDE - 1;
    let ways: [&dyn Fn(usize, usize) -> i16; 6] = [
        &|j, i| at(j, i),
        &|j, i| at(i, j),
        &|j, i| at(last - j, i),
        &|j, i| at(j, last - i),
        &|j, i| at(i, last - j),
        &|j, i| at(last - j, last - i),
    ];
    let turned = ways.map(|way| (0..SIDE * SIDE).map(|n| way(n / SIDE, n % SIDE)).collect());
    let answers = classify(&Model::shipped(), &patches(&turned));
    for answer in &answers {
        for (found, wanted) in answer.iter().zip(&answers[0]) {
            assert!((found - wanted).abs() < 1e-3, "{answers:?}");
        }
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let some = patches(&(0..36).map(patch).collect::<Vec<_>>());
    let grid = Grid::axial([5, 70, 60], [1.5, 0.7, 0.7]).expect("a grid");
    let ct = Ct::new(Volume::from_fn(&grid, |[k, j, i]| Hu(lung(k, j, i))));
    let all = Mask::filled(&grid, true);
    let run = |threads| {
        par::on_threads(threads, || {
            let model = train(&some);
            (model.write(), cross_validate(&some, 3), posteriors(&ct, &all, &model))
        })
    };
    let wanted = run(1);
    for threads in [2, 3, 7] {
        assert!(run(threads) == wanted, "{threads} threads");
    }
}

#[test]
fn whole_lung_and_destroyed_lung_are_told_apart() {
    // Noise of the same size about the density of normal lung, and of destroyed lung.
    let noisy = |mean: i16| (0..SIDE * SIDE).map(|n| mean + (n * 7919 % 61) as i16 - 30).collect();
    let normal: Vec<i16> = noisy(-850);
    let destroyed: Vec<i16> = noisy(-985);
    let share = |pixels: &[i16]| told_at_the_middle(pixels).at([0, 3, 3]).expect("told")[0];
    assert!(share(&normal) > 200, "{}", share(&normal));
    assert!(share(&destroyed) < 20, "{}", share(&destroyed));
}

#[test]
fn only_the_lungs_are_told() {
    let grid = Grid::axial([4, 50, 80], [3.0, 1.2, 1.2]).expect("a grid");
    let ct = Ct::new(Volume::from_fn(&grid, |[k, j, i]| Hu(lung(k, j, i))));
    let lungs = Mask::from_fn(&grid, |[k, _, i]| k > 0 && i < 40);
    let told = posteriors(&ct, &lungs, &Model::shipped()).expect("told");
    let emphysema = told.emphysema(&lungs);
    for (n, (per_cent, inside)) in emphysema.as_slice().iter().zip(lungs.as_slice()).enumerate() {
        assert_eq!(*per_cent <= 100, *inside, "voxel {n}");
        assert!(*per_cent <= 100 || *per_cent == Posteriors::NOT_TOLD);
    }
    let subtypes = told.subtypes(&lungs);
    assert!(subtypes.labels().as_slice().iter().zip(lungs.as_slice()).all(|(l, i)| (*l > 0) == *i));
    let other = Mask::filled(&Grid::axial([4, 50, 79], [3.0, 1.2, 1.2]).expect("a grid"), true);
    assert!(matches!(posteriors(&ct, &other, &Model::shipped()), Err(Error::Grid(_))));
}

#[test]
fn patches_that_do_not_fit_their_labels_are_refused() {
    let refused = |bytes: usize, table: &str| {
        let error = Patches::parse(&vec![0; bytes], table).expect_err("refused");
        assert!(matches!(error, Error::Patches { .. }), "{error}");
        error.to_string()
    };
    let table = "row,class_id,class\n0,0,NT\n1,1,PS\n";
    assert!(refused(10, table).contains("10 bytes"));
    assert!(refused(2 * 2 * 29 * 29, table).contains("side of 29"));
    assert!(refused(2 * 2 * SIDE * SIDE, "a,b\n0,0\n1,1\n").contains("class"));
    assert!(refused(0, "").contains("header"));
    assert!(refused(2 * 2 * SIDE * SIDE, "class_id,class\n0,NT\n7,PS\n").contains("numbers"));
    assert!(Patches::parse(&vec![0; 2 * 2 * SIDE * SIDE], table).is_ok());
}

#[test]
fn the_shipped_model_is_the_one_that_training_gives() {
    let Some(root) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA is not set");
        return;
    };
    let folder = Path::new(&root).join("cip_texture");
    let Ok(pixels) = fs::read(folder.join("patches_i16le.bin")) else {
        println!("skipped: no patches under HILUM_DATA");
        return;
    };
    let table = fs::read_to_string(folder.join("labels.csv")).expect("the table of labels");
    let patches = Patches::parse(&pixels, &table).expect("patches");
    assert!(train(&patches) == Model::shipped(), "run the example `train_ild` on the patches");
}
