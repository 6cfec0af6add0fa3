//! What does each of these files hold, or why is it refused?
//!
//! ```console
//! $ cargo run --release --example decode -- FILE…
//! $ DECODE_OUT=folder cargo run --release --example decode -- FILE…   # numbers as 32-bit floats
//! ```

use std::path::Path;

use hilum::dicom;
use hilum_phantom::Chest;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let out = std::env::var_os("DECODE_OUT");
    for (n, file) in files.iter().enumerate() {
        match decode(file.as_ref()) {
            Ok((summary, values)) => {
                println!("{file}\tread\t{summary}");
                if let Some(out) = &out {
                    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
                    std::fs::write(Path::new(out).join(format!("{n}.f32")), bytes)?;
                }
            }
            Err(error) => println!("{file}\trefused\t{error}"),
        }
    }
    if files.is_empty() {
        let scratch = tempfile::tempdir()?;
        let ct = Chest::default().image(&Chest::grid([40.0, 8.0, 8.0]));
        for path in dicom::write_series(&ct, &dicom::Export::default(), scratch.path())? {
            let (summary, _) = decode(&path)?;
            println!("{}\tread\t{summary}", path.file_name().unwrap_or_default().display());
        }
    }
    Ok(())
}

/// All frames of a file in their order, and a line about them.
fn decode(file: &Path) -> Result<(String, Vec<f32>), dicom::Error> {
    let scan = dicom::scan(file, &|_, _| {})?;
    let mut images = Vec::new();
    for series in scan.series() {
        for image in series.images()? {
            images.push(image?);
        }
    }
    images.sort_by_key(|image| image.frame);
    let repaired = images.iter().filter(|image| image.repaired).count();
    let (rows, columns) = images.first().map_or((0, 0), |image| (image.rows, image.columns));
    let summary = format!("{} × {rows} × {columns}, {repaired} repaired", images.len());
    Ok((summary, images.into_iter().flat_map(|image| image.values).collect()))
}
