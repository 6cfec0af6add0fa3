//! Single images, whatever they are of.

use crate::Error;
use crate::frame::Opened;
use crate::series::Series;
use crate::slice::Slice;

/// One image of a series, CT or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Frame of its file, from 1.
    pub frame: usize,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Row by row, rescaled as the file says: HU for a CT.
    pub values: Vec<f32>,
    /// Whether its compressed stream had to be repaired.
    pub repaired: bool,
}

impl Series {
    /// The images of the series one by one, in the order in which they were found. Unlike
    /// [`Series::load`] this asks for no stack and no CT: it serves for looking at any grey image.
    ///
    /// Cost: `O(pixels)` for each image, when it is asked for.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedPixels`] for colours and their kin, [`Error::UnsupportedSyntax`],
    /// [`Error::Truncated`], [`Error::Undecodable`] or [`Error::Unreadable`], here for a file of
    /// several compressed frames, else from the image.
    pub fn images(&self) -> Result<impl Iterator<Item = Result<Image, Error>>, Error> {
        self.slices.iter().try_for_each(crate::frame::require_readable)?;
        let opened = Opened::new(&self.slices)?;
        Ok(self.slices.iter().map(move |slice| image(&opened, slice)))
    }
}

fn image(opened: &Opened, slice: &Slice) -> Result<Image, Error> {
    let format = &slice.header.format;
    let before = opened.repaired();
    let mut values = vec![0.0; format.area()];
    opened.exact(slice, &mut values)?;
    Ok(Image {
        frame: slice.frame + 1,
        rows: format.rows,
        columns: format.columns,
        values,
        repaired: opened.repaired() > before,
    })
}
