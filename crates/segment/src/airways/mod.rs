//! The tree of the airways: lumen, centrelines, calibres and walls.

mod air;
mod axis;
mod course;
mod edge;
mod enclosure;
mod field;
mod front;
mod graft;
mod grow;
mod label;
mod lateral;
mod lumen;
mod names;
mod options;
mod pi10;
mod prune;
mod reach;
mod record;
mod rows;
mod section;
mod traction;
mod tree;
mod walls;
mod wander;

pub use label::AirwayLabel;
pub use options::AirwayOptions;
pub use tree::{AirwayTree, Branch, WallFigures};

use hilum_core::{Ct, Lung, Mask, Measurement, Quality};

use crate::error::Error;
use crate::thorax::Thorax;
use crate::upright::Upright;

use self::course::{Course, Places};
use self::field::Field;
use self::grow::{Grown, grow};
use self::prune::prune;
use self::reach::Reach;

/// The airway of a chest CT.
#[derive(Clone, Debug, PartialEq)]
pub struct Airways {
    /// Lumen of trachea and bronchi as far as they could be followed, on the grid of the image.
    pub lumen: Mask,
    /// Centrelines and calibres.
    pub tree: AirwayTree,
    /// Numbers about the whole tree.
    pub measurements: Vec<Measurement>,
    /// What a reader must know about them.
    pub quality: Vec<Quality>,
}

/// Follows the airway from the trachea that `thorax` found to the smallest bronchi that the image
/// shows.
///
/// # Errors
///
/// [`Error::Domain`] if the image and `thorax` lie on different grids.
pub fn airways(ct: &Ct, thorax: &Thorax, options: &AirwayOptions) -> Result<Airways, Error> {
    ct.require_same(thorax.lungs.grid(), "the lungs")?;
    let upright = Upright::of(ct.grid());
    let Some(field) = Field::of(ct, thorax, &upright) else {
        return Ok(nothing(thorax));
    };
    let growth = grow(&field);
    let (leaks, depth) = (growth.leaks, growth.depth);
    let area = |shell: &front::Shell| shell.len() as f64 * field.grid().voxel_volume() / depth;
    let draft = Draft { field: &field, upright: &upright, ct, depth, walls: options.walls };
    let Sound { branches, mut tree, doubtful } = draft.sound(prune(growth, area));
    let reach = Reach::of(&tree, &field, &upright, depth);
    let lumen = lumen::lumen(&branches, &reach, &draft.places(), &field);
    let lumen = lumen::on_image(&lumen, &field, ct, thorax, &upright);
    names::name(&mut tree);
    let step = ct.grid().voxel_volume().cbrt();
    let mut measurements = rows::measurements(&tree, lumen.millilitres());
    measurements.retain(|row| options.walls || !row.key.starts_with("airway_wall"));
    let quality = rows::quality(&tree, [leaks, doubtful], step, options.walls);
    Ok(Airways { lumen, tree, measurements, quality })
}

/// A branch is certain if a wall stands around so much of it.
const WALLED: f64 = 0.6;
/// Less of it shows in thick slices: by so much for each mm.
const THICK: f64 = 0.08;
/// Trachea and main bronchi are certain, and at least so many mm wide.
const MAIN: f64 = 6.0;

fn is_certain(branch: &Branch, depth: f64) -> bool {
    let least = WALLED - THICK * f64::from(grow::excess(depth as f32));
    let is_main = branch.generation < 2 && branch.diameter_mm() >= MAIN;
    is_main || branch.walled >= least
}

/// What turns swept branches into a measured tree.
struct Draft<'a> {
    field: &'a Field,
    upright: &'a Upright,
    ct: &'a Ct,
    depth: f64,
    walls: bool,
}

impl Draft<'_> {
    fn places(&self) -> Places {
        let grid = self.field.grid();
        Places { shape: grid.shape(), spacing: grid.spacing(), depth: self.depth }
    }

    /// What is certain and runs on of some branches.
    fn sound(&self, branches: Vec<Grown>) -> Sound {
        let tree = self.tree(&branches);
        let certain: Vec<bool> =
            tree.branches().iter().map(|branch| is_certain(branch, self.depth)).collect();
        let (branches, blind) = prune::without_doubtful(branches, &certain);
        let tree = self.tree(&branches);
        let runs_on = wander::runs_on(&tree);
        if !runs_on.contains(&false) {
            return Sound { branches, tree, doubtful: blind };
        }
        let (branches, lost) = prune::without_doubtful(branches, &runs_on);
        let tree = self.tree(&branches);
        Sound { branches, tree, doubtful: blind + lost }
    }

    fn tree(&self, branches: &[Grown]) -> AirwayTree {
        let volume = self.field.grid().voxel_volume();
        let area = |shell: &front::Shell| shell.len() as f64 * volume / self.depth;
        let places = self.places();
        let mut divides = vec![false; branches.len()];
        branches.iter().filter_map(|branch| branch.parent).for_each(|n| divides[n] = true);
        let course = |(branch, divides)| Course::of(branch, divides, &places, area);
        let courses: Vec<Course> = branches.iter().zip(divides).map(course).collect();
        let mut tree =
            AirwayTree::new(axis::branches(branches, &courses, self.field, self.upright));
        walls::measure(&mut tree, self.ct, self.walls);
        tree
    }
}

/// What is certain of swept branches.
struct Sound {
    branches: Vec<Grown>,
    tree: AirwayTree,
    /// Number of branches that were left out.
    doubtful: usize,
}

/// The answer where no trachea is known.
fn nothing(thorax: &Thorax) -> Airways {
    let message = "no trachea is known from which to follow the airway, wanted one in the map of the lungs; the airway tree is absent";
    Airways {
        lumen: thorax.lungs.mask(Lung::Airway),
        tree: AirwayTree::default(),
        measurements: Vec::new(),
        quality: vec![Quality::refused("airways_not_found", message)],
    }
}
