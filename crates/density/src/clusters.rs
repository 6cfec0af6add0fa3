//! How low attenuation hangs together.

use hilum_core::{Code, Ct, Lungs, Mask, Measurement, Partition, Quality, Site, Unit};
use hilum_kernel::{Components, Connectivity, par};

use crate::extent::Extent;
use crate::power_law::cumulative;
use crate::{Bound, Error, Options, concept, power_law, regression_exponent};

/// Sizes of the clusters of one lung or both.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterSizes {
    /// One lung or both.
    pub lungs: Lungs,
    /// Rising volumes in mL, each with the number of clusters at least as large.
    pub at_least: Vec<(f64, u64)>,
}

/// What [`clusters`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// Number, largest and exponent for both lungs and each of them.
    pub measurements: Vec<Measurement>,
    /// Why numbers are absent.
    pub quality: Vec<Quality>,
    /// Sizes of the clusters in 3-D, for a picture.
    pub sizes: Vec<ClusterSizes>,
}

/// Fewer clusters than this carry no exponent.
const FEWEST: u64 = 50;

/// Measures clusters of low attenuation: connected voxels below
/// [`Options::cluster_threshold_hu`], in 3-D and, as in the original work[^mishima], in each slice.
///
/// Their sizes follow `N(>= s) ~ s^-D`; a small `D` means that clusters have merged into large
/// ones. `D` depends on threshold, connectivity and voxel size: compare like with like. Clusters
/// do not cross from one lung into the other; those of both lungs are those of either. A lung
/// without voxels is left out, as [`crate::measure`] says in its rows.
/// Tried on synthetic sizes only.
///
/// Cost: `O(n)` for `n` voxels.
///
/// # Errors
///
/// [`Error::Grid`] if the partition lies on another grid than the image.
///
/// [^mishima]: Mishima M et al. (1999), Complexity of terminal airspace geometry assessed by
///     lung computed tomography in normal subjects and patients with chronic obstructive
///     pulmonary disease. PNAS 96(16):8829-8834. doi:10.1073/pnas.96.16.8829.
pub fn clusters(ct: &Ct, partition: &Partition, options: &Options) -> Result<Clusters, Error> {
    ct.require_same(partition.grid(), "the partition of the lungs")?;
    let mut found = Clusters::default();
    let mut both = Sizes::default();
    let mut sides = 0;
    for lungs in [Lungs::Right, Lungs::Left] {
        let Some(numbers) = parts(partition, lungs) else { continue };
        let Some(mask) = low_attenuation(ct, partition, numbers, options) else { continue };
        let sizes = Sizes::of(&mask, options);
        both.solid.extend(&sizes.solid);
        both.flat.extend(&sizes.flat);
        sides += 1;
        report(&mut found, lungs, &sizes, ct, options);
    }
    if sides > 0 {
        report(&mut found, Lungs::Both, &both, ct, options);
    }
    Ok(found)
}

/// Sizes in voxels.
#[derive(Default)]
struct Sizes {
    solid: Vec<u64>,
    flat: Vec<u64>,
}

impl Sizes {
    fn of(mask: &Mask, options: &Options) -> Self {
        let connectivity = options.cluster_connectivity;
        let (solid, flat) = par::join(
            || Components::new(mask, connectivity).sizes().to_vec(),
            || Components::by_slice(mask, connectivity).sizes().to_vec(),
        );
        Self { solid, flat }
    }
}

fn parts(partition: &Partition, lungs: Lungs) -> Option<&[u8]> {
    let site = Site::Whole(lungs);
    partition.sites().iter().find(|(known, _)| *known == site).map(|(_, parts)| parts.as_slice())
}

/// Low attenuation of one lung, on the box around it; `None` where it has no voxel.
fn low_attenuation(
    ct: &Ct,
    partition: &Partition,
    numbers: &[u8],
    options: &Options,
) -> Option<Mask> {
    let mut is_lung = [false; 256];
    for part in numbers {
        is_lung[usize::from(*part)] = true;
    }
    let extent = Extent::of(partition.parts(), &is_lung)?;
    let (parts, hu) = (partition.parts().as_slice(), ct.hu().as_slice());
    let (threshold, inclusive) = (options.cluster_threshold_hu, options.bound == Bound::Inclusive);
    let counts = |n: usize| is_lung[usize::from(parts[n])] && ct.is_measured(hu[n]);
    Some(match ct.exact() {
        None => extent.mask(ct.grid(), |n| {
            (hu[n].0 < threshold || (inclusive && hu[n].0 == threshold)) && counts(n)
        }),
        Some(exact) => {
            let (exact, threshold) = (exact.as_slice(), f32::from(threshold));
            extent.mask(ct.grid(), |n| {
                (exact[n] < threshold || (inclusive && exact[n] == threshold)) && counts(n)
            })
        }
    })
}

fn report(found: &mut Clusters, lungs: Lungs, sizes: &Sizes, ct: &Ct, options: &Options) {
    let voxel_ml = ct.grid().voxel_volume() / 1000.0;
    let site = Site::Whole(lungs);
    let text = Text::of(options);
    let measurement = |key, value, unit, concept: Code, definition: String| {
        Measurement::plain(key, site, value, unit, concept, definition)
    };
    let measurements = &mut found.measurements;
    let count = sizes.solid.len() as f64;
    measurements.push(measurement(
        "lac_count",
        count,
        Unit::Count,
        concept::CLUSTERS,
        text.solid(),
    ));
    if let Some(largest) = sizes.solid.iter().max() {
        let definition = format!("volume of the largest of the {}", text.solid());
        let value = *largest as f64 * voxel_ml;
        let unit = Unit::Millilitre;
        measurements.push(measurement("lac_largest_ml", value, unit, concept::LARGEST, definition));
    }
    let at_least = cumulative(&sizes.solid, 1);
    let at_least = at_least.into_iter().map(|(s, n)| (s as f64 * voxel_ml, n)).collect();
    found.sizes.push(ClusterSizes { lungs, at_least });
    let kinds = [
        (&sizes.solid, text.solid(), ["lac_exponent", "lac_exponent_regression"]),
        (&sizes.flat, text.flat(), ["lac_slice_exponent", "lac_slice_exponent_regression"]),
    ];
    for (sizes, what, keys) in kinds {
        exponents(found, site, sizes, &what, keys, options);
    }
}

/// The exponent by both fits, or a row that says why there is none.
fn exponents(
    found: &mut Clusters,
    site: Site,
    sizes: &[u64],
    what: &str,
    [likeliest, regression]: [&'static str; 2],
    options: &Options,
) {
    let smallest = options.cluster_smallest.max(1);
    let count = sizes.iter().filter(|size| **size >= smallest).count() as u64;
    let law = power_law(sizes, smallest).filter(|law| law.count >= FEWEST);
    let slope = regression_exponent(sizes, smallest).filter(|_| count >= FEWEST);
    let (Some(law), Some(slope)) = (law, slope) else {
        let message = format!(
            "{}: {count} clusters of at least {smallest} voxels ({what}), wanted {FEWEST} of different sizes for `{likeliest}`",
            site.name()
        );
        found.quality.push(Quality::refused("few_clusters", message));
        return;
    };
    let half = 1.96 * law.standard_error;
    let base = format!("D of N(>= s) ~ s^-D over {what} of at least {smallest} voxels");
    let measurement = |key, value, definition: String| {
        Measurement::plain(key, site, value, Unit::One, concept::EXPONENT, definition)
    };
    found.measurements.push(Measurement {
        interval: Some([law.exponent - half, law.exponent + half]),
        interval_meaning: Some(
            "95 % interval of the likelihood fit if clusters were independent (± 1.96 standard errors)",
        ),
        ..measurement(likeliest, law.exponent, format!("{base}, maximum likelihood"))
    });
    let definition = format!("{base}, least squares of ln N over ln s");
    found.measurements.push(measurement(regression, slope, definition));
}

/// The words of a definition.
struct Text {
    threshold: String,
    solid: &'static str,
    flat: &'static str,
}

impl Text {
    fn of(options: &Options) -> Self {
        let sign = if options.bound == Bound::Strict { "<" } else { "<=" };
        let [solid, flat] = match options.cluster_connectivity {
            Connectivity::Faces => ["faces (6)", "edges of pixels (4)"],
            Connectivity::Edges => ["faces and edges (18)", "edges and corners of pixels (8)"],
            Connectivity::Corners => {
                ["faces, edges and corners (26)", "edges and corners of pixels (8)"]
            }
        };
        Self { threshold: format!("{sign} {} HU", options.cluster_threshold_hu), solid, flat }
    }

    fn solid(&self) -> String {
        format!("clusters of voxels {} that share {}", self.threshold, self.solid)
    }

    fn flat(&self) -> String {
        format!("clusters in each slice of voxels {} that share {}", self.threshold, self.flat)
    }
}
