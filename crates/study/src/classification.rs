//! An assessment in the words of a report.

use hilum_ild::{
    ATS_2018, Abstention, Assessment, Category, GOH, IMPORTANT, Judged, PROGRESSION, Quantity,
    Subtype, Verdict, Wanted, Withholds, band, change,
};
use hilum_report::{
    ADJUNCT, AbstentionRow, ChangeReport, ChangeRow, Classification, Confidence, CriterionRow,
    Earlier, Named, StagingRow, SubtypeRow,
};

use crate::ild::{prior, whole};

const CONFIDENCE: &str = "probability that the criteria come out so, given how well each number was measured; \
     no probability that a patient has a disease";
const SUBTYPES: &str = "by published and assumed frequencies of findings, all subtypes alike before the scan; \
     rule-based, held against no outcome";

/// What the report says of an assessment, and of the change from an earlier one.
pub(crate) fn classification(assessment: &Assessment, earlier: Option<&Earlier>) -> Classification {
    let withheld = assessment.withheld();
    let found = &assessment.category;
    let told = withheld < Withholds::Category;
    let possible: Vec<Named> =
        found.possible.iter().filter(|_| told).map(|category| named(*category)).collect();
    let status = match (told, found.category) {
        (false, _) => "withheld",
        (true, Some(_)) => "categorised",
        (true, None) => "undetermined",
    };
    let subtypes = if withheld < Withholds::Subtypes { subtypes(assessment) } else { Vec::new() };
    Classification {
        status,
        category: found.category.filter(|_| told).map(named),
        possible,
        confidence: told.then(|| confidence(assessment)),
        rules: ATS_2018.version,
        source: ATS_2018.source,
        criteria: found.criteria.iter().map(criterion).collect(),
        for_reader: ATS_2018.for_reader.to_vec(),
        distribution: distribution(assessment),
        subtypes,
        subtypes_meaning: SUBTYPES,
        abstentions: assessment.abstentions.iter().map(abstention).collect(),
        staging: assessment.staging.as_ref().map(|staging| StagingRow {
            stage: staging.stage.key(),
            rule: staging.rule.clone(),
            source: GOH,
        }),
        change: earlier.map(|earlier| changed(assessment, earlier)),
        adjunct: ADJUNCT,
    }
}

fn named(category: Category) -> Named {
    Named { key: category.key(), name: category.name() }
}

fn confidence(assessment: &Assessment) -> Confidence {
    let (category, probability) = assessment.category.leading();
    Confidence { of: category.key(), band: band(probability), probability, meaning: CONFIDENCE }
}

fn criterion(judged: &Judged) -> CriterionRow {
    let (side, limit) = match judged.wanted {
        Wanted::AtLeast(limit) => ("at least", limit),
        Wanted::AtMost(limit) => ("at most", limit),
    };
    CriterionRow {
        key: judged.key,
        name: judged.words,
        status: judged.status.key(),
        quantity: judged.quantity.key(),
        value: judged.number.map(|number| number.value),
        interval: judged.number.map(|number| bounds(number, judged.quantity)),
        unit: judged.quantity.unit(),
        side,
        limit,
        margin: judged.margin,
        reason: judged.reason.clone(),
        source: judged.source,
    }
}

/// The interval of a number, held to what shares and lengths can be.
fn bounds(number: hilum_ild::Number, quantity: Quantity) -> [f64; 2] {
    let bounds = [number.value - number.half, number.value + number.half];
    match quantity.unit() {
        "%" => bounds.map(|bound| bound.clamp(0.0, 100.0)),
        "mm" => bounds.map(|bound| bound.max(0.0)),
        _ => bounds,
    }
}

/// Where disease lies, from the indices of distribution.
fn distribution(assessment: &Assessment) -> Vec<String> {
    let index = |quantity, positive: &str, negative: &str, level: &str| {
        let number = assessment.evidence.number(quantity)?;
        let words = match number.value {
            value if value - number.half > LEAN => positive,
            value if value + number.half < -LEAN => negative,
            _ => level,
        };
        Some(format!("{words} (index {:.2}, give or take {:.2}).", number.value, number.half))
    };
    [
        index(
            Quantity::Basal,
            "Disease is greater towards the bases",
            "Disease is greater towards the apices",
            "Disease does not clearly prefer bases or apices",
        ),
        index(
            Quantity::Peripheral,
            "It is greater beneath the pleura",
            "It is greater in the core of the lungs",
            "It does not clearly prefer rind or core",
        ),
        index(
            Quantity::Sparing,
            "The layer beneath the pleura holds less of it than the next",
            "The layer beneath the pleura holds more of it than the next",
            "The layer beneath the pleura is not clearly spared",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An index beyond which a lean is put into words: half as much again on one side.
const LEAN: f64 = 0.2;

fn subtypes(assessment: &Assessment) -> Vec<SubtypeRow> {
    let mut rows = assessment.subtypes.clone();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1));
    let row = |(subtype, probability): (Subtype, f64)| SubtypeRow {
        key: subtype.key(),
        name: subtype.name(),
        probability,
        band: band(probability),
    };
    rows.into_iter().map(row).collect()
}

fn abstention(abstention: &Abstention) -> AbstentionRow {
    AbstentionRow {
        code: abstention.code,
        withholds: abstention.withholds.key(),
        message: abstention.message.clone(),
    }
}

fn changed(assessment: &Assessment, earlier: &Earlier) -> ChangeReport {
    let changes = change(&prior(earlier), &whole(&assessment.measurements));
    let [low, high] = IMPORTANT;
    ChangeReport {
        prior: earlier.date.clone(),
        progression: changes.iter().any(|row| row.verdict == Verdict::Progression),
        rule: format!(
            "a rise of fibrosis in both lungs by {PROGRESSION:.0} points or more that exceeds noise is flagged; \
             published least changes that matter: {low} to {high} points"
        ),
        rows: changes
            .into_iter()
            .map(|row| ChangeRow {
                key: row.key,
                region: row.region,
                before: row.values[0],
                now: row.values[1],
                difference: row.difference,
                noise: row.noise,
                verdict: row.verdict.key(),
            })
            .collect(),
    }
}
