//! What a network wants and what it gives, in JSON.

use std::collections::BTreeMap;

use hilum_core::{Lobe, Lung, Region};
use serde::Deserialize;

use crate::Error;

/// The `schema` of every description.
pub const SCHEMA: &str = "hilum.network/1";

/// What a network wants and what it gives.
///
/// ```
/// let text = r#"{
///   "schema": "hilum.network/1",
///   "name": "two lungs at 1.5 mm",
///   "produces": "lungs",
///   "spacing": [1.5, 1.5, 1.5],
///   "patch": [96, 128, 128],
///   "overlap": 0.5,
///   "clip": [-1024, 600],
///   "subtract": -1024,
///   "divide": 1624,
///   "labels": {"1": "right_lung", "2": "left_lung"}
/// }"#;
/// let description = hilum_network::Description::read(text)?;
/// assert_eq!(description.numbers(3)?, [0, 1, 2]);
/// # Ok::<(), hilum_network::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// [`SCHEMA`].
    pub schema: String,
    /// What the report calls the network.
    pub name: String,
    /// What the labels name.
    pub produces: Product,
    /// Step in mm between slices, rows and columns of the input; the CT's own where absent.
    #[serde(default)]
    pub spacing: Option<[f64; 3]>,
    /// How the image is brought to the size of the input.
    #[serde(default)]
    pub fit: Fit,
    /// Slices, rows and columns of the input. One slice makes a network of two dimensions, whose
    /// input is `[1, 1, rows, columns]` in place of `[1, 1, slices, rows, columns]`.
    pub patch: [usize; 3],
    /// Share of a patch that the next one covers again, 0 up to 0.9.
    #[serde(default)]
    pub overlap: f64,
    /// CT numbers in HU to which the image is held.
    pub clip: [f64; 2],
    /// The input is `(HU - subtract) / divide`.
    pub subtract: f64,
    /// See `subtract`.
    pub divide: f64,
    /// Output channel, counted from 0, to the key of a region. Channels without one are background.
    pub labels: BTreeMap<String, String>,
}

/// The key of both lungs in one label.
const BOTH: &str = "both_lungs";

/// What the labels of a network name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// `right_lung`, `left_lung`, `trachea_and_main_bronchi`; or `both_lungs` alone.
    Lungs,
    /// `right_upper_lobe` and its kin.
    Lobes,
}

/// How the image is brought to the size of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// The image is covered by patches at the wanted spacing.
    #[default]
    Tile,
    /// Every slice is stretched to the rows and columns of the patch; `spacing` holds between
    /// slices alone.
    Stretch,
}

impl Description {
    /// Reads and checks a description.
    ///
    /// # Errors
    ///
    /// [`Error::Description`] with the field, what was found and what was wanted.
    pub fn read(json: &str) -> Result<Self, Error> {
        let description: Self =
            serde_json::from_str(json).map_err(|error| Error::Description(error.to_string()))?;
        description.check()?;
        Ok(description)
    }

    fn check(&self) -> Result<(), Error> {
        let [low, high] = self.clip;
        let sizes = self.patch.iter().all(|n| (1..=LONGEST).contains(n));
        let steps = self.spacing.unwrap_or([1.0; 3]);
        require(self.schema == SCHEMA, "schema", &self.schema, SCHEMA)?;
        require(sizes, "patch", self.patch, "three sizes from 1 to 1024")?;
        require(
            self.patch.iter().product::<usize>() <= LARGEST,
            "patch",
            self.patch,
            "at most 64 million voxels",
        )?;
        require(
            steps.iter().all(|mm| (0.1..=20.0).contains(mm)),
            "spacing",
            steps,
            "three steps from 0.1 to 20 mm",
        )?;
        require((0.0..=0.9).contains(&self.overlap), "overlap", self.overlap, "0 to 0.9")?;
        require(low < high && high - low < 1e6, "clip", self.clip, "two rising CT numbers")?;
        require(
            self.divide.is_finite() && self.divide != 0.0 && self.subtract.is_finite(),
            "divide",
            self.divide,
            "a number other than 0",
        )?;
        self.numbers(usize::from(u8::MAX)).map(|_| ())
    }

    /// The label of each of so many output channels, in the numbers that hilum writes.
    ///
    /// # Errors
    ///
    /// [`Error::Description`] if a channel does not exist or a region is not known, or if no
    /// channel names one.
    pub fn numbers(&self, channels: usize) -> Result<Vec<u8>, Error> {
        let mut numbers = vec![0; channels];
        for (channel, key) in &self.labels {
            let place = channel.parse::<usize>().ok().and_then(|n| numbers.get_mut(n));
            let wanted = format!("a channel below {channels}");
            let Some(number) = place else { return refuse("labels", channel, &wanted) };
            let known = self.produces.number(key);
            let Some(label) = known else { return refuse("labels", key, &self.produces.keys()) };
            *number = label;
        }
        let whole = self.labels.values().any(|key| key == BOTH);
        let alone = self.labels.values().all(|key| key == BOTH);
        let keys: Vec<&String> = self.labels.values().collect();
        require(!whole || alone, "labels", keys, "no other region beside `both_lungs`")?;
        require(numbers.iter().any(|n| *n > 0), "labels", "none", "at least one region")?;
        Ok(numbers)
    }
}

/// More voxels along an axis are no patch.
const LONGEST: usize = 1024;

/// More voxels fit no memory, once a network has made its channels of them.
const LARGEST: usize = 64_000_000;

impl Product {
    fn number(self, key: &str) -> Option<u8> {
        match self {
            Self::Lungs if key == BOTH => Some(1),
            Self::Lungs => named::<Lung>(key),
            Self::Lobes => named::<Lobe>(key),
        }
    }

    fn keys(self) -> String {
        let keys: Vec<&str> = match self {
            Self::Lungs => Lung::ALL.iter().map(|lung| lung.key()).chain([BOTH]).collect(),
            Self::Lobes => Lobe::ALL.iter().map(|lobe| lobe.key()).collect(),
        };
        format!("one of {}", keys.join(", "))
    }
}

fn named<R: Region>(key: &str) -> Option<u8> {
    R::ALL.iter().find(|region| region.key() == key).map(|region| region.label())
}

fn require(
    holds: bool,
    field: &str,
    found: impl std::fmt::Debug,
    wanted: &str,
) -> Result<(), Error> {
    if holds { Ok(()) } else { refuse(field, found, wanted) }
}

fn refuse<T>(field: &str, found: impl std::fmt::Debug, wanted: &str) -> Result<T, Error> {
    Err(Error::Description(format!("`{field}` is {found:?}, wanted {wanted}")))
}
