//! How much of these lungs is low in attenuation?
//!
//! ```console
//! $ cargo run --release --example density             # a phantom
//! $ cargo run --release --example density -- FOLDER   # your own CT, as DICOM
//! ```

use hilum::{Ct, Site, density, dicom, segment};
use hilum_phantom::Chest;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ct = match std::env::args().nth(1) {
        Some(folder) => read(&folder)?,
        None => Chest::default().image(&Chest::grid([3.0, 1.5, 1.5])),
    };
    let thorax = segment::thorax(&ct, &segment::Options::default())?;
    let partition = segment::partition(&thorax, None, segment::ThirdsBy::Volume, 10.0)?;
    let measured = density::measure(&ct, &partition, &density::Options::default())?;

    for m in measured.measurements.iter().filter(|m| matches!(m.site, Site::Whole(_))) {
        println!("{:12} {:22} {:9.2} {}", m.site.name(), m.key, m.value, m.unit.symbol());
    }
    for row in thorax.quality.iter().chain(&measured.quality) {
        println!("{}: {}", row.code, row.message);
    }
    Ok(())
}

fn read(folder: &str) -> Result<Ct, dicom::Error> {
    let scan = dicom::scan(folder.as_ref(), &|_, _| {})?;
    Ok(dicom::choose(&scan, None)?.load(&|_, _| {})?.ct)
}
