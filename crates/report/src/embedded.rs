//! Pictures as text, to be embedded in a page.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use hilum_core::{Lobe, Region, Site};

use crate::{
    Stack, Still, View,
    numbers::fixed,
    pictures::{lobes, patterns},
};

/// A still picture, as shown.
pub(crate) struct Picture {
    pub(crate) title: &'static str,
    pub(crate) place: String,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) base64: String,
}

/// Letters, name and CSS colour of each lobe.
pub(crate) fn lobe_legend() -> Vec<(&'static str, String, String)> {
    let row = |lobe: &Lobe| {
        let [red, green, blue] = lobes::colour(*lobe);
        (
            lobes::letters(*lobe),
            Site::Lobe(*lobe).name(),
            format!("#{red:02x}{green:02x}{blue:02x}"),
        )
    };
    Lobe::ALL.iter().map(row).collect()
}

/// Name and CSS colour of each pattern that is drawn.
pub(crate) fn pattern_legend() -> Vec<(&'static str, String)> {
    let row = |pattern: &hilum_core::Pattern| {
        let [red, green, blue] = patterns::colour(*pattern);
        (patterns::name(*pattern), format!("#{red:02x}{green:02x}{blue:02x}"))
    };
    patterns::DRAWN.iter().map(row).collect()
}

/// The slice viewer; its numbers are those of the slice shown first.
pub(crate) struct Viewer {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) count: usize,
    pub(crate) first: usize,
    pub(crate) slices: usize,
    pub(crate) every: usize,
    pub(crate) number: usize,
    pub(crate) z: String,
    pub(crate) grey: String,
    pub(crate) overlay: String,
    /// Length of the scale bar in mm, and its width in per cent of the picture's.
    pub(crate) bar: f64,
    pub(crate) bar_percent: String,
    pub(crate) window: [String; 2],
    pub(crate) black: f64,
    pub(crate) white: f64,
    pub(crate) frames: String,
}

impl Picture {
    pub(crate) fn of(still: &Still) -> Self {
        let axis = ["x", "y", "z"][match still.view {
            View::Sagittal => 0,
            View::Coronal => 1,
            View::Axial => 2,
        }];
        Self {
            title: still.title,
            place: format!("{axis} = {} mm", fixed(still.position, 1)),
            width: still.width,
            height: still.height,
            base64: BASE64.encode(&still.png),
        }
    }
}

impl Viewer {
    /// Shows the middle slice first.
    pub(crate) fn of(stack: &Stack) -> Option<Self> {
        let first = stack.frames.len() / 2;
        let frame = stack.frames.get(first)?;
        let across = stack.width as f64 * stack.pixel;
        let bar = if across > 100.0 { 50.0 } else { 5.0 };
        Some(Self {
            width: stack.width,
            height: stack.height,
            count: stack.frames.len(),
            first,
            slices: stack.slices,
            every: stack.every,
            number: frame.number,
            z: fixed(frame.z, 1),
            grey: BASE64.encode(&frame.grey),
            overlay: BASE64.encode(&frame.overlay),
            bar,
            bar_percent: format!("{:.2}", 100.0 * bar / across),
            window: stack.window.map(|hu| fixed(hu, 0)),
            black: stack.window[0],
            white: stack.window[1],
            frames: frames(stack),
        })
    }
}

/// Every slice as JSON: number, z, image and overlay.
fn frames(stack: &Stack) -> String {
    let bytes: usize = stack.frames.iter().map(|f| f.grey.len() + f.overlay.len() + 64).sum();
    let mut json = String::with_capacity(bytes * 4 / 3 + 2);
    for (n, frame) in stack.frames.iter().enumerate() {
        let open = if n == 0 { '[' } else { ',' };
        let _ = write!(json, r#"{open}{{"n":{},"z":"{}","g":""#, frame.number, fixed(frame.z, 1));
        BASE64.encode_string(&frame.grey, &mut json);
        json += r#"","o":""#;
        BASE64.encode_string(&frame.overlay, &mut json);
        json += "\"}";
    }
    json + "]"
}
