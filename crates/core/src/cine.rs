//! X-ray pictures in time.

use ndarray::{Array2, Array3, ArrayView2, ArrayView3};

use crate::{Error, Projection};

/// What the pixels of a [`Cine`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intensity {
    /// `−ln(I / I₀)`, without unit: attenuation summed along the ray, up to the constant that
    /// belongs to the chosen `I₀`.
    LineIntegral,
    /// Raw values that grow with the X-rays that arrive: dense tissue is low.
    Exposure,
    /// Raw values that fall with the X-rays that arrive: dense tissue is high.
    Attenuation,
    /// Raw values of which not even the direction is known.
    Unknown,
}

/// Frames of one view, each with its time.
#[derive(Clone, Debug, PartialEq)]
pub struct Cine {
    frames: Array3<f32>,
    times: Vec<f64>,
    intensity: Intensity,
    projection: Option<Projection>,
    field: Option<Array2<bool>>,
}

impl Cine {
    /// Frames `[t, row, column]` with their times in s. An array in another memory layout is
    /// brought into standard layout.
    ///
    /// # Errors
    ///
    /// [`Error::FrameTimes`] if there is not one time for each frame, or they are not finite and
    /// strictly rising; [`Error::EmptyCine`] if there are no frames or no pixels.
    pub fn new(
        frames: Array3<f32>,
        times: Vec<f64>,
        intensity: Intensity,
        projection: Option<Projection>,
    ) -> Result<Self, Error> {
        let shape: [usize; 3] = frames.dim().into();
        if shape.contains(&0) {
            return Err(Error::EmptyCine { shape });
        }
        let refuse = |found: String| Err(Error::FrameTimes { frames: shape[0], found });
        if times.len() != shape[0] {
            return refuse(format!("{} times", times.len()));
        }
        if let Some(odd) = times.iter().position(|time| !time.is_finite()) {
            return refuse(format!("a time of {} at frame {}", times[odd], odd + 1));
        }
        if let Some(still) = times.windows(2).position(|pair| pair[0] >= pair[1]) {
            let [before, after] = [times[still], times[still + 1]];
            return refuse(format!("{after} s after {before} s at frame {}", still + 2));
        }
        let frames = if frames.is_standard_layout() {
            frames
        } else {
            frames.as_standard_layout().into_owned()
        };
        Ok(Self { frames, times, intensity, projection, field: None })
    }

    /// Number of frames, rows and columns.
    pub fn shape(&self) -> [usize; 3] {
        self.frames.dim().into()
    }

    /// The frames, `[t, row, column]`, in standard layout.
    pub fn frames(&self) -> ArrayView3<'_, f32> {
        self.frames.view()
    }

    /// Time of each frame in s, strictly rising.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// What the pixels are.
    pub fn intensity(&self) -> Intensity {
        self.intensity
    }

    /// How the frames see the patient, where that is known.
    pub fn projection(&self) -> Option<&Projection> {
        self.projection.as_ref()
    }

    /// Pixels `[row, column]` in which the patient is seen; `None` if nothing is known to be
    /// covered. Pixels outside, behind a shutter or a collimator, hold no measurement.
    pub fn field(&self) -> Option<ArrayView2<'_, bool>> {
        self.field.as_ref().map(|field| field.view())
    }

    /// The same frames, of which only the pixels that are `true` are seen.
    ///
    /// # Errors
    ///
    /// [`Error::FieldShape`] if `field` is not of the size of a frame.
    pub fn with_field(self, field: Option<Array2<bool>>) -> Result<Self, Error> {
        let [_, rows, columns] = self.shape();
        match field.as_ref().map(Array2::dim) {
            Some(found) if found != (rows, columns) => {
                Err(Error::FieldShape { found: found.into(), expected: [rows, columns] })
            }
            _ => Ok(Self { field, ..self }),
        }
    }

    /// The same frames seen in another way, after a pose has been found or refined.
    #[must_use]
    pub fn with_projection(self, projection: Option<Projection>) -> Self {
        Self { projection, ..self }
    }
}
