//! Derives `crates/segment/data/lobe_prior.csv` from the lung lobe atlas of the Chest Imaging
//! Platform in the folder that is given:
//!
//! `cargo run --release -p hilum-segment --example derive_lobe_prior -- $HILUM_DATA/cip_lung_lobe_atlas`

use std::fs;
use std::path::{Path, PathBuf};

use hilum_core::{LabelMap, Lung, Region};
use hilum_kernel::par;
use hilum_segment::{AtlasCase, derive_lobe_prior};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("give the folder of the atlas")?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    let lungs = files.iter().find(|path| name(path).ends_with("_leftLungRightLung.nrrd"));
    let lungs = lungs.ok_or("the folder holds no map of the lungs")?;
    let cases = cases(&files)?;
    // The atlas numbers the right lung 2 and the left lung 3.
    let labels = hilum_files::read_labels::<u16>(lungs)?;
    let sides = [(2, Lung::Right), (3, Lung::Left)];
    let side = |label: &u16| sides.iter().find(|(n, _)| n == label).map_or(0, |(_, l)| l.label());
    let lungs = LabelMap::<Lung>::new(par::map(&labels, side))?;
    let table = derive_lobe_prior(&cases, &lungs)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/lobe_prior.csv");
    fs::write(&path, table)?;
    println!("{} cases: wrote data/lobe_prior.csv", cases.len());
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Every table of clicks with its transform.
fn cases(files: &[PathBuf]) -> Result<Vec<AtlasCase>, Box<dyn std::error::Error>> {
    let mut cases = Vec::new();
    for clicks in files {
        let file = name(clicks);
        let Some(stem) = file.strip_suffix("_regionAndTypePoints.csv") else { continue };
        let start = format!("{stem}_TO_");
        let transform = files.iter().find(|path| name(path).starts_with(&start));
        let transform = transform.ok_or_else(|| format!("`{file}` has no transform"))?;
        cases
            .push(AtlasCase::parse(&fs::read_to_string(clicks)?, &fs::read_to_string(transform)?)?);
    }
    Ok(cases)
}
