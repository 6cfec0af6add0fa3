//! `hilum demo`: a phantom patient through every analysis.

use std::path::{Path, PathBuf};

use hilum_core::{LabelMap, Lobe, Lung, Lungs, Region, Site};
use hilum_phantom::{Chest, Truth};
use hilum_study::{AnatomyOptions, DensityOptions};

use crate::args::{CtPath, Demo, Global, UnevenSlices};
use crate::commands::{case, density, phantom};
use crate::failure::Failure;
use crate::input;
use crate::out::Output;
use crate::progress::Progress;
use crate::stdout;

/// Spacing of the demo's CT in mm, `[k, j, i]`: fine enough to look real, coarse enough to wait for.
const SPACING: [f64; 3] = [2.0, 0.9, 0.9];
const SEED: u64 = 1;

/// Makes a patient, writes it as DICOM, reads it back, measures it, and compares with the truth.
pub fn demo(args: &Demo, global: &Global) -> Result<(), Failure> {
    let out = args.out.clone().unwrap_or_else(free_name);
    let output = Output::folder(&out, args.force)?;
    let progress = Progress::new(global);
    progress.show("rendering a phantom patient", 0, 1);
    let chest = Chest { seed: SEED, ..Chest::default() };
    let (ct, truth) = chest.render(&Chest::grid(SPACING));
    let folder = output.path().join("phantom");
    phantom::write(&ct, &truth, SEED, &folder)?;
    drop(ct);

    let at = CtPath { path: folder.join("dicom"), series: None, uneven: UnevenSlices::default() };
    let quiet = Global { quiet: true, ..*global };
    let anatomy = Some(AnatomyOptions::default());
    let options = DensityOptions { anatomy, ..DensityOptions::default() };
    let case = case::unmasked(input::read(&at, &quiet, &progress)?);
    let study = density::study(case, &options, &progress)?;
    density::write(&study, output.path(), &progress)?;
    drop(progress);
    let json = hilum_report::json(&study.findings)?;
    output.finish()?;
    if global.json {
        stdout::print(&json)?;
    } else if !global.quiet {
        density::summary(&study, &out);
        compare(&study, &truth);
    }
    Ok(())
}

/// `hilum-demo`, or the first of `hilum-demo-2`, `hilum-demo-3` … that is not taken.
fn free_name() -> PathBuf {
    let numbered = (2..).map(|n| format!("hilum-demo-{n}"));
    std::iter::once("hilum-demo".to_owned())
        .chain(numbered)
        .map(PathBuf::from)
        .find(|name| !Path::new(name).exists())
        .expect("names do not run out")
}

/// Prints what was measured beside what is true.
fn compare(study: &hilum_study::DensityStudy, truth: &Truth) {
    let at = |key: &str, site: Site| {
        let of = |m: &&hilum_core::Measurement| m.key == key && m.site == site;
        study.findings.measurements.iter().find(of).map_or(f64::NAN, |m| m.value)
    };
    let measured = |key: &str| at(key, Site::Whole(Lungs::Both));
    let overlap = |lung| dice(&study.thorax.lungs, &truth.lungs, lung);
    let figures = &truth.figures;
    eprintln!("\nagainst the truth of the phantom      measured     true");
    eprintln!(
        "  lung volume in mL                  {:9.1} {:9.1}",
        measured("volume_ml"),
        figures.lungs_ml()
    );
    eprintln!(
        "  LAA-950 in %                       {:9.2} {:9.2}",
        measured("laa_950"),
        figures.laa_950
    );
    for (lobe, wanted) in Lobe::ALL.iter().zip(figures.lobes_ml) {
        let name = format!("{} in mL", Site::Lobe(*lobe).name());
        eprintln!("  {name:35}{:8.1} {wanted:9.1}", at("volume_ml", Site::Lobe(*lobe)));
    }
    eprintln!("  overlap (Dice) of the right lung   {:9.4}    1.0000", overlap(Lung::Right));
    eprintln!("  overlap (Dice) of the left lung    {:9.4}    1.0000", overlap(Lung::Left));
    let Some(anatomy) = &study.anatomy else { return };
    for &lobe in Lobe::ALL {
        let name = format!("overlap (Dice), {}", Site::Lobe(lobe).name());
        eprintln!("  {name:35}{:9.4}    1.0000", dice(&anatomy.lobes, &truth.lobes, lobe));
    }
}

/// Twice the voxels in common over the voxels of both.
fn dice<R: Region>(a: &LabelMap<R>, b: &LabelMap<R>, region: R) -> f64 {
    let label = region.label();
    let pairs = a.labels().as_slice().iter().zip(b.labels().as_slice());
    let both = pairs.filter(|(a, b)| **a == label && **b == label).count() as f64;
    2.0 * both / (a.count(region) + b.count(region)) as f64
}
