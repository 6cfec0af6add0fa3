//! Interstitial lung disease on one chest CT.

use hilum_core::{
    Acquisition, Ct, LabelMap, Lobe, Lung, Mask, Measurement, Pattern, Quality, Region,
};
use hilum_ild::emphysema::{self, Model, Posteriors};
use hilum_ild::{Assessment, Bronchus, Classified, Facts, PatternOptions, PriorExtent, Scene};
use hilum_kernel::par;
use hilum_report::{Analysis, Earlier, Findings, PictureOptions, Pictures};
use hilum_segment::{Airways, ThirdsBy, Thorax};

use crate::anatomy::{Anatomy, AnatomyOptions, STEPS, anatomy};
use crate::steps::Steps;
use crate::{Case, Error, Progress, classification, provenance};

/// What a caller may choose. The defaults are those of the documentation.
#[derive(Clone, Debug)]
pub struct IldOptions {
    /// How the lungs are outlined.
    pub segment: hilum_segment::Options,
    /// How airways, vessels and lobes are outlined.
    pub anatomy: AnatomyOptions,
    /// How upper, middle and lower third are cut.
    pub thirds: ThirdsBy,
    /// Thickness of the rind in mm.
    pub rind: f64,
    /// Model that tells emphysema; `None` tells it by density alone, without subtypes.
    pub emphysema: Option<Model>,
    /// Forced vital capacity in per cent of predicted, for staging.
    pub fvc_percent: Option<f64>,
    /// An earlier report of the same patient to compare with.
    pub earlier: Option<Earlier>,
}

impl Default for IldOptions {
    fn default() -> Self {
        Self {
            segment: hilum_segment::Options::default(),
            anatomy: AnatomyOptions::default(),
            thirds: ThirdsBy::Volume,
            rind: 10.0,
            emphysema: Some(Model::shipped()),
            fvc_percent: None,
            earlier: None,
        }
    }
}

/// What a study leaves behind.
#[derive(Clone, Debug)]
pub struct IldStudy {
    /// Everything that the report says.
    pub findings: Findings,
    /// The evidence, drawn.
    pub pictures: Pictures,
    /// The lungs, aerated and anatomical.
    pub thorax: Thorax,
    /// Airways, vessels and lobes.
    pub anatomy: Anatomy,
    /// The pattern of every voxel.
    pub classified: Classified,
    /// What the patterns amount to.
    pub assessment: Assessment,
}

/// Tells the pattern of every voxel of the lungs, measures how much of each region has which, and holds
/// the result against the guideline.
///
/// Cost: `O(n)` for `n` voxels; about 30 bytes a voxel of the lungs' box are held beside the image at the
/// peak.
///
/// # Errors
///
/// [`Error::Segment`] if there are no lungs or a given mask does not belong to the image,
/// [`Error::Ild`] if patterns cannot be told on it.
pub fn ild(case: Case, options: &IldOptions, progress: &dyn Progress) -> Result<IldStudy, Error> {
    let mut steps = Steps::new(6 + STEPS, progress);
    let Case { ct, lungs, lobes: drawn, series, study, mut quality } = case;

    let thorax = steps.step("outlining the lungs", || match &lungs {
        Some(drawn) => hilum_segment::given_lungs(&ct, drawn),
        None => hilum_segment::thorax(&ct, &options.segment),
    })?;
    let anatomy = anatomy(&ct, &thorax, drawn.as_ref(), &options.anatomy, &mut steps)?;
    let emphysema =
        steps.step("telling emphysema", || posteriors(&ct, &thorax, options.emphysema.as_ref()))?;
    let classified = steps.step("telling patterns", || {
        hilum_ild::classify(
            &scene(&ct, &thorax, &anatomy),
            &PatternOptions { emphysema: emphysema.as_ref() },
        )
    })?;
    drop(emphysema);
    let partition = steps.step("cutting zones", || {
        let lobes = Some(&anatomy.lobes);
        hilum_segment::anatomical_partition(&thorax, lobes, options.thirds, options.rind)
    })?;

    for used in &series {
        quality.extend(hilum_density::check_acquisition(ct.grid(), &used.acquisition));
    }
    quality.extend(thorax.quality.iter().cloned());
    quality.extend(anatomy.quality.iter().cloned());
    let acquisition = series.first().map(|used| used.acquisition.clone()).unwrap_or_default();
    let facts = facts(&ct, &classified, &anatomy.airways, acquisition, &quality, options);
    let assessment = steps.step("measuring extents", || {
        hilum_ild::assess(&classified, &partition, &facts).map_err(Error::Grid)
    })?;
    drop(partition);
    let pictures =
        steps.step("drawing pictures", || pictures(&ct, &thorax, &anatomy.lobes, &classified))?;

    quality.extend(classified.quality.iter().cloned());
    quality.extend(assessment.quality.iter().cloned());
    let mut findings = Findings::new(Analysis::Ild);
    findings.parameters = provenance::ild_parameters(options, lungs.is_some(), drawn.is_some());
    findings.study = study;
    findings.series = series;
    findings.quality = without_repeats(quality);
    findings.measurements.clone_from(&assessment.measurements);
    findings.measurements.extend(anatomy.measurements.iter().cloned());
    findings.classification =
        Some(classification::classification(&assessment, options.earlier.as_ref()));
    findings.timing = steps.into_timing();
    Ok(IldStudy { findings, pictures, thorax, anatomy, classified, assessment })
}

/// Probabilities of emphysema at sites of the lungs, where there is a model.
fn posteriors(
    ct: &Ct,
    thorax: &Thorax,
    model: Option<&Model>,
) -> Result<Option<Posteriors>, Error> {
    let lung = |label: &u8| *label == Lung::Right.label() || *label == Lung::Left.label();
    let lungs: Mask = par::map(thorax.anatomical.labels(), lung);
    Ok(model.map(|model| emphysema::posteriors(ct, &lungs, model)).transpose()?)
}

fn scene<'a>(ct: &'a Ct, thorax: &'a Thorax, anatomy: &'a Anatomy) -> Scene<'a> {
    Scene {
        vessels: Some(&anatomy.vessels.mask),
        airways: Some(&anatomy.airways.lumen),
        lobes: Some(&anatomy.lobes),
        ..Scene::new(ct, &thorax.anatomical)
    }
}

fn facts(
    ct: &Ct,
    classified: &Classified,
    airways: &Airways,
    acquisition: Acquisition,
    quality: &[Quality],
    options: &IldOptions,
) -> Facts {
    let bronchus = |branch: &hilum_segment::Branch| Bronchus {
        generation: branch.generation,
        centreline: branch.centreline.clone(),
        diameters: branch.diameters.clone(),
    };
    Facts {
        acquisition,
        quality: quality.to_vec(),
        bronchi: airways.tree.branches().iter().map(bronchus).collect(),
        fvc_percent: options.fvc_percent,
        normal_hu: normal_hu(ct, classified),
    }
}

/// Mean CT number of lung without abnormal pattern; `None` if there is none.
fn normal_hu(ct: &Ct, classified: &Classified) -> Option<f64> {
    let [slices, rows, columns] = ct.grid().shape();
    let (hu, labels) = (ct.hu().as_slice(), classified.patterns.labels().as_slice());
    let slice = rows * columns;
    let sums = par::collect(slices, |k| {
        let range = k * slice..(k + 1) * slice;
        let pairs = hu[range.clone()].iter().zip(&labels[range]);
        let normal = pairs.filter(|(_, label)| **label == Pattern::Normal.label());
        normal.fold([0_i64; 2], |[sum, count], (hu, _)| [sum + i64::from(hu.0), count + 1])
    });
    let [sum, count] = sums.iter().fold([0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]);
    (count > 0).then(|| sum as f64 / count as f64)
}

fn pictures(
    ct: &Ct,
    thorax: &Thorax,
    lobes: &LabelMap<Lobe>,
    classified: &Classified,
) -> Result<Pictures, Error> {
    let shown = PictureOptions::default();
    let pictures = Pictures::new(ct, &thorax.lungs, &thorax.anatomical, &shown)?;
    let pictures = pictures.with_lobes(ct, &thorax.anatomical, lobes, &shown)?;
    Ok(pictures.with_patterns(ct, &thorax.anatomical, &classified.patterns, &shown)?)
}

/// Rows that several steps gave stand once.
fn without_repeats(quality: Vec<Quality>) -> Vec<Quality> {
    let mut rows: Vec<Quality> = Vec::with_capacity(quality.len());
    for row in quality {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

/// Extents of an earlier report, as they are compared.
pub(crate) fn prior(earlier: &Earlier) -> Vec<PriorExtent> {
    let extent = |row: &hilum_report::EarlierMeasurement| PriorExtent {
        key: row.key.clone(),
        region: row.region.clone(),
        value: row.value,
        interval: row.interval,
    };
    earlier.measurements.iter().map(extent).collect()
}

/// The numbers that changes are told of: extents in both lungs.
pub(crate) fn whole(measurements: &[Measurement]) -> Vec<Measurement> {
    measurements.iter().filter(|m| m.key.starts_with("extent_")).cloned().collect()
}
