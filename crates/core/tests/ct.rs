//! CT images: fractions kept, padding known.

use hilum_core::{Ct, Error, Grid, Hu, LabelMap, Lung, Volume};

fn row(values: &[f32]) -> Volume<f32> {
    let grid = Grid::axial([1, 1, values.len()], [1.0; 3]).unwrap();
    Volume::from_vec(grid, values.to_vec()).unwrap()
}

#[test]
fn whole_numbers_need_no_exact_copy() {
    let ct = Ct::from_exact(row(&[-1024.0, 0.0, 3071.0]));
    assert!(ct.exact().is_none());
    assert_eq!(ct.hu().as_slice(), [Hu(-1024), Hu(0), Hu(3071)]);
}

#[test]
fn a_fraction_survives_beside_its_rounding() {
    let ct = Ct::from_exact(row(&[-950.4, -949.6]));
    assert_eq!(ct.hu().as_slice(), [Hu(-950), Hu(-950)]);
    assert_eq!(ct.exact().unwrap().as_slice(), [-950.4, -949.6]);
}

#[test]
fn a_value_beyond_sixteen_bits_is_kept_exactly() {
    let ct = Ct::from_exact(row(&[40000.0]));
    assert_eq!(ct.hu().as_slice(), [Hu(i16::MAX)]);
    assert_eq!(ct.exact().unwrap().as_slice(), [40000.0]);
}

#[test]
fn padding_and_impossible_numbers_are_not_measured() {
    let ct = Ct::from_exact(row(&[-2000.0, -1100.0, -900.0])).with_padding(Some(-1100..=-1090));
    assert!(!ct.is_measured(Hu(-2000)));
    assert!(!ct.is_measured(Hu(-1095)));
    assert!(ct.is_measured(Hu(-1101)));
    assert!(ct.is_measured(Hu(-900)));
}

#[test]
fn a_label_without_a_region_is_refused_by_name() {
    let grid = Grid::axial([1, 1, 2], [1.0; 3]).unwrap();
    let labels = Volume::from_vec(grid, vec![1, 7]).unwrap();
    let error = LabelMap::<Lung>::new(labels).unwrap_err();
    assert!(matches!(error, Error::UnknownLabel { label: 7, .. }));
    assert_eq!(
        error.to_string(),
        "the label map holds the number 7, known are 1 right_lung, 2 left_lung, 3 trachea_and_main_bronchi"
    );
}
