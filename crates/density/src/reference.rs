//! Published values to stand beside ours. None of them is a limit of disease.

/// What a published population had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceRange {
    /// Key of the measurement, for both lungs.
    pub key: &'static str,
    /// Whom it was measured on.
    pub population: &'static str,
    /// Number of people, where we know it.
    pub people: Option<u32>,
    /// The value in the middle: mean or median, as `statistic` says.
    pub typical: f64,
    /// Lower and upper bound, as `statistic` says.
    pub range: [f64; 2],
    /// What `typical` and `range` are.
    pub statistic: &'static str,
    /// How it was measured, where that differs from ours.
    pub caution: &'static str,
    /// Source, with a DOI or article number.
    pub source: &'static str,
}

const RANGES: [ReferenceRange; 5] = [
    ReferenceRange {
        key: "laa_950",
        population: "healthy never-smokers, MESA",
        people: Some(854),
        typical: 1.1,
        range: [0.5, 2.5],
        statistic: "median, interquartile range",
        caution: "54 to 93 years old; men 1.2 points higher than women",
        source: "Variation in the percent of emphysema-like lung in a healthy, nonsmoking multiethnic sample. The MESA Lung Study (abstract)",
    },
    ReferenceRange {
        key: "laa_950",
        population: "nonsmokers, COPDGene",
        people: Some(92),
        typical: 2.0,
        range: [0.0, 4.7],
        statistic: "mean, ± 1 standard deviation, held to at least 0",
        caution: "measured as HU <= -950; men 3.6 ± 3.2, women 1.3 ± 2.0",
        source: "PMC3703944",
    },
    ReferenceRange {
        key: "laa_950",
        population: "healthy adults, China",
        people: Some(564),
        typical: 0.19,
        range: [0.03, 0.43],
        statistic: "median, interquartile range",
        caution: "depends on sex, age, height and weight; lung taken as -1000 to -210 HU",
        source: "Cheng et al. (2019), Int J COPD 14:1657-1668, doi:10.2147/COPD.S187596",
    },
    ReferenceRange {
        key: "volume_ml",
        population: "healthy adults, China",
        people: Some(564),
        typical: 4468.0,
        range: [3197.0, 5739.0],
        statistic: "mean, ± 1 standard deviation",
        caution: "depends on sex, height and weight",
        source: "Cheng et al. (2019), Int J COPD 14:1657-1668, doi:10.2147/COPD.S187596",
    },
    ReferenceRange {
        key: "haa_600_250",
        population: "never-smokers",
        people: None,
        typical: 4.3,
        range: [2.7, 17.8],
        statistic: "median, full range",
        caution: "whether the bounds of the band count is not known to us",
        source: "doi:10.1111/resp.13783",
    },
];

/// Published values of healthy people, for a reader to compare with. They hold for both lungs, for
/// the protocol of their study, and do not tell health from disease.
pub fn reference_ranges() -> &'static [ReferenceRange] {
    &RANGES
}
