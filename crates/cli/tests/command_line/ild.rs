//! `hilum ild`: what it leaves behind, and what it refuses.

use std::fs;
use std::path::Path;

use crate::support::{assert_empty, assert_refused, hilum, phantom, slices, text};
use serde_json::Value;

fn report(out: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap()
}

fn run(out: &Path, more: &[&str]) -> Value {
    let ct = phantom().join("dicom");
    let mut arguments = vec!["ild", text(&ct), "-o", text(out)];
    arguments.extend(more);
    let run = hilum(&arguments);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    report(out)
}

#[test]
fn every_file_of_the_contract_is_there_and_a_second_run_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let before = run(&first, &[]);
    for name in ["lungs", "lungs_anatomical", "lobes", "airways", "vessels", "ild", "emphysema"] {
        assert!(first.join(format!("{name}.nii.gz")).is_file(), "{name}");
    }
    // Slices of 5 mm bear no category, and the report says so.
    assert_eq!(before["classification"]["status"], "withheld");
    let codes = before["classification"]["abstentions"].as_array().unwrap();
    assert!(codes.iter().any(|row| row["code"] == "thick_slices"), "{codes:?}");
    assert!(before["classification"].get("category").is_none());

    let after = run(&second, &["--prior", text(&first)]);
    let change = &after["classification"]["change"];
    assert_eq!(change["progression"], false);
    let rows = change["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["verdict"] == "within_noise"));
}

#[test]
fn extents_of_a_region_add_up_and_lie_in_their_intervals() {
    let folder = tempfile::tempdir().unwrap();
    let report =
        run(&folder.path().join("out"), &["--lungs", text(&phantom().join("lungs.nii.gz"))]);
    let rows = report["measurements"].as_array().unwrap();
    let extent = |class: &str| {
        let key = format!("extent_{class}_percent");
        let row = rows.iter().find(|row| row["key"] == key && row["region"] == "both_lungs");
        let row = row.unwrap_or_else(|| panic!("no {key}"));
        let value = row["value"].as_f64().unwrap();
        let bounds = row["interval"].as_array().unwrap();
        assert!(bounds[0].as_f64().unwrap() <= value && value <= bounds[1].as_f64().unwrap());
        value
    };
    let classes =
        ["normal", "ground_glass", "reticular", "honeycombing", "consolidation", "emphysema"];
    let sum: f64 = classes.into_iter().map(extent).sum();
    assert!((sum - 100.0).abs() < 0.01, "{sum} %");
    assert!((extent("fibrosis") - extent("reticular") - extent("honeycombing")).abs() < 0.01);
}

#[test]
fn a_single_slice_an_earlier_run_of_density_and_a_broken_model_are_refused() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    let beside = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], wanted: &str| {
        let mut all = vec!["ild"];
        all.extend(arguments);
        all.extend(["-o", text(&out)]);
        assert_refused(&hilum(&all), wanted);
        assert_empty(parent.path());
    };
    let folder = beside.path().join("one");
    for slice in &slices(&folder)[1..] {
        fs::remove_file(slice).unwrap();
    }
    refused(&[text(&folder)], "single");
    let ct = phantom().join("dicom");
    fs::write(
        beside.path().join("report.json"),
        "{\"schema\": \"hilum.report/1\", \"analysis\": {\"key\": \"density\"}}",
    )
    .unwrap();
    refused(&[text(&ct), "--prior", text(beside.path())], "`density`");
    let model = beside.path().join("model.bin");
    fs::write(&model, [0_u8; 64]).unwrap();
    refused(&[text(&ct), "--model", text(&model)], "model");
    refused(&[text(&ct), "--fvc", "nan"], "vital capacity");
}

#[test]
fn one_slice_is_looked_at_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let all = slices(&folder.path().join("all"));
    let (middle, lowest) = (&all[all.len() / 2], &all[0]);
    let out = folder.path().join("out");
    let run = hilum(&["ild", text(middle), "--single-slice", "-o", text(&out)]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let report = report(&out);
    let rows = report["measurements"].as_array().unwrap();
    let healthy = rows
        .iter()
        .find(|row| row["key"] == "extent_normal_percent" && row["region"] == "both_lungs")
        .unwrap();
    assert!(healthy["value"].as_f64().unwrap() > 90.0, "{healthy}");
    assert!(rows.iter().all(|row| row["key"] != "extent_reticular_percent"), "told of one slice");
    assert_eq!(report["classification"]["status"], "not applicable");
    let codes = report["quality"].as_array().unwrap();
    assert!(codes.iter().any(|row| row["code"] == "single_slice"), "{codes:?}");

    // Through the domes of the diaphragm, which lie where airless lung would.
    let out = folder.path().join("low");
    let run = hilum(&["ild", text(&all[3 * all.len() / 10]), "--single-slice", "-o", text(&out)]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let report = self::report(&out);
    let rows = report["measurements"].as_array().unwrap();
    let dense = |row: &&Value| {
        row["key"] == "extent_consolidation_percent" && row["region"] == "both_lungs"
    };
    assert!(rows.iter().find(dense).unwrap()["value"].as_f64().unwrap() < 1.0);

    let nowhere = folder.path().join("nowhere");
    let run = hilum(&["ild", text(lowest), "--single-slice", "-o", text(&nowhere)]);
    assert_refused(&run, "wanted");
    assert!(!nowhere.exists());
}
