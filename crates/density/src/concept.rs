//! Codes of what is measured. DICOM's where PS3.16 has one, our own scheme elsewhere.

use hilum_core::Code;

const fn own(value: &'static str, meaning: &'static str) -> Code {
    Code::new(Code::PRIVATE, value, meaning)
}

pub(crate) const VOLUME: Code = Code::new("SCT", "118565006", "Volume");
pub(crate) const MASS: Code = Code::new("SCT", "118538004", "Mass");
pub(crate) const MEAN: Code = Code::new("DCM", "112181", "Mean Attenuation Coefficient");
pub(crate) const MEDIAN: Code = Code::new("DCM", "112182", "Median Attenuation Coefficient");
pub(crate) const SD: Code =
    Code::new("DCM", "112183", "Standard Deviation of Attenuation Coefficient");
pub(crate) const MIN: Code = Code::new("DCM", "112179", "Minimum Attenuation Coefficient");
pub(crate) const MAX: Code = Code::new("DCM", "112180", "Maximum Attenuation Coefficient");
pub(crate) const SKEWNESS: Code = Code::new("DCM", "126051", "Skewness");
pub(crate) const KURTOSIS: Code = Code::new("DCM", "126052", "Kurtosis");
pub(crate) const MODE: Code = own("MODE", "Mode of attenuation");
pub(crate) const AIR: Code = own("AIRVOL", "Air volume of lung");
pub(crate) const TISSUE: Code = own("TISVOL", "Tissue volume of lung");
pub(crate) const VESSELS: Code = own("VESVOL", "Volume of vessels in lung");
pub(crate) const PERCENTILE_10: Code = own("PERC10", "10th percentile of attenuation");
pub(crate) const PERCENTILE_15: Code = own("PERC15", "15th percentile of attenuation");
pub(crate) const PD15: Code = own("PD15", "15th percentile density");
pub(crate) const ADJUSTED_15: Code =
    own("PERC15ADJ", "Volume-adjusted 15th percentile of attenuation");
pub(crate) const ADJUSTED_PD15: Code = own("PD15ADJ", "Volume-adjusted 15th percentile density");
pub(crate) const CLUSTERS: Code = own("LACN", "Number of low-attenuation clusters");
pub(crate) const LARGEST: Code = own("LACMAX", "Largest low-attenuation cluster");
pub(crate) const EXPONENT: Code = own("LACD", "Exponent of low-attenuation cluster sizes");
pub(crate) const TRACHEA: Code = own("TRAIR", "Mean attenuation of air in trachea");
pub(crate) const TRACHEA_SD: Code = own("TRAIRSD", "Deviation of attenuation of air in trachea");

/// Low attenuation below a threshold.
pub(crate) const fn low(value: &'static str) -> Code {
    own(value, "Low attenuation area of lung")
}

/// High attenuation above a threshold or between two.
pub(crate) const fn high(value: &'static str) -> Code {
    own(value, "High attenuation area of lung")
}
