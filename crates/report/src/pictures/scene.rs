//! What all pictures of a report share.

use std::ops::Range;

use hilum_core::{Ct, Hu, LabelMap, Lung, Region};
use ndarray::{Array2, ArrayView2, Zip};

use super::{
    choose::Extent,
    options::PictureOptions,
    overlay::{AERATED, ANATOMICAL, LOW, Mark, Pen, marks},
    plane::plane,
    taps::{Taps, nearest, pixels},
    view::{Layout, View},
};

/// Image, label maps, and where the lungs lie in them.
pub(super) struct Scene<'a> {
    pub(super) ct: &'a Ct,
    aerated: &'a LabelMap<Lung>,
    anatomical: &'a LabelMap<Lung>,
    pub(super) options: &'a PictureOptions,
    pub(super) extent: Extent,
    /// The part of the grid that pictures show, `[k, j, i]`.
    pub(super) shown: [Range<usize>; 3],
}

/// A slice as pixels, row by row from the top left.
pub(super) struct Slice {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Brightness from 0 to 1.
    pub(super) grey: Vec<f32>,
    pub(super) marks: Vec<Mark>,
}

/// How label maps become pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edges {
    /// Each pixel shows the voxel in its middle.
    Exact,
    /// Edges are interpolated between voxels, for pixels much smaller than voxels.
    Smooth,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        ct: &'a Ct,
        aerated: &'a LabelMap<Lung>,
        anatomical: &'a LabelMap<Lung>,
        options: &'a PictureOptions,
    ) -> Self {
        let extent = Extent::new(anatomical);
        let shown = extent.shown(ct.grid().spacing(), options.margin);
        Self { ct, aerated, anatomical, options, extent, shown }
    }

    /// How a view of the shown part is laid out.
    pub(super) fn layout(&self, view: View) -> Layout {
        Layout::new(view, self.ct.grid(), &self.shown)
    }

    /// Slice number `index` of a layout, with pixels of `pixel` mm.
    pub(super) fn slice(&self, layout: &Layout, index: usize, pixel: f64, edges: Edges) -> Slice {
        let (rows, columns) = (Taps::new(&layout.rows, pixel), Taps::new(&layout.columns, pixel));
        let grey = self.grey(layout, index, &rows, &columns);
        let found = self.found(layout, index);
        let (found, pen) = match edges {
            Edges::Exact => (nearest(&found.view(), &rows, &columns), Pen::FINE),
            Edges::Smooth => (smooth(&found, &rows, &columns), Pen::BROAD),
        };
        let (width, height) = (columns.pixels(), rows.pixels());
        Slice { width, height, grey, marks: marks(&found, width, pen) }
    }

    /// Brightness of a slice from 0 to 1, pixel by pixel.
    pub(super) fn grey(
        &self,
        layout: &Layout,
        index: usize,
        rows: &Taps,
        columns: &Taps,
    ) -> Vec<f32> {
        let [black, white] = self.options.window.map(|hu| hu as f32);
        let hu = plane(self.ct.hu(), layout, index);
        let mut grey = pixels(&hu, |hu| f32::from(hu.0), rows, columns);
        for value in &mut grey {
            *value = ((*value - black) / (white - black)).clamp(0.0, 1.0);
        }
        grey
    }

    /// What was found at each voxel of a slice, as bits.
    fn found(&self, layout: &Layout, index: usize) -> Array2<u8> {
        let lungs = [self.aerated, self.anatomical].map(|map| plane(map.labels(), layout, index));
        let mut found = Array2::zeros(lungs[0].raw_dim());
        Zip::from(&mut found).and(&lungs[0]).and(&lungs[1]).for_each(
            |found, aerated, anatomical| {
                let bit = |label: u8, bit: u8| if is_lung(label) { bit } else { 0 };
                *found = bit(*aerated, AERATED) | bit(*anatomical, ANATOMICAL);
            },
        );
        let hu: ArrayView2<'_, Hu> = plane(self.ct.hu(), layout, index);
        match self.ct.exact() {
            None => self.add_low(&mut found, &hu, &hu, |hu| f64::from(*hu)),
            Some(exact) => {
                self.add_low(&mut found, &hu, &plane(exact, layout, index), |hu| f64::from(*hu));
            }
        }
        found
    }

    /// Marks aerated lung that is low in attenuation, judged by the exact numbers.
    fn add_low<T>(
        &self,
        found: &mut Array2<u8>,
        hu: &ArrayView2<'_, Hu>,
        exact: &ArrayView2<'_, T>,
        number: impl Fn(&T) -> f64,
    ) {
        Zip::from(found).and(hu).and(exact).for_each(|found, hu, exact| {
            let inside = *found & AERATED != 0 && self.ct.is_measured(*hu);
            if inside && self.options.is_low(number(exact)) {
                *found |= LOW;
            }
        });
    }
}

/// What at least half of each pixel is.
fn smooth(found: &Array2<u8>, rows: &Taps, columns: &Taps) -> Vec<u8> {
    let share = |bit: u8| {
        pixels(&found.view(), |found| if found & bit == 0 { 0.0 } else { 1.0 }, rows, columns)
    };
    let mut bits = vec![0; rows.pixels() * columns.pixels()];
    for bit in [AERATED, ANATOMICAL, LOW] {
        for (bits, share) in bits.iter_mut().zip(share(bit)) {
            *bits |= if share >= 0.5 { bit } else { 0 };
        }
    }
    bits
}

/// Right or left lung; the large airways are not.
fn is_lung(label: u8) -> bool {
    label == Lung::Right.label() || label == Lung::Left.label()
}
