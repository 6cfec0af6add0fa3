//! Stored numbers to CT numbers through a table (Modality LUT Sequence, PS3.3 C.11.1).

use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attributes::{element_numbers, item, primitive, text};

/// A table of the file. Numbers below the first entry take the first, above the last the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    first: i64,
    values: Vec<i32>,
    unit: Option<String>,
}

impl Table {
    /// What a stored number stands for.
    pub(crate) fn at(&self, number: i64) -> i32 {
        let place = (number - self.first).clamp(0, self.values.len() as i64 - 1);
        self.values[place as usize]
    }

    /// Unit of the entries, where the file tells one.
    pub(crate) fn unit(&self) -> Option<String> {
        self.unit.clone()
    }
}

/// The table of a file, if it has one.
///
/// # Errors
///
/// That the table is not what it says.
pub(crate) fn read(object: &InMemDicomObject, signed: bool) -> Result<Option<Table>, String> {
    let Some(item) = item(object, tags::MODALITY_LUT_SEQUENCE) else { return Ok(None) };
    let descriptor = item.get(tags::LUT_DESCRIPTOR).and_then(element_numbers);
    let Some([count, first, bits]) = descriptor.as_deref() else {
        return Err("its Modality LUT does not say what it holds".into());
    };
    // Whatever representation the three numbers are written in, they are words of 16 bits.
    let word = |number: f64| (number as i64 & 0xFFFF) as u16;
    let count = if word(*count) == 0 { 1 << 16 } else { usize::from(word(*count)) };
    let first = if signed { i64::from(word(*first) as i16) } else { i64::from(word(*first)) };
    let mut values = item
        .get(tags::LUT_DATA)
        .and_then(primitive)
        .map(|data| entries(data, count, word(*bits)))
        .unwrap_or_default();
    if values.len() < count {
        return Err(format!("its Modality LUT has {} entries, wanted {count}", values.len()));
    }
    values.truncate(count);
    Ok(Some(Table { first, values, unit: text(item, tags::MODALITY_LUT_TYPE) }))
}

/// Entries as words, or as bytes where two of those share a word.
fn entries(data: &PrimitiveValue, count: usize, bits: u16) -> Vec<i32> {
    let bytes: Vec<u8> = match data {
        PrimitiveValue::I16(numbers) => return numbers.iter().map(|n| i32::from(*n)).collect(),
        PrimitiveValue::U16(words) => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
        PrimitiveValue::U8(bytes) => bytes.to_vec(),
        _ => return Vec::new(),
    };
    if bits <= 8 && bytes.len() < 2 * count {
        return bytes.iter().map(|byte| i32::from(*byte)).collect();
    }
    let word = |pair: &[u8]| i32::from(u16::from_le_bytes([pair[0], pair[1]]));
    bytes.chunks_exact(2).map(word).collect()
}
