//! Outlines the lungs of every phantom variant and holds them against the truth.
//!
//! ```console
//! $ cargo bench --bench lungs            # every variant at its own resolution
//! $ cargo bench --bench lungs -- 2       # voxels twice as long in each direction
//! $ cargo bench --bench lungs -- 1 child # variants whose name holds a word
//! ```
//!
//! Aerated lung is compared with the true lungs less what is consolidated; ground glass counts
//! on neither side, as its density decides which of the two maps it is in. Anatomical lung is
//! compared with all of the true lungs; of dense disease, which is at home in it alone, the share that it holds is
//! told. Where the kernel tells it, the last column is the peak of memory of outlining alone, the image included.

#[path = "measure/memory.rs"]
mod memory;

use std::time::Instant;

use hilum_core::{Ct, Grid, Lung, Mask, Region, Volume};
use hilum_kernel::par;
use hilum_phantom::{Chest, Disease, IldSet, Truth, ild_patients, variants};
use hilum_segment::{Options, Thorax, thorax};

use memory::{forget, memory};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let coarser = words.first().and_then(|word| word.parse().ok());
    let name = words.get(usize::from(coarser.is_some()));
    println!(
        "{:<36}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>8}",
        "variant", "aerated", "volume", "whole", "volume", "airless", "cysts", "seconds", "MiB"
    );
    let coarser_by = coarser.unwrap_or(1.0);
    for variant in variants() {
        if name.is_none_or(|name| variant.name.contains(name.as_str())) {
            row(variant.name, &variant.chest, &variant.grid(coarser_by));
        }
    }
    for patient in ild_patients().iter().filter(|patient| patient.set == IldSet::Tuning) {
        if name.is_some_and(|name| patient.name.contains(name.as_str())) {
            row(&patient.name, &patient.chest, &patient.grid(coarser_by));
        }
    }
    if name.is_none() && coarser.is_none() {
        large();
    }
}

fn row(name: &str, chest: &Chest, grid: &Grid) {
    let (ct, truth) = chest.render(grid);
    let (found, seconds, memory) = outlined(&ct);
    let consolidated = diseased(&truth, Disease::Consolidation);
    let hazy = diseased(&truth, Disease::GroundGlass);
    let whole = lungs(truth.lungs.labels());
    let air = par::zip(&whole, &consolidated, |lung, airless| *lung && !airless);
    let clear = |mask: &Mask| par::zip(mask, &hazy, |lung, hazy| *lung && !hazy);
    let aerated = [clear(&lungs(found.lungs.labels())), clear(&air)];
    let anatomical = [lungs(found.anatomical.labels()), whole];
    let cysts = diseased(&truth, Disease::Honeycombing);
    let [airless, cysts] = [consolidated, cysts].map(|disease| held(&anatomical[0], &disease));
    println!(
        "{name:<36}{:>9.4}{:>8.1} %{:>8.4}{:>8.1} %{airless:>9}{cysts:>9}{seconds:>9.2}{memory:>8}",
        dice(&aerated),
        excess(&aerated),
        dice(&anatomical),
        excess(&anatomical),
    );
}

/// A chest CT of usual size.
fn large() {
    let adult = Chest::default();
    let grid = Grid::axial([300, 512, 512], [1.1, 0.75, 0.75]).expect("grid of a chest CT");
    let middle = adult.own_grid([2.0; 3]).point([87.0, 100.0, 100.0]);
    let half = grid.shape().map(|n| (n as f64 - 1.0) / 2.0);
    let origin = middle - (grid.point(half) - grid.origin());
    let grid = Grid::new(grid.shape(), origin, *grid.axes()).expect("the same grid elsewhere");
    let (_, seconds, memory) = outlined(&adult.image(&grid));
    println!("{:<36}{:>54}{seconds:>9.2}{memory:>8}", "512 × 512 × 300", "");
}

/// Lungs, seconds and MiB.
fn outlined(ct: &Ct) -> (Thorax, f64, String) {
    forget();
    let start = Instant::now();
    let found = thorax(ct, &Options::default()).expect("a chest has lungs");
    let seconds = start.elapsed().as_secs_f64();
    (found, seconds, memory("VmHWM:").map_or("-".to_owned(), |mib| mib.to_string()))
}

fn diseased(truth: &Truth, disease: Disease) -> Mask {
    par::map(&truth.disease, |label| *label == disease.label())
}

/// Share of a disease that the lungs hold, if there is any.
fn held(lungs: &Mask, disease: &Mask) -> String {
    let both = par::zip(lungs, disease, |lung, sick| *lung && *sick).count();
    match disease.count() {
        0 => "-".to_owned(),
        all => format!("{:.3}", both as f64 / all as f64),
    }
}

fn lungs(labels: &Volume<u8>) -> Mask {
    par::map(labels, |label| *label == Lung::Right.label() || *label == Lung::Left.label())
}

fn dice([a, b]: &[Mask; 2]) -> f64 {
    let both = par::zip(a, b, |a, b| *a && *b).count();
    2.0 * both as f64 / (a.count() + b.count()) as f64
}

/// Volume found beyond the true one, in per cent.
fn excess([found, truth]: &[Mask; 2]) -> f64 {
    100.0 * (found.count() as f64 / truth.count() as f64 - 1.0)
}
