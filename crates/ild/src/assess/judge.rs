//! Criteria against numbers.

use crate::assess::number::{DEVIATIONS, normal};
use crate::{Criterion, Evidence, Number, Quantity, Rules, Status, Wanted};

/// A criterion with its status and the number behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Key of the criterion.
    pub key: &'static str,
    /// The criterion as people say it.
    pub words: &'static str,
    /// Whether it is met.
    pub status: Status,
    /// The number that was looked at.
    pub quantity: Quantity,
    /// Its value, if there is one.
    pub number: Option<Number>,
    /// The limit, and its side.
    pub wanted: Wanted,
    /// Distance to the limit within which the status is unknown.
    pub margin: f64,
    /// Why there is no number.
    pub reason: Option<String>,
    /// Where criterion and limit come from.
    pub source: &'static str,
}

/// Every criterion of a guideline.
pub(crate) fn judged(evidence: &Evidence, rules: &Rules) -> Vec<Judged> {
    let judge = |criterion: &Criterion| {
        let number = evidence.number(criterion.quantity);
        Judged {
            key: criterion.key,
            words: criterion.words,
            status: number.map_or(Status::Unknown, |number| status(criterion, number)),
            quantity: criterion.quantity,
            number,
            wanted: criterion.wanted,
            margin: number.map_or(criterion.margin, |number| margin(criterion, number)),
            reason: evidence.reason(criterion.quantity).map(str::to_owned),
            source: criterion.source,
        }
    };
    rules.criteria.iter().map(judge).collect()
}

fn margin(criterion: &Criterion, number: Number) -> f64 {
    criterion.margin.max(number.half)
}

/// Met or unmet if the number is at least the margin away from the limit.
fn status(criterion: &Criterion, number: Number) -> Status {
    let margin = margin(criterion, number);
    let beyond = match criterion.wanted {
        Wanted::AtLeast(limit) => number.value - limit,
        Wanted::AtMost(limit) => limit - number.value,
    };
    match beyond {
        beyond if beyond >= margin => Status::Met,
        beyond if beyond <= -margin => Status::Unmet,
        _ => Status::Unknown,
    }
}

/// Is told one way in which all criteria may turn out, and its probability.
pub(crate) type Visit<'a> = dyn FnMut(&dyn Fn(&str) -> Status, f64) + 'a;

/// Calls `each` with every way in which the criteria may turn out and its probability. Numbers are
/// taken as normal and independent of each other; criteria of one number go together.
pub(crate) fn scenarios(evidence: &Evidence, rules: &Rules, each: &mut Visit<'_>) {
    let mut asked: Vec<Quantity> = rules.criteria.iter().map(|c| c.quantity).collect();
    asked.sort_unstable();
    asked.dedup();
    let choices: Vec<Vec<Outcome>> =
        asked.iter().map(|quantity| outcomes(*quantity, evidence, rules)).collect();
    walk(&choices, &mut Vec::new(), 1.0, each);
}

/// Criteria of one number, each met or unmet, with the probability of it.
struct Outcome {
    met: Vec<(&'static str, bool)>,
    probability: f64,
}

fn outcomes(quantity: Quantity, evidence: &Evidence, rules: &Rules) -> Vec<Outcome> {
    let asked: Vec<&Criterion> =
        rules.criteria.iter().filter(|criterion| criterion.quantity == quantity).collect();
    let mut limits: Vec<f64> = asked.iter().map(|criterion| limit(criterion)).collect();
    limits.sort_by(f64::total_cmp);
    let below = |limit: f64, n: usize| match evidence.number(quantity) {
        // Without a number every piece between limits is as probable as the next.
        None => (n + 1) as f64 / (limits.len() + 1) as f64,
        Some(number) => {
            let widest = asked.iter().map(|c| margin(c, number)).fold(0.0, f64::max);
            normal((limit - number.value) * DEVIATIONS / widest.max(1e-9))
        }
    };
    let mut pieces = Vec::new();
    let mut before = 0.0;
    for n in 0..=limits.len() {
        let share = limits.get(n).map_or(1.0, |limit| below(*limit, n));
        let inside = match n {
            0 => limits[0] - 1.0,
            n if n == limits.len() => limits[n - 1] + 1.0,
            n => f64::midpoint(limits[n - 1], limits[n]),
        };
        let met = asked.iter().map(|criterion| (criterion.key, is_met(criterion, inside)));
        pieces.push(Outcome { met: met.collect(), probability: share - before });
        before = share;
    }
    pieces.retain(|piece| piece.probability > 1e-6);
    pieces
}

const fn limit(criterion: &Criterion) -> f64 {
    match criterion.wanted {
        Wanted::AtLeast(limit) | Wanted::AtMost(limit) => limit,
    }
}

fn is_met(criterion: &Criterion, value: f64) -> bool {
    match criterion.wanted {
        Wanted::AtLeast(limit) => value >= limit,
        Wanted::AtMost(limit) => value <= limit,
    }
}

fn walk(
    choices: &[Vec<Outcome>],
    so_far: &mut Vec<(&'static str, bool)>,
    probability: f64,
    each: &mut Visit<'_>,
) {
    let Some((first, rest)) = choices.split_first() else {
        let status = |key: &str| match so_far.iter().find(|row| row.0 == key) {
            Some((_, true)) => Status::Met,
            Some((_, false)) => Status::Unmet,
            None => Status::Unknown,
        };
        each(&status, probability);
        return;
    };
    for outcome in first {
        let length = so_far.len();
        so_far.extend(&outcome.met);
        walk(rest, so_far, probability * outcome.probability, each);
        so_far.truncate(length);
    }
}
