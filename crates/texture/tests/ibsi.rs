//! Features against the published reference values, where `HILUM_DATA` has them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hilum_texture::{
    Configuration, Consensus, Options, Roi, diagnostics, features, parse_references,
};

fn compare(folder: &str, table: &str, options: &Options) {
    let Some(root) = std::env::var_os("HILUM_DATA").map(|root| PathBuf::from(root).join("ibsi"))
    else {
        println!("skipped: HILUM_DATA is not set");
        return;
    };
    let read = |end: &str| hilum_files::read_float(root.join(folder).join(end)).expect("a volume");
    let image = read("nifti/image/phantom.nii.gz").map(|value| value.round());
    let mask = read("nifti/mask/mask.nii.gz").map(|value| value.round() != 0.0);
    let roi = Roi::new(image, mask).expect("one grid");
    let table = root.join(format!("ibsi_1_reference_values_{table}.csv"));
    let rows = parse_references(&std::fs::read_to_string(table).expect("a table")).expect("rows");
    let mut found: BTreeMap<String, f64> =
        diagnostics(&roi, &options.processing).expect("a sound setting").into_iter().collect();
    let taken = features(&roi, options).expect("a sound setting");
    found.extend(taken.iter().filter_map(|f| f.value.map(|value| (f.tag(), value))));
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| !found.get(&row.tag).is_some_and(|value| row.is_matched_by(*value)))
        .map(|row| {
            format!(
                "{} {:?} for {} ± {} {:?}",
                row.tag,
                found.get(&row.tag),
                row.value,
                row.tolerance,
                row.consensus
            )
        })
        .collect();
    assert!(rows.len() > 200, "{} rows", rows.len());
    assert!(rows.iter().any(|row| row.consensus == Consensus::VeryStrong));
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn the_digital_phantom_has_every_reference_value() {
    compare("ibsi_1_digital_phantom", "digital_phantom", &Options::default());
}

#[test]
fn the_ct_phantom_has_every_reference_value_of_configuration_a() {
    compare("ibsi_1_ct_radiomics_phantom", "config_A", &Options::of(Configuration::A));
}

#[test]
fn the_ct_phantom_has_every_reference_value_of_configuration_b() {
    compare("ibsi_1_ct_radiomics_phantom", "config_B", &Options::of(Configuration::B));
}

#[test]
fn the_ct_phantom_has_every_reference_value_of_configuration_c() {
    compare("ibsi_1_ct_radiomics_phantom", "config_C", &Options::of(Configuration::C));
}
