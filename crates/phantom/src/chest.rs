//! The chest and its parameters.

use hilum_core::{Ct, Grid};
use nalgebra::{Matrix3, Point3, Vector3};

use crate::build::Build;
use crate::fissure::FissureShape;
use crate::lesion::Lesion;
use crate::model::Model;
use crate::render::{Drawing, draw};
use crate::scan::Scan;
use crate::truth::Truth;

/// A patient lying on the couch, arms up, at full inspiration.
///
/// ```
/// use hilum_phantom::Chest;
///
/// let chest = Chest { emphysema: 0.10, ..Chest::default() };
/// let (ct, truth) = chest.render(&Chest::grid([12.0, 6.0, 6.0]));
/// assert!(truth.figures.lungs_ml() > 4000.0);
/// assert_eq!(ct.grid(), truth.lungs.grid());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Chest {
    /// Decides trees, lesions, texture and noise.
    pub seed: u64,
    /// Size relative to the default adult; volumes go with its cube.
    pub scale: f64,
    /// Share of the volume of the lungs that is emphysema, 0 to about 0.3; the
    /// truth says what was reached.
    pub emphysema: f64,
    /// Number of bullae beneath the pleura of the apices; their volume is part of `emphysema`.
    pub bullae: usize,
    /// CT number of lung tissue halfway between front and back, without vessels.
    pub parenchyma: f64,
    /// Rise of the density of lung tissue from front to back, in HU per mm.
    pub gravity: f64,
    /// Rise of the density in the hindmost lung, whose blood lies there, in HU at its back: 0 to 150.
    pub dependent: f64,
    /// How many times as wide bronchi are within fibrosis, where they also run on towards the pleura; 1 is none.
    pub traction: f64,
    /// How many times as thick the walls of the bronchi in the lungs are.
    pub bronchial_walls: f64,
    /// CT number that a contrast agent adds to blood.
    pub contrast: f64,
    /// Shares of the area of the right oblique, right horizontal and left oblique fissure that
    /// are there.
    pub fissures: [f64; 3],
    /// Thickness of a fissure in mm.
    pub fissure_thickness: f64,
    /// How the fissures run.
    pub fissure_shape: FissureShape,
    /// How the body differs from the default adult's.
    pub build: Build,
    /// Disease other than emphysema; later ones lie over earlier ones.
    pub lesions: Vec<Lesion>,
    /// Scanner.
    pub scan: Scan,
}

impl Default for Chest {
    fn default() -> Self {
        Self {
            seed: 1,
            scale: 1.0,
            emphysema: 0.06,
            bullae: 0,
            parenchyma: -880.0,
            gravity: 0.2,
            dependent: 0.0,
            traction: 1.0,
            bronchial_walls: 1.0,
            contrast: 0.0,
            fissures: [1.0, 0.7, 1.0],
            fissure_thickness: 0.4,
            fissure_shape: FissureShape::default(),
            build: Build::default(),
            lesions: Vec::new(),
            scan: Scan::default(),
        }
    }
}

impl Chest {
    /// Axial slices of `spacing` `[k, j, i]` mm over the whole chest of scale 1 and the couch,
    /// feet to head: 400 mm across and 350 mm high.
    ///
    /// # Panics
    ///
    /// If a spacing is not positive.
    pub fn grid(spacing: [f64; 3]) -> Grid {
        let shape = [0, 1, 2].map(|n| (EXTENT[n] / spacing[n]).round() as usize);
        Self::grid_of(shape)
    }

    /// Axial slices over the same extent as [`Chest::grid`], `shape` is `[k, j, i]`.
    ///
    /// # Panics
    ///
    /// If a number of voxels is 0.
    pub fn grid_of(shape: [usize; 3]) -> Grid {
        let [dk, dj, di] = [0, 1, 2].map(|n| EXTENT[n] / shape[n] as f64);
        let axes = Matrix3::from_columns(&[
            Vector3::new(0.0, 0.0, dk),
            Vector3::new(0.0, dj, 0.0),
            Vector3::new(di, 0.0, 0.0),
        ]);
        let origin = Point3::new(CORNER[2] + di / 2.0, CORNER[1] + dj / 2.0, CORNER[0] + dk / 2.0);
        Grid::new(shape, origin, axes).expect("positive steps along the axes span a volume")
    }

    /// Axial slices of `spacing` `[k, j, i]` mm over this patient, whatever its size and build, and
    /// the couch.
    ///
    /// # Panics
    ///
    /// If a spacing is not positive.
    pub fn own_grid(&self, spacing: [f64; 3]) -> Grid {
        let [width, depth, height] = self.build.proportions.map(|share| share * self.scale);
        let stretch = [height, depth, width];
        let shape = [0, 1, 2].map(|n| (EXTENT[n] * stretch[n] / spacing[n]).round() as usize);
        let whole = Self::grid_of(shape);
        let origin = Point3::new(
            whole.origin().x * width,
            whole.origin().y * depth,
            whole.origin().z * height,
        );
        let axes = whole.axes() * Matrix3::from_diagonal(&Vector3::from(stretch));
        Grid::new(shape, origin, axes).expect("stretched steps along the axes span a volume")
    }

    /// The image on a grid anywhere in patient space, whose origin is the carina of this patient.
    pub fn image(&self, grid: &Grid) -> Ct {
        self.render(grid).0
    }

    /// What is known of the patient, on a grid anywhere in patient space.
    pub fn truth(&self, grid: &Grid) -> Truth {
        self.render(grid).1
    }

    /// Image and truth at once.
    pub fn render(&self, grid: &Grid) -> (Ct, Truth) {
        let model = Model::new(self);
        let Drawing { hu, codes } = draw(self, &model, grid);
        let noiseless = self.scan.blur_across(hu);
        let ct = self.scan.image(&noiseless, self.seed);
        let stretch = self.build.proportions.map(|share| share * self.scale);
        let truth = Truth::new(&ct, &codes, noiseless, &model, stretch);
        (ct, truth)
    }
}

/// Extent of the standard grid in mm, `[k, j, i]`.
const EXTENT: [f64; 3] = [350.0, 400.0, 400.0];

/// Its lowest, foremost and rightmost corner.
const CORNER: [f64; 3] = [-238.0, -180.0, -200.0];
