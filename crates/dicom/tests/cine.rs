//! Runs of X-ray pictures: times, intensities, and refusals.

mod common;
mod run;

use common::{error, look, put};
use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Length, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::{Hint, Intensity, Severity};
use hilum_dicom::{Error, choose_cine};
use run::{Run, close, codes, message};

fn times(run: &Run) -> Vec<f64> {
    run.facts().unwrap().times
}

#[test]
fn the_pointer_decides_between_two_kinds_of_times() {
    let both = |pointed| {
        Run::new().with(|o| {
            put(o, tags::FRAME_TIME, VR::DS, "40");
            put(o, tags::FRAME_TIME_VECTOR, VR::DS, PrimitiveValue::from("0\\33\\34\\66.5"));
            put(o, tags::FRAME_INCREMENT_POINTER, VR::AT, PrimitiveValue::from(pointed));
        })
    };
    close(&times(&both(tags::FRAME_TIME)), &[0.0, 0.04, 0.08, 0.12]);
    close(&times(&both(tags::FRAME_TIME_VECTOR)), &[0.0, 0.033, 0.067, 0.1335]);
}

#[test]
fn without_a_pointer_the_more_exact_time_is_taken() {
    let mut run = Run::new().with(|o| {
        put(o, tags::RECOMMENDED_DISPLAY_FRAME_RATE, VR::IS, "10");
    });
    close(&times(&run), &[0.0, 0.1, 0.2, 0.3]);
    let row = &run.facts().unwrap().quality[0];
    assert_eq!((row.code, row.severity), ("frame_times", Severity::Warning));
    run = run.with(|o| put(o, tags::CINE_RATE, VR::IS, "20"));
    close(&times(&run), &[0.0, 0.05, 0.1, 0.15]);
    run = run.with(|o| put(o, tags::FRAME_TIME, VR::DS, "40"));
    close(&times(&run), &[0.0, 0.04, 0.08, 0.12]);
    assert!(codes(&run.facts().unwrap().quality).contains(&"frame_rate_disagrees"));
    run = run.with(|o| put(o, tags::FRAME_TIME_VECTOR, VR::DS, "5\\33\\34\\66.5"));
    close(&times(&run), &[0.0, 0.033, 0.067, 0.1335]);
}

#[test]
fn times_that_cannot_be_are_passed_over_and_told() {
    for (vector, told) in [
        ("0\\33\\34", "3 increments for 4 frames"),
        ("0\\33\\0\\33", "0 ms before frame 3"),
        ("0\\33\\-5\\33", "-5 ms before frame 3"),
        ("0\\33\\x\\33", "not numbers"),
    ] {
        let run = Run::new().with(|o| {
            put(o, tags::FRAME_TIME_VECTOR, VR::DS, vector);
            put(o, tags::FRAME_TIME, VR::DS, "25");
        });
        let facts = run.facts().unwrap();
        close(&facts.times, &[0.0, 0.025, 0.05, 0.075]);
        let text = message(&facts.quality, "frame_times_passed_over");
        assert_eq!(text, format!("passed over: Frame Time Vector: {told}"));
    }
}

#[test]
fn a_run_without_times_is_refused_with_what_was_found() {
    let run = Run::new().with(|o| put(o, tags::FRAME_TIME, VR::DS, "-33"));
    let refused = error(run.facts());
    assert_eq!(
        refused.to_string(),
        "series [1] is not a cine: no times of frames (Frame Time: -0.033 s between frames), \
         wanted Frame Time Vector, Frame Time or Cine Rate"
    );
    assert!(refused.hint().is_some());
    let refused = error(Run::new().load());
    assert!(refused.to_string().contains("(none)"), "{refused}");
}

/// Intensity of a frame counts for nothing but its place, so the integrals are closed-form.
#[test]
fn linear_values_become_line_integrals_whatever_shows_them() {
    for photometric in ["MONOCHROME2", "MONOCHROME1"] {
        let run = Run::timed().with(|o| {
            put(o, tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LIN");
            put(o, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric);
        });
        let loaded = run.load().unwrap();
        assert_eq!(loaded.cine.intensity(), Intensity::LineIntegral);
        assert_eq!(loaded.cine.shape(), run::SHAPE);
        let brightest = f64::from(run::numbers().into_iter().max().unwrap());
        for (found, stored) in loaded.cine.frames().iter().zip(run::numbers()) {
            let expected = -(f64::from(stored) / brightest).ln();
            assert!((f64::from(*found) - expected).abs() < 1e-6, "{found} {expected}");
        }
        let told = message(&loaded.quality, "line_integrals");
        assert!(told.contains(&format!("I₀ = {brightest}")), "{told}");
    }
}

#[test]
fn a_pixel_without_x_rays_is_half_a_step_and_told() {
    let run = Run::timed().with(|o| {
        put(o, tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LIN");
        // The least stored number becomes 0, with steps of two.
        let least = run::numbers().into_iter().min().unwrap();
        put(o, tags::RESCALE_SLOPE, VR::DS, "2");
        put(o, tags::RESCALE_INTERCEPT, VR::DS, format!("{}", -2 * i32::from(least)));
    });
    let loaded = run.load().unwrap();
    let (least, most) = (run::numbers().into_iter().min(), run::numbers().into_iter().max());
    let brightest = 2.0 * f64::from(most.unwrap() - least.unwrap());
    let darkest = loaded.cine.frames().iter().copied().fold(0.0f32, f32::max);
    assert!((f64::from(darkest) - brightest.ln()).abs() < 1e-5, "{darkest}");
    let told = message(&loaded.quality, "dark_pixels");
    let dark = run::numbers().iter().filter(|n| Some(**n) == least).count();
    assert!(told.starts_with(&format!("{dark} pixels")), "{told}");
}

#[test]
fn values_of_unknown_scale_stay_as_they_are() {
    let sets: [(Option<&str>, Option<i16>, Intensity); 8] = [
        (Some("LIN"), Some(-1), Intensity::Attenuation),
        (Some("LOG"), None, Intensity::Exposure),
        (Some("LOG"), Some(-1), Intensity::Attenuation),
        (Some("DISP"), None, Intensity::Unknown),
        (Some("DISP"), Some(1), Intensity::Exposure),
        (Some("OTHER"), Some(-1), Intensity::Attenuation),
        (None, None, Intensity::Unknown),
        (None, Some(1), Intensity::Exposure),
    ];
    for (relation, sign, expected) in sets {
        let run = Run::timed().with(|o| {
            if let Some(relation) = relation {
                put(o, tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, relation);
            }
            if let Some(sign) = sign {
                put(o, tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN, VR::SS, sign);
            }
        });
        let loaded = run.load().unwrap();
        assert_eq!(loaded.cine.intensity(), expected, "{relation:?} {sign:?}");
        let found: Vec<f32> = loaded.cine.frames().iter().copied().collect();
        let stored: Vec<f32> = run::numbers().into_iter().map(f32::from).collect();
        assert_eq!(found, stored);
        assert!(codes(&loaded.quality).contains(&"raw_values"));
    }
}

/// A table `exp(n / 500)` undoes a logarithm, so that the integral is linear in the number.
#[test]
fn logarithms_with_a_table_to_intensity_become_line_integrals() {
    let numbers = run::numbers();
    let (least, most) = (*numbers.iter().min().unwrap(), *numbers.iter().max().unwrap());
    let table: Vec<u16> = (least..=most)
        .map(|n| (f64::from(n - least) / 500.0).exp().mul_add(40.0, 0.5) as u16)
        .collect();
    let run = Run::timed().with(|o| {
        put(o, tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LOG");
        put_table(o, &[table.len() as u16, least, 16], &table);
    });
    let loaded = run.load().unwrap();
    assert_eq!(loaded.cine.intensity(), Intensity::LineIntegral);
    for (found, stored) in loaded.cine.frames().iter().zip(numbers) {
        let expected = f64::from(most - stored) / 500.0;
        assert!((f64::from(*found) - expected).abs() < 0.02, "{found} {expected}");
    }
    assert!(codes(&loaded.quality).contains(&"intensity_table"));
}

#[test]
fn a_table_that_is_cut_is_refused() {
    let run = Run::timed().with(|o| put_table(o, &[300, 0, 16], &[1, 2, 3]));
    let refused = error(run.load()).to_string();
    assert!(refused.contains("its Modality LUT has 3 entries, wanted 300"), "{refused}");
}

fn put_table(object: &mut common::Object, descriptor: &[u16], values: &[u16]) {
    let item = InMemDicomObject::from_element_iter([
        DataElement::new(tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16(descriptor.into())),
        DataElement::new(tags::LUT_DATA, VR::OW, PrimitiveValue::U16(values.into())),
    ]);
    let items = DataSetSequence::new(vec![item], Length::UNDEFINED);
    object.put(DataElement::new(tags::MODALITY_LUT_SEQUENCE, VR::SQ, items));
}

#[test]
fn a_single_frame_is_no_cine_and_says_so() {
    let run = Run::timed().with(|o| {
        put(o, tags::MODALITY, VR::CS, "RF");
        put(o, tags::NUMBER_OF_FRAMES, VR::IS, "1");
    });
    let refused = error(run.load());
    assert!(matches!(refused, Error::NotCine { .. }));
    assert_eq!(
        refused.to_string(),
        "series [1] is not a cine: a single frame, wanted a run of frames"
    );
}

#[test]
fn a_list_tells_a_cine_from_a_ct() {
    let run = Run::timed();
    let scan = look(run.folder()).unwrap();
    let [series] = scan.series() else { panic!("one series") };
    assert!(series.why_not_cine().is_empty());
    assert_eq!(series.why_not_ct()[0], "modality XA, wanted CT");
    assert_eq!(series.summary().slices, run::SHAPE[0]);
    assert_eq!(series.summary().why_not_cine, Vec::<String>::new());
    let ct = common::exported(&common::rough(&common::axial()));
    let scan = look(&ct).unwrap();
    let [series] = scan.series() else { panic!("one series") };
    assert!(series.why_not_ct().is_empty());
    assert_eq!(series.why_not_cine(), ["modality CT, wanted XA or RF"]);
}

#[test]
fn each_file_of_a_series_is_a_run_of_its_own() {
    let run = Run::timed();
    run.copy_as("second.dcm", |o| {
        put(o, tags::SOP_INSTANCE_UID, VR::UI, "2.25.77");
        put(o, tags::FRAME_TIME, VR::DS, "80");
    });
    let scan = look(run.folder()).unwrap();
    let mut last: Vec<f64> =
        scan.series().iter().map(|series| series.cine_facts().unwrap().times[3]).collect();
    last.sort_by(f64::total_cmp);
    close(&last, &[0.12, 0.24]);
}

#[test]
fn a_run_that_claims_more_than_it_has_is_refused() {
    let run = Run::timed().with(|o| put(o, tags::NUMBER_OF_FRAMES, VR::IS, "5"));
    assert!(matches!(error(run.load()), Error::Truncated { .. }));
    let run = Run::timed().with(|o| {
        put(o, tags::NUMBER_OF_FRAMES, VR::IS, "60000");
        put(o, tags::ROWS, VR::US, 65_535u16);
        put(o, tags::COLUMNS, VR::US, 65_535u16);
    });
    let clock = common::clock::Clock::start();
    assert!(run.load().is_err());
    assert!(clock.time().as_secs() < 5);
}

#[test]
fn the_same_bits_come_on_any_number_of_threads() {
    let run = Run::timed().with(|o| put(o, tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LIN"));
    let load = |threads| hilum_kernel::par::on_threads(threads, || run.load().unwrap());
    let expected = load(1);
    for threads in [2, 3, 7, 16] {
        let found = load(threads);
        assert_eq!(found.cine, expected.cine, "{threads} threads");
        assert_eq!(found.quality, expected.quality, "{threads} threads");
    }
}

#[test]
fn no_word_about_a_run_names_the_patient() {
    let secrets = ["Muster^Erika", "ID-471100", "19560203", "20240229"];
    let run = Run::timed().with(|o| {
        put(o, tags::PATIENT_NAME, VR::PN, secrets[0]);
        put(o, tags::PATIENT_ID, VR::LO, secrets[1]);
        put(o, tags::PATIENT_BIRTH_DATE, VR::DA, secrets[2]);
        put(o, tags::STUDY_DATE, VR::DA, secrets[3]);
    });
    let loaded = run.load().unwrap();
    assert_eq!(loaded.identity.patient_name.as_deref(), Some(secrets[0]));
    assert_eq!(loaded.identity.images.len(), 1);
    let told = format!("{:?} {:?} {:?}", loaded.identity, loaded.acquisition, loaded.quality);
    assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
}

#[test]
fn one_cine_is_chosen_and_several_are_asked_about() {
    let run = Run::timed();
    let mut scan = look(run.folder()).unwrap();
    assert_eq!(choose_cine(&scan, None).unwrap().summary().number, 1);
    assert_eq!(choose_cine(&scan, Some("25.3")).unwrap().summary().number, 1);
    run.copy_as("still.dcm", |o| {
        put(o, tags::SERIES_INSTANCE_UID, VR::UI, "2.25.40");
        put(o, tags::NUMBER_OF_FRAMES, VR::IS, "1");
    });
    scan = look(run.folder()).unwrap();
    let chosen = choose_cine(&scan, None).unwrap();
    assert_eq!(chosen.summary().series_uid, "2.25.3");
    assert!(matches!(error(choose_cine(&scan, Some("5.40"))), Error::NotCine { .. }));
    assert!(matches!(error(choose_cine(&scan, Some("9"))), Error::NoSuchSeries { .. }));
    run.copy_as("second.dcm", |o| put(o, tags::SOP_INSTANCE_UID, VR::UI, "2.25.77"));
    scan = look(run.folder()).unwrap();
    let several = error(choose_cine(&scan, None));
    assert!(several.to_string().starts_with("2 cines found, wanted one: ["), "{several}");
    assert!(several.hint().is_some());
    // Both runs share a UID, so the end of it does not tell; their numbers do.
    assert!(matches!(error(choose_cine(&scan, Some("25.3"))), Error::NoSuchSeries { .. }));
    let ct = common::exported(&common::rough(&common::axial()));
    let none = error(choose_cine(&look(&ct).unwrap(), None)).to_string();
    assert_eq!(none, "no cine inside: found 1 CT series, wanted a run of XA or RF frames");
}
