//! What must not matter: the order of the array, the number of threads.

use hilum_core::{Ct, Grid, Volume};
use hilum_kernel::par::on_threads;
use hilum_phantom::Chest;
use hilum_segment::{ThirdsBy, partition};
use nalgebra::Matrix3;
use ndarray::Axis;

use crate::support::{patient, segmented};

/// The same voxels in an array whose axis `n` is axis `order[n]` of the old one, reversed where
/// told.
fn stored<T: Copy>(volume: &Volume<T>, order: [usize; 3], reversed: [bool; 3]) -> Volume<T> {
    let old = volume.grid();
    let mut view = volume.voxels().permuted_axes(order);
    let mut first = [0.0; 3];
    let mut steps = [0, 1, 2].map(|n| old.axes().column(order[n]).into_owned());
    for n in 0..3 {
        if reversed[n] {
            view.invert_axis(Axis(n));
            first[order[n]] = old.shape()[order[n]] as f64 - 1.0;
            steps[n] = -steps[n];
        }
    }
    let shape = order.map(|axis| old.shape()[axis]);
    let grid = Grid::new(shape, old.point(first), Matrix3::from_columns(&steps)).unwrap();
    Volume::new(grid, view.to_owned()).unwrap()
}

#[test]
fn lungs_do_not_depend_on_the_order_of_the_array() {
    let ct = Chest::default().image(&Chest::grid([3.1, 2.3, 2.2]));
    let wanted = segmented(&ct);
    for (order, reversed) in [
        ([0, 1, 2], [true, false, false]),
        ([0, 1, 2], [true, true, true]),
        ([2, 0, 1], [false, true, false]),
        ([1, 0, 2], [true, true, false]),
        ([2, 1, 0], [false, false, true]),
    ] {
        let found = segmented(&Ct::new(stored(ct.hu(), order, reversed)));
        let turned = |labels: &Volume<u8>| stored(labels, order, reversed);
        assert_eq!(
            found.lungs.labels().as_slice(),
            turned(wanted.lungs.labels()).as_slice(),
            "{order:?} {reversed:?}"
        );
        assert_eq!(
            found.anatomical.labels().as_slice(),
            turned(wanted.anatomical.labels()).as_slice()
        );
        assert_eq!(found.vessels.count(), wanted.vessels.count());
        assert_eq!(found.quality, wanted.quality);
        assert_eq!(found.lungs.grid(), turned(wanted.lungs.labels()).grid());
    }
}

#[test]
fn lungs_and_parts_have_the_same_bits_on_any_number_of_threads() {
    let ct = &patient().ct;
    let run = |threads| {
        on_threads(threads, || {
            let thorax = segmented(ct);
            let parts = partition(&thorax, None, ThirdsBy::Volume, 12.0).unwrap();
            (thorax, parts)
        })
    };
    let expected = run(1);
    for threads in [2, 3, 7, 16] {
        assert!(run(threads) == expected, "{threads} threads");
    }
}
