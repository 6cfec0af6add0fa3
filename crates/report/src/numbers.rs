//! Numbers as people read them.

/// A number with so many decimals: true minus sign, thin spaces between thousands, no negative zero.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !zero { "\u{2212}" } else { "" };
    format!("{sign}{grouped}{fraction}")
}

/// A sentence in which numbers below zero have a true minus sign.
pub(crate) fn with_minus(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_minus = |n: usize| {
        let before = n == 0 || matches!(letters[n - 1], ' ' | '(' | '[');
        letters[n] == '-' && before && letters.get(n + 1).is_some_and(char::is_ascii_digit)
    };
    (0..letters.len()).map(|n| if is_minus(n) { '\u{2212}' } else { letters[n] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_as_in_print() {
        assert_eq!(fixed(-873.814, 0), "−874");
        assert_eq!(fixed(4554.16, 0), "4\u{202f}554");
        assert_eq!(fixed(1234567.25, 1), "1\u{202f}234\u{202f}567.2");
        assert_eq!(fixed(-0.04, 1), "0.0");
        assert_eq!(fixed(999.96, 1), "1\u{202f}000.0");
    }

    #[test]
    fn only_numbers_get_a_minus_sign() {
        let text = "air reads -972 HU (wanted -1000), slices 1-3 of a 3-D scan";
        assert_eq!(with_minus(text), "air reads −972 HU (wanted −1000), slices 1-3 of a 3-D scan");
    }
}
