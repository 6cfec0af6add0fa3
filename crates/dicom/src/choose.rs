//! One series out of those that were found.

use std::collections::BTreeMap;

use crate::series::{Series, tail};
use crate::{Error, Scan};

/// The series to be measured: the one that was asked for by number in the list, by UID or by the
/// end of its UID; or, where nothing was asked for, the only one that is a CT volume. Even parts
/// of an uneven series are taken by number only.
///
/// # Errors
///
/// [`Error::NoCt`] or [`Error::SeveralSeries`] where nothing was asked for;
/// [`Error::NoSuchSeries`] or [`Error::NotCt`] where something was.
pub fn choose<'a>(scan: &'a Scan, wanted: Option<&str>) -> Result<&'a Series, Error> {
    match wanted {
        Some(wanted) => named(scan, wanted.trim()),
        None => only(scan),
    }
}

fn only(scan: &Scan) -> Result<&Series, Error> {
    let volumes: Vec<&Series> =
        scan.series().iter().filter(|s| s.why_not_ct().is_empty() && !s.is_even_part()).collect();
    match volumes[..] {
        [only] => Ok(only),
        [] => Err(Error::NoCt { found: found(scan) }),
        _ => Err(Error::SeveralSeries { series: labels(&volumes) }),
    }
}

/// Fewer characters of a UID would rather be a number that is not in the list.
pub(crate) const SHORTEST_END: usize = 4;

fn named<'a>(scan: &'a Scan, wanted: &str) -> Result<&'a Series, Error> {
    let series = scan.series();
    let by_number = wanted.parse::<usize>().ok().and_then(|n| series.get(n.checked_sub(1)?));
    let end = wanted.trim_start_matches(['…', '.']);
    let tells = end.len() >= SHORTEST_END;
    let fitting: Vec<&Series> = match by_number {
        Some(series) => vec![series],
        None => series
            .iter()
            .filter(|series| !series.is_even_part())
            .filter(|series| tells && series.summary().series_uid.ends_with(end))
            .collect(),
    };
    // A UID may name several stacks of which only one is a volume, the others localizers.
    let volumes: Vec<&Series> =
        fitting.iter().copied().filter(|series| series.why_not_ct().is_empty()).collect();
    match (&fitting[..], &volumes[..]) {
        (_, [one]) => Ok(one),
        ([one], []) => Err(Error::NotCt {
            series: format!("[{}] …{}", one.summary().number, tail(&one.summary().series_uid)),
            reasons: one.why_not_ct().to_vec(),
        }),
        _ => Err(Error::NoSuchSeries {
            wanted: wanted.to_owned(),
            fitting: fitting.len(),
            series: labels(&series.iter().collect::<Vec<_>>()),
        }),
    }
}

pub(crate) fn labels(series: &[&Series]) -> Vec<String> {
    series.iter().map(|series| series.label()).collect()
}

/// `3 series with modality MR, 1 localizer`.
pub(crate) fn found(scan: &Scan) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for series in scan.series() {
        *counts.entry(what(series)).or_default() += 1;
    }
    let counted: Vec<String> =
        counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    counted.join(", ")
}

fn what(series: &Series) -> String {
    let summary = series.summary();
    let modality = summary.acquisition.modality.as_deref().unwrap_or("unnamed");
    let short = |reason: &String| {
        let reason = reason.split(',').next().unwrap_or(reason);
        let noun = reason.strip_prefix("a ").map(str::to_owned);
        noun.unwrap_or_else(|| format!("CT series with {reason}"))
    };
    match series.why_not_ct() {
        _ if modality != "CT" => format!("{modality} series"),
        [only, ..] => short(only),
        [] => "CT series".to_owned(),
    }
}
