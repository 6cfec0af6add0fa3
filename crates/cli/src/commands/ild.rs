//! `hilum ild`: patterns of interstitial disease, told and reported.

use std::fs;
use std::path::Path;

use hilum_core::Volume;
use hilum_ild::emphysema::Model;
use hilum_report::Earlier;
use hilum_study::{IldOptions, IldStudy};

use crate::args::{Global, Ild};
use crate::commands::case::{case, zones};
use crate::commands::{ild_slice, results};
use crate::failure::Failure;
use crate::out::Output;
use crate::progress::Progress;

/// Tells the patterns of a CT and leaves the report in a new folder.
pub fn ild(args: &Ild, global: &Global) -> Result<(), Failure> {
    if args.single_slice {
        return ild_slice::ild_slice(args, &options(args)?, global);
    }
    let options = options(args)?;
    let output = Output::folder(&args.chest.out, args.chest.force)?;
    let progress = Progress::new(global);
    let case = case(&args.chest, global, &progress)?;
    require_same_patient(options.earlier.as_ref(), case.study.patient_id.as_deref())?;
    let news = |step: &str, done: usize, of: usize| progress.show(step, done, of);
    let mut study = hilum_study::ild(case, &options, &news)?;
    results::stamp(&mut study.findings);
    write(&study, output.path(), &progress)?;
    drop(progress);
    results::finish(output, &study.findings, global, || summary(&study, &args.chest.out))
}

fn options(args: &Ild) -> Result<IldOptions, Failure> {
    let (thirds, rind) = zones(&args.chest)?;
    if let Some(fvc) = args.fvc.filter(|fvc| !(fvc.is_finite() && (1.0..=250.0).contains(fvc))) {
        return Err(Failure::new(
            format!("the vital capacity is {fvc} % of predicted, wanted 1 to 250"),
            "give forced vital capacity in per cent of predicted, for example --fvc 64",
        ));
    }
    let mut options = IldOptions { thirds, rind, fvc_percent: args.fvc, ..IldOptions::default() };
    if let Some(path) = &args.model {
        options.emphysema = Some(Model::read(&read(path)?)?);
    }
    if let Some(folder) = &args.prior {
        let text = String::from_utf8_lossy(&read(&folder.join("report.json"))?).into_owned();
        let earlier = hilum_report::earlier(&text)?;
        if earlier.analysis != "ild" {
            return Err(Failure::new(
                format!("the earlier run is of `{}`, wanted `ild`", earlier.analysis),
                "give the OUT of an earlier `hilum ild`",
            ));
        }
        options.earlier = Some(earlier);
    }
    Ok(options)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        Failure::new(
            format!("`{}` cannot be read: {error}", path.display()),
            "check the path; an earlier run is the folder that `hilum ild` made",
        )
    })
}

/// Two runs can only be compared if nothing says that they are of two people.
fn require_same_patient(earlier: Option<&Earlier>, present: Option<&str>) -> Result<(), Failure> {
    let before = earlier.and_then(|earlier| earlier.patient_id.as_deref());
    match (before, present) {
        (Some(before), Some(present)) if before != present => Err(Failure::new(
            "the earlier run is of another patient: the identifiers differ",
            "compare runs of one person",
        )),
        _ => Ok(()),
    }
}

/// Writes report and label maps into a folder.
fn write(study: &IldStudy, folder: &Path, progress: &Progress) -> Result<(), Failure> {
    progress.show("writing", 0, 1);
    results::write_report(folder, &study.findings, &study.pictures)?;
    let labels = |name: &str, labels: &Volume<u8>| results::write_labels(folder, name, labels);
    labels("lungs", study.thorax.lungs.labels())?;
    labels("lungs_anatomical", study.thorax.anatomical.labels())?;
    labels("lobes", study.anatomy.lobes.labels())?;
    labels("airways", &study.anatomy.airways.lumen.map(|inside| u8::from(*inside)))?;
    labels("vessels", &study.anatomy.vessels.mask.map(|inside| u8::from(*inside)))?;
    labels("ild", study.classified.patterns.labels())?;
    labels("emphysema", study.classified.subtypes.labels())?;
    Ok(())
}

/// What a person wants to know at once, on standard error.
fn summary(study: &IldStudy, out: &Path) {
    let findings = &study.findings;
    let named = [
        ("extent_ild_percent", "interstitial disease"),
        ("extent_fibrosis_percent", "fibrosis"),
        ("extent_ground_glass_percent", "ground glass"),
        ("extent_honeycombing_percent", "honeycombing"),
        ("extent_consolidation_percent", "consolidation"),
        ("extent_emphysema_percent", "emphysema"),
    ];
    results::say_numbers(findings, &named);
    if let Some(found) = &findings.classification {
        let fits: Vec<&str> = found.possible.iter().map(|named| named.name).collect();
        match found.status {
            "withheld" => eprintln!("category              withheld, see below"),
            _ => eprintln!("category              {}", fits.join(", or ")),
        }
        for row in found.abstentions.iter().filter(|row| row.withholds != "nothing") {
            eprintln!("{:21} {}", row.code, row.message);
        }
        eprintln!("{}", found.adjunct);
    }
    results::say_rows(findings, out);
}
