//! Networks that a user brings.

#[cfg(not(feature = "onnx"))]
#[test]
fn a_build_without_networks_says_how_to_get_one_with_them() {
    use crate::support::{assert_empty, assert_refused, hilum, phantom, text};

    let folder = tempfile::tempdir().unwrap();
    let ct = phantom().join("dicom");
    let out = folder.path().join("out");
    for option in ["--lungs-network", "--lobes-network"] {
        let run = hilum(&["density", text(&ct), "-o", text(&out), option, "net.onnx"]);
        assert_refused(&run, "runs no networks");
        assert!(String::from_utf8_lossy(&run.stderr).contains("--features onnx"));
        assert_empty(folder.path());
    }
}

#[cfg(feature = "onnx")]
mod with_a_runtime {
    use std::fs;
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};
    use tempfile::TempDir;

    use crate::onnx::{Graph, free, nearest_level};
    use crate::support::{assert_refused, hilum, text};

    /// Voxels along columns, rows and slices, in 4 × 5 × 7 mm.
    const SHAPE: [usize; 3] = [61, 51, 41];

    /// Lobes as boxes: name, CT number, columns, slices. Rows are 8 to 42 in all.
    type Lobe = (&'static str, i16, [usize; 2], [usize; 2]);
    const LOBES: [Lobe; 5] = [
        ("right_upper_lobe", -900, [34, 56], [22, 37]),
        ("right_middle_lobe", -860, [34, 56], [15, 22]),
        ("right_lower_lobe", -820, [34, 56], [4, 15]),
        ("left_upper_lobe", -780, [5, 27], [18, 37]),
        ("left_lower_lobe", -740, [5, 27], [4, 18]),
    ];

    fn millilitres(columns: [usize; 2], slices: [usize; 2]) -> f64 {
        let long = |[from, to]: [usize; 2]| (to - from) as f64;
        long(columns) * 34.0 * long(slices) * 0.14
    }

    /// Water with five boxes of lung in it. Columns run to the patient's right, rows to the front.
    fn image(folder: &Path) -> PathBuf {
        let mut bytes = b"ObjectType = Image\nNDims = 3\nDimSize = 61 51 41\n\
            TransformMatrix = -1 0 0 0 -1 0 0 0 1\nOffset = 120 130 -140\n\
            ElementSpacing = 4 5 7\nElementType = MET_SHORT\nElementDataFile = LOCAL\n"
            .to_vec();
        let within = |n: usize, [from, to]: [usize; 2]| (from..to).contains(&n);
        for k in 0..SHAPE[2] {
            for j in 0..SHAPE[1] {
                for i in 0..SHAPE[0] {
                    let lobe = LOBES.iter().find(|(_, _, columns, slices)| {
                        within(i, *columns) && within(j, [8, 42]) && within(k, *slices)
                    });
                    bytes.extend(lobe.map_or(0, |(_, hu, ..)| *hu).to_le_bytes());
                }
            }
        }
        let path = folder.join("ct.mha");
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A network that tells the lobes by their CT numbers, and its description.
    fn network(folder: &Path, name: &str, patch: [usize; 3], label: impl Fn(&str) -> Value) {
        let levels: Vec<f32> = std::iter::once(0.0)
            .chain(LOBES.iter().map(|(_, hu, ..)| f32::from(*hu) / 1000.0))
            .collect();
        let dimensions = if patch[0] == 1 { 2 } else { 3 };
        fs::write(folder.join(format!("{name}.onnx")), nearest_level(dimensions, &levels)).unwrap();
        let labels: serde_json::Map<String, Value> = (1..)
            .zip(LOBES)
            .map(|(channel, (lobe, ..))| (format!("{channel}"), label(lobe)))
            .collect();
        let description = json!({
            "schema": "hilum.network/1", "name": format!("boxes, {name}"), "produces": name,
            "patch": patch, "overlap": 0.25, "clip": [-1000, 0], "subtract": 0, "divide": 1000,
            "labels": labels
        });
        fs::write(folder.join(format!("{name}.json")), description.to_string()).unwrap();
    }

    /// The image, `lungs.onnx` in two dimensions and `lobes.onnx` in three.
    fn brought() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let ct = image(folder.path());
        network(folder.path(), "lungs", [1, 24, 32], |lobe| {
            if lobe.starts_with("right") { "right_lung".into() } else { "left_lung".into() }
        });
        network(folder.path(), "lobes", [9, 20, 17], |lobe| lobe.into());
        (folder, ct)
    }

    fn value(report: &Value, region: &str, key: &str) -> f64 {
        let rows = report["measurements"].as_array().unwrap();
        let row = rows.iter().find(|row| row["region"] == region && row["key"] == key);
        row.unwrap_or_else(|| panic!("no {key} of {region}"))["value"].as_f64().unwrap()
    }

    #[test]
    fn lungs_and_lobes_are_measured_where_networks_saw_them() {
        let (folder, ct) = brought();
        let out = folder.path().join("out");
        let [lungs, lobes] = ["lungs.onnx", "lobes.onnx"].map(|name| folder.path().join(name));
        let run = hilum(&[
            "density",
            text(&ct),
            "-o",
            text(&out),
            "--lungs-network",
            text(&lungs),
            "--lobes-network",
            text(&lobes),
        ]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let report: Value =
            serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
        for (lobe, hu, columns, slices) in LOBES {
            let wanted = millilitres(columns, slices);
            let found = value(&report, lobe, "volume_ml");
            assert!((found / wanted - 1.0).abs() < 1e-9, "{lobe}: {found} mL, wanted {wanted}");
            assert_eq!(value(&report, lobe, "mean_hu"), f64::from(hu), "{lobe}");
        }
        let right = millilitres([34, 56], [4, 37]);
        assert!((value(&report, "right_lung", "volume_ml") / right - 1.0).abs() < 1e-9);
        let sources: Vec<&str> = report["series"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|series| series["source"].as_str())
            .collect();
        for name in ["network \"boxes, lungs\"", "network \"boxes, lobes\""] {
            assert!(sources.contains(&name), "{sources:?}");
        }
    }

    #[test]
    fn a_network_that_cannot_be_used_is_refused() {
        let (folder, ct) = brought();
        let refused = |option: &str, network: &str, wanted: &str| {
            let out = folder.path().join("out");
            let network = folder.path().join(network);
            let run = hilum(&["density", text(&ct), "-o", text(&out), option, text(&network)]);
            assert_refused(&run, wanted);
            assert_eq!(
                String::from_utf8_lossy(&run.stderr).lines().count(),
                2,
                "one line and a hint"
            );
            assert!(!out.exists());
        };
        refused("--lobes-network", "lungs.onnx", "outlines lungs, wanted lobes");
        refused("--lungs-network", "none.onnx", "none.onnx");
        let whole = fs::read(folder.path().join("lungs.onnx")).unwrap();
        fs::write(folder.path().join("lonely.onnx"), &whole).unwrap();
        refused("--lungs-network", "lonely.onnx", "lonely.json");
        let described = fs::read_to_string(folder.path().join("lungs.json")).unwrap();
        fs::write(folder.path().join("short.onnx"), &whole[..whole.len() - 9]).unwrap();
        fs::write(folder.path().join("short.json"), &described).unwrap();
        refused("--lungs-network", "short.onnx", "the network cannot be run");
        // The runtime panics on an output that no node makes; that is not shown.
        let nothing = Graph::new(&free(2)).node("Relu", &["x"], "y", &[]).file("z");
        fs::write(folder.path().join("short.onnx"), nothing).unwrap();
        refused("--lungs-network", "short.onnx", "the network cannot be run");
        let other = described.replace("hilum.network/1", "hilum.network/2");
        fs::write(folder.path().join("lungs.json"), other).unwrap();
        refused("--lungs-network", "lungs.onnx", "`schema`");
    }
}
