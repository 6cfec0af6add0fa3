//! Comparison with the tables that the Chest Imaging Platform publishes, to the printed digit.

use hilum_core::{Ct, Volume};

use crate::cip::{CIP_METRICS, CipRegion, cip_phenotypes, region_counts};
use crate::{Bound, Error};

/// A value of a table that differs from ours.
#[derive(Clone, Debug, PartialEq)]
pub struct CipDeviation {
    /// Column of the table, with the row where there are several.
    pub name: String,
    /// Our value, printed as the tool prints.
    pub found: String,
    /// The value of the table.
    pub wanted: String,
    /// Why they differ, where that is known.
    pub explanation: Option<&'static str>,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CipComparison {
    /// Values compared.
    pub compared: usize,
    /// Values that agree to the printed digits.
    pub matched: usize,
    /// All others.
    pub deviations: Vec<CipDeviation>,
}

impl CipComparison {
    /// Number of deviations that have an explanation.
    pub fn explained(&self) -> usize {
        self.deviations.iter().filter(|deviation| deviation.explanation.is_some()).count()
    }

    fn add(&mut self, found: String, wanted: &str, undefined: bool, name: impl Fn() -> String) {
        self.compared += 1;
        if found == wanted {
            self.matched += 1;
            return;
        }
        let explanation = undefined.then_some(UNSET);
        let wanted = wanted.to_owned();
        self.deviations.push(CipDeviation { name: name(), found, wanted, explanation });
    }
}

const UNSET: &str =
    "the region holds no voxel: the tool prints a percentile, mode or median that it never set";

const PHENOTYPES: &str = "a header of `region metric` names and one row of as many values";
const HISTOGRAMS: &str = "a header of region names and rows of a CT number and as many counts";

/// Compares an image and its label map with a table of phenotypes
/// (`parenchyma_phenotypes_<ct>_<lm>.csv`): 17 regions of 20 metrics.
///
/// The row of the tool ends with one comma more than its header. An empty region gives `nan` for
/// shares and moments on both sides, which agree; its percentiles, mode and median are memory
/// that the tool never set, which nothing can reproduce: such deviations carry an explanation.
///
/// # Errors
///
/// [`Error::Grid`] if image and labels lie on different grids, [`Error::Table`] if the table is
/// not laid out so.
pub fn compare_cip_phenotypes(
    ct: &Ct,
    labels: &Volume<u16>,
    table: &str,
) -> Result<CipComparison, Error> {
    let ours = cip_phenotypes(ct, labels)?;
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let wanted: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    if names.len() < 2 || wanted.len() < names.len() {
        let found = format!("{} names and {} values", names.len(), wanted.len());
        return Err(Error::Table { found, wanted: PHENOTYPES });
    }
    let mut comparison = CipComparison::default();
    for (name, wanted) in names.iter().zip(wanted) {
        let place = name.split_once(' ').and_then(|(region, metric)| {
            let region = ours.iter().find(|values| values.region.name == region)?;
            Some(region.values[CIP_METRICS.iter().position(|known| *known == metric)?])
        });
        let Some(value) = place else {
            return Err(Error::Table { found: format!("a column `{name}`"), wanted: PHENOTYPES });
        };
        let found = value.map_or_else(|| "nan".into(), printed);
        comparison.add(found, wanted.trim(), value.is_none(), || (*name).to_owned());
    }
    Ok(comparison)
}

/// Compares an image and its label map with a table of histograms
/// (`region_histograms_<ct>_<lm>.csv`): a row for each CT number, a column for each region.
///
/// # Errors
///
/// As [`compare_cip_phenotypes`].
pub fn compare_cip_histograms(
    ct: &Ct,
    labels: &Volume<u16>,
    table: &str,
) -> Result<CipComparison, Error> {
    let parts = region_counts(ct, labels)?;
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').skip(1).collect();
    let region = |name: &&str| CipRegion::ALL.iter().find(|region| region.histogram == name.trim());
    let regions: Vec<_> = names.iter().filter_map(region).map(|r| r.of(&parts)).collect();
    let wrong = |found: String| Error::Table { found, wanted: HISTOGRAMS };
    if names.is_empty() || regions.len() < names.len() {
        return Err(wrong(format!("{} names, {} of them known", names.len(), regions.len())));
    }
    let mut comparison = CipComparison::default();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let hu = cells[0].parse::<i16>().map_err(|_| wrong(format!("a row `{}`", cells[0])))?;
        if cells.len() <= names.len() {
            return Err(wrong(format!("{} values in row {hu}", cells.len() - 1)));
        }
        for ((region, name), wanted) in regions.iter().zip(&names).zip(&cells[1..]) {
            let [below, up_to] =
                [Bound::Strict, Bound::Inclusive].map(|bound| region.below(f64::from(hu), bound));
            comparison.add((up_to - below).to_string(), wanted, false, || format!("{name} {hu}"));
        }
    }
    Ok(comparison)
}

/// A number as C++ streams print it: six significant digits, no zeros at the end.
fn printed(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').expect("the format has an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is a whole number");
    let trim = |text: &str| {
        let text = if text.contains('.') { text.trim_end_matches('0') } else { text };
        text.trim_end_matches('.').to_owned()
    };
    if (-4..6).contains(&exponent) {
        return trim(&format!("{value:.*}", (5 - exponent) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(digits), exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `printf("%g")` gives.
    #[test]
    fn numbers_are_printed_as_c_does() {
        let cases = [
            (0.0, "0"),
            (19.662013, "19.662"),
            (0.2087650, "0.208765"),
            (-873.81409, "-873.814"),
            (574.672804, "574.673"),
            (100.0, "100"),
            (-950.0, "-950"),
            (1234567.0, "1.23457e+06"),
            (0.0000123456, "1.23456e-05"),
            (999999.7, "1e+06"),
        ];
        for (value, wanted) in cases {
            assert_eq!(printed(value), wanted);
        }
    }
}
