//! Voxels as they came out of a file, and what they are turned into.

use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_kernel::par;

use crate::Error;
use crate::element::{ByteOrder, Element, decode};

/// Voxels with the way to read them. `bytes` holds one element for each voxel of the grid.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) grid: Grid,
    pub(crate) element: Element,
    pub(crate) order: ByteOrder,
    /// `value = stored * slope + intercept`.
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
    pub(crate) bytes: Vec<u8>,
}

/// Numbers that are none (NaN, infinite) become this one, which no CT number is: not measured.
const NOT_A_NUMBER: f32 = i16::MIN as f32;

impl Stored {
    /// CT numbers: whole ones in 16 bits where all of them are, the very values otherwise.
    pub(crate) fn into_ct(self) -> Ct {
        if self.fits_hu() {
            Ct::new(self.volume(Hu(0), |value| Hu(value as i16)))
        } else {
            let value = |v: f64| if v.is_finite() { v as f32 } else { NOT_A_NUMBER };
            Ct::from_exact(self.volume(0.0, value))
        }
    }

    /// The numbers themselves.
    pub(crate) fn into_float(self) -> Volume<f32> {
        self.volume(0.0, |value| value as f32)
    }

    /// Whole numbers from 0 to the largest that `L` can say.
    pub(crate) fn into_labels<L>(self, largest: u64) -> Result<Volume<L>, Error>
    where
        L: TryFrom<u64> + Copy + Default + Send,
    {
        let is_label = |v: f64| v >= 0.0 && v <= largest as f64 && v.fract() == 0.0;
        if let Some(found) = self.first(|value| !is_label(value)) {
            return Err(Error::NotALabel { found, largest });
        }
        Ok(self.volume(L::default(), |value| L::try_from(value as u64).unwrap_or_default()))
    }

    /// Says whether each value is a whole number that 16 bits hold.
    fn fits_hu(&self) -> bool {
        let scale_is_whole = self.slope.fract() == 0.0 && self.intercept.fract() == 0.0;
        if !self.element.is_whole() || !scale_is_whole {
            return false;
        }
        let as_it_is = self.slope == 1.0 && self.intercept == 0.0;
        if as_it_is && matches!(self.element, Element::I8 | Element::U8 | Element::I16) {
            return true;
        }
        let range = f64::from(i16::MIN)..=f64::from(i16::MAX);
        self.first(|value| !range.contains(&value)).is_none()
    }

    /// The first value, in the order of the file, of which `is_sought` holds.
    fn first(&self, is_sought: impl Fn(f64) -> bool + Sync + Send) -> Option<f64> {
        let found = par::collect(self.grid.shape()[0], |k| {
            let mut found = None;
            self.slice(k, |value| {
                if found.is_none() && is_sought(value) {
                    found = Some(value);
                }
            });
            found
        });
        found.into_iter().flatten().next()
    }

    fn volume<T: Copy + Send>(
        &self,
        nothing: T,
        make: impl Fn(f64) -> T + Sync + Send,
    ) -> Volume<T> {
        let mut volume = Volume::filled(&self.grid, nothing);
        par::for_each_slice(&mut volume, |k, voxels| {
            let mut voxels = voxels.iter_mut();
            self.slice(k, |value| {
                if let Some(voxel) = voxels.next() {
                    *voxel = make(value);
                }
            });
        });
        volume
    }

    /// Hands the values of one slice to `take`, in order.
    fn slice(&self, k: usize, mut take: impl FnMut(f64)) {
        let [_, rows, columns] = self.grid.shape();
        let bytes = rows * columns * self.element.bytes();
        let slice = &self.bytes[k * bytes..(k + 1) * bytes];
        if self.slope == 1.0 && self.intercept == 0.0 {
            decode(self.element, self.order, slice, take);
        } else {
            let value = |stored: f64| stored * self.slope + self.intercept;
            decode(self.element, self.order, slice, |stored| take(value(stored)));
        }
    }
}
