//! `hilum ild --single-slice`: densities of disease on one slice.

use std::path::Path;

use hilum_core::Volume;
use hilum_study::{IldOptions, IldSliceStudy};

use crate::args::{Global, Ild};
use crate::commands::case::slice;
use crate::commands::results;
use crate::failure::Failure;
use crate::out::Output;
use crate::progress::Progress;

/// Tells the patterns of a slice and leaves the report in a new folder.
pub fn ild_slice(args: &Ild, options: &IldOptions, global: &Global) -> Result<(), Failure> {
    let output = Output::folder(&args.chest.out, args.chest.force)?;
    let progress = Progress::new(global);
    let case = slice(&args.chest, global, &progress)?;
    let news = |step: &str, done: usize, of: usize| progress.show(step, done, of);
    let mut study = hilum_study::ild_slice(case, options, &news)?;
    results::stamp(&mut study.findings);
    write(&study, output.path())?;
    drop(progress);
    results::finish(output, &study.findings, global, || summary(&study, &args.chest.out))
}

fn write(study: &IldSliceStudy, folder: &Path) -> Result<(), Failure> {
    results::write_report(folder, &study.findings, &study.pictures)?;
    let labels = |name: &str, labels: &Volume<u8>| results::write_labels(folder, name, labels);
    labels("lungs", study.thorax.lungs.labels())?;
    labels("lungs_anatomical", study.thorax.anatomical.labels())?;
    labels("ild", study.classified.patterns.labels())?;
    labels("emphysema", study.classified.subtypes.labels())?;
    Ok(())
}

/// What a person wants to know at once, on standard error.
fn summary(study: &IldSliceStudy, out: &Path) {
    let named = [
        ("extent_ground_glass_percent", "ground glass"),
        ("extent_consolidation_percent", "consolidation"),
        ("extent_emphysema_percent", "emphysema"),
    ];
    results::say_numbers(&study.findings, &named);
    results::say_rows(&study.findings, out);
}
