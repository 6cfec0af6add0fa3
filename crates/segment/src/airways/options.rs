//! What a caller may choose.

/// How the airway is followed and measured. The defaults are what the documentation and the tests
/// speak of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AirwayOptions {
    /// Whether walls are measured; diameters always are. Yes unless said.
    pub walls: bool,
}

impl Default for AirwayOptions {
    fn default() -> Self {
        Self { walls: true }
    }
}
