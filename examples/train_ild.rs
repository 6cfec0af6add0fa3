//! Trains a model of emphysema, or of other classes, on labelled patches of lung.
//!
//! ```console
//! $ cargo run --release --example train_ild                       # twelve synthetic patches a class
//! $ cargo run --release --example train_ild -- FOLDER -o MODEL    # your own
//! ```
//!
//! FOLDER holds `patches_i16le.bin` (square patches in HU, 16-bit little-endian integers, row by row,
//! one patch after the other, an odd side from 31 pixels on) and `labels.csv` (a header with a column
//! `class`, and `class_id` from 0 on where classes have an order; one row for each patch).
//! Neighbouring rows are taken to come from one patient: the figures printed are those of models
//! that did not see the neighbours. Trained on the patches of the Chest Imaging Platform this writes
//! the model that hilum ships, bit for bit. For research use only.

use std::error::Error;
use std::fs;
use std::path::Path;

use hilum::ild::emphysema::{Patches, Score, cross_validate, train};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (patches, out) = match arguments.as_slice() {
        [] => (synthetic()?, None),
        [folder] => (read(folder)?, None),
        [folder, flag, out] if flag == "-o" => (read(folder)?, Some(out)),
        _ => return Err("wanted nothing, FOLDER, or FOLDER -o MODEL".into()),
    };
    let model = train(&patches);
    println!("trained on {} patches of {}", patches.count(), patches.classes().join(", "));
    for blocks in [10, 2] {
        let answers = cross_validate(&patches, blocks);
        let score = Score::new(&answers, patches.labels(), patches.classes().len());
        println!(
            "left out in {blocks:2} blocks: accuracy {:.3}, balanced {:.3}, calibration error {:.3}",
            score.accuracy(),
            score.balanced_accuracy(),
            score.calibration_error
        );
    }
    if let Some(out) = out {
        let bytes = model.write();
        fs::write(out, &bytes)?;
        println!("wrote {} bytes", bytes.len());
    }
    Ok(())
}

fn read(folder: &str) -> Result<Patches, Box<dyn Error>> {
    let folder = Path::new(folder);
    let pixels = fs::read(folder.join("patches_i16le.bin"))?;
    let table = fs::read_to_string(folder.join("labels.csv"))?;
    Ok(Patches::parse(&pixels, &table)?)
}

/// Noise about the density of lung, with more or fewer holes in it: nothing that a patient has.
fn synthetic() -> Result<Patches, Box<dyn Error>> {
    const SIDE: usize = 31;
    let classes = ["whole", "few holes", "many holes"];
    let mut state = 1u64;
    let mut random = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1 << 24)
    };
    let (mut hu, mut labels) = (Vec::new(), Vec::new());
    for (class, _) in classes.iter().enumerate() {
        for _ in 0..12 {
            let holes: Vec<[f64; 2]> =
                (0..class * 6).map(|_| [random() * SIDE as f64, random() * SIDE as f64]).collect();
            for pixel in 0..SIDE * SIDE {
                let (row, column) = ((pixel / SIDE) as f64, (pixel % SIDE) as f64);
                let near = |hole: &[f64; 2]| (hole[0] - row).hypot(hole[1] - column) < 3.0;
                let tissue = if holes.iter().any(near) { -980.0 } else { -860.0 };
                hu.push((tissue + 80.0 * (random() + random() - 1.0)) as i16);
            }
            labels.push(class as u8);
        }
    }
    Ok(Patches::new(SIDE, hu, classes.map(String::from).into(), labels)?)
}
