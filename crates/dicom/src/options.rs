//! What to do where a series leaves a choice.

/// How [`Series::load_with`](crate::Series::load_with) makes a CT of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// What becomes of slices that are missing or unevenly spaced.
    pub uneven: Uneven,
}

/// What becomes of a stack whose slices are missing in places or unevenly spaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uneven {
    /// It is refused: nothing is measured that was not scanned.
    #[default]
    Refuse,
    /// Regular slices are made up between the measured ones, voxel by voxel in HU, linearly along
    /// the line on which the slices lie. A row `interpolated_slices` always tells.
    ///
    /// Where all gaps are whole multiples of the usual distance, only the missing slices are made
    /// up and the measured ones stay as they are. Otherwise the grid runs from the first to the
    /// last slice in steps as near as possible to the distance that nine in ten gaps reach, with
    /// at most eight times as many slices as were measured. Gaps of more than 30 mm are refused.
    Interpolate,
}
