//! Axial slices to scroll through.

use hilum_kernel::par;

use super::{
    encode,
    scene::{Edges, Scene},
    view::{Layout, View},
};
use crate::Error;

/// Axial slices from head to feet, thinned out evenly if there are many.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Size of a pixel in mm.
    pub pixel: f64,
    /// Every how manieth slice of the image is shown; 1 is all.
    pub every: usize,
    /// Slices of the image, shown or not.
    pub slices: usize,
    /// CT numbers in HU that are black and white.
    pub window: [f64; 2],
    /// The slices.
    pub frames: Vec<Frame>,
}

/// One axial slice: the image, and what is drawn over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Number of the slice from the head, 1 is the topmost.
    pub number: usize,
    /// Patient coordinate z of the slice's middle, in mm.
    pub z: f64,
    /// The image, 8-bit grey, as JPEG.
    pub grey: Vec<u8>,
    /// Outline and hatching on a transparent ground, as PNG.
    pub overlay: Vec<u8>,
}

/// Transparent, outline, low attenuation, rim.
const PALETTE: [[u8; 3]; 4] = [[0; 3], super::canvas::OUTLINE, super::canvas::LOW, [0; 3]];

/// Makes the stack, one slice at a time on each thread.
pub(super) fn stack(scene: &Scene<'_>) -> Result<Stack, Error> {
    let layout = scene.layout(View::Axial);
    let longest = layout.rows.extent().max(layout.columns.extent());
    let pixel = longest / scene.options.stack_pixels.max(1) as f64;
    let slices = scene.ct.grid().shape()[layout.through];
    let shown = scene.extent.range(layout.through);
    let every = shown.len().div_ceil(scene.options.most_frames.max(1)).max(1);
    let mut indices: Vec<usize> = shown.step_by(every).collect();
    if layout.rising {
        indices.reverse();
    }
    let frames = par::try_collect(indices.len(), |n| frame(scene, &layout, indices[n], pixel))?;
    let [width, height] = [&layout.columns, &layout.rows]
        .map(|side| (side.extent() / pixel).round().max(1.0) as usize);
    Ok(Stack { width, height, pixel, every, slices, window: scene.options.window, frames })
}

fn frame(scene: &Scene<'_>, layout: &Layout, index: usize, pixel: f64) -> Result<Frame, Error> {
    let slice = scene.slice(layout, index, pixel, Edges::Exact);
    let (width, height) = (slice.width, slice.height);
    let grey: Vec<u8> = slice.grey.iter().map(|grey| (grey * 255.0 + 0.5) as u8).collect();
    let marks: Vec<u8> = slice.marks.iter().map(|mark| *mark as u8).collect();
    let overlay =
        encode::Indexed { width, height, palette: &PALETTE, opacity: &[0], pixels: &marks };
    let slices = scene.ct.grid().shape()[layout.through];
    Ok(Frame {
        number: if layout.rising { slices - index } else { index + 1 },
        z: middle(scene, layout.through, index),
        grey: encode::jpeg("slice of the stack", &grey, [width, height])?,
        overlay: encode::png("overlay of the stack", &overlay)?,
    })
}

/// Patient coordinate z in the middle of a slice.
fn middle(scene: &Scene<'_>, through: usize, index: usize) -> f64 {
    let grid = scene.ct.grid();
    let mut voxel = grid.shape().map(|n| (n as f64 - 1.0) / 2.0);
    voxel[through] = index as f64;
    grid.point(voxel).z
}
