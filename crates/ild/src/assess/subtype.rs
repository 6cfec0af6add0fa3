//! What the patterns fit, by published frequencies.

use crate::assess::judge::scenarios;
use crate::{Evidence, Rules, Status};

/// Subtypes that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subtype {
    /// Usual interstitial pneumonia.
    Uip,
    /// Nonspecific interstitial pneumonia.
    Nsip,
    /// Organising pneumonia.
    OrganisingPneumonia,
    /// Like fibrotic hypersensitivity pneumonitis.
    HypersensitivityLike,
    /// Other fibrotic disease.
    OtherFibrotic,
    /// No interstitial disease.
    NoDisease,
}

impl Subtype {
    /// Every subtype.
    pub const ALL: [Self; 6] = [
        Self::Uip,
        Self::Nsip,
        Self::OrganisingPneumonia,
        Self::HypersensitivityLike,
        Self::OtherFibrotic,
        Self::NoDisease,
    ];

    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Uip => "uip",
            Self::Nsip => "nsip",
            Self::OrganisingPneumonia => "organising_pneumonia",
            Self::HypersensitivityLike => "hypersensitivity_like",
            Self::OtherFibrotic => "other_fibrotic",
            Self::NoDisease => "no_interstitial_disease",
        }
    }

    /// The subtype as people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uip => "UIP",
            Self::Nsip => "NSIP",
            Self::OrganisingPneumonia => "organising pneumonia",
            Self::HypersensitivityLike => "like hypersensitivity pneumonitis",
            Self::OtherFibrotic => "other fibrotic",
            Self::NoDisease => "no interstitial disease",
        }
    }
}

/// How often a criterion is met in each subtype, in the order of [`Subtype::ALL`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frequency {
    /// Key of the criterion.
    pub criterion: &'static str,
    /// Shares from 0 to 1.
    pub shares: [f64; 6],
    /// Where they come from.
    pub source: &'static str,
}

const META: &str = "UIP and NSIP: meta-analysis of 33 studies, 2318 patients, PMC6957301; OP: PMC4541758 for what it lists; others by judgement (not checked)";
const OP: &str = "OP: 83 % of 36 (doi:10.1590/S1806-37132015000004544), 95 % of 21 (doi:10.1148/radiol.2323031059); others by judgement (not checked)";
const GGO: &str = "ground glass exceeds reticulation in NSIP more often than in UIP: review in the Cleveland Clinic Journal of Medicine, table of NSIP and UIP; numbers by judgement (not checked)";
const ZONE: &str = "upper or mid-lung predominance points to hypersensitivity pneumonitis: ATS/JRS/ALAT 2020, doi:10.1164/rccm.202005-2032ST; numbers by judgement (not checked)";
const DISEASE: &str = "by definition of the limit of 5 %";

/// The table of frequencies. Zero and one are avoided: no single finding settles a subtype.
pub const FREQUENCIES: [Frequency; 8] = [
    of("disease", [0.97, 0.97, 0.95, 0.95, 0.95, 0.02], DISEASE),
    of("honeycombing", [0.734, 0.289, 0.05, 0.35, 0.2, 0.01], META),
    of("subpleural", [0.833, 0.418, 0.5, 0.25, 0.3, 0.3], META),
    of("sparing", [0.043, 0.407, 0.1, 0.2, 0.15, 0.2], META),
    of("consolidation", [0.05, 0.13, 0.83, 0.1, 0.1, 0.01], OP),
    of("ground_glass", [0.1, 0.6, 0.6, 0.55, 0.3, 0.5], GGO),
    of("upper", [0.03, 0.03, 0.1, 0.35, 0.4, 0.2], ZONE),
    of(
        "traction",
        [0.8, 0.75, 0.15, 0.6, 0.6, 0.02],
        "by judgement after CCJM and radiology reviews (not checked)",
    ),
];

const fn of(criterion: &'static str, shares: [f64; 6], source: &'static str) -> Frequency {
    Frequency { criterion, shares, source }
}

/// Probability of each subtype if all were as frequent before the scan, the criteria independent.
///
/// Criteria that cannot be told enter with the probability that they are met; those without any
/// number do not enter at all. The numbers are rule-based and were held against no outcome.
pub fn subtypes(evidence: &Evidence, rules: &Rules) -> Vec<(Subtype, f64)> {
    let asked =
        |row: &&Frequency| evidence.number(rules.criterion(row.criterion).quantity).is_some();
    let rows: Vec<&Frequency> = FREQUENCIES.iter().filter(asked).collect();
    let mut sums = [0.0; 6];
    scenarios(evidence, rules, &mut |status, probability| {
        let mut odds = [1.0; 6];
        for row in &rows {
            for (odds, share) in odds.iter_mut().zip(row.shares) {
                *odds *= if status(row.criterion) == Status::Met { share } else { 1.0 - share };
            }
        }
        let total: f64 = odds.iter().sum();
        for (sum, odds) in sums.iter_mut().zip(odds) {
            *sum += probability * odds / total;
        }
    });
    let total: f64 = sums.iter().sum::<f64>().max(1e-12);
    Subtype::ALL.into_iter().zip(sums.map(|sum| sum / total)).collect()
}

/// The band of a probability, as in SOFIA: 0–4, 5–29, 30–69, 70–94, 95–100 %.
pub fn band(probability: f64) -> &'static str {
    match 100.0 * probability {
        percent if percent < 4.5 => "0-4 %",
        percent if percent < 29.5 => "5-29 %",
        percent if percent < 69.5 => "30-69 %",
        percent if percent < 94.5 => "70-94 %",
        _ => "95-100 %",
    }
}
