//! A table from stored numbers to values.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attributes::element_numbers;

/// Values for the stored numbers from `first` on; those before and behind take the end values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    first: f32,
    values: Vec<f32>,
}

impl Table {
    /// The table of a LUT item.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn read(item: &InMemDicomObject, signed: bool) -> Result<Self, String> {
        let numbers = |tag| item.get(tag).and_then(element_numbers).unwrap_or_default();
        let descriptor = numbers(tags::LUT_DESCRIPTOR);
        let [count, first, _] = descriptor[..] else {
            return Err("a table without description".into());
        };
        // 16 bits cannot say 65536, and not which sign the first number has.
        let count = if count == 0.0 { 65_536.0 } else { count };
        let first = if signed && first > 32_767.0 { first - 65_536.0 } else { first };
        let values: Vec<f32> = numbers(tags::LUT_DATA).iter().map(|v| *v as f32).collect();
        if values.len() as f64 != count {
            return Err(format!("a table of {} entries, wanted {count}", values.len()));
        }
        Ok(Self { first: first as f32, values })
    }

    /// The value of a stored number.
    pub(crate) fn value(&self, stored: f32) -> f32 {
        let last = self.values.len() - 1;
        let place = (stored - self.first).max(0.0) as usize;
        self.values[place.min(last)]
    }
}
