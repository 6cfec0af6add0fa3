//! What the patterns fit, as the page shows it.

use hilum_core::{Lungs, Site, Third};

use crate::{
    Classification, Findings,
    classification::CriterionRow,
    names,
    numbers::{fixed, with_minus},
    pictures::patterns,
};

/// Category, criteria, bars, change.
pub(crate) struct Fits {
    /// The answer in one line.
    pub(crate) title: String,
    pub(crate) status: &'static str,
    pub(crate) confidence: Option<String>,
    pub(crate) criteria: Vec<Row>,
    pub(crate) for_reader: String,
    /// Code, what it withholds, message.
    pub(crate) abstentions: Vec<(&'static str, String)>,
    /// Name, band, per cent.
    pub(crate) subtypes: Vec<(&'static str, &'static str, String)>,
    pub(crate) subtypes_meaning: &'static str,
    pub(crate) staging: Option<String>,
    pub(crate) bars: Vec<Bar>,
    pub(crate) change: Option<Change>,
    pub(crate) rules: &'static str,
    pub(crate) source: &'static str,
    pub(crate) adjunct: &'static str,
}

/// A criterion.
pub(crate) struct Row {
    pub(crate) status: &'static str,
    pub(crate) name: &'static str,
    pub(crate) number: String,
    pub(crate) rule: String,
}

/// The patterns of a zone as a stacked bar.
pub(crate) struct Bar {
    pub(crate) zone: String,
    /// Name, colour, width in per cent of the bar.
    pub(crate) pieces: Vec<(&'static str, String, String)>,
    pub(crate) words: String,
}

/// Change since an earlier run.
pub(crate) struct Change {
    pub(crate) since: String,
    pub(crate) progression: bool,
    pub(crate) rule: String,
    /// Extent, then, now, difference, noise, verdict.
    pub(crate) rows: Vec<[String; 6]>,
}

impl Fits {
    pub(crate) fn of(found: &Classification, findings: &Findings) -> Self {
        let possible: Vec<&str> = found.possible.iter().map(|named| named.name).collect();
        let title = match (found.status, &found.category) {
            ("withheld", _) => "Category withheld".to_owned(),
            (_, Some(category)) => format!("Fits: {}", category.name),
            _ => format!("Undetermined between: {}", possible.join("; ")),
        };
        let confidence = found.confidence.as_ref().map(|confidence| {
            let name = found.possible.iter().find(|named| named.key == confidence.of);
            let name = name.map_or(confidence.of, |named| named.name);
            format!("{name}: {} ({})", confidence.band, confidence.meaning)
        });
        let percent = |p: f64| fixed(100.0 * p, 0);
        Self {
            title,
            status: found.status,
            confidence,
            criteria: found.criteria.iter().map(criterion).collect(),
            for_reader: found.for_reader.join("; "),
            abstentions: found.abstentions.iter().map(abstention).collect(),
            subtypes: found
                .subtypes
                .iter()
                .map(|row| (row.name, row.band, percent(row.probability)))
                .collect(),
            subtypes_meaning: found.subtypes_meaning,
            staging: found.staging.as_ref().map(|stage| {
                format!("{}: {} ({})", stage.stage, with_minus(&stage.rule), stage.source)
            }),
            bars: bars(findings),
            change: found.change.as_ref().map(change),
            rules: found.rules,
            source: found.source,
            adjunct: found.adjunct,
        }
    }
}

fn abstention(row: &crate::AbstentionRow) -> (&'static str, String) {
    let word = match row.withholds {
        "category" => "Withheld: category and subtypes",
        "subtypes" => "Withheld: subtypes",
        _ => "Caution",
    };
    (word, with_minus(&row.message))
}

fn criterion(row: &CriterionRow) -> Row {
    let decimals = usize::from(row.unit == "%") + 2 * usize::from(row.unit.is_empty());
    let number = |value: f64| fixed(value, decimals);
    let shown = match (row.value, row.interval, &row.reason) {
        (Some(value), Some([low, high]), _) => {
            format!("{} {} ({} to {})", number(value), row.unit, number(low), number(high))
        }
        (Some(value), None, _) => format!("{} {}", number(value), row.unit),
        (None, _, reason) => reason.clone().unwrap_or_default(),
    };
    let rule = format!(
        "{} {}, unknown within {}",
        row.side,
        format!("{} {}", number(row.limit), row.unit).trim_end(),
        number(row.margin)
    );
    Row { status: row.status, name: row.name, number: with_minus(&shown), rule: with_minus(&rule) }
}

/// A bar for both lungs and one for each third of each lung.
fn bars(findings: &Findings) -> Vec<Bar> {
    let thirds = [Lungs::Right, Lungs::Left]
        .into_iter()
        .flat_map(|lungs| Third::ALL.map(|third| Site::Third(lungs, third)));
    let sites = std::iter::once(Site::Whole(Lungs::Both)).chain(thirds);
    sites.filter_map(|site| bar(findings, site)).collect()
}

fn bar(findings: &Findings, site: Site) -> Option<Bar> {
    let mut pieces = Vec::new();
    let mut words = Vec::new();
    for pattern in patterns::DRAWN {
        let key = format!("extent_{}_percent", hilum_core::Region::key(pattern));
        let extent = names::at(findings, &key, site)?.value;
        let [red, green, blue] = patterns::colour(pattern);
        let colour = format!("#{red:02x}{green:02x}{blue:02x}");
        pieces.push((patterns::name(pattern), colour, format!("{extent:.2}")));
        if extent >= 0.5 {
            words.push(format!("{} {} %", patterns::name(pattern), fixed(extent, 0)));
        }
    }
    let words = if words.is_empty() { "none of 0.5 % or more".into() } else { words.join(", ") };
    Some(Bar { zone: crate::tables::capital(&site.name()), pieces, words })
}

fn change(report: &crate::ChangeReport) -> Change {
    let row = |row: &crate::ChangeRow| {
        let points = |value: f64| with_minus(&fixed(value, 1));
        [
            names::short(row.key),
            points(row.before),
            points(row.now),
            points(row.difference),
            points(row.noise),
            row.verdict.replace('_', " "),
        ]
    };
    let both = report.rows.iter().filter(|row| row.region == "both_lungs");
    Change {
        since: report.prior.clone().unwrap_or_else(|| "an earlier run".into()),
        progression: report.progression,
        rule: report.rule.clone(),
        rows: both.map(row).collect(),
    }
}
