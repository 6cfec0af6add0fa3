//! One run out of the series that were found.

use crate::choose::{SHORTEST_END, found, labels};
use crate::series::{Series, tail};
use crate::{Error, Scan};

/// The cine to be measured: the one that was asked for by number in the list, by UID or by the
/// end of its UID; or, where nothing was asked for, the only one.
///
/// # Errors
///
/// [`Error::NoCine`] or [`Error::SeveralCines`] where nothing was asked for;
/// [`Error::NoSuchSeries`] or [`Error::NotCine`] where something was.
pub fn choose_cine<'a>(scan: &'a Scan, wanted: Option<&str>) -> Result<&'a Series, Error> {
    let Some(wanted) = wanted.map(str::trim) else { return only(scan) };
    let number = wanted.parse::<usize>().ok();
    let by_number = number.and_then(|n| scan.series().get(n.checked_sub(1)?));
    let fitting: Vec<&Series> = match by_number {
        Some(series) => vec![series],
        None => by_end(scan, wanted.trim_start_matches(['…', '.'])),
    };
    match (&fitting[..], &cines(&fitting)[..]) {
        (_, [one]) => Ok(one),
        ([one], []) => Err(Error::NotCine {
            series: format!("[{}] …{}", one.summary().number, tail(&one.summary().series_uid)),
            reasons: one.why_not_cine().to_vec(),
        }),
        _ => Err(Error::NoSuchSeries {
            wanted: wanted.to_owned(),
            fitting: fitting.len(),
            series: labels(&scan.series().iter().collect::<Vec<_>>()),
        }),
    }
}

fn only(scan: &Scan) -> Result<&Series, Error> {
    let cines = cines(&scan.series().iter().collect::<Vec<_>>());
    match cines[..] {
        [only] => Ok(only),
        [] => Err(Error::NoCine { found: found(scan) }),
        _ => Err(Error::SeveralCines { series: labels(&cines) }),
    }
}

fn by_end<'a>(scan: &'a Scan, end: &str) -> Vec<&'a Series> {
    let fits = |series: &&Series| series.summary().series_uid.ends_with(end);
    let tells = end.len() >= SHORTEST_END;
    scan.series().iter().filter(|series| tells && fits(series)).collect()
}

fn cines<'a>(series: &[&'a Series]) -> Vec<&'a Series> {
    series.iter().copied().filter(|series| series.why_not_cine().is_empty()).collect()
}
