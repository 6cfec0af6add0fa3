//! Where disease lies: towards the base, the pleura, one side.

use hilum_core::{Code, Lungs, Measurement, Pattern, Site, Third, Unit};

use crate::assess::depth::Profile;
use crate::assess::extent::{Counted, FIBROSIS, Group, ILD};
use crate::assess::tally::Tally;
use crate::{Evidence, Number, Quantity};

/// From this extent of fibrosis in per cent of both lungs on, distribution is that of fibrosis;
/// below, of all interstitial disease.
const ENOUGH: f64 = 2.0;
/// Below this extent in per cent of both lungs nothing is said about distribution.
const LITTLE: f64 = 1.0;
/// The shell under the pleura and the lung beneath it, mm.
const SUBPLEURAL: [f64; 2] = [0.0, 5.0];
const BENEATH: [f64; 2] = [5.0, 20.0];

/// Writes the indices of distribution into the evidence, and gives them as measurements.
pub(crate) fn distribution(
    tally: &Tally,
    profile: &Profile,
    evidence: &mut Evidence,
) -> Vec<Measurement> {
    let of = |site: Site, group: &Group| Counted::of(tally, site).extent(group.patterns);
    let both = Site::Whole(Lungs::Both);
    let is_fibrosis = of(both, &FIBROSIS).is_some_and(|number| number.value >= ENOUGH);
    let group = if is_fibrosis { FIBROSIS } else { ILD };
    let words = if is_fibrosis { "fibrosis" } else { "interstitial disease" };
    if of(both, &group).is_none_or(|number| number.value < LITTLE) {
        for quantity in
            [Quantity::Basal, Quantity::Peripheral, Quantity::Sparing, Quantity::Asymmetry]
        {
            evidence.set(quantity, Err(format!("less than {LITTLE} % of both lungs is diseased")));
        }
        return Vec::new();
    }
    let pair = |a: Site, b: Site| Some(index(of(a, &group)?, of(b, &group)?));
    let third = |third| Site::Third(Lungs::Both, third);
    let absent = || "one of the two regions has no extent".to_owned();
    let basal = pair(third(Third::Lower), third(Third::Upper));
    let peripheral = pair(Site::Rind(Lungs::Both), Site::Core(Lungs::Both));
    let sides = pair(Site::Whole(Lungs::Right), Site::Whole(Lungs::Left));
    let asymmetry = sides.map(|n| Number { value: n.value.abs(), half: n.half });
    let sparing = sparing(profile, group.patterns, peripheral);
    let found = [
        (Quantity::Basal, basal, "(lower - upper) / (lower + upper) of the extents in the thirds"),
        (Quantity::Peripheral, peripheral, "(rind - core) / (rind + core) of the extents"),
        (
            Quantity::Sparing,
            sparing,
            "(d - s) / (d + s) of the extents 5 to 20 mm (d) and less than 5 mm (s) below the surface of the lungs",
        ),
        (Quantity::Asymmetry, asymmetry, "|right - left| / (right + left) of the extents"),
    ];
    let mut rows = Vec::new();
    for (quantity, number, formula) in found {
        evidence.set(quantity, number.ok_or_else(absent));
        rows.extend(
            number.map(|number| measurement(quantity, number, &format!("{words}: {formula}"))),
        );
    }
    rows
}

/// (a - b) / (a + b), with the interval of first order.
fn index(a: Number, b: Number) -> Number {
    let sum = (a.value + b.value).max(1e-9);
    let half = 2.0 / (sum * sum) * (b.value * a.half).hypot(a.value * b.half);
    Number { value: ((a.value - b.value) / sum).clamp(-1.0, 1.0), half: half.min(2.0) }
}

/// How much less is diseased right under the pleura than beneath; its interval is as wide as that
/// of rind against core, for which blocks were counted.
fn sparing(profile: &Profile, patterns: &[Pattern], like: Option<Number>) -> Option<Number> {
    let (shell, beneath) =
        (profile.share(SUBPLEURAL, patterns)?, profile.share(BENEATH, patterns)?);
    let half = like.map_or(0.0, |number| number.half);
    Some(Number { half, ..index(Number::exact(beneath), Number::exact(shell)) })
}

fn measurement(quantity: Quantity, number: Number, definition: &str) -> Measurement {
    let (key, code, meaning) = match quantity {
        Quantity::Basal => ("ild_basal_index", "ILDBASAL", "Basal predominance"),
        Quantity::Peripheral => ("ild_peripheral_index", "ILDPERI", "Subpleural predominance"),
        Quantity::Sparing => ("ild_sparing_index", "ILDSPARE", "Subpleural sparing"),
        _ => ("ild_asymmetry_index", "ILDASYM", "Asymmetry between the lungs"),
    };
    let least = if quantity == Quantity::Asymmetry { 0.0 } else { -1.0 };
    let bounds = [(number.value - number.half).max(least), (number.value + number.half).min(1.0)];
    Measurement {
        interval: Some(bounds),
        interval_meaning: Some(super::extent::MEANING),
        ..Measurement::plain(
            key,
            Site::Whole(Lungs::Both),
            number.value,
            Unit::One,
            Code::new(Code::PRIVATE, code, meaning),
            definition,
        )
    }
}
