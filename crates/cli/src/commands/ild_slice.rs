//! `hilum ild --single-slice`: densities of disease on one slice.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use hilum_core::{Lungs, Severity, Site, Volume};
use hilum_study::{IldOptions, IldSliceStudy};

use crate::args::{Global, Ild};
use crate::commands::case::slice;
use crate::failure::Failure;
use crate::out::Output;
use crate::progress::Progress;
use crate::stdout;

/// Tells the patterns of a slice and leaves the report in a new folder.
pub fn ild_slice(args: &Ild, options: &IldOptions, global: &Global) -> Result<(), Failure> {
    let output = Output::folder(&args.chest.out, args.chest.force)?;
    let progress = Progress::new(global);
    let case = slice(&args.chest, global, &progress)?;
    let news = |step: &str, done: usize, of: usize| progress.show(step, done, of);
    let mut study = hilum_study::ild_slice(case, options, &news)?;
    let now = humantime::format_rfc3339_seconds(SystemTime::now());
    study.findings.created = Some(now.to_string());
    write(&study, output.path())?;
    drop(progress);
    if global.json {
        stdout::print(&hilum_report::json(&study.findings)?)?;
    }
    output.finish()?;
    if !global.quiet && !global.json {
        summary(&study, &args.chest.out);
    }
    Ok(())
}

fn write(study: &IldSliceStudy, folder: &Path) -> Result<(), Failure> {
    let text = |name: &str, text: String| {
        fs::write(folder.join(name), text)
            .map_err(|error| Failure::unwritable(Path::new(name), &error))
    };
    text("report.json", hilum_report::json(&study.findings)?)?;
    text("report.html", hilum_report::html(&study.findings, Some(&study.pictures))?)?;
    let labels = |name: &str, labels: &Volume<u8>| {
        hilum_files::write_labels(folder.join(format!("{name}.nii.gz")), labels)
    };
    labels("lungs", study.thorax.lungs.labels())?;
    labels("lungs_anatomical", study.thorax.anatomical.labels())?;
    labels("ild", study.classified.patterns.labels())?;
    labels("emphysema", study.classified.subtypes.labels())?;
    Ok(())
}

/// What a person wants to know at once, on standard error.
fn summary(study: &IldSliceStudy, out: &Path) {
    for (key, name) in [
        ("extent_ground_glass_percent", "ground glass"),
        ("extent_consolidation_percent", "consolidation"),
        ("extent_emphysema_percent", "emphysema"),
    ] {
        let of = |m: &&hilum_core::Measurement| m.key == key && m.site == Site::Whole(Lungs::Both);
        if let Some(found) = study.findings.measurements.iter().find(of) {
            eprintln!("{name:21} {:5.1} % of the lungs on this slice", found.value);
        }
    }
    for row in study.findings.quality.iter().filter(|row| row.severity != Severity::Info) {
        eprintln!("{:21} {}", row.code, row.message);
    }
    eprintln!(
        "report                {} ({})",
        out.join("report.html").display(),
        hilum_core::RESEARCH_USE_ONLY
    );
}
