//! One series out of those that were found.

use std::collections::{BTreeMap, BTreeSet};

use hilum_core::Quality;

use crate::load::Loaded;
use crate::options::LoadOptions;
use crate::preference::{preference, shortcoming};
use crate::series::{Series, Summary, tail};
use crate::{Error, Progress, Scan};

/// The series that is taken, and what it was taken before.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// The series.
    pub series: &'a Series,
    /// The other CT volumes, each with what it is worse by: `kernel sharp (B70f), not kernel soft
    /// (B31f)`. Empty if there are none, or the series was asked for.
    pub passed_over: Vec<(&'a Series, String)>,
}

impl Choice<'_> {
    /// What the series is.
    pub fn summary(&self) -> &Summary {
        self.series.summary()
    }

    /// As [`Series::load`], with the row `series_chosen` where there was a choice.
    ///
    /// # Errors
    ///
    /// As [`Series::load`].
    pub fn load(&self, progress: Progress<'_>) -> Result<Loaded, Error> {
        self.load_with(&LoadOptions::default(), progress)
    }

    /// As [`Series::load_with`], with the row `series_chosen` where there was a choice.
    ///
    /// # Errors
    ///
    /// As [`Series::load_with`].
    pub fn load_with(
        &self,
        options: &LoadOptions,
        progress: Progress<'_>,
    ) -> Result<Loaded, Error> {
        let mut loaded = self.series.load_with(options, progress)?;
        loaded.quality.extend(self.quality());
        Ok(loaded)
    }

    /// The row `series_chosen`: what was taken, and why not the others; `None` where there was
    /// nothing to choose.
    pub fn quality(&self) -> Option<Quality> {
        let number = self.summary().number;
        let others: Vec<String> = self
            .passed_over
            .iter()
            .map(|(series, why)| format!("[{}] {why}", series.summary().number))
            .collect();
        (!others.is_empty()).then(|| {
            let message = format!(
                "series [{number}] taken of {} CT volumes; passed over: {}",
                others.len() + 1,
                others.join("; ")
            );
            Quality::info("series_chosen", message)
        })
    }
}

/// The series to be measured: the one that was asked for by number in the list, by UID or by the
/// end of its UID; or, where nothing was asked for, the one that a thoracic radiologist would take
/// for lung density.
///
/// One CT volume goes before another by the first of these that tells them apart: regular and
/// complete; of the chest; 200 mm long or more; original before derived before reformatted, no
/// average or projection; axial; inspiration before what is not told, phases of a 4D-CT and
/// expiration; up to 1.5 mm, up to 3 mm, thicker; soft kernel before sharp; without contrast;
/// without loss; closer slices; more slices. Even parts of an uneven series are taken by number
/// only.
///
/// # Errors
///
/// Where nothing was asked for: [`Error::NoCt`]; [`Error::SeveralStudies`] if CT volumes are of
/// several patients or studies, which are never mixed; [`Error::SeveralSeries`] if nothing tells
/// the best apart. [`Error::NoSuchSeries`] or [`Error::NotCt`] where something was.
pub fn choose<'a>(scan: &'a Scan, wanted: Option<&str>) -> Result<Choice<'a>, Error> {
    match wanted {
        Some(wanted) => {
            let is_volume = |series: &Series| series.why_not_ct().is_empty();
            let series = named(scan, wanted.trim(), &is_volume)?;
            Ok(Choice { series, passed_over: Vec::new() })
        }
        None => best(scan),
    }
}

fn best<'a>(scan: &'a Scan) -> Result<Choice<'a>, Error> {
    let volumes = volumes(scan);
    let Some((first, others)) = volumes.split_first() else {
        return Err(Error::NoCt { found: found(scan) });
    };
    let studies: BTreeSet<_> = volumes.iter().map(|series| series.study()).collect();
    if studies.len() > 1 {
        return Err(Error::SeveralStudies { studies: by_study(&volumes) });
    }
    let top = preference(first);
    let equal: Vec<&Series> =
        volumes.iter().copied().filter(|series| preference(series) == top).collect();
    if equal.len() > 1 {
        return Err(Error::SeveralSeries { series: labels(&equal) });
    }
    let why = |other: &'a Series| (other, shortcoming(first, other).unwrap_or_default());
    Ok(Choice { series: first, passed_over: others.iter().copied().map(why).collect() })
}

fn volumes(scan: &Scan) -> Vec<&Series> {
    let eligible = |series: &&Series| series.why_not_ct().is_empty() && !series.is_even_part();
    scan.series().iter().filter(eligible).collect()
}

/// `study …1234abcd with [1], [3]`, for each; patients that share a study are told apart.
fn by_study(volumes: &[&Series]) -> Vec<String> {
    let mut studies: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for series in volumes {
        let number = format!("[{}]", series.summary().number);
        studies.entry(series.study()).or_default().push(number);
    }
    let named = |((_, uid), numbers): ((_, &str), Vec<String>)| {
        format!("study …{} with {}", tail(uid), numbers.join(" "))
    };
    studies.into_iter().map(named).collect()
}

/// Fewer characters of a UID would rather be a number that is not in the list.
pub(crate) const SHORTEST_END: usize = 4;

/// The series of a number or UID; of several with one UID, the one that serves.
pub(crate) fn named<'a>(
    scan: &'a Scan,
    wanted: &str,
    serves: &dyn Fn(&Series) -> bool,
) -> Result<&'a Series, Error> {
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
    let volumes: Vec<&Series> = fitting.iter().copied().filter(|series| serves(series)).collect();
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
