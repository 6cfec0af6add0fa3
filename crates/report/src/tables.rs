//! Numbers by region.

use hilum_core::{Lobe, Lungs, Measurement, Region, Site, Third};

use crate::{Findings, names};

/// A table of numbers: rows in groups, one column for each key or region.
pub(crate) struct Table {
    pub(crate) caption: &'static str,
    /// Name and unit of each column.
    pub(crate) columns: Vec<(String, String)>,
    pub(crate) groups: Vec<Group>,
}

/// Rows that belong together.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// One row: its name, its unit where columns are regions, and its cells.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) cells: Vec<Cell>,
}

/// One number as shown; empty where it was not measured.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) value: String,
    pub(crate) interval: String,
}

/// Keys that the table by region shows, where they were measured.
const BY_REGION: [&str; 18] = [
    "volume_ml",
    "mass_g",
    "mean_hu",
    "sd_hu",
    "laa_950",
    "laa_910",
    "laa_856",
    "haa_600_250",
    "perc15_hu",
    "pd15_g_l",
    "extent_ild_percent",
    "extent_fibrosis_percent",
    "extent_ground_glass_percent",
    "extent_reticular_percent",
    "extent_honeycombing_percent",
    "extent_consolidation_percent",
    "extent_emphysema_percent",
    "extent_normal_percent",
];

/// The regions of a report, by group, in the order of print.
fn groups() -> [(&'static str, Vec<Site>); 4] {
    let thirds = Lungs::ALL.iter().flat_map(|l| Third::ALL.map(|third| Site::Third(*l, third)));
    let shells = Lungs::ALL.iter().flat_map(|lungs| [Site::Rind(*lungs), Site::Core(*lungs)]);
    [
        ("Lungs", Lungs::ALL.map(Site::Whole).to_vec()),
        ("Lobes", Lobe::ALL.iter().copied().map(Site::Lobe).collect()),
        ("Thirds, apex to base", thirds.collect()),
        ("Rind and core", shells.collect()),
    ]
}

/// The main numbers of every region that was measured.
pub(crate) fn by_region(findings: &Findings) -> Table {
    let measured = |key: &&&str| findings.measurements.iter().any(|m| m.key == **key);
    let keys: Vec<&str> = BY_REGION.iter().filter(measured).copied().collect();
    let row = |site: Site| {
        let cells = keys.iter().map(|key| cell(names::at(findings, key, site), false)).collect();
        Row { name: capital(&site.name()), unit: "", cells }
    };
    let group = |(name, sites): (&'static str, Vec<Site>)| {
        let found =
            sites.into_iter().filter(|site| findings.measurements.iter().any(|m| m.site == *site));
        Group { name, rows: found.map(row).collect() }
    };
    let unit = |key: &&str| {
        findings.measurements.iter().find(|m| m.key == *key).map_or("", |m| m.unit.symbol())
    };
    let columns = keys.iter().map(|key| (names::short(key), unit(key).into())).collect();
    let groups = groups().into_iter().map(group).filter(|group| !group.rows.is_empty());
    Table { caption: "Numbers by region", columns, groups: groups.collect() }
}

/// Every measurement, with its interval: a table for each group of regions.
pub(crate) fn everything(findings: &Findings) -> Vec<Table> {
    let known: Vec<Site> = groups().into_iter().flat_map(|(_, sites)| sites).collect();
    let mut others = Vec::new();
    for measurement in &findings.measurements {
        if !known.contains(&measurement.site) && !others.contains(&measurement.site) {
            others.push(measurement.site);
        }
    }
    let [lungs, lobes, thirds, shells] = groups();
    let thirds = ["Thirds, both lungs", "Thirds, right lung", "Thirds, left lung"]
        .into_iter()
        .zip(thirds.1.chunks(3).map(<[Site]>::to_vec));
    [lungs, lobes]
        .into_iter()
        .chain(thirds)
        .chain([shells, ("Elsewhere", others)])
        .map(|(caption, sites)| matrix(findings, caption, &sites))
        .filter(|table| !table.columns.is_empty())
        .collect()
}

/// All keys of some regions; regions without any number are left out.
fn matrix(findings: &Findings, caption: &'static str, sites: &[Site]) -> Table {
    let here = |site: &Site| findings.measurements.iter().any(|m| m.site == *site);
    let sites: Vec<Site> = sites.iter().copied().filter(here).collect();
    let mut keys: Vec<&Measurement> = Vec::new();
    for measurement in findings.measurements.iter().filter(|m| sites.contains(&m.site)) {
        if keys.iter().all(|known| known.key != measurement.key) {
            keys.push(measurement);
        }
    }
    let row = |of: &&Measurement| Row {
        name: names::long(of),
        unit: of.unit.symbol(),
        cells: sites.iter().map(|site| cell(names::at(findings, of.key, *site), true)).collect(),
    };
    let rows = keys.iter().map(row).collect();
    let columns = sites.iter().map(|site| (capital(&site.name()), String::new())).collect();
    Table { caption, columns, groups: vec![Group { name: "", rows }] }
}

fn cell(measurement: Option<&Measurement>, with_interval: bool) -> Cell {
    let Some(measurement) = measurement else { return Cell::default() };
    let interval = names::interval(measurement).filter(|_| with_interval);
    Cell { value: names::value(measurement), interval: interval.unwrap_or_default() }
}

/// A phrase as the beginning of a row.
pub(crate) fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
