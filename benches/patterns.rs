//! How well the patterns of sick lungs are told on phantom patients, where they are known.
//!
//! ```console
//! $ cargo bench --bench patterns -- heldout             # whole scans of the patients never tuned on
//! $ cargo bench --bench patterns -- tuning uip --slab   # 48 mm of those whose names hold a word
//! $ cargo bench --bench patterns -- heldout --found     # lungs, airways, vessels and lobes as found
//! $ cargo bench --bench patterns -- tuning --keep DIR   # draws once, reads the drawings thereafter
//! $ cargo bench --bench patterns -- plain               # lesions of the plain form, to tune on
//! $ cargo bench --bench patterns -- tuning --calibration   # how often what is told is right, by how sure it was told
//! ```
//!
//! With `--keep DIR` what was told lies in `DIR` as well, beside the image and the truth, as NIfTI. Dice is taken
//! over voxels that have a pattern in truth. Everything is synthetic.

#[path = "measure/memory.rs"]
mod memory;
#[path = "measure/reliability.rs"]
mod reliability;

use std::path::{Path, PathBuf};
use std::time::Instant;

use hilum::files::{read, read_labels, write_ct, write_labels};
use hilum::ild::{Classified, PatternOptions, Scene, classify};
use hilum::segment::{
    AirwayOptions, LobeOptions, Options, VesselOptions, airways, lobes, thorax, vessels,
};
use hilum::{Ct, LabelMap, Lung, Mask, Pattern, Region, Volume};
use hilum_phantom::{Chest, Disease, IldKind, IldPatient, IldSet, Lesion, ild_patients};

use memory::{forget, memory};
use reliability::Reliability;

/// A scan, what is known of its anatomy, and the truth.
struct Drawn {
    ct: Ct,
    lungs: LabelMap<Lung>,
    airways: Mask,
    truth: Volume<u8>,
}

/// Which patients.
#[derive(Clone, Copy)]
enum Asked {
    Set(IldSet),
    /// Those with lesions of the plain form.
    Plain,
}

impl Asked {
    fn patients(self) -> Vec<IldPatient> {
        let all = ild_patients().into_iter();
        match self {
            Self::Set(set) => all.filter(|patient| patient.set == set).collect(),
            Self::Plain => all.filter_map(plain).collect(),
        }
    }
}

/// What the command line asks for.
struct Wish {
    asked: Asked,
    words: Vec<String>,
    slab: bool,
    found: bool,
    calibration: bool,
    keep: Option<PathBuf>,
}

fn wish() -> Wish {
    let mut wish = Wish {
        asked: Asked::Set(IldSet::Tuning),
        words: vec![],
        slab: false,
        found: false,
        calibration: false,
        keep: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" | "tuning" => {}
            "heldout" => wish.asked = Asked::Set(IldSet::HeldOut),
            "plain" => wish.asked = Asked::Plain,
            "--slab" => wish.slab = true,
            "--found" => wish.found = true,
            "--calibration" => wish.calibration = true,
            "--keep" => wish.keep = arguments.next().map(PathBuf::from),
            word => wish.words.push(word.to_owned()),
        }
    }
    wish
}

fn main() {
    let wish = wish();
    println!(
        "| patient | noise HU | blur mm | slices mm | pattern | Dice | true % | told % | error | s | MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let mut reliability = Reliability::default();
    for patient in wish.asked.patients() {
        if wish.words.is_empty() || wish.words.iter().any(|w| patient.name.contains(w)) {
            report(&patient, &wish, &mut reliability);
        }
    }
    if wish.calibration {
        reliability.print();
    }
}

/// A patient with usual fibrosis, whose disease is of the plain form instead: another painter's cysts, nets and haze.
fn plain(patient: IldPatient) -> Option<IldPatient> {
    let number: f64 = patient.name.strip_prefix("uip-tuning-")?.parse().ok()?;
    let patch = |disease, lung, place, hu| Lesion::ellipsoid(disease, lung, place, hu);
    let (net, cysts) = (Disease::Reticulation, Disease::Honeycombing);
    let walls = -20.0 - 15.0 * number;
    let lesions = vec![
        patch(net, Lung::Right, [[-85.0, 60.0, -100.0], [70.0; 3]], walls).to_depth(34.0 - number),
        patch(cysts, Lung::Right, [[-95.0, 10.0, -120.0], [45.0; 3]], walls)
            .to_depth(14.0 + number),
        patch(cysts, Lung::Left, [[90.0, 65.0, -115.0], [55.0; 3]], walls).to_depth(22.0 - number),
        patch(net, Lung::Left, [[90.0, 5.0, -90.0], [50.0; 3]], walls).to_depth(20.0 + number),
        patch(Disease::GroundGlass, Lung::Left, [[60.0, 20.0, -60.0], [30.0; 3]], -540.0),
    ];
    let chest = Chest { lesions, traction: 1.0, ..patient.chest };
    Some(IldPatient { name: patient.name.replace("uip", "plain"), chest, ..patient })
}

fn report(patient: &IldPatient, wish: &Wish, reliability: &mut Reliability) {
    let drawn = match &wish.keep {
        Some(folder) => kept(patient, wish.slab, folder),
        None => draw(patient, wish.slab),
    };
    let (told, seconds, added) = tell(&drawn, wish.found);
    if let Some(folder) = &wish.keep {
        write_labels(folder.join(format!("{}-told.nii", patient.name)), told.patterns.labels())
            .expect("room to write");
    }
    reliability.count(&drawn.truth, told.patterns.labels(), &told.confidence);
    let counts = Counts::new(&drawn.truth, told.patterns.labels());
    let scan = &patient.chest.scan;
    let mut about = format!(
        "{} | {:.0} | {:.2} | {:.2}",
        patient.name, scan.noise, scan.blur, patient.spacing[0]
    );
    let mut cost =
        format!("{seconds:.1} | {}", added.map_or("-".to_owned(), |mib| mib.to_string()));
    for pattern in Pattern::ALL.iter().copied() {
        if pattern == Pattern::Normal && counts.kinds() > 1 || !counts.matters(pattern) {
            continue;
        }
        let [dice, truth, told] = counts.figures(pattern);
        println!(
            "| {about} | {} | {dice:.2} | {truth:.1} | {told:.1} | {:+.1} | {cost} |",
            pattern.key(),
            told - truth
        );
        (about, cost) = (" | | | ".to_owned(), " | ".to_owned());
    }
}

/// The part of the scan that shows most of the disease of a kind, in mm above the carina.
fn slab(kind: IldKind) -> [f64; 2] {
    match kind {
        IldKind::Uip | IldKind::Probable | IldKind::Nsip => [-130.0, -82.0],
        IldKind::Op => [-120.0, -72.0],
        IldKind::Hp | IldKind::Healthy => [-30.0, 18.0],
        IldKind::Emphysema => [20.0, 68.0],
        IldKind::Combined => [-60.0, -12.0],
    }
}

fn draw(patient: &IldPatient, piece: bool) -> Drawn {
    let [low, high] = slab(patient.kind);
    let grid = if piece { patient.slab(low, high) } else { patient.grid(1.0) };
    let (ct, truth) = patient.chest.render(&grid);
    let patterns = truth.patterns().into_labels();
    Drawn { ct, lungs: truth.lungs, airways: truth.airways, truth: patterns }
}

/// A drawing from a folder, which is put there where it is missing.
fn kept(patient: &IldPatient, piece: bool, folder: &Path) -> Drawn {
    let path = |part: &str| folder.join(format!("{}-{part}.nii", patient.name));
    if let Ok(ct) = read(path("ct")) {
        let labels = |part| read_labels::<u8>(path(part)).expect("a drawing is whole");
        let lungs = LabelMap::new(labels("lungs")).expect("labels of lungs");
        let airways = labels("airways").map(|label| *label > 0);
        return Drawn { ct, lungs, airways, truth: labels("truth") };
    }
    let drawn = draw(patient, piece);
    std::fs::create_dir_all(folder).expect("room to write");
    write_ct(path("ct"), &drawn.ct).expect("room to write");
    let airways = drawn.airways.map(|lumen| u8::from(*lumen));
    for (part, labels) in
        [("lungs", drawn.lungs.labels()), ("airways", &airways), ("truth", &drawn.truth)]
    {
        write_labels(path(part), labels).expect("room to write");
    }
    drawn
}

/// What is told, in how many seconds, with how many MiB at the peak beyond what was held before.
fn tell(drawn: &Drawn, found: bool) -> (Classified, f64, Option<u64>) {
    let run = |scene: &Scene| {
        forget();
        let held = memory("VmRSS:");
        let start = Instant::now();
        let told = classify(scene, &PatternOptions::default()).expect("a chest has lungs");
        let seconds = start.elapsed().as_secs_f64();
        let added = memory("VmHWM:").zip(held).map(|(peak, held)| peak.saturating_sub(held));
        (told, seconds, added)
    };
    if !found {
        let scene = Scene::new(&drawn.ct, &drawn.lungs);
        return run(&Scene { airways: Some(&drawn.airways), ..scene });
    }
    let ct = &drawn.ct;
    let thorax = thorax(ct, &Options::default()).expect("a chest has lungs");
    let tree = airways(ct, &thorax, &AirwayOptions::default()).expect("one grid");
    let blood = vessels(ct, &thorax, Some(&tree), &VesselOptions::default()).expect("one grid");
    let parts = lobes(ct, &thorax, Some(&tree), Some(&blood), &LobeOptions::default())
        .expect("lungs have lobes");
    run(&Scene {
        vessels: Some(&blood.mask),
        airways: Some(&tree.lumen),
        lobes: Some(&parts.map),
        ..Scene::new(ct, &thorax.anatomical)
    })
}

/// How often a pattern was told where another is true.
struct Counts([[u64; 7]; 7]);

impl Counts {
    fn new(truth: &Volume<u8>, told: &Volume<u8>) -> Self {
        let mut counts = [[0; 7]; 7];
        for (truth, told) in truth.as_slice().iter().zip(told.as_slice()) {
            counts[usize::from(*truth)][usize::from(*told)] += 1;
        }
        Self(counts)
    }

    /// Dice, and the extents in truth and as told, in per cent of what has a pattern.
    fn figures(&self, pattern: Pattern) -> [f64; 3] {
        let n = usize::from(pattern.label());
        let sum = |range: &dyn Fn(usize, usize) -> u64| -> f64 {
            (1..7).flat_map(|a| (0..7).map(move |b| (a, b))).map(|(a, b)| range(a, b)).sum::<u64>()
                as f64
        };
        let own = |a: usize, b: usize, yes: bool| if yes { self.0[a][b] } else { 0 };
        let truth = sum(&|a, b| own(a, b, a == n));
        let told = sum(&|a, b| own(a, b, b == n));
        let dice = 2.0 * self.0[n][n] as f64 / (truth + told);
        let everywhere = |b: usize| (0..7).map(|a| self.0[a][b]).sum::<u64>() as f64;
        let all: f64 = (1..7).map(everywhere).sum();
        [dice, 100.0 * truth / sum(&|a, b| own(a, b, true)), 100.0 * everywhere(n) / all]
    }

    fn matters(&self, pattern: Pattern) -> bool {
        let [_, truth, told] = self.figures(pattern);
        truth > 0.05 || told > 0.5
    }

    /// How many patterns there are in truth.
    fn kinds(&self) -> usize {
        (1..7).filter(|a| self.0[*a].iter().sum::<u64>() > 0).count()
    }
}
