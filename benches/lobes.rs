//! How well lobes are found on chest phantoms, where they are known.
//!
//! ```console
//! $ cargo bench --bench lobes [-- NAME] [--prior]
//! ```
//!
//! With `--prior` fissures are not looked for. Synthetic throughout.

use std::time::Instant;

use hilum::segment::{LobeOptions, Options, lobes, thorax};
use hilum::{LabelMap, Lobe, Region};
use hilum_phantom::{Chest, Scan};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let look_for_fissures = !words.iter().any(|word| word == "--prior");
    let only = words.iter().find(|word| !word.starts_with("--"));
    println!(
        "{:<28} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>20} {:>18} {:>5}",
        "phantom", "RUL", "RML", "RLL", "LUL", "LLL", "mean", "seen RO RH LO", "confidence", "s"
    );
    for (name, chest, spacing) in variants() {
        if only.is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let (ct, truth) = chest.render(&Chest::grid(spacing));
        let thorax = thorax(&ct, &Options::default()).expect("a chest has lungs");
        let start = Instant::now();
        let found = lobes(&ct, &thorax, None, &LobeOptions { look_for_fissures });
        let seconds = start.elapsed().as_secs_f64();
        let found = found.expect("lungs have lobes");
        let dice: Vec<f64> =
            Lobe::ALL.iter().map(|lobe| dice(&found.map, &truth.lobes, *lobe)).collect();
        let mean = dice.iter().sum::<f64>() / 5.0;
        let columns: String = dice.iter().map(|dice| format!(" {dice:>6.3}")).collect();
        let seen: String =
            found.fissures.iter().map(|f| format!(" {:>5.2}", f.completeness)).collect();
        let sure: String =
            found.fissures.iter().map(|f| format!(" {:>5.2}", f.confidence)).collect();
        println!("{name:<28}{columns} {mean:>6.3} {seen:>20} {sure:>18} {seconds:>5.2}");
        for row in found.quality {
            println!("    {}: {}", row.code, row.message);
        }
    }
}

fn dice(found: &LabelMap<Lobe>, truth: &LabelMap<Lobe>, lobe: Lobe) -> f64 {
    let (mut both, mut sum) = (0_u64, 0_u64);
    for (a, b) in found.labels().as_slice().iter().zip(truth.labels().as_slice()) {
        let (a, b) = (*a == lobe.label(), *b == lobe.label());
        both += u64::from(a && b);
        sum += u64::from(a) + u64::from(b);
    }
    2.0 * both as f64 / sum as f64
}

/// Patients and scanners that differ in completeness of fissures, noise, kernel, disease and grid.
fn variants() -> Vec<(&'static str, Chest, [f64; 3])> {
    let chest = Chest::default();
    let scan = Scan::default();
    let noisy = |noise: f64| Scan { noise, ..scan.clone() };
    vec![
        ("complete", Chest { fissures: [1.0; 3], ..chest.clone() }, [1.25, 0.85, 0.85]),
        (
            "small, fissures 0.2 mm",
            Chest { scale: 0.8, fissure_thickness: 0.2, seed: 2, ..chest.clone() },
            [1.0, 0.8, 0.8],
        ),
        (
            "half a horizontal one",
            Chest { fissures: [0.9, 0.5, 0.9], seed: 3, ..chest.clone() },
            [1.25, 0.85, 0.85],
        ),
        ("noise 60 HU", Chest { scan: noisy(60.0), seed: 4, ..chest.clone() }, [1.25, 0.8, 0.8]),
        (
            "sharp kernel",
            Chest {
                scan: Scan { blur: 0.35, noise: 80.0, grain: 0.3, ..scan.clone() },
                seed: 5,
                ..chest.clone()
            },
            [1.0, 0.75, 0.75],
        ),
        (
            "emphysema 25 %",
            Chest { emphysema: 0.25, bullae: 3, seed: 6, ..chest.clone() },
            [1.25, 0.85, 0.85],
        ),
        ("2.5 mm slices", Chest { seed: 7, ..chest.clone() }, [2.5, 0.85, 0.85]),
        ("5 mm slices", Chest { seed: 8, ..chest.clone() }, [5.0, 0.8, 0.8]),
        (
            "no horizontal",
            Chest { fissures: [0.9, 0.0, 0.9], seed: 9, ..chest.clone() },
            [1.25, 0.85, 0.85],
        ),
        ("hardly any", Chest { fissures: [0.3, 0.2, 0.3], seed: 10, ..chest }, [1.25, 0.85, 0.85]),
    ]
}
