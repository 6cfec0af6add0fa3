//! What a reader must know about the maps.

use hilum_core::{Grid, Quality};

use crate::patterns::frame::Frame;
use crate::patterns::scene::Scene;

/// Longest step in mm at which nets and cysts are told, and from which on with a word of warning: cysts
/// of 3 to 10 mm and septa of 1 mm melt into haze in thicker slices.
const TEXTURE: [f64; 2] = [2.5, 3.0];
/// Longest step in mm at which anything is told.
pub(crate) const LONGEST: f64 = 10.0;
/// Curvature in HU that noise makes (a standard deviation) from which on nets cannot be told.
const NOISY: f32 = 40.0;
/// Density in HU between vessels of the whole lung, half-way between front and back, above which it was
/// not taken on deep inspiration or is hazy all over.
const DENSE: f32 = -780.0;
/// Slices that are needed to see anything in space.
const SLICES: usize = 3;

/// Longest step of a grid in mm.
pub(crate) fn longest(grid: &Grid) -> f64 {
    grid.spacing().into_iter().fold(0.0, f64::max)
}

/// Says whether nets and cysts can be told at all.
pub(crate) fn shows_texture(frame: &Frame, noise: f32) -> bool {
    longest(&frame.grid) <= TEXTURE[1] && noise < NOISY
}

/// All rows, in a fixed order.
pub(crate) fn checks(scene: &Scene, frame: &Frame, noise: f32, middle: f32) -> Vec<Quality> {
    let step = longest(&frame.grid);
    let rows = [thickness(step), noisy(noise), slices(frame), dense(middle), anatomy(scene)];
    rows.into_iter().flatten().collect()
}

fn thickness(step: f64) -> Option<Quality> {
    let [thin, thick] = TEXTURE;
    if step > thick {
        return Some(Quality::refused(
            "pattern_texture",
            format!(
                "voxels are {step:.1} mm long, wanted at most {thick:.1}: reticular pattern and honeycombing were not looked for"
            ),
        ));
    }
    (step > thin).then(|| {
        Quality::warning(
            "pattern_texture",
            format!("voxels are {step:.1} mm long, wanted at most {thin:.1}: fine nets and small cysts may pass for ground glass or normal lung"),
        )
    })
}

fn noisy(noise: f32) -> Option<Quality> {
    (noise >= NOISY).then(|| {
        Quality::refused(
            "pattern_noise",
            format!("noise bends the density by {noise:.0} HU, wanted less than {NOISY:.0}: reticular pattern and honeycombing were not looked for"),
        )
    })
}

fn slices(frame: &Frame) -> Option<Quality> {
    let found = frame.grid.shape()[0];
    (found < SLICES).then(|| {
        Quality::warning(
            "pattern_slices",
            format!("{found} slices show lung, wanted at least {SLICES}: a line cannot be told from a sheet, and shares are those of the slices"),
        )
    })
}

fn dense(middle: f32) -> Option<Quality> {
    (middle > DENSE).then(|| {
        Quality::warning(
            "pattern_baseline",
            format!("the lung between vessels has {middle:.0} HU, wanted at most {DENSE:.0}: not a deep breath, or haze all over; ground glass is told against this density"),
        )
    })
}

fn anatomy(scene: &Scene) -> Option<Quality> {
    let missing: Vec<&str> =
        [(scene.vessels.is_none(), "vessels"), (scene.airways.is_none(), "airways")]
            .into_iter()
            .filter_map(|(missing, name)| missing.then_some(name))
            .collect();
    (!missing.is_empty()).then(|| {
        Quality::info(
            "pattern_anatomy",
            format!(
                "{} not given: what is thick and dense is taken for vessel, and bronchi for lung",
                missing.join(" and ")
            ),
        )
    })
}
