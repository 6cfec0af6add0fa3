//! Which category of the guideline fits.

use crate::assess::judge::{Judged, judged, scenarios};
use crate::{Evidence, Rules, Status, When};

/// The categories of the guideline, and that there is nothing to categorise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Usual interstitial pneumonia.
    Uip,
    /// Probable UIP.
    ProbableUip,
    /// Indeterminate for UIP.
    Indeterminate,
    /// Suggests an alternative to UIP.
    Alternative,
    /// Too little interstitial disease for a category.
    NoDisease,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 5] =
        [Self::Uip, Self::ProbableUip, Self::Indeterminate, Self::Alternative, Self::NoDisease];

    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Uip => "uip",
            Self::ProbableUip => "probable_uip",
            Self::Indeterminate => "indeterminate",
            Self::Alternative => "alternative",
            Self::NoDisease => "below_threshold",
        }
    }

    /// The category as people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uip => "UIP pattern",
            Self::ProbableUip => "probable UIP pattern",
            Self::Indeterminate => "indeterminate for UIP",
            Self::Alternative => "pattern that suggests an alternative to UIP",
            Self::NoDisease => "interstitial disease below the extent that is categorised",
        }
    }

    /// The category that a key names.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }
}

/// Which category fits, how firmly, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Categorised {
    /// The category, if no unknown criterion could change it.
    pub category: Option<Category>,
    /// The categories that remain possible, in the order of the rules; one if it is settled.
    pub possible: Vec<Category>,
    /// How probable the table gives each category, given the intervals of the numbers; criteria
    /// without a number count half. It is no probability that a patient has a disease.
    pub probabilities: Vec<(Category, f64)>,
    /// Every criterion with its status and number.
    pub criteria: Vec<Judged>,
}

impl Categorised {
    /// The most probable category and its probability.
    pub fn leading(&self) -> (Category, f64) {
        let rows = self.probabilities.iter().copied();
        rows.fold(
            (Category::Indeterminate, 0.0),
            |best, row| if row.1 > best.1 { row } else { best },
        )
    }
}

/// Holds the evidence against a guideline.
///
/// A category is settled only if it is the same whatever the unknown criteria turn out to be.
pub fn categorise(evidence: &Evidence, rules: &Rules) -> Categorised {
    let criteria = judged(evidence, rules);
    let status = |key: &str| {
        criteria.iter().find(|row| row.key == key).map_or(Status::Unknown, |row| row.status)
    };
    let possible = possible(rules, &status);
    let mut probabilities: Vec<(Category, f64)> =
        rules.rules.iter().map(|rule| (rule.category, 0.0)).collect();
    scenarios(evidence, rules, &mut |status, probability| {
        let first = self::possible(rules, status)[0];
        if let Some(row) = probabilities.iter_mut().find(|row| row.0 == first) {
            row.1 += probability;
        }
    });
    let category = (possible.len() == 1).then(|| possible[0]);
    Categorised { category, possible, probabilities, criteria }
}

/// The categories whose rule may be the first that holds.
fn possible(rules: &Rules, status: &dyn Fn(&str) -> Status) -> Vec<Category> {
    let mut found = Vec::new();
    for rule in rules.rules {
        match holds(rule.when, status) {
            Status::Met => {
                found.push(rule.category);
                break;
            }
            Status::Unknown => found.push(rule.category),
            Status::Unmet => {}
        }
    }
    found
}

fn holds(when: When, status: &dyn Fn(&str) -> Status) -> Status {
    match when {
        When::Is(key) => status(key),
        When::Not(key) => status(key).negated(),
        When::All(parts) => {
            parts.iter().fold(Status::Met, |all, part| all.and(holds(*part, status)))
        }
        When::Any(parts) => {
            parts.iter().fold(Status::Unmet, |any, part| any.or(holds(*part, status)))
        }
        When::Otherwise => Status::Met,
    }
}
