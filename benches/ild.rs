//! Tells emphysema and patterns all over the lungs of a sick chest of usual size: what each step costs.
//!
//! ```console
//! $ cargo bench --bench ild                  # a drawn chest of 512 × 512 × 300
//! $ cargo bench --bench ild -- 150 300 600   # several, to see how the cost grows
//! ```
//!
//! Lungs, lobes, vessels and airways are those that were drawn: no outlining is timed. Columns are
//! seconds on the clock, seconds of all processors together, these for each voxel of the image, and
//! the peak of memory while a step ran: of the whole process, with the image and all maps, and
//! above what was held before the step. Clock times count only where nobody else uses the machine.
//!
//! Beneath stand how well the patterns meet those that were drawn, and a checksum of all maps: a change that
//! only saves time leaves it as it is. The chest is synthetic.

#[path = "measure/memory.rs"]
mod memory;
#[path = "measure/processor.rs"]
mod processor;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Instant;

use hilum_core::{Ct, Grid, LabelMap, Lung, Pattern, Region};
use hilum_ild::emphysema::{Model, posteriors};
use hilum_ild::{Classified, Facts, PatternOptions, Scene, assess, classify};
use hilum_kernel::par;
use hilum_phantom::{Chest, Disease, Lesion, Truth};
use hilum_segment::{ThirdsBy, Thorax, anatomical_partition};

use memory::{forget, memory};
use processor::processor;

/// Height in mm of the drawn chest, from below the diaphragm to above the shoulders.
const HEIGHT: f64 = 330.0;

fn main() {
    let words = std::env::args().skip(1).filter_map(|word| word.parse::<usize>().ok());
    let mut slices: Vec<usize> = words.collect();
    if slices.is_empty() {
        slices.push(300);
    }
    println!("{} threads", par::threads());
    for slices in slices {
        let (ct, truth) = sick().render(&grid(slices));
        follow(&ct, truth);
    }
}

/// A chest with every pattern.
fn sick() -> Chest {
    let patch = |disease, lung, place, hu| Lesion::ellipsoid(disease, lung, place, hu);
    let lesions = vec![
        patch(Disease::GroundGlass, Lung::Right, [[-80.0, 10.0, 40.0], [45.0; 3]], -520.0),
        patch(Disease::Consolidation, Lung::Right, [[-90.0, 60.0, -20.0], [30.0; 3]], 40.0),
        patch(Disease::Reticulation, Lung::Left, [[85.0, 50.0, -90.0], [60.0; 3]], -20.0)
            .to_depth(35.0),
        patch(Disease::Reticulation, Lung::Right, [[-85.0, 50.0, -90.0], [60.0; 3]], -20.0)
            .to_depth(35.0),
        patch(Disease::Honeycombing, Lung::Left, [[90.0, 60.0, -120.0], [50.0; 3]], -20.0)
            .to_depth(18.0),
    ];
    Chest { lesions, emphysema: 0.10, bullae: 2, ..Chest::default() }
}

/// So many slices of 512 × 512 voxels about the middle of the chest.
fn grid(slices: usize) -> Grid {
    let spacing = [HEIGHT / slices as f64, 0.75, 0.75];
    let grid = Grid::axial([slices, 512, 512], spacing).expect("grid of a chest CT");
    let middle = Chest::default().own_grid([2.0; 3]).point([87.0, 100.0, 100.0]);
    let half = grid.shape().map(|n| (n as f64 - 1.0) / 2.0);
    let origin = middle - (grid.point(half) - grid.origin());
    Grid::new(grid.shape(), origin, *grid.axes()).expect("the same grid elsewhere")
}

/// Takes all steps and prints what each cost and found.
fn follow(ct: &Ct, truth: Truth) {
    let [k, j, i] = ct.grid().shape();
    let drawn = truth.patterns();
    // The rest of the truth is not needed, and takes more room than all that is measured here.
    let Truth { lungs: labels, lobes, airways, vessels, .. } = truth;
    let lungs = par::map(labels.labels(), |label| *label == 1 || *label == 2);
    let share = 100.0 * lungs.count() as f64 / lungs.grid().voxel_count() as f64;
    println!(
        "\n{k} × {j} × {i} voxels of {:.2?} mm, {share:.1} % in the lungs\n",
        ct.grid().spacing()
    );
    println!("| step | clock s | processor s | ns/voxel | MiB | MiB added |");
    println!("|---|---|---|---|---|---|");
    let voxels = ct.grid().voxel_count() as f64;
    let mut total = Cost::default();
    let model = Model::shipped();
    let told = step("posteriors", voxels, &mut total, || posteriors(ct, &lungs, &model));
    let told = told.expect("one grid");
    let scene = Scene {
        vessels: Some(&vessels),
        airways: Some(&airways),
        lobes: Some(&lobes),
        ..Scene::new(ct, &labels)
    };
    let options = PatternOptions { emphysema: Some(&told) };
    let classified = step("patterns", voxels, &mut total, || classify(&scene, &options));
    let classified = classified.expect("a chest has lungs");
    drop(told);
    let thorax = Thorax { lungs: labels.clone(), anatomical: labels, vessels, quality: Vec::new() };
    let partition = anatomical_partition(&thorax, Some(&lobes), ThirdsBy::Volume, 10.0);
    let partition = partition.expect("one grid");
    drop(thorax);
    let facts = Facts::default();
    let assessment = step("assess", voxels, &mut total, || assess(&classified, &partition, &facts));
    let assessment = assessment.expect("one grid");
    total.print("all", voxels);
    println!("\n{}", agreement(&classified.patterns, &drawn));
    println!(
        "checksum {:016x}, {} measurements",
        checksum(&classified),
        assessment.measurements.len()
    );
}

/// Overlap of each pattern with the one that was drawn.
fn agreement(found: &LabelMap<Pattern>, drawn: &LabelMap<Pattern>) -> String {
    let mut counts = [[0_u64; 3]; 256];
    for (found, drawn) in found.labels().as_slice().iter().zip(drawn.labels().as_slice()) {
        if *drawn > 0 {
            counts[usize::from(*found)][0] += 1;
            counts[usize::from(*drawn)][1] += 1;
            counts[usize::from(*found)][2] += u64::from(found == drawn);
        }
    }
    let dice = Pattern::ALL.iter().map(|pattern| {
        let [found, drawn, both] = counts[usize::from(pattern.label())];
        format!("{} {:.4}", pattern.key(), 2.0 * both as f64 / (found + drawn).max(1) as f64)
    });
    format!("Dice: {}", dice.collect::<Vec<_>>().join(", "))
}

fn checksum(classified: &Classified) -> u64 {
    let mut hasher = DefaultHasher::new();
    classified.patterns.labels().as_slice().hash(&mut hasher);
    classified.subtypes.labels().as_slice().hash(&mut hasher);
    classified.confidence.as_slice().hash(&mut hasher);
    hasher.finish()
}

/// What a step cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    clock: f64,
    processor: Option<f64>,
    /// At the peak, and above what was held before, in MiB.
    peak: Option<u64>,
    added: Option<u64>,
}

impl Cost {
    fn print(&self, name: &str, voxels: f64) {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let processor = or_dash(self.processor.map(|seconds| format!("{seconds:.2}")));
        let each = or_dash(self.processor.map(|seconds| format!("{:.1}", 1e9 * seconds / voxels)));
        let [peak, added] =
            [self.peak, self.added].map(|mib| or_dash(mib.map(|mib| mib.to_string())));
        println!("| {name} | {:.2} | {processor} | {each} | {peak} | {added} |", self.clock);
    }
}

/// Takes a step, prints its cost and adds it to that of all.
fn step<T>(name: &str, voxels: f64, total: &mut Cost, work: impl FnOnce() -> T) -> T {
    forget();
    let held = memory("VmRSS:");
    let (start, before) = (Instant::now(), processor());
    let result = work();
    let processor = processor().zip(before).map(|(after, before)| after - before);
    let (clock, peak) = (start.elapsed().as_secs_f64(), memory("VmHWM:"));
    let added = peak.zip(held).map(|(peak, held)| peak.saturating_sub(held));
    let cost = Cost { clock, processor, peak, added };
    cost.print(name, voxels);
    *total = Cost {
        clock: total.clock + cost.clock,
        processor: cost.processor.map(|seconds| seconds + total.processor.unwrap_or(0.0)),
        peak: cost.peak.max(total.peak),
        added: cost.added.max(total.added),
    };
    result
}
