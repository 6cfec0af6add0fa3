//! The lobes in colours, legible without them.

use hilum_core::{LabelMap, Lobe, Region};
use hilum_kernel::par;

use super::{
    canvas::{Canvas, shade},
    plane::plane,
    scene::Scene,
    stills::{Plan, Still, finish, pixel, plans},
    taps::{Taps, nearest},
};
use crate::Error;

/// Red, green and blue of a lobe: of the palette of Okabe and Ito, chosen so that neighbours
/// differ in brightness as well.
pub(crate) const fn colour(lobe: Lobe) -> [u8; 3] {
    match lobe {
        Lobe::RightUpper => [0, 114, 178],
        Lobe::RightMiddle => [240, 228, 66],
        Lobe::RightLower => [213, 94, 0],
        Lobe::LeftUpper => [0, 158, 115],
        Lobe::LeftLower => [204, 121, 167],
    }
}

/// The letters by which a lobe is known.
pub(crate) const fn letters(lobe: Lobe) -> &'static str {
    match lobe {
        Lobe::RightUpper => "RUL",
        Lobe::RightMiddle => "RML",
        Lobe::RightLower => "RLL",
        Lobe::LeftUpper => "LUL",
        Lobe::LeftLower => "LLL",
    }
}

/// Shades of each colour.
const SHADES: usize = 40;
/// How much of a colour covers the image.
const COVER: f32 = 0.4;
/// Share of a picture below which a piece of lobe is too small for letters.
const NAMED: f64 = 0.004;

/// Key and title of the pictures, in the order of the first stills.
const NAMES: [(&str, &str); 3] = [
    ("lobes_coronal", "Lobes, coronal"),
    ("lobes_sagittal_right", "Lobes, sagittal, right lung"),
    ("lobes_sagittal_left", "Lobes, sagittal, left lung"),
];

/// Pictures of the lobes on the coronal and sagittal slices of the other stills.
pub(super) fn stills(scene: &Scene<'_>, lobes: &LabelMap<Lobe>) -> Result<Vec<Still>, Error> {
    let (plans, pixel) = (plans(scene), pixel(scene));
    par::try_collect(NAMES.len(), |n| {
        let (key, title) = NAMES[n];
        still(scene, lobes, &Plan { key, title, ..plans[n] }, pixel)
    })
}

fn still(
    scene: &Scene<'_>,
    lobes: &LabelMap<Lobe>,
    plan: &Plan,
    pixel: f64,
) -> Result<Still, Error> {
    let layout = scene.layout(plan.view);
    let (rows, columns) = (Taps::new(&layout.rows, pixel), Taps::new(&layout.columns, pixel));
    let grey = scene.grey(&layout, plan.index, &rows, &columns);
    let labels = nearest(&plane(lobes.labels(), &layout, plan.index), &rows, &columns);
    let (width, height) = (columns.pixels(), rows.pixels());
    let line = (6 * SHADES) as u8;
    let shaded = |grey: &f32| (grey * (SHADES - 1) as f32 + 0.5) as u8;
    let pixels = grey.iter().zip(0..).map(|(grey, n)| {
        let border = is_border(&labels, width, n);
        if border { line } else { labels[n] * SHADES as u8 + shaded(grey) }
    });
    let mut canvas = Canvas::on(pixels.collect(), [width, height], palette());
    for lobe in Lobe::ALL {
        if let Some(place) = middle(&labels, width, lobe.label()) {
            canvas.label(letters(*lobe), place);
        }
    }
    finish(scene, plan, &mut canvas, pixel)
}

/// Shades of the image itself, then of each lobe, then the line between lobes.
fn palette() -> Vec<[u8; 3]> {
    let grey = (0..SHADES).map(|n| [shade(n, SHADES); 3]);
    let covered = |lobe: &Lobe| {
        let colour = colour(*lobe);
        (0..SHADES).map(move |n| {
            let grey = f32::from(shade(n, SHADES));
            colour.map(|part| (f32::from(part) * COVER + grey * (1.0 - COVER)).round() as u8)
        })
    };
    let mut palette: Vec<[u8; 3]> = grey.chain(Lobe::ALL.iter().flat_map(covered)).collect();
    palette.push([255; 3]);
    palette
}

/// Says whether a pixel of a lobe has another lobe to the right of it or below.
fn is_border(labels: &[u8], width: usize, n: usize) -> bool {
    let other = |m: usize| labels.get(m).is_some_and(|label| *label > 0 && *label != labels[n]);
    let last = n % width + 1 == width;
    labels[n] > 0 && (other(n + width) || (!last && other(n + 1)))
}

/// A pixel inside of a lobe for its name: half of it lies above, and it is the middle of the longest
/// run of its row.
fn middle(labels: &[u8], width: usize, label: u8) -> Option<[usize; 2]> {
    let pixels = |row: &[u8]| row.iter().map(|here| usize::from(*here == label)).sum::<usize>();
    let area = pixels(labels);
    if (area as f64) < NAMED * labels.len() as f64 {
        return None;
    }
    let mut above = 0;
    let half = |row: &[u8]| {
        above += pixels(row);
        2 * above >= area
    };
    let row = labels.chunks(width).position(half)?;
    let line = &labels[row * width..][..width];
    let mut longest = 0..0;
    let mut start = 0;
    for (column, here) in line.iter().enumerate() {
        if *here != label {
            start = column + 1;
        } else if column + 1 - start > longest.len() {
            longest = start..column + 1;
        }
    }
    Some([longest.start.midpoint(longest.end), row])
}
