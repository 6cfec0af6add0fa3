//! Which of several CT volumes is measured when nobody says which.

mod common;

use std::fs;
use std::path::Path;

use common::{change_all, error, files, look, put, rough};
use dicom_core::VR;
use dicom_dictionary_std::tags;
use hilum_core::{Acquisition, Grid, Hint};
use hilum_dicom::{Error, Export, Scan, choose, uid, write_series};
use tempfile::TempDir;

/// A CT as a folder would hold it.
#[derive(Clone)]
struct Ct {
    slices: usize,
    step: f64,
    thickness: f64,
    body: &'static str,
    description: &'static str,
    kernel: &'static str,
    maker: &'static str,
    image_type: &'static str,
    agent: &'static str,
    lossy: bool,
    study: u64,
    patient: &'static str,
}

/// What a thoracic radiologist would take.
const GOOD: Ct = Ct {
    slices: 82,
    step: 2.5,
    thickness: 2.5,
    body: "CHEST",
    description: "Thorax INSP",
    kernel: "B31f",
    maker: "SIEMENS",
    image_type: "ORIGINAL\\PRIMARY\\AXIAL",
    agent: "",
    lossy: false,
    study: 1,
    patient: "P1",
};

fn write(ct: &Ct, seed: u64, folder: &Path) {
    let grid = Grid::axial([ct.slices, 3, 3], [ct.step, 0.7, 0.7]).unwrap();
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let export = Export {
        seed,
        study_uid: Some(uid(ct.study)),
        series_number: seed as u32,
        patient_id: ct.patient.into(),
        acquisition: Acquisition {
            manufacturer: some(ct.maker),
            body_part: some(ct.body),
            description: some(ct.description),
            kernel: some(ct.kernel),
            contrast: some(ct.agent),
            slice_thickness_mm: Some(ct.thickness),
            ..Acquisition::default()
        },
        ..Export::default()
    };
    write_series(&rough(&grid), &export, folder).unwrap();
    change_all(folder, |_, object| {
        put(object, tags::IMAGE_TYPE, VR::CS, ct.image_type);
        if ct.lossy {
            put(object, tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "01");
        }
    });
}

/// A folder with several CTs, the first of them first in the order of names.
fn folder(cts: &[Ct]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (n, ct) in cts.iter().enumerate() {
        write(ct, n as u64 + 1, &folder.path().join(format!("{n}")));
    }
    folder
}

/// Number of the series that is taken.
fn taken(scan: &Scan) -> i64 {
    choose(scan, None).unwrap().summary().series_number.unwrap()
}

#[test]
fn each_criterion_decides_whichever_comes_first() {
    let worse: [(&str, Ct); 14] = [
        ("compressed with loss, not without loss", Ct { lossy: true, ..GOOD }),
        ("with contrast, not without contrast", Ct { agent: "Iomeron", ..GOOD }),
        ("with contrast", Ct { description: "Thorax INSP +C", ..GOOD }),
        ("kernel sharp (B70f), not kernel soft (B31f)", Ct { kernel: "B70f", ..GOOD }),
        ("kernel unknown (K7)", Ct { kernel: "K7", ..GOOD }),
        ("slices 5 mm thick, not slices 2.5 mm thick", Ct { thickness: 5.0, ..GOOD }),
        ("slices 2.6 mm apart, not slices 2.5 mm apart", Ct { step: 2.6, thickness: 2.6, ..GOOD }),
        ("of no breath that is told", Ct { description: "Thorax", ..GOOD }),
        ("in expiration, not in inspiration", Ct { description: "Thorax EXP", ..GOOD }),
        ("derived, not original", Ct { image_type: "DERIVED\\PRIMARY\\AXIAL", ..GOOD }),
        ("an average", Ct { description: "Thorax INSP average", ..GOOD }),
        ("148 mm long, not 202 mm long", Ct { slices: 60, ..GOOD }),
        ("of another part", Ct { body: "ABDOMEN", description: "", ..GOOD }),
        ("81 slices, not 82 slices", Ct { slices: 81, ..GOOD }),
    ];
    let folder = folder(&[GOOD]);
    for (n, (reason, other)) in worse.iter().enumerate() {
        // The other comes first in the order of names every second time.
        let place = folder.path().join(["-", "z"][n % 2]);
        write(other, 9, &place);
        let scan = look(&folder).unwrap();
        fs::remove_dir_all(place).unwrap();
        assert_eq!(taken(&scan), 1, "{reason}");
        let choice = choose(&scan, None).unwrap();
        let [(_, why)] = &choice.passed_over[..] else { panic!("{:?}", choice.passed_over) };
        assert!(why.starts_with(reason), "{why}, wanted {reason}");
    }
}

#[test]
fn the_weightier_criterion_goes_first() {
    // Whole lung before thin slices, thin before soft, soft before free of contrast.
    let short = Ct { slices: 20, ..GOOD };
    let thick = Ct { thickness: 5.0, step: 5.0, slices: 41, ..GOOD };
    let sharp = Ct { kernel: "B70f", ..GOOD };
    let enhanced = Ct { agent: "Iomeron", ..GOOD };
    let scan = look(folder(&[short.clone(), thick.clone(), sharp.clone(), enhanced])).unwrap();
    assert_eq!(taken(&scan), 4);
    assert_eq!(taken(&look(folder(&[short.clone(), thick.clone(), sharp])).unwrap()), 3);
    assert_eq!(taken(&look(folder(&[short, thick])).unwrap()), 2);
}

#[test]
fn a_choice_says_what_it_passed_over() {
    let sharp = Ct { kernel: "B70f", ..GOOD };
    let out = Ct { description: "Thorax EXP", ..GOOD };
    let folder = folder(&[sharp, out, GOOD]);
    let scan = look(&folder).unwrap();
    let row = choose(&scan, None).unwrap().quality().unwrap();
    assert_eq!(row.code, "series_chosen");
    assert_eq!(
        row.message,
        "series [1] taken of 3 CT volumes; passed over: [2] kernel sharp (B70f), not kernel soft (B31f); [3] in expiration, not in inspiration"
    );
    let loaded = choose(&scan, None).unwrap().load(&|_, _| {}).unwrap();
    assert!(loaded.quality.contains(&row));
    // What was asked for is no choice.
    assert_eq!(choose(&scan, Some("2")).unwrap().quality(), None);
    let alone = look(folder.path().join("2")).unwrap();
    assert_eq!(choose(&alone, None).unwrap().quality(), None);
}

#[test]
fn what_nothing_tells_apart_is_refused() {
    let scan = look(folder(&[GOOD, GOOD, Ct { kernel: "B70f", ..GOOD }])).unwrap();
    let error = error(choose(&scan, None));
    let Error::SeveralSeries { series } = &error else { panic!("{error}") };
    assert_eq!(series.len(), 2);
    assert!(error.hint().unwrap().contains("--series"));
}

#[test]
fn studies_and_patients_are_never_mixed() {
    let later = Ct { study: 2, kernel: "B70f", patient: "Secret7", ..GOOD };
    let other = Ct { kernel: "B70f", patient: "Secret8", ..GOOD };
    for second in [later, other] {
        let scan = look(folder(&[GOOD, second])).unwrap();
        let error = error(choose(&scan, None));
        let Error::SeveralStudies { studies } = &error else { panic!("{error}") };
        assert_eq!(studies.len(), 2);
        assert!(error.to_string().contains("with [1]; study …"), "{error}");
        assert!(error.hint().unwrap().contains("--series"));
        assert!(!format!("{error} {error:?} {scan:?}").contains("Secret"));
        assert_eq!(choose(&scan, Some("2")).unwrap().summary().number, 2);
    }
}

#[test]
fn patients_who_share_all_uids_are_kept_apart() {
    let folder = folder(&[GOOD]);
    let twin = folder.path().join("twin");
    fs::create_dir(&twin).unwrap();
    for path in files(folder.path().join("0")) {
        fs::copy(&path, twin.join(path.file_name().unwrap())).unwrap();
    }
    change_all(&twin, |_, object| put(object, tags::PATIENT_ID, VR::LO, "P2"));
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series().len(), 2);
    assert!(matches!(error(choose(&scan, None)), Error::SeveralStudies { .. }));
}

#[test]
fn what_cannot_be_loaded_comes_last() {
    let folder = folder(&[GOOD, Ct { kernel: "B70f", ..GOOD }]);
    fs::remove_file(files(folder.path().join("0")).swap_remove(40)).unwrap();
    let scan = look(&folder).unwrap();
    assert_eq!(taken(&scan), 2);
    let choice = choose(&scan, None).unwrap();
    assert!(choice.passed_over[0].1.starts_with("incomplete, broken or unevenly spaced"));
}
