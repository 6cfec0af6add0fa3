//! Numbers as DICOM writes them.

/// Decimal strings, joined as DICOM joins values.
pub(crate) fn decimals(numbers: &[f64]) -> String {
    let texts: Vec<String> = numbers.iter().map(|n| decimal(*n)).collect();
    texts.join("\\")
}

/// A decimal string: the shortest text that gives the number, or what fits 16 characters.
pub(crate) fn decimal(number: f64) -> String {
    let number = if number == 0.0 { 0.0 } else { number };
    let shortest = number.to_string();
    if shortest.len() <= 16 {
        return shortest;
    }
    let mut fixed = (0..=14).rev().map(|digits| format!("{number:.digits$}"));
    let mut scientific = (0..=10).rev().map(|digits| format!("{number:.digits$e}"));
    let fits = |text: &String| text.len() <= 16;
    let error = |text: &String| (text.parse().unwrap_or(f64::NAN) - number).abs();
    let closest = fixed.find(fits).into_iter().chain(scientific.find(fits));
    closest.min_by(|a, b| error(a).total_cmp(&error(b))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn a_decimal_fits_16_characters_and_stays_close() {
        for number in [0.0, -0.0, 1.0 / 3.0, -1e-9 / 3.0, -400.0 / 7.0, 1e20 / 3.0, 2.5] {
            let text = decimal(number);
            assert!(text.len() <= 16, "{text}");
            let back: f64 = text.parse().unwrap();
            assert!((back - number).abs() <= 1e-8 * number.abs(), "{number} became {text}");
        }
        assert_eq!(decimal(-0.0), "0");
        assert_eq!(decimal(0.859375), "0.859375");
    }
}
