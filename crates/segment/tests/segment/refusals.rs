//! Images without lungs.

use hilum_core::{Ct, Grid, Hint, Hu, Volume};
use hilum_kernel::par;
use hilum_segment::{Error, Options, thorax};

/// A ball of `tissue` in `surroundings`, with what `inner` puts in it.
fn ball(
    tissue: i16,
    surroundings: i16,
    inner: impl Fn([f64; 3]) -> Option<i16> + Sync + Send,
) -> Ct {
    let grid = Grid::axial([41, 90, 100], [5.0, 2.1, 2.0]).unwrap();
    let hu = par::map_voxels(&grid, |[k, j, i]| {
        let place = [(k as f64 - 20.0) * 5.0, (j as f64 - 45.0) * 2.1, (i as f64 - 50.0) * 2.0];
        let radius = place.iter().map(|c| c * c).sum::<f64>().sqrt();
        Hu(if radius > 85.0 { surroundings } else { inner(place).unwrap_or(tissue) })
    });
    Ct::new(hu)
}

fn refusal(ct: &Ct) -> String {
    let error = thorax(ct, &Options::default()).expect_err("there are no lungs");
    assert!(matches!(error, Error::NoLungs { .. }));
    assert!(error.hint().is_some());
    error.to_string()
}

fn within(place: [f64; 3], centre: [f64; 3], radius: f64) -> bool {
    (0..3).map(|n| (place[n] - centre[n]).powi(2)).sum::<f64>() < radius * radius
}

#[test]
fn a_head_has_sinuses_but_no_lungs() {
    let sinuses = |place| within(place, [0.0, -40.0, 15.0], 18.0).then_some(-1000);
    let message = refusal(&ball(40, -1000, sinuses));
    assert!(message.contains("pure gas"), "{message}");
    assert!(message.contains("wanted air-filled lung"), "{message}");
}

#[test]
fn an_abdomen_has_gas_but_no_lungs() {
    let bowel = |place: [f64; 3]| {
        let gas =
            within(place, [0.0, -30.0, 30.0], 38.0) || within(place, [30.0, 0.0, -40.0], 25.0);
        gas.then_some(-995)
    };
    let message = refusal(&ball(30, -1000, bowel));
    assert!(message.contains("pure gas"), "{message}");
}

#[test]
fn numbers_that_are_not_hounsfield_units_show_no_air() {
    let message = refusal(&ball(700, 0, |_| None));
    assert!(message.contains("no air inside a body, values from 0 to 700"), "{message}");
}

#[test]
fn air_alone_and_water_alone_and_one_voxel_are_refused() {
    for (shape, hu) in [([9, 11, 13], -1000), ([9, 11, 13], 0), ([1, 1, 1], 0), ([1, 1, 1], -1000)]
    {
        let grid = Grid::axial(shape, [3.0, 2.0, 2.0]).unwrap();
        refusal(&Ct::new(Volume::filled(&grid, Hu(hu))));
    }
}

#[test]
fn padding_alone_is_refused() {
    let grid = Grid::axial([9, 11, 13], [3.0, 2.0, 2.0]).unwrap();
    refusal(&Ct::new(Volume::filled(&grid, Hu(-3024))));
}
