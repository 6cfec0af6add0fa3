//! Patterns on a single slice, where there is no stack.

use hilum_core::{Ct, Grid, Hu, LabelMap, Lung, Mask, Measurement, Quality, Region, Site, Volume};
use hilum_ild::emphysema;
use hilum_ild::{Classified, Facts, PatternOptions, Scene};
use hilum_kernel::par;
use hilum_report::{Analysis, Findings, PictureOptions, Pictures};
use hilum_segment::Thorax;

use crate::hazy::{aired, beside_the_heart};
use crate::slice_bronchi::bronchi;
use crate::slice_patches::{DEEP_PATCH, PATCH, at_the_wall, inner, without_small_patches};
use crate::steps::Steps;
use crate::{Case, Error, IldOptions, Progress, provenance};

/// Equal slices that stand for one, so that methods for stacks have something to stand on.
const COPIES: usize = 16;
/// Least distance of the copies in mm: beyond the thickness at which nets and cysts are looked for, which
/// cannot be told from vessels in a single plane.
const APART: f64 = 3.2;
/// Lung in cm² that a slice must show on either side: a slice through the chest has 50 to 200.
const LEAST: f64 = 15.0;
/// The same on both sides together.
const LEAST_TOGETHER: f64 = 60.0;
/// The middles of both lungs lie farther apart than this in mm, or they are parts of one.
const APART_SIDES: f64 = 60.0;

/// What the study of a slice leaves behind, on the grid of the slice.
#[derive(Clone, Debug)]
pub struct IldSliceStudy {
    /// Everything that the report says.
    pub findings: Findings,
    /// The slice, and the patterns on it.
    pub pictures: Pictures,
    /// The lungs, aerated and anatomical.
    pub thorax: Thorax,
    /// The pattern of every pixel.
    pub classified: Classified,
}

/// Tells ground glass, consolidation and emphysema on one axial slice by density.
///
/// A line in a plane may be a septum or a vessel: reticular pattern and honeycombing are not looked
/// for, lobes and zones are not known, and no category is told.
///
/// Cost: `O(n)` for `n` pixels; about 500 bytes a pixel are held at the peak.
///
/// # Errors
///
/// [`Error::Slice`] if the image is no single axial slice or shows too little lung,
/// [`Error::Segment`] if there is none, [`Error::Ild`] if patterns cannot be told on it.
pub fn ild_slice(
    case: Case,
    options: &IldOptions,
    progress: &dyn Progress,
) -> Result<IldSliceStudy, Error> {
    require_axial(&case.ct)?;
    let mut steps = Steps::new(5, progress);
    let Case { ct, series, study, mut quality, .. } = case;
    let prism = prism(&ct)?;
    let Outlined { found, inner, thorax } =
        steps.step("outlining the lungs", || outlined(&ct, &prism, options))?;
    let within = |labels: &Volume<u8>| within(labels, &ct, &inner);
    let told = steps.step("telling emphysema", || {
        let lung = |label: &u8| *label == Lung::Right.label() || *label == Lung::Left.label();
        let lungs: Mask = par::map(found.anatomical.labels(), lung);
        let model = options.emphysema.as_ref();
        model.map(|model| emphysema::posteriors(&prism, &lungs, model)).transpose()
    })?;
    let solid = steps.step("telling patterns", || {
        let options = PatternOptions { emphysema: told.as_ref() };
        hilum_ild::classify(&Scene::new(&prism, &found.anatomical), &options)
    })?;
    let classified = Classified {
        patterns: LabelMap::new(without_small_patches(
            &within(solid.patterns.labels()),
            &at_the_wall(thorax.anatomical.labels()),
        ))?,
        subtypes: LabelMap::new(within(solid.subtypes.labels()))?,
        confidence: plane(&solid.confidence, &ct),
        quality: [alone()].into_iter().chain(of_the_slice(&solid.quality)).collect(),
    };
    let measurements =
        steps.step("measuring extents", || extents(&classified, &thorax, options))?;
    let shown = PictureOptions::default();
    let pictures = steps.step("drawing pictures", || {
        let maps = (&thorax.lungs, &thorax.anatomical, &classified.patterns);
        Pictures::of_slice(&ct, maps.0, maps.1, maps.2, &shown)
    })?;
    quality.extend(thorax.quality.iter().chain(&classified.quality).cloned());
    let mut findings = Findings::new(Analysis::Ild);
    findings.parameters = provenance::ild_slice_parameters(options);
    findings.study = study;
    findings.series = series;
    findings.quality = quality;
    findings.measurements = measurements;
    findings.timing = steps.into_timing();
    Ok(IldSliceStudy { findings, pictures, thorax, classified })
}

/// Lungs on a slice.
struct Outlined {
    /// On its prism.
    found: Thorax,
    /// What of the slice is looked at.
    inner: Mask,
    /// On the slice, of what is looked at.
    thorax: Thorax,
}

/// Outlines the lungs by their air; where that shows too little lung, once more with hazy lung taken for aerated.
fn outlined(ct: &Ct, prism: &Ct, options: &IldOptions) -> Result<Outlined, Error> {
    look(ct, prism, options).or_else(|first| {
        // Why the slice as it is was not enough is what the caller wants to know.
        match look(ct, &aired(prism), options) {
            Ok(mut second) if beside_the_heart(&second.thorax.anatomical, ct) => {
                second.thorax.quality.push(hazy());
                Ok(second)
            }
            _ => Err(first),
        }
    })
}

fn hazy() -> Quality {
    Quality::warning(
        "lungs_hazy",
        "too little aerated lung was found, so that hazy lung was outlined as if it were aerated: lung as dense as the wall is left out, and shares are those of the rest".to_owned(),
    )
}

/// Outlines the lungs on a prism; bronchi are told by the slice itself.
fn look(ct: &Ct, seen: &Ct, options: &IldOptions) -> Result<Outlined, Error> {
    let segment = hilum_segment::Options { airless_lung: false, ..options.segment };
    let found = hilum_segment::thorax(seen, &segment)?;
    let anatomical = plane(found.anatomical.labels(), ct);
    let bronchi = bronchi(ct, &anatomical);
    let inner = par::zip(&inner(ct, &anatomical), &bronchi, |inner, bronchus| *inner && !bronchus);
    let thorax = Thorax {
        lungs: LabelMap::new(within(found.lungs.labels(), ct, &inner))?,
        anatomical: LabelMap::new(within(found.anatomical.labels(), ct, &inner))?,
        vessels: plane(&found.vessels, ct),
        quality: Vec::new(),
    };
    require_lung(&thorax.anatomical)?;
    Ok(Outlined { found, inner, thorax })
}

/// A map of the prism on the slice, where that is looked at.
fn within(labels: &Volume<u8>, ct: &Ct, inner: &Mask) -> Volume<u8> {
    par::zip(&plane(labels, ct), inner, |label, inner| if *inner { *label } else { 0 })
}

/// Rows about density, which holds on a slice as on its prism; those about its steps and anatomy do not.
fn of_the_slice(rows: &[Quality]) -> impl Iterator<Item = Quality> {
    rows.iter().filter(|row| row.code == "pattern_baseline").cloned()
}

fn alone() -> Quality {
    Quality::refused(
        "pattern_slice",
        format!(
            "one slice, wanted a stack: reticular pattern, honeycombing and dense patches below {PATCH} cm² ({DEEP_PATCH} cm² away from the chest wall) were not looked for, and no category is told; shares are those of this slice"
        ),
    )
}

fn require_axial(ct: &Ct) -> Result<(), Error> {
    let planes = ct.grid().shape()[0];
    if planes != 1 {
        return Err(Error::Slice(format!("{planes} slices, wanted a single one")));
    }
    let along = ct.grid().axes().column(0).normalize();
    if along.z.abs() < 0.9 {
        let angle = along.z.abs().acos().to_degrees();
        return Err(Error::Slice(format!(
            "a slice that is turned by {angle:.0}° from axial, wanted an axial one"
        )));
    }
    Ok(())
}

/// The slice, repeated.
fn prism(ct: &Ct) -> Result<Ct, Error> {
    let grid = ct.grid();
    let [_, rows, columns] = grid.shape();
    let mut axes = *grid.axes();
    let step = grid.spacing()[0].max(APART);
    axes.set_column(0, &(axes.column(0).normalize() * step));
    let deep = Grid::new([COPIES, rows, columns], grid.origin(), axes)?;
    let slice = ct.hu().as_slice();
    let hu: Volume<Hu> = par::map_voxels(&deep, |[_, j, i]| slice[j * columns + i]);
    Ok(Ct::new(hu).with_padding(ct.padding().cloned()))
}

/// The middle of a prism as a volume on the grid of the slice.
fn plane<T: Copy + Send + Sync>(prism: &Volume<T>, ct: &Ct) -> Volume<T> {
    let [planes, rows, columns] = prism.grid().shape();
    let start = planes / 2 * rows * columns;
    let voxels = prism.as_slice();
    par::map_voxels(ct.grid(), |[_, j, i]| voxels[start + j * columns + i])
}

/// Area in cm² of a lung on the slice, and where it lies from right to left in mm.
fn area(lungs: &LabelMap<Lung>, side: Lung) -> (f64, f64) {
    let grid = lungs.grid();
    let [_, rows, columns] = grid.shape();
    let labels = lungs.labels().as_slice();
    let own = (0..rows * columns).filter(|n| labels[*n] == side.label());
    let places = own.map(|n| grid.centre([0, n / columns, n % columns]).x);
    let (count, sum) = places.fold((0.0, 0.0), |(count, sum), x| (count + 1.0, sum + x));
    let [_, height, width] = grid.spacing();
    (count * height * width / 100.0, sum / f64::max(count, 1.0))
}

fn require_lung(lungs: &LabelMap<Lung>) -> Result<(), Error> {
    let [(right, right_x), (left, left_x)] =
        [Lung::Right, Lung::Left].map(|side| area(lungs, side));
    let apart = left_x - right_x;
    if right.min(left) < LEAST || right + left < LEAST_TOGETHER {
        return Err(Error::Slice(format!(
            "a slice with {right:.0} cm² of right and {left:.0} cm² of left lung, wanted {LEAST} cm² of each and {LEAST_TOGETHER} cm² together"
        )));
    }
    if apart < APART_SIDES {
        return Err(Error::Slice(format!(
            "a slice whose lungs have their middles {apart:.0} mm apart, wanted {APART_SIDES} mm: one of the two was not found"
        )));
    }
    Ok(())
}

/// Extents in the lungs of the slice, at any depth and by depth.
fn extents(
    classified: &Classified,
    thorax: &Thorax,
    options: &IldOptions,
) -> Result<Vec<Measurement>, Error> {
    let partition =
        hilum_segment::anatomical_partition(thorax, None, options.thirds, options.rind)?;
    let assessment = hilum_ild::assess(classified, &partition, &Facts::default())?;
    let told = |m: &Measurement| {
        m.key.starts_with("extent_")
            && !UNTOLD.iter().any(|pattern| m.key.contains(pattern))
            && matches!(m.site, Site::Whole(_))
    };
    Ok(assessment.measurements.into_iter().filter(told).collect())
}

/// What is not looked for, and sums that hold it.
const UNTOLD: [&str; 4] = ["reticular", "honeycombing", "fibrosis", "ild"];
