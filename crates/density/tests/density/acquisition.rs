//! Rows about the making of a CT.

use hilum_core::{Acquisition, Ct, Grid, Hu, Quality, Severity, Volume};
use hilum_density::{Options, check_acquisition, measure};
use nalgebra::{Matrix3, Point3};

use crate::support::{Noise, one_lung};

fn grid(step: f64) -> Grid {
    Grid::axial([3, 5, 7], [step, 0.7, 0.7]).unwrap()
}

fn usual() -> Acquisition {
    Acquisition {
        manufacturer: Some("SIEMENS".into()),
        kernel: Some("B31f".into()),
        kvp: Some(120.0),
        slice_thickness_mm: Some(1.0),
        contrast: Some("NONE".into()),
        ..Acquisition::default()
    }
}

fn row<'a>(rows: &'a [Quality], code: &str) -> Option<&'a Quality> {
    rows.iter().find(|row| row.code == code)
}

#[test]
fn a_usual_scan_gives_no_rows() {
    assert_eq!(check_acquisition(&grid(1.0), &usual()), []);
}

#[test]
fn each_departure_is_named_with_what_was_found_and_wanted() {
    let cases: [(Acquisition, f64, &str, Severity, &str); 9] = [
        (
            Acquisition { slice_thickness_mm: Some(2.5), ..usual() },
            2.5,
            "slice_thickness",
            Severity::Warning,
            "2.50 mm",
        ),
        (
            Acquisition { slice_thickness_mm: Some(5.0), ..usual() },
            5.0,
            "slice_thickness",
            Severity::Warning,
            "5.00 mm",
        ),
        (usual(), 10.0, "slice_gap", Severity::Warning, "10.00 mm apart"),
        (usual(), 0.7, "slice_overlap", Severity::Info, "0.70 mm apart"),
        (
            Acquisition { kernel: Some("B70f".into()), ..usual() },
            1.0,
            "kernel",
            Severity::Warning,
            "`B70f` is sharp",
        ),
        (
            Acquisition { kvp: Some(100.0), ..usual() },
            1.0,
            "tube_voltage",
            Severity::Warning,
            "100 kV",
        ),
        (
            Acquisition { contrast: Some("Ultravist".into()), ..usual() },
            1.0,
            "contrast",
            Severity::Warning,
            "`Ultravist`",
        ),
        (
            Acquisition { iterative: Some("ASIR 40".into()), ..usual() },
            1.0,
            "iterative_reconstruction",
            Severity::Info,
            "ASIR 40",
        ),
        (
            Acquisition { kvp: None, kernel: None, ..usual() },
            1.0,
            "acquisition_unknown",
            Severity::Info,
            "reconstruction kernel, tube voltage",
        ),
    ];
    for (acquisition, step, code, severity, part) in cases {
        let rows = check_acquisition(&grid(step), &acquisition);
        let row = row(&rows, code).unwrap_or_else(|| panic!("no row {code}"));
        assert_eq!(row.severity, severity, "{code}");
        assert!(row.message.contains(part), "{}", row.message);
    }
}

#[test]
fn a_tilted_gantry_is_told_and_its_slices_are_measured_along_their_normal() {
    let tilt = 15f64.to_radians();
    let axes = Matrix3::new(0.0, 0.0, 0.7, tilt.sin(), 0.7, 0.0, tilt.cos(), 0.0, 0.0);
    let grid = Grid::new([3, 5, 7], Point3::origin(), axes).unwrap();
    let exact = Acquisition { slice_thickness_mm: Some(tilt.cos()), ..usual() };
    let rows = check_acquisition(&grid, &exact);
    assert_eq!(rows.len(), 1);
    assert!(rows[0].code == "gantry_tilt" && rows[0].message.contains("15.0°"), "{rows:?}");
}

#[test]
fn a_breath_that_was_not_full_is_suspected() {
    // 105 voxels of 0.49 mm³ are no adult's lung.
    let ct = Ct::new(Volume::filled(&grid(1.0), Hu(-850)));
    let found = measure(&ct, &one_lung(ct.grid()), &Options::default()).unwrap();
    assert!(row(&found.quality, "inspiration").unwrap().message.contains("-850 HU"));
    let grid = Grid::axial([20, 20, 20], [10.0, 8.0, 8.0]).unwrap();
    let full = Ct::new(Volume::filled(&grid, Hu(-850)));
    let found = measure(&full, &one_lung(&grid), &Options::default()).unwrap();
    assert_eq!(row(&found.quality, "inspiration"), None);
    let expired = Ct::new(Volume::filled(&grid, Hu(-650)));
    let found = measure(&expired, &one_lung(&grid), &Options::default()).unwrap();
    assert!(row(&found.quality, "inspiration").is_some());
}

#[test]
fn contrast_shows_in_the_vessels_whatever_the_file_says() {
    let grid = Grid::axial([20, 20, 20], [10.0, 8.0, 8.0]).unwrap();
    let mut noise = Noise::new(4);
    let mut rows = |blood: f64| {
        // A tenth of the voxels is blood.
        let hu = Volume::from_fn(&grid, |[k, j, i]| {
            let mean = if (k + j + i) % 10 == 0 { blood } else { -850.0 };
            Hu(noise.gaussian(mean, 30.0).round() as i16)
        });
        measure(&Ct::new(hu), &one_lung(&grid), &Options::default()).unwrap().quality
    };
    let enhanced = rows(250.0);
    assert_eq!(row(&enhanced, "contrast_in_image").unwrap().severity, Severity::Warning);
    assert_eq!(row(&rows(45.0), "contrast_in_image"), None);
}

#[test]
fn numbers_cut_off_below_are_noticed() {
    let grid = Grid::axial([20, 50, 50], [5.0, 3.0, 3.0]).unwrap();
    let mut noise = Noise::new(9);
    let free = Volume::from_fn(&grid, |_| noise.gaussian(-930.0, 45.0).round() as i16);
    let rows = |lowest: i16| {
        let ct = Ct::new(free.map(|hu| Hu((*hu).max(lowest))));
        measure(&ct, &one_lung(&grid), &Options::default()).unwrap().quality
    };
    assert!(row(&rows(-1024), "truncated_hu").unwrap().message.contains("-1024 HU"));
    assert_eq!(row(&rows(i16::MIN), "truncated_hu"), None);
}
