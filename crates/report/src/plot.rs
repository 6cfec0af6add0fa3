//! The distribution of CT numbers as a drawing.

use std::fmt::Write;

use hilum_core::Lungs;

use crate::{Findings, Histogram, names, numbers::fixed};

/// CT numbers shown, in HU.
const FROM: i32 = -1050;
const TO: i32 = -400;
/// Width of a step of the curve, in HU: narrow enough for the shape, wide enough for the eye.
const STEP: i32 = 5;
/// The usual thresholds, in HU.
const THRESHOLDS: [i32; 4] = [-950, -910, -856, -700];

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 702.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 362.0;

/// Scale of the drawing: `top` is the largest share per 10 HU that fits.
struct Axes {
    top: f64,
}

impl Axes {
    fn x(hu: f64) -> f64 {
        LEFT + (hu - f64::from(FROM)) / f64::from(TO - FROM) * (RIGHT - LEFT)
    }

    fn y(&self, share: f64) -> f64 {
        BOTTOM - share / self.top * (BOTTOM - TOP)
    }
}

/// The histograms of both, right and left lung in one SVG, told apart by the kind of line as well
/// as by colour. `None` without any voxel to draw.
pub(crate) fn histogram(findings: &Findings) -> Option<String> {
    let drawn: Vec<&Histogram> = Lungs::ALL
        .iter()
        .filter_map(|lungs| findings.histograms.iter().find(|h| h.lungs == *lungs))
        .filter(|histogram| histogram.total() > 0)
        .collect();
    let heights = drawn.iter().flat_map(|histogram| curve(histogram)).map(|(_, share)| share);
    let highest = heights.fold(0.0, f64::max);
    if highest <= 0.0 {
        return None;
    }
    let axes = Axes { top: round_up(highest) };
    let mut svg = format!(
        r#"<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="plot-title plot-text"><title id="plot-title">Distribution of CT numbers in the lungs</title><desc id="plot-text">{}</desc>"#,
        description(findings)
    );
    svg += r#"<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="none"/><line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern></defs>"#;
    grid(&mut svg, &axes);
    if let Some(both) = drawn.iter().find(|histogram| histogram.lungs == Lungs::Both) {
        area(&mut svg, &axes, both);
    }
    thresholds(&mut svg);
    for histogram in drawn.iter().rev() {
        let _ = write!(
            svg,
            r#"<path class="curve {}" d="{}"/>"#,
            class(histogram.lungs),
            path(&axes, histogram)
        );
    }
    percentile(&mut svg, findings);
    legend(&mut svg, &drawn);
    Some(svg + "</svg>")
}

/// Middle of each step and the share of voxels per 10 HU there, in per cent.
fn curve(histogram: &Histogram) -> impl Iterator<Item = (f64, f64)> {
    let steps = (TO - FROM) / STEP;
    (0..steps).map(|n| FROM + n * STEP).map(|hu| {
        let middle = f64::from(hu) + f64::from(STEP) / 2.0;
        (middle, 10.0 * histogram.density(hu, STEP))
    })
}

fn path(axes: &Axes, histogram: &Histogram) -> String {
    let mut path = String::new();
    for (n, (hu, share)) in curve(histogram).enumerate() {
        let command = if n == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{command}{:.1} {:.1}", Axes::x(hu), axes.y(share));
    }
    path
}

/// Hatches what lies below the first threshold.
fn area(svg: &mut String, axes: &Axes, both: &Histogram) {
    let limit = f64::from(THRESHOLDS[0]);
    let mut path = format!("M{:.1} {BOTTOM:.1}", Axes::x(f64::from(FROM)));
    let mut last = 0.0;
    for (hu, share) in curve(both).take_while(|(hu, _)| *hu < limit) {
        last = axes.y(share);
        let _ = write!(path, "L{:.1} {last:.1}", Axes::x(hu));
    }
    let _ = write!(path, "L{x:.1} {last:.1}L{x:.1} {BOTTOM:.1}Z", x = Axes::x(limit));
    let _ = write!(svg, r#"<path class="low" d="{path}"/>"#);
}

fn grid(svg: &mut String, axes: &Axes) {
    let step = axes.top / 4.0;
    let decimals = if step < 0.1 { 2 } else { usize::from(step.fract() > 1e-9) };
    for n in 0..=4 {
        let (share, y) = (step * f64::from(n), axes.y(step * f64::from(n)));
        let _ = write!(
            svg,
            r#"<line class="rule" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1}" y2="{y:.1}"/><text x="{x:.1}" y="{ty:.1}" text-anchor="end">{text}</text>"#,
            x = LEFT - 6.0,
            ty = y + 4.0,
            text = fixed(share, if n == 0 { 0 } else { decimals })
        );
    }
    for hu in (FROM + 50..=TO).step_by(100) {
        let x = Axes::x(f64::from(hu));
        let _ = write!(
            svg,
            r#"<line class="tick" x1="{x:.1}" x2="{x:.1}" y1="{BOTTOM}" y2="{b:.1}"/><text x="{x:.1}" y="{t:.1}" text-anchor="middle">{text}</text>"#,
            b = BOTTOM + 5.0,
            t = BOTTOM + 27.0,
            text = fixed(f64::from(hu), 0)
        );
    }
    let _ = write!(
        svg,
        r#"<text x="{x:.1}" y="{y:.1}" text-anchor="end" class="name">CT number, HU</text><text x="{LEFT}" y="14" class="name">share of lung per 10 HU, %</text>"#,
        x = RIGHT,
        y = BOTTOM + 44.0
    );
}

fn thresholds(svg: &mut String) {
    for hu in THRESHOLDS {
        let x = Axes::x(f64::from(hu));
        let _ = write!(
            svg,
            r#"<line class="threshold" x1="{x:.1}" x2="{x:.1}" y1="{TOP}" y2="{BOTTOM}"/><text class="small" x="{tx:.1}" y="{ty:.1}">{text}</text>"#,
            tx = x + 3.0,
            ty = TOP + 10.0,
            text = fixed(f64::from(hu), 0)
        );
    }
}

/// A triangle under the axis where 15 % of both lungs is less dense.
fn percentile(svg: &mut String, findings: &Findings) {
    let Some(perc15) = names::whole(findings, "perc15_hu", Lungs::Both) else { return };
    let x = Axes::x(perc15.value.clamp(f64::from(FROM), f64::from(TO)));
    let _ = write!(
        svg,
        r#"<path class="marker" d="M{x:.1} {a:.1}l6 11h-12z"/><text x="{x:.1}" y="{t:.1}" text-anchor="middle" class="strong">Perc15 {text}</text>"#,
        a = BOTTOM + 1.0,
        t = BOTTOM + 44.0,
        text = names::value(perc15)
    );
}

fn legend(svg: &mut String, drawn: &[&Histogram]) {
    for (n, histogram) in drawn.iter().enumerate() {
        let y = TOP + 22.0 + 18.0 * n as f64;
        let _ = write!(
            svg,
            r#"<line class="curve {class}" x1="{a:.1}" x2="{b:.1}" y1="{y:.1}" y2="{y:.1}"/><text x="{t:.1}" y="{ty:.1}">{name}</text>"#,
            class = class(histogram.lungs),
            a = RIGHT - 120.0,
            b = RIGHT - 84.0,
            t = RIGHT - 76.0,
            ty = y + 4.0,
            name = name(histogram.lungs)
        );
    }
}

fn description(findings: &Findings) -> String {
    let share = names::whole(findings, "laa_950", Lungs::Both);
    let mode = findings.histograms.iter().find(|h| h.lungs == Lungs::Both).and_then(|histogram| {
        curve(histogram).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(hu, _)| fixed(hu, 0))
    });
    let mut text = "Curves for both lungs, right and left.".to_owned();
    if let Some(mode) = mode {
        let _ = write!(text, " Both lungs peak near {mode} HU.");
    }
    if let Some(share) = share {
        let _ = write!(text, " {} % lies below −950 HU.", names::value(share));
    }
    text
}

const fn class(lungs: Lungs) -> &'static str {
    match lungs {
        Lungs::Both => "both",
        Lungs::Right => "right",
        Lungs::Left => "left",
    }
}

const fn name(lungs: Lungs) -> &'static str {
    match lungs {
        Lungs::Both => "both lungs",
        Lungs::Right => "right lung",
        Lungs::Left => "left lung",
    }
}

/// The next round number that four even steps can share.
fn round_up(value: f64) -> f64 {
    let magnitude = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0];
    steps.into_iter().map(|s| s * magnitude).find(|top| *top >= value * 1.02).unwrap_or(value * 1.1)
}
