//! 4D-CT in one series and in many, with labels in tags and in words, true ones and false ones.

mod common;

use std::path::Path;
use std::sync::OnceLock;

use common::{change_all, look, put};
use dicom_core::VR;
use dicom_core::value::{DataSetSequence, Value};
use dicom_core::{DataElement, Length};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::{Acquisition, Ct};
use hilum_dicom::{
    Analysis, Breath, Export, PhaseLabel, Scan, choose, order_by_volume, pairs, phases, uid,
    write_series,
};
use hilum_phantom::Chest;
use tempfile::TempDir;

/// Sizes of the chest at 0, 25, 50 and 75 %: breathed in, half out, out, half in.
const SIZES: [f64; 4] = [1.0, 0.97, 0.94, 0.96];

/// The chest at each size with the volume of its lungs in mL.
fn chests() -> &'static Vec<(Ct, f64)> {
    static CHESTS: OnceLock<Vec<(Ct, f64)>> = OnceLock::new();
    CHESTS.get_or_init(|| {
        let grid = Chest::grid([21.0, 14.0, 13.0]);
        let chest = |scale| {
            let (ct, truth) = Chest { scale, ..Chest::default() }.render(&grid);
            (ct, truth.figures.lungs_ml())
        };
        SIZES.map(chest).into()
    })
}

/// What the phases are to share.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    OneSeries,
    ManySeries,
}

/// Writes the chests as phases, each into a folder of its own.
fn export(layout: Layout, folder: &Path, descriptions: [&str; 4], positions: bool) {
    for (n, (ct, _)) in chests().iter().enumerate() {
        let export = Export {
            seed: n as u64,
            study_uid: Some(uid(1)),
            series_uid: (layout == Layout::OneSeries).then(|| uid(2)),
            frame_of_reference_uid: Some(uid(3)),
            temporal_position: positions.then_some([n as u32 + 1, 4]),
            acquisition: Acquisition {
                description: Some(descriptions[n].into()),
                body_part: Some("CHEST".into()),
                ..Acquisition::default()
            },
            ..Export::default()
        };
        write_series(ct, &export, &folder.join(format!("{n}"))).unwrap();
    }
}

const PERCENT: [&str; 4] = ["4D 0%", "4D 25.0 %", "4D T=50%", "Gated, 75%"];
const SILENT: [&str; 4] = ["4D"; 4];

fn only(scan: &Scan) -> Breath<'_> {
    let mut found = phases(scan);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn labels(breath: &Breath<'_>) -> Vec<String> {
    breath.phases.iter().map(|phase| phase.label.to_string()).collect()
}

/// Loads the phases and compares each with what was written.
fn assert_loads(breath: &Breath<'_>, wanted: [usize; 4]) {
    assert_eq!(breath.why_not, Vec::<String>::new());
    assert_eq!(breath.phases.len(), 4);
    for (phase, n) in breath.phases.iter().zip(wanted) {
        let loaded = phase.series.load(&|_, _| {}).unwrap();
        assert_eq!(loaded.ct.hu().as_slice(), chests()[n].0.hu().as_slice(), "{}", phase.label);
    }
}

#[test]
fn one_series_with_temporal_positions_is_taken_apart() {
    let folder = TempDir::new().unwrap();
    export(Layout::OneSeries, folder.path(), SILENT, true);
    let scan = look(&folder).unwrap();
    let parts: Vec<&str> =
        scan.series().iter().map(|s| s.summary().part.as_deref().unwrap()).collect();
    assert_eq!(
        parts,
        [
            "temporal position 1",
            "temporal position 2",
            "temporal position 3",
            "temporal position 4"
        ]
    );
    let breath = only(&scan);
    assert_eq!(breath.labelled_by, "temporal position");
    assert_eq!(labels(&breath), ["1", "2", "3", "4"]);
    assert_loads(&breath, [0, 1, 2, 3]);
}

#[test]
fn many_series_are_put_together_by_their_descriptions() {
    let folder = TempDir::new().unwrap();
    export(Layout::ManySeries, folder.path(), PERCENT, false);
    let scan = look(&folder).unwrap();
    let breath = only(&scan);
    assert_eq!(breath.labelled_by, "description");
    assert_eq!(labels(&breath), ["0 %", "25 %", "50 %", "75 %"]);
    assert_loads(&breath, [0, 1, 2, 3]);
    assert_eq!(scan.series()[2].summary().phase, Some(PhaseLabel::Percent(50.0)));
    assert!(scan.series().iter().all(|one| scan.why_not(one, Analysis::Motion).is_empty()));
    // Phases are equals: none is taken for density unasked.
    assert!(choose(&scan, None).is_err());
}

#[test]
fn the_even_parts_of_a_phase_with_a_gap_are_no_phases() {
    let folder = TempDir::new().unwrap();
    export(Layout::ManySeries, folder.path(), PERCENT, false);
    let slices = common::files(folder.path().join("1"));
    std::fs::remove_file(&slices[slices.len() / 2]).unwrap();
    let scan = look(&folder).unwrap();
    assert!(scan.series().iter().any(hilum_dicom::Series::is_even_part));
    let breath = only(&scan);
    assert_eq!(labels(&breath), ["0 %", "25 %", "50 %", "75 %"]);
    assert!(breath.phases.iter().all(|phase| !phase.series.is_even_part()));
    assert!(!breath.why_not.is_empty());
}

#[test]
fn nominal_phases_go_before_words_and_comments_before_positions() {
    let folder = TempDir::new().unwrap();
    export(Layout::ManySeries, folder.path(), SILENT, true);
    for n in 0..4 {
        change_all(folder.path().join(format!("{n}")), |_, object| {
            put(object, tags::IMAGE_COMMENTS, VR::LT, format!("EX {}%", 100 - 25 * n));
        });
    }
    let scan = look(&folder).unwrap();
    assert_eq!(only(&scan).labelled_by, "image comment");
    assert_eq!(labels(&only(&scan)), ["100 % out", "75 % out", "50 % out", "25 % out"]);
    for n in 0..4 {
        change_all(folder.path().join(format!("{n}")), |_, object| {
            let mut item = InMemDicomObject::new_empty();
            let percent = f64::from(75 - 25 * n);
            let tag = tags::NOMINAL_PERCENTAGE_OF_RESPIRATORY_PHASE;
            item.put(DataElement::new(
                tag,
                VR::FL,
                dicom_core::PrimitiveValue::from(percent as f32),
            ));
            let nested = |tag, item| {
                let items = DataSetSequence::new(vec![item], Length::UNDEFINED);
                DataElement::new(tag, VR::SQ, Value::from(items))
            };
            let mut group = InMemDicomObject::new_empty();
            group.put(nested(tags::RESPIRATORY_SYNCHRONIZATION_SEQUENCE, item));
            object.put(nested(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, group));
        });
    }
    let scan = look(&folder).unwrap();
    let breath = only(&scan);
    assert_eq!(breath.labelled_by, "nominal respiratory phase");
    assert_loads(&breath, [3, 2, 1, 0]);
}

#[test]
fn trigger_times_tell_stacks_of_one_series_apart() {
    let folder = TempDir::new().unwrap();
    export(Layout::OneSeries, folder.path(), SILENT, false);
    for n in 0..4 {
        change_all(folder.path().join(format!("{n}")), |_, object| {
            put(object, tags::TRIGGER_TIME, VR::DS, (950 * n).to_string());
        });
    }
    let scan = look(&folder).unwrap();
    let breath = only(&scan);
    assert_eq!(breath.labelled_by, "trigger time");
    assert_eq!(labels(&breath), ["0 ms", "950 ms", "1900 ms", "2850 ms"]);
    assert_loads(&breath, [0, 1, 2, 3]);
}

/// A trigger time in each image says nothing about a breath.
#[test]
fn trigger_times_that_run_along_the_slices_leave_a_stack_whole() {
    let folder = TempDir::new().unwrap();
    write_series(&chests()[0].0, &Export::default(), folder.path()).unwrap();
    change_all(&folder, |n, object| put(object, tags::TRIGGER_TIME, VR::DS, n.to_string()));
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series().len(), 1);
    assert!(phases(&scan).is_empty());
}

#[test]
fn phases_whose_slices_lie_between_each_other_are_taken_apart() {
    let folder = TempDir::new().unwrap();
    export(Layout::OneSeries, folder.path(), SILENT, true);
    for n in 0..4 {
        change_all(folder.path().join(format!("{n}")), |_, object| {
            let position = object.element(tags::IMAGE_POSITION_PATIENT).unwrap().to_multi_float64();
            let [x, y, z] = position.unwrap()[..] else { panic!("three numbers") };
            let moved = format!("{x}\\{y}\\{}", z + 2.0 * f64::from(n));
            put(object, tags::IMAGE_POSITION_PATIENT, VR::DS, moved);
        });
    }
    let scan = look(&folder).unwrap();
    let breath = only(&scan);
    assert_eq!(breath.phases.len(), 4);
    assert!(breath.why_not[0].starts_with("phase 2 lies up to 2.00 mm"), "{:?}", breath.why_not);
}

#[test]
fn averages_and_series_without_label_are_set_aside() {
    let folder = TempDir::new().unwrap();
    let names = ["4D 0%", "4D average", "4D 50%", "topogram helper"];
    export(Layout::ManySeries, folder.path(), names, false);
    let scan = look(&folder).unwrap();
    let breath = only(&scan);
    assert_eq!(labels(&breath), ["0 %", "50 %"]);
    let mut aside: Vec<&str> = breath.set_aside.iter().map(|(_, what)| what.as_str()).collect();
    aside.sort_unstable();
    assert_eq!(aside, ["an average", "without a phase that is told"]);
    let average = breath.set_aside.iter().find(|(_, what)| what == "an average").unwrap().0;
    assert_eq!(scan.why_not(average, Analysis::Motion), ["an average, wanted a phase"]);
}

#[test]
fn phases_on_other_grids_and_of_one_name_are_refused() {
    let folder = TempDir::new().unwrap();
    export(Layout::ManySeries, folder.path(), PERCENT, false);
    std::fs::remove_file(folder.path().join("2/0001.dcm")).unwrap();
    change_all(folder.path().join("3"), |_, object| {
        put(object, tags::SERIES_DESCRIPTION, VR::LO, "25%");
    });
    let scan = look(&folder).unwrap();
    let breath = only(&scan);
    assert_eq!(breath.why_not.len(), 2, "{:?}", breath.why_not);
    assert_eq!(breath.why_not[0], "several series are phase 25 %");
    assert!(breath.why_not[1].starts_with("phase 50 % has"), "{:?}", breath.why_not);
    let motion = scan.why_not(breath.phases[0].series, Analysis::Motion);
    assert_eq!(motion, breath.why_not);
}

#[test]
fn other_studies_frames_of_reference_and_kernels_are_no_phases() {
    for tag in [tags::STUDY_INSTANCE_UID, tags::FRAME_OF_REFERENCE_UID, tags::CONVOLUTION_KERNEL] {
        let folder = TempDir::new().unwrap();
        export(Layout::ManySeries, folder.path(), PERCENT, false);
        change_all(folder.path().join("1"), |_, object| {
            let vr = if tag == tags::CONVOLUTION_KERNEL { VR::SH } else { VR::UI };
            put(object, tag, vr, "1.2.3");
        });
        assert_eq!(labels(&only(&look(&folder).unwrap())), ["0 %", "50 %", "75 %"]);
    }
}

#[test]
fn volume_overrules_labels_that_lie() {
    let folder = TempDir::new().unwrap();
    // The phantom is largest at what is called 0, then 50, 25 and 75.
    let lies = ["0%", "50%", "25%", "75%"];
    export(Layout::ManySeries, folder.path(), lies, false);
    let scan = look(&folder).unwrap();
    let breath = only(&scan);
    let volume = |phase: &hilum_dicom::Phase<'_>| {
        let ct = phase.series.load(&|_, _| {}).unwrap().ct;
        let (_, ml) =
            chests().iter().find(|(chest, _)| chest.hu().as_slice() == ct.hu().as_slice()).unwrap();
        *ml
    };
    let volumes: Vec<f64> = breath.phases.iter().map(volume).collect();
    let found = order_by_volume(&volumes);
    assert!(!found.as_labelled, "{volumes:?}");
    assert_eq!(found.order, [0, 2, 3, 1]);
    assert_eq!(found.quality[0].code, "phase_labels");
    // Under their true names they breathe.
    let truth: Vec<f64> = chests().iter().map(|(_, ml)| *ml).collect();
    assert!(order_by_volume(&truth).as_labelled);
}

#[test]
fn held_breaths_are_a_pair_and_no_4d_ct() {
    let folder = TempDir::new().unwrap();
    let names = ["Thorax INSP", "Thorax", "Thorax EXP", "Thorax EXP MIP"];
    export(Layout::ManySeries, folder.path(), names, false);
    let scan = look(&folder).unwrap();
    assert!(phases(&scan).is_empty());
    let found = pairs(&scan);
    let [pair] = &found[..] else { panic!("{found:?}") };
    let name = |one: &hilum_dicom::Series| one.summary().acquisition.description.clone().unwrap();
    assert_eq!([name(pair.inspiration), name(pair.expiration)], ["Thorax INSP", "Thorax EXP"]);
    assert!(scan.why_not(pair.expiration, Analysis::Motion).is_empty());
    assert_eq!(choose(&scan, None).unwrap().series.label(), pair.inspiration.label());
}
