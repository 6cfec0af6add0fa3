//! Fissures that readers clicked on, as the Chest Imaging Platform stores them.

use nalgebra::{Matrix3, Point3, Vector3};

use crate::error::Error;
use crate::lobes::affine::Affine;
use crate::lobes::fissure::Fissure;

/// One scan: places on its fissures, and the map from the lungs of the atlas onto its lungs.
#[derive(Clone, Debug, PartialEq)]
pub struct AtlasCase {
    pub(crate) points: Vec<(Fissure, Point3<f64>)>,
    pub(crate) to_case: Affine,
    pub(crate) to_atlas: Affine,
}

impl AtlasCase {
    /// Reads a table of clicks (`Region,Type,X,Y,Z`, LPS in mm; rows whose region or type is
    /// undefined are passed over) and an ITK affine transform, which takes points of the atlas to
    /// points of the scan.
    ///
    /// # Errors
    ///
    /// [`Error::Table`] if either is not of that form.
    pub fn parse(clicks: &str, transform: &str) -> Result<Self, Error> {
        let to_case = affine(transform)?;
        let to_atlas = to_case.inverse().ok_or(Error::Table {
            role: "the transform",
            found: "a matrix that flattens space".into(),
            wanted: "an affine map with an inverse",
        })?;
        let rows = clicks.lines().skip(1).filter(|line| !line.trim().is_empty());
        let points = rows.map(click).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { points: points.into_iter().flatten().collect(), to_case, to_atlas })
    }

    /// Number of clicks on a fissure.
    pub fn count(&self, fissure: Fissure) -> usize {
        self.points.iter().filter(|(of, _)| *of == fissure).count()
    }

    /// The clicks on a fissure, in the atlas.
    pub(crate) fn in_atlas(&self, fissure: Fissure) -> impl Iterator<Item = Point3<f64>> {
        let of = self.points.iter().filter(move |(of, _)| *of == fissure);
        of.map(|(_, p)| self.to_atlas.apply(*p))
    }
}

fn click(line: &str) -> Result<Option<(Fissure, Point3<f64>)>, Error> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let wrong = || Error::Table {
        role: "the clicks",
        found: format!("the row `{line}`"),
        wanted: "region, type and three coordinates in mm",
    };
    let [region, kind, x, y, z] = fields[..] else { return Err(wrong()) };
    let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite());
    let (Some(x), Some(y), Some(z)) = (number(x), number(y), number(z)) else {
        return Err(wrong());
    };
    let (region, kind) = (region.to_uppercase(), kind.to_uppercase());
    let fissure = match (region.starts_with("RIGHT"), region.starts_with("LEFT"), kind.as_str()) {
        (true, _, "OBLIQUEFISSURE") => Fissure::RightOblique,
        (true, _, "HORIZONTALFISSURE") => Fissure::RightHorizontal,
        (_, true, "OBLIQUEFISSURE") => Fissure::LeftOblique,
        _ => return Ok(None),
    };
    Ok(Some((fissure, Point3::new(x, y, z))))
}

/// `T(p) = A (p - centre) + centre + translation`.
fn affine(text: &str) -> Result<Affine, Error> {
    let numbers = |key: &str, count: usize| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(key));
        let values: Vec<f64> =
            line.unwrap_or_default().split_whitespace().filter_map(|x| x.parse().ok()).collect();
        if values.len() == count && values.iter().all(|x| x.is_finite()) {
            return Ok(values);
        }
        Err(Error::Table {
            role: "the transform",
            found: format!("{} numbers after `{key}`", values.len()),
            wanted: "an ITK affine transform of three dimensions (12 and 3 numbers)",
        })
    };
    let parameters = numbers("Parameters:", 12)?;
    let centre = Vector3::from_row_slice(&numbers("FixedParameters:", 3)?);
    let matrix = Matrix3::from_row_slice(&parameters[..9]);
    let translation = Vector3::from_row_slice(&parameters[9..]);
    Ok(Affine { matrix, shift: centre + translation - matrix * centre })
}
