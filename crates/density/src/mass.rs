//! From CT numbers to g/mL.

/// How the mass of a voxel follows from its CT number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MassModel {
    /// `(HU + 1000) / 1000` g/mL: air weighs nothing, water 1 g/mL. Values below -1000 HU weigh
    /// nothing.
    #[default]
    Linear,
    /// In pieces after Schneider[^schneider], as the Chest Imaging Platform's Python tools do. Values below
    /// -1000 HU weigh what air weighs.
    ///
    /// [^schneider]: Schneider U, Pedroni E, Lomax A (1996), The calibration of CT Hounsfield
    ///     units for radiotherapy treatment planning. Phys Med Biol 41(1):111-124.
    ///     doi:10.1088/0031-9155/41/1/009 (not checked).
    Schneider,
}

impl MassModel {
    /// Density in g/mL at a CT number. O(1).
    pub fn density(self, hu: f64) -> f64 {
        match self {
            Self::Linear => ((hu + 1000.0) / 1000.0).max(0.0),
            Self::Schneider => schneider(hu.max(-1000.0)),
        }
    }

    /// The formula as a definition states it.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Linear => "(HU + 1000)/1000 g/mL, never below 0",
            Self::Schneider => "Schneider's piecewise density, HU held to at least -1000",
        }
    }
}

fn schneider(hu: f64) -> f64 {
    const AIR: f64 = 1.21e-3;
    const FAT: f64 = 0.93;
    if hu < -98.0 {
        AIR + (FAT - AIR) * (hu + 1000.0) / (1000.0 - 98.0)
    } else if hu < 18.0 {
        1.018 + 0.893 * hu / 1000.0
    } else if hu <= 100.0 {
        1.003 + 1.169 * hu / 1000.0
    } else {
        1.017 + 0.592 * hu / 1000.0
    }
}
