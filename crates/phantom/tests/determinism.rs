//! The same bits on any number of threads.

use hilum_kernel::par;
use hilum_phantom::{Chest, gaussian_lung};

#[test]
fn a_chest_does_not_depend_on_threads() {
    // The middle of the chest; a shape that no number of threads divides.
    let whole = Chest::grid([11.0, 5.0, 4.0]);
    let [_, rows, columns] = whole.shape();
    let grid = whole.window([9.0, 0.0, 0.0], [11, rows, columns]);
    let chest = Chest { bullae: 2, ..Chest::default() };
    let expected = par::on_threads(1, || chest.render(&grid));
    for threads in [2, 3, 7, 16] {
        let found = par::on_threads(threads, || chest.render(&grid));
        assert!(found == expected, "{threads} threads");
    }
}

#[test]
fn a_gaussian_lung_does_not_depend_on_threads_and_follows_its_seed() {
    let grid = Chest::grid([30.0, 9.0, 9.0]);
    let lung =
        |threads, seed| par::on_threads(threads, || gaussian_lung(&grid, -850.0, 40.0, seed));
    for threads in [2, 3, 7, 16] {
        assert!(lung(threads, 5) == lung(1, 5), "{threads} threads");
    }
    assert!(lung(1, 5) != lung(1, 6));
}

#[test]
fn a_voxel_has_the_same_anatomy_whatever_else_is_on_the_grid() {
    let chest = Chest { scan: hilum_phantom::Scan::ideal(), ..Chest::default() };
    let whole = Chest::grid([20.0, 4.0, 4.0]);
    let part = whole.window([5.0, 30.0, 20.0], [4, 21, 33]);
    let (whole_ct, whole_truth) = chest.render(&whole);
    let (part_ct, part_truth) = chest.render(&part);
    for k in 0..4 {
        for j in 0..21 {
            for i in 0..33 {
                let (here, there) = ([k, j, i], [k + 5, j + 30, i + 20]);
                assert_eq!(part_ct.hu().at(here), whole_ct.hu().at(there), "at {there:?}");
                assert_eq!(part_truth.lobes.at(here), whole_truth.lobes.at(there));
            }
        }
    }
}
