//! Stored numbers of a cine to line integrals, or to what they are.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::{Intensity, Quality, Volume};
use hilum_kernel::par;
use ndarray::Array2;

use crate::attributes::{item, items};
use crate::cine_table::Table;
use crate::slice::Format;
use crate::view::View;

/// How the stored numbers of a cine are to be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conversion {
    scale: Scale,
    /// What the scaled values are.
    scaled: Scaled,
    pub(crate) rows: Vec<Quality>,
}

#[derive(Clone, Debug, PartialEq)]
enum Scale {
    Linear { slope: f64, intercept: f64 },
    Table(Table),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scaled {
    /// Proportional to the X-rays that arrive.
    Linear,
    Raw(Intensity),
}

impl Conversion {
    /// What the first frame says of all.
    ///
    /// # Errors
    ///
    /// What is wrong with a table.
    pub(crate) fn read(object: &InMemDicomObject, format: &Format) -> Result<Self, String> {
        let view = View::new(object, 0);
        let properties = tags::FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE;
        let relation = view.text(properties, tags::PIXEL_INTENSITY_RELATIONSHIP);
        let sign = view.number(properties, tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN);
        let modality = item(object, tags::MODALITY_LUT_SEQUENCE);
        let table = to_linear(object).or(modality);
        let scale = match table {
            Some(table) => Scale::Table(Table::read(table, format.signed)?),
            None => Scale::rescale(&view),
        };
        let (scaled, row) = scaled(relation.as_deref(), sign, table.is_some());
        Ok(Self { scale, scaled, rows: row.into_iter().collect() })
    }

    /// Turns stored numbers into what they stand for.
    /// Pixels outside of the field take no part in it.
    pub(crate) fn apply(
        &self,
        frames: &mut Volume<f32>,
        field: Option<&Array2<bool>>,
    ) -> (Intensity, Vec<Quality>) {
        par::for_each_slice(frames, |_, frame| {
            for pixel in frame {
                *pixel = self.scale.value(*pixel);
            }
        });
        match self.scaled {
            Scaled::Raw(intensity) => (intensity, Vec::new()),
            Scaled::Linear => self.logarithm(frames, field),
        }
    }

    fn logarithm(
        &self,
        frames: &mut Volume<f32>,
        field: Option<&Array2<bool>>,
    ) -> (Intensity, Vec<Quality>) {
        let area = frames.grid().shape()[1] * frames.grid().shape()[2];
        let seen: Vec<bool> =
            field.map_or_else(|| vec![true; area], |field| field.iter().copied().collect());
        let values = frames.as_slice();
        let frame = |t: usize| {
            let pixels = values[t * area..(t + 1) * area].iter().zip(&seen);
            pixels.filter(|(_, seen)| **seen).map(|(value, _)| *value)
        };
        let count = frames.grid().shape()[0];
        let brightest = par::collect(count, |t| frame(t).fold(0.0f32, f32::max));
        let open = brightest.into_iter().fold(0.0, f32::max);
        if open <= 0.0 {
            let message = "no X-rays arrive in any pixel, wanted some; values are left as they are";
            return (Intensity::Exposure, vec![Quality::warning("no_intensity", message)]);
        }
        let least = self.scale.half_level();
        let dark: usize = par::collect(count, |t| frame(t).filter(|value| *value < least).count())
            .into_iter()
            .sum();
        par::for_each_slice(frames, |_, frame| {
            for pixel in frame {
                *pixel = -(f64::from(pixel.max(least)) / f64::from(open)).ln() as f32;
            }
        });
        let mut rows = vec![Quality::info(
            "line_integrals",
            format!(
                "line integrals are −ln(I/I₀) with I₀ = {open}, the brightest pixel of the run: known up to a constant, and the exposure is taken as steady"
            ),
        )];
        if dark > 0 {
            let message = format!(
                "{dark} pixels hold no X-rays; taken as half a step of intensity ({least})"
            );
            rows.push(Quality::warning("dark_pixels", message));
        }
        (Intensity::LineIntegral, rows)
    }
}

impl Scale {
    fn rescale(view: &View<'_>) -> Self {
        let group = tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE;
        let slope = view.number(group, tags::RESCALE_SLOPE).filter(|slope| *slope != 0.0);
        let intercept = view.number(group, tags::RESCALE_INTERCEPT);
        Self::Linear { slope: slope.unwrap_or(1.0), intercept: intercept.unwrap_or(0.0) }
    }

    fn value(&self, stored: f32) -> f32 {
        match self {
            Self::Linear { slope, intercept } => (f64::from(stored) * slope + intercept) as f32,
            Self::Table(table) => table.value(stored),
        }
    }

    /// Half the step between two values.
    fn half_level(&self) -> f32 {
        match self {
            Self::Linear { slope, .. } => (slope.abs() / 2.0) as f32,
            Self::Table(_) => 0.5,
        }
    }
}

/// The table to linear intensity of an enhanced file.
fn to_linear(object: &InMemDicomObject) -> Option<&InMemDicomObject> {
    let own = items(object, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).first();
    let shared = item(object, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    [own, shared, Some(object)].into_iter().flatten().find_map(|group| {
        let tables = items(group, tags::PIXEL_INTENSITY_RELATIONSHIP_LUT_SEQUENCE);
        tables.iter().find(|table| {
            crate::attributes::text(table, tags::LUT_FUNCTION).as_deref() == Some("TO_LINEAR")
        })
    })
}

/// What scaled values are, by *Pixel Intensity Relationship* and its sign. The photometric
/// interpretation says how to show them and has no part in it.
fn scaled(relation: Option<&str>, sign: Option<f64>, table: bool) -> (Scaled, Option<Quality>) {
    let falls = sign == Some(-1.0);
    let told = match sign {
        Some(1.0) => Intensity::Exposure,
        Some(-1.0) => Intensity::Attenuation,
        _ => Intensity::Unknown,
    };
    let raw = |intensity, message: &str| {
        let row = Quality::warning("raw_values", format!("{message}; values are left raw"));
        (Scaled::Raw(intensity), Some(row))
    };
    match relation {
        Some("LIN") if falls => {
            raw(told, "values fall with the X-rays, but the value of none is not told")
        }
        Some("LIN") => (Scaled::Linear, None),
        Some("LOG") if table && !falls => {
            let message = "the file's table is taken to lead from logarithmic values to intensity";
            (Scaled::Linear, Some(Quality::info("intensity_table", message)))
        }
        Some("LOG") if falls => raw(told, "values are logarithmic, of a scale that is not told"),
        Some("LOG") => {
            raw(Intensity::Exposure, "values are logarithmic, of a scale that is not told")
        }
        Some("DISP") => raw(told, "values are made for display (DISP)"),
        Some(other) => raw(told, &format!("how values depend on the X-rays is said as `{other}`")),
        None => raw(told, "how values depend on the X-rays is not told"),
    }
}
