//! The tree of the airways as a graph of centrelines.

use hilum_core::Lobe;
use nalgebra::Point3;

use super::label::AirwayLabel;

/// A piece of the airway between two branching points.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The branch out of which this one comes; `None` for the trachea. Parents have lower numbers
    /// than their children.
    pub parent: Option<usize>,
    /// Branching points between here and the top of the trachea: 0 the trachea, 1 a main bronchus.
    pub generation: usize,
    /// What it is called, where this is certain.
    pub label: Option<AirwayLabel>,
    /// Points on its axis (LPS, mm), about a millimetre apart, from the parent's axis outwards.
    pub centreline: Vec<Point3<f64>>,
    /// Inner diameter in mm at each point of the centreline: of a disc with the area of the lumen.
    pub diameters: Vec<f64>,
    /// Length of the centreline in mm.
    pub length_mm: f64,
    /// Share of the centreline about which a wall could be seen all around, 0 to 1: how certain
    /// the branch is.
    pub walled: f64,
    /// Lumen and wall in cross-section, where enough of the wall could be measured.
    pub wall: Option<WallFigures>,
}

impl Branch {
    /// Median inner diameter in mm, 0 where there is no centreline.
    pub fn diameter_mm(&self) -> f64 {
        let mut sorted = self.diameters.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
    }
}

/// Lumen and wall of a branch: medians over the cross-sections of its middle part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WallFigures {
    /// Inner diameter in mm, of a disc with the area of the lumen.
    pub lumen_diameter_mm: f64,
    /// Area of the lumen in mm².
    pub lumen_area_mm2: f64,
    /// Inner perimeter in mm.
    pub perimeter_mm: f64,
    /// Area of the wall in mm².
    pub wall_area_mm2: f64,
    /// Thickness of the wall in mm.
    pub thickness_mm: f64,
    /// Share of the wall in the area within its outer edge, in per cent.
    pub wall_percent: f64,
    /// Number of cross-sections.
    pub sections: usize,
}

/// Branches of the airway, parents before their children.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AirwayTree {
    branches: Vec<Branch>,
}

impl AirwayTree {
    /// A tree of branches, parents before their children.
    pub(crate) fn new(branches: Vec<Branch>) -> Self {
        Self { branches }
    }

    /// All branches; the first is the trachea.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    pub(crate) fn branches_mut(&mut self) -> &mut [Branch] {
        &mut self.branches
    }

    /// Numbers of the branches that come out of a branch.
    pub fn children(&self, branch: usize) -> impl Iterator<Item = usize> + '_ {
        let own = self.branches.iter().enumerate().filter(move |(_, b)| b.parent == Some(branch));
        own.map(|(number, _)| number)
    }

    /// The branch with a label, the one nearest to the trachea if several pieces share it.
    pub fn labelled(&self, label: AirwayLabel) -> Option<usize> {
        self.branches.iter().position(|branch| branch.label == Some(label))
    }

    /// The lobe that a branch leads air to: that of the nearest label on the way to the trachea.
    pub fn lobe(&self, branch: usize) -> Option<Lobe> {
        let mut here = Some(branch);
        while let Some(number) = here {
            let branch = &self.branches[number];
            if branch.label.is_some() {
                return branch.label.and_then(AirwayLabel::lobe);
            }
            here = branch.parent;
        }
        None
    }

    /// Length of all centrelines in mm.
    pub fn length_mm(&self) -> f64 {
        self.branches.iter().map(|branch| branch.length_mm).sum()
    }
}
