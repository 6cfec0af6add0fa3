//! The three directions in which a chest is looked at.

use std::ops::Range;

use hilum_core::Grid;

/// A direction of view, by radiological convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// From the feet: patient right on the left, front at the top.
    Axial,
    /// From the front: patient right on the left, head at the top.
    Coronal,
    /// From the left: front on the left, head at the top.
    Sagittal,
}

impl View {
    /// Key in file names.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Axial => "axial",
            Self::Coronal => "coronal",
            Self::Sagittal => "sagittal",
        }
    }

    /// Letters at the left, right, top and bottom edges of a picture.
    pub const fn letters(self) -> [char; 4] {
        match self {
            Self::Axial => ['R', 'L', 'A', 'P'],
            Self::Coronal => ['R', 'L', 'H', 'F'],
            Self::Sagittal => ['A', 'P', 'H', 'F'],
        }
    }

    /// Patient axis that a picture is a slice of: 0 x, 1 y, 2 z.
    pub(super) const fn through(self) -> usize {
        match self {
            Self::Axial => 2,
            Self::Coronal => 1,
            Self::Sagittal => 0,
        }
    }

    /// Patient axis along the columns of a picture, which rises to the right.
    const fn across(self) -> usize {
        match self {
            Self::Axial | Self::Coronal => 0,
            Self::Sagittal => 1,
        }
    }

    /// Patient axis along the rows of a picture, and whether it rises downwards.
    const fn down(self) -> (usize, bool) {
        match self {
            Self::Axial => (1, true),
            Self::Coronal | Self::Sagittal => (2, false),
        }
    }
}

/// One axis of a picture: the array axis it shows, which part of it, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Side {
    /// Array axis.
    pub(super) axis: usize,
    /// Indices shown.
    pub(super) range: Range<usize>,
    /// Whether indices fall from left to right or from top to bottom.
    pub(super) reversed: bool,
    /// Step in mm.
    pub(super) spacing: f64,
}

impl Side {
    /// Length shown, in mm.
    pub(super) fn extent(&self) -> f64 {
        self.range.len() as f64 * self.spacing
    }
}

/// How the slices of a grid lie in a picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// Array axis that slices are numbered along.
    pub(super) through: usize,
    /// Whether slice numbers rise with the patient coordinate.
    pub(super) rising: bool,
    /// From top to bottom.
    pub(super) rows: Side,
    /// From left to right.
    pub(super) columns: Side,
}

impl Layout {
    /// Pictures of the part of `grid` inside `shown`, `[k, j, i]`.
    pub(super) fn new(view: View, grid: &Grid, shown: &[Range<usize>; 3]) -> Self {
        let axes = grid.nearest_axes();
        let side = |(patient, towards): (usize, bool)| {
            let (axis, rising) = axes[patient];
            let spacing = grid.spacing()[axis];
            Side { axis, range: shown[axis].clone(), reversed: rising != towards, spacing }
        };
        let (through, rising) = axes[view.through()];
        Self { through, rising, rows: side(view.down()), columns: side((view.across(), true)) }
    }
}
