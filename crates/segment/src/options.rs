//! What a caller may choose.

/// How lungs are outlined. The defaults are what the documentation and the tests speak of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Radius in mm of the ball that closes each lung over its vessels and over what lies at its
    /// pleura. Gaps up to twice as wide are closed.
    pub closing_radius: f64,
    /// Whether dense lung (ground glass, fibrosis, consolidation) is looked for. Without it both
    /// maps are the same.
    pub dense_lung: bool,
    /// Whether airless lung is among it, which is told by its place. On a single slice the dome of the diaphragm lies
    /// in the same place.
    pub airless_lung: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { closing_radius: 8.0, dense_lung: true, airless_lung: true }
    }
}
