//! Pictures to print.

use hilum_kernel::par;

use super::{
    canvas::Canvas,
    scene::{Edges, Scene},
    view::{Layout, View},
};
use crate::Error;

/// A picture to print: grey image, outline, hatching, letters and a scale bar in one PNG.
#[derive(Clone, Debug, PartialEq)]
pub struct Still {
    /// Key in file names, e.g. `sagittal_right`.
    pub key: &'static str,
    /// Direction of view.
    pub view: View,
    /// What is seen, in a phrase.
    pub title: &'static str,
    /// Patient coordinate of the slice along its normal, in mm (LPS).
    pub position: f64,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// The picture.
    pub png: Vec<u8>,
}

/// A still before it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) key: &'static str,
    pub(super) view: View,
    pub(super) title: &'static str,
    pub(super) index: usize,
}

/// Makes all stills in one scale.
pub(super) fn stills(scene: &Scene<'_>) -> Result<Vec<Still>, Error> {
    let (plans, pixel) = (plans(scene), pixel(scene));
    par::try_collect(plans.len(), |n| still(scene, &plans[n], pixel))
}

/// Size of a pixel in mm, with which every still fits.
pub(super) fn pixel(scene: &Scene<'_>) -> f64 {
    let layouts = [View::Coronal, View::Sagittal, View::Axial].map(|view| scene.layout(view));
    let extents = layouts.iter().flat_map(|l| [l.rows.extent(), l.columns.extent()]);
    extents.fold(0.0, f64::max) / scene.options.still_pixels.max(1) as f64
}

/// Coronal, sagittal right and left, axial upper, middle and lower.
pub(super) fn plans(scene: &Scene<'_>) -> [Plan; 6] {
    let [coronal, sagittal, axial] =
        &[View::Coronal, View::Sagittal, View::Axial].map(|view| scene.layout(view));
    let plan = |key, view, title, index| Plan { key, view, title, index };
    let largest = |layout: &Layout, sides: &[usize]| scene.extent.largest(layout.through, sides);
    let from_head = |share: f64| {
        let below = if axial.rising { 1.0 - share } else { share };
        scene.extent.quantile(axial.through, below)
    };
    let third = |key, title, share| plan(key, View::Axial, title, from_head(share));
    [
        plan("coronal", View::Coronal, "Coronal, largest lung area", largest(coronal, &[0, 1])),
        plan("sagittal_right", View::Sagittal, "Sagittal, right lung", largest(sagittal, &[0])),
        plan("sagittal_left", View::Sagittal, "Sagittal, left lung", largest(sagittal, &[1])),
        third("axial_upper", "Axial, middle of the upper third", 1.0 / 6.0),
        third("axial_middle", "Axial, middle of the lungs", 0.5),
        third("axial_lower", "Axial, middle of the lower third", 5.0 / 6.0),
    ]
}

/// The still of an image of one axial slice.
pub(super) fn slice(scene: &Scene<'_>) -> Result<Still, Error> {
    let plan = Plan { key: "slice", view: View::Axial, title: "The slice", index: 0 };
    still(scene, &plan, pixel(scene))
}

fn still(scene: &Scene<'_>, plan: &Plan, pixel: f64) -> Result<Still, Error> {
    let layout = scene.layout(plan.view);
    let slice = scene.slice(&layout, plan.index, pixel, Edges::Smooth);
    let mut canvas = Canvas::new(&slice);
    finish(scene, plan, &mut canvas, pixel)
}

/// Letters, scale bar, place and file of a picture whose pixels are drawn.
pub(super) fn finish(
    scene: &Scene<'_>,
    plan: &Plan,
    canvas: &mut Canvas,
    pixel: f64,
) -> Result<Still, Error> {
    let layout = scene.layout(plan.view);
    canvas.letters(plan.view.letters());
    canvas.scale_bar(pixel);
    let grid = scene.ct.grid();
    let mut middle = grid.shape().map(|n| (n as f64 - 1.0) / 2.0);
    middle[layout.through] = plan.index as f64;
    Ok(Still {
        key: plan.key,
        view: plan.view,
        title: plan.title,
        position: grid.point(middle)[plan.view.through()],
        width: canvas.width(),
        height: canvas.height(),
        png: canvas.png(plan.key)?,
    })
}
