//! Attribute values as plain text and numbers, forgiving about padding and representation.

use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

/// The value as text, several joined with `\`; `None` where it is absent or blank.
pub(crate) fn text(object: &InMemDicomObject, tag: Tag) -> Option<String> {
    object.get(tag).and_then(element_text)
}

pub(crate) fn element_text(element: &InMemElement) -> Option<String> {
    let parts = primitive(element)?.to_multi_str();
    let parts: Vec<&str> = parts.iter().map(|part| trimmed(part)).collect();
    let joined = plain(&parts.join("\\"));
    (!joined.trim_matches('\\').is_empty()).then_some(joined)
}

/// All numbers of an attribute; `None` where any of them cannot be read or is not finite.
pub(crate) fn element_numbers(element: &InMemElement) -> Option<Vec<f64>> {
    let value = primitive(element)?;
    let numbers: Option<Vec<f64>> = match value {
        PrimitiveValue::Str(_) | PrimitiveValue::Strs(_) => {
            value.to_multi_str().iter().map(|part| trimmed(part).parse().ok()).collect()
        }
        PrimitiveValue::Empty => None,
        other => other.to_multi_float64().ok(),
    };
    numbers.filter(|numbers| !numbers.is_empty() && numbers.iter().all(|n| n.is_finite()))
}

/// The first number of an attribute.
pub(crate) fn number(object: &InMemDicomObject, tag: Tag) -> Option<f64> {
    let numbers = element_numbers(object.get(tag)?)?;
    numbers.first().copied()
}

/// A count that fits 16 bits (rows, bits, samples).
pub(crate) fn count(object: &InMemDicomObject, tag: Tag) -> Option<u16> {
    let number = number(object, tag)?;
    (number.fract() == 0.0 && (0.0..=65535.0).contains(&number)).then_some(number as u16)
}

/// The 16 or 32 bits of a value whose sign the file's pixels decide.
pub(crate) fn bits(object: &InMemDicomObject, tag: Tag) -> Option<u32> {
    match primitive(object.get(tag)?)? {
        PrimitiveValue::U8(bytes) if bytes.len() == 2 => {
            Some(u32::from(u16::from_le_bytes([bytes[0], bytes[1]])))
        }
        value => value.to_int::<i64>().ok().map(|number| number as u32),
    }
}

/// The first item of a sequence.
pub(crate) fn item(object: &InMemDicomObject, sequence: Tag) -> Option<&InMemDicomObject> {
    items(object, sequence).first()
}

/// The items of a sequence; none where it is absent.
pub(crate) fn items(object: &InMemDicomObject, sequence: Tag) -> &[InMemDicomObject] {
    object.get(sequence).and_then(|element| element.value().items()).unwrap_or_default()
}

pub(crate) fn primitive(element: &InMemElement) -> Option<&PrimitiveValue> {
    match DataElement::value(element) {
        Value::Primitive(value) => Some(value),
        _ => None,
    }
}

/// What is longer is cut. The standard allows 64 characters for most texts that are read here.
const LONGEST: usize = 1024;

/// Text as it may be shown: what would steer a terminal, or begin a line of its own, is not.
pub(crate) fn plain(text: &str) -> String {
    let shown = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().take(LONGEST).map(shown).collect()
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\0')
}
