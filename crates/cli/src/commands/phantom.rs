//! `hilum phantom`: a patient that never was, as DICOM, with the truth about it.

use std::fs;
use std::path::Path;

use hilum_core::{Ct, Grid, Lobe, Pattern, Region};
use hilum_dicom::Export;
use hilum_phantom::{Chest, IldPatient, Shares, Truth, ild_patients};
use serde_json::json;

use crate::args::{Global, Phantom, PhantomKind};
use crate::failure::Failure;
use crate::out::Output;
use crate::progress::Progress;
use crate::stdout;

/// Renders a phantom and writes it into a new folder.
pub fn phantom(args: &Phantom, global: &Global) -> Result<(), Failure> {
    let (chest, grid) = match args.kind {
        PhantomKind::Chest => (chest(args)?, Chest::grid(spacing(args, [2.0, 0.9, 0.9])?)),
        PhantomKind::Ild => patient(args)?,
    };
    let output = Output::folder(&args.out, args.force)?;
    let progress = Progress::new(global);
    progress.show("rendering the phantom", 0, 2);
    let (ct, truth) = chest.render(&grid);
    progress.show("writing the phantom", 1, 2);
    write(&ct, &truth, chest.seed, output.path())?;
    let mut figures = figures(&truth);
    if let PhantomKind::Ild = args.kind {
        patterns(&truth, output.path())?;
        figures = with_extents(figures, &truth);
        write_figures(&figures, output.path())?;
    }
    output.finish()?;
    drop(progress);
    if global.json {
        stdout::print(&format!("{figures:#}"))?;
    } else if !global.quiet {
        eprintln!("wrote `{}`: DICOM in `dicom`, truth beside it", args.out.display());
    }
    Ok(())
}

fn chest(args: &Phantom) -> Result<Chest, Failure> {
    let emphysema = args.emphysema.unwrap_or(6.0);
    if args.patient.is_some() {
        return Err(Failure::new("a chest has no `--patient`", "add --kind ild"));
    }
    if !(0.0..=40.0).contains(&emphysema) {
        return Err(Failure::new(
            format!("found {emphysema} % emphysema"),
            "emphysema goes from 0 to 40 %",
        ));
    }
    let seed = args.seed.unwrap_or(1);
    let mut chest = Chest { seed, emphysema: emphysema / 100.0, ..Chest::default() };
    chest.scan.noise = noise(args, 20.0)?;
    Ok(chest)
}

/// The patient with interstitial disease that was named.
fn patient(args: &Phantom) -> Result<(Chest, Grid), Failure> {
    if args.emphysema.is_some() || args.seed.is_some() {
        return Err(Failure::new(
            "`--emphysema` and `--seed` are for a chest; an ild patient has its own",
            "leave them away, or choose another --patient",
        ));
    }
    let name = args.patient.as_deref().unwrap_or("uip-tuning-1");
    let found = ild_patients().into_iter().find(|patient| patient.name == name);
    let Some(IldPatient { mut chest, spacing: own, .. }) = found else {
        return Err(Failure::new(
            format!("no patient is called `{name}`"),
            "names are KIND-SET-N, for example nsip-heldout-2; --help lists kinds and sets",
        ));
    };
    chest.scan.noise = noise(args, chest.scan.noise)?;
    let grid = chest.own_grid(spacing(args, own)?);
    Ok((chest, grid))
}

fn noise(args: &Phantom, own: f64) -> Result<f64, Failure> {
    let noise = args.noise.unwrap_or(own);
    if (0.0..=500.0).contains(&noise) {
        return Ok(noise);
    }
    Err(Failure::new(format!("found {noise} HU noise"), "noise goes from 0 to 500 HU"))
}

fn spacing(args: &Phantom, own: [f64; 3]) -> Result<[f64; 3], Failure> {
    let spacing = args.spacing.unwrap_or(own);
    if spacing.iter().all(|mm| (0.3..=20.0).contains(mm)) {
        return Ok(spacing);
    }
    Err(Failure::new(
        format!("the spacing is {spacing:?} mm"),
        "each spacing goes from 0.3 to 20 mm",
    ))
}

/// Writes the maps of patterns and of kinds of emphysema.
fn patterns(truth: &Truth, folder: &Path) -> Result<(), Failure> {
    let folder = folder.join("truth");
    fs::create_dir(&folder).map_err(|error| Failure::unwritable(&folder, &error))?;
    hilum_files::write_labels(folder.join("ild.nii.gz"), truth.patterns().labels())?;
    hilum_files::write_labels(folder.join("emphysema.nii.gz"), truth.subtypes().labels())?;
    Ok(())
}

/// Adds the extent of each pattern in each part of the lungs, in per cent.
fn with_extents(mut figures: serde_json::Value, truth: &Truth) -> serde_json::Value {
    let extents = truth.extents();
    let named = |shares: Shares| {
        let all = shares.map(|shares| {
            let pairs = Pattern::ALL.iter().zip(shares);
            pairs.map(|(pattern, share)| (pattern.key().to_owned(), json!(share)))
        });
        all.map(|pairs| serde_json::Value::Object(pairs.collect()))
    };
    let mut parts = serde_json::Map::new();
    let [right, left] = extents.lungs;
    let lungs = [("lungs", extents.whole), ("right_lung", right), ("left_lung", left)];
    let lobes = Lobe::ALL.iter().map(|lobe| lobe.key()).zip(extents.lobes);
    for (key, shares) in lungs.into_iter().chain(lobes) {
        if let Some(shares) = named(shares) {
            parts.insert(key.to_owned(), shares);
        }
    }
    figures["extent_percent"] = serde_json::Value::Object(parts);
    figures
}

/// Writes image and truth into a folder: `dicom/`, label maps, and `truth.json`.
pub fn write(ct: &Ct, truth: &Truth, seed: u64, folder: &Path) -> Result<(), Failure> {
    let mut export = Export { seed, ..Export::default() };
    export.acquisition.slice_thickness_mm = Some(ct.grid().spacing()[0]);
    hilum_dicom::write_series(ct, &export, &folder.join("dicom"))?;
    hilum_files::write_labels(folder.join("lungs.nii.gz"), truth.lungs.labels())?;
    hilum_files::write_labels(folder.join("lobes.nii.gz"), truth.lobes.labels())?;
    for (name, mask) in [
        ("airways.nii.gz", &truth.airways),
        ("vessels.nii.gz", &truth.vessels),
        ("emphysema.nii.gz", &truth.emphysema),
    ] {
        hilum_files::write_labels(folder.join(name), &mask.map(|inside| u8::from(*inside)))?;
    }
    write_figures(&figures(truth), folder)
}

fn write_figures(figures: &serde_json::Value, folder: &Path) -> Result<(), Failure> {
    let path = folder.join("truth.json");
    fs::write(&path, format!("{figures:#}\n")).map_err(|error| Failure::unwritable(&path, &error))
}

fn figures(truth: &Truth) -> serde_json::Value {
    let figures = &truth.figures;
    json!({
        "regulatory": hilum_core::RESEARCH_USE_ONLY,
        "synthetic": true,
        "right_lung_ml": figures.right_ml,
        "left_lung_ml": figures.left_ml,
        "lobes_ml": figures.lobes_ml,
        "emphysema_percent": 100.0 * figures.emphysema_fraction,
        "laa_950_percent": figures.laa_950,
        "laa_950_noiseless_percent": figures.laa_950_noiseless,
    })
}
