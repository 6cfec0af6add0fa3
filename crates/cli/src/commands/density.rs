//! `hilum density`: the lungs of a CT, measured and reported.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use hilum_core::{Grid, LabelMap, Volume};
use hilum_density::{Bound, MassModel, Percentile, ReferenceVolume};
use hilum_report::{SeriesRole, SeriesUsed, Study};
use hilum_segment::Scheme;
use hilum_study::{AnatomyOptions, Case, DensityOptions, DensityStudy};

use crate::args::{Density, Global, Labels, MassBy, PercentileBy, ThirdsBy};
use crate::commands::network::{self, Labelled, Wanted};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::out::Output;
use crate::progress::Progress;
use crate::stdout;

/// Measures a CT and leaves the report in a new folder.
pub fn density(args: &Density, global: &Global) -> Result<(), Failure> {
    let options = options(args)?;
    let output = Output::folder(&args.out, args.force)?;
    let progress = Progress::new(global);
    let case = case(args, global, &progress)?;
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
        summary(&study, &args.out);
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
    if !(args.rind.is_finite() && args.rind > 0.0) {
        return Err(Failure::new(
            format!("the rind is {} mm deep, wanted more than 0", args.rind),
            "leave --rind away for 10 mm",
        ));
    }
    let mut options = DensityOptions { rind: args.rind, ..DensityOptions::default() };
    options.anatomy = args.anatomy.then(AnatomyOptions::default);
    options.thirds = match args.thirds {
        ThirdsBy::Volume => hilum_segment::ThirdsBy::Volume,
        ThirdsBy::Height => hilum_segment::ThirdsBy::Height,
    };
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

fn case(args: &Density, global: &Global, progress: &Progress) -> Result<Case, Failure> {
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
    if args.deidentify {
        case.study = Study::default();
        deidentify(&mut case.series);
    }
    Ok(case)
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
