//! What the patterns of the lungs amount to: extent, distribution, category, subtype.

mod abstention;
mod category;
mod change;
mod depth;
mod distribution;
mod evidence;
mod extent;
mod judge;
mod number;
mod rules;
mod staging;
mod subtype;
mod tally;
mod traction;

pub use abstention::{Abstention, Withholds};
pub use category::{Categorised, Category, categorise};
pub use change::{Change, IMPORTANT, PROGRESSION, PriorExtent, REPEATABILITY, Verdict, change};
pub use evidence::{Evidence, Quantity};
pub use judge::Judged;
pub use number::{Number, Status};
pub use rules::{ATS_2018, Criterion, Rule, Rules, Wanted, When};
pub use staging::{GOH, Stage, Staging, staging};
pub use subtype::{FREQUENCIES, Frequency, Subtype, band, subtypes};
pub use traction::Bronchus;

use hilum_core::{
    Acquisition, Code, Error, Lungs, Measurement, Partition, Pattern, Quality, Site, Unit,
};

use crate::Classified;
use extent::{Counted, FIBROSIS, ILD};
use tally::Tally;

/// Edge in mm of the blocks within which a classifier errs alike: it looks at places of this size.
const BLOCK: f64 = 15.0;

/// Share of fibrosis in per cent below which no bronchus is taken for pulled: on a healthy chest stray
/// voxels of fibrosis at the hilum passed for it.
const FIBROSIS_TO_PULL: f64 = 1.0;

/// What is known beside the patterns.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// How the CT was made.
    pub acquisition: Acquisition,
    /// What earlier steps found.
    pub quality: Vec<Quality>,
    /// The airway tree; empty if none was followed.
    pub bronchi: Vec<Bronchus>,
    /// Forced vital capacity in per cent of predicted, where it is known.
    pub fvc_percent: Option<f64>,
    /// Mean CT number in HU of lung without abnormal pattern, which tells the depth of breath.
    pub normal_hu: Option<f64>,
}

/// What the patterns of one CT amount to.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Extents and indices of distribution.
    pub measurements: Vec<Measurement>,
    /// What the rules were asked with.
    pub evidence: Evidence,
    /// The category of the guideline, and its criteria.
    pub category: Categorised,
    /// Probability of each subtype; rule-based and not validated.
    pub subtypes: Vec<(Subtype, f64)>,
    /// Why category or subtypes are withheld.
    pub abstentions: Vec<Abstention>,
    /// Limited or extensive, where the extent is known.
    pub staging: Option<Staging>,
    /// Why numbers are absent.
    pub quality: Vec<Quality>,
}

impl Assessment {
    /// The most that is withheld.
    pub fn withheld(&self) -> Withholds {
        let all = self.abstentions.iter().map(|row| row.withholds);
        all.max().unwrap_or(Withholds::Nothing)
    }
}

/// Counts patterns over a partition of the **anatomical** lungs and holds the result against the
/// guideline.
///
/// Cost: `O(n)` for `n` voxels; a byte for each, and six for each of the box around a lung, are held for a while.
///
/// # Errors
///
/// [`Error::GridMismatch`] if patterns and partition lie on different grids.
pub fn assess(
    classified: &Classified,
    partition: &Partition,
    facts: &Facts,
) -> Result<Assessment, Error> {
    partition.grid().require_same(classified.patterns.grid(), "the map of patterns")?;
    partition.grid().require_same(classified.confidence.grid(), "the map of confidence")?;
    let tally = Tally::of(classified, partition, BLOCK);
    let (mut measurements, mut quality) = extent::extents(&tally);
    let mut evidence = found(&tally);
    let depth = depth::depths(partition);
    let profile = depth::profile(classified, &depth);
    measurements.extend(distribution::distribution(&tally, &profile, &mut evidence));
    let fibrosis = evidence.number(Quantity::Fibrosis).map_or(0.0, |number| number.value);
    let traction = if fibrosis < FIBROSIS_TO_PULL {
        Err(format!(
            "fibrosis takes {fibrosis:.1} % of both lungs, wanted {FIBROSIS_TO_PULL} % that could pull"
        ))
    } else {
        traction::traction(&facts.bronchi, classified, partition, &depth)
    };
    measurements.extend(traction.as_ref().ok().map(traction_row));
    if let Err(reason) = &traction {
        let message = format!("traction bronchiectasis was not measured: {reason}");
        quality.push(Quality::refused("traction_unknown", message));
    }
    evidence.set(Quantity::Traction, traction);
    evidence.set(Quantity::Mosaic, Err("it is not looked for".into()));
    let all: Vec<Quality> =
        [&facts.quality, &classified.quality].into_iter().flatten().cloned().collect();
    Ok(Assessment {
        category: categorise(&evidence, &ATS_2018),
        subtypes: subtypes(&evidence, &ATS_2018),
        abstentions: abstention::abstentions(partition.grid(), facts, &all, &evidence),
        staging: evidence.number(Quantity::Ild).map(|number| staging(number, facts.fvc_percent)),
        measurements,
        evidence,
        quality,
    })
}

/// The extents in both lungs, as the rules ask for them.
fn found(tally: &Tally) -> Evidence {
    let counted = Counted::of(tally, Site::Whole(Lungs::Both));
    let absent = || "less than half of both lungs is told a pattern".to_owned();
    let of = |patterns: &[Pattern]| counted.extent(patterns).ok_or_else(absent);
    let mut evidence = Evidence::default();
    for (quantity, patterns) in [
        (Quantity::Ild, ILD.patterns),
        (Quantity::Fibrosis, FIBROSIS.patterns),
        (Quantity::GroundGlass, &[Pattern::GroundGlass]),
        (Quantity::Reticular, &[Pattern::Reticular]),
        (Quantity::Honeycombing, &[Pattern::Honeycombing]),
        (Quantity::Consolidation, &[Pattern::Consolidation]),
        (Quantity::Emphysema, &[Pattern::Emphysema]),
    ] {
        evidence.set(quantity, of(patterns));
    }
    let (glass, fibrosis) = (of(&[Pattern::GroundGlass]), of(FIBROSIS.patterns));
    let share = glass.and_then(|glass| Ok(share(glass, fibrosis?)));
    let share = share.and_then(|share| {
        share.ok_or_else(|| {
            "there is neither ground glass nor fibrosis in 1 % of the lungs".to_owned()
        })
    });
    evidence.set(Quantity::GroundGlassShare, share);
    evidence
}

/// a / (a + b) in per cent, if there is enough of both together.
fn share(a: Number, b: Number) -> Option<Number> {
    let sum = a.value + b.value;
    let half = 100.0 / (sum * sum) * (b.value * a.half).hypot(a.value * b.half);
    (sum >= 1.0).then(|| Number { value: 100.0 * a.value / sum, half: half.min(100.0) })
}

fn traction_row(length: &Number) -> Measurement {
    Measurement::plain(
        "traction_length_mm",
        Site::Whole(Lungs::Both),
        length.value,
        Unit::Millimetre,
        Code::new(Code::PRIVATE, "ILDTRACT", "Length of traction bronchiectasis"),
        "centrelines of bronchi from the third generation on, with at least half of the lung 5 and 8 mm around them fibrosis, that come within 10 mm of the surface of the lungs or do not taper over 10 mm; tried on constructed trees only",
    )
}
