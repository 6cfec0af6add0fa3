//! `hilum phantom`: a patient that never was, as DICOM, with the truth about it.

use std::fs;
use std::path::Path;

use hilum_core::{Ct, Grid};
use hilum_dicom::Export;
use hilum_phantom::{Chest, Truth};
use serde_json::json;

use crate::args::{Global, Phantom, PhantomKind};
use crate::failure::Failure;
use crate::out::Output;
use crate::progress::Progress;
use crate::stdout;

/// Renders a phantom and writes it into a new folder.
pub fn phantom(args: &Phantom, global: &Global) -> Result<(), Failure> {
    let PhantomKind::Chest = args.kind;
    let chest = chest(args)?;
    let grid = grid(args)?;
    let output = Output::folder(&args.out, args.force)?;
    let progress = Progress::new(global);
    progress.show("rendering the phantom", 0, 2);
    let (ct, truth) = chest.render(&grid);
    progress.show("writing the phantom", 1, 2);
    write(&ct, &truth, args.seed, output.path())?;
    output.finish()?;
    drop(progress);
    if global.json {
        stdout::print(&format!("{:#}", figures(&truth)))?;
    } else if !global.quiet {
        eprintln!("wrote `{}`: DICOM in `dicom`, truth beside it", args.out.display());
    }
    Ok(())
}

fn chest(args: &Phantom) -> Result<Chest, Failure> {
    if !(0.0..=40.0).contains(&args.emphysema) || !(0.0..=500.0).contains(&args.noise) {
        return Err(Failure::new(
            format!("found {} % emphysema and {} HU noise", args.emphysema, args.noise),
            "emphysema goes from 0 to 40 %, noise from 0 to 500 HU",
        ));
    }
    let mut chest =
        Chest { seed: args.seed, emphysema: args.emphysema / 100.0, ..Chest::default() };
    chest.scan.noise = args.noise;
    Ok(chest)
}

fn grid(args: &Phantom) -> Result<Grid, Failure> {
    if args.spacing.iter().all(|mm| (0.3..=20.0).contains(mm)) {
        return Ok(Chest::grid(args.spacing));
    }
    Err(Failure::new(
        format!("the spacing is {:?} mm", args.spacing),
        "each spacing goes from 0.3 to 20 mm",
    ))
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
    let path = folder.join("truth.json");
    fs::write(&path, format!("{:#}\n", figures(truth)))
        .map_err(|error| Failure::unwritable(&path, &error))
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
