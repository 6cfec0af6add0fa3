//! Published ranges that numbers are read against, each with its source.
//!
//! All are of adults at full inspiration; a range says where people without lung disease were
//! found, not where disease begins. Figures were read in the named abstracts; see
//! `docs/report.md` for what was not checked.

use hilum_core::Measurement;

use crate::{Findings, numbers::fixed};

/// A published range of a measurement in both lungs together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reference {
    /// Key of the measurement.
    pub(crate) key: &'static str,
    /// In whom it was found.
    pub(crate) population: &'static str,
    /// The same in a word or two, for a sentence.
    pub(crate) who: &'static str,
    /// The range.
    pub(crate) range: Range,
    /// Where it is published.
    pub(crate) source: &'static str,
}

/// Kinds of published ranges, in the unit of the measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Range {
    /// Lower quartile, median, upper quartile.
    Quartiles([f64; 3]),
    /// Mean and standard deviation.
    Spread(f64, f64),
    /// Smallest, median, largest.
    Observed([f64; 3]),
    /// What an equation predicts for this person, and how far either side it reaches.
    Predicted(f64, f64),
}

const MESA: &str = "MESA Lung Study: Hoffman et al. 2014, Ann Am Thorac Soc 11:898";
const COPDGENE: &str =
    "COPDGene: Zach et al. 2012, Invest Radiol 47:596, doi:10.1097/RLI.0b013e318262292e";
const RUIJIN: &str = "Cheng et al. 2019, Int J COPD 14:1657, doi:10.2147/COPD.S187596";
const RUIJIN_GROUP: &str = "564 Chinese adults with normal lung function";
const RUIJIN_WHO: &str = "adults with normal lung function";
const RESPIROLOGY: &str = "Respirology, doi:10.1111/resp.13783";

/// What is known of a person that ranges depend on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Person {
    male: Option<bool>,
    age: Option<f64>,
    height_cm: Option<f64>,
    weight: Option<f64>,
}

impl Person {
    pub(crate) fn of(findings: &Findings) -> Self {
        let acquisition = findings.series.first().map(|series| &series.acquisition);
        let from_file = acquisition.and_then(|a| a.sex.as_deref());
        let sex = findings.study.sex.as_deref().or(from_file).map(|s| s.trim().to_uppercase());
        let male = match sex.as_deref() {
            Some("M" | "MALE") => Some(true),
            Some("F" | "FEMALE") => Some(false),
            _ => None,
        };
        Self {
            male,
            age: acquisition.and_then(|a| a.age_years),
            height_cm: acquisition.and_then(|a| a.height_m).map(|m| 100.0 * m),
            weight: acquisition.and_then(|a| a.weight_kg),
        }
    }

    fn is_adult(self) -> bool {
        self.age.is_none_or(|years| years >= 18.0)
    }
}

/// The ranges of a key for a person, the most telling first. None for children.
pub(crate) fn references(key: &str, person: Person) -> Vec<Reference> {
    if !person.is_adult() {
        return Vec::new();
    }
    match key {
        "laa_950" => low_attenuation(person),
        "volume_ml" => volume(person),
        "haa_600_250" => vec![Reference {
            key: "haa_600_250",
            population: "never-smokers",
            who: "never-smokers",
            range: Range::Observed([2.7, 4.3, 17.8]),
            source: RESPIROLOGY,
        }],
        _ => Vec::new(),
    }
}

fn low_attenuation(person: Person) -> Vec<Reference> {
    let row = |population, who, range, source| Reference {
        key: "laa_950",
        population,
        who,
        range,
        source,
    };
    let (group, mean, sd) = match person.male {
        Some(true) => ("29 healthy non-smoking men, ≤ −950 HU", 3.6, 3.2),
        Some(false) => ("63 healthy non-smoking women, ≤ −950 HU", 1.3, 2.0),
        None => ("92 healthy non-smokers, ≤ −950 HU", 2.0, 2.7),
    };
    vec![
        row(
            "854 healthy never-smokers, 54 to 93 years",
            "healthy never-smokers",
            Range::Quartiles([0.5, 1.1, 2.5]),
            MESA,
        ),
        row(group, "healthy non-smokers", Range::Spread(mean, sd), COPDGENE),
        row(RUIJIN_GROUP, RUIJIN_WHO, Range::Quartiles([0.03, 0.19, 0.43]), RUIJIN),
    ]
}

fn volume(person: Person) -> Vec<Reference> {
    let row = |population, range| Reference {
        key: "volume_ml",
        population,
        who: RUIJIN_WHO,
        range,
        source: RUIJIN,
    };
    let mut rows = Vec::new();
    if let (Some(male), Some(height), Some(weight)) = (person.male, person.height_cm, person.weight)
    {
        let predicted =
            -10150.0 + 605.3 * f64::from(u8::from(male)) + 92.61 * height - 12.99 * weight;
        rows.push(row(
            "predicted from sex, height and weight",
            Range::Predicted(predicted, 1766.0),
        ));
    }
    rows.push(row(RUIJIN_GROUP, Range::Spread(4468.0, 1271.0)));
    rows
}

impl Reference {
    /// Lower and upper end of the range as drawn and compared, never below 0.
    pub(crate) fn limits(&self) -> [f64; 2] {
        let [low, high] = match self.range {
            Range::Quartiles([low, _, high]) | Range::Observed([low, _, high]) => [low, high],
            Range::Spread(mean, sd) => [mean - 2.0 * sd, mean + 2.0 * sd],
            Range::Predicted(value, half) => [value - half, value + half],
        };
        [low.max(0.0), high]
    }

    /// The middle of the range.
    pub(crate) fn middle(&self) -> f64 {
        match self.range {
            Range::Quartiles([_, middle, _])
            | Range::Observed([_, middle, _])
            | Range::Spread(middle, _)
            | Range::Predicted(middle, _) => middle,
        }
    }

    /// The range in words: `0.5 to 2.5 (quartiles), median 1.1`.
    pub(crate) fn words(&self, decimals: usize) -> String {
        let say = |value: f64| fixed(value, decimals.max(usize::from(value.abs() < 0.5) * 2));
        let [low, high] = self.limits();
        match self.range {
            Range::Quartiles([low, median, high]) => {
                format!("{} to {} (quartiles), median {}", say(low), say(high), say(median))
            }
            Range::Observed([low, median, high]) => {
                format!("{} to {} (all observed), median {}", say(low), say(high), say(median))
            }
            Range::Spread(mean, sd) => format!("{} ± {} (mean ± SD)", say(mean), say(sd)),
            Range::Predicted(value, _) => {
                format!("{} to {} (predicted {})", say(low), say(high), say(value))
            }
        }
    }

    /// Where a measurement lies against the range, in plain words and without a diagnosis. It is
    /// *near* an end of the range if its interval holds that end.
    pub(crate) fn reading(&self, measurement: &Measurement) -> String {
        let ([low, high], value) = (self.limits(), measurement.value);
        let [least, most] = measurement.interval.unwrap_or([value; 2]);
        let near = |limit: f64| limit > 0.0 && least < limit && limit < most;
        let range = self.range_words();
        let outside = |word: &str, limit: f64| {
            format!("{word} {range}{}", if near(limit) { ", but near it" } else { "" })
        };
        if value > high {
            return outside("above", high);
        }
        if value < low {
            return outside("below", low);
        }
        let end = match (near(low), near(high)) {
            (false, false) => "",
            (true, false) => ", near its lower end",
            (false, true) => ", near its upper end",
            (true, true) => ", near both ends of it",
        };
        format!("within {range}{end}")
    }

    fn range_words(&self) -> String {
        let who = self.who;
        match self.range {
            Range::Quartiles(_) => format!("the middle half of {who}"),
            Range::Observed(_) => format!("the range of {who}"),
            Range::Spread(..) => format!("mean ± 2 SD of {who}"),
            Range::Predicted(..) => "the range predicted for sex, height and weight".into(),
        }
    }
}

/// How far apart two measurements of an unchanged lung were found.
pub(crate) struct Repeatability {
    pub(crate) key: &'static str,
    /// Mean absolute difference of two scans within a week on one scanner, 22 persons.
    pub(crate) scans: Option<f64>,
    /// Reproducibility coefficient between eight programs on the same 50 scans.
    pub(crate) programs: Option<f64>,
}

/// Source of [`Repeatability::scans`].
pub(crate) const SCANS: &str = "two scans within a week, 22 persons: mean absolute difference (Chong et al. 2011, Proc SPIE 7963)";
/// Source of [`Repeatability::programs`].
pub(crate) const PROGRAMS: &str = "eight programs on the same 50 COPDGene scans: reproducibility coefficient (study of the QIBA lung density committee)";

/// What is published on the repeatability of each key.
pub(crate) const REPEATABILITY: &[Repeatability] = &[
    Repeatability { key: "volume_ml", scans: Some(169.0), programs: Some(350.0) },
    Repeatability { key: "mass_g", scans: Some(14.5), programs: None },
    Repeatability { key: "mean_hu", scans: Some(5.0), programs: None },
    Repeatability { key: "laa_950", scans: Some(0.66), programs: Some(1.2) },
    Repeatability { key: "perc15_hu", scans: None, programs: Some(1.8) },
    Repeatability { key: "pd15_g_l", scans: Some(2.4), programs: None },
];

#[cfg(test)]
mod tests {
    use hilum_core::{Code, Lungs, Site, Unit};

    use super::*;

    #[test]
    fn predicted_volume_follows_the_published_equation() {
        let person = Person {
            male: Some(true),
            age: Some(60.0),
            height_cm: Some(175.0),
            weight: Some(80.0),
        };
        let predicted = -10150.0 + 605.3 + 92.61 * 175.0 - 12.99 * 80.0;
        assert_eq!(references("volume_ml", person)[0].range, Range::Predicted(predicted, 1766.0));
    }

    #[test]
    fn readings_follow_value_and_interval() {
        let reference = &references("laa_950", Person::default())[0];
        let reading = |value: f64, interval| {
            reference.reading(&Measurement {
                key: "laa_950",
                site: Site::Whole(Lungs::Both),
                value,
                unit: Unit::Percent,
                concept: Code::new("99HILUM", "LAA950", "low attenuation"),
                definition: String::new(),
                interval,
                interval_meaning: None,
            })
        };
        let group = "the middle half of healthy never-smokers";
        assert_eq!(reading(1.0, None), format!("within {group}"));
        assert_eq!(reading(0.9, Some([0.0, 2.1])), format!("within {group}, near its lower end"));
        assert_eq!(reading(2.4, Some([2.0, 2.8])), format!("within {group}, near its upper end"));
        assert_eq!(reading(3.0, Some([2.4, 3.6])), format!("above {group}, but near it"));
        assert_eq!(reading(19.7, Some([18.5, 20.9])), format!("above {group}"));
        assert_eq!(reading(0.1, None), format!("below {group}"));
    }

    #[test]
    fn children_are_not_compared_with_adults() {
        let child = Person { age: Some(9.0), ..Person::default() };
        assert!(references("laa_950", child).is_empty());
    }
}
