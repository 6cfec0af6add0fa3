//! Label maps in the numbers of other programs.

use hilum_core::{Grid, Hint, Lobe, Lung, Region, Volume};
use hilum_segment::{Error, Scheme};

/// The numbers of each scheme for RUL, RML, RLL, LUL, LLL, as its own documents give them.
const LOBES: [(Scheme, [u16; 5]); 5] = [
    (Scheme::Hilum, [1, 2, 3, 4, 5]),
    (Scheme::Lungmask, [3, 4, 5, 1, 2]),
    (Scheme::TotalSegmentator, [12, 13, 14, 10, 11]),
    (Scheme::Cip, [4, 5, 6, 7, 8]),
    (Scheme::Lola11, [20, 21, 22, 10, 11]),
];

fn map(numbers: &[u16]) -> Volume<u16> {
    let grid = Grid::axial([1, 1, numbers.len()], [1.0, 1.0, 1.0]).unwrap();
    Volume::from_vec(grid, numbers.to_vec()).unwrap()
}

#[test]
fn lobes_of_every_scheme_get_their_own_names() {
    for (scheme, numbers) in LOBES {
        let lobes = scheme.lobes(&map(&[&[0], &numbers[..]].concat())).unwrap();
        assert_eq!(lobes.at([0, 0, 0]), None);
        for (n, lobe) in Lobe::ALL.iter().enumerate() {
            assert_eq!(lobes.at([0, 0, n + 1]), Some(*lobe), "{scheme:?}");
        }
    }
}

#[test]
fn lungs_follow_from_lobes_where_a_scheme_has_no_others() {
    for (scheme, numbers) in LOBES.into_iter().skip(2) {
        let lungs = scheme.lungs(&map(&numbers)).unwrap();
        let right = Lung::Right.label();
        let left = Lung::Left.label();
        assert_eq!(lungs.as_slice(), [right, right, right, left, left], "{scheme:?}");
    }
    assert_eq!(Scheme::Lungmask.lungs(&map(&[0, 1, 2])).unwrap().as_slice(), [0, 1, 2]);
}

#[test]
fn other_organs_and_the_type_of_a_voxel_are_passed_over() {
    let total = map(&[0, 51, 117, 12, 13, 14, 10, 11, 16]);
    assert_eq!(
        Scheme::TotalSegmentator.lungs(&total).unwrap().as_slice(),
        [0, 0, 0, 1, 1, 1, 2, 2, 3]
    );
    let typed = map(&[0x309, 0x20c, 14, 10, 0, 0x200]);
    assert_eq!(Scheme::Cip.lungs(&typed).unwrap().as_slice(), [2, 1, 1, 2, 0, 0]);
}

#[test]
fn one_number_is_both_lungs() {
    for scheme in [Scheme::Hilum, Scheme::Lungmask, Scheme::Lola11] {
        assert_eq!(scheme.lungs(&map(&[0, 300, 300])).unwrap().as_slice(), [0, 1, 1]);
    }
    assert_eq!(Scheme::Cip.lungs(&map(&[0, 1, 1])).unwrap().as_slice(), [0, 1, 1]);
    assert_eq!(Scheme::Cip.lungs(&map(&[0, 2, 2])).unwrap().as_slice(), [0, 1, 1]);
    assert!(Scheme::TotalSegmentator.lungs(&map(&[0, 51])).is_err());
}

#[test]
fn numbers_of_another_program_are_refused_with_its_name() {
    let error = Scheme::Hilum.lobes(&map(&[0, 10, 11, 12, 13, 14])).unwrap_err();
    let Error::UnknownLabels { ref found, ref fitting, .. } = error else { panic!("{error}") };
    assert_eq!(found[..], [10, 11, 12, 13, 14]);
    assert_eq!(fitting[..], [Scheme::TotalSegmentator]);
    assert!(error.to_string().contains("10, 11, 12, 13, 14"), "{error}");
    assert!(error.hint().unwrap().contains("--labels totalsegmentator"));
    let empty = Scheme::Cip.lobes(&map(&[0, 0x200])).unwrap_err();
    assert!(matches!(empty, Error::UnknownLabels { .. }), "{empty}");
}
