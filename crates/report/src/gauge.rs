//! A small drawing of a value against a published range.

use std::fmt::Write;

use hilum_core::Measurement;

use crate::{names, numbers::fixed, references::Reference};

const WIDTH: f64 = 168.0;
/// Room at either side, for half a label.
const MARGIN: f64 = 16.0;

/// A bar for the range, a stroke for its middle, a diamond for the value and whiskers for its
/// interval, as SVG. It says nothing that is not in words beside it, so it is hidden from readers
/// of the page aloud.
pub(crate) fn gauge(measurement: &Measurement, reference: &Reference) -> String {
    let [low, high] = reference.limits();
    let [least, most] = measurement.interval.unwrap_or([measurement.value; 2]);
    let (from, to) = (low.min(least), high.max(most));
    let pad = 0.06 * (to - from).max(1e-9);
    let from = if from >= 0.0 && from - pad < 0.0 { 0.0 } else { from - pad };
    let scale = (WIDTH - 2.0 * MARGIN) / (to + pad - from).max(1e-9);
    let x = |value: f64| MARGIN + (value - from) * scale;
    let mut svg = format!(
        r#"<svg class="gauge" viewBox="0 0 {WIDTH} 34" width="{WIDTH}" height="34" aria-hidden="true" focusable="false">"#
    );
    let (left, right) = (x(low), x(high));
    let _ = write!(
        svg,
        r#"<line class="axis" x1="{a:.1}" x2="{b:.1}" y1="13" y2="13"/><rect class="range" x="{left:.1}" y="8" width="{width:.1}" height="10"/><line class="middle" x1="{m:.1}" x2="{m:.1}" y1="8" y2="18"/>"#,
        a = MARGIN,
        b = WIDTH - MARGIN,
        width = (right - left).max(1.0),
        m = x(reference.middle()),
    );
    if measurement.interval.is_some() {
        let _ = write!(
            svg,
            r#"<path class="whisker" d="M{l:.1} 9v8M{l:.1} 13H{h:.1}M{h:.1} 9v8"/>"#,
            l = x(least),
            h = x(most)
        );
    }
    let _ = write!(
        svg,
        r#"<path class="value" d="M{v:.1} 6l5 7l-5 7l-5 -7z"/>"#,
        v = x(measurement.value)
    );
    for (at, value, anchor) in labels(left, right, [low, high]) {
        let decimals = names::decimals(measurement.unit).max(usize::from(value < 0.1) * 2);
        let text = if value == 0.0 { "0".into() } else { fixed(value, decimals) };
        let _ = write!(svg, r#"<text x="{at:.1}" y="31" text-anchor="{anchor}">{text}</text>"#);
    }
    svg + "</svg>"
}

/// Where the ends of the range are labelled: apart from each other even if the range is narrow.
fn labels(left: f64, right: f64, [low, high]: [f64; 2]) -> [(f64, f64, &'static str); 2] {
    if right - left < 40.0 {
        let middle = f64::midpoint(left, right).clamp(30.0, WIDTH - 30.0);
        return [(middle - 4.0, low, "end"), (middle + 4.0, high, "start")];
    }
    [(left, low, "middle"), (right, high, "middle")]
}
