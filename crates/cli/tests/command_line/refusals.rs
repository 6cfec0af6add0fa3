//! Whatever is wrong with the input: one clear line, a hint, status 1, nothing half-written.

use std::fs;
use std::path::Path;

use crate::support::{assert_empty, assert_refused, hilum, phantom, slices, text};

/// Runs `hilum density` into a folder of its own and asserts the refusal.
fn refused(ct: &Path, more: &[&str], wanted: &str) {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    let mut arguments = vec!["density", text(ct), "-o", text(&out)];
    arguments.extend(more);
    assert_refused(&hilum(&arguments), wanted);
    assert_empty(parent.path());
}

#[test]
fn an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    refused(folder.path(), &[], "no files");
}

#[test]
fn a_path_that_is_not_there() {
    refused(Path::new("no-such-folder"), &[], "no-such-folder");
}

#[test]
fn a_folder_without_any_image() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "nothing to see").unwrap();
    refused(folder.path(), &[], "no DICOM image");
}

#[test]
fn a_single_slice() {
    let folder = tempfile::tempdir().unwrap();
    let slices = slices(folder.path());
    for slice in &slices[1..] {
        fs::remove_file(slice).unwrap();
    }
    refused(folder.path(), &[], "single");
}

#[test]
fn a_stack_with_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let slices = slices(folder.path());
    fs::remove_file(&slices[slices.len() / 2]).unwrap();
    refused(folder.path(), &[], "missing");
}

#[test]
fn a_truncated_file_among_good_ones() {
    let folder = tempfile::tempdir().unwrap();
    let slices = slices(folder.path());
    let whole = fs::read(&slices[7]).unwrap();
    fs::write(&slices[7], &whole[..whole.len() / 2]).unwrap();
    refused(folder.path(), &[], "bytes");
}

#[test]
fn two_series_in_one_folder_until_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    slices(&folder.path().join("first"));
    let second = folder.path().join("second");
    let other = ["phantom", "-o", text(&second), "--spacing", "5,2.5,2.5", "--seed", "2"];
    assert!(hilum(&other).status.success());
    refused(folder.path(), &[], "2");
    let out = folder.path().join("out");
    let chosen = hilum(&["density", text(folder.path()), "-o", text(&out), "--series", "2"]);
    assert!(chosen.status.success(), "{}", String::from_utf8_lossy(&chosen.stderr));
}

#[test]
fn a_mask_on_another_grid() {
    let ct = phantom().join("dicom");
    let folder = tempfile::tempdir().unwrap();
    let coarse = folder.path().join("coarse");
    assert!(hilum(&["phantom", "-o", text(&coarse), "--spacing", "9,5,5"]).status.success());
    refused(&ct, &["--lungs", text(&coarse.join("lungs.nii.gz"))], "another grid");
}

#[test]
fn a_volume_that_shows_no_lungs() {
    let folder = tempfile::tempdir().unwrap();
    let water = folder.path().join("water.mha");
    let header = "ObjectType = Image\nNDims = 3\nDimSize = 32 32 32\nElementSpacing = 4 4 4\n\
                  ElementType = MET_SHORT\nElementDataFile = LOCAL\n";
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(std::iter::repeat_n(0, 2 * 32 * 32 * 32));
    fs::write(&water, bytes).unwrap();
    refused(&water, &[], "no lungs");
}

#[test]
fn an_output_that_exists_is_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("thesis.txt"), "years of work").unwrap();
    let ct = phantom().join("dicom");
    for force in [&[][..], &["--force"]] {
        let mut arguments = vec!["density", text(&ct), "-o", text(parent.path())];
        arguments.extend(force);
        assert_refused(
            &hilum(&arguments),
            if force.is_empty() { "exists" } else { "other things" },
        );
    }
    assert_eq!(fs::read_to_string(parent.path().join("thesis.txt")).unwrap(), "years of work");
}

#[test]
fn an_output_below_a_file() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    let ct = phantom().join("dicom");
    let run = hilum(&["density", text(&ct), "-o", text(&file.join("out"))]);
    assert_refused(&run, "cannot be written");
}

#[test]
fn wrong_usage_has_a_status_of_its_own() {
    assert_eq!(hilum(&["density"]).status.code(), Some(2));
    assert_eq!(hilum(&["divination"]).status.code(), Some(2));
}

#[test]
fn a_header_without_voxels_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let ct = phantom().join("dicom");
    let run = hilum(&["convert", text(&ct), "-o", text(&folder.path().join("ct.mhd"))]);
    assert_refused(&run, "one file");
    assert_empty(folder.path());
}

#[test]
fn a_head_has_no_lungs() {
    let Some(data) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA names no folder");
        return;
    };
    let head = Path::new(&data).join("ge_head_gantry_tilt_variable_spacing");
    let parent = tempfile::tempdir().unwrap();
    let run = hilum(&["density", text(&head), "-o", text(&parent.path().join("out"))]);
    assert_eq!(run.status.code(), Some(1));
    assert_empty(parent.path());
}
