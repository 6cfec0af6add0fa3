//! Findings and scenes that several tests look at.
#![allow(dead_code, reason = "each test file uses its own share")]

use hilum_core::{
    Acquisition, Code, Ct, Grid, Hu, LabelMap, Lobe, Lung, Lungs, Measurement, Quality, Site,
    Third, Unit, Volume,
};
use hilum_report::{
    Analysis, Clusters, Findings, Histogram, Parameter, SeriesRole, SeriesUsed, Study, Timing,
};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

/// A measurement without an interval.
pub(crate) fn measurement(key: &'static str, site: Site, value: f64, unit: Unit) -> Measurement {
    Measurement {
        key,
        site,
        value,
        unit,
        concept: Code::new(Code::PRIVATE, "TEST", "a concept"),
        definition: format!("definition of {key}"),
        interval: None,
        interval_meaning: None,
    }
}

/// Small findings with something in every field.
pub(crate) fn findings() -> Findings {
    let both = Site::Whole(Lungs::Both);
    let mut findings = Findings::new(Analysis::Density);
    findings.created = Some("2026-01-02T03:04:05Z".into());
    findings.study = Study {
        patient_name: Some("Doe, Jane".into()),
        date: Some("2026-01-01".into()),
        ..Study::default()
    };
    findings.series = vec![SeriesUsed {
        uid: Some("1.2.3".into()),
        role: SeriesRole::ChestCt,
        source: Some("NRRD".into()),
        acquired: None,
        acquisition: Acquisition {
            modality: Some("CT".into()),
            kvp: Some(120.0),
            gantry_tilt: Some(0.1),
            ..Acquisition::default()
        },
        shape: [3, 5, 7],
        spacing: [2.5, 0.859_375, 0.859_375],
    }];
    findings.quality = vec![
        Quality::info("trachea_air", "air in the trachea reads -983 HU"),
        Quality::warning("slice_thickness", "slices are 2.5 mm thick, wanted 1.5 mm or less"),
    ];
    findings.measurements = vec![
        Measurement {
            interval: Some([4204.16312, 4904.16312]),
            interval_meaning: Some("spread between programs"),
            ..measurement("volume_ml", both, 4554.16312, Unit::Millilitre)
        },
        measurement("laa_950", both, 19.661_953_1, Unit::Percent),
        measurement("laa_950", Site::Whole(Lungs::Right), 17.1, Unit::Percent),
        measurement("perc15_hu", both, -955.0, Unit::Hounsfield),
        measurement("pd15_g_l", both, 45.0, Unit::GramPerLitre),
        measurement("mean_hu", both, -873.814, Unit::Hounsfield),
        measurement("skewness", both, -0.0, Unit::One),
        measurement(
            "laa_950",
            Site::Third(Lungs::Left, Third::Upper),
            0.001_234_567,
            Unit::Percent,
        ),
        measurement("mass_g", Site::Lobe(Lobe::RightMiddle), 61.25, Unit::Gram),
        measurement("haa_700", Site::Rind(Lungs::Both), 31.5, Unit::Percent),
        measurement("trachea_air_hu", Site::Trachea, -983.25, Unit::Hounsfield),
    ];
    findings.parameters = vec![
        Parameter::number("cluster_threshold", "Clusters below", -950.0, Unit::Hounsfield),
        Parameter::text("thirds", "Thirds", "equal volumes"),
        Parameter::flag("vessels", "Vessels counted", true),
    ];
    findings.histograms = vec![Histogram {
        lungs: Lungs::Both,
        first_hu: -1000,
        counts: (0..200).map(|n| 100 - n / 2).collect(),
        below: 2,
        above: 1,
    }];
    findings.clusters = vec![Clusters {
        lungs: Lungs::Both,
        definition: "voxels < -950 HU joined by faces".into(),
        unit: "ml",
        at_least: vec![(0.01, 12), (2.5, 1)],
        exponent: Some(1.375),
    }];
    findings.timing = vec![Timing::new("read", 0.25)];
    findings
}

/// All ways in which array axes can run along patient axes, turned a little so that none is exact.
pub(crate) fn grids(shape_xyz: [usize; 3], spacing_xyz: [f64; 3], turn: f64) -> Vec<Grid> {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let rotation = Rotation3::from_scaled_axis(Vector3::new(0.7, -0.5, 0.6) * turn);
    let mut grids = Vec::new();
    for order in orders {
        for signs in 0..8 {
            let step = |axis: usize| {
                let patient = order[axis];
                let sign = if signs >> axis & 1 == 1 { -1.0 } else { 1.0 };
                rotation * (Vector3::ith(patient, sign * spacing_xyz[patient]))
            };
            let axes = Matrix3::from_columns(&[step(0), step(1), step(2)]);
            let shape = order.map(|patient| shape_xyz[patient]);
            grids.push(Grid::new(shape, Point3::new(-31.0, 17.0, 205.0), axes).unwrap());
        }
    }
    grids
}

/// A CT whose numbers follow the place in the patient.
pub(crate) fn ct(grid: &Grid, hu: impl Fn(Point3<f64>) -> i16) -> Ct {
    Ct::new(Volume::from_fn(grid, |voxel| Hu(hu(grid.centre(voxel)))))
}

/// The middle of a grid.
pub(crate) fn middle(grid: &Grid) -> Point3<f64> {
    grid.point(grid.shape().map(|n| (n as f64 - 1.0) / 2.0))
}

/// Lung everywhere but on the outermost voxels: right lung at smaller x.
pub(crate) fn lungs(grid: &Grid) -> LabelMap<Lung> {
    let (shape, middle) = (grid.shape(), middle(grid));
    let inside = |voxel: [usize; 3]| (0..3).all(|n| voxel[n] > 0 && voxel[n] + 1 < shape[n]);
    let label = |voxel: [usize; 3]| match inside(voxel) {
        false => 0,
        true if grid.centre(voxel).x < middle.x => 1,
        true => 2,
    };
    LabelMap::new(Volume::from_fn(grid, label)).unwrap()
}
