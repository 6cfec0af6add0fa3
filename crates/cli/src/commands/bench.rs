//! `hilum bench`: public benchmarks on data that lie on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hilum_density::{CipComparison, compare_cip_histograms, compare_cip_phenotypes};
use serde_json::{Value, json};

use crate::args::{Bench, BenchName, Global};
use crate::commands::bench_cip_patches::{self, cip_patches};
use crate::commands::bench_ibsi::{self, ibsi};
use crate::commands::bench_lobe_prior::{self, lobe_prior};
use crate::failure::Failure;
use crate::stdout;

/// Runs a benchmark and prints what it compared.
pub fn bench(args: &Bench, global: &Global) -> Result<(), Failure> {
    let result = match args.name {
        BenchName::CipBaseline => cip_baseline(&args.data)?,
        BenchName::CipPatches => cip_patches(&args.data, args.cross_validate)?,
        BenchName::LobePrior => lobe_prior(&args.data)?,
        BenchName::Ibsi => ibsi(&args.data)?,
    };
    match args.name {
        _ if global.json => stdout::print(&format!("{result:#}")),
        BenchName::CipBaseline => stdout::print(&as_text(&result)),
        BenchName::CipPatches => stdout::print(&bench_cip_patches::as_text(&result)),
        BenchName::LobePrior => stdout::print(&bench_lobe_prior::as_text(&result)),
        BenchName::Ibsi => stdout::print(&bench_ibsi::as_text(&result)),
    }
}

/// Kinds of table, by the beginning of their names.
const PHENOTYPES: &str = "parenchyma_phenotypes_";
const HISTOGRAMS: &str = "region_histograms_";

/// Compares every table of the Chest Imaging Platform under a folder whose image and label map
/// lie there too. Tables are named `<kind>_<image>_<labels>.csv`.
fn cip_baseline(root: &Path) -> Result<Value, Failure> {
    let files = files(root)?;
    let mut tables = Vec::new();
    let mut total = CipComparison::default();
    for (name, path) in &files {
        let Some((image, labels, is_phenotypes)) = inputs(name, &files) else { continue };
        let table = fs::read_to_string(path).map_err(|error| {
            Failure::new(format!("`{name}` cannot be read: {error}"), "check that it is text")
        })?;
        let ct = hilum_files::read(image)?;
        let labels = hilum_files::read_labels::<u16>(labels)?;
        let found = if is_phenotypes {
            compare_cip_phenotypes(&ct, &labels, &table)?
        } else {
            compare_cip_histograms(&ct, &labels, &table)?
        };
        tables.push(row(name, &found));
        total.compared += found.compared;
        total.matched += found.matched;
        total.deviations.extend(found.deviations);
    }
    let status = if tables.is_empty() { "not run" } else { "run" };
    Ok(json!({
        "name": "cip-baseline",
        "status": status,
        "compared": total.compared,
        "matched": total.matched,
        "explained": total.explained(),
        "tables": tables,
    }))
}

fn row(name: &str, found: &CipComparison) -> Value {
    let deviations: Vec<Value> = found
        .deviations
        .iter()
        .map(|d| json!({ "name": d.name, "found": d.found, "wanted": d.wanted, "explanation": d.explanation }))
        .collect();
    json!({
        "table": name,
        "compared": found.compared,
        "matched": found.matched,
        "explained": found.explained(),
        "deviations": deviations,
    })
}

/// Image and label map of a table, and whether it is one of phenotypes.
fn inputs<'a>(
    name: &str,
    files: &'a BTreeMap<String, PathBuf>,
) -> Option<(&'a PathBuf, &'a PathBuf, bool)> {
    let stem = name.strip_suffix(".csv")?;
    let phenotypes = stem.strip_prefix(PHENOTYPES);
    let pair = phenotypes.or_else(|| stem.strip_prefix(HISTOGRAMS))?;
    let file = |name: &str| files.get(&format!("{name}.nrrd"));
    // Either name may hold an underscore itself: the files that are there decide.
    let (image, labels) = pair
        .match_indices('_')
        .find_map(|(at, _)| Some((file(&pair[..at])?, file(&pair[at + 1..])?)))?;
    Some((image, labels, phenotypes.is_some()))
}

/// Every file under a folder by its last name, the first of several in the order of their paths.
pub fn files(root: &Path) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| {
            Failure::new(
                format!("`{}` cannot be read: {error}", folder.display()),
                "give the folder that holds the data with --data",
            )
        })?;
        let mut paths: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let is_link = path.is_symlink();
            if path.is_dir() && !is_link {
                folders.push(path);
            } else if let Some(name) = path.file_name() {
                found.entry(name.to_string_lossy().into_owned()).or_insert(path);
            }
        }
    }
    Ok(found)
}

fn as_text(result: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![format!("{}: {}", word(&result["name"]), word(&result["status"]))];
    for table in result["tables"].as_array().into_iter().flatten() {
        let (matched, compared) = (&table["matched"], &table["compared"]);
        lines.push(format!("  {}: {matched} of {compared} values equal", word(&table["table"])));
        for deviation in table["deviations"].as_array().into_iter().flatten() {
            let why = deviation["explanation"].as_str().unwrap_or("not explained");
            let [name, found, wanted] =
                ["name", "found", "wanted"].map(|key| word(&deviation[key]));
            lines.push(format!("    {name}: {found} for {wanted} ({why})"));
        }
    }
    lines.join("\n")
}
