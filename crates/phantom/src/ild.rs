//! Patients with interstitial disease, emphysema or neither, to tune on and to be judged on.

use hilum_core::Grid;

use crate::build::Build;
use crate::chest::Chest;
use crate::fissure::FissureShape;
use crate::interstitial;
use crate::random::Stream;
use crate::scan::Scan;

/// What a patient was made to look like. These are likenesses, not diagnoses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IldKind {
    /// Reticulation, honeycombing and wide bronchi at the bases beneath the pleura.
    Uip,
    /// The same without honeycombing.
    Probable,
    /// Ground glass with a fine net at the bases that spares the lung beneath the pleura.
    Nsip,
    /// Patches of consolidation near the pleura.
    Op,
    /// Ground glass in many lobules of the upper and middle lung, others healthy: mosaic.
    Hp,
    /// Emphysema alone.
    Emphysema,
    /// Emphysema above, fibrosis below.
    Combined,
    /// No disease, but what may be mistaken for it: blood in the hindmost lung, thick bronchi, expiration.
    Healthy,
}

impl IldKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Uip,
        Self::Probable,
        Self::Nsip,
        Self::Op,
        Self::Hp,
        Self::Emphysema,
        Self::Combined,
        Self::Healthy,
    ];

    /// One word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Uip => "uip",
            Self::Probable => "probable",
            Self::Nsip => "nsip",
            Self::Op => "op",
            Self::Hp => "hp",
            Self::Emphysema => "emphysema",
            Self::Combined => "combined",
            Self::Healthy => "healthy",
        }
    }
}

/// What a patient is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IldSet {
    /// To look at while a method is made.
    Tuning,
    /// To be judged on, and never to be tuned on.
    HeldOut,
}

/// A patient and the scan that was made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct IldPatient {
    /// Kind, set and number, such as `uip-tuning-1`.
    pub name: String,
    /// What it was made to look like.
    pub kind: IldKind,
    /// What it is for.
    pub set: IldSet,
    /// The patient.
    pub chest: Chest,
    /// Spacing of the scan in mm, `[k, j, i]`.
    pub spacing: [f64; 3],
}

/// Patients of each kind that are held out; there are twice as many to tune on.
const EACH: u64 = 3;

/// Thicknesses of slices in mm.
const SLICES: [f64; 5] = [1.0, 1.25, 0.7, 2.0, 2.5];

/// All patients: of each kind six to tune on and three that are held out. No two have the same
/// body, disease or noise; both sets have slices of 0.7 to 2.5 mm, soft and sharp kernels, low and high dose.
pub fn ild_patients() -> Vec<IldPatient> {
    let mut patients = Vec::new();
    for (set, first, each) in [(IldSet::Tuning, 100, 2 * EACH), (IldSet::HeldOut, 530, EACH)] {
        for (n, kind) in IldKind::ALL.into_iter().enumerate() {
            for number in 0..each {
                patients.push(patient(kind, set, number, first + 10 * n as u64 + number));
            }
        }
    }
    patients
}

impl IldPatient {
    /// The grid of its scan, its steps made `coarser` times as long; 1 is the scan itself. Lines and small cysts
    /// are gone where steps are longer than a millimetre or two.
    ///
    /// # Panics
    ///
    /// If `coarser` is not positive.
    pub fn grid(&self, coarser: f64) -> Grid {
        self.chest.own_grid(self.spacing.map(|mm| mm * coarser))
    }

    /// The part of its scan from `low` to `high` mm above the carina: a cheap piece with all the detail. No more
    /// than the scan holds, and at least one slice of it.
    pub fn slab(&self, low: f64, high: f64) -> Grid {
        let whole = self.grid(1.0);
        let [slices, rows, columns] = whole.shape();
        let (bottom, step) = (whole.origin().z, whole.spacing()[0]);
        let index = |z: f64| ((z - bottom) / step).round().clamp(0.0, (slices - 1) as f64);
        let (first, last) = (index(low), index(high));
        let count = (last - first).max(0.0) as usize + 1;
        whole.window([first, 0.0, 0.0], [count, rows, columns])
    }
}

fn patient(kind: IldKind, set: IldSet, number: u64, seed: u64) -> IldPatient {
    let stream = Stream::new(seed, PATIENT);
    let thickness = SLICES[(seed / 10 + 2 * number) as usize % SLICES.len()];
    let pixel = stream.between(0, 0.68, 0.86);
    let sharp = stream.uniform(1) < 0.4;
    let blur = if sharp { stream.between(2, 0.3, 0.42) } else { stream.between(2, 0.5, 0.72) };
    let noise = stream.between(3, 14.0, 30.0) * if sharp { 1.5 } else { 1.0 };
    let scan = Scan {
        blur,
        slice_blur: 0.35 * thickness,
        noise,
        grain: 0.8 * blur,
        slice_grain: 0.3 * thickness,
        ..Scan::default()
    };
    let between = |n: u64, low: f64, high: f64| stream.between(n, low, high);
    let build = Build {
        proportions: [between(4, 0.94, 1.06), between(5, 0.93, 1.07), between(6, 0.92, 1.05)],
        lean: between(7, -0.04, 0.04),
        heart: between(8, 0.92, 1.15),
        domes: [between(9, -6.0, 14.0), between(10, -6.0, 14.0)],
        shift: between(11, -4.0, 6.0),
        ..Build::default()
    };
    let healthy = Chest {
        seed,
        emphysema: 0.0,
        parenchyma: between(12, -880.0, -850.0),
        gravity: between(13, 0.15, 0.35),
        fissures: [1.0, between(14, 0.6, 1.0), 1.0],
        fissure_shape: FissureShape::varied(seed),
        build,
        scan,
        ..Chest::default()
    };
    let chest = interstitial::sick(kind, healthy, number % EACH, stream.within(20));
    let which = if set == IldSet::Tuning { "tuning" } else { "heldout" };
    let name = format!("{}-{which}-{}", kind.key(), number + 1);
    IldPatient { name, kind, set, chest, spacing: [thickness, pixel, pixel] }
}

/// Stream of random numbers of patients.
const PATIENT: u64 = 30;
