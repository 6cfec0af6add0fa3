//! Sick lung: what disease makes of its tissue.

use nalgebra::Point3;

use crate::code::Code;
use crate::lesion::{Disease, Lesion};
use crate::model::Model;
use crate::paint::Palette;
use crate::random::Stream;
use crate::weave::Patch;

/// Stream of random numbers for the places of cysts.
const CYSTS: u64 = 15;
/// Mean distance in mm between the middles of cysts.
const PITCH: f64 = 7.0;
/// Half the thickness in mm of the walls between them.
const WALL: f64 = 0.4;
/// Samples of texture for each mm of ground glass: clouds of 1 to 2 cm. Much longer ones would lift or lower all
/// of a lobe, which was asked to have a density on average.
const CLOUDS: f64 = 0.25;
/// CT number in a cyst.
const CYST: f64 = -960.0;

impl Model {
    /// Share of a place that a lesion takes, 0 to 1.
    pub(crate) fn share(&self, lesion: &Lesion, p: Point3<f64>) -> f64 {
        let scaled = lesion.scaled(self.inner(p));
        if scaled > 1.5 || !self.is_home(lesion, p) {
            return 0.0;
        }
        let uneven = 2.5 * self.tile.around(p, 6.0);
        let depth = self.depth(p);
        let spared = if lesion.sparing > 0.0 { lesion.sparing - depth } else { f64::NEG_INFINITY };
        let below = (depth - lesion.depth).max(spared);
        if let Some(share) = lesion.lobules {
            let taken = self.is_taken_lobule(lesion, p, share);
            let edge = if taken { below + uneven } else { f64::INFINITY };
            return (0.5 - edge / LOBULAR_EDGE).clamp(0.0, 1.0);
        }
        let radius = lesion.radii.into_iter().fold(f64::INFINITY, f64::min);
        let edge = ((scaled - 1.0) * radius).max(below) + uneven;
        (0.5 - edge / softness(lesion.disease)).clamp(0.0, 1.0)
    }

    /// Says whether painted disease has a place.
    pub(crate) fn is_sick(&self, p: Point3<f64>) -> bool {
        self.painted.iter().any(|lesion| self.share(lesion, p) > 0.5)
    }
}

/// Width in mm of the inner edge of a disease that takes whole lobules.
const LOBULAR_EDGE: f64 = 3.0;

/// Width in mm of the edge of a disease.
fn softness(disease: Disease) -> f64 {
    if disease == Disease::Consolidation { 2.5 } else { 7.0 }
}

impl Palette<'_> {
    /// CT number of lung tissue without tubes and holes, and the code of what is sick about it.
    pub(crate) fn tissue(&self, p: Point3<f64>) -> (f32, u16) {
        let healthy = self.parenchyma(p);
        let (mut hu, mut code) = (healthy, 0);
        for lesion in &self.model.painted {
            let patch = self.patch(lesion, p, healthy);
            if patch.share > 0.0 {
                hu += (patch.hu as f32 - hu) * patch.share as f32;
            }
            if patch.share > 0.5 {
                code = Code::of_disease(Some(lesion.disease), patch.hole);
            }
        }
        let bulla = self.model.in_bulla(p);
        (hu, if bulla { Code::of_disease(Some(Disease::Bulla), false) } else { code })
    }

    /// What a lesion makes of a place.
    fn patch(&self, lesion: &Lesion, p: Point3<f64>, healthy: f32) -> Patch {
        self.woven(lesion, p, healthy).unwrap_or_else(|| {
            let share = self.model.share(lesion, p);
            let hu = if share > 0.0 { self.sick(lesion, p, healthy) } else { 0.0 };
            Patch { share, hu: f64::from(hu), hole: lesion.disease == Disease::Panlobular }
        })
    }

    /// CT number in the midst of a lesion.
    fn sick(&self, lesion: &Lesion, p: Point3<f64>, healthy: f32) -> f32 {
        let own = lesion.hu as f32;
        match lesion.disease {
            Disease::GroundGlass => {
                own + (healthy - self.chest.parenchyma as f32) + 40.0 * self.texture(p, CLOUDS)
            }
            Disease::Reticulation => healthy + (own - healthy) * self.net(p),
            Disease::Honeycombing => {
                let wall = self.cyst_wall(p);
                CYST as f32 + (own - CYST as f32) * wall
            }
            _ => own + 7.0 * self.texture(p, 0.5),
        }
    }

    /// Share of thickened septa: sheets about 1 mm thick and some 6 to 9 mm apart.
    fn net(&self, p: Point3<f64>) -> f32 {
        let from_sheet = self.texture(p, 0.36).abs();
        (1.2 - from_sheet / 0.2).clamp(0.0, 1.0)
    }

    /// Share of the walls between cysts: what is about as far from the two nearest middles.
    fn cyst_wall(&self, p: Point3<f64>) -> f32 {
        let stream = Stream::new(self.chest.seed, CYSTS);
        let cell = [p.x, p.y, p.z].map(|c| (c / PITCH).floor() as i64);
        let (mut first, mut second) = (f64::INFINITY, f64::INFINITY);
        for n in 0..27_i64 {
            let near = [cell[0] + n % 3 - 1, cell[1] + n / 3 % 3 - 1, cell[2] + n / 9 - 1];
            let own = Stream::within(stream, stream.voxel_bits(near));
            let at = |axis: usize| PITCH * (near[axis] as f64 + own.uniform(axis as u64));
            let distance = (p - Point3::new(at(0), at(1), at(2))).norm();
            (first, second) = (first.min(distance), second.min(distance.max(first)));
        }
        (0.5 - ((second - first) / 2.0 - WALL)).clamp(0.0, 1.0) as f32
    }
}
