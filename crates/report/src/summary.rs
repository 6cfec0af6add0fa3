//! What a physician reads in thirty seconds.

use hilum_core::{Lungs, Measurement, Site, Third, Unit};

use crate::{
    Analysis, Findings, gauge, names,
    numbers::fixed,
    references::{Person, REPEATABILITY, Range, Reference, references},
};

/// One main number: both lungs, right and left, the published range and where the value lies in it.
pub(crate) struct Headline {
    pub(crate) name: &'static str,
    pub(crate) note: String,
    pub(crate) unit: &'static str,
    /// Both lungs, right, left.
    pub(crate) cells: [Cell; 3],
    /// One published range, or two where the first is of quartiles, which say little of the tails.
    pub(crate) references: Vec<Shown>,
    /// What is known where no range is.
    pub(crate) without: String,
}

/// A number with its interval, as shown.
pub(crate) struct Cell {
    pub(crate) value: Option<String>,
    pub(crate) interval: Option<String>,
}

/// A published range, as shown.
pub(crate) struct Shown {
    pub(crate) population: &'static str,
    pub(crate) words: String,
    pub(crate) reading: String,
    pub(crate) source: &'static str,
    pub(crate) gauge: String,
    pub(crate) of_quartiles: bool,
}

/// The main numbers of an analysis of interstitial disease.
const MAIN_ILD: [(&str, &str); 6] = [
    ("extent_ild_percent", "Interstitial disease"),
    ("extent_fibrosis_percent", "Fibrosis (reticular, honeycombing)"),
    ("extent_ground_glass_percent", "Ground glass"),
    ("extent_honeycombing_percent", "Honeycombing"),
    ("extent_consolidation_percent", "Consolidation"),
    ("extent_emphysema_percent", "Emphysema"),
];

/// The main numbers of a density analysis: key and name.
const MAIN: [(&str, &str); 4] = [
    ("volume_ml", "Lung volume"),
    ("laa_950", "Low attenuation (LAA−950)"),
    ("perc15_hu", "15th percentile (Perc15)"),
    ("mean_hu", "Mean density"),
];

/// The main numbers that were measured.
pub(crate) fn headlines(findings: &Findings) -> Vec<Headline> {
    let main: &[(&str, &str)] = match findings.analysis {
        Analysis::Density => &MAIN,
        Analysis::Ild => &MAIN_ILD,
    };
    main.iter().filter_map(|(key, name)| headline(findings, key, name)).collect()
}

fn headline(findings: &Findings, key: &'static str, name: &'static str) -> Option<Headline> {
    let measured = Lungs::ALL.iter().find_map(|lungs| names::whole(findings, key, *lungs))?;
    let cells = Lungs::ALL.map(|lungs| {
        let found = names::whole(findings, key, lungs);
        Cell { value: found.map(names::value), interval: found.and_then(names::interval) }
    });
    let mut references = shown(findings, key);
    references.truncate(if references.first().is_some_and(|r| r.of_quartiles) { 2 } else { 1 });
    Some(Headline {
        name,
        note: note(findings, measured),
        unit: measured.unit.symbol(),
        cells,
        references,
        without: without(key, measured.unit),
    })
}

/// What a main number is, in a phrase.
fn note(findings: &Findings, measured: &Measurement) -> String {
    match measured.key {
        "volume_ml" => "as inflated on this scan".into(),
        "laa_950" => format!("share of lung {} −950 HU", below(measured)),
        "perc15_hu" => {
            let density = names::whole(findings, "pd15_g_l", Lungs::Both);
            let density = density.map(|pd15| format!("; PD15 {} g/L", names::value(pd15)));
            format!("15 % of lung is less dense{}", density.unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// What is said of a number without a published range: how well it repeats.
fn without(key: &str, unit: Unit) -> String {
    let known = REPEATABILITY.iter().find(|row| row.key == key);
    let repeats = match known.map(|row| (row.scans, row.programs)) {
        Some((Some(scans), _)) => {
            format!(
                "; two scans within a week differ by {} {} on average",
                fixed(scans, 1),
                unit.symbol()
            )
        }
        Some((None, Some(programs))) => {
            format!(
                "; programs differ by less than {} {} in 95 of 100 scans",
                fixed(programs, 1),
                unit.symbol()
            )
        }
        _ => String::new(),
    };
    format!("no published range is held here{repeats}")
}

/// Every published range of a key, with the reading of the value of both lungs.
pub(crate) fn shown(findings: &Findings, key: &str) -> Vec<Shown> {
    let Some(both) = names::whole(findings, key, Lungs::Both) else { return Vec::new() };
    let show = |reference: Reference| Shown {
        population: reference.population,
        words: reference.words(names::decimals(both.unit)),
        reading: reference.reading(both),
        source: reference.source,
        gauge: gauge::gauge(both, &reference),
        of_quartiles: matches!(reference.range, Range::Quartiles(_)),
    };
    references(key, Person::of(findings)).into_iter().map(show).collect()
}

/// The main numbers in plain sentences.
pub(crate) fn sentences(findings: &Findings) -> Vec<String> {
    if let Some(found) = &findings.classification {
        return found.distribution.clone();
    }
    [volume(findings), low_attenuation(findings), distribution(findings)]
        .into_iter()
        .flatten()
        .collect()
}

fn volume(findings: &Findings) -> Option<String> {
    let [both, right, left] = Lungs::ALL.map(|lungs| names::whole(findings, "volume_ml", lungs));
    let litres = |ml: f64| fixed(ml / 1000.0, 2);
    let both = both?;
    let sides = match (right, left) {
        (Some(right), Some(left)) => {
            format!(" (right {}, left {})", litres(right.value), litres(left.value))
        }
        _ => String::new(),
    };
    Some(format!(
        "The lungs hold {}\u{a0}L on this scan{sides}{}.",
        litres(both.value),
        read(findings, "volume_ml")
    ))
}

fn low_attenuation(findings: &Findings) -> Option<String> {
    let both = names::whole(findings, "laa_950", Lungs::Both)?;
    let reading = read(findings, "laa_950");
    let below = below(both);
    Some(format!("{}\u{a0}% of lung lies {below} −950\u{a0}HU{reading}.", names::value(both)))
}

/// Whether the threshold itself counts, from the measurement's own definition.
fn below(measurement: &Measurement) -> &'static str {
    let inclusive = ["<=", "≤"].iter().any(|sign| measurement.definition.contains(sign));
    if inclusive { "at or below" } else { "below" }
}

/// Where the value of both lungs lies in the first published range, and in the second as well if
/// it lies outside of both on the same side.
fn read(findings: &Findings, key: &str) -> String {
    let readings: Vec<String> =
        shown(findings, key).into_iter().map(|shown| shown.reading).collect();
    let outside = |reading: &String| reading.starts_with("above") || reading.starts_with("below");
    match readings.as_slice() {
        [] => String::new(),
        [first, second, ..] if outside(first) && second.starts_with(&first[..5]) => {
            format!(", {first} and {second}")
        }
        [first, ..] => format!(", {first}"),
    }
}

/// In which third low attenuation is highest, if the thirds differ by more than a point.
fn distribution(findings: &Findings) -> Option<String> {
    let thirds = Third::ALL.map(|third| {
        names::at(findings, "laa_950", Site::Third(Lungs::Both, third)).map(|m| m.value)
    });
    let [upper, middle, lower] = thirds;
    let values = [(upper?, "upper"), (middle?, "middle"), (lower?, "lower")];
    let by_value = |a: &&(f64, &str), b: &&(f64, &str)| a.0.total_cmp(&b.0);
    let (most, least) = (values.iter().max_by(by_value)?, values.iter().min_by(by_value)?);
    if most.0 - least.0 < 1.0 {
        return Some("The upper, middle and lower thirds differ by less than one point.".into());
    }
    let percent = |value: f64| fixed(value, 1);
    Some(format!(
        "It is highest in the {} third ({}\u{a0}%) and lowest in the {} third ({}\u{a0}%).",
        most.1,
        percent(most.0),
        least.1,
        percent(least.0)
    ))
}
