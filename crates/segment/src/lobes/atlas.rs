//! The table of numbers that the prior is.

use std::fmt::Write as _;
use std::sync::LazyLock;

use hilum_core::{LabelMap, Lung};
use nalgebra::{DMatrix, Point3, Vector3};

use crate::error::Error;
use crate::lobes::case::AtlasCase;
use crate::lobes::fissure::Fissure;
use crate::lobes::fit::{fit, frames, sums};
use crate::lobes::frame::{ALL_TERMS, Frame, rank};
use crate::lobes::model::Model;
use crate::lobes::outlines::{Outlines, surface};
use crate::lobes::register::Surfaces;

/// A model of fissures and the lungs in which it was made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Atlas {
    pub(crate) model: Model,
    /// Points on the surface of the right and the left lung.
    pub(crate) surface: [Vec<Point3<f64>>; 2],
}

/// One of this many faces of the coarse outline becomes a point of the surface.
const STRIDE: usize = 20;

/// The atlas that travels with the library.
pub(crate) static ATLAS: LazyLock<Atlas> = LazyLock::new(|| {
    Atlas::parse(include_str!("../../data/lobe_prior.csv")).expect("the table that we ship")
});

/// Derives the table of the prior from clicked fissures and the lungs of the atlas.
///
/// # Errors
///
/// [`Error::EmptyMask`] if a lung is missing, [`Error::Table`] if there are fewer than ten cases.
pub fn derive_lobe_prior(cases: &[AtlasCase], lungs: &LabelMap<Lung>) -> Result<String, Error> {
    let outlines = Outlines::of(lungs);
    let missing = Error::EmptyMask { role: "a lung of the atlas" };
    let (Some(right), Some(left)) = (&outlines.right, &outlines.left) else { return Err(missing) };
    if cases.len() < 10 {
        return Err(Error::Table {
            role: "the atlas",
            found: format!("{} cases", cases.len()),
            wanted: "ten or more",
        });
    }
    let frames = frames(cases);
    let sums: Vec<_> = cases.iter().map(|case| sums(&frames, case)).collect();
    let model = fit(&frames, &sums.iter().collect::<Vec<_>>());
    Ok(Atlas { model, surface: [right, left].map(|side| surface(side, STRIDE)) }.table())
}

impl Atlas {
    pub(crate) fn surfaces(&self) -> Surfaces<'_> {
        Surfaces { right: &self.surface[0], left: &self.surface[1] }
    }

    /// The table: one row a line, a name and numbers; lines that begin with `#` are remarks.
    fn table(&self) -> String {
        let mut text = String::from(REMARK);
        let mut row = |name: &str, numbers: &[f64]| {
            text.push_str(name);
            for number in numbers {
                let _ = write!(text, ",{}", short(*number));
            }
            text.push('\n');
        };
        for (fissure, frame) in Fissure::ALL.iter().zip(&self.model.frames) {
            let (origin, n) = (frame.plane.origin, frame.plane.n);
            let corners = [frame.low, frame.high].concat();
            let ends: Vec<f64> = origin.iter().chain(n.iter()).chain(&corners).copied().collect();
            row(fissure.key(), &ends);
        }
        row("log_scale", self.model.scale.as_flattened());
        row("noise", &[self.model.noise]);
        for coefficients in self.model.mean.row_iter() {
            row("mean", &coefficients.iter().copied().collect::<Vec<_>>());
        }
        for (n, coefficients) in self.model.covariance.row_iter().enumerate() {
            row("covariance", &coefficients.iter().copied().take(n + 1).collect::<Vec<_>>());
        }
        for (name, points) in ["right_surface", "left_surface"].iter().zip(&self.surface) {
            for p in points {
                row(name, p.coords.as_slice());
            }
        }
        text
    }

    /// Reads a table.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let rows: Vec<(&str, Vec<f64>)> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(','))
            .map(|(name, rest)| (name, rest.split(',').filter_map(|x| x.parse().ok()).collect()))
            .collect();
        let all = |name: &'static str, length: usize| numbers(&rows, name, length);
        let one = |name: &'static str, length: usize| {
            all(name, length)?.first().copied().ok_or_else(|| wrong(name))
        };
        let frame = |fissure: Fissure| one(fissure.key(), 10).map(|row| frame(row));
        let [a, b, c] = Fissure::ALL.map(frame);
        let scale = one("log_scale", 6)?;
        let mean = all("mean", ALL_TERMS)?;
        let lower = all("covariance", 0)?;
        let triangle = lower.iter().enumerate().all(|(n, row)| row.len() == n + 1);
        if mean.len() != 4 || lower.len() != ALL_TERMS || !triangle {
            return Err(wrong("covariance"));
        }
        let points = |name| -> Result<Vec<Point3<f64>>, Error> {
            Ok(all(name, 3)?.iter().map(|p| Point3::new(p[0], p[1], p[2])).collect())
        };
        let model = Model {
            frames: [a?, b?, c?],
            scale: [0, 1, 2].map(|n| [scale[2 * n], scale[2 * n + 1]]),
            mean: DMatrix::from_fn(4, ALL_TERMS, |row, column| mean[row][column]),
            covariance: DMatrix::from_fn(ALL_TERMS, ALL_TERMS, |a, b| lower[a.max(b)][a.min(b)]),
            noise: one("noise", 1)?[0],
        };
        Ok(Self { model, surface: [points("right_surface")?, points("left_surface")?] })
    }
}

/// Rows of that name; each must have `length` numbers, if that is not 0.
fn numbers<'a>(
    rows: &'a [(&str, Vec<f64>)],
    name: &'static str,
    length: usize,
) -> Result<Vec<&'a Vec<f64>>, Error> {
    let named: Vec<&Vec<f64>> = rows.iter().filter(|(n, _)| *n == name).map(|(_, x)| x).collect();
    let fit = named.iter().all(|row| length == 0 || row.len() == length);
    if fit { Ok(named) } else { Err(wrong(name)) }
}

fn wrong(name: &'static str) -> Error {
    Error::Table {
        role: "the prior of lobes",
        found: format!("rows `{name}` of another length"),
        wanted: "the table that `derive_lobe_prior` writes",
    }
}

fn frame(row: &[f64]) -> Frame {
    let origin = Point3::new(row[0], row[1], row[2]);
    let mut frame = Frame::new(origin, Vector3::new(row[3], row[4], row[5]));
    (frame.low, frame.high) = ([row[6], row[7]], [row[8], row[9]]);
    frame
}

/// Enough digits for a thousandth of a millimetre of height.
fn short(number: f64) -> String {
    let digits = if number.abs() < 10.0 { 5 } else { 2 };
    let text = format!("{number:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" || text.is_empty() { "0".into() } else { text.into() }
}

const REMARK: &str = "\
# Prior of the fissures: planes, Legendre coefficients of heights (mean, slopes on stretch, covariance)
# and points on the surfaces of the lungs of the atlas. Patient space (LPS), mm. See docs/lobes.md.
# Derived from the lung lobe atlas of the Chest Imaging Platform (100 scans with clicked fissures);
# its licence stands beside this file and applies to these numbers.
";

/// Place of a fissure's frame.
pub(crate) fn frame_of(atlas: &Atlas, fissure: Fissure) -> &Frame {
    &atlas.model.frames[rank(fissure)]
}
