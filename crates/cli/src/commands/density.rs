//! `hilum density`: the lungs of a CT, measured and reported.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use hilum_core::Volume;
use hilum_density::{Bound, MassModel, Percentile, ReferenceVolume};
use hilum_study::{AnatomyOptions, Case, DensityOptions, DensityStudy};

use crate::args::{Density, Global, MassBy, PercentileBy};
use crate::commands::case::{case, zones};
use crate::failure::Failure;
use crate::out::Output;
use crate::progress::Progress;
use crate::stdout;

/// Measures a CT and leaves the report in a new folder.
pub fn density(args: &Density, global: &Global) -> Result<(), Failure> {
    let options = options(args)?;
    let output = Output::folder(&args.chest.out, args.chest.force)?;
    let progress = Progress::new(global);
    let case = case(&args.chest, global, &progress)?;
    let study = study(case, &options, &progress)?;
    write(&study, output.path(), &progress)?;
    drop(progress);
    if global.json {
        stdout::print(&hilum_report::json(&study.findings)?)?;
    }
    output.finish()?;
    if global.verbose {
        for row in &study.findings.timing {
            eprintln!("{:20} {:5.2} s", row.step, row.seconds);
        }
    }
    if !global.quiet && !global.json {
        summary(&study, &args.chest.out);
    }
    Ok(())
}

fn options(args: &Density) -> Result<DensityOptions, Failure> {
    let reference_volume = match args.reference_volume {
        Some(ml) if !(ml.is_finite() && ml > 0.0) => {
            return Err(Failure::new(
                format!("the reference volume is {ml} mL, wanted more than 0"),
                "give total lung volume in millilitres, for example --reference-volume 5800",
            ));
        }
        ml => ml.map(|millilitres| ReferenceVolume { millilitres, source: "command line".into() }),
    };
    let (thirds, rind) = zones(&args.chest)?;
    let mut options = DensityOptions { thirds, rind, ..DensityOptions::default() };
    options.anatomy = args.anatomy.then(AnatomyOptions::default);
    options.density.bound = if args.inclusive { Bound::Inclusive } else { Bound::Strict };
    options.density.percentile = match args.percentile {
        PercentileBy::Interpolated => Percentile::Interpolated,
        PercentileBy::Linear => Percentile::Linear,
        PercentileBy::Histogram => Percentile::Histogram,
    };
    options.density.mass = match args.mass {
        MassBy::Linear => MassModel::Linear,
        MassBy::Schneider => MassModel::Schneider,
    };
    options.density.reference_volume = reference_volume;
    Ok(options)
}

/// Runs the study and stamps its findings with the time.
pub fn study(
    case: Case,
    options: &DensityOptions,
    progress: &Progress,
) -> Result<DensityStudy, Failure> {
    let news = |step: &str, done: usize, of: usize| progress.show(step, done, of);
    let mut study = hilum_study::density(case, options, &news)?;
    let now = humantime::format_rfc3339_seconds(SystemTime::now());
    study.findings.created = Some(now.to_string());
    Ok(study)
}

/// Writes report and label maps into a folder.
pub fn write(study: &DensityStudy, folder: &Path, progress: &Progress) -> Result<(), Failure> {
    progress.show("writing", 0, 1);
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
    if let Some(anatomy) = &study.anatomy {
        labels("lobes", anatomy.lobes.labels())?;
        labels("airways", &anatomy.airways.lumen.map(|inside| u8::from(*inside)))?;
        labels("vessels", &anatomy.vessels.mask.map(|inside| u8::from(*inside)))?;
    }
    Ok(())
}

/// What a person wants to know at once, on standard error.
pub fn summary(study: &DensityStudy, out: &Path) {
    use hilum_core::{Lungs, Severity, Site};
    let findings = &study.findings;
    for (key, name) in [
        ("volume_ml", "lung volume"),
        ("mean_hu", "mean density"),
        ("laa_950", "LAA-950"),
        ("perc15_hu", "15th percentile"),
    ] {
        let of = |m: &&hilum_core::Measurement| m.key == key && m.site == Site::Whole(Lungs::Both);
        if let Some(found) = findings.measurements.iter().find(of) {
            eprintln!("{name:16} {:9.2} {}", found.value, found.unit.symbol());
        }
    }
    for row in findings.quality.iter().filter(|row| row.severity != Severity::Info) {
        eprintln!("{:16} {}", row.code, row.message);
    }
    eprintln!(
        "report           {} ({})",
        out.join("report.html").display(),
        hilum_core::RESEARCH_USE_ONLY
    );
}
