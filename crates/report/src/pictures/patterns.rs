//! Patterns of disease in colours, on the slices that show most of them.

use hilum_core::{LabelMap, Pattern, Region};
use hilum_kernel::par;

use super::{
    canvas::{Canvas, shade},
    plane::plane,
    scene::Scene,
    stills::{Plan, Still, finish, pixel},
    taps::{Taps, nearest},
    view::View,
};
use crate::Error;

/// Red, green and blue of a pattern: of the palette of Okabe and Ito, but for consolidation, whose purple
/// was grey to eyes without green cones. Normal lung keeps its grey.
pub(crate) const fn colour(pattern: Pattern) -> [u8; 3] {
    match pattern {
        Pattern::Normal => [155, 155, 155],
        Pattern::GroundGlass => [86, 180, 233],
        Pattern::Reticular => [213, 94, 0],
        Pattern::Honeycombing => [240, 228, 66],
        Pattern::Consolidation => [60, 0, 60],
        Pattern::Emphysema => [0, 114, 178],
    }
}

/// The pattern as people say it.
pub(crate) const fn name(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Normal => "no abnormal pattern",
        Pattern::GroundGlass => "ground glass",
        Pattern::Reticular => "reticular",
        Pattern::Honeycombing => "honeycombing",
        Pattern::Consolidation => "consolidation",
        Pattern::Emphysema => "emphysema",
    }
}

/// Patterns that are drawn.
pub(crate) const DRAWN: [Pattern; 5] = [
    Pattern::GroundGlass,
    Pattern::Reticular,
    Pattern::Honeycombing,
    Pattern::Consolidation,
    Pattern::Emphysema,
];
/// Shades of each colour.
const SHADES: usize = 40;
/// How much of a colour covers the image.
const COVER: f32 = 0.45;
/// Slices shown lie at least so many mm apart.
const APART: f64 = 12.0;

/// Pictures: the coronal and the sagittal slices with most disease, and for each pattern the axial
/// slice with most of it, spread over the lungs.
pub(super) fn stills(scene: &Scene<'_>, patterns: &LabelMap<Pattern>) -> Result<Vec<Still>, Error> {
    let (plans, pixel) = (plans(scene, patterns), pixel(scene));
    par::try_collect(plans.len(), |n| still(scene, patterns, &plans[n], pixel))
}

/// The patterns on an image of one axial slice.
pub(super) fn slice(scene: &Scene<'_>, patterns: &LabelMap<Pattern>) -> Result<Still, Error> {
    let title = "The slice, patterns in colours";
    let plan = Plan { key: "patterns_slice", view: View::Axial, title, index: 0 };
    still(scene, patterns, &plan, pixel(scene))
}

const TITLES: [(&str, &str); 5] = [
    ("patterns_ground_glass", "Axial, most ground glass"),
    ("patterns_reticular", "Axial, most reticular pattern"),
    ("patterns_honeycombing", "Axial, most honeycombing"),
    ("patterns_consolidation", "Axial, most consolidation"),
    ("patterns_emphysema", "Axial, most emphysema"),
];

fn plans(scene: &Scene<'_>, patterns: &LabelMap<Pattern>) -> Vec<Plan> {
    let counts = counts(patterns);
    let grid = patterns.grid();
    let abnormal = |count: &[u64; 7]| count[2..].iter().sum::<u64>();
    let most = |axis: usize, value: &dyn Fn(&[u64; 7]) -> u64, taken: &[usize]| {
        let apart = (APART / grid.spacing()[axis]).ceil() as usize;
        let free = |n: &usize| taken.iter().all(|taken| taken.abs_diff(*n) >= apart);
        let slices = (0..counts[axis].len()).filter(free);
        slices.max_by_key(|n| (value(&counts[axis][*n]), std::cmp::Reverse(*n)))
    };
    let through = [View::Coronal, View::Sagittal, View::Axial].map(|v| scene.layout(v).through);
    let mut plans = Vec::new();
    let mut add = |key, view, title, index: Option<usize>| {
        plans.extend(index.map(|index| Plan { key, view, title, index }));
    };
    let coronal = most(through[0], &abnormal, &[]);
    add("patterns_coronal", View::Coronal, "Coronal, most disease", coronal);
    let (right, left) = halves(scene, through[1]);
    for (key, title, side) in [
        ("patterns_sagittal_right", "Sagittal, right lung, most disease", right),
        ("patterns_sagittal_left", "Sagittal, left lung, most disease", left),
    ] {
        let best = side.max_by_key(|n| abnormal(&counts[through[1]][*n]));
        add(key, View::Sagittal, title, best);
    }
    let mut taken = Vec::new();
    for (pattern, (key, title)) in DRAWN.iter().zip(TITLES) {
        let of = |count: &[u64; 7]| count[usize::from(pattern.label())];
        let Some(index) = most(through[2], &of, &taken) else { continue };
        if of(&counts[through[2]][index]) > 0 {
            taken.push(index);
            add(key, View::Axial, title, Some(index));
        }
    }
    if taken.is_empty() {
        let index = scene.extent.quantile(through[2], 0.5);
        add("patterns_axial", View::Axial, "Axial, middle of the lungs", Some(index));
    }
    plans
}

/// Indices on either side of the middle of the lungs.
fn halves(scene: &Scene<'_>, axis: usize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let range = scene.extent.range(axis);
    let middle = range.start.midpoint(range.end);
    let right_first = scene.extent.largest(axis, &[0]) <= scene.extent.largest(axis, &[1]);
    let (low, high) = (range.start..middle, middle..range.end);
    if right_first { (low, high) } else { (high, low) }
}

/// Voxels of each label in each slice along each array axis.
fn counts(patterns: &LabelMap<Pattern>) -> [Vec<[u64; 7]>; 3] {
    let [nk, nj, ni] = patterns.grid().shape();
    let labels = patterns.labels().voxels();
    let by_slice = par::collect(nk, |k| {
        let (mut rows, mut columns) = (vec![[0; 7]; nj], vec![[0; 7]; ni]);
        for (line, row) in labels.index_axis(ndarray::Axis(0), k).rows().into_iter().zip(&mut rows)
        {
            for (label, column) in line.iter().zip(&mut columns) {
                row[usize::from(*label)] += 1;
                column[usize::from(*label)] += 1;
            }
        }
        (rows, columns)
    });
    let mut counts = [vec![[0; 7]; nk], vec![[0; 7]; nj], vec![[0; 7]; ni]];
    for (k, (rows, columns)) in by_slice.into_iter().enumerate() {
        for (axis, lines) in [(1, rows), (2, columns)] {
            for (sum, line) in counts[axis].iter_mut().zip(&lines) {
                (0..7).for_each(|n| sum[n] += line[n]);
            }
            if axis == 1 {
                for line in &lines {
                    (0..7).for_each(|n| counts[0][k][n] += line[n]);
                }
            }
        }
    }
    counts
}

fn still(
    scene: &Scene<'_>,
    patterns: &LabelMap<Pattern>,
    plan: &Plan,
    pixel: f64,
) -> Result<Still, Error> {
    let layout = scene.layout(plan.view);
    let (rows, columns) = (Taps::new(&layout.rows, pixel), Taps::new(&layout.columns, pixel));
    let grey = scene.grey(&layout, plan.index, &rows, &columns);
    let labels = nearest(&plane(patterns.labels(), &layout, plan.index), &rows, &columns);
    let (width, height) = (columns.pixels(), rows.pixels());
    let shaded = |grey: &f32| (grey * (SHADES - 1) as f32 + 0.5) as u8;
    let pixels = grey.iter().zip(&labels).map(|(grey, label)| {
        let drawn = label.saturating_sub(1);
        drawn * SHADES as u8 + shaded(grey)
    });
    let mut canvas = Canvas::on(pixels.collect(), [width, height], palette());
    finish(scene, plan, &mut canvas, pixel)
}

/// Shades of the image itself, then of each pattern that is drawn.
fn palette() -> Vec<[u8; 3]> {
    let grey = (0..SHADES).map(|n| [shade(n, SHADES); 3]);
    let drawn =
        DRAWN.iter().flat_map(|pattern| (0..SHADES).map(|n| covered(*pattern, shade(n, SHADES))));
    grey.chain(drawn).collect()
}

/// A pattern's colour over grey.
fn covered(pattern: Pattern, grey: u8) -> [u8; 3] {
    let mixed = |part: u8| f32::from(part) * COVER + f32::from(grey) * (1.0 - COVER);
    colour(pattern).map(|part| mixed(part).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Linear light of sRGB.
    fn linear(part: u8) -> f64 {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    }

    /// Full loss of one kind of cone: Machado, Oliveira and Fernandes (2009),
    /// doi:10.1109/TVCG.2009.113 (matrices from memory, not checked).
    const LOSSES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ];

    /// CIE L*a*b* of a colour as seen with a loss.
    fn seen(colour: [u8; 3], loss: &[[f64; 3]; 3]) -> [f64; 3] {
        let light = colour.map(linear);
        let apply = |m: &[[f64; 3]; 3], v: [f64; 3]| {
            [0, 1, 2].map(|row| (0..3).map(|n| m[row][n] * v[n]).sum::<f64>())
        };
        let left = apply(loss, light).map(|part| part.clamp(0.0, 1.0));
        let xyz = apply(
            &[[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
            left,
        );
        let f = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map(f);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn patterns_are_told_apart_by_all_kinds_of_colour_vision() {
        for (kind, loss) in LOSSES.iter().enumerate() {
            for grey in [40, 90, 160] {
                let mut all: Vec<[u8; 3]> = DRAWN.iter().map(|p| covered(*p, grey)).collect();
                all.push([grey; 3]);
                for (n, a) in all.iter().enumerate() {
                    for b in &all[n + 1..] {
                        let (a, b) = (seen(*a, loss), seen(*b, loss));
                        let apart = (0..3).map(|n| (a[n] - b[n]).powi(2)).sum::<f64>().sqrt();
                        assert!(apart > 8.0, "kind {kind}, grey {grey}, pair from {n}: {apart}");
                    }
                }
            }
        }
    }
}
