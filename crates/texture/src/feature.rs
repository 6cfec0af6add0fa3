//! What a feature is called, and what it was found to be.

/// A family of features, a chapter of the reference manual each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Shape of the region (HCUG).
    Morphology,
    /// Peaks within a ball of 1 cm³ (9ST6).
    LocalIntensity,
    /// Intensity-based statistics (UHIW).
    Statistics,
    /// Histogram of discretised intensities (ZVCW).
    IntensityHistogram,
    /// Share of the region above each intensity (P88C).
    IntensityVolumeHistogram,
    /// Grey level co-occurrence matrix (LFYI).
    Cooccurrence,
    /// Grey level run length matrix (TP0I).
    RunLength,
    /// Grey level size zone matrix (9SAK).
    SizeZone,
    /// Grey level distance zone matrix (VMDZ).
    DistanceZone,
    /// Neighbourhood grey tone difference matrix (IPET).
    ToneDifference,
    /// Neighbouring grey level dependence matrix (REK0).
    LevelDependence,
}

impl Family {
    /// All, in the order of the manual.
    pub const ALL: [Self; 11] = [
        Self::Morphology,
        Self::LocalIntensity,
        Self::Statistics,
        Self::IntensityHistogram,
        Self::IntensityVolumeHistogram,
        Self::Cooccurrence,
        Self::RunLength,
        Self::SizeZone,
        Self::DistanceZone,
        Self::ToneDifference,
        Self::LevelDependence,
    ];

    /// Permanent identifier of the family in the standard.
    pub fn code(self) -> &'static str {
        match self {
            Self::Morphology => "HCUG",
            Self::LocalIntensity => "9ST6",
            Self::Statistics => "UHIW",
            Self::IntensityHistogram => "ZVCW",
            Self::IntensityVolumeHistogram => "P88C",
            Self::Cooccurrence => "LFYI",
            Self::RunLength => "TP0I",
            Self::SizeZone => "9SAK",
            Self::DistanceZone => "VMDZ",
            Self::ToneDifference => "IPET",
            Self::LevelDependence => "REK0",
        }
    }
}

/// How matrices of several slices and directions become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregation {
    /// One number of the whole region; nothing is brought together.
    Whole,
    /// A number for each slice and direction, averaged (BTW3).
    SlicesAveraged,
    /// Directions merged in each slice, the numbers of the slices averaged (SUJT).
    SlicesMerged,
    /// Slices merged for each direction, the numbers of the directions averaged (JJUI).
    DirectionsMerged,
    /// All slices and directions of the plane in one matrix (ZW7Z).
    PlanesMerged,
    /// A number for each of the 13 directions in space, averaged (ITBB).
    VolumeAveraged,
    /// All 13 directions in space in one matrix (IAZD).
    VolumeMerged,
    /// A matrix without direction for each slice, the numbers averaged (8QNN).
    BySlice,
    /// Matrices without direction of all slices merged (62GR).
    AcrossSlices,
    /// One matrix without direction of the volume (KOBO).
    Volume,
}

impl Aggregation {
    /// Permanent identifier in the standard.
    pub fn code(self) -> &'static str {
        match self {
            Self::Whole => "DHQ4",
            Self::SlicesAveraged => "BTW3",
            Self::SlicesMerged => "SUJT",
            Self::DirectionsMerged => "JJUI",
            Self::PlanesMerged => "ZW7Z",
            Self::VolumeAveraged => "ITBB",
            Self::VolumeMerged => "IAZD",
            Self::BySlice => "8QNN",
            Self::AcrossSlices => "62GR",
            Self::Volume => "KOBO",
        }
    }

    /// What the published tables append to the tag of a feature.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::SlicesAveraged => "_2D_avg",
            Self::SlicesMerged => "_2D_comb",
            Self::DirectionsMerged => "_2_5D_avg",
            Self::PlanesMerged => "_2_5D_comb",
            Self::VolumeAveraged => "_3D_avg",
            Self::VolumeMerged => "_3D_comb",
            Self::BySlice => "_2D",
            Self::AcrossSlices => "_2_5D",
            Self::Volume => "_3D",
        }
    }
}

/// The names of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// In words, as the manual heads its section.
    pub name: &'static str,
    /// In the equations of the manual: `F_cm.joint.max`.
    pub symbol: &'static str,
    /// Permanent identifier: `GYBY`.
    pub code: &'static str,
    /// In the published tables, before [`Aggregation::suffix`]: `cm_joint_max`.
    pub tag: &'static str,
}

impl Definition {
    pub(crate) const fn new(
        name: &'static str,
        symbol: &'static str,
        code: &'static str,
        tag: &'static str,
    ) -> Self {
        Self { name, symbol, code, tag }
    }
}

/// A number, or why there is none.
pub(crate) type Value = Result<f64, &'static str>;

/// One feature of one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Which chapter of the manual it belongs to.
    pub family: Family,
    /// How slices and directions were brought together.
    pub aggregation: Aggregation,
    /// Its names.
    pub definition: Definition,
    /// The number; finite. Lengths are mm, areas mm², volumes mm³, intensities those of the image.
    pub value: Option<f64>,
    /// Why there is no number.
    pub reason: Option<&'static str>,
}

impl Feature {
    /// The name in the published tables: `cm_joint_max_3D_avg`.
    pub fn tag(&self) -> String {
        format!("{}{}", self.definition.tag, self.aggregation.suffix())
    }

    pub(crate) fn new(
        family: Family,
        aggregation: Aggregation,
        definition: Definition,
        value: Value,
    ) -> Self {
        let value = value.and_then(|value| value.is_finite().then_some(value).ok_or(OVERFLOW));
        let (value, reason) = match value {
            Ok(value) => (Some(value), None),
            Err(reason) => (None, Some(reason)),
        };
        Self { family, aggregation, definition, value, reason }
    }
}

/// Lays values beside their definitions.
pub(crate) fn rows(
    family: Family,
    aggregation: Aggregation,
    definitions: &[Definition],
    values: &[Value],
) -> Vec<Feature> {
    assert_eq!(definitions.len(), values.len(), "one value for each definition of {family:?}");
    let pairs = definitions.iter().zip(values);
    pairs.map(|(of, value)| Feature::new(family, aggregation, *of, *value)).collect()
}

/// The average of each feature over matrices that give one; absent where none does.
pub(crate) fn averaged(each: &[Vec<Value>], count: usize) -> Vec<Value> {
    let one = |n: usize| {
        let values: Vec<f64> = each.iter().filter_map(|values| values[n].ok()).collect();
        if values.is_empty() {
            return Err(each.iter().find_map(|values| values[n].err()).unwrap_or(EMPTY));
        }
        Ok(values.iter().sum::<f64>() / values.len() as f64)
    };
    (0..count).map(one).collect()
}

/// The region has no voxel.
pub(crate) const EMPTY: &str = "the region holds no voxel";
/// The arithmetic left the range of numbers.
pub(crate) const OVERFLOW: &str = "the number is too large to be written";
/// What divides is nothing.
pub(crate) const CONSTANT: &str = "all voxels of the region have one value";
