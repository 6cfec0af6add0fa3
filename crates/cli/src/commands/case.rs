//! One chest CT with what is known of it, from the command line.

use hilum_core::{Grid, LabelMap};
use hilum_report::{SeriesRole, SeriesUsed, Study};
use hilum_segment::Scheme;
use hilum_study::Case;

use crate::args::{Chest, Global, Labels, ThirdsBy};
use crate::commands::network::{self, Labelled, Wanted};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::progress::Progress;

/// How thirds are cut, and the depth of the rind in mm.
pub fn zones(args: &Chest) -> Result<(hilum_segment::ThirdsBy, f64), Failure> {
    if !(args.rind.is_finite() && args.rind > 0.0) {
        return Err(Failure::new(
            format!("the rind is {} mm deep, wanted more than 0", args.rind),
            "leave --rind away for 10 mm",
        ));
    }
    let thirds = match args.thirds {
        ThirdsBy::Volume => hilum_segment::ThirdsBy::Volume,
        ThirdsBy::Height => hilum_segment::ThirdsBy::Height,
    };
    Ok((thirds, args.rind))
}

/// Reads a CT and the outlines that were given with it.
pub fn case(args: &Chest, global: &Global, progress: &Progress) -> Result<Case, Failure> {
    let mut case = unmasked(input::read(&args.ct, global, progress)?);
    let scheme = scheme(args.labels);
    if let Some(path) = &args.lungs {
        let lungs = scheme.lungs(&hilum_files::read_labels::<u16>(path)?)?;
        case.series.push(given(SeriesRole::LungMask, lungs.grid()));
        case.lungs = Some(lungs);
    }
    if let Some(path) = &args.lobes {
        let lobes = scheme.lobes(&hilum_files::read_labels::<u16>(path)?)?;
        case.series.push(given(SeriesRole::LobeMask, lobes.grid()));
        case.lobes = Some(lobes);
    }
    if let Some(onnx) = &args.lungs_network {
        let found = network::run(onnx, Wanted::Lungs, &case.ct, progress)?;
        case.series.push(by_network(SeriesRole::LungMask, &found));
        case.lungs = Some(found.labels);
    }
    if let Some(onnx) = &args.lobes_network {
        let found = network::run(onnx, Wanted::Lobes, &case.ct, progress)?;
        case.series.push(by_network(SeriesRole::LobeMask, &found));
        case.lobes = Some(LabelMap::new(found.labels).map_err(hilum_study::Error::from)?);
    }
    Ok(if args.deidentify { nameless(case) } else { case })
}

/// Reads a single slice.
pub fn slice(args: &Chest, global: &Global, progress: &Progress) -> Result<Case, Failure> {
    let case = unmasked(input::read_slice(&args.ct, global, progress)?);
    Ok(if args.deidentify { nameless(case) } else { case })
}

/// The same without whose it is.
fn nameless(mut case: Case) -> Case {
    case.study = Study::default();
    deidentify(&mut case.series);
    case
}

/// A label map that was brought, for the record.
fn given(role: SeriesRole, grid: &Grid) -> SeriesUsed {
    SeriesUsed { role, shape: grid.shape(), spacing: grid.spacing(), ..SeriesUsed::default() }
}

fn by_network(role: SeriesRole, found: &Labelled) -> SeriesUsed {
    let source = Some(format!("network \"{}\"", found.name));
    SeriesUsed { source, ..given(role, found.labels.grid()) }
}

fn scheme(labels: Labels) -> Scheme {
    match labels {
        Labels::Hilum => Scheme::Hilum,
        Labels::Lungmask => Scheme::Lungmask,
        Labels::Totalsegmentator => Scheme::TotalSegmentator,
        Labels::Cip => Scheme::Cip,
        Labels::Lola11 => Scheme::Lola11,
    }
}

/// A CT whose lungs are still to be found.
pub fn unmasked(input: Input) -> Case {
    Case {
        ct: input.ct,
        lungs: None,
        lobes: None,
        series: vec![input.series],
        study: input.study,
        quality: input.quality,
    }
}

/// Takes out what names or dates a person; how the image was made stays.
fn deidentify(series: &mut [SeriesUsed]) {
    for used in series {
        used.uid = None;
        used.acquired = None;
        used.acquisition.age_years = None;
        used.acquisition.sex = None;
        used.acquisition.height_m = None;
        used.acquisition.weight_kg = None;
    }
}
