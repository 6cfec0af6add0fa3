//! The choices that numbers depend on.

use hilum_core::Unit;
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// One choice that the numbers of a run depend on, e.g. the threshold of low attenuation.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Stable short name, e.g. `low_attenuation_threshold`.
    pub key: &'static str,
    /// What it is, in a phrase for people.
    pub name: &'static str,
    /// What was chosen.
    pub value: Choice,
}

/// The value of a [`Parameter`].
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// A number with its unit.
    Number(f64, Unit),
    /// A word or a phrase.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

impl Parameter {
    /// A number that was chosen.
    pub fn number(key: &'static str, name: &'static str, value: f64, unit: Unit) -> Self {
        Self { key, name, value: Choice::Number(value, unit) }
    }

    /// A word that was chosen.
    pub fn text(key: &'static str, name: &'static str, value: impl Into<String>) -> Self {
        Self { key, name, value: Choice::Text(value.into()) }
    }

    /// Whether something was chosen.
    pub fn flag(key: &'static str, name: &'static str, value: bool) -> Self {
        Self { key, name, value: Choice::Flag(value) }
    }

    /// Says whether it can be written: words always, numbers if they are finite.
    pub(crate) fn is_finite(&self) -> bool {
        !matches!(self.value, Choice::Number(value, _) if !value.is_finite())
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Parameter", 4)?;
        row.serialize_field("key", self.key)?;
        row.serialize_field("name", self.name)?;
        match &self.value {
            Choice::Number(value, unit) => {
                row.serialize_field("value", value)?;
                row.serialize_field("unit", unit)?;
            }
            Choice::Text(text) => row.serialize_field("value", text)?,
            Choice::Flag(flag) => row.serialize_field("value", flag)?,
        }
        row.end()
    }
}
