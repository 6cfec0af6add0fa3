//! Quantitative tissue characterisation of one chest CT.

use hilum_core::{Ct, LabelMap, Lobe, Lung, Lungs, Measurement, Quality, Site, Unit, Volume};
use hilum_density::{ClusterSizes, Clusters, Density};
use hilum_report::{Analysis, Findings, PictureOptions, Pictures, SeriesUsed, Study};
use hilum_segment::{ThirdsBy, Thorax};

use crate::anatomy::{Anatomy, AnatomyOptions, STEPS, anatomy};
use crate::steps::Steps;
use crate::{Error, Progress, provenance};

/// What is brought to a study: the CT, and what is known of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The image.
    pub ct: Ct,
    /// The lungs, where somebody has drawn them: 1 right, 2 left, 3 airway, or one number for both.
    pub lungs: Option<Volume<u8>>,
    /// The lobes, where somebody has drawn them, on the grid of the CT.
    pub lobes: Option<LabelMap<Lobe>>,
    /// The CT and whatever else was read, for the record.
    pub series: Vec<SeriesUsed>,
    /// Whose images these are.
    pub study: Study,
    /// What was found while reading.
    pub quality: Vec<Quality>,
}

/// What a caller may choose. The defaults are those of the documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityOptions {
    /// How the lungs are outlined.
    pub segment: hilum_segment::Options,
    /// How airways, vessels and lobes are outlined; `None` leaves them out.
    pub anatomy: Option<AnatomyOptions>,
    /// How density is measured.
    pub density: hilum_density::Options,
    /// How upper, middle and lower third are cut.
    pub thirds: ThirdsBy,
    /// Thickness of the rind in mm.
    pub rind: f64,
}

impl Default for DensityOptions {
    fn default() -> Self {
        Self {
            segment: hilum_segment::Options::default(),
            anatomy: None,
            density: hilum_density::Options::default(),
            thirds: ThirdsBy::Volume,
            rind: 10.0,
        }
    }
}

/// What a study leaves behind.
#[derive(Clone, Debug)]
pub struct DensityStudy {
    /// Everything that the report says.
    pub findings: Findings,
    /// The evidence, drawn.
    pub pictures: Pictures,
    /// The outlines that were measured.
    pub thorax: Thorax,
    /// Airways, vessels and lobes, where they were asked for.
    pub anatomy: Option<Anatomy>,
}

/// Outlines the lungs of a chest CT, or takes those that are given, and measures their density; with
/// [`DensityOptions::anatomy`] airways and vessels as well, and the lobes.
///
/// Cost: `O(n)` for `n` voxels; about ten bytes a voxel are held beside the image at the peak.
///
/// # Errors
///
/// [`Error::Segment`] if there are no lungs or a given mask does not belong to the image.
pub fn density(
    case: Case,
    options: &DensityOptions,
    progress: &dyn Progress,
) -> Result<DensityStudy, Error> {
    let more = if options.anatomy.is_some() { STEPS } else { 0 };
    let mut steps = Steps::new(5 + more, progress);
    let Case { ct, lungs, lobes: drawn, series, study, mut quality } = case;

    let thorax = steps.step("outlining the lungs", || match &lungs {
        Some(drawn) => hilum_segment::given_lungs(&ct, drawn),
        None => hilum_segment::thorax(&ct, &options.segment),
    })?;
    let anatomy = match &options.anatomy {
        Some(options) => Some(anatomy(&ct, &thorax, drawn.as_ref(), options, &mut steps)?),
        None => None,
    };
    let lobes = anatomy.as_ref().map(|anatomy| &anatomy.lobes).or(drawn.as_ref());
    let partition = steps.step("cutting zones", || {
        hilum_segment::partition(&thorax, lobes, options.thirds, options.rind)
    })?;
    let measured = steps
        .step("measuring density", || hilum_density::measure(&ct, &partition, &options.density))?;
    let clusters = steps.step("following clusters", || {
        hilum_density::clusters(&ct, &partition, &options.density)
    })?;
    drop(partition);
    let air = hilum_density::trachea_air(&ct, &thorax.lungs.mask(Lung::Airway))?;
    let pictures = steps.step("drawing pictures", || {
        let shown = picture_options(options);
        let pictures = Pictures::new(&ct, &thorax.lungs, &thorax.anatomical, &shown)?;
        match lobes {
            Some(lobes) => pictures.with_lobes(&ct, &thorax.anatomical, lobes, &shown),
            None => Ok(pictures),
        }
    })?;

    for used in &series {
        quality.extend(hilum_density::check_acquisition(ct.grid(), &used.acquisition));
    }
    quality.extend(thorax.quality.iter().cloned());
    quality.extend(anatomy.iter().flat_map(|anatomy| anatomy.quality.iter().cloned()));
    let mut findings = Findings::new(Analysis::Density);
    findings.parameters = provenance::parameters(options, lungs.is_some(), drawn.is_some());
    findings.study = study;
    findings.series = series;
    findings.quality = quality;
    take(&mut findings, measured, clusters);
    findings.measurements.extend(air.0);
    let more = anatomy.iter().flat_map(|anatomy| anatomy.measurements.iter().cloned());
    findings.measurements.extend(more);
    findings.quality.extend(air.1);
    findings.timing = steps.into_timing();
    Ok(DensityStudy { findings, pictures, thorax, anatomy })
}

fn picture_options(options: &DensityOptions) -> PictureOptions {
    PictureOptions {
        threshold: f64::from(options.density.cluster_threshold_hu),
        inclusive: options.density.bound == hilum_density::Bound::Inclusive,
        ..PictureOptions::default()
    }
}

/// Takes numbers, rows and distributions into the findings.
fn take(findings: &mut Findings, measured: Density, clusters: Clusters) {
    for lungs in Lungs::ALL {
        let of = measured.histograms.iter().find(|(site, _)| *site == Site::Whole(lungs));
        findings.histograms.extend(of.map(|(_, histogram)| plotted(lungs, histogram)));
    }
    findings.measurements.extend(measured.measurements);
    findings.measurements.extend(clusters.measurements);
    findings.quality.extend(measured.quality);
    findings.quality.extend(clusters.quality);
    for sizes in clusters.sizes {
        let row = cluster_row(&findings.measurements, sizes);
        findings.clusters.push(row);
    }
}

/// Sizes of clusters with the definition and exponent that were measured on them.
fn cluster_row(measurements: &[Measurement], sizes: ClusterSizes) -> hilum_report::Clusters {
    let site = Site::Whole(sizes.lungs);
    let of = |key: &str| measurements.iter().find(|m| m.key == key && m.site == site);
    hilum_report::Clusters {
        lungs: sizes.lungs,
        definition: of("lac_count").map(|m| m.definition.clone()).unwrap_or_default(),
        unit: Unit::Millilitre.ucum(),
        at_least: sizes.at_least,
        exponent: of("lac_exponent").map(|m| m.value),
    }
}

/// CT numbers that a plot shows.
const PLOTTED: std::ops::Range<i16> = -1100..301;

fn plotted(lungs: Lungs, values: &hilum_density::Histogram) -> hilum_report::Histogram {
    let (first, end) = (f64::from(PLOTTED.start), f64::from(PLOTTED.end));
    hilum_report::Histogram {
        lungs,
        first_hu: PLOTTED.start,
        counts: values.binned(first, 1.0, PLOTTED.len()),
        below: values.below(first, hilum_density::Bound::Strict),
        above: values.above(end, hilum_density::Bound::Inclusive),
    }
}
