//! How well lobes are found on chest phantoms, where they are known.
//!
//! ```console
//! $ cargo bench --bench lobes [-- NAME] [--prior] [--coarse] [--alone]
//! ```
//!
//! With `--prior` fissures are not looked for; with `--coarse` scans have steps 1.8 times as long;
//! with `--alone` neither airways nor vessels take part.
//! Synthetic throughout.

use std::time::Instant;

use hilum::segment::{
    AirwayOptions, Fissure, FissureFigures, LobeOptions, Options, VesselOptions, airways, lobes,
    thorax, vessels,
};
use hilum::{LabelMap, Lobe, Region};
use hilum_phantom::{BorderPoint, variants};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let look_for_fissures = !words.iter().any(|word| word == "--prior");
    let coarser = if words.iter().any(|word| word == "--coarse") { 1.8 } else { 1.0 };
    let alone = words.iter().any(|word| word == "--alone");
    let only = words.iter().find(|word| !word.starts_with("--"));
    println!(
        "{:<36} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>18} {:>18} {:>18} {:>5}",
        "phantom",
        "RUL",
        "RML",
        "RLL",
        "LUL",
        "LLL",
        "mean",
        "seen RO RH LO",
        "expected < 3 mm",
        "are < 3 mm",
        "s"
    );
    for variant in variants() {
        let name = variant.name;
        if only.is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let (ct, truth) = variant.chest.render(&variant.grid(coarser));
        let thorax = thorax(&ct, &Options::default()).expect("a chest has lungs");
        let tree = (!alone)
            .then(|| airways(&ct, &thorax, &AirwayOptions::default()).expect("one lung or two"));
        let tubes = tree.as_ref().map(|tree| {
            vessels(&ct, &thorax, Some(tree), &VesselOptions::default()).expect("one grid")
        });
        let start = Instant::now();
        let found =
            lobes(&ct, &thorax, tree.as_ref(), tubes.as_ref(), &LobeOptions { look_for_fissures });
        let seconds = start.elapsed().as_secs_f64();
        let found = found.expect("lungs have lobes");
        let dice: Vec<f64> =
            Lobe::ALL.iter().map(|lobe| dice(&found.map, &truth.lobes, *lobe)).collect();
        let mean = dice.iter().sum::<f64>() / 5.0;
        let overlaps = columns(dice.iter().map(|dice| format!("{dice:>6.3}")));
        let seen = columns(found.fissures.iter().map(|f| format!("{:>5.2}", f.completeness)));
        let sure = columns(found.fissures.iter().map(|f| format!("{:>5.2}", f.confidence)));
        let close: String = found.fissures.iter().map(|f| close(f, &truth.borders)).collect();
        println!(
            "{name:<36}{overlaps} {mean:>6.3} {seen:>18} {sure:>18} {close:>18} {seconds:>5.2}"
        );
        for row in found.quality {
            println!("    {}: {}", row.code, row.message);
        }
    }
}

/// Words with a space before each.
fn columns(words: impl Iterator<Item = String>) -> String {
    words.fold(String::new(), |line, word| line + " " + &word)
}

/// Share of the points between lobes that lie within 3 mm of the surface that was found.
fn close(figures: &FissureFigures, borders: &[BorderPoint]) -> String {
    let own = borders.iter().filter(|border| Fissure::ALL[border.fissure] == figures.fissure);
    let (mut close, mut all) = (0.0, 0.0);
    for border in own {
        all += 1.0;
        let is_close = figures.sheet.signed_distance(border.point).abs() < 3.0;
        close += f64::from(u8::from(is_close));
    }
    format!(" {:>5.2}", close / f64::max(all, 1.0))
}

fn dice(found: &LabelMap<Lobe>, truth: &LabelMap<Lobe>, lobe: Lobe) -> f64 {
    let (mut both, mut sum) = (0_u64, 0_u64);
    for (a, b) in found.labels().as_slice().iter().zip(truth.labels().as_slice()) {
        let (a, b) = (*a == lobe.label(), *b == lobe.label());
        both += u64::from(a && b);
        sum += u64::from(a) + u64::from(b);
    }
    if sum == 0 { 1.0 } else { 2.0 * both as f64 / sum as f64 }
}
