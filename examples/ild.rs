//! Which patterns of interstitial disease are in these lungs, how much of each, and what do they fit?
//!
//! ```console
//! $ cargo run --release --example ild             # a phantom with fibrosis
//! $ cargo run --release --example ild -- FOLDER   # your own CT, as DICOM
//! ```

use hilum::ild::{Facts, PatternOptions, Scene, assess, classify};
use hilum::{Ct, Lungs, Site, dicom, segment};
use hilum_phantom::{Chest, variants};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ct = match std::env::args().nth(1) {
        Some(folder) => read(&folder)?,
        None => phantom(),
    };
    let thorax = segment::thorax(&ct, &segment::Options::default())?;
    let scene = Scene { vessels: Some(&thorax.vessels), ..Scene::new(&ct, &thorax.anatomical) };
    let classified = classify(&scene, &PatternOptions::default())?;
    let partition = segment::anatomical_partition(&thorax, None, segment::ThirdsBy::Volume, 10.0)?;
    let assessment = assess(&classified, &partition, &Facts::default())?;

    let both = Site::Whole(Lungs::Both);
    for m in assessment.measurements.iter().filter(|m| m.site == both) {
        println!("{:30} {:9.1} {}", m.key, m.value, m.unit.symbol());
    }
    for criterion in &assessment.category.criteria {
        println!("{:8} {}", criterion.status.key(), criterion.words);
    }
    for row in &assessment.abstentions {
        println!("{}: {}", row.code, row.message);
    }
    println!("Research use only; an adjunct to reading.");
    Ok(())
}

/// A chest with reticulation and honeycombing at its bases, on a coarse grid.
fn phantom() -> Ct {
    let fibrosis = variants().into_iter().find(|variant| variant.name.starts_with("fibrosis"));
    let chest = fibrosis.map_or_else(Chest::default, |variant| variant.chest);
    chest.image(&Chest::grid([2.0, 1.2, 1.2]))
}

fn read(folder: &str) -> Result<Ct, dicom::Error> {
    let scan = dicom::scan(folder.as_ref(), &|_, _| {})?;
    Ok(dicom::choose(&scan, None)?.load(&|_, _| {})?.ct)
}
