//! What the commands leave behind.

use std::fs;
use std::path::Path;

use crate::support::{hilum, phantom, text};
use serde_json::Value;

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn density(out: &Path, more: &[&str]) -> Value {
    let ct = phantom().join("dicom");
    let mut arguments = vec!["density", text(&ct), "-o", text(out)];
    arguments.extend(more);
    let run = hilum(&arguments);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    json(&out.join("report.json"))
}

fn value(report: &Value, region: &str, key: &str) -> f64 {
    let rows = report["measurements"].as_array().unwrap();
    let row = rows.iter().find(|row| row["region"] == region && row["key"] == key);
    row.unwrap_or_else(|| panic!("no {key} of {region}"))["value"].as_f64().unwrap()
}

#[test]
fn a_report_agrees_with_the_truth_of_the_phantom() {
    let folder = tempfile::tempdir().unwrap();
    let report = density(&folder.path().join("out"), &[]);
    let truth = json(&phantom().join("truth.json"));
    let volume = truth["right_lung_ml"].as_f64().unwrap() + truth["left_lung_ml"].as_f64().unwrap();
    let measured = value(&report, "both_lungs", "volume_ml");
    // Voxels of 5 × 2.5 × 2.5 mm: three times as coarse as a chest CT.
    assert!((measured / volume - 1.0).abs() < 0.03, "{measured} mL, true {volume} mL");
    let laa = value(&report, "both_lungs", "laa_950");
    assert!((laa - truth["laa_950_percent"].as_f64().unwrap()).abs() < 0.5, "{laa} %");
}

#[test]
fn two_runs_differ_in_their_times_alone_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, threads: &str| {
        let mut report = density(&folder.path().join(name), &["--threads", threads]);
        let object = report.as_object_mut().unwrap();
        assert!(object.remove("timing").is_some() && object.remove("created").is_some());
        report
    };
    let once = run("one", "1");
    assert_eq!(once, run("two", "2"));
    assert_eq!(once, run("seven", "7"));
    for name in ["lungs.nii.gz", "lungs_anatomical.nii.gz"] {
        let bytes = |run: &str| fs::read(folder.path().join(run).join(name)).unwrap();
        assert_eq!(bytes("one"), bytes("seven"), "{name}");
    }
}

#[test]
fn every_region_of_the_contract_has_every_key_of_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let report = density(&folder.path().join("out"), &[]);
    let mut regions = vec!["both_lungs".to_owned(), "right_lung".into(), "left_lung".into()];
    for side in ["both", "right", "left"] {
        for zone in ["upper_third", "middle_third", "lower_third", "rind", "core"] {
            regions.push(format!("{side}_{zone}"));
        }
    }
    let keys = "volume_ml mass_g mean_hu sd_hu median_hu skewness kurtosis laa_950 laa_925 laa_910 \
                laa_856 haa_700 haa_600_250 perc10_hu perc15_hu pd15_g_l";
    for region in &regions {
        for key in keys.split_whitespace() {
            assert!(value(&report, region, key).is_finite());
        }
    }
}

#[test]
fn parts_add_up_to_wholes() {
    let folder = tempfile::tempdir().unwrap();
    let report = density(&folder.path().join("out"), &[]);
    let volume = |region: &str| value(&report, region, "volume_ml");
    let close = |sum: f64, whole: f64| (sum - whole).abs() < 1e-4 * whole;
    assert!(close(volume("right_lung") + volume("left_lung"), volume("both_lungs")));
    assert!(close(volume("left_rind") + volume("left_core"), volume("left_lung")));
    let thirds = ["upper", "middle", "lower"].map(|third| volume(&format!("both_{third}_third")));
    assert!(close(thirds.iter().sum(), volume("both_lungs")));
    for third in thirds {
        assert!((third / volume("both_lungs") - 1.0 / 3.0).abs() < 0.02, "cut by volume");
    }
}

#[test]
fn a_given_mask_is_measured_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mask = phantom().join("lungs.nii.gz");
    let report = density(&folder.path().join("out"), &["--lungs", text(&mask)]);
    let truth = json(&phantom().join("truth.json"));
    let laa = value(&report, "both_lungs", "laa_950");
    assert!((laa - truth["laa_950_percent"].as_f64().unwrap()).abs() < 1e-3, "{laa} %");
}

#[test]
fn options_change_what_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let strict = density(&folder.path().join("strict"), &[]);
    let inclusive = density(&folder.path().join("inclusive"), &["--inclusive"]);
    let laa = |report: &Value| value(report, "both_lungs", "laa_950");
    assert!(laa(&inclusive) > laa(&strict));
    let schneider = density(&folder.path().join("schneider"), &["--mass", "schneider"]);
    let mass = |report: &Value| value(report, "both_lungs", "mass_g");
    assert!(mass(&schneider) > mass(&strict));
    let adjusted = density(&folder.path().join("adjusted"), &["--reference-volume", "6000"]);
    assert!(value(&adjusted, "both_lungs", "pd15_adjusted_g_l") > 0.0);
}

#[test]
fn json_stands_alone_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let ct = phantom().join("dicom");
    let out = folder.path().join("out");
    let run = hilum(&["density", text(&ct), "-o", text(&out), "--json"]);
    let printed: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(printed, json(&out.join("report.json")));
    let inspected = hilum(&["inspect", text(&ct), "--json"]);
    let listed: Value = serde_json::from_slice(&inspected.stdout).unwrap();
    assert_eq!(listed["series"][0]["analyses"]["density"]["possible"], true);
}

#[test]
fn nothing_of_the_patient_is_left_after_deidentification() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let named = density(&folder.path().join("named"), &[]);
    let report = density(&out, &["--deidentify"]);
    assert_eq!(report["study"], serde_json::json!({}));
    let mut words = vec![named["series"][0]["uid"].as_str().unwrap().to_owned()];
    for key in ["patient_name", "patient_id", "uid", "accession"] {
        words.extend(named["study"][key].as_str().map(str::to_owned));
    }
    assert!(words.len() >= 4, "the phantom has a name to lose: {words:?}");
    for name in ["report.json", "report.html"] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        for word in &words {
            assert!(!text.contains(word.as_str()), "{name} holds {word}");
        }
    }
}

#[test]
fn a_volume_goes_through_every_format_without_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let mut source = phantom().join("dicom");
    for name in ["a.nii.gz", "b.mha", "c.nrrd", "d.nii", "e.nii.gz"] {
        let target = folder.path().join(name);
        let run = hilum(&["convert", text(&source), "-o", text(&target)]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        source = target;
    }
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(bytes("a.nii.gz") == bytes("e.nii.gz"), "the last file differs from the first");
}

#[test]
fn a_benchmark_without_data_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = hilum(&["bench", "cip-baseline", "--data", text(folder.path()), "--json"]);
    let printed: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(printed["status"], "not run");
}

#[test]
fn the_published_baselines_are_reproduced() {
    let Some(data) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA names no folder");
        return;
    };
    let root = Path::new(&data).join("cip_testing");
    let run = hilum(&["bench", "cip-baseline", "--data", text(&root), "--json"]);
    let printed: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(printed["status"], "run");
    let number = |key: &str| printed[key].as_u64().unwrap();
    assert!(number("compared") >= 340);
    // What is not equal is memory that the platform's tool never set, for regions without a voxel.
    assert_eq!(number("matched") + number("explained"), number("compared"));
    assert_eq!(number("explained"), 20);
}

#[test]
fn a_sick_phantom_comes_with_its_patterns() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("op");
    let name = "op-heldout-1";
    let ild = ["phantom", "-o", text(&out), "--kind", "ild", "--patient"];
    let unknown = hilum(&[&ild[..], &["nobody"]].concat());
    assert!(!unknown.status.success() && !out.exists());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no patient is called `nobody`"));
    let made = hilum(&[&ild[..], &[name, "--spacing", "9,5,5"]].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let labels = hilum_files::read_labels::<u8>(&out.join("truth/ild.nii.gz")).unwrap();
    let count = |wanted: &dyn Fn(u8) -> bool| {
        labels.as_slice().iter().filter(|label| wanted(**label)).count() as f64
    };
    let counted = 100.0 * count(&|label| label == 5) / count(&|label| label != 0);
    let truth = json(&out.join("truth.json"));
    let told = truth["extent_percent"]["lungs"]["consolidation"].as_f64().unwrap();
    assert!((told - counted).abs() < 1e-9 && told > 4.0, "{told} %, counted {counted} %");
    assert!(out.join("truth/emphysema.nii.gz").exists());
}
