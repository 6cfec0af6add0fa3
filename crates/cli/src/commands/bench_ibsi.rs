//! `hilum bench ibsi`: features against the values published by the Image Biomarker Standardisation
//! Initiative.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hilum_texture::{
    Configuration, Consensus, Options, Reference, Roi, diagnostics, features, parse_references,
};
use serde_json::{Value, json};

use crate::failure::Failure;

/// Folders of the data set that hold an image, as the initiative publishes it.
const DIGITAL: &str = "ibsi_1_digital_phantom";
const CT: &str = "ibsi_1_ct_radiomics_phantom";

/// Compares every table of reference values under a folder whose phantom lies there too.
pub fn ibsi(root: &Path) -> Result<Value, Failure> {
    let mut tables = Vec::new();
    for (name, rows) in references(root)? {
        let Some(options) = options(&rows[0].data_set) else { continue };
        let folder = if options.1 { DIGITAL } else { CT };
        let Some(roi) = phantom(root, folder)? else { continue };
        tables.push(compare(&name, &rows, &values(&roi, &options.0)?));
    }
    let sum = |key: &str| tables.iter().filter_map(|table| table[key].as_u64()).sum::<u64>();
    let status = if tables.is_empty() { "not run" } else { "run" };
    Ok(json!({
        "name": "ibsi",
        "status": status,
        "compared": sum("compared"),
        "matched": sum("matched"),
        "compared_strong": sum("compared_strong"),
        "matched_strong": sum("matched_strong"),
        "tables": tables,
    }))
}

/// Every table of reference values, by name.
fn references(root: &Path) -> Result<BTreeMap<String, Vec<Reference>>, Failure> {
    let mut found = BTreeMap::new();
    for path in files(root)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".csv") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| {
            Failure::new(format!("`{name}` cannot be read: {error}"), "check that it is text")
        })?;
        // Other tables may lie there.
        if text.lines().next().is_some_and(|header| header.contains("reference value")) {
            let rows = parse_references(&text)?;
            if !rows.is_empty() {
                found.entry(name).or_insert(rows);
            }
        }
    }
    Ok(found)
}

/// What a table asks for, and whether of the digital phantom; `None` if it is not known.
fn options(data_set: &str) -> Option<(Options, bool)> {
    if data_set == "digital phantom" {
        return Some((Options::default(), true));
    }
    let letter = data_set.strip_prefix("configuration ")?;
    let known = Configuration::ALL.into_iter().find(|one| format!("{one:?}") == letter)?;
    Some((Options::of(known), false))
}

/// Image and mask of a phantom, as NIfTI and rounded to whole numbers, as the standard asks for.
fn phantom(root: &Path, folder: &str) -> Result<Option<Roi>, Failure> {
    let files = files(root)?;
    let file = |end: &str| files.iter().find(|path| path.ends_with(Path::new(folder).join(end)));
    let (Some(image), Some(mask)) =
        (file("nifti/image/phantom.nii.gz"), file("nifti/mask/mask.nii.gz"))
    else {
        return Ok(None);
    };
    let image = hilum_files::read_float(image)?.map(|value| value.round());
    let mask = hilum_files::read_float(mask)?.map(|value| value.round() != 0.0);
    Ok(Some(Roi::new(image, mask)?))
}

/// Every value that a table may ask for, by tag.
fn values(roi: &Roi, options: &Options) -> Result<BTreeMap<String, f64>, Failure> {
    let mut found: BTreeMap<String, f64> =
        diagnostics(roi, &options.processing)?.into_iter().collect();
    for feature in features(roi, options)? {
        if let Some(value) = feature.value {
            found.insert(feature.tag(), value);
        }
    }
    Ok(found)
}

fn compare(name: &str, rows: &[Reference], found: &BTreeMap<String, f64>) -> Value {
    let mut counts = [0_u64; 4];
    let mut deviations = Vec::new();
    for row in rows {
        let value = found.get(&row.tag).copied();
        let matches = value.is_some_and(|value| row.is_matched_by(value));
        let strong = row.consensus >= Consensus::Strong;
        for (count, counts_here) in
            counts.iter_mut().zip([true, matches, strong, strong && matches])
        {
            *count += u64::from(counts_here);
        }
        if !matches {
            deviations.push(json!({
                "tag": row.tag,
                "name": row.name,
                "found": value,
                "wanted": row.value,
                "tolerance": row.tolerance,
                "consensus": row.consensus.name(),
            }));
        }
    }
    let [compared, matched, compared_strong, matched_strong] = counts;
    json!({
        "table": name,
        "data_set": rows[0].data_set,
        "compared": compared,
        "matched": matched,
        "compared_strong": compared_strong,
        "matched_strong": matched_strong,
        "deviations": deviations,
    })
}

/// Every file under a folder, in the order of their paths.
fn files(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| {
            Failure::new(
                format!("`{}` cannot be read: {error}", folder.display()),
                "give the folder that holds the data with --data",
            )
        })?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if !path.is_dir() {
                found.push(path);
            } else if !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The table for people.
pub fn as_text(result: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![format!("ibsi: {}", word(&result["status"]))];
    for table in result["tables"].as_array().into_iter().flatten() {
        lines.push(format!(
            "  {}: {} of {} values match; of strong or better consensus {} of {}",
            word(&table["data_set"]),
            table["matched"],
            table["compared"],
            table["matched_strong"],
            table["compared_strong"]
        ));
        for row in table["deviations"].as_array().into_iter().flatten() {
            lines.push(format!(
                "    {}: {} for {} ± {} ({} consensus)",
                word(&row["tag"]),
                row["found"].as_f64().map_or("absent".to_owned(), |found| found.to_string()),
                row["wanted"],
                row["tolerance"],
                word(&row["consensus"])
            ));
        }
    }
    lines.join("\n")
}
