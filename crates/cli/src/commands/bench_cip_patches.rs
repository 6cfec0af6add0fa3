//! `hilum bench cip-patches`: patches of normal and emphysematous lung, told by the shipped model.

use std::fs;
use std::path::{Path, PathBuf};

use hilum_ild::emphysema::{
    Model, Patches, Score, classify, cross_validate, cross_validate_neighbours,
};
use serde_json::{Value, json};

use crate::failure::Failure;

const PIXELS: &str = "patches_i16le.bin";
const TABLE: &str = "labels.csv";
/// Blocks of neighbouring patches that are left out one after the other.
const BLOCKS: usize = 10;

/// Scores the first folder under `root` that holds patches and their labels.
pub fn cip_patches(root: &Path, crossed: bool) -> Result<Value, Failure> {
    let Some(folder) = folder(root)? else {
        return Ok(json!({ "name": "cip-patches", "status": "not run" }));
    };
    let pixels = fs::read(folder.join(PIXELS)).map_err(|error| unreadable(PIXELS, &error))?;
    let table =
        fs::read_to_string(folder.join(TABLE)).map_err(|error| unreadable(TABLE, &error))?;
    let patches = Patches::parse(&pixels, &table)?;
    let model = Model::shipped();
    if patches.classes() != model.classes() {
        return Err(Failure::new(
            format!(
                "found classes {}, wanted {}",
                patches.classes().join(" "),
                model.classes().join(" ")
            ),
            "the shipped model tells these classes alone",
        ));
    }
    let mut result = json!({ "name": "cip-patches", "status": "run" });
    join(&mut result, figures(&classify(&model, &patches), &patches));
    result["classes"] = json!(patches.classes());
    result["resubstitution"] = json!(model.trained_on() == patches.checksum());
    if crossed {
        result["cross_validation"] = json!({
            "blocks": BLOCKS,
            "model": figures(&cross_validate(&patches, BLOCKS), &patches),
            "halves": figures(&cross_validate(&patches, 2), &patches),
            "nearest_neighbours": figures(&cross_validate_neighbours(&patches, BLOCKS), &patches),
        });
    }
    Ok(result)
}

/// Figures with the classes in the order of the shipped model: normal, two others, three grades.
fn figures(answers: &[Vec<f32>], patches: &Patches) -> Value {
    let score = Score::new(answers, patches.labels(), patches.classes().len());
    json!({
        "compared": score.compared(),
        "matched": score.matched(),
        "accuracy": score.accuracy(),
        "balanced_accuracy": score.balanced_accuracy(),
        "balanced_accuracy_4class": score.balanced(|class| class.min(3)),
        "normal_vs_emphysema": score.balanced(|class| class.min(1)),
        "calibration_error": score.calibration_error,
        "confusion": score.confusion,
    })
}

fn join(result: &mut Value, more: Value) {
    if let (Value::Object(result), Value::Object(more)) = (result, more) {
        result.extend(more);
    }
}

/// The first folder, in the order of paths, that holds both files.
fn folder(root: &Path) -> Result<Option<PathBuf>, Failure> {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        if folder.join(PIXELS).is_file() && folder.join(TABLE).is_file() {
            return Ok(Some(folder));
        }
        let entries = fs::read_dir(&folder).map_err(|error| {
            Failure::new(
                format!("`{}` cannot be read: {error}", folder.display()),
                "give the folder that holds the data with --data",
            )
        })?;
        let mut inside: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_dir() && !path.is_symlink())
            .collect();
        inside.sort();
        folders.extend(inside.into_iter().rev());
    }
    Ok(None)
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("`{name}` cannot be read: {error}"),
        "check that it is of the form told of",
    )
}

/// The figures for people.
pub fn as_text(result: &Value) -> String {
    let mut lines = vec![format!("cip-patches: {}", result["status"].as_str().unwrap_or_default())];
    if result["status"] != "run" {
        return lines.remove(0);
    }
    lines.push(line("shipped model", result));
    if result["resubstitution"] == true {
        lines.push(
            "  these are the patches it was trained on: the line above tells nothing about others"
                .into(),
        );
    }
    let crossed = &result["cross_validation"];
    if crossed.is_object() {
        lines.push(line("left out in 10 blocks", &crossed["model"]));
        lines.push(line("left out in 2 halves", &crossed["halves"]));
        lines.push(line("nearest neighbours", &crossed["nearest_neighbours"]));
    }
    lines.join("\n")
}

fn line(name: &str, figures: &Value) -> String {
    let number = |key: &str| figures[key].as_f64().unwrap_or(f64::NAN);
    format!(
        "  {name:<22} accuracy {:.3}, balanced {:.3}, 4 classes {:.3}, normal or not {:.3}, calibration error {:.3}",
        number("accuracy"),
        number("balanced_accuracy"),
        number("balanced_accuracy_4class"),
        number("normal_vs_emphysema"),
        number("calibration_error")
    )
}
