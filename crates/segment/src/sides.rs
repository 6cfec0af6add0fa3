//! Labels of lungs as the numbers that maps hold.

use hilum_core::{Lung, Region};

/// Says whether a number stands for either lung.
pub(crate) fn is_lung(label: u8) -> bool {
    label == Lung::Right.label() || label == Lung::Left.label()
}
