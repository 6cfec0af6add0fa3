//! Coded concepts.

/// A concept of a published vocabulary, so that a number can be understood elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Code {
    /// Coding scheme designator of DICOM (`SCT`, `DCM`, `UCUM`), or `99HILUM` for our own.
    pub scheme: &'static str,
    /// The code itself.
    #[cfg_attr(feature = "serde", serde(rename = "code"))]
    pub value: &'static str,
    /// What the scheme calls it.
    pub meaning: &'static str,
}

impl Code {
    /// Our own scheme, for concepts that no vocabulary has yet (low-attenuation areas, Perc15).
    pub const PRIVATE: &'static str = "99HILUM";

    /// A concept.
    pub const fn new(scheme: &'static str, value: &'static str, meaning: &'static str) -> Self {
        Self { scheme, value, meaning }
    }
}
