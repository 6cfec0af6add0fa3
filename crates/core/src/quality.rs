//! What a reader must know about the numbers beside them.

/// How much a [`Quality`] row weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// The numbers may mislead unless this is taken into account.
    Warning,
    /// A number was withheld for this.
    Refused,
}

/// A finding about the image or the run that bears on the numbers. It is part
/// of the result, neither an error nor a log line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Quality {
    /// Stable short name, e.g. `slice_thickness`.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What was found and what was wanted, with units and without patient identity.
    pub message: String,
}

impl Quality {
    /// A row that is worth knowing.
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Info, message: message.into() }
    }

    /// A row that bears on the numbers.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Warning, message: message.into() }
    }

    /// A row that says why a number is absent.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Refused, message: message.into() }
    }
}
