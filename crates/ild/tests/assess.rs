//! Extents against counted voxels, rules against constructed numbers, change against noise.

use hilum_core::{
    Code, EmphysemaSubtype, Grid, LabelMap, Lungs, Measurement, Partition, Site, Third, Unit,
    Volume,
};
use hilum_ild::{
    ATS_2018, Category, Classified, Evidence, Facts, Number, PriorExtent, Quantity, Status,
    Subtype, Verdict, Withholds, assess, categorise, change, staging, subtypes,
};

const BOTH: Site = Site::Whole(Lungs::Both);

/// A block of lung, its lower half part 1, its upper half part 2; a sixth of the lower half reticular.
fn block(spacing: [f64; 3], confidence: u8) -> (Classified, Partition) {
    let grid = Grid::axial([24, 24, 24], spacing).unwrap();
    let lung = |[k, j, i]: [usize; 3]| [k, j, i].iter().all(|n| (2..22).contains(n));
    let parts =
        Volume::from_fn(&grid, |voxel| if lung(voxel) { 1 + u8::from(voxel[0] >= 12) } else { 0 });
    let labels = Volume::from_fn(&grid, |voxel| match voxel {
        voxel if !lung(voxel) => 0,
        [k, _, _] if (4..6).contains(&k) => 3,
        _ => 1,
    });
    let told = labels.map(|label| if *label > 0 { confidence } else { 0 });
    let sites = vec![
        (BOTH, vec![1, 2]),
        (Site::Third(Lungs::Both, Third::Lower), vec![1]),
        (Site::Third(Lungs::Both, Third::Upper), vec![2]),
    ];
    let classified = Classified {
        patterns: LabelMap::new(labels).unwrap(),
        subtypes: LabelMap::<EmphysemaSubtype>::empty(&grid),
        confidence: told,
        quality: Vec::new(),
    };
    (classified, Partition::new(parts, sites, Vec::new()))
}

fn extent(rows: &[Measurement], key: &str, site: Site) -> Measurement {
    rows.iter().find(|m| m.key == key && m.site == site).expect("an extent").clone()
}

#[test]
fn extents_are_counted_shares_and_doubt_widens_them() {
    let (sure, partition) = block([2.0, 2.0, 2.0], 99);
    let found = assess(&sure, &partition, &Facts::default()).unwrap();
    let both = extent(&found.measurements, "extent_reticular_percent", BOTH);
    assert!((both.value - 10.0).abs() < 1e-9, "{}", both.value);
    let lower = Site::Third(Lungs::Both, Third::Lower);
    let lower = extent(&found.measurements, "extent_fibrosis_percent", lower);
    assert!((lower.value - 20.0).abs() < 1e-9, "{}", lower.value);

    let (doubtful, partition) = block([2.0, 2.0, 2.0], 60);
    let wide = assess(&doubtful, &partition, &Facts::default()).unwrap();
    let wide = extent(&wide.measurements, "extent_reticular_percent", BOTH);
    let width = |m: &Measurement| m.interval.map(|[low, high]| high - low).unwrap();
    assert_eq!(wide.value, both.value);
    assert!(width(&wide) > width(&both), "{:?} {:?}", wide.interval, both.interval);
}

#[test]
fn maps_on_another_grid_are_refused() {
    let (classified, _) = block([2.0, 2.0, 2.0], 90);
    let (_, partition) = block([1.0, 2.0, 2.0], 90);
    assert!(assess(&classified, &partition, &Facts::default()).is_err());
}

#[test]
fn thick_slices_withhold_the_category_and_thin_ones_do_not() {
    let withheld = |spacing| {
        let (classified, partition) = block(spacing, 95);
        assess(&classified, &partition, &Facts::default()).unwrap().withheld()
    };
    assert_eq!(withheld([5.0, 1.0, 1.0]), Withholds::Category);
    assert!(withheld([1.0, 1.0, 1.0]) < Withholds::Category);
}

/// Numbers far from every limit: fibrosis at the base, beneath the pleura.
fn fibrosis() -> Evidence {
    [
        (Quantity::Ild, 25.0),
        (Quantity::Fibrosis, 22.0),
        (Quantity::GroundGlass, 2.0),
        (Quantity::Reticular, 16.0),
        (Quantity::Honeycombing, 0.0),
        (Quantity::Consolidation, 0.5),
        (Quantity::Emphysema, 1.0),
        (Quantity::GroundGlassShare, 8.0),
        (Quantity::Basal, 0.7),
        (Quantity::Peripheral, 0.7),
        (Quantity::Sparing, -0.4),
        (Quantity::Asymmetry, 0.1),
        (Quantity::Traction, 0.0),
        (Quantity::Mosaic, 0.0),
    ]
    .into_iter()
    .fold(Evidence::default(), |evidence, (quantity, value)| {
        evidence.with(quantity, Number::exact(value))
    })
}

#[test]
fn every_category_of_the_guideline_is_reached() {
    let honeycombing = fibrosis().with(Quantity::Honeycombing, Number::exact(8.0));
    let traction = fibrosis().with(Quantity::Traction, Number::exact(120.0));
    let glass = fibrosis()
        .with(Quantity::GroundGlass, Number::exact(40.0))
        .with(Quantity::GroundGlassShare, Number::exact(90.0));
    let upper = honeycombing.clone().with(Quantity::Basal, Number::exact(-0.7));
    let little = fibrosis().with(Quantity::Ild, Number::exact(0.5));
    for (evidence, wanted) in [
        (honeycombing, Category::Uip),
        (traction, Category::ProbableUip),
        (fibrosis(), Category::Indeterminate),
        (glass, Category::Alternative),
        (upper, Category::Alternative),
        (little, Category::NoDisease),
    ] {
        let found = categorise(&evidence, &ATS_2018);
        assert_eq!(found.category, Some(wanted), "{:?}", found.criteria);
        let sum: f64 = found.probabilities.iter().map(|row| row.1).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
    }
}

#[test]
fn what_is_not_known_leaves_several_categories_possible() {
    let evidence = fibrosis().without(Quantity::Traction, "no airway tree was followed");
    let found = categorise(&evidence, &ATS_2018);
    assert_eq!(found.category, None);
    assert!(found.possible.contains(&Category::ProbableUip) && found.possible.len() > 1);
    let row = found.criteria.iter().find(|row| row.quantity == Quantity::Traction).unwrap();
    assert_eq!((row.status, row.number), (Status::Unknown, None));
    assert!(row.reason.is_some());
}

#[test]
fn probabilities_of_subtypes_sum_to_one_and_follow_the_findings() {
    let leading = |evidence: &Evidence| {
        let rows = subtypes(evidence, &ATS_2018);
        let sum: f64 = rows.iter().map(|row| row.1).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
        rows.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0
    };
    let uip = fibrosis()
        .with(Quantity::Honeycombing, Number::exact(8.0))
        .with(Quantity::Traction, Number::exact(120.0));
    assert_eq!(leading(&uip), Subtype::Uip);
    let nothing = fibrosis().with(Quantity::Ild, Number::exact(0.3));
    assert_eq!(leading(&nothing), Subtype::NoDisease);
}

#[test]
fn stages_are_cut_at_ten_and_thirty_per_cent_and_the_vital_capacity_decides_between() {
    let stage = |value, fvc| staging(Number::exact(value), fvc).stage.key();
    assert_eq!(stage(5.0, None), "limited");
    assert_eq!(stage(40.0, None), "extensive");
    assert_eq!(stage(25.0, None), "indeterminate");
    assert_eq!([stage(25.0, Some(80.0)), stage(15.0, Some(50.0))], ["limited", "extensive"]);
}

#[test]
fn a_change_within_noise_is_never_progression() {
    let code = Code::new(Code::PRIVATE, "ILDFIBROSIS", "Fibrosis of lung");
    let now = |value: f64, half: f64| Measurement {
        interval: Some([value - half, value + half]),
        ..Measurement::plain("extent_fibrosis_percent", BOTH, value, Unit::Percent, code, "a share")
    };
    let before = PriorExtent {
        key: "extent_fibrosis_percent".into(),
        region: "both_lungs".into(),
        value: 10.0,
        interval: Some([9.0, 11.0]),
    };
    let verdict = |now: Measurement| change(std::slice::from_ref(&before), &[now])[0].verdict;
    assert_eq!(verdict(now(18.0, 1.0)), Verdict::Progression);
    assert_eq!(verdict(now(18.0, 9.0)), Verdict::WithinNoise);
    assert_eq!(verdict(now(14.0, 1.0)), Verdict::More);
    assert_eq!(verdict(now(5.0, 1.0)), Verdict::Less);
}
