//! `hilum inspect`: what lies at a place.

use serde_json::json;

use crate::args::{Global, Inspect};
use crate::commands::{inspect_json, inspect_lines};
use crate::failure::Failure;
use crate::input;
use crate::progress::Progress;
use crate::stdout;

/// Lists the series at a path, and which analyses each can serve.
pub fn inspect(args: &Inspect, global: &Global) -> Result<(), Failure> {
    if input::is_volume(&args.path) {
        return volume(args, global);
    }
    let scan = {
        let progress = Progress::new(global);
        hilum_dicom::scan(&args.path, &|done, of| progress.show("looking for series", done, of))?
    };
    let options = args.uneven.options();
    if global.json {
        return stdout::print(&format!("{:#}", inspect_json::of(&scan, options)));
    }
    stdout::print(&inspect_lines::of(&scan, options, global.verbose).join("\n"))
}

fn volume(args: &Inspect, global: &Global) -> Result<(), Failure> {
    let ct = hilum_files::read(&args.path)?;
    let format = hilum_files::Format::of(&args.path)?;
    let range = |[low, high]: [i16; 2], hu: &hilum_core::Hu| [low.min(hu.0), high.max(hu.0)];
    let [lowest, highest] = ct.hu().as_slice().iter().fold([i16::MAX, i16::MIN], range);
    let (shape, spacing) = (ct.grid().shape(), ct.grid().spacing());
    if global.json {
        let facts = json!({
            "format": format!("{format:?}"),
            "shape": shape,
            "spacing": spacing,
            "range_hu": [lowest, highest],
            "fractional": ct.exact().is_some(),
            "analyses": { "density": { "possible": true, "why_not": [] } },
        });
        return stdout::print(&format!("{facts:#}"));
    }
    let ([slices, rows, columns], [dk, dj, di]) = (shape, spacing);
    stdout::print(&format!(
        "{format:?} volume, {slices} × {rows}×{columns}, {di:.3}×{dj:.3}×{dk:.3} mm\n    \
         {lowest} to {highest} HU\n    \
         density: yes, without acquisition checks: the format names no kernel, kV or contrast"
    ))
}
