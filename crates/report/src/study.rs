//! Whose images a report speaks of.

use serde::Serialize;

/// Identity of patient, study and order as far as the caller gives them.
///
/// The report prints what is here and guesses nothing. Whoever writes reports
/// that leave the hospital leaves these empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Study {
    /// Patient's name as people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_name: Option<String>,
    /// Patient's identifier (MRN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<String>,
    /// Date of birth, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Sex as the file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Study Instance UID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Accession number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accession: Option<String>,
    /// Date of the study, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What the study calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// Who ordered the analysis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordering_physician: Option<String>,
    /// Identifier of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Why it was ordered, in the words of whoever ordered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indication: Option<String>,
    /// Earlier examination that the physician compares with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<String>,
}
