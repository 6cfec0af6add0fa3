//! `hilum density`: the lungs of a CT, measured and reported.

use std::path::Path;

use hilum_core::Volume;
use hilum_density::{Bound, MassModel, Percentile, ReferenceVolume};
use hilum_study::{AnatomyOptions, Case, DensityOptions, DensityStudy};

use crate::args::{Density, Global, MassBy, PercentileBy};
use crate::commands::case::{case, zones};
use crate::commands::results;
use crate::failure::Failure;
use crate::out::Output;
use crate::progress::Progress;

/// Measures a CT and leaves the report in a new folder.
pub fn density(args: &Density, global: &Global) -> Result<(), Failure> {
    let options = options(args)?;
    let output = Output::folder(&args.chest.out, args.chest.force)?;
    let progress = Progress::new(global);
    let case = case(&args.chest, global, &progress)?;
    let study = study(case, &options, &progress)?;
    write(&study, output.path(), &progress)?;
    drop(progress);
    results::finish(output, &study.findings, global, || summary(&study, &args.chest.out))
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
    results::stamp(&mut study.findings);
    Ok(study)
}

/// Writes report and label maps into a folder.
pub fn write(study: &DensityStudy, folder: &Path, progress: &Progress) -> Result<(), Failure> {
    progress.show("writing", 0, 1);
    results::write_report(folder, &study.findings, &study.pictures)?;
    let labels = |name: &str, labels: &Volume<u8>| results::write_labels(folder, name, labels);
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
    let named = [
        ("volume_ml", "lung volume"),
        ("mean_hu", "mean density"),
        ("laa_950", "LAA-950"),
        ("perc15_hu", "15th percentile"),
    ];
    results::say_numbers(&study.findings, &named);
    results::say_rows(&study.findings, out);
}
