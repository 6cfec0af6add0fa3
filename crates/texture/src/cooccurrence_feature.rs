//! Which features a co-occurrence matrix has.

use crate::Definition;
use crate::cooccurrence::DEFINITIONS;

/// A feature of the grey level co-occurrence matrix, in the order of the published tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CooccurrenceFeature {
    /// Joint maximum (GYBY).
    JointMaximum,
    /// Joint average (60VM).
    JointAverage,
    /// Joint variance (UR99).
    JointVariance,
    /// Joint entropy (TU9B).
    JointEntropy,
    /// Difference average (TF7R).
    DifferenceAverage,
    /// Difference variance (D3YU).
    DifferenceVariance,
    /// Difference entropy (NTRS).
    DifferenceEntropy,
    /// Sum average (ZGXS).
    SumAverage,
    /// Sum variance (OEEB).
    SumVariance,
    /// Sum entropy (P6QZ).
    SumEntropy,
    /// Angular second moment (8ZQL).
    AngularSecondMoment,
    /// Contrast (ACUI).
    Contrast,
    /// Dissimilarity (8S9J).
    Dissimilarity,
    /// Inverse difference (IB1Z).
    InverseDifference,
    /// Normalised inverse difference (NDRX).
    NormalisedInverseDifference,
    /// Inverse difference moment (WF0Z).
    InverseDifferenceMoment,
    /// Normalised inverse difference moment (1QCO).
    NormalisedInverseDifferenceMoment,
    /// Inverse variance (E8JP).
    InverseVariance,
    /// Correlation (NI2N).
    Correlation,
    /// Autocorrelation (QWB0).
    Autocorrelation,
    /// Cluster tendency (DG8W).
    ClusterTendency,
    /// Cluster shade (7NFM).
    ClusterShade,
    /// Cluster prominence (AE86).
    ClusterProminence,
    /// Information correlation 1 (R8DG).
    InformationCorrelation1,
    /// Information correlation 2 (JN9H).
    InformationCorrelation2,
}

impl CooccurrenceFeature {
    /// All 25.
    pub const ALL: [Self; 25] = [
        Self::JointMaximum,
        Self::JointAverage,
        Self::JointVariance,
        Self::JointEntropy,
        Self::DifferenceAverage,
        Self::DifferenceVariance,
        Self::DifferenceEntropy,
        Self::SumAverage,
        Self::SumVariance,
        Self::SumEntropy,
        Self::AngularSecondMoment,
        Self::Contrast,
        Self::Dissimilarity,
        Self::InverseDifference,
        Self::NormalisedInverseDifference,
        Self::InverseDifferenceMoment,
        Self::NormalisedInverseDifferenceMoment,
        Self::InverseVariance,
        Self::Correlation,
        Self::Autocorrelation,
        Self::ClusterTendency,
        Self::ClusterShade,
        Self::ClusterProminence,
        Self::InformationCorrelation1,
        Self::InformationCorrelation2,
    ];

    /// Its names.
    pub fn definition(self) -> Definition {
        DEFINITIONS[self as usize]
    }

    /// Whether it follows from the mean of the differences of pairs, or of their squares.
    pub(crate) fn is_of_moments(self) -> bool {
        matches!(self, Self::Contrast | Self::Dissimilarity | Self::DifferenceAverage)
    }

    /// Whether it follows from the differences of pairs alone.
    pub(crate) fn is_of_differences(self) -> bool {
        matches!(
            self,
            Self::DifferenceAverage
                | Self::DifferenceVariance
                | Self::DifferenceEntropy
                | Self::Contrast
                | Self::Dissimilarity
                | Self::InverseDifference
                | Self::NormalisedInverseDifference
                | Self::InverseDifferenceMoment
                | Self::NormalisedInverseDifferenceMoment
                | Self::InverseVariance
        )
    }
}
